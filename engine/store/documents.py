"""Documents: contents by hash, and which case has which.

Room for: storing a content once and finding it again.
May not enter: who may read one (`engine/service`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from engine.core.writing import plain_name
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file as it was handed in."""

    kind: str
    name: str
    content: bytes
    media_type: str = "application/octet-stream"

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, as hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document of a case, without its content."""

    kind: str
    name: str
    digest: str
    matter: str
    seq: int
    size: int
    media_type: str = ""
    moved_to: int | None = None
    """The archive row by which its content left the store; None while it is here."""


class Documents:
    """The documents of one institution on one connection."""

    def __init__(self, connection: Connection, institution: str) -> None:
        self._on = connection
        self._institution = institution

    def keep(self, attachment: Attachment, case_id: str, matter: str, seq: int, at: datetime) -> None:
        """Store the content, if it is new, and note that this case has it since event *seq*."""
        mine = (t.documents.c.institution == self._institution, t.documents.c.digest == attachment.digest)
        there = self._on.execute(select(t.documents.c.moved_to).where(*mine)).first()
        if there is None:
            self._on.execute(
                insert(t.documents).values(
                    institution=self._institution, digest=attachment.digest, media_type=attachment.media_type,
                    size=len(attachment.content), content=attachment.content, stored_at=at,
                )
            )  # fmt: skip
        elif there.moved_to is not None:
            # Whoever hands it in again has it, whatever bundle the other case's copy is in.
            again = {"content": attachment.content, "moved_to": None}
            self._on.execute(update(t.documents).where(*mine).values(**again))
        c = t.case_documents.c
        known = self._on.execute(
            select(c.seq).where(
                c.institution == self._institution, c.case_id == case_id,
                c.digest == attachment.digest, c.kind == attachment.kind, c.matter == matter,
            )
        ).first()  # fmt: skip
        if known is None:
            self._on.execute(
                insert(t.case_documents).values(
                    institution=self._institution, case_id=case_id, digest=attachment.digest, kind=attachment.kind,
                    name=plain_name(attachment.name)[:255], matter=matter, seq=seq,
                )
            )  # fmt: skip

    def of_case(self, case_id: str) -> tuple[KnownDocument, ...]:
        """Return what a case has, in the order it came."""
        c, d = t.case_documents.c, t.documents.c
        rows = self._on.execute(
            select(t.case_documents, d.size, d.media_type, d.moved_to)
            .join(t.documents, (d.institution == c.institution) & (d.digest == c.digest))
            .where(c.institution == self._institution, c.case_id == case_id)
            .order_by(c.seq, c.kind)
        )
        return tuple(
            KnownDocument(r.kind, r.name, r.digest, r.matter, r.seq, r.size, r.media_type, r.moved_to)
            for r in rows
        )

    def missing(self, case_id: str, digests: Collection[str]) -> frozenset[str]:
        """Return which of *digests* this case does not have any more."""
        return frozenset(digests) - {document.digest for document in self.of_case(case_id)}

    def changed(self, most: int = 50) -> Iterator[str]:
        """Yield the digests whose stored content is not theirs any more; what moved to a bundle of a case that has it is empty.

        Contents are read some at a time, so that all of them never stand in memory.
        """
        d, a, p, after = t.documents.c, t.archives.c, t.case_documents.c, ""
        # A bundle of another case never had it: whoever says it went there has made away with it.
        known = exists().where(
            a.institution == d.institution, a.number == d.moved_to, a.kind == "removed",
            p.institution == a.institution, p.case_id == a.case_id, p.digest == d.digest,
        )  # fmt: skip
        while True:
            query = select(d.digest, d.size, d.content, known.label("moved")).where(
                d.institution == self._institution, d.digest > after
            )
            rows = self._on.execute(query.order_by(d.digest).limit(most)).all()
            for row in rows:
                gone = row.moved and not row.content
                own = hashlib.sha256(row.content).hexdigest() == row.digest and len(row.content) == row.size
                if not gone and not own:
                    yield row.digest
            if len(rows) < most:
                return
            after = rows[-1].digest

    def content(self, case_id: str, digest: str) -> Attachment | None:
        """Return a document of this case with its content, or None where the case has none or it moved to a bundle."""
        c, d = t.case_documents.c, t.documents.c
        row = self._on.execute(
            select(c.kind, c.name, d.content, d.media_type, d.moved_to)
            .join(t.documents, (d.institution == c.institution) & (d.digest == c.digest))
            .where(c.institution == self._institution, c.case_id == case_id, c.digest == digest)
            .limit(1)
        ).first()
        if row is None or (row.moved_to is not None and not row.content):
            return None
        return Attachment(row.kind, row.name, row.content, row.media_type)
