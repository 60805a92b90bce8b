"""Decide: what a command would do to a case, or why not. Changes nothing.

Room for: the order in which an act is judged: matter, form's age, date, person, fields, guards, effects.
May not enter: the database, the time of day (it is an argument), how each of those questions is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.core.authority import capacity_for, with_last_act
from engine.core.bounds import not_now, too_often
from engine.core.clocks import open_stops
from engine.core.correcting import correct
from engine.core.draft import Draft, meant
from engine.core.effects import Brought, Results, blocking, follow, results_of
from engine.core.forms import Surroundings, read_form
from engine.core.opening import open_case
from engine.core.plans import Plan, plan_of
from engine.core.refusals import (
    already_ended,
    beyond_calendar,
    case_would_block,
    date_in_future,
    date_out_of_order,
    stale_form,
    unknown_matter,
    unknown_move,
    which_matter,
)
from engine.core.refusals_of_clocks import bad_override, nothing_suspended, own_entry
from engine.core.requirements import unmet, unmet_already
from engine.core.situation import CaseSituation
from engine.core.writing import writable
from engine.errors import CalendarEnds
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter
from engine.model.commands import Act, Command, Correct, OpenCase
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import MAIN, RECORDER, Branch, Move
from engine.model.rules import Rules
from engine.text import Text

OVERRIDE_MOST = 1000


def decide(
    rules: Rules, case: Case | None, command: Command, at: datetime, history: tuple[Event, ...] = ()
) -> Decision | Refusal:
    """Say what *command* would do to *case* at the aware instant *at*; changes nothing.

    *case* is None for OpenCase. *history* is needed for Correct alone: the events it may supersede.
    Raises UnknownName where a procedure is not in force.
    """
    try:
        if isinstance(command, OpenCase):
            return open_case(rules, command, at)
        assert case is not None
        if isinstance(command, Correct):
            return correct(rules, case, command, at, history)
        return _act(rules, case, command, at)
    except CalendarEnds as error:
        # A clock or term that cannot be armed refuses the act: no silent date, nothing half written.
        return beyond_calendar(error.sentence)


def consider(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, at: datetime
) -> Capacity | Refusal:
    """Say whether *person* may do *move* now, as far as can be said before the form is filled in."""
    return _considered(rules, case, matter, plan_of(rules, case, matter, move), person, rules.day_of(at))


def _considered(
    rules: Rules, case: Case, matter: Matter, plan: Plan, person: str, today: date
) -> Capacity | Refusal:
    capacity = capacity_for(rules, case, matter, plan, person, today)
    if isinstance(capacity, Refusal):
        return capacity
    move = plan.move
    # What cannot refuse this move is not asked.
    if matter.about is not None and not move.stays:
        recorders = case.involved.get(f"{matter.id}.{RECORDER}", ())
        if own := next((p for p in (person, capacity.acting_for) if p in recorders), None):
            return own_entry(matter, rules.people.name(own))
    return (
        (move.requires_before and unmet_already(rules, case, matter, move, person, today))
        or (move.waits and not_now(rules, case, matter, move))
        or (move.at_most is not None and too_often(matter, move))
        or (plan.resumes and _nothing_to_resume(rules, case, matter, plan))
        or (plan.ends and _would_block(rules, case, matter))
        or capacity
    )


def find_move(rules: Rules, case: Case, command: Act) -> tuple[Matter, Move] | Refusal:
    """Return the open matter and the move of it that *command* means, or the Refusal that says what can be done.

    Without a matter named, exactly one open matter must offer the move.
    """
    named = case.matter(command.matter) if command.matter is not None else None
    if command.matter is not None:
        if named is None:
            return unknown_matter(rules, case, command.matter)
        if not named.open:
            return already_ended(rules, named)
    found = []
    for matter in (named,) if named else case.open_matters():
        if move := rules.definitions[matter.definition].states[matter.state].moves.get(command.move):
            found.append((matter, move))
    if len(found) > 1:
        return which_matter(rules, case, found[0][1], [matter for matter, _ in found])
    return found[0] if found else unknown_move(rules, case, command)


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
    if command.override and (len(command.override) > OVERRIDE_MOST or not writable(command.override)):
        return bad_override(OVERRIDE_MOST)
    today = rules.day_of(at)
    on = command.on or today
    if on > today:
        return date_in_future(on, today, matter)
    earliest = rules.day_of(matter.opened_at) if move.stays else matter.entered_on
    if on < earliest:
        return date_out_of_order(on, earliest, matter)
    plan = plan_of(rules, case, matter, move)
    capacity = _considered(rules, case, matter, plan, command.by, today)
    if isinstance(capacity, Refusal):
        return with_last_act(rules, case, matter, capacity)
    around = Surroundings(rules.people, case.office, today, on, command.cases, rules.roles)
    brought = read_form(plan.procedure, move, command, around)
    if isinstance(brought, Refusal):
        return brought
    return _moved(rules, case, matter, plan, command, capacity, brought, at, on, today)


def _moved(
    rules: Rules, case: Case, matter: Matter, plan: Plan, command: Act, capacity: Capacity,
    brought: dict[str, Value], at: datetime, on: date, today: date,
) -> Decision | Refusal:  # fmt: skip
    move = plan.move
    known = {**case.facts_for(matter), **brought}
    if refusal := unmet(rules, case, matter, move, brought, known, command.by, on, today):
        return refusal
    results = results_of(
        rules, case, matter, move, brought, known, command.by, capacity, on, today, command.override, plan.apart
    )  # fmt: skip
    if isinstance(results, Refusal):
        return results
    way = plan.way(CaseSituation(case, matter, results.known, command.by, results.assigned))
    if way is None:
        return unknown_move(rules, case, command)
    draft = Draft(rules, case, at, on, command.channel)
    draft.write(way.event, _recorded(matter, plan, way.branch, command, capacity, results))
    if move.notify:
        after = draft.matter(matter.id)
        persons = meant(rules, draft.case, after, move.notify, on)
        draft.tell(persons, after, _told(rules, draft.case, command.by, move), plan.code)
    follow(draft, matter.id, move, on, Brought(brought, command.documents), results)
    return draft.decision()


def _recorded(
    matter: Matter, plan: Plan, branch: Branch, command: Act, capacity: Capacity, results: Results
) -> dict[str, Any]:
    """Return what the event of a move says beside what it always says."""
    said: dict[str, Any] = {"matter": matter.id, "by": command.by}
    if absent := capacity.acting_for or (results.power.acting_for if results.power else None):
        said["acting_for"] = absent
    if results.facts:
        said["facts"] = results.facts
    # A vote that decides is over with the draft it was given on.
    if results.assigned and (assigned := _but_for(branch.release, results.assigned)):
        said["assigned"] = assigned
    if results.involved and (involved := _but_for(branch.release, results.involved)):
        said["involved"] = involved
    if results.clock:
        said["clock"] = results.clock
        if excepted := _excepted(results, command):
            said["override"] = excepted
    if results.joined:
        said["parties"] = results.joined
    # A signature belongs to the draft it was given on, so the act records which version that was.
    if command.documents:
        said["documents"] = dict(command.documents)
    elif matter.documents and matter.state in plan.procedure.signing:
        said["documents"] = dict(matter.documents)
    if plan.move.at_most:
        said["nth"] = matter.done.get(plan.move.name, 0) + 1
    return said


def _but_for(released: tuple[str, ...], held: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return *held*, by relation or ``matter.relation``, without what is *released*."""
    if not released:
        return held
    return {name: persons for name, persons in held.items() if name.rpartition(".")[2] not in released}


def _excepted(results: Results, command: Act) -> str:
    used = any(change.fact and change.fact.overridden for change in results.clock)
    return command.override.strip() if used else ""


def _nothing_to_resume(rules: Rules, case: Case, matter: Matter, plan: Plan) -> Refusal | None:
    for clock in plan.resumes:
        if not open_stops(rules, case, clock):
            return nothing_suspended(rules.main_procedure(case).clocks[clock].title, matter)
    return None


def _would_block(rules: Rules, case: Case, matter: Matter) -> Refusal | None:
    if matter.kind == MAIN and (open_one := blocking(rules, case)):
        return case_would_block(rules, matter, open_one)
    return None


def _told(rules: Rules, case: Case, by: str, move: Move) -> Text:
    name = rules.people.name(by)
    return Text(
        f"{case.number}：{name}已办理“{move.title.zh}”", f"{case.number}: {name} did “{move.title.en}”"
    )
