"""The five levels of review: their order, one person one level, who may not sign, return and the next draft."""

from __future__ import annotations

import pytest

from engine.core.authority import awaited
from engine.model.case import Matter
from tests.builders import PaperStory, a_file, rules_of, with_holdings, with_leave
from tests.cast import (
    BING,
    FANG,
    GU,
    HE,
    JIA,
    LIN,
    LU,
    MO,
    NING,
    REVIEWERS,
    SHEN,
    SIGNERS,
    SONG,
    TANG,
    YI,
    ZHOU,
    name_of,
)
from tests.procedures.way import Form, a_case, answer_comments, bring_to, hand_in_again, send_back, sign

LEVELS = ("level_1", "level_2", "level_3", "level_4", "level_5")


def review(case: PaperStory) -> Matter:
    return case.matter("award_review")


def test_a_draft_handed_in_waits_at_level_one() -> None:
    case = a_case("under_review")

    assert review(case).state == "level_1"
    assert case.state == "under_review"


def test_signatures_in_the_order_of_the_levels_pass_the_award() -> None:
    case = a_case("under_review")

    signed: Form = {
        "level_1": (SHEN,),
        "level_2": (HE,),
        "level_3": (TANG, NING),
        "level_4": (SONG,),
        "level_5": (FANG,),
    }
    for level, persons in signed.items():
        assert review(case).state == level
        sign(case, *persons)

    assert review(case).outcome == "approved"
    assert case.state == "ready_to_issue"
    assert {level: review(case).assigned[level] for level in LEVELS} == signed


@pytest.mark.parametrize("ahead", REVIEWERS[1:])
def test_no_level_signs_before_its_turn(ahead: str) -> None:
    case = a_case("under_review")

    refusal = case.refused("sign", ahead, matter="award_review")

    assert refusal.code == "not_yours"
    assert name_of(SHEN) in refusal.who


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_no_level_signs_twice(number: int) -> None:
    case = a_case("under_review", signed=SIGNERS[:number])

    assert case.refused("sign", SIGNERS[number - 1], matter="award_review").code == "not_yours"


def test_nobody_of_the_group_signs_twice() -> None:
    case = a_case("under_review", signed=[SHEN, HE, TANG])

    assert case.refused("sign", TANG, matter="award_review").code == "apart"
    assert (
        case.refused("return", TANG, matter="award_review", comment="再议", comment_kind="form").code
        == "apart"
    )


def test_one_person_signs_one_level_even_when_holding_two() -> None:
    case = a_case("under_review", signed=[LU, HE])

    refusal = case.refused("sign", LU, matter="award_review")

    assert (refusal.code, refusal.fact) == ("apart", LU)
    assert "一级核阅" in refusal.reason.zh
    sign(case, TANG, NING)
    assert review(case).state == "level_4"


def test_who_drafted_may_not_sign() -> None:
    case = a_case("under_review", rules=with_holdings(rules_of(), (YI, "reviewer_1")))

    assert case.refused("sign", YI, matter="award_review").code == "apart"


def test_who_sat_may_not_sign() -> None:
    case = a_case("tribunal_formed")
    case.do("replace_tribunal", HE, tribunal_named=f"{JIA} {MO} {BING}", reason="易仲行出差")
    finish_to_review(case, drafter=JIA)

    refusal = case.refused("sign", MO, matter="award_review")

    assert (refusal.code, refusal.fact) == ("apart", MO)
    assert "仲裁庭" in refusal.reason.zh


def finish_to_review(case: PaperStory, drafter: str) -> None:
    bring_to(case, "deliberation")
    case.do("deliberate", JIA, opinion="支持", drafter_named=drafter)
    case.do("submit_draft", drafter, files=["draft"])


def test_who_ever_sat_may_not_sign_though_replaced_since() -> None:
    case = a_case("tribunal_formed")
    case.do("replace_tribunal", HE, tribunal_named=f"{JIA} {MO} {BING}", reason="易仲行出差")
    case.do("replace_tribunal", HE, tribunal_named=f"{JIA} {YI} {BING}", reason="易仲行已返回")
    finish_to_review(case, drafter=YI)

    assert case.refused("sign", MO, matter="award_review").code == "apart"


def test_who_drafted_may_not_sign_though_another_drafts_now() -> None:
    case = a_case("tribunal_formed", rules=with_holdings(rules_of(), (YI, "reviewer_1")))
    finish_to_review(case, drafter=YI)
    case.do("name_drafter", HE, drafter_named=JIA, reason="易仲行出差")

    assert case.refused("sign", YI, matter="award_review").code == "apart"


def test_who_has_signed_does_not_join_the_tribunal() -> None:
    case = a_case("under_review")
    sign(case, MO)
    send_back(case, HE)
    answer_comments(case)
    case.do("take_back", YI, matter="award_review", reason="合议庭重新合议")

    assert case.refused("name_drafter", HE, drafter_named=MO, reason="拟稿人出差").code == "guard", (
        "not of the tribunal"
    )


def test_who_signed_for_somebody_and_who_it_was_signed_for_both_have_signed() -> None:
    rules = with_leave(rules_of(), LU, GU, "2026-03-01", "2026-03-26")
    rules = with_holdings(rules, (GU, "reviewer_3"))
    case = a_case("under_review", rules=rules)
    sign(case, GU)
    sign(case, HE)

    assert case.refused("sign", GU, matter="award_review").code == "apart"
    assert case.refused("sign", LU, matter="award_review").code == "apart"


def test_who_handed_in_the_draft_for_the_drafter_may_not_sign_it() -> None:
    case = a_case("drafting", rules=with_leave(rules_of(), YI, SHEN, "2026-03-01", "2026-12-31"))
    case.do("submit_draft", SHEN, files=["draft"])

    assert case.refused("sign", SHEN, matter="award_review").code == "apart"


def test_who_examined_the_filing_does_not_act_for_the_secretary() -> None:
    case = a_case("hearing_scheduled", rules=with_leave(rules_of(), ZHOU, LIN, "2026-03-01", "2026-12-31"))

    refusal = case.refused("hold_hearing", LIN, files=["hearing_record"], hearing_outcome="heard")

    assert refusal.code == "apart"


def test_who_examined_the_filing_may_not_sign() -> None:
    case = a_case("under_review", rules=with_holdings(rules_of(), (LIN, "reviewer_1")))

    assert case.refused("sign", LIN, matter="award_review").code == "apart"


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_any_level_may_return_the_draft_with_a_comment(level: int) -> None:
    person = REVIEWERS[level - 1]
    case = a_case("under_review", signed=SIGNERS[: SIGNERS.index(person)])

    assert case.refused("return", person, matter="award_review", comment_kind="form").fact == "comment"
    send_back(case, *((TANG, NING) if level == 3 else (person,)), comment="引用法条有误", kind="form")

    assert review(case).state == "answering"
    assert case.state == "under_review"


def test_a_return_clears_the_signatures_from_its_level_on_and_tells_the_drafter() -> None:
    case = a_case("under_review", signed=[SHEN, HE])

    event = send_back(case, TANG, NING)

    assert set(event.released) == {"level_3", "level_3_against", "level_4", "level_5", "stand_in"}
    assert set(LEVELS) & set(review(case).assigned) == {"level_1", "level_2"}, (
        "they may be carried to the new draft"
    )
    assert [notice.person for notice in case.notices if notice.seq == event.seq] == [YI]


def test_a_new_draft_begins_again_at_level_one_and_everybody_may_sign_again() -> None:
    case = a_case("under_review", signed=[SHEN, HE])
    send_back(case, TANG, NING)

    hand_in_again(case, "裁决书第二稿")

    assert review(case).state == "level_1"
    assert not set(LEVELS) & set(review(case).assigned)
    assert case.refused("sign", TANG, matter="award_review").code == "not_yours"
    sign(case, *SIGNERS)
    assert case.state == "ready_to_issue"


def test_after_a_return_a_level_may_be_signed_by_somebody_else_and_the_two_may_swap() -> None:
    case = a_case("under_review", signed=[LU, HE])
    send_back(case, TANG, NING)
    hand_in_again(case, "裁决书第二稿")

    sign(case, SHEN, HE, LU, TANG)

    assert review(case).assigned["level_3"] == (LU, TANG)


def test_only_the_drafter_hands_in_the_new_draft() -> None:
    case = a_case("under_review")
    case.do("return", SHEN, matter="award_review", comment="格式", comment_kind="form")

    refusal = case.refused("resubmit", JIA, matter="award_review", files=["draft"], change="form")

    assert refusal.code == "not_yours"
    assert refusal.who == (name_of(YI),)


def test_a_new_draft_needs_the_file() -> None:
    case = a_case("under_review")
    send_back(case, SHEN)
    answer_comments(case)

    assert case.refused("resubmit", YI, matter="award_review", change="form").code == "missing_document"


def test_a_signature_names_the_draft_it_was_given_on() -> None:
    case = a_case("under_review")
    first, second = a_file("draft", "裁决书第一稿"), a_file("draft", "裁决书第二稿")
    assert sign(case, SHEN)[0].documents == {"draft": first.digest}
    send_back(case, HE)
    answer_comments(case)
    case.do("resubmit", YI, matter="award_review", files=[second], change="content")

    assert sign(case, SHEN)[0].documents == {"draft": second.digest}


def test_a_draft_taken_back_leads_back_to_drafting_and_may_be_handed_in_anew() -> None:
    case = a_case("under_review", signed=[SHEN])
    send_back(case, HE)
    assert case.refused("take_back", YI, matter="award_review", reason="合议庭重新合议").code == "guard"
    answer_comments(case)

    case.do("take_back", YI, matter="award_review", reason="合议庭重新合议")

    assert (review(case).outcome, case.state) == ("withdrawn", "drafting")
    case.do("submit_draft", YI, files=[a_file("draft", "裁决书第二稿")])
    assert len(case.case.matters_of("award_review")) == 2
    sign(case, *SIGNERS)
    assert case.state == "ready_to_issue"


def test_nobody_is_awaited_at_a_level_but_its_own_holders() -> None:
    case = a_case("under_review", signed=[SHEN])
    state = case.rules.procedure_of(review(case)).states["level_2"]

    found = awaited(case.case, review(case), state.awaits)

    assert found == [("reviewer_2", None)]


def test_nothing_approves_itself_when_time_runs_out() -> None:
    case = a_case("under_review", signed=[SHEN])
    case.clock.set("2026-06-30")

    case.sweep()

    assert review(case).state == "level_2"
    assert case.state == "under_review"
