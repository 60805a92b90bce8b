"""Figures: what a trial found, one line each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


def tell(trial: str, figure: str, limit: str) -> None:
    """Print what a trial came to beside what it had to hold."""
    print(f"\ntrial {trial}: {figure} (limit: {limit})", flush=True)  # noqa: T201


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
