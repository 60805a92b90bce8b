"""What nodes of the version before left undone is put right by a node that starts, between sweeps and page by page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from engine.run.nodes import Node
from engine.service import mending
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.mending import Mending
from engine.store import upgrading
from engine.store.database import Database
from tests.builders import Clock
from tests.cast import FANG
from tests.office import OfficeStory, rows_of


def mended(engine: Engine, edition: str = "") -> int:
    mending = Mending(engine.office, edition)
    list(mending.pages())
    return mending.mended


def undone(database: Database, statement: str) -> None:
    """Leave rows as a node of the version before would."""
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_node_that_knows_of_words_gives_them_to_what_an_older_one_opened(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.open()
    whole = rows_of(database)["case_words"]
    undone(database, "DELETE FROM case_words")
    assert {one.code for one in engine.doctor().findings} >= {"case_words"}

    assert mended(engine) == 1
    assert mended(engine) == 0

    assert rows_of(database)["case_words"] == whole != []
    assert "case_words" not in {one.code for one in engine.doctor().findings}


def test_a_node_that_knows_of_words_gives_them_to_a_party_that_an_older_one_joined(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    story.do("join_respondent", FANG, files=["order"], new_party="双河丙 \n 公司丁", reason="并案的被申请人")
    whole = rows_of(database)["case_words"]
    undone(database, "DELETE FROM case_words WHERE word LIKE '%丙' OR word LIKE '%公司丁'")

    assert mended(engine) == 1

    assert rows_of(database)["case_words"] == whole
    assert "case_words" not in {one.code for one in engine.doctor().findings}


def test_rows_that_an_older_node_wrote_for_every_rung_have_the_case_armed_anew(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    engine.sweep()
    whole = rows_of(database)["timers"]
    undone(
        database,
        "INSERT INTO timers (institution, case_id, matter, subject, round, rung, occurrence, due_at) "
        "SELECT institution, case_id, matter, subject, round, 'W9', 1, due_at FROM timers",
    )

    assert mended(engine) == 1
    engine.sweep()

    assert rows_of(database)["timers"] == whole
    assert not engine.doctor().findings


def test_dates_by_which_an_older_node_put_no_row_in_line_are_put_right(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    whole = rows_of(database)["cases"], rows_of(database)["todos"]
    for table in ("cases", "todos"):
        undone(database, f"UPDATE {table} SET queue_due = '9999-12-31'")

    assert mended(engine) >= 2

    assert (rows_of(database)["cases"], rows_of(database)["todos"]) == whole


def test_where_another_edition_swept_of_late_the_next_sweep_arms_every_case_anew(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    engine.sweep(Manner(node="old", edition="0.1"))
    whole = rows_of(database)["timers"]
    undone(database, "UPDATE timers SET rung = 'W9'")

    assert mended(engine, "0.1") == 0
    assert mended(engine, "0.2") == 1
    engine.sweep()

    assert rows_of(database)["timers"] == whole


# --- between sweeps ---------------------------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: Any = upgrading.lacking
    monkeypatch.setattr(mending, "lacking", lambda *given: looked_at(*given, most=2))


def node_of(engine: Engine) -> Node:
    return Node(engine, *[None] * 4)  # type: ignore[arg-type]


def test_what_falls_due_while_a_node_looks_at_every_case_fires_before_it_is_done(
    engine: Engine, clock: Clock, database: Database, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", n) for n in range(1, 6)]
    undone(database, "DELETE FROM case_words")
    clock.set("2026-03-22")
    written = upgrading.mend
    fired_before: list[int] = []

    def one(*given: Any) -> int:
        fired_before.append(sum(len(story.rungs()) for story in stories))
        clock.set("2026-03-23")
        return written(*given)

    monkeypatch.setattr(mending, "mend", one)

    done = node_of(engine).sweeping(Manner(node="n1"))()

    assert fired_before == [0, 5, 5]
    assert (done.cases, done.fired) == (5, 5)
    assert engine.doctor().findings == ()


def test_a_node_that_cannot_mend_fires_all_the_same_and_goes_on_with_the_same_page(
    engine: Engine, clock: Clock, database: Database, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", n) for n in range(1, 4)]
    undone(database, "DELETE FROM case_words")
    clock.set("2026-03-23")
    sweep = node_of(engine).sweeping(Manner(node="n1"))

    with monkeypatch.context() as patch:
        patch.setattr(mending, "mend", lambda *given: 1 // 0)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                sweep()

    assert [len(story.rungs()) for story in stories] == [1, 1, 1]
    sweep()
    assert engine.doctor().findings == ()


def test_a_node_that_is_told_to_stop_leaves_the_rest_to_the_next_one(
    engine: Engine, clock: Clock, database: Database, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        OfficeStory(engine, clock).given("filed", number)
    undone(database, "DELETE FROM case_words")
    written, pages = upgrading.mend, list[int]()

    def one(*given: Any) -> int:
        pages.append(written(*given))
        return pages[-1]

    monkeypatch.setattr(mending, "mend", one)

    node_of(engine).sweeping(Manner(node="n1", told_to_stop=lambda: len(pages) == 2))()

    assert pages == [2, 2], "of five cases"
    assert {one.code for one in engine.doctor().findings} == {"case_words"}
    node_of(engine).sweeping(Manner(node="n2"))()
    assert engine.doctor().findings == ()
