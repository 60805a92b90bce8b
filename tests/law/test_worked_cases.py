"""Every worked deadline case comes out as the law says, by both methods. The table is `worked_cases.yaml`."""

from __future__ import annotations

from typing import Any

import pytest

from engine.law.clock import Reading, read_clock
from engine.law.day_sheet import day_sheet, walked
from engine.law.duration import Duration
from engine.law.terms import (
    deemed_served_by_posting,
    deemed_served_by_publication,
    last_day,
    last_day_before,
    timely,
)
from tests.law.notices import china_calendar
from tests.law.stories import facts_of, numbered, refused_in, rule_of
from tests.law.worked import TABLE

CASES: list[dict[str, Any]] = TABLE["cases"]
CALENDAR = china_calendar()


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=f"{case['id']} {case['what']}") for case in cases]


def said(reading: Reading) -> dict[str, Any]:
    """The reading in the words of the table."""
    return {
        "start": reading.clock_start,
        "total": reading.total_length_days,
        "raw": reading.raw_due,
        "due": reading.due,
        "target": reading.target_due,
        "used": reading.counted_days,
        "left": reading.remaining_days,
        "refused": refused_in(reading),
        "state": reading.state,
        "on_time": reading.on_time,
        "quick_close": reading.quick_close,
        "quick_last_day": reading.quick_last_day,
        "provisional": reading.provisional,
    }


def read(case: dict[str, Any]) -> dict[str, Any]:
    """The answer to a case that is no clock, in the words of the table."""
    match case:
        case {"limit": limit, "from": start}:
            term = last_day(Duration.parse(limit), start, CALENDAR)
            return {"raw": term.raw_due, "due": term.due}
        case {"limit": limit, "before": event}:
            return {"latest": last_day_before(Duration.parse(limit), event, CALENDAR).due}
        case {"published": on, "for": days}:
            return {"deemed_served": deemed_served_by_publication(on, Duration.parse(days).count)}
        case {"posted up": on}:
            return {"deemed_served": deemed_served_by_posting(on, CALENDAR)}
        case _:
            return {"timely": timely(case["due"], case["postmark"])}


def test_all_fifty_six_cases_are_in_the_table() -> None:
    assert [case["id"] for case in CASES] == [f"E{number:02}" for number in range(1, 57)]


@pytest.mark.parametrize("case", named([case for case in CASES if "clock" in case]))
def test_the_clock_reads_what_the_law_says(case: dict[str, Any]) -> None:
    rule = rule_of(TABLE["clocks"][case["clock"]])

    answer = said(read_clock(rule, facts_of(*case["story"]), CALENDAR, case.get("as of")))

    expected = {"refused": [], **case["then"]}
    assert {key: answer[key] for key in expected} == expected, f"{numbered(case['story'])}\n{case['why']}"


@pytest.mark.parametrize("case", named([case for case in CASES if "clock" in case]))
def test_the_walk_through_the_days_reaches_the_same_due_date(case: dict[str, Any]) -> None:
    rule = rule_of(TABLE["clocks"][case["clock"]])
    still_open = [line for line in case["story"] if " closed" not in line]

    due, _ = walked(day_sheet(rule, facts_of(*still_open), CALENDAR, case.get("as of")))

    assert due == case["then"]["due"], case["why"]


@pytest.mark.parametrize("case", named([case for case in CASES if "clock" not in case]))
def test_the_term_ends_when_the_law_says(case: dict[str, Any]) -> None:
    answer = read(case)

    assert {key: answer[key] for key in case["then"]} == case["then"], case["why"]
