"""A clock in months is told in months: its extension in the clock line, in the sheet, and once it has run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.law.clock import Reading
from engine.law.duration import Duration
from engine.model.procedure import Clock
from engine.service.annex import length_sum
from engine.service.sheet_pages import SheetTotals
from engine.service.wording import extension_of, run_out
from engine.text import Text

CLOCK = Clock("award", Text("审限", "Award period"), Duration(4, "months"))
START = date(2026, 1, 31)
DAYS = Clock("award", CLOCK.title, Duration(45, "days"))


def read(days: int, due: date = date(2026, 7, 31)) -> Reading:
    return Reading(state="running", clock_start=START, total_length_days=days, due=due, due_latest=due)


@pytest.mark.parametrize(
    ("clock", "until", "said"),
    [
        (CLOCK, date(2026, 5, 31), None),
        (CLOCK, date(2026, 6, 30), Duration(1, "months")),
        (CLOCK, date(2026, 7, 31), Duration(2, "months")),
        (CLOCK, date(2027, 1, 31), Duration(8, "months")),
        (CLOCK, date(2026, 6, 10), Duration(10, "days")),
        (DAYS, date(2026, 4, 1), Duration(15, "days")),
    ],
)
def test_an_extension_is_said_in_the_unit_of_the_limit(
    clock: Clock, until: date, said: Duration | None
) -> None:
    assert extension_of(clock, read((until - START).days)) == said


def test_what_has_run_out_is_said_in_months() -> None:
    extended, plain = read(181), read(120, date(2026, 5, 31))

    assert run_out(CLOCK, extended, date(2026, 8, 1)) == Text(
        "期限6个月（含延期2个月）已满，超期1日",
        "the limit of 6 months (2 months of it by extension) has run out, 1 day over",
    )
    assert run_out(CLOCK, plain, date(2026, 6, 2)) == Text(
        "法定期限4个月已满，超期2日", "the limit of 4 months has run out, 2 days over"
    )


def test_the_sum_of_a_sheet_says_months_with_the_days_they_come_to() -> None:
    totals = SheetTotals(START, START, 0, 0, 0, 0, 120, 61, said=(CLOCK.limit, Duration(2, "months")))

    assert length_sum(totals) == Text(
        "法定4个月（120日） + 延期2个月（61日） = 181日",
        "limit 4 months (120 days) + extension 2 months (61 days) = 181 days",
    )
    assert (
        length_sum(replace(totals, extension=0, said=(CLOCK.limit, None))).en == "limit 4 months (120 days)"
    )
    assert length_sum(replace(totals, said=None)).en == "limit 120 + extension 61 = 181 days"
