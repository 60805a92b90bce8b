"""Two clocks: this machine's and the database's; where they are apart, nothing that goes by the time is done here.

Room for: how far they may be apart, and the sentence where they are further.
May not enter: what is done by the time (`sweeping.py`, `delivering.py`), asking the database (`engine/store`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.errors import ClockApart
from engine.model.rules import Rules
from engine.text import Text

APART = timedelta(minutes=5)
"""The most by which this machine's clock and the database's may differ."""


def ahead(rules: Rules, clock: datetime | None, at: datetime) -> timedelta:
    """By how much *at* is ahead of the database's *clock*; nothing where it has none, or a rehearsal sets its own time."""
    if clock is None or rules.register.rehearsal:
        return timedelta()
    return at - clock


def clock_apart(ahead: timedelta, left: Text) -> ClockApart:
    """Return the error for clocks that differ by so much; *left* says what was left undone."""
    seconds = int(ahead.total_seconds())
    return ClockApart(
        Text(
            f"本机时钟与数据库时钟相差{abs(seconds)}秒（本机{'快' if seconds > 0 else '慢'}），{left.zh}。请校准时钟。",
            f"This machine's clock is {abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} the database's; "
            f"{left.en}. Set the clock right.",
        )
    )
