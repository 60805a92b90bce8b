"""Machine: a procedure's states and moves as one `transitions` machine, and one step on it.

Room for: the adapter to the state machine library; one machine a definition, a throwaway token a step.
May not enter: who may move, what a move does beside the state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from transitions import Machine

from engine.model.guards import Situation
from engine.model.procedure import Branch, Move, Procedure


class _Token:
    """What the library moves: holds a state, the situation its conditions ask, and the branch they let through."""

    __slots__ = ("situation", "state", "taken")

    def __init__(self, state: str, situation: Situation) -> None:
        self.state = state
        self.situation = situation
        self.taken = _STAYS


def step(procedure: Procedure, move: Move, situation: Situation) -> Branch | None:
    """Return the branch *move* takes in this *situation*, or None when no branch is open.

    A move that stays takes a branch without a target. The definition alone names the targets.
    """
    token = _Token(move.source, situation)
    moved = _machine(procedure).events[move.name].trigger(token)
    return token.taken if moved else None


_STAYS = Branch(None)


@lru_cache(maxsize=256)
def _machine_for(key: _ByHash) -> Machine:
    procedure = key.procedure
    machine = Machine(
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


class _ByHash:
    """A procedure as a cache key: two definitions are the same when their hashes are."""

    __slots__ = ("procedure",)

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return hash(self.procedure.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and self.procedure.hash == other.procedure.hash


def _machine(procedure: Procedure) -> Machine:
    return _machine_for(_ByHash(procedure))


def _ways(move: Move) -> list[tuple[str | None, Callable[[Any], bool] | None]]:
    # A target of None is an internal transition: the matter stays and nothing is entered again.
    return [(branch.target, _condition(branch)) for branch in move.branches] or [(None, None)]


def _condition(branch: Branch) -> Callable[[Any], bool]:
    def holds(event: Any) -> bool:
        if branch.when is not None and not branch.when.holds(event.model.situation):
            return False
        event.model.taken = branch
        return True

    return holds
