"""Rounds: what opens a new one, so that a rung may fire again, and what only moves the rungs that have not fired."""

from __future__ import annotations

from datetime import timedelta

from engine.core.rungs import superseded
from tests.builders import PaperStory, day
from tests.cast import DU, FANG, HE, JIA, SHEN, TANG, ZHOU
from tests.procedures.way import (
    a_case,
    ask_for_extension,
    bring_to,
    grant,
    hand_in_again,
    resume,
    send_back,
    sign,
    suspend,
)


def extend(case: PaperStory) -> None:
    ask_for_extension(case)
    grant(case)


def suspended(case: PaperStory, since: str, until: str) -> None:
    case.clock.reach(since)
    suspend(case, "expert", FANG)
    case.do("inform_parties", ZHOU, matter="party_notice", files=["notice"])
    case.clock.set(until)
    resume(case, "expert", JIA)


def days_of(case: PaperStory, rung: str) -> list[str]:
    return [on.isoformat() for name, on in case.rungs("award") if name == rung]


# --- extension --------------------------------------------------------------------------------------------


def test_an_extension_lets_the_rungs_of_the_limit_fire_once_more_but_not_those_of_the_target() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-13")
    case.sweep()
    extend(case)

    case.clock.set("2026-06-01")
    case.sweep()

    # The limit moves from 17 April to Wednesday 6 May; the target stays where it was.
    assert (days_of(case, "W1"), days_of(case, "W2")) == (["2026-03-23"], ["2026-04-02"])
    assert days_of(case, "W4") == ["2026-04-12", "2026-05-01"]
    assert days_of(case, "W5") == ["2026-05-06"]
    assert days_of(case, "W3")[:7] == [f"2026-04-{n:02}" for n in range(7, 14)]
    assert days_of(case, "W3")[7:] == [
        *(f"2026-04-{n}" for n in range(26, 31)), *(f"2026-05-{n:02}" for n in range(1, 7)),
    ]  # fmt: skip
    assert days_of(case, "O1") == ["2026-05-07"]


def test_the_rungs_of_the_old_limit_never_fire_after_an_extension() -> None:
    case = a_case("deliberation")
    extend(case)
    case.clock.set("2026-04-20")
    case.sweep()

    assert case.rungs("award.limit") == []


# --- suspension -------------------------------------------------------------------------------------------


def test_a_resumption_moves_the_rungs_that_have_not_fired_and_those_only() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-24")
    case.sweep()
    assert days_of(case, "W1") == ["2026-03-23"]

    suspended(case, "2026-03-24", "2026-04-03")

    # Ten days stopped: the target moves from 2 to 13 April (the 12th is a Sunday), the limit from 17 to 27 April.
    assert case.armed("award.target") == {"W2": day("2026-04-13")}
    assert case.armed("award.limit")["W5"] == day("2026-04-27")
    case.clock.set("2026-06-01")
    case.sweep()
    assert days_of(case, "W1") == ["2026-03-23"], (
        "fired once and never again, although its day would have moved"
    )


def test_a_repeated_rung_counts_on_after_a_resumption() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-04-09")
    case.sweep()
    assert days_of(case, "W3") == ["2026-04-07", "2026-04-08", "2026-04-09"]

    suspended(case, "2026-04-09", "2026-04-19")
    case.clock.set("2026-05-01")
    case.sweep()

    # The limit is now Monday 27 April: the fourth of the last ten days is the 20th.
    assert days_of(case, "W3")[3:] == [f"2026-04-{n}" for n in range(20, 28)]


def test_a_fired_rung_whose_day_has_moved_later_is_marked_and_the_others_are_not() -> None:
    case = a_case("deliberation")
    case.clock.set("2026-03-24")
    case.sweep()
    assert superseded(case.rules, case.case, case.history()) == frozenset()

    suspended(case, "2026-03-24", "2026-04-03")

    (fired,) = (event for event in case.history() if event.kind == "rung_fired")
    assert superseded(case.rules, case.case, case.history()) == {fired.seq}


def test_a_term_takes_its_unfired_rungs_along_when_the_case_resumes() -> None:
    case = a_case("under_review")
    assert case.armed("term.level_1")["V1"] == day("2026-03-25")

    suspended(case, "2026-03-23", "2026-03-30")

    assert case.armed("term.level_1")["V1"] == day("2026-04-01")


# --- states -----------------------------------------------------------------------------------------------


def test_coming_back_to_a_state_opens_a_new_round() -> None:
    case = a_case("under_review")
    case.clock.set("2026-03-25")
    case.sweep()
    sign(case, SHEN)
    send_back(case, HE)
    hand_in_again(case, "裁决书第二稿")

    case.clock.set("2026-03-30")
    case.sweep()

    first = [on.isoformat() for rung, on in case.rungs("term.level_1") if rung == "V1"]
    assert first == ["2026-03-25", "2026-03-28"], "two work days from the 25th, and the day after"


def test_a_move_to_the_state_the_matter_is_in_opens_a_new_round() -> None:
    case = a_case("hearing_scheduled")
    case.clock.set("2026-03-18")
    case.sweep()
    assert [rung for rung, _ in case.rungs("term.hearing_scheduled")] == ["S1", "S2"]

    case.do("postpone", JIA, reason="证人生病", hearing_on="2026-03-25")
    case.clock.set("2026-03-27")
    case.sweep()

    assert [(rung, on.isoformat()) for rung, on in case.rungs("term.hearing_scheduled")] == [
        ("S1", "2026-03-17"), ("S2", "2026-03-18"), ("S1", "2026-03-26"), ("S2", "2026-03-27"),
    ]  # fmt: skip


def test_a_move_that_stays_opens_no_round() -> None:
    case = a_case("accepted")
    case.clock.set("2026-03-11")
    case.sweep()
    before, round_ = case.armed("term.accepted"), case.case.main.round
    assert [rung for rung, _ in case.rungs("term.accepted")] == ["S1", "S2"]

    case.do("recuse", FANG, recused_person=TANG, reason="近亲属")
    case.do("hand_over", HE, secretary_named="wu", reason="周衡休假")

    assert (case.armed("term.accepted"), case.case.main.round) == (before, round_)
    assert case.sweep() == 0


def test_an_update_of_the_ledger_opens_a_new_round_and_an_instruction_does_not() -> None:
    case = a_case("deliberation")
    case.do("list_supervised", DU, listing_reason="petition")
    listed_on = case.clock.today
    assert case.armed("term.listed")["L1"] == listed_on + timedelta(days=8)

    case.clock.ahead(days=4)
    case.do("instruct", DU, instruction="请于本周内合议", reply_by="2026-03-20")
    assert case.armed("term.listed")["L1"] == listed_on + timedelta(days=8)
    case.do("update_ledger", ZHOU, not_closed_because="待合议", next_step="合议", next_step_on="2026-03-24")

    assert case.armed("term.listed")["L1"] == listed_on + timedelta(days=12)


def test_a_reacting_matter_begins_a_new_round_too() -> None:
    case = a_case("ready_to_issue")

    assert case.case.main.round == case.case.version, "the reaction was the last event"
    bring_to(case, "award_issued")
    assert case.armed("term.award_issued")["S1"] == day("2026-04-14")
