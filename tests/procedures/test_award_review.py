"""The review of the award: five levels, returns, delays, substitutes; each story replays to the stored case."""

from __future__ import annotations

from datetime import timedelta

from engine.model.people import Absence
from tests.builders import a_file, day
from tests.cast import FANG, GU, HE, LU, MO, REVIEWERS, SHEN, SONG, TANG, YI, name_of
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import bring_to, sign


def under_review(story: OfficeStory) -> OfficeStory:
    story.open()
    bring_to(story, "under_review")
    return story


def levels(story: OfficeStory) -> list[str]:
    (review,) = [
        m for m in story.engine.case_page(story.number).matters if m.kind == "award_review" and m.levels
    ][-1:]
    return [level.status for level in review.levels]


def test_a_draft_that_five_people_sign_passes_and_the_secretary_may_issue_it(story: OfficeStory) -> None:
    under_review(story)

    for number, person in enumerate(REVIEWERS, 1):
        assert [todo.state for todo in story.engine.todos(person)] == [f"level_{number}"]
        sign(story, person)

    assert levels(story) == ["signed"] * 5
    assert [a.move for a in story.engine.actions(story.number, "zhou") if a.allowed and a.primary][:1] == [
        "issue_award"
    ]
    assert_whole(story.engine, story.number)


def test_a_draft_returned_twice_keeps_every_comment_and_answer_in_its_history(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN, HE)
    story.do("return", TANG, comment="论证不足", comment_kind="substance")
    story.do("resubmit", YI, files=[a_file("draft", "第二稿")], reply="已补充")
    sign(story, MO, HE, LU, SONG)
    story.do("return", FANG, comment="主文第二项金额有误", comment_kind="form")
    story.do("resubmit", YI, files=[a_file("draft", "第三稿")], reply="已更正")

    sign(story, *REVIEWERS)

    moves = [e.move for e in story.history() if e.matter == story.matter("award_review").id and e.move]
    assert moves == ["sign", "sign", "return", "resubmit", *["sign"] * 4, "return", "resubmit", *["sign"] * 5]
    comments = [e.facts["comment"] for e in story.history() if e.move == "return"]
    assert comments == ["论证不足", "主文第二项金额有误"]
    drafts = [d.name for d in story.engine.case_page(story.number).documents if d.kind == "draft"]
    assert len(drafts) == 3
    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_the_drafter_is_told_of_a_return_and_sees_it_among_their_todos(story: OfficeStory) -> None:
    under_review(story)

    story.do("return", SHEN, comment="格式", comment_kind="form")

    assert [todo.state for todo in story.engine.todos(YI)] == ["answering"]
    assert any(name_of(SHEN) in notice.sentence.zh for notice in story.engine.inbox(YI))
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
    assert any("核阅已超期" in notice.sentence.zh for notice in story.engine.inbox(SHEN))

    sign(story, *REVIEWERS)

    assert story.state == "ready_to_issue"
    assert_whole(story.engine, story.number)


def test_a_draft_taken_back_is_drafted_anew_and_reviewed_from_the_first_level(story: OfficeStory) -> None:
    under_review(story)
    sign(story, SHEN)
    story.do("return", HE, comment="事实不清", comment_kind="substance")
    story.do("take_back", YI, reason="合议庭重新合议")
    assert story.state == "drafting"

    story.do("submit_draft", YI, files=[a_file("draft", "重新起草")])
    assert levels(story) == ["current", "ahead", "ahead", "ahead", "ahead"]
    sign(story, *REVIEWERS)

    assert [m.outcome for m in story.case.matters_of("award_review")] == ["withdrawn", "approved"]
    assert_whole(story.engine, story.number)


def test_the_award_clock_runs_on_during_the_review(story: OfficeStory) -> None:
    under_review(story)
    due = story.engine.case_line(story.number).due

    sign(story, SHEN, HE)

    assert story.engine.case_line(story.number).due == due == day("2026-04-17")
