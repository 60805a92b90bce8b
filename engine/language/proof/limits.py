"""Limits: whoever is awaited is there, every stay has a limit that runs, and whoever lets it pass is told to a person.

Room for: owners, terms and the ladders of terms and clocks, state by state.
May not enter: whether a clock runs in a state (`situations.py`), who holds a role (`staffing.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.problem import hint, listed
from engine.language.proof.domains import Subject
from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow
from engine.language.proof.satisfying import Goal, TooWide, example
from engine.language.proof.words import example_in_words
from engine.language.proof.world import MAIN
from engine.model.guards import clauses
from engine.model.procedure import Move, Procedure, State, Term, Who
from engine.model.register import Rung
from engine.text import Text


def prove_limits(flow: Flow, report: Report) -> None:
    """Note every waiting state that lacks an owner, a limit that runs, or a ladder that ends with a person."""
    for name, state in flow.procedure.states.items():
        if name in flow.held and not state.final:
            _owner(flow, state, report)
            _terms(flow, state, report)
            _clock(flow, state, report)


def _owner(flow: Flow, state: State, report: Report) -> None:
    if state.awaits_matter or not state.awaits or any(_is_there(flow, state, who) for who in state.awaits):
        return
    who = state.awaits[0].name
    own, place = who in flow.procedure.persons, f"states.{state.name}.awaits"
    values = {"name": state.name, "who": who}
    subject = Subject("assigned", flow.owner, who)
    way = flow.way_without(state.name, subject) if own else flow.way_to(state.name)
    if way:
        report.found(flow.procedure.name, place, "owner_missing", way, **values)
    elif not _replaced(flow, state, who) and (way := flow.way_without(state.name, subject, lost=True)):
        report.found(flow.procedure.name, place, "owner_released", way, **values)


def _replaced(flow: Flow, state: State, who: str) -> bool:
    """Return True where *who*, once released, need not stay missing in *state*: somebody else can assign them there, or go on."""
    others = [m for m in state.moves.values() if any(w.name != who and _may_be(flow, state, w) for w in m.by)]
    world = flow.domains.world
    by_matters = flow.owner == MAIN and any(
        who in m.assign for c in world.children.values() for m in _acts(c)
    )
    return by_matters or any(who in m.assign or not m.stays for m in others)


def _may_be(flow: Flow, state: State, who: Who) -> bool:
    return not who.relation or 1 in flow.held[state.name].get(
        Subject("assigned", flow.owner, who.name), frozenset({1})
    )


def _is_there(flow: Flow, state: State, who: Who) -> bool:
    """Return True where *who* has somebody to mean: a role, or a person whom every way to *state* has assigned."""
    if not who.relation:
        return True
    if who.name in flow.procedure.persons:
        return 0 not in flow.held[state.name].get(Subject("assigned", flow.owner, who.name), frozenset({0}))
    world = flow.domains.world
    return world.alone or any(who.name in move.assign for move in _acts(world.main))


def _acts(procedure: Procedure) -> Iterator[Move]:
    if procedure.on_open:
        yield procedure.on_open
    for moves in procedure.moves.values():
        yield from moves


def _terms(flow: Flow, state: State, report: Report) -> None:
    anchored = {(term.of, term.before) for term in state.terms if term.ladder}
    for number, term in enumerate(state.terms):
        place = _place(flow, state, term, number)
        if term.ladder:
            _ladder(flow, state, term.ladder, f"{place}.ladder", report)
        elif (term.of, term.before) not in anchored:
            report.found(
                flow.procedure.name, place, "term_without_ladder", flow.way_to(state.name), name=state.name
            )
        _runs(flow, state, term, place, report)
    _covered(flow, state, report)


def _place(flow: Flow, state: State, term: Term, number: int) -> str:
    if term.name in flow.procedure.terms:
        return f"terms.{term.name}"
    alone = len(state.terms) == 1
    return f"states.{state.name}.within" if alone else f"states.{state.name}.within.{number}"


def _runs(flow: Flow, state: State, term: Term, place: str, report: Report) -> None:
    """Note a term whose date need not be known when the state is entered: then nothing limits the stay."""
    fact = term.of or term.before
    if not fact or fact not in flow.procedure.facts:
        return
    subject = Subject("fact", flow.owner, fact)
    if 0 in flow.held[state.name][subject] and (term.ladder or len(state.terms) == 1):
        way = flow.way_without(state.name, subject)
        title = flow.procedure.facts[fact].title
        values = {"name": state.name, "fact": fact, "title": title}
        where = f"{place}.{'of' if term.of else 'before'}"
        if way:
            report.found(flow.procedure.name, where, "term_may_not_run", way, **values)


def _covered(flow: Flow, state: State, report: Report) -> None:
    """Note a situation in which none of the state's conditional terms limits the stay."""
    armed = [term for term in state.terms if term.ladder]
    if not armed or any(term.when is None for term in armed):
        return
    goals: tuple[Goal, ...] = tuple((term.when, False) for term in armed if term.when)
    try:
        found = example(flow.domains, flow.owner, goals, flow.context(state.name))
    except TooWide:
        place = f"states.{state.name}.within"
        report.found(flow.procedure.name, place, "guards_too_wide", name=state.name)
        return
    if found is not None:
        about = {flow.domains.subject(c, flow.owner) for g, _ in goals for c in clauses(g)}
        words = example_in_words(flow.domains, flow.owner, found, about)
        place, way = f"states.{state.name}.within", flow.way_to(state.name)
        report.found(flow.procedure.name, place, "limit_not_always", way, name=state.name, example=words)


def _clock(flow: Flow, state: State, report: Report) -> None:
    clock = flow.domains.world.clocks.get(state.clock or "")
    if clock is None:
        return
    main = flow.domains.world.main
    if clock.ladder is None:
        way = flow.way_to(state.name)
        report.found(main.name, f"clocks.{clock.name}", "clock_without_ladder", way, name=clock.name)
    elif flow.owner == MAIN:
        _ladder(flow, state, clock.ladder, f"clocks.{clock.name}.ladder", report)


def _ladder(flow: Flow, state: State, ladder: str, place: str, report: Report) -> None:
    register, name = flow.domains.world.register, flow.procedure.name
    if ladder not in register.ladders:
        values = {"name": ladder, "hint": hint(ladder, register.ladders), "known": listed(register.ladders)}
        report.found(name, place, "unknown_ladder", (), **values)
        return
    rungs = [rung for rung in flow.domains.world.ladder(ladder) if rung.anchor == "limit" and rung.days >= 0]
    if not rungs:
        report.found(name, place, "ladder_without_limit", (), ladder=ladder)
        return
    last = max(rungs, key=lambda rung: rung.days)
    if not any(_told(flow, state, word) for word in last.to):
        way = flow.way_to(state.name)
        values = {"ladder": ladder, "rung": last.name, "to": "、".join(last.to), "name": state.name}
        report.found(name, place, "ladder_ends_with_nobody", way, **{**values, "to": _joined(last)})


def _joined(rung: Rung) -> Text:
    return Text("、".join(rung.to), ", ".join(rung.to))


def _told(flow: Flow, state: State, word: str) -> bool:
    """Return True where *word*, in a rung, can mean somebody while the stay in *state* lasts."""
    world, levels = flow.domains.world, flow.procedure.levels
    if word == "handler":
        handler = world.main.handler
        return world.alone or (
            handler is not None and any(handler in move.assign for move in _acts(world.main))
        )
    if word == "awaited":
        return any(_is_there(flow, state, who) for who in state.awaits)
    if word == "next_level":
        return state.name in levels[:-1]
    if word in flow.procedure.persons:
        return 1 in flow.held[state.name].get(Subject("assigned", flow.owner, word), frozenset())
    return word in world.register.roles or word in flow.procedure.roles
