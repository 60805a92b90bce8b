"""Correcting: superseding what an event recorded wrongly, without changing the event.

Room for: who may correct, which facts and clock dates can be, and what that takes.
May not enter: anything a move does; a fact that assigned persons is put right by a move.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import cast

from engine.core.authority import asked_to_step_back, recusal_undecided
from engine.core.clock_acts import entered_late, excepting, newly_refused, targets_on
from engine.core.draft import Draft
from engine.core.forms import Surroundings, read_fact
from engine.core.refusals import date_after_what_followed, date_in_future, date_out_of_order
from engine.core.refusals_of_clocks import late_needs_director
from engine.core.refusals_of_records import (
    another_person,
    assigns_persons,
    changed_since,
    clock_needs_document,
    may_not_correct,
    nothing_corrected,
    reason_needed,
    unknown_event,
)
from engine.core.separation import barring, may_not_act, stepped_back
from engine.core.writing import writable
from engine.law.clock import ClockFact
from engine.law.duration import Duration
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter
from engine.model.commands import Correct
from engine.model.events import ClockChange, Event
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import ACT_DATE, RECUSED, ClockEffect, Move
from engine.model.rules import Rules


def correct(
    rules: Rules, case: Case, command: Correct, at: datetime, history: tuple[Event, ...]
) -> Decision | Refusal:
    """Say what correcting event ``command.event`` would record, or why not.

    The director or delegated head corrects, with a reason. What moves a clock takes another person than who
    recorded it, and a document; the law judges the corrected facts anew.
    """
    event = next((e for e in history if e.seq == command.event), None)
    if event is None:
        return unknown_event(case, command.event)
    if event.kind == "corrected" and event.corrects is not None:
        return changed_since(event, event.corrects)
    if not command.reason.strip() or not writable(command.reason):
        return reason_needed()
    today = rules.day_of(at)
    capacities = rules.people.capacities(command.by, case.office, today)
    capacity = next((c for c in capacities if c.role in rules.register.corrected_by), None)
    if capacity is None:
        return may_not_correct(rules)
    matter = case.matter(event.matter)
    assert matter is not None
    if refusal := _barred(rules, case, matter, event, command.by, capacity):
        return refusal
    facts = _facts(rules, case, matter, event, command, history, today)
    if isinstance(facts, Refusal):
        return facts
    changes = _clock(rules, case, matter, event, command, facts, capacity, history, today)
    if isinstance(changes, Refusal):
        return changes
    if (command.on and not changes) or not (facts or changes):
        return nothing_corrected(event)
    draft = Draft(rules, case, at, today, command.channel)
    draft.record(
        "corrected", matter.id, matter.definition, by=command.by, acting_for=capacity.acting_for,
        rule=command.reason.strip(), corrects=event.seq, facts=facts, clock=changes,
        redated=_redated(case, event, history) if command.on else (),
        documents=dict(command.documents),
    )  # fmt: skip
    return draft.decision()


def _facts(
    rules: Rules,
    case: Case,
    matter: Matter,
    event: Event,
    command: Correct,
    history: tuple[Event, ...],
    today: date,
) -> dict[str, Value] | Refusal:
    procedure = rules.procedure_of(matter)
    move = _move_of(rules, event)
    facts: dict[str, Value] = {}
    for name, text in command.facts.items():
        if name not in event.facts or name not in procedure.facts:
            return nothing_corrected(event)
        if (move and name in move.assign.values()) or name in _barring(rules, case):
            return assigns_persons(procedure.facts[name])
        if move and move.set.get(name, ACT_DATE) != ACT_DATE:
            # What a definition writes nobody typed: where the case stands may hang on it.
            return nothing_corrected(event)
        newest = max(
            e.seq for e in history if e.matter == event.matter and e.kind != "corrected" and name in e.facts
        )
        if newest != event.seq:
            return changed_since(event, newest)
        if not text.strip():
            return reason_needed(procedure.facts[name].title)
        around = Surroundings(rules.people, case.office, event.on, event.on, command.cases, rules.roles)
        value = read_fact(procedure.facts[name], text, around)
        if isinstance(value, Refusal):
            return value
        if move and move.set.get(name) == ACT_DATE and isinstance(value, date) and value > today:
            return date_in_future(value, today, matter)
        facts[name] = value
    return facts


def _barred(
    rules: Rules, case: Case, matter: Matter, event: Event, person: str, capacity: Capacity
) -> Refusal | None:
    # Whoever may not do a move may not change what it recorded either.
    recused = case.main.assigned.get(RECUSED, ())
    if gone := next((p for p in (person, capacity.acting_for) if p in recused), None):
        return stepped_back(rules, gone, matter)
    asked = asked_to_step_back(case, barring(rules, case.main.definition))
    if barred := next((p for p in (person, capacity.acting_for) if p in asked), None):
        return recusal_undecided(rules, barred, asked[barred])
    move = _move_of(rules, event)
    return may_not_act(rules, case, matter, move, person, capacity) if move else None


def _barring(rules: Rules, case: Case) -> frozenset[str]:
    """Return the facts that name who steps back while it is decided."""
    return frozenset(kind.bars for kind in rules.main_procedure(case).matters.values() if kind.bars)


def _redated(case: Case, event: Event, history: tuple[Event, ...]) -> tuple[str, ...]:
    # The matters an act opened came to their first state on its day too.
    seqs, found = {event.seq: event.matter}, []
    for later in history:
        if later.seq == max(seqs) + 1 and later.kind == "matter_opened":
            seqs[later.seq] = later.matter
    for seq, id in seqs.items():
        matter = case.matter(id)
        if matter is not None and matter.round == seq:
            found.append(id)
    return tuple(found)


def _clock(
    rules: Rules,
    case: Case,
    matter: Matter,
    event: Event,
    command: Correct,
    facts: dict[str, Value],
    capacity: Capacity,
    history: tuple[Event, ...],
    today: date,
) -> tuple[ClockChange, ...] | Refusal:
    if command.on is not None and command.on > today:
        return date_in_future(command.on, today, None)
    changes = [
        changed
        for change in event.clock
        # A rejected late entry is another event's fact; it is not put right by correcting the rejection.
        if change.fact is None or change.fact.seq == event.seq
        if (changed := _changed(rules, case, event, change, facts, command.on, today))
    ]
    if not changes:
        return ()
    if {event.by, event.acting_for} & {command.by, capacity.acting_for} - {None}:
        return another_person(rules, command)
    entered = max(
        (e.on for e in history if e.matter == event.matter and e.seq < event.seq and _enters(e)), default=None
    )
    if command.on and entered and command.on < entered:
        return date_out_of_order(command.on, entered, matter)
    left = min(
        (e.on for e in history if e.matter == event.matter and e.seq > event.seq and _enters(e)),
        default=None,
    )
    if command.on and event.target and left and command.on > left:
        return date_after_what_followed(command.on, left, matter)
    if not command.documents:
        return clock_needs_document()
    for change in changes:
        if refusal := _unlawful(rules, case, change, command.by, today):
            return refusal
    return tuple(changes)


def _enters(event: Event) -> bool:
    # A migration changes what a state is called, not since when the matter has been in it.
    return event.target is not None and event.kind not in ("corrected", "migrated")


def _changed(
    rules: Rules, case: Case, event: Event, change: ClockChange, facts: dict[str, Value], on: date | None, today: date
) -> ClockChange | None:  # fmt: skip
    """Return *change* as it should have been, or None where nothing of it is corrected."""
    if change.fact is None:
        length = next(
            (facts[e.length] for e in _effects_of(rules, event) if e.verb == "target" and e.length in facts),
            None,
        )
        if not isinstance(length, int):
            return None
        return replace(
            change,
            targets=tuple(replace(t, length=Duration(length, t.length.unit)) for t in change.targets or ()),
        )
    written = change.fact
    present = next((f for f in case.clocks[change.clock].facts if f.seq == written.seq), written)
    effect = next(
        (e for e in _effects_of(rules, event) if (e.clock, e.verb) == (change.clock, written.kind)), None
    )
    fact = _corrected(present, effect, facts, on)
    if fact == present:
        return None
    begins = fact.kind in ("start", "restart")
    targets = targets_on(rules, case, change.clock, case.main.facts, fact.on) if begins else None
    return ClockChange(change.clock, replace(fact, recorded_on=today), targets)


def _unlawful(rules: Rules, case: Case, change: ClockChange, person: str, today: date) -> Refusal | None:
    if change.fact is None:
        return None
    if refusal := newly_refused(rules, case, change):
        return refusal
    clock, corrected = rules.main_procedure(case).clocks[change.clock], change.fact
    late = entered_late(rules, case, change, corrected.seq)
    if late and not excepting(rules, case, clock, person, today):
        return late_needs_director(rules, clock, corrected.on)
    return None


def _corrected(
    fact: ClockFact, effect: ClockEffect | None, facts: dict[str, Value], on: date | None
) -> ClockFact:
    # An act that says itself on which day it takes effect is corrected there, not by its own date.
    if on is not None and not (effect and effect.on):
        fact = replace(fact, on=on)
    if effect and effect.on in facts:
        fact = replace(fact, on=cast(date, facts[effect.on]))
    if effect and effect.length in facts and fact.days:
        fact = replace(fact, days=Duration(cast(int, facts[effect.length]), fact.days.unit))
    if effect and effect.ref in facts:
        fact = replace(fact, ref=str(facts[effect.ref]))
    return fact


def _move_of(rules: Rules, event: Event) -> Move | None:
    procedure = rules.definitions[event.definition]
    if event.kind == "case_opened":
        return procedure.on_open
    state = procedure.states.get(event.source or "")
    return state.moves.get(event.move or "") if state else None


def _effects_of(rules: Rules, event: Event) -> tuple[ClockEffect, ...]:
    move = _move_of(rules, event)
    return move.clock if move else ()
