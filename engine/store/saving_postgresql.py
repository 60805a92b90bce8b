"""Saving on PostgreSQL: a look in one statement, and the rows of decisions in one guarded statement.

Room for: those two statements, which need no transaction around them.
May not enter: which rows change (`changed_rows.py`).

Every round trip costs more than what it asks for. Rows travel as JSON, so that the statement's text, and with it the
prepared plan, stays the same however many there are; parts without rows are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Boolean, Date, Integer
from sqlalchemy.types import TypeEngine

from engine.store import changed_rows as rows
from engine.store import tables as t
from engine.store.changed_rows import Glimpse, Plain, Saving, changed_rows
from engine.store.columns import Instant
from engine.store.editions import ALL
from engine.store.looks import Look, only_one
from engine.store.request import Request
from engine.store.rows import case_of

_BESIDE = "WHERE institution = c.institution AND case_id = c.id"
_GLIMPSE = (
    "c.id, c.revision, c.body, c.clock, c.due::text, c.overdue_after::text, c.target_due::text, "
    f"ARRAY(SELECT ARRAY[matter, role, person, state, due::text, overdue_after::text] FROM todos {_BESIDE}), "
    "ARRAY(SELECT ARRAY[matter, subject, round::text, rung, occurrence::text, "
    f"to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')] FROM timers {_BESIDE})"
)
_LOOK = (
    f"SELECT {_GLIMPSE}, (SELECT sum(number) FROM editions WHERE institution = c.institution)::integer, "
    "r.case_id, r.fingerprint, r.first, r.last FROM cases c "
    'LEFT JOIN requests r ON r.institution = c.institution AND r."key" = %s '
    "WHERE c.institution = %s AND (c.id = %s OR c.number = %s)"
)
_GLIMPSES = f"SELECT {_GLIMPSE} FROM cases c WHERE c.institution = %s AND c.id = ANY(%s) ORDER BY c.id"

_SAME = (
    f"same AS MATERIALIZED (SELECT 1 FROM editions WHERE institution = %(i)s AND name = '{ALL}' "
    "AND number = %(edition)s FOR SHARE)"
)
"""Whoever changes the rules waits for this lock and this waits for them; then the number is looked at again."""


def _type_of(kind: TypeEngine[Any]) -> str:
    if isinstance(kind, Instant):
        return "timestamp"
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, Date):
        return "date"
    return "integer" if isinstance(kind, Integer) else "text"


def _typed(table: str, columns: Iterable[str]) -> str:
    known = t.metadata.tables[table].c
    return ", ".join(f'"{name}" {_type_of(known[name].type)}' for name in columns)


def _given(table: str, column: str) -> str:
    instant = isinstance(t.metadata.tables[table].c[column].type, Instant)
    return f"u.\"{column}\" AT TIME ZONE 'UTC'" if instant else f'u."{column}"'


def _records(part: str, table: str, columns: Iterable[str]) -> str:
    return f"json_to_recordset(%({part})s::json) AS u({_typed(table, columns)})"


def _held(guarded: bool) -> str:
    sets = ", ".join(
        "parties_folded = coalesce(u.parties_folded, c.parties_folded)"
        if name == "parties_folded"
        else f"{name} = u.{name}"
        for name in rows.CASE
    )
    source = f"json_to_recordset(%(cases)s::json) AS u({_typed('cases', ('id', *rows.CASE))}, was integer, seen integer)"
    return (
        f"held AS (UPDATE cases c SET {sets}, revision = c.revision + 1 FROM {source}{', same' if guarded else ''} "
        "WHERE c.institution = %(i)s AND c.id = u.id AND c.revision = u.seen AND c.version = u.was RETURNING c.id)"
    )


def _insert(
    part: str, table: str, columns: Sequence[str], key: Sequence[str] = (), case: str = "case_id"
) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(_given(table, name) for name in columns)
    text = (
        f"{part} AS (INSERT INTO {table} (institution, {names}) SELECT %(i)s, {values} "
        f"FROM {_records(part, table, columns)} JOIN held ON held.id = u.{case}"
    )
    if key:
        later = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("case_id", *key))
        text += f" ON CONFLICT (institution, case_id, {', '.join(key)}) DO UPDATE SET {later}"
    return f"{text})"


def _delete(part: str, table: str, key: Sequence[str]) -> str:
    same = " AND ".join(f'd."{name}" = u."{name}"' for name in ("case_id", *key))
    return (
        f"{part} AS (DELETE FROM {table} d USING {_records(part, table, ('case_id', *key))}, held "
        f"WHERE d.institution = %(i)s AND {same} AND held.id = u.case_id)"
    )


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": rows.EVENT,
    "matters": rows.MATTER,
    "todos_gone": ("case_id", *rows.TODO_KEY),
    "todos": rows.TODO,
    "timers_gone": ("case_id", *rows.TIMER_KEY),
    "timers": rows.TIMER,
    "shown": rows.SHOWN,
    "notices": rows.NOTICE,
    "deliveries": rows.DELIVERY,
    "requests": rows.REQUEST,
}

_PARTS: Mapping[str, str] = {
    "events": _insert("events", "events", rows.EVENT),
    "matters": _insert("matters", "matters", rows.MATTER, ("id",)),
    "todos_gone": _delete("todos_gone", "todos", rows.TODO_KEY),
    "todos": _insert("todos", "todos", rows.TODO, rows.TODO_KEY),
    "timers_gone": _delete("timers_gone", "timers", rows.TIMER_KEY),
    "timers": _insert("timers", "timers", rows.TIMER, rows.TIMER_KEY),
    "shown": _insert("shown", "shown_dates", rows.SHOWN),
    "notices": _insert("notices", "notices", rows.NOTICE),
    "deliveries": _insert("deliveries", "deliveries", rows.DELIVERY),
    "requests": _insert("requests", "requests", rows.REQUEST),
}


@cache
def _statement(parts: tuple[str, ...], guarded: bool) -> str:
    first = [_SAME] if guarded else []
    whole = ", ".join((*first, _held(guarded), *(_PARTS[part] for part in parts)))
    return f"WITH {whole} SELECT id FROM held"


class SavingOnPostgresql:
    """The statements of one institution on one cursor of the driver."""

    def __init__(self, cursor: psycopg.Cursor[Any], institution: str) -> None:
        self.cursor = cursor
        self._institution = institution

    def look(self, named: str, key: str | None) -> Look | None:
        """Return the case with this id or number as an act needs it; None where there is not exactly one."""
        found = self.cursor.execute(_LOOK, (key or "", self._institution, named, named)).fetchall()
        row = only_one(found)
        if row is None:
            return None
        edition, case_id, fingerprint, first, last = row[-5:]
        request = Request(key, case_id, fingerprint, first, last) if key and case_id else None
        return Look(_glimpse(row[:-5]), edition or 0, request)

    def glimpses(self, ids: Iterable[str]) -> tuple[Glimpse, ...]:
        """Return the cases with these ids, in order of their ids; those that are gone are left out."""
        return tuple(map(_glimpse, self.cursor.execute(_GLIMPSES, (self._institution, list(ids))).fetchall()))

    def write(self, savings: Sequence[Saving], edition: int | None) -> frozenset[str]:
        """Write each saving whose case is still as it was glimpsed; return the ids of those cases.

        With *edition*, nothing is written where any rule has changed since. It is one statement: all of it or nothing.
        """
        cases: list[dict[str, Any]] = []
        beside: dict[str, list[dict[str, Any]]] = {part: [] for part in _PARTS}
        for saving in savings:
            changed, before = changed_rows(saving), saving.before
            key = {"id": before.case.id, "was": before.case.version, "seen": before.revision}
            cases.append(dict(zip(rows.CASE, changed.case, strict=True)) | key)
            for part, columns in _COLUMNS.items():
                some: list[Plain] = getattr(changed, part)
                beside[part] += [dict(zip(columns, row, strict=True)) for row in some]
        parts = tuple(part for part, some in beside.items() if some)
        given = {"i": self._institution, "edition": edition, "cases": _json(cases)}
        given |= {part: _json(beside[part]) for part in parts}
        written = self.cursor.execute(_statement(parts, edition is not None), given).fetchall()
        return frozenset(row[0] for row in written)


def _json(some: list[dict[str, Any]]) -> str:
    return json.dumps(some, ensure_ascii=False, separators=(",", ":"))


def _glimpse(row: Plain) -> Glimpse:
    _, revision, body, clock, due, overdue_after, target_due, todos, timers = row
    keyed = [[matter, subject, int(n), rung, int(nth), at] for matter, subject, n, rung, nth, at in timers]
    return Glimpse(case_of(body), revision, (clock, due, overdue_after, target_due), todos, keyed)
