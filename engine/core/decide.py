"""Decide: what a command would do to a case, or why not. Changes nothing.

Room for: the order in which an act is judged: matter, form's age, date, person, fields, guards, effects.
May not enter: the database, the time of day (it is an argument), how each of those questions is answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from engine.core.authority import capacity_for
from engine.core.clocks import newly_refused
from engine.core.draft import Draft, meant
from engine.core.effects import blocking, follow, results_of
from engine.core.fold import MAIN_ID
from engine.core.forms import read_fact, read_form
from engine.core.machine import step
from engine.core.refusals import (
    already_ended,
    another_person,
    case_would_block,
    clock_needs_document,
    date_in_future,
    date_out_of_order,
    guard_failed,
    may_not_correct,
    may_not_open,
    nothing_corrected,
    stale_form,
    unknown_event,
    unknown_move,
    unknown_parties,
)  # fmt: skip
from engine.core.situation import situation_of
from engine.errors import UnknownName
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter
from engine.model.commands import Act, Command, Correct, OpenCase
from engine.model.events import ClockChange, Event, genesis
from engine.model.guards import Value, facts_read, failed_clause
from engine.model.people import Capacity
from engine.model.procedure import MAIN, Move, Procedure
from engine.model.rules import Rules
from engine.text import Text

PARTY_ROLES = ("claimant", "respondent", "third_party")


def decide(
    rules: Rules, case: Case | None, command: Command, at: datetime, history: tuple[Event, ...] = ()
) -> Decision | Refusal:
    """Say what *command* would do to *case* at the aware instant *at*; changes nothing.

    *case* is None for OpenCase. *history* is needed for Correct alone: the events it may supersede.
    Raises UnknownName where a procedure is not in force.
    """
    if isinstance(command, OpenCase):
        return _open_case(rules, command, at)
    assert case is not None
    if isinstance(command, Correct):
        return _correct(rules, case, command, at, history)
    return _act(rules, case, command, at)


def consider(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, at: datetime
) -> Capacity | Refusal:
    """Say whether *person* may do *move* now, as far as can be said before the form is filled in."""
    capacity = capacity_for(rules, case, matter, move, person, rules.day_of(at))
    if isinstance(capacity, Refusal):
        return capacity
    asked = {*move.needs, *move.asks}
    for requirement in move.requires:
        if asked & set(facts_read(requirement.that)):
            continue
        failed = failed_clause(requirement.that, situation_of(case, matter, actor=person))
        if failed is not None:
            return guard_failed(rules, case, matter, move, requirement, failed)
    return _would_block(rules, case, matter, move) or capacity


def find_move(rules: Rules, case: Case, command: Act) -> tuple[Matter, Move] | Refusal:
    """Return the open matter and the move of it that *command* means, or the Refusal that says what can be done."""
    matters = (
        case.open_matters() if command.matter is None else [m for m in case.matters if m.id == command.matter]
    )
    for matter in matters:
        if not matter.open:
            return already_ended(rules, case, matter)
        move = rules.procedure_of(matter).states[matter.state].moves.get(command.move)
        if move is not None:
            return matter, move
    return unknown_move(rules, case, command)


def _act(rules: Rules, case: Case, command: Act, at: datetime) -> Decision | Refusal:
    named = case.matter(command.matter) if command.matter else None
    if named and command.seen is not None and named.seen != command.seen:
        return stale_form(rules, case, named)
    found = find_move(rules, case, command)
    if isinstance(found, Refusal):
        return found
    matter, move = found
    if command.seen is not None and matter.seen != command.seen:
        return stale_form(rules, case, matter)
    today = rules.day_of(at)
    on = command.on or today
    if on > today:
        return date_in_future(on, today, matter)
    if not move.stays and on < matter.entered_on:
        return date_out_of_order(on, matter)
    capacity = consider(rules, case, matter, move, command.by, at)
    if isinstance(capacity, Refusal):
        return capacity
    procedure = rules.procedure_of(matter)
    brought = read_form(procedure, move, command.facts, command.documents, rules.people, case.office, on)
    if isinstance(brought, Refusal):
        return brought
    return _moved(rules, case, matter, move, command, capacity, brought, at, on)


def _moved(
    rules: Rules, case: Case, matter: Matter, move: Move, command: Act, capacity: Capacity,
    brought: dict[str, Value], at: datetime, on: date,
) -> Decision | Refusal:  # fmt: skip
    results = results_of(rules, case, matter, move, brought, command.by, capacity, on, rules.day_of(at))
    if isinstance(results, Refusal):
        return results
    situation = situation_of(case, matter, results.facts, command.by)
    for requirement in move.requires:
        failed = failed_clause(requirement.that, situation)
        if failed is not None:
            return guard_failed(rules, case, matter, move, requirement, failed)
    procedure = rules.procedure_of(matter)
    target = step(procedure, move, situation)
    if target is None:
        return unknown_move(rules, case, command)
    documents = dict(command.documents)
    draft = Draft(rules, case, at, on, command.channel)
    draft.record(
        "moved", matter.id, matter.definition,
        by=command.by, acting_for=capacity.acting_for, move=move.name, rule=f"{procedure.name}.{matter.state}.{move.name}",
        source=matter.state, target=None if move.stays else target,
        outcome=None if move.stays else procedure.states[target].outcome,
        facts=results.facts, assigned=results.assigned, released=move.release, clock=results.clock,
        # A signature belongs to the draft it was given on, so the act records which version that was.
        documents=documents or (dict(matter.documents) if matter.state in procedure.levels else {}),
    )  # fmt: skip
    if move.notify:
        after = draft.matter(matter.id)
        persons = meant(rules, draft.case, after, move.notify, on)
        draft.tell(
            persons, after, _told(rules, draft.case, command.by, move), f"{procedure.name}.{move.name}"
        )
    follow(draft, matter.id, move, on, documents)
    return draft.decision()


def _open_case(rules: Rules, command: OpenCase, at: datetime) -> Decision | Refusal:
    procedure = rules.newest(command.procedure)
    if procedure is None or procedure.borrowed is not None:
        raise UnknownName(
            Text(
                f"没有可立案的程序“{command.procedure}”。",
                f"No procedure “{command.procedure}” that a case can be opened under is in force.",
            )
        )
    today = rules.day_of(at)
    on = command.on or today
    if on > today:
        return date_in_future(on, today, None)
    if refusal := unknown_parties(command.parties, PARTY_ROLES):
        return refusal
    opener = next(
        (c for c in rules.people.capacities(command.by, command.office, today)
         if any(w.name == c.role for w in procedure.opened_by)), None,
    )  # fmt: skip
    if opener is None:
        return may_not_open(rules, procedure, command)
    opening = procedure.on_open or Move("open", procedure.title, procedure.initial, procedure.opened_by)
    brought = read_form(
        procedure, opening, command.facts, command.documents, rules.people, command.office, on
    )
    if isinstance(brought, Refusal):
        return brought
    return _opened(rules, procedure, opening, command, opener, brought, at, on)


def _opened(
    rules: Rules, procedure: Procedure, opening: Move, command: OpenCase, opener: Capacity,
    brought: dict[str, Value], at: datetime, on: date,
) -> Decision | Refusal:  # fmt: skip
    empty = _before_opening(procedure, command, at, on)
    results = results_of(rules, empty, empty.main, opening, brought, command.by, opener, on, rules.day_of(at))
    if isinstance(results, Refusal):
        return results
    draft = Draft(rules, None, at, on, command.channel, head=genesis(command.institution, command.case))
    draft.record(
        "case_opened", MAIN_ID, procedure.hash,
        by=command.by, acting_for=opener.acting_for, move="open", rule=f"{procedure.name}.opening", target=procedure.initial,
        case={"id": command.case, "institution": command.institution, "office": command.office,
              "number": command.number, "procedure": procedure.name},
        parties=command.parties, facts=results.facts, documents=dict(command.documents),
        assigned=results.assigned, clock=results.clock,
    )  # fmt: skip
    follow(draft, MAIN_ID, opening, on, dict(command.documents))
    return draft.decision()


def _before_opening(procedure: Procedure, command: OpenCase, at: datetime, on: date) -> Case:
    main = Matter(MAIN_ID, MAIN, procedure.name, procedure.hash, procedure.initial, 0, on, 0, at)
    return Case(
        command.case, command.institution, command.office, command.number, 0, at, "",
        parties=command.parties, matters=(main,),
    )  # fmt: skip


def _correct(
    rules: Rules, case: Case, command: Correct, at: datetime, history: tuple[Event, ...]
) -> Decision | Refusal:
    event = next((e for e in history if e.seq == command.event), None)
    if event is None:
        return unknown_event(case, command.event)
    today = rules.day_of(at)
    capacity = next(
        (
            c
            for c in rules.people.capacities(command.by, case.office, today)
            if c.role in rules.register.corrected_by
        ),
        None,
    )
    if capacity is None:
        return may_not_correct(rules, command)
    matter = case.matter(event.matter)
    assert matter is not None
    facts = _corrected_facts(rules, case, matter, event, command, today)
    if isinstance(facts, Refusal):
        return facts
    changes = _corrected_clock(rules, case, event, command, today)
    if isinstance(changes, Refusal):
        return changes
    if not facts and not changes:
        return nothing_corrected(event)
    draft = Draft(rules, case, at, today, command.channel)
    draft.record(
        "corrected", matter.id, matter.definition, by=command.by, acting_for=capacity.acting_for, rule=command.reason,
        corrects=event.seq, facts=facts, clock=changes, documents=dict(command.documents),
    )  # fmt: skip
    return draft.decision()


def _corrected_facts(
    rules: Rules, case: Case, matter: Matter, event: Event, command: Correct, today: date
) -> dict[str, Value] | Refusal:
    procedure = rules.procedure_of(matter)
    facts: dict[str, Value] = {}
    for name, text in command.facts.items():
        if name not in event.facts:
            return nothing_corrected(event)
        value = read_fact(procedure.facts[name], text, rules.people, case.office, today)
        if isinstance(value, Refusal):
            return value
        facts[name] = value
    return facts


def _corrected_clock(
    rules: Rules, case: Case, event: Event, command: Correct, today: date
) -> tuple[ClockChange, ...] | Refusal:
    if command.on is None:
        return ()
    if command.on > today:
        return date_in_future(command.on, today, None)
    if event.by == command.by:
        return another_person(rules, command)
    if not command.documents:
        return clock_needs_document()
    changes = []
    for change in event.clock:
        fact = replace(change.fact, on=command.on, recorded_on=today)
        facts = tuple(fact if f.seq == fact.seq else f for f in case.clocks[change.clock].facts)
        if refusal := newly_refused(rules, case, change.clock, facts):
            return refusal
        changes.append(ClockChange(change.clock, fact))
    return tuple(changes)


def _would_block(rules: Rules, case: Case, matter: Matter, move: Move) -> Refusal | None:
    if matter.kind != MAIN or move.stays:
        return None
    states = rules.procedure_of(matter).states
    open_one = blocking(rules, case)
    if open_one is not None and all(states[target].final for target in move.targets):
        return case_would_block(rules, matter, open_one)
    return None


def _told(rules: Rules, case: Case, by: str, move: Move) -> Text:
    name = rules.people.name(by)
    return Text(
        f"{case.number}：{name}已办理“{move.title.zh}”", f"{case.number}: {name} did “{move.title.en}”"
    )
