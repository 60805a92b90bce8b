"""Migrating: a matter goes on under another version of its definition, or what stands in the way.

Room for: the state it comes to, what must still fit, the event that says so, and its undoing.
May not enter: which matters, who approved it (`engine/service/migrating.py`); facts, clock facts and fired rungs stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from engine.core.authority import persons_of
from engine.core.draft import Draft, meant
from engine.core.naming import relation_of, relation_title
from engine.core.projection import project
from engine.core.redating import moved_dates
from engine.core.refusals import beyond_calendar
from engine.core.refusals_of_migration import (
    clock_gone,
    does_not_fit,
    ends_there,
    fact_changed,
    goes_on,
    moved_since,
    no_counterpart,
    nobody_there,
    not_open,
    not_signed,
    relation_gone,
    signed_otherwise,
    waits_for_nothing,
)
from engine.core.situation import situation_of
from engine.errors import CalendarEnds
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Matter
from engine.model.counterparts import counterparts
from engine.model.events import Event
from engine.model.guards import EveryMatterIs, Guard, MatterIs, clauses
from engine.model.procedure import MAIN, RECORDER, RECUSED, Procedure, State, Who
from engine.model.rules import Rules
from engine.text import Text

MIGRATED: Final = "migrated"

_ALWAYS = frozenset({"open", "absent", "ended", "cancelled"})


@dataclass(frozen=True, slots=True)
class Order:
    """By whom and when a migration is done, and the proposal it goes back to."""

    by: str | None
    at: datetime
    proposal: int = 0


def migrate(
    rules: Rules, case: Case, matter: Matter, new: Procedure, states: Mapping[str, str], order: Order
) -> Decision | Refusal:
    """Say what bringing *matter* to the version *new* of its definition does, or what stands in the way. Changes nothing.

    *states* names the counterparts of states (old -> new); a state that is not among them keeps its name. The round
    and the day of entry stay, so no limit begins anew; rungs that fired stay fired, whatever their state is called now.
    """
    if not matter.open:
        return not_open(matter)
    old = rules.procedure_of(matter)
    target = new.states.get(states.get(matter.state, matter.state))
    if target is None:
        return no_counterpart(matter, old.states[matter.state].title, new)
    if refusal := _in_the_way(rules, case, matter, new, target, rules.day_of(order.at)):
        return refusal
    subjects = _subjects(case, matter, old.states[matter.state], target)
    arrived = replace(matter, definition=new.hash, state=target.name, subjects=subjects)
    return _decided(rules, case, matter, arrived, order, {})


def undo(rules: Rules, case: Case, done: Event, before: Matter, order: Order) -> Decision | Refusal:
    """Say what putting a matter back does that event *done* migrated and that stood as *before* it, or why not.

    Only a matter that has not moved since is put back.
    """
    matter = case.matter(done.matter)
    assert matter is not None
    if not matter.open:
        return not_open(matter)
    if (matter.seen, matter.migrated) != (done.seq, done.seq):
        return moved_since(matter)
    new = rules.definitions[before.definition]
    if refusal := _in_the_way(rules, case, matter, new, new.states[before.state], rules.day_of(order.at)):
        return refusal
    arrived = replace(matter, definition=before.definition, state=before.state, subjects=before.subjects)
    return _decided(rules, case, matter, arrived, order, {"undoes": str(done.seq)})


# --- what it does -----------------------------------------------------------------------------------------


def _decided(
    rules: Rules, case: Case, matter: Matter, arrived: Matter, order: Order, more: Mapping[str, str]
) -> Decision | Refusal:
    migration = {"from": matter.definition, **more}
    if order.proposal:
        migration["proposal"] = str(order.proposal)
    try:
        before = project(rules, case).shown
        after = project(rules, case.with_matter(arrived)).shown
        draft = Draft(rules, case, order.at, rules.day_of(order.at), channel="migrate")
        draft.record(
            MIGRATED, matter.id, arrived.definition, by=order.by, rule=f"{arrived.procedure}.migrate",
            source=matter.state, target=arrived.state, migration=migration, subjects=dict(arrived.subjects),
            moved=tuple(moved_dates(before, after)),
        )  # fmt: skip
        _tell(draft, matter.id, bool(more))
        return draft.decision()
    except CalendarEnds as error:
        return beyond_calendar(error.sentence)


def _subjects(case: Case, matter: Matter, old: State, new: State) -> dict[str, str]:
    """What the rungs of each term of the new state are known by: as before where it is the same term, else by a new name."""
    pairs, found = counterparts(old.terms, new.terms), {}
    for n in range(len(new.terms)):
        number, plain = str(n + 1), f"term.{new.name}.{n + 1}"
        if n in pairs:
            before = str(pairs[n] + 1)
            subject = matter.subjects.get(before, f"term.{old.name}.{before}")
        else:
            # Another term may have fired under this number in the same stay; the new one has not.
            subject = f"{plain}@{case.version + 1}"
        if subject != plain:
            found[number] = subject
    return found


def _tell(draft: Draft, matter_id: str, undone: bool) -> None:
    """Tell the handler; where there is none yet, whoever is awaited."""
    rules, case, matter = draft.rules, draft.case, draft.matter(matter_id)
    procedure = rules.procedure_of(matter)
    state = procedure.states[matter.state]
    handler = rules.main_procedure(case).handler
    persons = case.holders(handler, case.main) if handler else ()
    said = (
        Text(
            "{number}：“{title}”恢复按原版本办理，状态“{state}”",
            "{number}: “{title}” goes on under its earlier version again, in “{state}”",
        )
        if undone
        else Text(
            "{number}：“{title}”改按另一版本办理，状态“{state}”",
            "{number}: “{title}” goes on under another version, in “{state}”",
        )
    )
    draft.tell(
        persons or meant(rules, case, matter, state.awaits, draft.on),
        matter, said.filled(number=case.number, title=procedure.title, state=state.title), MIGRATED,
    )  # fmt: skip


# --- what stands in the way -------------------------------------------------------------------------------


def _in_the_way(
    rules: Rules, case: Case, matter: Matter, new: Procedure, target: State, day: date
) -> Refusal | None:
    if target.final:
        return ends_there(matter, target)
    arrived = replace(matter, definition=new.hash, state=target.name)
    return (
        _facts(matter, rules.procedure_of(matter), new)
        or _relations(rules, case, matter, new)
        or _signatures(matter, rules.procedure_of(matter), new, target)
        or _clocks(rules, case, matter, new)
        or _fit(rules, case, matter, new)
        or _alive(rules, case.with_matter(arrived), arrived, target, day)
    )


def _facts(matter: Matter, old: Procedure, new: Procedure) -> Refusal | None:
    for name, value in matter.facts.items():
        before, after = old.facts.get(name), new.facts.get(name)
        if after is None:
            continue
        if before is not None and before.type != after.type:
            return fact_changed(matter, after, None)
        if after.type == "choice" and str(value) not in after.choices:
            shown = before.choices.get(str(value)) if before else None
            return fact_changed(matter, after, shown or Text(str(value), str(value)))
    return None


def _relations(rules: Rules, case: Case, matter: Matter, new: Procedure) -> Refusal | None:
    known = {*new.persons, RECUSED, RECORDER}
    if matter.kind != MAIN:
        known |= rules.main_procedure(case).persons.keys()
    gone = next((name for name, held in matter.assigned.items() if held and name not in known), None)
    return relation_gone(matter, gone, relation_title(rules, case, matter, gone)) if gone else None


def _signatures(matter: Matter, old: Procedure, new: Procedure, target: State) -> Refusal | None:
    """Whether every level before the new state has signed, and what was signed was signed under the same levels."""
    before, after = (p.chain.levels if p.chain else () for p in (old, new))
    given = next((level for level in before if matter.assigned.get(level.state)), None)
    if given and [(b.state, b.role, b.members, b.majority) for b in before] != [
        (a.state, a.role, a.members, a.majority) for a in after
    ]:
        return signed_otherwise(matter, given.title)
    reached = next((n for n, level in enumerate(after) if target.name in (level.state, level.resumed)), 0)
    lacking = (a for a in after[:reached] if len(matter.assigned.get(a.state, ())) < a.majority)
    missing = next(lacking, None)
    return not_signed(matter, missing.title, target) if missing else None


def _clocks(rules: Rules, case: Case, matter: Matter, new: Procedure) -> Refusal | None:
    if matter.kind != MAIN:
        return None
    gone = next((name for name, log in case.clocks.items() if log.facts and name not in new.clocks), None)
    return clock_gone(matter, gone, rules.main_procedure(case).clocks[gone].title) if gone else None


def _fit(rules: Rules, case: Case, matter: Matter, new: Procedure) -> Refusal | None:
    """Whether the case and each of its other open matters still find in one another what they use."""
    if matter.kind != MAIN:
        main = rules.main_procedure(case)
        missing = sorted(set(_missing(main, new, matter)))
        return does_not_fit(matter, main.title, missing) if missing else None
    for other in case.open_matters():
        if other.kind == MAIN:
            continue
        child = rules.procedure_of(other)
        if missing := sorted(set(_missing(new, child, other))):
            return does_not_fit(matter, child.title, missing)
    return None


def _missing(main: Procedure, child: Procedure, matter: Matter) -> Iterator[str]:
    """Yield what a *matter* of *child* and a case of *main* would miss in each other."""
    kind = main.matters.get(matter.kind)
    if kind is None or kind.procedure != child.name:
        yield f"matters.{matter.kind}"
    elif kind.bars and kind.bars not in child.facts:
        yield f"facts.{kind.bars}"
    if borrowed := child.borrowed:
        yield from (f"persons.{name}" for name in borrowed.persons if name not in main.persons)
        yield from (f"facts.{name}" for name in borrowed.facts if name not in main.facts)
        yield from (f"clocks.{name}" for name in borrowed.clocks if name not in main.clocks)
        yield from (f"matters.{name}" for name in borrowed.matters if name not in main.matters)
    for guard in _guards(main):
        for clause in clauses(guard):
            if not isinstance(clause, MatterIs | EveryMatterIs) or clause.kind != matter.kind:
                continue
            if clause.outcome not in child.outcomes | _ALWAYS:
                yield f"{matter.kind} is {clause.outcome}"


def _guards(procedure: Procedure) -> Iterator[Guard]:
    for state in procedure.states.values():
        yield from (reaction.when for reaction in state.reactions)
        for move in state.moves.values():
            yield from (requirement.that for requirement in move.requires)
            yield from (branch.when for branch in move.branches if branch.when)


def _alive(rules: Rules, case: Case, matter: Matter, target: State, day: date) -> Refusal | None:
    """Whether somebody can act on the matter where it comes to, or what it waits for is there."""
    procedure = rules.procedure_of(matter)
    for reaction in target.reactions:
        if reaction.when.holds(situation_of(case, matter)):
            return goes_on(matter, target, procedure.states[reaction.target])
    if target.awaits_matter:
        if any(other.open for kind in target.waits_for for other in case.matters_of(kind)):
            return None
        kind = rules.main_procedure(case).matters.get(target.awaits_matter)
        child = rules.newest(kind.procedure) if kind else None
        title = child.title if child else Text(target.awaits_matter, target.awaits_matter)
        return waits_for_nothing(matter, target, title)
    able = (person for who in target.awaits for person in _able(rules, case, matter, who, day))
    return None if any(able) else nobody_there(matter, target)


def _able(rules: Rules, case: Case, matter: Matter, who: Who, day: date) -> Iterator[str]:
    """Yield who of those *who* means can act: they hold the role it takes and have not stepped back."""
    relation = relation_of(rules, case, matter, who.name) if who.relation else None
    recused = case.main.assigned.get(RECUSED, ())
    for person in persons_of(rules, case, matter, who, day):
        held = rules.people.roles(person, case.office, day)
        if person not in recused and (relation is None or relation.role in held):
            yield person
