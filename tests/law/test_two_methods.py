"""The clock and the walk through the days share no arithmetic, so where they agree on any history they are right."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, read_clock
from engine.law.day_sheet import walk, walked
from engine.law.duration import Duration
from engine.law.facts import FactKind
from tests.law.notices import china_calendar
from tests.law.stories import COMMERCIAL, DECIDERS, LABOUR

CALENDARS = [china_calendar(), china_calendar(2024, 2025)]
RULES = [
    LABOUR,
    COMMERCIAL,
    ClockRule(Duration(2, "months"), Duration(20, "days"), DECIDERS, Duration(1, "months")),
    ClockRule(Duration(7, "days"), None, frozenset()),
]
KINDS: list[FactKind] = ["suspend", "resume", "publication", "exclude", "restart", "extend", "start", "end"]


@st.composite
def a_fact(draw: st.DrawFn, start: date) -> ClockFact:
    kind = draw(st.sampled_from(KINDS))
    on = start + timedelta(days=draw(st.integers(-3, 100)))
    lag = draw(st.sampled_from([None, None, 0, 3, 60, -1]))
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
        by_role=draw(st.sampled_from(["director", "director", "delegated_head", "secretary"])),
        overridden=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def a_history(draw: st.DrawFn) -> list[ClockFact]:
    start = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 900)))
    facts = draw(st.lists(a_fact(start), max_size=8))
    facts.insert(draw(st.integers(0, len(facts))), ClockFact("start", start))
    return facts


def both_agree(facts: list[ClockFact], rule: ClockRule, calendar: Calendar, after: int | None) -> None:
    """Read one history both ways and compare; *after* is the day looked from, counted from the first fact."""
    as_of = None if after is None else min(fact.on for fact in facts) + timedelta(days=after)

    reading = read_clock(rule, facts, calendar, as_of)
    walk_of = walk(rule, facts, calendar, as_of)

    assert walk_of.refused == tuple((refused.index, refused.code) for refused in reading.refused)
    due, counted = walked(walk_of.days, as_of)
    if reading.state == "not_started":
        assert walk_of.days == ()
        return
    if reading.state == "ended" and due is None:
        # The sheet of an ended clock stops at its end, and so before a later due date.
        assert reading.due is None or reading.due > walk_of.days[-1].date
    else:
        assert due == reading.due
    latest_round = {day.number: day.date for day in walk_of.days}
    if due is not None:
        assert latest_round[reading.total_length_days] == reading.raw_due
    if reading.quick_last_day in latest_round.values() and rule.limit.unit == "days":
        assert latest_round[rule.limit.count // 2] == reading.quick_last_day
    if reading.counted_days is not None and (due is None or (as_of is not None and as_of <= due)):
        assert counted == reading.counted_days


HISTORIES = (a_history(), st.sampled_from(RULES), st.sampled_from(CALENDARS), st.none() | st.integers(0, 150))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(*HISTORIES)
def test_both_methods_agree_on_any_history(
    facts: list[ClockFact], rule: ClockRule, calendar: Calendar, after: int | None
) -> None:
    both_agree(facts, rule, calendar, after)


@pytest.mark.trial
def test_both_methods_agree_on_twenty_thousand_random_histories() -> None:
    tried = 0

    @settings(max_examples=20_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(*HISTORIES)
    def trial(facts: list[ClockFact], rule: ClockRule, calendar: Calendar, after: int | None) -> None:
        nonlocal tried
        tried += 1
        both_agree(facts, rule, calendar, after)

    trial()
    sys.stdout.write(f"\ntwo clocks: {tried} random histories read both ways, 0 differences\n")
    assert tried >= 20_000


@settings(max_examples=150, derandomize=True, deadline=None)
@given(a_history(), st.sampled_from(RULES), st.integers(1, 8))
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
