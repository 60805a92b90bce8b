"""Opening: whether and how a case begins.

Room for: parties, the opener's capacity, the first event and what follows from it.
May not enter: case numbers and ids (`engine/service/acting.py`).
"""

from __future__ import annotations

from datetime import date, datetime

from engine.core.draft import Draft
from engine.core.effects import Brought, follow, results_of
from engine.core.fold import MAIN_ID
from engine.core.forms import Surroundings, read_form
from engine.core.refusals import date_in_future
from engine.core.refusals_of_records import may_not_open, unknown_parties
from engine.core.requirements import unmet
from engine.errors import UnknownName
from engine.model.answers import Decision, Refusal
from engine.model.case import PARTY_TITLES, Case, Matter
from engine.model.commands import OpenCase
from engine.model.events import genesis
from engine.model.guards import Value
from engine.model.hashing import as_written
from engine.model.people import Capacity
from engine.model.procedure import MAIN, OPENED, Move, Procedure
from engine.model.rules import Rules
from engine.text import Text


def open_case(rules: Rules, command: OpenCase, at: datetime) -> Decision | Refusal:
    """Say what opening this case would record, or why not. Raises UnknownName where the procedure is not in force."""
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
    if refusal := unknown_parties(command.parties, PARTY_TITLES, procedure.parties):
        return refusal
    opener = next(
        (c for c in rules.people.capacities(command.by, command.office, today)
         if any(w.name == c.role for w in procedure.opened_by)), None,
    )  # fmt: skip
    if opener is None:
        return may_not_open(rules, procedure, command, today)
    opening = procedure.on_open or Move("open", OPENED, procedure.initial, procedure.opened_by)
    around = Surroundings(rules.people, command.office, on, on, command.cases, rules.roles)
    brought = read_form(procedure, opening, command, around)
    if isinstance(brought, Refusal):
        return brought
    return _opened(rules, procedure, opening, command, opener, brought, at, on)


def _opened(
    rules: Rules, procedure: Procedure, opening: Move, command: OpenCase, opener: Capacity,
    brought: dict[str, Value], at: datetime, on: date,
) -> Decision | Refusal:  # fmt: skip
    empty = _before_opening(procedure, command, at, on)
    if refusal := unmet(
        rules, empty, empty.main, opening, brought, brought, command.by, on, rules.day_of(at)
    ):
        return refusal
    results = results_of(
        rules, empty, empty.main, opening, brought, brought, command.by, opener, on, rules.day_of(at)
    )
    if isinstance(results, Refusal):
        return results
    first = genesis(command.institution, command.case, as_written(rules.register.hashed))
    draft = Draft(rules, None, at, on, command.channel, head=first)
    draft.record(
        "case_opened", MAIN_ID, procedure.hash,
        by=command.by, acting_for=opener.acting_for, move="open", rule=f"{procedure.name}.opening", target=procedure.initial,
        case={"id": command.case, "institution": command.institution, "office": command.office,
              "number": command.number, "procedure": procedure.name},
        parties=command.parties, facts=results.facts, documents=dict(command.documents),
        assigned=results.assigned, involved=results.involved, clock=results.clock,
    )  # fmt: skip
    follow(draft, MAIN_ID, opening, on, Brought(brought, dict(command.documents)), results)
    return draft.decision()


def _before_opening(procedure: Procedure, command: OpenCase, at: datetime, on: date) -> Case:
    main = Matter(MAIN_ID, MAIN, procedure.name, procedure.hash, procedure.initial, 0, on, 0, at)
    return Case(
        command.case, command.institution, command.office, command.number, 0, at, "",
        parties=command.parties, matters=(main,),
    )  # fmt: skip
