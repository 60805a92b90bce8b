"""Serving: the console behind a plain HTTP server, until somebody stops it.

Room for: finding the web application by entry point, waitress, signals.
May not enter: the web application itself: this floor knows only the door it is registered under.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from types import FrameType
from typing import Any

from waitress.server import create_server

from engine.errors import UnknownName, WrongUse
from engine.service.engine import Engine
from engine.text import Text

GROUP = "anxu.web"
THREADS = 8


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


def serve(application: Any, host: str, port: int) -> Any:
    """Return a server that listens on *host* and *port* (0: any free one). Raises WrongUse where it cannot."""
    try:
        return create_server(
            application, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
        )
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise WrongUse(
            Text(f"无法监听 {host}:{port}（{cause}）。", f"Cannot listen on {host}:{port} ({cause}).")
        ) from None


def address_of(server: Any, host: str) -> str:
    """Return the address the console answers at."""
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run_until_stopped(server: Any) -> None:
    """Answer requests until SIGINT or SIGTERM."""
    try:
        with _stopped_by_signals():
            server.run()
    except (KeyboardInterrupt, SystemExit):
        pass  # being told to stop is how this ends well
    finally:
        server.close()


def wait_until_stopped() -> None:
    """Do nothing until SIGINT or SIGTERM."""
    try:
        with _stopped_by_signals():
            threading.Event().wait()
    except KeyboardInterrupt:
        pass  # being told to stop is how this ends well


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
