"""The quality review after closing: somebody who had no part in the case grades it, and the handler is heard."""

from __future__ import annotations

from engine.model.people import Holding
from tests.cast import DU, FANG, JIA, PING, PLACE, SINCE, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form

FINDINGS: Form = {
    "procedure_findings": "送达、开庭均在期限内", "substance_findings": "举证责任分配正确", "paper_findings": "裁决书第6页计算表漏项",
}  # fmt: skip


def drawn(story: OfficeStory, state: str = "archived", because: str = "sample") -> OfficeStory:
    story.given(state)
    story.do("draw_for_review", DU, drawn_because=because)
    return story


def reviewed(story: OfficeStory, grade: str) -> None:
    story.do("name_evaluator", DU, evaluator_named=PING)
    story.do("propose_grade", PING, grade_proposed=grade, **FINDINGS)


def test_a_file_is_drawn_reviewed_answered_and_graded(story: OfficeStory) -> None:
    drawn(story)
    assert story.matter("quality_review").facts["drawn_because"] == "sample"
    assert story.refused("draw_for_review", DU, drawn_because="sample").code == "guard"
    reviewed(story, "qualified")
    assert [todo.state for todo in story.engine.lists.todos(ZHOU).lines if todo.number == story.number] == [
        "answer_awaited"
    ]
    assert story.engine.inbox.page(ZHOU).lines

    story.do("answer_findings", ZHOU, accepts="yes")
    story.do("give_grade", PING, files=["report"], grade="qualified")

    assert story.matter("quality_review").outcome == "qualified"
    assert not story.case.open, "it was kept beyond the end of the case"
    assert_whole(story.engine, story.number)


def test_a_handler_who_differs_is_answered_and_a_failing_grade_is_confirmed_and_mended(
    story: OfficeStory,
) -> None:
    drawn(story, "closed", because="petition")
    reviewed(story, "failed")
    assert story.refused("answer_findings", ZHOU, accepts="no").code == "guard", "why not?"
    story.do("answer_findings", ZHOU, accepts="no", handler_answer="漏项已以补正决定更正")
    assert story.refused("give_grade", PING, files=["report"], grade="failed").code == "guard"
    graded: Form = {"grade": "failed", "answer_to_handler": "补正在评查之后，不影响定级"}
    story.do("give_grade", PING, files=["report"], **graded)
    assert story.matter("quality_review").state == "to_confirm"

    story.do("grade_again", FANG, reason="请再核对补正日期")
    story.do("give_grade", PING, files=["report"], **graded)
    story.do("confirm_failed", FANG, reason="同意评查意见")
    story.do("report_mending", JIA, mending="已组织学习计算规则")

    assert story.matter("quality_review").outcome == "failed"
    assert_whole(story.engine, story.number)


def test_whoever_had_a_part_in_the_case_does_not_review_it(story: OfficeStory) -> None:
    drawn(story)
    for person in (ZHOU, JIA):
        story.engine.staff.give(_reviewer(person))

        refusal = story.refused("name_evaluator", DU, evaluator_named=person)

        assert (refusal.code, refusal.fact) == ("apart", person)
    story.do("name_evaluator", DU, evaluator_named=PING)
    story.do("replace_evaluator", DU, evaluator_named=PING, reason="重新指定")
    assert_whole(story.engine, story.number)


def test_a_handler_who_does_not_answer_does_not_stop_it(story: OfficeStory) -> None:
    drawn(story)
    reviewed(story, "basic")
    story.clock.ahead(days=12)
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.answer_awaited")] == ["S1", "S2", "S3"]

    story.do("no_answer", PING, reason="逾期未提出")
    story.do("give_grade", PING, files=["report"], grade="basic")

    assert story.matter("quality_review").outcome == "basic"
    assert_whole(story.engine, story.number)


def _reviewer(person: str) -> Holding:
    return Holding(person, "quality_reviewer", PLACE, SINCE)
