"""Hours: when somebody may be disturbed: in working time, outside the quiet hours, or on the last day before it is over.

Room for: the first moment from some time on at which a message may go out.
May not enter: what is sent and to whom (`draft.py`), sending (`engine/service/delivering.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.core.draft import next_working_morning
from engine.model.register import Quiet
from engine.model.rules import Rules


def first_moment(rules: Rules, office: str, at: datetime, *, urgent: bool = False) -> datetime:
    """Return *at* where a message of *office* may go out then, else the first later moment at which it may.

    What is *urgent* is due on the day of *at*: it waits for the end of the quiet hours where they end on that day still, and
    for nothing else. Raises CalendarEnds where no working day is known.
    """
    quiet = rules.register.quiet
    if urgent:
        ends = _end_of(rules, quiet, at)
        return ends if rules.day_of(ends) == rules.day_of(at) else at
    while True:
        later = _end_of(rules, quiet, next_working_morning(rules, office, at))
        if later == at:
            return at
        at = later


def _end_of(rules: Rules, quiet: Quiet | None, at: datetime) -> datetime:
    """Return the end of the quiet hours that *at* lies in, else *at* itself."""
    local = at.astimezone(rules.register.zone)
    if quiet is None or not quiet.covers(local.time()):
        return at
    ends = datetime.combine(local.date(), quiet.ends, tzinfo=rules.register.zone)
    return ends if ends > local else ends + timedelta(days=1)
