"""Seal tables: what was sealed, how far the next checkpoint has come, and where archived contents went.

Room for: these tables and their keys; all of them are append-only but for `sealings`, one row an institution.
May not enter: every other table (`tables.py`, by whose name these are reached too), queries.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from engine.store.columns import Instant
from engine.store.table_parts import institution as _institution
from engine.store.table_parts import metadata

checkpoints = Table(
    "checkpoints", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("cases", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("sealed", Integer, nullable=False),
    Column("hashed", String(20), nullable=False),
    Column("root", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("head", String(64), nullable=False),
)  # fmt: skip
"""Append-only. *root* is that of the Merkle tree over the seals of this checkpoint, *head* is over everything in the row and the head before it."""

seals = Table(
    "seals", metadata, _institution(),
    Column("kind", String(20), primary_key=True),
    Column("subject", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("checkpoint", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("head", String(64), nullable=False),
    Column("beside", String(64), nullable=False),
    Index("seals_by_place", "institution", "checkpoint", "place", unique=True),
)  # fmt: skip
"""Append-only: that *subject* had this *head* at this *version*; *place* is its leaf in the tree of its checkpoint.

Of a case: the hash of its event *version*; *beside* is the hash of its documents' names and of the dates it showed until then.
"""

sealings = Table(
    "sealings", metadata, _institution(),
    Column("number", Integer, nullable=False),
    Column("cursor", String(40), nullable=False),
    Column("sealed", Integer, nullable=False),
    Column("hashed", String(20), nullable=False),
    Column("finished_at", Instant),
)  # fmt: skip
"""How far the checkpoint *number* has been sealed: up to the case *cursor*, with *sealed* places taken."""

archives = Table(
    "archives", metadata, _institution(),
    Column("number", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("case_id", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("file", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("signer", String(64), nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Index("archives_by_case", "institution", "case_id", "number"),
)  # fmt: skip
"""Append-only: that a case as of *version* went into the bundle *file* (``out``), its contents left the store (``removed``), or
it came back from there (``back``). *digest* is the SHA-256 of the bundle, *signer* the public key it is signed by."""
