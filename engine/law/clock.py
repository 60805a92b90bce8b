"""The clock: an award period read from its facts, never stored.

Room for: the reading itself, what it holds and how it is put together.
May not enter: the walk through the days (`walk.py` checks this one, so they share no arithmetic), cases, persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from engine.law.calendar import Calendar
from engine.law.course import Course
from engine.law.docket import Docket
from engine.law.facts import ClockFact, ClockRule
from engine.law.refusals import OVERRIDABLE, RefusedFact
from engine.law.stops import NEVER
from engine.law.terms import length_in_days

__all__ = ["ClockFact", "ClockRule", "ClockState", "Reading", "RefusedFact", "read_clock"]

ClockState = Literal["not_started", "running", "paused", "ended"]


class Reading(NamedTuple):
    """What a clock says. Dates are None while nothing can be said: not started, or a suspension open (K11).

    Counts stand at the end, else at *as_of*, else (but for a paused clock) they are None. ``raw_…`` is
    the day before rolling; ``…_earliest`` and ``…_latest`` are the band of K20, else the date itself;
    overdue is said only after the latest. *counted_days* runs on after the last day, *remaining_days*
    stops at 0; *stopped_days* are those since the latest day 0. A running publication leaves the
    clock ``running``: its due date is known. *refused*, *late_entries* (K22) and *breaches* (let
    stand by override, K9) name facts by their index.
    """

    state: ClockState
    clock_start: date | None = None
    total_length_days: int | None = None
    raw_due: date | None = None
    due: date | None = None
    due_earliest: date | None = None
    due_latest: date | None = None
    raw_target_due: date | None = None
    target_due: date | None = None
    target_earliest: date | None = None
    target_latest: date | None = None
    provisional: bool = False
    counted_days: int | None = None
    remaining_days: int | None = None
    stopped_days: int | None = None
    on_time: bool | None = None
    quick_close: bool | None = None
    quick_last_day: date | None = None
    refused: tuple[RefusedFact, ...] = ()
    breaches: tuple[RefusedFact, ...] = ()
    late_entries: tuple[int, ...] = ()

    def overdue_on(self, day: date) -> bool:
        """Return whether *day* lies after the last day of a clock that has not ended, beyond doubt (K20)."""
        return self.state != "ended" and self.due_latest is not None and day > self.due_latest


def read_clock(
    rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None
) -> Reading:
    """Return what the clock under *rule* says after *facts*, given in the order they were recorded.

    Facts take effect by date, then in recorded order (K21). With *as_of* those dated later have not
    happened yet. A refused fact changes nothing. A late fact can turn an earlier entry into a refused
    one, so compare the whole of ``refused`` before and after adding one. Raises CalendarEnds when the
    due date leaves the calendar. Source: HR 45 to 47; CPL 85; CC 202; K1 to K22.
    """
    docket = Docket(facts, as_of)
    if docket.start is None:
        return Reading(state="not_started", refused=docket.refusals())
    course = Course(rule, calendar, docket.start.on)
    if course.entered_late(docket.start):
        docket.late.append(docket.start_index)
    lagging = docket.lagging
    for day, resumes, index, fact in docket.standing:
        # A stopped clock has no due date, so a resumption is judged by the one it brings back.
        late = lagging and not resumes and course.entered_late(fact)
        code = course.take(fact, day)
        if code is not None:
            _object(course, docket, index, code)
        elif lagging and (late or (resumes and course.entered_late(fact))):
            docket.late.append(index)
    if docket.end is not None and course.entered_late(docket.end):
        docket.late.append(docket.end_index)
    return _reading(course, docket, as_of)


def _object(course: Course, docket: Docket, index: int, code: str) -> None:
    """Note why the fact at *index* does not count, or that it counts by override alone."""
    fact = docket.facts[index]
    if code == "RESUME_WITHOUT_SUSPEND":
        docket.refuse_resumption(index, fact)
    elif fact.overridden and code in OVERRIDABLE:
        docket.breaches.append(RefusedFact(index, code, _day(course.overstepped)))
    elif code.endswith("_AFTER_EXPIRY"):
        docket.refuse(index, code, _day(course.overstepped))
    else:
        docket.refuse(index, code, None, course.allowance())


def _reading(course: Course, docket: Docket, as_of: date | None) -> Reading:
    """Read everything off the clock as it stands after its last fact."""
    end = docket.end
    raw = course.nth(course.total)
    due, earliest, latest, provisional = course.band(raw)
    raw_target = target = target_earliest = target_latest = NEVER
    if course.rule.target is not None:
        raw_target = course.nth(length_in_days(course.rule.target, course.start))
        target, target_earliest, target_latest, also = course.band(raw_target)
        provisional = provisional or also
    half = course.base // 2
    counted, stopped = course.counts(end.on if end else as_of)
    last_day, last_day_of_target = _day(due), _day(target)
    # By place, in the order of the fields: by name it would cost as much as half the counting.
    return Reading(
        "ended" if end else "paused" if course.open else "running",
        course.start,
        course.total,
        _day(raw),
        last_day,
        last_day if earliest == due else _day(earliest),
        last_day if latest == due else _day(latest),
        _day(raw_target),
        last_day_of_target,
        last_day_of_target if target_earliest == target else _day(target_earliest),
        last_day_of_target if target_latest == target else _day(target_latest),
        provisional,
        counted,
        None if counted is None else max(0, course.total - counted),
        stopped,
        end.on.toordinal() <= latest if end else None,
        counted <= half if end and counted is not None else None,
        _day(course.nth(half)),
        docket.refusals(),
        tuple(docket.breaches),
        tuple(sorted(docket.late)) if docket.late else (),
    )


def _day(number: int) -> date | None:
    return None if number >= NEVER else date.fromordinal(number)
