"""Where this machine's clock is not the database's, nothing is sent by it; where there is no other clock, all is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from engine.errors import ClockApart
from engine.run.delivering import Deliverer
from engine.service import checkpointing
from engine.service.batches import Manner
from engine.service.delivering import Delivered, deliver
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.tables import timers
from tests.builders import INSTITUTION, Clock, register_text
from tests.conftest import FreshDatabase
from tests.office import OfficeStory, found, rows_of
from tests.service.reached import CHANNELS, Post

IN_USE = (register_text() + CHANNELS).replace("rehearsal: true", "rehearsal: false")


@pytest.fixture
def in_use(fresh_postgresql_url: FreshDatabase) -> Iterator[Database]:
    """An office on PostgreSQL that is no rehearsal and has channels."""
    database = Database(fresh_postgresql_url())
    found(database, IN_USE)
    yield database
    database.close()


def at(database: Database, minutes: int) -> Engine:
    """A node whose clock is ahead of the database's by so much."""
    with database.reading() as connection:
        said = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return Engine(database, INSTITUTION, lambda: said + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [6, -6, 600])
def test_a_machine_whose_clock_is_not_the_databases_sends_nothing(in_use: Database, minutes: int) -> None:
    node, before = at(in_use, minutes), rows_of(in_use)

    with pytest.raises(ClockApart) as told:
        deliver(node.office, node.now, Post())

    assert "nothing was sent" in told.value.sentence.en
    assert rows_of(in_use) == before


def test_a_clock_that_is_set_while_a_sweep_is_at_long_work_fires_nothing(
    in_use: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, apart = at(in_use, 0), timedelta()
    clock = Clock()
    clock.at = node.now()
    story = OfficeStory(node, clock).open()
    with in_use.reading() as connection:
        due = connection.execute(select(func.min(timers.c.due_at))).scalar_one()
    sweeping = Engine(in_use, INSTITUTION, lambda: clock.at + apart)
    sealed_on = checkpointing._sealed_on

    def set_meanwhile(*given: Any) -> object:
        nonlocal apart
        apart = due - clock.at + timedelta(minutes=1)
        return sealed_on(*given)

    monkeypatch.setattr(checkpointing, "_sealed_on", set_meanwhile)
    with pytest.raises(ClockApart):
        sweeping.sweep(Manner(node="one"))

    assert [event for event in story.history() if event.kind == "rung_fired"] == []


@pytest.mark.parametrize("minutes", [4, -4])
def test_a_machine_whose_clock_is_nearly_right_sends(in_use: Database, minutes: int) -> None:
    node = at(in_use, minutes)
    assert deliver(node.office, node.now, Post()) == Delivered()


def test_a_node_says_in_its_log_that_it_sends_nothing(in_use: Database) -> None:
    with capture_logs() as lines:
        Deliverer(at(in_use, 6), Post()).ring()

    (line,) = [one for one in lines if one["event"] == "delivery_failed"]
    assert "ahead of the database's; nothing was sent" in line["cause"]


def test_a_file_has_no_clock_of_its_own(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'office.db'}")
    found(database, IN_USE)
    clock = Clock("2026-03-03 09:00")
    assert deliver(Engine(database, INSTITUTION, clock).office, clock, Post()) == Delivered()
    database.close()


def test_a_rehearsal_sets_its_own_time(engine: Engine) -> None:
    assert engine.rules().register.rehearsal
    assert deliver(engine.office, engine.now, Post()) == Delivered()
