"""A partial award: reviewed before it leaves the house, served on everybody, the rest of the case goes on."""

from __future__ import annotations

from tests.builders import day
from tests.cast import JIA, SHEN, SIGNERS, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import answer_comments, bring_to, sign


def begin(story: OfficeStory) -> None:
    """Decide on Wednesday 18 March that the undisputed wages are awarded first."""
    story.given("deliberation")
    story.clock.set("2026-03-18")
    story.do("partial_award", JIA, opinion="工资差额无争议", drafter_named=YI)


def test_a_partial_award_is_drafted_reviewed_issued_and_served_and_then_the_rest_is_decided(
    story: OfficeStory,
) -> None:
    begin(story)
    story.do("hand_in_partial", YI, files=["draft"])
    for person in SIGNERS:
        story.do("sign", person, matter="partial_review")
    story.do("issue_partial", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1-1号")
    first = story.case.matters_of("award_service")
    for matter in first:
        story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="personal")

    assert (story.state, story.matter("partial_award").outcome) == ("deliberation", "issued")
    assert story.engine.case_line(story.number).due == day("2026-04-17"), "the days run on"
    bring_to(story, "concluded")
    assert len(story.case.matters_of("award_service")) == 2 * len(first)
    assert_whole(story.engine, story.number)


def test_a_partial_award_that_review_sends_back_is_given_up_and_nothing_leaves_the_house(
    story: OfficeStory,
) -> None:
    begin(story)
    assert story.refused("partial_award", JIA, opinion="再行先裁", drafter_named=YI).code == "guard"
    story.do("hand_in_partial", YI, files=["draft"])
    assert story.refused("issue_partial", ZHOU, files=["award"], award_number="1").code == "not_from_here"
    story.do("sign", SHEN, matter="partial_review")
    story.do("return", SIGNERS[1], matter="partial_review", comment="事实尚未查清", comment_kind="substance")
    answer_comments(story, YI)
    story.do("take_back", YI, matter="partial_review", reason="事实待查")
    assert story.matter("partial_award").state == "to_draft"
    assert story.refused("give_up_partial", ZHOU, reason="事实待查").code == "not_yours"

    story.do("give_up_partial", JIA, reason="事实待查，一并裁决")

    assert story.matter("partial_award").outcome == "given_up"
    assert story.case.matters_of("award_service") == ()
    bring_to(story, "under_review")
    assert sign(story, *SIGNERS[:2])
    assert story.refused("issue_award", ZHOU, files=["award"], award_number="1").code == "not_from_here"
    assert_whole(story.engine, story.number)
