"""Satisfying: whether guards can hold together, decided by looking for values of everything they ask about.

Room for: the search through the clauses of guards, what follows from a clause beyond itself, and its bound.
May not enter: which values there are (`domains.py`), what it means that guards can or cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.language.proof.domains import Domains, Subject
from engine.model.guards import All, Any, Guard, Not, clauses

Held = Mapping[Subject, frozenset[int]]
"""What is known: the numbers of the values that each subject may have; of one that is missing, all."""

Goal = tuple[Guard, bool]
"""A guard, and whether it is to hold or not."""

MOST_STEPS = 20_000


class TooWide(Exception):
    """The guards have more cases than are looked through."""


def solutions(domains: Domains, owner: str, goals: tuple[Goal, ...], held: Held) -> Iterator[Held]:
    """Yield what must be known for all *goals* of *owner* to be met, one answer for each way to meet them.

    An answer speaks of what the goals ask about, and of what follows from that. Every way within *held* is found; none is yielded where they cannot be met. Raises TooWide.
    """
    about = _concerned(domains, subjects_of(domains, owner, *(guard for guard, _ in goals)))
    search = _Search(domains, owner)
    for found in search.meet(goals, {subject: held[subject] for subject in about if subject in held}):
        if (consistent := _consistent(domains, found)) is not None:
            yield consistent


def example(domains: Domains, owner: str, goals: tuple[Goal, ...], held: Held) -> Held | None:
    """Return one answer of `solutions`, or None where the goals cannot be met together."""
    return next(solutions(domains, owner, goals, held), None)


def subjects_of(domains: Domains, owner: str, *guards: Guard | None) -> frozenset[Subject]:
    """Return everything that *guards* of *owner* ask about."""
    return frozenset(domains.subject(c, owner) for guard in guards if guard for c in clauses(guard))


class _Search:
    def __init__(self, domains: Domains, owner: str) -> None:
        self.domains = domains
        self.owner = owner
        self.steps = 0

    def meet(self, goals: tuple[Goal, ...], held: Held) -> Iterator[Held]:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooWide
        if not goals:
            yield held
            return
        (guard, wanted), *rest = goals
        match guard:
            case Not(part):
                yield from self.meet(((part, not wanted), *rest), held)
            case All(parts) | Any(parts) if isinstance(guard, All) == wanted:
                yield from self.meet((*((part, wanted) for part in parts), *rest), held)
            case All(parts) | Any(parts):
                about = {self.domains.subject(clause, self.owner) for clause in clauses(guard)}
                if len(about) == 1:
                    yield from self._narrowed(about.pop(), self._values(guard, wanted), tuple(rest), held)
                    return
                for part in parts:
                    yield from self.meet(((part, wanted), *rest), held)
            case _:
                subject, known = self.domains.holding(guard, self.owner)
                known = known if wanted else self.domains.every(subject) - known
                yield from self._narrowed(subject, known, tuple(rest), held)

    def _narrowed(
        self, subject: Subject, known: frozenset[int], rest: tuple[Goal, ...], held: Held
    ) -> Iterator[Held]:
        both = held[subject] & known if subject in held else known
        if both:
            yield from self.meet(rest, {**held, subject: both})

    def _values(self, guard: Guard, wanted: bool) -> frozenset[int]:
        """Return the values of the one subject of *guard* for which it holds, or does not."""
        match guard:
            case Not(part):
                return self._values(part, not wanted)
            case All(parts) | Any(parts):
                each = [self._values(part, wanted) for part in parts]
                if isinstance(guard, All) == wanted:
                    return frozenset.intersection(*each)
                return frozenset.union(*each)
            case _:
                subject, known = self.domains.holding(guard, self.owner)
                return known if wanted else self.domains.every(subject) - known


def _concerned(domains: Domains, asked: Iterable[Subject]) -> frozenset[Subject]:
    """Return *asked* with what a clause about a person says beside itself."""
    found = {*asked}
    for subject in asked:
        found |= {*_implied(domains, subject)} if subject.kind in ("actor", "named") else set()
    return frozenset(found)


def _implied(domains: Domains, subject: Subject) -> tuple[Subject, ...]:
    """Return what there must be some of where *subject*, about a person, holds."""
    relation = subject.name if subject.kind == "actor" else subject.other
    holders = Subject("holders", domains.world.relation(subject.owner, relation)[0], relation)
    return (holders, Subject("fact", subject.owner, subject.name)) if subject.kind == "named" else (holders,)


def _consistent(domains: Domains, held: Held) -> Held | None:
    """Return *held* with what follows from it between subjects, or None where that is impossible."""
    found = dict(held)
    being: dict[str, list[str]] = {}
    for subject, known in held.items():
        if subject.kind not in ("actor", "named") or known != frozenset({1}):
            continue
        person, relation = (subject.name, subject.other) if subject.kind == "named" else ("", subject.name)
        being.setdefault(person, []).append(relation)
        for other in _implied(domains, subject):
            some = frozenset(n for n, value in enumerate(domains.values(other)) if value not in (None, 0))
            if not found.get(other, some) & some:
                return None
            found[other] = found.get(other, some) & some
    apart = {group for _, procedure in domains.world.members() for group in procedure.apart}
    if any(len(set(group) & set(relations)) > 1 for group in apart for relations in being.values()):
        return None
    return found
