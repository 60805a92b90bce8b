"""The clock and the walk through the days share no arithmetic, so where they agree on any history they are right."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.agreement import FIGURES, between, difference
from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, read_clock
from engine.law.duration import Duration
from engine.law.refusals import SENTENCES
from engine.law.walk import walk
from tests.examples import examples
from tests.law.histories import CALENDARS, KINDS, LAGS, ROLES, RULES, disagreement, history
from tests.law.notices import china_calendar
from tests.law.stories import LABOUR, facts_of

TRIAL_SEED = 20261122
TRIAL_HISTORIES = 250_000


@st.composite
def a_fact(draw: st.DrawFn, start: date) -> ClockFact:
    kind = draw(st.sampled_from(KINDS))
    on = start + timedelta(days=draw(st.integers(-3, 100)))
    lag = draw(st.sampled_from(LAGS))
    length = None
    if kind == "extend":
        length = Duration(draw(st.integers(0, 16)), draw(st.sampled_from(["days", "days", "months"])))
    elif kind in ("publication", "exclude"):
        length = Duration(draw(st.integers(1, 40)), "days")
    return ClockFact(
        kind,
        on,
        recorded_on=None if lag is None else on + timedelta(days=lag),
        ref=draw(st.sampled_from(["A", "B", ""])),
        days=length,
        by_role=draw(st.sampled_from(ROLES)),
        overridden=draw(st.integers(0, 5)) == 0,
        struck=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def some_facts(draw: st.DrawFn) -> list[ClockFact]:
    start = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 900)))
    facts = draw(st.lists(a_fact(start), max_size=8))
    facts.insert(draw(st.integers(0, len(facts))), ClockFact("start", start))
    return facts


@settings(max_examples=examples(60), derandomize=True, deadline=None)
@given(some_facts(), st.sampled_from(RULES), st.sampled_from(CALENDARS), st.none() | st.integers(0, 150))
def test_both_methods_agree_on_any_history(
    facts: list[ClockFact], rule: ClockRule, calendar: Calendar, after: int | None
) -> None:
    as_of = None if after is None else min(fact.on for fact in facts) + timedelta(days=after)

    assert disagreement(facts, rule, calendar, as_of) == ""


def test_both_methods_agree_on_the_first_histories_of_the_trial() -> None:
    assert agreeing(500) == 500


@pytest.mark.trial
def test_both_methods_agree_on_a_hundred_thousand_random_histories() -> None:
    agreed = agreeing(TRIAL_HISTORIES)

    sys.stdout.write(f"\ntwo clocks: {agreed} random histories read both ways, 0 differences\n")
    assert agreed >= 100_000


def agreeing(histories: int) -> int:
    """Try so many histories of the trial; the first that differs fails with what it takes to tell it again."""
    for number in range(histories):
        drawn = history(TRIAL_SEED, number)
        wrong = disagreement(drawn.facts, drawn.rule, drawn.calendar, drawn.as_of)
        assert not wrong, f"history({TRIAL_SEED}, {number}): {wrong}\n{drawn.told()}"
    return histories


def test_the_histories_meet_every_refusal_every_state_and_every_kind_of_entry() -> None:
    """A generator that never tried something would find nothing wrong with it."""
    readings = []
    for number in range(3000):
        drawn = history(TRIAL_SEED, number)
        readings.append(read_clock(drawn.rule, drawn.facts, drawn.calendar, drawn.as_of))

    assert {refused.code for reading in readings for refused in reading.refused} == SENTENCES.keys()
    assert {reading.state for reading in readings} == {"not_started", "running", "paused", "ended"}
    for seen in ("provisional", "breaches", "late_entries", "quick_close", "counted_days", "target_due"):
        assert sum(bool(getattr(reading, seen)) for reading in readings) > 30, seen
    assert any(reading.due_earliest != reading.due_latest for reading in readings)


STORY = ("2025-06-02 accepted", "2025-06-16 suspended A", "2025-06-30 resumed A")


def test_two_methods_that_agree_have_no_difference() -> None:
    assert difference(LABOUR, facts_of(*STORY), china_calendar()) is None
    assert difference(LABOUR, [], china_calendar()) is None


def test_a_difference_names_the_figures_and_what_each_method_came_to() -> None:
    facts = facts_of(*STORY, "2025-06-25 accepted")
    reading = read_clock(LABOUR, facts, china_calendar())
    wrong = reading._replace(due=date(2025, 7, 17), provisional=True, state="paused", refused=())

    found = between(wrong, walk(LABOUR, facts, china_calendar()).figures())

    assert found is not None
    assert found.figures == ("state", "due", "provisional", "refused")
    assert found.sentence.zh == (
        "两种算法不一致：状态按区间为中止，逐日为进行中；届满日按区间为2025年7月17日，逐日为2025年7月31日；"
        "是否暂定按区间为是，逐日为否；不计入的事项按区间为无，逐日为第4项（重复起算）。"
    )
    assert found.sentence.en == (
        "The two ways of counting differ: state by intervals paused, day by day running; last day by intervals "
        "17 Jul 2025, day by day 31 Jul 2025; provisional by intervals yes, day by day no; entries that do not "
        "count by intervals none, day by day entry 4 (started twice)."
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_a_slip_in_any_one_figure_is_a_difference(figure: str) -> None:
    facts = facts_of(*STORY, "2025-08-04 publication 3 days overridden", "2025-08-05 closed")
    reading = read_clock(LABOUR, facts, china_calendar())

    slip: dict[str, Any] = {figure: "slipped"}
    found = between(reading._replace(**slip), walk(LABOUR, facts, china_calendar()).figures())

    assert found is not None
    assert found.figures == (figure,)


@settings(max_examples=examples(30), derandomize=True, deadline=None)
@given(some_facts(), st.sampled_from(RULES), st.integers(1, 8))
def test_counting_as_of_the_due_date_fills_the_limit(
    facts: list[ClockFact], rule: ClockRule, lines: int
) -> None:
    """On the raw last day exactly the whole limit has been used, whatever happened on the way."""
    running = [fact for fact in facts[:lines] if fact.kind != "end"]
    reading = read_clock(rule, running, china_calendar())
    if reading.raw_due is None or any(fact.on > reading.raw_due for fact in running):
        return

    on_the_day = read_clock(rule, running, china_calendar(), as_of=reading.raw_due)

    assert on_the_day.counted_days == reading.total_length_days
    assert on_the_day.remaining_days == 0
