"""Clocks: a case's clock facts put to the law.

Room for: the clock rule of a case, its target, its reading, its stops.
May not enter: how days are counted (`engine/law`), what an act does to a clock (`clock_acts.py`), terms, ladders.
"""

from __future__ import annotations

from datetime import date

from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, Reading, read_clock
from engine.law.duration import Duration
from engine.law.stops import Stop
from engine.model.case import Case, ClockLog
from engine.model.procedure import Clock
from engine.model.rules import Rules
from engine.model.targets import Target, tightest


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
    clock, calendar = rules.main_procedure(case).clocks[name], rules.calendar_of(case.office)
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
        basis=clock.basis,
    )


class Clocks:
    """The clocks of one case, each read once however many questions are asked of it."""

    def __init__(self, rules: Rules, case: Case) -> None:
        self._rules = rules
        self._case = case
        self._readings: dict[str, Reading | None] = {}

    def reading(self, name: str) -> Reading | None:
        """Return how clock *name* stands, or None when the case has not started it."""
        if name not in self._readings:
            self._readings[name] = read(self._rules, self._case, name)
        return self._readings[name]

    def rounds(self, name: str) -> tuple[int, int]:
        """Return the rounds that the rungs of limit and target belong to: the facts that opened them, by their seq.

        What the law refuses and what was struck opens none, and a restart that is dated before the present day 0 neither.
        """
        log, reading = self._case.clocks[name], self.reading(name)
        clock = self._rules.main_procedure(self._case).clocks[name]
        begun = _begun(clock, log, self._rules.calendar_of(self._case.office), None)
        if begun is None or reading is None:
            return 0, 0
        refused = {r.index for r in reading.refused}
        granted = [
            fact.seq
            for index, fact in enumerate(log.facts)
            if fact.kind == "extend" and index not in refused and fact.on >= begun.on
        ]
        return max([begun.seq, *granted]), begun.seq

    def stops(self) -> tuple[Stop, ...]:
        """Return the spans in which any clock of the case was suspended; the last may be open, unless its clock ended."""
        found: list[Stop] = []
        for name in self._case.clocks:
            closed, still_open = self._paired(name)
            until = self._ended_on(name)
            found += [*closed, *(Stop(fact.on, until) for fact in still_open)]
        return tuple(found)

    def open_stops(self, name: str) -> tuple[ClockFact, ...]:
        """Return the suspensions of clock *name* that have not been resumed; none once the clock has ended."""
        return () if self._ended_on(name) else self._paired(name)[1]

    def _paired(self, name: str) -> tuple[list[Stop], tuple[ClockFact, ...]]:
        """The stops of a clock that were resumed, and the suspensions still open; a bare resumption ends the oldest."""
        closed: list[Stop] = []
        still_open: list[ClockFact] = []
        for fact in self._suspensions(name):
            if fact.kind == "suspend":
                still_open.append(fact)
                continue
            ended = next((stop for stop in still_open if fact.ref in ("", stop.ref)), None)
            if ended is not None:
                still_open.remove(ended)
                closed.append(Stop(ended.on, fact.on))
        return closed, tuple(still_open)

    def _ended_on(self, name: str) -> date | None:
        reading = self.reading(name)
        if reading is None or reading.state != "ended":
            return None
        refused = {r.index for r in reading.refused}
        facts = self._case.clocks[name].facts
        return next(f.on for i, f in enumerate(facts) if f.kind == "end" and i not in refused)

    def _suspensions(self, name: str) -> tuple[ClockFact, ...]:
        """The suspensions and resumptions of a clock that count, in the order they took effect."""
        log = self._case.clocks.get(name)
        found = [
            (index, fact)
            for index, fact in enumerate(log.facts if log else ())
            if fact.kind in ("suspend", "resume")
        ]
        # Most cases are never suspended, and only then is it worth asking the law which facts it refuses.
        if not found:
            return ()
        reading = self.reading(name)
        refused = {r.index for r in reading.refused} if reading else set()
        counted = [fact for index, fact in found if index not in refused]
        return tuple(sorted(counted, key=lambda fact: (fact.on, fact.kind == "resume")))


def open_stops(rules: Rules, case: Case, name: str) -> tuple[ClockFact, ...]:
    """Return the suspensions of clock *name* that have not been resumed."""
    return Clocks(rules, case).open_stops(name)
