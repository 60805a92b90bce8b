"""Declared: every name a definition brings, read before anything refers to it.

Room for: facts, documents, persons, clocks, matters, stages and what is borrowed; the names of the states.
May not enter: states, moves, guards and anything else that refers to these names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast, get_args

from engine.language.nodes import Node, Scalar, Table
from engine.language.reader import Fields, Reader
from engine.language.signing import RETURNED_AT, level_names, read_signing, returned_at
from engine.language.values import read_boolean, read_bound, read_number, read_period, read_string, read_text
from engine.law.duration import Duration
from engine.model.case import PARTY_TITLES
from engine.model.procedure import (
    ACT_DATE,
    ANY_PARTY,
    RECUSED,
    AtEnd,
    Borrowed,
    Clock,
    Fact,
    FactType,
    MatterKind,
    Relation,
)
from engine.text import Text

RECIPIENTS = ("handler", "awaited", "next_level")
"""Who a rung can tell besides roles and persons of the case; so no person is called so."""

PARTIES = tuple(PARTY_TITLES)

_BOUNDED = {"text", "whole", "amount", "persons", "cases", "date"}
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
    votes: tuple[str, ...] = ()
    """The relations of those who vote for a return, one a group of the chain."""
    carries: bool = False
    """True where signatures can be carried to a new draft."""
    reviewed: Mapping[str, str] = field(default_factory=dict)
    own_facts: Mapping[str, Fact] = field(default_factory=dict)
    own_roles: Mapping[str, Text] = field(default_factory=dict)

    @property
    def main(self) -> bool:
        """True for the procedure of a case, False for that of a matter."""
        return self.borrowed is None

    @cached_property
    def relations(self) -> Collection[str]:
        """Every relation that may be named here: declared, of the chain, borrowed, or built in."""
        lent = (RECUSED,) if self.borrowed is None else self.borrowed.persons
        return {*self.persons, *self.levels, *self.votes, *lent}

    @cached_property
    def assignable(self) -> Collection[str]:
        """The relations a move of this procedure may assign; who steps back does so from the case, whoever decides it."""
        return {*self.persons, RECUSED} if RECUSED in self.relations else set(self.persons)

    @cached_property
    def all_clocks(self) -> Collection[str]:
        """The clocks declared here and those borrowed."""
        return {*self.clocks, *(self.borrowed.clocks if self.borrowed else ())}

    @cached_property
    def kinds(self) -> Collection[str]:
        """The kinds of matter guards may ask about and moves may open: declared here and borrowed."""
        return {**self.matters, **dict.fromkeys(self.borrowed.matters if self.borrowed else ())}


@dataclass(frozen=True)
class _Roles(Collection[str]):
    """The roles of the register and those a procedure has of its own."""

    registered: Collection[str]
    own: Collection[str]

    def __contains__(self, role: object) -> bool:
        return role in self.own or role in self.registered

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.registered, *self.own)))

    def __len__(self) -> int:
        return len(set(self))


def read_declared(reader: Reader, root: Fields, registered: Collection[str]) -> Declared:
    """Read everything *root* declares; *registered* are the roles of the register, with their titles where it is a mapping."""
    own_roles = read_roles(reader, root.get("roles"))
    _check_titles(reader, root.get("roles"), own_roles, registered)
    roles = _Roles(registered, own_roles)
    borrowed = _borrowed(reader, root)
    levels = level_names(root)
    signing = read_signing(root)
    facts = {key.text: _fact(reader, key, node, roles) for key, node in reader.named(root.get("facts"))}
    if signing.carries:
        facts.setdefault(RETURNED_AT, returned_at(root, levels))
    persons = {
        key.text: _relation(reader, key, node, roles) for key, node in reader.named(root.get("persons"))
    }
    lent = dict.fromkeys(borrowed.facts if borrowed else ())
    matters = {key.text: _matter(reader, key, node, facts) for key, node in reader.named(root.get("matters"))}
    kinds = {*matters, *(borrowed.matters if borrowed else ())}
    documents = {
        key.text: _document(reader, node, kinds) for key, node in reader.named(root.get("documents"))
    }
    declared = Declared(
        roles=roles,
        stages={key.text: read_text(reader, node) for key, node in reader.named(root.get("stages"))},
        states=[*levels, *signing.resumed, *_state_names(reader, root, (*levels, *signing.resumed))],
        facts={**lent, **facts},
        documents={name: title for name, (title, _) in documents.items()},
        reviewed={name: kind for name, (_, kind) in documents.items() if kind},
        persons=persons,
        clocks={
            key.text: _clock(reader, key, node, roles, matters)
            for key, node in reader.named(root.get("clocks"))
        },
        matters=matters,
        borrowed=borrowed,
        levels=levels,
        votes=signing.votes,
        carries=signing.carries,
        own_facts={name: fact for name, fact in facts.items() if fact},
        own_roles=own_roles,
    )
    _collisions(reader, root, declared)
    return declared


def read_roles(reader: Reader, node: Node | None) -> dict[str, Text]:
    """Return the roles that *node* declares; what a ladder calls a recipient by is none."""
    found = {}
    for key, value in reader.named(node):
        if key.text in RECIPIENTS:
            reader.problem(key.mark, "reserved_name", name=key.text)
        found[key.text] = read_text(reader, value)
    return found


def _check_titles(
    reader: Reader, node: Node | None, own: Mapping[str, Text], registered: Collection[str]
) -> None:
    for key, _ in node.entries if isinstance(node, Table) else ():
        known = registered.get(key.text) if isinstance(registered, Mapping) else None
        if known is not None and known != own[key.text]:
            there = {"there": known, "where": Text("登记册中", "the register")}
            reader.problem(key.mark, "role_differs", name=key.text, here=own[key.text], **there)


def _state_names(reader: Reader, root: Fields, levels: Collection[str]) -> Iterable[str]:
    for key, _ in reader.named(root.get("states")):
        if key.text in levels:
            reader.problem(
                key.mark, "name_collision", name=key.text, noun=Text("核阅级次", "level of the chain")
            )
        yield key.text


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
    days = written == "date"
    earliest, latest = (
        read_bound(reader, fields.get(bound)) if days else None for bound in ("least", "most")
    )
    least, most = (None if days else read_number(reader, fields.get(bound)) for bound in ("least", "most"))
    days_apart = earliest and latest and ACT_DATE not in (earliest, latest) and earliest > latest
    if days_apart or (least is not None and most is not None and least > most):
        reader.problem(fields.mark_of("least"), "bad_limits", least=least or earliest, most=most or latest)
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
        earliest=earliest,
        latest=latest,
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
        if type_ not in ("amount", "date") and isinstance(bound, Scalar) and "." in bound.text:
            expected = Text("整数", "a whole number")
            reader.problem(bound.mark, "bad_number", found=bound.text, expected=expected)


def _relation(reader: Reader, key: Scalar, node: Node, roles: Collection[str]) -> Relation:
    if key.text in (RECUSED, *RECIPIENTS):
        reader.problem(key.mark, "reserved_name", name=key.text)
    fields = reader.fields(node, "person", key.mark)
    if fields is None:
        return Relation(key.text, Text("", ""), "")
    title, role = read_text(reader, fields.get("title")), reader.known("role", fields.get("role"), roles)
    many, sits, gathers = (read_boolean(reader, fields.get(key)) for key in ("many", "sits", "gathers"))
    return Relation(key.text, title, role or "", many or gathers, sits, gathers)


def _document(reader: Reader, node: Node, kinds: Collection[str]) -> tuple[Text, str | None]:
    """Return what a document is called, and the kind of matter that must have passed before it leaves the house."""
    fields = reader.fields(node, "document")
    if fields is None:
        return Text("", ""), None
    zh, en = (read_string(reader, fields.get(key)) for key in ("zh", "en"))
    return Text(zh, en), reader.known("matter", fields.get("after"), kinds)


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


def _matter(reader: Reader, key: Scalar, node: Node, facts: Mapping[str, Fact | None]) -> MatterKind:
    fields = reader.fields(node, "matter", key.mark)
    if fields is None:
        return MatterKind(key.text, "")
    at_end = reader.one_of(fields.get("at_end"), get_args(AtEnd)) or "cancelled"
    lists = [fact.name for fact in facts.values() if fact and fact.type == "cases"]
    return MatterKind(
        name=key.text,
        procedure=reader.name(fields.get("procedure")),
        per=reader.one_of(fields.get("per"), (*PARTIES, ANY_PARTY, *lists)),
        at_end=cast(AtEnd, at_end),
        bars=reader.name(fields.get("bars")) or None,
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
