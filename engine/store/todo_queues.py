"""Todo queues: who is awaited on what, in the order of an index: a person's own and their pools, overdue steps, a ledger.

Room for: keyset pages of todo rows, and counting them no further than is shown.
May not enter: lists of cases (`docket.py`), words, lights (`engine/service`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select

from engine.store import tables as t
from engine.store.turning import Turn, Turned, there_is
from engine.store.written import Written, run

PlaceOfTodo = tuple[date, str, str, str, str]
"""Where a todo stands: last day, case, matter, role, person."""

PlaceOfStep = tuple[date, str, str]
"""Where an overdue step stands: the last day that was certainly in time, case, matter."""

NOBODY: ColumnElement[str] = literal_column("''")
"""The person of a todo for a pool; written out, so that the indexes of pools and of persons are known to hold."""

_NEXT = "SELECT office FROM todos WHERE institution = :institution AND role = :role AND person = ''"
# From one office to the next, each by the index of pools: there is no plan that reads the todos of an office through.
_PLACES_ON_SQLITE = (
    f"WITH RECURSIVE places(office) AS (SELECT ({_NEXT} ORDER BY office LIMIT 1) "
    f"UNION ALL SELECT ({_NEXT} AND office > places.office ORDER BY office LIMIT 1) "
    "FROM places WHERE places.office IS NOT NULL) SELECT office FROM places WHERE office IS NOT NULL"
)
_PLACES = {
    "sqlite": _PLACES_ON_SQLITE,
    "postgresql": re.sub(r":(\w+)", r"%(\1)s", _PLACES_ON_SQLITE),
}
"""Dialect -> the statement as its driver takes it: it is asked before every page of a list by role."""


@dataclass(frozen=True, slots=True)
class StoredTodo:
    """A todo row."""

    case: str
    matter: str
    role: str
    person: str | None
    office: str
    state: str
    due: date | None
    overdue_after: date | None
    queue_due: date

    @property
    def place(self) -> PlaceOfTodo:
        """Where it stands in line."""
        return self.queue_due, self.case, self.matter, self.role, self.person or ""


@dataclass(frozen=True, slots=True)
class Mine:
    """Whose todos: of any of *persons*, and of the pools (office, role) they belong to."""

    persons: Collection[str]
    pools: Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a line: rows due from *first* to *last*, or *over* on a day."""

    first: date | None = None
    last: date | None = None
    over: date | None = None


class TodoQueues:
    """The todos of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def page(self, mine: Mine, span: Span, turn: Turn) -> Turned[StoredTodo]:
        """Return a page of todos, the nearest last day first."""
        branches = [turn.cut(self._within(branch, span), _ORDER) for branch in self._branches(mine)]
        if not branches:
            return Turned((), None, None)
        rows = turn.read(self._on, branches, len(_ORDER))
        return turn.page([_todo(row) for row in rows], lambda todo: todo.place)

    def offices_of(self, role: str) -> tuple[str, ...]:
        """Return the offices in which anybody who holds *role* is awaited, one place of the index each."""
        given = {"institution": self._institution, "role": role}
        return tuple(row[0] for row in run(self._on, Written(_PLACES[self._on.dialect.name], given)))

    def with_relation(self, relation: str, cases: Collection[str]) -> tuple[str, ...]:
        """Return which of *cases* have somebody in *relation*: those where it must be looked at who."""
        c = t.cases.c
        if not cases:
            return ()
        query = select(c.id).where(
            c.institution == self._institution, c.id.in_(list(cases)), c.body.like(f'%"{relation}":["%')
        )
        return tuple(self._on.execute(query).scalars())

    def overdue_steps(
        self, today: date, states: Collection[str], offices: Collection[str] | None, turn: Turn
    ) -> Turned[PlaceOfStep]:  # fmt: skip
        """Return a page of matters in one of *states* whose todos are past their last day beyond doubt (K20), the longest over first."""
        c = t.todos.c
        columns = (c.overdue_after, c.case_id, c.matter)
        query = (
            select(*columns)
            .distinct()
            .where(c.institution == self._institution, c.overdue_after < today, c.state.in_(list(states)))
        )
        if offices is not None:
            query = query.where(c.office.in_(list(offices)))
        return self._steps([turn.cut(query, columns)], turn)

    def standing(
        self, kind: str, states: Collection[str], offices: Collection[str] | None, turn: Turn
    ) -> Turned[PlaceOfStep]:  # fmt: skip
        """Return a page of open matters of *kind* in any of *states*, the nearest last day first."""
        m, branches = t.matters.c, []
        for state in sorted(states):
            d = t.todos.alias("d")
            mine = (m.institution == d.c.institution, m.case_id == d.c.case_id, m.id == d.c.matter)
            columns = (d.c.queue_due, d.c.case_id, d.c.matter)
            query = (
                select(*columns).distinct().where(d.c.institution == self._institution, d.c.state == state)
            )
            query = query.where(there_is(*mine, m.kind == kind, m.open))
            if offices is not None:
                query = query.where(d.c.office.in_(list(offices)))
            branches.append(turn.cut(query, columns))
        return self._steps(branches, turn)

    def _steps(self, branches: Sequence[Select[Any]], turn: Turn) -> Turned[PlaceOfStep]:
        if not branches:
            return Turned((), None, None)
        rows = [tuple(row) for row in turn.read(self._on, branches, 3)]
        return turn.page(rows, lambda row: row)

    def _branches(self, mine: Mine) -> Sequence[Select[Any]]:
        c = t.todos.c
        rows = select(*_ORDER, c.office, c.state, c.due, c.overdue_after).where(
            c.institution == self._institution
        )
        named = [rows.where(c.person != NOBODY, c.person == person) for person in sorted(mine.persons)]
        return [
            *named,
            *(
                rows.where(c.person == NOBODY, c.role == role, c.office == office)
                for office, role in sorted(mine.pools)
            ),
        ]

    def _within(self, query: Select[Any], span: Span) -> Select[Any]:
        c = t.todos.c
        if span.first:
            query = query.where(c.queue_due >= span.first)
        if span.last:
            query = query.where(c.queue_due <= span.last)
        if span.over:
            query = query.where(c.queue_due < span.over, c.overdue_after < span.over)
        return query


_ORDER = (t.todos.c.queue_due, t.todos.c.case_id, t.todos.c.matter, t.todos.c.role, t.todos.c.person)


def _todo(row: Any) -> StoredTodo:
    return StoredTodo(
        row.case_id,
        row.matter,
        row.role,
        row.person or None,
        row.office,
        row.state,
        row.due,
        row.overdue_after,
        row.queue_due,
    )
