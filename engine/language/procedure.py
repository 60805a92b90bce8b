"""Procedure: a whole definition read from its text.

Room for: the order in which the parts are read, and putting them together.
May not enter: the parts themselves, each in its own file; proofs about the machine (`proofs.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine.language.chain import read_chain
from engine.language.declared import read_declared
from engine.language.desk import Desk
from engine.language.effects import with_effects
from engine.language.located import locate
from engine.language.moves import read_standing, unfold
from engine.language.nodes import Listing, Node, Table, compose
from engine.language.problem import Problems
from engine.language.proofs import prove
from engine.language.reader import Fields, Reader
from engine.language.source import Source
from engine.language.states import read_states
from engine.language.terms import read_terms
from engine.language.values import read_string, read_text
from engine.model.procedure import Move, Procedure

# After one of these a state or a person may only seem to be missing, so nothing is proved on top of them.
_HIDES_THE_MACHINE = frozenset(
    {"unknown_state", "unknown_key", "missing_key", "duplicate_key", "wrong_type", "empty_value", "bad_key"}
    | {"unknown_relation", "unknown_role", "any_missing", "role_needed", "borrowed_only", "name_collision"}
)

# What each section declares: where it cannot be read at all, every name of it would seem unknown.
_SECTIONS = {
    "stages": {"stage"},
    "states": {"state"},
    "facts": {"fact"},
    "persons": {"relation"},
    "documents": {"document"},
    "clocks": {"clock", "limit"},
    "terms": {"term", "limit"},
    "matters": {"matter"},
    "chain": {"state"},
}


def read_procedure(text: str, file: str, roles: Collection[str]) -> Procedure | Problems:
    """Return the definition written in *text*, or all its problems in the order of the file.

    *file* is the name the problems are told under, *roles* are those of the register. Total: no text
    raises. Proofs about the machine (`proofs.py`) are made only where its parts could be read. The
    hash is the SHA-256 of the text with normalised line ends.
    """
    source = Source.of(text, file)
    root = compose(source)
    reader = Reader(source)
    fields = reader.fields(root, "procedure") if root else None
    if fields is None:
        return _told(source)
    for section, nouns in _SECTIONS.items():
        node = fields.get(section)
        if (node is None and section in ("stages", "states")) or not isinstance(node, Table | None):
            source.muted |= {*nouns, "name"}
    desk = Desk(reader, read_declared(reader, fields, roles))
    desk = replace(desk, terms=read_terms(desk, fields.get("terms")))
    procedure = _procedure(desk, fields)
    if not any(problem.code in _HIDES_THE_MACHINE for problem in source.found):
        prove(procedure, locate(fields.node), reader)
    return source.problems() or procedure


def _told(source: Source) -> Problems:
    problems = source.problems()
    if problems is None:
        raise AssertionError("a definition that cannot be read has at least one problem")
    return problems


def _procedure(desk: Desk, fields: Fields) -> Procedure:
    reader, names = desk.reader, desk.names
    chain = read_chain(desk, fields.get("chain"), fields.mark_of("chain"))
    written = {**chain.states, **read_states(desk, fields.get("states"))}
    states = unfold(desk, read_standing(desk, fields.get("moves")), written)
    title = read_text(reader, fields.get("title"))
    first = next(iter(states), "")
    initial = reader.known("state", fields.get("starts"), names.states) or first
    procedure = Procedure(
        name=reader.name(fields.get("procedure")),
        title=title,
        hash=reader.source.hash,
        basis=read_string(reader, fields.get("basis")),
        initial=initial,
        stages=names.stages,
        states=states,
        facts=names.own_facts,
        documents=names.documents,
        persons={**names.persons, **chain.relations},
        apart=_apart(desk, fields.get("apart")),
        clocks=names.clocks,
        terms=desk.terms,
        track=desk.fact(fields.get("track"), ("choice",)),
        matters=names.matters,
        borrowed=names.borrowed,
        handler=reader.known("relation", fields.get("handler"), names.relations),
        levels=tuple(chain.states),
    )
    return _opened(desk, fields, procedure)


def _apart(desk: Desk, node: Node | None) -> tuple[tuple[str, ...], ...]:
    found = []
    for item in desk.reader.listing(node):
        group = desk.relations(item)
        if not isinstance(item, Listing) or len(item.items) < 2:
            desk.reader.problem(item.mark, "too_few_apart")
        found.append(group)
    return tuple(found)


def _opened(desk: Desk, fields: Fields, procedure: Procedure) -> Procedure:
    """Return *procedure* with what opening it takes and does."""
    opening = desk.reader.fields(fields.get("opening"), "opening", fields.mark_of("opening"))
    if desk.names.main and (opening is None or "by" not in opening):
        mark = opening.node.mark if opening else fields.mark_of("procedure")
        desk.reader.problem(mark, "nobody_may_open")
    if opening is None:
        return procedure
    by = desk.who(opening.get("by"))
    if not desk.names.main and "by" in opening:
        desk.reader.problem(opening.mark_of("by"), "wrong_place", name="by")
    for word in desk.reader.words(opening.get("by")) if desk.names.main else ():
        if word.text in desk.names.relations:
            desk.reader.problem(word.mark, "role_needed", name=word.text)
    bare = Move("open", procedure.title, procedure.initial, by)
    move = with_effects(desk, bare, opening)
    if not desk.names.main and any(effect.verb == "strike" for effect in move.clock):
        desk.reader.problem(opening.mark_of("clock"), "strike_elsewhere")
    return replace(procedure, opened_by=by, intake=move.needs, on_open=move)
