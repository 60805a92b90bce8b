"""Tidying: rows beside the record that have served their time are deleted, a few at a time.

Room for: how long each kind is kept, and one round of deleting.
May not enter: anything of the record: events, documents, dates shown, definitions, calendars stay for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from engine.errors import Conflict
from engine.service.office import Office
from engine.store.retention import Retention

AT_ONCE = 1_000
"""So many rows of a kind go in one commit: nobody waits for it."""

_tidied_on: WeakKeyDictionary[Office, date] = WeakKeyDictionary()
"""The last day on which this process has looked whether to tidy."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days things are kept; None: for good."""

    requests: int | None = 400
    """Keys of requests: as long a form can come again and be known."""
    notices: int | None = 400
    """Notices that were read, after their case has ended."""


KEEP = Keep()


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows went; *more* says that another round would find some."""

    requests: int
    notices: int

    @property
    def more(self) -> bool:
        """Whether a kind was cut off at what one round may take."""
        return AT_ONCE in (self.requests, self.notices)


def tidy(office: Office, at: datetime, keep: Keep = KEEP) -> Tidied:
    """Delete, in one commit, up to `AT_ONCE` rows of each kind that were kept long enough at *at*."""
    with office.writing() as unit:
        rows = Retention(unit.connection, unit.institution)
        kinds = ((keep.requests, rows.drop_requests), (keep.notices, rows.drop_notices))
        gone = [0 if days is None else drop(at - timedelta(days=days), AT_ONCE) for days, drop in kinds]
    return Tidied(*gone)


def looked_today(office: Office, at: datetime) -> bool:
    """Return whether this process has looked on this day whether to tidy; asks nobody."""
    return _tidied_on.get(office) == at.date()


def daily(office: Office, at: datetime, *, first: bool, between: Callable[[], object] = lambda: None) -> None:
    """Tidy once a day: whoever is *first* to the day's work does, and so does a process that saw the day before.

    So one whose work was cut off, or that somebody was faster than by hand, is made up for within a day by a node that
    stays, and one that comes every minute does not begin anew each time. *between* is called after each commit that
    another follows. Raises StoreAway.
    """
    day = at.date()
    seen = _tidied_on.get(office)
    if seen == day and not first:
        return
    if first or (seen is not None and seen < day):
        try:
            while tidy(office, at).more:
                between()
        except Conflict:
            return  # another node is at the same rows
    _tidied_on[office] = day
