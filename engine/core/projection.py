"""Projection: what the rows of a case must say, derived from the case alone.

Room for: todos, timers and the dates queues are ordered by. Rows are a cache of this and can be made anew at any time.
May not enter: tables and SQL (`engine/store`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.core.authority import awaited
from engine.core.clocks import read
from engine.core.rungs import Course
from engine.core.terms import Stay
from engine.law.clock import Reading
from engine.model.case import Case
from engine.model.projection import Projection, Todo
from engine.model.rules import Rules


def project(rules: Rules, case: Case, course: Course | None = None) -> Projection:
    """Return what the rows of *case* must say under *rules*, whatever the day. Raises CalendarEnds.

    *course* is that of the case, where it is at hand.
    """
    if course is None:
        course = Course(rules, case)
    clocks, stays = course.clocks, course.stays
    main = case.matters[0]
    procedure = rules.definitions[main.definition]
    first = next(iter(procedure.clocks), None)
    reading = clocks.reading(first) if first else None
    running = reading if reading is not None and reading.state != "ended" else None
    return Projection(
        _todos(rules, case, stays),
        course.next_armed(case.fired),
        running.due if running else None,
        running.due_latest if running else None,
        running.target_due if running else None,
        reading.state if reading else "not_started",
        procedure.states[main.state].stage,
        # A case with nothing left open has no date that a notice could move.
        clocks.reach if stays else None,
    )


def main_reading(rules: Rules, case: Case, as_of: date | None = None) -> Reading | None:
    """Return the reading of the case's first clock, the one queues go by; None where it has none or it is not started."""
    clocks = rules.main_procedure(case).clocks
    return read(rules, case, next(iter(clocks)), as_of) if clocks else None


def _todos(rules: Rules, case: Case, stays: Sequence[Stay]) -> tuple[Todo, ...]:
    found: list[Todo] = []
    for matter, stay in zip(case.open_matters(), stays, strict=True):
        id, state = matter.id, matter.state
        due, overdue_after = stay.limit
        awaits = rules.definitions[matter.definition].states[state].awaits
        if len(awaits) != 1 or not awaits[0].relation:
            # One person may be awaited twice under the same name.
            todos = dict.fromkeys(awaited(case, matter, awaits))
            found += [Todo(id, state, role, person, due, overdue_after) for role, person in todos]
            continue
        role = awaits[0].name
        for holder in case.holders(role, matter) or (None,):
            found.append(Todo(id, state, role, holder, due, overdue_after))
    return tuple(found)
