"""Nodes: a YAML text as plain words with their places, before anything is understood.

Room for: composing nodes, and refusing what a definition may not use of YAML: anchors, tags, endless nesting.
May not enter: what the words mean; YAML's own types (``on`` stays "on", ``010`` stays "010").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from engine.language.problem import Mark, Problem
from engine.language.source import Source

DEEPEST = 50
MOST_NODES = 75_000
MOST_BESIDE = 5_000
"""So many entries of one list, or keys beside each other, at most."""

LONGEST_KEY = 100
LONG = 300_000
"""A text of so many characters is counted before it is read."""

KEPT = 100_000
"""Nodes of a longer text are made anew each time: keeping them would cost more than it saves."""

# libyaml is some twenty times faster; where a platform has no wheel with it the same events come slower.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BLANK = "\n\t\xa0\u3000"
"""What may stand in a text although nothing is seen of it."""

_FULL_WIDTH = {"：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]"}
_WIDE_COLON = re.compile(r"^\s*(?:- )?[\w ]{1,60}(：)")
_WIDE_MARK = re.compile(r"[：，｛｝［］]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was written, quotes taken off."""

    text: str
    mark: Mark
    offset: int | None = 0
    """How many columns after the mark the text itself begins; None where it does not stand as one piece."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Values one after the other."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their values; a key stands once."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark

    def get(self, key: str) -> Node | None:
        """Return the value of *key*, or None."""
        # Asked some sixty times for each state of a large file, of tables with few entries: no generator for each.
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


Node = Scalar | Listing | Table


class _Stop(Exception):
    """Reading cannot go on; the problem is noted."""


@dataclass(slots=True)
class _Composer:
    source: Source
    events: Iterator[Any]
    count: int = 0
    open: list[Any] = field(default_factory=list)

    def stop(self, event: Any, code: str, **values: object) -> _Stop:
        self.source.problem(_mark(event), code, **values)
        return _Stop()

    def next(self) -> Any:
        event = next(self.events)
        if getattr(event, "anchor", None):
            raise self.stop(event, "anchor")
        if getattr(event, "tag", None):
            raise self.stop(event, "tag")
        return event

    def node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if depth > DEEPEST:
            raise self.stop(event, "too_deep", most=DEEPEST)
        if self.count > MOST_NODES:
            raise self.stop(event, "too_many", most=MOST_NODES)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := self.next(), yaml.SequenceEndEvent):
                if len(items) == MOST_BESIDE:
                    raise self.stop(inner, "too_many_here", most=MOST_BESIDE)
                items.append(self.node(inner, depth + 1))
            return Listing(tuple(items), _mark(event))
        return self.table(event, depth)

    def table(self, event: Any, depth: int) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for count in itertools.count():
            if isinstance(inner := self.next(), yaml.MappingEndEvent):
                break
            if count == MOST_BESIDE:
                raise self.stop(inner, "too_many_here", most=MOST_BESIDE)
            key, value = self.node(inner, depth + 1), self.node(self.next(), depth + 1)
            if not isinstance(key, Scalar) or len(key.text) > LONGEST_KEY:
                self.source.problem(key.mark, "bad_key")
            elif first := entries.get(key.text):
                self.source.problem(key.mark, "duplicate_key", name=key.text, line=first[0].mark.line)
            else:
                entries[key.text] = (key, value)
        return Table(tuple(entries.values()), _mark(event))

    def scalar(self, event: Any) -> Scalar:
        mark, text = _mark(event), event.value
        seen = text.isprintable()
        if not seen and (bad := next((c for c in text if not (c.isprintable() or c in _BLANK)), None)):
            self.source.problem(mark, "bad_character", name=f"U+{ord(bad):04X}")
        line, start = self.source.lines[mark.line - 1], mark.column - 1
        for offset in (0, 1):
            if line.startswith(text, start + offset):
                return Scalar(text, mark, offset)
        return Scalar(text, mark, None)


def compose(source: Source) -> Node | None:
    """Return the one document of *source* as nodes; None where it cannot be read, the problem noted.

    Never raises for anything a text can hold. A repeated key is noted, and its first value kept. A text without a
    problem is composed once a process, whatever file it is told under.
    """
    if source.found:
        return None
    if len(source.text) > KEPT:
        return _composed(source)
    try:
        return _composed_once(source.text)
    except _Noted as noted:
        source.found += [replace(problem, file=source.file) for problem in noted.found]
        return noted.root


class _Noted(Exception):
    """A text has problems: it is read anew whenever it is asked for, and so kept by nobody."""

    def __init__(self, root: Node | None, found: Sequence[Problem]) -> None:
        super().__init__()
        self.root = root
        self.found = found


# While an office is founded, checked or changed, each text and each fragment is read with several others.
@lru_cache(maxsize=128)
def _composed_once(text: str) -> Node | None:
    source = Source("", text, tuple(text.split("\n")))
    root = _composed(source)
    if source.found:
        raise _Noted(root, source.found)
    return root


def _composed(source: Source) -> Node | None:
    if _crowded(source):
        return None
    composer = _Composer(source, iter(yaml.parse(source.text, Loader=_LOADER)))
    try:
        next(composer.events)
        if isinstance(event := next(composer.events), yaml.StreamEndEvent):
            source.problem(Mark(1, 1), "empty")
            return None
        root = composer.node(composer.next(), 1)
        next(composer.events)
        if not isinstance(event := next(composer.events), yaml.StreamEndEvent):
            raise composer.stop(event, "second_document")
    except _Stop:
        return None
    except yaml.YAMLError as error:
        _syntax(source, error)
        return None
    return root


def _crowded(source: Source) -> bool:
    """Note that a long text holds too many nodes, before any of them is made: counting is the cheaper half."""
    if len(source.text) < LONG:
        return False
    begins = (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)
    loader = _LOADER(source.text)
    try:
        count = 0
        while not isinstance(event := loader.get_event(), yaml.DocumentEndEvent | yaml.StreamEndEvent):
            if getattr(event, "anchor", None):
                return False
            count += isinstance(event, begins)
            if count > MOST_NODES:
                source.problem(_mark(event), "too_many", most=MOST_NODES)
                return True
    except yaml.YAMLError:
        return False
    finally:
        loader.dispose()
    return False


def _mark(event: Any) -> Mark:
    start: Any = event.start_mark
    line, column = start.line, start.column
    if isinstance(event, yaml.ScalarEvent):
        end: Any = event.end_mark
        width = end.column - column
        if width > 1 and end.line == line:
            return Mark(line + 1, column + 1, width)
    return Mark(line + 1, column + 1)


def _syntax(source: Source, error: yaml.YAMLError) -> None:
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (place.line, place.column) if place else (0, 0)
    if wide := _full_width(source, line, getattr(error, "context_mark", None)):
        mark, found = wide
        source.problem(mark, "full_width", found=found, meant=_FULL_WIDTH[found])
        return
    # At the end of the text YAML points behind the last line.
    line = min(line, len(source.lines) - 1)
    why = getattr(error, "problem", None) or "it cannot be parsed"
    source.problem(Mark(line + 1, column + 1), "syntax", why=why)


def _full_width(source: Source, line: int, context: Any) -> tuple[Mark, str] | None:
    """Return the full-width mark that the parser most likely stumbled over, at or shortly before *line*."""
    first = min(context.line if context else line, line)
    near = [n for n in range(line, max(first, line - 3) - 2, -1) if 0 <= n < len(source.lines)]
    for number in near:
        if wide := _WIDE_COLON.match(source.lines[number]):
            return Mark(number + 1, wide.start(1) + 1), wide[1]
    text = source.lines[line] if line < len(source.lines) else ""
    if ("{" in text or "[" in text or "｛" in text) and (wide := _WIDE_MARK.search(text)):
        return Mark(line + 1, wide.start() + 1), wide[0]
    return None
