"""Lists: the pages of what awaits somebody, what is overdue and what is supervised, for the door.

Room for: handing on to `queues.py` with the time read once.
May not enter: how any of it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from engine.service import queues
from engine.service.office import Office
from engine.service.pages import LedgerLine, OverdueLine, TodoLine
from engine.service.paging import Ask, Lines


class Lists:
    """Pages of the lists over many cases; each takes which page is asked for and raises WrongUse for a mark it cannot read."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office = office
        self._now = now

    def todos(self, person: str, show: queues.Show = "", ask: Ask | None = None) -> Lines[TodoLine]:
        """Return a page of what awaits *person*, or of what a count of the strip stands for, the nearest last day first."""
        return queues.todos(self._office, self._now(), person, show, ask)

    def overdue_clocks(
        self, offices: Collection[str] | None = None, ask: Ask | None = None
    ) -> Lines[OverdueLine]:
        """Return a page of the open cases (of *offices*; None: all) past their last day, the earliest first."""
        return queues.overdue_clocks(self._office, self._now(), offices, ask or Ask())

    def overdue_steps(
        self, offices: Collection[str] | None = None, ask: Ask | None = None
    ) -> Lines[OverdueLine]:
        """Return a page of the steps (of *offices*; None: all) past their last day, the longest over first."""
        return queues.overdue_steps(self._office, self._now(), offices, ask or Ask())

    def ledger(self, offices: Collection[str] | None = None, ask: Ask | None = None) -> Lines[LedgerLine]:
        """Return a page of the supervised cases (of *offices*; None: all), on it those not updated in time first."""
        return queues.ledger(self._office, self._now(), offices, ask or Ask())
