"""A backup taken while people act holds everything up to one commit, and either database is made from it again."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.errors import BrokenBackup, WrongUse
from engine.service.backups import back_up, check, restore
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.streaming import read_rows, shapes
from engine.store.unit import Unit
from tests.builders import INSTITUTION, Clock, instant
from tests.cast import LIN
from tests.conftest import FreshDatabase
from tests.office import OfficeStory

AT = instant("2026-03-02")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """A maker of empty databases of either kind."""
    opened: list[Database] = []

    def make() -> Database:
        url = f"sqlite:///{tmp_path / f'fresh{len(opened)}.db'}"
        if request.param == "postgresql":
            another: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
            url = another()
        opened.append(Database(url))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as connection:
        return {shape.table: sorted(read_rows(connection, shape), key=repr) for shape in shapes()}


def test_either_database_is_made_again_from_a_backup_of_either(
    database: Database, story: OfficeStory, fresh: Callable[[], Database], tmp_path: Path
) -> None:
    story.given("under_review")
    made = back_up(database, tmp_path / "office.zip", AT, {"workflows.yaml": b"institution: x\n"})
    assert check(tmp_path / "office.zip") == made

    again = fresh()
    restored = restore(tmp_path / "office.zip", again)

    assert restored == made
    assert everything(again) == everything(database)
    assert Engine(again, INSTITUTION, Clock()).verify().findings == ()


def test_a_backup_under_way_keeps_nobody_from_acting_and_holds_one_commit(
    database: Database,
    engine: Engine,
    clock: Clock,
    story: OfficeStory,
    fresh: Callable[[], Database],
    tmp_path: Path,
) -> None:
    story.given("filed")
    before = everything(database)
    reading, acted = threading.Event(), threading.Event()

    def act() -> None:
        reading.wait(10)
        story.do("propose", LIN, claim_amount="1.50")
        acted.set()

    def told(table: str, done: int) -> None:
        # The first table is done: whoever acts now acts after the commit that the backup is of.
        reading.set()
        assert acted.wait(10), "the act had to wait for the backup"

    beside = threading.Thread(target=act)
    beside.start()
    back_up(database, tmp_path / "office.zip", AT, {}, told)
    beside.join()
    again = fresh()
    restore(tmp_path / "office.zip", again)

    assert everything(again) == before != everything(database)


@pytest.mark.parametrize("harm", ["cut off", "changed", "bits"])
def test_a_broken_backup_is_found_and_leaves_nothing(
    harm: str, database: Database, story: OfficeStory, fresh: Callable[[], Database], tmp_path: Path
) -> None:
    story.given("filed")
    file = tmp_path / "office.zip"
    back_up(database, file, AT, {})
    if harm == "cut off":
        file.write_bytes(file.read_bytes()[:-200])
    elif harm == "bits":
        whole = bytearray(file.read_bytes())
        begins = whole.index(b"rows/events.jsonl") + 60
        whole[begins : begins + 200] = b"\xff" * 200
        file.write_bytes(whole)
    else:
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content.replace(b"shuanghe", b"shuangho") if "events" in name else content)
        file = changed
    again = fresh()

    with pytest.raises(BrokenBackup):
        check(file)
    with pytest.raises(BrokenBackup):
        restore(file, again)

    with again.reading() as connection:
        kind = (
            "pg_tables WHERE schemaname = 'public'"
            if not again.sqlite
            else "sqlite_master WHERE type = 'table'"
        )
        assert connection.execute(text(f"SELECT count(*) FROM {kind}")).scalar() == 0


def test_nothing_is_restored_over_an_office(database: Database, tmp_path: Path) -> None:
    back_up(database, tmp_path / "office.zip", AT, {})
    before = everything(database)

    with pytest.raises(WrongUse):
        restore(tmp_path / "office.zip", database)
    with pytest.raises(WrongUse):
        back_up(database, tmp_path / "office.zip", AT, {})

    assert everything(database) == before


def test_contents_of_documents_come_back_byte_for_byte(
    database: Database, engine: Engine, story: OfficeStory, fresh: Callable[[], Database], tmp_path: Path
) -> None:
    story.given("filed")
    content = bytes(range(256)) * 300 + b"\n[1]\n"
    with database.writing() as connection:
        Unit(connection, INSTITUTION).connection.execute(
            text(
                "INSERT INTO documents (institution, digest, media_type, size, content, stored_at) "
                "VALUES (:i, 'd', 'application/pdf', :n, :c, '2026-03-02 01:00:00.000000')"
            ),
            {"i": INSTITUTION, "n": len(content), "c": content},
        )
    back_up(database, tmp_path / "office.zip", AT, {})
    again = fresh()
    restore(tmp_path / "office.zip", again)

    with again.reading() as connection:
        found = connection.execute(text("SELECT content FROM documents WHERE digest = 'd'")).scalar_one()
    assert bytes(found) == content
