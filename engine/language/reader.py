"""Reader: nodes to checked shapes: a table with known keys, a list, a word, a name.

Room for: the forms every construct is made of, and the problem where a node has another form.
May not enter: single constructs (facts, moves, ladders), YAML, references between them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sized
from dataclasses import dataclass

from engine.language.keys import CONSTRUCTS
from engine.language.nodes import Listing, Node, Scalar, Table
from engine.language.problem import Mark, hint
from engine.language.source import Source
from engine.text import Text

RESERVED = frozenset(
    {
        "and",
        "or",
        "not",
        "is",
        "set",
        "in",
        "every",
        "no",
        "yes",
        "count",
        "actor",
        "any",
        "stays",
        "otherwise",
    }
    | {"open", "absent", "ended"}
)
"""Words of the language itself: no fact, person, matter, state or outcome can be called by one."""

_NAME = re.compile(r"[^\W\d]\w{0,99}")

_TABLE = (Text("一组“键: 值”", "a mapping"), "{zh: 立案, en: Filing}")
_LISTING = (Text("一个列表", "a list"), "[a, b]")
_SCALAR = (Text("一个值", "a single value"), "labour")
_FORMS = {Table: _TABLE, Listing: _LISTING, Scalar: _SCALAR}


@dataclass(frozen=True, slots=True)
class Fields:
    """A table whose keys were checked against the construct it is."""

    node: Table

    def get(self, key: str) -> Node | None:
        """Return the value of *key*, or None."""
        return self.node.get(key)

    def __contains__(self, key: str) -> bool:
        return self.node.get(key) is not None

    def all_known(self, construct: str) -> bool:
        """Return False where a key is none of *construct*, so that another may only seem to be missing."""
        return all(name.text in CONSTRUCTS[construct].keys for name, _ in self.node.entries)

    def mark_of(self, key: str) -> Mark:
        """Return the place of *key* itself, or of the whole table where it is not there."""
        return next((name.mark for name, _ in self.node.entries if name.text == key), self.node.mark)


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns nodes into shapes; what does not fit becomes a problem and reads as empty.

    Every method takes None for "not written" and passes it on without a problem of its own: whether
    a key must be there is the construct's business (`keys.py`).
    """

    source: Source

    def problem(self, mark: Mark, code: str, path: tuple[str, ...] = (), /, **values: object) -> None:
        """Note a problem at *mark*; *values* fill the sentences of *code*."""
        self.source.problem(mark, code, path, **values)

    def unknown(self, noun: str, name: Scalar, known: Collection[str]) -> None:
        """Note that *name* is no *noun* of those *known*, with the nearest one as a hint."""
        self.source.unknown(noun, name.mark, name.text, known)

    def fields(self, node: Node | None, construct: str, owner: Mark | None = None) -> Fields | None:
        """Return *node* as a *construct*; unknown keys are noted, and missing ones at *owner* (else here)."""
        table = self.table(node)
        if table is None:
            return None
        kind = CONSTRUCTS[construct]
        for name, value in table.entries:
            if name.text in kind.keys:
                continue
            if construct == "text" and _blank(value):
                # {zh: 立案, en: Filed, not examined}: YAML takes what follows the comma for a key.
                self.problem(name.mark, "comma", name=name.text)
            else:
                self.source.unknown("key", name.mark, name.text, kind.keys, construct=construct)
        for key in kind.required:
            if table.get(key) is None:
                self.problem(owner or table.mark, "missing_key", construct=construct, name=key)
        return Fields(table)

    def table(self, node: Node | None) -> Table | None:
        """Return *node* where it is a table, else None."""
        if isinstance(node, Table):
            return node
        self._wrong(node, Table)
        return None

    def listing(self, node: Node | None) -> tuple[Node, ...]:
        """Return the items of *node* where it is a list, else none."""
        if not isinstance(node, Listing):
            self._wrong(node, Listing)
            return ()
        self._filled(node, node.items)
        return node.items

    def scalar(self, node: Node | None) -> Scalar | None:
        """Return *node* where it is one value and not blank, else None."""
        if isinstance(node, Scalar) and not _blank(node):
            return node
        self._wrong(node, Scalar)
        return None

    def words(self, node: Node | None) -> tuple[Scalar, ...]:
        """Return the values of a list, or one value as a list of one; a repeated value is noted."""
        items = self.listing(node) if isinstance(node, Listing) else () if node is None else (node,)
        found: dict[str, Scalar] = {}
        for item in items:
            if (scalar := self.scalar(item)) is None:
                continue
            if scalar.text in found:
                self.problem(scalar.mark, "named_twice", name=scalar.text)
            found.setdefault(scalar.text, scalar)
        return tuple(found.values())

    def named(self, node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
        """Return the entries of a table whose keys the writer chose; what is no name is noted and kept."""
        table = self.table(node)
        if table is None:
            return ()
        self._filled(table, table.entries)
        for key, _ in table.entries:
            self.name(key)
        return table.entries

    def name(self, node: Node | None) -> str:
        """Return *node* as a name: letters of any script, digits, underscores; "" where it is none."""
        scalar = self.scalar(node)
        if scalar is None:
            return ""
        if scalar.text in RESERVED:
            self.problem(scalar.mark, "reserved_name", name=scalar.text)
        elif not _NAME.fullmatch(scalar.text):
            self.problem(scalar.mark, "bad_name", name=scalar.text)
        return scalar.text

    def one_of(self, node: Node | None, known: Collection[str]) -> str | None:
        """Return *node* where it is one of the *known* words, else None."""
        scalar = self.scalar(node)
        if scalar is None or scalar.text in known:
            return scalar.text if scalar else None
        values = {"hint": hint(scalar.text, known), "known": ", ".join(known)}
        self.problem(scalar.mark, "bad_word", found=scalar.text, **values)
        return None

    def known(self, noun: str, node: Node | None, known: Collection[str]) -> str | None:
        """Return the name of a *noun* where it is *known*, else None."""
        scalar = self.scalar(node)
        if scalar is None or scalar.text in known:
            return scalar.text if scalar else None
        self.unknown(noun, scalar, known)
        return None

    def all_known(self, noun: str, node: Node | None, known: Collection[str]) -> tuple[str, ...]:
        """Return those names of a list that are *known*, each once."""
        return tuple(word.text for word in self.words(node) if self.known(noun, word, known))

    def _filled(self, node: Node, items: Sized) -> None:
        if not items:
            self.problem(node.mark, "empty_value")

    def _wrong(self, node: Node | None, wanted: type[Table] | type[Listing] | type[Scalar]) -> None:
        if node is None:
            return
        if _blank(node):
            self.problem(node.mark, "empty_value")
            return
        expected, example = _FORMS[wanted]
        found, _ = _FORMS[type(node)]
        self.problem(node.mark, "wrong_type", expected=expected, found=found, example=example)


def _blank(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text.strip()
