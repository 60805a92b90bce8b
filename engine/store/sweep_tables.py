"""Sweep tables: what processes that fire rungs tell each other: which cases failed, and who is there.

Room for: these tables and their keys; their rows can all be lost and are made anew.
May not enter: every other table (`tables.py`, by whose name these are reached too), queries.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from engine.store.columns import Instant
from engine.store.table_parts import institution as _institution
from engine.store.table_parts import metadata

setbacks = Table(
    "setbacks", metadata, _institution(),
    Column("case_id", String(40), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("zh", Text, nullable=False), Column("en", Text, nullable=False),
)  # fmt: skip
"""Cases whose due rungs could not be fired, and why; taken again at *next_at*, and put aside where that is None."""

sweepers = Table(
    "sweepers", metadata, _institution(),
    Column("node", String(120), primary_key=True),
    Column("edition", String(20), nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("swept_at", Instant),
    Column("fired", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("lag_seconds", Integer, nullable=False),
    Column("clock_seconds", Integer, nullable=False),
)  # fmt: skip
"""Every process that sweeps: when it was last seen, what it has fired so far, how much of that was *late*, how often a
case failed; how long its last work had been due, and by how much its clock is ahead of the database's."""
