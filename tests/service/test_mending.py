"""What nodes of the version before left undone is put right by a node that starts."""

from __future__ import annotations

from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.mending import Mending
from engine.store.database import Database
from tests.cast import FANG
from tests.office import OfficeStory, rows_of, tamper


def mended(engine: Engine, edition: str = "") -> int:
    mending = Mending(engine.office, edition)
    tuple(mending.pages())
    return mending.mended


def test_a_node_that_knows_of_words_gives_them_to_what_an_older_one_opened(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.open()
    whole = rows_of(database)["case_words"]
    tamper(database, "DELETE FROM case_words")
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
    tamper(database, "DELETE FROM case_words WHERE word LIKE '%丙' OR word LIKE '%公司丁'")

    assert mended(engine) == 1

    assert rows_of(database)["case_words"] == whole
    assert "case_words" not in {one.code for one in engine.doctor().findings}


def test_rows_that_an_older_node_wrote_for_every_rung_have_the_case_armed_anew(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    engine.sweep()
    whole = rows_of(database)["timers"]
    tamper(
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
        tamper(database, f"UPDATE {table} SET queue_due = '9999-12-31'")

    assert mended(engine) >= 2

    assert (rows_of(database)["cases"], rows_of(database)["todos"]) == whole


def test_where_another_edition_swept_of_late_the_next_sweep_arms_every_case_anew(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    engine.sweep(Manner(node="old", edition="0.1"))
    whole = rows_of(database)["timers"]
    tamper(database, "UPDATE timers SET rung = 'W9'")

    assert mended(engine, "0.1") == 0
    assert mended(engine, "0.2") == 1
    engine.sweep()

    assert rows_of(database)["timers"] == whole
