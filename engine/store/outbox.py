"""Outbox: what goes out beside the inbox, written in the commit that has a reason for it, and taken by whoever comes first.

Room for: the rows of notices and digests, taking one by a lease, how each try ended, counts.
May not enter: wording and sending (`engine/service/`), who is told by which channel (`engine/core/draft.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, insert, or_, select, update

from engine.model.answers import Notice
from engine.store import tables as t
from engine.store.columns import from_micros, micros
from engine.text import Text

Kind = Literal["notice", "digest"]
State = Literal["waiting", "sent", "dead"]

WAITING: State = "waiting"
SENT: State = "sent"
DEAD: State = "dead"

KEPT = timedelta(days=30)
"""What was sent is kept so long."""

FAR = timedelta(days=31)
"""Nothing waits for so long: neither between tries nor for work to begin. What does was put off by a clock that was wrong."""

DIGESTS_AT_ONCE = 200
CLEARED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one person by one channel; a receiver knows a repetition by its *key*.

    *from_at*: when it could first go; *next_at*: when it is tried next, or when it was sent or given up.
    """

    key: str
    channel: str
    person: str
    kind: Kind
    case: str | None
    seq: int | None
    code: str | None
    day: date | None
    state: State
    from_at: datetime
    next_at: datetime
    tries: int
    reason: Text | None

    @property
    def cursor(self) -> str:
        """Where the page after this one begins."""
        return f"{micros(self.next_at)}.{self.key}"


class Counts(NamedTuple):
    """How much waits, how much was given up, and how many seconds the longest waiting could have gone already."""

    waiting: int
    dead: int
    oldest_seconds: int


DELIVERY = (
    "key", "channel", "person", "kind", "case_id", "seq", "code", "state", "from_at", "next_at", "tries",
)  # fmt: skip


def deliveries_of(notices: Iterable[Notice]) -> list[tuple[Any, ...]]:
    """Return what *notices* send beside the inbox, as rows of `DELIVERY`; none where nobody is reached so."""
    rows: dict[str, tuple[Any, ...]] = {}
    for n in notices:
        for channel, since in n.by:
            key = key_of("notice", n.case, n.seq, n.person, n.code, channel)
            rows[key] = (key, channel, n.person, "notice", n.case, n.seq, n.code, WAITING, n.from_, since, 0)
    return list(rows.values())


def outbox_rows(institution: str, notices: Iterable[Notice]) -> list[dict[str, object]]:
    """Return the same with their names, for the table."""
    rows = deliveries_of(notices)
    return [{"institution": institution, **dict(zip(DELIVERY, row, strict=True))} for row in rows]


def key_of(*parts: object) -> str:
    """Return the key of what is told by *parts*: the same for the same message, whoever makes it."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:24]


def _may_be_due(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # Whoever takes one that stands too far ahead looks at it by today's clock, and puts it off where it must wait. Two
    # ranges of the index, asked one by one: for either of them at once SQLite would read all that wait.
    d = t.deliveries.c
    return d.next_at <= at, d.next_at > at + FAR


def counts(connection: Connection, institution: str, at: datetime) -> Counts:
    """Return how the outbox stands at *at*."""
    d = t.deliveries.c
    waiting, dead, oldest = connection.execute(
        select(
            func.count(case((d.state == WAITING, 1))),
            func.count(case((d.state == DEAD, 1))),
            func.min(case((d.state == WAITING, d.from_at))),
        ).where(d.institution == institution, d.state.in_((WAITING, DEAD)))
    ).one()
    return Counts(waiting, dead, max(0, int((at - oldest).total_seconds())) if oldest else 0)


class Outbox:
    """The outbox of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def counts(self, at: datetime) -> Counts:
        """Return how the outbox stands at *at*."""
        return counts(self._on, self._institution, at)

    def channels_due(self, channels: Collection[str], at: datetime) -> tuple[str, ...]:
        """Return those of *channels* by which something is to go at *at*."""
        d = t.deliveries.c
        waiting = (d.institution == self._institution, d.state == WAITING)

        def due(name: str) -> bool:
            either = [exists().where(*waiting, d.channel == name, when) for when in _may_be_due(at)]
            return bool(self._on.execute(select(or_(*either))).scalar())

        return tuple(name for name in channels if due(name))

    def channels_waiting(self) -> dict[str, int]:
        """Return how much waits by each channel."""
        d = t.deliveries.c
        waiting = (d.institution == self._institution, d.state == WAITING)
        query = select(d.channel, func.count().label("waiting")).where(*waiting).group_by(d.channel)
        return {row.channel: row.waiting for row in self._on.execute(query)}

    def due(self, channel: str, at: datetime, most: int) -> tuple[Delivery, ...]:
        """Return what is to go by *channel* at *at*, the longest waiting first."""
        d = t.deliveries.c
        for when in _may_be_due(at):
            query = self._mine().where(d.state == WAITING, d.channel == channel, when)
            if found := self._read(query.order_by(d.next_at, d.key).limit(most)):
                return found
        return ()

    def page(self, state: State, after: str | None, most: int) -> tuple[Delivery, ...]:
        """Return those in *state* after the one with the cursor *after*, the latest first; a cursor that cannot be read is none."""
        d = t.deliveries.c
        query = self._mine().where(d.state == state)
        moment, _, key = (after or "").partition(".")
        if moment.isdecimal() and len(moment) < 18:
            at = from_micros(int(moment))
            query = query.where((d.next_at < at) | ((d.next_at == at) & (d.key > key)))
        return self._read(query.order_by(d.next_at.desc(), d.key).limit(most))

    def get(self, key: str) -> Delivery | None:
        """Return the delivery with this key, or None."""
        return next(iter(self._read(self._mine().where(t.deliveries.c.key == key))), None)

    def take(self, one: Delivery, until: datetime) -> bool:
        """Take *one* for this process until then, counting a try; False where somebody else was first.

        Whoever took it and is never heard of again loses it at *until*.
        """
        return self._changed(one, next_at=until, tries=one.tries + 1)

    def postpone(self, one: Delivery, until: datetime) -> bool:
        """Let *one* wait until then without a try; False where somebody else was first."""
        return self._changed(one, from_at=until, next_at=until)

    def give_up(self, one: Delivery, at: datetime, reason: Text) -> bool:
        """Make *one*, as it was read, a dead letter; False where somebody else was first."""
        return self._changed(one, state=DEAD, next_at=at, zh=reason.zh, en=reason.en)

    def note_sent(self, key: str, at: datetime) -> None:
        """Write down that it went, whoever else may have taken it meanwhile: it need not go once more."""
        self._write(key, state=SENT, next_at=at, zh=None, en=None)

    def note_failure(self, key: str, tries: int, next_at: datetime, reason: Text, *, dead: bool) -> None:
        """Write down why try number *tries* failed; nothing where somebody else has taken it since."""
        d = t.deliveries.c
        mine = (d.institution == self._institution, d.key == key, d.tries == tries, d.state == WAITING)
        values = {"state": DEAD if dead else WAITING, "next_at": next_at, "zh": reason.zh, "en": reason.en}
        self._on.execute(update(t.deliveries).where(*mine).values(values))

    def again(self, at: datetime, key: str | None = None) -> int:
        """Let the dead letter *key* (None: every one) be tried anew from *at* on; return how many that are."""
        d = t.deliveries.c
        query = update(t.deliveries).where(d.institution == self._institution, d.state == DEAD)
        if key is not None:
            query = query.where(d.key == key)
        return self._on.execute(query.values(state=WAITING, next_at=at, tries=0)).rowcount

    def forget(self, key: str) -> None:
        """Take one away: there is nobody to tell any more, or nothing to say."""
        d = t.deliveries.c
        self._on.execute(delete(t.deliveries).where(d.institution == self._institution, d.key == key))

    def clear(self, before: datetime) -> int:
        """Take away what was sent before then, a bounded number at a time."""
        d = t.deliveries.c
        old = (
            select(d.key)
            .where(d.institution == self._institution, d.state == SENT, d.next_at < before)
            .limit(CLEARED_AT_ONCE)
        )
        keys = list(self._on.execute(old).scalars())
        if keys:
            self._on.execute(delete(t.deliveries).where(d.institution == self._institution, d.key.in_(keys)))
        return len(keys)

    # --- digests ------------------------------------------------------------------------------------------

    def digests_missing(self, day: date) -> tuple[tuple[str, str], ...]:
        """Return (person, channel) of those who want a digest and have none written down for *day*."""
        c = t.contacts.c
        query = select(c.person, c.channel).where(
            c.institution == self._institution,
            c.wants != "each",
            c.digest_on.is_(None) | (c.digest_on != day),
        )
        rows = self._on.execute(query.order_by(c.person, c.channel).limit(DIGESTS_AT_ONCE))
        return tuple((row.person, row.channel) for row in rows)

    def digest_before(self, one: Delivery) -> datetime | None:
        """Return as of when the digest before *one* went to the same person by the same channel; None where none is known."""
        d = t.deliveries.c
        query = select(func.max(d.from_at)).where(
            d.institution == self._institution, d.state == SENT, d.channel == one.channel, d.kind == "digest",
            d.person == one.person, d.from_at < one.from_at,
        )  # fmt: skip
        return self._on.execute(query).scalar()

    def write_digest(self, person: str, channel: str, day: date, at: datetime, *, send: bool) -> None:
        """Write down that the digest of *day* is seen to, and with *send* the digest, unless somebody else was first."""
        c = t.contacts.c
        mine = (c.institution == self._institution, c.person == person, c.channel == channel)
        first = self._on.execute(
            update(t.contacts)
            .where(*mine, c.digest_on.is_(None) | (c.digest_on != day))
            .values(digest_on=day)
        )
        key = key_of("digest", person, channel, day)
        if first.rowcount == 1 and send and self.get(key) is None:
            self._on.execute(
                insert(t.deliveries).values(
                    institution=self._institution, key=key, channel=channel, person=person, kind="digest",
                    day=day, state=WAITING, from_at=at, next_at=at, tries=0,
                )
            )  # fmt: skip

    # ------------------------------------------------------------------------------------------------------

    def _changed(self, one: Delivery, **values: object) -> bool:
        d = t.deliveries.c
        mine = (d.institution == self._institution, d.key == one.key, d.state == WAITING)
        as_read = (d.tries == one.tries, d.next_at == one.next_at)
        return self._on.execute(update(t.deliveries).where(*mine, *as_read).values(values)).rowcount == 1

    def _write(self, key: str, **values: object) -> None:
        d = t.deliveries.c
        self._on.execute(
            update(t.deliveries).where(d.institution == self._institution, d.key == key).values(values)
        )

    def _mine(self) -> Any:
        return select(t.deliveries).where(t.deliveries.c.institution == self._institution)

    def _read(self, query: Any) -> tuple[Delivery, ...]:
        return tuple(
            Delivery(
                r.key, r.channel, r.person, r.kind, r.case_id, r.seq, r.code, r.day, r.state, r.from_at, r.next_at,
                r.tries, Text(r.zh, r.en) if r.zh is not None else None,
            )
            for r in self._on.execute(query)
        )  # fmt: skip
