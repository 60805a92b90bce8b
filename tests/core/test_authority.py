"""Who may do a move: role and relation, substitutes, persons kept apart, and those who stepped back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.answers import Refusal
from engine.text import Text
from tests.builders import PaperStory, procedure, rules_of, with_holdings, with_leave, without
from tests.cast import (
    BING,
    CAST,
    DU,
    FANG,
    GU,
    HE,
    JIA,
    LIN,
    MO,
    PARTIES,
    PENG,
    QIU,
    SHEN,
    TANG,
    WEI,
    WU,
    YI,
    ZHOU,
    name_of,
)  # fmt: skip
from tests.procedures.way import Form, a_case, ask_for_extension, bring_to, sign

ANY_DRAFTER = (
    "          - that: drafter_named is tribunal\n"
    "            else: {zh: 拟稿人须为仲裁庭成员, en: The drafter has to be of the tribunal}\n",
    "",
)
"""The change by which somebody who does not sit may be named as the drafter, so that only `apart` is in the way."""


def test_a_move_for_a_role_names_who_may_to_whoever_holds_another() -> None:
    case = a_case("proposed")

    refusal = case.refused("accept", LIN, secretary_named=ZHOU)

    assert (refusal.code, refusal.guard) == ("not_yours", "by")
    assert set(refusal.who) == {name_of(FANG), name_of(PENG), name_of(WEI)}
    assert "批准受理" in refusal.reason.zh
    assert name_of(LIN) in refusal.reason.zh
    assert "director" in refusal.reason.en


def test_the_refusal_tells_who_acted_last_and_when() -> None:
    case = a_case("accepted")

    refusal = case.refused("form_tribunal", ZHOU, tribunal_named=JIA)

    assert f"最近一次由{name_of(FANG)}于" in refusal.reason.zh
    assert "09:30" in refusal.reason.zh


def test_the_role_alone_is_not_enough_where_a_relation_is_asked_for() -> None:
    case = a_case("tribunal_formed")

    refusal = case.refused("serve", WU, matter="service", files=["proof_of_service"], service_method="post")

    assert refusal.code == "not_yours", "Wu is a secretary, but not the one of this case"
    assert refusal.who == (name_of(ZHOU),)


def test_the_relation_alone_is_not_enough_once_the_role_is_lost() -> None:
    case = a_case("accepted")
    case.rules = with_holdings(without(case.rules, ZHOU), (ZHOU, "service_officer"))

    refusal = case.refused("serve", ZHOU, matter="service", files=["proof_of_service"], service_method="post")

    assert refusal.code == "not_yours"


def test_a_role_held_in_another_office_does_not_count() -> None:
    case = a_case("accepted")
    elsewhere = tuple(
        replace(h, office="branch") if h.person == HE else h for h in case.rules.people.holdings
    )
    case.rules = replace(case.rules, people=replace(case.rules.people, holdings=elsewhere))

    assert case.refused("form_tribunal", HE, tribunal_named=JIA).code == "not_yours"


def test_a_role_counts_from_its_first_day_on() -> None:
    early = PaperStory()
    early.clock.set("2025-12-31")
    on_the_day = PaperStory()
    on_the_day.clock.set("2026-01-01")

    refusal = early.ask_open("labour", LIN, PARTIES, {"cause": "wages"}, None)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_yours"
    assert on_the_day.open().state == "filed"


def test_somebody_nobody_knows_may_do_nothing() -> None:
    assert a_case("proposed").refused("accept", "nobody", secretary_named=ZHOU).code == "not_yours"


@pytest.mark.parametrize("person", [p for p, (_, roles) in CAST.items() if "filing_clerk" not in roles])
def test_only_a_filing_clerk_opens_a_case(person: str) -> None:
    refusal = PaperStory().ask_open("labour", person, PARTIES, {"cause": "wages"}, None)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.who) == ("not_yours", (Text("立案人员", "filing clerk"),))


# --- apart ------------------------------------------------------------------------------------------------


def test_the_clerk_of_the_filing_cannot_become_its_secretary() -> None:
    case = PaperStory().open(QIU)
    case.do("propose", QIU, claim_amount="100")

    refusal = case.refused("accept", FANG, secretary_named=QIU)

    assert (refusal.code, refusal.fact) == ("apart", QIU)
    assert "本案立案人" in refusal.reason.zh
    assert "本案秘书" in refusal.reason.zh
    case.do("accept", FANG, secretary_named=ZHOU)


def test_the_clerk_of_one_filing_may_be_the_secretary_of_another_case() -> None:
    case = a_case("proposed")

    case.do("accept", FANG, secretary_named=QIU)

    assert case.case.main.assigned["secretary"] == (QIU,)


def test_the_clerk_of_the_filing_cannot_sit_on_its_tribunal() -> None:
    case = PaperStory(with_holdings(rules_of(), (QIU, "arbitrator"))).open(QIU)
    case.do("propose", QIU, claim_amount="100")
    case.do("accept", FANG, secretary_named=ZHOU)

    refusal = case.refused("form_tribunal", HE, tribunal_named=f"{JIA} {QIU} {YI}", presiding_named=JIA)

    assert (refusal.code, refusal.fact) == ("apart", QIU)


def test_whoever_approved_the_filing_can_neither_sit_nor_draft() -> None:
    case = a_case("proposed", rules=rules_of(procedure("labour", ANY_DRAFTER)))
    case.do("accept", PENG, secretary_named=ZHOU)
    refusal = case.refused("form_tribunal", HE, tribunal_named=PENG)
    assert refusal.code == "apart"
    assert "不得再担任“" in refusal.reason.zh
    assert "may not also be “tribunal”" in refusal.reason.en

    bring_to(case, "deliberation")

    assert case.refused("deliberate", JIA, opinion="支持", drafter_named=PENG).code == "apart"


def test_a_director_who_did_not_approve_the_filing_may_sit() -> None:
    case = a_case("accepted")

    case.do("form_tribunal", HE, tribunal_named=PENG)

    assert case.case.main.assigned["tribunal"] == (PENG,)


def test_who_proposed_the_filing_cannot_approve_it() -> None:
    case = PaperStory(with_holdings(rules_of(), (LIN, "director"))).open()
    case.do("propose", LIN, claim_amount="100")

    refusal = case.refused("accept", LIN, secretary_named=ZHOU)

    assert (refusal.code, refusal.fact) == ("apart", LIN)


def test_who_sits_on_the_tribunal_cannot_decide_on_its_extension() -> None:
    rules = with_holdings(rules_of(), (JIA, "director"))
    case = a_case("deliberation", rules=rules)
    ask_for_extension(case)

    refusal = case.refused("grant", JIA, matter="extension", files=["order"], days_granted="15")

    assert (refusal.code, refusal.fact) == ("apart", JIA)


# --- substitutes ------------------------------------------------------------------------------------------


def test_a_substitute_signs_for_the_absent_reviewer_and_is_recorded_as_such() -> None:
    case = a_case("under_review", rules=with_leave(rules_of(), SHEN, GU, "2026-03-16", "2026-03-27"))

    (event, *_) = case.do("sign", GU, matter="award_review")

    assert (event.by, event.acting_for) == (GU, SHEN)
    assert case.matter("award_review").assigned["level_1"] == (GU,)


@pytest.mark.parametrize(
    ("today", "may"),
    [("2026-03-22", False), ("2026-03-23", True), ("2026-03-27", True), ("2026-03-28", False)],
)
def test_a_substitute_may_from_the_first_to_the_last_day_of_the_leave(today: str, may: bool) -> None:
    case = a_case("under_review", rules=with_leave(rules_of(), SHEN, GU, "2026-03-23", "2026-03-27"))
    case.clock.set(today)

    answer = case.ask("sign", GU, matter="award_review")

    assert isinstance(answer, Refusal) is not may


def test_a_substitute_of_the_secretary_has_the_secretarys_relation() -> None:
    rules = with_leave(
        with_holdings(rules_of(), (GU, "service_officer")), ZHOU, GU, "2026-03-02", "2026-03-31"
    )
    case = a_case("tribunal_formed", rules=rules)

    (event, *_) = case.do("serve", GU, matter="service", files=["proof_of_service"], service_method="post")

    assert (event.by, event.acting_for) == (GU, ZHOU)


def test_a_substitute_may_not_sign_a_second_level_either() -> None:
    rules = with_leave(rules_of(), SHEN, GU, "2026-03-02", "2026-03-31")
    case = a_case("under_review", rules=with_leave(rules, TANG, GU, "2026-03-02", "2026-03-31"))
    sign(case, GU, HE)

    refusal = case.refused("sign", GU, matter="award_review")

    assert (refusal.code, refusal.fact) == ("apart", GU)


def test_nobody_signs_for_a_reviewer_who_drafted() -> None:
    # Yi drafts, holds level 1 too and is away: Gu would sign in Yi's name.
    rules = with_leave(with_holdings(rules_of(), (YI, "reviewer_1")), YI, GU, "2026-03-20", "2026-03-31")
    case = a_case("under_review", rules=rules)

    refusal = case.refused("sign", GU, matter="award_review")

    assert (refusal.code, refusal.fact) == ("apart", YI)


def test_ones_own_role_comes_before_a_lent_one() -> None:
    rules = with_leave(with_holdings(rules_of(), (GU, "reviewer_1")), SHEN, GU, "2026-03-02", "2026-03-31")
    case = a_case("under_review", rules=rules)

    (event, *_) = case.do("sign", GU, matter="award_review")

    assert event.acting_for is None


def test_an_absent_person_who_acts_all_the_same_is_not_refused() -> None:
    case = a_case("under_review", rules=with_leave(rules_of(), SHEN, GU, "2026-03-02", "2026-03-31"))

    assert case.do("sign", SHEN, matter="award_review")[0].acting_for is None


# --- recusal ----------------------------------------------------------------------------------------------


def test_who_stepped_back_may_do_nothing_more_on_the_case() -> None:
    case = a_case("under_review")
    case.do("recuse", FANG, recused_person=SHEN, reason="与当事人有近亲属关系")

    refusal = case.refused("sign", SHEN, matter="award_review")

    assert (refusal.code, refusal.fact) == ("recused", SHEN)
    assert name_of(SHEN) in refusal.reason.zh
    assert case.do(
        "sign", MO if MO not in case.case.main.assigned["tribunal"] else SHEN, matter="award_review"
    )


def test_recusals_add_up() -> None:
    case = a_case("deliberation")
    case.do("recuse", FANG, recused_person=JIA, reason="近亲属")
    case.do("recuse", WEI, recused_person=YI, reason="近亲属")

    assert case.case.main.assigned["recused"] == (JIA, YI)
    assert case.refused("deliberate", JIA, opinion="支持", drafter_named=BING).code == "recused"
    assert case.refused("deliberate", YI, opinion="支持", drafter_named=BING).code == "recused"


def test_nobody_acts_in_the_name_of_somebody_who_stepped_back() -> None:
    case = a_case("under_review", rules=with_leave(rules_of(), SHEN, GU, "2026-03-01", "2026-04-30"))
    case.do("recuse", FANG, recused_person=SHEN, reason="近亲属")

    assert case.refused("sign", GU, matter="award_review").code == "not_yours"


def test_who_stepped_back_cannot_be_named_again() -> None:
    case = a_case("tribunal_formed")
    case.do("recuse", FANG, recused_person=JIA, reason="近亲属")

    anew: Form = {"presiding_named": YI, "reason": "重新组庭"}

    refusal = case.refused("replace_tribunal", HE, tribunal_named=f"{YI} {BING} {JIA}", **anew)

    assert (refusal.code, refusal.fact) == ("recused", JIA)
    case.do("replace_tribunal", HE, tribunal_named=f"{YI} {BING} {MO}", **anew)
    assert case.case.main.assigned["tribunal"] == (YI, BING, MO)


def test_a_recusal_holds_for_every_matter_of_the_case() -> None:
    case = a_case("tribunal_formed")
    case.do("recuse", FANG, recused_person=ZHOU, reason="近亲属")

    refusal = case.refused("serve", ZHOU, matter="service", files=["proof_of_service"], service_method="post")

    assert refusal.code == "recused"


# --- custom definitions -----------------------------------------------------------------------------------


def test_a_delisting_may_be_kept_from_the_secretary_even_as_a_supervisor() -> None:
    case = a_case("accepted", rules=with_holdings(rules_of(), (ZHOU, "supervisor")))
    case.do("list_supervised", DU, listing_reason="petition")
    case.do("propose_delisting", ZHOU, reason_gone="已答复信访人")

    refusal = case.refused("delist", ZHOU, files=["confirmation"], reason_gone="已答复信访人")

    assert (refusal.code, refusal.fact) == ("apart", ZHOU)


def test_persons_apart_in_a_procedure_of_ones_own_are_apart() -> None:
    more = procedure(
        "labour", ("- [clerk, drafter]", "- [clerk, drafter]\n  - [secretary, drafter]"), ANY_DRAFTER
    )
    rules = with_holdings(rules_of(more), (ZHOU, "arbitrator"))
    case = a_case("deliberation", rules=rules)

    assert case.refused("deliberate", JIA, opinion="支持", drafter_named=ZHOU).code == "apart"
