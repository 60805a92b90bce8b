"""The last days of a December are certain once the next year's notice is there: it may make them rest days, or have them worked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import chinese_calendar
import pytest

from engine.law.calendar import Calendar, CalendarDay
from engine.law.clock import ClockRule, read_clock
from engine.law.duration import Duration
from engine.law.festivals import FESTIVALS
from engine.law.leeway import leeway
from engine.law.terms import TermReading, last_day, last_day_before
from tests.law.histories import disagreement
from tests.law.notices import china_calendar
from tests.law.stories import DECIDERS, LABOUR, facts_of

CHINA = china_calendar()
HISTORY = range(2004, 2027)
"""The years whose days the seed knows; it names the days of a December in their own year, whichever notice decided them."""

LENGTHS = [*(Duration(n, "work days") for n in (1, 3, 5)), Duration(1, "days"), Duration(10, "days")]


@cache
def known(last: int) -> Calendar:
    """The calendar as it stood before the notice of the year after *last*: without what that said of December."""
    first = date(max(HISTORY[0], last - 1), 1, 1)
    days = (first + timedelta(n) for n in range((date(last, 12, 1) - first).days))
    named = (
        CalendarDay(day, rest=not chinese_calendar.is_workday(day))
        for day in days
        if chinese_calendar.is_workday(day) == (day.weekday() >= 5)
    )
    return Calendar.of(named, range(first.year, last + 1))


def decembers(year: int) -> list[date]:
    return [date(year, 12, day) for day in range(1, 32)]


def ending_on(day: date, calendar: Calendar) -> TermReading:
    """The term of ten days whose last day falls on *day* before it rolls."""
    return last_day(Duration(10, "days"), day - timedelta(10), calendar)


def in_band(told: TermReading, came: TermReading) -> bool:
    """Whether the last day as it *came* lies between the earliest and the latest that were *told*."""
    assert told.earliest is not None
    assert told.latest is not None
    assert came.due is not None
    return told.earliest <= came.due <= told.latest


# --- as it was --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "told", "earliest", "latest", "came", "why"),
    [
        ("2018-12-27", "2018-12-27", None, None, "2018-12-27", "a Thursday no block could reach"),
        ("2018-12-28", "2018-12-28", "2018-12-28", "2019-01-04", "2018-12-28", "a Friday that was worked after all"),
        ("2018-12-29", "2018-12-31", "2018-12-29", "2019-01-04", "2018-12-29", "a Saturday that was worked"),
        ("2018-12-30", "2018-12-31", "2018-12-30", "2019-01-04", "2019-01-02", "a Sunday before two days off"),
        ("2018-12-31", "2018-12-31", "2018-12-31", "2019-01-04", "2019-01-02", "a Monday joined to New Year"),
        ("2006-12-30", "2007-01-01", "2006-12-30", "2007-01-04", "2006-12-30", "a Saturday worked for 2 January"),
        ("2006-12-31", "2007-01-01", "2006-12-31", "2007-01-04", "2006-12-31", "and the Sunday for 3 January"),
        ("2007-12-29", "2007-12-31", "2007-12-29", "2008-01-04", "2007-12-29", "a Saturday worked for the Monday"),
        ("2007-12-31", "2007-12-31", "2007-12-31", "2008-01-04", "2008-01-02", "that Monday"),
        ("2011-12-30", "2011-12-30", "2011-12-30", "2012-01-05", "2011-12-30", "a Friday that was worked"),
        ("2011-12-31", "2012-01-02", "2011-12-31", "2012-01-05", "2011-12-31", "a Saturday worked for 3 January"),
    ],
)  # fmt: skip
def test_a_december_as_it_was_told_before_the_next_notice_and_after_it(
    raw: str, told: str, earliest: str | None, latest: str | None, came: str, why: str
) -> None:
    day = date.fromisoformat(raw)
    before, after = ending_on(day, known(day.year)), ending_on(day, known(day.year + 1))

    assert before.provisional is (earliest is not None), why
    band = tuple(date.fromisoformat(one or told) for one in (earliest, told, latest))
    assert (before.earliest, before.due, before.latest) == band, why
    assert (after.earliest, after.due, after.latest) == (date.fromisoformat(came),) * 3, why
    assert not after.provisional


@pytest.mark.parametrize("year", HISTORY[:-1])
def test_of_the_decembers_since_2004_none_left_its_band(year: int) -> None:
    before, after = known(year), known(year + 1)
    for day in (day + timedelta(n) for day in decembers(year) for n in (0, -20)):
        for length in LENGTHS:
            told, came = last_day(length, day, before), last_day(length, day, after)
            if came.due is None or came.due.year > year + 1 or came.provisional:
                continue
            assert in_band(told, came), (length, day)
            assert told.provisional or told.due == came.due, (length, day)


# --- whatever a notice does -------------------------------------------------------------------------------


def notices(year: int) -> Iterator[list[CalendarDay]]:
    """Every block that a notice could make of New Year of *year*, with every choice of weekend days worked for it.

    By the regulation alone, without a look at `leeway.py`: days on end about 1 January; on a weekend it is made up on a
    working day; two more at most are exchanged for days of a weekend in the week before or after.
    """
    new_year = date(year, 1, 1)
    for before in range(8):
        for after in range(8):
            block = [new_year + timedelta(n) for n in range(-before, after + 1)]
            taken = [day for day in block if day.weekday() < 5 and day != new_year]
            exchanged = max(0, len(taken) - (new_year.weekday() >= 5))
            beside = [block[0] - timedelta(n) for n in range(1, 8)] + [
                block[-1] + timedelta(n) for n in range(1, 8)
            ]
            weekends = [day for day in beside if day.weekday() >= 5]
            if exchanged <= 2:
                for worked in combinations(weekends, exchanged):
                    yield [
                        *(CalendarDay(day, rest=True) for day in block),
                        *(CalendarDay(day, rest=False) for day in worked),
                    ]


# The New Years after these fall on the seven days of the week; nothing else is played with.
@pytest.mark.parametrize("year", [2010, 2011, 2012, 2013, 2014, 2015, 2017])
def test_whatever_the_next_notice_does_lies_in_the_band_that_was_told(year: int) -> None:
    before = known(year)
    terms = [(length, date(year, 12, day)) for length in LENGTHS for day in range(14, 31)]
    told = {term: last_day(*term, before) for term in terms}
    hearings = [date(year + 1, 1, day) for day in range(2, 10)]
    back = {hearing: last_day_before(LENGTHS[2], hearing, before) for hearing in hearings}
    moved = set[date | None]()
    made = [*notices(year + 1)]
    for named in made:
        after = Calendar.of([*before.days, *named], [*before.published_years, year + 1])
        for term, early in told.items():
            late = last_day(*term, after)
            assert in_band(early, late), (term, named)
            if early.due != late.due:
                assert early.provisional, (term, named)
                moved.add(early.earliest)
        for hearing, early in back.items():
            late = last_day_before(LENGTHS[2], hearing, after)
            assert in_band(early, late), (hearing, named)
            assert early.provisional or early.due == late.due, (hearing, named)
    assert len(made) > 30
    assert any(day and day.year == year for day in moved)


# --- which days -------------------------------------------------------------------------------------------


def open_days(calendar: Calendar, year: int) -> list[int]:
    return [
        day.day
        for day in decembers(year)
        if calendar.is_rest_at_earliest(day) != calendar.is_rest_at_latest(day)
    ]


@pytest.mark.parametrize(
    ("last", "days", "why"),
    [
        (2024, [21, 22, 28, 29, 30, 31], "before a Wednesday: Monday, Tuesday, and two weekends"),
        (2025, [27, 28, 30, 31], "before a Thursday: Tuesday, Wednesday, and the weekend before those"),
        (2026, [26, 27, 30, 31], "before a Friday: Wednesday, Thursday, and the weekend before those"),
    ],
)
def test_the_days_the_next_notice_may_change_are_open_and_no_others(
    last: int, days: list[int], why: str
) -> None:
    calendar = china_calendar(*range(2024, last + 1))

    assert open_days(calendar, last) == days, why
    assert [day.day for day in decembers(last) if not calendar.is_settled(day)] == days
    assert all(calendar.is_settled(date(last, month, 28)) for month in range(1, 12))


def test_the_next_notice_settles_the_days_it_might_have_changed() -> None:
    assert open_days(china_calendar(2024, 2025), 2024) == []
    assert all(map(china_calendar(2024, 2025).is_settled, decembers(2024)))


def test_a_year_without_a_notice_between_two_leaves_the_december_before_it_open() -> None:
    calendar = china_calendar(2024, 2026)

    assert open_days(calendar, 2024) == [21, 22, 28, 29, 30, 31]
    assert not calendar.is_settled(date(2025, 12, 31))
    assert calendar.is_settled(date(2026, 1, 2))


@pytest.mark.parametrize(
    "calendar",
    [
        CHINA, china_calendar(2024), china_calendar(2024, 2025), china_calendar(2024, 2026),
        CHINA.with_rest_days([date(2026, 12, 27), date(2026, 12, 30)]),
    ],
)  # fmt: skip
def test_a_span_is_settled_where_each_of_its_days_is(calendar: Calendar) -> None:
    days = [date(year, 12, day) for year in (2023, 2024, 2025, 2026) for day in range(18, 32)]
    for first in days:
        for many in range(20):
            span = [first + timedelta(n) for n in range(many + 1)]
            settled = calendar.settled(span[0].toordinal(), span[-1].toordinal())
            assert settled is all(map(calendar.is_settled, span)), (first, many)


def test_a_day_on_which_an_office_rests_anyway_is_settled_before_any_notice() -> None:
    monday = date(2024, 12, 30)
    office = china_calendar(2024).with_rest_days([monday])

    assert not china_calendar(2024).is_settled(monday)
    assert office.is_settled(monday)


def test_no_notice_reaches_into_the_year_after_its_own() -> None:
    """So a January is decided by the notice of its own year alone."""
    for year in FESTIVALS:
        open_ = leeway(year)
        assert max(open_.rest | open_.worked) <= date(year, 12, 31).toordinal(), year
        assert min(open_.rest | open_.worked) >= date(year - 1, 12, 15).toordinal(), year


def test_a_term_that_only_leads_past_open_days_is_certain() -> None:
    """Natural days do not care what 21 December 2024 was; work days do."""
    calendar = china_calendar(2024)

    assert not last_day(Duration(10, "days"), date(2024, 12, 13), calendar).provisional
    assert last_day(Duration(7, "work days"), date(2024, 12, 13), calendar).provisional


# --- clocks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [LABOUR, ClockRule(Duration(1, "months"), Duration(9, "days"), DECIDERS)])
def test_both_ways_of_counting_agree_on_every_clock_that_ends_in_the_last_days_of_a_december(
    rule: ClockRule,
) -> None:
    calendars = [
        CHINA,
        china_calendar(2024, 2025),
        china_calendar(2024, 2026),
        CHINA.with_rest_days([date(2026, 12, 30)]),
    ]
    stories = [("", 0, 0), ("suspended A", 27, 29), ("suspended A", 30, 33), ("publication 3 days", 26, 0)]
    doubtful = 0
    for start in (date(year, 11, day) for year in (2025, 2026) for day in (*range(10, 18), 26, 28, 30)):
        for story in stories:
            facts = facts_of(f"{start} accepted", *_told(start.year, *story))
            for calendar in calendars:
                assert disagreement(facts, rule, calendar, None) == "", (start, story)
                reading = read_clock(rule, facts, calendar)
                doubtful += reading.provisional and bool(reading.due and reading.due.year == start.year)
    assert doubtful > 30


def _told(year: int, what: str, first: int, until: int) -> list[str]:
    """A stop on a day of December, and its end on a day that is counted on from there."""
    ends = [f"{date(year, 12, 1) + timedelta(until - 1)} resumed A"] if until else []
    return [f"{year}-12-{first} {what}", *ends] if what else []


def test_an_extension_on_a_day_that_may_yet_be_in_time_is_no_later_than_the_last_day() -> None:
    """The 45th day is Thursday 31 December 2026: nobody can say yet that it has passed."""
    story = ("2026-11-16 accepted", "2027-01-04 extension 15 days by director")
    reading = read_clock(LABOUR, facts_of(*story[:1]), CHINA)

    assert (reading.due, reading.due_earliest) == (date(2026, 12, 31), date(2026, 12, 31))
    assert (reading.due_latest, reading.provisional) == (date(2027, 1, 6), True)
    assert not reading.overdue_on(date(2027, 1, 6))
    assert read_clock(LABOUR, facts_of(*story), CHINA).refused == ()


def test_a_due_date_ceases_to_be_provisional_with_the_next_notice() -> None:
    facts = facts_of("2025-11-16 accepted")

    early, late = (
        read_clock(LABOUR, facts, china_calendar(*years)) for years in ((2024, 2025), (2024, 2025, 2026))
    )

    assert (early.due, early.due_latest, early.provisional) == (date(2025, 12, 31), date(2026, 1, 6), True)
    assert (late.due, late.due_latest, late.provisional) == (date(2025, 12, 31), date(2025, 12, 31), False)
