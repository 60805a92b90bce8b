"""Requests that wait for a thread: whoever waited too long is told so, whatever the threads wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine.run.serving import QUEUED, TURNED_AWAY, Queue
from web.away import QUEUED_MOST

PATIENCE = 20


class Request:
    """A request that holds its thread until it is let go, and knows for how long it had waited."""

    def __init__(self, queue: Queue, *, held: bool = False) -> None:
        self.begun, self.answered, self.let_go = threading.Event(), threading.Event(), threading.Event()
        self.waited: list[float] = []
        self._application = queue.telling(self._told)
        if not held:
            self.let_go.set()

    def _told(self, environ: dict[str, float], _: object) -> None:
        self.waited.append(environ[QUEUED])

    def service(self) -> None:
        self.begun.set()
        self._application({}, None)
        assert self.let_go.wait(PATIENCE)
        self.answered.set()

    def cancel(self) -> None:
        self.let_go.set()


class Hand:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def queue(hand: Hand) -> Iterator[Queue]:
    one = Queue(1, hand)
    yield one
    one.shutdown()


def test_who_waited_too_long_is_answered_though_every_thread_waits_itself(queue: Queue, hand: Hand) -> None:
    slow = Request(queue, held=True)
    queue.add_task(slow)
    assert slow.begun.wait(PATIENCE)
    first, second = Request(queue), Request(queue)
    queue.add_task(first)
    hand.now += 2
    queue.add_task(second)
    assert queue.turn_away() == 0
    assert queue.depth() == 2

    hand.now += 2
    assert first.answered.wait(PATIENCE)
    assert first.waited == [4.0]
    assert not second.begun.is_set()
    assert not slow.answered.is_set()

    slow.let_go.set()
    assert second.answered.wait(PATIENCE)
    assert second.waited == [2.0]


def test_a_request_that_fails_beside_the_threads_holds_up_no_other(queue: Queue, hand: Hand) -> None:
    slow, sick, sound = Request(queue, held=True), Request(queue), Request(queue)
    queue.add_task(slow)
    assert slow.begun.wait(PATIENCE)
    sick.service = lambda: 1 / 0  # type: ignore[assignment]
    queue.logger = queue.queue_logger
    for one in (sick, sound):
        queue.add_task(one)
    hand.now += 4
    assert sound.answered.wait(PATIENCE)
    slow.let_go.set()


def test_nobody_is_answered_beside_the_threads_whom_the_console_would_not_turn_away() -> None:
    assert QUEUED_MOST < TURNED_AWAY < 5
