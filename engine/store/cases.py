"""Cases: reading a case, and saving a decision on it in one commit.

Room for: the compare-and-set on the version, events, and the rows that follow from the case.
May not enter: what to decide, retries (`engine/service`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select, update

from engine.errors import Conflict, UnknownCase
from engine.model.answers import Decision, Notice
from engine.model.case import Case
from engine.model.events import Event, canonical, event_of, plain_event
from engine.model.procedure import MAIN
from engine.model.projection import Projection, Timer, Todo
from engine.store import tables as t
from engine.store.folding import fold_number
from engine.store.rows import case_body, case_of
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Request:
    """What a request key was used for: *fingerprint* of the request, and the events that answered it."""

    key: str
    case: str
    fingerprint: str
    first: int
    last: int


class Cases:
    """The cases of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def find(self, named: str) -> Case:
        """Return the case with this id or number, in any typing. Raises UnknownCase; a doubtful number is unknown too."""
        folded = fold_number(named)
        rows = self._on.execute(
            select(t.cases.c.id, t.cases.c.number, t.cases.c.body)
            .where(t.cases.c.institution == self._institution)
            .where(
                (t.cases.c.id == named) | (t.cases.c.number == named) | (t.cases.c.number_folded == folded)
            )
            .limit(3)
        ).all()
        exact = [row for row in rows if named in (row.id, row.number)]
        if len(exact or rows) != 1:
            raise UnknownCase(
                Text(
                    f"没有案号为“{named}”的案件。请核对案号。",
                    f"No case is known as “{named}”. Check the number.",
                )
            )
        return case_of((exact or rows)[0].body)

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

    def history(self, id: str) -> tuple[Event, ...]:
        """Return the events of a case in order."""
        rows = self._on.execute(
            select(t.events.c.body)
            .where(t.events.c.institution == self._institution, t.events.c.case_id == id)
            .order_by(t.events.c.seq)
        )
        return tuple(event_from_text(row.body) for row in rows)

    def events(self, id: str, first: int, last: int) -> tuple[Event, ...]:
        """Return the events *first* to *last* of a case."""
        return tuple(event for event in self.history(id) if first <= event.seq <= last)

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

    def save(self, before: Case | None, decision: Decision, request: Request | None = None) -> None:
        """Write *decision* and all rows that follow from it. Raises Conflict when the case is no longer *before*."""
        case, projection = decision.case, decision.projection
        if before is None:
            self._on.execute(
                insert(t.cases).values(institution=self._institution, **_case_row(case, projection))
            )
        else:
            self._compare_and_set(before, case, projection)
        self._on.execute(insert(t.events), [self._event_row(case.id, event) for event in decision.events])
        self._save_matters(before, case)
        self.project(case, projection)
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

    def project(self, case: Case, projection: Projection) -> None:
        """Make the todos and timers of *case* say what *projection* says, writing the difference only."""
        self._sync_todos(case, projection.todos)
        self._sync_timers(case, projection.timers)

    def todos_of(self, case_id: str) -> frozenset[Todo]:
        """Return the todo rows of a case."""
        rows = self._on.execute(select(t.todos).where(*self._of(t.todos, case_id)))
        return frozenset(Todo(r.matter, r.state, r.role, r.person or None, r.due) for r in rows)

    def timer_keys(self, case_id: str) -> dict[tuple[str, str, int, str, int], datetime]:
        """Return the timer rows of a case: key -> when due."""
        rows = self._on.execute(select(t.timers).where(*self._of(t.timers, case_id)))
        return {(r.matter, r.subject, r.round, r.rung, r.occurrence): r.due_at for r in rows}

    def _compare_and_set(self, before: Case, case: Case, projection: Projection) -> None:
        written = self._on.execute(
            update(t.cases)
            .where(
                t.cases.c.institution == self._institution,
                t.cases.c.id == before.id,
                t.cases.c.version == before.version,
            )
            .values(**_case_row(case, projection))
        )
        if written.rowcount != 1:
            raise Conflict(
                Text("案件刚被他人改动，请重试。", "Somebody changed the case just now; try again.")
            )

    def _event_row(self, case_id: str, event: Event) -> dict[str, object]:
        return {
            "institution": self._institution, "case_id": case_id, "seq": event.seq, "kind": event.kind,
            "recorded_at": event.recorded_at, "hash": event.hash, "body": canonical(plain_event(event)),
        }  # fmt: skip

    def _save_matters(self, before: Case | None, case: Case) -> None:
        known = {matter.id: matter for matter in before.matters} if before else {}
        for matter in case.matters:
            if known.get(matter.id) == matter:
                continue
            row = {
                "kind": matter.kind, "procedure": matter.procedure, "definition": matter.definition,
                "state": matter.state, "party": matter.party, "opened_at": matter.opened_at,
                "open": matter.open, "outcome": matter.outcome,
            }  # fmt: skip
            if matter.id in known:
                query = update(t.matters).where(*self._of(t.matters, case.id), t.matters.c.id == matter.id)
                self._on.execute(query.values(**row))
            else:
                self._on.execute(
                    insert(t.matters).values(
                        institution=self._institution, case_id=case.id, id=matter.id, **row
                    )
                )

    def _sync_todos(self, case: Case, wanted: Iterable[Todo]) -> None:
        there = self.todos_of(case.id)
        new = frozenset(wanted)
        for gone in there - new:
            self._on.execute(
                delete(t.todos).where(
                    *self._of(t.todos, case.id),
                    t.todos.c.matter == gone.matter,
                    t.todos.c.role == gone.role,
                    t.todos.c.person == (gone.person or ""),
                )
            )
        rows = [
            {"institution": self._institution, "case_id": case.id, "matter": todo.matter, "role": todo.role,
             "person": todo.person or "", "office": case.office, "state": todo.state, "due": todo.due}
            for todo in sorted(new - there, key=lambda todo: (todo.matter, todo.role, todo.person or ""))
        ]  # fmt: skip
        if rows:
            self._on.execute(insert(t.todos), rows)

    def _sync_timers(self, case: Case, wanted: Iterable[Timer]) -> None:
        there = self.timer_keys(case.id)
        new = {(w.matter, w.subject, w.round, w.rung, w.occurrence): w.due for w in wanted}
        for key, due in there.items():
            if new.get(key) != due:
                self._on.execute(delete(t.timers).where(*self._of(t.timers, case.id), _timer_is(key)))
        rows = [
            {"institution": self._institution, "case_id": case.id, "matter": key[0], "subject": key[1],
             "round": key[2], "rung": key[3], "occurrence": key[4], "due_at": due}
            for key, due in new.items() if there.get(key) != due
        ]  # fmt: skip
        if rows:
            self._on.execute(insert(t.timers), rows)

    def _save_notices(self, notices: Iterable[Notice]) -> None:
        rows = {
            (n.case, n.seq, n.person): {
                "institution": self._institution, "case_id": n.case, "seq": n.seq, "person": n.person,
                "matter": n.matter, "code": n.code, "zh": n.sentence.zh, "en": n.sentence.en, "from_at": n.from_,
            }
            for n in notices
        }  # fmt: skip
        self._on.execute(insert(t.notices), list(rows.values()))

    def _of(self, table: Table, case_id: str) -> tuple[ColumnElement[bool], ...]:
        return table.c.institution == self._institution, table.c.case_id == case_id


def event_from_text(body: str) -> Event:
    """Return the event whose canonical JSON *body* is."""
    return event_of(json.loads(body))


def _case_row(case: Case, projection: Projection) -> dict[str, object]:
    assert case.main.kind == MAIN
    return {
        "id": case.id, "office": case.office, "number": case.number, "number_folded": fold_number(case.number),
        "procedure": case.main.procedure, "version": case.version, "state": case.main.state,
        "stage": projection.stage, "open": case.open, "clock": projection.clock, "due": projection.due,
        "overdue_after": projection.overdue_after, "target_due": projection.target_due,
        "opened_at": case.opened_at, "parties": "\n".join(f"{p.role}:{p.name}" for p in case.parties),
        "body": case_body(case),
    }  # fmt: skip


def _timer_is(key: tuple[str, str, int, str, int]) -> ColumnElement[bool]:
    matter, subject, round_, rung, occurrence = key
    c = t.timers.c
    return and_(
        c.matter == matter,
        c.subject == subject,
        c.round == round_,
        c.rung == rung,
        c.occurrence == occurrence,
    )
