"""Docket: the lists over many cases, page by page in the order of an index.

Room for: keyset pages of cases and what narrows them, some lists by cases' numbers.
May not enter: todos (`todo_queues.py`), words, lights (`engine/service`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    func,
    not_,
    or_,
    select,
    tuple_,
)

from engine.model.case import Case
from engine.model.events import Event
from engine.store import tables as t
from engine.store.cases import Cases, event_from_text
from engine.store.rows import case_of
from engine.store.todo_queues import NOBODY
from engine.store.turning import Place, Turn, Turned, in_line, there_is
from engine.store.words import means, sought
from engine.store.written import Written, run, written

OFFICES_MOST = 16
"""A list of so many offices is read office by office; one of more as a whole, leaving out the others."""

FEW = 5_000
"""Where at most so many cases match, they are looked up first and then put in order; where more do, the list's own order
soon meets them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list is for, and which page of it; a place is (last day, id)."""

    search: str = ""
    """Part of a party's name."""
    numbers: tuple[str, ...] = ()
    """Folded numbers one of which *search* may mean; where one is a case's, names are not looked at."""
    offices: tuple[str, ...] | None = None
    state: str | None = None
    stage: str | None = None
    open_only: bool = False
    with_matter: str | None = None
    """Cases with an open matter of this kind …"""
    matter_states: frozenset[str] = frozenset()
    """… which awaits somebody in one of these states."""
    overdue_on: date | None = None
    due_before: date | None = None
    persons: frozenset[str] | None = None
    """Cases that await any of these persons …"""
    pools: frozenset[tuple[str, str]] = frozenset()
    """… or any of these pools (office, role) …"""
    role: str | None = None
    """… in this role or relation. Without persons: whoever holds it by name, and its pools."""
    turn: Turn = field(default_factory=Turn)

    @property
    def ended_too(self) -> bool:
        """Whether cases that are closed can be among them."""
        return not (self.open_only or self.overdue_on or self.due_before)


Branch = tuple[Select[Any], Sequence[Any]]
"""A list with the columns it is ordered by."""


CaseRow = tuple[Any, str, str]
"""Last day (as the driver gives it), id, body."""

KNOWN_MOST = 512
_KNOWN: dict[tuple[str, str, Wanted], tuple[Written, ...]] = {}


class Docket:
    """The lists of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def cases(self, wanted: Wanted) -> Turned[Case]:
        """Return a page of cases, the nearest last day first and those without one last.

        The last day is the case's own; in a list by state, person, role or supervision that of the step somebody is awaited on.
        """
        found = self.page(wanted)
        return Turned(tuple(case_of(body) for _, _, body in found.rows), found.next, found.previous)

    def page(self, wanted: Wanted) -> Turned[CaseRow]:
        """Return a page of rows in the order that `cases` gives them."""
        statements = self._statements(wanted)
        rows = [row for statement in statements for row in run(self._on, statement)]
        if len(statements) > 1:
            rows = in_line(self._on, rows, _in_order, backwards=wanted.turn.backwards)
        return wanted.turn.page(rows[: wanted.turn.most + 1], _place_of)

    def _statements(self, wanted: Wanted) -> Sequence[Written]:
        if wanted.search or wanted.numbers:
            return [written(query, self._on.dialect) for query in self.page_queries(wanted)]
        # The first page of a list is asked for again and again; making its statement takes longer than running it.
        known = (self._on.dialect.name, self._institution, wanted)
        if known not in _KNOWN:
            if len(_KNOWN) >= KNOWN_MOST:
                _KNOWN.clear()
            _KNOWN[known] = tuple(written(query, self._on.dialect) for query in self.page_queries(wanted))
        return _KNOWN[known]

    def page_queries(self, wanted: Wanted) -> Sequence[Select[Any]]:
        """Return the queries that a page is read by: one, or one for each index it is read from."""
        wanted, turn = self._numbers_or_words(wanted), wanted.turn
        few = self._few(wanted)
        if few is not None:
            return [turn.cut(self._of_few(few, wanted), (t.cases.c.queue_due, t.cases.c.id))]
        return [turn.cut(query, columns) for query, columns in self._branches(wanted)]

    def _numbers_or_words(self, wanted: Wanted) -> Wanted:
        """What was typed is a number or else a part of a name: the one or the other alone is left to be looked for."""
        if not wanted.numbers:
            return wanted
        there = self._on.execute(select(self._numbered(wanted.numbers).c.case_id).limit(1)).first()
        return replace(wanted, search="") if there else replace(wanted, numbers=())

    def overdue_cases(self, today: date) -> tuple[Case, ...]:
        """Return every open case whose clock is past its last day beyond doubt, the longest over first."""
        c = t.cases.c
        query = (
            select(c.body)
            .where(c.institution == self._institution, c.open, c.queue_due < today, c.overdue_after < today)
            .order_by(c.queue_due, c.id)
        )
        return tuple(case_of(body) for body in self._on.execute(query).scalars())

    def open_elsewhere(self, offices: Collection[str]) -> dict[str, int]:
        """Return how many cases with something open each office but *offices* has; all open ones are looked through."""
        c = t.cases.c
        query = (
            select(c.office, func.count().label("number"))
            .where(c.institution == self._institution, or_(c.open, c.calendar_from.is_not(None)))
            .where(c.office.not_in(list(offices)))
            .group_by(c.office)
        )
        return {row.office: row.number for row in self._on.execute(query)}

    def numbered(self, numbers: Collection[str]) -> dict[str, Case]:
        """Return the cases with these numbers, by number."""
        c = t.cases.c
        query = select(c.body).where(c.institution == self._institution, c.number.in_(list(numbers)))
        return {case.number: case for case in map(case_of, self._on.execute(query).scalars())}

    def once_due(self, first: date, before: date) -> tuple[Case, ...]:
        """Return the cases that at some time showed a last day from *first* to the day before *before*, ended or not."""
        c, s = t.cases.c, t.shown_dates.c
        shown = (
            select(s.case_id)
            .where(s.institution == self._institution, s.overdue_after >= first, s.overdue_after < before)
            .distinct()
        )
        query = select(c.body).where(c.institution == self._institution, c.id.in_(shown)).order_by(c.number)
        return tuple(case_of(body) for body in self._on.execute(query).scalars())

    def bodies(self, ids: Collection[str]) -> dict[str, Case]:
        """Return the cases with these ids."""
        c = t.cases.c
        query = select(c.id, c.body).where(c.institution == self._institution, c.id.in_(list(ids)))
        return {row.id: case_of(row.body) for row in self._on.execute(query)}

    def listings(self, cases: Collection[str], move: str) -> dict[str, tuple[Event, ...]]:
        """Return, of each of *cases*, the events that opened matters, those right before them, and those of *move*."""
        e = t.events.c
        done = and_(e.kind == "moved", e.body.like(f'%"move":"{move}"%'))
        query = select(e.case_id, e.seq, e.kind, e.body).where(
            e.institution == self._institution,
            e.case_id.in_(list(cases)),
            or_(e.kind == "matter_opened", done),
        )
        rows = self._on.execute(query).all() if cases else []
        found = {(row.case_id, row.seq): event_from_text(row.body) for row in rows}
        before = {(row.case_id, row.seq - 1) for row in rows if row.kind == "matter_opened"} - found.keys()
        if before:
            found |= Cases(self._on, self._institution).events_at(before)
        return {
            case: tuple(
                event for (id, _), event in sorted(found.items(), key=lambda one: one[0]) if id == case
            )
            for case in cases
        }

    # --- which index a list is read by ----------------------------------------------------------------------

    def _branches(self, wanted: Wanted) -> Sequence[Branch]:
        """The lists that together are the one wanted, each in the order of an index of its own."""
        if wanted.persons is not None or wanted.role is not None:
            return self._awaiting(wanted)
        if wanted.with_matter is not None and wanted.state is None:
            return self._with_matter(wanted)
        if wanted.state is not None:
            found = self._standing(wanted)
            return [*found, *self._ended(wanted)] if wanted.ended_too else found
        c = t.cases.c
        rows = select(c.queue_due, c.id, c.body).where(c.institution == self._institution, c.open)
        rows = rows.where(*self._narrowed(wanted))
        found = [(one, (c.queue_due, c.id)) for one in self._by_office(rows, wanted)]
        return [*found, *self._ended(wanted)] if wanted.ended_too else found

    def _by_office(self, rows: Select[Any], wanted: Wanted) -> Sequence[Select[Any]]:
        offices = sorted(wanted.offices) if wanted.offices is not None else []
        if wanted.offices is None:
            return [rows]
        if not offices or len(offices) > OFFICES_MOST or wanted.stage is not None:
            return [rows.where(t.cases.c.office.in_(offices))]
        return [rows.where(t.cases.c.office == office) for office in offices]

    def _ended(self, wanted: Wanted) -> Sequence[Branch]:
        c = t.cases.c
        rows = select(c.queue_due, c.id, c.body).where(c.institution == self._institution, not_(c.open))
        rows = rows.where(*self._narrowed(wanted))
        if wanted.state is not None:
            rows = rows.where(c.state == wanted.state)
            if wanted.offices is not None:
                rows = rows.where(c.office.in_(list(wanted.offices)))
            return [(rows, (c.queue_due, c.id))]
        return [(one, (c.queue_due, c.id)) for one in self._by_office(rows, wanted)]

    def _standing(self, wanted: Wanted) -> Sequence[Branch]:
        """Open cases in a state: by the todos of their own matter, the nearest of each."""
        d, c = t.todos.alias("d"), t.cases.c
        rows = self._of_todos(d, wanted, c.state == wanted.state, c.open).where(d.c.state == wanted.state)
        first = self._none_before(d, lambda e: and_(e.c.state == d.c.state))
        return [(rows.where(first), (d.c.queue_due, d.c.case_id))]

    def _with_matter(self, wanted: Wanted) -> Sequence[Branch]:
        """Cases with a matter of a kind: by the todos of such matters, of each case the nearest."""
        d = t.todos.alias("d")
        rows = self._of_todos(d, replace(wanted, with_matter=None)).where(self._of_kind(d, wanted))
        first = self._none_before(
            d, lambda e: and_(e.c.state.in_(sorted(wanted.matter_states)), self._of_kind(e, wanted))
        )
        order = (d.c.queue_due, d.c.case_id)
        return [(rows.where(d.c.state == state, first), order) for state in sorted(wanted.matter_states)]

    def _of_kind(self, d: Any, wanted: Wanted) -> ColumnElement[bool]:
        m = t.matters.alias(f"of_{d.name}").c
        its = and_(m.institution == d.c.institution, m.case_id == d.c.case_id, m.id == d.c.matter)
        return there_is(its, m.kind == wanted.with_matter, m.open)

    def _awaiting(self, wanted: Wanted) -> Sequence[Branch]:
        """Cases that await somebody: by their todos, of each case the nearest that is meant."""
        d = t.todos.alias("d")
        in_state = [] if wanted.state is None else [t.cases.c.state == wanted.state]
        rows = self._of_todos(d, wanted, *in_state)
        first = self._none_before(d, lambda e: self._meant(e, wanted))
        return [(rows.where(way, first), (d.c.queue_due, d.c.case_id)) for way in self._ways(d, wanted)]

    def _ways(self, d: Any, wanted: Wanted) -> Sequence[ColumnElement[bool]]:
        named, pooled = d.c.person != NOBODY, d.c.person == NOBODY
        pools = [(office, role) for office, role in wanted.pools if wanted.role in (None, role)]
        if wanted.persons is None:
            mine = [and_(named, d.c.role == wanted.role)]
        else:
            mine = [and_(named, d.c.person == person) for person in sorted(wanted.persons)]
            if wanted.role is not None:
                mine = [and_(one, d.c.role == wanted.role) for one in mine]
        return [
            *mine,
            *(and_(pooled, d.c.role == role, d.c.office == office) for office, role in sorted(pools)),
        ]

    def _meant(self, d: Any, wanted: Wanted) -> ColumnElement[bool]:
        return or_(*self._ways(d, wanted))

    def _none_before(self, d: Any, meant: Any) -> ColumnElement[bool]:
        """Return the condition that no other todo meant of the same case stands nearer, so that a case comes once."""
        e = t.todos.alias("e")
        nearer = tuple_(e.c.queue_due, e.c.matter, e.c.role, e.c.person) < tuple_(d.c.queue_due, d.c.matter, d.c.role, d.c.person)  # fmt: skip
        same = and_(e.c.institution == d.c.institution, e.c.case_id == d.c.case_id)
        return not_(there_is(same, meant(e), nearer))

    def _of_todos(self, d: Any, wanted: Wanted, *more: ColumnElement[bool]) -> Select[Any]:
        """Todos with the bodies of their cases, where those are as wanted and as *more* says."""
        c = t.cases.c
        its_case = and_(c.institution == d.c.institution, c.id == d.c.case_id)
        body = select(c.body).where(its_case).scalar_subquery().label("body")
        rows = select(d.c.queue_due, d.c.case_id.label("id"), body).where(
            d.c.institution == self._institution
        )
        if wanted.offices is not None:
            rows = rows.where(d.c.office.in_(list(wanted.offices)))
        narrowed = [*more, *self._narrowed(wanted), *([c.open] if wanted.open_only else [])]
        return rows.where(there_is(its_case, *narrowed))

    # --- what narrows a list --------------------------------------------------------------------------------

    def _narrowed(self, wanted: Wanted) -> Sequence[ColumnElement[bool]]:
        c, m = t.cases.c, t.matters.c
        found: list[ColumnElement[bool]] = []
        if wanted.stage:
            found.append(c.stage == wanted.stage)
        if wanted.overdue_on:
            found += [c.open, c.queue_due < wanted.overdue_on, c.overdue_after < wanted.overdue_on]
        if wanted.due_before:
            found += [c.open, c.queue_due < wanted.due_before]
        if wanted.with_matter:
            its = and_(m.institution == c.institution, m.case_id == c.id)
            found.append(there_is(its, m.kind == wanted.with_matter, m.open))
        if wanted.search.strip():
            found.append(means(wanted.search))
        return found

    def _of_few(self, few: Subquery, wanted: Wanted) -> Select[Any]:
        """The wanted ones of rows that are few already."""
        c = t.cases.c
        # Looked up before anything else, whatever the planner believes of how many there are.
        found = select(few.c.case_id).distinct().cte("found").prefix_with("MATERIALIZED")
        mine = and_(c.institution == self._institution, c.id == found.c.case_id)
        query = select(c.queue_due, c.id, c.body).select_from(found.join(t.cases, mine))
        if wanted.offices is not None:
            query = query.where(c.office.in_(list(wanted.offices)))
        if wanted.open_only:
            query = query.where(c.open)
        if wanted.state is not None:
            query = query.where(c.state == wanted.state)
        if wanted.persons is not None or wanted.role is not None:
            d = t.todos.alias("d")
            its = and_(d.c.institution == c.institution, d.c.case_id == c.id)
            query = query.where(there_is(its, self._meant(d, wanted)))
        return query.where(*self._narrowed(wanted))

    def _few(self, wanted: Wanted) -> Subquery | None:
        """The ids of the cases among which the wanted ones are, where that is few; None where it is many or not narrowed so."""
        if wanted.numbers:
            return self._numbered(wanted.numbers)
        if not wanted.search.strip():
            return None
        some = sought(self._institution, wanted.search, FEW + 1).subquery("few")
        counted = self._on.execute(select(func.count()).select_from(some)).scalar_one()
        return some if counted <= FEW else None

    def _numbered(self, numbers: Collection[str]) -> Subquery:
        c = t.cases.c
        mine = (c.institution == self._institution, c.number_folded.in_(list(numbers)))
        return select(c.id.label("case_id")).where(*mine).subquery("few")


def _in_order(row: CaseRow) -> Place:
    return row[:2]


def _place_of(row: CaseRow) -> tuple[date, str]:
    day = row[0]
    return (date.fromisoformat(day) if isinstance(day, str) else day), row[1]
