"""Carrying: what a chain lets happen beside signing: signatures carried to a new draft, a stand-in for a signer.

Room for: the states in which the returning level sees a difference; who names whom to sign in an absent signer's place.
May not enter: levels, votes and majorities (`chain.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.language.desk import Desk
from engine.language.effects import with_effects
from engine.language.reader import Fields
from engine.language.signing import RETURNED_AT, resumed
from engine.language.values import read_text
from engine.model.guards import All, Compare, Guard
from engine.model.levels import Chain, Level
from engine.model.procedure import Branch, Move, State, Who
from engine.text import Text

RESUMED = "resumed"
"""In ``to``, of a chain with ``carry``: where the level that returned the draft sees what has changed."""

_BLANK = Text("", "")


@dataclass(frozen=True, slots=True)
class Carrying:
    """The moves of carrying, of beginning anew and of naming a stand-in; None where the chain has none."""

    carry: Move | None = None
    restart: Move | None = None
    stand_in: Move | None = None
    named_last_by: str = ""
    """The role that names a stand-in at the last level; at any other the level above does."""

    @property
    def relieved(self) -> tuple[str, ...]:
        """The relation of whoever stands in, which a signature ends."""
        return tuple(self.stand_in.assign) if self.stand_in else ()

    @property
    def signer(self) -> tuple[Who, ...]:
        """Who may sign beside the level's own role."""
        return tuple(Who(name, relation=True) for name in self.relieved)


def read_carrying(desk: Desk, chain: Fields) -> Carrying:
    """Return what the chain *chain* says beside its levels."""
    stand_in, last_by = _stand_in(desk, chain)
    fields = desk.reader.fields(chain.get("carry"), "carry")
    if fields is None:
        return Carrying(stand_in=stand_in, named_last_by=last_by)
    title, again = (read_text(desk.reader, fields.get(key)) for key in ("title", "restart"))
    carry = with_effects(desk, Move("carry", title, "", ()), fields)
    restart = Move("restart", again, "", (), basis=carry.basis, notify=carry.notify, primary=False)
    return Carrying(carry, restart, stand_in, last_by)


def _stand_in(desk: Desk, chain: Fields) -> tuple[Move | None, str]:
    fields = desk.reader.fields(chain.get("stand_in"), "stand in")
    if fields is None:
        return None, ""
    word, named = desk.reader.scalar(fields.get("person")), desk.reader.scalar(fields.get("named"))
    person = desk.assignable(word) if word else None
    fact = desk.fact(named, ("person",)) if named else None
    last_by = desk.role_of(fields.get("last_by")) or ""
    move = with_effects(desk, Move("name_stand_in", _BLANK, "", (), primary=False), fields)
    if person is None or fact is None:
        return None, last_by
    title = read_text(desk.reader, fields.get("title"))
    return replace(move, title=title, needs=(*move.needs, fact), assign={person: fact}), last_by


def with_carrying(
    chain: Chain, carrying: Carrying, states: Mapping[str, State], barred: tuple[str, ...]
) -> dict[str, State]:
    """Return *states*, those of the levels, with the stand-ins' moves and the states of carrying added."""
    found = {}
    for number, level in enumerate(chain.levels):
        state = states[level.state]
        if carrying.stand_in:
            above = (
                chain.levels[number + 1].role if number + 1 < len(chain.levels) else carrying.named_last_by
            )
            named = replace(
                carrying.stand_in,
                source=level.state,
                by=(Who(above, relation=False),),
                not_by=(*barred, level.state),
            )
            state = replace(state, moves={**state.moves, named.name: named})
        found[level.state] = state
    if carrying.carry and carrying.restart:
        for level in chain.levels:
            state = _resumed(chain, level, carrying.carry, carrying.restart, states[level.state], barred)
            found[state.name] = state
    return found


def _resumed(
    chain: Chain, level: Level, carry: Move, restart: Move, state: State, barred: tuple[str, ...]
) -> State:
    name = level.resumed or ""
    by = (Who(level.role, relation=False),)
    others = tuple(other.state for other in chain.levels if other != level)
    moves = {
        move.name: replace(move, source=name, by=by, not_by=(*barred, *others), branches=(Branch(target),))
        for move, target in ((carry, level.state), (restart, chain.levels[0].state))
    }
    title = Text(f"{level.title.zh}：核对修改", f"{level.title.en}: see what has changed")
    return State(name, title, state.stage, awaits=by, terms=state.terms, clock=state.clock, moves=moves)


def resumed_branches(levels: tuple[str, ...], when: Guard | None) -> tuple[Branch, ...]:
    """Return where a new draft goes that need not begin anew: to the level that returned the one before."""
    found = []
    for level in levels:
        here: Guard | None = Compare(RETURNED_AT, "=", level)
        if when is not None:
            here = All((when, Compare(RETURNED_AT, "=", level)))
        elif level == levels[-1]:
            here = None
        found.append(Branch(resumed(level), here))
    return tuple(found)


def beginning_anew(
    chain: Chain | None, states: Mapping[str, State], signatures: tuple[str, ...]
) -> dict[str, State]:
    """Return *states* in which whatever enters the first level from outside of it releases all *signatures*.

    Only where signatures can be carried: elsewhere every return has released them already.
    """
    if chain is None or not chain.carries:
        return dict(states)
    first = chain.levels[0].state if chain.levels else ""
    found = {}
    for name, state in states.items():
        inside = any(name == level.state for level in chain.levels)
        moves = (
            state.moves
            if inside
            else {m.name: _releasing(m, first, signatures) for m in state.moves.values()}
        )
        found[name] = replace(state, moves=moves)
    return found


def _releasing(move: Move, first: str, signatures: tuple[str, ...]) -> Move:
    if all(branch.target != first for branch in move.branches):
        return move
    branches = tuple(
        replace(branch, release=signatures) if branch.target == first else branch for branch in move.branches
    )
    return replace(move, branches=branches)
