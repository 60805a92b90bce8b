"""Sweepers: every process that sweeps, when it was last seen and what it has done.

Room for: one row a process, written by that process alone; who is alive; the rows of the dead taken away.
May not enter: how the work is shared between them (`engine/service/sweeping.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.store import tables as t

KEPT = timedelta(days=1)
"""How long the row of a process that is gone is kept."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """A process that sweeps: *fired* rungs so far, *late* ones among them, cases that *failed*.

    *lag_seconds* is how long its last work had been due, *clock_seconds* by how much its clock was ahead of the database's.
    """

    node: str
    edition: str
    seen_at: datetime
    swept_at: datetime | None = None
    fired: int = 0
    late: int = 0
    failed: int = 0
    lag_seconds: int = 0
    clock_seconds: int = 0


class Sweepers:
    """The sweepers of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def all(self) -> tuple[Sweeper, ...]:
        """Return every sweeper there is a row of, by name."""
        c = t.sweepers.c
        rows = self._on.execute(select(t.sweepers).where(c.institution == self._institution).order_by(c.node))
        return tuple(_sweeper(row) for row in rows)

    def seen_since(self, since: datetime) -> tuple[str, ...]:
        """Return the names of those seen since then, in order."""
        c = t.sweepers.c
        query = select(c.node).where(c.institution == self._institution, c.seen_at >= since)
        return tuple(self._on.execute(query.order_by(c.node)).scalars())

    def tell(self, one: Sweeper) -> None:
        """Write down that a sweeper is there, and add what it has done since it last said so."""
        c = t.sweepers.c
        now = {
            "edition": one.edition, "seen_at": one.seen_at, "lag_seconds": one.lag_seconds,
            "clock_seconds": one.clock_seconds,
        }  # fmt: skip
        if one.swept_at is not None:
            now["swept_at"] = one.swept_at
        more = {"fired": c.fired + one.fired, "late": c.late + one.late, "failed": c.failed + one.failed}
        mine = (c.institution == self._institution, c.node == one.node)
        if self._on.execute(update(t.sweepers).where(*mine).values(**now, **more)).rowcount == 0:
            done = {"fired": one.fired, "late": one.late, "failed": one.failed}
            self._on.execute(
                insert(t.sweepers).values(institution=self._institution, node=one.node, **now, **done)
            )

    def forget_dead(self, at: datetime) -> None:
        """Take away the rows of processes that have not been seen for `KEPT`."""
        c = t.sweepers.c
        self._on.execute(delete(t.sweepers).where(c.institution == self._institution, c.seen_at < at - KEPT))


def _sweeper(row: Any) -> Sweeper:
    return Sweeper(
        row.node, row.edition, row.seen_at, row.swept_at, row.fired, row.late, row.failed, row.lag_seconds,
        row.clock_seconds,
    )  # fmt: skip
