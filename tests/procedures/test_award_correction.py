"""The correction of an award: asked for within thirty days or taken up, decided, released, served; no window moves."""

from __future__ import annotations

from tests.builders import day
from tests.cast import FANG, JIA, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.counting import terms_of
from tests.procedures.way import Form, a_case, bring_to

SLIP = "裁决主文第二项金额计算错误"


def test_a_slip_in_the_award_is_corrected_and_served_while_the_time_to_sue_stays(story: OfficeStory) -> None:
    story.given("concluded")
    before = [m.facts["served_on"] for m in story.case.matters_of("award_service")]
    story.clock.set("2026-03-30")
    story.do("ask_award_correction", ZHOU, what_to_correct=SLIP, award_received_on="2026-03-27")
    story.do("propose_correction", JIA, kind_of_slip="sums", corrected_text="更正为12000.50元")
    assert story.refused("issue_correction", JIA, files=["order"]).code == "not_yours"
    story.do("issue_correction", WEI, files=["order"])
    assert story.matter("award_correction").state == "being_served"

    for matter in story.case.matters_of("correction_service"):
        story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="post")

    assert story.matter("award_correction").outcome == "corrected"
    assert [m.facts["served_on"] for m in story.case.matters_of("award_service")] == before
    bring_to(story, "archived")
    assert_whole(story.engine, story.number)


def test_what_is_no_slip_is_refused_in_writing_and_an_open_request_keeps_the_file_here(
    story: OfficeStory,
) -> None:
    story.given("closed")
    story.do("ask_award_correction", JIA, what_to_correct="对事实认定不服")
    assert story.refused("ask_award_correction", ZHOU, what_to_correct=SLIP).code == "guard"
    story.do("propose_correction", JIA, kind_of_slip="wording", corrected_text="改判")
    story.do("return_correction", FANG, refusal_reason="不属于补正范围")
    assert story.refused("refuse_correction", YI, refusal_reason="应另行起诉").code == "missing_document"

    story.do("refuse_correction", YI, files=["notice"], refusal_reason="对事实不服的应依法起诉")

    assert story.matter("award_correction").outcome == "refused"
    assert story.case.matters_of("correction_service") == ()
    bring_to(story, "archived")
    assert_whole(story.engine, story.number)


def test_a_party_asks_within_thirty_days_of_its_receipt_and_the_postmark_saves() -> None:
    case = a_case("concluded")
    case.clock.set("2026-04-28")
    ask: Form = {"what_to_correct": SLIP, "award_received_on": "2026-03-27"}

    late = case.refused("ask_award_correction", ZHOU, **ask)
    assert (late.code, late.fact) == ("TERM_OVER", "2026-04-27")
    case.do("ask_award_correction", ZHOU, posted_on="2026-04-27", **ask)

    assert terms_of(case)["30 days", "办案内部规则（参照仲裁法第70条）"] == day("2026-04-27")


def test_there_is_nothing_to_correct_where_there_is_no_award() -> None:
    case = a_case("tribunal_formed")
    case.do("withdraw", ZHOU, files=["order"], reason="双方和解")

    assert case.refused("ask_award_correction", JIA, what_to_correct=SLIP).code == "guard"
