"""Dossiers: cases with every row that is theirs, many at a time, for whoever looks at all of them.

Room for: keyset pages of cases, their rows read in bulk, rows whose case is gone.
May not enter: what must hold of them (`engine/service`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, exists, func, or_, select

from engine.model.case import Case, Matter
from engine.model.projection import Projection
from engine.store import tables as t
from engine.store.projected_rows import SHOWN, by_key, case_row, timer_key, todo_of
from engine.store.words import not_to_be_found

Rows = Sequence[Any]

EVENTS, MATTERS, TODOS, TIMERS, SHOWN_DATES, PAPERS = (
    t.events, t.matters, t.todos, t.timers, t.shown_dates, t.case_documents,
)  # fmt: skip
"""The tables whose rows a dossier may hold."""

_ORDER: Mapping[Table, tuple[str, ...]] = {
    t.events: ("seq",), t.matters: (), t.todos: (), t.timers: (), t.shown_dates: ("seq",),
    t.case_documents: ("seq", "kind", "matter", "digest"),
}  # fmt: skip

BELONGING = (
    t.events, t.matters, t.todos, t.timers, t.shown_dates, t.case_documents, t.notices, t.requests, t.setbacks,
    t.case_words,
)  # fmt: skip
"""Every table whose rows are some case's."""


@dataclass(slots=True)
class Dossier:
    """One case: its own row, and the rows of the tables asked for, in order."""

    row: Any
    rows: dict[Table, list[Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the case."""
        return str(self.row.id)

    @property
    def number(self) -> str:
        """The number of the case, from its own column."""
        return str(self.row.number)

    def of(self, table: Table) -> list[Any]:
        """Return its rows of *table*."""
        return self.rows.get(table, [])


class Dossiers:
    """The dossiers of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def count(self) -> int:
        """Return how many cases there are."""
        query = select(func.count()).select_from(t.cases).where(t.cases.c.institution == self._institution)
        return int(self._on.execute(query).scalar_one())

    def page(self, after: str, most: int, tables: Sequence[Table]) -> tuple[Dossier, ...]:
        """Return the next cases, by id, each with its rows of *tables*: one query a table, whatever their number."""
        c = t.cases.c
        mine = (c.institution == self._institution, c.id > after)
        found = {
            row.id: Dossier(row)
            for row in self._on.execute(select(t.cases).where(*mine).order_by(c.id).limit(most))
        }
        if found:
            ids = list(found)
            for table in tables:
                self._fill(found, table, ids[0], ids[-1])
        return tuple(found.values())

    def _fill(self, found: dict[str, Dossier], table: Table, first: str, last: str) -> None:
        c = table.c
        between = (c.institution == self._institution, c.case_id >= first, c.case_id <= last)
        order = (c.case_id, *(c[name] for name in _ORDER[table]))
        for row in self._on.execute(select(table).where(*between).order_by(*order)):
            if (dossier := found.get(row.case_id)) is not None:
                dossier.rows.setdefault(table, []).append(row)

    def not_to_be_found(self, page: Sequence[Dossier]) -> tuple[str, ...]:
        """Return the numbers of those that a search by their number, or by a whole name of a party, would not find."""
        lost = not_to_be_found(self._on, self._institution, [one.row for one in page])
        return tuple(sorted(row.number for row in lost))

    def beside(self, ids: Sequence[str]) -> dict[str, Dossier]:
        """Return, of these cases, what stands beside their chain: documents and the dates they showed."""
        found: dict[str, Dossier] = {id: Dossier(None) for id in ids}
        for table in (PAPERS, SHOWN_DATES):
            c = table.c
            order = (c.case_id, *(c[name] for name in _ORDER[table]))
            mine = (c.institution == self._institution, c.case_id.in_(list(ids)))
            for row in self._on.execute(select(table).where(*mine).order_by(*order)):
                found[row.case_id].rows.setdefault(table, []).append(row)
        return found

    def kept_contents(self, digests: Sequence[str]) -> dict[str, int | None]:
        """Return, of these documents, those whose row is there, each with the bundle its content moved to, if it did."""
        d = t.documents.c
        query = select(d.digest, d.moved_to).where(
            d.institution == self._institution, d.digest.in_(list(digests))
        )
        return {row.digest: row.moved_to for row in self._on.execute(query)}

    def left_of(self, case: str) -> bool:
        """Return whether any table that a case which comes back is written to has rows of *case* already."""
        written = (EVENTS, MATTERS, TODOS, TIMERS, SHOWN_DATES, t.case_words)
        there = (
            exists().where(table.c.institution == self._institution, table.c.case_id == case)
            for table in written
        )
        return bool(self._on.execute(select(or_(*there))).scalar_one())

    def without_case(self, table: Table) -> tuple[str, ...]:
        """Return the ids of cases that have rows in *table* and are not there themselves."""
        c, k = table.c, t.cases.c
        there = exists().where(k.institution == c.institution, k.id == c.case_id)
        query = select(c.case_id).where(c.institution == self._institution, ~there).distinct()
        # Incidents and what tells of them may be about the office; those have no case by design.
        return tuple(self._on.execute(query.where(c.case_id != "").order_by(c.case_id)).scalars())

    def requests_without_events(self, most: int = 10_000) -> Iterator[tuple[str, str]]:
        """Yield (key, case) of each request whose first or last event is not there."""
        r, e, after = t.requests.c, t.events.c, ""
        first, last = (
            exists().where(e.institution == r.institution, e.case_id == r.case_id, e.seq == seq)
            for seq in (r.first, r.last)
        )
        mine = (r.institution == self._institution, or_(~first, ~last, r.first > r.last))
        while True:
            query = select(r.key, r.case_id).where(*mine, r.key > after).order_by(r.key).limit(most)
            rows = self._on.execute(query).all()
            yield from ((row.key, row.case_id) for row in rows)
            if len(rows) < most:
                return
            after = rows[-1].key


def differing(dossier: Dossier, case: Case, projection: Projection) -> tuple[str, ...]:
    """Return which tables do not say what *case* and *projection* say."""
    row = dossier.row
    wanted = dict(case_row(case, projection))
    same_body = _says_the_same(row.body, str(wanted.pop("body")))
    shown = dossier.of(t.shown_dates)
    checks = {
        "cases": same_body and all(getattr(row, name) == value for name, value in wanted.items()),
        "matters": {_matter_columns(one) for one in dossier.of(t.matters)} == {_matter_values(m) for m in case.matters},
        "todos": {todo_of(one) for one in dossier.of(t.todos)} == frozenset(projection.todos)
        and all(one.office == case.office for one in dossier.of(t.todos)),
        "timers": {timer_key(one): one.due_at for one in dossier.of(t.timers)} == by_key(projection.timers),
        "shown_dates": bool(shown) and all(getattr(shown[-1], name) == getattr(row, name) for name in SHOWN),
    }  # fmt: skip
    return tuple(table for table, equal in checks.items() if not equal)


def _says_the_same(body: str, wanted: str) -> bool:
    # Earlier editions and the steps of the schema wrote the same body in another order.
    return body == wanted or json.loads(body) == json.loads(wanted)


def _matter_columns(row: Any) -> tuple[object, ...]:
    return (
        row.id, row.kind, row.procedure, row.definition, row.state, row.party, _utc(row.opened_at), row.open, row.outcome,
    )  # fmt: skip


def _matter_values(m: Matter) -> tuple[object, ...]:
    return m.id, m.kind, m.procedure, m.definition, m.state, m.party, _utc(m.opened_at), m.open, m.outcome


def _utc(instant: datetime) -> float:
    return instant.timestamp()
