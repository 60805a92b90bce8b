"""Clocks: a case's clock facts put to the law.

Room for: the clock rule of a case, its target, its reading, its stops.
May not enter: how days are counted (`engine/law`), what an act does to a clock (`clock_acts.py`), terms, ladders.
"""

from __future__ import annotations

from datetime import date

from engine.law.clock import ClockFact, ClockRule, Reading, read_clock
from engine.law.stops import Stop
from engine.model.case import Case, ClockLog
from engine.model.procedure import Clock
from engine.model.rules import Rules
from engine.model.targets import Target, tightest


def target_of(clock: Clock, log: ClockLog) -> Target | None:
    """Return the target *log* is held to: the tightest of its layers, or None."""
    return tightest(log.targets, clock.limit, log.day_0) if log.day_0 else None


def rule_of(clock: Clock, log: ClockLog) -> ClockRule:
    """Return the rule *clock* runs by on this case: law from the definition, target as resolved on day 0."""
    target = target_of(clock, log)
    return ClockRule(
        limit=clock.limit,
        extension_most=clock.extension_most,
        extension_by=frozenset(clock.extension_by),
        target=target.length if target else None,
        basis=clock.basis,
    )


def read(rules: Rules, case: Case, name: str, as_of: date | None = None) -> Reading | None:
    """Return how clock *name* of *case* stands, or None when the case has not started it."""
    log = case.clocks.get(name)
    if log is None or not log.facts:
        return None
    clock = rules.main_procedure(case).clocks[name]
    return read_clock(rule_of(clock, log), log.facts, rules.calendar_of(case.office), as_of)


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

    def stops(self) -> tuple[Stop, ...]:
        """Return the spans in which any clock of the case was suspended; the last may be open."""
        stops: list[Stop] = []
        for name in self._case.clocks:
            open_since: dict[str, date] = {}
            for fact in self._suspensions(name):
                if fact.kind == "suspend":
                    open_since.setdefault(fact.ref, fact.on)
                elif fact.ref in open_since:
                    stops.append(Stop(open_since.pop(fact.ref), fact.on))
            stops += [Stop(since) for since in open_since.values()]
        return tuple(stops)

    def open_stops(self, name: str) -> tuple[ClockFact, ...]:
        """Return the suspensions of clock *name* that have not been resumed."""
        found: dict[str, ClockFact] = {}
        for fact in self._suspensions(name):
            if fact.kind == "suspend":
                found.setdefault(fact.ref, fact)
            else:
                found.pop(fact.ref, None)
        return tuple(found.values())

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


def stops_of(rules: Rules, case: Case) -> tuple[Stop, ...]:
    """Return the spans in which any clock of *case* was suspended; the last may be open."""
    return Clocks(rules, case).stops()


def open_stops(rules: Rules, case: Case, name: str) -> tuple[ClockFact, ...]:
    """Return the suspensions of clock *name* that have not been resumed."""
    return Clocks(rules, case).open_stops(name)
