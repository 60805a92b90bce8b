"""People: who holds which role in which office and when, who is away and who stands in.

Room for: persons, holdings, absences, how they are reached, and the questions asked of them on a date.
May not enter: passwords and sessions (`engine/service/accounts.py`), what a role may do (definitions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal, TypeVar

from engine.text import Language

KEPT = 4096
"""So many answers about persons are kept."""

T = TypeVar("T")

Wants = Literal["mixed", "each", "digest"]


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
class Contact:
    """How *person* is told by *channel*: at which *address*, in which *language*, and what comes at once.

    *wants*: ``each`` notice at once; all of them in the ``digest`` of the morning; ``mixed``: reminders that repeat in the
    digest, the others at once.
    """

    person: str
    channel: str
    address: str
    wants: Wants = "mixed"
    language: Language = "zh"


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
    contacts: tuple[Contact, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.persons}

    @cached_property
    def _held_by(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.person, h) for h in self.holdings)

    @cached_property
    def _holders_of(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.role, h) for h in self.holdings)

    @cached_property
    def _contacts_of(self) -> dict[str, tuple[Contact, ...]]:
        return _grouped((c.person, c) for c in self.contacts)

    def reached_by(self, person: str) -> tuple[Contact, ...]:
        """Return how *person* can be told beside the inbox."""
        return self._contacts_of.get(person, ())

    def contact(self, person: str, channel: str) -> Contact | None:
        """Return how *person* is told by *channel*, or None."""
        return next((c for c in self.reached_by(person) if c.channel == channel), None)

    def person(self, id: str) -> Person | None:
        """Return the person, or None."""
        return self._by_id.get(id)

    def name(self, id: str | None) -> str:
        """Return the person's name; the id itself where nobody is known by it."""
        person = self._by_id.get(id or "")
        return person.name if person else (id or "")

    @cached_property
    def _away(self) -> dict[str, tuple[Absence, ...]]:
        return _grouped((a.person, a) for a in self.absences)

    @cached_property
    def _standing_in(self) -> dict[str, tuple[Absence, ...]]:
        return _grouped((a.substitute, a) for a in self.absences if a.substitute)

    @cached_property
    def _roles(self) -> Callable[[str, str, date], frozenset[str]]:
        """Who may act is asked several times in every act, mostly of the same few persons on the same day."""

        def roles(person: str, office: str, day: date) -> frozenset[str]:
            held = self._held_by.get(person, ())
            return frozenset(h.role for h in held if h.office == office and h.holds_on(day))

        return lru_cache(KEPT)(roles)

    @cached_property
    def _capacities(self) -> Callable[[str, str, date], tuple[Capacity, ...]]:
        def capacities(person: str, office: str, day: date) -> tuple[Capacity, ...]:
            own = [Capacity(role) for role in sorted(self.roles(person, office, day))]
            lent = [
                Capacity(role, absent)
                for absent in self.stands_in_for(person, day)
                for role in sorted(self.roles(absent, office, day))
            ]
            return (*own, *lent)

        return lru_cache(KEPT)(capacities)

    def roles(self, person: str, office: str, day: date) -> frozenset[str]:
        """Return the roles *person* holds themselves in *office* on *day*."""
        return self._roles(person, office, day)

    def holders(self, role: str, office: str, day: date) -> tuple[str, ...]:
        """Return who holds *role* in *office* on *day*, away or not."""
        held = self._holders_of.get(role, ())
        return tuple(h.person for h in held if h.office == office and h.holds_on(day))

    def stands_in_for(self, person: str, day: date) -> tuple[str, ...]:
        """Return whom *person* substitutes on *day*."""
        return tuple(a.person for a in self._standing_in.get(person, ()) if a.covers(day))

    def substitute(self, person: str, day: date) -> str | None:
        """Return who stands in for *person* on *day*, or None."""
        for absence in self._away.get(person, ()):
            if absence.covers(day):
                return absence.substitute
        return None

    def capacities(self, person: str, office: str, day: date) -> tuple[Capacity, ...]:
        """Return every role *person* may act in: their own first, then those of whom they substitute."""
        return self._capacities(person, office, day)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(all_of_it) for key, all_of_it in found.items()}
