"""People: who holds which role in which office and when, who is away and who stands in.

Room for: persons, holdings, absences, how they are reached, and the questions asked of them on a date.
May not enter: passwords and sessions (`engine/service/accounts.py`), what a role may do (definitions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Literal, TypeVar

from engine.text import Language

KEPT = 2048
"""So many days of offices are kept."""

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


class Staff:
    """Who holds what in one office on one day, and who stands in for whom: asked many times in every act of that day.

    Each answer is found once. *substitutes* holds those alone who are away, with whoever stands in for them.
    """

    def __init__(self, people: People, office: str, day: date) -> None:
        self._people = people
        self._office = office
        self._day = day
        self._roles: dict[str, frozenset[str]] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._capacities: dict[str, tuple[Capacity, ...]] = {}
        self._acting: dict[tuple[str, str], tuple[Capacity, ...]] = {}
        self.substitutes = people.away(day)

    def roles(self, person: str) -> frozenset[str]:
        """Return the roles *person* holds themselves."""
        known = self._roles.get(person)
        if known is None:
            held = self._people._held_by.get(person, ())
            known = frozenset(h.role for h in held if h.office == self._office and h.holds_on(self._day))
            self._roles[person] = known
        return known

    def holders(self, role: str) -> tuple[str, ...]:
        """Return who holds *role*, away or not."""
        known = self._holders.get(role)
        if known is None:
            held = self._people._holders_of.get(role, ())
            known = tuple(h.person for h in held if h.office == self._office and h.holds_on(self._day))
            self._holders[role] = known
        return known

    def capacities(self, person: str) -> tuple[Capacity, ...]:
        """Return every role *person* may act in: their own first, then those of whom they substitute."""
        known = self._capacities.get(person)
        if known is None:
            own = [Capacity(role) for role in sorted(self.roles(person))]
            lent = [
                Capacity(role, absent)
                for absent in self._people.stands_in_for(person, self._day)
                for role in sorted(self.roles(absent))
            ]
            known = self._capacities[person] = (*own, *lent)
        return known

    def acting_as(self, person: str, role: str) -> tuple[Capacity, ...]:
        """Return in which capacities *person* may act as *role*, their own first."""
        known = self._acting.get((person, role))
        if known is None:
            known = tuple(capacity for capacity in self.capacities(person) if capacity.role == role)
            self._acting[person, role] = known
        return known


@dataclass(frozen=True)
class People:
    """The directory of an institution at one moment of its history."""

    persons: tuple[Person, ...] = ()
    holdings: tuple[Holding, ...] = ()
    absences: tuple[Absence, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        """The persons by what they sign in with."""
        return {person.id: person for person in self.persons}

    @cached_property
    def _held_by(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.person, h) for h in self.holdings)

    @cached_property
    def _holders_of(self) -> dict[str, tuple[Holding, ...]]:
        return _grouped((h.role, h) for h in self.holdings)

    @cached_property
    def contacts_of(self) -> Mapping[str, tuple[Contact, ...]]:
        """Person -> how they can be told beside the inbox, where they can."""
        return _grouped((c.person, c) for c in self.contacts)

    def reached_by(self, person: str) -> tuple[Contact, ...]:
        """Return how *person* can be told beside the inbox."""
        return self.contacts_of.get(person, ())

    def contact(self, person: str, channel: str) -> Contact | None:
        """Return how *person* is told by *channel*, or None."""
        return next((c for c in self.reached_by(person) if c.channel == channel), None)

    def person(self, id: str) -> Person | None:
        """Return the person, or None."""
        return self.by_id.get(id)

    def name(self, id: str | None) -> str:
        """Return the person's name; the id itself where nobody is known by it."""
        person = self.by_id.get(id or "")
        return person.name if person else (id or "")

    @cached_property
    def _standing_in(self) -> dict[str, tuple[Absence, ...]]:
        return _grouped((a.substitute, a) for a in self.absences if a.substitute)

    @cached_property
    def on(self) -> Callable[[str, date], Staff]:
        """Returns who holds what in an office on a day; the answers live and die with this directory."""
        return lru_cache(KEPT)(partial(Staff, self))

    @cached_property
    def away(self) -> Callable[[date], Mapping[str, str | None]]:
        """Returns who is away on a day, whatever their office, each with whoever stands in for them; None: nobody does."""

        def away(day: date) -> Mapping[str, str | None]:
            absences = (absence for absence in reversed(self.absences) if absence.covers(day))
            return {absence.person: absence.substitute for absence in absences}

        return lru_cache(KEPT)(away)

    def offices(self, person: str, day: date) -> frozenset[str]:
        """Return the offices in which *person* may act on *day*, in a role of their own or of whom they stand in for."""
        meant = (person, *self.stands_in_for(person, day))
        held = (holding for one in meant for holding in self._held_by.get(one, ()))
        return frozenset(holding.office for holding in held if holding.holds_on(day))

    def roles(self, person: str, office: str, day: date) -> frozenset[str]:
        """Return the roles *person* holds themselves in *office* on *day*."""
        return self.on(office, day).roles(person)

    def holders(self, role: str, office: str, day: date) -> tuple[str, ...]:
        """Return who holds *role* in *office* on *day*, away or not."""
        return self.on(office, day).holders(role)

    def stands_in_for(self, person: str, day: date) -> tuple[str, ...]:
        """Return whom *person* substitutes on *day*."""
        return tuple(a.person for a in self._standing_in.get(person, ()) if a.covers(day))

    def substitute(self, person: str, day: date) -> str | None:
        """Return who stands in for *person* on *day*, or None."""
        return self.away(day).get(person)

    def capacities(self, person: str, office: str, day: date) -> tuple[Capacity, ...]:
        """Return every role *person* may act in: their own first, then those of whom they substitute."""
        return self.on(office, day).capacities(person)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(all_of_it) for key, all_of_it in found.items()}
