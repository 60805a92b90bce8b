"""Editions: how often the things a process may hold on to have changed.

Room for: the counters, raised in the commit that changes what they count, and who waits for whom meanwhile.
May not enter: the caches themselves (`engine/service/office.py`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from engine.store import tables as t

PEOPLE = "people"
DEFINITIONS = "definitions"
CALENDAR = "calendar"

ALL = "all"
"""The counter that every change raises: one number tells whether anything a process holds may be old."""


def bump(connection: Connection, institution: str, name: str) -> None:
    """Say that *name* changed."""
    c = t.editions.c
    for counter in (ALL, name):
        mine = (c.institution == institution, c.name == counter)
        raised = connection.execute(update(t.editions).where(*mine).values(number=c.number + 1))
        if raised.rowcount == 0:
            connection.execute(insert(t.editions).values(institution=institution, name=counter, number=1))


def hold(connection: Connection, institution: str, *, alone: bool) -> None:
    """Keep the calendar as it is until this transaction ends; *alone*: wait for all who do, and keep new ones waiting.

    So nobody writes by a calendar that a load, committed meanwhile, has taken the place of. On SQLite there is one
    writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {lock}(hashtextextended(:key, 0))"), {"key": f"anxu {institution}"})
        if alone:
            # Acts of one statement hold this row instead of the lock.
            mine = (t.editions.c.institution == institution, t.editions.c.name == ALL)
            connection.execute(select(t.editions.c.number).where(*mine).with_for_update())


def sum_of(cursor: Any, institution: str, *, sqlite: bool) -> int:
    """Return the sum of all counters, by a driver's *cursor*: one question, and outside any transaction."""
    mark = "?" if sqlite else "%s"
    cursor.execute(
        f"SELECT coalesce(sum(number), 0) FROM editions WHERE institution = {mark}", (institution,)
    )
    return int(cursor.fetchone()[0])


def editions(connection: Connection, institution: str) -> tuple[tuple[str, int], ...]:
    """Return every counter of the institution; equal answers mean that nothing changed."""
    c = t.editions.c
    rows = connection.execute(select(c.name, c.number).where(c.institution == institution).order_by(c.name))
    return tuple((row.name, row.number) for row in rows)
