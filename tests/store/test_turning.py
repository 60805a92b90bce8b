"""Several lists in one line: in the order of the database that gives them, whatever alphabet that goes by."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from sqlalchemy import Select

from engine.service.engine import Engine
from engine.service.paging import Ask
from engine.store import turning
from engine.store.database import Database
from engine.store.turning import Place, by_bytes, in_line
from tests.builders import Clock
from tests.cast import ZHOU
from tests.office import OfficeStory


class Elsewhere:
    """A connection to a database that leaves out what is no letter, and lets case decide last, as most alphabets do."""

    info: ClassVar = {"by_bytes": False}

    def execute(self, query: Select[Any]) -> Elsewhere:
        texts = query.compile().params.values()
        self.found = sorted(texts, key=lambda text: (text.replace("_", "").casefold(), text.swapcase()))
        return self

    def scalars(self) -> list[str]:
        return self.found


def itself(place: Place) -> Place:
    return place


LISTS = [(1, "ab", "x"), (1, "b", "x"), (2, "a", "x"), (1, "a_c", "x"), (1, "B", "x"), (1, "ab", "X")]


def test_lists_stand_in_the_order_of_the_database_and_of_no_other() -> None:
    elsewhere: Any = Elsewhere()

    found = in_line(elsewhere, LISTS, itself)

    assert found == [
        (1, "ab", "x"),
        (1, "ab", "X"),
        (1, "a_c", "x"),
        (1, "b", "x"),
        (1, "B", "x"),
        (2, "a", "x"),
    ]
    assert in_line(elsewhere, LISTS, itself, backwards=True) == found[::-1]
    assert found != sorted(LISTS)


def test_a_database_is_asked_once_whether_it_goes_by_bytes(database: Database) -> None:
    with database.reading() as connection:
        connection.info.clear()
        assert by_bytes(connection)
        assert connection.info["by_bytes"] is True
        assert in_line(connection, LISTS, itself) == sorted(LISTS)


def test_a_database_that_has_to_be_asked_gives_the_same_pages(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        OfficeStory(engine, clock).given("accepted", number)
    clock.set("2026-04-09 10:00")
    engine.sweep()
    engine.inbox.mark_read(ZHOU, engine.inbox.page(ZHOU).lines[1].id)

    def pages() -> list[Any]:
        first = engine.lists.todos(ZHOU, ask=Ask(most=2))
        return [first, engine.lists.todos(ZHOU, ask=Ask(first.next, most=2)), engine.inbox.page(ZHOU)]

    before = pages()
    # A file goes by bytes and cannot be asked.
    monkeypatch.setattr(turning, "by_bytes", lambda connection: connection.dialect.name == "sqlite")

    assert pages() == before
    assert len(before[0].lines) == 2
    assert {line.read for line in before[2].lines} == {True, False}
