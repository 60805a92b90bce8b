"""Projection: what the rows of a case must say, derived from the case alone.

Room for: todos, timers and the dates queues are ordered by. Rows are a cache of this and can be made anew at any time.
May not enter: tables and SQL (`engine/store`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.core.authority import awaited
from engine.core.clocks import Clocks, read
from engine.core.rungs import armed
from engine.core.terms import Stay, limit_of, stays_of
from engine.law.clock import Reading
from engine.model.case import Case, Matter
from engine.model.projection import Projection, Todo
from engine.model.rules import Rules


def project(rules: Rules, case: Case) -> Projection:
    """Return what the rows of *case* must say under *rules*, whatever the day. Raises CalendarEnds."""
    clocks = Clocks(rules, case)
    main = next(iter(rules.main_procedure(case).clocks), None)
    reading = clocks.reading(main) if main else None
    running = reading if reading is not None and reading.state != "ended" else None
    stays = stays_of(rules, case, clocks)
    timers = armed(rules, case, clocks, stays)
    return Projection(
        todos=_todos(rules, case, stays),
        timers=timers,
        due=running.due if running else None,
        overdue_after=running.due_latest if running else None,
        target_due=running.target_due if running else None,
        clock=reading.state if reading else "not_started",
        stage=rules.procedure_of(case.main).states[case.main.state].stage,
        # A case with nothing left open has no date that a notice could move.
        reach=clocks.reach if case.open_matters() else None,
    )


def main_reading(rules: Rules, case: Case, as_of: date | None = None) -> Reading | None:
    """Return the reading of the case's first clock, the one queues go by; None where it has none or it is not started."""
    clocks = rules.main_procedure(case).clocks
    return read(rules, case, next(iter(clocks)), as_of) if clocks else None


def due_of(rules: Rules, case: Case, matter: Matter) -> date | None:
    """Return the last day of *matter*'s present state: the nearest of its terms, else its clock's due date."""
    return limit_of(rules, case, matter).due


def _todos(rules: Rules, case: Case, stays: Sequence[Stay]) -> tuple[Todo, ...]:
    found = []
    for matter, stay in zip(case.open_matters(), stays, strict=True):
        awaits = rules.procedure_of(matter).states[matter.state].awaits
        due, overdue_after = stay.limit
        for role, person in awaited(case, matter, awaits):
            found.append(Todo(matter.id, matter.state, role, person, due, overdue_after))
    return tuple(dict.fromkeys(found))
