"""Definitions: the resolved texts in use, by hash, and which of each name is in force.

Room for: storing a text once, append-only activations.
May not enter: reading YAML (`engine/language`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from engine.store import tables as t
from engine.store.editions import DEFINITIONS, bump

REGISTER = "register"
"""The name under which the register itself is activated."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """One resolved text and the file it came from."""

    hash: str
    name: str
    file: str
    text: str


class Definitions:
    """The definitions of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def activate(self, stored: StoredText, by: str, at: datetime) -> None:
        """Keep the text, if it is new, and put it in force under its name."""
        mine = t.definitions.c.institution == self._institution
        known = self._on.execute(
            select(t.definitions.c.hash).where(mine, t.definitions.c.hash == stored.hash)
        ).first()
        if known is None:
            self._on.execute(
                insert(t.definitions).values(
                    institution=self._institution,
                    hash=stored.hash,
                    name=stored.name,
                    file=stored.file,
                    text=stored.text,
                )
            )
        last = select(func.max(t.activations.c.number)).where(
            t.activations.c.institution == self._institution
        )
        number = (self._on.execute(last).scalar_one_or_none() or 0) + 1
        self._on.execute(
            insert(t.activations).values(
                institution=self._institution, number=number, name=stored.name, hash=stored.hash, by=by, at=at
            )
        )
        bump(self._on, self._institution, DEFINITIONS)

    def in_force(self) -> dict[str, str]:
        """Return name -> hash of what was activated last under each name."""
        rows = self._on.execute(
            select(t.activations.c.name, t.activations.c.hash)
            .where(t.activations.c.institution == self._institution)
            .order_by(t.activations.c.number)
        )
        return {row.name: row.hash for row in rows}

    def texts(self) -> tuple[StoredText, ...]:
        """Return every text that was ever in force."""
        rows = self._on.execute(select(t.definitions).where(t.definitions.c.institution == self._institution))
        return tuple(StoredText(r.hash, r.name, r.file, r.text) for r in rows)

    def open_cases(self, hash: str) -> int:
        """Return on how many open matters a definition is in use."""
        c = t.matters.c
        return self._on.execute(
            select(func.count()).where(c.institution == self._institution, c.definition == hash, c.open)
        ).scalar_one()


def digest_of(text: str) -> str:
    """Return the SHA-256 a text is known by: of its UTF-8 with line ends made one, as hex."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(normal.encode()).hexdigest()


def institutions(connection: Connection) -> tuple[str, ...]:
    """Return the institutions this database holds a register of."""
    query = select(t.activations.c.institution).where(t.activations.c.name == REGISTER).distinct()
    return tuple(connection.execute(query.order_by(t.activations.c.institution)).scalars())
