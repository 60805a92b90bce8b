"""Scheduler: APScheduler rings, and whoever is rung does the work from rows.

Room for: one interval job that never dies, and a watch over a wall clock that was set back.
May not enter: what is due (`engine/service/sweeping.py`), schedules as truth: nothing is lost when a ring is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.errors import AnxuError, WrongUse
from engine.run.settings import INTERVAL_MOST
from engine.service.sweeping import Swept
from engine.text import Text

JUMP = 60.0
"""So many seconds of difference between wall and monotonic clock are a clock that was set."""

WATCH_EVERY = 5.0
"""Seconds between two looks at the clocks."""

JOB = "sweep"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ClockWatch:
    """Tells a wall clock that was set from one that ran: both arguments are seconds, *wall* since the epoch."""

    wall: float
    monotonic: float

    def was_set(self, wall: float, monotonic: float) -> bool:
        """Return True when since the last look the wall clock moved over a minute more or less than time did."""
        difference = (wall - self.wall) - (monotonic - self.monotonic)
        self.wall, self.monotonic = wall, monotonic
        return abs(difference) > JUMP


def ring(sweep: Callable[[], Swept]) -> None:
    """Sweep once. Whatever goes wrong is one line of the log, and the next ring tries again."""
    try:
        swept = sweep()
    except Exception as error:
        log.error("sweep_failed", cause=said(error))
        return
    if swept.fired or swept.failed:
        log.info("swept", cases=swept.cases, fired=swept.fired, failed=list(swept.failed))


def said(error: Exception) -> str:
    """Return *error* as one line."""
    sentence = error.sentence.en if isinstance(error, AnxuError) else f"{type(error).__name__}: {error}"
    return " ".join(sentence.split())


def assert_rings_only(job: Any) -> None:
    """Raise WrongUse unless *job* is set so that a late ring rings, and many missed ones ring once."""
    sound = (
        job.coalesce is True
        and job.max_instances == 1
        and job.misfire_grace_time is None
        and isinstance(job.trigger, IntervalTrigger)
        and timedelta(0) < job.trigger.interval <= timedelta(seconds=INTERVAL_MOST)
    )
    if not sound:
        raise WrongUse(
            Text(
                f"定时任务设置不对：须 coalesce=True、max_instances=1、misfire_grace_time=None、间隔不超过{INTERVAL_MOST}秒。",
                "The tick is set wrongly: it needs coalesce=True, max_instances=1, misfire_grace_time=None and an "
                f"interval of at most {INTERVAL_MOST} seconds.",
            )
        )


class Ringer:
    """Rings *sweep* at once and then every so many seconds, from entering to leaving."""

    def __init__(self, sweep: Callable[[], Swept], every: int = INTERVAL_MOST) -> None:
        # Jobs live in memory alone: what is due stands in the database, whoever rings.
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self.job = self._scheduler.add_job(
            ring, IntervalTrigger(seconds=every, timezone=UTC), args=(sweep,), id=JOB,
            coalesce=True, max_instances=1, misfire_grace_time=None, next_run_time=datetime.now(UTC),
        )  # fmt: skip
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch_clocks, name="anxu-clock-watch", daemon=True)

    def __enter__(self) -> Self:
        assert_rings_only(self.job)
        self._scheduler.start()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._watcher.join()
        # A sweep that is under way commits case by case: it is let finish.
        self._scheduler.shutdown(wait=True)

    def ring_now(self) -> None:
        """Ring at the next moment, and from there on again every so many seconds."""
        # The time of the next ring is a time of the wall: after the clock went back it lies too far ahead.
        self._scheduler.modify_job(JOB, next_run_time=datetime.now(UTC))

    def _watch_clocks(self) -> None:
        watch = ClockWatch(time.time(), time.monotonic())
        while not self._stopping.wait(WATCH_EVERY):
            if watch.was_set(time.time(), time.monotonic()):
                log.warning("clock_was_set")
                self.ring_now()
