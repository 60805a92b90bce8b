"""Figures: what a trial found, one line each."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TOLD: list[str] = []
"""Every figure of this run, for the list at its end."""


def tell(trial: str, figure: str, limit: str) -> None:
    """Print what a trial came to beside what it had to hold."""
    line = f"trial {trial}: {figure} (limit: {limit})"
    TOLD.append(line)
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()


@dataclass(slots=True)
class Taken:
    """How long something took."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Taken]:
    """Measure by the clock that is never set."""
    taken, begun = Taken(), time.monotonic()
    try:
        yield taken
    finally:
        taken.seconds = time.monotonic() - begun
