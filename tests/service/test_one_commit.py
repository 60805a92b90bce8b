"""An act is one commit: whatever breaks between two of its statements, nothing of it is left and it can be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from engine.model.answers import Refusal
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import Clock, a_file
from tests.cast import FANG, LIN, PARTIES, YI
from tests.office import OfficeStory, assert_whole, rows_of


class Struck(Exception):
    """What kills an act in these tests."""


class Striker:
    """Counts the statements of a database and raises before the one it was told to."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, *_: Any) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise Struck(self.at)


@contextmanager
def struck_at(database: Database, number: int) -> Iterator[Striker]:
    """Kill whatever sends its *number*-th statement, commits counted like statements."""
    striker, dialect = Striker(number), database.engine.dialect
    commit = dialect.do_commit

    def strike_or_commit(connection: Any) -> None:
        striker()
        commit(connection)

    event.listen(database.engine, "before_cursor_execute", striker)
    dialect.do_commit = strike_or_commit  # type: ignore[method-assign, assignment]
    try:
        yield striker
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]
        event.remove(database.engine, "before_cursor_execute", striker)


def strike_everywhere(database: Database, attempt: Callable[[], Done | Refusal]) -> int:
    """Do *attempt* again and again, each time killed one statement later, until it comes through; return how often."""
    before = rows_of(database)
    for number in range(1, 200):
        with struck_at(database, number) as striker:
            try:
                answer = attempt()
            except Struck:
                assert rows_of(database) == before, (
                    f"something was left of an act killed at statement {number}"
                )
                continue
        assert striker.seen < number
        assert isinstance(answer, Done), answer
        assert rows_of(database) != before
        return number - 1
    pytest.fail("the act never came to an end")


def test_opening_a_case_is_all_or_nothing(database: Database, engine: Engine) -> None:
    engine.rules()

    strikes = strike_everywhere(
        database,
        lambda: engine.open_case(
            "labour",
            LIN,
            parties=PARTIES,
            facts={"cause": "wages"},
            documents=[a_file("application")],
            key="k1",
        ),
    )

    assert strikes > 6
    assert_whole(engine, "双劳人仲案〔2026〕1号")


def test_an_act_with_a_document_a_new_matter_and_rungs_before_it_is_all_or_nothing(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("drafting")
    clock.set("2026-04-10")

    strikes = strike_everywhere(
        database,
        lambda: engine.act(
            story.number, "submit_draft", YI, documents=[a_file("draft", "裁决书第一稿")], key="k1"
        ),
    )

    assert strikes > 10
    assert [rung for rung, _ in story.rungs("award")] == ["W1", "W2", "W3", "W3", "W3", "W3"]
    assert_whole(engine, story.number)


def test_a_correction_is_all_or_nothing(database: Database, engine: Engine, story: OfficeStory) -> None:
    story.open()

    strike_everywhere(
        database,
        lambda: engine.correct(story.number, 1, FANG, reason="案由误选", facts={"cause": "injury"}, key="k1"),
    )

    assert_whole(engine, story.number)


def test_a_sweep_struck_in_one_case_loses_nothing_and_the_next_one_fires_it(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    clock.set("2026-03-10")
    fired = 0

    for number in range(1, 60):
        with struck_at(database, number):
            try:
                fired += engine.sweep().fired
            except Struck:
                continue

    assert fired == 2
    assert [rung for rung, _ in story.rungs()] == ["S1", "S2"]
    assert_whole(engine, story.number)
