"""Looking back: a case as its record stood at the end of a past day.

Room for: which day it is, the events there were by then, and the case they make.
May not enter: what is shown of it, dates of the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from engine.core.fold import fold
from engine.errors import UnknownName, WrongUse
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


def looked_at_on(rules: Rules, at: datetime, as_of: date | None, events: Sequence[Event]) -> date:
    """Return the day that is looked at: *as_of*, or today without one. Raises WrongUse for a day to come.

    In a rehearsal, where the time is set by hand, what was recorded later than now can be looked at too.
    """
    today = rules.day_of(at)
    latest = max([today, *(rules.day_of(event.recorded_at) for event in events)])
    if as_of is not None and as_of > latest:
        raise WrongUse(
            Text(
                "{day}尚未到来；请选择今日（{today}）或之前的日期。",
                "{day} is yet to come; choose today ({today}) or a day before it.",
            ).filled(day=as_of, today=today)
        )
    return as_of or today


def not_received(case: Case, day: date) -> UnknownName:
    """The case was not there on that day."""
    return UnknownName(
        Text(f"案件{case.number}在{day}尚未收件。", f"Case {case.number} had not been received on {day}.")
    )
