"""Todos, overdue steps and supervised cases page by page: nothing twice, nothing left out, and back again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import WrongUse
from engine.service.engine import Engine
from engine.service.paging import Ask, Lines
from tests.builders import Clock
from tests.cast import DU, LIN, ZHOU
from tests.office import OfficeStory

Turning = Callable[[Ask], Lines[Any]]


def through(turning: Turning, most: int, key: Callable[[Any], object]) -> list[list[object]]:
    """Every page forwards; going back from the last gives the same pages."""
    pages, marks = [], []
    ask = Ask(most=most)
    while True:
        page = turning(ask)
        pages.append([key(line) for line in page.lines])
        marks.append(page)
        if page.next is None:
            break
        ask = Ask(after=page.next, most=most)
    assert marks[0].previous is None
    for n in range(len(pages) - 1, 0, -1):
        before = marks[n].previous
        assert before is not None
        back = turning(Ask(before=before, most=most))
        assert [key(line) for line in back.lines] == pages[n - 1]
        assert (back.previous is None) == (n == 1)
        assert back.next is not None
    return pages


def test_todos_come_in_pages_that_go_back_too(engine: Engine, clock: Clock) -> None:
    for n in range(1, 6):
        OfficeStory(engine, clock).given("accepted", n)

    def key(todo: Any) -> tuple[str, str]:
        return todo.case, todo.matter

    whole = [key(todo) for todo in engine.lists.todos(ZHOU).lines]
    pages = through(lambda ask: engine.lists.todos(ZHOU, ask=ask), 4, key)

    assert len(whole) > 8
    assert [one for page in pages for one in page] == whole


def test_a_count_of_the_strip_and_its_list_are_the_same(engine: Engine, clock: Clock) -> None:
    for n, state in enumerate(["filed", "filed", "accepted"], 1):
        OfficeStory(engine, clock).given(state, n)
    for days in ("2026-03-09", "2026-03-12", "2026-04-20"):
        clock.set(days)
        strip = engine.strip(LIN)
        shown = {show: len(engine.lists.todos(LIN, show).lines) for show in ("", "today", "soon", "overdue")}
        assert shown == {
            "": strip.mine, "today": strip.due_today, "soon": strip.within_three_days, "overdue": strip.overdue,
        }  # fmt: skip


def test_overdue_steps_and_clocks_come_in_pages(engine: Engine, clock: Clock) -> None:
    for n, state in enumerate(["filed", "filed", "accepted", "accepted", "deliberation"], 1):
        OfficeStory(engine, clock).given(state, n)
    clock.set("2026-06-10")

    steps = through(lambda ask: engine.lists.overdue_steps(ask=ask), 2, lambda one: (one.case.id, one.matter))
    clocks = through(lambda ask: engine.lists.overdue_clocks(ask=ask), 2, lambda one: one.case.id)

    assert [one for page in steps for one in page] == [
        (one.case.id, one.matter) for one in engine.lists.overdue_steps().lines
    ]
    assert [one for page in clocks for one in page] == [
        one.case.id for one in engine.lists.overdue_clocks().lines
    ]
    assert len(clocks) == 2


def test_the_ledger_comes_in_pages(engine: Engine, clock: Clock) -> None:
    for n in range(1, 4):
        OfficeStory(engine, clock).given("accepted", n).do("list_supervised", DU, listing_reason="petition")

    pages = through(lambda ask: engine.lists.ledger(ask=ask), 2, lambda one: one.case.number)

    assert sorted(str(one) for page in pages for one in page) == sorted(
        one.case.number for one in engine.lists.ledger().lines
    )
    assert [len(page) for page in pages] == [2, 1]


@pytest.mark.parametrize("mark", ["x", "2026-01-01", "2026-01-01_a", "2026-01-01_a~b~c~d~e~f\x00"])
def test_a_mark_that_cannot_be_read_is_said_so(engine: Engine, mark: str) -> None:
    with pytest.raises(WrongUse):
        engine.lists.todos(ZHOU, ask=Ask(after=mark))
