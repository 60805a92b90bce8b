"""Desk: what lies before a reader of one definition: its nodes' reader and every name declared.

Room for: reading references: persons and roles, facts of a type, guards.
May not enter: declaring names (`declared.py`), moves and states.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.language.declared import Declared
from engine.language.guard_text import GuardFault, parse_guard
from engine.language.nodes import Node, Scalar
from engine.language.problem import Mark
from engine.language.reader import Reader
from engine.model.guards import Guard
from engine.model.procedure import RECUSED, Fact, Term, Who
from engine.text import Text

_ANY = re.compile(r"any\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Desk:
    """Reads references; a name that is not known is noted and left out."""

    reader: Reader
    names: Declared
    terms: Mapping[str, Term] = field(default_factory=dict)
    """The terms that have a name, once they are read."""

    def who(self, node: Node | None) -> tuple[Who, ...]:
        """Return the relations (bare names) and roles (``any NAME``) of *node*."""
        return tuple(who for word in self.reader.words(node) if (who := self._one(word)))

    def _one(self, word: Scalar) -> Who | None:
        if role := _ANY.fullmatch(word.text):
            known = self.reader.known("role", self._part(word, role.start(1)), self.names.roles)
            return Who(known, relation=False) if known else None
        if word.text not in self.names.relations and word.text in self.names.roles:
            self.reader.problem(word.mark, "any_missing", name=word.text)
            return None
        known = self.reader.known("relation", word, self.names.relations)
        return Who(known, relation=True) if known else None

    def relations(self, node: Node | None) -> tuple[str, ...]:
        """Return the relations of *node*; a role has no place here and is noted."""
        found = []
        for word in self.reader.words(node):
            if _ANY.fullmatch(word.text):
                self.reader.problem(word.mark, "relation_needed", name=word.text)
            elif known := self.reader.known("relation", word, self.names.relations):
                found.append(known)
        return tuple(found)

    def assignable(self, word: Scalar) -> str | None:
        """Return the relation *word* names, where a move of this procedure may change its holders."""
        if word.text in self.names.assignable:
            return word.text
        if word.text in self.names.relations:
            self.reader.problem(word.mark, "borrowed_only", name=word.text)
            return None
        return self.reader.known("relation", word, self.names.assignable)

    def roles(self, node: Node | None) -> tuple[str, ...]:
        """Return the roles of *node*, each written ``any ROLE``."""
        return tuple(role for word in self.reader.words(node) if (role := self.role_of(word)))

    def role_of(self, node: Node | None) -> str | None:
        """Return the role of the one ``any ROLE`` that *node* must be."""
        scalar = self.reader.scalar(node)
        if scalar is None:
            return None
        role = _ANY.fullmatch(scalar.text)
        if role is None:
            self.reader.problem(scalar.mark, "role_needed", name=scalar.text)
            return None
        return self.reader.known("role", self._part(scalar, role.start(1)), self.names.roles)

    def own_fact(self, word: Scalar) -> str | None:
        """Return the name of a fact of this procedure itself: what a form can ask and a move can set."""
        borrowed = self.names.borrowed
        if borrowed and word.text in borrowed.facts:
            self.reader.problem(word.mark, "borrowed_only", name=word.text)
            return None
        return self.reader.known("fact", word, self.names.facts)

    def own_facts(self, node: Node | None) -> tuple[str, ...]:
        """Return the facts of this procedure that *node* lists."""
        return tuple(name for word in self.reader.words(node) if (name := self.own_fact(word)))

    def fact(self, node: Node | None, types: Collection[str] = ()) -> str | None:
        """Return the fact *node* names, own or borrowed, where it is of one of *types* (none: of any)."""
        scalar = self.reader.scalar(node)
        name = self.reader.known("fact", scalar, self.names.facts)
        fact: Fact | None = self.names.facts.get(name or "")
        if scalar and fact and types and fact.type not in types:
            expected = Text("或".join(types), " or ".join(types))
            self.reader.problem(
                scalar.mark, "wrong_fact_type", name=fact.name, type=fact.type, expected=expected
            )
            return None
        return name

    def many(self, relation: str) -> bool:
        """Return True where several persons may hold *relation*."""
        declared = self.names.persons.get(relation)
        return relation == RECUSED or (declared is not None and declared.many)

    def guard(self, node: Node | None) -> Guard | None:
        """Return the guard that *node* says; each fault is noted at its own column."""
        scalar = self.reader.scalar(node)
        if scalar is None or self.reader.source.full:
            return None
        parsed = parse_guard(scalar.text, self.names)
        if not isinstance(parsed, tuple):
            return parsed
        for fault in parsed:
            self.reader.problem(_within(scalar, fault), fault.code, **fault.values)
        return None

    @staticmethod
    def _part(word: Scalar, start: int) -> Scalar:
        """Return the part of *word* from *start*, with its own place."""
        if word.offset is None:
            return Scalar(word.text[start:], word.mark, None)
        mark = Mark(word.mark.line, word.mark.column + word.offset + start, len(word.text) - start)
        return Scalar(word.text[start:], mark)


def _within(scalar: Scalar, fault: GuardFault) -> Mark:
    if scalar.offset is None:
        # The text runs over several lines or has escapes: its start is the honest place.
        return scalar.mark
    return Mark(scalar.mark.line, scalar.mark.column + scalar.offset + fault.offset, fault.width)
