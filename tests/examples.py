"""Examples: with how many of them a property is tried: a few in the suite, as many times more as whoever runs it asks for."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("ANXU_EXAMPLES", "1"))
"""`./run trials` sets it: what is found among thousands of examples is found there, and stays in the suite as a case of its own."""


def examples(few: int) -> int:
    """The number of examples of one property, *few* of which are for every run of the suite."""
    return few * TIMES
