"""Calendars: our own table of rest days and working weekends, by notice.

Room for: loading a year's notice, the seed, the calendar as the law reads it.
May not enter: counting days (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import Connection, delete, insert, or_, select

from engine.law.calendar import Calendar, CalendarDay
from engine.store import tables as t
from engine.store.editions import CALENDAR, bump

SEED_FROM = 2008


class Calendars:
    """The calendar of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def calendar(self) -> Calendar:
        """Return the calendar as it stands."""
        days = self._on.execute(
            select(t.calendar_days)
            .where(t.calendar_days.c.institution == self._institution)
            .order_by(t.calendar_days.c.day)
        )
        years = self._on.execute(
            select(t.calendar_years.c.year).where(t.calendar_years.c.institution == self._institution)
        ).scalars()
        return Calendar.of((CalendarDay(r.day, r.rest, r.notice) for r in days), years)

    def load(self, year: int, notice: str, days: Iterable[CalendarDay]) -> None:
        """Put the days of a year's *notice* in the place of what was known of that year."""
        named = list(days)
        y, c = t.calendar_years.c, t.calendar_days.c
        self._on.execute(delete(t.calendar_years).where(y.institution == self._institution, y.year == year))
        # A notice may name days of the December before; those it decides anew as well.
        of_the_year = c.day.between(date(year, 1, 1), date(year, 12, 31))
        self._on.execute(
            delete(t.calendar_days).where(
                c.institution == self._institution, or_(of_the_year, c.day.in_([d.day for d in named]))
            )
        )
        self._on.execute(
            insert(t.calendar_years).values(institution=self._institution, year=year, notice=notice)
        )
        rows = [
            {"institution": self._institution, "day": d.day, "rest": d.rest, "notice": d.notice or notice}
            for d in named
        ]
        if rows:
            self._on.execute(insert(t.calendar_days), rows)
        bump(self._on, self._institution, CALENDAR)


def seed() -> dict[int, tuple[CalendarDay, ...]]:
    """Return, for each year with a notice known to the seed, the days that are not what the weekend rule says."""
    years = range(SEED_FROM, max(day.year for day in chinese_calendar.constants.holidays) + 1)
    return {year: tuple(_decided(year)) for year in years}


def _decided(year: int) -> Iterable[CalendarDay]:
    day = date(year, 1, 1)
    while day.year == year:
        rest = chinese_calendar.is_holiday(day)
        named = day in chinese_calendar.constants.holidays
        if rest != (day.weekday() >= 5) or named:
            yield CalendarDay(day, rest, f"国务院办公厅{year}年放假通知")
        day += timedelta(days=1)
