"""Bare sweep: the least that fires due rungs: a batch claimed by plain statements, each with its case, event, timer and log.

Room for: the plain log beside the tables of `bare_acts.py`, and the statements of the driver.
May not enter: the engine.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from engine.run.bench import bare_acts
from engine.run.bench.bare_acts import EVENT, EVENT_BODY, SET, TIMER

TABLES = (
    *bare_acts.TABLES,
    "CREATE TABLE bare_log (case_id text, seq integer, line text)",
    "CREATE INDEX bare_log_key ON bare_log (case_id, seq)",
)
"""What bare acts leave behind, and a log of what was fired."""

CLAIM = (
    "SELECT t.case_id, c.version, c.body FROM bare_timers t JOIN bare_cases c ON c.id = t.case_id "
    "WHERE t.due_at <= '2026-09-30 16:00:00' ORDER BY t.due_at, t.case_id LIMIT {n}"
)
LOCKED = " FOR UPDATE OF t SKIP LOCKED"
LOG = "INSERT INTO bare_log (case_id, seq, line) VALUES ({0}, {0}, {0})"

LINE = "x" * 150
"""As long as that of an ordinary rung."""


class BareSweep:
    """Batches of *size* rungs, claimed and fired one after another on one connection of the driver."""

    def __init__(self, connection: Any, size: int) -> None:
        self._on = connection
        self._done = 0
        self._sqlite = isinstance(connection, sqlite3.Connection)
        mark = "?" if self._sqlite else "%s"
        self._claim = CLAIM.format(n=size) + ("" if self._sqlite else LOCKED)
        self._set, self._event, self._timer, self._log = (
            text.format(mark) for text in (SET, EVENT, TIMER, LOG)
        )

    def batch(self) -> int:
        """Fire one batch in one transaction; return how many it had."""
        on = self._on.cursor()
        if self._sqlite:
            on.execute("BEGIN IMMEDIATE")
        due = on.execute(self._claim).fetchall()
        self._done += 1
        later = f"2027-{self._done % 12 + 1:02}-15 16:00:00"
        on.executemany(self._set, [(v + 1, "fired", body, case, v) for case, v, body in due])
        on.executemany(self._event, [(case, v + 1, "0" * 64, EVENT_BODY) for case, v, _ in due])
        on.executemany(self._timer, [(later, case) for case, _, _ in due])
        on.executemany(self._log, [(case, v + 1, LINE) for case, v, _ in due])
        self._on.commit()
        on.close()
        return len(due)
