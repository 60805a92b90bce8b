"""Rearmings: which register the timers of the open cases follow, and how far they have been brought to it.

Room for: one row an institution, advanced by whoever comes first.
May not enter: what a case's timers are (`engine/core/rungs.py`), the batches (`engine/service/rearming.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from engine.errors import Conflict
from engine.store import tables as t
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Rearming:
    """The cases up to the id *cursor* follow the register of activation *register*; all of them once it is finished."""

    register: int
    cursor: str
    done: int
    finished_at: datetime | None

    def awaited_by(self, case_id: str) -> bool:
        """Whether this case has not been come to yet."""
        return self.finished_at is None and case_id > self.cursor


class Rearmings:
    """How the cases of one institution follow its register, on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def now(self) -> Rearming | None:
        """Return what the cases follow, or None before the institution is founded."""
        c = t.rearmings.c
        row = self._on.execute(select(t.rearmings).where(c.institution == self._institution)).one_or_none()
        return Rearming(row.register, row.cursor, row.done, row.finished_at) if row else None

    def begin(self, register: int, before: Rearming | None) -> None:
        """Let the cases follow another register. Raises Conflict where somebody else has begun it."""
        if before is None:
            self._on.execute(
                insert(t.rearmings).values(
                    institution=self._institution, register=register, cursor="", done=0
                )
            )
            return
        self._change(before, register=register, cursor="", done=0, finished_at=None)

    def advance(self, before: Rearming, cursor: str, done: int) -> None:
        """Write down a batch. Raises Conflict where somebody else has done it."""
        self._change(before, cursor=cursor, done=before.done + done)

    def finish(self, before: Rearming, at: datetime) -> None:
        """Write down that every case follows. Raises Conflict where somebody else has."""
        self._change(before, finished_at=at)

    def set(self, register: int, at: datetime) -> None:
        """Write down that every case follows *register*, brought to it in the same commit."""
        values = {"register": register, "cursor": "", "done": 0, "finished_at": at}
        c = t.rearmings.c
        done = self._on.execute(
            update(t.rearmings).where(c.institution == self._institution).values(**values)
        )
        if done.rowcount == 0:
            self._on.execute(insert(t.rearmings).values(institution=self._institution, **values))

    def batch(self, after: str, most: int) -> Sequence[str]:
        """Return the ids of the next cases that are open, or have something open beside themselves: custody, an inventory."""
        c = t.cases.c
        mine = (c.institution == self._institution, or_(c.open, c.calendar_from.is_not(None)), c.id > after)
        return self._on.execute(select(c.id).where(*mine).order_by(c.id).limit(most)).scalars().all()

    def _change(self, before: Rearming, **values: object) -> None:
        c = t.rearmings.c
        same = (
            c.institution == self._institution,
            c.register == before.register,
            c.cursor == before.cursor,
            c.finished_at.is_(None) if before.finished_at is None else c.finished_at.is_not(None),
        )
        if self._on.execute(update(t.rearmings).where(*same).values(**values)).rowcount != 1:
            raise Conflict(
                Text(
                    "案件正在按新登记册重算，请重试。",
                    "The cases are being brought to a new register; try again.",
                )
            )
