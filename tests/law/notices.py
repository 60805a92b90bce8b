"""The State Council's holiday notices of 2024, 2025 and 2026, day by day, and the calendar they make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from engine.law.calendar import Calendar, CalendarDay

NOTICES: dict[int, tuple[str, str]] = {
    2024: (
        "01-01; 02-10..02-17; 04-04..04-06; 05-01..05-05; 06-10; 09-15..09-17; 10-01..10-07",
        "02-04, 02-18, 04-07, 04-28, 05-11, 09-14, 09-29, 10-12",
    ),
    2025: (
        "01-01; 01-28..02-04; 04-04..04-06; 05-01..05-05; 05-31..06-02; 10-01..10-08",
        "01-26, 02-08, 04-27, 09-28, 10-11",
    ),
    2026: (
        "01-01..01-03; 02-15..02-23; 04-04..04-06; 05-01..05-05; 06-19..06-21; 09-25..09-27; 10-01..10-07",
        "01-04, 02-14, 02-28, 05-09, 09-20, 10-10",
    ),
}
"""Year -> the rest days of its holidays, the weekend days that are worked in exchange."""

OF_NO_FESTIVAL = frozenset({date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)})
"""The one holiday since 2008 that the regulation does not know: two rest days, and a Sunday worked for one of them."""


def named_days(year: int) -> Iterator[CalendarDay]:
    """Every day that the notice of *year* names."""
    holidays, worked = NOTICES[year]
    notice = f"国务院办公厅{year}年放假通知"
    for block in holidays.split("; "):
        first, _, last = block.partition("..")
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last or first}"):
            yield CalendarDay(day, rest=True, notice=notice)
            day += timedelta(days=1)
    for swapped in worked.split(", "):
        yield CalendarDay(date.fromisoformat(f"{year}-{swapped}"), rest=False, notice=notice)


@cache
def china_calendar(*years: int) -> Calendar:
    """The calendar with the notices of *years*, of all three where none is said."""
    years = years or tuple(NOTICES)
    return Calendar.of((day for year in years for day in named_days(year)), years)
