"""An administrator loads a notice or an office's own rest days, sees first what would move, and finds it again later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from engine.errors import UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.model.people import Absence
from engine.service.calendars import Loaded
from engine.service.engine import Engine
from engine.service.notice_files import BrokenNotice
from engine.store.database import Database
from engine.text import Text
from tests.builders import REGISTER_FILE, Clock, day, edited, register_text
from tests.cast import ADMIN, FANG, GU, PLACE, ZHOU
from tests.office import OfficeStory, an_incident, rows_of
from tests.procedures.way import bring_to
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.test_reprojecting import assert_every_row_is_right, dates, told

TWO_OFFICES = (
    "  main: {zh: 仲裁院, en: Arbitration court}",
    "  main: {zh: 仲裁院, en: Arbitration court}\n  east: {zh: 东区庭, en: East branch}",
)


def notice(engine: Engine, content: bytes | None = None, by: str = ADMIN, *, dry_run: bool = False) -> Loaded:
    answer = engine.load_notice("2027.csv", content or notice_2027(), 2027, NOTICE, by, dry_run=dry_run)
    assert isinstance(answer, Loaded), answer
    return answer


def rest(
    engine: Engine, add: Sequence[date] = (), remove: Sequence[date] = (), *, dry_run: bool = False
) -> Loaded:
    answer = engine.change_rest_days(PLACE, ADMIN, reason="搬迁停办", add=add, remove=remove, dry_run=dry_run)
    assert isinstance(answer, Loaded), answer
    return answer


def test_a_loaded_notice_is_in_force_and_says_which_days_it_changed(engine: Engine) -> None:
    loaded = notice(engine)

    changed = {one.day.isoformat(): one.rest for one in loaded.days}
    assert changed["2027-02-08"]
    assert changed["2027-02-14"] is False
    assert "2027-01-02" not in changed, "a Saturday was a rest day before"
    calendar = engine.rules().calendar
    assert calendar.published(2027)
    assert calendar.notice_of(day("2027-02-08")) == NOTICE
    line = next(line for line in engine.calendar_years() if line.load.year == 2027)
    assert (line.load.loaded_by, line.load.notice, line.work) == (ADMIN, NOTICE, 3)


def test_only_an_administrator_may_load(engine: Engine, database: Database) -> None:
    before = rows_of(database)
    answers = (
        engine.load_notice("2027.csv", notice_2027(), 2027, NOTICE, FANG),
        engine.change_rest_days(PLACE, FANG, reason="搬迁停办", add=[day("2026-03-05")]),
    )
    for answer in answers:
        assert isinstance(answer, Refusal)
        assert answer.code == "role"
        assert "系统管理员" in answer.reason.zh
        assert "administrator" in answer.reason.en
        assert answer.who == ("管理员",)
    assert rows_of(database) == before
    with pytest.raises(UnknownName):
        engine.load_notice("2027.csv", notice_2027(), 2027, NOTICE, "nobody")


def test_who_stands_in_for_the_administrator_may_load(engine: Engine) -> None:
    engine.staff.leave(Absence(ADMIN, day("2026-03-02"), day("2026-03-06"), GU))
    assert notice(engine, by=GU).loads[0].loaded_by == GU


def test_a_trial_shows_what_would_move_and_writes_nothing(
    engine: Engine, database: Database, clock: Clock
) -> None:
    story = told(engine, clock, "2026-11-18")
    before, calendar = rows_of(database), engine.rules().calendar
    content = notice_2027(rest=["2027-01-04", "2027-01-05"])

    trial = notice(engine, content, dry_run=True)

    assert rows_of(database) == before
    assert engine.rules().calendar == calendar
    assert trial.dry_run
    assert trial.loads == ()
    loaded = notice(engine, content)
    assert (
        (trial.days, trial.looked_at, trial.moved)
        == (loaded.days, loaded.looked_at, loaded.moved)
        != ((), 0, 0)
    )
    assert trial.page.lines == loaded.page.lines
    assert loaded.page.lines[0].number == story.number


def test_a_broken_file_changes_nothing(engine: Engine, database: Database) -> None:
    before = rows_of(database)
    with pytest.raises(BrokenNotice):
        engine.load_notice("2027.csv", "日期,安排\n2027-13-01,休\n".encode(), 2027, NOTICE, ADMIN)
    assert rows_of(database) == before


@pytest.mark.parametrize("text", ["", "  ", "x" * 121, "a\x07b"])
def test_a_notice_needs_a_number_that_can_be_kept(engine: Engine, text: str) -> None:
    with pytest.raises(WrongUse):
        engine.load_notice("2027.csv", notice_2027(), 2027, text, ADMIN)


def test_a_later_notice_of_a_year_takes_the_place_of_the_earlier_one(engine: Engine) -> None:
    notice(engine, notice_2027(rest=["2027-03-08"]))
    corrected = notice(engine)

    assert [(one.day, one.rest) for one in corrected.days] == [(day("2027-03-08"), False)]
    assert engine.rules().calendar.is_work(day("2027-03-08"))


def test_moved_cases_are_listed_page_by_page(engine: Engine, clock: Clock) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(5)]
    loaded = notice(engine, notice_2027(rest=["2027-01-04"]))
    number = loaded.loads[0].number

    numbers, after = [], None
    for size in (2, 2, 1):
        page = engine.moved_cases(number, after, 2)
        assert len(page.lines) == size
        numbers += [line.number for line in page.lines]
        after = page.next
    assert after is None
    assert sorted(numbers) == sorted(story.number for story in stories)
    assert engine.moved_cases() == engine.moved_cases(number)
    with pytest.raises(UnknownName):
        engine.moved_cases(999)


# --- rest days of one office ------------------------------------------------------------------------------


def test_an_office_may_have_rest_days_of_its_own_and_take_them_back(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02")
    due = dates(story)[0]
    assert due is not None

    added = rest(engine, add=[due])
    assert added.moved == 1
    moved_to = dates(story)[0]
    assert moved_to is not None
    assert moved_to > due
    assert [one.day for one in engine.calendar_days(due.year, PLACE)] == [due]
    assert engine.rules().calendar.is_work(due), "the calendar of the country stays as it is"
    assert_every_row_is_right(engine)

    assert rest(engine, add=[due]).unchanged
    assert rest(engine, remove=[due]).moved == 1
    assert dates(story)[0] == due
    assert engine.calendar_days(due.year, PLACE) == ()
    assert_every_row_is_right(engine)


def test_rest_days_of_two_years_are_two_loads(engine: Engine) -> None:
    loaded = rest(engine, add=[day("2026-12-31"), day("2027-01-04")])
    assert [(load.year, load.office) for load in loaded.loads] == [(2026, PLACE), (2027, PLACE)]


def test_a_trial_of_rest_days_writes_nothing(engine: Engine, database: Database, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02")
    due = dates(story)[0]
    assert due is not None
    before = rows_of(database)

    assert rest(engine, add=[due], dry_run=True).moved == 1
    assert rows_of(database) == before


def test_an_office_nobody_knows_and_no_days_at_all_are_wrong_use(engine: Engine) -> None:
    with pytest.raises(UnknownName):
        engine.change_rest_days("nowhere", ADMIN, reason="搬迁停办", add=[day("2026-03-05")])
    with pytest.raises(WrongUse):
        engine.change_rest_days(PLACE, ADMIN, reason="搬迁停办")
    with pytest.raises(WrongUse):
        rest(engine, add=[day("2026-03-05")], remove=[day("2026-03-05")])


def test_rest_days_of_one_office_leave_the_cases_of_another_alone(engine: Engine, clock: Clock) -> None:
    engine.activate({REGISTER_FILE: edited(register_text(), TWO_OFFICES)}, ADMIN)
    here = told(engine, clock, "2026-03-02")
    due, version = dates(here)[0], here.case.version
    assert due is not None

    answer = engine.change_rest_days("east", ADMIN, reason="停电", add=[due])

    assert isinstance(answer, Loaded)
    assert (answer.looked_at, answer.moved, here.case.version) == (0, 0, version)
    assert engine.rules().calendar_of("east").is_rest(due)
    assert engine.rules().calendar_of(PLACE).is_work(due)
    rest(engine, add=[due])
    assert dates(here)[0] != due
    assert_every_row_is_right(engine)


def test_a_national_notice_moves_an_office_with_days_of_its_own_as_well(engine: Engine, clock: Clock) -> None:
    story = OfficeStory(engine, clock)
    clock.set("2026-11-18")
    story.open()
    bring_to(story, "tribunal_formed")
    rest(engine, add=[day("2027-01-04")])
    assert dates(story)[0] == day("2027-01-05")

    notice(engine, notice_2027(rest=["2027-01-05"]))

    assert dates(story)[0] == day("2027-01-06")
    assert_every_row_is_right(engine)


# --- incidents --------------------------------------------------------------------------------------------


def test_an_incident_is_opened_once_told_and_shown_until_it_is_closed(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02")
    said = Text("两种算法不同：4月16日、4月17日", "the two clocks disagree: 16 and 17 April")

    first = an_incident(engine, story.number, "clocks", said, "due")

    assert an_incident(engine, story.number, "clocks", said, "due") == first
    other = an_incident(engine, story.number, "clocks", Text("另一处不同", "another difference"), "state")
    assert other != first
    for watcher in (ADMIN, "du"):
        assert sum(notice.sentence.zh.endswith(said.zh) for notice in engine.inbox.page(watcher).lines) == 1
    assert all("两种算法" not in notice.sentence.zh for notice in engine.inbox.page(ZHOU).lines)
    found = [f for f in engine.doctor().findings if f.code == "incident"]
    assert [f.case for f in found] == [story.number] * 2
    assert said.en in found[0].reason.en

    refused = engine.close_incident(first, ZHOU, "已核对")
    assert isinstance(refused, Refusal)
    assert engine.close_incident(first, ADMIN, "已核对") is None
    assert engine.close_incident(other, "du", "已核对") is None
    assert [f for f in engine.doctor().findings if f.code == "incident"] == []
    assert an_incident(engine, story.number, "clocks", said, "due") not in (first, other)
    with pytest.raises(UnknownName):
        engine.close_incident(99, ADMIN, "已核对")


def test_two_notices_at_one_event_are_read_one_by_one(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02")
    for number in range(2):
        an_incident(
            engine, story.number, "clocks", Text(f"不同{number}", f"difference {number}"), str(number)
        )
    mine = engine.inbox.page(ADMIN).lines
    engine.inbox.mark_read(ADMIN, mine[0].id)

    assert [notice.read for notice in engine.inbox.page(ADMIN).lines] in ([True, False], [False, True])
