"""Effects: what a move does beside changing the state, from the closed list of the language.

Room for: set, assign, release, clocks, opening and closing matters, reactions, what happens when the case ends.
May not enter: who may act, forms, whether guards hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from engine.core.clock_acts import Deed, propose
from engine.core.draft import Draft, meant
from engine.core.separation import involvement, may_not_hold
from engine.core.situation import situation_of
from engine.errors import AnxuError, UnknownName
from engine.model.answers import Refusal
from engine.model.case import Case, Matter, Party
from engine.model.events import ClockChange, Event
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import ACT_DATE, ACTOR, ANY_PARTY, MAIN, RECORDER, MatterKind, Move, Procedure
from engine.model.rules import Rules
from engine.text import Text

REACTIONS_MOST = 50


class Brought(NamedTuple):
    """What somebody brought with an act: the facts of its form, and documents by kind."""

    facts: Mapping[str, Value] = {}
    documents: Mapping[str, str] = {}


class Results(NamedTuple):
    """What a move brings to its own event."""

    facts: Mapping[str, Value]
    known: Mapping[str, Value]
    """What is known on the matter with them."""
    assigned: Mapping[str, tuple[str, ...]]
    involved: Mapping[str, tuple[str, ...]]
    clock: tuple[ClockChange, ...] = ()
    joined: tuple[Party, ...] = ()
    late: tuple[str, ...] = ()
    """The clocks that it moved so late that somebody must approve (K22)."""
    power: Capacity | None = None
    """The capacity in which an exception was made (K9, K22)."""


def results_of(
    rules: Rules, case: Case, matter: Matter, move: Move, brought: dict[str, Value],
    known: Mapping[str, Value], person: str, capacity: Capacity | None, on: date, today: date, override: str = "",
    apart: tuple[tuple[str, str], ...] | None = None,
) -> Results | Refusal:  # fmt: skip
    """Return what *move* sets, assigns and does to clocks, or the Refusal of persons apart or of the law."""
    procedure = rules.procedure_of(matter)
    facts, named = brought, _NOBODY
    if move.set:
        constants = {name: constant(procedure, name, text, on) for name, text in move.set.items()}
        facts, known = brought | constants, {**known, **constants}
    if move.assign:
        named = {relation: _named(source, known, person) for relation, source in move.assign.items()}
        if conflict := may_not_hold(rules, case, matter, named, apart):
            return conflict
    assigned = _gathered(procedure, matter, named) if named else _NOBODY
    involved = involvement(procedure, matter, named, person, capacity)
    if not move.clock and move.joins is None:
        return Results(facts, known, assigned, involved)
    proposed = []
    for effect in move.clock:
        deed = Deed(person, capacity, on, today, case.version + 1, override, move.basis)
        answer = propose(rules, case, matter, effect, known, deed)
        if isinstance(answer, Refusal):
            return replace(answer, matter=matter.id)
        proposed.append(answer)
    return Results(
        facts, known, assigned, involved,
        clock=tuple(answer.change for answer in proposed),
        joined=_joined(case, move, known),
        late=tuple(answer.change.clock for answer in proposed if answer.late),
        power=next((answer.power for answer in proposed if answer.power), None),
    )  # fmt: skip


_NOBODY: Mapping[str, tuple[str, ...]] = {}


def constant(procedure: Procedure, name: str, text: str, on: date) -> Value:
    """Return the value a ``set`` writes: the act's date, or the constant in the fact's own type."""
    if text == ACT_DATE:
        return on
    kind = procedure.facts[name].type
    if kind == "yes_no":
        return text == "yes"
    return int(text) if kind == "whole" else date.fromisoformat(text) if kind == "date" else text


def follow(draft: Draft, matter_id: str, move: Move, on: date, brought: Brought, results: Results) -> None:
    """Write down what follows a recorded move: matters opened and closed, reactions, the end of the case.

    Where a party joined with the move, matters per party open for whoever joined alone. What the act *brought*
    goes along to the matters it opens.
    """
    if move.close or move.open or results.late:
        _open_and_close(draft, matter_id, move, on, brought, results)
    settle_reactions(draft, on)


def _open_and_close(
    draft: Draft, matter_id: str, move: Move, on: date, brought: Brought, results: Results
) -> None:
    case = draft.case
    matter = draft.matter(matter_id)
    recorded = draft.events[-1]
    for kind_name in move.close:
        for open_matter in draft.case.matters_of(kind_name):
            if open_matter.open:
                cancel(draft, open_matter, rule=f"{matter.procedure}.{move.name}")
    main = draft.rules.main_procedure(case)
    for kind_name in move.open:
        open_matters(
            draft, main.matters[kind_name], on, brought, f"{matter.procedure}.{move.name}",
            parties=results.joined or case.parties,
        )  # fmt: skip
    for clock in results.late:
        _ask_for_approval(draft, main.clocks[clock].late, recorded)


def open_matters(
    draft: Draft, kind: MatterKind, on: date, brought: Brought, rule: str,
    parties: tuple[Party, ...] | None = None, about: Event | None = None,
) -> None:  # fmt: skip
    """Open one matter of *kind*, or one for each party or case that its ``per`` names (*parties* None: of all).

    It begins with what was *brought* under names that its own procedure declares.
    """
    named = _subjects(draft.case, kind, draft.case.parties if parties is None else parties)
    child = draft.rules.newest(kind.procedure)
    if child is None:
        raise UnknownName(
            Text(
                f"程序“{kind.procedure}”尚未启用，无法开立事项。请先运行 anxu activate。",
                f"Procedure “{kind.procedure}” is not in force, so the matter cannot open. Run anxu activate first.",
            )
        )
    handed = {name: digest for name, digest in brought.documents.items() if name in child.documents}
    opening = child.on_open
    facts = {name: value for name, value in brought.facts.items() if name in child.facts}
    facts |= {name: constant(child, name, text, on) for name, text in opening.set.items()} if opening else {}
    for party in named:
        opened = {"kind": kind.name, "procedure": child.name} | ({"party": party} if party else {})
        draft.record(
            "matter_opened", str(len(draft.case.matters) + 1), child.hash,
            on=on, target=child.initial, opened=opened, facts=facts, documents=handed, rule=rule,
            about=about.seq if about else None, involved=_recorders(about, len(draft.case.matters) + 1),
        )  # fmt: skip


def settle_reactions(draft: Draft, on: date) -> None:
    """Let waiting matters react to what has happened until nothing more follows; end the case where it ended."""
    for _ in range(REACTIONS_MOST):
        if not _react_once(draft, on):
            break
    else:
        raise AnxuError(
            Text(
                "事项之间的反应没有止境，请检查程序定义。",
                "Reactions between matters do not end; check the definitions.",
            )
        )
    if not draft.case.open:
        _end_matters(draft)


def cancel(draft: Draft, matter: Matter, rule: str) -> None:
    """End *matter* without an outcome of its own."""
    draft.record(
        "cancelled", matter.id, matter.definition, source=matter.state, outcome="cancelled", rule=rule
    )


def blocking(rules: Rules, case: Case) -> Matter | None:
    """Return an open matter that does not let the case end, or None."""
    kinds = rules.main_procedure(case).matters
    for matter in case.open_matters():
        if matter.kind != MAIN and kinds[matter.kind].at_end == "blocks":
            return matter
    return None


def _react_once(draft: Draft, on: date) -> bool:
    for matter in draft.case.open_matters():
        procedure = draft.rules.definitions[matter.definition]
        reactions = procedure.states[matter.state].reactions
        for number, reaction in enumerate(reactions, 1) if reactions else ():
            if not reaction.when.holds(situation_of(draft.case, matter)):
                continue
            if (
                matter.kind == MAIN
                and procedure.states[reaction.target].final
                and blocking(draft.rules, draft.case)
            ):
                # The end waits for what blocks it, and is asked for again when that has ended.
                continue
            draft.record(
                "reacted", matter.id, matter.definition, on=on, source=matter.state, target=reaction.target,
                outcome=procedure.states[reaction.target].outcome, rule=f"{procedure.name}.{matter.state}.on.{number}",
            )  # fmt: skip
            return True
    return False


def _end_matters(draft: Draft) -> None:
    kinds = draft.rules.main_procedure(draft.case).matters
    for matter in draft.case.open_matters():
        if kinds[matter.kind].at_end == "cancelled":
            cancel(draft, matter, rule=f"{draft.case.main.procedure}.matters.{matter.kind}.at_end")


def _joined(case: Case, move: Move, known: Mapping[str, Value]) -> tuple[Party, ...]:
    if move.joins is None:
        return ()
    return (Party(f"p{len(case.parties) + 1}", move.joins.role, str(known[move.joins.named]).strip()),)


def _ask_for_approval(draft: Draft, kind_name: str | None, entry: Event) -> None:
    """Open the matter in which the late entry of *entry* is approved or rejected, and tell who is awaited on it."""
    rules = draft.rules
    kind = rules.main_procedure(draft.case).matters[kind_name or ""]
    today = rules.day_of(draft.at)
    open_matters(draft, kind, today, Brought(), rule="K22", about=entry)
    matter = draft.case.matters[-1]
    procedure = rules.procedure_of(matter)
    persons = meant(rules, draft.case, matter, procedure.states[matter.state].awaits, today)
    title = procedure.title
    said = Text(
        f"{draft.case.number}：有一项期后补录待批（{title.zh}）",
        f"{draft.case.number}: a late entry awaits approval ({title.en})",
    )
    draft.tell(persons, matter, said, "K22")


def _recorders(entry: Event | None, matter: int) -> dict[str, tuple[str, ...]]:
    persons = (entry.by, entry.acting_for) if entry else ()
    named = tuple(person for person in persons if person)
    return {f"{matter}.{RECORDER}": named} if named else {}


def _subjects(case: Case, kind: MatterKind, among: tuple[Party, ...]) -> list[str | None]:
    """Return whom or what each matter of *kind* is for: a party, another case, or nothing of the sort."""
    if kind.per is None:
        return [None]
    listed = case.main.facts.get(kind.per)
    if isinstance(listed, tuple):
        known = {matter.party for matter in case.matters_of(kind.name)}
        return [id for id in listed if id not in known]
    return [p.id for p in among if kind.per in (ANY_PARTY, p.role)]


def _gathered(
    procedure: Procedure, matter: Matter, named: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Return who holds each relation once those *named* are assigned: they alone, or in a group beside those before them."""
    held = dict(named)
    for relation, persons in named.items():
        declared = procedure.persons.get(relation)
        if declared is not None and declared.gathers:
            held[relation] = tuple(dict.fromkeys((*matter.assigned.get(relation, ()), *persons)))
    return held


def _named(source: str, facts: Mapping[str, Value], person: str) -> tuple[str, ...]:
    if source == ACTOR:
        return (person,)
    named = facts[source]
    return named if isinstance(named, tuple) else (str(named),)
