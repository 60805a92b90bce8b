"""Docket: the lists over many cases, by their indexes.

Room for: keyset pages, todo queues, overdue rows, supervised matters, counts.
May not enter: words, lights (`engine/service`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from engine.model.case import Case
from engine.store import tables as t
from engine.store.folding import fold_name, fold_number, like_pattern
from engine.store.rows import case_of

NO_DUE = date(9999, 12, 31)


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list is for; *after* is (due, id) of the last row of the page before."""

    search: str = ""
    offices: Collection[str] | None = None
    state: str | None = None
    stage: str | None = None
    open_only: bool = False
    with_matter: str | None = None
    """Cases with an open matter of this kind."""
    overdue_on: date | None = None
    due_before: date | None = None
    persons: Collection[str] | None = None
    """Cases that await any of these persons …"""
    pools: Collection[tuple[str, str]] = ()
    """… or, with *persons*, any of these pools (office, role) …"""
    role: str | None = None
    """… in this role or relation."""
    after: tuple[date, str] | None = None
    most: int = 50


class Docket:
    """The lists of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def cases(self, wanted: Wanted) -> tuple[tuple[Case, ...], tuple[date, str] | None]:
        """Return a page of cases, the nearest due date first and those without one last, and the next cursor."""
        c = t.cases.c
        due = func.coalesce(c.due, NO_DUE)
        query: Select[Any] = select(c.body, due.label("due"), c.id).where(c.institution == self._institution)
        query = self._narrowed(query, wanted)
        if wanted.after:
            day, id_ = wanted.after
            query = query.where(or_(due > day, and_(due == day, c.id > id_)))
        rows = self._on.execute(query.order_by(due, c.id).limit(wanted.most + 1)).all()
        page = rows[: wanted.most]
        following = (page[-1].due, page[-1].id) if len(rows) > wanted.most else None
        return tuple(case_of(row.body) for row in page), following

    def todos(self, persons: Collection[str], roles: Collection[tuple[str, str]]) -> tuple[StoredTodo, ...]:
        """Return todos of any of *persons* and of the pools (office, role), the nearest due date first."""
        c = t.todos.c
        pools = [and_(c.office == office, c.role == role, c.person == "") for office, role in roles]
        mine = or_(c.person.in_(list(persons)), *pools)
        due = func.coalesce(c.due, NO_DUE)
        query = (
            select(t.todos).where(c.institution == self._institution, mine).order_by(due, c.case_id, c.matter)
        )
        return tuple(_todo(row) for row in self._on.execute(query))

    def overdue_steps(self, today: date) -> tuple[StoredTodo, ...]:
        """Return todos that are past their last day beyond doubt (K20), the longest over first."""
        c = t.todos.c
        query = (
            select(t.todos)
            .where(c.institution == self._institution, c.overdue_after < today)
            .order_by(c.due, c.case_id)
        )
        return tuple(_todo(row) for row in self._on.execute(query))

    def overdue_cases(self, today: date) -> tuple[Case, ...]:
        """Return open cases whose clock is past its last day beyond doubt, the longest over first."""
        c = t.cases.c
        query = (
            select(c.body)
            .where(c.institution == self._institution, c.open, c.overdue_after < today)
            .order_by(c.due, c.id)
        )
        return tuple(case_of(body) for body in self._on.execute(query).scalars())

    def with_open_matter(self, kind: str) -> tuple[Case, ...]:
        """Return the cases that have an open matter of *kind*."""
        c = t.cases.c
        query = select(c.body).where(c.institution == self._institution, self._has_open(kind))
        return tuple(case_of(body) for body in self._on.execute(query.order_by(c.due, c.id)).scalars())

    def numbered(self, numbers: Collection[str]) -> dict[str, Case]:
        """Return the cases with these numbers, by number."""
        c = t.cases.c
        query = select(c.body).where(c.institution == self._institution, c.number.in_(list(numbers)))
        return {case.number: case for case in map(case_of, self._on.execute(query).scalars())}

    def once_due(self, first: date, before: date) -> tuple[Case, ...]:
        """Return the cases that at some time showed a last day from *first* to the day before *before*, ended or not."""
        c, s = t.cases.c, t.shown_dates.c
        shown = exists().where(
            s.institution == c.institution,
            s.case_id == c.id,
            s.overdue_after >= first,
            s.overdue_after < before,
        )
        query = select(c.body).where(c.institution == self._institution, shown).order_by(c.number)
        return tuple(case_of(body) for body in self._on.execute(query).scalars())

    def bodies(self, ids: Collection[str]) -> dict[str, Case]:
        """Return the cases with these ids."""
        c = t.cases.c
        query = select(c.id, c.body).where(c.institution == self._institution, c.id.in_(list(ids)))
        return {row.id: case_of(row.body) for row in self._on.execute(query)}

    def _narrowed(self, query: Select[Any], wanted: Wanted) -> Select[Any]:
        c = t.cases.c
        if wanted.offices is not None:
            query = query.where(c.office.in_(list(wanted.offices)))
        if wanted.search.strip():
            ways = [c.parties_folded.like(like_pattern(fold_name(wanted.search)), escape="\\")]
            if number := fold_number(wanted.search):
                ways.append(c.number_folded.like(like_pattern(number), escape="\\"))
            query = query.where(or_(*ways))
        if wanted.state:
            query = query.where(c.state == wanted.state)
        if wanted.stage:
            query = query.where(c.stage == wanted.stage)
        if wanted.open_only:
            query = query.where(c.open)
        if wanted.with_matter:
            query = query.where(self._has_open(wanted.with_matter))
        if wanted.overdue_on:
            query = query.where(c.open, c.overdue_after < wanted.overdue_on)
        if wanted.due_before:
            query = query.where(c.open, c.due < wanted.due_before)
        if wanted.persons is not None or wanted.role is not None:
            query = query.where(self._awaits(wanted))
        return query

    def _has_open(self, kind: str) -> ColumnElement[bool]:
        m, c = t.matters.c, t.cases.c
        return exists().where(m.institution == c.institution, m.case_id == c.id, m.kind == kind, m.open)

    def _awaits(self, wanted: Wanted) -> ColumnElement[bool]:
        c, d = t.cases.c, t.todos.c
        there = exists().where(d.institution == c.institution, d.case_id == c.id)
        if wanted.role is not None:
            there = there.where(d.role == wanted.role)
        if wanted.persons is not None:
            pools = [
                and_(d.office == office, d.role == role, d.person == "") for office, role in wanted.pools
            ]
            there = there.where(or_(d.person.in_(list(wanted.persons)), *pools))
        return there


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
    )
