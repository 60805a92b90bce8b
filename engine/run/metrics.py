"""Metrics: what a node counts about itself and reads off the store, for Prometheus.

Room for: the names of the figures, and where each comes from.
May not enter: names of persons or cases, HTTP (`monitoring.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from engine.errors import AnxuError, Conflict, OutcomeUnknown, StoreAway
from engine.model.answers import Refusal
from engine.run.health import Health
from engine.service.checkpointing import newest_at
from engine.service.engine import Engine
from engine.service.gauges import Gauges as Stand
from engine.service.gauges import gauges

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """The figures of one process: counters that `measured.py` raises, and gauges read when they are asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acts = Counter(
            "anxu_acts", "Acts asked for, by what came of them.", ("kind", "outcome"), registry=self.registry
        )
        self.refusals = Counter("anxu_refusals", "Lawful noes, by code.", ("code",), registry=self.registry)
        self.act_seconds = Histogram(
            "anxu_act_seconds", "How long an act took, its retries included.", ("kind",),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.sweeps = Counter(
            "anxu_sweeps", "Sweeps of this node, by what came of them.", ("outcome",), registry=self.registry
        )
        self.sweep_seconds = Histogram(
            "anxu_sweep_seconds", "How long a sweep took.", buckets=(*SECONDS, 60.0), registry=self.registry
        )
        self.rungs = Counter("anxu_rungs_fired", "Rungs fired by this node.", registry=self.registry)
        self.cases_failed = Counter(
            "anxu_sweep_cases_failed",
            "Cases that a sweep of this node could not settle.",
            registry=self.registry,
        )

    def watch(self, engine: Engine, health: Health, depth: Callable[[], int] | None = None) -> None:
        """Read gauges off *engine* and *health* from now on, and the length of the queue off *depth*."""
        self.registry.register(Gauges(engine, health, depth))

    def text(self) -> bytes:
        """Return every figure as Prometheus reads it."""
        return generate_latest(self.registry)

    def answered(self, kind: str, answer: object) -> None:
        """Count an act that was answered."""
        if isinstance(answer, Refusal):
            self.acts.labels(kind, "refused").inc()
            self.refusals.labels(answer.code).inc()
        else:
            self.acts.labels(kind, "again" if getattr(answer, "again", False) else "done").inc()

    def failed(self, kind: str, error: Exception) -> None:
        """Count an act that came to an error."""
        self.acts.labels(kind, outcome_of(error)).inc()


def outcome_of(error: Exception) -> str:
    """Return the word for what *error* makes of an act."""
    match error:
        case OutcomeUnknown():
            return "unknown"
        case StoreAway():
            return "away"
        case Conflict():
            return "conflict"
        case AnxuError():
            return "wrong"
        case _:
            return "broken"


class Gauges:
    """Figures read off the process and the store at the moment they are asked for."""

    def __init__(self, engine: Engine, health: Health, depth: Callable[[], int] | None) -> None:
        self._engine = engine
        self._health = health
        self._depth = depth

    def describe(self) -> Iterator[Any]:
        """Say nothing in advance: a node must start while its database is away."""
        return iter(())

    def collect(self) -> Iterator[Any]:
        """Yield the figures; those of the store only while it is there."""
        database = self._engine.office.database
        edition = GaugeMetricFamily("anxu_edition", "The edition this node runs.", labels=("edition",))
        edition.add_metric((version("anxu"),), 1)
        yield edition
        reason = self._health.unready()
        unready = GaugeMetricFamily("anxu_unready", "1 while no work may be sent here.", labels=("reason",))
        if reason is not None:
            unready.add_metric((reason,), 1)
        yield unready
        yield _gauge("anxu_ready", "1 while work may be sent here.", int(reason is None))
        yield _gauge(
            "anxu_database_away_seconds", "How long the database has been away.", database.gate.away_for()
        )
        if in_use := getattr(database.engine.pool, "checkedout", None):
            yield _gauge("anxu_pool_in_use", "Connections in use.", in_use())
        yield _gauge("anxu_pool_size", "Connections kept.", database.reach.pool)
        if self._depth is not None:
            yield _gauge("anxu_requests_queued", "Requests that wait for a thread.", self._depth())
        if self._health.ringing is not None:
            set_ = CounterMetricFamily("anxu_clock_set", "How often this machine's clock was set.")
            set_.add_metric((), self._health.ringing.clock_was_set())
            yield set_
        try:
            yield from _of_the_sweep(gauges(self._engine.office, self._engine.now()))
            yield from self._of_notices_and_checkpoints()
        except AnxuError:
            return

    def _of_notices_and_checkpoints(self) -> Iterator[Any]:
        at = self._engine.now()
        with self._engine.office.reading(at) as unit:
            waiting = unit.outbox.counts(at)
            checkpoint = newest_at(unit)
        yield _gauge("anxu_outbox_waiting", "Messages that are still to go.", waiting.waiting)
        yield _gauge(
            "anxu_outbox_dead", "Messages that could not be sent and wait for somebody.", waiting.dead
        )
        yield _gauge(
            "anxu_outbox_oldest_seconds", "How long the oldest of them waits.", waiting.oldest_seconds
        )
        if checkpoint is not None:
            age = (at - checkpoint).total_seconds()
            yield _gauge("anxu_checkpoint_age_seconds", "Since the newest checkpoint over all cases.", age)


def _of_the_sweep(now: Stand) -> Iterator[Any]:
    yield _gauge(
        "anxu_sweep_lag_seconds", "How long the earliest waiting rung has been due.", now.lag_seconds
    )
    yield _gauge(
        "anxu_rungs_waiting",
        "Ladders with a rung that is due and not fired, counted up to 10,000.",
        now.waiting,
    )
    yield _gauge(
        "anxu_rungs_missed", "Those of them whose rung has waited for over five minutes.", now.missed
    )
    yield _gauge("anxu_rungs_late", "Rungs of the last day that fired over five minutes late.", now.late)
    yield _gauge("anxu_cases_set_back", "Cases whose rungs failed and are tried again.", now.set_back)
    yield _gauge("anxu_cases_put_aside", "Cases whose rungs failed and wait for somebody.", now.put_aside)
    yield _gauge("anxu_sweepers", "Nodes that have swept within five minutes.", len(now.swept_by))
    yield _gauge(
        "anxu_clock_apart_seconds",
        "The greatest difference of a node's clock from the database's.",
        now.clock_seconds,
    )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
