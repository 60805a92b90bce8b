"""Clock acts: what an act does to a clock of the case, and whether the law lets it.

Room for: the fact a move brings, the director's exceptions (K9), late entries (K22) and their rejection, targets.
May not enter: how days are counted (`engine/law`), who may do the move, what else it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from engine.core.clocks import open_stops, rule_of
from engine.core.fold import with_change
from engine.core.refusals_of_clocks import (
    already_suspended,
    clock_needs_fact,
    nothing_to_strike,
    start_stands,
    too_few_days,
    unlawful,
)
from engine.errors import ClocksDisagree
from engine.law.agreement import difference
from engine.law.clock import ClockFact, Reading, RefusedFact, read_clock
from engine.law.duration import Duration, Unit
from engine.law.facts import FactKind
from engine.law.refusals import OVERRIDABLE
from engine.model.answers import Refusal
from engine.model.case import Case, ClockLog, Matter
from engine.model.events import ClockChange
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import Clock, ClockEffect
from engine.model.rules import Rules
from engine.model.targets import Target
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Deed:
    """An act as far as clocks ask about it: by whom, dated *on*, recorded *today* as event *seq*.

    *override* is the reason for an exception (K9), *basis* the article of the move.
    """

    person: str
    capacity: Capacity | None
    on: date
    today: date
    seq: int
    override: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change the law lets happen. *late*: it was entered after the last day, by somebody who needs approval (K22).

    *power*: the capacity in which an exception was made, where one was needed.
    """

    change: ClockChange
    late: bool = False
    power: Capacity | None = None


def propose(
    rules: Rules, case: Case, matter: Matter, effect: ClockEffect, known: Mapping[str, Value], deed: Deed
) -> Proposed | Refusal:
    """Return what *effect* does to its clock, or the law's refusal of it, with the code of K8, K9 or K21.

    *known* are the facts with those the act brings.
    """
    procedure = rules.main_procedure(case)
    clock = procedure.clocks[effect.clock]
    log = case.clocks.get(effect.clock, ClockLog(effect.clock))
    if wanting := _wanting(rules, case, matter, effect, known):
        return wanting
    if effect.verb == "target":
        days = Duration(cast(int, known[cast(str, effect.length)]), "days")
        aimed = ClockChange(clock.name, None, (Target("case", days, deed.basis, deed.on),))
        return _agreed(rules, case, clock, log, aimed)
    if effect.verb == "strike":
        return _strike(rules, case, clock, log, matter)
    fact = _fact(clock, effect, known, deed)
    if effect.verb == "suspend":
        same = [stop for stop in open_stops(rules, case, clock.name) if stop.ref == fact.ref]
        if same:
            return already_suspended(fact.on, same[0].on, clock.title)
    change = ClockChange(clock.name, fact)
    if effect.verb in ("start", "restart"):
        change = replace(change, targets=targets_on(rules, case, clock.name, known, fact.on))
    return _lawful(rules, case, log, change, clock, deed)


def targets_on(
    rules: Rules, case: Case, clock: str, known: Mapping[str, Value], day: date
) -> tuple[Target, ...]:
    """Return what the layers of policy give *clock* of *case* on *day*; the track is the one known then."""
    procedure = rules.main_procedure(case)
    track = known.get(procedure.track) if procedure.track else None
    return rules.register.targets_on(procedure.name, clock, str(track) if track else None, day)


def excepting(rules: Rules, case: Case, clock: Clock, person: str, day: date) -> Capacity | None:
    """Return in which capacity *person* may let something stand on *clock* after expiry (K9) and enter late alone (K22)."""
    held = rules.people.capacities(person, case.office, day)
    return next((capacity for capacity in held if capacity.role in clock.exceptions_by), None)


def newly_refused(rules: Rules, case: Case, change: ClockChange) -> Refusal | None:
    """Return the law's refusal that *change* would bring to its clock and the present facts do not; or None.

    A late fact can make an earlier entry unlawful, so the whole reading is compared. Raises ClocksDisagree.
    """
    clock, log = rules.main_procedure(case).clocks[change.clock], case.clocks[change.clock]
    after = with_change(log, change)
    refused = _fresh(rules, case, clock, log, after)
    if refused is not None:
        return unlawful(rules, clock, refused, after.facts)
    _agreed(rules, case, clock, log, change)
    return None


def entered_late(rules: Rules, case: Case, change: ClockChange, seq: int) -> bool:
    """Return whether after *change* the fact that event *seq* recorded counts as entered late (K22)."""
    clock = rules.main_procedure(case).clocks[change.clock]
    after = with_change(case.clocks[change.clock], change)
    late = _read(rules, case, clock, after).late_entries
    return any(after.facts[index].seq == seq for index in late)


def _lawful(
    rules: Rules, case: Case, log: ClockLog, change: ClockChange, clock: Clock, deed: Deed
) -> Proposed | Refusal:
    refused = _fresh(rules, case, clock, log, with_change(log, change))
    power = excepting(rules, case, clock, deed.person, deed.today)
    own, used = len(log.facts), False
    if refused and refused.index == own and refused.code in OVERRIDABLE and power and deed.override.strip():
        used = True
        assert change.fact is not None
        change = replace(change, fact=replace(change.fact, overridden=True))
        refused = _fresh(rules, case, clock, log, with_change(log, change))
    after = with_change(log, change)
    if refused:
        return unlawful(rules, clock, refused, after.facts)
    agreed = _agreed(rules, case, clock, log, change)
    late = clock.late is not None and own in _read(rules, case, clock, after).late_entries
    return replace(agreed, late=late and power is None, power=power if used or late else None)


def _wanting(
    rules: Rules, case: Case, matter: Matter, effect: ClockEffect, known: Mapping[str, Value]
) -> Refusal | None:
    """Return the Refusal of an act that does not say what its clock effect rests on; a form may leave it open."""
    facts = {**rules.main_procedure(case).facts, **rules.procedure_of(matter).facts}
    for name in (effect.length, effect.ref, effect.on):
        if name and name not in known:
            return clock_needs_fact(facts[name])
    # An extension of less than one is the law's to refuse (K8).
    if effect.length and effect.verb != "extend" and cast(int, known[effect.length]) < 1:
        return too_few_days(facts[effect.length])
    return None


def _fact(clock: Clock, effect: ClockEffect, known: Mapping[str, Value], deed: Deed) -> ClockFact:
    takes_effect = known[effect.on] if effect.on else deed.on
    assert isinstance(takes_effect, date)
    length: Duration | None = None
    if effect.length is not None:
        unit: Unit = clock.limit.unit if effect.verb == "extend" else "days"
        length = Duration(cast(int, known[effect.length]), unit)
    return ClockFact(
        kind=cast(FactKind, effect.verb),
        on=takes_effect,
        recorded_on=deed.today,
        ref=str(known[effect.ref]) if effect.ref else "",
        days=length,
        by_role=deed.capacity.role if deed.capacity else "",
        seq=deed.seq,
    )


def _strike(rules: Rules, case: Case, clock: Clock, log: ClockLog, matter: Matter) -> Proposed | Refusal:
    """Reject the late entry *matter* is about; what only that entry made lawful is refused with it."""
    fact = next((f for f in log.facts if matter.about is not None and f.seq == matter.about), None)
    if fact is None:
        return nothing_to_strike(clock.title, matter)
    # A period that began has begun: no rejection may win time. A wrong date is put right by a correction.
    if fact.kind == "start":
        return start_stands(clock.title, fact.on, matter)
    # What ended did so in any case: not on the day that was claimed, but on the day it was recorded.
    ended = fact.kind == "end" and fact.recorded_on is not None
    struck = replace(fact, on=fact.recorded_on or fact.on) if ended else replace(fact, struck=True)
    return _agreed(rules, case, clock, log, ClockChange(clock.name, struck))


def _read(rules: Rules, case: Case, clock: Clock, log: ClockLog) -> Reading:
    calendar = rules.calendar_of(case.office)
    return read_clock(rule_of(clock, log, calendar), log.facts, calendar)


def _fresh(rules: Rules, case: Case, clock: Clock, before: ClockLog, after: ClockLog) -> RefusedFact | None:
    """The fact that the law refuses in *after* and did not in *before*; the last of several."""
    known = {(r.index, r.code) for r in _read(rules, case, clock, before).refused}
    fresh = [r for r in _read(rules, case, clock, after).refused if (r.index, r.code) not in known]
    return fresh[-1] if fresh else None


def _agreed(rules: Rules, case: Case, clock: Clock, log: ClockLog, change: ClockChange) -> Proposed:
    """Return *change*, counted both ways. Raises ClocksDisagree where the day walk comes to another answer."""
    after, calendar = with_change(log, change), rules.calendar_of(case.office)
    found = difference(rule_of(clock, after, calendar), after.facts, calendar)
    if found is not None:
        said = Text(
            f"案件{case.number}“{clock.title.zh}”：{found.sentence.zh}未写入任何内容，请联系管理员。",
            f"Case {case.number}, “{clock.title.en}”: {found.sentence.en} Nothing was written; tell an administrator.",
        )
        raise ClocksDisagree(said, case.number)
    return Proposed(change)
