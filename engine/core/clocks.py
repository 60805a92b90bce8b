"""Clocks: a case's clock facts put to the law.

Room for: the clock rule of a case, its target, its reading, its stops; which days of the calendar all that rests on.
May not enter: how days are counted (`engine/law`), what an act does to a clock (`clock_acts.py`), terms, ladders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, Reading, read_clock
from engine.law.duration import Duration
from engine.law.reach import WatchedCalendar
from engine.law.stops import Stop
from engine.law.terms import TermReading, last_day, last_day_before
from engine.model.case import Case, ClockLog
from engine.model.procedure import Clock
from engine.model.rules import Rules
from engine.model.targets import Target, tightest

T = TypeVar("T")
Span = tuple[date, date]


def target_of(clock: Clock, log: ClockLog, calendar: Calendar, as_of: date | None = None) -> Target | None:
    """Return the target *log* is held to: the tightest of what its layers gave on the day 0 that counts; or None."""
    begun = _begun(clock, log, calendar, as_of)
    return tightest(log.targets_for(begun.seq), clock.limit, begun.on) if begun else None


def rule_of(clock: Clock, log: ClockLog, calendar: Calendar, as_of: date | None = None) -> ClockRule:
    """Return the rule *clock* runs by on this case: law from the definition, target as resolved on day 0."""
    target = target_of(clock, log, calendar, as_of)
    return _law_of(clock, target.length if target else None)


def read(rules: Rules, case: Case, name: str, as_of: date | None = None) -> Reading | None:
    """Return how clock *name* of *case* stands, or None when the case has not started it."""
    log = case.clocks.get(name)
    if log is None or not log.facts:
        return None
    clock = rules.main_procedure(case).clocks[name]
    if as_of is None:
        return rules.once(_standing, case.office, clock, log).answer.reading
    calendar = rules.calendar_of(case.office)
    return read_clock(rule_of(clock, log, calendar, as_of), log.facts, calendar, as_of)


def _begun(clock: Clock, log: ClockLog, calendar: Calendar, as_of: date | None) -> ClockFact | None:
    """The start or restart that the clock counts from."""
    beginnings = log.beginnings
    if len(beginnings) < 2:
        return beginnings[0] if beginnings else None
    # The law may refuse a restart, so which one counts is asked of a reading.
    start = read_clock(_law_of(clock, None), log.facts, calendar, as_of).clock_start
    return next((fact for fact in reversed(beginnings) if fact.on == start), beginnings[0])


def _law_of(clock: Clock, target: Duration | None) -> ClockRule:
    return ClockRule(
        limit=clock.limit,
        extension_most=clock.extension_most,
        extension_by=frozenset(clock.extension_by),
        target=target,
    )


# --- what is counted once -----------------------------------------------------------------------------------


class Counted(NamedTuple, Generic[T]):
    """An answer of the law, and the first and last day of the calendar that it rests on; None where on none."""

    answer: T
    reach: Span | None


def _counted(rules: Rules, office: str, count: Callable[[Calendar], T]) -> Counted[T]:
    watched = WatchedCalendar(rules.calendar_of(office))
    answer = count(watched)
    return Counted(answer, watched.reach)


class Standing:
    """How one started clock stands by its log: its reading, and what follows from that for stops and rounds."""

    def __init__(self, clock: Clock, log: ClockLog, calendar: Calendar) -> None:
        self.clock = clock
        begun = _begun(clock, log, calendar, None)
        target = tightest(log.targets_for(begun.seq), clock.limit, begun.on) if begun else None
        self.reading = read_clock(_law_of(clock, target.length if target else None), log.facts, calendar)
        self._facts = log.facts
        self._begun = begun

    @cached_property
    def rounds(self) -> tuple[int, int]:
        """The rounds that the rungs of limit and target belong to: the facts that opened them, by their seq.

        What the law refuses and what was struck opens none, and a restart that is dated before the present day 0 neither.
        """
        begun = self._begun
        if begun is None:
            return 0, 0
        granted = [
            fact.seq
            for index, fact in enumerate(self._facts)
            if fact.kind == "extend" and index not in self._refused and fact.on >= begun.on
        ]
        return max([begun.seq, *granted]), begun.seq

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The spans in which the clock was suspended; the last may be open, unless the clock ended."""
        closed, still_open = self._paired
        return (*closed, *(Stop(fact.on, self._ended_on) for fact in still_open))

    @cached_property
    def open_stops(self) -> tuple[ClockFact, ...]:
        """The suspensions that have not been resumed; none once the clock has ended."""
        return () if self._ended_on else self._paired[1]

    @cached_property
    def _paired(self) -> tuple[tuple[Stop, ...], tuple[ClockFact, ...]]:
        """The stops that were resumed, and the suspensions still open; a bare resumption ends the oldest."""
        closed: list[Stop] = []
        still_open: list[ClockFact] = []
        for fact in self._suspensions():
            if fact.kind == "suspend":
                still_open.append(fact)
                continue
            ended = next((stop for stop in still_open if fact.ref in ("", stop.ref)), None)
            if ended is not None:
                still_open.remove(ended)
                closed.append(Stop(ended.on, fact.on))
        return tuple(closed), tuple(still_open)

    def _suspensions(self) -> list[ClockFact]:
        """The suspensions and resumptions that count, in the order they took effect."""
        found = [
            fact
            for index, fact in enumerate(self._facts)
            if fact.kind in ("suspend", "resume") and index not in self._refused
        ]
        return sorted(found, key=lambda fact: (fact.on, fact.kind == "resume"))

    @cached_property
    def _refused(self) -> frozenset[int]:
        return frozenset(refused.index for refused in self.reading.refused)

    @cached_property
    def _ended_on(self) -> date | None:
        if self.reading.state != "ended":
            return None
        return next(f.on for i, f in enumerate(self._facts) if f.kind == "end" and i not in self._refused)


def _standing(rules: Rules, office: str, clock: Clock, log: ClockLog) -> Counted[Standing]:
    return _counted(rules, office, lambda calendar: Standing(clock, log, calendar))


def _last_day(
    rules: Rules, office: str, limit: Duration, start: date, stops: tuple[Stop, ...]
) -> Counted[TermReading]:
    return _counted(rules, office, lambda calendar: last_day(limit, start, calendar, stops))


def _last_day_before(rules: Rules, office: str, limit: Duration, event_on: date) -> Counted[TermReading]:
    return _counted(rules, office, lambda calendar: last_day_before(limit, event_on, calendar))


class Counting:
    """What is counted for one question by the calendar of one office; *reach* grows with every answer.

    What was counted is kept with the rules, so it is counted once for every case and act that asks the same.
    """

    def __init__(self, rules: Rules, office: str) -> None:
        self.rules = rules
        self.office = office
        self.reach: Span | None = None
        """The first and the last day of the calendar that the answers so far rest on."""

    def last_day(self, limit: Duration, start: date, stops: tuple[Stop, ...] = ()) -> TermReading:
        """Return the last day of *limit* from *start*; see `engine.law.terms.last_day`."""
        return self.noted(self.rules.once(_last_day, self.office, limit, start, stops))

    def last_day_before(self, limit: Duration, event_on: date) -> TermReading:
        """Return the last day that is *limit* before *event_on*; see `engine.law.terms.last_day_before`."""
        return self.noted(self.rules.once(_last_day_before, self.office, limit, event_on))

    def noted(self, counted: Counted[T]) -> T:
        """Return the answer, with the days it rests on added to the reach."""
        reach = counted.reach
        if reach is not None:
            if self.reach is None:
                self.reach = reach
            else:
                first, last = self.reach
                if reach[0] < first or reach[1] > last:
                    self.reach = min(first, reach[0]), max(last, reach[1])
        return counted.answer


class Clocks(Counting):
    """The clocks of one case, and what is counted beside them."""

    def __init__(self, rules: Rules, case: Case) -> None:
        super().__init__(rules, case.office)
        self._case = case
        self._standings: dict[str, Standing] | None = None
        self._stops: tuple[Stop, ...] | None = None

    def _started(self) -> dict[str, Standing]:
        if self._standings is not None:
            return self._standings
        case, found = self._case, dict[str, Standing]()
        for name, clock in self.rules.definitions[case.matters[0].definition].clocks.items():
            log = case.clocks.get(name)
            if log is not None and log.facts:
                found[name] = self.noted(self.rules.once(_standing, self.office, clock, log))
        self._standings = found
        return found

    def started(self) -> Iterable[Standing]:
        """Return the clocks that the case has started, in the order of its definition."""
        return self._started().values()

    def standing(self, name: str) -> Standing | None:
        """Return clock *name*, or None when the case has not started it."""
        return self._started().get(name)

    def reading(self, name: str) -> Reading | None:
        """Return how clock *name* stands, or None when the case has not started it."""
        standing = self._started().get(name)
        return standing.reading if standing else None

    def open_stops(self, name: str) -> tuple[ClockFact, ...]:
        """Return the suspensions of clock *name* that have not been resumed; none once the clock has ended."""
        standing = self.standing(name)
        return standing.open_stops if standing else ()

    def stops(self) -> tuple[Stop, ...]:
        """Return the spans in which any clock of the case was suspended; the last may be open, unless its clock ended."""
        if self._stops is None:
            self._stops = tuple([stop for standing in self.started() for stop in standing.stops])
        return self._stops


def open_stops(rules: Rules, case: Case, name: str) -> tuple[ClockFact, ...]:
    """Return the suspensions of clock *name* that have not been resumed."""
    return Clocks(rules, case).open_stops(name)
