"""Joining of cases: the joined one ends and names the lead case; the lead case starts anew only with a new party."""

from __future__ import annotations

from engine.service.engine import Engine
from tests.builders import Clock, day
from tests.cast import FANG, JIA, WEI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form


def two_cases(story: OfficeStory, engine: Engine, clock: Clock) -> OfficeStory:
    """The lead case in *story*, and the other one beside it; both before their tribunals."""
    story.given("tribunal_formed")
    return OfficeStory(engine, clock).given("tribunal_formed", number=2)


def test_a_case_is_joined_to_a_lead_case_which_takes_it_in(
    story: OfficeStory, engine: Engine, clock: Clock
) -> None:
    other = two_cases(story, engine, clock)
    clock.set("2026-03-09")
    other.do("join_into", FANG, files=["order"], lead_case=story.number, reason="同一用人单位、同类请求")
    story.do("take_in", WEI, files=["order"], joined_cases=other.number, reason="同一用人单位、同类请求")
    story.do("inform_parties", ZHOU, files=["notice"])

    assert (other.case.main.outcome, other.case.open) == ("joined", False)
    assert other.case.main.facts["lead_case"] == (story.number,)
    assert story.case.main.facts["joined_cases"] == (other.number,)
    assert engine.case_line(story.number).due == day("2026-04-17"), "nobody new has come in"
    story.do("join_respondent", FANG, files=["order"], new_party="双河丙公司", reason="并案的被申请人")
    assert engine.case_line(story.number).due == day("2026-04-23"), "a party was added: 45 days from 9 March"
    assert_whole(engine, story.number)
    assert_whole(engine, other.number)


def test_a_case_is_joined_neither_to_an_unknown_case_nor_by_its_tribunal_nor_late(
    story: OfficeStory, engine: Engine, clock: Clock
) -> None:
    other = two_cases(story, engine, clock)
    act: Form = {"reason": "同类请求"}
    assert (
        other.refused("join_into", FANG, files=["order"], lead_case="双劳人仲案〔2026〕99号", **act).code
        == "bad_fact"
    )
    assert other.refused("join_into", JIA, files=["order"], lead_case=story.number, **act).code == "not_yours"
    assert other.refused("join_into", FANG, lead_case=story.number, **act).code == "missing_document"
    assert story.refused("take_in", FANG, files=["order"], **act).code == "missing_fact"
    heard = OfficeStory(engine, clock).given("deliberation", number=3)

    assert (
        heard.refused("join_into", FANG, files=["order"], lead_case=story.number, **act).code
        == "not_from_here"
    )
    assert_whole(engine, other.number)
