"""Monitoring: three addresses for machines that watch a node: /healthz, /readyz, /metrics.

Room for: answering them before the console sees the request, and who may read figures.
May not enter: what makes a node ready (`health.py`), the figures (`metrics.py`).
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from engine.run.health import Health
from engine.run.metrics import CONTENT_TYPE, Metrics
from engine.run.serving import QUEUED, TURNED_AWAY

PLAIN = "text/plain; charset=utf-8"
RETRY_AFTER = ("Retry-After", "5")

Answer = tuple[str, str, bytes]


class Monitoring:
    """A WSGI application that answers the three addresses and hands everything else on to *application*.

    Figures are for this machine alone, or for whoever brings *token*. Where *local* is false, as behind a proxy, which
    makes everybody look local, the token is the only way.
    """

    def __init__(
        self, health: Health, metrics: Metrics, *, application: Any = None, token: str | None = None,
        local: bool = True,
    ) -> None:  # fmt: skip
        self._health = health
        self._metrics = metrics
        self._application = application
        self._token = token
        self._local = local

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/healthz":
                answer = ("200 OK", PLAIN, b"ok\n")
            case "/readyz" | "/metrics" if environ.get(QUEUED, 0.0) > TURNED_AWAY:
                # Whoever is turned away must not be waited for: both may ask the database.
                answer = ("503 Service Unavailable", PLAIN, b"busy\n")
            case "/readyz":
                answer = self._ready()
            case "/metrics":
                answer = self._figures(environ)
            case _ if self._application is not None:
                found: Iterable[bytes] = self._application(environ, start_response)
                return found
            case _:
                answer = ("404 Not Found", PLAIN, b"not found\n")
        status, kind, body = answer
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        if status.startswith("503"):
            headers.append(RETRY_AFTER)
        start_response(status, headers)
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]

    def _ready(self) -> Answer:
        reason = self._health.unready()
        if reason is None:
            remark = self._health.remark()
            return "200 OK", PLAIN, f"ready\n{remark}\n".encode() if remark else b"ready\n"
        return "503 Service Unavailable", PLAIN, f"{reason}\n".encode()

    def _figures(self, environ: dict[str, Any]) -> Answer:
        if not self._may_read(environ):
            return "403 Forbidden", PLAIN, b"figures are for this machine or for a token\n"
        return "200 OK", CONTENT_TYPE, self._metrics.text()

    def _may_read(self, environ: dict[str, Any]) -> bool:
        brought = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip()
        if self._token and hmac.compare_digest(brought.encode(), self._token.encode()):
            return True
        return self._local and _loopback(environ.get("REMOTE_ADDR", ""))


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
