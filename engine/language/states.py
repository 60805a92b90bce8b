"""States: where a matter can be, who is awaited there, and by when.

Room for: states, their terms, what they wait for and their reactions to other matters.
May not enter: moves (`moves.py`), whether the machine as a whole is sound (`proofs.py`).
"""

from __future__ import annotations

from engine.language.desk import Desk
from engine.language.moves import read_moves
from engine.language.nodes import Listing, Node, Scalar, Table
from engine.language.reader import Fields
from engine.language.values import read_boolean, read_duration, read_string, read_text
from engine.law.duration import Duration
from engine.model.guards import All
from engine.model.procedure import Reaction, State, Term
from engine.text import Text

_NO_DURATION = Duration(0, "days")

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
        awaits_matter=reader.known("matter", matter.get("matter"), desk.names.matters) if matter else None,
        terms=terms,
        clock=clock,
        moves=read_moves(desk, fields.get("moves"), key.text),
        reactions=_reactions(desk, fields.get("on")),
        outcome=outcome,
    )


def read_within(desk: Desk, node: Node | None, state: str) -> tuple[tuple[Term, ...], str | None]:
    """Return the limit of a stay in *state*: its terms, or the name of the clock that limits it."""
    if isinstance(node, Scalar):
        return (), _clock(desk, node)
    items = node.items if isinstance(node, Listing) else () if node is None else (node,)
    terms = []
    for number, item in enumerate(items, 1):
        if fields := desk.reader.fields(item, "term"):
            terms.append(_term(desk, f"{state}.{number}", fields))
    return tuple(terms), None


def _clock(desk: Desk, node: Scalar) -> str | None:
    try:
        Duration.parse(node.text)
    except ValueError:
        return desk.reader.known("clock", node, desk.names.all_clocks)
    expected = Text("一个期限", "a term")
    found, example = Text("一个值", "a single value"), f"{{limit: {node.text}}}"
    desk.reader.problem(node.mark, "wrong_type", expected=expected, found=found, example=example)
    return None


def _term(desk: Desk, name: str, fields: Fields) -> Term:
    reader = desk.reader
    if "of" in fields and "before" in fields:
        reader.problem(fields.mark_of("before"), "not_together", first="of", second="before")
    return Term(
        name=name,
        limit=read_duration(reader, fields.get("limit")) or _NO_DURATION,
        of=desk.fact(fields.get("of"), ("date",)),
        before=desk.fact(fields.get("before"), ("date",)),
        ladder=reader.name(fields.get("ladder")) or None,
        basis=read_string(reader, fields.get("basis")),
        runs_while_suspended=read_boolean(reader, fields.get("runs_while_suspended")),
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
