"""The automaton of a procedure: its states, its final ones with their outcomes, and every way between them.

Room for: the nouns that each export writes and a reader gives back.
May not enter: the syntax of any export, titles, who acts.

Two procedures with equal automata move alike: the same acts lead from the same states to the same states under the
same conditions, tried in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language.guard_written import written
from engine.model.guards import All, Guard
from engine.model.procedure import Procedure, State

NAMESPACE = "urn:anxu:procedure:1"
"""Marks in exports what is ours: extension elements, and the language conditions are written in."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way from *source*: a branch of a move, or with an empty *move* a reaction.

    *target* is None where the state stays as it is, which is not the same as entering it anew. *guard* holds what
    the move requires and when the branch is taken, as text; empty where nothing is asked.
    """

    source: str
    move: str
    target: str | None
    guard: str = ""


@dataclass(frozen=True, slots=True)
class Automaton:
    """The first state, the outcome of each final one, and for every state its ways in the order they are tried."""

    initial: str
    finals: Mapping[str, str]
    ways: Mapping[str, tuple[Way, ...]]


def automaton_of(procedure: Procedure) -> Automaton:
    """Return the automaton of *procedure*."""
    states = procedure.states.values()
    return Automaton(
        initial=procedure.initial,
        finals={state.name: state.outcome for state in states if state.outcome is not None},
        ways={state.name: ways_from(state) for state in states},
    )


def ways_from(state: State) -> tuple[Way, ...]:
    """Return the ways out of *state*, and those that leave it as it is: reactions first, for they are tried first."""
    reactions = [Way(state.name, "", reaction.target, written(reaction.when)) for reaction in state.reactions]
    moves = [
        Way(state.name, move.name, target, _asked(tuple(need.that for need in move.requires), when))
        for move in state.moves.values()
        for target, when in [(branch.target, branch.when) for branch in move.branches] or [(None, None)]
    ]
    return (*reactions, *moves)


def _asked(required: tuple[Guard, ...], when: Guard | None) -> str:
    """Write what must hold for one branch: each requirement, then its own condition."""
    parts = (*required, when) if when else required
    if not parts:
        return ""
    return written(parts[0] if len(parts) == 1 else All(parts))
