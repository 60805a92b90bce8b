"""The count sheet: an award clock walked day by day, as a clerk with a wall calendar would.

Room for: a second, slower reading of the same rules, one verdict a day, for people and to check the first.
May not enter: arithmetic of `clock.py`, `stops.py` or `terms.py`; anything that jumps over a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.facts import ClockFact, ClockRule
from engine.law.rules import RULES
from engine.text import Text

Verdict = Literal["start", "counted", "stopped", "rolled", "due"]

_DAY = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole walk: the days, and the index and code of each fact that was refused on the way."""

    days: tuple[DayVerdict, ...]
    refused: tuple[tuple[int, str], ...]


def day_sheet(
    rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None
) -> tuple[DayVerdict, ...]:
    """Return one verdict for each day from the start to the due date, under the rules of `read_clock`.

    An ended clock stops at its end, a paused one at *as_of* (or at its last fact), whichever comes
    first with the due date; days after a due date have no verdict. A restart does not wipe the days
    before it: the count begins again at 0 on its day. Empty before the start. Raises CalendarEnds.
    """
    return walk(rule, facts, calendar, as_of).days


def walked(sheet: Sequence[DayVerdict], on: date | None = None) -> tuple[date | None, int]:
    """Return the due date *sheet* ends on (None if it reaches none) and the days counted up to *on*."""
    due = sheet[-1].date if sheet and sheet[-1].verdict == "due" else None
    numbers = [day.number for day in sheet if day.number is not None and (on is None or day.date <= on)]
    return due, numbers[-1] if numbers else 0


def walk(rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None) -> Walk:
    """Return the day sheet together with the facts it refused."""
    walker = _Walker(rule, facts, calendar, as_of)
    return Walk(tuple(walker.verdicts()), tuple(sorted(walker.refused)))


@dataclass(slots=True)
class _Marked:
    """A day as the walk found it: its running number, or the fact that stopped it."""

    date: date
    number: int
    stop: ClockFact | None = None


@dataclass(slots=True)
class _Round:
    """The days from one day 0 to the next: what started it, what extended it."""

    origin: ClockFact
    days: list[_Marked]
    extensions: list[ClockFact]


class _Walker:
    def __init__(
        self, rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None
    ) -> None:
        self.rule, self.calendar, self.facts = rule, calendar, facts
        self.refused: list[tuple[int, str]] = []
        self.rounds: list[_Round] = []
        self.open: list[ClockFact] = []
        self.stops: list[tuple[ClockFact, date]] = []
        self.end: tuple[date, int] | None = None
        diary = self._diary(as_of)
        if self.rounds:
            self._walk(diary, as_of)

    def _diary(self, as_of: date | None) -> dict[date, list[tuple[int, ClockFact]]]:
        """What happened on each day, suspensions before resumptions (K21); the start opens a round."""
        start = None
        happened = []
        for index, fact in enumerate(self.facts):
            if as_of is not None and fact.on > as_of:
                continue
            if fact.recorded_on is not None and fact.recorded_on < fact.on:
                self.refused.append((index, "DATE_IN_FUTURE"))
            elif fact.kind == "start" and start is None:
                start = fact
            elif fact.kind == "start":
                self.refused.append((index, "START_TWICE"))
            else:
                happened.append((index, fact))
        diary: dict[date, list[tuple[int, ClockFact]]] = {}
        for index, fact in happened:
            if start is None or fact.on < start.on:
                self.refused.append((index, "DATE_BEFORE_START"))
            elif fact.kind == "end" and self.end is None:
                self.end = fact.on, index
            elif fact.kind == "end" and self.end is not None:
                self.refused.append((index, "DATE_AFTER_END" if fact.on > self.end[0] else "END_TWICE"))
            else:
                diary.setdefault(fact.on, []).append((index, fact))
        for day in diary.values():
            day.sort(key=lambda entry: entry[1].kind == "resume")
        if start is not None:
            self.rounds.append(_Round(start, [], []))
        return diary

    def _walk(self, diary: dict[date, list[tuple[int, ClockFact]]], as_of: date | None) -> None:
        """Live through the days until nothing is left to happen and the due date is reached or stopped."""
        today = self.rounds[0].origin.on
        last = max([today, *diary, *([self.end[0]] if self.end else [])])
        while True:
            for index, fact in diary.get(today, ()):
                if self.end is not None and (today, index) > self.end:
                    self.refused.append((index, "DATE_AFTER_END"))
                elif code := self._live(index, fact, today):
                    self.refused.append((index, code))
            self._mark(today)
            nothing_more = self.end is not None or self._due_day(self.rounds[-1]) is not None
            if today >= last and (nothing_more or (self.open and (as_of is None or today >= as_of))):
                return
            today += _DAY

    def _live(self, index: int, fact: ClockFact, today: date) -> str | None:
        """Let *fact* happen, or return the code of why it cannot."""
        now = self.rounds[-1]
        due = self._due_day(now, doubtful=True)
        expired = due is not None and due < today
        match fact.kind:
            case "extend":
                if expired:
                    return "EXT_AFTER_EXPIRY"
                if fact.by_role not in self.rule.extension_by:
                    return "EXT_APPROVER"
                if self._too_much(now, fact):
                    return "EXT_OVER_CAP"
                now.extensions.append(fact)
            case "resume":
                return self._resume(index, fact, today)
            case "restart":
                if expired and not fact.overridden:
                    return "RESTART_AFTER_EXPIRY"
                self.rounds.append(_Round(fact, [], []))
            case _ if expired and not fact.overridden:
                return "SUSPEND_AFTER_EXPIRY"
            case "suspend":
                self.open.append(fact)
            case _:
                self.stops.append((fact, today + fact.stopped_for * _DAY))
        return None

    def _resume(self, index: int, fact: ClockFact, today: date) -> str | None:
        for suspension in self.open:
            if not fact.ref or fact.ref == suspension.ref:
                self.open.remove(suspension)
                return None
        for other in self.facts[:index]:
            if other.kind == "suspend" and other.on > today and (not fact.ref or fact.ref == other.ref):
                return "DATE_OUT_OF_ORDER"
        return "RESUME_WITHOUT_SUSPEND"

    def _mark(self, today: date) -> None:
        """Give *today* its number, or the stop that keeps it from having one."""
        days = self.rounds[-1].days
        number = days[-1].number if days else -1
        stop = next((fact for fact, until in self.stops if fact.on <= today < until), None)
        stop = self.open[0] if self.open else stop
        # Day 0 has no number of its own to lose: it is marked as the start even while stopped.
        if not days:
            stop = None
        days.append(_Marked(today, number + (stop is None), stop))

    def _due_day(self, now: _Round, *, doubtful: bool = False) -> date | None:
        """The first worked, running day from the one that fills the term; None if none came yet."""
        total = self._total(now.origin.on, self.rule.limit, [fact.days for fact in now.extensions])
        rests = self.calendar.is_rest_at_latest if doubtful else self.calendar.is_rest
        for day in now.days:
            if day.number >= total and day.stop is None and not rests(day.date):
                return day.date
        return None

    def _total(self, zero: date, limit: Duration, more: Sequence[Duration | None]) -> int:
        """Count off the days that the limit and what was added to it come to, months first (K16)."""
        lengths = [limit, *(length for length in more if length is not None)]
        months = sum(length.count for length in lengths if length.unit == "months")
        days = sum(length.count for length in lengths if length.unit == "days")
        today, passed = zero, 0
        while months > 0:
            today += _DAY
            passed += 1
            short_month = today.day < zero.day and (today + _DAY).day == 1
            if today.day == zero.day or short_month:
                months -= 1
        return passed + days

    def _too_much(self, now: _Round, fact: ClockFact) -> bool:
        if self.rule.extension_most is None or fact.days is None or fact.days.count < 1:
            return True
        zero, limit = now.origin.on, self.rule.limit
        wanted = [*(granted.days for granted in now.extensions), fact.days]
        return self._total(zero, limit, wanted) > self._total(zero, limit, [self.rule.extension_most])

    def verdicts(self) -> Iterator[DayVerdict]:
        for now in self.rounds:
            due = self._due_day(now)
            full = self._total(now.origin.on, self.rule.limit, [fact.days for fact in now.extensions])
            for day in now.days:
                if (due is not None and day.date > due) or (self.end is not None and day.date > self.end[0]):
                    break
                yield self._verdict(now, day, due, full)

    def _verdict(self, now: _Round, day: _Marked, due: date | None, full: int) -> DayVerdict:
        """Say what *day* of the round *now* is, and by which rule and fact."""
        if day is now.days[0]:
            return self._said(day, "start", "K1" if now.origin.kind == "start" else "K5", now.origin)
        if day.stop is not None:
            return self._said(day, "stopped", "K2" if day.stop.kind == "suspend" else "K3", day.stop)
        owner = self._won_by(now, day.number)
        won = "K7" if owner.kind == "extend" else "K1"
        if day.date == due:
            return self._said(day, "due", won if day.number == full else "K10", owner)
        if day.number > full:
            return self._said(day, "rolled", "K10", owner)
        return self._said(day, "counted", won, owner)

    def _won_by(self, now: _Round, number: int) -> ClockFact:
        """The fact that gave the round its day *number*: its start, or the extension that reached so far."""
        granted: list[Duration | None] = []
        for extension in now.extensions:
            if number <= self._total(now.origin.on, self.rule.limit, granted):
                break
            granted.append(extension.days)
        return now.extensions[len(granted) - 1] if granted else now.origin

    def _said(self, day: _Marked, verdict: Verdict, rule: str, fact: ClockFact) -> DayVerdict:
        own = Text(self.rule.basis, self.rule.basis)
        article = own if self.rule.basis and rule in ("K1", "K7") else RULES[rule].article
        number = None if verdict == "stopped" else day.number
        return DayVerdict(day.date, verdict, number, rule, article, fact.seq)
