"""Matters beside the case: one for each party, reactions between them, and what becomes of them when it ends."""

from __future__ import annotations

from dataclasses import replace

from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.model.procedure import AtEnd, Procedure
from tests.builders import PaperStory, procedure, rules_of
from tests.cast import DAI, DU, FANG, FIRST_RESPONDENT, HE, LIN, SECOND_RESPONDENT, SIGNERS, YI, ZHOU
from tests.procedures.way import (
    KEPT,
    a_case,
    answer_comments,
    bring_to,
    close,
    hand_in,
    request_extension,
    send_back,
    serve,
)


def kinds(case: PaperStory) -> list[tuple[str, str | None, str | None]]:
    return [(matter.kind, matter.party, matter.outcome) for matter in case.case.matters[1:]]


def list_it(case: PaperStory) -> None:
    case.do("list_supervised", DU, listing_reason="petition")


# --- per party --------------------------------------------------------------------------------------------


def test_acceptance_opens_one_service_for_each_respondent_and_none_for_the_claimant() -> None:
    case = a_case("accepted")

    assert kinds(case) == [("service", "p2", None), ("service", "p3", None)]
    assert [case.case.party(m.party).name for m in case.case.matters_of("service")] == [  # type: ignore[union-attr]
        FIRST_RESPONDENT.name, SECOND_RESPONDENT.name,
    ]  # fmt: skip


def test_each_respondent_is_served_and_answers_alone() -> None:
    case = a_case("tribunal_formed")
    first, second = case.case.matters_of("service")

    serve(case, second)
    case.do("record_answer", ZHOU, matter=second, files=["answer"])
    case.do("forward_answer", ZHOU, matter=second, files=["proof_of_service"], nothing_more="yes")

    first, second = case.case.matters_of("service")
    assert (first.state, second.outcome) == ("to_serve", "answered")
    assert second.facts["answered_on"] == case.clock.today
    assert first.facts == {}


def test_the_award_is_served_on_every_party_and_the_last_service_concludes_the_case() -> None:
    case = a_case("award_issued")
    services = case.case.matters_of("award_service")
    assert [matter.party for matter in services] == ["p1", "p2", "p3"]

    for matter in services[:2]:
        serve(case, matter)
        assert case.state == "award_issued"
    serve(case, services[2])

    assert case.state == "concluded"


# --- reactions --------------------------------------------------------------------------------------------


def test_a_reaction_is_an_event_of_its_own_made_by_a_rule() -> None:
    case = a_case("under_review", signed=SIGNERS[:-1])

    signed, reacted = case.do("sign", FANG)

    assert (signed.kind, signed.outcome, signed.by) == ("moved", "approved", FANG)
    assert (reacted.kind, reacted.source, reacted.target, reacted.by) == (
        "reacted", "under_review", "ready_to_issue", None,
    )  # fmt: skip
    assert reacted.rule == "labour.under_review.on.1"
    assert reacted.matter == "1"


def test_a_reaction_waits_for_its_own_state() -> None:
    case = a_case("drafting")
    case.do("submit_draft", YI, files=["draft"])
    send_back(case, "shen")
    answer_comments(case)
    case.do("take_back", YI, reason="重新合议")
    assert case.state == "drafting"

    # The review that was taken back is the latest one, yet drafting reacts to nothing.
    list_it(case)

    assert case.state == "drafting"


def test_a_chain_of_reactions_is_followed_to_its_end() -> None:
    at_once: Procedure = procedure(
        "labour",
        ("      - {when: award_review is approved, to: ready_to_issue}\n",
         "      - {when: award_review is approved, to: deciding}\n"),
        ("  ready_to_issue:\n",
         "  deciding:\n    title: {zh: 判断, en: Deciding}\n    stage: review\n    awaits: {matter: award_review}\n"
         "    within: award\n    on:\n      - {when: award_review is approved, to: ready_to_issue}\n"
         "      - {when: award_review is withdrawn, to: drafting}\n  ready_to_issue:\n"),
    )  # fmt: skip
    case = a_case("under_review", signed=SIGNERS[:-1], rules=rules_of(at_once))

    events = case.do("sign", FANG)

    assert [event.target for event in events if event.kind == "reacted"] == ["deciding", "ready_to_issue"]
    assert case.state == "ready_to_issue"


# --- closing and the end ----------------------------------------------------------------------------------


def test_the_award_cancels_what_it_makes_pointless() -> None:
    case = a_case("ready_to_issue")
    request_extension(case, "5")

    bring_to(case, "award_issued")

    assert case.matter("extension").outcome == "cancelled"
    assert not case.matter("extension").open


def test_a_cancelled_matter_takes_no_more_moves() -> None:
    case = a_case("tribunal_formed")
    service = case.matter("service", 0)
    case.do("withdraw", ZHOU, files=["order"], reason="申请人撤回")

    refusal = serve(case, service)

    assert isinstance(refusal, Refusal)
    assert refusal.code == "ended"


def test_at_the_end_an_open_matter_is_cancelled_or_kept_as_its_kind_says() -> None:
    case = a_case("filed")
    case.do("propose_refusal", LIN, reason="不属于受理范围")
    list_it(case)

    case.do("refuse", FANG, reason="不属于受理范围")

    assert not case.case.open
    assert case.matter("supervision").open, "a listing is kept until a supervisor strikes it off"


def test_a_kept_matter_goes_on_after_the_case_has_ended() -> None:
    case = a_case("concluded")
    list_it(case)
    close(case)
    hand_in(case)
    case.do("archive", DAI, **KEPT)
    assert not case.case.open

    case.do("propose_delisting", ZHOU, reason_gone="已结案归档")
    case.do("delist", DU, files=["confirmation"], reason_gone="已结案归档")

    assert case.matter("supervision").outcome == "delisted"
    assert fold(case.history()) == case.case


def listing_that(at_end: AtEnd) -> Procedure:
    """The labour procedure whose listings are treated so when the case ends."""
    labour = procedure("labour")
    listing = replace(labour.matters["supervision"], at_end=at_end)
    return replace(labour, matters={**labour.matters, "supervision": listing})


def test_a_kind_that_blocks_does_not_let_the_case_end_and_is_named() -> None:
    case = a_case("closed", rules=rules_of(listing_that("blocks")))
    list_it(case)
    hand_in(case)

    refusal = case.refused("archive", DAI, **KEPT)

    assert (refusal.code, refusal.fact) == ("matters_open", case.matter("supervision").id)
    assert "挂牌督办" in refusal.reason.zh
    case.do("propose_delisting", ZHOU, reason_gone="已结案")
    case.do("delist", DU, files=["confirmation"], reason_gone="已结案")
    case.do("archive", DAI, **KEPT)


def test_a_kind_that_is_cancelled_at_the_end_leaves_nothing_open() -> None:
    case = a_case("closed", rules=rules_of(listing_that("cancelled")))
    list_it(case)
    hand_in(case)

    events = case.do("archive", DAI, **KEPT)

    assert [event.kind for event in events] == ["moved", "matter_opened", "cancelled"]
    assert case.matter("supervision").outcome == "cancelled"
    assert [matter.kind for matter in case.case.open_matters()] == ["custody"]


def test_a_closed_case_takes_no_more_moves() -> None:
    case = a_case("archived")

    assert case.refused("recuse", FANG, matter="1", recused_person=HE, reason="近亲属").code == "ended"


def test_a_second_listing_waits_until_the_first_was_struck_off() -> None:
    case = a_case("accepted")
    list_it(case)

    refusal = case.refused("list_supervised", DU, listing_reason="key_case")

    assert "本案已在督办中" in refusal.reason.zh
    case.do("propose_delisting", ZHOU, reason_gone="已答复")
    case.do("delist", DU, files=["confirmation"], reason_gone="已答复")
    case.do("list_supervised", DU, listing_reason="key_case")
    assert [matter.outcome for matter in case.case.matters_of("supervision")] == ["delisted", None]


def test_a_document_of_the_opening_move_is_handed_to_the_matter_that_knows_it() -> None:
    case = a_case("under_review")

    assert set(case.matter("award_review").documents) == {"draft"}


def test_a_matter_is_pinned_to_the_definition_in_force_when_it_opens() -> None:
    case = a_case("under_review")
    newer = procedure("award_review", ("zh: 核阅通过并签署", "zh: 同意并签署"))
    case.rules = type(case.rules)(
        {**case.rules.definitions, newer.hash: newer}, {**case.rules.in_force, "award_review": newer.hash},
        case.rules.register, case.rules.calendar, case.rules.people,
    )  # fmt: skip
    old = case.matter("award_review").definition

    send_back(case, "shen")
    answer_comments(case)
    case.do("take_back", YI, reason="重新合议")
    case.do("submit_draft", YI, files=["draft"])

    assert [matter.definition for matter in case.case.matters_of("award_review")] == [old, newer.hash]
