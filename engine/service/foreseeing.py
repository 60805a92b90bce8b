"""Foreseeing: what bringing the matters of one case to another version would do, without writing anything.

Room for: a matter before and after, the moves it gains and loses, what the new version asks that is not known.
May not enter: which cases, proposals and approvals (`migrating.py`), what stands in the way (`engine/core/migrating.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.core.authority import awaited
from engine.core.clocks import Clocks
from engine.core.fold import fold
from engine.core.migrating import MIGRATED, Order, migrate, undo
from engine.core.naming import role_title
from engine.core.settling import settle
from engine.core.terms import limit_of
from engine.errors import CalendarEnds
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.procedure import MAIN, Move, Procedure, Who
from engine.model.rules import Rules
from engine.service.migration_pages import MigrationLine, Named, Standing
from engine.text import Text, together


@dataclass(frozen=True)
class Plan:
    """What is to become of matters of *procedure*: the version *to* with the counterparts of states, or an undoing of *undoes*."""

    procedure: str
    to: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    undoes: int | None = None


@dataclass(frozen=True)
class Foreseen:
    """What would become of one case: its lines, and the whole decision; None where nothing can be done."""

    lines: tuple[MigrationLine, ...]
    decision: Decision | None


def foreseen(
    rules: Rules, case: Case, history: tuple[Event, ...], plan: Plan, order: Order,
    expected: Mapping[str, Mapping[str, Any]] | None = None,
) -> Foreseen:  # fmt: skip
    """Return what *plan* would do to *case*, its own due rungs first.

    *history* is needed for an undoing alone. With *expected* (matter -> what was proposed) only those matters are
    looked at, and one that would come out otherwise is left, its line marked as changed.
    """
    settled = _settled(rules, case, order)
    decision, lines = settled, []
    for matter in _wanted(case, history, plan, expected):
        now = decision.case if decision else case
        present = now.matter(matter.id)
        assert present is not None
        answer = _answer(rules, now, present, history, plan, order)
        line = _line(rules, now, present, answer, _goal(plan, history, matter))
        if expected is not None and line.result != expected[matter.id]:
            line = replace(line, changed=True)
        elif isinstance(answer, Decision):
            decision = _then(decision, answer)
        lines.append(line)
    return Foreseen(tuple(lines), None if decision is settled else decision)


def migrated_by(history: tuple[Event, ...], number: int) -> dict[str, Event]:
    """Return, by matter, the events of this history that proposal *number* brought about."""
    return {
        event.matter: event
        for event in history
        if event.kind == MIGRATED and event.migration.get("proposal") == str(number)
    }


def _settled(rules: Rules, case: Case, order: Order) -> Decision | None:
    try:
        return settle(rules, case, order.at)
    except CalendarEnds:
        # The migration itself is refused for it, with the sentence that says why.
        return None


def _wanted(
    case: Case, history: tuple[Event, ...], plan: Plan, expected: Collection[str] | None
) -> tuple[Matter, ...]:
    if plan.undoes is not None:
        # What was done last is undone first.
        done = expected if expected is not None else migrated_by(history, plan.undoes)
        return tuple(matter for matter in reversed(case.matters) if matter.id in done)
    if expected is not None:
        return tuple(matter for matter in case.matters if matter.id in expected)
    return tuple(
        matter
        for matter in case.open_matters()
        if matter.procedure == plan.procedure and matter.definition != plan.to
    )


def _answer(
    rules: Rules, case: Case, matter: Matter, history: tuple[Event, ...], plan: Plan, order: Order
) -> Decision | Refusal:
    if plan.undoes is None:
        return migrate(rules, case, matter, rules.definitions[plan.to], plan.states, order)
    done = migrated_by(history, plan.undoes)[matter.id]
    before = fold(event for event in history if event.seq < done.seq).matter(matter.id)
    assert before is not None
    return undo(rules, case, done, before, order)


def _goal(plan: Plan, history: tuple[Event, ...], matter: Matter) -> str:
    """The hash of the version a matter would go to."""
    if plan.undoes is None:
        return plan.to
    return migrated_by(history, plan.undoes)[matter.id].migration["from"]


def _then(first: Decision | None, second: Decision) -> Decision:
    if first is None:
        return second
    return replace(second, events=(*first.events, *second.events), notices=(*first.notices, *second.notices))


def _line(rules: Rules, case: Case, matter: Matter, answer: Decision | Refusal, goal: str) -> MigrationLine:
    old = rules.procedure_of(matter)
    party = case.party(matter.party)
    line = MigrationLine(
        case=case.id, number=case.number, matter=matter.id, title=old.title,
        party=party.name if party and matter.kind != MAIN else None,
        source=matter.definition, target=goal, before=_standing(rules, case, matter),
    )  # fmt: skip
    if isinstance(answer, Refusal):
        return replace(line, refusal=answer)
    arrived = answer.case.matter(matter.id)
    assert arrived is not None
    new = rules.procedure_of(arrived)
    before, after = old.states[matter.state].moves, new.states[arrived.state].moves
    return replace(
        line, target=arrived.definition, after=_standing(rules, answer.case, arrived),
        gained=_moves(after, before), lost=_moves(before, after), notes=tuple(_notes(arrived, old, new)),
    )  # fmt: skip


def _standing(rules: Rules, case: Case, matter: Matter) -> Standing:
    procedure = rules.procedure_of(matter)
    state, clocks = procedure.states[matter.state], Clocks(rules, case)
    main = next(iter(rules.main_procedure(case).clocks), None)
    try:
        reading = clocks.reading(main) if main else None
        step = limit_of(rules, case, matter, clocks).due if matter.open else None
    except CalendarEnds:
        reading, step = None, None
    running = reading is not None and reading.state != "ended"
    return Standing(
        Named(state.name, state.title),
        reading.due if reading and running else None,
        reading.target_due if reading and running else None,
        step,
        _awaited(rules, case, matter, state.awaits) if matter.open else (),
    )


def _awaited(rules: Rules, case: Case, matter: Matter, whos: tuple[Who, ...]) -> tuple[Named, ...]:
    found = []
    for who in whos:
        title = role_title(rules, case, matter, who)
        for role, person in awaited(case, matter, (who,)):
            name = rules.people.name(person) if person else ""
            found.append(Named(f"{role}:{person or ''}", Text(name, name) if name else title))
    return tuple(dict.fromkeys(found))


def _moves(of: Mapping[str, Move], but: Mapping[str, Move]) -> tuple[Named, ...]:
    return tuple(Named(name, move.title) for name, move in of.items() if name not in but)


def _notes(matter: Matter, old: Procedure, new: Procedure) -> list[Text]:
    """What a clerk should know of a matter that can be migrated."""
    notes = []
    asked = [new.facts[n].title for n in new.intake if n in new.facts and n not in matter.facts]
    if asked:
        notes.append(
            Text("新版本立案时须填写而本案未填写：{facts}", "asked at opening by the new version and not known here: {facts}").filled(
                facts=together(asked)
            )
        )  # fmt: skip
    gone = [old.facts[n].title for n in matter.facts if n in old.facts and n not in new.facts]
    if gone:
        notes.append(
            Text("已填写而新版本没有，照旧保留：{facts}", "known here and not in the new version, kept all the same: {facts}").filled(
                facts=together(gone)
            )
        )  # fmt: skip
    return notes
