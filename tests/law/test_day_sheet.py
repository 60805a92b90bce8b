"""The count sheet gives every day its verdict, its number, its rule, its article and the fact behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.law.clock import ClockFact
from engine.law.day_sheet import DayVerdict, day_sheet, walked
from engine.law.duration import Duration
from engine.text import Text
from tests.law.notices import china_calendar
from tests.law.stories import COMMERCIAL, LABOUR, days, facts_of

CHINA = china_calendar()


def sheet_of(*lines: str, as_of: str | None = None) -> tuple[DayVerdict, ...]:
    """The sheet of a labour clock; each fact's seq is its line, counted from 1."""
    facts = [replace(fact, seq=line) for line, fact in enumerate(facts_of(*lines), 1)]
    return day_sheet(LABOUR, facts, CHINA, date.fromisoformat(as_of) if as_of else None)


def brief(sheet: tuple[DayVerdict, ...], *iso: str) -> list[tuple[str, int | None, str, int]]:
    by_date = {day.date: day for day in sheet}
    return [(d.verdict, d.number, d.rule, d.fact_seq) for d in (by_date[day] for day in days(*iso))]


def test_every_day_from_the_start_to_the_due_date_stands_on_the_sheet_once() -> None:
    sheet = sheet_of("2025-05-07 accepted")

    assert [day.date for day in sheet] == [date(2025, 5, 7) + timedelta(days=n) for n in range(48)]
    assert brief(sheet, "2025-05-07", "2025-05-08", "2025-06-21", "2025-06-22", "2025-06-23") == [
        ("start", 0, "K1", 1),
        ("counted", 1, "K1", 1),
        ("counted", 45, "K1", 1),
        ("rolled", 46, "K10", 1),
        ("due", 47, "K10", 1),
    ]


def test_a_due_date_that_needs_no_rolling_rests_on_the_limit_itself() -> None:
    assert brief(sheet_of("2024-03-04 accepted"), "2024-04-18") == [("due", 45, "K1", 1)]


def test_a_stopped_day_has_no_number_and_names_its_stop() -> None:
    sheet = sheet_of(
        "2025-06-02 accepted",
        "2025-06-16 publication 30 days",
        "2025-07-01 suspended A",
        "2025-07-22 resumed A",
    )

    assert brief(sheet, "2025-06-15", "2025-06-16", "2025-07-01", "2025-07-21", "2025-07-22") == [
        ("counted", 13, "K1", 1),
        ("stopped", None, "K3", 2),
        ("stopped", None, "K2", 3),
        ("stopped", None, "K2", 3),
        ("counted", 14, "K1", 1),
    ]


def test_days_won_by_an_extension_name_that_extension() -> None:
    sheet = sheet_of(
        "2024-10-08 accepted",
        "2024-11-20 extension 10 days by director",
        "2024-11-21 extension 5 days by director",
    )

    assert brief(sheet, "2024-11-22", "2024-11-23", "2024-12-02", "2024-12-03", "2024-12-09") == [
        ("counted", 45, "K1", 1),
        ("counted", 46, "K7", 2),
        ("counted", 55, "K7", 2),
        ("counted", 56, "K7", 3),
        ("due", 62, "K10", 3),
    ]


def test_a_restart_begins_a_new_count_and_keeps_the_old_days_in_sight() -> None:
    sheet = sheet_of("2025-04-07 accepted", "2025-04-21 counterclaim_accepted")

    assert brief(sheet, "2025-04-20", "2025-04-21", "2025-04-22", "2025-06-05") == [
        ("counted", 13, "K1", 1),
        ("start", 0, "K5", 2),
        ("counted", 1, "K1", 2),
        ("due", 45, "K1", 2),
    ]


def test_a_paused_clock_has_a_sheet_up_to_the_day_asked_about() -> None:
    sheet = sheet_of("2025-03-03 accepted", "2025-03-24 suspended A", as_of="2025-05-06")

    assert (sheet[-1].date, sheet[-1].verdict) == (date(2025, 5, 6), "stopped")
    assert walked(sheet) == (None, 20)


def test_an_ended_clock_has_a_sheet_up_to_its_end() -> None:
    sheet = sheet_of("2024-07-01 accepted", "2024-07-23 closed")

    assert (sheet[-1].date, sheet[-1].verdict, sheet[-1].number) == (date(2024, 7, 23), "counted", 22)


def test_a_clock_that_ended_late_has_no_verdict_on_the_days_after_its_due_date() -> None:
    sheet = sheet_of("2024-03-04 accepted", "2024-04-25 closed")

    assert (sheet[-1].date, sheet[-1].verdict) == (date(2024, 4, 18), "due")


def test_a_clock_let_start_anew_after_expiry_leaves_the_overdue_days_out() -> None:
    sheet = sheet_of("2025-06-03 accepted", "2025-07-22 party_joined overridden")
    dates = [day.date for day in sheet]

    assert date(2025, 7, 18) in dates
    assert date(2025, 7, 21) not in dates
    assert brief(sheet, "2025-07-22") == [("start", 0, "K5", 2)]


def test_a_clock_that_has_not_started_has_no_sheet() -> None:
    assert sheet_of("2025-03-24 suspended A") == ()
    assert walked(()) == (None, 0)


def test_a_count_can_be_read_off_the_sheet_for_any_day() -> None:
    sheet = sheet_of("2024-03-04 accepted")

    assert walked(sheet) == (date(2024, 4, 18), 45)
    assert walked(sheet, date(2024, 3, 14)) == (date(2024, 4, 18), 10)


@pytest.mark.parametrize(
    ("day", "article"),
    [
        ("2025-05-08", "办案规则第45条；民事诉讼法第85条"),
        ("2025-06-10", "办案规则第46条第6项、第47条"),
        ("2025-06-23", "办案规则第45条；民事诉讼法第85条"),
    ],
)
def test_every_day_names_its_article(day: str, article: str) -> None:
    sheet = sheet_of("2025-05-07 accepted", "2025-06-09 suspended A", "2025-06-11 resumed A")

    assert {found.date: found.article.zh for found in sheet}[date.fromisoformat(day)] == article


def test_the_procedures_own_basis_stands_where_it_sets_the_limit() -> None:
    own = replace(COMMERCIAL, basis=Text("仲裁规则第48条", "Arbitration Rules art. 48"))

    sheet = day_sheet(own, [ClockFact("start", date(2025, 5, 6))], CHINA)

    assert sheet[1].article == own.basis
    assert (sheet[-1].date, sheet[-1].number) == (date(2025, 9, 8), 125)


def test_months_are_walked_to_the_last_day_there_is() -> None:
    for start, months, due in (("2024-10-31", 4, "2025-02-28"), ("2024-12-31", 2, "2025-02-28")):
        rule = replace(COMMERCIAL, limit=Duration(months, "months"))

        sheet = day_sheet(rule, [ClockFact("start", date.fromisoformat(start))], CHINA)

        assert walked(sheet)[0] == date.fromisoformat(due)
