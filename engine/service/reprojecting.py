"""Reprojecting: the open cases follow a changed calendar, in batches, and every moved date is written down and told.

Room for: which cases rest on the days that changed, batches that an interruption leaves whole, whoever comes first.
May not enter: what a notice says (`notice_files.py`), how dates follow from a case (`engine/core`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

import structlog

from engine.core.projection import project
from engine.core.redating import BEHIND, RECOUNTED, redate
from engine.errors import BrokenDefinition, CalendarEnds, Conflict, StoreAway
from engine.law.calendar import YEARS_BEYOND, Calendar
from engine.model.answers import Decision
from engine.model.case import Case
from engine.model.projection import Projection
from engine.model.rules import Rules
from engine.service.office import Office, Unit
from engine.service.persisting import retried
from engine.store.calendars import InForce, Load
from engine.store.reprojections import Followed, Reprojection, Run, StoredRows, Touched

log = structlog.get_logger(__name__)

BATCH = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Failed:
    """A case that could not be looked at, and why; its rows stay as they are."""

    case: str
    cause: str


def follow(
    office: Office,
    at: datetime,
    progress: Progress | None = None,
    between: Callable[[], object] = lambda: None,
) -> None:
    """Let every open case follow the calendar loads that are not finished, the earliest load first.

    Each batch is a commit; whoever comes after an interruption goes on where it stopped, and two at once take turns.
    *between* is called after each batch: what is due need not wait, since a case that fires follows first.
    """
    while True:
        with office.reading() as unit:
            pending = unit.reprojections.unfinished()
            if not pending:
                return
            load = _load(unit, pending[0].load)
            days = touched_by(unit, load.number)
        _follow_one(office, at, pending[0], _Following(load, days), progress, between)


@dataclass(frozen=True, slots=True)
class _Following:
    """A load that cases follow, and the days that it changed."""

    load: Load
    days: tuple[Touched, ...]


def _follow_one(
    office: Office, at: datetime, begun: Reprojection, what: _Following, progress: Progress | None,
    between: Callable[[], object],
) -> None:  # fmt: skip
    now: Reprojection | None = begun
    while now is not None and now.finished_at is None:
        if progress:
            progress(now.done, now.total)
        try:
            _next_batch(office, at, now, what)
        except Conflict:
            _one_by_one(office, at, now, what)
        between()
        with office.reading() as unit:
            now = unit.reprojections.of(begun.load)
    if progress and now is not None:
        # Cases that were closed meanwhile are not looked at any more.
        progress(now.total, now.total)


def _next_batch(office: Office, at: datetime, now: Reprojection, what: _Following) -> None:
    with office.writing() as unit:
        batch = unit.reprojections.batch(what.days, now.cursor, BATCH) if what.days else ()
        if not batch:
            unit.reprojections.finish(now.load, at)
            return
        looked_at = [_followed(unit.rules, stored, at, what.load) for stored in batch]
        found = [one for one in looked_at if isinstance(one, Followed)]
        moved = sum(one.decision is not None for one in found)
        failed = sum(isinstance(one, Failed) for one in looked_at)
        # The row of the load comes first: whoever does the same batch waits here, and then has nothing left to do.
        unit.reprojections.advance(now, batch[-1].id, len(batch), moved, failed)
        unit.reprojections.write(found, now.load)


def _one_by_one(office: Office, at: datetime, now: Reprojection, what: _Following) -> None:
    """Do a batch case by case after somebody changed one of them meanwhile."""
    with office.reading() as unit:
        same = unit.reprojections.of(now.load)
        if same is None or same.cursor != now.cursor or same.finished_at:
            return
        ids = [stored.id for stored in unit.reprojections.batch(what.days, now.cursor, BATCH)]
    failed = sum(retried(partial(_alone, office, case_id, at, what.load)) for case_id in ids)
    if ids:
        try:
            with office.writing() as unit:
                unit.reprojections.advance(now, ids[-1], len(ids), 0, failed)
        except Conflict:
            return


def _alone(office: Office, case_id: str, at: datetime, load: Load) -> int:
    with office.writing() as unit:
        return _follow_alone(unit, case_id, at, load)


def _follow_alone(unit: Unit, case_id: str, at: datetime, load: Load) -> int:
    """Let one case follow in a commit of its own; return how many could not, nought or one."""
    failed = 0
    for stored in unit.reprojections.rows([case_id]):
        found = _followed(unit.rules, stored, at, load)
        if isinstance(found, Failed):
            failed += 1
        elif found:
            if found.decision:
                unit.reprojections.count_moved(load.number)
            unit.reprojections.write([found], load.number)
    return failed


def caught_up(unit: Unit, case: Case, at: datetime) -> Case:
    """Return *case* after it has followed a load whose batches have not come to it yet; an act or a rung comes after that.

    The dates that moved are put down to the first of such loads whose days they rest on. What it writes belongs to the
    caller's commit.
    """
    pending = _awaiting(unit, case)
    if pending is None:
        return case
    load, stored = _load(unit, pending), unit.reprojections.rows([case.id])[0]
    decision = _redated(unit.rules, case, stored, at, load)
    if decision is None:
        return case
    unit.reprojections.count_moved(pending)
    unit.cases.save(case, decision, load=pending if stored.measured else None)
    return decision.case


def _awaiting(unit: Unit, case: Case) -> int | None:
    """The first load that a case has yet to follow: its batches have not come to it, and it rests on its days."""
    if not case.open_matters():
        return None
    for pending in unit.reprojections.unfinished():
        if case.id > pending.cursor and unit.reprojections.rests(case.id, touched_by(unit, pending.load)):
            return pending.load
    return None


def renew(unit: Unit, rules: Rules, case: Case, at: datetime) -> None:
    """Make the rows of a case say what *rules* say; a shown date that moves by it is written down and told."""
    projection = project(rules, case)
    stored = unit.reprojections.rows([case.id])[0]
    decision = (
        redate(rules, case, stored.shown, at, None, BEHIND, projection) if case.open_matters() else None
    )
    if decision is None:
        unit.projected.renew(case, projection)
    else:
        unit.cases.save(case, decision)


def foreseen(unit: Unit, after: InForce, at: datetime, load: Load) -> Iterator[Followed | Failed | None]:
    """Yield, for each open case that rests on days that *after* changes, what would be written down; nothing is."""
    rules = replace(unit.rules, calendar=after.national, office_calendars=after.offices)
    days = touched(unit.calendars.in_force(), after)
    cursor = ""
    while days and (batch := unit.reprojections.batch(days, cursor, BATCH)):
        cursor = batch[-1].id
        for stored in batch:
            yield _followed(rules, stored, at, load)


def touched_by(unit: Unit, load: int) -> tuple[Touched, ...]:
    """Return the days that a load changed, for the offices that count by them."""
    before, after = unit.calendars.as_of_load(load - 1), unit.calendars.as_of_load(load)
    return touched(before, after)


def touched(before: InForce, after: InForce) -> tuple[Touched, ...]:
    """Return the days on which two states of the calendars differ, offices with the same days together."""
    own = sorted(before.offices.keys() | after.offices.keys())
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
    """Return the unbroken runs of days that are, may yet become or may cease to be rest days in one calendar alone.

    What is not known of the days counts as well: it is what the earliest and the latest date rest on (K20).
    """
    # A load of one office's days leaves the calendars of all the others as they are.
    if before == after:
        return ()
    runs: list[list[int]] = []
    for day in _days_in_question(before, after):
        if _answers(before, day) != _answers(after, day):
            if runs and runs[-1][1] == day - 1:
                runs[-1][1] = day
            else:
                runs.append([day, day])
    return tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in runs)


def _days_in_question(before: Calendar, after: Calendar) -> list[int]:
    """The days, as ordinal numbers, that could differ: those that either one names, and all that a notice missing in either decides on."""
    years = before.published_years | after.published_years
    settled = before.published_years & after.published_years
    by_notice = {row.day for row in (*before.days, *after.days)}
    named = {day.toordinal() for day in by_notice | before.local_rest | after.local_rest}
    for year in range(min(years) - YEARS_BEYOND, max(years) + YEARS_BEYOND + 1):
        if year not in settled:
            # New Year of a year may reach back into the December before it.
            named.update(range(date(year - 1, 12, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    return sorted(named)


def _answers(calendar: Calendar, day: int) -> tuple[bool, bool, bool] | None:
    try:
        return calendar.rests(day), calendar.rests_at_earliest(day), calendar.rests_at_latest(day)
    except CalendarEnds:
        return None


def _followed(rules: Rules, stored: StoredRows, at: datetime, load: Load) -> Followed | Failed | None:
    """Return what has to be written for a case, or None where its rows are right."""
    try:
        projection = project(rules, stored.case)
        if stored.say(projection):
            return None
        decision = _redated(rules, stored.case, stored, at, load, projection)
    except (StoreAway, BrokenDefinition):
        # A definition that cannot be read is newer than this program: the case is left to a node that can.
        raise
    except Exception as error:
        # One case that cannot be looked at must not stop the others; whatever it is, it is said and counted.
        cause = f"{type(error).__name__}: {error}"
        log.error("case_not_redated", case=stored.id, load=load.number, cause=cause, exc_info=True)
        return Failed(stored.id, cause)
    return Followed(stored, projection, decision)


def _redated(
    rules: Rules, case: Case, stored: StoredRows, at: datetime, load: Load, after: Projection | None = None
) -> Decision | None:
    by, why = (load.loaded_by or None, load.notice) if stored.measured else (None, RECOUNTED)
    return redate(rules, case, stored.shown, at, by, why, after)


def _load(unit: Unit, number: int) -> Load:
    return next(load for load in unit.calendars.loads() if load.number == number)
