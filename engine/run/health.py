"""Health: whether this process lives, and whether it may be sent work.

Room for: the reasons why a node is not ready, and whether its scheduler still rings.
May not enter: HTTP (`monitoring.py`), figures (`metrics.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import AnxuError, ClockApart, StoreAway
from engine.run.settings import INTERVAL_MOST
from engine.service.engine import Engine
from engine.service.sweeping import Swept

SILENT_AFTER = 4 * INTERVAL_MOST
"""Seconds without a ring after which the scheduler counts as dead."""

STOPPING = "stopping"
AWAY = "database_away"
BEHIND = "schema_behind"
UNREADABLE = "rules_unreadable"
SILENT = "scheduler_silent"
APART = "clock_apart"


@dataclass(slots=True)
class Ringing:
    """Notes when a sweep began last, and whether it found this machine's clock to be another than the database's."""

    clock: Callable[[], float] = time.monotonic
    last: float | None = None
    clock_was_set: Callable[[], int] = lambda: 0
    apart: bool = False

    def noted(self, sweep: Callable[[], Swept]) -> Callable[[], Swept]:
        """Return *sweep* so that each ring is noted, whatever comes of it."""

        def rung() -> Swept:
            self.last = self.clock()
            try:
                swept = sweep()
                self.apart = False
                return swept
            except ClockApart:
                self.apart = True
                raise
            finally:
                self.last = self.clock()

        return rung

    def silent(self) -> bool:
        """Return whether there was no ring for too long."""
        return self.last is not None and self.clock() - self.last > SILENT_AFTER


@dataclass(slots=True)
class Health:
    """What is known of this process. *ringing* is None where it sweeps nothing."""

    engine: Engine
    ringing: Ringing | None = None
    stopping: bool = field(default=False)

    def stop(self) -> None:
        """Be no longer ready: the process is about to end."""
        self.stopping = True

    def unready(self) -> str | None:
        """Return why no work may be sent here, as a code; None where it may."""
        if self.stopping:
            return STOPPING
        database = self.engine.office.database
        try:
            if database.behind():
                return BEHIND
            self.engine.rules()
        except StoreAway:
            return AWAY
        except AnxuError:
            return UNREADABLE
        if self.ringing is None:
            return None
        return SILENT if self.ringing.silent() else None

    def remark(self) -> str | None:
        """Return what whoever watches should know of a node that is ready, as a code, or None.

        A clock that is apart is no reason to send nobody here: where it is the database's own, every node would be gone.
        """
        return APART if self.ringing is not None and self.ringing.apart else None
