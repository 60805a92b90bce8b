"""The walk: an award clock lived through day by day, as a clerk with a wall calendar would.

Room for: a second, slower reading of the same rules that comes to the same figures, to check the first.
May not enter: arithmetic of `clock.py`, `stops.py` or `terms.py`; anything that jumps over a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.facts import ClockFact, ClockRule

_DAY = timedelta(days=1)

Coded = tuple[int, str]
"""The index of a fact and the code of what is held against it."""


def walk(rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None) -> Walk:
    """Return what a walk through the days finds, under the rules of `read_clock`. Raises CalendarEnds."""
    return Walk(rule, facts, calendar, as_of)


@dataclass(slots=True)
class MarkedDay:
    """A day as the walk found it: its running number, or the fact that stopped it."""

    date: date
    number: int
    stop: ClockFact | None = None


class Goal:
    """A last day that is looked for: the first worked, running day from the one that fills *total*."""

    __slots__ = ("doubtful", "found", "raw", "rests", "settled", "total")

    def __init__(self, total: int, rests: Callable[[date], bool], settled: Callable[[date], bool]) -> None:
        self.total, self.rests, self.settled = total, rests, settled
        self.raw: date | None = None
        self.found: date | None = None
        self.doubtful = False

    def see(self, day: MarkedDay) -> None:
        """Look at *day*; every day of the round is shown once, in order."""
        if self.found is not None or day.number < self.total:
            return
        if self.raw is None:
            self.raw = day.date
        self.doubtful = self.doubtful or not self.settled(day.date)
        if day.stop is None and not self.rests(day.date):
            self.found = day.date

    @property
    def provisional(self) -> bool:
        """Whether the day was found by looking at one that a notice has yet to decide on (K20)."""
        return self.found is not None and self.doubtful


class Round:
    """The days from one day 0 to the next: what started it, what extended it, the last days it leads to."""

    def __init__(self, origin: ClockFact, rule: ClockRule, calendar: Calendar) -> None:
        self.origin, self.rule, self.calendar = origin, rule, calendar
        self.days: list[MarkedDay] = []
        self.extensions: list[ClockFact] = []
        self.stopped = 0
        self.half: date | None = None
        self.base = counted_off(origin.on, [rule.limit])
        target = counted_off(origin.on, [rule.target]) if rule.target else None
        self.due, self.earliest, self.latest = self._goals(self.base)
        self.targets = self._goals(target) if target is not None else ()

    @property
    def total(self) -> int:
        """The days that fill the limit with all its extensions."""
        return self.due.total

    @property
    def complete(self) -> bool:
        """Whether every last day is found."""
        return self.latest.found is not None and all(goal.found is not None for goal in self.targets)

    def mark(self, today: date, stop: ClockFact | None) -> MarkedDay:
        """Give *today* its number, or the *stop* that keeps it from having one."""
        # Day 0 has no number of its own to lose: it is marked as the start even while stopped.
        if not self.days:
            stop = None
        number = (self.days[-1].number if self.days else -1) + (stop is None)
        day = MarkedDay(today, number, stop)
        self.days.append(day)
        self.stopped += stop is not None
        if self.half is None and number >= self.base // 2:
            self.half = today
        for goal in (self.due, self.earliest, self.latest, *self.targets):
            goal.see(day)
        return day

    def extend(self, fact: ClockFact) -> None:
        """Look for a later last day: the days that are gone are looked at again, for the longer limit."""
        self.extensions.append(fact)
        self.due, self.earliest, self.latest = self._goals(self.reach(self.extensions))
        for day in self.days:
            for goal in (self.due, self.earliest, self.latest):
                goal.see(day)

    def reach(self, extensions: Sequence[ClockFact]) -> int:
        """Return the days that the limit and *extensions* come to together."""
        return counted_off(self.origin.on, [self.rule.limit, *(fact.days for fact in extensions)])

    def too_much(self, fact: ClockFact) -> bool:
        """Return whether *fact* would extend by nothing or by more than there may be."""
        most = self.rule.extension_most
        if most is None or fact.days is None or fact.days.count < 1:
            return True
        return self.reach([*self.extensions, fact]) > counted_off(self.origin.on, [self.rule.limit, most])

    def _goals(self, total: int) -> tuple[Goal, Goal, Goal]:
        calendar = self.calendar
        return (
            Goal(total, calendar.is_rest, calendar.is_settled),
            Goal(total, calendar.is_rest_at_earliest, calendar.is_settled),
            Goal(total, calendar.is_rest_at_latest, calendar.is_settled),
        )


class Walk:
    """A whole walk: its rounds of days, and the figures of a `Reading` under the same names.

    *refused* and *breaches* hold the index and the code of a fact, *late_entries* indices.
    """

    def __init__(
        self, rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None
    ) -> None:
        self.rule, self.calendar, self.facts, self.as_of = rule, calendar, facts, as_of
        self.rounds: list[Round] = []
        self.open: list[ClockFact] = []
        self.end: tuple[date, int] | None = None
        self.count_at: tuple[int, int] | None = None
        self._refused: list[Coded] = []
        self._breaches: list[Coded] = []
        self._late: list[int] = []
        self._stops: list[tuple[ClockFact, date]] = []
        diary = self._diary()
        if self.rounds:
            self._live_through(diary)
        self.refused = tuple(sorted(self._refused))
        self.breaches = tuple(self._breaches)
        self.late_entries = tuple(sorted(self._late))

    @property
    def state(self) -> Literal["not_started", "running", "paused", "ended"]:
        """What the clock is after its last fact."""
        if not self.rounds:
            return "not_started"
        return "ended" if self.end else "paused" if self.open else "running"

    def figures(self) -> Mapping[str, object]:
        """Return the figures a walk can come to, under the names of `Reading`; a clock not started has few."""
        told: dict[str, object] = {
            "state": self.state,
            "refused": self.refused,
            "breaches": self.breaches,
            "late_entries": self.late_entries,
        }
        if not self.rounds:
            return told
        now = self.rounds[-1]
        target, target_earliest, target_latest = now.targets or (None, None, None)
        number, stopped = self.count_at or (None, None)
        return told | {
            "clock_start": now.days[0].date,
            "total_length_days": now.total,
            "raw_due": now.due.raw,
            "due": now.due.found,
            # A clock that stands still before its last day is found has none, the earliest no more than the others.
            "due_earliest": now.earliest.found if now.due.found else None,
            "due_latest": now.latest.found,
            "raw_target_due": target.raw if target else None,
            "target_due": target.found if target else None,
            "target_earliest": target_earliest.found if target_earliest and target and target.found else None,
            "target_latest": target_latest.found if target_latest else None,
            "provisional": now.due.provisional or bool(target and target.provisional),
            "counted_days": number,
            "remaining_days": None if number is None else max(0, now.total - number),
            "stopped_days": stopped if self.end or self.as_of else None,
            "on_time": (now.latest.found or date.max) >= self.end[0] if self.end else None,
            "quick_close": number <= now.base // 2 if self.end and number is not None else None,
            "quick_last_day": now.half,
        }

    def _diary(self) -> dict[date, list[tuple[int, ClockFact]]]:
        """What happened on each day, suspensions before resumptions (K21); the start opens a round."""
        start: tuple[int, ClockFact] | None = None
        happened = []
        for index, fact in enumerate(self.facts):
            if self.as_of is not None and fact.on > self.as_of:
                continue
            if fact.struck:
                self._refused.append((index, "ENTRY_STRUCK"))
            elif fact.recorded_on is not None and fact.recorded_on < fact.on:
                self._refused.append((index, "DATE_IN_FUTURE"))
            elif fact.kind == "start" and start is None:
                start = index, fact
            elif fact.kind == "start":
                self._refused.append((index, "START_TWICE"))
            else:
                happened.append((index, fact))
        diary: dict[date, list[tuple[int, ClockFact]]] = {}
        for index, fact in happened:
            if start is None or fact.on < start[1].on:
                self._refused.append((index, "DATE_BEFORE_START"))
            elif fact.kind == "end" and self.end is None:
                self.end = fact.on, index
            elif fact.kind == "end" and self.end is not None:
                self._refused.append((index, "DATE_AFTER_END" if fact.on > self.end[0] else "END_TWICE"))
            else:
                diary.setdefault(fact.on, []).append((index, fact))
        for day in diary.values():
            day.sort(key=lambda entry: entry[1].kind == "resume")
        if start is not None:
            self.rounds.append(Round(start[1], self.rule, self.calendar))
            self._note_late(*start, start[1].on)
        return diary

    def _live_through(self, diary: dict[date, list[tuple[int, ClockFact]]]) -> None:
        """Live through the days until nothing is left to happen and every last day is found or stopped."""
        today = self.rounds[0].origin.on
        last = max([today, *diary, *([self.end[0]] if self.end else [])])
        counted_on = self.end[0] if self.end else self.as_of
        while True:
            for index, fact in diary.get(today, ()):
                if self.end is not None and (today, index) > self.end:
                    self._refused.append((index, "DATE_AFTER_END"))
                elif code := self._live(index, fact, today):
                    self._refused.append((index, code))
            if self.end is not None and self.end[0] == today:
                self._note_late(self.end[1], self.facts[self.end[1]], today)
            now = self.rounds[-1]
            number = now.mark(today, self._stop_on(today)).number
            if today == counted_on:
                self.count_at = number, now.stopped
            elif counted_on is None:
                self.count_at = (number, now.stopped) if self.open else None
            paused_until = self.as_of if self.open and self.end is None else None
            if today >= max(last, paused_until or last) and (now.complete or self.open):
                break
            today += _DAY
        if self.count_at is None and self.as_of is not None:
            self._count_on(today, self.as_of)

    def _count_on(self, today: date, until: date) -> None:
        """Go on counting after the last day; these days stand on no sheet."""
        number, stopped = self.rounds[-1].days[-1].number, self.rounds[-1].stopped
        while today < until:
            today += _DAY
            running = self._stop_on(today) is None
            number, stopped = number + running, stopped + (not running)
        self.count_at = number, stopped

    def _live(self, index: int, fact: ClockFact, today: date) -> str | None:
        """Let *fact* happen, or return the code of why it cannot."""
        now = self.rounds[-1]
        expired = now.latest.found is not None
        match fact.kind:
            case "extend":
                if expired:
                    return "EXT_AFTER_EXPIRY"
                if fact.by_role not in self.rule.extension_by:
                    return "EXT_APPROVER"
                if now.too_much(fact):
                    return "EXT_OVER_CAP"
                self._note_late(index, fact, today)
                now.extend(fact)
            case "resume":
                if code := self._resume(index, fact, today):
                    return code
                self._note_late(index, fact, today)
            case _:
                code = "RESTART_AFTER_EXPIRY" if fact.kind == "restart" else "SUSPEND_AFTER_EXPIRY"
                if expired and not fact.overridden:
                    return code
                if expired:
                    self._breaches.append((index, code))
                self._note_late(index, fact, today)
                self._stop_or_restart(fact, today)
        return None

    def _stop_or_restart(self, fact: ClockFact, today: date) -> None:
        if fact.kind == "restart":
            self.rounds.append(Round(fact, self.rule, self.calendar))
        elif fact.kind == "suspend":
            self.open.append(fact)
        else:
            self._stops.append((fact, today + fact.stopped_for * _DAY))

    def _resume(self, index: int, fact: ClockFact, today: date) -> str | None:
        for suspension in self.open:
            if not fact.ref or fact.ref == suspension.ref:
                self.open.remove(suspension)
                return None
        for other in self.facts[:index]:
            named = not fact.ref or fact.ref == other.ref
            if other.kind == "suspend" and not other.struck and other.on > today and named:
                return "DATE_OUT_OF_ORDER"
        return "RESUME_WITHOUT_SUSPEND"

    def _note_late(self, index: int, fact: ClockFact, today: date) -> None:
        """K22: *today* is in time, but on the day *fact* was recorded the last day had gone by."""
        now, recorded = self.rounds[-1], fact.recorded_on
        if recorded is None or now.latest.found is not None or self.open:
            return
        number, first = (now.days[-1].number, False) if now.days else (-1, True)
        # Nobody has lived these days yet: look ahead, one by one, as if nothing else were to happen.
        while today < recorded:
            running = first or self._stop_on(today) is None
            number += running
            if running and number >= now.total and not self.calendar.is_rest_at_latest(today):
                self._late.append(index)
                return
            first = False
            today += _DAY

    def _stop_on(self, today: date) -> ClockFact | None:
        """The fact that stops *today*: the oldest open suspension, else a stop for a number of days."""
        if self.open:
            return self.open[0]
        for fact, until in self._stops:
            if today < until:
                return fact
        return None


def counted_off(zero: date, lengths: Sequence[Duration | None]) -> int:
    """Return the days counted off a wall calendar from *zero* for *lengths*, months first (K16)."""
    months = sum(length.count for length in lengths if length and length.unit == "months")
    days = sum(length.count for length in lengths if length and length.unit == "days")
    return _days_of_months(zero, months) + days


# A period is measured again at each extension; the calendar leaves it the same.
@lru_cache(maxsize=4096)
def _days_of_months(zero: date, months: int) -> int:
    today, passed = zero, 0
    while months > 0:
        today += _DAY
        passed += 1
        short_month = today.day < zero.day and (today + _DAY).day == 1
        if today.day == zero.day or short_month:
            months -= 1
    return passed
