"""Pages: the files of a register side by side, so that problems between them have a place.

Room for: one file with its nodes and places, which file is whose, the guards written in it.
May not enter: what is checked between files (`together.py`, `lending.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.language.fragments import NO_FRAGMENTS, Fragment, Fragments, compose_whole
from engine.language.located import Located, locate
from engine.language.nodes import Listing, Node, Scalar, Table
from engine.language.problem import Mark
from engine.language.source import Source
from engine.model.procedure import Procedure
from engine.model.register import Register


@dataclass(frozen=True, slots=True)
class Page:
    """One file: where its parts stand, those of its fragments among them, and the problems noted on it."""

    source: Source
    root: Table
    located: Located
    uses: tuple[str, ...] = ()
    guards: tuple[Scalar, ...] = ()
    """Every guard of the file as it is written."""

    @classmethod
    def of(cls, text: str, file: str, fragments: Fragments = NO_FRAGMENTS) -> Page:
        """Return the page of *text*; one without content where it is no definition."""
        page = _laid_out(text, file, tuple(fragments.values()))
        # What is noted on a page is noted once: each check has a clean one.
        source = replace(page.source, found=[], muted=set(), attached=list(page.source.attached))
        return replace(page, source=source)

    def problem(self, path: str, code: str, **values: object) -> None:
        """Note a problem at what stands under *path*."""
        self.source.problem(self.located.at(path), code, **values)


# A procedure in force is checked again with every other text that comes into force, on each day on which anything does.
@lru_cache(maxsize=128)
def _laid_out(text: str, file: str, fragments: tuple[Fragment, ...]) -> Page:
    whole = compose_whole(text, file, {one.name: one for one in fragments})
    # Problems of the text itself are told by whoever reads the file alone.
    whole.source.found.clear()
    table = whole.root if isinstance(whole.root, Table) else Table((), Mark(1, 1))
    guards = tuple(
        guard
        for key, node in table.entries
        if key.text in ("states", "moves", "chain", "opening", "terms")
        for guard in _guards(node)
    )
    return Page(whole.source, table, locate(table), whole.uses, guards)


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
        known = {*registered.values(), *register.fragments.values()}
        others = {file: Page.of(text, file) for file, text in files.items() if file not in known}
        own = [page for page in others.values() if page.root.get("institution")]
        fragments = {
            name: Fragment(name, file, files[file])
            for name, file in register.fragments.items()
            if file in files
        }
        pages = {
            name: Page.of(files.get(registered.get(name, ""), ""), registered.get(name, name), fragments)
            for name in {**registered, **procedures}
        }
        return cls(own[0] if own else Page.of("", "workflows.yaml"), pages)

    def sources(self) -> Iterator[Source]:
        """Yield every file's source, the register's first."""
        yield self.register.source
        yield from (page.source for page in self.procedures.values())


def _guards(node: Node) -> Iterator[Scalar]:
    # A guard stands in an item of a list (`requires`, `on`, a conditional `to`), or beside the limit of a term.
    if isinstance(node, Table):
        term = any(key.text == "limit" for key, _ in node.entries)
        for key, value in node.entries:
            if term and key.text == "when" and isinstance(value, Scalar):
                yield value
            yield from _guards(value)
    elif isinstance(node, Listing):
        for item in node.items:
            entries = item.entries if isinstance(item, Table) else ()
            term = any(key.text == "limit" for key, _ in entries)
            for key, value in entries:
                if key.text in ("that", "when") and not term and isinstance(value, Scalar):
                    yield value
            yield from _guards(item)
