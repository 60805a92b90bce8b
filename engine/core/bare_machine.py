"""Bare machine: the state machine library as it comes, stepping where a definition leads and asking nothing.

Room for: the least that a step of any state machine costs, for benchmarks to hold our own beside.
May not enter: anything a case is decided by (`machine.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from transitions import Machine

from engine.model.procedure import Move, Procedure


class _Token:
    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def bare_step(procedure: Procedure, move: Move) -> Callable[[], bool]:
    """Return one step of *move* by a machine of *procedure*'s states and moves, with a throwaway token and no conditions."""
    machine = Machine(
        model=None, states=list(procedure.states), initial=procedure.initial, auto_transitions=False
    )
    for state in procedure.states.values():
        for one in state.moves.values():
            for target in one.targets:
                machine.add_transition(one.name, one.source, target)
    event = machine.events[move.name]
    return lambda: bool(event.trigger(_Token(move.source)))
