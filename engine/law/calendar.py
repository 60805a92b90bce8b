"""The calendar: which days are worked, by the holiday notices, and how far days without one can be trusted.

Room for: rest days and working days, the years that have a notice, and the band where one is missing.
May not enter: where the table is kept, terms and clocks, the time of day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from engine.errors import CalendarEnds
from engine.law.festivals import FESTIVALS
from engine.law.leeway import Leeway, leeway
from engine.text import Text

YEARS_BEYOND = 2

_ENDS = Text(
    "{day}超出工作日历可以推算的年份（{first}年至{last}年）。请先录入该年的放假通知。",
    "{day} lies beyond the years the calendar can answer for ({first} to {last}). "
    "Load the holiday notice of that year first.",
)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day that a notice names: a rest day of a holiday, or a weekend day that is worked."""

    day: date
    rest: bool
    notice: str = ""


@dataclass(frozen=True)
class Calendar:
    """The working days of one office.

    Every Saturday and Sunday is a rest day and every other day a working day, but for the days a
    notice names and the office's own rest days. A year is *published* when its notice is loaded;
    the others are answered for by the weekend rule, at most two years beyond the table. The notice of
    a year may also decide on days of the December before it: these are open until it is loaded, though
    their own year is published. Whatever rests on open days or on an unpublished year is provisional (K20):

    - earliest: as if no working day became a rest day, and every day of a weekend were worked that a
      notice can have worked;
    - latest: as if every day were at rest that a notice can make a rest day, and no weekend were worked.

    Which days these are follows from how notices are made (`leeway.py`), so the date that the notice
    brings lies between the two. Only a holiday outside the regulation can bring one beyond them, or, in the
    last December that is answered for, the notice of the year after it.

    Equal tables are equal calendars. Source: CPL 85; the State Council's yearly notices; K10, K20.
    """

    days: tuple[CalendarDay, ...]
    published_years: frozenset[int]
    local_rest: frozenset[date] = frozenset()

    _rest: frozenset[int] = field(init=False, repr=False, compare=False)
    _worked: frozenset[int] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the table out as ordinal numbers of days: the questions below are asked in every count."""
        if not self.published_years:
            raise ValueError("a calendar needs at least one year with a holiday notice")
        local = {day.toordinal() for day in self.local_rest}
        lay = object.__setattr__
        lay(self, "_rest", frozenset(local | {row.day.toordinal() for row in self.days if row.rest}))
        lay(self, "_worked", frozenset(row.day.toordinal() for row in self.days if not row.rest))
        first = max(min(self.published_years) - YEARS_BEYOND, min(FESTIVALS))
        last = min(max(self.published_years) + YEARS_BEYOND, max(FESTIVALS))
        lay(self, "_first", date(first, 1, 1).toordinal())
        lay(self, "_last", date(last, 12, 31).toordinal())

    @classmethod
    def of(cls, days: Iterable[CalendarDay], published: Iterable[int]) -> Calendar:
        """Return the calendar of *days*, in any order, whose notices are loaded for the years *published*."""
        return cls(tuple(sorted(days, key=lambda row: row.day)), frozenset(published))

    def with_rest_days(self, days: Iterable[date]) -> Calendar:
        """Return this calendar with *days* as rest days of one office, adjusted working days among them."""
        return Calendar(self.days, self.published_years, self.local_rest | frozenset(days))

    def is_rest(self, day: date) -> bool:
        """Return whether *day* is a rest day; in an unpublished year by the weekend rule.

        Raises CalendarEnds beyond the table's years and the two on either side.
        """
        return self.rests(day.toordinal())

    def is_work(self, day: date) -> bool:
        """Return whether *day* is worked: the opposite of `is_rest`, with the same edges."""
        return not self.rests(day.toordinal())

    def is_rest_at_latest(self, day: date) -> bool:
        """Return whether *day* is or may yet become a rest day: the upper bound of K20."""
        return self.rests_at_latest(day.toordinal())

    def is_rest_at_earliest(self, day: date) -> bool:
        """Return whether *day* is a rest day and stays one: the lower bound of K20."""
        return self.rests_at_earliest(day.toordinal())

    def next_work_day(self, day: date) -> date:
        """Return *day* if it is worked, else the first working day after it (CPL 85). Raises CalendarEnds."""
        number = day.toordinal()
        while self.rests(number):
            number += 1
        return date.fromordinal(number)

    def published(self, year: int) -> bool:
        """Return whether the holiday notice of *year* is loaded; the next one may still change its December."""
        return year in self.published_years

    def is_settled(self, day: date) -> bool:
        """Return whether no notice to come decides on *day*: its year's is loaded, and so is the next year's or it cannot reach *day*.

        False of any day in an unpublished year, however far from every festival.
        """
        number = day.toordinal()
        return self.published(day.year) and self.rests_at_earliest(number) == self.rests_at_latest(number)

    def settled(self, first: int, last: int) -> bool:
        """Answer `is_settled` for all days from *first* to *last*, as ordinal numbers, together."""
        for start, end in self._settled:
            if first <= end:
                return start <= first and last <= end
        return False

    def notice_of(self, day: date) -> str:
        """Return the notice that names *day*, or an empty text where none does."""
        return self._notices.get(day, "")

    def rests(self, number: int) -> bool:
        """Answer `is_rest` for the day with this ordinal number (``date.toordinal``)."""
        if not self._first <= number <= self._last:
            self._ended(number)
        if number in self._rest:
            return True
        # Ordinal 1 is a Monday, so 6 and 0 are Saturday and Sunday.
        return (number + 1) % 7 < 2 and number not in self._worked

    def rests_at_latest(self, number: int) -> bool:
        """Answer `is_rest_at_latest` for the day with this ordinal number."""
        return self.rests(number) or number in self._late_rest

    def rests_at_earliest(self, number: int) -> bool:
        """Answer `is_rest_at_earliest` for the day with this ordinal number."""
        return self.rests(number) and number not in self._early_work

    def learn(self) -> None:
        """Work out now what is worked out once: the days that a notice may yet change."""
        _ = self._late_rest, self._early_work, self._settled

    @cached_property
    def _notices(self) -> dict[date, str]:
        """Each named day and its notice; of two rows for one day the first says it."""
        return {row.day: row.notice for row in reversed(self.days)}

    @cached_property
    def _late_rest(self) -> frozenset[int]:
        """The days that a notice to come may make rest days."""
        return self._left_open(lambda left: left.rest)

    @cached_property
    def _early_work(self) -> frozenset[int]:
        """The weekend days that a notice to come may have worked, but for those an office rests on anyway."""
        return self._left_open(lambda left: left.worked) - {day.toordinal() for day in self.local_rest}

    @cached_property
    def _settled(self) -> tuple[tuple[int, int], ...]:
        """The first and the last day of each unbroken run of settled days: years in a row, and what is certain of a December."""
        runs: list[tuple[int, int]] = []
        for year in sorted(self.published_years):
            first, after = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
            december = () if self.published(year + 1) else range(date(year, 12, 1).toordinal(), after)
            for number in december:
                if self.rests_at_earliest(number) != self.rests_at_latest(number):
                    _lengthen(runs, first, number - 1)
                    first = number + 1
            _lengthen(runs, first, after - 1)
        return tuple(runs)

    def _left_open(self, days: Callable[[Leeway], frozenset[int]]) -> frozenset[int]:
        """Those of *days* that the notices to come decide on: of their own years, and of the December before each."""
        first, last = date.fromordinal(self._first).year, date.fromordinal(self._last).year
        years = (year for year in range(first, last + 1) if not self.published(year))
        return frozenset(number for year in years for number in days(leeway(year)))

    def _ended(self, number: int) -> None:
        first, last = date.fromordinal(self._first), date.fromordinal(self._last)
        within = 1 <= number <= date.max.toordinal()
        day = date.fromordinal(number).isoformat() if within else Text("该日", "That day")
        raise CalendarEnds(_ENDS.filled(day=day, first=first.year, last=last.year))


def _lengthen(runs: list[tuple[int, int]], first: int, last: int) -> None:
    """Add the days from *first* to *last*, if any, to *runs*: to the one before where they follow it."""
    if first > last:
        return
    if runs and runs[-1][1] == first - 1:
        first = runs.pop()[0]
    runs.append((first, last))
