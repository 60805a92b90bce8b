"""Incidents: what must never be and was found, until somebody has looked into it.

Room for: opening one once, closing it, the open ones, telling persons of it.
May not enter: what counts as an incident, whom it concerns (`engine/service/incidents.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from engine.model.answers import Notice
from engine.store import tables as t
from engine.store.outbox import outbox_rows
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident of a case; *code* says of what kind, *same* tells it from others of its kind.

    *closed_by* and *reason* say who closed it and why.
    """

    number: int
    case: str
    code: str
    same: str
    sentence: Text
    found_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    reason: str = ""


class Incidents:
    """The incidents of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def open_ones(self) -> tuple[Incident, ...]:
        """Return the open incidents, the oldest first."""
        query = self._mine().where(t.incidents.c.closed_at.is_(None)).order_by(t.incidents.c.number)
        return tuple(_incident(row) for row in self._on.execute(query))

    def get(self, number: int) -> Incident | None:
        """Return the incident with this number, or None."""
        row = self._on.execute(self._mine().where(t.incidents.c.number == number)).one_or_none()
        return _incident(row) if row else None

    def same(self, case_id: str, code: str, same: str) -> Incident | None:
        """Return the open incident that already says this of the case, or None."""
        c = t.incidents.c
        query = self._mine().where(c.case_id == case_id, c.code == code, c.same == same)
        row = self._on.execute(query.where(c.closed_at.is_(None)).limit(1)).first()
        return _incident(row) if row else None

    def open(self, case_id: str, code: str, same: str, sentence: Text, at: datetime) -> Incident:
        """Write an incident down under the next number."""
        last = select(func.max(t.incidents.c.number)).where(t.incidents.c.institution == self._institution)
        number = (self._on.execute(last).scalar_one_or_none() or 0) + 1
        self._on.execute(
            insert(t.incidents).values(
                institution=self._institution, number=number, case_id=case_id, code=code, same=same,
                zh=sentence.zh, en=sentence.en, found_at=at,
            )
        )  # fmt: skip
        return Incident(number, case_id, code, same, sentence, at)

    def close(self, number: int, at: datetime, by: str, reason: str) -> None:
        """Close an incident, saying who did and why; a closed one stays as it is."""
        c = t.incidents.c
        mine = (c.institution == self._institution, c.number == number, c.closed_at.is_(None))
        self._on.execute(update(t.incidents).where(*mine).values(closed_at=at, closed_by=by, reason=reason))

    def tell(self, notices: Iterable[Notice]) -> None:
        """Send notices of an incident; what somebody was told before is not sent again."""
        n = t.notices.c
        for notice in notices:
            key = (
                n.institution == self._institution,
                n.case_id == notice.case,
                n.seq == notice.seq,
                n.person == notice.person,
                n.code == notice.code,
            )
            if self._on.execute(select(n.code).where(*key)).first() is None:
                self._on.execute(
                    insert(t.notices).values(
                        institution=self._institution, case_id=notice.case, seq=notice.seq, person=notice.person,
                        matter=notice.matter, code=notice.code, zh=notice.sentence.zh, en=notice.sentence.en,
                        from_at=notice.from_,
                    )
                )  # fmt: skip
                if rows := outbox_rows(self._institution, [notice]):
                    self._on.execute(insert(t.deliveries), rows)

    def _mine(self) -> Any:
        return select(t.incidents).where(t.incidents.c.institution == self._institution)


def _incident(row: Any) -> Incident:
    return Incident(
        row.number, row.case_id, row.code, row.same, Text(row.zh, row.en), row.found_at, row.closed_at,
        row.closed_by or "", row.reason or "",
    )  # fmt: skip
