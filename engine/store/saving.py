"""Saving: the few statements of the path every act takes, in the tongue of the database that is spoken to.

Room for: choosing them.
May not enter: SQL; the portable form of the same (`cases.py`, `projected_rows.py`), which any other database gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from engine.store.changed_rows import Glimpse, Saving
from engine.store.looks import Look
from engine.store.saving_postgresql import SavingOnPostgresql
from engine.store.saving_sqlite import SavingOnSqlite

TUNED = ("sqlite", "postgresql")
"""The databases that have statements of their own here."""


class Tuned(Protocol):
    """What both databases can be asked on a cursor of their driver."""

    cursor: Any

    def look(self, named: str, key: str | None) -> Look | None:
        """Return the case with this id or number as an act needs it; None where there is not exactly one."""

    def glimpses(self, ids: Iterable[str]) -> tuple[Glimpse, ...]:
        """Return the cases with these ids, in order of their ids; those that are gone are left out."""

    def write(self, savings: Sequence[Saving], edition: int | None) -> frozenset[str]:
        """Write each saving whose case is still as it was glimpsed; return the ids of those cases.

        With *edition*, the number of the counter ``all``, nothing is written where any rule has changed since.
        """


def tuned(dialect: str, cursor: Any, institution: str) -> Tuned:
    """Return the statements for *dialect* (one of `TUNED`) on *cursor*."""
    if dialect == "sqlite":
        return SavingOnSqlite(cursor, institution)
    return SavingOnPostgresql(cursor, institution)
