"""Plans: what a definition says of one move before any case is looked at, worked out once and kept with the rules.

Room for: the ways of a move as the machine holds them, what is recorded whoever takes one, which matters keep somebody
from it, which relations must be apart.
May not enter: cases, persons, days, whatever differs from one act to the next; what an act is asked (`decide.py`).

The same few moves are done thousands of times a day. A reader finds an act in `decide.py` in the order in which it is
judged; what needs no case for its answer is asked there of a plan, so that nobody pays for it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.core.machine import ways
from engine.core.separation import barring, kept_apart
from engine.model.case import Case, Matter
from engine.model.event_text import Frame
from engine.model.guards import Situation
from engine.model.procedure import Branch, Move, Procedure
from engine.model.rules import Rules


class Way(NamedTuple):
    """One branch of a move, and as much of its event as is the same whoever takes it."""

    branch: Branch
    event: Frame


@dataclass(frozen=True, slots=True)
class Plan:
    """One move from one state. *code* is what its notices are known by."""

    procedure: Procedure
    move: Move
    code: str
    ways: tuple[Way, ...]
    resumes: tuple[str, ...]
    """The clocks it resumes."""
    ends: bool
    """True where every way of it ends the matter."""
    apart: tuple[tuple[str, str], ...]
    """Each relation it assigns with each other one that this must be kept apart from."""
    barring: Mapping[str, str]
    """Kind of matter -> the fact that names whom it keeps from this move while it is open."""

    def way(self, situation: Situation) -> Way | None:
        """Return the way that is taken in this *situation*: the first whose condition holds; None where none is open."""
        for way in self.ways:
            when = way.branch.when
            if when is None or when.holds(situation):
                return way
        return None


def plan_of(rules: Rules, case: Case, matter: Matter, move: Move) -> Plan:
    """Return the plan of *move*, which *matter* offers where it stands."""
    return rules.once(_plan, case.matters[0].definition, matter.definition, move.source, move.name)


def _plan(rules: Rules, main: str, definition: str, state: str, name: str) -> Plan:
    procedure = rules.definitions[definition]
    move = procedure.states[state].moves[name]
    rule = f"{procedure.name}.{state}.{name}"
    states = procedure.states
    return Plan(
        procedure, move, f"{procedure.name}.{name}",
        tuple(Way(branch, _event(procedure, definition, move, branch, rule)) for branch in ways(procedure, move)),
        tuple(effect.clock for effect in move.clock if effect.verb == "resume"),
        not move.stays and all(states[target].final for target in move.targets),
        kept_apart(rules, definition, main, tuple(move.assign)),
        {} if move.urgent else barring(rules, main),
    )  # fmt: skip


def _event(procedure: Procedure, definition: str, move: Move, branch: Branch, rule: str) -> Frame:
    return Frame({
        "kind": "moved", "definition": definition, "move": move.name, "rule": rule, "source": move.source,
        "target": branch.target, "released": (*move.release, *branch.release),
        "outcome": procedure.states[branch.target].outcome if branch.target else None,
    })  # fmt: skip
