"""Calendars: our own table of rest days and working weekends, append-only, by load.

Room for: loads of notices and of an office's own rest days, the calendar in force and as it was, the seed.
May not enter: counting days (`engine/law`), which cases a load moves (`engine/service/reprojecting.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

import chinese_calendar
from sqlalchemy import Connection, func, insert, select

from engine.law.calendar import Calendar, CalendarDay
from engine.store import tables as t
from engine.store.editions import CALENDAR, bump

SEED_FROM = 2008

ALL_OFFICES = ""
"""The office of a load that holds for all of them: a notice's."""


@dataclass(frozen=True, slots=True)
class Load:
    """One loading of a year's days; *office* is empty where it holds for all. *notice* names the notice or the reason."""

    number: int
    year: int
    office: str
    notice: str
    digest: str
    loaded_by: str
    loaded_at: datetime


@dataclass(frozen=True)
class InForce:
    """The calendars of an institution at one time: the one of all offices, and those of offices with days of their own."""

    national: Calendar
    offices: Mapping[str, Calendar]

    def of(self, office: str) -> Calendar:
        """Return the calendar that cases of *office* count by."""
        return self.offices.get(office, self.national)


class Calendars:
    """The calendars of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def calendar(self, at: datetime | None = None) -> Calendar:
        """Return the calendar of all offices, as it stands or as it was known at an instant."""
        return self.in_force(at).national

    def of_offices(self, at: datetime | None = None) -> Mapping[str, Calendar]:
        """Return the calendars of the offices that have rest days of their own, now or at an instant."""
        return self.in_force(at).offices

    def in_force(self, at: datetime | None = None) -> InForce:
        """Return all calendars, now or at an instant; before the first notices they are what those made them."""
        return self._known(lambda load: at is None or load.loaded_at <= at)

    def as_of_load(self, number: int) -> InForce:
        """Return all calendars as load *number* left them; before the first notices they are what those made them."""
        return self._known(lambda load: load.number <= number)

    def with_days(self, days: Mapping[tuple[int, str], Iterable[CalendarDay]]) -> InForce:
        """Return all calendars as they would be after loads of *days*, by (year, office); nothing is written."""
        found = {key: self.days_of(load.number) for key, load in self.latest().items()}
        return _calendars({**found, **days})

    def loads(self) -> tuple[Load, ...]:
        """Return every load in order."""
        c = t.calendar_loads.c
        rows = self._on.execute(
            select(t.calendar_loads).where(c.institution == self._institution).order_by(c.number)
        )
        return tuple(
            Load(r.number, r.year, r.office, r.notice, r.digest, r.loaded_by, r.loaded_at) for r in rows
        )

    def latest(self) -> Mapping[tuple[int, str], Load]:
        """Return the load in force of each (year, office)."""
        return _latest(self.loads())

    def days_of(self, load: int) -> tuple[CalendarDay, ...]:
        """Return the days a load named, in order."""
        c = t.calendar_days.c
        rows = self._on.execute(
            select(c.day, c.rest, c.notice)
            .where(c.institution == self._institution, c.load == load)
            .order_by(c.day)
        )
        return tuple(CalendarDay(r.day, r.rest, r.notice) for r in rows.all())

    def load(
        self,
        year: int,
        notice: str,
        days: Iterable[CalendarDay],
        by: str,
        at: datetime,
        office: str = ALL_OFFICES,
    ) -> Load:
        """Put *days* in force for a year (of one office: its own rest days) in the place of the load before."""
        named = sorted(days, key=lambda day: day.day)
        last = select(func.max(t.calendar_loads.c.number)).where(
            t.calendar_loads.c.institution == self._institution
        )
        number = (self._on.execute(last).scalar_one_or_none() or 0) + 1
        made = Load(number, year, office, notice, digest_of_days(named), by, at)
        self._on.execute(
            insert(t.calendar_loads).values(
                institution=self._institution, number=number, year=year, office=office, notice=notice,
                digest=made.digest, loaded_by=by, loaded_at=at,
            )
        )  # fmt: skip
        rows = [
            {"institution": self._institution, "load": number, "day": d.day, "rest": d.rest, "notice": d.notice or notice}
            for d in named
        ]  # fmt: skip
        if rows:
            self._on.execute(insert(t.calendar_days), rows)
        bump(self._on, self._institution, CALENDAR)
        return made

    def _known(self, was_there: Callable[[Load], bool]) -> InForce:
        loads = self.loads()
        notices = [load for load in loads if load.office == ALL_OFFICES]
        known = [load for load in loads if was_there(load)]
        if not any(load.office == ALL_OFFICES for load in known):
            known += [load for load in notices if load.loaded_at == notices[0].loaded_at]
        return self._made_of(known)

    def _made_of(self, loads: Iterable[Load]) -> InForce:
        latest = _latest(loads)
        c = t.calendar_days.c
        rows = self._on.execute(
            select(c.load, c.day, c.rest, c.notice)
            .where(c.institution == self._institution, c.load.in_([load.number for load in latest.values()]))
            .order_by(c.day)
        )
        loads_of = tuple((year, office, load.number) for (year, office), load in latest.items())
        return _laid_out(loads_of, tuple(map(tuple, rows.all())))


def digest_of_days(days: Iterable[CalendarDay]) -> str:
    """Return the SHA-256 that the content of a load is known by, as hex."""
    plain = [[day.day.isoformat(), day.rest] for day in sorted(days, key=lambda day: day.day)]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def seed() -> dict[int, tuple[CalendarDay, ...]]:
    """Return, for each year with a notice known to the seed, the days that are not what the weekend rule says."""
    years = range(SEED_FROM, max(day.year for day in chinese_calendar.constants.holidays) + 1)
    return {year: _decided(year) for year in years}


def _latest(loads: Iterable[Load]) -> dict[tuple[int, str], Load]:
    return {(load.year, load.office): load for load in sorted(loads, key=lambda load: load.number)}


# Offices are read anew far more often than their notices change, and what a calendar has worked out stays with it.
@lru_cache(maxsize=16)
def _laid_out(
    loads: tuple[tuple[int, str, int], ...], rows: tuple[tuple[int, date, bool, str], ...]
) -> InForce:
    """The calendars that *loads* (year, office, number) come to, *rows* being the load, day, rest and notice of each day."""
    by_load: dict[int, list[CalendarDay]] = {number: [] for _, _, number in loads}
    for load, day, rest, notice in rows:
        by_load[load].append(CalendarDay(day, rest, notice))
    return _calendars({(year, office): by_load[number] for year, office, number in loads})


def _calendars(days: Mapping[tuple[int, str], Iterable[CalendarDay]]) -> InForce:
    named: dict[date, CalendarDay] = {}
    local: dict[str, set[date]] = {}
    # Of two notices that name one day of December, the one of the later year decides.
    for (_, office), found in sorted(days.items(), key=lambda item: item[0]):
        if office == ALL_OFFICES:
            named |= {day.day: day for day in found}
        else:
            local.setdefault(office, set()).update(day.day for day in found)
    national = Calendar.of(named.values(), [year for year, office in days if office == ALL_OFFICES])
    return InForce(
        national, {office: national.with_rest_days(rest) for office, rest in local.items() if rest}
    )


@cache
def _decided(year: int) -> tuple[CalendarDay, ...]:
    # Asked for one day, the seed looks through all its years; what it says nothing of follows the weekend rule.
    holidays, workdays = chinese_calendar.constants.holidays, chinese_calendar.constants.workdays
    return tuple(
        CalendarDay(day, rest, f"国务院办公厅{year}年放假通知")
        for day in sorted(holidays.keys() | workdays.keys())
        if day.year == year
        if (rest := day not in workdays) != (day.weekday() >= 5) or day in holidays
    )
