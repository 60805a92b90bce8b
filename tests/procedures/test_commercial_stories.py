"""Commercial cases told through the engine: from filing to what comes after the award, and what goes wrong."""

from __future__ import annotations

from tests.builders import a_file, day
from tests.cast import BING, DU, FANG, HE, JIA, MO, SHEN, SIGNERS, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures import commercial_way as way
from tests.procedures.way import Form

VISIT: Form = {"visit_on": "2026-04-20", "visit_place": "双河北路工地", "visit_question": "外墙渗漏的范围"}
FEE: Form = {"fee_kind": "handling", "payer": "王小禾", "amount_asked": "38000", "pay_by": "2026-03-16"}
REFUND: Form = {"refund_reason": "overpaid", "refund_to": "王小禾", "refund_amount": "1200.50"}


def test_a_construction_case_is_visited_instead_of_appraised_and_ends_with_its_file_in_the_archive(
    story: OfficeStory,
) -> None:
    way.filed(story, track="construction")
    story.do("ask_fee", "lin", **FEE)
    way.accept(story)
    story.do("record_payment", ZHOU, files=["receipt"], amount_paid="20000", paid_in_full="no")
    story.do("record_payment", ZHOU, files=["receipt"], amount_paid="39200.50", paid_in_full="yes")

    # Each side chooses; they do not agree on the third, so the director appoints after the time to choose.
    story.do("claimant_chooses", ZHOU, arbitrator_named=JIA)
    story.do("respondent_chooses", ZHOU, arbitrator_named=YI)
    assert story.refused("claimant_chooses", ZHOU, arbitrator_named=BING).code == "guard"
    early = story.refused("appoint_presiding", FANG, arbitrator_named=BING, reason="双方未共同选定")
    assert (early.code, early.fact) == ("too_early", "2026-03-17")
    story.clock.set("2026-03-18")
    assert story.refused("presiding_agreed", ZHOU, arbitrator_named=BING).code == "TERM_OVER"
    story.do("appoint_presiding", FANG, arbitrator_named=BING, reason="双方未共同选定")
    assert story.refused("form_tribunal", HE, tribunal_named=f"{JIA} {YI}").code == "guard"
    way.form(story)

    # A visit must not be skipped for an appraisal without saying why; it settles the question.
    asked: Form = {"appraisal_question": "渗漏原因", "appraisal_reason": "双方对原因各执一词"}
    assert "先现场勘验" in story.refused("ask_appraisal", JIA, **asked).reason.zh
    story.do("order_site_visit", JIA, **VISIT)
    story.do("tell_of_visit", ZHOU, files=["notice"])
    story.clock.set("2026-04-20")
    story.do(
        "visit",
        JIA,
        files=["record"],
        taking_part="双方代理人",
        visit_finding="渗漏限于北立面",
        answered="yes",
    )
    assert story.matter("site_visit").outcome == "sufficient"
    assert "先现场勘验" in story.refused("ask_appraisal", JIA, **asked).reason.zh

    way.hear(story, "2026-05-18")
    way.deliberate(story)
    way.review(story)
    way.sign_award(story)
    assert story.state == "ready_to_issue", "two of three suffice"
    story.clock.set("2026-06-01")
    way.issue(story)

    # A refund is open, so closing warns; it goes on after the case is closed.
    story.do("refund_due", ZHOU, **REFUND)
    assert "退费未办结" in story.refused("close", ZHOU).reason.zh
    story.do("close", ZHOU, refund_known="yes")
    story.do("check_refund", HE)
    story.do("approve_refund", FANG)
    story.do("pay_back", ZHOU, files=["voucher"])
    refund = story.matter("refund")
    assert (refund.outcome, refund.facts["due_since"], refund.facts["refunded_on"]) == (
        "refunded", day("2026-06-01"), day("2026-06-01"),
    )  # fmt: skip
    assert [m.kind for m in story.case.open_matters()] == ["main", "court_watch", "archiving"]
    assert_whole(story.engine, story.number)


def test_a_finance_case_takes_fewer_approvals(story: OfficeStory) -> None:
    way.filed(story, track="finance")
    story.do("accept_finance", HE, **way.ACCEPTED)
    way.notify(story)
    way.choose(story)
    way.form(story)
    way.hear(story, "2026-03-16")
    way.deliberate(story)

    story.do("submit_finance_draft", YI, files=["draft"])
    for person in (SHEN, HE, FANG):
        story.do("sign", person, matter="finance_review")
    way.sign_award(story)
    number: Form = {"award_number": "双商仲裁〔2026〕2号"}
    assert story.refused("issue_award", ZHOU, files=["award"], **number).code == "guard", (
        "no review of five levels"
    )
    story.do("issue_finance_award", ZHOU, files=["finance_award"], **number)
    way.serve_award(story)

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "award")
    assert_whole(story.engine, story.number)


def test_fewer_approvals_are_for_finance_cases_alone(story: OfficeStory) -> None:
    way.filed(story)

    assert story.refused("accept_finance", HE, **way.ACCEPTED).code == "guard"
    assert story.refused("accept", FANG, **{**way.ACCEPTED, "agreement_valid": "no"}).code == "guard"
    story.do("refuse", FANG, files=["order"], reason="没有仲裁协议")
    assert story.state == "not_accepted"
    assert_whole(story.engine, story.number)


def test_an_arbitrator_whose_recusal_is_asked_for_waits_and_is_replaced(story: OfficeStory) -> None:
    way.filed(story)
    way.accept(story)
    way.choose(story)
    story.do("form_tribunal", HE, tribunal_named=f"{JIA} {YI} {BING}")
    assert (
        "声明书"
        in story.refused("schedule_hearing", ZHOU, hearing_on="2026-04-10", hearing_place="第一庭").reason.zh
    )
    way.disclose(story, YI, BING)
    story.do(
        "disclose",
        JIA,
        files=["statement_letter"],
        statement="disclosed",
        statement_note="曾任申请人法律顾问",
    )

    story.do("request_recusal", ZHOU, recused_person=JIA, reason="曾任申请人法律顾问")
    assert story.refused("order_site_visit", JIA, **VISIT).code == "recusal_undecided"
    story.do(
        "disclose", JIA, files=["statement_letter"], statement="disclosed", statement_note="补充披露任职期间"
    )
    story.do("grant_recusal", FANG, files=["order"], finding="可能影响公正")

    assert story.refused("order_site_visit", JIA, **VISIT).code == "recused"
    assert (
        story.refused("replace_tribunal", HE, tribunal_named=f"{JIA} {YI} {BING}", reason="回避").code
        == "recused"
    )
    story.do("replace_tribunal", HE, tribunal_named=f"{MO} {YI} {BING}", reason="贾仲言回避")
    way.disclose(story, MO, YI, BING)
    story.do("schedule_hearing", ZHOU, hearing_on="2026-04-10", hearing_place="第一庭")
    assert story.case.main.assigned["tribunal"] == (MO, YI, BING)
    assert_whole(story.engine, story.number)


def test_an_appraisal_is_approved_its_time_tracked_and_not_counted(story: OfficeStory) -> None:
    way.filed(story, track="construction")
    way.accept(story)
    way.choose(story)
    way.form(story)
    due = story.engine.case_line(story.number).due
    story.do("order_site_visit", JIA, **{**VISIT, "visit_on": "2026-03-16"})
    story.do("tell_of_visit", ZHOU, files=["notice"])
    story.clock.set("2026-03-16")
    story.do("visit", JIA, files=["record"], taking_part="双方", visit_finding="须拆检", answered="no")
    story.do("ask_appraisal", JIA, appraisal_question="渗漏原因", appraisal_reason="须拆检化验")
    story.do("approve_appraisal", HE)
    story.do("commission", ZHOU, files=["commission"], body="双河建设检测站", report_by="2026-04-15")
    story.clock.set("2026-04-20")
    story.sweep()
    assert story.rungs("term.under_way"), "the agreed day is over"
    assert story.refused("deliberate", JIA, opinion="支持", drafter_named=YI).code == "not_from_here"
    story.do("receive_report", ZHOU, files=["report"])
    story.do("exclude_appraisal", WEI, files=["order"], appraisal_days="35")

    assert due == day("2026-07-02")
    assert story.engine.case_line(story.number).due == day("2026-08-06"), "35 days later"
    assert_whole(story.engine, story.number)


def test_parts_are_decided_first_the_parties_settle_and_the_document_passes_three_levels(
    story: OfficeStory,
) -> None:
    way.filed(story)
    way.accept(story)
    way.choose(story)
    way.form(story)
    way.hear(story, "2026-03-16")
    way.deliberate(story)
    story.do("submit_partial_draft", YI, files=["draft"], partial_reason="工程款本金双方无争议")
    partial: Form = {"award_number": "双商仲裁〔2026〕3-1号"}
    assert story.refused("issue_partial_award", ZHOU, files=["partial_award"], **partial).code == "guard"
    for person in SIGNERS:
        story.do("sign", person, matter="partial_review")
    story.do("issue_partial_award", ZHOU, files=["partial_award"], **partial)
    way.serve_award(story, "partial_service")
    assert story.state == "drafting", "a partial award does not end the case"
    due = story.engine.case_line(story.number).due

    story.do("conciliate", YI, files=["draft"], settlement="分三期付清，利息免除")
    for person in (SHEN, HE, FANG):
        story.do("sign", person, matter="conciliation_review")
    assert (story.state, story.engine.case_line(story.number).due) == ("conciliated", due)
    story.do("take_effect", ZHOU, files=["mediation_document"])

    assert story.case.main.facts["closed_by"] == "conciliation"
    assert_whole(story.engine, story.number)


def test_the_court_sends_an_award_back_and_it_is_decided_anew_within_the_time_the_court_set(
    story: OfficeStory,
) -> None:
    way.filed(story)
    way.accept(story, law_version="al17")
    way.choose(story)
    way.form(story)
    way.hear(story, "2026-03-16")
    way.deliberate(story)
    way.review(story)
    way.sign_award(story)
    way.issue(story)
    terms = {str(line.title): line.reading.due for m in story.engine.case_page(story.number).matters
             if m.kind == "award_service" for line in m.terms}  # fmt: skip
    assert day("2026-09-16") in terms.values(), "six months under the version stored with the case"
    assert story.refused("nobody_asked", ZHOU).code == "too_early"
    way.archive(story)

    # After the file is archived a party asks the court, which sends the award back with a time of its own.
    story.clock.set("2026-05-06")
    challenge: Form = {
        "asked_for": "set_aside",
        "asked_by": "双河甲纺织有限公司",
        "court_docket": "（2026）双01民特9号",
    }
    story.do("record_challenge", ZHOU, files=["court_paper"], **challenge)
    story.clock.set("2026-06-10")
    remand: Form = {
        "court_order": "（2026）双01民特9号之一",
        "court_reason": "对方隐瞒足以影响公正裁决的证据",
        "remand_by": "2026-08-08",
    }
    story.do("record_remand", ZHOU, files=["court_paper"], **remand)
    new = story.matter("rearbitration")
    assert new.facts["remand_by"] == day("2026-08-08"), "a Saturday, and the court's own"
    story.do("take_up", JIA, files=["notice"])
    story.do("hear_anew", JIA, files=["hearing_record"], opinion="改判第二项")
    story.do("submit_new_draft", YI, files=[a_file("draft", "重新起草")])
    story.clock.set("2026-07-27")
    story.sweep()
    assert "J1" in [rung for rung, _ in story.rungs()]
    remark: Form = {"comment": "主文漏写利息起算日", "comment_kind": "form"}
    story.do("return", SHEN, matter="rearbitration_review", **remark)
    story.do("answer_comment", YI, answer="adopted", answer_reason="已补写")
    story.do("resubmit", YI, matter="rearbitration_review", files=[a_file("draft", "补写")], change="content")
    for person in SIGNERS:
        story.do("sign", person, matter="rearbitration_review")
    story.do("issue_new_award", ZHOU, files=["new_award"], new_award_number="双商仲重〔2026〕1号")
    way.serve_award(story, "rearbitration_service")

    assert story.matter("rearbitration").outcome == "decided_anew"
    assert_whole(story.engine, story.number)


def test_an_award_is_corrected_and_one_that_fails_in_court_can_be_reviewed(story: OfficeStory) -> None:
    way.filed(story)
    way.accept(story)
    way.choose(story)
    way.form(story)
    way.hear(story, "2026-03-16")
    way.deliberate(story)
    way.review(story)
    way.sign_award(story)
    way.issue(story)
    story.do("ask_correction", ZHOU, what_to_correct="主文第二项利率误写")
    story.do("propose_correction", JIA, kind_of_slip="sums", corrected_text="年利率3.45%")
    story.do("issue_correction", FANG, files=["order"])
    assert len(story.case.matters_of("correction_service")) == 3
    way.archive(story)
    challenge: Form = {
        "asked_for": "refuse_enforcement",
        "asked_by": "双河乙物流有限公司",
        "court_docket": "（2026）双02执异3号",
    }
    story.do("record_challenge", ZHOU, files=["court_paper"], **challenge)
    story.do(
        "record_set_aside", ZHOU, files=["court_paper"], court_order="裁2号", court_reason="违反法定程序"
    )
    assert story.matter("court_watch").outcome == "set_aside"
    story.do("draw_for_review", DU, drawn_because="set_aside")
    assert story.matter("quality_review").open
    assert_whole(story.engine, story.number)
