"""Trials 15 to 17: the same date in every zone, the same date by every library, and none told as certain without its notice.

What an act comes to may not hang on where the server stands, on the zone of the database's session or on what summer
time does there. Terms are counted once by us and once, day after day, by two libraries that know the working days. And
where a year's notice is taken away, every date that it would have moved is marked as provisional.
"""

from __future__ import annotations

import re
import time
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.festivals import FESTIVALS
from engine.law.terms import last_day, last_day_before
from engine.service.engine import Engine
from engine.store.calendars import SEED_FROM, seed
from engine.store.database import Database
from tests.builders import INSTITUTION, ROOT, Clock
from tests.law.notices import OF_NO_FESTIVAL
from tests.office import OfficeStory, rows_of
from tests.procedures.way import bring_to
from tests.trials.figures import tell
from tests.trials.kept import Kept

# --- 15: zones --------------------------------------------------------------------------------------------

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati")
"""Behind and ahead of the office by up to half a day and more, with an hour of summer time, with half an hour, without."""

EDGES = ("2026-03-08 00:05", "2026-04-05 23:55", "2026-04-17 23:59", "2026-04-18 00:01", "2026-04-20 00:00")
"""Minutes about midnight at the office; summer time begins in New York on the first day, ends on Lord Howe on the second."""


@pytest.fixture
def zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the zone of this process and of the sessions it opens."""

    def set_zone(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("PGTZ", zone)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


Lived = tuple[list[tuple[object, ...]], list[str], dict[str, list[tuple[object, ...]]]]
"""Dates that were shown, events as they were hashed, rows."""


def _lived_in(url: str, zone: str, edges: Sequence[str]) -> Lived:
    """Live through a case with rungs about midnight, on a machine in *zone*; return all that was shown and written."""
    clock = Clock()
    database = Database(url)
    engine = Engine(database, INSTITUTION, lambda: clock.at.astimezone(UTC), new_id=lambda: "c0ffee")
    story = OfficeStory(engine, clock).open()
    bring_to(story, "deliberation")
    dues: list[tuple[object, ...]] = []
    for edge in edges:
        clock.reach(edge)
        engine.sweep()
        page = engine.case_page(story.number)
        assert page.clock is not None
        dues.append((page.clock.reading.due, page.clock.reading.counted_days, story.rungs()))
    if not database.sqlite:
        with database.reading() as connection:
            assert connection.exec_driver_sql("SHOW timezone").scalar() == zone
    found = rows_of(database, "sweepers", "sessions")
    events = [event.text for event in story.history()]
    database.close()
    return dues, events, found


def _zones_trial(url: str, kept: Kept, set_zone: Callable[[str], None], zones: Sequence[str]) -> int:
    lived = {}
    for zone in zones:
        kept.put_back()
        set_zone(zone)
        assert datetime.now().astimezone().utcoffset() == datetime.now(ZoneInfo(zone)).utcoffset()
        lived[zone] = _lived_in(url, zone, EDGES)
    kept.put_back()
    first = lived[zones[0]]
    assert [zone for zone in zones if lived[zone] != first] == []
    dues, events, rows = first
    assert len({due for due, *_ in dues}) == 1
    assert len(events) > 20
    return sum(map(len, rows.values()))


def test_the_same_case_has_the_same_dates_west_and_east_of_the_office(
    office_url: str, tmp_path: Path, zone_of_the_machine: Callable[[str], None]
) -> None:
    _zones_trial(office_url, Kept(office_url, tmp_path), zone_of_the_machine, ZONES[2:4])


@pytest.mark.trial
def test_the_same_case_has_the_same_dates_in_every_zone(
    office_url: str, tmp_path: Path, zone_of_the_machine: Callable[[str], None]
) -> None:
    rows = _zones_trial(office_url, Kept(office_url, tmp_path), zone_of_the_machine, ZONES)
    kind = office_url.partition(":")[0]
    tell("15", f"{kind}: a case lived through in {len(ZONES)} zones, {rows} rows and every date the same", "the same due date to the day")  # fmt: skip


def test_no_script_of_the_console_reckons_with_the_browser_s_own_time() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in (ROOT / "web/static").glob("*.js")]
    assert scripts
    assert [found for script in scripts for found in re.findall(r"\bDate\b|\bIntl\b", script)] == []


# --- 16: leap days, year ends, festivals, worked weekends --------------------------------------------------

LENGTHS = tuple(map(Duration.parse, ("5 work days", "5 days", "10 days", "15 days", "45 days", "60 days", "1 month", "4 months")))  # fmt: skip


@cache
def _second() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=range(SEED_FROM, 2028))


LIBRARIES: dict[str, Callable[[date], bool]] = {
    "chinesecalendar": chinese_calendar.is_workday,
    "holidays": lambda day: bool(_second().is_working_day(day)),
}

LABOUR_DAY_2019 = frozenset({date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)})
"""The days of the one notice that the second library does not know: it corrected an earlier one."""

YEARS = range(SEED_FROM, 2027)


@cache
def _calendar(last: int) -> Calendar:
    """Ours as it stood when the notices up to that of the year *last* were there.

    The seed names the days of a December in their own year; that of *last* was decided by the notice after it.
    """
    years = range(SEED_FROM, last + 1)
    rows = seed()
    named = (row for year in years for row in rows[year] if row.day < date(last, 12, 1))
    return Calendar.of(named, years)


def _counted(length: Duration, start: date, works: Callable[[date], bool]) -> date:
    """The last day as somebody counts it with a finger on a wall calendar."""
    if length.unit == "work days":
        day, left = start, length.count
        while left:
            day += timedelta(days=1)
            left -= works(day)
        return day
    if length.unit == "months":
        whole = start.month - 1 + length.count
        year, month = start.year + whole // 12, whole % 12 + 1
        day = date(year, month, min(start.day, monthrange(year, month)[1]))
    else:
        day = start + timedelta(days=length.count)
    while not works(day):
        day += timedelta(days=1)
    return day


def _differences(years: Sequence[int]) -> tuple[int, dict[str, set[date]]]:
    """Count from every day of *years* every length; return how many, and by which days each library differed."""
    ours = _calendar(2026)
    counted, found = 0, {name: set[date]() for name in LIBRARIES}
    day = date(years[0], 1, 1)
    while day.year <= years[-1]:
        for length in LENGTHS:
            due = last_day(length, day, ours).due
            assert due is not None
            if due.year > 2026:
                continue
            counted += 1
            for name, works in LIBRARIES.items():
                if _counted(length, day, works) != due:
                    found[name].add(due)
        day += timedelta(days=1)
    return counted, found


def test_every_term_from_every_day_of_a_leap_year_ends_as_two_libraries_count_it() -> None:
    counted, found = _differences([2024])
    assert counted == 366 * len(LENGTHS)
    assert found == {name: set() for name in LIBRARIES}


@pytest.mark.trial
def test_every_term_from_every_day_ends_as_two_libraries_count_it() -> None:
    counted, found = _differences(YEARS)
    whole = [day for year in YEARS for day in _days(year)]
    ours = _calendar(2026)
    days = {name: {d for d in whole if ours.is_work(d) != works(d)} for name, works in LIBRARIES.items()}
    tell(
        "16",
        f"{counted} terms from every day of {YEARS[0]} to {YEARS[-1]}, {len(LENGTHS)} lengths: {len(found['chinesecalendar'])} "
        f"and {len(found['holidays'])} last days differ; of {len(whole)} days {len(days['chinesecalendar'])} and "
        f"{len(days['holidays'])} differ, all of one notice that the second library does not know",
        "1 known difference",
    )
    assert found["chinesecalendar"] == days["chinesecalendar"] == set()
    assert days["holidays"] == LABOUR_DAY_2019
    # Five work days over those of the notice end a few days later at most.
    assert all(date(2019, 4, 26) <= due <= date(2019, 5, 12) for due in found["holidays"])


def _days(year: int) -> Iterator[date]:
    return (date(year, 1, 1) + timedelta(days=n) for n in range(366 if monthrange(year, 2)[1] == 29 else 365))


# --- 17: a year without its notice -------------------------------------------------------------------------

MOVED_BY_IT = 37
"""So many last days that the one holiday of no festival brought out of the band that had been shown, each of them marked."""


@dataclass
class Taken:
    """What came of dates that were told before the notice of their year was there."""

    told: int = 0
    provisional: int = 0
    moved: int = 0
    silent: int = 0
    before: int = 0
    after: int = 0
    back: int = 0
    counted_back: int = 0

    def tell(self, length: Duration, day: date, before: Calendar, after: Calendar) -> None:
        early, late = last_day(length, day, before), last_day(length, day, after)
        assert late.due is not None
        self.told += 1
        self.provisional += early.provisional
        if early.due != late.due:
            self.moved += 1
            self.silent += not early.provisional
        assert not late.provisional, "the notice is there"
        if early.provisional:
            assert early.earliest is not None
            assert early.latest is not None
            self.before += late.due < early.earliest
            self.after += late.due > early.latest

    def tell_back(self, length: Duration, hearing: date, before: Calendar, after: Calendar) -> None:
        early, late = last_day_before(length, hearing, before), last_day_before(length, hearing, after)
        assert early.earliest is not None
        assert early.latest is not None
        assert late.due is not None
        self.counted_back += early.provisional
        self.back += not early.earliest <= late.due <= early.latest


def _without_its_notice(
    year: int, lengths: Sequence[Duration], taken: Taken, december: Taken, but: Collection[date] = ()
) -> None:
    """Tell what is due up to the end of *year* without its notice, and in *december* what is due in the one before it."""
    before, after = _calendar(year - 1), _calendar(year + 1 if year < 2026 else 2026)
    after = Calendar.of((row for row in after.days if row.day not in but), after.published_years)
    day = date(year - 1, 7, 1)
    while day.year <= year:
        for length in lengths:
            due = last_day(length, day, after)
            if due.due is not None and due.due.year <= year and not due.provisional:
                taken.tell(length, day, before, after)
                if _ends_in_december(length, day, year - 1):
                    december.tell(length, day, before, after)
        if day.year == year:
            taken.tell_back(LENGTHS[0], day, before, after)
        day += timedelta(days=1)


def _ends_in_december(length: Duration, day: date, year: int) -> bool:
    """Whether a limit ends in the December of *year*, before it rolls."""
    raw = last_day(length, day, _calendar(2026)).raw_due
    return raw is not None and (raw.year, raw.month) == (year, 12)


def test_no_date_of_a_year_without_its_notice_is_told_as_certain_and_moves() -> None:
    taken, december = Taken(), Taken()
    _without_its_notice(2026, LENGTHS[:5:4], taken, december)
    assert taken.moved > 10
    assert taken.counted_back > 200
    assert (taken.silent, taken.before, taken.after, taken.back) == (0, 0, 0, 0)


def test_no_last_day_of_a_december_is_told_as_certain_and_moves_with_the_notice_of_the_next_year() -> None:
    december = Taken()
    _without_its_notice(2019, LENGTHS[:3], Taken(), december)
    assert december.moved > 5
    assert 0 < december.provisional < december.told / 2, "most of a December is certain"
    assert (december.silent, december.before, december.after) == (0, 0, 0)


@pytest.mark.trial
def test_of_all_years_whose_notice_is_taken_away_no_date_moves_in_silence() -> None:
    years = [year for year in range(SEED_FROM + 3, 2027) if year in FESTIVALS]
    taken, foreseen, december = Taken(), Taken(), Taken()
    for year in years:
        _without_its_notice(year, LENGTHS, taken, december)
        _without_its_notice(year, LENGTHS, foreseen, Taken(), OF_NO_FESTIVAL)
    tell(
        "17",
        f"{len(years)} notices taken away, {taken.told} last days told without them: {taken.provisional} marked provisional, "
        f"{taken.moved} moved when the notice came, {taken.silent} of them unmarked; {foreseen.before} to before the earliest that "
        f"was shown and {foreseen.after} to after the latest, of {foreseen.counted_back} counted back from a hearing "
        f"{foreseen.back}; with the one holiday of no festival {taken.before}, {taken.after} and {taken.back}",
        "0 wrong silent dates",
    )
    tell(
        "17",
        f"of {december.told} last days in the Decembers before them, told with the notice of their own year alone, "
        f"{december.provisional} marked provisional, {december.moved} moved when the next one came, {december.silent} of them "
        f"unmarked; {december.before} to before the earliest and {december.after} to after the latest",
        "0 wrong silent dates",
    )
    assert taken.silent == december.silent == 0
    assert december.before == december.after == 0
    assert (foreseen.before, foreseen.after, foreseen.back) == (0, 0, 0)
    assert taken.before + taken.after <= MOVED_BY_IT
