"""The count sheet: each day with its rule, entry and person; sums; what is known now and what was shown then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.errors import UnknownName, WrongUse
from engine.law.agreement import Difference
from engine.model.people import Absence
from engine.service import count_sheets
from engine.service.annex import annex, equation
from engine.service.engine import Engine
from engine.service.incidents import CLOCKS_DIFFER
from engine.service.sheet_pages import CountSheet, View
from engine.text import Text
from tests.builders import Clock, day, instant
from tests.cast import ADMIN, DU, FANG, GU, HE, JIA, WEI, name_of
from tests.office import OfficeStory, an_incident, tamper
from tests.procedures.way import (
    ask_for_extension,
    bring_to,
    exclude_time,
    grant,
    propose_suspension,
    resume,
    suspend,
)
from tests.service.notice_texts import NOTICE, notice_2027

VIEWS: tuple[View, ...] = ("known", "shown")


def suspended(story: OfficeStory, clock: Clock) -> None:
    story.given("deliberation")
    clock.set("2026-03-17")
    suspend(story, "expert", FANG)
    clock.set("2026-03-20")
    resume(story, "expert", JIA)


def extended(story: OfficeStory, clock: Clock) -> None:
    suspended(story, clock)
    clock.set("2026-03-23")
    ask_for_extension(story, "10")
    grant(story, "10")


def begun_anew(story: OfficeStory, clock: Clock) -> None:
    story.given("tribunal_formed")
    clock.set("2026-03-12")
    story.do("join_respondent", FANG, files=["order"], new_party="双河丙劳务有限公司", reason="用工主体")


def excluded(story: OfficeStory, clock: Clock) -> None:
    story.given("accepted")
    clock.set("2026-03-12")
    exclude_time(story, exclusion_ground="依某法第某条", excluded_from="2026-03-10", days_excluded="8")


def entered_late(story: OfficeStory, clock: Clock) -> None:
    """A stop of 10 to 14 April, recorded after the last day by somebody whose late entries need approval."""
    story.given("deliberation")
    clock.set("2026-04-20")
    suspend(story, "force_majeure", WEI, on="2026-04-10")
    resume(story, "force_majeure", WEI, on="2026-04-15")


@pytest.mark.parametrize("happens", [suspended, extended, begun_anew, excluded, entered_late])
def test_the_sum_adds_up_to_the_figure_in_the_queue(
    engine: Engine, clock: Clock, story: OfficeStory, happens: object
) -> None:
    assert callable(happens)
    happens(story, clock)

    sheet = engine.sheet(story.number)

    sums = sheet.totals
    assert sums is not None
    assert sums.counted + sums.stopped + sums.rolled == sums.calendar_days
    assert sums.counted == sums.length == sums.limit + sums.extension
    assert sums.start + timedelta(days=sums.calendar_days) == sums.last == engine.case_line(story.number).due
    assert len(sheet.days) == sums.before + sums.calendar_days + 1
    assert sum(len(run.days) for run in sheet.runs) == len(sheet.days)
    assert str(sums.calendar_days) in equation(sums).en
    assert {day.rule for day in sheet.days} <= {line.rule for line in sheet.legend}
    assert sheet.disagreement == ()


def test_days_before_a_restart_are_summed_apart(engine: Engine, clock: Clock, story: OfficeStory) -> None:
    begun_anew(story, clock)

    sums = engine.sheet(story.number).totals

    assert sums is not None
    assert (sums.before, sums.start) == (9, day("2026-03-12"))


def test_a_stopped_day_names_ground_document_and_who_entered_it_for_whom(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-17")
    engine.staff.leave(Absence(FANG, clock.today, clock.today, GU))
    suspend(story, "expert", GU)
    clock.set("2026-03-20")

    stopped = next(day for day in engine.sheet(story.number).days if day.verdict == "stopped")

    assert stopped.cause is not None
    assert [fact.shown.zh for fact in stopped.cause.facts] == ["待工伤认定、鉴定结论"]
    assert [document.zh for document in stopped.cause.documents] == ["中止决定书（order.txt）"]
    assert (stopped.cause.by, stopped.cause.for_) == (name_of(GU), name_of(FANG))
    assert stopped.title.en == "suspended days are not counted, the day of resumption is"


def test_rest_days_that_moved_the_end_say_which_notice_makes_them_so(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    clock.set("2026-08-17")
    story.open()
    bring_to(story, "accepted")

    days = {line.day: line for line in engine.sheet(story.number).days}

    assert days[day("2026-10-01")].verdict == "counted"
    moved = [line for line in days.values() if line.rest]
    assert [line.day.isoformat() for line in moved] == [f"2026-10-0{n}" for n in range(1, 8)]
    assert all(line.rest and "2026年放假通知" in line.rest.zh for line in moved)
    assert [line.verdict for line in moved[1:]] == ["rolled"] * 6
    assert days[day("2026-09-26")].rest is None, "a rest day within the period moved nothing"


# --- late entries, exceptions, refused entries -------------------------------------------------------------


def test_a_late_entry_counts_until_the_director_rejects_it(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    entered_late(story, clock)
    first = engine.sheet(story.number)
    assert [line.approval for line in first.late] == ["pending"]
    assert first.late[0].cause.by == name_of(WEI)
    assert engine.case_line(story.number).due == day("2026-04-22")

    story.do("reject_entry", FANG, matter=story.case.matters_of("late_entry")[0], entry_reason="没有证据")

    sheet = engine.sheet(story.number)
    assert sheet.late[0].approval == "rejected"
    assert sheet.refused[0].code == "ENTRY_STRUCK"
    assert sheet.refused[0].rule == "K22"
    assert "K22" in {line.rule for line in sheet.legend}
    assert engine.case_line(story.number).due == day("2026-04-17")


def test_an_approved_late_entry_is_said_to_be_approved(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    entered_late(story, clock)
    story.do("approve_entry", FANG, matter=story.case.matters_of("late_entry")[0])

    assert engine.sheet(story.number).late[0].approval == "approved"
    notes = next(line.notes for line in engine.case_page(story.number).events if line.event.move == "suspend")
    assert "已经主任批准" in notes[0].zh


def test_what_the_director_let_stand_is_shown_with_the_reason(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-04-20")
    propose_suspension(story, "other_case")
    act: dict[str, Any] = {"files": ["order"], "ground": "other_case"}
    refused = story.refused("suspend", FANG, **act)
    assert (refused.code, refused.guard) == ("SUSPEND_AFTER_EXPIRY", "override")
    story.do("suspend", FANG, override="另案结果直接决定本案", **act)

    sheet = engine.sheet(story.number)

    (breach,) = sheet.breaches
    assert breach.reason == "另案结果直接决定本案"
    assert "特批" in breach.sentence.zh
    assert "不生效" not in breach.sentence.zh
    assert sheet.light.colour == "red", "the breach stays"
    assert "停" not in sheet.working.zh.replace("停止", ""), "the stop moved nothing"
    page = engine.case_page(story.number)
    assert any("特批理由" in note.zh for line in page.events for note in line.notes)


def test_a_restart_that_was_let_stand_moves_the_last_day_and_names_its_own_article(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("tribunal_formed")
    clock.set("2026-04-20")
    story.do(
        "join_respondent", FANG, files=["order"], new_party="双河丙劳务有限公司", reason="用工主体",
        override="查明用工主体在后",
    )  # fmt: skip

    sheet = engine.sheet(story.number)

    (breach,) = sheet.breaches
    assert "2026年4月20日重新计算" in breach.sentence.zh
    assert "start anew on 20 Apr 2026" in breach.sentence.en
    assert "届满日不变" not in breach.sentence.zh
    assert sheet.reading is not None
    assert sheet.reading.due == day("2026-06-04"), "45 days from 20 April: a Thursday"
    begun = next(line for line in sheet.days if line.rule == "K5")
    assert begun.article.zh == "办案规则第46条第(1)项"


def test_the_case_shows_which_layer_gave_which_figure(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("under_review")
    story.do("set_target", HE, target_days="25", reason="先行保障")

    lines = engine.sheet(story.number).targets

    assert [(line.layer, line.length.en, line.used) for line in lines] == [
        ("law", "45 days", True), ("procedure", "30 days", False), ("case", "25 days", True),
    ]  # fmt: skip
    assert lines[0].due == day("2026-04-17")
    assert lines[1].since == day("2023-01-01")
    assert lines[2].due == day("2026-03-30"), "28 March is a Saturday"
    assert all(line.why.zh and line.why.en for line in lines)


# --- known now, shown then ----------------------------------------------------------------------------------


def due(sheet: CountSheet) -> date | None:
    return sheet.reading.due if sheet.reading else None


def test_a_day_is_known_by_everything_recorded_until_now_and_shown_by_what_was_recorded_then(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    entered_late(story, clock)
    clock.set("2026-04-21")
    asked = day("2026-04-18")

    known, shown = engine.sheet(story.number, asked), engine.sheet(story.number, asked, "shown")

    assert (due(known), known.light.colour) == (day("2026-04-22"), "amber")
    assert (due(shown), shown.light.colour) == (day("2026-04-17"), "red")
    assert shown.late == ()
    assert known.shown is None


def test_the_journal_agrees_with_what_the_record_of_that_day_comes_to(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    bring_to(story, "accepted")
    clock.set("2026-03-20")

    shown = engine.sheet(story.number, day("2026-03-10"), "shown").shown

    assert shown is not None
    assert (shown.due, shown.agrees) == (day("2026-04-17"), True)


def test_where_the_journal_says_something_else_both_are_said(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    bring_to(story, "accepted")
    tamper(engine.office.database, "UPDATE shown_dates SET due = '2026-04-16' WHERE due IS NOT NULL")

    sheet = engine.sheet(story.number, None, "shown")

    assert sheet.shown is not None
    assert not sheet.shown.agrees
    assert "2026年4月16日" in sheet.shown.sentence.zh
    assert "2026年4月17日" in sheet.shown.sentence.zh
    assert "16 Apr 2026" in sheet.shown.sentence.en


def test_what_was_shown_goes_by_the_calendar_of_that_day(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    clock.set("2026-12-21")
    story.open()
    bring_to(story, "accepted")
    clock.set("2026-12-28")
    engine.load_notice("2027.csv", notice_2027(), 2027, NOTICE, ADMIN)
    clock.set("2026-12-30")
    asked = day("2026-12-23")

    known, shown = engine.sheet(story.number, asked), engine.sheet(story.number, asked, "shown")

    assert (due(shown), shown.reading and shown.reading.provisional) == (day("2027-02-04"), True)
    assert known.reading is not None
    assert not known.reading.provisional
    assert shown.shown is not None
    assert shown.shown.agrees


def test_a_weekend_of_december_says_that_the_notice_of_the_next_year_is_not_there_yet(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    """The 45th day is Saturday 26 December 2026, which may yet be worked for New Year."""
    clock.set("2026-11-11")
    story.open()
    bring_to(story, "accepted")

    sheet = engine.sheet(story.number)

    rolled = {row.day: row.rest.zh for row in sheet.days if row.rest}
    assert rolled[day("2026-12-26")] == "周末（次年放假通知未公布）"
    assert sheet.reading is not None
    assert (sheet.reading.due_earliest, sheet.reading.due) == (day("2026-12-26"), day("2026-12-28"))
    assert "K20" in {line.rule for line in sheet.legend}


def test_a_day_to_come_is_refused_at_once_and_a_day_before_receipt_is_no_day_of_the_case(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")

    for to_come in (clock.today + timedelta(days=1), date.max):
        for look in VIEWS:
            with pytest.raises(WrongUse) as raised:
                engine.sheet(story.number, to_come, look)
            assert "尚未到来" in raised.value.sentence.zh
        with pytest.raises(WrongUse):
            engine.case_page(story.number, as_of=to_come)
    for look in VIEWS:
        with pytest.raises(UnknownName):
            engine.sheet(story.number, day("2026-03-01"), look)


# --- two clocks ---------------------------------------------------------------------------------------------


def test_two_clocks_that_differ_are_said_and_open_one_incident(
    engine: Engine, clock: Clock, story: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.given("accepted")
    found = Difference(("due",), Text("届满日按区间为甲，逐日为乙。", "by intervals A, day by day B."))
    monkeypatch.setattr(count_sheets, "between", lambda reading, figures: found)

    first, again = engine.sheet(story.number), engine.sheet(story.number)

    assert "请勿依赖该日期" in first.disagreement[0].zh
    assert first.disagreement == again.disagreement
    assert "by intervals A" in first.disagreement[1].en
    clock.ahead(days=3)
    told = [notice for notice in engine.inbox.page(DU).lines if "按区间为甲" in notice.sentence.zh]
    assert len(told) == 1
    assert [f.code for f in engine.doctor().findings if f.code == "incident"] == ["incident"]
    assert "annex-warning" in annex(first, instant("2026-03-04"), "方正", "zh").page()


def test_a_look_at_a_past_day_opens_no_incident(
    engine: Engine, clock: Clock, story: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.given("accepted")
    clock.ahead(days=1)
    found = Difference(("due",), Text("届满日按区间为甲，逐日为乙。", "by intervals A, day by day B."))
    monkeypatch.setattr(count_sheets, "between", lambda reading, figures: found)

    looks = [engine.sheet(story.number, clock.today), engine.sheet(story.number, None, "shown")]

    assert all("by intervals A" in look.disagreement[1].en for look in looks)
    assert [f.code for f in engine.doctor().findings if f.code == "incident"] == []


def test_an_open_incident_is_said_on_the_page_and_the_sheet_of_its_case_alone(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    number = story.number
    said = Text("届满日按区间为甲，逐日为乙。", "by intervals A, day by day B.")
    an_incident(engine, number, CLOCKS_DIFFER, said)
    story.given("filed", 2)

    page, sheet = engine.case_page(number), engine.sheet(number)

    assert "请勿依赖该日期" in page.incidents[0].zh
    assert page.incidents[1] == said
    assert sheet.disagreement == page.incidents
    assert engine.case_page(story.number).incidents == engine.sheet(story.number).disagreement == ()


# --- the annex ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_annex_has_a_line_for_each_day_and_repeats_no_text(
    engine: Engine, clock: Clock, story: OfficeStory, lang: str
) -> None:
    extended(story, clock)
    sheet = engine.sheet(story.number)

    page = engine.annex(sheet, "方正", "zh" if lang == "zh" else "en").page()

    assert page.count('class="annex-date"') == len(sheet.days)
    assert page.count(sheet.days[1].title.said("zh" if lang == "zh" else "en")) == 2, (
        "in its first row and the legend"
    )
    assert story.number in page
    assert "http" not in page
    assert "2026-03-23" in page
    assert ("打印：方正" if lang == "zh" else "Printed by 方正") in page
