"""Trial 29: an office is backed up while eight people write in it, and made again: nothing differs up to the commit point."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import text

from engine.service.backups import back_up, restore
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.streaming import read_rows, shapes
from tests.builders import INSTITUTION, Clock, instant
from tests.cast import LIN
from tests.office import OfficeStory
from tests.trials.figures import tell

MEGABYTES = int(os.environ.get("ANXU_TRIAL_MB", "256"))
SECONDS_A_GIGABYTE = 60
CASES = 64
AT = instant("2026-03-02")


def _fill(database: Database) -> None:
    """Put documents of a megabyte each into the office."""
    content = os.urandom(1 << 20)
    with database.writing() as connection:
        for n in range(MEGABYTES):
            connection.execute(
                text(
                    "INSERT INTO documents (institution, digest, media_type, size, content, stored_at) "
                    "VALUES ('elsewhere', :d, 'application/pdf', :n, :c, '2026-03-02 01:00:00.000000')"
                ),
                {"d": f"{n:064x}", "n": len(content), "c": content},
            )


def _events(database: Database) -> set[tuple[object, ...]]:
    shape = next(one for one in shapes() if one.table == "events")
    with database.reading() as connection:
        return set(read_rows(connection, shape))


@pytest.mark.trial
def test_a_backup_under_load_is_one_commit_point(
    database: Database, engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    numbers = [OfficeStory(engine, clock).given("filed", n).number for n in range(1, CASES + 1)]
    _fill(database)
    acknowledged: list[str] = []
    begun, over = threading.Event(), threading.Event()

    def write(mine: list[str]) -> None:
        for number in mine:
            begun.wait(60)
            if over.is_set():
                return
            answer = engine.act(number, "propose", LIN, facts={"claim_amount": "1.50"})
            assert getattr(answer, "seq", None), answer
            acknowledged.append(number)

    writers = [threading.Thread(target=write, args=(numbers[n::8],)) for n in range(8)]
    for writer in writers:
        writer.start()
    file = tmp_path / "office.zip"
    before = perf_counter()
    back_up(database, file, AT, {}, lambda table, done: begun.set())
    taken = perf_counter() - before
    begun.set()
    for writer in writers:
        writer.join()

    again = Database(f"sqlite:///{tmp_path / 'again.db'}")
    before = perf_counter()
    manifest = restore(file, again)
    restored = perf_counter() - before
    there, whole = _events(again), _events(database)
    findings = Engine(again, INSTITUTION, clock).verify().findings
    again.close()

    size = file.stat().st_size / 1e9
    kind = "SQLite" if database.sqlite else "PostgreSQL"
    tell("29", f"{kind}: {taken / size:.0f} s backup and {restored / size:.0f} s restore a GB, {len(acknowledged)} acts meanwhile, {len(there - whole)} differences, {manifest.rows} rows", "0, 60 s")  # fmt: skip
    assert there <= whole, "the backup holds what the office does not"
    assert len(acknowledged) == CASES
    assert not findings
    assert taken / size <= SECONDS_A_GIGABYTE
    assert restored / size <= SECONDS_A_GIGABYTE
