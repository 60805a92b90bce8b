"""Declared: every name a definition brings, read before anything refers to it.

Room for: facts, documents, persons, clocks, matters, stages and what is borrowed; the names of the states.
May not enter: states, moves, guards and anything else that refers to these names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast, get_args

from engine.language.nodes import Listing, Node, Scalar, Table
from engine.language.reader import Fields, Reader
from engine.language.values import read_boolean, read_number, read_period, read_string, read_text
from engine.law.duration import Duration
from engine.model.procedure import AtEnd, Borrowed, Clock, Fact, FactType, MatterKind, Relation
from engine.text import Text

RECUSED = "recused"
"""The relation that every main procedure has without declaring it; any number of persons may hold it."""

RECIPIENTS = ("handler", "awaited", "next_level")
"""Who a rung can tell besides roles and persons of the case; so no person is called so."""

PARTIES = ("claimant", "respondent", "third_party")
ANY_PARTY = "any party"

_BOUNDED = {"text", "whole", "amount", "persons"}
_NO_DURATION = Duration(0, "days")


@dataclass(frozen=True)
class Declared:
    """The names of one definition. A name stays known where its own entry has problems (None)."""

    roles: Collection[str]
    stages: Mapping[str, Text]
    states: Collection[str]
    facts: Mapping[str, Fact | None]
    documents: Mapping[str, Text]
    persons: Mapping[str, Relation]
    clocks: Mapping[str, Clock]
    matters: Mapping[str, MatterKind]
    borrowed: Borrowed | None
    levels: tuple[str, ...] = ()
    own_facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def main(self) -> bool:
        """True for the procedure of a case, False for that of a matter."""
        return self.borrowed is None

    @cached_property
    def relations(self) -> Collection[str]:
        """Every relation that may be named here: declared, of the chain, borrowed, or built in."""
        lent = (RECUSED,) if self.borrowed is None else self.borrowed.persons
        return {*self.persons, *self.levels, *lent}

    @cached_property
    def assignable(self) -> Collection[str]:
        """The relations a move of this procedure may assign."""
        return {*self.persons, RECUSED} if self.main else set(self.persons)

    @cached_property
    def all_clocks(self) -> Collection[str]:
        """The clocks declared here and those borrowed."""
        return {*self.clocks, *(self.borrowed.clocks if self.borrowed else ())}

    @cached_property
    def kinds(self) -> Collection[str]:
        """The kinds of matter guards may ask about and moves may open: declared here and borrowed."""
        return {**self.matters, **dict.fromkeys(self.borrowed.matters if self.borrowed else ())}


def read_declared(reader: Reader, root: Fields, roles: Collection[str]) -> Declared:
    """Read everything *root* declares; *roles* are those of the register."""
    borrowed = _borrowed(reader, root)
    levels = tuple(f"level_{n}" for n in range(1, _length(root) + 1))
    facts = {key.text: _fact(reader, key, node, roles) for key, node in reader.named(root.get("facts"))}
    persons = {
        key.text: _relation(reader, key, node, roles) for key, node in reader.named(root.get("persons"))
    }
    lent = dict.fromkeys(borrowed.facts if borrowed else ())
    matters = {key.text: _matter(reader, key, node) for key, node in reader.named(root.get("matters"))}
    declared = Declared(
        roles=roles,
        stages={key.text: read_text(reader, node) for key, node in reader.named(root.get("stages"))},
        states=[*levels, *_state_names(reader, root, levels)],
        facts={**lent, **facts},
        documents={key.text: read_text(reader, node) for key, node in reader.named(root.get("documents"))},
        persons=persons,
        clocks={
            key.text: _clock(reader, key, node, roles, matters)
            for key, node in reader.named(root.get("clocks"))
        },
        matters=matters,
        borrowed=borrowed,
        levels=levels,
        own_facts={name: fact for name, fact in facts.items() if fact},
    )
    _collisions(reader, root, declared)
    return declared


def _state_names(reader: Reader, root: Fields, levels: Collection[str]) -> Iterable[str]:
    for key, _ in reader.named(root.get("states")):
        if key.text in levels:
            reader.problem(
                key.mark, "name_collision", name=key.text, noun=Text("核阅级次", "level of the chain")
            )
        yield key.text


def _length(root: Fields) -> int:
    chain = root.get("chain")
    levels = chain.get("levels") if isinstance(chain, Table) else None
    return len(levels.items) if isinstance(levels, Listing) else 0


def _borrowed(reader: Reader, root: Fields) -> Borrowed | None:
    if "borrows" not in root:
        return None
    fields = reader.fields(root.get("borrows"), "borrows")
    if fields is None:
        return Borrowed()
    persons, facts, clocks, matters = (
        tuple(word.text for word in reader.words(fields.get(key)))
        for key in ("persons", "facts", "clocks", "matters")
    )
    return Borrowed(persons, facts, clocks, matters)


def _fact(reader: Reader, key: Scalar, node: Node, roles: Collection[str]) -> Fact | None:
    fields = reader.fields(node, "fact", key.mark)
    if fields is None:
        return None
    written = reader.one_of(fields.get("type"), get_args(FactType))
    title, explained = read_text(reader, fields.get("title")), fields.get("help")
    least, most = (read_number(reader, fields.get(bound)) for bound in ("least", "most"))
    if least is not None and most is not None and least > most:
        reader.problem(fields.mark_of("least"), "bad_limits", least=least, most=most)
    choices = {name.text: read_text(reader, value) for name, value in reader.named(fields.get("choices"))}
    role = reader.known("role", fields.get("role"), roles)
    if written is None:
        return None
    _fitting(reader, key, fields, written)
    return Fact(
        name=key.text,
        type=cast(FactType, written),
        title=title,
        help=read_text(reader, explained) if explained else None,
        least=least,
        most=most,
        choices=choices,
        role=role,
    )


def _fitting(reader: Reader, key: Scalar, fields: Fields, type_: str) -> None:
    """Note the keys that a fact of *type_* cannot have or lacks, and bounds that are no whole numbers."""
    allowed = {
        "least": type_ in _BOUNDED,
        "most": type_ in _BOUNDED,
        "choices": type_ == "choice",
        "role": type_ in ("person", "persons"),
    }
    for name, fits in allowed.items():
        if name in fields and not fits:
            reader.problem(fields.mark_of(name), "bad_bounds", type=type_, name=name)
    if type_ == "choice" and "choices" not in fields:
        reader.problem(key.mark, "missing_key", construct="fact", name="choices")
    for name in ("least", "most"):
        bound = fields.get(name)
        if type_ != "amount" and isinstance(bound, Scalar) and "." in bound.text:
            expected = Text("整数", "a whole number")
            reader.problem(bound.mark, "bad_number", found=bound.text, expected=expected)


def _relation(reader: Reader, key: Scalar, node: Node, roles: Collection[str]) -> Relation:
    if key.text in (RECUSED, *RECIPIENTS):
        reader.problem(key.mark, "reserved_name", name=key.text)
    fields = reader.fields(node, "person", key.mark)
    if fields is None:
        return Relation(key.text, Text("", ""), "")
    title, many = read_text(reader, fields.get("title")), read_boolean(reader, fields.get("many"))
    return Relation(key.text, title, reader.known("role", fields.get("role"), roles) or "", many)


def _clock(
    reader: Reader, key: Scalar, node: Node, roles: Collection[str], matters: Mapping[str, MatterKind]
) -> Clock:
    fields = reader.fields(node, "clock", key.mark)
    if fields is None:
        return Clock(key.text, Text("", ""), _NO_DURATION)
    extension = reader.fields(fields.get("extension"), "extension")
    return Clock(
        name=key.text,
        title=read_text(reader, fields.get("title")),
        limit=read_period(reader, fields.get("limit")) or _NO_DURATION,
        basis=read_string(reader, fields.get("basis")),
        extension_most=read_period(reader, extension.get("most")) if extension else None,
        extension_by=reader.all_known("role", extension.get("by"), roles) if extension else (),
        exceptions_by=reader.all_known("role", fields.get("exceptions"), roles),
        late=_late(reader, fields, matters),
        ladder=reader.name(fields.get("ladder")) or None,
    )


def _late(reader: Reader, clock: Fields, matters: Mapping[str, MatterKind]) -> str | None:
    """Return the kind of matter that decides on late entries of *clock*."""
    kind = reader.known("matter", clock.get("late"), matters)
    if "late" in clock and "exceptions" not in clock:
        reader.problem(clock.mark_of("late"), "exceptions_needed")
    if kind and matters[kind].per:
        reader.problem(clock.mark_of("late"), "late_for_parties", name=kind)
    if kind and matters[kind].at_end == "cancelled":
        reader.problem(clock.mark_of("late"), "late_cancelled", name=kind)
    return kind


def _matter(reader: Reader, key: Scalar, node: Node) -> MatterKind:
    fields = reader.fields(node, "matter", key.mark)
    if fields is None:
        return MatterKind(key.text, "")
    at_end = reader.one_of(fields.get("at_end"), get_args(AtEnd)) or "cancelled"
    return MatterKind(
        name=key.text,
        procedure=reader.name(fields.get("procedure")),
        per=reader.one_of(fields.get("per"), (*PARTIES, ANY_PARTY)),
        at_end=cast(AtEnd, at_end),
    )


def _collisions(reader: Reader, root: Fields, declared: Declared) -> None:
    """Note names that a guard or a ``within`` could read in two ways, and what a matter's procedure cannot declare."""
    borrowed = declared.borrowed or Borrowed()
    taken = [
        ("facts", declared.relations, Text("本案人员", "relation")),
        ("facts", declared.matters, Text("事项", "matter")),
        ("facts", borrowed.facts, Text("借用的事实", "borrowed fact")),
        ("facts", borrowed.matters, Text("借用的事项", "borrowed matter")),
        ("persons", borrowed.persons, Text("借用的人员", "borrowed relation")),
        ("matters", declared.relations, Text("本案人员", "relation")),
        ("terms", declared.all_clocks, Text("审限时钟", "clock")),
    ]
    for section, names, noun in taken:
        table = root.get(section)
        for key, _ in table.entries if isinstance(table, Table) else ():
            if key.text in names:
                reader.problem(key.mark, "name_collision", name=key.text, noun=noun)
    for section in ("clocks", "track", "matters"):
        if not declared.main and section in root:
            reader.problem(root.mark_of(section), "wrong_place", name=section)
