"""States: where a matter can be, who is awaited there, and by when.

Room for: states, what they wait for and their reactions to other matters.
May not enter: moves (`moves.py`), what limits the stay (`terms.py`), whether the machine as a whole is sound (`proofs.py`).
"""

from __future__ import annotations

from engine.language.desk import Desk
from engine.language.moves import read_moves
from engine.language.nodes import Node, Scalar, Table
from engine.language.reader import Fields
from engine.language.terms import read_within
from engine.language.values import read_text
from engine.model.guards import All
from engine.model.procedure import Reaction, State

# Stands for a guard with problems, so that where the reaction leads still counts in the proofs.
_UNREAD = All(())


def read_states(desk: Desk, node: Node | None) -> dict[str, State]:
    """Return the states that are written out, in the order of the file."""
    found = {}
    for key, value in desk.reader.named(node):
        fields = desk.reader.fields(value, "state", key.mark)
        if fields is not None:
            found[key.text] = _state(desk, key, fields)
    return found


def _state(desk: Desk, key: Scalar, fields: Fields) -> State:
    reader = desk.reader
    terms, clock = read_within(desk, fields.get("within"), key.text)
    awaits = fields.get("awaits")
    matter = reader.fields(awaits, "awaited matter") if isinstance(awaits, Table) else None
    outcome = reader.name(fields.get("final")) or None
    if "final" in fields:
        for name in ("awaits", "within", "moves", "on"):
            if name in fields:
                reader.problem(fields.mark_of(name), "final_state_acts", name=key.text, key=name)
    elif fields.all_known("state"):
        if "awaits" not in fields:
            reader.problem(key.mark, "nobody_awaited", name=key.text)
        if "within" not in fields:
            reader.problem(key.mark, "no_limit", name=key.text)
    return State(
        name=key.text,
        title=read_text(reader, fields.get("title")),
        stage=reader.known("stage", fields.get("stage"), desk.names.stages) or "",
        awaits=desk.who(awaits) if not isinstance(awaits, Table) else (),
        awaits_matter=reader.known("matter", matter.get("matter"), desk.names.kinds) if matter else None,
        terms=terms,
        clock=clock,
        moves=read_moves(desk, fields.get("moves"), key.text),
        reactions=_reactions(desk, fields.get("on")),
        outcome=outcome,
    )


def _reactions(desk: Desk, node: Node | None) -> tuple[Reaction, ...]:
    found = []
    for item in desk.reader.listing(node):
        fields = desk.reader.fields(item, "reaction")
        if fields is None:
            continue
        guard = desk.guard(fields.get("when"))
        target = desk.reader.known("state", fields.get("to"), desk.names.states)
        if target:
            found.append(Reaction(guard or _UNREAD, target))
    return tuple(found)
