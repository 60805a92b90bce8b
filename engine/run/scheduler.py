"""Scheduler: APScheduler rings, and whoever is rung does the work from rows.

Room for: interval jobs that never die, and a watch over a wall clock that was set and a tick that stands still.
May not enter: what is due (`engine/service/sweeping.py`), schedules as truth: nothing is lost when a ring is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import SchedulerNotRunningError
from apscheduler.triggers.interval import IntervalTrigger

from engine.errors import AnxuError, WrongUse
from engine.run.settings import INTERVAL_MOST
from engine.service.sweeping import Swept
from engine.text import Text

JUMP = 60.0
"""So many seconds of difference between wall and monotonic clock are a clock that was set."""

WATCH_EVERY = 1.0
"""Seconds between two looks at the clocks: after one was set, the tick goes on within two."""

STILL = 2
"""A tick that has not come for so many intervals, with none under way, has died."""

JOB = "sweep"

BESIDE = "beside-{n}"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ClockWatch:
    """Tells a wall clock that was set from one that ran: both arguments are seconds, *wall* since the epoch."""

    wall: float
    monotonic: float

    def set_by(self, wall: float, monotonic: float) -> float:
        """Return by how many seconds the wall clock was set since the last look; nought up to a minute of difference."""
        difference = (wall - self.wall) - (monotonic - self.monotonic)
        self.wall, self.monotonic = wall, monotonic
        return difference if abs(difference) > JUMP else 0.0


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
    """Rings *sweep* and what is *beside* it at once and then every so many seconds, from entering to leaving.

    Whatever they raise, the ringing goes on. A watch looks every second: after the wall clock was set it rings at once, and
    where the scheduler itself has died another takes its place.
    """

    def __init__(
        self, sweep: Callable[[], Swept], every: int = INTERVAL_MOST, beside: Sequence[Callable[[], object]] = ()
    ) -> None:  # fmt: skip
        self._sweep = sweep
        self._every = every
        self._beside = tuple(beside)
        self._under_way = False
        self._last = time.monotonic()
        self._watch = ClockWatch(time.time(), time.monotonic())
        self.scheduler, self.job = self._made()
        self.clock_was_set = 0
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._look_on, name="anxu-clock-watch", daemon=True)

    def __enter__(self) -> Self:
        assert_rings_only(self.job)
        self.scheduler.start()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._watcher.join()
        # A sweep that is under way commits batch by batch: it is let finish.
        self.scheduler.shutdown(wait=True)

    def ring_now(self) -> None:
        """Ring at the next moment, and from there on again every so many seconds."""
        # The time of the next ring is a time of the wall: after the clock went back it lies too far ahead.
        for job in self.scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def look(self, wall: float, monotonic: float) -> None:
        """Look at the clocks, in seconds: ring where the wall clock was set, begin anew where the tick stands still."""
        seconds = self._watch.set_by(wall, monotonic)
        if seconds:
            self.clock_was_set += 1
            log.warning("clock_was_set", seconds=round(seconds))
            self.ring_now()
        elif not self._under_way and monotonic - self._last > STILL * self._every:
            log.error("tick_stood_still", seconds=round(monotonic - self._last))
            self._begin_anew()

    def _made(self) -> tuple[BackgroundScheduler, Any]:
        # Jobs live in memory alone: what is due stands in the database, whoever rings.
        scheduler = BackgroundScheduler(timezone=UTC)
        jobs = {JOB: self._ring} | {
            BESIDE.format(n=n): partial(_ring_beside, work) for n, work in enumerate(self._beside, 1)
        }
        for name, work in jobs.items():
            scheduler.add_job(
                work, IntervalTrigger(seconds=self._every, timezone=UTC), id=name,
                coalesce=True, max_instances=1, misfire_grace_time=None, next_run_time=datetime.now(UTC),
            )  # fmt: skip
        return scheduler, scheduler.get_job(JOB)

    def _ring(self) -> None:
        self._under_way = True
        try:
            ring(self._sweep)
        finally:
            self._last = time.monotonic()
            self._under_way = False

    def _begin_anew(self) -> None:
        self._last = time.monotonic()
        dead = self.scheduler
        self.scheduler, self.job = self._made()
        self.scheduler.start()
        try:
            dead.shutdown(wait=False)
        except SchedulerNotRunningError:
            return

    def _look_on(self) -> None:
        while not self._stopping.wait(WATCH_EVERY):
            try:
                self.look(time.time(), time.monotonic())
            except Exception as error:
                log.error("watch_failed", cause=said(error))


def _ring_beside(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:
        log.error("work_beside_failed", cause=said(error))
