"""Work days: an axis on which today, or the first work day after it, is 0 and yesterday's work day is -1.

Room for: numbers of work days to dates and back.
May not enter: which days are worked (`engine/law/calendar.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.law.calendar import Calendar

_DAY = timedelta(days=1)


class WorkDays:
    """The work days around *today*, numbered from it; every negative number lies before today."""

    def __init__(self, calendar: Calendar, today: date) -> None:
        self.today = today
        self._calendar = calendar
        self._ahead = [calendar.next_work_day(today)]
        self._back: list[date] = []

    def day(self, number: int) -> date:
        """Return the work day *number*. Raises CalendarEnds where the calendar does not reach."""
        if number >= 0:
            while len(self._ahead) <= number:
                self._ahead.append(self._calendar.next_work_day(self._ahead[-1] + _DAY))
            return self._ahead[number]
        while len(self._back) < -number:
            self._back.append(self._before(self._back[-1] if self._back else self.today))
        return self._back[-number - 1]

    def number_before(self, day: date) -> int:
        """Return the number of the last work day up to *day*, which lies before today."""
        number = -1
        while self.day(number) > day:
            number -= 1
        return number

    def _before(self, day: date) -> date:
        day -= _DAY
        while self._calendar.is_rest(day):
            day -= _DAY
        return day
