"""Cases: reading a case, and saving a decision on it in one commit.

Room for: the compare-and-set on the version, events, and the rows that follow from the case.
May not enter: what to decide, retries (`engine/service`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, or_, select, update

from engine.errors import UnknownCase
from engine.model.answers import Decision, Notice
from engine.model.case import Case
from engine.model.event_text import event_text
from engine.model.events import Event, Kind, event_of
from engine.model.projection import Projection
from engine.store import tables as t
from engine.store.changed_rows import Glimpse, Saving
from engine.store.faults import changed_meanwhile
from engine.store.folding import YEAR_AND_NUMBER, fold_number
from engine.store.journal import Journal, shown_of
from engine.store.outbox import outbox_rows
from engine.store.projected_rows import ProjectedRows, case_row
from engine.store.request import Request
from engine.store.rows import case_of
from engine.store.saving import TUNED, Tuned, tuned
from engine.store.words import with_word
from engine.text import Text


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event row; *body* is the canonical JSON the others are taken from."""

    seq: int
    kind: str
    recorded_at: datetime
    hash: str
    body: str


class Cases:
    """The cases of one institution on one connection; *portable*: by plain SQL alone, as another database would."""

    def __init__(self, connection: Connection, institution: str, *, portable: bool = False) -> None:
        self._on = connection
        self._institution = institution
        self._portable = portable or connection.dialect.name not in TUNED

    def find(self, named: str) -> Case:
        """Return the case with this id or number, in any typing; year and number (``2026-12``) do where they are unique.

        Raises UnknownCase; what could mean two cases is unknown too.
        """
        return case_of(self._known(named).body)

    def id_of(self, named: str) -> str:
        """Return the id of the case with this id or number, as `find` reads them. Raises UnknownCase."""
        return str(self._known(named).id)

    def _known(self, named: str) -> Row[Any, Any, Any]:
        found = self._named(named)
        if found is None:
            raise UnknownCase(
                Text(
                    f"没有案号为“{named}”的案件。请核对案号；也可只写年份和序号，如 2026-16。",
                    f"No case is known as “{named}”. Check the number; year and number will do, like 2026-16.",
                )
            )
        return found

    def number_named(self, named: str) -> str | None:
        """Return the number of the case with this id or number, as `find` reads them, or None."""
        found = self._named(named)
        return found.number if found else None

    def _named(self, named: str) -> Row[Any, Any, Any] | None:
        c = t.cases.c
        folded = fold_number(named)
        ways = [or_(c.id == named, c.number == named, c.number_folded == folded)]
        if YEAR_AND_NUMBER.fullmatch(folded):
            ways.append(c.id.in_(with_word(self._institution, folded)))
        # One after the other: of both at once PostgreSQL would read every case.
        query = select(c.id, c.number, c.body).where(c.institution == self._institution).limit(3)
        rows = list({row.id: row for way in ways for row in self._on.execute(query.where(way))}.values())
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

    def reach(self, id: str) -> tuple[date, date] | None:
        """Return the first and the last day of the calendar that the dates of a case rest on, or None where they rest on none."""
        c = t.cases.c
        query = select(c.calendar_from, c.calendar_until).where(
            c.institution == self._institution, c.id == id
        )
        row = self._on.execute(query).one()
        return (row.calendar_from, row.calendar_until) if row.calendar_from else None

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

    def history(self, id: str, kind: Kind | None = None) -> tuple[Event, ...]:
        """Return the events of a case in order; where a *kind* is given, those of it alone are read."""
        c = t.events.c
        query = select(c.body).where(c.institution == self._institution, c.case_id == id).order_by(c.seq)
        if kind is not None:
            query = query.where(c.kind == kind)
        return tuple(event_from_text(row.body) for row in self._on.execute(query))

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

    def request(self, key: str) -> Request | None:
        """Return what *key* was used for, or None."""
        row = self._on.execute(
            select(t.requests).where(t.requests.c.institution == self._institution, t.requests.c.key == key)
        ).one_or_none()
        return Request(row.key, row.case_id, row.fingerprint, row.first, row.last) if row else None

    def glimpses(self, ids: Collection[str]) -> tuple[Glimpse, ...]:
        """Return the cases with these ids and their rows, in order of their ids."""
        with self._tuned() as tuned:
            return tuned.glimpses(ids)

    def save_all(self, savings: Sequence[Saving]) -> frozenset[str]:
        """Write each saving whose case is still as it was glimpsed; return the ids of those cases."""
        with self._tuned() as tuned:
            return tuned.write(savings, None)

    @contextmanager
    def _tuned(self) -> Iterator[Tuned]:
        cursor = self._on.connection.cursor()
        try:
            yield tuned(self._on.dialect.name, cursor, self._institution)
        finally:
            cursor.close()

    def save(
        self, before: Case | None, decision: Decision, request: Request | None = None, load: int | None = None
    ) -> None:
        """Write *decision* and all rows that follow from it; *load* is the calendar load that made it, where one did.

        Dates that are no longer those shown before, and all that a load moved, get a row in the journal. Raises Conflict when the case is no
        longer *before*.
        """
        if before is not None and not self._portable:
            self._save_tuned(before, decision, request, load)
            return
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

    def _save_tuned(
        self, before: Case, decision: Decision, request: Request | None, load: int | None
    ) -> None:
        there = [one for one in self.glimpses([before.id]) if one.case.version == before.version]
        if not self.save_all([Saving(one, decision, request, load) for one in there]):
            raise changed_meanwhile()

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
            .values(**case_row(case, projection), revision=t.cases.c.revision + 1)
        )
        if written.rowcount != 1:
            raise changed_meanwhile()

    def _save_notices(self, notices: Iterable[Notice]) -> None:
        told = tuple(notices)
        self._on.execute(insert(t.notices), notice_rows(self._institution, told))
        if rows := outbox_rows(self._institution, told):
            self._on.execute(insert(t.deliveries), rows)


def event_row(institution: str, case_id: str, event: Event) -> dict[str, object]:
    """Return the row of an event."""
    return {
        "institution": institution, "case_id": case_id, "seq": event.seq, "kind": event.kind,
        "recorded_at": event.recorded_at, "hash": event.hash, "body": event_text(event),
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
