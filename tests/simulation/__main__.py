"""``python -m tests.simulation SEED``: live through a seed again and print every step of it."""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.running import Outcome, copied, found_pattern, run


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run one seed and print its steps, or many and print those that break."""
    words = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    words.add_argument("seed", type=int)
    words.add_argument("--days", type=int, default=30)
    words.add_argument(
        "--seeds", type=int, default=1, help="so many seeds from SEED on, each told in one line"
    )
    words.add_argument(
        "--postgresql", metavar="URL", help="an empty database to live in, instead of a SQLite file"
    )
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="anxu-simulation-") as folder:
        return _many(asked, Path(folder)) if asked.seeds > 1 else _one(asked, Path(folder))


def _one(asked: argparse.Namespace, folder: Path) -> int:
    if asked.postgresql:
        found_pattern(asked.postgresql)
        return _told(run(asked.seed, asked.postgresql, asked.days, say))
    found_pattern(f"sqlite:///{folder / 'pattern.db'}")
    with copied(folder / "pattern.db", folder, asked.seed) as url:
        return _told(run(asked.seed, url, asked.days, say))


def _told(outcome: Outcome) -> int:
    for name, number in sorted(outcome.counts.items()):
        say(f"  {number:6} {name}")
    say(f"seed {outcome.seed}: {outcome.steps} steps, {outcome.broken or 'nothing broken'}")
    return 1 if outcome.broken else 0


def _many(asked: argparse.Namespace, folder: Path) -> int:
    found_pattern(f"sqlite:///{folder / 'pattern.db'}")
    begun, broken, steps = time.monotonic(), 0, 0
    counts: collections.Counter[str] = collections.Counter()
    for seed in range(asked.seed, asked.seed + asked.seeds):
        with copied(folder / "pattern.db", folder, seed) as url:
            outcome = run(seed, url, asked.days)
        steps += outcome.steps
        counts.update(outcome.counts)
        if outcome.broken:
            broken += 1
            say(f"seed {seed}: {outcome.broken}")
        elif seed % 10 == 9:
            say(f"… seed {seed} at {time.monotonic() - begun:.0f} s")
    for name, number in sorted(counts.items()):
        say(f"  {number:6} {name}")
    say(
        f"{asked.seeds} seeds of {asked.days} days: {broken} broken, {steps} steps in {time.monotonic() - begun:.0f} s"
    )
    return 1 if broken else 0


sys.exit(main())
