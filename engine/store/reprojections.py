"""Reprojections: how far the open cases have followed a calendar load, and their rows in bulk.

Room for: which open cases rest on changed days, reading a batch of them, writing what follows in few statements.
May not enter: which days a load changes, what follows from a case (`engine/core/projection.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from engine.model.answers import Decision
from engine.model.case import Case
from engine.model.projection import Projection, Shown, Todo
from engine.store import tables as t
from engine.store.cases import event_row, notice_rows
from engine.store.columns import NEVER
from engine.store.editions import CALENDAR, bump
from engine.store.faults import changed_meanwhile
from engine.store.journal import Journal, ShownDates, shown_of
from engine.store.outbox import outbox_rows
from engine.store.projected_rows import (
    DATES,
    TimerKey,
    by_key,
    case_row,
    timer_key,
    timer_row,
    todo_of,
    todo_row,
)  # fmt: skip
from engine.store.rows import case_of

Run = tuple[date, date]

UNMEASURED = (date.min, date.max)
"""The reach of a case of the first edition, which did not keep it: whatever days change, it is looked at."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Unbroken runs of changed days, and the offices (None: all *but* some) whose cases count by them."""

    runs: tuple[Run, ...]
    offices: tuple[str, ...] | None = None
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reprojection:
    """How far a load has come: *done* of *total* cases looked at, up to the id *cursor*.

    Of these, *moved* show other dates, and *failed* could not be looked at and still show what they did.
    """

    load: int
    cursor: str
    total: int
    done: int
    moved: int
    failed: int
    finished_at: datetime | None


@dataclass(frozen=True)
class StoredRows:
    """A case with the rows that stand beside it, as they are."""

    id: str
    body: str
    clock: str
    due: date | None
    overdue_after: date | None
    target_due: date | None
    reach: tuple[date | None, date | None]
    todos: tuple[Todo, ...]
    timers: Mapping[TimerKey, datetime]

    @cached_property
    def case(self) -> Case:
        """The case itself, read from its body when it is asked for."""
        return case_of(self.body)

    @property
    def shown(self) -> Shown:
        """The dates that people are shown of it."""
        steps = {todo.matter: todo.due for todo in self.todos}
        return Shown(self.due, self.overdue_after, self.target_due, steps)

    @property
    def measured(self) -> bool:
        """Whether it is known which days it rests on."""
        return self.reach != UNMEASURED

    def say(self, projection: Projection) -> bool:
        """Return whether the rows say what *projection* says."""
        return (
            (self.clock, self.due, self.overdue_after, self.target_due)
            == (projection.clock, projection.due, projection.overdue_after, projection.target_due)
            and self.reach == (projection.reach or (None, None))
            and self.timers == by_key(projection.timers)
            and frozenset(self.todos) == frozenset(projection.todos)
        )


@dataclass(frozen=True, slots=True)
class Followed:
    """What a case's rows must say now; *decision* is there where a shown date moved, and then an event says so."""

    stored: StoredRows
    projection: Projection
    decision: Decision | None = None


class Reprojections:
    """The reprojections of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def begin(self, load: int, total: int) -> None:
        """Write down that *total* open cases have to follow a load."""
        self._on.execute(
            insert(t.reprojections).values(
                institution=self._institution, load=load, cursor="", total=total, done=0, moved=0, failed=0
            )
        )

    def of(self, load: int) -> Reprojection | None:
        """Return how far a load has come, or None where nothing had to follow it."""
        row = self._on.execute(self._mine().where(t.reprojections.c.load == load)).one_or_none()
        return _reprojection(row) if row else None

    def unfinished(self) -> tuple[Reprojection, ...]:
        """Return those that are not finished, the earliest load first."""
        r = t.reprojections.c
        rows = self._on.execute(self._mine().where(r.finished_at.is_(None)).order_by(r.load))
        return tuple(_reprojection(row) for row in rows)

    def with_failures(self) -> tuple[Reprojection, ...]:
        """Return those that some case could not follow, the earliest load first."""
        r = t.reprojections.c
        rows = self._on.execute(self._mine().where(r.failed > 0).order_by(r.load))
        return tuple(_reprojection(row) for row in rows)

    def advance(self, before: Reprojection, cursor: str, done: int, moved: int, failed: int) -> None:
        """Write down a batch. Raises Conflict when somebody else has done it: whoever comes second takes the next one."""
        r = t.reprojections.c
        mine = (r.institution == self._institution, r.load == before.load, r.cursor == before.cursor)
        written = self._on.execute(
            update(t.reprojections)
            .where(*mine, r.finished_at.is_(None))
            .values(cursor=cursor, done=r.done + done, moved=r.moved + moved, failed=r.failed + failed)
        )
        if written.rowcount != 1:
            raise changed_meanwhile()

    def count_moved(self, load: int) -> None:
        """Write down one more case that a load moved, which an act came to before its batch did."""
        r = t.reprojections.c
        mine = (r.institution == self._institution, r.load == load)
        self._on.execute(update(t.reprojections).where(*mine).values(moved=r.moved + 1))

    def finish(self, load: int, at: datetime) -> None:
        """Write down that every case has followed a load."""
        r = t.reprojections.c
        mine = (r.institution == self._institution, r.load == load, r.finished_at.is_(None))
        self._on.execute(update(t.reprojections).where(*mine).values(finished_at=at))
        # Who acts while a load is being followed looks closer; from now on nobody has to.
        bump(self._on, self._institution, CALENDAR)

    def count(self, touched: Sequence[Touched]) -> int:
        """Return how many open cases rest on one of those days."""
        query = select(func.count()).select_from(t.cases).where(*self._resting(touched))
        return self._on.execute(query).scalar_one()

    def rests(self, case_id: str, touched: Sequence[Touched]) -> bool:
        """Return whether an open case rests on one of those days."""
        query = select(t.cases.c.id).where(*self._resting(touched), t.cases.c.id == case_id)
        return bool(touched) and self._on.execute(query).first() is not None

    def batch(self, touched: Sequence[Touched], after: str, most: int) -> tuple[StoredRows, ...]:
        """Return the next open cases that rest on one of those days, by id, with their rows."""
        c = t.cases.c
        mine = self._resting(touched)
        # The ids come from the index alone; only rows that are wanted are read whole.
        ids = select(c.id).where(*mine, c.id > after).order_by(c.id).limit(most)
        return self.rows(self._on.execute(ids).scalars().all())

    def rows(self, ids: Sequence[str]) -> tuple[StoredRows, ...]:
        """Return the cases with these ids, in order, with their rows."""
        c = t.cases.c
        names = (
            c.id,
            c.body,
            c.clock,
            c.due,
            c.overdue_after,
            c.target_due,
            c.calendar_from,
            c.calendar_until,
        )
        mine = (c.institution == self._institution, c.id.in_(list(ids)))
        cases = self._on.execute(select(*names).where(*mine).order_by(c.id)).all()
        todos: dict[str, list[Todo]] = defaultdict(list)
        timers: dict[str, dict[TimerKey, datetime]] = defaultdict(dict)
        for row in self._beside(t.todos, ids):
            todos[row.case_id].append(todo_of(row))
        for row in self._beside(t.timers, ids):
            timers[row.case_id][timer_key(row)] = row.due_at
        return tuple(
            StoredRows(
                row.id, row.body, row.clock, row.due, row.overdue_after, row.target_due,
                (row.calendar_from, row.calendar_until), tuple(todos[row.id]), timers[row.id],
            )
            for row in cases
        )  # fmt: skip

    def write(self, followed: Sequence[Followed], load: int) -> None:
        """Make the rows of many cases say what follows. Raises Conflict when any of them is no longer what was read."""
        self._write_cases(followed)
        moved = [(f.stored.case, f.decision) for f in followed if f.decision]
        events = [event_row(self._institution, case.id, e) for case, d in moved for e in d.events]
        told = [n for _, d in moved for n in d.notices]
        notices, outbox = notice_rows(self._institution, told), outbox_rows(self._institution, told)
        for table, rows in ((t.events, events), (t.notices, notices), (t.deliveries, outbox)):
            if rows:
                self._on.execute(insert(table), rows)
        Journal(self._on, self._institution).write(list(_journal_rows(followed, load)))
        self._write_todos(followed)
        self._write_timers(followed)

    def _write_cases(self, followed: Sequence[Followed]) -> None:
        c = t.cases.c
        rows: dict[bool, list[dict[str, object]]] = {True: [], False: []}
        for one in followed:
            decision = one.decision
            case = decision.case if decision else one.stored.case
            whole = case_row(case, decision.projection if decision else one.projection)
            names = (*DATES, "version", "body") if decision else DATES
            key = {"this": case.id, "was": one.stored.case.version}
            rows[decision is not None].append({name: whole[name] for name in names} | key)
        for moved, some in rows.items():
            if not some:
                continue
            names = (*DATES, "version", "body") if moved else DATES
            statement = (
                update(t.cases)
                .where(
                    c.institution == self._institution,
                    c.id == bindparam("this"),
                    c.version == bindparam("was"),
                )
                .values({name: bindparam(name) for name in names} | {"revision": c.revision + 1})
            )
            if self._on.execute(statement, some).rowcount != len(some):
                raise changed_meanwhile()

    def _write_todos(self, followed: Sequence[Followed]) -> None:
        gone, fresh, later = [], [], []
        for one in followed:
            there = {_todo_key(todo): todo for todo in one.stored.todos}
            wanted = {_todo_key(todo): todo for todo in _last(one).todos}
            case = one.stored.case
            gone += [_key(case.id, key) for key in there.keys() - wanted.keys()]
            for key, todo in wanted.items():
                if key not in there:
                    fresh.append(todo_row(self._institution, case, todo))
                elif there[key] != todo:
                    dates = {
                        "to_state": todo.state, "to_due": todo.due, "to_queue": todo.due or NEVER,
                        "to_after": todo.overdue_after,
                    }  # fmt: skip
                    later.append(_key(case.id, key) | dates)
        c = t.todos.c
        sets: dict[str, Any] = {
            "state": bindparam("to_state"),
            "due": bindparam("to_due"),
            "queue_due": bindparam("to_queue"),
            "overdue_after": bindparam("to_after"),
        }
        self._replace(t.todos, (c.matter, c.role, c.person), gone, later, sets, fresh)

    def _write_timers(self, followed: Sequence[Followed]) -> None:
        gone, fresh, later = [], [], []
        for one in followed:
            there, wanted, case = one.stored.timers, by_key(_last(one).timers), one.stored.case
            gone += [_key(case.id, key) for key in there.keys() - wanted.keys()]
            for key, due in wanted.items():
                if key not in there:
                    fresh.append(timer_row(self._institution, case.id, key, due))
                elif there[key] != due:
                    later.append(_key(case.id, key) | {"to": due})
        c = t.timers.c
        key_of = (c.matter, c.subject, c.round, c.rung, c.occurrence)
        self._replace(t.timers, key_of, gone, later, {"due_at": bindparam("to")}, fresh)

    def _replace(
        self, table: Table, key: Sequence[ColumnElement[Any]], gone: Sequence[dict[str, Any]],
        later: Sequence[dict[str, Any]], sets: dict[str, Any], fresh: Sequence[dict[str, Any]],
    ) -> None:  # fmt: skip
        same = [column == bindparam(f"k{n}") for n, column in enumerate(key, 1)]
        mine = (table.c.institution == self._institution, table.c.case_id == bindparam("of"))
        if gone:
            self._on.execute(delete(table).where(*mine, *same), gone)
        if later:
            self._on.execute(update(table).where(*mine, *same).values(sets), later)
        if fresh:
            self._on.execute(insert(table), fresh)

    def _resting(self, touched: Sequence[Touched]) -> tuple[ColumnElement[bool], ...]:
        c = t.cases.c
        ways = []
        for group in touched:
            runs = or_(
                *(and_(c.calendar_from <= last, c.calendar_until >= first) for first, last in group.runs)
            )
            if group.offices is not None:
                runs = and_(c.office.in_(group.offices), runs)
            elif group.but:
                runs = and_(c.office.not_in(group.but), runs)
            ways.append(runs)
        return c.institution == self._institution, c.calendar_from.is_not(None), or_(*ways)

    def _beside(self, table: Table, ids: Iterable[str]) -> Iterable[Any]:
        mine = (table.c.institution == self._institution, table.c.case_id.in_(list(ids)))
        return self._on.execute(select(table).where(*mine))

    def _mine(self) -> Any:
        return select(t.reprojections).where(t.reprojections.c.institution == self._institution)


def _key(case_id: str, key: Sequence[object]) -> dict[str, Any]:
    return {"of": case_id} | {f"k{n}": part for n, part in enumerate(key, 1)}


def _todo_key(todo: Todo) -> tuple[str, str, str]:
    return todo.matter, todo.role, todo.person or ""


def _last(one: Followed) -> Projection:
    return one.decision.projection if one.decision else one.projection


def _journal_rows(followed: Iterable[Followed], load: int) -> Iterable[ShownDates]:
    for one in followed:
        if one.decision is None:
            continue
        at, case = one.decision.events[-1].recorded_at, one.decision.case
        by = load if one.stored.measured else None
        yield shown_of(case.id, case.version, at, one.decision.projection, by)


def _reprojection(row: Any) -> Reprojection:
    return Reprojection(row.load, row.cursor, row.total, row.done, row.moved, row.failed, row.finished_at)
