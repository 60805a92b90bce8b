"""Saving on SQLite: glimpses without a lock, and the rows of decisions in one transaction.

Room for: the statements as the driver takes them, each prepared once and kept by it.
May not enter: which rows change (`changed_rows.py`), whose turn it is to write (`database.py`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from engine.store import changed_rows as rows
from engine.store.changed_rows import Glimpse, Plain, Saving, changed_rows
from engine.store.editions import ALL
from engine.store.looks import Look, only_one
from engine.store.request import Request
from engine.store.rows import case_of


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * (len(columns) + 1))
    return f"INSERT INTO {table} (institution, {', '.join(map(_quoted, columns))}) VALUES ({marks})"


def _upsert(table: str, key: Sequence[str], columns: Sequence[str]) -> str:
    later = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in ("case_id", *key))
    conflict = ", ".join(("institution", "case_id", *key))
    return f"{_insert(table, columns)} ON CONFLICT ({conflict}) DO UPDATE SET {later}"


def _delete(table: str, key: Sequence[str]) -> str:
    return f"DELETE FROM {table} WHERE institution = ? AND case_id = ? AND " + " AND ".join(
        f"{c} = ?" for c in key
    )


def _quoted(column: str) -> str:
    return f'"{column}"'


_SETS = ", ".join(
    "parties_folded = coalesce(?, parties_folded)" if c == "parties_folded" else f"{c} = ?" for c in rows.CASE
)
_UPDATE_CASE = (
    f"UPDATE cases SET {_SETS}, revision = revision + 1 "
    "WHERE institution = ? AND id = ? AND revision = ? AND version = ?"
)
_EVENT = _insert("events", rows.EVENT)
_MATTER = _upsert("matters", ("id",), rows.MATTER)
_TODO_GONE, _TODO = _delete("todos", rows.TODO_KEY), _upsert("todos", rows.TODO_KEY, rows.TODO)
_TIMER_GONE, _TIMER = _delete("timers", rows.TIMER_KEY), _upsert("timers", rows.TIMER_KEY, rows.TIMER)
_SHOWN = _insert("shown_dates", rows.SHOWN)
_NOTICE = _insert("notices", rows.NOTICE)
_DELIVERY = _insert("deliveries", rows.DELIVERY)
_REQUEST = _insert("requests", rows.REQUEST)

_CASE = "SELECT id, revision, body, clock, due, overdue_after, target_due FROM cases WHERE institution = ? "
_BY_NAME = f"{_CASE} AND (id = ? OR number = ?)"
_BY_IDS = f"{_CASE} AND id IN (SELECT value FROM json_each(?)) ORDER BY id"
_BESIDE = "WHERE institution = ? AND case_id = ?"
_TODOS = f"SELECT matter, role, person, state, due, overdue_after FROM todos {_BESIDE}"
_TIMERS = f"SELECT matter, subject, round, rung, occurrence, due_at FROM timers {_BESIDE}"
_EDITIONS = "SELECT sum(number) FROM editions WHERE institution = ?"
_EDITION = "SELECT number FROM editions WHERE institution = ? AND name = ?"
_REQUESTED = 'SELECT case_id, fingerprint, first, last FROM requests WHERE institution = ? AND "key" = ?'


class SavingOnSqlite:
    """The statements of one institution on one cursor of the driver."""

    def __init__(self, cursor: sqlite3.Cursor, institution: str) -> None:
        self.cursor = cursor
        self._institution = institution

    def look(self, named: str, key: str | None) -> Look | None:
        """Return the case with this id or number as an act needs it; None where there is not exactly one."""
        # The rules come first and the request after the case: whatever is committed in between moves the
        # revision of the case or the edition, so an act decided on a look that mixes two states is not saved.
        editions = self.cursor.execute(_EDITIONS, (self._institution,)).fetchone()[0] or 0
        found = self.cursor.execute(_BY_NAME, (self._institution, named, named)).fetchall()
        row = only_one(found)
        if row is None:
            return None
        return Look(self._glimpse(row), editions, self._request(key) if key else None)

    def glimpses(self, ids: Iterable[str]) -> tuple[Glimpse, ...]:
        """Return the cases with these ids, in order of their ids; those that are gone are left out."""
        found = self.cursor.execute(_BY_IDS, (self._institution, json.dumps(list(ids)))).fetchall()
        return tuple(self._glimpse(row) for row in found)

    def write(self, savings: Sequence[Saving], edition: int | None) -> frozenset[str]:
        """Write each saving whose case is still as it was glimpsed; return the ids of those cases.

        With *edition*, nothing is written where any rule has changed since. The caller's transaction holds it together.
        """
        if edition is not None and self._edition() != edition:
            return frozenset()
        written = []
        for saving in savings:
            changed = changed_rows(saving)
            before = saving.before
            key = (self._institution, before.case.id, before.revision, before.case.version)
            if self.cursor.execute(_UPDATE_CASE, (*changed.case, *key)).rowcount == 1:
                self._write_beside(changed)
                written.append(before.case.id)
        return frozenset(written)

    def _write_beside(self, changed: rows.ChangedRows) -> None:
        for statement, some in (
            (_EVENT, changed.events),
            (_MATTER, changed.matters),
            (_TODO_GONE, changed.todos_gone),
            (_TODO, changed.todos),
            (_TIMER_GONE, changed.timers_gone),
            (_TIMER, changed.timers),
            (_SHOWN, changed.shown),
            (_NOTICE, changed.notices),
            (_DELIVERY, changed.deliveries),
            (_REQUEST, changed.requests),
        ):
            for row in some:
                self.cursor.execute(statement, (self._institution, *row))

    def _edition(self) -> int:
        row = self.cursor.execute(_EDITION, (self._institution, ALL)).fetchone()
        return int(row[0]) if row else 0

    def _glimpse(self, row: Plain) -> Glimpse:
        case_id, revision, body, *shown = row
        mine = (self._institution, case_id)
        todos = self.cursor.execute(_TODOS, mine).fetchall()
        timers = self.cursor.execute(_TIMERS, mine).fetchall()
        return Glimpse(case_of(body), revision, tuple(shown), todos, timers)

    def _request(self, key: str) -> Request | None:
        row: Any = self.cursor.execute(_REQUESTED, (self._institution, key)).fetchone()
        return Request(key, *row) if row else None
