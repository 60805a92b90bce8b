"""Located: where each part of a definition stands in its file.

Room for: the map from a path such as ``states.filed.moves.propose.to`` to its place, and where what was
unfolded (chains, standing moves) was written.
May not enter: problems, the meaning of what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.language.nodes import Listing, Node, Scalar, Table, compose
from engine.language.problem import Mark
from engine.language.source import Source

_LEVEL = re.compile(r"states\.(?:level|resumed)_([1-9][0-9]*)((?:\..*)?)")
_LEVEL_MOVE = re.compile(r"\.moves\.(sign|return|carry|restart|name_stand_in)")
_WRITTEN = {"restart": "carry.restart", "name_stand_in": "stand_in"}
_STANDING = re.compile(r"states\.[^.]+(\.moves\..*)")


@dataclass(frozen=True)
class Located:
    """The places of one file. A single value is where it is written, anything else where its key is."""

    root: Node | None = None

    @cached_property
    def places(self) -> Mapping[str, Mark]:
        """Path -> place; put together when first asked for, since most definitions have nothing to be told about them."""
        return {"": self.root.mark, **dict(_walk("", self.root))} if self.root else {}

    def at(self, path: str) -> Mark:
        """Return the place of *path*, else of the nearest part around it; the start of the file at last.

        What a chain or a standing move unfolded into is found under its own path
        (``states.level_2.moves.sign``, ``states.drafting.moves.suspend``).
        """
        for written in self._written_as(path):
            if written in self.places:
                return self.places[written]
        around, _, _ = path.rpartition(".")
        return self.at(around) if around else self.places.get("", Mark(1, 1))

    def _written_as(self, path: str) -> Iterator[str]:
        yield path
        if level := _LEVEL.fullmatch(path):
            rest = level[2]
            if move := _LEVEL_MOVE.match(rest):
                after = rest[len(move[0]) :]
                yield f"chain.{_WRITTEN.get(move[1], move[1])}{after}"
                if rest.endswith(".by"):
                    yield f"chain.levels.{int(level[1]) - 1}.by"
                elif len(rest) == len(move[0]):
                    yield "chain"
            else:
                yield f"chain.levels.{int(level[1]) - 1}{rest}"
        if standing := _STANDING.fullmatch(path):
            yield standing[1].removeprefix(".")


def locate(root: Node) -> Located:
    """Return the places of everything under *root*."""
    return Located(root)


def locations(text: str) -> Located:
    """Return the places of everything in *text*; of nothing but its start where it is no YAML."""
    root = compose(Source.of(text, ""))
    return Located(root)


def _walk(path: str, node: Node) -> Iterator[tuple[str, Mark]]:
    if isinstance(node, Table):
        for key, value in node.entries:
            inner = f"{path}.{key.text}".removeprefix(".")
            yield inner, (value if isinstance(value, Scalar) else key).mark
            yield from _walk(inner, value)
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            inner = f"{path}.{number}"
            yield inner, item.mark
            yield from _walk(inner, item)
