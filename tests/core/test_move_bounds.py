"""What a move may be bound to beside persons and facts: how often, not while suspended, in time of a clock, a role held."""

from __future__ import annotations

import pytest

from engine.core.fold import fold
from engine.model.answers import Refusal
from tests.builders import Clock, a_file, with_holdings, with_leave
from tests.cast import BING, CLAIMANT, FANG, GU, HE, JIA, LIN, PENG, SHEN, YI, ZHOU, name_of
from tests.core.signing import a_draft, handed_in


def test_a_move_with_a_bound_is_refused_once_it_was_done_as_often() -> None:
    case = a_draft()
    for hearing in ("2026-03-10", "2026-03-20"):
        case.do("postpone", JIA, hearing_on=hearing)

    refusal = case.refused("postpone", JIA, hearing_on="2026-03-30")

    assert (refusal.code, refusal.fact) == ("too_often", "2")
    assert [event.nth for event in case.history() if event.move == "postpone"] == [1, 2]
    assert fold(case.history()) == case.case


def test_what_waits_is_refused_while_the_case_is_suspended_and_done_once_it_is_resumed() -> None:
    case = a_draft()
    case.do("name_drafter", JIA, drafter_named=YI)
    case.do("suspend", FANG, ground="expert")

    assert case.refused("hand_in", YI, files=["draft"]).code == "suspended"
    case.clock.ahead(days=3)
    case.do("resume", FANG, ground="expert")
    case.do("hand_in", YI, files=["draft"])


def test_no_level_signs_while_the_case_is_suspended() -> None:
    case = handed_in()
    case.do("suspend", FANG, ground="expert")

    assert case.refused("sign", SHEN).code == "suspended"


def test_a_move_bound_to_a_clock_is_refused_after_its_last_day() -> None:
    case = a_draft(clock=Clock("2026-03-02"))
    case.clock.set("2026-04-16")
    case.do("simplify_no_more", JIA)

    case.clock.set("2026-04-17")
    refusal = case.refused("simplify_no_more", JIA)

    assert (refusal.code, refusal.fact) == ("TERM_OVER", "2026-04-16")
    assert "审限" in refusal.reason.zh


def test_whoever_does_it_must_hold_the_role_beside_what_they_are_to_the_case() -> None:
    case = a_draft()
    refusal = case.refused("deliver", JIA)
    assert (refusal.code, refusal.fact) == ("role_missing", "reviewer_4")

    case.rules = with_holdings(case.rules, (JIA, "reviewer_4"))
    case.do("deliver", JIA)


@pytest.mark.parametrize(
    ("day", "reason"), [("2026-03-01", "不得早于2026-03-02"), ("2027-01-01", "不得晚于2026-12-31")]
)
def test_a_date_keeps_within_its_bounds_of_which_one_may_be_the_day_of_the_act(day: str, reason: str) -> None:
    refusal = a_draft().refused("postpone", JIA, hearing_on=day)

    assert refusal.code == "bad_fact"
    assert reason in refusal.reason.zh


def test_the_drafter_must_be_one_of_those_who_sit() -> None:
    case = a_draft()

    assert "拟稿人须为仲裁庭成员" in case.refused("name_drafter", JIA, drafter_named=HE).reason.zh
    case.do("name_drafter", JIA, drafter_named=BING)


# --- opening ----------------------------------------------------------------------------------------------


def opening(files: tuple[str, ...] = ("application",), **facts: str) -> Refusal:
    case = a_draft()
    named = {"tribunal_named": f"{JIA} {YI} {BING}", "drafter_named": YI, **facts}
    answer = case.ask_open("signing", LIN, [CLAIMANT], named, None, [a_file(kind) for kind in files])
    assert isinstance(answer, Refusal)
    return answer


def test_a_tribunal_of_two_is_refused_at_the_opening_with_each_clause_of_the_guard() -> None:
    refusal = opening(tribunal_named=f"{JIA} {YI}")

    assert "人数" in refusal.reason.zh
    assert [(clause.said.en[-4:], clause.holds) for clause in refusal.clauses] == [
        ("is 1", False),
        ("is 3", False),
    ]


def test_a_guard_is_told_clause_by_clause_with_those_that_hold() -> None:
    refusal = opening(earlier="deemed")

    assert [(clause.said.zh, clause.holds) for clause in refusal.clauses] == [
        ("“前案结果”不为按撤回处理", False),
        ("并非已填写“前案结果”", False),
    ]


def test_what_was_deemed_withdrawn_is_not_opened_again() -> None:
    assert "按撤回处理的不得再次申请" in opening(earlier="deemed").reason.zh


def test_a_request_after_its_term_is_refused_at_the_opening() -> None:
    assert opening(agreed_on="2026-02-10").code == "TERM_OVER"


def test_an_opening_may_need_a_document() -> None:
    assert (opening(files=()).code, opening(files=()).fact) == ("missing_document", "application")


# --- matters ----------------------------------------------------------------------------------------------


def test_what_a_move_brings_goes_along_to_the_matter_it_opens() -> None:
    case = a_draft()
    case.do("remark", JIA, comment="请补充理由")

    assert case.matter("remark").facts == {"comment": "请补充理由"}


def test_a_fact_may_name_other_cases_and_a_matter_opens_for_each_of_them_once() -> None:
    case = a_draft()
    case.others = {"1号": "a1", "2号": "a2", "3号": "a3"}
    case.do("relate", JIA, related="1号，2号")
    case.do("relate", JIA, related="2号 3号")

    assert [matter.party for matter in case.case.matters_of("related_case")] == ["a1", "a2", "a3"]
    assert fold(case.history()) == case.case


@pytest.mark.parametrize(
    ("related", "reason"),
    [("1号 9号", "查无此案：9号"), ("1号 1号", "写了两次"), ("1号 2号 3号 4号", "不得多于3件")],
)
def test_a_case_that_is_not_there_is_named(related: str, reason: str) -> None:
    case = a_draft()
    case.others = {f"{n}号": f"a{n}" for n in range(1, 5)}

    assert reason in case.refused("relate", JIA, related=related).reason.zh


def test_whose_recusal_is_asked_for_steps_back_until_it_is_decided_but_for_what_is_urgent() -> None:
    case = a_draft()
    case.do("challenge", ZHOU, challenged=JIA)

    refusal = case.refused("postpone", JIA, hearing_on="2026-03-10")
    assert (refusal.code, refusal.fact) == ("recusal_undecided", JIA)
    case.do("preserve", JIA)
    case.do("postpone", YI, hearing_on="2026-03-10")
    case.do("refuse", FANG, matter="challenge")
    case.do("postpone", JIA, hearing_on="2026-03-11")


def test_a_recusal_granted_in_its_own_matter_bars_the_person_from_the_case() -> None:
    case = a_draft()
    case.do("challenge", ZHOU, challenged=JIA)
    case.do("grant", FANG, matter="challenge")

    refusal = case.refused("postpone", JIA, hearing_on="2026-03-10")

    assert refusal.code == "recused"
    assert name_of(JIA) in refusal.reason.zh
    assert case.case.main.assigned["recused"] == (JIA,)
    assert fold(case.history()) == case.case


def test_who_is_asked_to_step_back_is_not_exchanged_by_a_correction_nor_corrects_the_case_meanwhile() -> None:
    case = a_draft()
    case.do("challenge", ZHOU, challenged=JIA)
    opened = next(event for event in case.history() if event.kind == "matter_opened")

    for event in (opened, case.event("challenge")):
        answer = case.correct(event.seq, FANG, challenged=YI)
        assert isinstance(answer, Refusal)
        assert answer.code == "assigns_persons"


def test_nobody_acts_for_somebody_who_is_asked_to_step_back() -> None:
    case = a_draft()
    case.rules = with_leave(case.rules, FANG, GU, "2026-03-01", "2026-03-31")
    case.do("challenge", ZHOU, challenged=FANG)

    assert case.refused("refuse", GU, matter="challenge").code == "not_yours"
    assert case.refused("refuse", FANG, matter="challenge").code == "recusal_undecided"
    case.do("refuse", PENG, matter="challenge")
