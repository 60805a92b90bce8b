"""What is shown of a case: its page now and then, its count sheet, who is awaited, and what one may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import UnknownCase, UnknownName
from engine.model.people import Absence
from engine.service.engine import Engine
from engine.service.queues import CaseFilter
from tests.builders import Clock, day
from tests.cast import DU, FANG, GU, HE, JIA, LIN, LU, MO, PLACE, SHEN, WU, YI, ZHOU, name_of, people
from tests.office import OfficeStory
from tests.procedures.way import bring_to, resume, sign, suspend

# --- the count sheet --------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", ["2026-03-03", "2026-03-31", "2026-04-17", "2026-04-30"])
def test_the_days_of_the_sheet_add_up_to_what_the_clock_says(
    engine: Engine, clock: Clock, story: OfficeStory, today: str
) -> None:
    story.given("accepted")
    clock.set(today)

    sheet = engine.sheet(story.number)

    assert sheet.reading is not None
    counted = [line for line in sheet.days if line.number and line.day <= clock.today]
    assert sheet.reading.counted_days == (clock.today - day("2026-03-03")).days
    assert len(counted) == min(sheet.reading.counted_days, 45), "the sheet ends on the last day"
    assert [line.number for line in counted] == list(range(1, len(counted) + 1))
    assert sheet.reading.due == day("2026-04-17")


def test_the_sheet_names_the_rule_the_article_the_fact_and_the_person_of_each_day(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-17")
    suspend(story, "expert", FANG)
    clock.set("2026-03-19")
    resume(story, "expert", JIA)
    clock.set("2026-03-20")

    days = {line.day: line for line in engine.sheet(story.number).days}

    start, stopped, resumed = days[day("2026-03-03")], days[day("2026-03-18")], days[day("2026-03-19")]
    assert (start.verdict, start.rule, start.by) == ("start", "K1", name_of(FANG))
    assert (stopped.verdict, stopped.rule, stopped.number) == ("stopped", "K2", None)
    assert stopped.fact is not None
    assert "中止" in stopped.fact.zh
    assert (resumed.verdict, resumed.number) == ("counted", 14)
    assert all(line.article for line in days.values())


def test_the_sheet_of_a_past_day_knows_only_what_was_known_then(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-17")
    suspend(story, "expert", FANG)
    clock.set("2026-03-30")

    then, now = engine.sheet(story.number, day("2026-03-16")), engine.sheet(story.number)

    assert then.reading is not None
    assert now.reading is not None
    assert (then.reading.state, then.reading.counted_days) == ("running", 13)
    assert (now.reading.state, now.reading.due) == ("paused", None)


def test_a_case_whose_clock_has_not_started_has_an_empty_sheet(engine: Engine, story: OfficeStory) -> None:
    sheet = engine.sheet(story.open().number)

    assert (sheet.days, sheet.reading) == ((), None)


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_of_a_past_day_is_the_case_as_it_stood_at_its_end(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("tribunal_formed")
    bring_to(story, "deliberation")

    page = engine.case_page(story.number, ZHOU, as_of=day("2026-03-05"))

    assert page.line.state == "tribunal_formed"
    assert {matter.state for matter in page.matters[1:]} == {"answer_awaited"}
    assert page.clock is not None
    assert page.clock.reading.counted_days == 2
    assert page.actions == (), "nobody acts in the past"
    assert {document.kind for document in page.documents} == {"application", "proof_of_service"}
    assert all(line.event.recorded_at.date() <= day("2026-03-05") for line in page.events)


def test_what_was_entered_late_is_not_on_the_page_of_its_own_day(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-20")
    suspend(story, "expert", FANG, on="2026-03-17")

    shown = engine.case_page(story.number, as_of=day("2026-03-17")).clock

    assert shown is not None
    assert shown.reading.state == "running", "on that day nobody knew"


def test_a_case_has_no_page_of_a_day_before_it_was_received(engine: Engine, story: OfficeStory) -> None:
    story.open()

    with pytest.raises(UnknownName):
        engine.case_page(story.number, as_of=day("2026-03-01"))


@pytest.mark.parametrize("number", ["", "双劳人仲案〔2026〕99号", "%", "99"])
def test_a_number_nobody_has_is_an_unknown_case(engine: Engine, story: OfficeStory, number: str) -> None:
    story.open()

    with pytest.raises(UnknownCase):
        engine.case_page(number)


def test_the_page_says_who_signed_which_level_and_who_is_next(engine: Engine, story: OfficeStory) -> None:
    story.given("under_review")
    sign(story, SHEN, HE)

    (review,) = [matter for matter in engine.case_page(story.number).matters if matter.kind == "award_review"]

    assert [(level.number, level.status) for level in review.levels] == [
        (1, "signed"), (2, "signed"), (3, "current"), (4, "ahead"), (5, "ahead"),
    ]  # fmt: skip
    assert review.levels[0].persons == (name_of(SHEN),)
    group = people().holders("reviewer_3", PLACE, day("2026-03-23"))
    assert set(review.levels[2].persons) == {name_of(person) for person in group}
    assert review.levels[2].missing == 2
    assert review.levels[0].signed_at is not None


def test_a_return_keeps_the_levels_before_it_until_the_new_draft_is_carried_or_begins_anew(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("under_review")
    sign(story, SHEN)
    story.do("return", HE, comment="格式", comment_kind="form")

    (review,) = [matter for matter in engine.case_page(story.number).matters if matter.kind == "award_review"]

    assert [level.status for level in review.levels] == ["signed", *["ahead"] * 4]


def test_a_number_may_be_typed_in_any_way(engine: Engine, story: OfficeStory) -> None:
    story.open()

    for typed in (
        "双劳人仲案(2026)1号",
        "双劳人仲案（2026）01",
        "双劳人仲案[2026]1 号",
        "双劳人仲案〔２０２６〕１号",
    ):
        assert engine.case_line(typed).id == story.case.id


# --- actions ----------------------------------------------------------------------------------------------


def test_actions_tell_what_is_possible_first_and_for_the_rest_why_not(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("tribunal_formed")

    actions = engine.actions(story.number, ZHOU)

    allowed = [action.move for action in actions if action.allowed]
    assert set(allowed) == {
        "serve", "record_attempt", "post_up", "entrust", "propose_suspension", "propose_exclusion", "set_evidence_deadline",
        "ask_claim_change", "request_recusal", "withdraw", "hand_over", "record_suit",
    }  # fmt: skip
    assert [action.allowed for action in actions] == sorted((a.allowed for a in actions), reverse=True)
    refused = {action.move: action.refused for action in actions if not action.allowed}
    assert all(refusal is not None for refusal in refused.values())
    hearing = refused["schedule_hearing"]
    assert hearing is not None
    assert "尚有被申请人未完成送达与答辩" in hearing.reason.zh


def test_an_action_carries_its_form_with_the_persons_who_may_be_named(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("proposed")

    (accept,) = [action for action in engine.actions(story.number, FANG) if action.move == "accept"]

    (field,) = accept.fields
    assert (field.name, field.needed, field.type) == ("secretary_named", True, "person")
    assert {person for person, _ in field.persons} == {ZHOU, WU, "qiu"}
    assert accept.seen == story.case.main.seen


def test_what_actions_allow_is_what_act_accepts(engine: Engine, story: OfficeStory) -> None:
    story.given("under_review")

    for person in (SHEN, MO, LU, HE, YI, LIN):
        (line,) = [a for a in engine.actions(story.number, person) if a.move == "sign"]
        assert line.allowed is (person in (SHEN, MO, LU)), person


def test_somebody_nobody_knows_has_no_actions(engine: Engine, story: OfficeStory) -> None:
    story.open()

    with pytest.raises(UnknownName):
        engine.actions(story.number, "nobody")


# --- todos and the strip ----------------------------------------------------------------------------------


def test_each_person_sees_what_awaits_them(engine: Engine, story: OfficeStory) -> None:
    story.given("tribunal_formed")

    assert [todo.state for todo in engine.lists.todos(ZHOU).lines] == [
        "to_serve",
        "to_serve",
        "tribunal_formed",
    ]
    assert [todo.due for todo in engine.lists.todos(ZHOU).lines] == [
        day("2026-03-10"),
        day("2026-03-10"),
        day("2026-04-17"),
    ]
    assert engine.lists.todos(WU).lines == ()
    assert engine.lists.todos(LIN).lines == ()


def test_a_substitute_sees_the_absent_persons_todos_and_for_whom(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("under_review")
    engine.staff.leave(Absence(SHEN, clock.today, clock.today + timedelta(days=5), GU))

    (todo,) = engine.lists.todos(GU).lines

    assert (todo.state, todo.for_) == ("level_1", name_of(SHEN))
    clock.ahead(days=6)
    assert engine.lists.todos(GU).lines == ()


def test_who_stepped_back_is_not_awaited(engine: Engine, story: OfficeStory) -> None:
    story.given("under_review")
    assert [todo.state for todo in engine.lists.todos(SHEN).lines] == ["level_1"]

    story.do("recuse", FANG, recused_person=SHEN, reason="近亲属")

    assert engine.lists.todos(SHEN).lines == ()


def test_the_strip_counts_what_is_due_soon_and_over(engine: Engine, clock: Clock, story: OfficeStory) -> None:
    story.given("tribunal_formed")
    clock.set("2026-03-09")
    before = engine.strip(ZHOU)
    clock.set("2026-03-10")
    today = engine.strip(ZHOU)
    clock.set("2026-03-11")
    after = engine.strip(ZHOU)

    assert (before.due_today, before.within_three_days, before.overdue, before.mine) == (0, 2, 0, 3)
    assert (today.due_today, today.within_three_days, today.overdue) == (2, 2, 0)
    assert (after.due_today, after.within_three_days, after.overdue) == (0, 0, 2)


# --- what is over -----------------------------------------------------------------------------------------


def test_an_overdue_case_is_listed_with_its_days_and_its_holder_from_the_day_after(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-04-17 23:59")
    assert engine.lists.overdue_clocks().lines == ()

    clock.set("2026-04-18 00:00")

    (line,) = engine.lists.overdue_clocks().lines
    assert (line.days_over, line.due, line.holders) == (1, day("2026-04-17"), (name_of(ZHOU),))
    assert [case.number for case in engine.cases(CaseFilter(overdue=True)).cases] == [story.number]


def test_a_suspended_case_is_not_overdue(engine: Engine, clock: Clock, story: OfficeStory) -> None:
    story.given("deliberation")
    suspend(story, "expert", FANG)
    story.do("inform_parties", ZHOU, files=["notice"])
    clock.set("2026-04-14")
    story.do("confirm_ground", ZHOU, still_there="鉴定机构尚未出具意见")
    clock.set("2026-04-28")

    assert engine.lists.overdue_clocks().lines == (), "the last day of 17 April stands still with the clock"
    assert engine.case_line(story.number).light.colour == "grey"


@pytest.mark.parametrize(
    ("today", "colour"),
    [("2026-03-20", "green"), ("2026-04-06", "green"), ("2026-04-07", "amber"), ("2026-04-17", "amber"), ("2026-04-18", "red")],
)  # fmt: skip
def test_the_light_is_amber_in_the_last_ten_days_and_red_after_the_last(
    engine: Engine, clock: Clock, story: OfficeStory, today: str, colour: str
) -> None:
    story.given("accepted")
    clock.set(today)

    assert engine.case_line(story.number).light.colour == colour


def test_the_ledger_shows_the_latest_update_and_says_when_it_is_stale(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    story.do("list_supervised", DU, listing_reason="petition")
    (fresh,) = engine.lists.ledger().lines
    assert (fresh.reason.zh, fresh.updates, fresh.stale) == ("信访投诉", 0, False)

    story.do(
        "update_ledger", ZHOU, not_closed_because="待鉴定", next_step="催办鉴定", next_step_on="2026-03-25"
    )
    clock.set("2026-03-23")
    assert [line.stale for line in engine.lists.ledger().lines] == [False]
    clock.set("2026-03-24")

    (line,) = engine.lists.ledger().lines
    assert (line.not_closed_because, line.next_step, line.updates, line.stale) == (
        "待鉴定",
        "催办鉴定",
        1,
        True,
    )
    assert line.updated_on == day("2026-03-16")
