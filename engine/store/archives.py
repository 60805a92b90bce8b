"""Archives: which case went into which bundle, whose contents left the store, and what came back.

Room for: append-only rows, and a document's content moved out and in again.
May not enter: bundles themselves (`engine/service/bundles.py`), signatures.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, exists, func, insert, select, update

from engine.store import tables as t

Kind = Literal["out", "removed", "back"]


@dataclass(frozen=True, slots=True)
class Archived:
    """That a case as of *version* went into the bundle *file* (``out``), left its contents there (``removed``), or came back.

    *digest* is the SHA-256 of the bundle, *signer* the public key it is signed by, both as hex.
    """

    number: int
    kind: str
    case: str
    version: int
    file: str
    digest: str
    signer: str
    by: str
    at: datetime


class Archives:
    """The archive rows of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def add(
        self, kind: Kind, case: str, version: int, file: str, digest: str, signer: str, by: str, at: datetime
    ) -> Archived:
        """Write a row under the next number and return it."""
        c = t.archives.c
        last = select(func.max(c.number)).where(c.institution == self._institution)
        number = (self._on.execute(last).scalar_one_or_none() or 0) + 1
        made = Archived(number, kind, case, version, file[:255], digest, signer, by[:120], at)
        self._on.execute(
            insert(t.archives).values(
                institution=self._institution, number=number, kind=kind, case_id=case, version=version,
                file=made.file, digest=digest, signer=signer, by=made.by, at=at,
            )
        )  # fmt: skip
        return made

    def all(self) -> tuple[Archived, ...]:
        """Return every row in order of its number."""
        return self._of()

    def of_case(self, case: str) -> tuple[Archived, ...]:
        """Return the rows of a case in order of their numbers."""
        return self._of(t.archives.c.case_id == case)

    def ended(self, after: str, most: int) -> tuple[str, ...]:
        """Return the ids of the next cases, by id, that have ended."""
        c = t.cases.c
        mine = (c.institution == self._institution, ~c.open, c.id > after)
        return tuple(self._on.execute(select(c.id).where(*mine).order_by(c.id).limit(most)).scalars())

    def signers(self) -> frozenset[str]:
        """Return the public keys this office's bundles were signed by."""
        c = t.archives.c
        mine = (c.institution == self._institution, c.kind == "out")
        return frozenset(self._on.execute(select(c.signer).where(*mine).distinct()).scalars())

    def came_back(self, cases: Sequence[str]) -> frozenset[str]:
        """Return which of *cases* were ever brought back from a bundle."""
        c = t.archives.c
        mine = (c.institution == self._institution, c.kind == "back", c.case_id.in_(list(cases)))
        return frozenset(self._on.execute(select(c.case_id).where(*mine)).scalars())

    def move_out(self, case: str, digests: Collection[str], number: int) -> int:
        """Empty the contents of *digests* that no other case has, and note the row *number* they went by; return how many."""
        d, p = t.documents.c, t.case_documents.c
        others = exists().where(p.institution == d.institution, p.digest == d.digest, p.case_id != case)
        done = self._on.execute(
            update(t.documents)
            .where(
                d.institution == self._institution, d.digest.in_(list(digests)), d.moved_to.is_(None), ~others
            )
            .values(content=b"", moved_to=number)
        )
        return done.rowcount

    def move_in(self, digest: str, content: bytes) -> bool:
        """Give a document its content back; False where it never left."""
        d = t.documents.c
        mine = (d.institution == self._institution, d.digest == digest, d.moved_to.is_not(None))
        return (
            self._on.execute(update(t.documents).where(*mine).values(content=content, moved_to=None)).rowcount
            > 0
        )

    def _of(self, *where: Any) -> tuple[Archived, ...]:
        c = t.archives.c
        query = select(t.archives).where(c.institution == self._institution, *where).order_by(c.number)
        return tuple(
            Archived(r.number, r.kind, r.case_id, r.version, r.file, r.digest, r.signer, r.by, r.at)
            for r in self._on.execute(query)
        )
