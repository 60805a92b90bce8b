"""Terms that limit only under a condition, that end on the very day, and that must have run before a move."""

from __future__ import annotations

from engine.core.fold import fold
from engine.core.terms import shown_terms
from tests.builders import Clock, PaperStory, day, procedure
from tests.cast import BING, DU, FANG, JIA, SONG, YI, ZHOU
from tests.procedures import commercial_way as way
from tests.procedures.way import Form, a_case

CHECKS: Form = {
    "reason_true": "yes", "procedure_right": "yes", "deliberate_delay": "no", "leader_named": SONG,
    "closing_planned_on": "2026-04-10", "plan": "限期办结",
}  # fmt: skip


def commercial(law: str = "al25", at: str = "2026-03-02") -> PaperStory:
    case = PaperStory(clock=Clock(at))
    way.filed(case)
    way.accept(case, law_version=law)
    return case


def test_a_term_with_a_condition_limits_and_warns_only_while_it_holds() -> None:
    case = a_case("accepted")
    case.do("list_supervised", DU, listing_reason="petition")
    listing = case.matter("supervision")
    assert {"C1", "L1"} <= set(case.armed("term.listed"))

    case.do("check_and_fix", DU, **CHECKS)

    assert "C1" not in case.armed("term.listed"), "the three checks are made"
    assert [t.name for t, _ in shown_terms(case.rules, case.case, listing)] != []
    assert "three_checks" not in [
        t.name for t, _ in shown_terms(case.rules, case.case, case.matter("supervision"))
    ]


def test_a_move_may_be_done_from_the_last_day_of_the_term_that_must_run_first() -> None:
    case = commercial()
    appointed: Form = {"arbitrator_named": BING, "reason": "双方未共同选定"}
    case.clock.set("2026-03-16")

    refusal = case.refused("appoint_presiding", FANG, **appointed)

    assert (refusal.code, refusal.fact, refusal.guard) == ("too_early", "2026-03-17", "not_before")
    assert "2026年3月17日" in refusal.reason.zh
    case.clock.set("2026-03-17")
    case.do("appoint_presiding", FANG, **appointed)


def test_the_day_of_the_act_decides_whether_a_term_has_run() -> None:
    case = commercial()
    case.clock.set("2026-03-20")

    assert (
        case.refused("appoint_presiding", FANG, on="2026-03-16", arbitrator_named=BING, reason="未选").code
        == "too_early"
    )


def test_a_term_whose_condition_does_not_hold_keeps_nothing_back() -> None:
    case = commercial()
    way.choose(case)
    way.form(case)
    way.hear(case, "2026-03-16")
    way.deliberate(case)
    way.review(case)
    way.sign_award(case)
    way.issue(case)
    assert case.refused("nobody_asked", ZHOU).fact == "2026-07-16", (
        "four months, not the seven of the older law"
    )


def test_an_exact_term_ends_on_a_rest_day_and_asks_no_calendar() -> None:
    case = a_case("archived")
    ends = {t.name: r.due for t, r in shown_terms(case.rules, case.case, case.matter("custody"))}
    assert ends["ten_years"] == day("2036-04-01")
    assert "five_years" not in ends


def test_whoever_is_chosen_joins_those_chosen_before() -> None:
    case = commercial()

    case.do("claimant_chooses", ZHOU, arbitrator_named=JIA)
    case.do("respondent_chooses", ZHOU, arbitrator_named=YI)

    assert case.case.main.assigned["nominated"] == (JIA, YI)
    refusal = case.refused("form_tribunal", "he", tribunal_named=f"{JIA} {YI} {BING}")
    assert refusal.code == "guard"
    assert fold(case.history()) == case.case


def test_a_level_may_require_what_the_others_do_not() -> None:
    review = procedure("award_review")

    asked = {name: len(review.states[name].moves["sign"].requires) for name in review.levels}

    assert asked == {"level_1": 0, "level_2": 0, "level_3": 0, "level_4": 2, "level_5": 0}
