"""Benchmark "decide": an act decided in memory, beside one bare step of the state machine library.

Room for: the cases that are decided on, and taking the times so that no case is met twice.
May not enter: how an act is decided (`engine/core`), stores, the bare step itself (`engine/core/bare_machine.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from engine.core.bare_machine import bare_step
from engine.core.decide import decide
from engine.core.settling import settle
from engine.model.answers import Decision, Refusal
from engine.model.case import Case
from engine.model.commands import Act
from engine.model.rules import Rules
from engine.run.bench.frame import PAIRS, Benchmark, Order, Pair, seconds
from engine.run.bench.patterns import (
    APPLICATION,
    CLERK,
    PARTIES,
    PRESIDING,
    SECRETARY,
    SHANGHAI,
    TRIBUNAL,
)
from engine.run.demonstration.cast import DIRECTOR, HEADS, engage
from engine.run.demonstration.simulator import SetClock
from engine.run.founding import found
from engine.run.settings import Settings
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.rows import case_body, case_of
from engine.text import Text

FIRST = date(2026, 3, 2)
DAYS = 4
EACH_DAY = 10
"""So many cases are accepted on each of so many days, and all of them acted on in the afternoon of the last."""

STEPS = 8
"""So many bare steps are timed for each act."""

ACT = Act("form_tribunal", HEADS[0], None, {"tribunal_named": TRIBUNAL, "presiding_named": PRESIDING})
"""Guards over what is named and the track, two roles, an assignment with persons kept apart, notices; the clock runs."""


AT = datetime.combine(FIRST + timedelta(DAYS - 1), time(16), SHANGHAI)
"""When they are acted on: nothing is due yet."""


def accepted_cases() -> tuple[Rules, tuple[str, ...]]:
    """Return the rules of a starter office, and cases of it."""
    with tempfile.TemporaryDirectory(prefix="anxu-bench-") as folder:
        since = datetime.combine(date(FIRST.year, 1, 5), time(9), SHANGHAI)
        founded = found(
            Path(folder), Settings(at=since.isoformat()), rehearsal=True, institution=None, title=None
        )
        database, clock = Database(founded.url), SetClock(since)
        try:
            engine = Engine(database, founded.register.institution, clock)
            engage(engine, since.date(), ())
            days = [FIRST + timedelta(n) for n in range(DAYS) for _ in range(EACH_DAY)]
            return engine.rules(), tuple(_accepted(engine, clock, day) for day in days)
        finally:
            database.close()


def _accepted(engine: Engine, clock: SetClock, day: date) -> str:
    """Return a labour case with a running clock and two services, as its row keeps it."""
    clock.at = datetime.combine(day, time(9, 30), SHANGHAI)
    opened = engine.open_case(
        "labour", CLERK, parties=PARTIES, facts={"cause": "wages"}, documents=[APPLICATION]
    )
    assert not isinstance(opened, Refusal), opened
    for move, by, facts in (
        ("propose", CLERK, {"claim_amount": "12000.50"}),
        ("accept", DIRECTOR, {"secretary_named": SECRETARY}),
    ):
        done = engine.act(opened.number, move, by, facts=facts)
        assert not isinstance(done, Refusal), done
    with engine.office.reading() as unit:
        return case_body(unit.cases.find(opened.number))


def fresh(rules: Rules, bodies: Iterable[str]) -> Iterator[Case]:
    """Yield each case as a process meets it in an act: just read, its own due rungs settled."""
    for body in bodies:
        case = case_of(body)
        assert settle(rules, case, AT) is None, "something was due"
        yield case


def _pairs(order: Order) -> Iterable[Pair]:
    rules, bodies = accepted_cases()
    case = case_of(bodies[0])
    procedure = rules.main_procedure(case)
    step = bare_step(procedure, procedure.states[case.main.state].moves[ACT.move])
    for _ in range(PAIRS):
        # Rules that have answered nothing yet: what the acts share, they share as they would in an office.
        unasked = replace(rules)
        waiting = iter(list(fresh(unasked, bodies)))

        def ours(rules: Rules = unasked, waiting: Iterator[Case] = waiting) -> None:
            answer = decide(rules, next(waiting), ACT, AT)
            assert isinstance(answer, Decision), answer

        acts, steps = len(bodies), STEPS * len(bodies)
        yield Pair(seconds(ours, acts) / acts * 1e6, seconds(step, steps) / steps * 1e6)


DECIDE = Benchmark(
    name="decide",
    title=Text(
        "在内存中办理一步（组成仲裁庭：条件、岗位、审限、待办、预警）",
        "an act decided in memory (forming a tribunal: guards, roles, clock, todos, timers)",
    ),
    limit=Text("状态机库空走一步", "one bare step of the state machine library"),
    most=6,
    unit="µs",
    pairs=_pairs,
)
