"""Terms: from a day that starts a procedural limit to the last day on which acting is in time.

Room for: plain limits in days, work days and months, limits counted backwards, deemed service, posting.
May not enter: the award clock (`clock.py`), what a missed limit leads to.
"""

from __future__ import annotations

import calendar as almanac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import CalendarEnds
from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.stops import NEVER, Span, Stop, nth_counted, rolled, union
from engine.text import Text

POSTING = Duration(3, "work days")

_BEYOND_TIME = Text("期限超出公历可以表示的日期。", "The limit ends on a date that cannot be written.")


@dataclass(frozen=True, slots=True)
class TermReading:
    """The last day of a term. *raw_due* is the day before rolling; all are None while a stop is open.

    *earliest* and *latest* are the band that a holiday notice to come leaves (K20), else both are *due*.
    """

    due: date | None
    raw_due: date | None
    earliest: date | None
    latest: date | None
    provisional: bool


def last_day(limit: Duration, start: date, calendar: Calendar, stops: Sequence[Stop] = ()) -> TermReading:
    """Return the last day of *limit* from *start*; acting on that day is in time.

    The start day is not counted. Days and months run over rest days and are rolled once, at the end;
    a month ends on the corresponding day or the last of the month. Work days are counted one by
    one and never rolled (K17). Days in *stops* are stepped over: leave them out for a term that
    runs while the case is suspended. Raises CalendarEnds beyond the table, ValueError below 0.
    Source: HR 19, 80; CPL 85; CC 201 to 203; K10, K16, K17.
    """
    if limit.count < 0:
        raise ValueError(f"a term cannot be shorter than nothing: {limit}")
    spans = union([stop.span() for stop in stops])
    zero = start.toordinal()
    if limit.unit == "work days":
        due = raw = _nth_work_day(zero, limit.count, spans, calendar.rests)
        doubtful = zero + 1
    else:
        raw = nth_counted(zero, length_in_days(limit, start), spans)
        due = rolled(raw, spans, calendar.rests)
        doubtful = raw
    if due >= NEVER:
        return TermReading(None, _day(raw), None, None, provisional=False)
    last = date.fromordinal(due)
    if calendar.settled(doubtful, due):
        return TermReading(last, _day(raw), last, last, provisional=False)
    if limit.unit == "work days":
        earliest = _nth_work_day(zero, limit.count, spans, calendar.rests_at_earliest)
        latest = _nth_work_day(zero, limit.count, spans, calendar.rests_at_latest)
    else:
        earliest = rolled(raw, spans, calendar.rests_at_earliest)
        latest = rolled(raw, spans, calendar.rests_at_latest)
    return TermReading(last, _day(raw), _day(earliest), _day(latest), provisional=True)


def plain_last_day(limit: Duration, start: date, stops: Sequence[Stop] = ()) -> TermReading:
    """Return the last day of *limit* as it falls, rest day or not: nobody has to act on it, so no calendar is asked.

    As `last_day` otherwise; not for work days. Raises CalendarEnds past the last date that can be written.
    """
    raw = nth_counted(start.toordinal(), length_in_days(limit, start), union([stop.span() for stop in stops]))
    if raw != NEVER and raw > date.max.toordinal():
        raise CalendarEnds(_BEYOND_TIME)
    day = _day(raw)
    return TermReading(day, day, day, day, provisional=False)


def last_day_before(
    limit: Duration, event_on: date, calendar: Calendar, *, clear: bool = False
) -> TermReading:
    """Return the last day on which something due *limit* before *event_on* is in time.

    Work days are counted back from the event's day, which is not counted; acting on the last of
    them is in time, or with *clear* on the working day before it. Days and months before are
    plain dates, never rolled. Counting back, rest days bring the day forward: *earliest* has every
    day at rest that may yet be, and *latest* every weekend worked that may yet be (K20). Raises
    CalendarEnds. Source: HR 38, 80; K18.
    """
    if limit.unit != "work days":
        months, days = (limit.count, 0) if limit.unit == "months" else (0, limit.count)
        day = _days_from(months_after(event_on, -months), -days - clear)
        return TermReading(day, day, day, day, provisional=False)
    event, count = event_on.toordinal(), limit.count + clear
    due = _nth_work_day_back(event, count, calendar.rests)
    last = date.fromordinal(due)
    if due == event or calendar.settled(due, event - 1):
        return TermReading(last, last, last, last, provisional=False)
    earliest = date.fromordinal(_nth_work_day_back(event, count, calendar.rests_at_latest))
    latest = date.fromordinal(_nth_work_day_back(event, count, calendar.rests_at_earliest))
    return TermReading(last, last, earliest, latest, provisional=True)


def deemed_served_by_publication(on: date, days: int = 30) -> date:
    """Return the day service by publication takes effect: *days* after *on*, not rolled, nobody has to act.

    30 days; 60 for a party without domicile in China. Source: CPL 95, 283(2); K3. Raises CalendarEnds.
    """
    return _days_from(on, days)


def deemed_served_by_posting(on: date, calendar: Calendar) -> date:
    """Return the day papers left or posted up *on* that day count as served: the third working day after.

    Source: HR 20, 80. Raises CalendarEnds.
    """
    return date.fromordinal(_nth_work_day(on.toordinal(), POSTING.count, (), calendar.rests))


def timely(due: date, posted_on: date) -> bool:
    """Return whether papers posted on *posted_on* (the postmark) are in time; transit never counts (K19)."""
    return posted_on <= due


def months_after(day: date, months: int) -> date:
    """Return the corresponding day *months* later, or that month's last day if it has none (CC 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise CalendarEnds(_BEYOND_TIME)
    return date(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def length_in_days(limit: Duration, start: date) -> int:
    """Return how many natural days *limit* comes to when *start* is its day 0 (K16); not for work days."""
    if limit.unit == "days":
        return limit.count
    if limit.unit == "work days":
        raise ValueError(f"work days cannot be counted as natural days: {limit}")
    return (months_after(start, limit.count) - start).days


def _nth_work_day(zero: int, count: int, stops: Sequence[Span], rests: Callable[[int], bool]) -> int:
    day = zero
    for _ in range(count):
        day = rolled(day + 1, stops, rests)
        if day >= NEVER:
            break
    return day


def _nth_work_day_back(event: int, count: int, rests: Callable[[int], bool]) -> int:
    day = event
    for _ in range(count):
        day -= 1
        while rests(day):
            day -= 1
    return day


def _days_from(day: date, days: int) -> date:
    if not 1 <= day.toordinal() + days <= date.max.toordinal():
        raise CalendarEnds(_BEYOND_TIME)
    return day + timedelta(days)


def _day(number: int) -> date | None:
    return None if number >= NEVER else date.fromordinal(number)
