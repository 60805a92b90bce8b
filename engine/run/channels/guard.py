"""Guard: no message ever makes this machine talk to itself, to its link or to the cloud's metadata.

Room for: which addresses are forbidden, and refusing to connect to one, whatever name, redirect or change of DNS led there.
May not enter: messages.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies

METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254", "168.63.129.16")))
"""Where clouds answer questions about a machine, beside the link-local address most of them use."""

_strict: ContextVar[frozenset[tuple[str, int]] | None] = ContextVar("anxu_strict", default=None)
"""In a guarded context: the addresses of the machine's own proxies, which may be anywhere."""


class ForbiddenAddress(OSError):
    """A channel led to an address that no channel may lead to."""


@contextmanager
def guarded() -> Iterator[None]:
    """Refuse to connect to any forbidden address inside, in this context and the threads it is copied to.

    What counts is the address that is connected to in the end: what a name means may change between looking and connecting.
    """
    _listen()
    token = _strict.set(_proxies())
    try:
        yield
    finally:
        _strict.reset(token)


def forbidden(host: str) -> bool:
    """Return whether *host*, an address, is this machine, its link, everybody, nobody or the cloud's metadata."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (inner := address.ipv4_mapped or address.sixtofour):
        address = inner
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or address in METADATA
    )


@cache
def _listen() -> None:
    # An audit hook sees the very address every library connects to, and nothing can be slipped in between.
    sys.addaudithook(_look)


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    allowed, address = _strict.get(), arguments[1]
    if allowed is None or not isinstance(address, tuple):
        return
    host, port = str(address[0]), int(address[1])
    if forbidden(host) and (host, port) not in allowed:
        raise ForbiddenAddress("no channel may lead to this address")


def _proxies() -> frozenset[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for url in getproxies().values():
        parts = urlsplit(url if "//" in url else f"//{url}")
        try:
            port = parts.port or 80
            for *_, address in socket.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM):
                found.add((str(address[0]), port))
        except (OSError, ValueError):
            continue
    return frozenset(found)
