"""The limits of the labour table: where each hangs, on which article, and on which day it ends.

Days were counted by hand. 2026: 4 to 6 April and 1 to 5 May are rest days, Saturday 9 May is worked.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import PaperStory, day
from tests.cast import DAI, FANG, HE, JIA, LIN, WEI, YI, ZHOU
from tests.procedures.counting import due, terms_of
from tests.procedures.way import (
    Form,
    a_case,
    bring_to,
    hand_in,
    propose_collective,
    resume,
    sign_every_level,
    suspend,
)

RULES, LAW = "办案规则", "调解仲裁法"
HEARING: Form = {"hearing_on": "2026-03-20", "hearing_place": "第一庭"}
HELD: Form = {
    "files": ["hearing_record"],
    "hearing_outcome": "heard",
    "conciliation_result": "failed",
}


def last(case: PaperStory, length: str, basis: str, kind: str | None = None, number: int = -1) -> date | None:
    """The last day of the term of this length and article on the case, or on its latest matter of *kind*."""
    return terms_of(case, case.matter(kind, number) if kind else None)[length, basis]


# --- filing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", ["办案规则第29条", "办案规则第30条", "办案规则第31条"])
def test_five_work_days_from_receipt_to_ask_for_papers_to_decide_or_to_explain(basis: str) -> None:
    case = a_case("filed")

    assert last(case, "5 work days", basis) == day("2026-03-09")


def test_papers_that_are_completed_count_from_the_new_receipt() -> None:
    case = a_case("filed")
    case.do("ask_correction", LIN, missing_papers="身份证明")
    case.clock.set("2026-03-11")

    case.do("complete", LIN)

    assert last(case, "5 work days", "办案规则第30条") == day("2026-03-18")


def test_mediation_before_acceptance_has_fifteen_days_and_then_the_filing_is_examined() -> None:
    case = a_case("filed")
    case.do("mediate_first", LIN, mediation_body="双河总工会调解中心")
    assert last(case, "15 days", "调解仲裁法第14条") == day("2026-03-17")
    case.clock.set("2026-03-16")

    case.do("mediation_failed", LIN)

    assert (case.state, last(case, "5 work days", "办案规则第30条")) == ("filed", day("2026-03-23"))


def test_mediation_that_succeeds_and_a_case_for_another_commission_end_before_acceptance() -> None:
    settled, elsewhere = a_case("filed"), a_case("filed")
    settled.do("mediate_first", LIN, mediation_body="双河总工会调解中心")
    settled.do("mediation_settled", LIN, settlement="分期支付")
    elsewhere.do("no_jurisdiction", LIN, files=["explanation"], proper_commission="邻县仲裁委员会")

    assert (settled.state, elsewhere.state) == ("settled_outside", "no_jurisdiction")
    assert settled.case.clocks == elsewhere.case.clocks == {}


# --- service and answer -----------------------------------------------------------------------------------


def served(by_state: str = "tribunal_formed") -> PaperStory:
    """A case whose first respondent was served on Thursday 5 March."""
    case = a_case(by_state)
    case.clock.set("2026-03-05")
    case.do(
        "serve", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"], service_method="post"
    )
    return case


def test_five_work_days_to_serve_and_ten_to_answer_and_five_to_serve_the_answer() -> None:
    case = served()
    assert last(case, "5 work days", "办案规则第33条", "service", 1) == day("2026-03-10")
    assert last(case, "10 work days", "办案规则第33条", "service", 0) == day("2026-03-19")

    case.clock.set("2026-03-12")
    case.do("record_answer", ZHOU, matter=case.matter("service", 0), files=["answer"])

    assert last(case, "5 work days", "办案规则第33条", "service", 0) == day("2026-03-19")
    case.do("forward_answer", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"])
    assert case.matter("service", 0).state == "period_open", "until the time to answer ends more may come"
    case.do("end_period", ZHOU, matter=case.matter("service", 0))
    assert case.matter("service", 0).outcome == "answered"


def test_the_time_to_answer_runs_while_the_case_is_suspended_and_that_to_serve_does_not() -> None:
    case = served()
    suspend(case, "heirs")

    assert last(case, "10 work days", "办案规则第33条", "service", 0) == day("2026-03-19")
    assert ("5 work days", "办案规则第33条") not in terms_of(case, case.matter("service", 1))
    case.clock.set("2026-03-09")
    resume(case, "heirs", FANG)
    assert last(case, "5 work days", "办案规则第33条", "service", 1) == day("2026-03-12"), (
        "5 and 6 March were stopped"
    )


def test_papers_left_or_posted_up_are_served_after_three_work_days() -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-04-03")
    case.do("post_up", ZHOU, matter=case.matter("service", 0), files=["record"])
    assert last(case, "3 work days", "办案规则第20条", "service", 0) == day("2026-04-09")

    case.clock.set("2026-04-10")
    case.do(
        "deem_served", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"], on="2026-04-09"
    )

    assert last(case, "10 work days", "办案规则第33条", "service", 0) == day("2026-04-23")


def ask_on(case: PaperStory, move: str, on: str, **posted: Any) -> str:
    """Bring an objection or a counterclaim on that day; the code of the refusal, or nothing."""
    case.clock.set(on)
    forms: dict[str, tuple[dict[str, Any], str]] = {
        "object_jurisdiction": ({"objection": "合同履行地在邻县"}, "written_objection"),
        "receive_counterclaim": ({"counterclaim_text": "返还培训费"}, "counterclaim"),
    }
    facts, paper = forms[move]
    answer = case.ask(move, ZHOU, matter=case.matter("service", 0), files=[paper], **facts, **posted)
    return getattr(answer, "code", "")


@pytest.mark.parametrize("move", ["object_jurisdiction", "receive_counterclaim"])
def test_objection_and_counterclaim_come_within_the_time_to_answer_and_the_postmark_saves(move: str) -> None:
    assert ask_on(served(), move, "2026-03-19") == ""
    case = served()
    assert ask_on(case, move, "2026-03-20") == "TERM_OVER"
    assert ask_on(case, move, "2026-03-23", posted_on="2026-03-20") == "TERM_OVER"
    assert ask_on(case, move, "2026-03-23", posted_on="2026-03-19") == ""


def test_a_counterclaim_is_decided_within_five_work_days_and_answered_within_ten() -> None:
    case = served()
    ask_on(case, "receive_counterclaim", "2026-03-19")
    assert last(case, "5 work days", "办案规则第36条", "counterclaim") == day("2026-03-26")
    case.clock.set("2026-03-26")

    case.do("merge", FANG, files=["order"])
    case.do("serve_counterclaim", ZHOU, files=["proof_of_service"])

    assert due(case) == "2026-05-11", "45 days from 26 March end on Sunday 10 May and roll"
    assert last(case, "10 work days", "办案规则第33条", "counterclaim") == day("2026-04-10")
    assert case.refused("schedule_hearing", ZHOU, **HEARING).code == "guard"


@pytest.mark.parametrize(("move", "outcome"), [("uphold", "upheld"), ("dismiss", "dismissed")])
def test_an_objection_is_examined_before_the_hearing_is_set(move: str, outcome: str) -> None:
    case = served()
    ask_on(case, "object_jurisdiction", "2026-03-06")
    transfer: Form = {"proper_commission": "邻县仲裁委员会", "reason": "合同履行地在邻县"}
    assert case.refused("transfer_out", FANG, files=["transfer_letter"], **transfer).code == "guard"

    case.do(move, WEI, files=["order"], finding="已核实履行地")

    assert case.matter("jurisdiction").outcome == outcome
    if outcome == "upheld":
        case.do("transfer_out", FANG, files=["transfer_letter"], **transfer)
        assert (case.state, case.case.main.facts["closed_by"]) == ("concluded", "transferred")


def test_claims_are_changed_up_to_the_last_day_for_evidence() -> None:
    case = a_case("tribunal_formed")
    case.do("set_evidence_deadline", ZHOU, evidence_deadline="2026-03-20")
    change: Form = {"request_text": "增加加班费请求"}
    assert last(case, "0 days", "办案规则第44条") == day("2026-03-20")
    case.clock.set("2026-03-23")

    assert case.refused("ask_claim_change", ZHOU, **change).code == "TERM_OVER"
    case.do("ask_claim_change", ZHOU, posted_on="2026-03-20", **change)
    case.do("propose_change", JIA, examined_note="应予受理")
    case.do("accept_change", FANG, files=["order"])
    case.do("serve_change", ZHOU, files=["proof_of_service"])

    assert due(case) == "2026-05-07", "45 days from 23 March"
    assert last(case, "10 work days", "办案规则第33条、第44条", "claim_change") == day("2026-04-07")


# --- tribunal, recusal, hearing ---------------------------------------------------------------------------


def test_five_work_days_to_form_the_tribunal() -> None:
    assert last(a_case("accepted"), "5 work days", "办案规则第37条") == day("2026-03-10")


def test_a_recusal_is_decided_within_three_work_days_and_no_hearing_is_held_meanwhile() -> None:
    case = a_case("hearing_scheduled")
    case.do("request_recusal", ZHOU, recused_person=YI, reason="曾任被申请人顾问")
    assert last(case, "3 work days", "办案规则第12条", "recusal") == day("2026-03-12")
    case.clock.set("2026-03-16 14:00")
    assert case.refused("hold_hearing", JIA, **HELD).code == "guard"
    assert case.refused("grant_recusal", JIA, files=["order"], finding="属实").code == "not_yours"

    case.do("grant_recusal", FANG, files=["order"], finding="属实")
    assert case.refused("hold_hearing", JIA, **HELD).code == "guard", "nobody has taken the place yet"
    case.do("replace_tribunal", HE, tribunal_named="jia bing mo", presiding_named=JIA, reason="成员回避")
    case.do("confirm_replacement", HE, files=["notice"])

    case.do("hold_hearing", JIA, **HELD)


def test_both_sides_are_told_five_work_days_before_the_hearing() -> None:
    case = served()
    for number in (0, 1):
        if number:
            case.do(
                "serve",
                ZHOU,
                matter=case.matter("service", 1),
                files=["proof_of_service"],
                service_method="post",
            )
        case.do("record_no_answer", ZHOU, matter=case.matter("service", number))
    case.clock.set("2026-03-13")
    late = case.refused("schedule_hearing", ZHOU, hearing_on="2026-03-19", hearing_place="第一庭")
    assert (late.code, late.fact) == ("TERM_OVER", "2026-03-12")

    case.do("schedule_hearing", ZHOU, **HEARING)

    assert last(case, "5 work days", "办案规则第38条") == day("2026-03-13")
    assert last(case, "3 work days", "办案规则第38条") == day("2026-03-17")


def test_a_party_asks_for_postponement_three_work_days_before_and_the_commission_decides() -> None:
    case = a_case("hearing_scheduled")
    case.clock.set("2026-03-12")
    assert last(case, "3 work days", "办案规则第38条") == day("2026-03-11")
    assert case.refused("ask_postponement", ZHOU, request_text="代理人住院").code == "TERM_OVER"
    case.do("ask_postponement", ZHOU, request_text="代理人住院", posted_on="2026-03-11")
    new_day: Form = {"reason": "代理人住院", "hearing_on": "2026-03-24"}
    assert case.refused("postpone", JIA, **new_day).code == "guard"

    case.do("grant_postponement", WEI, finding="有正当理由")
    assert case.refused("postpone", JIA, reason="代理人住院", hearing_on="2026-03-18").code == "TERM_OVER"
    case.do("postpone", JIA, **new_day)

    assert due(case) == "2026-04-17", "a postponed hearing changes nothing on the clock"


def test_a_case_is_heard_again_with_notice_to_both_sides() -> None:
    case = a_case("deliberation")
    again: Form = {"reason": "需补充质证", "hearing_place": "第一庭"}
    assert case.refused("hear_again", JIA, hearing_on="2026-03-20", **again).code == "TERM_OVER"

    case.do("hear_again", JIA, hearing_on="2026-03-24", **again)

    assert (case.state, last(case, "5 work days", "办案规则第38条")) == (
        "hearing_scheduled",
        day("2026-03-17"),
    )


def test_a_delegated_conciliation_has_ten_work_days_that_are_not_excluded() -> None:
    case = a_case("tribunal_formed")
    case.do("delegate_conciliation", JIA, mediation_body="双河总工会调解中心")

    assert last(case, "10 work days", "办案规则第70条", "delegated_conciliation") == day("2026-03-18")
    assert due(case) == "2026-04-17"


def test_a_collective_dispute_is_notified_once_within_five_work_days_of_acceptance() -> None:
    case = PaperStory()
    case.open()
    propose_collective(case)
    case.clock.set("2026-03-03")
    assert case.refused("accept", FANG, secretary_named=ZHOU).code == "guard"
    case.do("accept_collective", FANG, secretary_named=ZHOU)
    assert last(case, "5 work days", "办案规则第62条至第67条", "collective_notice") == day("2026-03-10")
    bring_to(case, "tribunal_formed")
    assert case.refused("notify_once", ZHOU, files=["notice"]).code == "guard"

    case.do("schedule_collective", ZHOU, evidence_deadline="2026-03-16", **HEARING)
    case.do("notify_once", ZHOU, files=["notice"])

    case.clock.set("2026-03-20")
    assert case.refused("hold_hearing", JIA, **HELD).code == "guard", (
        "nobody is heard before they were served"
    )


def test_a_court_that_took_the_case_ends_it_here() -> None:
    case = a_case("deliberation")
    case.do("terminate", FANG, files=["order"], court_docket="（2026）双民初1号")

    assert (case.state, case.case.main.facts["closed_by"]) == ("concluded", "terminated")


# --- after the award --------------------------------------------------------------------------------------


def serve_award(case: PaperStory, kind: str, number: int, on: str) -> None:
    case.clock.set(on)
    matter = case.matter(kind, number)
    case.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="personal")


def test_each_party_may_sue_over_a_non_final_award_for_fifteen_days_from_its_own_receipt() -> None:
    case = a_case("award_issued")
    serve_award(case, "award_service", 0, "2026-03-26")
    serve_award(case, "award_service", 1, "2026-04-20")

    assert last(case, "15 days", "调解仲裁法第50条", "award_service", 0) == day("2026-04-10")
    assert last(case, "15 days", "调解仲裁法第50条", "award_service", 1) == day("2026-05-06"), (
        "5 May is a holiday"
    )
    assert terms_of(case, case.matter("award_service", 2)).keys() == {("10 work days", "办案内部规则")}


def test_a_final_award_opens_a_window_for_the_worker_and_one_for_the_employer() -> None:
    case = a_case("under_review")
    sign_every_level(case)
    case.do(
        "issue_final_award", ZHOU, files=["final_award"], final_award_number="双劳人仲裁〔2026〕2号",
        final_ground="amount",
    )  # fmt: skip
    for number, on in enumerate(("2026-03-26", "2026-04-02", "2026-04-02")):
        serve_award(case, "final_award_service", number, on)

    assert case.state == "concluded"
    assert last(case, "15 days", "调解仲裁法第48条", "final_award_service", 0) == day("2026-04-10")
    assert last(case, "30 days", "调解仲裁法第49条", "final_award_service", 1) == day("2026-05-06"), (
        "2 May rolls"
    )


def test_each_party_may_sue_for_fifteen_days_from_its_receipt_of_the_ruling_that_annuls() -> None:
    case = a_case("under_review")
    sign_every_level(case)
    case.do(
        "issue_final_award", ZHOU, files=["final_award"], final_award_number="双劳人仲裁〔2026〕2号",
        final_ground="amount",
    )  # fmt: skip
    for number in range(3):
        serve_award(case, "final_award_service", number, "2026-03-26")
    case.do("annulment_asked", ZHOU, court_docket="（2026）双民特1号")
    assert case.refused("annulment_asked", ZHOU, court_docket="（2026）双民特1号").code == "guard"
    case.do("close", ZHOU)
    hand_in(case)
    case.do("archive", DAI, volume="2026-劳-002", keep="ten_years")

    for number, on in enumerate(("2026-05-18", "2026-05-22")):
        case.clock.set(on)
        case.do(
            "annul",
            ZHOU,
            matter=case.matter("annulment", number),
            files=["ruling"],
            ruling_number="（2026）双民特1号",
        )

    assert (case.state, case.case.open) == ("archived", False), "the ruling comes after the file is archived"
    assert last(case, "15 days", "调解仲裁法第49条", "annulment", 0) == day("2026-06-02")
    assert last(case, "15 days", "调解仲裁法第49条", "annulment", 1) == day("2026-06-08"), (
        "6 June is a Saturday"
    )


def test_a_non_final_award_is_not_annulled_here() -> None:
    assert (
        a_case("concluded").refused("annulment_asked", ZHOU, court_docket="（2026）双民特1号").code == "guard"
    )


def test_an_award_can_be_posted_up_or_published_and_then_opens_the_same_window() -> None:
    case = a_case("award_issued")
    first, second = case.matter("award_service", 0), case.matter("award_service", 1)
    case.do("post_up", ZHOU, matter=first, files=["record"])
    case.do("publish", FANG, matter=second, files=["announcement"], publication_ground="failed")
    case.clock.set("2026-05-06")
    case.do("deem_served", ZHOU, matter=first, files=["proof_of_service"], on="2026-03-30")
    case.do("deem_published", ZHOU, matter=second, files=["proof_of_service"], on="2026-04-24")

    assert last(case, "15 days", "调解仲裁法第50条", "award_service", 0) == day("2026-04-14")
    assert last(case, "15 days", "调解仲裁法第50条", "award_service", 1) == day("2026-05-09"), (
        "a working Saturday"
    )
