"""Domains: everything a guard can ask about, each as the few values between which guards can tell a difference.

Room for: subjects (facts, kinds of matter, parties, persons), their values, and for which of them a clause holds.
May not enter: guards of several clauses (`satisfying.py`), how a value is told to people (`words.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from engine.language.proof.world import MAIN, World
from engine.model.guards import (
    ActorIs,
    All,
    Any,
    Compare,
    CountHolders,
    CountNamed,
    CountOf,
    EveryMatterIs,
    Guard,
    IsSet,
    MatterIs,
    NamedIs,
    NoMatterOpen,
    OneOf,
    Value,
    clauses,
)
from engine.model.procedure import ACT_DATE, Fact

Kind = Literal["fact", "matter", "parties", "holders", "actor", "named", "assigned"]
Outcomes = tuple[str | None, ...]
Choice = Value | Outcomes | None
"""A value of a subject: of a fact (None: not known), of the matters of a kind, or how many there are."""

SOME = "…"
"""Some text, person or day, where nothing asks which."""

_STEPS = {"whole": Decimal(1), "amount": Decimal("0.01")}


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a clause asks about; *owner* is the kind of matter whose own it is, "" for the case."""

    kind: Kind
    owner: str
    name: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A situation in which one subject has one value, and of anything else nothing is known."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    outcomes: Outcomes = ()
    number: int = 0

    def outcomes_of(self, kind: str) -> Outcomes:
        return self.outcomes

    def parties_of(self, role: str) -> int:
        return self.number

    def actor_is(self, relation: str) -> bool:
        return self.number > 0

    def holders_of(self, relation: str) -> tuple[str, ...]:
        return tuple(str(n) for n in range(self.number))


class Domains:
    """The values of every subject of one world. Exact for comparisons: between two values no guard sees a third."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._constants: dict[Subject, list[Value]] = {}
        self._values: dict[Subject, tuple[Choice, ...]] = {}
        self._alike: dict[Subject, tuple[frozenset[int], ...]] = {}
        self._holding: dict[tuple[Subject, Guard], frozenset[int]] = {}
        for owner, guard in world.guards:
            for clause in clauses(guard):
                self._constants.setdefault(self.subject(clause, owner), []).extend(_constants(clause))

    def subject(self, clause: Guard, owner: str) -> Subject:
        """Return what *clause* of a guard of *owner* asks about."""
        match clause:
            case IsSet(fact=fact) | Compare(fact=fact) | OneOf(fact=fact) | CountNamed(fact=fact):
                return self.fact(owner, fact)
            case MatterIs(kind=kind) | EveryMatterIs(kind=kind) | NoMatterOpen(kind=kind):
                return Subject("matter", MAIN, kind)
            case CountOf(role=role):
                return Subject("parties", MAIN, role)
            case CountHolders(relation=relation):
                return Subject("holders", self.world.relation(owner, relation)[0], relation)
            case ActorIs(relation=relation):
                return Subject("actor", self.world.relation(owner, relation)[0], relation)
            case NamedIs(fact=fact, relation=relation):
                named = self.fact(owner, fact)
                return Subject("named", named.owner, fact, relation)
            case _:
                raise TypeError(f"not a clause: {clause}")

    def fact(self, owner: str, name: str) -> Subject:
        """Return the fact that *owner* calls *name*."""
        return Subject("fact", MAIN if self.world.borrows_fact(owner, name) else owner, name)

    def values(self, subject: Subject) -> tuple[Choice, ...]:
        """Return every value of *subject* that guards can tell apart; the first of a fact is "not known"."""
        if subject not in self._values:
            self._values[subject] = tuple(dict.fromkeys(self._all(subject)))
        return self._values[subject]

    def every(self, subject: Subject) -> frozenset[int]:
        """Return the numbers of all values of *subject*."""
        return frozenset(range(len(self.values(subject))))

    def known(self, subject: Subject) -> frozenset[int]:
        """Return the numbers of the values in which a fact is known."""
        return frozenset(n for n, value in enumerate(self.values(subject)) if value is not None)

    def number(self, subject: Subject, value: Choice) -> frozenset[int]:
        """Return the number of *value*; all known ones where guards do not tell it apart."""
        values = self.values(subject)
        return frozenset({values.index(value)}) if value in values else self.known(subject)

    def holding(self, clause: Guard, owner: str) -> tuple[Subject, frozenset[int]]:
        """Return what *clause* asks about and the numbers of the values for which it holds."""
        subject = self.subject(clause, owner)
        key = (subject, clause)
        if key not in self._holding:
            values = enumerate(self.values(subject))
            self._holding[key] = frozenset(n for n, value in values if clause.holds(_seen(subject, value)))
        return subject, self._holding[key]

    def alike(self, subject: Subject) -> tuple[frozenset[int], ...]:
        """Return the values in groups that no clause of any guard tells apart; "not known" stands alone."""
        if subject not in self._alike:
            asked = [
                self.holding(clause, owner)[1]
                for owner, guard in self.world.guards
                for clause in clauses(guard)
                if self.subject(clause, owner) == subject
            ]
            groups: dict[tuple[bool, ...], set[int]] = {}
            for n in sorted(self.every(subject)):
                groups.setdefault(
                    (self.values(subject)[n] is None, *(n in known for known in asked)), set()
                ).add(n)
            self._alike[subject] = tuple(frozenset(group) for group in groups.values())
        return self._alike[subject]

    def _all(self, subject: Subject) -> Iterable[Choice]:
        constants = self._constants.get(subject, [])
        match subject.kind:
            case "fact":
                return (None, *_fact_values(self.world.fact(subject.owner, subject.name), constants))
            case "matter":
                return self._matter(subject.name)
            case "parties":
                least = 1 if subject.name in self.world.main.parties else 0
                return _counts(constants, least, None)
            case "holders":
                return _counts(constants, 0, self._most_holders(subject))
            case _:
                return (0, 1)

    def _most_holders(self, subject: Subject) -> int | None:
        _, relation = self.world.relation(subject.owner, subject.name)
        if relation is None:
            return None
        chain = self.world.procedure_of(subject.owner).chain
        for level in chain.levels if chain else ():
            if subject.name in (level.state, level.against):
                return level.members
        return None if relation.many or relation.gathers else 1

    def _matter(self, kind: str) -> Iterator[Outcomes]:
        child = self.world.children.get(kind)
        known = sorted(child.outcomes) if child else []
        matter = self.world.kinds.get(kind)
        closed = any(
            kind in m.close for _, p in self.world.members() for moves in p.moves.values() for m in moves
        )
        # What is cancelled at the end can still be asked about by a matter that is kept.
        ended = [*known, "cancelled"] if closed or matter is None or matter.at_end == "cancelled" else known
        yield ()
        yield (None,)
        yield from ((outcome,) for outcome in ended)
        if matter is None or matter.per is not None:
            yield from ((None, outcome) for outcome in ended)
            for outcome in ended:
                yield (outcome, None)
                yield from ((other, outcome) for other in [o for o in ended if o != outcome][:1])


def _constants(clause: Guard) -> tuple[Value, ...]:
    match clause:
        case Compare(value=value):
            return (value,)
        case OneOf(values=values):
            return values
        case CountOf(number=number) | CountHolders(number=number) | CountNamed(number=number):
            return (number,)
        case All() | Any():
            raise TypeError("not a clause")
        case _:
            return ()


def _seen(subject: Subject, value: Choice) -> _Seen:
    match subject.kind:
        case "fact":
            return _Seen() if value is None else _Seen({subject.name: value})  # type: ignore[dict-item]
        case "matter":
            return _Seen(outcomes=value if isinstance(value, tuple) else ())
        case "named":
            # The value says whether they hold the relation, not who they are.
            number = int(bool(value))
            return _Seen({subject.name: "0"}, number=number)
        case _:
            return _Seen(number=value if isinstance(value, int) else 0)


def _fact_values(fact: Fact | None, constants: list[Value]) -> Iterable[Choice]:
    kind = fact.type if fact else _kind_of(constants)
    match kind:
        case "choice":
            return [*fact.choices] if fact else [*dict.fromkeys(constants), SOME]
        case "yes_no":
            return (True, False)
        case "persons" | "cases":
            least, most = (
                (int(b) if b is not None else None for b in (fact.least, fact.most)) if fact else (1, None)
            )
            return (tuple(str(i) for i in range(n)) for n in _counts(constants, max(least or 1, 1), most))
        case "date":
            return _dates(fact, [c for c in constants if isinstance(c, date)])
        case "whole" | "amount":
            return _numbers(fact, kind, [Decimal(str(c)) for c in constants if isinstance(c, int | Decimal)])
        case _:
            return (SOME,)


def _kind_of(constants: list[Value]) -> str:
    """Return how a fact is compared whose type is not known."""
    for kind, types in (("yes_no", bool), ("date", date), ("amount", int | Decimal), ("choice", str)):
        if any(isinstance(constant, types) for constant in constants):
            return kind
    return "text"


def _counts(constants: list[Value], least: int, most: int | None) -> list[int]:
    near = {n + d for n in constants if isinstance(n, int) for d in (-1, 0, 1)} | {least, least + 1}
    near |= {most} if most is not None else set()
    return sorted(n for n in near if n >= least and (most is None or n <= most))


def _numbers(fact: Fact | None, kind: str, constants: list[Decimal]) -> list[Value]:
    step = _STEPS[kind]
    near = {n + d for n in constants for d in (Decimal(0), -step, step)}
    near |= {bound for bound in (fact.least, fact.most) if bound is not None} if fact else set()
    least, most = (fact.least, fact.most) if fact else (None, None)
    fitting = sorted(n for n in near if (least is None or n >= least) and (most is None or n <= most))
    return [int(n) if kind == "whole" and n == n.to_integral_value() else n for n in fitting] or [Decimal(1)]


def _dates(fact: Fact | None, constants: list[date]) -> list[Value]:
    bounds = [
        None if bound in (None, ACT_DATE) else date.fromisoformat(bound or "")
        for bound in ((fact.earliest, fact.latest) if fact else (None, None))
    ]
    near = {day + timedelta(days=d) for day in constants for d in (-1, 0, 1)} | {b for b in bounds if b}
    least, most = bounds
    fitting = sorted(d for d in near if (least is None or d >= least) and (most is None or d <= most))
    return [*fitting] or [SOME]
