"""Statements: compiled once in a process; the database of each test would compile all of them anew, a tenth of its time."""

from __future__ import annotations

from typing import Any

Key = tuple[Any, ...]


class Compiled(dict[Key, Any]):
    """What statements were compiled to, for every database of one kind: SQLAlchemy itself keeps it for one database alone."""

    def get(self, key: Key, default: Any = None) -> Any:
        """Return what a statement was compiled to for any database of that kind."""
        return super().get(_of_its_kind(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_its_kind(key), compiled)


def _of_its_kind(key: Key) -> Key:
    dialect, *statement = key
    return (type(dialect), *statement)


COMPILED = Compiled()
