"""Supervision: a case is listed, its ledger kept up each week, and it is struck off by a supervisor alone."""

from __future__ import annotations

from tests.builders import day
from tests.cast import DU, FANG, HE, JIA, SONG, ZHOU, name_of
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form, bring_to, suspend


def listed(story: OfficeStory, reason: str = "petition") -> OfficeStory:
    story.open()
    bring_to(story, "accepted")
    story.do("list_supervised", DU, listing_reason=reason)
    check_and_fix(story)
    return story


def check_and_fix(story: OfficeStory, **found: str) -> None:
    checks: Form = {"reason_true": "yes", "procedure_right": "yes", "deliberate_delay": "no", **found}
    story.do(
        "check_and_fix", DU, leader_named=SONG, closing_planned_on="2026-04-10", plan="四月上旬前开庭并裁决", **checks
    )  # fmt: skip


def update(story: OfficeStory, by: str = ZHOU) -> None:
    story.do(
        "update_ledger", by, not_closed_because="待组庭", next_step="组成仲裁庭", next_step_on="2026-03-20"
    )


def test_a_listing_is_updated_each_week_and_struck_off_by_the_supervisor_alone(story: OfficeStory) -> None:
    listed(story)
    for date in ("2026-03-09", "2026-03-16"):
        story.clock.set(date)
        update(story)
        story.sweep()
        assert story.rungs("term.listed") == [], "an update in time presses nobody"
    (line,) = story.engine.lists.ledger().lines
    assert (line.updates, line.updated_on, line.stale) == (2, day("2026-03-16"), False)

    story.do("propose_delisting", ZHOU, reason_gone="已答复信访人")
    refusal = story.refused("delist", ZHOU, files=["confirmation"], reason_gone="已答复信访人")
    assert (refusal.code, refusal.who) == ("not_yours", (name_of(DU),))
    assert story.refused("delist", FANG, files=["confirmation"], reason_gone="已答复").code == "not_yours"
    story.do("delist", DU, files=["confirmation"], reason_gone="已答复信访人")

    assert (story.matter("supervision").outcome, story.engine.lists.ledger().lines) == ("delisted", ())
    assert not story.engine.case_line(story.number).supervised
    assert_whole(story.engine, story.number)


def test_a_ledger_nobody_updates_is_called_stale_each_week_and_goes_up_after_two(story: OfficeStory) -> None:
    listed(story)
    story.clock.set("2026-03-31 10:00")
    story.sweep()

    # Listed on 3 March, so the first week ends on the 10th.
    assert [(rung, on.isoformat()) for rung, on in story.rungs("term.listed")] == [
        ("L1", "2026-03-11"), ("L1", "2026-03-18"), ("L2", "2026-03-18"), ("L1", "2026-03-25"),
        ("L3", "2026-03-25"),
    ]  # fmt: skip
    assert any("7日未更新" in notice.sentence.zh for notice in story.engine.inbox.page(ZHOU).lines)
    assert any("14日未更新" in notice.sentence.zh for notice in story.engine.inbox.page(SONG).lines)
    assert [line.stale for line in story.engine.lists.ledger().lines] == [True]
    update(story)
    assert [line.stale for line in story.engine.lists.ledger().lines] == [False]
    assert_whole(story.engine, story.number)


def test_a_stale_ledger_comes_before_a_fresh_one(story: OfficeStory) -> None:
    listed(story)
    story.clock.set("2026-03-12")
    fresh = OfficeStory(story.engine, story.clock).open()
    fresh.do("list_supervised", DU, listing_reason="key_case")

    assert [line.case.number for line in story.engine.lists.ledger().lines] == [story.number, fresh.number]


def test_a_supervisor_may_keep_a_case_listed_with_an_instruction(story: OfficeStory) -> None:
    listed(story)
    story.do("propose_delisting", HE, reason_gone="已组庭")
    story.clock.set("2026-03-05")

    story.do("keep_listed", DU, instruction="请先完成送达")

    assert story.matter("supervision").state == "listed"
    assert story.matter("supervision").facts["updated_on"] == day("2026-03-05")
    assert any(name_of(DU) in notice.sentence.zh for notice in story.engine.inbox.page(ZHOU).lines)
    assert_whole(story.engine, story.number)


def test_nobody_but_director_and_supervisor_lists_a_case(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "accepted")

    for person in (ZHOU, HE, JIA):
        assert story.refused("list_supervised", person, listing_reason="key_case").code == "not_yours"
    story.do("list_supervised", FANG, listing_reason="key_case")
    (line,) = story.engine.lists.ledger().lines
    assert line.reason.zh == "重点案件"


def test_a_suspension_does_not_stop_the_ledger(story: OfficeStory) -> None:
    listed(story)
    suspend(story)
    story.clock.set("2026-03-11")

    story.sweep()

    assert [rung for rung, _ in story.rungs("term.listed")] == ["L1"]
    assert_whole(story.engine, story.number)


def test_a_listed_case_that_is_archived_stays_listed_until_it_is_struck_off(story: OfficeStory) -> None:
    listed(story)
    bring_to(story, "archived")
    assert not story.case.open
    assert [line.case.number for line in story.engine.lists.ledger().lines] == [story.number]

    story.do("propose_delisting", ZHOU, reason_gone="已结案归档")
    story.do("delist", DU, files=["confirmation"], reason_gone="已结案归档")

    assert story.engine.lists.ledger().lines == ()
    assert_whole(story.engine, story.number)


def test_the_three_checks_fix_leader_day_and_plan_and_are_pressed_for_until_they_are_made(
    story: OfficeStory,
) -> None:
    story.open()
    bring_to(story, "accepted")
    story.do("list_supervised", DU, listing_reason="key_case")
    story.clock.set("2026-03-11")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.listed") if rung.startswith("C")] == ["C1", "C2"]
    checks: Form = {"reason_true": "no", "procedure_right": "yes", "deliberate_delay": "no"}
    fixed: Form = {"leader_named": SONG, "closing_planned_on": "2026-04-10", "plan": "限期开庭"}
    assert story.refused("check_and_fix", DU, **checks, **fixed).code == "guard", "say what was found"

    check_and_fix(story, reason_true="no", check_note="未结原因与卷宗不符")
    story.clock.set("2026-03-31")
    story.sweep()

    assert [rung for rung, _ in story.rungs("term.listed") if rung.startswith("C")] == ["C1", "C2"]
    assert story.matter("supervision").assigned["leader"] == (SONG,)
    assert_whole(story.engine, story.number)


def test_an_instruction_has_its_own_day_and_the_case_is_not_struck_off_before_it_is_carried_out(
    story: OfficeStory,
) -> None:
    listed(story)
    story.do("instruct", DU, instruction="本周内完成送达", reply_by="2026-03-06")
    assert [t.due for t in story.engine.lists.todos(ZHOU).lines if t.state == "to_reply"] == [
        day("2026-03-06")
    ]
    story.do("propose_delisting", ZHOU, reason_gone="已答复信访人")
    refusal = story.refused("delist", DU, files=["confirmation"], reason_gone="已答复信访人")
    assert "督办指示未落实" in refusal.reason.zh

    story.clock.set("2026-03-09")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.to_reply")] == ["S1", "S2", "S3"]
    story.do("reply", ZHOU, reply="已送达两名被申请人")
    story.do("instruct_again", DU, instruction="补交送达回证", reply_by="2026-03-12")
    story.do("reply", ZHOU, reply="送达回证已入卷")
    story.do("confirm_reply", DU)
    story.do("delist", DU, files=["confirmation"], reason_gone="已答复信访人")

    assert (story.matter("directive").outcome, story.matter("supervision").outcome) == (
        "carried_out",
        "delisted",
    )
    assert_whole(story.engine, story.number)


def test_thirty_days_after_the_delisting_somebody_looks_back_and_may_list_the_case_again(
    story: OfficeStory,
) -> None:
    listed(story)
    story.do("propose_delisting", ZHOU, reason_gone="已答复信访人")
    story.do("delist", DU, files=["confirmation"], reason_gone="已答复信访人")
    early = story.refused("confirm_delisting", DU, finding="未再来访")
    assert (early.code, early.fact) == ("too_early", "2026-04-02")
    assert story.engine.lists.ledger().lines == ()

    story.clock.set("2026-04-03")
    story.do("relist", DU, finding="信访人再次来访", listing_reason="petition")

    (line,) = story.engine.lists.ledger().lines
    assert (line.reason.zh, line.listed_on) == ("信访投诉", day("2026-04-03"))
    assert [m.outcome for m in story.case.matters_of("supervision")] == ["delisted", None]
    story.do("propose_delisting", ZHOU, reason_gone="已化解")
    story.do("delist", DU, files=["confirmation"], reason_gone="已化解")
    story.clock.set("2026-05-06")
    story.do("confirm_delisting", DU, finding="未再来访")
    assert [m.outcome for m in story.case.matters_of("look_back")] == ["relisted", "confirmed"]
    assert_whole(story.engine, story.number)
