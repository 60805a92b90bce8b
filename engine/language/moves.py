"""Moves: acts that a definition allows, from the state they stand in or from many at once.

Room for: title, who may and who may not, the target or its branches, standing moves unfolded into states.
May not enter: what a move does (`effects.py`), states themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.language.carrying import RESUMED, resumed_branches
from engine.language.desk import Desk
from engine.language.effects import with_effects
from engine.language.nodes import Listing, Node, Scalar
from engine.language.problem import Mark
from engine.language.reader import Fields
from engine.language.values import read_boolean, read_text, read_whole
from engine.model.guards import Guard
from engine.model.procedure import STAYS, Branch, Move, State
from engine.text import Text

MOST_UNFOLDED = 50_000
"""Standing moves times states: more would cost more to unfold than any real procedure is worth."""

ANY_OPEN_STATE = "any open state"


def read_moves(desk: Desk, node: Node | None, source: str) -> dict[str, Move]:
    """Return the moves written in the state *source*."""
    found = {}
    for key, value in desk.reader.named(node):
        if fields := desk.reader.fields(value, "move", key.mark):
            found[key.text] = read_move(desk, key.text, source, fields)
    return found


def read_move(desk: Desk, name: str, source: str, fields: Fields) -> Move:
    """Return one move; *fields* may be of any construct whose keys are those of a move."""
    aside, waits, urgent, in_order = (
        read_boolean(desk.reader, fields.get(key))
        for key in ("aside", "waits_while_suspended", "urgent", "in_order")
    )
    bare = Move(
        name=name,
        title=read_text(desk.reader, fields.get("title")),
        source=source,
        by=desk.who(fields.get("by")),
        branches=read_target(desk, fields.get("to")),
        not_by=desk.relations(fields.get("not_by")),
        holding=desk.roles(fields.get("holding")),
        primary=not aside,
        at_most=_at_most(desk, fields),
        waits=waits,
        urgent=urgent,
        in_order=in_order,
    )
    return with_effects(desk, bare, fields)


def _at_most(desk: Desk, fields: Fields) -> int | None:
    often = read_whole(desk.reader, fields.get("at_most"))
    if often is not None and often < 1:
        expected = Text("1或更大的整数", "a whole number, 1 or more")
        desk.reader.problem(fields.mark_of("at_most"), "bad_number", found=often, expected=expected)
        return None
    return often


def read_target(desk: Desk, node: Node | None) -> tuple[Branch, ...]:
    """Return where a move leads: a state, branches with a default, or nothing for ``stays``."""
    if isinstance(node, Listing):
        return _branches(desk, node)
    scalar = desk.reader.scalar(node)
    return () if scalar is None or scalar.text == STAYS else _leading(desk, scalar, None)


def _leading(desk: Desk, scalar: Scalar | None, when: Guard | None) -> tuple[Branch, ...]:
    """Return the branch to what *scalar* names: a state, ``stays``, or in a chain that carries ``resumed``."""
    if scalar is None:
        return ()
    if scalar.text == STAYS:
        return (Branch(None, when),)
    if desk.names.carries and scalar.text == RESUMED:
        return resumed_branches(desk.names.levels, when)
    target = desk.reader.known("state", scalar, desk.names.states)
    return (Branch(target, when),) if target else ()


def _branches(desk: Desk, node: Listing) -> tuple[Branch, ...]:
    found: list[Branch] = []
    default: Mark | None = None
    for item in node.items:
        fields = desk.reader.fields(item, "branch")
        if fields is None:
            continue
        if default:
            desk.reader.problem(fields.node.mark, "after_default")
        guard, state = None, fields.get("otherwise")
        if state is not None:
            default = fields.node.mark
            if other := next((key for key in ("when", "state") if key in fields), None):
                desk.reader.problem(fields.mark_of(other), "not_together", first="otherwise", second=other)
        else:
            guard, state = desk.guard(fields.get("when")), fields.get("state")
            for key in ("when", "state"):
                if key not in fields:
                    desk.reader.problem(fields.node.mark, "missing_key", construct="branch", name=key)
        found += _leading(desk, desk.reader.scalar(state), guard)
    if default is None:
        desk.reader.problem(node.mark, "without_default")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """A move that may be done from several states; without *sources* from every open one."""

    move: Move
    sources: tuple[Scalar, ...] | None
    mark: Mark


def read_standing(desk: Desk, node: Node | None) -> tuple[Standing, ...]:
    """Return the moves that stand beside the states."""
    found = []
    for key, value in desk.reader.named(node):
        fields = desk.reader.fields(value, "standing move", key.mark)
        if fields is None:
            continue
        move = replace(read_move(desk, key.text, "", fields), primary=False)
        found.append(Standing(move, _sources(desk, fields.get("from")), key.mark))
    return tuple(found)


def _sources(desk: Desk, node: Node | None) -> tuple[Scalar, ...] | None:
    if isinstance(node, Scalar) and node.text == ANY_OPEN_STATE:
        return None
    words = desk.reader.words(node)
    return tuple(word for word in words if desk.reader.known("state", word, desk.names.states))


def unfold(desk: Desk, standing: tuple[Standing, ...], states: dict[str, State]) -> dict[str, State]:
    """Return *states* with every standing move added to those it may be done from."""
    if len(standing) * len(states) > MOST_UNFOLDED:
        desk.reader.problem(standing[0].mark, "too_many", most=MOST_UNFOLDED)
        return states
    unfolded = dict(states)
    for one in standing:
        named = {word.text: word.mark for word in one.sources or ()}
        for name, state in unfolded.items():
            if one.sources is None and state.final:
                continue
            if one.sources is not None and name not in named:
                continue
            mark = named.get(name, one.mark)
            if state.final:
                desk.reader.problem(mark, "final_state_acts", name=name, key=one.move.name)
            elif one.move.name in state.moves:
                desk.reader.problem(mark, "move_twice", state=name, name=one.move.name)
            else:
                moves = {**state.moves, one.move.name: replace(one.move, source=name)}
                unfolded[name] = replace(state, moves=moves)
    return unfolded
