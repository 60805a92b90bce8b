"""Inboxes: the notice rows of persons.

Room for: reading and marking.
May not enter: writing notices (`cases.py`: they belong to the act's commit).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from engine.store import tables as t

SHOWN_MOST = 200


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice row with its case's number; *id* is case, seq and code."""

    id: str
    case: str
    number: str
    matter: str
    zh: str
    en: str
    from_at: datetime
    read: bool


class Inboxes:
    """The inboxes of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def of(self, person: str, at: datetime) -> tuple[StoredNotice, ...]:
        """Return the newest notices that *person* may see at *at*."""
        n, c = t.notices.c, t.cases.c
        rows = self._on.execute(
            select(t.notices, c.number)
            .join(t.cases, (c.institution == n.institution) & (c.id == n.case_id))
            .where(n.institution == self._institution, n.person == person, n.from_at <= at)
            .order_by(n.from_at.desc(), n.case_id, n.seq.desc())
            .limit(SHOWN_MOST)
        )
        return tuple(
            StoredNotice(
                f"{r.case_id}.{r.seq}.{r.code}",
                r.case_id,
                r.number,
                r.matter,
                r.zh,
                r.en,
                r.from_at,
                r.read_at is not None,
            )
            for r in rows
        )

    def unread(self, person: str, at: datetime) -> int:
        """Return how many notices *person* has not read."""
        n = t.notices.c
        query = select(func.count()).where(
            n.institution == self._institution, n.person == person, n.from_at <= at, n.read_at.is_(None)
        )
        return self._on.execute(query).scalar_one()

    def mark_all_read(self, person: str, at: datetime) -> None:
        """Mark every notice that *person* may see at *at* as read."""
        n = t.notices.c
        self._on.execute(
            update(t.notices)
            .where(
                n.institution == self._institution, n.person == person, n.from_at <= at, n.read_at.is_(None)
            )
            .values(read_at=at)
        )

    def mark_read(self, person: str, notice: str, at: datetime) -> None:
        """Mark one notice as read, once."""
        case_id, _, rest = notice.partition(".")
        seq, _, code = rest.partition(".")
        n = t.notices.c
        self._on.execute(
            update(t.notices)
            .where(
                n.institution == self._institution,
                n.person == person,
                n.case_id == case_id,
                n.read_at.is_(None),
            )
            .where(n.seq == (int(seq) if seq.isdecimal() else -1), n.code == code)
            .values(read_at=at)
        )
