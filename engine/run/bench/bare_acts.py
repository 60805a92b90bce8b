"""Bare acts: the least that leaves the same behind: a case compared and set, an event, a timer, in one commit.

Room for: the plain tables beside the engine's own, and the four statements of the driver.
May not enter: the engine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

TABLES = (
    "CREATE TABLE bare_cases AS SELECT id, version, state, body FROM cases",
    "CREATE UNIQUE INDEX bare_cases_key ON bare_cases (id)",
    "CREATE TABLE bare_events AS SELECT case_id, seq, hash, body FROM events",
    "CREATE UNIQUE INDEX bare_events_key ON bare_events (case_id, seq)",
    "CREATE TABLE bare_timers AS SELECT id AS case_id, 'award.limit' AS subject, '2026-09-30 16:00:00' AS due_at FROM cases",
    "CREATE UNIQUE INDEX bare_timers_key ON bare_timers (case_id, subject)",
    "CREATE INDEX bare_timers_due ON bare_timers (due_at, case_id)",
)
"""As many rows as the engine has, each as long as its own."""

READ = "SELECT version, body FROM bare_cases WHERE id = {0}"
SET = "UPDATE bare_cases SET version = {0}, state = {0}, body = {0} WHERE id = {0} AND version = {0}"
EVENT = "INSERT INTO bare_events (case_id, seq, hash, body) VALUES ({0}, {0}, {0}, {0})"
TIMER = "UPDATE bare_timers SET due_at = {0} WHERE case_id = {0} AND subject = 'award.limit'"

EVENT_BODY = "x" * 700
"""As long as the event of an ordinary act."""


class BareActs:
    """Acts on the cases with *ids*, one after another, round and round, on one connection of the driver."""

    def __init__(self, connection: Any, ids: Sequence[str]) -> None:
        self._on = connection
        self._ids = ids
        self._done = 0
        self._sqlite = isinstance(connection, sqlite3.Connection)
        mark = "?" if self._sqlite else "%s"
        self._read, self._set, self._event, self._timer = (
            text.format(mark) for text in (READ, SET, EVENT, TIMER)
        )

    def act(self) -> None:
        """Do one act in one transaction, which the driver commits."""
        case = self._ids[self._done % len(self._ids)]
        self._done += 1
        on = self._on.cursor()
        if self._sqlite:
            on.execute("BEGIN IMMEDIATE")
        version, body = on.execute(self._read, (case,)).fetchone()
        on.execute(self._set, (version + 1, "moved", body, case, version))
        on.execute(self._event, (case, version + 1, "0" * 64, EVENT_BODY))
        on.execute(self._timer, (f"2026-10-{self._done % 28 + 1:02} 16:00:00", case))
        self._on.commit()
        on.close()
