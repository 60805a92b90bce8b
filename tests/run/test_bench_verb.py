"""`anxu bench` times our work beside the least that could do; what it says has a fixed shape. No time is judged here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from transitions import MachineError

from engine.core.bare_machine import bare_step
from engine.core.decide import decide
from engine.law.clock import ClockFact, read_clock
from engine.model.answers import Decision
from engine.run.bench import catalogue, clock, frame
from engine.run.bench import decide as decide_bench
from engine.run.bench.frame import Benchmark, Figure, Order, Pair, side_by_side
from engine.run.first_calendar import first_calendar
from engine.store.rows import case_of
from engine.text import Text
from tests.law.histories import history
from tests.run.terminal import Terminal

NOWHERE = {"ANXU_OFFICE": ""}


def slow(order: Order) -> Iterator[Pair]:
    order.told(Text("正在测", "measuring"))
    yield from (Pair(30.0, 2.0), Pair(20.0, 1.0), Pair(50.0, 4.0 if order.full else order.cases))


SLOW = Benchmark("slow", Text("慢", "slow"), Text("快", "fast"), 10, "ms", slow)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal away from any office, with a benchmark whose times are known."""
    monkeypatch.setattr("engine.run.verbs_bench.BENCHMARKS", (clock.CLOCK, SLOW))
    return Terminal(tmp_path, now=None)


def test_every_benchmark_has_a_name_of_its_own() -> None:
    names = [benchmark.name for benchmark in catalogue.BENCHMARKS]

    assert len(set(names)) == len(names)
    assert {"acts-postgresql-1", "acts-sqlite-4-longest-wait", "clock", "decide"} <= set(names)


def test_every_benchmark_answers_with_its_times_those_of_its_limit_and_the_ratio(terminal: Terminal) -> None:
    answer = terminal.type("bench", "--json", **NOWHERE)

    assert answer.code == 0
    assert [one["name"] for one in answer.json] == ["clock", "slow"]
    for one in answer.json:
        assert list(one) == ["name", "ratio", "value", "unit", "ours", "limit"]
        assert len(one["ours"]) == len(one["limit"]) >= 3
        assert all(time > 0 for time in one["ours"] + one["limit"])


def test_value_and_ratio_are_of_medians_and_a_missed_figure_is_exit_zero(terminal: Terminal) -> None:
    answer = terminal.type("bench", "--only", "slow", "--full", "--json", **NOWHERE)

    assert answer.code == 0
    assert answer.json == [
        {
            "name": "slow",
            "ratio": 15.0,
            "value": 30.0,
            "unit": "ms",
            "ours": [30.0, 20.0, 50.0],
            "limit": [2.0, 1.0, 4.0],
        }
    ]
    assert answer.err == "正在测\n"
    assert "未达到" in terminal.type("bench", "--only", "slow", **NOWHERE).out
    assert "MISSED" in terminal.type("bench", "--only", "slow", "--lang", "en", **NOWHERE).out


def test_the_number_of_cases_reaches_the_benchmark(terminal: Terminal) -> None:
    (one,) = terminal.type("bench", "--only", "slow", "--cases", "7", "--json", **NOWHERE).json

    assert one["limit"] == [2.0, 1.0, 7.0]
    assert terminal.type("bench", "--cases", "0", **NOWHERE).code == 2


def test_a_benchmark_nobody_knows_is_told_with_those_there_are(terminal: Terminal) -> None:
    answer = terminal.type("bench", "--only", "speed", **NOWHERE)

    assert answer.code == 2
    assert "clock, slow" in answer.err
    help = " ".join(terminal.type("bench", "--help").out.split())
    assert all(benchmark.name in help.replace("- ", "-") for benchmark in catalogue.BENCHMARKS)


def test_ours_and_the_limit_are_timed_in_turns() -> None:
    calls: list[str] = []

    pairs = list(side_by_side(lambda: calls.append("o"), lambda: calls.append("l"), window=0, pairs=3))

    assert "".join(calls) == "ol" * 4, "once to see how often it can be done"
    assert len(pairs) == 3
    assert Figure(SLOW, (Pair(9, 1), Pair(11, 1), Pair(10, 1))).kept


def test_the_bare_loop_and_the_clock_come_to_the_same_due_date() -> None:
    known = first_calendar()
    rest = clock.rest_days(known, date(2024, 1, 1), date(2027, 12, 31))

    reading = read_clock(clock.RULE, clock.FACTS, known)

    assert len(clock.FACTS) == 10
    assert reading.refused == ()
    assert reading.due == date(2025, 7, 28) == clock.bare_loop(clock.FACTS, 45, rest)


def test_the_bare_loop_is_right_for_every_lawful_history_in_order() -> None:
    """It is the least that comes to the right date, not something quick that does not."""
    known = first_calendar()
    rest = clock.rest_days(known, date(2024, 1, 1), date(2028, 12, 31))
    tried = 0
    for number in range(4000):
        facts = [fact for fact in history(7, number).facts if fact.kind != "end" and _in_days(fact)]
        facts.sort(key=lambda fact: (fact.on, fact.kind != "start", fact.kind == "resume"))
        reading = read_clock(clock.RULE, facts, known)
        lawful = not reading.refused and not reading.breaches and reading.state == "running"
        if lawful and facts[-1].on <= (reading.raw_due or date.min):
            tried += 1
            assert clock.bare_loop(facts, 45, rest) == reading.due, facts

    assert tried > 100


def _in_days(fact: ClockFact) -> bool:
    return fact.days is None or fact.days.unit == "days"


def test_the_act_that_is_timed_is_lawful_on_cases_nobody_has_decided_on() -> None:
    rules, bodies = decide_bench.accepted_cases()
    met = list(decide_bench.fresh(rules, bodies))

    answers = [decide(rules, case, decide_bench.ACT, decide_bench.AT) for case in met]

    assert len(met) == len({case.id for case in met}) == decide_bench.DAYS * decide_bench.EACH_DAY
    assert len({case.main.entered_on for case in met}) == decide_bench.DAYS
    for answer in answers:
        assert isinstance(answer, Decision), answer
        assert answer.case.main.state == "tribunal_formed"
        assert (answer.projection.clock, len(answer.projection.todos), len(answer.notices)) == (
            "running",
            3,
            4,
        )


def test_the_bare_step_goes_where_the_definition_leads() -> None:
    rules, (body, *_) = decide_bench.accepted_cases()
    procedure = rules.main_procedure(case_of(body))

    assert bare_step(procedure, procedure.states["accepted"].moves[decide_bench.ACT.move])() is True
    with pytest.raises(MachineError):
        bare_step(procedure, replace(procedure.states["accepted"].moves["form_tribunal"], source="filed"))()


def test_medians_are_taken_of_an_odd_number_of_pairs() -> None:
    assert frame.PAIRS % 2 == 1


MARK = "from engine.run.bench import docket, patterns; print(docket._mark(patterns.province()))"


def test_data_that_is_kept_is_known_again_by_another_process() -> None:
    """What it is known by once held a place in memory: then every run made its million cases anew."""
    marks = {
        subprocess.run(
            [sys.executable, "-c", MARK], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(marks) == 1


def test_a_benchmark_keeps_all_that_it_promises() -> None:
    both = replace(SLOW, most=1.2, within=0.3)

    assert both.promise == "≤ 1.2, ≤ 0.3 ms"
    assert Figure(both, (Pair(0.3, 0.25),)).kept
    assert not Figure(both, (Pair(0.3, 0.2),)).kept, "too many times the limit"
    assert not Figure(both, (Pair(0.4, 0.4),)).kept, "too long in itself"
    assert Figure(replace(SLOW, most=0, within=60), (Pair(50, 1),)).kept, "no ratio is promised"
