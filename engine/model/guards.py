"""Guards: conditions a definition may state about a case, as frozen trees.

Room for: the closed list of clauses, what each reads, and whether it holds.
May not enter: parsing (`engine/language`), attribute access, calls, anything a definition could execute.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

Value = str | int | bool | Decimal | date | tuple[str, ...]
Comparison = Literal["=", "!=", "<", "<=", ">", ">="]


class Situation(Protocol):
    """What a guard may ask of a case: facts, matters, parties and persons; nothing else."""

    @property
    def facts(self) -> Mapping[str, Value]: ...
    def outcomes_of(self, kind: str) -> tuple[str | None, ...]:
        """Return the outcome of each matter of *kind*, latest of each party last; None while it is open."""

    def parties_of(self, role: str) -> int: ...
    def actor_is(self, relation: str) -> bool: ...
    def holders_of(self, relation: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class IsSet:
    """The fact is known."""

    fact: str

    def holds(self, now: Situation) -> bool:
        return self.fact in now.facts


@dataclass(frozen=True, slots=True)
class Compare:
    """The fact stands so to a constant; a fact that is not known never does."""

    fact: str
    is_: Comparison
    value: Value

    def holds(self, now: Situation) -> bool:
        known = now.facts.get(self.fact)
        if known is None:
            return False
        if self.is_ == "=":
            return known == self.value
        if self.is_ == "!=":
            return known != self.value
        if not _ordered(known, self.value):
            return False
        return _COMPARED[self.is_](_number(known), _number(self.value))


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of these choices."""

    fact: str
    values: tuple[str, ...]

    def holds(self, now: Situation) -> bool:
        return now.facts.get(self.fact) in self.values


@dataclass(frozen=True, slots=True)
class MatterIs:
    """The latest matter of this kind has this outcome, or is ``open`` or ``absent``."""

    kind: str
    outcome: str

    def holds(self, now: Situation) -> bool:
        return _matter_state(now.outcomes_of(self.kind)) == self.outcome


@dataclass(frozen=True, slots=True)
class EveryMatterIs:
    """There is a matter of this kind, and each has this outcome (``ended``: any outcome)."""

    kind: str
    outcome: str

    def holds(self, now: Situation) -> bool:
        outcomes = now.outcomes_of(self.kind)
        if self.outcome == "ended":
            return bool(outcomes) and all(outcomes)
        return bool(outcomes) and all(outcome == self.outcome for outcome in outcomes)


@dataclass(frozen=True, slots=True)
class NoMatterOpen:
    """No matter of this kind is open."""

    kind: str

    def holds(self, now: Situation) -> bool:
        return all(now.outcomes_of(self.kind))


@dataclass(frozen=True, slots=True)
class CountOf:
    """So many parties have this role."""

    role: str
    is_: Comparison
    number: int

    def holds(self, now: Situation) -> bool:
        return _counted(now.parties_of(self.role), self.is_, self.number)


@dataclass(frozen=True, slots=True)
class CountHolders:
    """So many persons hold this relation to the case."""

    relation: str
    is_: Comparison
    number: int

    def holds(self, now: Situation) -> bool:
        return _counted(len(now.holders_of(self.relation)), self.is_, self.number)


@dataclass(frozen=True, slots=True)
class CountNamed:
    """The fact names so many persons or cases; a fact that is not known never does."""

    fact: str
    is_: Comparison
    number: int

    def holds(self, now: Situation) -> bool:
        named = now.facts.get(self.fact)
        return isinstance(named, tuple) and _counted(len(named), self.is_, self.number)


@dataclass(frozen=True, slots=True)
class ActorIs:
    """Whoever acts holds this relation to the case."""

    relation: str

    def holds(self, now: Situation) -> bool:
        return now.actor_is(self.relation)


@dataclass(frozen=True, slots=True)
class NamedIs:
    """Everybody whom the fact names holds this relation to the case; a fact that is not known names nobody who does."""

    fact: str
    relation: str

    def holds(self, now: Situation) -> bool:
        named = now.facts.get(self.fact)
        persons = named if isinstance(named, tuple) else (named,)
        return named is not None and all(person in now.holders_of(self.relation) for person in persons)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Guard

    def holds(self, now: Situation) -> bool:
        return not self.part.holds(now)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Guard, ...]

    def holds(self, now: Situation) -> bool:
        # Not `all`: its generator takes longer than most parts.
        for part in self.parts:  # noqa: SIM110
            if not part.holds(now):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Guard, ...]

    def holds(self, now: Situation) -> bool:
        for part in self.parts:  # noqa: SIM110
            if part.holds(now):
                return True
        return False


_COMPARED: Mapping[Comparison, Callable[..., bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

Guard = (
    IsSet | Compare | OneOf | MatterIs | EveryMatterIs | NoMatterOpen
    | CountOf | CountHolders | CountNamed | ActorIs | NamedIs | Not | All | Any
)  # fmt: skip


def clauses(guard: Guard) -> Iterator[Guard]:
    """Yield the simple clauses of *guard*, left to right."""
    if isinstance(guard, Not):
        yield from clauses(guard.part)
    elif isinstance(guard, All | Any):
        for part in guard.parts:
            yield from clauses(part)
    else:
        yield guard


def kinds_in(guard: Guard) -> frozenset[str]:
    """Return the kinds of matter that *guard* asks about."""
    return frozenset(c.kind for c in clauses(guard) if isinstance(c, MatterIs | EveryMatterIs | NoMatterOpen))


def literals(guard: Guard) -> Iterator[Guard]:
    """Yield the parts of *guard* that ``and`` and ``or`` join, left to right, each with its own ``not``."""
    if isinstance(guard, All | Any):
        for part in guard.parts:
            yield from literals(part)
    else:
        yield guard


def failed_clause(guard: Guard, now: Situation) -> Guard | None:
    """Return the first part that keeps *guard* from holding, or None when it holds."""
    if guard.holds(now):
        return None
    if isinstance(guard, All):
        return next(found for part in guard.parts if (found := failed_clause(part, now)))
    return guard


def facts_read(guard: Guard) -> Collection[str]:
    """Return the names of the facts *guard* looks at."""
    return {c.fact for c in clauses(guard) if isinstance(c, IsSet | Compare | OneOf | CountNamed | NamedIs)}


def _matter_state(outcomes: tuple[str | None, ...]) -> str:
    if not outcomes:
        return "absent"
    return outcomes[-1] or "open"


def _counted(n: int, is_: Comparison, number: int) -> bool:
    return _COMPARED[is_](n, number)


def _ordered(left: Value, right: Value) -> bool:
    numbers = (int, Decimal)
    return isinstance(left, date) == isinstance(right, date) and (
        isinstance(left, date) or (isinstance(left, numbers) and isinstance(right, numbers))
    )


def _number(value: Value) -> Decimal:
    return Decimal(value.toordinal()) if isinstance(value, date) else Decimal(str(value))
