"""Office: what every use case works on: the database, the institution, and the rules in force.

Room for: units of work, and holding on to rules until they or the day change.
May not enter: use cases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.errors import UnknownName
from engine.model.register import Register
from engine.model.rules import Rules
from engine.service.stored_texts import StoredProcedures, register_under, stored_register
from engine.store.database import Database
from engine.store.definitions import REGISTER, Activation, in_force_on, next_change
from engine.store.editions import ALL, PEOPLE, hold, sum_of
from engine.store.saving import Tuned, tuned
from engine.store.unit import Unit as StoredUnit
from engine.text import Text


@dataclass(frozen=True)
class Unit(StoredUnit):
    """A unit of the store together with the rules in force as it sees them.

    *register* is the number of the activation that put the register of these rules into force.
    """

    rules: Rules
    register: int


@dataclass(frozen=True, slots=True)
class Held:
    """Rules that hold from the day *since* until before the day *until* (None: open), as long as no edition moves."""

    editions: tuple[tuple[str, int], ...]
    total: int
    """The sum of the editions: one number that moves when any of them does."""
    since: date
    until: date | None
    register: int
    rules: Rules
    followed: bool
    """Whether every open case has followed every calendar load."""

    @property
    def edition(self) -> int:
        """The counter that every change raises."""
        return dict(self.editions).get(ALL, 0)

    def holds(self, total: int, at: datetime) -> bool:
        """Return whether nothing has changed since, and *at* is a day these rules are for."""
        day = self.rules.day_of(at)
        return total == self.total and self._covers(day)

    def but_people(self, editions: tuple[tuple[str, int], ...], at: datetime) -> bool:
        """Return whether nothing but people has changed since: that is daily work, and calendars are long."""
        return _without_people(editions) == _without_people(self.editions) and self._covers(
            self.rules.day_of(at)
        )

    def with_people(self, unit: StoredUnit, editions: tuple[tuple[str, int], ...]) -> Held:
        """Return these rules with the people there are now."""
        rules = replace(self.rules, people=unit.directory.people())
        return replace(self, editions=editions, total=_total(editions), rules=rules)

    def _covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Office:
    """One institution in one database; *now* tells the time, *new_id* gives a case an id that no other has.

    Rules are those of the day. They are read once, and again only when an edition counter has moved or a day has come
    on which something else is in force: nothing has to run at midnight.
    """

    def __init__(
        self, database: Database, institution: str, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self.database = database
        self.institution = institution
        self.new_id = new_id
        self._now = now
        self._held: Held | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reading(self, at: datetime | None = None) -> Iterator[Unit]:
        """Give a unit that only reads, with the rules of *at* (None: now)."""
        with self.database.reading() as connection:
            yield self._unit(StoredUnit(connection, self.institution), at)

    @contextmanager
    def writing(self, at: datetime | None = None, *, alone: bool = False) -> Iterator[Unit]:
        """Give a unit whose work is committed whole on leaving, with the rules of *at* (None: now).

        *alone*: one that changes what the others go by.
        """
        with self.database.writing() as connection:
            hold(connection, self.institution, alone=alone)
            yield self._unit(StoredUnit(connection, self.institution), at)

    def rules(self) -> Rules:
        """Return the rules in force."""
        with self.database.glancing() as cursor:
            now = sum_of(cursor, self.institution, sqlite=self.database.sqlite)
        return self.held(now, self._now()).rules

    def _unit(self, stored: StoredUnit, at: datetime | None) -> Unit:
        held = self._holding(stored, at or self._now())
        return Unit(stored.connection, stored.institution, held.rules, held.register)

    @contextmanager
    def glancing(self) -> Iterator[Tuned]:
        """Give the tuned statements for looking at a case outside any transaction."""
        with self.database.glancing() as cursor:
            yield tuned(self.database.engine.dialect.name, cursor, self.institution)

    @contextmanager
    def striking(self) -> Iterator[Tuned]:
        """Give the tuned statements for one write that commits by itself."""
        with self.glancing() as tuned, self.struck(tuned):
            yield tuned

    def struck(self, tuned: Tuned) -> AbstractContextManager[None]:
        """Let what `glancing` gave write once, in a commit of its own."""
        return self.database.struck(tuned.cursor)

    def held(self, total: int, at: datetime) -> Held:
        """Return the rules of *at*, read anew only where *total*, the sum of the editions, says that they are old."""
        if held := self.still_held(total, at):
            return held
        with self.database.reading() as connection:
            return self._holding(StoredUnit(connection, self.institution), at)

    def still_held(self, total: int, at: datetime) -> Held | None:
        """Return the rules of *at* as they were read last, None where *total* says that they are old; asks nobody."""
        held = self._held
        return held if held is not None and held.holds(total, at) else None

    def _holding(self, unit: StoredUnit, at: datetime) -> Held:
        editions = unit.editions()
        with self._lock:
            held = self._held
            if held is None or not held.but_people(editions, at):
                held = self._read(unit, editions, at)
            elif not held.holds(_total(editions), at):
                held = held.with_people(unit, editions)
            self._held = held
            return held

    def _read(self, unit: StoredUnit, editions: tuple[tuple[str, int], ...], at: datetime) -> Held:
        activations = unit.definitions.activations()
        texts = {text.hash: text for text in unit.definitions.texts()}
        # Every register in force from today on has the same zone, so the last one says which day it is.
        last = next((texts[one.hash] for one in reversed(activations) if one.name == REGISTER), None)
        if last is None:
            raise UnknownName(
                Text(
                    f"数据库中没有机构“{self.institution}”。请先运行 anxu init。",
                    f"The database has no institution “{self.institution}”. Run anxu init first.",
                )
            )
        zone = stored_register(last).zone
        day = at.astimezone(zone).date()
        in_force = in_force_on(activations, day)
        register = stored_register(texts[in_force[REGISTER].hash])
        founded = min(one.since for one in activations if one.name == REGISTER)
        since = max((one.since for one in activations if one.since <= day), default=date.min)
        calendars = unit.calendars.in_force()
        rules = Rules(
            definitions=StoredProcedures(texts.values()),
            in_force={name: one.hash for name, one in named(in_force, register).items() if name != REGISTER},
            register=register,
            calendar=calendars.national,
            people=unit.directory.people(),
            office_calendars=calendars.offices,
        )
        until = next_change(activations, max(day, founded))
        begins = since if day >= founded else date.min
        followed = not unit.reprojections.unfinished()
        number = in_force[REGISTER].number
        return Held(editions, _total(editions), begins, until, number, rules, followed)


def _without_people(editions: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple(one for one in editions if one[0] not in (ALL, PEOPLE))


def _total(editions: tuple[tuple[str, int], ...]) -> int:
    return sum(number for _, number in editions)


def named(activations: Mapping[str, Activation], register: Register) -> dict[str, Activation]:
    """Return those of *activations* (by name) that are in force beside *register*: itself, and what it names.

    A procedure that the register in force does not name is retired: open cases stay pinned to it, nothing begins with it.
    """
    return {name: one for name, one in activations.items() if name == REGISTER or name in register.procedures}


def in_force_beside_register(unit: StoredUnit, day: date) -> dict[str, Activation]:
    """Return, by name, the activations in force on *day*: of the register, and of each procedure that it names."""
    found = in_force_on(unit.definitions.activations(), day)
    return named(found, register_under(unit.definitions, found[REGISTER].hash))
