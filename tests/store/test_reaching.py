"""How a process gets to its database: addresses with several hosts, and what happens while nobody is there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from engine.errors import OutcomeUnknown, StoreAway, WrongUse
from engine.store.database import Database
from engine.store.reaching import ONE_CALL, Gate, Hosts, Reach, postgresql_arguments
from engine.text import Text
from tests.conftest import FreshDatabase

THREE = "postgresql+psycopg://u:p%40@h1,h2:5433,h3/db?application_name=mine"


class Ticking:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_address_with_several_hosts_asks_for_the_one_that_can_be_written() -> None:
    arguments = postgresql_arguments(THREE, ONE_CALL)
    assert (arguments["host"], arguments["port"]) == ("h1,h2,h3", ",5433,")
    assert arguments["password"] == "p@"
    assert arguments["target_session_attrs"] == "read-write"
    assert arguments["keepalives_count"] == "3"
    assert arguments["application_name"] == "mine"
    assert "options" not in arguments


def test_what_the_address_says_stands_and_one_host_is_taken_as_it_is() -> None:
    arguments = postgresql_arguments(
        "postgresql://u@h1/db?connect_timeout=9&target_session_attrs=any", ONE_CALL
    )
    assert (arguments["connect_timeout"], arguments["target_session_attrs"]) == ("9", "any")
    assert "target_session_attrs" not in postgresql_arguments("postgresql://u@h1/db", ONE_CALL)
    node = postgresql_arguments("postgresql://u@h1/db", replace(ONE_CALL, answer=5.0))
    assert "lock_timeout=5s" in node["options"]
    assert "statement_timeout" not in node["options"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@h1/db?nonsense=1",
        "postgresql://u@h1,h2/db?port=1,2,3",
    ],
)
def test_an_address_that_cannot_be_read_is_said_in_one_sentence(url: str) -> None:
    with pytest.raises(WrongUse):
        Database(url)


def test_the_host_that_answered_last_is_asked_first() -> None:
    hosts = Hosts("h1,h2,h3", "1,2,3")
    hosts.answered("h3")
    assert hosts.in_turn() == {"host": "h3,h1,h2", "port": "3,1,2"}
    hosts.answered("elsewhere")
    assert hosts.in_turn()["host"] == "h3,h1,h2"
    assert Hosts("h1,h2", "").in_turn() == {"host": "h1,h2", "port": ","}


def test_before_a_database_that_is_away_one_tries_and_the_others_are_told() -> None:
    ticking = Ticking()
    gate = Gate(ticking)
    gate.enter()
    gate.shut(StoreAway(Text("不在", "away"), "full"))
    with pytest.raises(StoreAway) as told:
        gate.enter()
    assert told.value.reason == "full"
    ticking.now += 1
    gate.enter()
    with pytest.raises(StoreAway):
        gate.enter()
    assert gate.away_for() == 1.0
    gate.open()
    gate.enter()
    assert gate.away_for() == 0.0


def test_a_database_that_is_not_there_is_told_at_once_to_all_but_the_first() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    ticking = Ticking()
    database = Database(f"postgresql://u@127.0.0.1:{port}/db", Reach(clock=ticking))
    for _ in range(2):
        with pytest.raises(StoreAway), database.reading():
            pass
    ticking.now += 3
    assert database.gate.away_for() == 3.0
    database.close()


@pytest.fixture
def line(fresh_postgresql_url: FreshDatabase) -> Iterator[Database]:
    opened = Database(fresh_postgresql_url(), Reach(answer=60.0))
    with opened.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE words (word text PRIMARY KEY)")
    yield opened
    opened.close()


def cut_off(database: Database) -> None:
    """End every other session of this database, as a server that goes does."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def write(database: Database, *steps: str | Callable[[Database], None]) -> None:
    with database.writing() as connection:
        for step in steps:
            if isinstance(step, str):
                connection.exec_driver_sql(step)
            else:
                step(database)


def test_a_connection_that_breaks_before_the_commit_wrote_nothing(line: Database) -> None:
    with pytest.raises(StoreAway) as told:
        write(line, "INSERT INTO words VALUES ('lost')", cut_off, "SELECT 1")
    assert not isinstance(told.value, OutcomeUnknown)
    with line.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == 0


def test_a_connection_that_breaks_at_the_commit_leaves_it_unknown(line: Database) -> None:
    with pytest.raises(OutcomeUnknown):
        write(line, "INSERT INTO words VALUES ('perhaps')", cut_off)
    with pytest.raises(OutcomeUnknown), line.glancing() as cursor, line.struck(cursor):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with line.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == 0


def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_was_said(
    fresh_postgresql_url: FreshDatabase,
) -> None:
    database = Database(fresh_postgresql_url(), Reach(answer=0.2))
    told: list[Exception] = []

    def wait() -> None:
        try:
            with database.reading() as connection:
                connection.exec_driver_sql("SELECT pg_sleep(60)")
        except StoreAway as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    waiting.join(60)
    assert len(told) == 1

    def answers() -> bool:
        try:
            with database.reading() as connection:
                return connection.exec_driver_sql("SELECT 1").scalar() == 1
        except StoreAway:
            return False  # a machine so busy that the fifth of a second was too short

    assert any(answers() for _ in range(100))
    database.close()
