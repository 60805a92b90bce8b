"""Projection: what the rows of a case must say.

Room for: todos, timers and the dates queues are ordered by, as values.
May not enter: how they follow from a case (`engine/core/projection.py`), tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Timer(NamedTuple):
    """The row that makes a rung fire, once: at *due*, the beginning of *day* in the institution's zone.

    Its key is (case, matter, *subject*: a clock or term, *round*, *rung*, *occurrence*). The fields stand so that timers
    compare in the order in which they fire.
    """

    due: datetime
    matter: str
    subject: str
    rung: str
    round: int
    occurrence: int
    day: date

    @property
    def key(self) -> str:
        """The key without case and occurrence, as it stands in the case's fired rungs."""
        return f"{self.matter}|{self.subject}|{self.round}|{self.rung}"


class Todo(NamedTuple):
    """Who is awaited on a matter, by when. *role* is a role or relation; *person* None means any holder of the role.

    *due* is the last day in time; None while the clock stands still or nothing limits the stay. *overdue_after* is the
    last day that is certainly in time (K20).
    """

    matter: str
    state: str
    role: str
    person: str | None
    due: date | None
    overdue_after: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The dates people are shown of a case: its clock's, and the last day of each matter that somebody is awaited on."""

    due: date | None
    overdue_after: date | None
    target_due: date | None
    steps: Mapping[str, date | None]


class Projection(NamedTuple):
    """Everything the store keeps beside the case itself."""

    todos: tuple[Todo, ...]
    timers: tuple[Timer, ...]
    due: date | None
    overdue_after: date | None
    """The last day that is certainly in time: overdue is said from the day after (K20)."""
    target_due: date | None
    clock: str
    """not_started, running, paused or ended."""
    stage: str
    reach: tuple[date, date] | None = None
    """The first and the last day the calendar was asked about; a change of other days changes nothing here."""

    @property
    def shown(self) -> Shown:
        """The dates in it that people are shown."""
        return Shown(
            self.due, self.overdue_after, self.target_due, {todo.matter: todo.due for todo in self.todos}
        )
