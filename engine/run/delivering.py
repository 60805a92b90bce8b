"""Delivering beside the sweep: each channel in a thread of its own, so that one that hangs holds up nobody.

Room for: threads a channel, at most one each; a round by hand.
May not enter: what is due and how it is tried again (`engine/service/delivering.py`), when to ring (`scheduler.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from engine.errors import AnxuError
from engine.run.channels.post import Post
from engine.service.delivering import Delivered, Sender, carry, clear, deliver, due_channels
from engine.service.engine import Engine

log = structlog.get_logger(__name__)

CLEARED_EVERY = timedelta(hours=1)


class Deliverer:
    """Sends what the outbox of *engine* holds, by *sender* (None: the machine's own post)."""

    def __init__(self, engine: Engine, sender: Sender | None = None) -> None:
        self._engine = engine
        self._sender = sender or Post(rehearsal=engine.rules().register.rehearsal)
        self._busy: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._cleared: datetime | None = None

    def once(self) -> Delivered:
        """Send what is due now by every channel, and return when all are through. Raises StoreAway, ClockApart."""
        return deliver(self._engine.office, self._engine.now, self._sender)

    def ring(self) -> None:
        """See to it that every channel with something to send has a thread that does; returns at once and never raises."""
        self._told(self._ring)

    def wait(self, seconds: float) -> None:
        """Wait for the threads that are at work, at most so long each."""
        with self._lock:
            threads = tuple(self._busy.values())
        for thread in threads:
            thread.join(seconds)

    def _ring(self) -> None:
        at = self._engine.now()
        for name in due_channels(self._engine.office, at, self._sender):
            with self._lock:
                running = self._busy.get(name)
                if running is not None and running.is_alive():
                    continue
                # A daemon: whoever is stopped in the middle of a message has it sent again by the next.
                thread = threading.Thread(
                    target=self._told,
                    args=(lambda name=name: self._carry(name),),
                    name=f"anxu-channel-{name}",
                    daemon=True,
                )
                self._busy[name] = thread
                thread.start()
        if self._cleared is None or abs(at - self._cleared) >= CLEARED_EVERY:
            clear(self._engine.office, at)
            self._cleared = at

    def _carry(self, name: str) -> None:
        done = carry(self._engine.office, self._engine.now, self._sender, name)
        if done != Delivered():
            log.info("delivered", channel=name, sent=done.sent, failed=done.failed, dead=done.dead)

    @staticmethod
    def _told(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            # A sentence of ours never holds a secret; of another error the name must do.
            said = error.sentence.en if isinstance(error, AnxuError) else type(error).__name__
            log.error("delivery_failed", cause=" ".join(said.split()))
