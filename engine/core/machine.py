"""Machine: a procedure's states and moves as one `transitions` machine, and the ways it leads.

Room for: the adapter to the state machine library; one machine a definition.
May not enter: who may move, what a move does beside the state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from transitions import Machine, Transition

from engine.model.procedure import Branch, Move, Procedure

_STAYS = Branch(None)

MACHINES_MOST = 256

_machines: dict[str, Machine] = {}
"""By the hash of the definition: two definitions are the same when their hashes are."""


def ways(procedure: Procedure, move: Move) -> tuple[Branch, ...]:
    """Return the branches of *move* as the machine has them from its source, in the order in which it tries them.

    A move that stays has one branch without a target. The definition alone names the targets, and where the
    machine does not have the move from there it leads nowhere.
    """
    found = machine_of(procedure).events[move.name].transitions.get(move.source, ())
    return tuple(cast(_Way, way).branch for way in found)


class _Way(Transition):
    """A transition as our definitions have them: with the branch it was made of."""

    branch: Branch = _STAYS


class _Machine(Machine):
    transition_cls = _Way


def machine_of(procedure: Procedure) -> Machine:
    """Return the machine of *procedure*.

    We read its ways and ask the conditions ourselves; the machine has them too, asked of the `situation` of the model,
    so that a test can let the library step beside us.
    """
    machine = _machines.get(procedure.hash)
    if machine is None:
        if len(_machines) >= MACHINES_MOST:
            _machines.clear()
        machine = _machines[procedure.hash] = _built(procedure)
    return machine


def _built(procedure: Procedure) -> Machine:
    machine = _Machine(
        model=None,
        states=list(procedure.states),
        initial=procedure.initial,
        auto_transitions=False,
        send_event=True,
    )
    for state in procedure.states.values():
        for move in state.moves.values():
            for branch in move.branches or (_STAYS,):
                # A target of None is an internal transition: the matter stays and nothing is entered again.
                machine.add_transition(move.name, move.source, branch.target, conditions=_condition(branch))
                added = machine.events[move.name].transitions[move.source][-1]
                cast(_Way, added).branch = branch
    return machine


def _condition(branch: Branch) -> Callable[[Any], bool] | None:
    when = branch.when
    return None if when is None else lambda event: when.holds(event.model.situation)
