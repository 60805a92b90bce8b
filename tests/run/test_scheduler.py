"""The scheduler rings and never dies; a clock that was set does not stop it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from structlog.testing import capture_logs

from engine.errors import StoreAway, WrongUse
from engine.run.assembly import OfficeTime
from engine.run.scheduler import WATCH_EVERY, ClockWatch, Ringer, assert_rings_only, ring
from engine.service.sweeping import Swept
from engine.text import Text

PATIENCE = 30.0


@pytest.mark.parametrize(
    ("wall", "monotonic", "set_by", "why"),
    [
        (1005.0, 5.0, 0, "five seconds passed on both"),
        (1300.0, 300.0, 0, "a machine that slept long slept on both"),
        (1065.0, 5.0, 0, "a minute of difference is let pass"),
        (1066.0, 5.0, 61, "over a minute forward"),
        (4605.0, 5.0, 3600, "an hour forward"),
        (-2595.0, 5.0, -3600, "an hour back"),
        (91005.0, 5.0, 90_000, "25 hours forward"),
        (1000.0, 61.0, -61, "a wall that stood still"),
    ],
)
def test_a_wall_clock_that_was_set_is_told_from_one_that_ran(
    wall: float, monotonic: float, set_by: float, why: str
) -> None:
    assert ClockWatch(wall=1000.0, monotonic=0.0).set_by(wall, monotonic) == set_by, why


def test_a_clock_that_was_set_is_told_once() -> None:
    watch = ClockWatch(wall=1000.0, monotonic=0.0)

    assert watch.set_by(-2595.0, 5.0)
    assert not watch.set_by(-2590.0, 10.0)


def test_a_ring_that_fails_is_a_line_of_the_log() -> None:
    def broken() -> Swept:
        raise ZeroDivisionError("of\nthe worst kind")

    def away() -> Swept:
        raise StoreAway(Text("不在", "the database is away"))

    with capture_logs() as lines:
        ring(broken)
        ring(away)

    assert [line["cause"] for line in lines] == [
        "ZeroDivisionError: of the worst kind",
        "the database is away",
    ]


def test_a_ring_with_nothing_to_do_says_nothing() -> None:
    with capture_logs() as lines:
        ring(lambda: Swept(0, 0))
        ring(lambda: Swept(2, 3, ("c9",)))

    assert lines == [{"event": "swept", "cases": 2, "fired": 3, "failed": ["c9"], "log_level": "info"}]


def test_the_job_is_set_so_that_late_rings_ring_once() -> None:
    ringer = Ringer(lambda: Swept(0, 0))

    assert_rings_only(ringer.job)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("coalesce", False),
        ("max_instances", 2),
        ("misfire_grace_time", 1),
        ("trigger", IntervalTrigger(seconds=31, timezone=UTC)),
    ],
)
def test_any_other_setting_is_refused_at_the_start(name: str, value: object) -> None:
    ringer = Ringer(lambda: Swept(0, 0))
    setattr(ringer.job, name, value)

    with pytest.raises(WrongUse, match="coalesce=True"):
        ringer.__enter__()


def test_it_rings_at_once_and_again_although_the_first_ring_failed() -> None:
    rung = threading.Semaphore(0)

    def sweep() -> Swept:
        rung.release()
        raise ZeroDivisionError

    with capture_logs(), Ringer(sweep) as ringer:
        assert rung.acquire(timeout=PATIENCE), "no first ring"
        ringer.ring_now()
        assert rung.acquire(timeout=PATIENCE), "no ring after a failed one"


def test_a_next_ring_far_ahead_of_a_clock_set_back_is_brought_home() -> None:
    rung = threading.Semaphore(0)

    def sweep() -> Swept:
        rung.release()
        return Swept(0, 0)

    with Ringer(sweep) as ringer:
        assert rung.acquire(timeout=PATIENCE)
        ringer.job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))

        ringer.ring_now()

        assert rung.acquire(timeout=PATIENCE), "the tick stood still for an hour"


@pytest.mark.parametrize("seconds", [-3600, 3600, 90_000, -1_700_000_000])
def test_after_the_clock_was_set_it_rings_at_the_next_look_and_says_by_how_much(seconds: int) -> None:
    rung = threading.Semaphore(0)

    def sweep() -> Swept:
        rung.release()
        return Swept(0, 0)

    with capture_logs() as lines, Ringer(sweep) as ringer:
        assert rung.acquire(timeout=PATIENCE)
        ringer.job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))

        ringer.look(time.time() + seconds, time.monotonic())

        assert rung.acquire(timeout=PATIENCE), "the tick stood still"
    assert {"event": "clock_was_set", "seconds": seconds, "log_level": "warning"} in lines
    assert WATCH_EVERY <= 1, "looks come so often that the tick goes on within two seconds"


def test_where_the_scheduler_has_died_another_one_takes_its_place() -> None:
    rung = threading.Semaphore(0)

    def sweep() -> Swept:
        rung.release()
        return Swept(0, 0)

    with capture_logs() as lines, Ringer(sweep, every=30) as ringer:
        assert rung.acquire(timeout=PATIENCE)
        dead = ringer.scheduler
        dead.shutdown(wait=True)

        ringer.look(time.time() + 45, time.monotonic() + 45)
        assert ringer.scheduler is dead, "it may only be late"
        ringer.look(time.time() + 75, time.monotonic() + 75)

        assert rung.acquire(timeout=PATIENCE), "nobody rings any more"
        assert ringer.scheduler.running
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["tick_stood_still"]


def test_a_long_sweep_is_no_dead_scheduler() -> None:
    begun, let_go = threading.Event(), threading.Event()

    def sweep() -> Swept:
        begun.set()
        let_go.wait(PATIENCE)
        return Swept(0, 0)

    with Ringer(sweep) as ringer:
        assert begun.wait(PATIENCE)
        working = ringer.scheduler

        ringer.look(time.time() + 3000, time.monotonic() + 3000)

        assert ringer.scheduler is working
        let_go.set()


def test_what_is_beside_the_sweep_is_rung_too_and_may_fail() -> None:
    rung = threading.Semaphore(0)

    def beside() -> None:
        rung.release()
        raise ZeroDivisionError

    with capture_logs() as lines, Ringer(lambda: Swept(0, 0), beside=[beside]) as ringer:
        assert rung.acquire(timeout=PATIENCE)
        ringer.ring_now()
        assert rung.acquire(timeout=PATIENCE), "no ring after a failed one"
    assert {line["event"] for line in lines} == {"work_beside_failed"}


def test_a_set_time_stands_still_or_runs_on() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    machine = [datetime(2030, 1, 1, tzinfo=UTC)]
    still, running = OfficeTime(lambda: machine[0]), OfficeTime(lambda: machine[0])
    assert still() == machine[0]

    still.set(noon, running=False)
    running.set(noon, running=True)
    machine[0] += timedelta(hours=1)

    assert still() == noon
    assert running() == noon + timedelta(hours=1)
