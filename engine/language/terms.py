"""Terms: plain time limits, with a name of their own or written where a stay is limited.

Room for: reading terms, and what limits a stay: a clock, terms written there, terms named there.
May not enter: how days are counted (`engine/law`), states and moves.
"""

from __future__ import annotations

from engine.language.desk import Desk
from engine.language.nodes import Listing, Node, Scalar
from engine.language.reader import Fields
from engine.language.values import read_boolean, read_duration, read_string, read_text
from engine.law.duration import Duration
from engine.model.procedure import Term
from engine.text import Text

_NO_DURATION = Duration(0, "days")


def read_terms(desk: Desk, node: Node | None) -> dict[str, Term]:
    """Return the terms that have a name of their own; a name stays known where its entry has problems."""
    found = {}
    for key, value in desk.reader.named(node):
        fields = desk.reader.fields(value, "named term", key.mark)
        found[key.text] = _term(desk, key.text, fields) if fields else Term(key.text, _NO_DURATION)
    return found


def read_within(desk: Desk, node: Node | None, state: str) -> tuple[tuple[Term, ...], str | None]:
    """Return the limit of a stay in *state*: its terms, or the name of the clock that limits it."""
    items = desk.reader.listing(node) if isinstance(node, Listing) else () if node is None else (node,)
    terms: dict[str, Term] = {}
    clock: str | None = None
    for number, item in enumerate(items, 1):
        if isinstance(item, Scalar):
            name = _limit(desk, item)
            if name in terms:
                desk.reader.problem(item.mark, "named_twice", name=name)
            elif name in desk.terms:
                terms[name] = desk.terms[name]
            elif name and len(items) > 1:
                desk.reader.problem(item.mark, "clock_among_terms", name=name)
            else:
                clock = name or None
        elif fields := desk.reader.fields(item, "term"):
            term = _term(desk, f"{state}.{number}", fields)
            terms[term.name] = term
    return tuple(terms.values()), clock


def _limit(desk: Desk, node: Scalar) -> str:
    """Return the term or clock that *node* names; "" where it names none."""
    try:
        Duration.parse(node.text)
    except ValueError:
        return desk.reader.known("limit", node, {*desk.terms, *desk.names.all_clocks}) or ""
    expected = Text("一个期限", "a term")
    found, example = Text("一个值", "a single value"), f"{{limit: {node.text}}}"
    desk.reader.problem(node.mark, "wrong_type", expected=expected, found=found, example=example)
    return ""


def _term(desk: Desk, name: str, fields: Fields) -> Term:
    reader = desk.reader
    if "of" in fields and "before" in fields:
        reader.problem(fields.mark_of("before"), "not_together", first="of", second="before")
    return Term(
        name=name,
        limit=read_duration(reader, fields.get("limit")) or _NO_DURATION,
        title=read_text(reader, fields.get("title")) if "title" in fields else None,
        of=_date_fact(desk, fields.get("of")),
        before=_date_fact(desk, fields.get("before")),
        ladder=reader.name(fields.get("ladder")) or None,
        basis=read_string(reader, fields.get("basis")),
        runs_while_suspended=read_boolean(reader, fields.get("runs_while_suspended")),
        when=desk.guard(fields.get("when")) if "when" in fields else None,
        exact=_exact(desk, fields),
    )


def _exact(desk: Desk, fields: Fields) -> bool:
    """Return whether the term is not rolled; work days never are, and a day counted back is plain already."""
    exact, limit = read_boolean(desk.reader, fields.get("exact")), desk.reader.scalar(fields.get("limit"))
    if exact and limit and limit.text.endswith("work days"):
        desk.reader.problem(fields.mark_of("exact"), "not_together", first="exact", second="work days")
    if exact and "before" in fields:
        desk.reader.problem(fields.mark_of("exact"), "not_together", first="exact", second="before")
    return exact


def _date_fact(desk: Desk, node: Node | None) -> str | None:
    # Where no date fact could be read the term still hangs on one, so that the slip is told once.
    return None if node is None else desk.fact(node, ("date",)) or ""
