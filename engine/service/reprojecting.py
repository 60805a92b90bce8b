"""Reprojecting: the open cases follow a changed calendar, in batches, and every moved date is written down and told.

Room for: which cases rest on the days that changed, batches that an interruption leaves whole, whoever comes first.
May not enter: what a notice says (`notice_files.py`), how dates follow from a case (`engine/core`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import structlog

from engine.core.projection import project
from engine.core.redating import redate
from engine.errors import AnxuError, CalendarEnds, Conflict
from engine.law.calendar import YEARS_BEYOND, Calendar
from engine.model.answers import Decision
from engine.model.case import Case
from engine.model.projection import Projection
from engine.model.rules import Rules
from engine.service.office import Office, Unit
from engine.store.calendars import InForce, Load
from engine.store.reprojections import Followed, Reprojection, Run, StoredRows, Touched

log = structlog.get_logger(__name__)

BATCH = 500
TRIES = 60

UNREADABLE = (AnxuError, ValueError, KeyError, TypeError, AttributeError)
"""What looking at a case can end with that nobody can mend here: it is said, left for `doctor`, and the others go on."""

Progress = Callable[[int, int], None]


def follow(office: Office, at: datetime, progress: Progress | None = None) -> None:
    """Let every open case follow the calendar loads that are not finished, the earliest load first.

    Each batch is a commit; whoever comes after an interruption goes on where it stopped, and two at once take turns.
    """
    while True:
        with office.reading() as unit:
            reprojection = unit.reprojections.unfinished()
            if reprojection is None:
                return
            days = touched_by(unit, reprojection.load)
        _follow_one(office, at, reprojection, days, progress)


def _follow_one(
    office: Office, at: datetime, begun: Reprojection, days: tuple[Touched, ...], progress: Progress | None
) -> None:
    now: Reprojection | None = begun
    while now is not None and now.finished_at is None:
        if progress:
            progress(now.done, now.total)
        try:
            _next_batch(office, at, now, days)
        except Conflict:
            _one_by_one(office, at, now, days)
        with office.reading() as unit:
            now = unit.reprojections.of(begun.load)
    if progress and now is not None:
        # Cases that were closed meanwhile are not looked at any more.
        progress(now.total, now.total)


def _next_batch(office: Office, at: datetime, now: Reprojection, days: tuple[Touched, ...]) -> None:
    with office.writing() as unit:
        batch = unit.reprojections.batch(days, now.cursor, BATCH) if days else ()
        if not batch:
            unit.reprojections.finish(now.load, at)
            return
        rules, load = unit.rules, _load(unit, now)
        found = [f for stored in batch if (f := _followed(rules, stored, at, load))]
        moved = sum(f.decision is not None for f in found)
        # The row of the load comes first: whoever does the same batch waits here, and then has nothing left to do.
        unit.reprojections.advance(now, batch[-1].id, len(batch), moved)
        unit.reprojections.write(found, now.load)


def _one_by_one(office: Office, at: datetime, now: Reprojection, days: tuple[Touched, ...]) -> None:
    """Do a batch case by case after somebody changed one of them meanwhile."""
    with office.reading() as unit:
        same = unit.reprojections.of(now.load)
        if same is None or same.cursor != now.cursor or same.finished_at:
            return
        ids = [stored.id for stored in unit.reprojections.batch(days, now.cursor, BATCH)]
    for case_id in ids:
        for attempt in range(TRIES):
            try:
                with office.writing() as unit:
                    _follow_alone(unit, case_id, now, at)
                break
            except Conflict:
                if attempt == TRIES - 1:
                    raise
    if ids:
        try:
            with office.writing() as unit:
                unit.reprojections.advance(now, ids[-1], len(ids), 0)
        except Conflict:
            return


def _follow_alone(unit: Unit, case_id: str, now: Reprojection, at: datetime) -> None:
    for stored in unit.reprojections.rows([case_id]):
        found = _followed(unit.rules, stored, at, _load(unit, now))
        if found is None:
            continue
        if found.decision:
            unit.reprojections.count_moved(now.load)
        unit.reprojections.write([found], now.load)


def caught_up(unit: Unit, case: Case, at: datetime) -> Case:
    """Return *case* after it has followed a load whose batches have not come to it yet; an act or a rung comes after that.

    What it writes belongs to the caller's commit.
    """
    pending = unit.reprojections.unfinished()
    if pending is None or not case.open or case.id <= pending.cursor:
        return case
    load = _load(unit, pending)
    stored = unit.reprojections.rows([case.id])[0]
    decision = _redated(unit.rules, case, stored, at, load)
    if decision is None:
        return case
    unit.reprojections.count_moved(pending.load)
    unit.cases.save(case, decision, load=pending.load)
    return decision.case


def foreseen(unit: Unit, after: InForce, at: datetime, load: Load) -> Iterator[Decision | None]:
    """Yield, for each open case that rests on days that *after* changes, what would be written down; nothing is."""
    rules = replace(unit.rules, calendar=after.national, office_calendars=after.offices)
    days = touched(unit.calendars.in_force(), after, rules.register.offices)
    cursor = ""
    while days and (batch := unit.reprojections.batch(days, cursor, BATCH)):
        cursor = batch[-1].id
        for stored in batch:
            found = _followed(rules, stored, at, load)
            yield found.decision if found else None


def touched_by(unit: Unit, load: int) -> tuple[Touched, ...]:
    """Return the days that a load changed, for the offices that count by them."""
    before, after = unit.calendars.as_of_load(load - 1), unit.calendars.as_of_load(load)
    return touched(before, after, unit.rules.register.offices)


def touched(before: InForce, after: InForce, offices: Iterable[str]) -> tuple[Touched, ...]:
    """Return the days on which two states of the calendars differ, offices with the same days together."""
    own = sorted(set(offices) & (before.offices.keys() | after.offices.keys()))
    by_runs: dict[tuple[Run, ...], list[str]] = {}
    for place in own:
        by_runs.setdefault(changed_runs(before.of(place), after.of(place)), []).append(place)
    everybody = changed_runs(before.national, after.national)
    groups = [
        Touched(everybody, but=tuple(own)),
        *(Touched(r, tuple(places)) for r, places in by_runs.items()),
    ]
    return tuple(group for group in groups if group.runs)


def changed_runs(before: Calendar, after: Calendar) -> tuple[Run, ...]:
    """Return the unbroken runs of days that are, or may yet become, rest days in one calendar and not in the other.

    What a notice teaches about later years counts as well: it moves the latest date of their cases (K20).
    """
    runs: list[Run] = []
    for day in _days_in_question(before, after):
        if _answers(before, day) != _answers(after, day):
            if runs and runs[-1][1] == day - timedelta(days=1):
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
    return tuple(runs)


def _days_in_question(before: Calendar, after: Calendar) -> list[date]:
    """The days that could differ: those that either one names, and all of a year without a notice in either."""
    years = before.published_years | after.published_years
    settled = before.published_years & after.published_years
    named = {row.day for row in (*before.days, *after.days)} | before.local_rest | after.local_rest
    for year in range(min(years) - YEARS_BEYOND, max(years) + YEARS_BEYOND + 1):
        if year not in settled:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            named.update(map(date.fromordinal, range(first, last + 1)))
    return sorted(named)


def _answers(calendar: Calendar, day: date) -> tuple[bool, bool] | None:
    try:
        return calendar.is_rest(day), calendar.is_rest_at_latest(day)
    except CalendarEnds:
        return None


def _followed(rules: Rules, stored: StoredRows, at: datetime, load: Load) -> Followed | None:
    """Return what has to be written for a case, or None where its rows are right or cannot be made."""
    try:
        projection = project(rules, stored.case)
        if stored.say(projection):
            return None
        decision = _redated(rules, stored.case, stored, at, load, projection)
    except UNREADABLE as error:
        log.error("case_not_redated", case=stored.id, cause=f"{type(error).__name__}: {error}")
        return None
    return Followed(stored, projection, decision)


def _redated(
    rules: Rules, case: Case, stored: StoredRows, at: datetime, load: Load, after: Projection | None = None
) -> Decision | None:
    return redate(rules, case, stored.shown, at, load.loaded_by or None, load.notice, after)


def _load(unit: Unit, now: Reprojection) -> Load:
    return next(load for load in unit.calendars.loads() if load.number == now.load)
