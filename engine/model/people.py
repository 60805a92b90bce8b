"""People: who holds which role in which office and when, who is away and who stands in.

Room for: persons, holdings, absences, and the questions asked of them on a date.
May not enter: passwords and sessions (`engine/service/accounts.py`), what a role may do (definitions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the institution; *id* is what they sign in with."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Holding:
    """*person* holds *role* in *office* from *since* to *until*, both days included; None: no end."""

    person: str
    role: str
    office: str
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Absence:
    """*person* is away from *since* to *until*, both days included; *substitute* signs for them meanwhile."""

    person: str
    since: date
    until: date
    substitute: str | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Capacity:
    """What somebody may act in today: their own role, or that of a person they stand in for."""

    role: str
    acting_for: str | None = None
    relation: str | None = None
    """What they act as in this case, where that is what lets them; None where the role alone does."""


@dataclass(frozen=True)
class People:
    """The directory of an institution at one moment of its history."""

    persons: tuple[Person, ...] = ()
    holdings: tuple[Holding, ...] = ()
    absences: tuple[Absence, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.persons}

    @cached_property
    def _held_by(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.person, h) for h in self.holdings)

    @cached_property
    def _holders_of(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.role, h) for h in self.holdings)

    def person(self, id: str) -> Person | None:
        """Return the person, or None."""
        return self._by_id.get(id)

    def name(self, id: str | None) -> str:
        """Return the person's name; the id itself where nobody is known by it."""
        person = self._by_id.get(id or "")
        return person.name if person else (id or "")

    def roles(self, person: str, office: str, day: date) -> frozenset[str]:
        """Return the roles *person* holds themselves in *office* on *day*."""
        held = self._held_by.get(person, ())
        return frozenset(h.role for h in held if h.office == office and h.holds_on(day))

    def holders(self, role: str, office: str, day: date) -> tuple[str, ...]:
        """Return who holds *role* in *office* on *day*, away or not."""
        held = self._holders_of.get(role, ())
        return tuple(h.person for h in held if h.office == office and h.holds_on(day))

    def stands_in_for(self, person: str, day: date) -> tuple[str, ...]:
        """Return whom *person* substitutes on *day*."""
        return tuple(a.person for a in self.absences if a.substitute == person and a.covers(day))

    def substitute(self, person: str, day: date) -> str | None:
        """Return who stands in for *person* on *day*, or None."""
        return next((a.substitute for a in self.absences if a.person == person and a.covers(day)), None)

    def capacities(self, person: str, office: str, day: date) -> tuple[Capacity, ...]:
        """Return every role *person* may act in: their own first, then those of whom they substitute."""
        own = [Capacity(role) for role in sorted(self.roles(person, office, day))]
        lent = [
            Capacity(role, absent)
            for absent in self.stands_in_for(person, day)
            for role in sorted(self.roles(absent, office, day))
        ]
        return (*own, *lent)


def _grouped(pairs: Iterable[tuple[str, Holding]]) -> dict[str, tuple[Holding, ...]]:
    found: dict[str, list[Holding]] = {}
    for key, holding in pairs:
        found.setdefault(key, []).append(holding)
    return {key: tuple(holdings) for key, holdings in found.items()}
