"""Looking back: a case as its record stood at the end of a past day.

Room for: the events there were by then, and the case they make.
May not enter: what is shown of it, dates of the law.
"""

from __future__ import annotations

from datetime import date

from engine.core.fold import fold
from engine.errors import UnknownName
from engine.model.case import Case
from engine.model.events import Event
from engine.model.rules import Rules
from engine.text import Text


def standing_on(
    rules: Rules, case: Case, events: tuple[Event, ...], day: date
) -> tuple[Case, tuple[Event, ...]]:
    """Return *case* by the *events* that were recorded up to the end of *day*, and those events.

    Raises UnknownName where there were none yet.
    """
    recorded = tuple(event for event in events if rules.day_of(event.recorded_at) <= day)
    if not recorded:
        raise not_received(case, day)
    return (case, events) if len(recorded) == len(events) else (fold(recorded), recorded)


def not_received(case: Case, day: date) -> UnknownName:
    """The case was not there on that day."""
    return UnknownName(
        Text(f"案件{case.number}在{day}尚未收件。", f"Case {case.number} had not been received on {day}.")
    )
