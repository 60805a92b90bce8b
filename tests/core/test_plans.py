"""The plan of a move leads where the state machine library leads, and knows of a move what its definition says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any

import pytest

from engine.core.machine import machine_of, ways
from engine.core.plans import plan_of
from engine.model.procedure import Branch, Move, Procedure
from engine.model.rules import Rules
from tests.builders import rules_of
from tests.procedures.way import a_case

RULES = rules_of()


@dataclass(frozen=True)
class Said:
    """A condition that holds where it is said to."""

    number: int

    def holds(self, now: Any) -> bool:
        return self.number in now


class Token:
    """What the library moves."""

    def __init__(self, state: str, situation: object) -> None:
        self.state = state
        self.situation = situation


def in_the_library(procedure: Procedure, move: Move, situation: object) -> str | None:
    """Where the library's own step leads; None where no way is open."""
    token = Token(move.source, situation)
    moved = machine_of(procedure).events[move.name].trigger(token)
    return token.state if moved else None


def moves(procedure: Procedure) -> Iterator[Move]:
    return (move for state in procedure.states.values() for move in state.moves.values())


def with_said(procedure: Procedure) -> Procedure:
    """*procedure* with conditions that hold where they are said to."""

    def branch(number: int, one: Branch) -> Branch:
        when: Any = Said(number) if one.when else None
        return replace(one, when=when)

    def move(one: Move) -> Move:
        return replace(one, branches=tuple(branch(n, b) for n, b in enumerate(one.branches)))

    states = {
        name: replace(state, moves={key: move(one) for key, one in state.moves.items()})
        for name, state in procedure.states.items()
    }
    return replace(procedure, states=states, hash=f"said-{procedure.hash}")


@pytest.mark.parametrize("name", sorted(RULES.in_force))
def test_whatever_holds_a_plan_leads_where_the_library_leads(name: str) -> None:
    procedure = with_said(RULES.definitions[RULES.in_force[name]])
    rules: Rules = replace(RULES, definitions={**RULES.definitions, procedure.hash: procedure})
    case = a_case("filed").case
    matter = replace(case.main, definition=procedure.hash)

    for move in moves(procedure):
        numbers = range(len(move.branches))
        for said in chain.from_iterable(combinations(numbers, n) for n in range(len(numbers) + 1)):
            situation: Any = frozenset(said)
            way = plan_of(rules, case, matter, move).way(situation)
            led = None if way is None else way.branch.target or move.source
            assert led == in_the_library(procedure, move, situation), (move.source, move.name, said)


@pytest.mark.parametrize("name", sorted(RULES.in_force))
def test_the_machine_has_the_ways_of_the_definition_and_no_other(name: str) -> None:
    procedure = RULES.definitions[RULES.in_force[name]]
    machine = machine_of(procedure)

    for move in moves(procedure):
        assert ways(procedure, move) == (move.branches or (Branch(None),))
    held = {(state, event) for event, one in machine.events.items() for state in one.transitions}
    assert held == {(move.source, move.name) for move in moves(procedure)}


def test_a_move_that_the_machine_does_not_have_from_a_state_has_no_ways() -> None:
    procedure = RULES.definitions[RULES.in_force["labour"]]
    accept = procedure.moves["accept"][0]

    assert ways(procedure, accept)
    assert ways(procedure, replace(accept, source="closed")) == ()
