"""Clocks: a case's clock facts put to the law.

Room for: the clock rule of a case, its reading, whether a new fact is lawful, the due date of a state's terms.
May not enter: how days are counted (`engine/law`), ladders (`rungs.py`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

from engine.core.refusals import already_suspended
from engine.law.clock import ClockFact, ClockRule, Reading, read_clock
from engine.law.duration import Duration, Unit
from engine.law.stops import Stop
from engine.law.terms import TermReading, last_day, latest_day_before
from engine.model.answers import Refusal
from engine.model.case import Case, ClockLog, Matter
from engine.model.events import ClockChange
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import Clock, ClockEffect, Term
from engine.model.rules import Rules
from engine.text import Text


def rule_of(clock: Clock, log: ClockLog) -> ClockRule:
    """Return the rule *clock* runs by on this case: law from the definition, target as resolved on day 0."""
    return ClockRule(
        limit=clock.limit,
        extension_most=clock.extension_most,
        extension_by=frozenset(clock.extension_by),
        target=log.target,
        basis=clock.basis,
    )


def read(rules: Rules, case: Case, name: str, as_of: date | None = None) -> Reading | None:
    """Return how clock *name* of *case* stands, or None when the case has not started it."""
    log = case.clocks.get(name)
    if log is None or not log.facts:
        return None
    clock = rules.main_procedure(case).clocks[name]
    return read_clock(rule_of(clock, log), log.facts, rules.calendar, as_of)


def propose(
    rules: Rules,
    case: Case,
    effect: ClockEffect,
    facts: dict[str, Value],
    capacity: Capacity | None,
    on: date,
    today: date,
    seq: int,
) -> ClockChange | Refusal:
    """Return the change *effect* makes to its clock, or the law's refusal of it, with the code of K8, K9 or K21.

    *on* is the act's effective date, *today* the day it is recorded; *facts* is what is known with the act.
    """
    procedure = rules.main_procedure(case)
    clock = procedure.clocks[effect.clock]
    log = case.clocks.get(effect.clock, ClockLog(effect.clock))
    takes_effect = facts[effect.on] if effect.on else on
    assert isinstance(takes_effect, date)
    ref = str(facts[effect.ref]) if effect.ref else ""
    if effect.verb == "suspend" and (same := [stop for stop in open_stops(log) if stop.ref == ref]):
        return already_suspended(takes_effect, same[0].on, clock.title)
    length: Duration | None = None
    if effect.length is not None:
        unit: Unit = clock.limit.unit if effect.verb == "extend" else "days"
        length = Duration(cast(int, facts[effect.length]), unit)
    fact = ClockFact(
        kind=effect.verb,
        on=takes_effect,
        recorded_on=today,
        ref=ref,
        days=length,
        by_role=capacity.role if capacity else "",
        seq=seq,
    )
    change = ClockChange(effect.clock, fact)
    if effect.verb in ("start", "restart"):
        policy = rules.register.target_on(procedure.name, effect.clock, takes_effect)
        if policy:
            change = replace(change, target=policy.target, target_basis=policy.basis)
            log = replace(log, target=policy.target)
    return newly_refused(rules, case, effect.clock, (*log.facts, fact), log) or change


def newly_refused(
    rules: Rules, case: Case, name: str, facts: tuple[ClockFact, ...], log: ClockLog | None = None
) -> Refusal | None:
    """Return the law's refusal that *facts* would bring to clock *name* and its present facts do not; or None.

    A late fact can make an earlier entry unlawful, so the whole reading is compared.
    """
    log = log or case.clocks[name]
    clock = rules.main_procedure(case).clocks[name]
    rule = rule_of(clock, log)
    before = read_clock(rule, log.facts, rules.calendar)
    known = {(r.index, r.code) for r in before.refused}
    after = read_clock(rule, facts, rules.calendar)
    fresh = [r for r in after.refused if (r.index, r.code) not in known]
    if not fresh:
        return None
    sentence, remedy = fresh[-1].sentence(facts), fresh[-1].remedy()
    return Refusal(
        code=fresh[-1].code,
        reason=Text(f"“{clock.title.zh}”：{sentence.zh}", f"“{clock.title.en}”: {sentence.en}"),
        guard="clock",
        fact=facts[fresh[-1].index].on.isoformat(),
        enables=Text(f"{remedy.zh}（依据：{clock.basis}）", f"{remedy.en} (basis: {clock.basis})"),
    )


def term_reading(rules: Rules, case: Case, matter: Matter, term: Term) -> TermReading | None:
    """Return the last day of *term* for *matter*, or None while the date it hangs on is not known or it stands still.

    A term that does not run while the case is suspended has no due date as long as the stop is open (K17).
    """
    facts = case.facts_for(matter)
    if term.before is not None:
        event_on = facts.get(term.before)
        if not isinstance(event_on, date):
            return None
        day = latest_day_before(term.limit, event_on, rules.calendar)
        return TermReading(day, day, day, day, provisional=False)
    start = facts.get(term.of) if term.of else matter.entered_on
    if not isinstance(start, date):
        return None
    stops = () if term.runs_while_suspended else stops_of(case)
    reading = last_day(term.limit, start, rules.calendar, stops)
    return reading if reading.due else None


def stops_of(case: Case) -> tuple[Stop, ...]:
    """Return the spans in which any clock of *case* was stopped; the last may be open."""
    stops: list[Stop] = []
    for log in case.clocks.values():
        open_since: dict[str, date] = {}
        for fact in log.facts:
            if fact.kind == "suspend":
                open_since.setdefault(fact.ref, fact.on)
            elif fact.kind == "resume" and fact.ref in open_since:
                stops.append(Stop(open_since.pop(fact.ref), fact.on))
        stops += [Stop(since) for since in open_since.values()]
    return tuple(stops)


def open_stops(log: ClockLog) -> tuple[ClockFact, ...]:
    """Return the suspensions of a clock that have not been resumed."""
    found: dict[str, ClockFact] = {}
    for fact in log.facts:
        if fact.kind == "suspend":
            found.setdefault(fact.ref, fact)
        elif fact.kind == "resume":
            found.pop(fact.ref, None)
    return tuple(found.values())
