"""The course of a clock: a started period on its way through its facts, in ordinal numbers of days.

Room for: K1 to K11 as interval arithmetic: day 0, stops, extensions, expiry, who is refused and why.
May not enter: sorting facts (`docket.py`), what is reported in the end (`clock.py`), walking day by day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.law.calendar import Calendar
from engine.law.duration import Duration
from engine.law.facts import ClockFact, ClockRule
from engine.law.stops import NEVER, Span, nth_counted, rolled, stopped_between, union
from engine.law.terms import length_in_days, months_after


class Course:
    """One clock under *rule* since its latest day 0. Numbers are ordinals of days, NEVER where none comes."""

    def __init__(self, rule: ClockRule, calendar: Calendar, start: date) -> None:
        self.rule = rule
        self.calendar = calendar
        self.stopped: list[Span] = []
        self.open: list[tuple[str, int]] = []
        self.begin(start)

    def begin(self, start: date) -> None:
        """Make *start* day 0 (K1, K5): extensions fall away; stops stay, those before it touch nothing."""
        self.start = start
        self.zero = start.toordinal()
        self.granted: tuple[Duration, ...] = ()
        self.base = self.total = length_in_days(self.rule.limit, start)
        self._expires: int | None = None

    def refusal(self, fact: ClockFact) -> str | None:
        """Return why *fact* cannot be taken now, or None (K8, K9, in their order)."""
        match fact.kind:
            case "end":
                return None
            case "resume":
                return None if self._to_resume(fact) is not None else "RESUME_WITHOUT_SUSPEND"
            case "extend":
                return self._no_extension(fact)
            case "restart":
                return "RESTART_AFTER_EXPIRY" if self.expired(fact.on) else None
            case _:
                return "SUSPEND_AFTER_EXPIRY" if self.expired(fact.on) else None

    def take(self, fact: ClockFact) -> None:
        """Let *fact* move the clock; ask `refusal` first."""
        day = fact.on.toordinal()
        match fact.kind:
            case "restart":
                self.begin(fact.on)
            case "suspend":
                self.open.append((fact.ref, day))
            case "publication" | "exclude":
                self.stopped.append((day, day + fact.stopped_for))
            case "resume" if (position := self._to_resume(fact)) is not None:
                self.stopped.append((self.open.pop(position)[1], day))
            case "extend" if fact.days is not None:
                self.granted = (*self.granted, fact.days)
                self.total = self._together(self.rule.limit, *self.granted)
            case _:
                pass
        self._expires = None

    def stops(self) -> Sequence[Span]:
        """Every stop so far, united (K4)."""
        return union([*self.stopped, *((start, NEVER) for _, start in self.open)])

    def band(self, raw: int, stops: Sequence[Span]) -> tuple[int, int, bool]:
        """The day *raw* rolls to, the latest it may yet be, and whether the two are provisional (K10, K20)."""
        due = rolled(raw, stops, self.calendar.rests)
        if due >= NEVER or self.calendar.settled(raw, due):
            return due, due, False
        return due, rolled(raw, stops, self.calendar.rests_at_latest), True

    def expires(self) -> int:
        """The last day by the facts so far, the latest where it is provisional; NEVER while stopped (K11)."""
        if self._expires is None:
            stops = self.stops()
            self._expires = self.band(nth_counted(self.zero, self.total, stops), stops)[1]
        return self._expires

    def expired(self, day: date) -> bool:
        """Return whether *day* lies after the last day by the facts so far."""
        number = day.toordinal()
        # Stops and rolling only push the last day out, so an early day needs no look at the calendar.
        return number > self.zero + self.total and number > self.expires()

    def entered_late(self, fact: ClockFact) -> bool:
        """K22: dated on or before the last day, recorded after it."""
        recorded = fact.recorded_on
        return recorded is not None and self.expired(recorded) and not self.expired(fact.on)

    def counts(self, stops: Sequence[Span], on: date | None) -> tuple[int | None, int | None]:
        """The days counted and stopped up to *on*; without it a paused clock's count stands all the same."""
        if on is None and not self.open:
            return None, None
        day = max(self.zero, stops[-1][0]) if on is None else on.toordinal()
        stopped = stopped_between(self.zero, day, stops)
        return day - self.zero - stopped, None if on is None else stopped

    def _no_extension(self, fact: ClockFact) -> str | None:
        if self.expired(fact.on):
            return "EXT_AFTER_EXPIRY"
        if fact.by_role not in self.rule.extension_by:
            return "EXT_APPROVER"
        most, added = self.rule.extension_most, fact.days
        if most is None or added is None or added.count < 1:
            return "EXT_OVER_CAP"
        # Measured from day 0, so that days may be added to a limit in months and the other way round.
        wanted = self._together(self.rule.limit, *self.granted, added)
        return "EXT_OVER_CAP" if wanted > self._together(self.rule.limit, most) else None

    def _together(self, *lengths: Duration) -> int:
        """The days from day 0 that *lengths* come to when they follow each other, months first (K16)."""
        months = sum(length.count for length in lengths if length.unit == "months")
        days = sum(length.count for length in lengths if length.unit == "days")
        return days + (months_after(self.start, months).toordinal() - self.zero if months else 0)

    def _to_resume(self, fact: ClockFact) -> int | None:
        """The oldest open suspension *fact* names; a resumption without a name ends the oldest of all."""
        return next((i for i, (ref, _) in enumerate(self.open) if fact.ref in ("", ref)), None)
