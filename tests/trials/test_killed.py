"""Trial 1: processes are killed at any moment while eight of them act; what was acknowledged stays, once, and whole."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

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
"""Seconds after which a killed process that begins anew has its first act acknowledged, at most."""


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


@pytest.mark.long
def test_what_was_acknowledged_outlives_three_kills(office_url: str, tmp_path: Path) -> None:
    _trial(office_url, tmp_path, writers=2, kills=3, cases=3, seed=1)


@pytest.mark.trial
def test_what_was_acknowledged_outlives_five_hundred_kills(office_url: str, tmp_path: Path) -> None:
    figure = _trial(office_url, tmp_path, writers=8, kills=500, cases=60, seed=7)
    tell(
        "1",
        f"{office_url.partition(':')[0]}: {figure}",
        "500 kills, 0 lost, 0 half acts, chain whole, restart ≤ 3 s",
    )
    assert float(figure.split()[-2]) <= RESTART


@pytest.mark.trial
def test_what_was_acknowledged_outlives_the_database_server_being_killed(
    postgresql_office: str, tmp_path: Path
) -> None:
    from tests.conftest import _as_founded

    _as_founded(postgresql_office)
    figure = _trial(postgresql_office, tmp_path, writers=8, kills=40, cases=60, seed=9, server=10)
    tell("1 (server)", figure, "0 lost, 0 half acts, chain whole")
