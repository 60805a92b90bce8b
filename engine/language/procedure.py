"""Procedure: a whole definition read from its text.

Room for: the order in which the parts are read, and putting them together.
May not enter: the parts themselves, each in its own file; proofs about the machine (`proofs.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache

from engine.language.carrying import beginning_anew
from engine.language.chain import all_signatures, read_chain
from engine.language.declared import PARTIES, read_declared
from engine.language.desk import Desk
from engine.language.effects import with_effects
from engine.language.fragments import NAMES_IN, NO_FRAGMENTS, Fragments, compose_whole
from engine.language.located import locate
from engine.language.moves import read_standing, unfold
from engine.language.nodes import Listing, Node, Table
from engine.language.problem import Problems
from engine.language.proofs import prove
from engine.language.reader import Fields, Reader
from engine.language.source import Source
from engine.language.states import read_states
from engine.language.terms import read_terms
from engine.language.values import read_string, read_text
from engine.model.procedure import OPENED, Move, Procedure
from engine.text import Text

# After one of these a state or a person may only seem to be missing, so nothing is proved on top of them.
_HIDES_THE_MACHINE = frozenset(
    {"unknown_state", "unknown_key", "missing_key", "duplicate_key", "wrong_type", "empty_value", "bad_key"}
    | {"unknown_relation", "unknown_role", "any_missing", "role_needed", "borrowed_only", "name_collision"}
    | {"unknown_fragment", "declared_twice"}
)


NO_PARTIES = "none"
SIDES_OF_A_DISPUTE = ("claimant", "respondent")


def read_procedure(
    text: str, file: str, roles: Collection[str], fragments: Fragments = NO_FRAGMENTS
) -> Procedure | Problems:
    """Return the definition written in *text*, or all its problems in the order of the file.

    *file* is the name the problems are told under, *roles* are those of the register (as a mapping, their titles
    too must agree), *fragments* what it may use beside those that stand behind it in *text*; their problems are told
    under their own files. Total: no text raises. Proofs about the machine (`proofs.py`) are made only where its parts
    could be read. The hash is the SHA-256 of the resolved text (`fragments.resolved`) with normalised line ends.
    """
    whole = compose_whole(text, file, fragments)
    source, reader = whole.source, Reader(whole.source)
    fields = reader.fields(whole.root, "procedure") if whole.root else None
    if fields is None:
        return _told(source)
    for section, nouns in NAMES_IN.items():
        node = fields.get(section)
        if (node is None and section in ("stages", "states")) or not isinstance(node, Table | None):
            source.muted |= {*nouns, "name"}
    desk = Desk(reader, read_declared(reader, fields, roles))
    desk = replace(desk, terms=read_terms(desk, fields.get("terms")))
    procedure = replace(_procedure(desk, fields), uses=whole.uses)
    if not any(problem.code in _HIDES_THE_MACHINE for problem in source.found):
        prove(procedure, locate(fields.node), reader)
    return source.problems() or procedure


def read_once(text: str, file: str, roles: Collection[str]) -> Procedure | Problems:
    """Return what `read_procedure` returns of a resolved text; the same text with the same roles is read once a process."""
    titles = tuple(sorted(roles.items(), key=_first)) if isinstance(roles, Mapping) else None
    return _read_once(text, file, tuple(sorted(roles)), titles)


@lru_cache(maxsize=512)
def _read_once(
    text: str, file: str, names: tuple[str, ...], titles: tuple[tuple[str, Text], ...] | None
) -> Procedure | Problems:
    return read_procedure(text, file, names if titles is None else dict(titles))


def _first(pair: tuple[str, Text]) -> str:
    return pair[0]


def _told(source: Source) -> Problems:
    problems = source.problems()
    if problems is None:
        raise AssertionError("a definition that cannot be read has at least one problem")
    return problems


def _procedure(desk: Desk, fields: Fields) -> Procedure:
    reader, names = desk.reader, desk.names
    unfolded = read_chain(desk, fields.get("chain"), fields.mark_of("chain"))
    written = {**unfolded.states, **read_states(desk, fields.get("states"))}
    standing = unfold(desk, read_standing(desk, fields.get("moves")), written)
    chain = unfolded.chain
    states = beginning_anew(chain, standing, all_signatures(chain) if chain else ())
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
        roles=names.own_roles,
        facts=names.own_facts,
        documents=names.documents,
        reviewed=names.reviewed,
        persons={**names.persons, **unfolded.relations},
        apart=_apart(desk, fields.get("apart")),
        clocks=names.clocks,
        terms=desk.terms,
        track=desk.fact(fields.get("track"), ("choice",)),
        matters=names.matters,
        borrowed=names.borrowed,
        handler=reader.known("relation", fields.get("handler"), names.relations),
        chain=chain,
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
    for key in ("by", "title", "parties", "in_time", "requires", "attach") if not desk.names.main else ():
        if key in opening:
            desk.reader.problem(opening.mark_of(key), "wrong_place", name=key)
    for word in desk.reader.words(opening.get("by")) if desk.names.main else ():
        if word.text in desk.names.relations:
            desk.reader.problem(word.mark, "role_needed", name=word.text)
    title = read_text(desk.reader, opening.get("title")) if "title" in opening else OPENED
    bare = Move("open", title, procedure.initial, by)
    move = with_effects(desk, bare, opening)
    if not desk.names.main and any(effect.verb == "strike" for effect in move.clock):
        desk.reader.problem(opening.mark_of("clock"), "strike_elsewhere")
    return replace(procedure, opened_by=by, parties=_parties(desk, opening), intake=move.needs, on_open=move)


def _parties(desk: Desk, opening: Fields) -> tuple[str, ...]:
    """Return the sides a case must have: those listed, nobody (``none``), or where nothing is said both."""
    words = desk.reader.words(opening.get("parties"))
    if not words:
        return SIDES_OF_A_DISPUTE
    if [word.text for word in words] == [NO_PARTIES]:
        return ()
    return tuple(side for word in words if (side := desk.reader.one_of(word, PARTIES)))
