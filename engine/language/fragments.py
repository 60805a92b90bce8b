"""Fragments: parts of procedures that stand in a file of their own and are shared.

Room for: the form of a fragment, finding those a procedure uses, its resolved text, and merging sections by name.
May not enter: what the sections say (`declared.py`, `states.py`, `moves.py`), where the files lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.language.keys import CONSTRUCTS
from engine.language.nodes import Listing, Node, Scalar, Table, compose
from engine.language.problem import Mark, Problems
from engine.language.reader import Reader
from engine.language.source import LARGEST, SEPARATOR, Source, normalised

NAMES_IN: Mapping[str, frozenset[str]] = {
    "roles": frozenset({"role"}),
    "stages": frozenset({"stage"}),
    "states": frozenset({"state"}),
    "facts": frozenset({"fact"}),
    "persons": frozenset({"relation"}),
    "documents": frozenset({"document"}),
    "clocks": frozenset({"clock", "limit"}),
    "terms": frozenset({"term", "limit"}),
    "matters": frozenset({"matter"}),
    "chain": frozenset({"state"}),
}
"""What each section of a procedure declares: where it cannot be read at all, every name of it would seem unknown."""

MOST_USED = 50
"""A procedure uses so many fragments at most."""

_LISTED = "apart"

# Before its name a fragment has nothing but notes: so its beginning is found in a resolved text.
_BEGINS = r"(?:[ \t]*(?:#.*)?\n)*fragment:"
_OWN_PART = re.compile(rf"(?<=\n){SEPARATOR}(?={_BEGINS})")
_FRAGMENT = re.compile(_BEGINS)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A fragment as it was written, and the file its problems are told under."""

    name: str
    file: str
    text: str


Fragments = Mapping[str, Fragment]
"""Fragments by name."""

NO_FRAGMENTS: Fragments = {}


@dataclass(frozen=True, slots=True)
class Whole:
    """A procedure with its fragments: the text they make together, and its nodes merged (None where it has none)."""

    source: Source
    root: Node | None
    uses: tuple[str, ...] = ()


def is_fragment(text: str) -> bool:
    """Return True where *text* is a fragment rather than a procedure or a register."""
    return re.match(rf"(?:---[ \t]*\n)?{_BEGINS}", normalised(text)) is not None


def fragment_named(text: str) -> str:
    """Return the name the fragment in *text* gives itself; "" where it is none."""
    read = read_fragment(text, "") if is_fragment(text) else None
    return read.name if isinstance(read, Fragment) else ""


def read_fragment(text: str, file: str) -> Fragment | Problems:
    """Return the fragment written in *text*, or the problems of its form.

    What its sections say is checked with each procedure that uses it. Total: no text raises.
    """
    source = Source.of(text, file)
    reader = Reader(source)
    root = _part(reader, source, 0)
    name = reader.name(root.get("fragment")) if root else ""
    for section, node in root.entries if root else ():
        _shape(reader, section.text, node)
    return source.problems() or Fragment(name, file, source.text)


def compose_whole(text: str, file: str, fragments: Fragments) -> Whole:
    """Return the procedure in *text* with the fragments it uses; those that stand behind it in *text* come first."""
    if len(text) > LARGEST:
        return Whole(Source.of(text, file), None)
    own, *behind = _OWN_PART.split(normalised(text))
    source = Source.of(own, file)
    root = compose(source)
    reader = Reader(source)
    if not isinstance(root, Table):
        return Whole(source, root)
    words = reader.words(root.get("uses"))
    if max(len(behind), len(words)) > MOST_USED:
        source.problem(root.mark, "too_many", most=MOST_USED)
        return Whole(source, None)
    parts = {
        name: part for inner in behind if (part := _attached(reader, inner, file)) for name in [_name(part)]
    }
    inside = set(parts)
    uses = []
    for word in words:
        uses.append(word.text)
        inside.discard(word.text)
        if word.text in parts:
            continue
        if (found := fragments.get(word.text)) is None:
            _unknown(source, word, {*fragments, *parts})
        elif part := _used(reader, word, found):
            parts[word.text] = part
    for name in inside:
        source.problem(parts[name].mark, "part_unused", name=name)
    return Whole(source, _merged(reader, root, parts.values()), tuple(uses))


def resolved(text: str, file: str, fragments: Fragments) -> str:
    """Return *text* with the fragments it uses behind it, each a document of its own; as it is where it uses none.

    Read again without any fragments it is the same procedure, with the same hash.
    """
    whole = compose_whole(text, file, fragments)
    return whole.source.text if whole.uses else text


def uses_of(text: str) -> tuple[str, ...]:
    """Return the names under ``uses`` of the procedure in *text*; none where it cannot be read."""
    return compose_whole(text, "", NO_FRAGMENTS).uses


def own_document(text: str) -> str:
    """Return a resolved *text* without its fragments."""
    return _OWN_PART.split(normalised(text))[0]


def parts_of(text: str, file: str) -> Fragments:
    """Return the fragments that stand in a resolved *text*."""
    return {part.name: replace(part, file=file) for part in _parts(text)}


# Every procedure in force is looked through for its fragments whenever anything comes into force.
@lru_cache(maxsize=128)
def _parts(text: str) -> tuple[Fragment, ...]:
    _, *behind = _OWN_PART.split(normalised(text))
    read = [read_fragment(part, "") for part in behind]
    return tuple(part for part in read if isinstance(part, Fragment))


def written_out(fragments: Mapping[str, str], wholes: Iterable[str]) -> dict[str, str]:
    """Return file -> text of the registered *fragments* (name -> file), as they stand in the resolved texts *wholes*."""
    parts = [part for text in wholes for part in parts_of(text, "").values()]
    return {fragments[part.name]: part.text for part in parts if part.name in fragments}


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _used(reader: Reader, word: Scalar, found: Fragment) -> Table | None:
    if _size(reader.source.text) + _size(found.text) > LARGEST:
        reader.problem(word.mark, "too_large", most=LARGEST)
        _mute(reader.source)
        return None
    part = _attached(reader, normalised(found.text), found.file)
    if part and (name := part.get("fragment")) and _name(part) != word.text:
        reader.problem(name.mark, "fragment_differs", name=word.text, file=found.file, found=_name(part))
    return part


def _attached(reader: Reader, text: str, file: str) -> Table | None:
    """Return the fragment in *text*, put behind the procedure, with its places in the whole."""
    lines = reader.source.attach(text, file)
    part = Source.of(text, file)
    root = _part(Reader(part), part, lines)
    moved = 0 if file != reader.source.file else lines
    reader.source.found += [replace(problem, line=problem.line + moved) for problem in part.found]
    if root is None:
        _mute(reader.source)
    return root


def _part(reader: Reader, source: Source, lines: int) -> Table | None:
    """Return the fragment of *source* as nodes, so many *lines* further down; problems of its form are noted."""
    root = reader.table(compose(source))
    if root is None:
        return None
    if not _FRAGMENT.match(source.text):
        reader.problem(root.mark, "fragment_first")
    for key, _ in root.entries:
        if key.text == "uses":
            reader.problem(key.mark, "fragment_uses")
    kept = Table(tuple(entry for entry in root.entries if entry[0].text != "uses"), root.mark)
    reader.fields(kept, "fragment")
    return _moved_table(kept, lines)


def _name(part: Table) -> str:
    name = part.get("fragment")
    return name.text if isinstance(name, Scalar) else ""


def _unknown(source: Source, word: Scalar, known: Iterable[str]) -> None:
    source.unknown("fragment", word.mark, word.text, set(known))
    _mute(source)


def _mute(source: Source) -> None:
    source.muted |= {"name"}.union(*NAMES_IN.values())


def _merged(reader: Reader, root: Table, parts: Iterable[Table]) -> Table:
    """Return *root* with the sections of *parts*, in their order; a name stands once."""
    entries = {key.text: (key, node) for key, node in root.entries}
    for part in parts:
        for key, node in part.entries:
            if key.text not in CONSTRUCTS["fragment"].optional:
                continue
            first = entries.get(key.text)
            if not _shape(reader, key.text, node):
                reader.source.muted |= {*NAMES_IN.get(key.text, ()), "name"}
            elif first is None:
                entries[key.text] = (key, node)
            else:
                entries[key.text] = (first[0], _joined(reader, first[1], node))
    return Table(tuple(entries.values()), root.mark)


def _shape(reader: Reader, section: str, node: Node) -> bool:
    """Return True where *node* has the form of *section*; what has another is noted."""
    if section not in CONSTRUCTS["fragment"].optional:
        return True
    return bool(reader.listing(node)) if section == _LISTED else reader.table(node) is not None


def _joined(reader: Reader, first: Node, second: Node) -> Node:
    if isinstance(first, Listing) and isinstance(second, Listing):
        return Listing((*first.items, *second.items), first.mark)
    if not (isinstance(first, Table) and isinstance(second, Table)):
        return first
    entries = {key.text: (key, node) for key, node in first.entries}
    for key, node in second.entries:
        if known := entries.get(key.text):
            file, line = reader.source.place(known[0].mark)
            reader.problem(key.mark, "declared_twice", name=key.text, file=file, line=line)
        else:
            entries[key.text] = (key, node)
    return Table(tuple(entries.values()), first.mark)


def _moved_table(table: Table, lines: int) -> Table:
    if not lines:
        return table
    entries = tuple((_moved_scalar(key, lines), _moved(node, lines)) for key, node in table.entries)
    return Table(entries, _moved_mark(table.mark, lines))


def _moved_scalar(scalar: Scalar, lines: int) -> Scalar:
    return Scalar(scalar.text, _moved_mark(scalar.mark, lines), scalar.offset)


def _moved(node: Node, lines: int) -> Node:
    if isinstance(node, Table):
        return _moved_table(node, lines)
    if isinstance(node, Scalar):
        return _moved_scalar(node, lines)
    return Listing(tuple(_moved(item, lines) for item in node.items), _moved_mark(node.mark, lines))


def _moved_mark(mark: Mark, lines: int) -> Mark:
    return Mark(mark.line + lines, mark.column, mark.width)
