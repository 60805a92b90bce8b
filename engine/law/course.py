"""The course of a clock: a started period on its way through its facts, in ordinal numbers of days.

Room for: K1 to K11 as interval arithmetic: day 0, runs and stops, extensions, expiry, who is refused and why.
May not enter: sorting facts (`docket.py`), what is reported in the end (`clock.py`), walking day by day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.facts import ClockFact, ClockRule
from engine.law.refusals import Allowance
from engine.law.stops import NEVER
from engine.law.terms import length_in_days, months_after


class Course:
    """One clock under *rule* since its latest day 0. Numbers are ordinals of days, NEVER where none comes.

    Facts must come in the order of their days: then whatever stops the clock ends the present run,
    overlapping stops are one without being compared (K4), and no day is looked at twice.
    """

    __slots__ = (
        "_expires", "_free", "_runs", "_since", "_used", "base", "calendar", "granted", "open", "overstepped",
        "rule", "start", "total", "zero",
    )  # fmt: skip

    def __init__(self, rule: ClockRule, calendar: Calendar, start: date) -> None:
        self.rule = rule
        self.calendar = calendar
        self.open: list[str] = []
        self.overstepped = NEVER
        self._free = 0  # the day after every stop of a fixed length
        self.begin(start)

    def begin(self, start: date) -> None:
        """Make *start* day 0 (K1, K5): extensions and used days fall away; a stop goes on."""
        self.start = start
        self.zero = zero = start.toordinal()
        self.granted: tuple[Duration, ...] = ()
        self.base = self.total = length_in_days(self.rule.limit, start)
        # Finished runs: the first day, the day after the last, the days counted before.
        self._runs: list[tuple[int, int, int]] = []
        self._used = 0
        # The first day of the present run; it may lie ahead.
        self._since = zero + 1 if zero >= self._free else self._free
        self._expires: int | None = None

    def take(self, fact: ClockFact, day: int) -> str | None:
        """Let *fact*, which happened on *day*, move the clock; or return why it cannot (K8, K9, in their order).

        What was let stand by override moves the clock although a code is returned. *overstepped* is the last
        day of the latest fact that came after it.
        """
        kind = fact.kind
        if kind == "resume":
            return self._resume(fact.ref, day)
        if kind == "extend":
            return self._extend(fact, day)
        code, used, since = None, self._used, self._since
        runs = day > since and not self.open
        if runs:
            used += day - since
        # While days are left there is no need to look at the calendar.
        if used >= self.total and day > self.expires():
            self.overstepped = self.expires()
            code = "RESTART_AFTER_EXPIRY" if kind == "restart" else "SUSPEND_AFTER_EXPIRY"
            if not fact.overridden:
                return code
        if kind == "restart":
            self.begin(fact.on)
            return code
        if runs:
            self._runs.append((since, day, self._used))
            self._used = used
        if kind == "suspend":
            self.open.append(fact.ref)
        else:
            self._free = free = max(self._free, day + fact.stopped_for)
            if free > since:
                self._since = free
        self._expires = None
        return code

    def nth(self, count: int) -> int:
        """The day that has this number: the *count*-th after day 0 on which the clock runs."""
        if count > self._used:
            return NEVER if self.open else self._since + count - self._used - 1
        for first, _, before in reversed(self._runs):
            if count > before:
                return first + count - before - 1
        return self.zero

    def band(self, raw: int) -> tuple[int, int, int, bool]:
        """The day *raw* rolls to, the earliest and the latest it may yet be, and whether they are provisional (K10, K20)."""
        due = self._rolled(raw, self.calendar.rests)
        if due >= NEVER or self.calendar.settled(raw, due):
            return due, due, due, False
        earliest = self._rolled(raw, self.calendar.rests_at_earliest)
        return due, earliest, self._rolled(raw, self.calendar.rests_at_latest), True

    def expires(self) -> int:
        """The last day by the facts so far, the latest where it is provisional; NEVER while stopped (K11)."""
        if self._expires is None:
            self._expires = self.band(self.nth(self.total))[2]
        return self._expires

    def expired(self, day: int) -> bool:
        """Return whether *day*, no earlier than any fact so far, lies after the last day by them."""
        ahead = 0 if self.open or day <= self._since else day - self._since
        return self._used + ahead >= self.total and day > self.expires()

    def entered_late(self, fact: ClockFact) -> bool:
        """K22: dated on or before the last day, recorded after it."""
        recorded = fact.recorded_on
        if recorded is None or recorded == fact.on:
            return False
        return self.expired(recorded.toordinal()) and not self.expired(fact.on.toordinal())

    def allowance(self) -> Allowance:
        """What extensions of this clock are measured by."""
        return Allowance(self.rule.extension_most, self.granted, self.rule.extension_by)

    def counts(self, on: date | None) -> tuple[int | None, int | None]:
        """The days counted and stopped up to *on*, which no fact may follow; without it a paused clock's count."""
        if on is None:
            return self._used if self.open else None, None
        day = on.toordinal()
        counted = self._used if self.open else self._used + max(0, day + 1 - self._since)
        return counted, day - self.zero - counted

    def _resume(self, named: str, day: int) -> str | None:
        """End the oldest open suspension of that name; a resumption without a name ends the oldest of all."""
        if not self.open or (named and named not in self.open):
            return "RESUME_WITHOUT_SUSPEND"
        self.open.remove(named or self.open[0])
        if not self.open and day > self._since:
            self._since = day
        self._expires = None
        return None

    def _extend(self, fact: ClockFact, day: int) -> str | None:
        if self.expired(day):
            self.overstepped = self.expires()
            return "EXT_AFTER_EXPIRY"
        if fact.by_role not in self.rule.extension_by:
            return "EXT_APPROVER"
        most, added = self.rule.extension_most, fact.days
        if most is None or added is None or added.count < 1:
            return "EXT_OVER_CAP"
        # Measured from day 0, so that days may be added to a limit in months and the other way round.
        granted = (*self.granted, added)
        total = self._with(granted)
        if total > self._with((most,)):
            return "EXT_OVER_CAP"
        self.granted, self.total = granted, total
        self._expires = None
        return None

    def _rolled(self, day: int, rests: Callable[[int], bool]) -> int:
        """The first day from *day* on that the clock runs on and that is worked."""
        if self.open or day < self._since:
            for first, until, _ in self._runs:
                if until > day:
                    day = max(day, first)
                    while day < until:
                        if not rests(day):
                            return day
                        day += 1
            if self.open:
                return NEVER
            day = self._since
        while rests(day):
            day += 1
        return day

    def _with(self, more: tuple[Duration, ...]) -> int:
        """The days from day 0 that the limit and *more* come to when they follow each other, months first (K16)."""
        limit = self.rule.limit
        months, days = (0, limit.count) if limit.unit == "days" else (limit.count, 0)
        for length in more:
            if length.unit == "days":
                days += length.count
            else:
                months += length.count
        return days + (months_after(self.start, months).toordinal() - self.zero if months else 0)
