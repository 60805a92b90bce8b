"""The seed of the calendar and a library that knows nothing of it say the same of every day, but for those named here.

Every day of 2008 to 2026 was compared: rest days, and the weekend days that are worked in exchange. The library
knows both, for all of these years.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from engine.law.calendar import Calendar
from engine.store.calendars import SEED_FROM, seed

LABOUR_DAY_2019 = (
    "国务院办公厅关于调整2019年劳动节假期安排的通知（国办发明电〔2019〕3号，2019-03-22）："
    "5月1日至4日放假，4月28日、5月5日上班；该库只收录了先前的通知（仅5月1日放假）"
)

DIFFERENCES: dict[str, tuple[bool, str]] = {
    "2019-04-28": (False, LABOUR_DAY_2019),
    "2019-05-02": (True, LABOUR_DAY_2019),
    "2019-05-03": (True, LABOUR_DAY_2019),
    "2019-05-05": (False, LABOUR_DAY_2019),
}
"""Day -> whether we rest, and the notice that says so against the library."""

SEEDED = seed()
YEARS = range(SEED_FROM, 2027)
OURS = Calendar.of((row for year in YEARS for row in SEEDED[year]), YEARS)
THEIRS = holidays.country_holidays("CN", years=YEARS)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_the_seed_and_a_second_library_agree_but_on_the_days_named(year: int) -> None:
    differing = {
        day.isoformat(): OURS.is_rest(day)
        for day in days_of(year)
        if OURS.is_work(day) != THEIRS.is_working_day(day)
    }

    assert differing == {day: rest for day, (rest, _) in DIFFERENCES.items() if day.startswith(str(year))}


@pytest.mark.parametrize("year", YEARS)
def test_the_second_library_knows_the_weekends_worked_of_every_year(year: int) -> None:
    worked = [day for day in days_of(year) if day.weekday() >= 5 and THEIRS.is_working_day(day)]

    assert worked, "a source without them could not tell a wrong one of ours"
