"""How a labour case may end otherwise: by default, with two awards, with the court, elsewhere, or not begin again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import PaperStory, day
from tests.cast import FANG, HE, JIA, LIN, SHEN, SIGNERS, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form, a_case, answer, bring_to, propose, resume, serve, sign, suspend

BOTH: Form = {
    "files": ["award", "final_award"],
    "award_number": "双劳人仲裁〔2026〕1号",
    "final_award_number": "双劳人仲裁〔2026〕2号",
    "final_ground": "amount",
}


def test_a_respondent_who_stays_away_is_awarded_against_in_default(story: OfficeStory) -> None:
    story.given("hearing_scheduled")
    story.clock.set("2026-03-16 14:00")
    story.do("hold_hearing", JIA, files=["hearing_record"], hearing_outcome="default")
    bring_to(story, "archived")

    facts = story.case.main.facts
    assert (facts["hearing_outcome"], facts["closed_by"]) == ("default", "award")
    assert_whole(story.engine, story.number)


@pytest.mark.parametrize("first", [0, 1], ids=["the final one last", "the final one first"])
def test_final_and_non_final_claims_are_awarded_apart_and_each_is_served(
    story: OfficeStory, first: int
) -> None:
    story.given("ready_to_issue")
    story.do("issue_both_awards", ZHOU, **BOTH)
    assert story.engine.case_line(story.number).clock == "ended"
    kinds = ("award_service", "final_award_service")
    for kind in (kinds[first], kinds[1 - first]):
        assert_whole(story.engine, story.number)
        for matter in story.case.matters_of(kind):
            assert story.state == "both_awards_issued"
            story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="post")

    assert story.state == "concluded"
    assert [len(story.case.matters_of(kind)) for kind in kinds] == [3, 3]
    assert_whole(story.engine, story.number)


def test_two_awards_need_both_papers_a_ground_and_a_review_that_passed() -> None:
    case = a_case("ready_to_issue")
    assert case.refused("issue_both_awards", ZHOU, **{**BOTH, "files": ["award"]}).code == "missing_document"
    assert case.refused("issue_both_awards", ZHOU, **{**BOTH, "final_ground": ""}).code == "missing_fact"
    early = a_case("under_review", signed=SIGNERS[:-1])

    assert early.refused("issue_both_awards", ZHOU, **BOTH).code == "not_from_here"


def test_the_court_takes_over_what_was_not_decided_in_time_and_until_then_it_goes_on(
    story: OfficeStory,
) -> None:
    story.given("deliberation")
    story.clock.set("2026-04-20")
    story.do("record_suit", ZHOU, sued_on="2026-04-20")
    assert story.refused("record_suit", ZHOU, sued_on="2026-04-21").code == "bad_fact", "a day to come"
    story.do("deliberate", JIA, opinion="支持", drafter_named=YI)
    assert story.refused("terminate", FANG, files=["order"]).code == "missing_fact", (
        "the court has not taken it"
    )

    story.do("terminate", WEI, files=["order"], court_docket="（2026）双民初1号")

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "terminated")
    bring_to(story, "archived")
    assert_whole(story.engine, story.number)


def test_an_objection_to_jurisdiction_that_is_upheld_sends_the_case_where_it_belongs(
    story: OfficeStory,
) -> None:
    story.given("tribunal_formed")
    service = story.matter("service", 0)
    story.clock.set("2026-03-05")
    serve(story, service)
    story.do(
        "object_jurisdiction", ZHOU, matter=service, files=["written_objection"], objection="合同履行地在邻县"
    )
    story.do("uphold", WEI, files=["order"], finding="履行地在邻县")
    story.do(
        "transfer_out", FANG, files=["transfer_letter"], proper_commission="邻县仲裁委员会", reason="履行地在邻县"
    )  # fmt: skip

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "transferred")
    assert {m.outcome for m in story.case.matters_of("service")} == {"cancelled"}
    bring_to(story, "archived")
    assert_whole(story.engine, story.number)


# --- filing again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ["deemed_withdrawn", "not_accepted", "pending", "decided"])
def test_what_cannot_be_filed_again_is_registered_and_refused_in_writing(ended: str) -> None:
    case = PaperStory()
    case.open(earlier_case="双劳人仲案〔2025〕9号", earlier_end=ended)

    assert case.refused("propose", LIN, claim_amount="12000").code == "guard"
    case.do("propose_refusal", LIN, reason="同一争议不得再次申请")
    case.do("refuse", FANG, reason="同一争议不得再次申请")

    assert case.case.main.outcome == "not_accepted"


def test_what_was_withdrawn_by_the_claimant_may_be_filed_again() -> None:
    case = PaperStory()
    case.open(earlier_case="双劳人仲案〔2025〕9号", earlier_end="withdrawn")
    propose(case)

    assert case.state == "proposed"
    refusal = PaperStory().ask_open("labour", LIN, case.case.parties, {"cause": "wages"}, None)
    assert getattr(refusal, "code", "") == "missing_document", "the application comes with the filing"


# --- tribunal and deliberation ----------------------------------------------------------------------------


def test_a_tribunal_is_one_or_three_with_somebody_presiding_and_the_drafter_is_of_it() -> None:
    case = a_case("accepted")
    two = case.refused("form_tribunal", HE, tribunal_named="jia yi", presiding_named=JIA)
    assert "不得为两人" in two.reason.zh
    assert case.refused("form_tribunal", HE, tribunal_named="jia yi bing").code == "guard"
    bring_to(case, "deliberation")
    opinion: Form = {"opinion": "支持", "opinion_formed": "majority"}

    assert case.refused("deliberate", JIA, drafter_named="mo", opinion="支持").code == "guard"
    assert case.refused("deliberate", JIA, drafter_named=YI, **opinion).code == "guard", "the minority's view"
    case.do("deliberate", JIA, drafter_named=YI, minority_view="应驳回", **opinion)
    assert case.refused("name_drafter", JIA, drafter_named="mo", reason="工作安排").code == "guard"


def test_a_hearing_is_not_set_in_the_past_and_put_off_twice_at_most() -> None:
    case = a_case("hearing_scheduled")
    assert case.refused("postpone", JIA, reason="证人生病", hearing_on="2026-03-01").code == "bad_fact"
    for new_day in ("2026-03-24", "2026-04-01"):
        case.do("postpone", JIA, reason="证人生病", hearing_on=new_day)

    assert case.refused("postpone", JIA, reason="证人生病", hearing_on="2026-04-10").code == "too_often"


def test_a_settlement_takes_effect_only_after_its_document_was_reviewed(story: OfficeStory) -> None:
    story.given("tribunal_formed")
    serve(story, story.matter("service", 0))
    answer(story, story.matter("service", 0))
    story.do("settle_part", JIA, settlement="先付无争议工资5000元")
    story.do("conciliate", JIA, files=["draft"], settlement="分两期支付")
    assert story.refused("take_effect", ZHOU, files=["mediation_document"]).code == "not_from_here"
    for person in (SHEN, HE, FANG):
        story.do("sign", person, matter="conciliation_review")
    assert story.engine.case_line(story.number).due == day("2026-04-17")

    story.do("take_effect", ZHOU, files=["mediation_document"])

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "conciliation")
    assert_whole(story.engine, story.number)


def test_nothing_is_heard_deliberated_drafted_or_issued_while_the_case_is_suspended() -> None:
    acts: dict[str, tuple[str, str, dict[str, Any]]] = {
        "deliberation": ("deliberate", JIA, {"opinion": "支持", "drafter_named": YI}),
        "drafting": ("submit_draft", YI, {"files": ["draft"]}),
        "ready_to_issue": ("issue_award", ZHOU, {"files": ["award"], "award_number": "1"}),
    }
    for state, (move, by, form) in acts.items():
        case = a_case(state)
        suspend(case)
        assert case.refused(move, by, **form).code == "suspended"
        resume(case)
        case.do(move, by, **form)
    case = a_case("under_review")
    suspend(case)
    assert case.refused("sign", SHEN, matter="award_review").code == "suspended"
    resume(case)
    assert sign(case, SHEN)
