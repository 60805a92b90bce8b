"""Reach: which days of a calendar an answer rests on.

Room for: a calendar that remembers what it was asked.
May not enter: counting, where answers are kept.
"""

from __future__ import annotations

from datetime import date

from engine.law.calendar import Calendar


class WatchedCalendar(Calendar):
    """A calendar that answers like the one it was made of and remembers the first and last day it was asked about.

    An answer that rests on no day outside that reach cannot be changed by a notice that leaves every day within alone.
    """

    _asked_first: int
    _asked_last: int

    def __init__(self, calendar: Calendar) -> None:
        # What a calendar works out once is worked out there, not anew for each who watches.
        calendar.learn()
        self.__dict__.update(calendar.__dict__)
        self.__dict__.update(_asked_first=0, _asked_last=0)

    def rests(self, number: int) -> bool:
        self._note(number)
        return super().rests(number)

    def rests_at_latest(self, number: int) -> bool:
        self._note(number)
        return super().rests_at_latest(number)

    def rests_at_earliest(self, number: int) -> bool:
        self._note(number)
        return super().rests_at_earliest(number)

    @property
    def reach(self) -> tuple[date, date] | None:
        """The first and the last day asked about; None where nothing was asked."""
        if not self._asked_first:
            return None
        return date.fromordinal(self._asked_first), date.fromordinal(self._asked_last)

    def _note(self, number: int) -> None:
        known = self.__dict__
        if not known["_asked_first"] or number < known["_asked_first"]:
            known["_asked_first"] = number
        if number > known["_asked_last"]:
            known["_asked_last"] = number
