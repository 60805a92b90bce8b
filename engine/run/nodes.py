"""Nodes: a process that runs for long: a console with its scheduler, or a scheduler alone, and what watches it.

Room for: putting engine, server, scheduler, health and figures together, and running them until told to stop.
May not enter: click, how any of them works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import structlog

from engine.run.delivering import Deliverer
from engine.run.health import Health, Ringing
from engine.run.metrics import Metrics
from engine.run.monitoring import Monitoring
from engine.run.scheduler import Ringer
from engine.run.serving import (
    Queue,
    Sockets,
    address_of,
    console,
    run_until_stopped,
    serve,
    wait_until_stopped,
)
from engine.run.shell import Shell, to_standard_error
from engine.run.this_node import ticking
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.mending import Mending
from engine.service.sweeping import Swept

LOCAL = "127.0.0.1"

FINISH_SECONDS = 5.0
"""A message under way when the node is told to stop may take so long; later it is sent again by another."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a console is served and what stands before it; *token* lets somebody else read its figures."""

    host: str
    port: int
    https: bool = False
    proxy: str | None = None
    secret_key: str | None = None
    token: str | None = None


@dataclass
class Node:
    """One process of an office."""

    engine: Engine
    metrics: Metrics
    health: Health
    ringing: Ringing
    queue: Queue
    sockets: Sockets = field(default_factory=dict)

    @classmethod
    def of(cls, shell: Shell, threads: int) -> Node:
        """Return the node for the office of *shell*, its schema brought up; nothing runs yet."""
        structlog.configure(logger_factory=to_standard_error)
        metrics = Metrics()
        engine = shell.node(threads, metrics)
        ringing = Ringing()
        node = cls(engine, metrics, Health(engine, ringing), ringing, Queue(threads))
        metrics.watch(engine, node.health, node.queue.depth)
        return node

    def serve(self, place: Place) -> str:
        """Listen for browsers at *place*, and return the address of the console."""
        web: Any = console(self.engine, secret_key=place.secret_key, https=place.https)
        watched = Monitoring(
            self.health, self.metrics, application=web, token=place.token,
            local=not (place.https or place.proxy),
        )  # fmt: skip
        server = serve(
            watched, place.host, place.port, queue=self.queue, sockets=self.sockets, proxy=place.proxy
        )
        return address_of(server, place.host)

    def monitor(self, port: int) -> str:
        """Answer monitoring at *port* of this machine too, and return the address."""
        # One thread of its own: whoever asks how a busy node is must not stand in its queue.
        watched = Monitoring(self.health, self.metrics)
        return address_of(serve(watched, LOCAL, port, queue=Queue(1), sockets=self.sockets), LOCAL)

    def run(self, every: int, grace: float = 0.0) -> None:
        """Sweep and answer until told to stop; then be unready, and let what is under way finish."""
        stopped = Event()
        sweep = mending_sweep(self.engine, ticking(stopped.is_set))
        deliverer = Deliverer(self.engine)
        with Ringer(self.ringing.noted(sweep), every, beside=(deliverer.ring,)) as ringer:
            self.ringing.clock_was_set = lambda: ringer.clock_was_set
            try:
                if self.sockets:
                    run_until_stopped(self.sockets, told=self.health.stop, grace=grace)
                else:
                    wait_until_stopped()
            finally:
                stopped.set()
        deliverer.wait(FINISH_SECONDS)


def mending_sweep(engine: Engine, manner: Manner) -> Callable[[], Swept]:
    """Return what sweeps once; the first time it also mends what nodes of the version before left undone.

    That reads every case: what falls due meanwhile fires between two pages of it. Whoever is interrupted, or told to
    stop, goes on with it the next time.
    """
    mending = Mending(engine.office, manner.edition)

    def swept() -> Swept:
        mending.begin()
        done = engine.sweep(manner)
        for _ in mending.pages():
            if manner.told_to_stop():
                break
            done = done.and_then(engine.sweep(manner))
        return done

    return swept
