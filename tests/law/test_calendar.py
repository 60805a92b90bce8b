"""The calendar knows the notices, rolls over rest days and says how far a year without a notice can be trusted."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from engine.errors import CalendarEnds
from engine.law.calendar import Calendar, CalendarDay
from engine.law.duration import Duration
from engine.law.festivals import FESTIVALS, statutory_days
from engine.law.leeway import leeway
from engine.law.terms import last_day
from engine.store.calendars import seed
from tests.law.notices import OF_NO_FESTIVAL, china_calendar

CHINA = china_calendar()


def every_day(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last, 12, 31) - start).days + 1)]


@pytest.mark.parametrize(
    ("day", "rest", "why"),
    [
        ("2024-02-09", False, "New Year's Eve 2024 was a working day"),
        ("2024-02-10", True, "first day of Spring Festival"),
        ("2024-02-18", False, "a Sunday worked in exchange"),
        ("2024-05-11", False, "a Saturday worked in exchange"),
        ("2025-10-08", True, "National Day and Mid-Autumn together, the eighth day"),
        ("2025-10-09", False, "back to work"),
        ("2026-01-02", True, "a Friday that the notice made a rest day"),
        ("2026-06-22", False, "the Monday after Dragon Boat"),
        ("2025-06-21", True, "an ordinary Saturday"),
        ("2025-06-24", False, "an ordinary Tuesday"),
    ],
)
def test_a_day_is_what_its_notice_says(day: str, rest: bool, why: str) -> None:
    assert CHINA.is_rest(date.fromisoformat(day)) is rest, why
    assert CHINA.is_work(date.fromisoformat(day)) is not rest, why


def test_the_notices_agree_with_the_seed_on_every_day_of_three_years() -> None:
    differing = [
        day for day in every_day(2024, 2026) if CHINA.is_work(day) != chinese_calendar.is_workday(day)
    ]

    assert differing == []


@pytest.mark.parametrize(
    ("day", "rolled", "why"),
    [
        ("2026-02-19", "2026-02-24", "out of Spring Festival"),
        ("2025-06-21", "2025-06-23", "a plain weekend"),
        ("2025-09-27", "2025-09-28", "the Sunday is worked, so the roll stops there"),
        ("2024-05-11", "2024-05-11", "a worked Saturday does not roll"),
        ("2024-04-18", "2024-04-18", "nor does a working day"),
    ],
)
def test_a_rest_day_rolls_to_the_first_working_day(day: str, rolled: str, why: str) -> None:
    assert CHINA.next_work_day(date.fromisoformat(day)) == date.fromisoformat(rolled), why


def test_a_day_names_the_notice_that_decides_it() -> None:
    assert CHINA.notice_of(date(2025, 10, 1)) == "国务院办公厅2025年放假通知"
    assert CHINA.notice_of(date(2025, 6, 21)) == ""


def test_an_office_may_rest_on_days_of_its_own_even_on_adjusted_working_days() -> None:
    office = CHINA.with_rest_days([date(2025, 6, 24), date(2025, 9, 28)])

    assert office.is_rest(date(2025, 6, 24))
    assert office.next_work_day(date(2025, 9, 27)) == date(2025, 9, 29)
    assert CHINA.is_work(date(2025, 6, 24)), "the calendar it came from stays as it was"


def test_equal_tables_are_equal_calendars() -> None:
    again = Calendar.of(reversed(CHINA.days), CHINA.published_years)

    assert again == CHINA
    assert hash(again) == hash(CHINA)
    assert CHINA.with_rest_days([date(2025, 6, 24)]) != CHINA


def test_a_calendar_without_any_notice_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        Calendar.of([], [])


def test_only_years_with_a_notice_are_published() -> None:
    assert [year for year in range(2022, 2030) if CHINA.published(year)] == [2024, 2025, 2026]


@pytest.mark.parametrize("day", ["2022-01-01", "2023-07-05", "2027-03-03", "2028-12-31"])
def test_two_years_beyond_the_table_are_answered_by_the_weekend_rule(day: str) -> None:
    asked = date.fromisoformat(day)

    assert CHINA.is_rest(asked) is (asked.weekday() >= 5)


@pytest.mark.parametrize("day", ["2021-12-31", "2029-01-01", "0001-01-01", "9999-12-31"])
def test_a_year_further_away_is_an_error_that_says_what_to_do(day: str) -> None:
    with pytest.raises(CalendarEnds, match=r"2022 to 2028.*holiday notice") as told:
        CHINA.is_rest(date.fromisoformat(day))

    assert day in told.value.sentence.zh


@pytest.mark.parametrize(
    ("raw", "earliest", "due", "latest", "why"),
    [
        ("2027-01-15", "2027-01-15", "2027-01-15", "2027-01-15", "a Friday far from any festival"),
        ("2027-01-16", "2027-01-18", "2027-01-18", "2027-01-18", "a Saturday far from any festival"),
        ("2027-01-09", "2027-01-09", "2027-01-11", "2027-01-11", "a Saturday that may be worked for New Year"),
        ("2027-01-01", "2027-01-01", "2027-01-01", "2027-01-06", "a Friday, its weekend, two working days"),
        ("2027-01-29", "2027-01-29", "2027-01-29", "2027-01-29", "a week before the eve of Spring Festival"),
        ("2027-02-04", "2027-02-04", "2027-02-04", "2027-02-15", "Spring Festival may begin early or end late"),
        ("2027-02-11", "2027-02-11", "2027-02-11", "2027-02-15", "two of its four days made up, two exchanged"),
        ("2027-02-20", "2027-02-20", "2027-02-22", "2027-02-22", "the weekend after it may be worked"),
        ("2027-02-27", "2027-03-01", "2027-03-01", "2027-03-01", "the one after that may not"),
        ("2027-04-05", "2027-04-05", "2027-04-05", "2027-04-08", "Qingming is a Monday: with two days more"),
        ("2027-04-03", "2027-04-03", "2027-04-05", "2027-04-08", "the weekend before it: worked, or at rest"),
        ("2027-05-01", "2027-05-03", "2027-05-03", "2027-05-07", "a day off is not worked, though a Saturday"),
        ("2027-06-09", "2027-06-09", "2027-06-09", "2027-06-14", "Dragon Boat with two days, then a weekend"),
        ("2027-09-14", "2027-09-14", "2027-09-14", "2027-09-20", "Mid-Autumn of a Wednesday, either way"),
        ("2027-10-07", "2027-10-07", "2027-10-07", "2027-10-08", "two days made up, two exchanged: 4 to 7"),
        ("2027-10-08", "2027-10-08", "2027-10-08", "2027-10-08", "a fifth cannot be at rest"),
        ("2028-10-03", "2028-10-03", "2028-10-03", "2028-10-10", "Mid-Autumn on a day off makes it longer"),
    ],
)  # fmt: skip
def test_k20_a_year_without_a_notice_gives_a_band(
    raw: str, earliest: str, due: str, latest: str, why: str
) -> None:
    term = last_day(Duration(10, "days"), date.fromisoformat(raw) - timedelta(days=10), CHINA)

    assert term.provisional
    assert (term.earliest, term.due, term.latest) == tuple(
        map(date.fromisoformat, (earliest, due, latest))
    ), why


def test_k20_the_band_of_a_published_year_is_the_date_itself() -> None:
    term = last_day(Duration(10, "days"), date(2025, 9, 23), CHINA)

    assert (term.due, term.earliest, term.latest, term.provisional) == (*[date(2025, 10, 9)] * 3, False)


def test_k20_a_due_date_that_rolls_into_a_year_without_a_notice_is_provisional() -> None:
    two_years = china_calendar(2024, 2025)
    office = two_years.with_rest_days([date(2025, 12, day) for day in (29, 30, 31)])

    assert last_day(Duration(1, "days"), date(2025, 12, 28), office).provisional
    assert not last_day(Duration(1, "days"), date(2025, 12, 28), two_years).provisional


def test_k20_whatever_a_notice_has_ever_done_it_may_do() -> None:
    done = [row for rows in seed().values() for row in rows if row.day not in OF_NO_FESTIVAL]
    years = {row.day.year for row in done}
    may = {year: (leeway(year), leeway(year + 1)) for year in years}
    named = [row for row in done if not row.rest or row.day.weekday() < 5]

    strange = [
        row.day
        for row in named
        if not any(row.day.toordinal() in (one.rest if row.rest else one.worked) for one in may[row.day.year])
    ]

    assert strange == []
    assert len(years) >= 19
    assert sum(row.rest for row in named) > 300
    assert sum(not row.rest for row in named) > 100


def test_k20_far_from_every_festival_nothing_is_left_to_a_notice() -> None:
    for year in (2027, 2028):
        open_ = leeway(year).rest | leeway(year).worked
        months = {date.fromordinal(number).month for number in open_}
        assert months <= {12, 1, 2, 3, 4, 5, 6, 9, 10}
        off = {day.toordinal() for days in statutory_days(year).values() for day in days}
        assert off <= leeway(year).rest
        assert not off & leeway(year).worked


def test_k20_the_band_never_touches_a_published_year_but_for_the_december_before_one_that_is_not() -> None:
    differing = [
        day
        for day in every_day(2024, 2026)
        if day < date(2026, 12, 26)
        if not CHINA.is_rest(day) == CHINA.is_rest_at_latest(day) == CHINA.is_rest_at_earliest(day)
    ]

    assert differing == []


def test_k20_a_day_on_which_an_office_rests_anyway_is_not_worked_for_a_festival() -> None:
    saturday = date(2027, 1, 9)
    office = CHINA.with_rest_days([saturday])

    assert not CHINA.is_rest_at_earliest(saturday)
    assert office.is_rest_at_earliest(saturday)


def test_loading_the_notice_settles_a_provisional_date() -> None:
    before, after = china_calendar(2024, 2025), CHINA
    provisional = last_day(Duration(45, "days"), date(2026, 1, 5), before)
    settled = last_day(Duration(45, "days"), date(2026, 1, 5), after)

    assert provisional.provisional
    assert not settled.provisional
    assert provisional.earliest is not None
    assert provisional.latest is not None
    assert settled.due is not None
    assert provisional.earliest <= settled.due <= provisional.latest


def test_a_calendar_takes_a_row_for_each_day_it_is_told() -> None:
    storm = CalendarDay(date(2025, 6, 24), rest=True, notice="市政府台风停工通知")

    calendar = Calendar.of([*CHINA.days, storm], CHINA.published_years)

    assert calendar.is_rest(storm.day)
    assert calendar.notice_of(storm.day) == "市政府台风停工通知"


def test_the_festivals_fall_in_their_seasons() -> None:
    for year, festivals in FESTIVALS.items():
        assert date(year, 1, 21) <= festivals["spring"] <= date(year, 2, 20)
        assert festivals["qingming"] in (date(year, 4, 4), date(year, 4, 5))
        assert date(year, 5, 26) <= festivals["dragon_boat"] <= date(year, 6, 26)
        # Dragon Boat and Mid-Autumn lie 98 to 100 days apart, one lunar month more in a leap year between.
        assert (festivals["mid_autumn"] - festivals["dragon_boat"]).days in (
            *range(97, 101),
            *range(126, 131),
        )
