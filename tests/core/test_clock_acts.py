"""What acts do to the award clock, and the law's refusals of them: start, suspend, resume, extend, end."""

from __future__ import annotations

import pytest

from engine.core.clocks import read
from engine.core.terms import limit_of
from engine.law.clock import Reading
from tests.builders import PaperStory, day, procedure, register, rules_of, with_holdings
from tests.cast import FANG, GU, JIA, SHEN, WEI, YI, ZHOU
from tests.core.period import a_period
from tests.procedures import way
from tests.procedures.way import (
    a_case,
    ask_for_extension,
    bring_to,
    grant,
    resume,
    serve_and_hear_answers,
)

LAST_DAY = "2026-04-17"
"""45 days from the acceptance on 3 March: a Friday."""


def award(case: PaperStory) -> Reading:
    reading = read(case.rules, case.case, "award", case.clock.today)
    assert reading is not None
    return reading


def suspend(case: PaperStory, on: str, ground: str = "expert") -> None:
    case.clock.reach(on)
    way.suspend(case, ground, on=on)


# --- start and target -------------------------------------------------------------------------------------


def test_the_clock_starts_with_acceptance_not_with_receipt() -> None:
    assert a_case("proposed").case.clocks == {}

    case = a_case("accepted")

    assert (award(case).clock_start, award(case).due) == (day("2026-03-03"), day(LAST_DAY))


def test_a_clock_without_a_policy_has_no_target() -> None:
    rules = rules_of()
    late = register(("from: 2023-01-01", "from: 2027-01-01"))
    rules = type(rules)(rules.definitions, rules.in_force, late, rules.calendar, rules.people)

    assert award(a_case("accepted", rules=rules)).target_due is None


# --- suspend and resume -----------------------------------------------------------------------------------


def test_a_suspension_stops_the_clock_and_leaves_the_case_where_it_is() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-17")

    assert (award(case).state, award(case).due, case.state) == ("paused", None, "deliberation")
    assert limit_of(case.rules, case.case, case.case.main).due is None


def test_a_resumption_counts_on_from_its_day() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-17")
    case.clock.set("2026-03-27")

    resume(case, "expert", JIA)

    assert (award(case).state, award(case).due) == ("running", day("2026-04-27"))


def test_a_resumption_without_a_suspension_is_refused() -> None:
    case = a_period("2026-03-03")

    assert case.refused("resume", FANG, ground="expert").code == "RESUME_WITHOUT_SUSPEND"


def test_a_resumption_names_its_own_suspension() -> None:
    case = a_period("2026-03-03")
    case.do("suspend", FANG, ground="expert")

    assert case.refused("resume", FANG, ground="heirs").code == "RESUME_WITHOUT_SUSPEND"
    case.do("resume", FANG, ground="expert")


def test_two_suspensions_on_two_grounds_stop_until_both_are_resumed() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-17", "expert")
    suspend(case, "2026-03-19", "heirs")

    case.clock.set("2026-03-24")
    resume(case, "expert", JIA)
    assert award(case).state == "paused"
    case.clock.set("2026-03-27")
    resume(case, "heirs", JIA)

    assert (award(case).state, award(case).due) == ("running", day("2026-04-27"))


def test_a_ground_that_still_stops_the_clock_is_not_suspended_on_again() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-17", "expert")
    case.clock.set("2026-03-19")
    way.propose_suspension(case)

    refusal = case.refused("suspend", FANG, files=["order"], ground="expert")

    assert refusal.code == "ALREADY_SUSPENDED"
    assert "3月17日" in refusal.reason.zh


def test_the_same_ground_may_come_again_after_it_was_resumed() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-17")
    case.clock.set("2026-03-19")
    resume(case, "expert", JIA)

    suspend(case, "2026-03-24")

    assert award(case).state == "paused"


def test_a_resumption_dated_before_its_suspension_is_refused() -> None:
    case = a_period("2026-03-03")
    case.clock.set("2026-03-19")
    case.do("suspend", FANG, ground="expert")
    case.clock.set("2026-03-24")

    refusal = case.refused("resume", FANG, on="2026-03-18", ground="expert")

    assert refusal.code == "DATE_OUT_OF_ORDER"


def test_a_suspension_after_the_last_day_is_refused_with_the_remedy() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-18")
    way.propose_suspension(case)

    refusal = case.refused("suspend", FANG, files=["order"], ground="expert")

    assert (refusal.code, refusal.guard) == ("SUSPEND_AFTER_EXPIRY", "override")
    assert refusal.matter == case.matter("suspension").id
    assert "4月17日" in refusal.reason.zh
    assert refusal.enables is not None
    assert "主任" in refusal.enables.zh


def test_a_suspension_on_the_last_day_is_in_time() -> None:
    case = a_case("deliberation")

    suspend(case, LAST_DAY)

    assert award(case).state == "paused"


def test_a_suspension_decided_in_time_and_entered_late_is_accepted_and_flagged() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-20")

    (event, *_) = way.suspend(case, on="2026-04-16")

    assert event.late
    assert award(case).late_entries


def test_a_suspension_is_not_dated_before_the_clock_began() -> None:
    case = a_period("2026-03-03")

    refusal = case.refused("exclude", FANG, number_of_days="5", excluded_from="2026-03-02")

    assert refusal.code == "DATE_BEFORE_START"


# --- extend -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [FANG, WEI])
def test_an_extension_lengthens_the_limit_and_leaves_the_target(by: str) -> None:
    case = a_case("deliberation")
    target = award(case).target_due
    ask_for_extension(case)

    grant(case, by=by)

    assert (award(case).total_length_days, award(case).due) == (60, day("2026-05-06"))
    assert award(case).target_due == target


def test_an_extension_granted_on_the_last_day_is_in_time_and_on_the_next_it_is_not() -> None:
    in_time, too_late = a_case("deliberation"), a_case("deliberation")
    for case in (in_time, too_late):
        ask_for_extension(case)
    in_time.clock.set(f"{LAST_DAY} 23:59")
    too_late.clock.set("2026-04-18 00:00")

    grant(in_time)
    refusal = too_late.refused("grant", FANG, files=["order"], days_granted="15")

    assert award(in_time).total_length_days == 60
    assert refusal.code == "EXT_AFTER_EXPIRY"


def test_an_extension_over_the_cap_is_refused_not_cut_down() -> None:
    case = a_case("deliberation")
    ask_for_extension(case, "16")

    assert case.refused("grant", FANG, files=["order"], days_granted="16").code == "EXT_OVER_CAP"
    grant(case, days="15")


def test_two_extensions_share_one_cap() -> None:
    case = a_case("deliberation")
    ask_for_extension(case, "10")
    grant(case, days="10")
    case.do("tell_parties", ZHOU, files=["notice"])
    ask_for_extension(case, "6")

    refusal = case.refused("grant", FANG, matter="extension", files=["order"], days_granted="6")

    assert refusal.code == "EXT_OVER_CAP"
    case.do("grant", FANG, matter="extension", files=["order"], days_granted="5")
    assert award(case).total_length_days == 60


def test_an_extension_by_somebody_the_law_does_not_name_is_refused_even_where_a_definition_lets_them() -> (
    None
):
    lax = procedure("extension", ("grant: {title: {zh: 批准延期, en: Grant the extension}, by: [any director,",
                                  "grant: {title: {zh: 批准延期, en: Grant the extension}, by: [any division_head, any director,"))  # fmt: skip
    case = a_case("deliberation", rules=with_holdings(rules_of(lax), (GU, "division_head")))
    ask_for_extension(case)

    refusal = case.refused("grant", GU, files=["order"], days_granted="15")

    assert refusal.code == "EXT_APPROVER"


def test_a_grant_dated_in_time_and_entered_late_is_accepted_and_flagged() -> None:
    case = a_case("deliberation")
    ask_for_extension(case)
    case.clock.set("2026-04-20")

    (event, *_) = case.do("grant", FANG, on=LAST_DAY, files=["order"], days_granted="15")

    assert event.late
    assert award(case).total_length_days == 60
    assert award(case).late_entries


def test_a_refused_extension_changes_nothing() -> None:
    case = a_case("deliberation")
    ask_for_extension(case)
    before = case.case
    case.refused("grant", FANG, files=["order"], days_granted="16")

    assert case.case == before


# --- end --------------------------------------------------------------------------------------------------


def test_the_clock_ends_with_the_award_not_with_the_closing() -> None:
    case = a_case("award_issued")

    assert (award(case).state, award(case).on_time) == ("ended", True)
    assert case.case.open


def test_an_award_after_the_last_day_ends_the_clock_late() -> None:
    case = a_case("ready_to_issue")
    case.clock.set("2026-04-18")
    bring_to(case, "award_issued")

    assert (award(case).state, award(case).on_time) == ("ended", False)


def test_an_end_dated_before_a_stop_that_is_on_record_is_refused() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-19")
    case.clock.set("2026-03-24")

    refusal = case.refused("withdraw", ZHOU, on="2026-03-18", files=["order"], reason="申请人撤回")

    assert refusal.code == "DATE_AFTER_END"


def test_a_withdrawal_while_suspended_ends_the_clock() -> None:
    case = a_case("deliberation")
    suspend(case, "2026-03-19")
    case.clock.set("2026-03-24")

    case.do("withdraw", ZHOU, files=["order"], reason="申请人撤回")

    assert (award(case).state, case.state) == ("ended", "concluded")


# --- terms ------------------------------------------------------------------------------------------------


def test_a_term_stands_still_while_the_case_is_suspended_and_goes_on_after() -> None:
    case = a_case("under_review")
    review = case.matter("award_review")
    assert limit_of(case.rules, case.case, review).due == day("2026-03-24"), (
        "two work days from Friday the 20th"
    )
    way.suspend(case)
    assert limit_of(case.rules, case.case, review).due is None

    case.clock.set("2026-03-27")
    resume(case, "expert", JIA)

    assert limit_of(case.rules, case.case, review).due == day("2026-03-30"), (
        "the 27th counts again, then Monday"
    )
    assert case.do("sign", SHEN)


def test_the_term_to_answer_runs_on_while_the_case_is_suspended() -> None:
    case = a_case("tribunal_formed")
    case.do(
        "serve", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"], service_method="post"
    )
    due = limit_of(case.rules, case.case, case.matter("service", 0)).due
    way.suspend(case)

    assert due is not None
    assert limit_of(case.rules, case.case, case.matter("service", 0)).due == due


def test_a_date_no_calendar_reaches_is_refused_and_changes_nothing() -> None:
    case = a_case("tribunal_formed")
    serve_and_hear_answers(case)
    before = case.case

    refusal = case.refused("schedule_hearing", ZHOU, hearing_on="2099-01-05", hearing_place="第一庭")

    assert refusal.code == "CALENDAR_ENDS"
    assert case.case == before


def test_the_nearest_of_several_limits_is_the_due_date() -> None:
    case = a_case("filed")

    assert limit_of(case.rules, case.case, case.case.main).due == day("2026-03-09"), (
        "five work days from receipt"
    )
    bring_to(case, "drafting")
    assert limit_of(case.rules, case.case, case.case.main).due == day(LAST_DAY)
    assert case.case.main.assigned["drafter"] == (YI,)
