"""Leeway: what the holiday notice of a year may still do to its days while it is not there.

Room for: the rules by which notices are made, and the days around the festivals that follow from them.
May not enter: what a notice that is there has decided (`calendar.py`), terms and clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from engine.law.festivals import statutory_days

EXCHANGED = 2
"""At most so many working days around one holiday become rest days in exchange for weekend days that are worked."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Leeway:
    """The days left to a notice, as ordinal numbers: all that may become *rest*, and the weekend days that may be *worked*."""

    rest: frozenset[int]
    worked: frozenset[int]


@cache
def leeway(year: int) -> Leeway:
    """Return what the notice of *year* may do, around each of its festivals.

    A notice makes one unbroken block of rest days of each holiday, of these days and no others:

    - the days off that the regulation gives it (`statutory_days`);
    - a working day for each of these that falls on a weekend, or on a day off of another festival;
    - at most `EXCHANGED` working days more, for each of which a day of a weekend beside the block is worked;
    - the weekends in between, and holidays that the block meets, which become one with it.

    So a block reaches as far as these days do when all of them lie on one side; and what is worked lies in the week
    before the block or in the week after it, whichever block it is, and is never a day off itself.

    New Year reaches back into the December before *year*; no holiday reaches into the year after it.

    Holidays outside the regulation follow no rule (3 September 2015 is the only one since 2008): no leeway foresees them.

    Source: 全国年节及纪念日放假办法 (as of 2025) art. 2; art. 6: a day off on a weekend is made up on a working day;
    art. 7: days are joined with weekends, and as a rule nobody works more than six days on end beside a holiday, hence
    one day of a weekend on either side. Earlier notices go by the same measure, two days of one weekend among them.
    Raises KeyError for a year whose festivals are not known.
    """
    holidays = {name: tuple(day.toordinal() for day in days) for name, days in statutory_days(year).items()}
    off = frozenset(day for days in holidays.values() for day in days)
    blocks = [
        range(_furthest(days[-1] + 1, -1, holidays, off), _furthest(days[0] - 1, 1, holidays, off) + 1)
        for days in holidays.values()
    ]
    around = {day for block in blocks for day in range(block.start - WEEK, block.stop + WEEK)}
    return Leeway(
        rest=frozenset(day for block in blocks for day in block),
        worked=frozenset(day for day in around if _weekend(day)) - off,
    )


def _furthest(beside: int, step: int, holidays: Mapping[str, Collection[int]], off: Collection[int]) -> int:
    """Return the furthest day of the longest block whose holiday begins right after *beside*, in the direction of *step*."""
    met: set[str] = set()
    day, left = beside, EXCHANGED
    while True:
        for name, days in holidays.items():
            if name not in met and day + step in days:
                met.add(name)
                left += _made_up(name, holidays)
        if day + step not in off and not _weekend(day + step):
            if not left:
                return day
            left -= 1
        day += step


def _made_up(name: str, holidays: Mapping[str, Collection[int]]) -> int:
    """Return how many days off of this holiday are made up on working days."""
    # Of two holidays that share a day one alone has lost it: the later of the two.
    earlier = takewhile(lambda other: other != name, holidays)
    taken = {day for other in earlier for day in holidays[other]}
    return sum(_weekend(day) or day in taken for day in holidays[name])


def _weekend(day: int) -> bool:
    # Ordinal 1 is a Monday, so 6 and 0 are Saturday and Sunday.
    return (day + 1) % WEEK < 2
