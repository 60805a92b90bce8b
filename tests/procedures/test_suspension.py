"""A suspension: proposed, approved, told, its ground confirmed after 30 and every 15 days, resumed when it ends."""

from __future__ import annotations

from tests.builders import day
from tests.cast import FANG, HE, JIA, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import GROUND_ENDED, Form, bring_to, exclude_time, propose_suspension, suspend


def test_a_suspension_is_approved_confirmed_and_resumed_and_the_case_goes_on(story: OfficeStory) -> None:
    story.given("drafting")
    story.clock.set("2026-03-20")
    propose_suspension(story, "expert", by=YI)
    assert story.engine.case_line(story.number).clock == "running", "a proposal stops nothing"
    story.do("suspend", WEI, files=["order"], ground="expert")
    story.do("inform_parties", ZHOU, files=["notice"])
    assert story.refused("submit_draft", YI, files=["draft"]).code == "suspended"

    story.clock.set("2026-04-17")
    story.do("confirm_ground", ZHOU, still_there="鉴定机构函复尚需两周")
    story.clock.set("2026-05-08")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.confirmed")] == ["G1", "G2"], "fifteen days are over"
    story.do("resume", JIA, ended_because=GROUND_ENDED)
    story.do("inform_parties", ZHOU, files=["notice"])

    assert story.matter("suspension").outcome == "resumed"
    assert story.engine.case_line(story.number).due == day("2026-06-05"), "49 days stopped from 20 March"
    bring_to(story, "ready_to_issue")
    assert_whole(story.engine, story.number)


def test_a_suspension_that_is_refused_or_asked_for_by_its_approver_stops_nothing(story: OfficeStory) -> None:
    story.given("tribunal_formed")
    due = story.engine.case_line(story.number).due
    propose_suspension(story, "other", ground_note="等待另行协商")
    assert story.refused("suspend", ZHOU, files=["order"], ground="other").code == "not_yours"
    assert story.refused("suspend", HE, files=["order"], ground="other").code == "not_yours"
    story.do("refuse_suspension", FANG, refusal_reason="不属于应当中止的情形")
    assert story.matter("suspension").outcome == "refused"

    # Two grounds may run at once, and each is resumed for itself.
    suspend(story, "heirs")
    propose_suspension(story, "expert")
    first, second = story.case.matters_of("suspension")[1:]
    story.do("suspend", WEI, matter=second, files=["order"], ground="expert")
    story.do("resume", JIA, matter=first, ended_because="继承人已确定")
    assert story.engine.case_line(story.number).clock == "paused"
    story.do("resume", JIA, matter=second, ended_because=GROUND_ENDED)

    assert story.engine.case_line(story.number).due == due, "all on one day: no day was stopped"
    assert_whole(story.engine, story.number)


def test_time_that_a_law_excludes_is_proposed_with_the_provision_approved_and_told(
    story: OfficeStory,
) -> None:
    story.given("tribunal_formed")
    story.clock.set("2026-03-10")

    exclude_time(story, WEI, exclusion_ground="依某法第某条", excluded_from="2026-03-09", days_excluded="10")
    story.do("inform_parties", ZHOU, files=["notice"])

    assert story.matter("exclusion").outcome == "excluded"
    assert story.engine.case_line(story.number).due == day("2026-04-27")
    assert_whole(story.engine, story.number)


def test_an_exclusion_without_a_provision_or_by_its_own_proposer_is_not_made(story: OfficeStory) -> None:
    story.given("tribunal_formed")
    facts: Form = {"excluded_from": "2026-03-04", "days_excluded": "10"}
    assert story.refused("propose_exclusion", ZHOU, **facts).code == "missing_fact"
    facts["exclusion_ground"] = "等待鉴定"
    story.do("propose_exclusion", JIA, **facts)
    assert story.refused("exclude_time", JIA, files=["order"], **facts).code == "not_yours"

    story.do("refuse_exclusion", FANG, refusal_reason="鉴定期间应以中止扣除")

    assert story.matter("exclusion").outcome == "refused"
    assert story.engine.case_line(story.number).due == day("2026-04-17")
    assert_whole(story.engine, story.number)
