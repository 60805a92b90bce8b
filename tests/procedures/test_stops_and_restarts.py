"""What moves the award clock of a labour case: stops, restarts, extensions, targets, each on its article.

Every due date was worked out by hand from the calendar: accepted on Tuesday 3 March 2026, 45 days end on Friday 17 April.
"""

from __future__ import annotations

import pytest

from engine.model.case import Party
from tests.builders import PaperStory, day
from tests.cast import CLAIMANT, FANG, FIRST_RESPONDENT, HE, JIA, LIN, PENG, SIGNERS, WEI, YI, ZHOU
from tests.procedures.counting import due, reading
from tests.procedures.way import (
    Form,
    a_case,
    ask_for_extension,
    bring_to,
    exclude_time,
    grant,
    propose_simplified,
    propose_suspension,
    resume,
    suspend,
)

ACCEPTED, DUE, EXPIRED = "2026-03-03", "2026-04-17", "2026-04-20"

GROUNDS = ("heirs", "capacity", "successor", "force_majeure", "other_case", "expert", "other")


def publish(case: PaperStory, days: str = "30", matter: int = 1) -> None:
    case.do(
        "publish", FANG, matter=case.matter("service", matter), files=["announcement"], publication_days=days,
        publication_ground="unknown",
    )  # fmt: skip


def test_an_accepted_case_has_forty_five_days_and_a_target_of_thirty() -> None:
    case = a_case("accepted")

    assert due(case) == DUE
    assert reading(case).target_due == day("2026-04-02")


# --- stops ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_case_is_suspended_and_resumed_on_each_of_the_seven_grounds(ground: str) -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-10")
    note: Form = {"ground_note": "法律规定的其他情形"} if ground == "other" else {}
    suspend(case, ground, WEI, **note)
    assert (reading(case).state, due(case)) == ("paused", None)

    case.clock.set("2026-03-20")
    resume(case, ground, JIA)

    assert due(case) == "2026-04-27", "ten days, from 10 to 19 March, are not counted"


def test_another_ground_must_be_named_and_nobody_but_the_heads_suspends() -> None:
    case = a_case("tribunal_formed")
    reason = "须等待有关结论"
    assert case.refused("propose_suspension", ZHOU, ground="other", reason=reason).code == "guard"
    assert case.refused("propose_suspension", HE, ground="heirs", reason=reason).code == "not_yours"
    propose_suspension(case, "heirs", by=JIA)

    assert case.refused("suspend", JIA, files=["order"], ground="heirs").code == "not_yours"
    assert case.refused("suspend", FANG, files=["order"], ground="other").code == "guard"
    assert case.refused("suspend", FANG, ground="heirs").code == "missing_document"
    assert due(case) == DUE


def test_whoever_sits_may_not_approve_the_suspension_even_as_director() -> None:
    case = a_case("accepted")
    case.do("form_tribunal", HE, tribunal_named=PENG)
    propose_suspension(case)

    assert case.refused("suspend", PENG, files=["order"], ground="expert").code == "apart"
    case.do("refuse_suspension", FANG, refusal_reason="可以先审理其他请求")

    assert (case.matter("suspension").outcome, due(case)) == ("refused", DUE)


def test_the_parties_are_told_in_writing_of_every_stop_and_resumption() -> None:
    case = a_case("tribunal_formed")
    suspend(case)
    notice = case.matter("party_notice")
    assert (notice.state, notice.open) == ("to_tell", True)
    assert (case.matter("suspension").state, case.matter("suspension").facts["ground"]) == (
        "suspended",
        "expert",
    )

    case.do("inform_parties", ZHOU, matter=notice, files=["notice"])
    case.clock.set("2026-03-06")
    resume(case)

    assert [m.outcome for m in case.case.matters_of("party_notice")] == ["told", None]


def test_two_suspensions_that_overlap_stop_a_day_once() -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-20")
    suspend(case, "expert")
    case.clock.set("2026-04-01")
    suspend(case, "other_case")
    case.clock.set("2026-04-10")
    resume(case, "expert")
    case.clock.set("2026-04-20")
    resume(case, "other_case")

    assert due(case) == "2026-05-18", "from 20 March to 19 April are 31 days, not 21 and 19"
    assert reading(case, "2026-04-20").stopped_days == 31


@pytest.mark.parametrize(
    ("days", "state", "ends", "served"),
    [("30", "published", "2026-05-18", "2026-04-04"), ("60", "published_abroad", "2026-06-16", "2026-05-04")],
)
def test_service_by_publication_is_not_counted(days: str, state: str, ends: str, served: str) -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-05")
    publish(case, days)
    service = case.matter("service", 1)

    assert (service.state, due(case)) == (state, ends)
    # Deemed served on the thirtieth or sixtieth day after, which is not rolled past the holiday.
    case.clock.set("2026-05-06")
    case.do("deem_published", ZHOU, matter=service, files=["proof_of_service"], on=served)
    assert case.matter("service", 1).facts["served_on"] == day(served)
    assert due(case) == ends


def test_a_publication_takes_thirty_or_sixty_days_and_is_for_the_heads_to_order() -> None:
    case = a_case("tribunal_formed")
    service = case.matter("service", 1)

    act: Form = {"matter": service, "files": ["announcement"], "publication_ground": "unknown"}
    assert case.refused("publish", FANG, publication_days="45", **act).code == "guard"
    assert case.refused("publish", ZHOU, publication_days="30", **act).code == "not_yours"
    assert due(case) == DUE


def test_a_publication_and_a_suspension_that_overlap_stop_a_day_once() -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-05")
    publish(case)
    case.clock.set("2026-03-20")
    suspend(case, "heirs")
    case.clock.set("2026-04-10")
    resume(case, "heirs")

    assert due(case) == "2026-05-25", "36 days from 5 March to 9 April; the last day is a Saturday and rolls"


def test_time_that_another_law_excludes_is_not_counted() -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-10")
    facts: Form = {
        "exclusion_ground": "依某法第某条",
        "excluded_from": "2026-03-09",
        "days_excluded": "10",
    }
    case.do("propose_exclusion", ZHOU, **facts)
    assert case.refused("propose_exclusion", JIA, **facts).code == "guard", "one at a time"
    assert case.refused("exclude_time", HE, files=["order"], **facts).code == "not_yours"
    assert due(case) == DUE, "a proposal moves nothing"
    case.do("refuse_exclusion", FANG, refusal_reason="鉴定期间应以中止扣除")

    exclude_time(case, WEI, **facts)

    assert due(case) == "2026-04-27"


# --- restarts ---------------------------------------------------------------------------------------------


def test_a_party_that_is_joined_is_served_alone_and_the_clock_starts_anew() -> None:
    case = a_case("tribunal_formed")
    before = len(case.case.matters_of("service"))
    case.clock.set("2026-03-09")
    assert (
        case.refused("join_respondent", ZHOU, files=["order"], new_party="双河丙公司", reason="共同用工").code
        == "not_yours"
    )

    case.do("join_respondent", FANG, files=["order"], new_party="双河丙公司", reason="共同用工")

    assert due(case) == "2026-04-23"
    assert reading(case).target_due == day("2026-04-08"), "the target starts anew as well"
    (joined,) = case.case.matters_of("service")[before:]
    assert [p.name for p in case.case.parties if p.id == joined.party] == ["双河丙公司"]
    case.do("join_third_party", WEI, files=["order"], new_party="双河丁公司", reason="有利害关系")
    assert len(case.case.matters_of("service_third_party")) == 1
    assert len(case.case.matters_of("service")) == before + 1


def test_third_parties_named_at_the_filing_are_served_with_the_respondents() -> None:
    case = PaperStory()
    case.open(parties=(CLAIMANT, FIRST_RESPONDENT, Party("", "third_party", "双河丁公司")))
    bring_to(case, "tribunal_formed")
    case.clock.set("2026-03-05")
    service, third = case.matter("service"), case.matter("service_third_party")
    for matter in (service, third):
        case.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="personal")
    case.do("record_no_answer", ZHOU, matter=service)
    hearing: Form = {"hearing_on": "2026-03-20", "hearing_place": "第一庭"}

    assert case.refused("schedule_hearing", ZHOU, **hearing).code == "guard"
    case.do("record_no_answer", ZHOU, matter=third)
    case.do("schedule_hearing", ZHOU, **hearing)


def test_a_merged_counterclaim_starts_the_clock_anew_and_gives_the_claimant_time_to_answer() -> None:
    case = a_case("tribunal_formed")
    serve_first(case)
    case.do(
        "receive_counterclaim",
        ZHOU,
        matter=case.matter("service", 0),
        files=["counterclaim"],
        counterclaim_text="返还培训费",
    )
    assert case.matter("counterclaim").documents.keys() == {"counterclaim"}, "the paper goes with it"
    case.clock.set("2026-03-10")
    assert case.refused("merge", HE, files=["order"]).code == "not_yours"

    case.do("merge", WEI, files=["order"])

    assert due(case) == "2026-04-24"
    case.do("serve_counterclaim", ZHOU, files=["proof_of_service"])
    case.do("answer_counterclaim", ZHOU, files=["answer"])
    assert case.matter("counterclaim").outcome == "merged"


@pytest.mark.parametrize(("move", "outcome"), [("separate", "separate"), ("refuse_counterclaim", "refused")])
def test_a_counterclaim_that_is_not_merged_leaves_the_clock(move: str, outcome: str) -> None:
    case = a_case("tribunal_formed")
    serve_first(case)
    case.do(
        "receive_counterclaim",
        ZHOU,
        matter=case.matter("service", 0),
        files=["counterclaim"],
        counterclaim_text="返还培训费",
    )

    case.do(move, FANG, files=["order"], refusal_reason="不宜合并处理")

    assert (case.matter("counterclaim").outcome, due(case)) == (outcome, DUE)


def test_a_changed_claim_is_examined_by_the_tribunal_and_starts_the_clock_when_accepted() -> None:
    case = a_case("tribunal_formed")
    case.do("set_evidence_deadline", ZHOU, evidence_deadline="2026-03-20")
    case.do("ask_claim_change", ZHOU, request_text="增加加班费请求")
    case.do("propose_change", JIA, examined_note="与原请求同一事实")
    assert due(case) == DUE
    case.clock.set("2026-03-10")

    case.do("accept_change", FANG, files=["order"])

    assert due(case) == "2026-04-24"
    case.do("serve_change", ZHOU, files=["proof_of_service"])
    case.do("waive_period", ZHOU, files=["waiver"])
    assert case.matter("claim_change").outcome == "accepted"


def test_a_case_taken_over_from_another_commission_starts_anew() -> None:
    case = a_case("accepted")
    case.clock.set("2026-03-10")

    case.do("take_over", FANG, files=["transfer_letter"], transferred_from="邻县劳动人事争议仲裁委员会")

    assert due(case) == "2026-04-24"


def test_a_restart_during_a_stop_leaves_the_stop_open_from_its_own_day() -> None:
    case = a_case("tribunal_formed")
    suspend(case, "expert")
    case.clock.set("2026-03-09")
    case.do("join_respondent", FANG, files=["order"], new_party="双河丙公司", reason="共同用工")
    assert (reading(case).state, due(case)) == ("paused", None)

    case.clock.set("2026-03-19")
    resume(case)

    assert due(case) == "2026-05-06", (
        "45 days from 9 March with 9 stopped after it end on the holiday of 2 May"
    )


# --- what changes nothing ---------------------------------------------------------------------------------


def test_partial_award_delegated_conciliation_and_postponement_leave_the_clock() -> None:
    case = a_case("tribunal_formed")
    case.do("delegate_conciliation", JIA, mediation_body="双河总工会调解中心")
    case.do("conciliation_failed", JIA, result_note="分歧较大")
    bring_to(case, "hearing_scheduled")
    case.do("postpone", JIA, reason="证人生病", hearing_on="2026-03-24")
    assert due(case) == DUE
    case.clock.set("2026-03-24 14:00")
    case.do(
        "hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )

    case.do("partial_award", JIA, opinion="欠付工资数额无争议，先行裁决", drafter_named=YI)
    case.do("hand_in_partial", YI, files=["draft"])
    for person in SIGNERS:
        case.do("sign", person, matter="partial_review")
    case.do("issue_partial", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1-1号")

    assert (due(case), case.state) == (DUE, "deliberation")
    assert len(case.case.matters_of("award_service")) == 3


# --- targets ----------------------------------------------------------------------------------------------


def test_the_tightest_target_holds_and_the_law_never_moves() -> None:
    case = a_case("tribunal_formed")
    assert case.refused("set_target", JIA, target_days="20", reason="重点案件").code == "not_yours"

    case.do("set_target", HE, target_days="20", reason="重点案件")
    assert (reading(case).target_due, due(case)) == (day("2026-03-23"), DUE)
    case.do("set_target", FANG, target_days="40", reason="案情有变")
    assert reading(case).target_due == day("2026-04-02"), "the thirty days of the procedure are the tighter"


def test_a_simplified_case_has_the_target_of_its_track() -> None:
    case = PaperStory()
    case.open()
    propose_simplified(case)
    case.clock.set(ACCEPTED)
    case.do("accept", FANG, secretary_named=ZHOU)

    assert (reading(case).target_due, due(case)) == (day("2026-03-23"), DUE)
    assert [(t.layer, str(t.length)) for t in case.case.clocks["award"].targets] == [
        ("procedure", "30 days"), ("track", "20 days"),
    ]  # fmt: skip


# --- after the last day -----------------------------------------------------------------------------------


def test_an_extension_is_refused_after_expiry_over_the_cap_and_to_the_wrong_person() -> None:
    case = a_case("deliberation")
    ask_for_extension(case)
    assert (
        case.refused("grant", HE, matter="extension", files=["order"], days_granted="15").code == "not_yours"
    )
    assert (
        case.refused("grant", FANG, matter="extension", files=["order"], days_granted="16").code
        == "EXT_OVER_CAP"
    )
    case.clock.set("2026-04-18")
    late = case.refused(
        "grant", FANG, matter="extension", files=["order"], days_granted="15", override="案情特殊"
    )
    assert late.code == "EXT_AFTER_EXPIRY", "no reason of the director's helps an extension"

    case.clock.set("2026-04-17")
    grant(case)

    assert due(case) == "2026-05-06"
    assert case.refused("set_target", LIN, target_days="1", reason="x").code == "not_yours"


def test_a_stop_after_expiry_needs_the_director_and_their_reason() -> None:
    case = a_case("deliberation")
    case.clock.set(EXPIRED)
    propose_suspension(case)
    act: Form = {"files": ["order"], "ground": "expert"}
    refusal = case.refused("suspend", FANG, **act)
    assert (refusal.code, refusal.guard) == ("SUSPEND_AFTER_EXPIRY", "override")
    assert case.refused("suspend", WEI, override="鉴定必需", **act).code == "SUSPEND_AFTER_EXPIRY"

    (event, *_) = case.do("suspend", FANG, override="鉴定必需，已报备", **act)

    assert event.override == "鉴定必需，已报备"
    assert [breach.code for breach in reading(case).breaches] == ["SUSPEND_AFTER_EXPIRY"]


def test_a_publication_after_expiry_is_refused_like_any_stop() -> None:
    case = a_case("tribunal_formed")
    case.clock.set(EXPIRED)
    service = case.matter("service", 0)
    act: Form = {"matter": service, "files": ["announcement"], "publication_days": "30", "publication_ground": "failed"}  # fmt: skip

    assert case.refused("publish", FANG, **act).code == "SUSPEND_AFTER_EXPIRY"
    assert due(case) == DUE
    case.do("publish", FANG, override="被申请人下落不明，届满前未及公告", **act)
    assert [breach.code for breach in reading(case).breaches] == ["SUSPEND_AFTER_EXPIRY"]


def test_a_restart_after_expiry_needs_the_director_and_their_reason() -> None:
    case = a_case("hearing_scheduled")
    case.clock.set(EXPIRED)
    act: Form = {"files": ["order"], "new_party": "双河丙公司", "reason": "共同用工"}
    assert case.refused("join_respondent", FANG, **act).code == "RESTART_AFTER_EXPIRY"

    case.do("join_respondent", FANG, override="遗漏必须共同参加的当事人", **act)

    assert due(case) == "2026-06-04"
    assert [breach.code for breach in reading(case).breaches] == ["RESTART_AFTER_EXPIRY"]


def late_suspension(by: str) -> PaperStory:
    """A suspension of 15 April, entered after the last day."""
    case = a_case("deliberation")
    case.clock.set(EXPIRED)
    suspend(case, "heirs", by, on="2026-04-15")
    return case


def test_a_late_entry_counts_at_once_and_stays_when_the_director_approves() -> None:
    case = late_suspension(WEI)
    assert (reading(case).state, case.matter("late_entry").state) == ("paused", "to_approve")
    assert case.refused("approve_entry", WEI).code == "not_yours"

    case.do("approve_entry", FANG)

    assert (case.matter("late_entry").outcome, reading(case).state) == ("approved", "paused")
    case.clock.set("2026-04-27")
    resume(case, "heirs")
    assert due(case) == "2026-04-29", "twelve days from 15 to 26 April are not counted"


def test_a_late_entry_that_the_director_rejects_never_counted() -> None:
    case = late_suspension(WEI)
    case.do("submit_proof", ZHOU, files=["proof"])

    case.do("reject_entry", FANG, entry_reason="死亡证明日期不符")

    assert (case.matter("late_entry").outcome, due(case)) == ("rejected", DUE)
    assert [refused.code for refused in reading(case).refused] == ["ENTRY_STRUCK"]


def test_what_the_director_enters_late_needs_nobody_else() -> None:
    assert late_suspension(FANG).case.matters_of("late_entry") == ()


def serve_first(case: PaperStory) -> None:
    """Serve the first respondent on Thursday 5 March."""
    case.clock.reach("2026-03-05")
    case.do(
        "serve", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"], service_method="post"
    )
