"""Waiting: the one place where a trial lets time pass, with a deadline where it waits for something."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], object], patience: float, what: str) -> float:
    """Wait until something is so, and return how long that took; fail with *what* after *patience* seconds."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if true():
            return time.monotonic() - begun
        pause(0.05)
    raise AssertionError(f"not within {patience} s: {what}")


def pause(seconds: float) -> None:
    """Let so much time pass: where what is tried is what comes to pass in it, or the moment at which something strikes."""
    time.sleep(seconds)
