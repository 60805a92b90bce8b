"""Projected: whether the rows beside a case say what the case says, asked of the tables themselves and not of `doctor`."""

from __future__ import annotations

from sqlalchemy import Table, select

from engine.model.case import Case
from engine.model.projection import Projection
from engine.service.office import Unit
from engine.store import tables as t
from engine.store.projected_rows import SHOWN, by_key, case_row, timer_key, todo_of
from engine.store.unit import Unit as StoredUnit

MATTER = ("id", "kind", "procedure", "definition", "state", "party", "opened_at", "open", "outcome")


def differences(unit: Unit | StoredUnit, case: Case, projection: Projection) -> tuple[str, ...]:
    """Return which tables do not say what *case* and *projection* say."""

    def rows(table: Table) -> list:  # type: ignore[type-arg]
        mine = (table.c.institution == unit.institution, table.c.case_id == case.id)
        return list(unit.connection.execute(select(table).where(*mine)))

    wanted = case_row(case, projection)
    mine = (t.cases.c.institution == unit.institution, t.cases.c.id == case.id)
    there = unit.connection.execute(select(t.cases).where(*mine)).one()
    shown = sorted(rows(t.shown_dates), key=lambda row: row.seq)
    checks = {
        "cases": all(getattr(there, name) == value for name, value in wanted.items()),
        "matters": {tuple(getattr(row, name) for name in MATTER) for row in rows(t.matters)}
        == {tuple(getattr(matter, name) for name in MATTER) for matter in case.matters},
        "todos": {todo_of(row) for row in rows(t.todos)} == {*projection.todos},
        "timers": {timer_key(row): row.due_at for row in rows(t.timers)} == by_key(projection.timers),
        "shown_dates": bool(shown)
        and all(getattr(shown[-1], name) == getattr(there, name) for name in SHOWN),
    }
    return tuple(table for table, equal in checks.items() if not equal)
