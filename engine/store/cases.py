"""Cases: reading a case, and saving a decision on it in one commit.

Room for: the compare-and-set on the version, events, and the rows that follow from the case.
May not enter: what to decide, retries (`engine/service`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, or_, select, update

from engine.errors import Conflict, UnknownCase
from engine.model.answers import Decision, Notice
from engine.model.case import Case
from engine.model.events import Event, canonical, event_of, plain_event
from engine.model.projection import Projection
from engine.store import tables as t
from engine.store.folding import YEAR_AND_NUMBER, fold_number
from engine.store.journal import Journal, shown_of
from engine.store.projected_rows import ProjectedRows, case_row
from engine.store.rows import case_of
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Request:
    """What a request key was used for: *fingerprint* of the request, and the events that answered it."""

    key: str
    case: str
    fingerprint: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event row; *body* is the canonical JSON the others are taken from."""

    seq: int
    kind: str
    recorded_at: datetime
    hash: str
    body: str


class Cases:
    """The cases of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def find(self, named: str) -> Case:
        """Return the case with this id or number, in any typing; year and number (``2026-12``) do where they are unique.

        Raises UnknownCase; what could mean two cases is unknown too.
        """
        found = self._named(named)
        if found is None:
            raise UnknownCase(
                Text(
                    f"没有案号为“{named}”的案件。请核对案号。",
                    f"No case is known as “{named}”. Check the number.",
                )
            )
        return case_of(found.body)

    def number_named(self, named: str) -> str | None:
        """Return the number of the case with this id or number, as `find` reads them, or None."""
        found = self._named(named)
        return found.number if found else None

    def _named(self, named: str) -> Row[Any, Any, Any] | None:
        c = t.cases.c
        folded = fold_number(named)
        ways = [c.id == named, c.number == named, c.number_folded == folded]
        if YEAR_AND_NUMBER.fullmatch(folded):
            ways.append(c.number_folded.like(f"%{folded}"))
        query = select(c.id, c.number, c.body).where(c.institution == self._institution, or_(*ways))
        rows = self._on.execute(query.limit(3)).all()
        exact = [row for row in rows if named in (row.id, row.number)] or rows
        return exact[0] if len(exact) == 1 else None

    def number_taken(self, number: str) -> bool:
        """Return whether a case has this number, in any typing."""
        c = t.cases.c
        query = select(c.id).where(c.institution == self._institution, c.number_folded == fold_number(number))
        return self._on.execute(query.limit(1)).first() is not None

    def get(self, id: str) -> Case:
        """Return the case with this id. Raises UnknownCase."""
        body = self._on.execute(
            select(t.cases.c.body).where(t.cases.c.institution == self._institution, t.cases.c.id == id)
        ).scalar_one_or_none()
        if body is None:
            raise UnknownCase(Text(f"没有案件“{id}”。", f"There is no case “{id}”."))
        return case_of(body)

    def number_of(self, id: str) -> str:
        """Return the number of the case with this id, from its own column."""
        c = t.cases.c
        query = select(c.number).where(c.institution == self._institution, c.id == id)
        return str(self._on.execute(query).scalar_one())

    def office_of(self, id: str) -> str:
        """Return the office of the case with this id, from its own column."""
        c = t.cases.c
        query = select(c.office).where(c.institution == self._institution, c.id == id)
        return str(self._on.execute(query).scalar_one())

    def history(self, id: str) -> tuple[Event, ...]:
        """Return the events of a case in order."""
        rows = self._on.execute(
            select(t.events.c.body)
            .where(t.events.c.institution == self._institution, t.events.c.case_id == id)
            .order_by(t.events.c.seq)
        )
        return tuple(event_from_text(row.body) for row in rows)

    def stored_events(self, id: str) -> tuple[StoredEvent, ...]:
        """Return the event rows of a case as they are, readable or not."""
        c = t.events.c
        query = select(t.events).where(c.institution == self._institution, c.case_id == id).order_by(c.seq)
        return tuple(
            StoredEvent(r.seq, r.kind, r.recorded_at, r.hash, r.body) for r in self._on.execute(query)
        )

    def orphans(self) -> tuple[str, ...]:
        """Return the ids of cases whose events are here and whose own row is not."""
        e, c = t.events.c, t.cases.c
        there = exists().where(c.institution == e.institution, c.id == e.case_id)
        query = (
            select(e.case_id).where(e.institution == self._institution, ~there).distinct().order_by(e.case_id)
        )
        return tuple(self._on.execute(query).scalars())

    def events(self, id: str, first: int, last: int) -> tuple[Event, ...]:
        """Return the events *first* to *last* of a case."""
        return tuple(event for event in self.history(id) if first <= event.seq <= last)

    def events_at(self, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], Event]:
        """Return the event at each place (case, seq)."""
        e = t.events.c
        mine = (
            e.institution == self._institution,
            e.case_id.in_({case for case, _ in places}),
            e.seq.in_({seq for _, seq in places}),
        )
        rows = self._on.execute(select(e.case_id, e.seq, e.body).where(*mine))
        found = {(row.case_id, row.seq): row.body for row in rows}
        return {place: event_from_text(found[place]) for place in places if place in found}

    def ids(self) -> Iterator[str]:
        """Yield the id of every case, in order."""
        query = select(t.cases.c.id).where(t.cases.c.institution == self._institution).order_by(t.cases.c.id)
        yield from self._on.execute(query).scalars()

    def due(self, at: datetime) -> tuple[str, ...]:
        """Return the ids of cases with a timer due at *at*, the longest due first."""
        query = (
            select(t.timers.c.case_id, func.min(t.timers.c.due_at).label("first"))
            .where(t.timers.c.institution == self._institution, t.timers.c.due_at <= at)
            .group_by(t.timers.c.case_id)
            .order_by("first", t.timers.c.case_id)
        )
        return tuple(row.case_id for row in self._on.execute(query))

    def request(self, key: str) -> Request | None:
        """Return what *key* was used for, or None."""
        row = self._on.execute(
            select(t.requests).where(t.requests.c.institution == self._institution, t.requests.c.key == key)
        ).one_or_none()
        return Request(row.key, row.case_id, row.fingerprint, row.first, row.last) if row else None

    def save(
        self, before: Case | None, decision: Decision, request: Request | None = None, load: int | None = None
    ) -> None:
        """Write *decision* and all rows that follow from it; *load* is the calendar load that made it, where one did.

        Dates that are no longer those shown before, and all that a load moved, get a row in the journal. Raises Conflict when the case is no
        longer *before*.
        """
        case, projection = decision.case, decision.projection
        shown = self._shown(case.id) if before else None
        if before is None:
            self._on.execute(
                insert(t.cases).values(institution=self._institution, **case_row(case, projection))
            )
        else:
            self._compare_and_set(before, case, projection)
        self._on.execute(
            insert(t.events), [event_row(self._institution, case.id, event) for event in decision.events]
        )
        ProjectedRows(self._on, self._institution).write(before, case, projection)
        now = shown_of(case.id, case.version, decision.events[-1].recorded_at, projection, load)
        if load is not None or shown != (now.clock, now.due, now.overdue_after, now.target_due):
            Journal(self._on, self._institution).write([now])
        if decision.notices:
            self._save_notices(decision.notices)
        if request:
            self._on.execute(
                insert(t.requests).values(
                    institution=self._institution, key=request.key, case_id=request.case,
                    fingerprint=request.fingerprint, first=request.first, last=request.last,
                    recorded_at=decision.events[-1].recorded_at,
                )
            )  # fmt: skip

    def _shown(self, case_id: str) -> tuple[object, ...] | None:
        c = t.cases.c
        query = select(c.clock, c.due, c.overdue_after, c.target_due)
        row = self._on.execute(query.where(c.institution == self._institution, c.id == case_id)).one_or_none()
        return tuple(row) if row else None

    def _compare_and_set(self, before: Case, case: Case, projection: Projection) -> None:
        written = self._on.execute(
            update(t.cases)
            .where(
                t.cases.c.institution == self._institution,
                t.cases.c.id == before.id,
                t.cases.c.version == before.version,
            )
            .values(**case_row(case, projection))
        )
        if written.rowcount != 1:
            raise Conflict(
                Text("案件刚被他人改动，请重试。", "Somebody changed the case just now; try again.")
            )

    def _save_notices(self, notices: Iterable[Notice]) -> None:
        self._on.execute(insert(t.notices), notice_rows(self._institution, notices))


def event_row(institution: str, case_id: str, event: Event) -> dict[str, object]:
    """Return the row of an event."""
    return {
        "institution": institution, "case_id": case_id, "seq": event.seq, "kind": event.kind,
        "recorded_at": event.recorded_at, "hash": event.hash, "body": canonical(plain_event(event)),
    }  # fmt: skip


def notice_rows(institution: str, notices: Iterable[Notice]) -> list[dict[str, object]]:
    """Return the rows of notices; of one event each person gets one of a kind, the last."""
    rows = {
        (n.case, n.seq, n.person, n.code): {
            "institution": institution, "case_id": n.case, "seq": n.seq, "person": n.person,
            "matter": n.matter, "code": n.code, "zh": n.sentence.zh, "en": n.sentence.en, "from_at": n.from_,
        }
        for n in notices
    }  # fmt: skip
    return list(rows.values())


def event_from_text(body: str) -> Event:
    """Return the event whose canonical JSON *body* is."""
    return event_of(json.loads(body))
