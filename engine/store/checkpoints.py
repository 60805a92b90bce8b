"""Checkpoints in the store: what was sealed, how far the next one has come, and which cases are not sealed as they stand.

Room for: rows of checkpoints, seals and the sealing at work; append-only but for that one row.
May not enter: what a seal is hashed from (`engine/model/checkpoints.py`), when one is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, insert, select, update

from engine.errors import Conflict
from engine.model.checkpoints import Checkpoint, Seal
from engine.store import tables as t
from engine.text import Text

PAGE = 5_000
"""How many seals are read at a time."""

BEFORE_ALL_PLACES = -1
"""After this place of a checkpoint comes its first."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """The checkpoint *number* at work: cases up to the id *cursor* are looked at, *sealed* places taken."""

    number: int
    cursor: str
    sealed: int
    hashed: str
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A case as it stands whose present version no checkpoint knows; *head* is that of its last event row."""

    id: str
    number: str
    version: int
    head: str


class Checkpoints:
    """The checkpoints of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def last(self) -> Checkpoint | None:
        """Return the newest checkpoint, or None before the first."""
        query = self._mine().order_by(t.checkpoints.c.number.desc()).limit(1)
        row = self._on.execute(query).first()
        return _checkpoint(row) if row else None

    def get(self, number: int) -> Checkpoint | None:
        """Return the checkpoint with this number, or None."""
        row = self._on.execute(self._mine().where(t.checkpoints.c.number == number)).one_or_none()
        return _checkpoint(row) if row else None

    def since(self, number: int) -> tuple[Checkpoint, ...]:
        """Return the checkpoints from *number* on, in order."""
        query = self._mine().where(t.checkpoints.c.number >= number).order_by(t.checkpoints.c.number)
        return tuple(_checkpoint(row) for row in self._on.execute(query))

    def counts(self) -> tuple[int, int]:
        """Return how many cases there are, and how many events they have."""
        c = t.cases.c
        query = select(func.count(), func.coalesce(func.sum(c.version), 0))
        cases, events = self._on.execute(query.where(c.institution == self._institution)).one()
        return int(cases), int(events)

    def add(self, made: Checkpoint) -> None:
        """Write a finished checkpoint. Another one with its number is an IntegrityError, hence a Conflict."""
        self._on.execute(
            insert(t.checkpoints).values(
                institution=self._institution, number=made.number, day=made.day, made_at=made.made_at,
                cases=made.cases, events=made.events, sealed=made.sealed, hashed=made.hashed,
                root=made.root, previous=made.previous, head=made.head,
            )
        )  # fmt: skip

    # --- the one at work ----------------------------------------------------------------------------------

    def sealing(self) -> Sealing | None:
        """Return how far the checkpoint at work has come, or the last one that was finished."""
        c = t.sealings.c
        row = self._on.execute(select(t.sealings).where(c.institution == self._institution)).one_or_none()
        return Sealing(row.number, row.cursor, row.sealed, row.hashed, row.finished_at) if row else None

    def begin(self, number: int, hashed: str, before: Sealing | None) -> Sealing:
        """Begin to seal checkpoint *number*. Raises Conflict where somebody else has."""
        fresh = Sealing(number, "", 0, hashed, None)
        if before is None:
            self._on.execute(
                insert(t.sealings).values(
                    institution=self._institution,
                    number=number,
                    cursor="",
                    sealed=0,
                    hashed=hashed,
                    finished_at=None,
                )
            )
        else:
            self._change(before, number=number, cursor="", sealed=0, hashed=hashed, finished_at=None)
        return fresh

    def seal(self, before: Sealing, seals: Sequence[Seal], cursor: str) -> Sealing:
        """Write *seals* down under the checkpoint at work. Raises Conflict where somebody else went on meanwhile."""
        self._change(before, cursor=cursor, sealed=before.sealed + len(seals))
        if seals:
            self._on.execute(
                insert(t.seals),
                [
                    {"institution": self._institution, "kind": one.kind, "subject": one.subject, "version": one.version,
                     "checkpoint": before.number, "place": place, "name": one.name, "head": one.head, "beside": one.beside}
                    for place, one in enumerate(seals, before.sealed)
                ],
            )  # fmt: skip
        return Sealing(before.number, cursor, before.sealed + len(seals), before.hashed, None)

    def finish(self, before: Sealing, at: datetime) -> None:
        """Say that the checkpoint at work is made. Raises Conflict where somebody else has gone on or finished it."""
        self._change(before, finished_at=at)

    def _change(self, before: Sealing, **values: object) -> None:
        c = t.sealings.c
        same = (
            c.institution == self._institution, c.number == before.number, c.cursor == before.cursor,
            c.sealed == before.sealed,
            c.finished_at.is_(None) if before.finished_at is None else c.finished_at.is_not(None),
        )  # fmt: skip
        if self._on.execute(update(t.sealings).where(*same).values(**values)).rowcount != 1:
            raise Conflict(
                Text("另一节点正在生成检查点，请重试。", "Another node is making a checkpoint; try again.")
            )

    # --- seals --------------------------------------------------------------------------------------------

    def unsealed(self, after: str, most: int) -> tuple[Unsealed, ...]:
        """Return the next cases, by id, whose present version has no seal; one without its last event has an empty head."""
        c, e, s = t.cases.c, t.events.c, t.seals.c
        there = exists().where(
            s.institution == c.institution, s.kind == "case", s.subject == c.id, s.version == c.version
        )
        last = and_(e.institution == c.institution, e.case_id == c.id, e.seq == c.version)
        query = (
            select(c.id, c.number, c.version, e.hash)
            .select_from(t.cases.outerjoin(t.events, last))
            .where(c.institution == self._institution, c.id > after, ~there)
            .order_by(c.id)
            .limit(most)
        )
        return tuple(Unsealed(r.id, r.number, r.version, r.hash or "") for r in self._on.execute(query))

    def backdated(self, ids: Sequence[str], before: datetime) -> tuple[tuple[str, int], ...]:
        """Return (case, seq) of the first event of each of these cases that no seal covers and that says it is older than *before*."""
        e, s = t.events.c, t.seals.c
        sealed = (
            select(func.coalesce(func.max(s.version), 0))
            .where(s.institution == e.institution, s.kind == "case", s.subject == e.case_id)
            .scalar_subquery()
        )
        query = (
            select(e.case_id, func.min(e.seq))
            .where(
                e.institution == self._institution,
                e.case_id.in_(list(ids)),
                e.recorded_at < before,
                e.seq > sealed,
            )
            .group_by(e.case_id)
            .order_by(e.case_id)
        )
        return tuple((case, seq) for case, seq in self._on.execute(query))

    def known_in(self, kind: str) -> dict[tuple[str, int], tuple[Seal, int]]:
        """Return the seals of a kind of which there are few, each with its checkpoint, by subject and version."""
        query = self._seals().where(t.seals.c.kind == kind)
        return {(r.subject, r.version): (_seal(r), r.checkpoint) for r in self._on.execute(query)}

    def newest(self, kind: str, subject: str, most: int, made: int) -> tuple[Seal, int, int] | None:
        """Return the last seal of a subject up to version *most*, of a checkpoint up to *made*, with that and its place, or None."""
        c = t.seals.c
        query = self._seals().where(
            c.kind == kind, c.subject == subject, c.version <= most, c.checkpoint <= made
        )
        row = self._on.execute(query.order_by(c.version.desc()).limit(1)).first()
        return (_seal(row), row.checkpoint, row.place) if row else None

    def of_cases(self, first: str, last: str) -> dict[str, list[tuple[Seal, int]]]:
        """Return the seals of the cases with ids from *first* to *last*, each with its checkpoint, by case in order."""
        c = t.seals.c
        query = self._seals().where(c.kind == "case", c.subject >= first, c.subject <= last)
        found: dict[str, list[tuple[Seal, int]]] = {}
        for row in self._on.execute(query.order_by(c.subject, c.version)):
            found.setdefault(row.subject, []).append((_seal(row), row.checkpoint))
        return found

    def leaves(self, number: int) -> Iterator[tuple[int, Seal]]:
        """Yield the seals of a checkpoint with their places, in order, a page at a time."""
        after: int | None = BEFORE_ALL_PLACES
        while after is not None:
            page, after = self.page_of_leaves(number, after)
            yield from page

    def page_of_leaves(self, number: int, after: int) -> tuple[Sequence[tuple[int, Seal]], int | None]:
        """Return the next seals of a checkpoint with their places, in order, and after which place to go on; None: no more."""
        c = t.seals.c
        query = self._seals().where(c.checkpoint == number, c.place > after)
        rows = self._on.execute(query.order_by(c.place).limit(PAGE)).all()
        return [(row.place, _seal(row)) for row in rows], rows[-1].place if len(rows) == PAGE else None

    def gone(self, after: str, most: int) -> tuple[tuple[str, str, int], ...]:
        """Return the next (id, number, last sealed version), by id, of sealed cases whose row is not there any more."""
        s, c = t.seals.c, t.cases.c
        there = exists().where(c.institution == s.institution, c.id == s.subject)
        query = (
            select(s.subject, func.max(s.name).label("name"), func.max(s.version).label("version"))
            .where(s.institution == self._institution, s.kind == "case", s.subject > after, ~there)
            .group_by(s.subject)
            .order_by(s.subject)
            .limit(most)
        )
        return tuple((row.subject, row.name, row.version) for row in self._on.execute(query))

    def strays(self) -> int:
        """Return how many seals belong to no checkpoint, made or at work."""
        s, p, w = t.seals.c, t.checkpoints.c, t.sealings.c
        made = exists().where(p.institution == s.institution, p.number == s.checkpoint)
        working = exists().where(
            w.institution == s.institution, w.number == s.checkpoint, w.finished_at.is_(None)
        )
        query = select(func.count()).select_from(t.seals)
        return int(
            self._on.execute(query.where(s.institution == self._institution, ~made, ~working)).scalar_one()
        )

    def _mine(self) -> Any:
        return select(t.checkpoints).where(t.checkpoints.c.institution == self._institution)

    def _seals(self) -> Any:
        return select(t.seals).where(t.seals.c.institution == self._institution)


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(
        row.institution, row.number, row.day, row.made_at, row.cases, row.events, row.sealed, row.root,
        row.previous, row.hashed, row.head,
    )  # fmt: skip


def _seal(row: Any) -> Seal:
    return Seal(row.kind, row.subject, row.version, row.name, row.head, row.beside)
