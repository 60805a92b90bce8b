"""A recusal: the person steps back until it is decided, is replaced where it is granted, goes on where it is not."""

from __future__ import annotations

from tests.builders import day
from tests.cast import BING, FANG, HE, JIA, PENG, SONG, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form, bring_to

HELD: Form = {
    "files": ["hearing_record"],
    "hearing_outcome": "heard",
    "conciliation_result": "failed",
}


def ask(story: OfficeStory, person: str, on: str = "2026-03-10") -> None:
    """Record that a party asks *person* to step back."""
    story.clock.reach(on)
    story.do("request_recusal", ZHOU, recused_person=person, reason="曾任被申请人顾问")


def test_a_member_of_the_tribunal_is_recused_replaced_and_the_case_is_heard_without_them(
    story: OfficeStory,
) -> None:
    story.given("hearing_scheduled")
    ask(story, YI)
    assert story.engine.lists.todos(FANG).lines[0].due == day("2026-03-13"), "three work days"
    assert story.refused("postpone", YI, reason="有事", hearing_on="2026-03-30").code == "recusal_undecided"

    story.do("grant_recusal", FANG, files=["order"], finding="属实")
    assert (story.matter("recusal").state, story.case.main.assigned["recused"]) == ("to_replace", (YI,))
    assert story.refused("confirm_replacement", HE, files=["notice"]).code == "guard"
    story.do("replace_tribunal", HE, tribunal_named="jia bing mo", presiding_named=JIA, reason="成员回避")
    story.do("confirm_replacement", HE, files=["notice"])

    assert story.matter("recusal").outcome == "granted"
    story.clock.set("2026-03-16 14:00")
    assert story.refused("hold_hearing", YI, **HELD).code == "recused"
    story.do("hold_hearing", JIA, **HELD)
    assert_whole(story.engine, story.number)


def test_who_is_asked_to_step_back_may_do_what_cannot_wait_and_goes_on_when_it_is_refused(
    story: OfficeStory,
) -> None:
    story.given("tribunal_formed")
    ask(story, ZHOU, "2026-03-05")
    # Setting the hearing can wait for the decision; serving papers that are due cannot.
    evidence: Form = {"evidence_deadline": "2026-03-20"}
    assert story.refused("set_evidence_deadline", ZHOU, **evidence).code == "recusal_undecided"
    story.do(
        "serve", ZHOU, matter=story.matter("service", 0), files=["proof_of_service"], service_method="post"
    )
    assert story.refused("request_recusal", JIA, recused_person=BING, reason="近亲属").code == "guard"

    story.do("refuse_recusal", WEI, files=["order"], finding="不属于应当回避的情形")

    assert story.matter("recusal").outcome == "refused"
    story.do("set_evidence_deadline", ZHOU, **evidence)
    bring_to(story, "deliberation")
    assert_whole(story.engine, story.number)


def test_the_commission_decides_on_its_own_director(story: OfficeStory) -> None:
    story.given("tribunal_formed")
    ask(story, FANG)
    assert story.refused("grant_recusal", FANG, files=["order"], finding="属实").code == "recusal_undecided"
    story.do("refer_to_commission", ZHOU)
    assert story.refused("commission_grants", WEI, files=["order"], finding="属实").code == "not_yours"

    story.do("commission_grants", SONG, files=["order"], finding="主任系申请人近亲属")

    assert story.matter("recusal").outcome == "granted"
    reason = "案情复杂"
    assert story.refused("transfer_out", FANG, files=["transfer_letter"], proper_commission="邻县仲裁委员会",
                         reason=reason).code == "recused"  # fmt: skip
    story.do("list_supervised", PENG, listing_reason="key_case")
    assert_whole(story.engine, story.number)
