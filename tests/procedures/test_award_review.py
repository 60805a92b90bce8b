"""The review of the award: five levels, comments and answers, votes, carried signatures, delays, substitutes."""

from __future__ import annotations

from datetime import timedelta

from engine.model.people import Absence
from tests.builders import a_file, day
from tests.cast import (
    BEI,
    FANG,
    GU,
    HE,
    JIA,
    KE,
    LU,
    MO,
    NING,
    SHEN,
    SIGNERS,
    SONG,
    TANG,
    YI,
    ZHOU,
    name_of,
)
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form, answer_comments, bring_to, hand_in_again, send_back, sign


def under_review(story: OfficeStory) -> OfficeStory:
    story.open()
    bring_to(story, "under_review")
    return story


def levels(story: OfficeStory) -> list[str]:
    (review,) = [
        m for m in story.engine.case_page(story.number).matters if m.kind == "award_review" and m.levels
    ][-1:]
    return [level.status for level in review.levels]


def outcomes(story: OfficeStory) -> list[str | None]:
    return [comment.outcome for comment in story.case.matters_of("review_comment")]


def test_a_draft_that_every_level_signs_passes_and_the_secretary_may_issue_it(story: OfficeStory) -> None:
    under_review(story)

    for level, persons in enumerate(((SHEN,), (HE,), (TANG, NING), (SONG,), (FANG,)), 1):
        for person in persons:
            assert [todo.state for todo in story.engine.lists.todos(person).lines] == [f"level_{level}"]
            sign(story, person)

    assert levels(story) == ["signed"] * 5
    assert [a.move for a in story.engine.actions(story.number, "zhou") if a.allowed and a.primary][:1] == [
        "issue_award"
    ]
    assert_whole(story.engine, story.number)


def test_a_draft_returned_twice_keeps_every_comment_with_its_answer(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN, HE)
    send_back(story, TANG, NING, comment="论证不足")
    hand_in_again(story, "第二稿")
    sign(story, MO, HE, LU, KE, SONG)
    send_back(story, FANG, comment="主文第二项金额有误", kind="form")
    hand_in_again(story, "第三稿")

    sign(story, *SIGNERS)

    moves = [e.move for e in story.history() if e.matter == story.matter("award_review").id and e.move]
    assert moves == [
        "sign", "sign", "return", "return", "resubmit", *["sign"] * 5, "return", "resubmit", *["sign"] * 6,
    ]  # fmt: skip
    comments = story.case.matters_of("review_comment")
    assert [c.facts["comment"] for c in comments] == ["论证不足", "论证不足", "主文第二项金额有误"]
    assert [(c.outcome, c.facts["answer_reason"]) for c in comments] == [("adopted", "已采纳并修改")] * 3
    drafts = [d.name for d in story.engine.case_page(story.number).documents if d.kind == "draft"]
    assert len(drafts) == 3
    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_a_comment_of_form_must_be_adopted_and_one_of_substance_may_be_declined(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN, HE)
    send_back(story, TANG, kind="form", comment="主文漏写大写金额")
    send_back(story, NING, kind="substance", comment="加班费基数论证不足")
    form, substance = story.case.matters_of("review_comment")
    answered: Form = {"answer_reason": "仲裁庭维持原意见", "answer": "not_adopted"}

    assert story.refused("answer_comment", YI, matter=form, **answered).code == "guard"
    assert story.refused("answer_comment", ZHOU, matter=substance, **answered).code == "not_yours"
    story.do("answer_comment", JIA, matter=substance, **answered)
    again = story.refused("resubmit", YI, files=["draft"], change="form")
    assert "尚有意见未逐条答复" in again.reason.zh
    story.do("answer_comment", YI, matter=form, answer="adopted", answer_reason="已补写")
    story.do("resubmit", YI, files=[a_file("draft", "第二稿")], change="content")

    assert outcomes(story) == ["adopted", "not_adopted"]
    sign(story, *SIGNERS)
    assert story.state == "ready_to_issue", "on substance the tribunal decides"
    assert_whole(story.engine, story.number)


def test_the_comment_of_a_minority_is_answered_before_level_four_signs(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN, HE, TANG)
    send_back(story, NING, comment="建议补充类案检索")
    assert story.matter("award_review").state == "level_3", "one of three does not return it"
    sign(story, KE)
    assert story.matter("award_review").state == "level_4"

    refusal = story.refused("sign", SONG, matter="award_review")
    assert "尚有意见未答复" in refusal.reason.zh
    answer_comments(story, answer="partly", reason="已附一件类案")
    sign(story, SONG, FANG)

    assert (outcomes(story), story.state) == (["partly"], "ready_to_issue")
    assert_whole(story.engine, story.number)


def test_after_a_change_of_form_the_signatures_before_are_carried_to_the_new_draft(
    story: OfficeStory,
) -> None:
    under_review(story)
    sign(story, *SIGNERS[:-1])
    send_back(story, FANG, comment="首部案号有误", kind="form")

    hand_in_again(story, "第二稿", change="form")
    assert story.matter("award_review").state == "resumed_5"
    event, *_ = story.do("carry", FANG, matter="award_review", difference_seen="仅更正案号")
    sign(story, FANG)

    assert story.state == "ready_to_issue"
    second = a_file("draft", "第二稿")
    assert event.documents == {"draft": second.digest}, "the act says which version the signatures go on to"
    signers = [e.by for e in story.history() if e.move == "sign"]
    assert signers == list(SIGNERS), "nobody but the returning level signs again"
    assert_whole(story.engine, story.number)


def test_a_change_called_one_of_form_that_is_more_begins_again_at_level_one(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN)
    send_back(story, HE, comment="日期有误", kind="form")
    hand_in_again(story, "第二稿，主文已改", change="form")

    story.do("restart", HE, matter="award_review")

    assert story.matter("award_review").state == "level_1"
    assert levels(story) == ["current", "ahead", "ahead", "ahead", "ahead"]
    sign(story, *SIGNERS)
    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_where_the_group_and_the_tribunal_differ_experts_advise_and_the_tribunal_decides(
    story: OfficeStory,
) -> None:
    under_review(story)
    sign(story, SHEN, HE)
    refer: Form = {"question": "未签书面合同的二倍工资是否超过时效", "forum": "experts"}
    assert story.refused("refer", TANG, **refer).code == "guard", "they do not differ yet"
    send_back(story, TANG, NING, comment="时效起算点有误")
    answer_comments(story, answer="not_adopted", reason="起算点依合议意见")
    story.do("refer", YI, **refer)
    story.do("convene", SONG, meets_on="2026-03-24", taking_part="专家咨询委员会三名专家")
    story.clock.set("2026-03-24")
    story.do(
        "record_advice",
        ZHOU,
        files=["minutes"],
        advice="多数认为起算点应后移",
        dissent="一名专家同意仲裁庭意见",
    )
    assert story.matter("expert_opinion").outcome == "advised"

    story.do("resubmit", YI, files=[a_file("draft", "第二稿，维持原意见并补充说理")], change="content")
    sign(story, *SIGNERS)

    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_an_absent_signer_is_replaced_by_whom_the_level_above_names(story: OfficeStory) -> None:
    under_review(story)
    named: Form = {"stand_in_named": BEI, "reason": "沈一阅住院"}
    assert story.refused("name_stand_in", SHEN, matter="award_review", **named).code == "not_yours"
    assert (
        story.refused("name_stand_in", HE, matter="award_review", stand_in_named=TANG, reason="外出").code
        == "bad_fact"
    )
    story.do("name_stand_in", HE, matter="award_review", **named)

    sign(story, BEI)

    assert story.matter("award_review").state == "level_2"
    assert story.matter("award_review").assigned["level_1"] == (BEI,)
    assert "stand_in" not in story.matter("award_review").assigned, "it was for one signature"
    sign(story, *SIGNERS[1:])
    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_the_drafter_is_told_of_a_return_and_sees_comment_and_draft_among_their_todos(
    story: OfficeStory,
) -> None:
    under_review(story)

    send_back(story, SHEN, comment="格式", kind="form")

    assert [todo.state for todo in story.engine.lists.todos(YI).lines] == ["answering", "to_answer"]
    assert any(name_of(SHEN) in notice.sentence.zh for notice in story.engine.inbox.page(YI).lines)
    assert_whole(story.engine, story.number)


def test_a_reviewer_on_leave_is_signed_for_and_the_page_says_so(story: OfficeStory) -> None:
    under_review(story)
    story.engine.staff.leave(Absence(SHEN, story.clock.today, story.clock.today + timedelta(days=3), GU))

    sign(story, GU)

    (review,) = [m for m in story.engine.case_page(story.number).matters if m.kind == "award_review"]
    assert (review.levels[0].persons, review.levels[0].acting_for) == ((name_of(GU),), name_of(SHEN))
    assert_whole(story.engine, story.number)


def test_a_late_reviewer_is_pressed_and_the_signature_still_counts(story: OfficeStory) -> None:
    under_review(story)
    story.clock.set("2026-03-30")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.level_1")] == ["V1", "V2", "V3"]
    assert any("核阅已超期" in notice.sentence.zh for notice in story.engine.inbox.page(SHEN).lines)

    sign(story, *SIGNERS)

    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_a_draft_taken_back_is_drafted_anew_and_reviewed_from_the_first_level(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN)
    send_back(story, HE, comment="事实不清")
    answer_comments(story)
    story.do("take_back", YI, reason="合议庭重新合议")
    assert story.state == "drafting"

    story.do("submit_draft", YI, files=[a_file("draft", "重新起草")])
    assert levels(story) == ["current", "ahead", "ahead", "ahead", "ahead"]
    sign(story, *SIGNERS)

    assert [m.outcome for m in story.case.matters_of("award_review")] == ["withdrawn", "approved"]
    assert_whole(story.engine, story.number)


def test_the_award_clock_runs_on_during_the_review(story: OfficeStory) -> None:
    under_review(story)
    due = story.engine.case_line(story.number).due

    sign(story, SHEN, HE)

    assert story.engine.case_line(story.number).due == due == day("2026-04-17")
