"""Trial 1: processes are killed at any moment while eight of them act; what was acknowledged stays, once, and whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psycopg
import pytest

from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.conftest import for_psycopg
from tests.office import assert_whole
from tests.trials.figures import tell
from tests.trials.waiting import pause, until
from tests.trials.writers import Crew, cases_to_write_on, counted, send_the_unanswered_again

RESTART = 3.0
"""Seconds after which a killed process that begins anew, with nothing beside it, has its first act acknowledged."""

ONE_ACT = """
import os, sys
from tests.trials.writers import write
url, at, cases, log, name, queued = sys.argv[1:]
write(url, at, cases.split(","), log, name, 1)
if os.path.exists("/proc/self/schedstat"):
    with open("/proc/self/schedstat") as ran, open(queued, "w") as told:
        told.write(ran.read().split()[1])
"""
"""A process that begins, acts once and ends; where the system tells it, how long others had the processors instead."""


def _trial(
    url: str, folder: Path, *, writers: int, kills: int, cases: int, seed: int, server: int = 0
) -> str:
    clock = Clock("2026-03-04")
    database = Database(url)
    engine = Engine(database, INSTITUTION, clock)
    numbers = cases_to_write_on(engine, clock, cases)
    crew = Crew(url, "2026-03-05", numbers, folder)
    crew.start(writers)
    for _, log in crew.running:
        crew.first_answer(log)
    draw = random.Random(seed)
    slowest = 0.0
    struck = set(draw.sample(range(kills), server))
    for number in range(kills):
        # Whatever else the machine is busy with, somebody is answered between two kills.
        told = crew.told()
        until(lambda told=told: crew.told() > told, 120, "somebody is answered")  # type: ignore[misc]
        pause(draw.uniform(0.0, 0.12))
        if number in struck:
            _kill_a_backend(url)
        crew.kill(draw.randrange(writers))
        begun = time.monotonic()
        crew.start(1)
        if number % max(1, kills // 10) == 0:
            slowest = max(slowest, crew.first_answer(crew.running[-1][1]) - begun)
    crew.kill_all()

    first = counted(engine, numbers, crew.logs())
    assert (first.lost, first.doubled, first.unasked) == ((), (), ())
    clock.set("2026-03-05")
    again = send_the_unanswered_again(engine, crew.logs())
    last = counted(engine, numbers, crew.logs())
    assert (last.lost, last.doubled, last.unasked) == ((), (), ())
    assert last.done_after_all == last.unanswered == again
    assert_whole(engine, *numbers)
    database.close()
    assert first.acknowledged >= kills
    return (
        f"{kills} kills{f' and {server} of the server' if server else ''} under {writers} writers: {first.acknowledged} acts acknowledged, "
        f"0 lost, 0 doubled, 0 half; {again} without an answer sent again, done once each; slowest restart {slowest:.2f} s"
    )


def _kill_a_backend(url: str) -> None:
    """``kill -9`` one backend of the server: it ends all others and recovers from its log."""
    with psycopg.connect(for_psycopg(url), autocommit=True) as admin:
        found = admin.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
        ).fetchone()
    if found:
        os.kill(found[0], signal.SIGKILL)
    until(lambda: _answers(url), 30, "the server is back")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(for_psycopg(url)).close()
    except psycopg.OperationalError:
        return False
    return True


# --- how long it takes to begin anew ----------------------------------------------------------------------


def _restarts(url: str, folder: Path, *, kills: int, cases: int) -> list[tuple[float, float]]:
    """Kill a writer that is alone and begin it anew, from the interpreter on: seconds to its first answer, and those of its own."""
    database = Database(url)
    engine = Engine(database, INSTITUTION, Clock("2026-03-05"))
    crew = Crew(url, "2026-03-05", cases_to_write_on(engine, Clock("2026-03-04"), cases), folder)
    draw, taken = random.Random(5), []
    for number in range(kills):
        crew.start(1)
        crew.first_answer(crew.running[-1][1])
        pause(draw.uniform(0.0, 0.3))
        crew.kill_all()
        log, queued = folder / f"w{number}again.log", folder / f"{number}.queued"
        words = [crew.url, crew.at, ",".join(crew.cases), str(log), log.stem, str(queued)]
        begun = time.monotonic()
        subprocess.run([sys.executable, "-c", ONE_ACT, *words], check=True)
        seconds = crew.first_answer(log) - begun
        others = int(queued.read_text()) / 1e9 if queued.exists() else 0.0
        taken.append((seconds, seconds - others))
    found = counted(engine, crew.cases, crew.logs())
    assert (found.lost, found.doubled, found.unasked) == ((), (), ())
    assert_whole(engine, *crew.cases)
    database.close()
    return taken


@pytest.mark.trial
def test_a_killed_process_that_begins_anew_is_soon_answered(office_url: str, tmp_path: Path) -> None:
    taken = _restarts(office_url, tmp_path, kills=20, cases=20)
    alone = sorted(own for _, own in taken)
    tell(
        "1 (restart)",
        f"{office_url.partition(':')[0]}: {len(taken)} kills of a writer that is alone; begun anew, it had its first act acknowledged after "
        f"{median(alone):.2f} s ({alone[0]:.2f} to {alone[-1]:.2f} s; {max(whole for whole, _ in taken):.2f} s at most with the waiting "
        "for processors that others had)",
        "restart ≤ 3 s",
    )
    assert median(alone) <= RESTART


# --- who is killed ----------------------------------------------------------------------------------------


@pytest.mark.long
def test_what_was_acknowledged_outlives_three_kills(office_url: str, tmp_path: Path) -> None:
    _trial(office_url, tmp_path, writers=2, kills=3, cases=3, seed=1)


@pytest.mark.trial
def test_what_was_acknowledged_outlives_five_hundred_kills(office_url: str, tmp_path: Path) -> None:
    figure = _trial(office_url, tmp_path, writers=8, kills=500, cases=60, seed=7)
    tell(
        "1",
        f"{office_url.partition(':')[0]}: {figure}",
        "500 kills, 0 lost, 0 half acts, chain whole",
    )


@pytest.mark.trial
def test_what_was_acknowledged_outlives_the_database_server_being_killed(
    postgresql_office: str, tmp_path: Path
) -> None:
    from tests.conftest import as_founded

    as_founded(postgresql_office)
    figure = _trial(postgresql_office, tmp_path, writers=8, kills=40, cases=60, seed=9, server=10)
    tell("1 (server)", figure, "0 lost, 0 half acts, chain whole")
