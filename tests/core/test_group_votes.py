"""A level that a group signs by its majority: the votes, who may vote, and what a return does."""

from __future__ import annotations

import pytest

from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.model.commands import Act
from tests.builders import PaperStory, with_holdings
from tests.cast import JIA, SHEN
from tests.core.signing import FIRST, GROUP, LAST, handed_in, signing

A, B, C = GROUP


def before_the_group() -> PaperStory:
    case = handed_in()
    case.do("sign", FIRST)
    return case


def test_the_group_passes_the_draft_with_the_vote_that_makes_a_majority() -> None:
    case = before_the_group()

    case.do("sign", A)
    assert case.state == "level_2"
    case.do("sign", C)

    assert case.state == "level_3"
    assert case.case.main.assigned["level_2"] == (A, C)


def test_a_vote_that_decides_nothing_yet_neither_enters_the_level_again_nor_moves_its_limit() -> None:
    case = before_the_group()
    entered = case.case.main.round

    (vote,) = case.do("sign", A)

    assert vote.target is None
    assert case.case.main.round == entered


def test_the_group_returns_the_draft_once_no_majority_can_be_had() -> None:
    case = before_the_group()

    case.do("return", A, comment="计算有误")
    assert case.state == "level_2"
    case.do("return", B, comment="理由不足")

    assert case.state == "answering"
    assert "level_2" not in case.case.main.assigned
    assert "level_2_against" not in case.case.main.assigned


def test_one_vote_against_does_not_keep_a_majority_from_passing_the_draft() -> None:
    case = before_the_group()

    case.do("return", A, comment="计算有误")
    case.do("sign", B)
    case.do("sign", C)

    assert case.state == "level_3"


@pytest.mark.parametrize(("first", "second"), [("sign", "sign"), ("sign", "return"), ("return", "sign")])
def test_nobody_votes_twice(first: str, second: str) -> None:
    case = before_the_group()
    comments: dict[str, dict[str, str]] = {"sign": {}, "return": {"comment": "计算有误"}}
    case.ask_act(Act(first, A, facts=comments[first]), [])

    refusal = case.ask_act(Act(second, A, facts=comments[second]), [])

    assert isinstance(refusal, Refusal)

    assert (refusal.code, refusal.fact) == ("apart", A)


def test_who_signed_an_earlier_level_has_no_vote() -> None:
    case = before_the_group()
    case.rules = with_holdings(case.rules, (SHEN, "reviewer_3"))

    assert case.refused("sign", SHEN).code == "apart"


def test_who_sat_has_no_vote() -> None:
    case = before_the_group()
    case.rules = with_holdings(case.rules, (JIA, "reviewer_3"))

    assert case.refused("sign", JIA).code == "apart"


def test_the_group_is_asked_for_as_one_and_its_votes_replay() -> None:
    case = before_the_group()
    for person in (A, B):
        case.do("sign", person)
    case.do("sign", LAST)

    assert case.state == "approved"
    assert fold(case.history()) == case.case


@pytest.mark.parametrize(
    ("members", "majority", "needed"), [(3, None, 2), (5, None, 3), (4, None, 3), (3, 3, 3)]
)
def test_a_majority_is_more_than_half_unless_more_is_asked(
    members: int, majority: int | None, needed: int
) -> None:
    said = f"members: {members}" + (f", majority: {majority}" if majority else "")

    chain = signing(("members: 3", said)).chain

    assert chain is not None
    assert (chain.levels[1].members, chain.levels[1].majority) == (members, needed)
