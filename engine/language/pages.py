"""Pages: the files of a register side by side, so that problems between them have a place.

Room for: one file with its nodes and places, which file is whose, the guards written in it.
May not enter: what is checked between files (`together.py`, `lending.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.language.located import Located, locate
from engine.language.nodes import Listing, Node, Scalar, Table, compose
from engine.language.problem import Mark
from engine.language.source import Source
from engine.model.procedure import Procedure
from engine.model.register import Register


@dataclass(frozen=True, slots=True)
class Page:
    """One file: where its parts stand, and the problems noted on it."""

    source: Source
    root: Table
    located: Located

    @classmethod
    def of(cls, text: str, file: str) -> Page:
        """Return the page of *text*; one without content where it is no definition."""
        source = Source.of(text, file)
        root = compose(source)
        # Problems of the text itself are told by whoever reads the file alone.
        source.found.clear()
        table = root if isinstance(root, Table) else Table((), Mark(1, 1))
        return cls(source, table, locate(table))

    def problem(self, path: str, code: str, **values: object) -> None:
        """Note a problem at what stands under *path*."""
        self.source.problem(self.located.at(path), code, **values)

    def guards(self) -> Iterator[Scalar]:
        """Yield every guard of the file as it is written."""
        for key, node in self.root.entries:
            if key.text in ("states", "moves", "chain", "opening"):
                yield from _guards(node)


@dataclass(frozen=True, slots=True)
class Pages:
    """The register's page and that of each procedure, by the procedure's name."""

    register: Page
    procedures: Mapping[str, Page]

    @classmethod
    def of(cls, register: Register, procedures: Mapping[str, Procedure], files: Mapping[str, str]) -> Pages:
        """Lay out *files* (path -> text); the one that names an institution is the register's.

        A procedure without a file gets an empty page, so that its problems are told at its start.
        """
        registered = {name: entry.file for name, entry in register.procedures.items()}
        others = {
            file: Page.of(text, file) for file, text in files.items() if file not in registered.values()
        }
        own = [page for page in others.values() if page.root.get("institution")]
        pages = {
            name: Page.of(files.get(registered.get(name, ""), ""), registered.get(name, name))
            for name in {**registered, **procedures}
        }
        return cls(own[0] if own else Page.of("", "workflows.yaml"), pages)

    def sources(self) -> Iterator[Source]:
        """Yield every file's source, the register's first."""
        yield self.register.source
        yield from (page.source for page in self.procedures.values())


def _guards(node: Node) -> Iterator[Scalar]:
    # A guard always stands in an item of a list: under `requires`, `on` or a conditional `to`.
    if isinstance(node, Table):
        for _, value in node.entries:
            yield from _guards(value)
    elif isinstance(node, Listing):
        for item in node.items:
            for key, value in item.entries if isinstance(item, Table) else ():
                if key.text in ("that", "when") and isinstance(value, Scalar):
                    yield value
            yield from _guards(item)
