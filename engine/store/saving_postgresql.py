"""Saving on PostgreSQL: a look in one statement, and the rows of decisions in one guarded statement.

Room for: those two statements, which need no transaction around them.
May not enter: which rows change (`changed_rows.py`).

Every round trip costs more than what it asks for. The rows of an act travel as values; those of many cases as JSON, so that
the statement's text, and with it the prepared plan, stays the same however many there are. Parts without rows are left out.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, cast

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


def _plain(column: str) -> str:
    return f"c.{column}::text" if isinstance(t.cases.c[column].type, Date) else f"c.{column}"


_BESIDE = "WHERE institution = c.institution AND case_id = c.id"
_GLIMPSE = (
    f"c.id, c.revision, c.body, {', '.join(map(_plain, rows.LOOKED))}, "
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
    f"same AS MATERIALIZED (SELECT 1 FROM editions WHERE institution = %s AND name = '{ALL}' "
    "AND number = %s FOR SHARE)"
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


def _types(table: str, columns: Iterable[str]) -> list[str]:
    return [_MARKS.get(name) or _type_of(t.metadata.tables[table].c[name].type) for name in columns]


def _given(table: str, column: str) -> str:
    instant = isinstance(t.metadata.tables[table].c[column].type, Instant)
    return f"u.\"{column}\" AT TIME ZONE 'UTC'" if instant else f'u."{column}"'


def _source(table: str, columns: Sequence[str], count: int) -> str:
    """Say where rows come from: *count* of them as values, or any number of them (0) as one JSON text."""
    types = _types(table, columns)
    if not count:
        typed = ", ".join(f'"{name}" {kind}' for name, kind in zip(columns, types, strict=True))
        return f"json_to_recordset(%s::json) AS u({typed})"
    first = ", ".join(f"%s::{kind}" for kind in types)
    later = f", ({', '.join(['%s'] * len(types))})" * (count - 1)
    return f"(VALUES ({first}){later}) AS u({_names(columns)})"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _held(count: int, guarded: bool) -> str:
    sets = ", ".join(
        "parties_folded = coalesce(u.parties_folded, c.parties_folded)"
        if name == "parties_folded"
        else f"{name} = u.{name}"
        for name in rows.CASE
    )
    return (
        f"held AS (UPDATE cases c SET {sets}, revision = c.revision + 1 "
        f"FROM {_source('cases', _HELD, count)}{', same' if guarded else ''} "
        "WHERE c.institution = %s AND c.id = u.id AND c.revision = u.seen AND c.version = u.was "
        "RETURNING c.institution, c.id)"
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What is done with the rows of one kind, of the cases that were held."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    how: Literal["insert", "insert_once", "upsert", "update", "delete"] = "insert"

    def sent(self, some: Sequence[Plain], of_one: bool) -> Iterable[Any]:
        """Return what travels of *some* rows; where all are *of one* case, that case is said once for all of them."""
        if not of_one:
            return [_as_json(self.columns, some)]
        case = self.columns.index("case_id")
        return itertools.chain.from_iterable(row[:case] + row[case + 1 :] for row in some)

    def text(self, name: str, count: int) -> str:
        """Return this part of the statement, for *count* rows of one case as values or for any number of many cases (0)."""
        own = [c for c in self.columns if c != "case_id"]
        source = (
            f"held, {_source(self.table, own, count)}"
            if count
            else f"{_source(self.table, self.columns, count)} JOIN held ON held.id = u.case_id"
        )
        keys = (f'd."{c}" = u."{c}"' for c in self.key)
        mine = " AND ".join(("d.institution = held.institution", "d.case_id = held.id", *keys))
        if self.how == "delete":
            return f"{name} AS (DELETE FROM {self.table} d USING {source} WHERE {mine})"
        later = [c for c in own if c not in self.key]
        if self.how == "update":
            sets = ", ".join(f"{c} = {_given(self.table, c)}" for c in later)
            return f"{name} AS (UPDATE {self.table} d SET {sets} FROM {source} WHERE {mine})"
        values = ", ".join(_given(self.table, c) for c in own)
        text = (
            f"INSERT INTO {self.table} (institution, case_id, {_names(own)}) "
            f"SELECT held.institution, held.id, {values} FROM {source}"
        )
        if self.how == "insert_once":
            text += " ON CONFLICT DO NOTHING"
        if self.how == "upsert":
            sets = ", ".join(f"{c} = excluded.{c}" for c in later)
            text += f" ON CONFLICT (institution, case_id, {', '.join(self.key)}) DO UPDATE SET {sets}"
        return f"{name} AS ({text})"


_MARKS = {"was": "integer", "seen": "integer"}
"""What a case is compared with, beside its own columns."""

_HELD = ("id", *rows.CASE, *_MARKS)

_PARTS: Mapping[str, _Part] = {
    "words": _Part("case_words", rows.WORD, how="insert_once"),
    "events": _Part("events", rows.EVENT),
    "moved_on": _Part("matters", rows.MOVED_ON, ("id",), "update"),
    "matters": _Part("matters", rows.MATTER, ("id",), "upsert"),
    "todos_gone": _Part("todos", ("case_id", *rows.TODO_KEY), rows.TODO_KEY, "delete"),
    "todos_moved": _Part("todos", rows.TODO, rows.TODO_KEY, "update"),
    "todos": _Part("todos", rows.TODO),
    "timers_gone": _Part("timers", ("case_id", *rows.TIMER_KEY), rows.TIMER_KEY, "delete"),
    "timers_moved": _Part("timers", rows.TIMER, rows.TIMER_KEY, "update"),
    "timers": _Part("timers", rows.TIMER),
    "shown": _Part("shown_dates", rows.SHOWN),
    "notices": _Part("notices", rows.NOTICE),
    "deliveries": _Part("deliveries", rows.DELIVERY),
    "requests": _Part("requests", rows.REQUEST),
}

MOST_AS_VALUES = 24
"""An act on one case that writes so many rows or fewer sends them as values, which the server need not take apart. Each
number of rows is a statement of its own, to be planned anew; JSON is one for all."""


STATEMENTS_MOST = 1024
"""So many combinations of numbers of rows are kept as text."""


@lru_cache(STATEMENTS_MOST)
def _statement(counts: tuple[tuple[str, int], ...], of_one: bool, guarded: bool) -> str:
    first = [_SAME] if guarded else []
    parts = (_PARTS[name].text(name, count if of_one else 0) for name, count in counts)
    whole = f"WITH {', '.join((*first, _held(int(of_one), guarded), *parts))} SELECT id FROM held"
    # As the server itself numbers them: the driver would take a text of this length apart at every use.
    numbers = itertools.count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", whole)


@cache
def _numbering(kind: Any) -> Any:
    """Return cursors of *kind*, the connection's own, that take parameters by their numbers."""
    return type("Numbering", (psycopg.RawCursor, kind), {})


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
        changed = [changed_rows(saving) for saving in savings]
        held: list[Plain] = [
            (s.before.case.id, *one.case, s.before.case.version, s.before.revision)
            for s, one in zip(savings, changed, strict=True)
        ]
        beside = [
            (name, some)
            for name in _PARTS
            if (some := [row for one in changed for row in getattr(one, name)])
        ]
        of_one = len(savings) == 1 and sum(len(some) for _, some in beside) <= MOST_AS_VALUES
        given: list[Any] = [] if edition is None else [self._institution, edition]
        given += held[0] if of_one else [_as_json(_HELD, held)]
        given.append(self._institution)
        for name, some in beside:
            given += _PARTS[name].sent(some, of_one)
        # Where rows are JSON, their number is none of the statement's business.
        counts = tuple((name, len(some) if of_one else 0) for name, some in beside)
        connection = self.cursor.connection
        with _numbering(cast(Hashable, connection.cursor_factory))(connection) as cursor:
            written = cursor.execute(_statement(counts, of_one, edition is not None), given).fetchall()
        return frozenset(row[0] for row in written)


def _as_json(columns: Sequence[str], some: Sequence[Plain]) -> str:
    return _JSON([dict(zip(columns, row, strict=True)) for row in some])


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _glimpse(row: Plain) -> Glimpse:
    _, revision, body, *looked, todos, timers = row
    keyed = [[matter, subject, int(n), rung, int(nth), at] for matter, subject, n, rung, nth, at in timers]
    return Glimpse(case_of(body), revision, tuple(looked), todos, keyed)
