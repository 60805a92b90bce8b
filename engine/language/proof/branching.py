"""Branching: conditional targets do not overlap unsaid, each can be taken, and what is required can be so.

Room for: the guards of one move against each other, with an example where two can hold.
May not enter: deciding whether guards can hold (`satisfying.py`), what is known in a state (`flow.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.proof.finding import Report
from engine.language.proof.flow import STAYS, Flow
from engine.language.proof.satisfying import Goal, TooWide, example, subjects_of
from engine.language.proof.words import example_in_words
from engine.model.guard_words import GuardWords
from engine.model.guards import Guard
from engine.model.procedure import Branch, Move, State
from engine.text import Text


def prove_branching(flow: Flow, report: Report) -> None:
    """Note every requirement and branch that can never hold, and every two branches that can hold together."""
    once: dict[tuple[str, int, int], list[tuple[State, Move]]] = {}
    for name, state in flow.procedure.states.items():
        for move in state.moves.values() if name in flow.held else ():
            # A move that stands in many states is one move: what it says need not hold in each of them.
            once.setdefault((move.name, id(move.requires), id(move.branches)), []).append((state, move))
        for number, reaction in enumerate(state.reactions if name in flow.held else ()):
            if (name, "on", number) not in flow.taken:
                words = _words(flow, reaction.when)
                place = f"states.{name}.on.{number}.when"
                report.found(flow.procedure.name, place, "branch_never_taken", flow.way_to(name), when=words)
    for places in once.values():
        _move(flow, places, report)


def _move(flow: Flow, places: list[tuple[State, Move]], report: Report) -> None:
    state, move = places[0]
    place = f"states.{state.name}.moves.{move.name}"
    wide = [s for s, m in places if (s.name, m.name) in flow.wide]
    if wide:
        report.found(flow.procedure.name, place, "guards_too_wide", name=move.name)
        return
    taken = {
        number
        for s, m in places
        for number in range(STAYS, len(m.branches))
        if (s.name, m.name, number) in flow.taken
    }
    if not taken:
        _never_allowed(flow, places, report)
        return
    overlapping = not move.in_order and any(_overlap(flow, places, *pair, report) for pair in _pairs(move))
    for number, branch in enumerate(move.branches):
        # A branch that another one covers is told as an overlap, unless the file says that the first is meant.
        if number not in taken and not overlapping and not _led_elsewhere(move, number):
            where = f"{place}.to.{number}" + (".when" if branch.when else ".otherwise")
            told = _words(flow, branch.when) if branch.when else _OTHERWISE
            way = (*flow.way_to(state.name), move.name)
            report.found(flow.procedure.name, where, "branch_never_taken", way, when=told)


def _led_elsewhere(move: Move, number: int) -> bool:
    """Return True for a default that is never needed and promises nothing that another branch does not."""
    branch = move.branches[number]
    return branch.when is None and any(b.target == branch.target for b in move.branches[:number])


def _never_allowed(flow: Flow, places: list[tuple[State, Move]], report: Report) -> None:
    state, move = places[0]
    way = (*flow.way_to(state.name), move.name)
    place = f"states.{state.name}.moves.{move.name}"
    for number, requirement in enumerate(move.requires):
        goals: tuple[Goal, ...] = ((requirement.that, True),)
        if all(example(flow.domains, flow.owner, goals, flow.context(s.name, m)) is None for s, m in places):
            words = _words(flow, requirement.that)
            where = f"{place}.requires.{number}.that"
            report.found(
                flow.procedure.name, where, "requirement_never_holds", way, name=move.name, that=words
            )
            return
    report.found(flow.procedure.name, f"{place}.requires", "requirements_exclude", way, name=move.name)


def _pairs(move: Move) -> Iterator[tuple[int, int]]:
    guarded = [number for number, branch in enumerate(move.branches) if branch.when]
    return ((a, b) for a in guarded for b in guarded if a < b)


def _overlap(flow: Flow, places: list[tuple[State, Move]], first: int, second: int, report: Report) -> bool:
    """Note an example in which both branches hold; branches that lead to one state may."""
    for state, move in places:
        one, other = move.branches[first], move.branches[second]
        if _same(one, other):
            continue
        required = [requirement.that for requirement in move.requires]
        own = [guard for guard in (one.when, other.when) if guard]
        set_ = {flow.domains.fact(flow.owner, name) for name in move.set}
        if set_ & subjects_of(flow.domains, flow.owner, *required):
            required = []
        goals: tuple[Goal, ...] = tuple((guard, True) for guard in (*required, *own))
        held = flow.after(move, flow.context(state.name, move))
        try:
            found = example(flow.domains, flow.owner, goals, held)
        except TooWide:
            place = f"states.{state.name}.moves.{move.name}"
            report.found(flow.procedure.name, place, "guards_too_wide", name=move.name)
            return True
        if found is not None:
            about = subjects_of(flow.domains, flow.owner, *own)
            words = example_in_words(flow.domains, flow.owner, found, about)
            place = f"states.{state.name}.moves.{move.name}.to.{second}.when"
            way = (*flow.way_to(state.name), move.name)
            values = {"name": move.name, "first": first + 1, "second": second + 1, "example": words}
            report.found(flow.procedure.name, place, "branches_overlap", way, **values)
            return True
    return False


def _same(one: Branch, other: Branch) -> bool:
    return (one.target, one.release) == (other.target, other.release)


_OTHERWISE = Text("其他情形", "whatever else may be so")


def _words(flow: Flow, guard: Guard) -> Text:
    world = flow.domains.world
    return GuardWords(flow.procedure, world.main, world.children).said(guard)
