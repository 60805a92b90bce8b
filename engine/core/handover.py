"""Hand-over: by when each level of a review must pass the draft on, so that all after it have their time.

Room for: counting back from the last day of the case's clock, level by level, from what each may take.
May not enter: who signs (`authority.py`), the limits of the levels themselves (`terms.py`), alerts (`rungs.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.core.clocks import Clocks
from engine.law.calendar import Calendar
from engine.law.terms import last_day_before
from engine.model.case import Case, Matter
from engine.model.levels import Chain
from engine.model.procedure import Procedure, State
from engine.model.rules import Rules


@dataclass(frozen=True, slots=True)
class HandOver:
    """The last day on which *level* can pass the draft on and leave those after it their whole time.

    Without a level it is the last day to hand the draft in.
    """

    level: str | None
    latest: date


def hand_overs(
    rules: Rules, case: Case, procedure: Procedure, clocks: Clocks | None = None
) -> tuple[HandOver, ...]:
    """Return the last safe day of handing in the draft and of each level of *procedure*'s chain, in order.

    Counted back from the earliest last day of the case's clocks, which leaves the last level until that day itself; of a
    provisional one the earliest counts (K20). Nothing where there is no chain, or no clock that has a last day: before
    it starts, while it stands still, and after its end.
    """
    due = _due(rules, case, clocks or Clocks(rules, case))
    if procedure.chain is None or due is None:
        return ()
    calendar = rules.calendar_of(case.office)
    found: list[HandOver] = []
    latest = due
    for level in reversed(procedure.chain.levels):
        found.append(HandOver(level.state, latest))
        latest = _before(procedure.states[level.state], latest, calendar)
    return (HandOver(None, latest), *reversed(found))


def too_late_for(
    procedure: Procedure, matter: Matter, last_days: tuple[HandOver, ...], today: date
) -> HandOver | None:
    """Return the hand-over that *matter* has missed already in the state it is in, or None while it can still be kept."""
    chain = procedure.chain
    waiting = _level_of(chain, matter.state) if chain else None
    return next((one for one in last_days if one.level == waiting and today > one.latest), None)


def _level_of(chain: Chain, state: str) -> str | None:
    """Return the level that *state* belongs to; None where the draft is not with any level."""
    return next((level.state for level in chain.levels if state in (level.state, level.resumed)), None)


def _due(rules: Rules, case: Case, clocks: Clocks) -> date | None:
    readings = (clocks.reading(name) for name in rules.main_procedure(case).clocks)
    days = [r.due_earliest for r in readings if r and r.state == "running" and r.due_earliest]
    return min(days, default=None)


def _before(state: State, day: date, calendar: Calendar) -> date:
    """Return the day by which a level that ends on *day* has to begin; the tightest of its terms says how long it takes."""
    begins = [
        reading.earliest
        for term in state.terms
        if (reading := last_day_before(term.limit, day, calendar)).earliest is not None
    ]
    return max(begins, default=day)
