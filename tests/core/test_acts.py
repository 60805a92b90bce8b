"""How an act is judged: the move, the form's age, its date, the guards; and what opening a case takes."""

from __future__ import annotations

import pytest

from engine.errors import UnknownName
from engine.model.answers import Refusal
from engine.model.case import Party
from tests.builders import PaperStory, procedure, rules_of
from tests.cast import (
    CLAIMANT,
    DU,
    FANG,
    FIRST_RESPONDENT,
    HE,
    JIA,
    LIN,
    PARTIES,
    SECOND_RESPONDENT,
    WEI,
    YI,
    ZHOU,
    name_of,
)  # fmt: skip
from tests.procedures.way import a_case, request_extension, serve, serve_and_hear_answers, sign_every_level

# --- opening ----------------------------------------------------------------------------------------------


def test_a_case_opens_in_its_initial_state_with_its_clerk_and_its_day_of_receipt() -> None:
    case = PaperStory().open(cause="injury").case

    assert (case.main.state, case.version, case.main.seen) == ("filed", 1, 1)
    assert case.main.assigned == {"clerk": (LIN,)}
    assert {name: str(value) for name, value in case.main.facts.items()} == {
        "cause": "injury", "received_on": "2026-03-02",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parties", "fact"),
    [
        ((), "claimant"),
        ((CLAIMANT,), "respondent"),
        ((FIRST_RESPONDENT,), "claimant"),
        ((CLAIMANT, FIRST_RESPONDENT, Party("", "witness", "证人")), "witness"),
        ((CLAIMANT, Party("", "respondent", "  ")), "respondent"),
    ],
    ids=["nobody", "no respondent", "no claimant", "unknown side", "blank name"],
)
def test_a_case_needs_both_sides_by_name(parties: tuple[Party, ...], fact: str) -> None:
    refusal = PaperStory().ask_open("labour", LIN, parties, {"cause": "wages"}, None)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.fact) == ("bad_party", fact)


def test_a_case_cannot_be_received_tomorrow() -> None:
    story = PaperStory()

    refusal = story.ask_open("labour", LIN, PARTIES, {"cause": "wages"}, story.clock.today.replace(day=3))

    assert isinstance(refusal, Refusal)
    assert refusal.code == "DATE_IN_FUTURE"


def test_opening_needs_the_facts_of_intake() -> None:
    refusal = PaperStory().ask_open("labour", LIN, PARTIES, {}, None)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.fact) == ("missing_fact", "cause")


@pytest.mark.parametrize("name", ["award_review", "nothing_like_it"])
def test_only_a_main_procedure_in_force_opens_a_case(name: str) -> None:
    with pytest.raises(UnknownName):
        PaperStory().ask_open(name, LIN, PARTIES, {"cause": "wages"}, None)


# --- moves ------------------------------------------------------------------------------------------------


def test_a_move_nobody_wrote_is_told_with_what_can_be_done() -> None:
    refusal = a_case("filed").refused("acept", LIN)

    assert (refusal.code, refusal.fact) == ("unknown_move", "acept")
    assert refusal.enables is not None
    assert "拟受理" in refusal.enables.zh


def test_a_move_of_another_state_is_told_with_where_the_case_stands() -> None:
    refusal = a_case("filed").refused("archive", LIN, volume="1")

    assert refusal.code == "not_from_here"
    assert "已收件待审查" in refusal.reason.zh
    assert "归档" in refusal.reason.zh


def test_a_matter_that_ended_takes_no_more_moves() -> None:
    case = a_case("hearing_scheduled")

    refusal = case.refused("record_no_answer", ZHOU, matter="service")

    assert refusal.code == "ended"


def test_a_matter_the_case_does_not_have_is_said_to_be_unknown() -> None:
    refusal = a_case("accepted").refused("form_tribunal", HE, matter="99", tribunal_named=JIA)

    assert "“”" not in refusal.reason.zh, "the sentence has a hole where the matter's state would stand"
    assert "99" in refusal.reason.zh


def test_a_move_that_two_matters_offer_takes_the_name_of_one() -> None:
    refusal = a_case("accepted").refused("serve", ZHOU, files=["proof_of_service"], service_method="post")

    assert refusal.code != "not_from_here"
    assert FIRST_RESPONDENT.name in refusal.reason.zh
    assert SECOND_RESPONDENT.name in refusal.reason.zh


def test_a_move_that_one_open_matter_offers_needs_no_matter() -> None:
    case = a_case("under_review")

    (event, *_) = case.do("sign", "shen")

    assert event.matter == case.matter("award_review").id


# --- the age of a form ------------------------------------------------------------------------------------


def test_a_stale_form_is_told_who_did_what_when_and_where() -> None:
    case = a_case("proposed")
    seen = case.case.main.seen
    case.clock.set("2026-03-03 10:15")
    case.do("accept", FANG, seen=seen, secretary_named=ZHOU)

    refusal = case.refused("accept", WEI, matter="1", seen=seen, secretary_named=ZHOU)

    assert (refusal.code, refusal.guard, refusal.who) == ("stale", "seen", (name_of(FANG),))
    assert all(piece in refusal.reason.zh for piece in (name_of(FANG), "10:15", "拟受理待审批", "批准受理"))


def test_a_form_stays_fresh_while_only_other_matters_move() -> None:
    case = a_case("tribunal_formed")
    seen = case.case.main.seen

    serve_and_hear_answers(case)

    assert case.do("schedule_hearing", ZHOU, seen=seen, hearing_on="2026-03-16", hearing_place="第一庭")


def test_a_rung_that_fires_does_not_make_a_form_stale() -> None:
    case = a_case("under_review")
    seen = case.matter("award_review").seen
    case.clock.set("2026-04-10")
    assert case.sweep() > 0

    assert case.do("sign", "shen", matter="award_review", seen=seen)


def test_a_correction_does_not_make_a_form_stale() -> None:
    case = a_case("proposed")
    seen = case.case.main.seen
    case.correct(1, WEI, cause="injury")

    assert case.do("accept", FANG, seen=seen, secretary_named=ZHOU)


def test_a_stale_form_after_a_reaction_names_who_brought_it_about() -> None:
    case = a_case("under_review")
    seen = case.case.main.seen
    sign_every_level(case)

    refusal = case.refused("issue_award", ZHOU, matter="1", seen=seen, files=["award"], award_number="1")

    assert refusal.code == "stale"
    assert refusal.who == (name_of(FANG),), "the form already showed that Yi handed the draft in"


# --- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "move", "by"), [("proposed", "accept", FANG), ("accepted", "form_tribunal", HE)]
)
def test_nothing_is_recorded_before_it_happened_clock_or_no_clock(state: str, move: str, by: str) -> None:
    facts = {"accept": {"secretary_named": ZHOU}, "form_tribunal": {"tribunal_named": JIA}}[move]

    refusal = a_case(state).refused(move, by, matter="1", files=(), seen=None, on="2026-03-04", **facts)

    assert (refusal.code, refusal.fact) == ("DATE_IN_FUTURE", "2026-03-04")


def test_a_move_is_not_dated_before_the_matter_came_to_its_state() -> None:
    case = a_case("accepted")
    case.clock.set("2026-03-10")

    refusal = case.refused("form_tribunal", HE, on="2026-03-02", tribunal_named=JIA)

    assert (refusal.code, refusal.fact) == ("DATE_OUT_OF_ORDER", "2026-03-02")
    assert case.do("form_tribunal", HE, on="2026-03-03", tribunal_named=JIA)


def test_a_move_that_stays_is_not_dated_before_the_case_was_received() -> None:
    case = a_case("deliberation")

    refusal = case.refused("list_supervised", DU, on="2020-01-06", listing_reason="petition")

    assert refusal.code == "DATE_OUT_OF_ORDER"


def test_an_act_entered_on_a_later_day_is_accepted_dated_and_flagged() -> None:
    case = a_case("proposed")
    case.clock.set("2026-03-06")

    (event, *_) = case.do("accept", FANG, on="2026-03-04", secretary_named=ZHOU)

    assert (event.late, str(event.on)) == (True, "2026-03-04")
    assert event.recorded_at == case.clock()
    assert event.at < event.recorded_at
    assert str(case.case.main.entered_on) == "2026-03-04"


def test_an_act_of_today_is_not_flagged() -> None:
    (event, *_) = a_case("proposed").do("accept", FANG, secretary_named=ZHOU)

    assert not event.late
    assert event.at == event.recorded_at


def test_the_day_is_that_of_the_office_not_of_utc() -> None:
    case = a_case("proposed")
    case.clock.set("2026-03-04 00:30")

    (event, *_) = case.do("accept", FANG, secretary_named=ZHOU)

    assert str(event.on) == "2026-03-04", "in UTC it is still the 3rd"


# --- guards -----------------------------------------------------------------------------------------------


def test_a_hearing_waits_until_every_respondent_is_served_and_says_so() -> None:
    case = a_case("tribunal_formed")
    serve(case, case.matter("service", 0))
    case.do("record_no_answer", ZHOU, matter=case.matter("service", 0))

    refusal = case.refused("schedule_hearing", ZHOU, hearing_on="2026-03-16", hearing_place="第一庭")

    assert (refusal.code, refusal.fact) == ("guard", "service")
    assert "尚有被申请人未完成送达与答辩" in refusal.reason.zh
    assert refusal.enables is not None


def test_a_guard_comes_after_the_person() -> None:
    refusal = a_case("tribunal_formed").refused(
        "schedule_hearing", LIN, hearing_on="2026-03-16", hearing_place="x"
    )

    assert refusal.code == "not_yours", "who may not act at all is not told what is missing"


def test_the_failing_clause_of_several_is_named() -> None:
    more = procedure(
        "labour", ("- that: every service is ended\n", "- that: cause is set and every service is ended\n")
    )
    case = a_case("tribunal_formed", rules=rules_of(more))

    refusal = case.refused("schedule_hearing", ZHOU, hearing_on="2026-03-16", hearing_place="第一庭")

    assert (refusal.code, refusal.fact) == ("guard", "service")


def test_a_guard_on_a_field_of_the_form_is_judged_with_what_is_typed() -> None:
    more = procedure(
        "labour",
        ("work_done, work_left, days_asked, closing_planned_on]\n    requires:\n",
         "work_done, work_left, days_asked, closing_planned_on]\n    requires:\n"
         "      - {that: days_asked <= 15, else: {zh: 最多延期15日, en: fifteen days at most}}\n"),
    )  # fmt: skip
    case = a_case("deliberation", rules=rules_of(more))

    refusal = request_extension(case, "16")

    assert isinstance(refusal, Refusal)
    assert refusal.code == "guard"
    assert "最多延期15日" in refusal.reason.zh
    assert not isinstance(request_extension(case, "15"), Refusal)


def test_a_second_extension_is_not_asked_for_while_one_is_open() -> None:
    case = a_case("deliberation")
    request_extension(case)

    refusal = request_extension(case, by=YI)

    assert isinstance(refusal, Refusal)
    assert "已有一件延期申请在办" in refusal.reason.zh


def test_a_branch_is_taken_by_the_first_guard_that_holds() -> None:
    more = procedure(
        "labour",
        ("        set: {track: ordinary}\n        to: proposed\n",
         "        to: [{when: claim_amount >= 1000000, state: refusal_proposed}, {otherwise: proposed}]\n"),
    )  # fmt: skip
    small, large = PaperStory(rules_of(more)).open(), PaperStory(rules_of(more)).open()

    small.do("propose", LIN, claim_amount="999999.99")
    large.do("propose", LIN, claim_amount="1000000")

    assert (small.state, large.state) == ("proposed", "refusal_proposed")
