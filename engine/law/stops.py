"""Stops: the days on which a limit does not run, and how counting steps over them.

Room for: spans of days and the three questions every count asks about them.
May not enter: why a limit stops, who said so, extensions; calendars but for one question about a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

Span = tuple[int, int]
"""Ordinal numbers of days, half open: the first stopped day and the day that counts again."""

NEVER = 1 << 31
"""The day after an open stop: later than any date, so no count has to ask whether there is one."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Days *start* up to but not including *until* are stopped; *until* None: it is still open (K2)."""

    start: date
    until: date | None = None

    def span(self) -> Span:
        """Return the stop as ordinal numbers."""
        return self.start.toordinal(), NEVER if self.until is None else self.until.toordinal()


def union(spans: Sequence[Span]) -> Sequence[Span]:
    """Return *spans* in order and without overlap: a day is stopped once (K4). Empty spans vanish."""
    whole: list[Span] = []
    last, reached = 0, 0
    for start, until in sorted(spans):
        if start >= until:
            continue
        if start > reached:
            whole.append((start, until))
            last, reached = start, until
        elif until > reached:
            whole[-1] = last, until
            reached = until
    return whole


def nth_counted(zero: int, count: int, stops: Sequence[Span]) -> int:
    """Return the *count*-th day after day *zero* that is not in the united *stops*; NEVER if none comes."""
    if count < 1:
        return zero
    day = zero + count
    for start, until in stops:
        if start > day:
            break
        if until > zero:
            day += until - start if start > zero else until - zero - 1
    return day if day < NEVER else NEVER


def stopped_between(zero: int, day: int, stops: Sequence[Span]) -> int:
    """Return how many days after *zero* up to and including *day* are in the united *stops*."""
    return sum(max(0, min(until, day + 1) - max(start, zero + 1)) for start, until in stops)


def rolled(day: int, stops: Sequence[Span], rests: Callable[[int], bool]) -> int:
    """Return *day* or the first day after it that is neither a rest day nor in the united *stops* (K10)."""
    for start, until in stops:
        if until <= day:
            continue
        while day < start and rests(day):
            day += 1
        if day < start:
            return day
        day = until
    while day < NEVER and rests(day):
        day += 1
    return day
