"""A node that starts mends what the version before left undone between its sweeps, page by page, and stops when it is told to."""

from __future__ import annotations

from typing import Any

import pytest

from engine.run.nodes import mending_sweep
from engine.service import mending
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.store import upgrading
from engine.store.database import Database
from tests.builders import Clock
from tests.office import OfficeStory, tamper


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "PAGE", 2)


def test_what_falls_due_while_a_node_looks_at_every_case_fires_before_it_is_done(
    engine: Engine, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", n) for n in range(1, 6)]
    tamper(database, "DELETE FROM case_words")
    clock.set("2026-03-22")
    written, fired_before = upgrading.mend, list[int]()

    def one(*given: Any) -> int:
        fired_before.append(sum(len(story.rungs()) for story in stories))
        clock.set("2026-03-23")
        return written(*given)

    monkeypatch.setattr(mending, "mend", one)

    done = mending_sweep(engine, Manner(node="n1"))()

    assert fired_before == [0, 5, 5]
    assert (done.cases, done.fired) == (5, 5)
    assert engine.doctor().findings == ()


def test_a_node_that_cannot_mend_fires_all_the_same_and_goes_on_with_the_same_page(
    engine: Engine, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", n) for n in range(1, 4)]
    tamper(database, "DELETE FROM case_words")
    clock.set("2026-03-23")
    sweep = mending_sweep(engine, Manner(node="n1"))

    with monkeypatch.context() as patch:
        patch.setattr(mending, "mend", lambda *given: 1 // 0)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                sweep()

    assert [len(story.rungs()) for story in stories] == [1, 1, 1]
    sweep()
    assert engine.doctor().findings == ()


def test_a_node_that_is_told_to_stop_leaves_the_rest_to_the_next_one(
    engine: Engine, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        OfficeStory(engine, clock).given("filed", number)
    tamper(database, "DELETE FROM case_words")
    written, pages = upgrading.mend, list[int]()

    def one(*given: Any) -> int:
        pages.append(written(*given))
        return pages[-1]

    monkeypatch.setattr(mending, "mend", one)

    mending_sweep(engine, Manner(node="n1", told_to_stop=lambda: len(pages) == 2))()

    assert pages == [2, 2], "of five cases"
    assert {one.code for one in engine.doctor().findings} == {"case_words"}
    mending_sweep(engine, Manner(node="n2"))()
    assert engine.doctor().findings == ()
