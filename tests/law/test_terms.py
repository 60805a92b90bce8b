"""Plain limits: days, months and work days, forwards and backwards, deemed service, posting."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import CalendarEnds
from engine.law.duration import Duration
from engine.law.stops import Stop
from engine.law.terms import (
    deemed_served_by_posting,
    deemed_served_by_publication,
    last_day,
    last_day_before,
    length_in_days,
    months_after,
    timely,
)
from tests.law.notices import china_calendar

CHINA = china_calendar()


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("served_on", "limit", "due", "why"),
    [
        ("2024-03-01", "15 days", "2024-03-18", "day 15 is a Saturday, so Monday"),
        ("2024-03-04", "15 days", "2024-03-19", "the day of service is not counted"),
        ("2024-03-02", "15 days", "2024-03-18", "day 15 is a Sunday, so Monday too"),
        ("2024-01-31", "1 month", "2024-02-29", "no 31 February, a leap year"),
        ("2025-01-31", "1 month", "2025-02-28", "no 31 February, a common year"),
        ("2024-12-15", "2 months", "2025-02-17", "the corresponding day is a Saturday"),
        ("2025-05-31", "5 work days", "2025-06-09", "received on a rest day; 3 to 6 and 9 June"),
        ("2025-09-26", "1 work day", "2025-09-28", "a worked Sunday counts"),
        ("2025-09-29", "2 work days", "2025-10-09", "the holiday does not"),
    ],
)
def test_a_term_ends_on_its_last_day(served_on: str, limit: str, due: str, why: str) -> None:
    assert last_day(Duration.parse(limit), on(served_on), CHINA).due == on(due), why


def test_k6_completed_papers_move_the_receipt_day_and_nothing_else() -> None:
    """The five days run from the day the papers were complete, not from the day they first came."""
    assert last_day(Duration(5, "work days"), on("2026-02-12"), CHINA).due == on("2026-02-26")


def test_k17_work_days_are_never_rolled() -> None:
    term = last_day(Duration(10, "work days"), on("2025-01-20"), CHINA)

    assert term.raw_due == term.due == on("2025-02-08"), "the tenth working day, an adjusted Saturday"


@pytest.mark.parametrize(
    ("limit", "due", "why"),
    [
        ("5 work days", "2025-06-23", "4 June, then 17, 18, 19 and Mon 23: the office rests on the 20th"),
        ("10 days", "2025-06-25", "4 June is day 1, 17 June day 2, 25 June day 10"),
    ],
)
def test_k17_a_term_steps_over_the_days_it_is_suspended(limit: str, due: str, why: str) -> None:
    office = CHINA.with_rest_days([on("2025-06-20")])
    stops = [Stop(on("2025-06-05"), on("2025-06-17"))]

    term = last_day(Duration.parse(limit), on("2025-06-03"), office, stops)

    assert term.due == on(due), why


def test_k17_a_term_has_no_last_day_while_it_is_suspended() -> None:
    for limit in (Duration(5, "work days"), Duration(10, "days"), Duration(1, "months")):
        term = last_day(limit, on("2025-06-03"), CHINA, [Stop(on("2025-06-05"))])

        assert (term.due, term.raw_due, term.earliest, term.latest) == (None, None, None, None)


def test_k17_a_stop_that_opens_after_the_last_day_changes_nothing() -> None:
    term = last_day(Duration(5, "work days"), on("2025-06-03"), CHINA, [Stop(on("2025-06-11"))])

    assert term.due == on("2025-06-10")


def test_k10_the_last_day_rolls_over_a_stop_as_over_a_rest_day() -> None:
    term = last_day(Duration(2, "days"), on("2025-06-19"), CHINA, [Stop(on("2025-06-22"), on("2025-06-25"))])

    assert (term.raw_due, term.due) == (on("2025-06-21"), on("2025-06-25"))


def test_k20_work_days_that_run_into_a_year_without_a_notice_are_provisional() -> None:
    term = last_day(Duration(5, "work days"), on("2026-12-29"), CHINA)

    assert term.provisional
    assert term.due == on("2027-01-05")
    assert term.earliest == on("2027-01-03"), "the weekend may be worked"
    assert term.latest == on("2027-01-12"), "30 and 31 December, 1, 4 and 5 January may be at rest"


def test_k20_a_work_day_counted_in_a_year_without_a_notice_makes_the_term_provisional() -> None:
    """Natural days do not care what 29 December 2023 was; work days do."""
    assert last_day(Duration(5, "work days"), on("2023-12-28"), CHINA).provisional
    assert not last_day(Duration(8, "days"), on("2023-12-28"), CHINA).provisional


@pytest.mark.parametrize(
    ("limit", "hearing", "latest", "why"),
    [
        (
            "5 work days",
            "2025-10-13",
            "2025-09-29",
            "back over National Day: 11 (worked), 10, 9 Oct, 30, 29 Sep",
        ),
        ("3 work days", "2026-02-26", "2026-02-14", "25, 24 and the worked Saturday before the holiday"),
        ("3 work days", "2025-06-21", "2025-06-18", "a hearing on a Saturday: 20, 19, 18"),
        ("5 days", "2025-06-23", "2025-06-18", "natural days are plainly counted back"),
        ("1 month", "2025-03-31", "2025-02-28", "and months land on the last day there is"),
        ("0 work days", "2025-06-24", "2025-06-24", "on the day itself"),
    ],
)
def test_k18_days_before_a_hearing_are_counted_back(limit: str, hearing: str, latest: str, why: str) -> None:
    term = last_day_before(Duration.parse(limit), on(hearing), CHINA)

    assert (term.due, term.raw_due, term.earliest, term.latest) == (on(latest),) * 4, why
    assert not term.provisional


def test_k18_clear_days_leave_one_more_day_between() -> None:
    five = Duration(5, "work days")

    assert last_day_before(five, on("2025-10-13"), CHINA, clear=True).due == on("2025-09-28")
    assert last_day_before(Duration(5, "days"), on("2025-06-23"), CHINA, clear=True).due == on("2025-06-17")


@pytest.mark.parametrize(
    ("limit", "hearing", "earliest", "due", "latest", "why"),
    [
        ("3 work days", "2027-02-10", "2027-01-27", "2027-02-05", "2027-02-05", "of Spring Festival, whose own weekend is not worked"),
        ("5 work days", "2027-03-19", "2027-03-12", "2027-03-12", "2027-03-12", "far from any festival, yet no notice"),
        ("5 work days", "2027-01-15", "2027-01-08", "2027-01-08", "2027-01-10", "a weekend that may be worked"),
        ("3 work days", "2027-01-05", "2026-12-25", "2026-12-31", "2027-01-02", "four days about New Year may be at rest"),
    ],
)  # fmt: skip
def test_k20_counting_back_over_a_year_without_a_notice_gives_a_band(
    limit: str, hearing: str, earliest: str, due: str, latest: str, why: str
) -> None:
    term = last_day_before(Duration.parse(limit), on(hearing), CHINA)

    assert (term.earliest, term.due, term.latest) == (on(earliest), on(due), on(latest)), why
    assert term.provisional
    assert term.raw_due == term.due


@pytest.mark.parametrize(
    ("limit", "hearing", "due", "why"),
    [
        ("2 work days", "2026-12-30", "2026-12-28", "the hearing's own day is not counted"),
        ("0 work days", "2027-02-10", "2027-02-10", "no day is counted at all"),
        ("5 days", "2027-02-10", "2027-02-05", "natural days do not ask what rests"),
    ],
)
def test_counting_back_over_days_that_are_known_leaves_nothing_open(
    limit: str, hearing: str, due: str, why: str
) -> None:
    term = last_day_before(Duration.parse(limit), on(hearing), CHINA)

    assert (term.earliest, term.due, term.latest) == (on(due),) * 3, why
    assert not term.provisional


def test_counting_back_out_of_the_dates_there_are_is_an_error() -> None:
    for limit in ("2 days", "1 month", "1 work day"):
        with pytest.raises(CalendarEnds):
            last_day_before(Duration.parse(limit), date(1, 1, 2), CHINA)
    with pytest.raises(CalendarEnds):
        deemed_served_by_publication(date(9999, 12, 31))


def test_k3_publication_serves_after_thirty_days_abroad_after_sixty_and_is_not_rolled() -> None:
    assert deemed_served_by_publication(on("2025-09-05"), 30) == on("2025-10-05")
    assert deemed_served_by_publication(on("2024-06-03"), 60) == on("2024-08-02")


def test_papers_left_or_posted_up_serve_on_the_third_working_day() -> None:
    assert deemed_served_by_posting(on("2025-04-30"), CHINA) == on("2025-05-08")


@pytest.mark.parametrize(
    ("posted", "in_time"), [("2025-02-07", True), ("2025-02-08", True), ("2025-02-09", False)]
)
def test_k19_the_postmark_decides(posted: str, in_time: bool) -> None:
    assert timely(on("2025-02-08"), on(posted)) is in_time


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2024-10-31", 4, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -1, "2024-12-15"),
        ("2025-06-01", 0, "2025-06-01"),
    ],
)
def test_k16_a_month_ends_on_the_corresponding_day_or_the_last_there_is(
    day: str, months: int, after: str
) -> None:
    assert months_after(on(day), months) == on(after)


def test_k16_months_come_to_days_from_their_day_zero() -> None:
    assert length_in_days(Duration(4, "months"), on("2025-03-10")) == 122
    assert length_in_days(Duration(4, "months"), on("2024-10-31")) == 120
    with pytest.raises(ValueError, match="work days cannot be counted as natural days"):
        length_in_days(Duration(5, "work days"), on("2025-03-10"))


def test_a_term_beyond_the_calendar_is_an_error() -> None:
    for limit in ("9999 days", "9999 work days", "9999 months"):
        with pytest.raises(CalendarEnds):
            last_day(Duration.parse(limit), on("2026-03-10"), CHINA)
    with pytest.raises(CalendarEnds, match="cannot be written"):
        last_day(Duration(120_000, "months"), on("2026-03-10"), CHINA)


def test_a_term_shorter_than_nothing_is_wrong_use() -> None:
    with pytest.raises(ValueError, match="shorter than nothing"):
        last_day(Duration(-1, "days"), on("2026-03-10"), CHINA)
