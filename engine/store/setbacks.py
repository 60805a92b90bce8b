"""Setbacks: cases whose due rungs could not be fired, how often it was tried, and when it is tried again.

Room for: counting a try once whoever fails, putting a case aside, taking it up again, forgetting what has been mended.
May not enter: how long to wait between tries (`engine/service/setting_back.py`), what went wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from engine.model.procedure import MAIN
from engine.store import tables as t
from engine.text import Text

FAR = timedelta(hours=2)
"""No case is left alone for so long between two tries, whichever node's clock it goes by: a try further ahead is of one that was wrong."""


@dataclass(frozen=True, slots=True)
class Setback:
    """A case that failed *tries* times since *first_at*, last for *cause*; without *next_at* it is put aside."""

    case: str
    tries: int
    first_at: datetime
    last_at: datetime
    next_at: datetime | None
    cause: Text


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows say of a case that perhaps cannot be read."""

    number: str
    office: str
    version: int
    matter: str


class Setbacks:
    """The setbacks of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def of(self, case_id: str) -> Setback | None:
        """Return the setback of a case, or None."""
        row = self._on.execute(self._mine().where(t.setbacks.c.case_id == case_id)).one_or_none()
        return _setback(row) if row else None

    def ids(self) -> frozenset[str]:
        """Return the ids of all that are set back."""
        c = t.setbacks.c
        return frozenset(
            self._on.execute(select(c.case_id).where(c.institution == self._institution)).scalars()
        )

    def counted(self) -> tuple[int, int]:
        """Return how many are tried again by themselves, and how many are put aside."""
        c = t.setbacks.c
        query = select(func.count(c.next_at), func.count()).where(c.institution == self._institution)
        again, every = self._on.execute(query).one()
        return again, every - again

    def all(self, most: int) -> tuple[Setback, ...]:
        """Return at most so many: those put aside, then those that failed first."""
        c = t.setbacks.c
        rows = self._on.execute(
            self._mine().order_by(c.next_at.is_not(None), c.first_at, c.case_id).limit(most)
        )
        return tuple(map(_setback, rows))

    def known(self, case_id: str) -> Known | None:
        """Return number, office, version and main matter of a case from their own columns, or None."""
        c, m = t.cases.c, t.matters.c
        main = select(func.min(m.id)).where(m.institution == c.institution, m.case_id == c.id, m.kind == MAIN)
        query = select(c.number, c.office, c.version, main.scalar_subquery().label("matter"))
        row = self._on.execute(query.where(c.institution == self._institution, c.id == case_id)).one_or_none()
        return Known(row.number, row.office, row.version, row.matter or "") if row else None

    def begin(self, setback: Setback) -> None:
        """Write down the first failure of a case. Raises Conflict where somebody else has."""
        self._on.execute(
            insert(t.setbacks).values(
                institution=self._institution, case_id=setback.case, first_at=setback.first_at, **_values(setback)
            )
        )  # fmt: skip

    def go_on(self, before: Setback, after: Setback) -> bool:
        """Write down a further failure; False where somebody else has counted the same try."""
        c = t.setbacks.c
        same = (c.institution == self._institution, c.case_id == before.case, c.tries == before.tries)
        return self._on.execute(update(t.setbacks).where(*same).values(**_values(after))).rowcount == 1

    def clear(self, case_ids: Collection[str]) -> None:
        """Forget these: their rungs have fired, or somebody takes them up again."""
        c = t.setbacks.c
        self._on.execute(
            delete(t.setbacks).where(c.institution == self._institution, c.case_id.in_(list(case_ids)))
        )

    def forget_mended(self, at: datetime) -> None:
        """Forget those that have nothing due at *at* any more, however that came about.

        Those that failed later than *at* stay: the clock was set back, and what they wait for has not been mended.
        """
        c, due = t.setbacks.c, t.timers.c
        waits = exists().where(due.institution == c.institution, due.case_id == c.case_id, due.due_at <= at)
        self._on.execute(
            delete(t.setbacks).where(c.institution == self._institution, c.last_at <= at, ~waits)
        )

    def _mine(self) -> Any:
        return select(t.setbacks).where(t.setbacks.c.institution == self._institution)


def _values(setback: Setback) -> dict[str, object]:
    return {
        "tries": setback.tries, "last_at": setback.last_at, "next_at": setback.next_at,
        "zh": setback.cause.zh, "en": setback.cause.en,
    }  # fmt: skip


def _setback(row: Any) -> Setback:
    return Setback(row.case_id, row.tries, row.first_at, row.last_at, row.next_at, Text(row.zh, row.en))
