"""First calendar: the one every new office begins with, for whoever counts without an office.

Room for: the seed's notices as one calendar.
May not enter: an office's own calendar (`engine/service`), loading a notice.
"""

from __future__ import annotations

from functools import cache

from engine.law.calendar import Calendar
from engine.store.calendars import seed


@cache
def first_calendar() -> Calendar:
    """Return the calendar of all notices known to the seed."""
    years = seed()
    return Calendar.of((day for days in years.values() for day in days), years)
