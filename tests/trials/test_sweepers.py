"""Trials 11 to 14 and 18: rungs fire once each, whoever sweeps, whoever dies, whatever the clock says, however long nobody came."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from engine.model.events import Event
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.conftest import opened_quickly
from tests.office import OfficeStory, tamper
from tests.simulation.checking import overdue_timers
from tests.trials.figures import tell, timed

OVER = "2026-04-20"
"""A day by which W1, W2, eleven W3, W4, W5 and O1 of a case in deliberation are due."""

RUNGS = 16


def _cases(engine: Engine, clock: Clock, count: int) -> list[str]:
    return [OfficeStory(engine, clock).given("deliberation", n).number for n in range(1, count + 1)]


def _key(event: Event) -> tuple[str, str]:
    return event.rung["key"], event.rung["occurrence"]


def _assert_each_fired_once(engine: Engine, cases: list[str], at: datetime) -> int:
    fired = 0
    for case in cases:
        keys = Counter(_key(e) for e in engine.history(case) if e.kind == "rung_fired")
        assert [key for key, times in keys.items() if times > 1] == []
        assert len(keys) >= RUNGS, f"{case}: {len(keys)} rungs fired"
        fired += len(keys)
    with engine.office.reading() as unit:
        assert overdue_timers(unit, at) == 0
    assert engine.verify().findings == ()
    return fired


def _sweep_and_die(url: str, at: str, name: str, step: str, nth: int, batch: int) -> None:
    """Sweep as the node *name*, *batch* cases a commit, and be killed at the *nth* *step*; 0: never."""
    seen = 0

    def told(what: str) -> None:
        nonlocal seen
        seen += what == step
        if nth and seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = Engine(Database(url), INSTITUTION, Clock(at))
    while True:
        swept = engine.sweep(Manner(node=name, batch=batch, step=told))
        if swept.cases == 0 and not swept.failed:
            return


def _sweepers_trial(url: str, *, cases: int, sweepers: int, kills: int, batch: int) -> str:
    clock = Clock()
    database = opened_quickly(url)
    engine = Engine(database, INSTITUTION, clock)
    numbers = _cases(engine, clock, cases)
    clock.set(OVER)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.trials.test_sweepers"])
    draw = random.Random(11)
    killed = 0

    def start(name: str, dies: bool) -> multiprocessing.process.BaseProcess:
        step = draw.choice(["decided", "written"])
        process = context.Process(
            target=_sweep_and_die, args=(url, OVER, name, step, draw.randint(1, 2) if dies else 0, batch)
        )
        process.start()
        return process

    with timed() as taken:
        running = {f"s{n}": start(f"s{n}", kills > n) for n in range(sweepers)}
        until = time.monotonic() + 600 + 10 * kills
        while running and time.monotonic() < until:
            for name, process in list(running.items()):
                process.join(0.02)
                ended = process.exitcode  # read once: it may end between two looks
                if ended == -signal.SIGKILL:
                    killed += 1
                    running[name] = start(name, killed + len(running) <= kills)
                elif ended is not None:
                    assert ended == 0, "a sweeper failed"
                    del running[name]
    assert not running, "the sweepers did not come to an end"
    assert killed == kills, "the rungs were fired before all were killed"
    fired = _assert_each_fired_once(engine, numbers, clock())
    database.close()
    return f"{sweepers} processes, {fired} rungs of {cases} cases, {killed} killed in the callback: each fired once, in {taken.seconds:.1f} s"


def test_of_sweepers_that_are_killed_each_rung_fires_once(office_url: str) -> None:
    _sweepers_trial(office_url, cases=8, sweepers=2, kills=2, batch=2)


@pytest.mark.trial
def test_five_sweepers_a_thousand_rungs_and_kills(office_url: str) -> None:
    figure = _sweepers_trial(office_url, cases=64, sweepers=5, kills=20, batch=1)
    tell("11", f"{office_url.partition(':')[0]}: {figure}", "each fired once")


@pytest.mark.trial
def test_a_sweeper_killed_two_hundred_times_in_its_callback(office_url: str) -> None:
    figure = _sweepers_trial(office_url, cases=400, sweepers=2, kills=200, batch=1)
    tell(
        "12",
        f"{office_url.partition(':')[0]}: {figure}; nothing is leased, so nothing has to be reclaimed",
        "each effect once, reclaimed ≤ 60 s",
    )


# --- 13: nobody was here ----------------------------------------------------------------------------------


def _away_trial(engine: Engine, clock: Clock, cases: int) -> str:
    numbers = _cases(engine, clock, cases)
    clock.set("2026-04-17 23:00")
    engine.sweep()
    clock.set("2026-04-20 23:00")
    with engine.office.reading() as unit:
        due = overdue_timers(unit, clock())
    with timed() as taken:
        swept = engine.sweep()
    assert swept.failed == ()
    _assert_each_fired_once(engine, numbers, clock())
    for number in numbers:
        late = [e for e in engine.history(number) if e.kind == "rung_fired" and e.recorded_at == clock()]
        assert late, "something came due while nobody was here"
        assert [e.at for e in late] == sorted(e.at for e in late), "in due order"
    return f"72 h away: {due} due of {cases} cases fired in order in {taken.seconds:.1f} s"


def test_after_three_days_away_all_of_many_cases_fire_in_order(engine: Engine, clock: Clock) -> None:
    _away_trial(engine, clock, 6)


@pytest.mark.trial
def test_ten_thousand_due_after_three_days_away(engine: Engine, clock: Clock) -> None:
    numbers = _cases(engine, clock, 640)
    clock.set("2026-04-20 23:00")
    with engine.office.reading() as unit:
        due = overdue_timers(unit, clock())
    with timed() as taken:
        fired = engine.sweep().fired
    assert fired >= 10_000
    _assert_each_fired_once(engine, numbers, clock())
    which = "sqlite" if engine.office.database.sqlite else "postgresql"
    tell(
        "13",
        f"{which}: {fired} rungs ({due} timers due) of 640 cases in due order in {taken.seconds:.1f} s",
        "10,000 in order ≤ 60 s",
    )
    assert taken.seconds <= 60


# --- 14: the clock ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-1, 1, 25, -24 * 365 * 56], ids=["-1 h", "+1 h", "+25 h", "1970"])
def test_a_clock_that_was_set_fires_nothing_twice_and_nothing_stops(
    engine: Engine, clock: Clock, story: OfficeStory, hours: int
) -> None:
    story.given("deliberation")
    clock.set("2026-04-17 12:00")
    engine.sweep()
    right = clock()
    before = story.rungs()

    clock.at = right + timedelta(hours=hours)
    engine.sweep()
    during = story.rungs()
    clock.at = right + timedelta(days=2)
    engine.sweep()

    assert during[: len(before)] == before
    assert during == before or hours > 0
    keys = [_key(e) for e in story.history() if e.kind == "rung_fired"]
    assert len(keys) == len(set(keys)) == RUNGS
    page = engine.case_page(story.number)
    assert page.clock is not None
    assert (page.clock.reading.counted_days or 0) >= 0
    assert engine.verify().findings == ()
    assert engine.doctor().findings == ()


# --- 18: poison -------------------------------------------------------------------------------------------


def test_a_case_that_always_fails_is_put_aside_after_five_tries_and_holds_up_nobody(
    database: Database, engine: Engine, clock: Clock
) -> None:
    numbers = _cases(engine, clock, 4)
    with engine.office.reading() as unit:
        sick = unit.cases.find(numbers[0]).id
    tamper(database, "UPDATE cases SET body = '{' WHERE id = :id", id=sick)
    clock.set(OVER)

    first = engine.sweep()
    assert first.failed == (sick,)
    assert first.fired >= 3 * RUNGS
    tries = 1
    for _ in range(60):
        clock.ahead(minutes=5)
        tries += engine.sweep().failed == (sick,)

    assert tries == 5
    (line,) = engine.setbacks()
    assert (line.case, line.tries, line.put_aside) == (sick, 5, True)
