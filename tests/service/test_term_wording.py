"""How each limit comes about, in one sentence of either language: its day, its article, its stops, its band."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.service.engine import Engine
from engine.service.pages import MatterLine, OverdueLine, TodoLine
from engine.service.term_wording import _nth
from engine.service.wording import band
from engine.text import Text
from tests.builders import Clock, day
from tests.cast import ADMIN, FANG, HE, JIA, ZHOU
from tests.office import OfficeStory
from tests.procedures.way import bring_to, resume, suspend
from tests.service.notice_texts import NOTICE, notice_2027


def matter(engine: Engine, story: OfficeStory, kind: str) -> MatterLine:
    return next(line for line in engine.case_page(story.number).matters if line.kind == kind)


def working(line: MatterLine) -> Text:
    assert line.working is not None
    return line.working


def test_a_limit_in_working_days_says_from_which_day_the_number_and_the_article(
    engine: Engine, story: OfficeStory
) -> None:
    story.open()

    said = working(matter(engine, story, "main"))

    assert said.zh == "自2026年3月2日（收件日期）次日起第5个工作日：2026年3月9日（办案规则第30条）"
    assert (
        said.en
        == "the 5th working day after 2 Mar 2026 (Received on): 9 Mar 2026 (Case-Handling Rules art. 30)"
    )


def test_a_limit_that_steps_over_a_suspension_says_so(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    clock.set("2026-03-04")
    suspend(story, "expert", FANG)
    assert matter(engine, story, "main").due is None
    assert matter(engine, story, "main").working is None, "an open stop leaves nothing to say"
    clock.set("2026-03-06")
    resume(story, "expert", FANG)

    said = working(matter(engine, story, "main"))

    assert "其间中止的2日不计" in said.zh
    assert "stepping over 2 suspended days" in said.en


def test_a_limit_before_a_hearing_is_counted_back_from_it(engine: Engine, story: OfficeStory) -> None:
    story.given("hearing_scheduled")

    terms = {term.title.zh: term for term in matter(engine, story, "main").terms}

    notice = terms["开庭通知"]
    assert notice.working.zh == "2026年3月16日（开庭日期）之前5个工作日：2026年3月9日（办案规则第38条）"
    assert notice.working.en.startswith("5 work days before 16 Mar 2026 (Hearing date): 9 Mar 2026")
    assert not notice.of_step


def test_a_limit_that_is_the_day_itself_is_said_to_be(engine: Engine, story: OfficeStory) -> None:
    story.given("tribunal_formed")
    story.do("set_evidence_deadline", ZHOU, evidence_deadline="2026-03-20")

    terms = {term.title.zh: term for term in matter(engine, story, "main").terms}

    claims = terms["增加或者变更仲裁请求"].working
    assert claims.zh == "2026年3月20日（举证期限届满日）当日：2026年3月20日（办案规则第44条）"
    assert (
        claims.en == "20 Mar 2026 itself (Last day for evidence): 20 Mar 2026 (Case-Handling Rules art. 44)"
    )


def test_a_step_in_a_year_without_a_notice_says_how_late_it_may_be_and_is_red_only_after_that(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    clock.set("2026-12-28")
    story.open()

    line = matter(engine, story, "main")
    term = next(term for term in line.terms if term.of_step and term.reading.due == line.due)

    assert term.reading.provisional
    assert term.reading.due is not None
    assert term.reading.latest is not None
    assert term.reading.due < term.reading.latest
    assert "有关放假通知未公布，最早可能为" in term.working.zh
    assert "it may be as early as" in term.working.en
    assert "or as late as" in term.working.en
    (todo, *_) = engine.case_page(story.number).todos
    assert (todo.earliest, todo.overdue_after) == (term.reading.earliest, term.reading.latest)
    clock.set(term.reading.latest.isoformat())
    assert engine.case_page(story.number).todos[0].light.colour == "amber"
    assert engine.lists.overdue_steps().lines == ()
    clock.set((term.reading.latest + timedelta(days=1)).isoformat())
    assert engine.case_page(story.number).todos[0].light.colour == "red"
    (over,) = engine.lists.overdue_steps().lines
    assert over.days_over == 1
    assert over.working == line.working


def test_a_step_that_the_clock_limits_shows_the_clocks_working(engine: Engine, story: OfficeStory) -> None:
    story.given("deliberation")

    page = engine.case_page(story.number)

    assert page.clock is not None
    assert page.matters[0].working == page.clock.working == page.line.working
    assert {todo.working for todo in engine.lists.todos(JIA).lines if todo.matter == "1"} == {
        page.clock.working
    }


def test_every_todo_and_every_overdue_line_says_how_its_day_comes_about(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("tribunal_formed")
    clock.set("2026-04-20")

    lines: list[TodoLine | OverdueLine] = [
        *engine.lists.todos(ZHOU).lines,
        *engine.lists.todos(HE).lines,
        *engine.lists.overdue_clocks().lines,
        *engine.lists.overdue_steps().lines,
    ]

    assert len(lines) > 3
    for line in lines:
        assert line.due is None or (line.working and line.working.zh and line.working.en)


def test_dates_that_a_notice_moved_stand_in_the_timeline_with_the_notice(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    clock.set("2026-12-21")
    story.open()
    bring_to(story, "accepted")
    clock.set("2026-12-28")
    engine.load_notice("2027.csv", notice_2027(rest=["2027-02-04"]), 2027, NOTICE, ADMIN)

    (line,) = [line for line in engine.case_page(story.number).events if line.event.kind == "redated"]

    assert line.sentence.zh == f"因“{NOTICE}”改动日期"
    assert line.who == "管理员"
    after = engine.case_line(story.number).due
    assert after is not None
    assert after > day("2027-02-04")
    moved = Text("届满日：{a} → {b}", "last day: {a} → {b}")
    assert moved.filled(a=day("2027-02-04"), b=after) in line.notes


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (102, "102nd"), (111, "111th")]
)  # fmt: skip
def test_english_ordinals(n: int, said: str) -> None:
    assert _nth(n) == said


def test_a_band_open_at_both_ends_says_both() -> None:
    said = band(day("2027-02-01"), day("2027-02-03"), day("2027-02-15"))

    assert "最早可能为2027年2月1日，最迟可能为2027年2月15日" in said.zh
    assert "as early as 1 Feb 2027 or as late as 15 Feb 2027" in said.en
