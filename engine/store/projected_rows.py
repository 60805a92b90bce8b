"""Projected rows: what stands beside a case and follows from it: its queue columns, words, matters, todos and timers.

Room for: writing the difference between what is there and what the case says.
May not enter: what follows from a case (`engine/core/projection.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from engine.model.case import Case, Matter
from engine.model.projection import Projection, Timer, Todo
from engine.store import tables as t
from engine.store.columns import NEVER
from engine.store.faults import changed_meanwhile
from engine.store.folding import fold_name, fold_number
from engine.store.rows import case_body
from engine.store.words import new_words

TimerKey = tuple[str, str, int, str, int]

SHOWN = ("clock", "due", "overdue_after", "target_due")
"""The columns of a case's own row that people are shown, as the journal keeps them."""

REACH = ("calendar_from", "calendar_until")

DATES = (*SHOWN, "queue_due", *REACH)
"""The columns of a case's own row that rules can move while the case stays as it is."""


class ProjectedRows:
    """The projected rows of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def write(self, before: Case | None, case: Case, projection: Projection) -> None:
        """Make words, matters, todos and timers say what *case* and *projection* say; *before* is what they said last."""
        self._write_words(before, case)
        self._write_matters(before, case)
        self._write_todos(case, projection.todos)
        self._write_timers(case, projection.timers)

    def renew(self, case: Case, projection: Projection) -> None:
        """Make the rows anew after the rules changed under an unchanged *case*. Raises Conflict when it did change.

        The dates people are shown stay: they move by an event and a row of the journal alone.
        """
        row = case_row(case, projection)
        c = t.cases.c
        written = self._on.execute(
            update(t.cases)
            .where(c.institution == self._institution, c.id == case.id, c.version == case.version)
            .values({name: row[name] for name in REACH} | {"revision": c.revision + 1})
        )
        if written.rowcount != 1:
            raise changed_meanwhile()
        self._write_todos(case, projection.todos)
        self._write_timers(case, projection.timers)

    def _write_words(self, before: Case | None, case: Case) -> None:
        if rows := word_rows(self._institution, case.id, new_words(before, case)):
            self._on.execute(insert(t.case_words), rows)

    def _write_matters(self, before: Case | None, case: Case) -> None:
        known = {matter.id: matter for matter in before.matters} if before else {}
        for matter in case.matters:
            row = self._matter_row(case, matter)
            if matter.id not in known:
                self._on.execute(insert(t.matters).values(**row))
            elif known[matter.id] != matter:
                mine = (*self._of(t.matters, case), t.matters.c.id == matter.id)
                self._on.execute(update(t.matters).where(*mine).values(**row))

    def _write_todos(self, case: Case, wanted: Iterable[Todo]) -> None:
        there, new = self._todos(case), frozenset(wanted)
        c = t.todos.c
        for gone in there - new:
            this = (c.matter == gone.matter, c.role == gone.role, c.person == (gone.person or ""))
            self._on.execute(delete(t.todos).where(*self._of(t.todos, case), *this))
        fresh = sorted(new - there, key=lambda todo: (todo.matter, todo.role, todo.person or ""))
        if rows := [todo_row(self._institution, case, todo) for todo in fresh]:
            self._on.execute(insert(t.todos), rows)

    def _write_timers(self, case: Case, wanted: Iterable[Timer]) -> None:
        there, new = self._timers(case), by_key(wanted)
        for key, due in there.items():
            if new.get(key) != due:
                self._on.execute(delete(t.timers).where(*self._of(t.timers, case), _timer_is(key)))
        fresh = {key: due for key, due in new.items() if there.get(key) != due}
        if rows := [timer_row(self._institution, case.id, key, due) for key, due in fresh.items()]:
            self._on.execute(insert(t.timers), rows)

    def _todos(self, case: Case) -> frozenset[Todo]:
        rows = self._on.execute(self._all(t.todos, case))
        return frozenset(todo_of(row) for row in rows)

    def _timers(self, case: Case) -> dict[TimerKey, datetime]:
        rows = self._on.execute(self._all(t.timers, case))
        return {timer_key(row): row.due_at for row in rows}

    def _matter_row(self, case: Case, matter: Matter) -> dict[str, object]:
        return {
            "institution": self._institution, "case_id": case.id, "id": matter.id, "kind": matter.kind,
            "procedure": matter.procedure, "definition": matter.definition, "state": matter.state,
            "party": matter.party, "opened_at": matter.opened_at, "open": matter.open, "outcome": matter.outcome,
        }  # fmt: skip

    def _all(self, table: Table, case: Case) -> Any:
        return select(table).where(*self._of(table, case))

    def _of(self, table: Table, case: Case) -> tuple[ColumnElement[bool], ...]:
        return table.c.institution == self._institution, table.c.case_id == case.id


def case_row(case: Case, projection: Projection) -> Mapping[str, object]:
    """Return the columns of a case's own row, but for the institution."""
    return {
        "id": case.id, "office": case.office, "number": case.number, "number_folded": fold_number(case.number),
        "procedure": case.main.procedure, "version": case.version, "state": case.main.state,
        "stage": projection.stage, "open": case.open, "clock": projection.clock, "due": projection.due,
        "queue_due": projection.due or NEVER,
        "overdue_after": projection.overdue_after, "target_due": projection.target_due,
        "calendar_from": projection.reach and projection.reach[0],
        "calendar_until": projection.reach and projection.reach[1],
        "opened_at": case.opened_at, "parties_folded": "\n".join(fold_name(p.name) for p in case.parties),
        "body": case_body(case),
    }  # fmt: skip


def word_rows(institution: str, case_id: str, words: Iterable[str]) -> list[dict[str, object]]:
    """Return the rows of a case's words."""
    return [{"institution": institution, "word": word, "case_id": case_id} for word in sorted(words)]


def todo_row(institution: str, case: Case, todo: Todo) -> dict[str, object]:
    """Return the row of a todo."""
    return {
        "institution": institution, "case_id": case.id, "matter": todo.matter, "role": todo.role,
        "person": todo.person or "", "office": case.office, "state": todo.state, "due": todo.due,
        "queue_due": todo.due or NEVER,
        "overdue_after": todo.overdue_after,
    }  # fmt: skip


def todo_of(row: Any) -> Todo:
    """Return the todo that a row says."""
    return Todo(row.matter, row.state, row.role, row.person or None, row.due, row.overdue_after)


def timer_row(institution: str, case_id: str, key: TimerKey, due: datetime) -> dict[str, object]:
    """Return the row of a timer."""
    matter, subject, round_, rung, occurrence = key
    return {
        "institution": institution, "case_id": case_id, "matter": matter, "subject": subject, "round": round_,
        "rung": rung, "occurrence": occurrence, "due_at": due,
    }  # fmt: skip


def timer_key(row: Any) -> TimerKey:
    """Return the key of a timer's row within its case."""
    return row.matter, row.subject, row.round, row.rung, row.occurrence


def by_key(timers: Iterable[Timer]) -> dict[TimerKey, datetime]:
    """Return when each timer is due, by its key."""
    return {(w.matter, w.subject, w.round, w.rung, w.occurrence): w.due for w in timers}


def _timer_is(key: TimerKey) -> ColumnElement[bool]:
    c = t.timers.c
    matter, subject, round_, rung, occurrence = key
    this = (c.matter == matter, c.subject == subject, c.round == round_, c.rung == rung)
    return and_(*this, c.occurrence == occurrence)
