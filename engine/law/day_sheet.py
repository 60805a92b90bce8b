"""The count sheet: one verdict for each day of an award clock, read off the walk through its days.

Room for: what each day is, by which rule, article and fact; the due date and the count a sheet shows.
May not enter: the walk itself (`walk.py`); anything of `clock.py`, which a sheet is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.law.calendar import Calendar
from engine.law.facts import ClockFact, ClockRule
from engine.law.rules import RULES
from engine.law.walk import MarkedDay, Round, Walk, walk
from engine.text import Text

Verdict = Literal["start", "counted", "stopped", "rolled", "due"]


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """One calendar day and why it counts or does not.

    *number* is the running count: 0 on a start day, None on a stopped day; it runs on over days the
    last day is rolled across. *rule* is K1 to K10, *article* its source, *fact_seq* the event that
    explains the day (the start, the stop, or the extension the day was won by).
    """

    date: date
    verdict: Verdict
    number: int | None
    rule: str
    article: Text
    fact_seq: int


def day_sheet(
    rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None
) -> tuple[DayVerdict, ...]:
    """Return one verdict for each day from the start to the due date, under the rules of `read_clock`.

    An ended clock stops at its end, a paused one at *as_of* (or at its last fact), whichever comes
    first with the due date; days after a due date have no verdict. A restart does not wipe the days
    before it: the count begins again at 0 on its day. Empty before the start. Raises CalendarEnds.
    """
    return sheet_of(walk(rule, facts, calendar, as_of))


def sheet_of(walked_through: Walk) -> tuple[DayVerdict, ...]:
    """Return the sheet of a walk that was made already."""
    end = walked_through.end
    return tuple(
        verdict for now in walked_through.rounds for verdict in _Judge(now).verdicts(end[0] if end else None)
    )


def walked(sheet: Sequence[DayVerdict], on: date | None = None) -> tuple[date | None, int]:
    """Return the due date *sheet* ends on (None if it reaches none) and the days counted up to *on*."""
    due = sheet[-1].date if sheet and sheet[-1].verdict == "due" else None
    numbers = [day.number for day in sheet if day.number is not None and (on is None or day.date <= on)]
    return due, numbers[-1] if numbers else 0


class _Judge:
    """Says what each day of one round is."""

    def __init__(self, now: Round) -> None:
        self.now = now
        self.own = now.rule.basis
        self.reached = [now.reach(now.extensions[:count]) for count in range(len(now.extensions))]

    def verdicts(self, end: date | None) -> Iterator[DayVerdict]:
        due = self.now.due.found
        for day in self.now.days:
            if (due is not None and day.date > due) or (end is not None and day.date > end):
                return
            yield self._verdict(day)

    def _verdict(self, day: MarkedDay) -> DayVerdict:
        now = self.now
        if day is now.days[0]:
            return self._said(day, "start", "K1" if now.origin.kind == "start" else "K5", now.origin)
        if day.stop is not None:
            return self._said(day, "stopped", "K2" if day.stop.kind == "suspend" else "K3", day.stop)
        owner = self._won_by(day.number)
        won = "K7" if owner.kind == "extend" else "K1"
        if day.date == now.due.found:
            return self._said(day, "due", won if day.number == now.total else "K10", owner)
        if day.number > now.total:
            return self._said(day, "rolled", "K10", owner)
        return self._said(day, "counted", won, owner)

    def _won_by(self, number: int) -> ClockFact:
        """The fact that gave the round its day *number*: its start, or the extension that reached so far."""
        granted = sum(number > reached for reached in self.reached)
        return self.now.extensions[granted - 1] if granted else self.now.origin

    def _said(self, day: MarkedDay, verdict: Verdict, rule: str, fact: ClockFact) -> DayVerdict:
        article = self.own if self.own and rule in ("K1", "K7") else RULES[rule].article
        number = None if verdict == "stopped" else day.number
        return DayVerdict(day.date, verdict, number, rule, article, fact.seq)
