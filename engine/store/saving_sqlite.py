"""Saving on SQLite: glimpses without a lock, and the rows of decisions in one transaction.

Room for: the statements as the driver takes them, each prepared once and kept by it.
May not enter: which rows change (`changed_rows.py`), whose turn it is to write (`database.py`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import compress

from engine.store import changed_rows as rows
from engine.store.changed_rows import Glimpse, Plain, Saving, changed_groups, changed_rows
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
    # With a plain "person = ?" SQLite would look whether the index of persons '' might serve, and prepare anew for each.
    same = " AND ".join("+person = ?" if c == "person" else f"{c} = ?" for c in key)
    return f"DELETE FROM {table} WHERE institution = ? AND case_id = ? AND {same}"


def _quoted(column: str) -> str:
    return f'"{column}"'


@cache
def _update_case(groups: tuple[bool, ...]) -> tuple[str, tuple[bool, ...]]:
    """Return the statement that sets what has changed, and which of the columns of a case it names.

    SQLite writes every index of a column that is named, whether its value moves or not.
    """
    seldom = (rows.PLACED, rows.DATED, rows.REACHED, rows.NAMED)
    columns = {*rows.MOVED, *(c for group, moves in zip(seldom, groups, strict=True) if moves for c in group)}
    sets = ", ".join(f"{c} = ?" for c in rows.CASE if c in columns)
    return (
        f"UPDATE cases SET {sets}, revision = revision + 1 "
        "WHERE institution = ? AND id = ? AND revision = ? AND version = ?"
    ), tuple(c in columns for c in rows.CASE)


_WORD = f"{_insert('case_words', rows.WORD)} ON CONFLICT DO NOTHING"
_EVENT = _insert("events", rows.EVENT)
_MOVED_ON = "UPDATE matters SET state = ?4, outcome = ?5 WHERE institution = ?1 AND case_id = ?2 AND id = ?3"
_MATTER = _upsert("matters", ("id",), rows.MATTER)
_TODO_GONE, _TODO = _delete("todos", rows.TODO_KEY), _insert("todos", rows.TODO)
_TODO_MOVED = _upsert("todos", rows.TODO_KEY, rows.TODO)
_TIMER_GONE, _TIMER = _delete("timers", rows.TIMER_KEY), _insert("timers", rows.TIMER)
_TIMER_MOVED = _upsert("timers", rows.TIMER_KEY, rows.TIMER)
_SHOWN = _insert("shown_dates", rows.SHOWN)
_NOTICE = _insert("notices", rows.NOTICE)
_DELIVERY = _insert("deliveries", rows.DELIVERY)
_REQUEST = _insert("requests", rows.REQUEST)

_CASE = f"SELECT c.id, c.revision, c.body, {', '.join(f'c.{column}' for column in rows.LOOKED)}"
_BY_NAME = (
    f"{_CASE}, (SELECT sum(number) FROM editions WHERE institution = ?1), r.case_id, r.fingerprint, r.first, r.last "
    'FROM cases c LEFT JOIN requests r ON r.institution = ?1 AND r."key" = ?2 '
    "WHERE c.institution = ?1 AND (c.id = ?3 OR c.number = ?3)"
)
_BY_IDS = (
    f"{_CASE} FROM cases c WHERE c.institution = ? AND c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id"
)
_BESIDE = "WHERE institution = ? AND case_id = ?"
_TODOS = f"SELECT matter, role, person, state, due, overdue_after FROM todos {_BESIDE}"
_TIMERS = f"SELECT matter, subject, round, rung, occurrence, due_at FROM timers {_BESIDE}"
_EDITION = "SELECT number FROM editions WHERE institution = ? AND name = ?"


class SavingOnSqlite:
    """The statements of one institution on one cursor of the driver."""

    def __init__(self, cursor: sqlite3.Cursor, institution: str) -> None:
        self.cursor = cursor
        self._institution = institution

    def look(self, named: str, key: str | None) -> Look | None:
        """Return the case with this id or number as an act needs it; None where there is not exactly one."""
        # Todos and timers come after: whatever is committed in between moves the revision of the case, so an act decided
        # on a look that mixes two states is not saved.
        found = self.cursor.execute(_BY_NAME, (self._institution, key or "", named)).fetchall()
        row = only_one(found)
        if row is None:
            return None
        editions, case_id, fingerprint, first, last = row[-5:]
        request = Request(key, case_id, fingerprint, first, last) if key and case_id else None
        return Look(self._glimpse(row[:-5]), editions or 0, request)

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
            if self._update(saving, changed.case):
                self._write_beside(changed)
                written.append(before.case.id)
        return frozenset(written)

    def _update(self, saving: Saving, row: Plain) -> bool:
        before = saving.before
        statement, named = _update_case(changed_groups(saving, row))
        key = (self._institution, before.case.id, before.revision, before.case.version)
        return self.cursor.execute(statement, (*compress(row, named), *key)).rowcount == 1

    def _write_beside(self, changed: rows.ChangedRows) -> None:
        for statement, some in (
            (_WORD, changed.words),
            (_EVENT, changed.events),
            (_MOVED_ON, changed.moved_on),
            (_MATTER, changed.matters),
            (_TODO_GONE, changed.todos_gone),
            (_TODO_MOVED, changed.todos_moved),
            (_TODO, changed.todos),
            (_TIMER_GONE, changed.timers_gone),
            (_TIMER_MOVED, changed.timers_moved),
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
        case_id, revision, body = row[:3]
        mine = (self._institution, case_id)
        todos = self.cursor.execute(_TODOS, mine).fetchall()
        timers = self.cursor.execute(_TIMERS, mine).fetchall()
        return Glimpse(case_of(body), revision, row[3:], todos, timers)
