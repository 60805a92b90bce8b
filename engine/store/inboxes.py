"""Inboxes: the notice rows of persons.

Room for: reading page by page, counting and marking; a reminder that repeats is one line, its newest.
May not enter: writing notices (`cases.py`: they belong to the act's commit), which reminders repeat (the register).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from engine.store import tables as t
from engine.store.columns import from_micros, micros
from engine.store.turning import in_line

_NEWEST = tuple(t.notices.c[name].desc() for name in ("from_at", "case_id", "seq", "code"))

COUNTED_MOST = 1000
"""Unread notices are counted up to this number."""


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice row with its case's number; *id* is case, seq and code."""

    id: str
    case: str
    number: str
    matter: str
    seq: int
    code: str
    zh: str
    en: str
    from_at: datetime
    read: bool

    @property
    def cursor(self) -> str:
        """Where the page after this line begins."""
        return f"{micros(self.from_at)}.{self.id}"


class Inboxes:
    """The inboxes of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def page(
        self, person: str, at: datetime, after: str | None, most: int, *, unread: bool = False,
        folded: Collection[str] = (),
    ) -> tuple[StoredNotice, ...]:  # fmt: skip
        """Return up to *most* notices that *person* may see at *at*, the newest first, after the line with cursor *after*.

        Of the reminders whose code is *folded* each matter shows its newest alone. A cursor that cannot be read is none.
        """
        n, c = t.notices.c, t.cases.c
        query = (
            select(t.notices, c.number)
            .join(t.cases, (c.institution == n.institution) & (c.id == n.case_id))
            .where(*self._shown(person, at, folded), *(self._beyond(after)))
            .order_by(*_NEWEST)
            .limit(most)
        )
        # Two lines of an index each, merged here: a notice that is written need not stand in an index of all of them.
        which = [n.read_at.is_(None)] if unread else [n.read_at.is_(None), n.read_at.is_not(None)]
        rows = [row for only in which for row in self._on.execute(query.where(only))]
        if len(which) > 1:
            rows = in_line(
                self._on, rows, lambda row: (row.from_at, row.case_id, row.seq, row.code), backwards=True
            )
        return tuple(_notice(row) for row in rows[:most])

    def untold(
        self, person: str, channel: str, since: datetime, at: datetime, most: int, folded: Collection[str]
    ) -> tuple[StoredNotice, ...]:
        """Return up to *most* unread notices that came after *since* up to *at* and do not go out singly by *channel*, the newest first."""
        n, c, d = t.notices.c, t.cases.c, t.deliveries.c
        singly = exists().where(
            d.institution == n.institution, d.person == n.person, d.channel == channel, d.case_id == n.case_id,
            d.seq == n.seq, d.code == n.code, d.state != "dead",
        )  # fmt: skip
        query = (
            select(t.notices, c.number)
            .join(t.cases, (c.institution == n.institution) & (c.id == n.case_id))
            .where(*self._shown(person, at, folded), n.read_at.is_(None), n.from_at > since, ~singly)
        )
        return tuple(_notice(row) for row in self._on.execute(query.order_by(*_NEWEST).limit(most)))

    def one(self, person: str, case_id: str, seq: int, code: str) -> StoredNotice | None:
        """Return one notice of *person*, whether its time has come or not, or None."""
        n, c = t.notices.c, t.cases.c
        row = self._on.execute(
            select(t.notices, c.number)
            .join(t.cases, (c.institution == n.institution) & (c.id == n.case_id))
            .where(n.institution == self._institution, n.person == person, n.case_id == case_id)
            .where(n.seq == seq, n.code == code)
        ).one_or_none()
        return _notice(row) if row else None

    def unread(self, person: str, at: datetime, folded: Collection[str] = ()) -> int:
        """Return how many lines *person* has not read, at most `COUNTED_MOST`."""
        n = t.notices.c
        some = select(n.seq).where(*self._shown(person, at, folded), n.read_at.is_(None)).limit(COUNTED_MOST)
        return self._on.execute(select(func.count()).select_from(some.subquery())).scalar_one()

    def due_on(self, person: str, case_id: str, seq: int, code: str, day: date) -> bool:
        """Return whether what a notice is about falls due on *day*: its case, or the step of its matter."""
        notice = self.one(person, case_id, seq, code)
        if notice is None:
            return False
        c, d = t.cases.c, t.todos.c
        case = select(c.id).where(c.institution == self._institution, c.id == case_id, c.due == day)
        step = select(d.case_id).where(
            d.institution == self._institution, d.case_id == case_id, d.matter == notice.matter, d.due == day
        )
        return any(self._on.execute(query.limit(1)).first() for query in (case, step))

    def mark_all_read(self, person: str, at: datetime) -> None:
        """Mark every notice that *person* may see at *at* as read."""
        n = t.notices.c
        mine = (
            n.institution == self._institution,
            n.person == person,
            n.from_at <= at,
            n.read_at.is_(None),
        )
        self._on.execute(update(t.notices).where(*mine).values(read_at=at))

    def mark_read(self, person: str, notice: str, at: datetime, folded: Collection[str] = ()) -> None:
        """Mark one notice as read, once; of a reminder that is *folded* those before it as well."""
        case_id, _, rest = notice.partition(".")
        seq, _, code = rest.partition(".")
        n = t.notices.c
        number = int(seq) if seq.isdecimal() and len(seq) < 10 else -1
        mine = (n.institution == self._institution, n.person == person, n.case_id == case_id, n.code == code)
        matter = select(n.matter).where(*mine, n.seq == number).scalar_subquery()
        which = (n.seq <= number, n.matter == matter) if code in folded else (n.seq == number,)
        self._on.execute(update(t.notices).where(*mine, *which, n.read_at.is_(None)).values(read_at=at))

    def _shown(self, person: str, at: datetime, folded: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        n = t.notices.c
        mine = (n.institution == self._institution, n.person == person, n.from_at <= at)
        if not folded:
            return mine
        later = t.notices.alias("later")
        renewed = exists().where(
            later.c.institution == n.institution, later.c.case_id == n.case_id, later.c.person == n.person,
            later.c.code == n.code, later.c.matter == n.matter, later.c.seq > n.seq, later.c.from_at <= at,
        )  # fmt: skip
        return (*mine, or_(n.code.not_in(list(folded)), ~renewed))

    def _beyond(self, cursor: str | None) -> tuple[ColumnElement[bool], ...]:
        n = t.notices.c
        moment, _, rest = (cursor or "").partition(".")
        case_id, _, last = rest.partition(".")
        seq, _, code = last.partition(".")
        if not (moment.isdecimal() and seq.isdecimal() and len(moment) < 18 and len(seq) < 10):
            return ()
        at, number = from_micros(int(moment)), int(seq)
        return (
            n.from_at <= at,
            or_(
                n.from_at < at,
                n.case_id < case_id,
                and_(n.case_id == case_id, or_(n.seq < number, and_(n.seq == number, n.code < code))),
            ),
        )


def _notice(row: Any) -> StoredNotice:
    return StoredNotice(
        f"{row.case_id}.{row.seq}.{row.code}", row.case_id, row.number, row.matter, row.seq, row.code, row.zh, row.en,
        row.from_at, row.read_at is not None,
    )  # fmt: skip
