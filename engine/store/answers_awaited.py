"""Answers awaited: a connection whose answer does not come is cut, so that nobody waits behind it for ever.

Room for: noting when a question was asked, and one thread that looks for those too old.
May not enter: what was asked, what a cut means (`faults.py`).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

LOOK_EVERY = 0.5
"""Seconds between two looks."""

AWAITED = "anxu awaited"


def asked(info: Any, at: float | None) -> None:
    """Note on the connection with this *info* that a question was asked *at*, or (None) that it was answered."""
    if one := info.get(AWAITED):
        one.since = at


class Awaited:
    """One connection: *since* is when its open question was asked, None while none is."""

    __slots__ = ("connection", "since")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.since: float | None = None

    def cut(self) -> None:
        """Break the connection under whoever waits on it: they get an error, as if the server had gone."""
        descriptor = self.connection.pgconn.socket
        if descriptor >= 0:
            with socket.socket(fileno=os.dup(descriptor)) as line:
                line.shutdown(socket.SHUT_RDWR)


class AnswersAwaited:
    """Cuts connections of an engine that wait for one answer longer than *most* seconds.

    A path that stalls without a word, with the far end of the line alive, is ended by no time-out of TCP, and a
    time-out of the server cannot be used (`reaching.OF_NODES`).
    """

    def __init__(self, most: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._known: set[Awaited] = set()
        self._watching: threading.Thread | None = None

    def watch(self, engine: Engine) -> None:
        """Watch every connection of *engine* from now on."""
        event.listen(engine, "connect", self._came)
        for gone in ("close", "close_detached", "invalidate"):
            event.listen(engine, gone, self._went)
        event.listen(engine, "before_cursor_execute", self._asked)
        event.listen(engine, "after_cursor_execute", self._answered)
        event.listen(engine, "handle_error", self._failed)
        # Whoever commits gives the connection back next, which ends that wait.
        event.listen(engine, "commit", lambda connection: asked(connection.info, self._clock()))
        event.listen(engine, "reset", lambda _, record, __: asked(record.info, self._clock()))
        event.listen(engine, "checkin", lambda _, record: asked(record.info, None))

    def look(self) -> int:
        """Cut what has waited too long, and return how many connections that were."""
        now, cut = self._clock(), 0
        with self._lock:
            for one in self._known:
                if one.since is not None and now - one.since > self._most:
                    one.since = None
                    one.cut()
                    cut += 1
        return cut

    def _came(self, connection: Any, record: Any) -> None:
        record.info[AWAITED] = one = Awaited(connection)
        with self._lock:
            self._known.add(one)
            if self._watching is None:
                self._watching = threading.Thread(target=self._keep_looking, name="anxu-answers", daemon=True)
                self._watching.start()

    def _went(self, _connection: Any, record: Any = None, *_: Any) -> None:
        one = record.info.get(AWAITED) if record is not None else None
        with self._lock:
            self._known.discard(one)

    def _keep_looking(self) -> None:
        tick = threading.Event()
        while not tick.wait(LOOK_EVERY):
            self.look()
            with self._lock:
                if not self._known:
                    self._watching = None
                    return

    def _asked(self, connection: Any, *_: Any) -> None:
        asked(connection.info, self._clock())

    def _answered(self, connection: Any, *_: Any) -> None:
        asked(connection.info, None)

    def _failed(self, context: Any) -> None:
        connection = context.connection
        if connection is not None and not connection.invalidated and not connection.closed:
            asked(connection.info, None)
