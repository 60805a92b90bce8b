"""A line to the database that can be slow, silent, cut or dead: a proxy of TCP on this machine."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import selectors
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Line:
    """Hands on what comes for one port to *there*, each piece *delay* seconds late. One thread, any number of lines."""

    def __init__(self, there: tuple[str, int] | str) -> None:
        self._there = there
        self.delay = 0.0
        self.stalled = False
        self._refusing = False
        self._listening = self._listen(0)
        self.port: int = self._listening.getsockname()[1]
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._late: list[tuple[float, int, socket.socket, bytes]] = []
        self._number = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()
        self.cut()
        self._listening.close()
        self._selector.close()

    def cut(self) -> None:
        """Break every connection there is."""
        with self._lock:
            for one in list(self._pairs):
                self._drop(one)

    def die(self) -> None:
        """Refuse whatever comes from now on, and break what there is."""
        with self._lock:
            self._refusing = True
        self.cut()

    def live(self) -> None:
        """Take connections again."""
        with self._lock:
            self._refusing = False

    def _listen(self, port: int) -> socket.socket:
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        found.listen(256)
        return found

    def _run(self) -> None:
        while not self._closing.is_set():
            wait = 0.02
            if self._late:
                wait = min(wait, max(0.0, self._late[0][0] - time.monotonic()))
            ready = self._selector.select(wait)
            with self._lock:
                for key, _ in ready:
                    one = key.fileobj
                    assert isinstance(one, socket.socket)
                    if one is self._listening:
                        self._accept()
                    elif one in self._pairs:
                        self._take(one)
                self._hand_on()

    def _accept(self) -> None:
        near, _ = self._listening.accept()
        if self._refusing:
            near.close()
            return
        if isinstance(self._there, str):
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._there)
        else:
            far = socket.create_connection(self._there)
        self._pairs |= {near: far, far: near}
        for one in (near, far):
            self._selector.register(one, selectors.EVENT_READ)

    def _take(self, one: socket.socket) -> None:
        try:
            piece = one.recv(65536)
        except OSError:
            piece = b""
        if not piece:
            self._drop(one)
            return
        heapq.heappush(
            self._late, (time.monotonic() + self.delay, next(self._number), self._pairs[one], piece)
        )

    def _hand_on(self) -> None:
        while not self.stalled and self._late and self._late[0][0] <= time.monotonic():
            _, _, to, piece = heapq.heappop(self._late)
            if to in self._pairs:
                try:
                    to.sendall(piece)
                except OSError:
                    self._drop(to)

    def _drop(self, one: socket.socket) -> None:
        other = self._pairs.pop(one, None)
        if other is not None:
            self._pairs.pop(other, None)
            for end in (one, other):
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(end)
                end.close()
