"""Machine: a procedure's states and moves as one `transitions` machine, and one step on it.

Room for: the adapter to the state machine library; one machine a definition, a throwaway token a step.
May not enter: who may move, what a move does beside the state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transitions import EventData, Machine, Transition

from engine.model.guards import Situation
from engine.model.procedure import Branch, Move, Procedure


class _Token:
    """What the library moves: holds a state, the situation its conditions ask, and the branch they let through."""

    __slots__ = ("situation", "state", "taken")

    def __init__(self, state: str, situation: Situation, taken: Branch) -> None:
        self.state = state
        self.situation = situation
        self.taken = taken


class _Way(Transition):
    """A transition as our definitions have them: with conditions and without callbacks.

    Calling empty lists of callbacks, with a line of log for each, is most of the library's own step.
    """

    def execute(self, event_data: EventData) -> bool:
        """Take the transition if its conditions hold, and return whether they did."""
        if not self._eval_conditions(event_data):
            return False
        if self.dest is not None:
            event_data.machine.set_state(self.dest, event_data.model)
        return True


class _Machine(Machine):
    transition_cls = _Way


def step(procedure: Procedure, move: Move, situation: Situation) -> Branch | None:
    """Return the branch *move* takes in this *situation*, or None when no branch is open.

    A move that stays takes a branch without a target. The definition alone names the targets.
    """
    token = _Token(move.source, situation, _otherwise(move))
    moved = _machine(procedure).events[move.name].trigger(token)
    return token.taken if moved else None


_STAYS = Branch(None)

MACHINES_MOST = 256

_machines: dict[str, Machine] = {}
"""By the hash of the definition: two definitions are the same when their hashes are."""


def _machine(procedure: Procedure) -> Machine:
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
            for target, condition in _ways(move):
                machine.add_transition(move.name, move.source, target, conditions=condition)
    return machine


def _otherwise(move: Move) -> Branch:
    """Return the branch that *move* takes where none of the conditions before it holds."""
    return move.branches[-1] if move.branches else _STAYS


def _ways(move: Move) -> list[tuple[str | None, Callable[[Any], bool] | None]]:
    # A target of None is an internal transition: the matter stays and nothing is entered again.
    return [(branch.target, _condition(branch)) for branch in move.branches] or [(None, None)]


def _condition(branch: Branch) -> Callable[[Any], bool] | None:
    """Return the library's condition of *branch*; none where it has none: the token begins with that one as taken."""
    when = branch.when
    if when is None:
        return None

    def holds(event: Any) -> bool:
        if not when.holds(event.model.situation):
            return False
        event.model.taken = branch
        return True

    return holds
