"""Trial 48: offices lived through by seed, with faults of every kind; nothing ever breaks, and any seed replays exactly."""

from __future__ import annotations

import collections
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import INSTITUTION
from tests.conftest import FreshDatabase, opened_quickly
from tests.office import tamper
from tests.simulation import running
from tests.simulation.running import Outcome, copied, found_pattern, run
from tests.simulation.steps import act
from tests.simulation.world import Node, World
from tests.trials.figures import tell

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pattern(sqlite_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office that every seed begins with, as a SQLite file."""
    file = tmp_path_factory.mktemp("simulation") / "pattern.db"
    shutil.copy(sqlite_office, file)
    found_pattern(f"sqlite:///{file}", founded=True)
    return file


def lived(pattern: Path, folder: Path, seed: int, days: int) -> Outcome:
    with copied(pattern, folder, seed) as url:
        return run(seed, url, days)


@pytest.mark.parametrize("seed", [1, 2])
def test_an_office_lives_through_a_week_of_faults(pattern: Path, tmp_path: Path, seed: int) -> None:
    outcome = lived(pattern, tmp_path, seed, 4)
    assert outcome.broken is None, "\n".join(
        [f"python -m tests.simulation {seed} --days 4", *outcome.trace[-30:]]
    )
    assert outcome.steps > 12


def test_the_same_seed_gives_the_same_steps_and_the_same_bytes(pattern: Path, tmp_path: Path) -> None:
    first, second = (lived(pattern, tmp_path, 3, 3) for _ in range(2))
    assert first.broken is None
    assert first.chains == second.chains
    assert first.trace == second.trace


def test_a_row_changed_behind_the_engine_is_found_on_the_same_day(
    pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act_and_tamper(world: World, node: Node) -> None:
        act(world, node)
        database = opened_quickly(world.url)
        tamper(
            database, "UPDATE timers SET occurrence = occurrence + 100 WHERE institution = :i", i=INSTITUTION
        )
        database.close()

    monkeypatch.setattr(running, "COMMON", ((act_and_tamper, 1),))
    outcome = lived(pattern, tmp_path, 4, 7)
    assert outcome.broken is not None
    assert "rows do not say" in outcome.broken or "timers" in outcome.broken


# --- long forms -------------------------------------------------------------------------------------------

SEEDS, DAYS, FIRST = (
    int(os.environ.get(f"ANXU_SIMULATION_{name}", often))
    for name, often in (("SEEDS", 60), ("DAYS", 30), ("FIRST", 0))
)


@pytest.mark.trial
def test_many_seeds(pattern: Path, tmp_path: Path) -> None:
    """``ANXU_SIMULATION_SEEDS=10000`` and time enough for all of them; ``…_DAYS`` and ``…_FIRST`` say which."""
    begun, steps = time.monotonic(), 0
    counts: collections.Counter[str] = collections.Counter()
    broken = []
    for seed in range(FIRST, FIRST + SEEDS):
        outcome = lived(pattern, tmp_path, seed, DAYS)
        steps += outcome.steps
        counts.update(outcome.counts)
        if outcome.broken:
            broken.append(f"python -m tests.simulation {seed} --days {DAYS}: {outcome.broken}")
    faults = sum(number for name, number in counts.items() if name.startswith("fault"))
    moves = sum(name.startswith("move") for name in counts)
    tell(
        "48",
        f"{SEEDS} seeds of {DAYS} days: {steps} steps, {counts['done']} acts by {moves} different moves, {faults} faults, "
        f"{len(broken)} broken, {time.monotonic() - begun:.0f} s",
        "0 broken in 10,000 seeds",
    )
    assert not broken, "\n".join(broken)


@pytest.mark.trial
def test_seeds_on_postgresql(postgresql_url: str, fresh_postgresql_url: FreshDatabase) -> None:
    like = fresh_postgresql_url()
    found_pattern(like)
    seeds = max(1, SEEDS // 10)
    outcomes = [run(seed, fresh_postgresql_url(like=like), DAYS) for seed in range(FIRST, FIRST + seeds)]
    broken = [f"seed {one.seed}: {one.broken}" for one in outcomes if one.broken]
    tell(
        "48 (PostgreSQL)",
        f"{seeds} seeds of {DAYS} days: {sum(one.steps for one in outcomes)} steps, {len(broken)} broken",
        "0 broken",
    )
    assert not broken, "\n".join(broken)


@pytest.mark.trial
def test_a_seed_does_not_hang_on_how_this_process_orders_its_sets(tmp_path: Path) -> None:
    said = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "5", "--days", "6"], env={**os.environ, "PYTHONHASHSEED": seed},
            check=True, capture_output=True, text=True, cwd=ROOT,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    tell(
        "48 (replay)",
        f"{len(said[0].splitlines())} lines the same in two processes with other hash seeds",
        "byte-equal",
    )
