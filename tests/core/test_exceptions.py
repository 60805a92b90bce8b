"""What is dated after the last day, and what is entered after it: the director's exceptions (K9) and approvals (K22)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.core.clocks import open_stops, read
from engine.core.fold import fold
from engine.law.clock import Reading
from engine.model.rules import Rules
from engine.text import Text
from tests import cast
from tests.builders import Clock, PaperStory, day, with_leave
from tests.core.period import TWO, a_period, period_rules
from tests.procedures.way import a_case

DIRECTOR = Text("主任", "director")
START, LAST, AFTER = "2026-03-03", "2026-04-17", "2026-04-20"


def award(story: PaperStory) -> Reading:
    reading = read(story.rules, story.case, "award")
    assert reading is not None
    return reading


def overdue() -> PaperStory:
    """A case on the Monday after its last day, a Friday."""
    story = a_period(START)
    assert award(story).due == day(LAST)
    story.clock.set(AFTER)
    return story


# --- K9 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "facts", "code"),
    [
        ("suspend", {"ground": "expert"}, "SUSPEND_AFTER_EXPIRY"),
        ("publish", {"number_of_days": "30"}, "SUSPEND_AFTER_EXPIRY"),
        ("join", {"newcomer": "丙公司"}, "RESTART_AFTER_EXPIRY"),
    ],
)
def test_after_expiry_only_the_directors_reason_lets_it_stand(
    move: str, facts: dict[str, Any], code: str
) -> None:
    story = overdue()

    refusal = story.refused(move, cast.FANG, **facts)
    assert (refusal.code, refusal.guard, refusal.who) == (code, "override", (DIRECTOR,))
    assert story.refused(move, cast.ZHOU, override="情况紧急", **facts).code == code, (
        "a reason alone is not enough"
    )

    story.do(move, cast.FANG, override=" 情况特殊，确有必要 ", **facts)

    event = story.event(move)
    assert event.override == "情况特殊，确有必要"
    assert [(b.index, b.code, b.against) for b in award(story).breaches] == [(1, code, day(LAST))]


def test_an_extension_after_expiry_has_no_exception() -> None:
    refusal = overdue().refused("extend", cast.FANG, override="情况特殊", number_of_days="10")

    assert (refusal.code, refusal.guard) == ("EXT_AFTER_EXPIRY", "clock")


def test_a_reason_that_was_not_needed_leaves_no_trace() -> None:
    story = a_period(START)
    story.do("suspend", cast.FANG, override="以防万一", ground="expert")

    assert story.event("suspend").override == ""
    assert award(story).breaches == ()


@pytest.mark.parametrize("reason", ["x" * 1001, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_refused(reason: str) -> None:
    refusal = overdue().refused("suspend", cast.FANG, override=reason, ground="expert")

    assert (refusal.code, refusal.fact) == ("bad_fact", "override")


# --- K22 --------------------------------------------------------------------------------------------------


def late_stop(by: str = cast.ZHOU) -> PaperStory:
    """A suspension of 10 April, entered after the last day."""
    story = overdue()
    story.do("suspend", by, on="2026-04-10", ground="expert")
    return story


def test_what_was_dated_in_time_and_entered_late_counts_and_asks_the_director() -> None:
    story = late_stop()

    assert award(story).state == "paused"
    assert award(story).late_entries == (1,)
    matter = story.matter("late_check")
    assert (matter.state, matter.about) == ("entered", story.event("suspend").seq)
    assert [(n.person, n.code) for n in story.notices if n.code == "K22"] == [
        (cast.FANG, "K22"),
        (cast.PENG, "K22"),
    ]


def test_an_approved_late_entry_goes_on_counting() -> None:
    story = late_stop()
    story.do("approve", cast.FANG)

    assert (award(story).state, story.matter("late_check").outcome) == ("paused", "approved")


def test_a_rejected_late_entry_never_counts() -> None:
    story = late_stop()
    story.do("reject", cast.FANG, why="无凭据")

    reading = award(story)
    assert (reading.state, reading.due) == ("running", day(LAST))
    assert [(r.index, r.code) for r in reading.refused] == [(1, "ENTRY_STRUCK")]
    assert open_stops(story.rules, story.case, "award") == ()
    assert fold(story.history()) == story.case


def test_a_rejected_end_counts_from_the_day_it_was_recorded() -> None:
    story = overdue()
    story.do("decide", cast.ZHOU, on="2026-04-16")
    assert award(story).on_time is True

    story.do("reject", cast.FANG, why="实际于今日作出")

    reading = award(story)
    assert (reading.state, reading.on_time) == ("ended", False)


def test_correcting_a_rejection_does_not_move_what_was_rejected() -> None:
    story = overdue()
    story.do("decide", cast.ZHOU, on="2026-04-16")
    story.do("reject", cast.FANG, why="实际于今日作出")
    story.clock.set("2026-04-28")

    refused = story.correct(story.event("reject").seq, cast.PENG, on="2026-04-27", files=["proof"])

    assert not isinstance(refused, tuple)
    assert refused.code == "nothing_corrected"


def test_an_act_that_says_from_which_day_is_corrected_there_and_not_by_its_own_date() -> None:
    story = a_period(START)
    story.clock.set("2026-03-12")
    story.do("exclude", cast.FANG, number_of_days="3", excluded_from="2026-03-09")
    seq = story.event("exclude").seq

    refused = story.correct(seq, cast.WEI, on="2026-03-11", files=["proof"])
    assert not isinstance(refused, tuple)
    assert refused.code == "nothing_corrected"

    assert isinstance(story.correct(seq, cast.WEI, excluded_from="2026-03-10", files=["proof"]), tuple)
    assert story.case.clocks["award"].facts[-1].on == day("2026-03-10")


def test_what_only_the_rejected_entry_made_lawful_is_refused_with_it() -> None:
    story = late_stop()
    story.do("resume", cast.FANG, ground="expert")
    story.do("reject", cast.FANG, why="无凭据")

    reading = award(story)
    assert [(r.index, r.code) for r in reading.refused] == [
        (1, "ENTRY_STRUCK"),
        (2, "RESUME_WITHOUT_SUSPEND"),
    ]
    assert reading.due == day(LAST)


def test_no_rejection_puts_off_the_start_of_a_period() -> None:
    story = PaperStory(period_rules(), Clock("2026-03-03"))
    story.ask_open("period", cast.LIN, TWO, {}, None)
    story.clock.set("2026-04-27")
    story.do("accept", cast.WEI, on="2026-03-04")

    assert story.refused("reject", cast.FANG, why="无凭据").code == "START_STANDS"
    assert award(story).clock_start == day("2026-03-04")


def test_nobody_decides_on_a_late_entry_they_recorded_themselves() -> None:
    story = late_stop(by=cast.WEI)
    story.rules = with_leave(story.rules, cast.FANG, cast.WEI, "2026-04-21", "2026-04-30")
    story.clock.set("2026-04-22")

    assert story.refused("approve", cast.WEI).code == "apart"
    assert story.refused("reject", cast.WEI, why="无凭据").code == "apart"
    story.do("approve", cast.PENG)


def test_an_exception_by_a_substitute_says_for_whom() -> None:
    story = overdue()
    story.rules = with_leave(story.rules, cast.FANG, cast.WEI, AFTER, "2026-04-30")

    story.do("suspend", cast.WEI, override="确有必要", ground="expert")

    event = story.event("suspend")
    assert (event.by, event.acting_for) == (cast.WEI, cast.FANG)


def test_a_rejected_restart_brings_back_the_round_whose_rungs_have_fired() -> None:
    story = a_period(START, rules=with_ladder())
    story.clock.set(AFTER)
    story.sweep()
    before = story.rungs("award")
    assert before, "the last day is over"
    story.do("join", cast.ZHOU, on="2026-04-15", newcomer="丙公司")
    story.do("reject", cast.FANG, why="无凭据")
    story.clock.set("2026-04-21")
    story.sweep()

    assert [rung for rung in story.rungs("award") if story.rungs("award").count(rung) > 1] == []


def test_a_restart_dated_before_the_present_day_0_opens_no_round() -> None:
    story = a_period(START, rules=with_ladder())
    story.clock.set("2026-04-16")
    story.sweep()
    story.do("join", cast.FANG, newcomer="丙公司")
    limit = {t.round for t in story.timers() if t.subject == "award.limit"}
    story.do("join", cast.FANG, on="2026-04-10", newcomer="丁公司")

    assert {t.round for t in story.timers() if t.subject == "award.limit"} == limit


def with_ladder() -> Rules:
    """The rules with the award ladder of the register on the period's clock."""
    rules = period_rules()
    main = rules.definitions[rules.in_force["period"]]
    clock = replace(main.clocks["award"], ladder="award")
    laddered = replace(main, clocks={"award": clock}, hash="laddered")
    return replace(
        rules,
        definitions={**rules.definitions, "laddered": laddered},
        in_force={**rules.in_force, "period": "laddered"},
    )


def test_a_corrected_acceptance_cannot_come_after_the_step_that_followed() -> None:
    story = a_case("tribunal_formed")
    seq = story.event("accept").seq
    story.clock.set("2026-03-30")

    refused = story.correct(seq, cast.WEI, on="2026-03-20", files=["order"])

    assert not isinstance(refused, tuple)
    assert refused.code == "DATE_OUT_OF_ORDER"
    assert "2026年3月" in refused.reason.zh


def test_the_directors_own_late_entry_needs_nobody_else_and_is_flagged() -> None:
    story = late_stop(by=cast.FANG)

    assert story.case.matters_of("late_check") == ()
    assert award(story).late_entries == (1,)


def test_an_entry_made_in_time_asks_nobody() -> None:
    story = a_period(START)
    story.clock.set("2026-04-13")
    story.do("suspend", cast.ZHOU, on="2026-04-10", ground="expert")

    assert story.case.matters_of("late_check") == ()
    assert award(story).late_entries == ()


def test_a_correction_into_a_period_that_is_over_is_for_the_director() -> None:
    story = a_period(START)
    story.clock.set("2026-04-10")
    story.do("extend", cast.FANG, number_of_days="3")
    seq = story.event("extend").seq
    story.clock.set("2026-04-27")

    refused = story.correct(seq, cast.WEI, number_of_days="15", files=["order"])
    assert not isinstance(refused, tuple)
    assert (refused.code, refused.who) == ("LATE_ENTRY_APPROVER", (DIRECTOR,))

    corrected = story.correct(seq, cast.PENG, number_of_days="15", files=["order"])
    assert isinstance(corrected, tuple), "another director"
    assert award(story).due == day("2026-05-06"), "60 days end on Saturday 2 May, in the holiday"
    assert award(story).late_entries == (1,)


# --- what a form left open --------------------------------------------------------------------------------


def test_an_act_that_moves_the_clock_by_a_fact_left_open_is_refused() -> None:
    rules = period_rules()
    main = rules.definitions[rules.in_force["period"]]
    running = main.states["running"]
    publish = replace(running.moves["publish"], needs=(), asks=("number_of_days",))
    states = {**main.states, "running": replace(running, moves={**running.moves, "publish": publish})}
    loose = replace(main, states=states, hash="loose")
    loosened = replace(
        rules,
        definitions={**rules.definitions, "loose": loose},
        in_force={**rules.in_force, "period": "loose"},
    )
    story = a_period(START, rules=loosened)

    assert story.refused("publish", cast.FANG).code == "missing_fact"
    loose_fact = replace(loose.facts["number_of_days"], least=None)
    freer = replace(loose, facts={**loose.facts, "number_of_days": loose_fact})
    story.rules = replace(loosened, definitions={**loosened.definitions, "loose": freer})
    assert story.refused("publish", cast.FANG, number_of_days="0").code == "bad_fact"
