"""Journal: the dates each case showed, from when on.

Room for: what was shown at an instant, the journal of one case, what a calendar load moved.
May not enter: which dates are shown (`engine/core/projection.py`), whom a moved date concerns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select

from engine.model.projection import Projection
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class ShownDates:
    """What a case showed from event *seq*, recorded at *at*, on; *load* is the calendar load that moved it, if one did."""

    case: str
    seq: int
    at: datetime
    clock: str
    due: date | None
    overdue_after: date | None
    target_due: date | None
    load: int | None = None

    def says(self, projection: Projection) -> bool:
        """Return whether *projection* shows the same dates."""
        return (self.clock, self.due, self.overdue_after, self.target_due) == (
            projection.clock, projection.due, projection.overdue_after, projection.target_due,
        )  # fmt: skip


class Journal:
    """The journal of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def shown_at(self, case_id: str, instant: datetime) -> ShownDates | None:
        """Return what the case showed at *instant*; None before it was there."""
        j = t.shown_dates.c
        query = self._of(case_id).where(j.at <= instant).order_by(j.seq.desc()).limit(1)
        row = self._on.execute(query).first()
        return _shown(row) if row else None

    def of(self, case_id: str) -> tuple[ShownDates, ...]:
        """Return the whole journal of a case, in order."""
        rows = self._on.execute(self._of(case_id).order_by(t.shown_dates.c.seq))
        return tuple(_shown(row) for row in rows)

    def moved_by(
        self, load: int, after: tuple[str, int] = ("", 0), most: int = 200
    ) -> tuple[ShownDates, ...]:
        """Return a page of what cases show since the *load* moved them, from the one after (case, seq) *after* on."""
        j = t.shown_dates.c
        case, seq = after
        later = or_(j.case_id > case, and_(j.case_id == case, j.seq > seq))
        mine = (j.institution == self._institution, j.load == load, later)
        rows = self._on.execute(select(t.shown_dates).where(*mine).order_by(j.case_id, j.seq).limit(most))
        return tuple(_shown(row) for row in rows)

    def write(self, rows: Sequence[ShownDates]) -> None:
        """Add rows; each belongs to the commit of its event."""
        if rows:
            self._on.execute(
                insert(t.shown_dates),
                [
                    {"institution": self._institution, "case_id": row.case, "seq": row.seq, "at": row.at, "clock": row.clock,
                     "due": row.due, "overdue_after": row.overdue_after, "target_due": row.target_due, "load": row.load}
                    for row in rows
                ],
            )  # fmt: skip

    def _of(self, case_id: str) -> Any:
        j = t.shown_dates.c
        return select(t.shown_dates).where(j.institution == self._institution, j.case_id == case_id)


def shown_of(
    case_id: str, seq: int, at: datetime, projection: Projection, load: int | None = None
) -> ShownDates:
    """Return the row that says what *projection* shows from event *seq* on."""
    p = projection
    return ShownDates(case_id, seq, at, p.clock, p.due, p.overdue_after, p.target_due, load)


def _shown(row: Any) -> ShownDates:
    return ShownDates(
        row.case_id, row.seq, row.at, row.clock, row.due, row.overdue_after, row.target_due, row.load
    )
