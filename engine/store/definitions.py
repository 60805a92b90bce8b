"""Definitions: the resolved texts in use, by hash, and which of each name is in force on a day.

Room for: storing a text once, append-only activations, each with the day it holds from.
May not enter: reading YAML (`engine/language`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, insert, select

from engine.model.procedure import MAIN
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


@dataclass(frozen=True, slots=True)
class Activation:
    """That *name* is the text *hash* from the day *since* on.

    *by* put it forward; *approved_by* is the second person, None where one sufficed; *proposal* is what they decided on.
    """

    number: int
    name: str
    hash: str
    by: str
    at: datetime
    since: date
    approved_by: str | None = None
    proposal: int | None = None


class Definitions:
    """The definitions of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def activate(
        self, stored: StoredText, by: str, at: datetime, since: date, approved_by: str | None = None,
        proposal: int | None = None,
    ) -> Activation:  # fmt: skip
        """Keep the text, if it is new, and put it in force under its name from the day *since* on."""
        self._keep(stored)
        done = Activation(self.last() + 1, stored.name, stored.hash, by, at, since, approved_by, proposal)
        self._on.execute(
            insert(t.activations).values(
                institution=self._institution, number=done.number, name=done.name, hash=done.hash, by=by, at=at,
                since=since, approved_by=approved_by, proposal=proposal,
            )
        )  # fmt: skip
        bump(self._on, self._institution, DEFINITIONS)
        return done

    def keep(self, stored: StoredText) -> None:
        """Keep the text of a version that came back with a case, without putting it in force."""
        if self._keep(stored):
            bump(self._on, self._institution, DEFINITIONS)

    def _keep(self, stored: StoredText) -> bool:
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
        return known is None

    def last(self) -> int:
        """Return the number of the last activation, 0 before the first."""
        c = t.activations.c
        query = select(func.max(c.number)).where(c.institution == self._institution)
        return self._on.execute(query).scalar_one_or_none() or 0

    def activations(self) -> tuple[Activation, ...]:
        """Return every activation in order of its number."""
        c = t.activations.c
        rows = self._on.execute(
            select(t.activations).where(c.institution == self._institution).order_by(c.number)
        ).all()
        return tuple(
            Activation(r.number, r.name, r.hash, r.by, r.at, r.since, r.approved_by, r.proposal) for r in rows
        )

    def texts(self) -> tuple[StoredText, ...]:
        """Return every text that was ever in force."""
        rows = self._on.execute(select(t.definitions).where(t.definitions.c.institution == self._institution))
        return tuple(StoredText(r.hash, r.name, r.file, r.text) for r in rows.all())

    def text(self, hash: str) -> StoredText | None:
        """Return the text with this hash, or None."""
        c = t.definitions.c
        row = self._on.execute(
            select(t.definitions).where(c.institution == self._institution, c.hash == hash)
        ).one_or_none()
        return StoredText(row.hash, row.name, row.file, row.text) if row else None

    def open_by_state(self) -> Mapping[str, Mapping[str, int]]:
        """Return definition -> state -> how many open matters stand there."""
        c = t.matters.c
        rows = self._on.execute(
            select(c.definition, c.state, func.count())
            .where(c.institution == self._institution, c.open)
            .group_by(c.definition, c.state)
            .order_by(c.definition, c.state)
        )
        found: dict[str, dict[str, int]] = {}
        for definition, state, count in rows:
            found.setdefault(definition, {})[state] = count
        return found

    def in_use(self) -> tuple[str, ...]:
        """Return the definitions that open matters are pinned to."""
        c, m = t.definitions.c, t.matters.c
        pinned = and_(m.institution == c.institution, m.definition == c.hash, m.open)
        # Any one would do; the first has PostgreSQL look into the index, where it would read a table through for any.
        first = select(m.case_id).where(pinned).order_by(m.case_id).limit(1).scalar_subquery()
        query = select(c.hash).where(c.institution == self._institution, first.is_not(None)).order_by(c.hash)
        return tuple(self._on.execute(query).scalars())

    def pinned(self) -> frozenset[tuple[str, str]]:
        """Return, of the open matters, which definitions stand together: (that of the case itself, that of the matter)."""
        main, other = t.matters.alias("main"), t.matters
        rows = self._on.execute(
            select(main.c.definition, other.c.definition)
            .where(
                main.c.institution == self._institution,
                main.c.kind == MAIN,
                other.c.institution == main.c.institution,
                other.c.case_id == main.c.case_id,
                other.c.open,
            )
            .distinct()
        )
        return frozenset((row[0], row[1]) for row in rows)

    def open_matters(self, hash: str) -> int:
        """Return on how many open matters a definition is in use."""
        c = t.matters.c
        return self._on.execute(
            select(func.count()).where(c.institution == self._institution, c.definition == hash, c.open)
        ).scalar_one()


def in_force_on(activations: Iterable[Activation], day: date) -> dict[str, Activation]:
    """Return, of each name, the activation in force on *day*: the latest by the day it holds from, then by number.

    Before its first day an institution is taken as it was on that day.
    """
    dated = sorted(activations, key=lambda one: (one.since, one.number))
    first = next((one.since for one in dated if one.name == REGISTER), day)
    return {one.name: one for one in dated if one.since <= max(day, first)}


def replaced_on(activations: Iterable[Activation], name: str, since: date) -> date | None:
    """Return the first day after *since* from which another version of *name* is dated ahead, or None."""
    return next_change((one for one in activations if one.name == name), since)


def next_change(activations: Iterable[Activation], day: date) -> date | None:
    """Return the first day after *day* on which something comes into force, or None."""
    return min((one.since for one in activations if one.since > day), default=None)


def digest_of(text: str) -> str:
    """Return the SHA-256 a text is known by: of its UTF-8 with line ends made one, as hex."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(normal.encode()).hexdigest()


def institutions(connection: Connection) -> tuple[str, ...]:
    """Return the institutions this database holds a register of."""
    query = select(t.activations.c.institution).where(t.activations.c.name == REGISTER).distinct()
    return tuple(connection.execute(query.order_by(t.activations.c.institution)).scalars())
