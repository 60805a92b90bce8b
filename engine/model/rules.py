"""Rules: everything beside the case that a decision depends on, in one frozen value.

Room for: definitions by hash, which is in force, the register, the calendar, the people.
May not enter: where they come from (`engine/store`), how they are applied (`engine/core`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Protocol, TypeVar, TypeVarTuple, cast

from engine.errors import BrokenDefinition
from engine.law.calendar import Calendar
from engine.model.case import Case, Matter
from engine.model.people import People
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.text import Text

KEPT = 8192
"""So many answers are kept: those of a few hundred cases."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Once(Protocol):
    """Returns what *question* answers to the rules and what it is *told*; that is compared by value, so it must be hashable."""

    def __call__(self, question: Callable[[Rules, *Ts], T], /, *told: *Ts) -> T: ...


@dataclass(frozen=True)
class Rules:
    """What holds now. *definitions* keeps every hash an open matter may be pinned to.

    Looking one of them up may mean reading it, which costs, and raises BrokenDefinition where this program cannot.
    """

    definitions: Mapping[str, Procedure]
    in_force: Mapping[str, str]
    """Procedure name -> hash in force."""
    register: Register
    calendar: Calendar
    people: People
    office_calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """Office -> its calendar, where it has rest days of its own; *calendar* is that of all others."""

    @cached_property
    def roles(self) -> Mapping[str, Text]:
        """Every role there is, with its title: the register's, then those that procedures declare themselves.

        A title of the register or of a procedure in force goes before that of an earlier version.
        """
        return Roles(self)

    @cached_property
    def once(self) -> Once:
        """Puts a pure question to these rules and keeps the answer for the next who asks the same.

        The answers live and die with the rules: a changed calendar, register, directory or definition comes as other
        rules, which have answered nothing yet.
        """

        def answered(question: Callable[..., Any], *told: Any) -> Any:
            # Forgetting all of it when it is full takes less than remembering what was asked for last.
            if kept.cache_info().currsize >= KEPT:
                kept.cache_clear()
            return question(self, *told)

        kept = cache(answered)
        return cast(Once, kept)

    def readable(self, digests: Iterable[str] | None = None) -> Iterator[Procedure]:
        """Yield each definition (of *digests*; None: of all there are) that this program can read: for lists of names.

        Whoever depends on one asks `definitions` for it, and is told where it cannot be read.
        """
        for digest in self.definitions if digests is None else digests:
            try:
                yield self.definitions[digest]
            except BrokenDefinition:
                continue

    def calendar_of(self, office: str) -> Calendar:
        """Return the calendar that cases of *office* count by."""
        return self.office_calendars.get(office, self.calendar)

    def procedure_of(self, matter: Matter) -> Procedure:
        """Return the definition *matter* is pinned to."""
        return self.definitions[matter.definition]

    def main_procedure(self, case: Case) -> Procedure:
        """Return the definition the case itself is pinned to."""
        return self.definitions[case.main.definition]

    def newest(self, name: str) -> Procedure | None:
        """Return the definition of procedure *name* in force, or None."""
        found = self.in_force.get(name)
        return self.definitions[found] if found else None

    def matters_of(self, procedure: Procedure) -> Mapping[str, Procedure]:
        """Return, for each kind of matter *procedure* knows, the definition a new one would open with."""
        kinds = procedure.matters.values()
        return {kind.name: child for kind in kinds if (child := self.newest(kind.procedure))}

    def day_of(self, instant: datetime) -> date:
        """Return the date of an aware *instant* in the institution's zone."""
        # One act asks it of one instant again and again.
        known: tuple[datetime, date] | None = self.__dict__.get("_day")
        if known is None or known[0] is not instant:
            known = self.__dict__["_day"] = instant, instant.astimezone(self.register.zone).date()
        return known[1]

    def midnight(self, day: date) -> datetime:
        """Return the aware instant at which *day* begins in the institution's zone."""
        return datetime(day.year, day.month, day.day, tzinfo=self.register.zone)


class Roles(Mapping[str, Text]):
    """Titles by role; no more definitions are looked at, and so read, than it takes to find the role that is asked for."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._found = dict(rules.register.roles)

    def __getitem__(self, role: str) -> Text:
        if (title := self._found.get(role)) is not None:
            return title
        for procedure in self._procedures():
            if (title := procedure.roles.get(role)) is not None:
                return self._found.setdefault(role, title)
        raise KeyError(role)

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    @cached_property
    def _every(self) -> Mapping[str, Text]:
        found = dict(self._rules.register.roles)
        for procedure in self._procedures():
            for role, title in procedure.roles.items():
                found.setdefault(role, title)
        return found

    def _procedures(self) -> Iterator[Procedure]:
        yield from self._rules.readable(self._rules.in_force.values())
        yield from self._rules.readable()
