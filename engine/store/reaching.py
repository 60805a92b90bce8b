"""Reaching: how a process gets to its database and how long it waits for it.

Room for: addresses with several hosts, what is set where the address is silent, the pool, and the gate that keeps
everybody from queueing before a database that is away.
May not enter: what is done on a connection (`database.py`), what errors mean (`faults.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from engine.errors import StoreAway, WrongUse
from engine.store.answers_awaited import AnswersAwaited, asked
from engine.text import Text

PSYCOPG = "postgresql+psycopg://"

ALIVE: Mapping[str, str] = {
    "connect_timeout": "2",
    # An answer that will never come leaves nothing unacknowledged, so tcp_user_timeout alone does not end the wait.
    "keepalives": "1",
    "keepalives_idle": "3",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "5000",
    "application_name": "anxu",
}
"""What is set where the address does not say otherwise: a host that is gone is noticed within seconds."""

OF_NODES = "-c lock_timeout={wait}s -c idle_in_transaction_session_timeout=60s -c client_connection_check_interval=2s"
"""What a node asks of its sessions. No statement_timeout: a COMMIT that it cuts short while waiting for the standby is
answered as done."""

IDLE_SECONDS = 1.0
"""A connection that was idle for so long is asked whether it still answers before it is used."""

IDLE_SINCE = "anxu idle since"


@dataclass(frozen=True, slots=True)
class Reach:
    """How long and how often a process tries: *pool* connections kept and *overflow* more, *wait* seconds for a free
    one or for a lock, *answer* seconds for one answer (None: for ever), *patience* seconds during which an act is
    tried again while the database is away."""

    pool: int = 5
    overflow: int = 10
    wait: int = 5
    answer: float | None = None
    patience: float = 0.0
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = field(default=lambda _: None)


ONE_CALL = Reach()
"""A verb at the shell: it waits as long as its work takes, and who typed it tries again."""


class Gate:
    """Before a database that is away: one caller at a time tries, the others are told so at once.

    So a database that is away holds up no threads, and the first one that gets through lets everybody in.
    """

    def __init__(self, clock: Callable[[], float], between: float = 0.5) -> None:
        self._clock = clock
        self._between = between
        self._lock = threading.Lock()
        self._since: float | None = None
        self._tried = 0.0
        self._cause: StoreAway | None = None

    def away_for(self) -> float:
        """Return for how many seconds the database has been away; 0 where it is there."""
        since = self._since
        return 0.0 if since is None else self._clock() - since

    def enter(self) -> None:
        """Go on, or raise StoreAway where the database is away and somebody tried just now."""
        if self._since is None:
            return
        with self._lock:
            now = self._clock()
            if self._cause is not None and now - self._tried < self._between:
                raise StoreAway(self._cause.sentence, self._cause.reason, cause=self._cause.cause)
            self._tried = now

    def shut(self, cause: StoreAway) -> None:
        """Remember that the database could not be reached."""
        with self._lock:
            now = self._clock()
            self._since = now if self._since is None else self._since
            self._tried, self._cause = now, cause

    def open(self) -> None:
        """Let everybody in."""
        if self._since is not None:
            with self._lock:
                self._since = self._cause = None


class OnlyReading:
    """Why writing failed lately while reading went on: a full disk, a database that is read-only."""

    def __init__(self, clock: Callable[[], float], shown: float = 90.0) -> None:
        self._clock = clock
        self._shown = shown
        self._last: tuple[str, float] | None = None

    def note(self, reason: str) -> None:
        """Remember that a write failed for *reason*, one of `StoreAway.REASONS`: any other passes by itself or stops reading too."""
        if reason in ("full", "read_only"):
            self._last = reason, self._clock()

    def over(self) -> None:
        """Forget it: something was written."""
        self._last = None

    @property
    def reason(self) -> str | None:
        """Why nothing can be written just now; None where something was, or where nobody has failed for a while.

        Whoever sweeps tries once a minute, so a reason that lasts is renewed before it is forgotten.
        """
        last = self._last
        return last[0] if last is not None and self._clock() - last[1] < self._shown else None


class Hosts:
    """The hosts of an address in the order they are asked: the one that answered last comes first.

    A host that is gone for hours so costs its connect_timeout once, not at every new connection.
    """

    def __init__(self, hosts: str, ports: str) -> None:
        names = hosts.split(",")
        numbers = ports.split(",") if ports else [""]
        if len(numbers) == 1:
            numbers *= len(names)
        self._places = list(zip(names, numbers, strict=True))

    def in_turn(self) -> dict[str, str]:
        """Return the hosts and ports as libpq reads them."""
        places = self._places
        return {"host": ",".join(name for name, _ in places), "port": ",".join(port for _, port in places)}

    def answered(self, host: str) -> None:
        """Ask *host* first from now on."""
        first = [place for place in self._places if place[0] == host]
        self._places = first + [place for place in self._places if place[0] != host]


def postgresql_arguments(url: str, reach: Reach) -> dict[str, str]:
    """Return what libpq is told for *url*, which may name several hosts. Raises WrongUse for what it cannot read."""
    try:
        given = conninfo_to_dict(url.replace(PSYCOPG, "postgresql://", 1))
    except psycopg.ProgrammingError as error:
        cause = " ".join(str(error).split())
        raise WrongUse(
            Text(f"数据库地址无法识别（{cause}）。", f"The database address cannot be read ({cause}).")
        ) from None
    known: dict[str, str] = {name: str(value) for name, value in given.items() if value is not None}
    hosts, ports = known.get("host", "").split(","), known.get("port", "").split(",")
    if len(ports) not in (1, len(hosts)):
        raise WrongUse(
            Text(
                "数据库地址中的端口数与主机数不符。",
                "The database address has another number of ports than of hosts.",
            )
        )
    defaults = dict(ALIVE)
    if len(hosts) > 1:
        defaults["target_session_attrs"] = "read-write"
    if reach.answer is not None:
        defaults["options"] = OF_NODES.format(wait=reach.wait)
    return defaults | known


def postgresql_engine(url: str, reach: Reach) -> Engine:
    """Return a pool of connections to the PostgreSQL at *url*."""
    arguments = postgresql_arguments(url, reach)
    # SQLAlchemy's own reading of an address knows one host alone, so libpq's words are handed through.
    engine = create_engine(
        PSYCOPG, connect_args=arguments, pool_size=reach.pool, max_overflow=reach.overflow, pool_timeout=reach.wait
    )  # fmt: skip
    if "," in arguments.get("host", "") and "hostaddr" not in arguments:
        _remember_who_answered(engine, Hosts(arguments["host"], arguments.get("port", "")))
    if reach.answer is not None:
        AnswersAwaited(reach.answer, reach.clock).watch(engine)
    event.listen(engine, "checkin", lambda _, record: record.info.update({IDLE_SINCE: reach.clock()}))
    event.listen(engine, "checkout", lambda raw, record, _: _ask_idle(engine, raw, record, reach.clock()))
    return engine


def _ask_idle(engine: Engine, raw: Any, record: Any, now: float) -> None:
    # Asking before every use would cost each act a round trip; a connection used a moment ago is as good as one asked.
    if now - record.info.get(IDLE_SINCE, now) < IDLE_SECONDS:
        return
    asked(record.info, now)
    try:
        alive = engine.dialect.do_ping(raw)
    except psycopg.Error:
        alive = False
    asked(record.info, None)
    if not alive:
        # One connection that broke says that the others did.
        raise InvalidatePoolError


def _remember_who_answered(engine: Engine, hosts: Hosts) -> None:
    def ask(_dialect: Any, _record: Any, _cargs: Any, given: dict[str, Any]) -> None:
        given.update(hosts.in_turn())

    def note(connection: Any, _record: Any) -> None:
        hosts.answered(connection.info.host)

    event.listen(engine, "do_connect", ask)
    event.listen(engine, "connect", note)
