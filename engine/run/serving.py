"""Serving: the console behind a plain HTTP server, until somebody stops it.

Room for: finding the web application by entry point, waitress, how long a request may queue, a stop that lets what is
under way finish.
May not enter: the web application itself: this floor knows only the door it is registered under; what is asked of
`/readyz` (`health.py`).
"""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any, cast

from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from engine.errors import UnknownName, WrongUse
from engine.service.engine import Engine
from engine.text import Text

GROUP = "anxu.web"
THREADS = 8

CONNECTIONS = 1000
"""So many browsers may be connected at once; more wait to be let in."""

LARGEST_REQUEST = 24 * 1024 * 1024
"""Over what the console itself accepts, so that it is the one to say no in words."""

QUEUED = "anxu.queued"
"""Where a request's environment says for how many seconds it waited for a thread."""

TURNED_AWAY = 2.75
"""After so many seconds one thread beside the others takes a request, only to have it turned away: longer than the
console's own limit (`QUEUED_MOST` in `web/away.py`), so that this thread never does a request's work."""

FINISH_SECONDS = 20.0
"""What is under way when the server is told to stop may take so long to finish."""

LOOK_EVERY = 0.25

Sockets = MutableMapping[int, Any]


def console(engine: Engine, *, secret_key: str | None = None, https: bool = False) -> Any:
    """Return the web application for *engine*, found by entry point. Raises UnknownName where none is installed.

    With *secret_key* sign-ins outlive a restart; with *https* cookies are for HTTPS alone.
    """
    for entry in entry_points(group=GROUP):
        return entry.load()(engine, secret_key=secret_key, secure_cookies=https)
    raise UnknownName(
        Text(
            f"没有安装网页应用（入口组 {GROUP}）。",
            f"No web application is installed (entry points {GROUP}).",
        )
    )


class _Queued:
    """A request that waits for a thread."""

    def __init__(self, task: Any, at: float, note: Callable[[float], None]) -> None:
        self._task, self._note = task, note
        self.at = at

    def service(self) -> None:
        self._note(self.at)
        self._task.service()

    def cancel(self) -> None:
        self._task.cancel()


class Queue(ThreadedTaskDispatcher):
    """Threads that answer requests, and that know for how long the one they answer has waited.

    One more thread tells those who waited too long: where all others wait for the database, nobody else would.
    """

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._mine = threading.local()
        self._over = threading.Event()
        # The queue's depth is a figure of `/metrics`; a line of the log a request would only add to the load.
        self.queue_logger.disabled = True
        self.set_thread_count(threads)
        threading.Thread(target=self._keep_turning_away, name="anxu-turning-away", daemon=True).start()

    def add_task(self, task: Any) -> None:
        super().add_task(cast(Any, _Queued(task, self._clock(), self._began)))

    def _began(self, at: float) -> None:
        self._mine.since = at

    def waited(self) -> float:
        """Return for how many seconds the request of this thread waited; said once, for its connection's first."""
        since, self._mine.since = getattr(self._mine, "since", None), None
        return 0.0 if since is None else self._clock() - since

    def depth(self) -> int:
        """Return how many requests wait for a thread."""
        return len(self.queue)

    def turn_away(self) -> int:
        """Answer, from the longest on, requests that waited too long; return how many there were."""
        turned = 0
        while task := self._waited_too_long():
            # As waitress's own threads do: an error in one request must not keep the next from its answer.
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)
            turned += 1
        return turned

    def _waited_too_long(self) -> _Queued | None:
        with self.lock:
            waiting = cast("deque[_Queued]", self.queue)
            if waiting and self._clock() - waiting[0].at > TURNED_AWAY:
                return waiting.popleft()
        return None

    def _keep_turning_away(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self.turn_away()

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Let the threads end; what still waits is cancelled."""
        self._over.set()
        return bool(super().shutdown(cancel_pending, timeout))

    def telling(self, application: Any) -> Any:
        """Return *application* with each request told for how long it waited."""

        def told(environ: dict[str, Any], start_response: Any) -> Any:
            environ[QUEUED] = self.waited()
            return application(environ, start_response)

        return told


def serve(
    application: Any, host: str, port: int, *, queue: Queue | None = None, sockets: Sockets | None = None,
    proxy: str | None = None,
) -> Any:  # fmt: skip
    """Return a server that listens on *host* and *port* (0: any free one). Raises WrongUse where it cannot.

    What the address *proxy* says of a client is believed, nobody else. Servers that share *sockets* run together.
    """
    queue = queue or Queue(THREADS)
    believed: dict[str, Any] = {}
    if proxy:
        names = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
        believed = {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": names}
    try:
        return create_server(
            queue.telling(application), map=sockets, _dispatcher=queue, host=host, port=port, ident=None,
            clear_untrusted_proxy_headers=True, connection_limit=CONNECTIONS,
            max_request_body_size=LARGEST_REQUEST, **believed,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise WrongUse(
            Text(f"无法监听 {host}:{port}（{cause}）。", f"Cannot listen on {host}:{port} ({cause}).")
        ) from None


def address_of(server: Any, host: str) -> str:
    """Return the address the console answers at."""
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run_until_stopped(
    sockets: Sockets, *, told: Callable[[], None] = lambda: None, grace: float = 0.0,
    clock: Callable[[], float] = time.monotonic,
) -> None:  # fmt: skip
    """Answer requests on *sockets* until SIGINT or SIGTERM, then let what is under way finish.

    *told* is called at once when the signal comes; for *grace* seconds more new requests are taken, so that whoever
    spreads the load can see that this node is leaving.
    """
    with _stopped_by_signals() as stopping:
        while not stopping.is_set():
            _turn(sockets)
        told()
        until = clock() + grace
        while clock() < until:
            _turn(sockets)
        servers: list[Any] = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]
        for server in servers:
            wasyncore.dispatcher.close(server)  # the listening socket alone
        until = clock() + FINISH_SECONDS
        while clock() < until and any(map(_busy, servers)):
            _turn(sockets, 0.05)
        for queue in {server.task_dispatcher for server in servers}:
            queue.shutdown(timeout=1)
        wasyncore.close_all(sockets, ignore_all=True)


def wait_until_stopped() -> None:
    """Do nothing until SIGINT or SIGTERM."""
    with _stopped_by_signals() as stopping:
        while not stopping.wait(LOOK_EVERY):
            pass


def _turn(sockets: Sockets, seconds: float = LOOK_EVERY) -> None:
    wasyncore.loop(timeout=seconds, use_poll=True, map=sockets, count=1)


def _busy(server: Any) -> bool:
    return any(one.requests or one.total_outbufs_len for one in server.active_channels.values())


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Give an event that the first signal sets; the second one ends the process as signals do."""
    stopping = threading.Event()
    before: dict[signal.Signals, Any] = {}

    def put_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(_number: int, _frame: object) -> None:
        stopping.set()
        put_back()

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, stop)
    try:
        yield stopping
    finally:
        put_back()
