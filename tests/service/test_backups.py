"""A backup taken while people act holds everything up to one commit, and either database is made from it again."""

from __future__ import annotations

import os
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from engine.errors import AlreadyThere, BrokenBackup, WrongUse
from engine.service import backups
from engine.service.backups import Manifest, back_up, check, restore
from engine.service.engine import Engine
from engine.store.database import HEAD, Database
from engine.store.streaming import Shape, is_empty, read_rows, shapes, write_rows
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
        reading.wait(60)
        story.do("propose", LIN, claim_amount="1.50")
        acted.set()

    def told(table: str, done: int) -> None:
        # The first table is done: whoever acts now acts after the commit that the backup is of.
        reading.set()
        assert acted.wait(60), "the act had to wait for the backup"

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


def test_of_two_restores_into_one_database_the_later_is_told_and_takes_nothing_away(
    database: Database, story: OfficeStory, fresh: Callable[[], Database], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    story.given("filed")
    file, again = tmp_path / "office.zip", fresh()
    back_up(database, file, AT, {})
    looked = is_empty

    def empty_until_another_restores(target: Database) -> bool:
        monkeypatch.setattr(backups, "is_empty", looked)
        assert looked(target)
        restore(file, target)
        return True

    monkeypatch.setattr(backups, "is_empty", empty_until_another_restores)
    with pytest.raises(AlreadyThere):
        restore(file, again)

    assert everything(again) == everything(database)


def test_a_restore_that_failed_takes_no_table_of_another_program_away(
    database: Database, fresh: Callable[[], Database], tmp_path: Path
) -> None:
    file, again = tmp_path / "office.zip", fresh()
    back_up(database, file, AT, {})
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b"shuanghe", b"shuangho") if "people" in name else old.read(name)
            )
    with again.writing() as connection:
        connection.execute(text("CREATE TABLE of_another (a INTEGER)"))

    with pytest.raises(BrokenBackup):
        restore(changed, again)

    with again.reading() as connection:
        assert inspect(connection).get_table_names() == ["of_another"]


def test_of_two_backups_to_one_name_one_is_made_whole_and_the_other_told(
    database: Database, story: OfficeStory, tmp_path: Path
) -> None:
    story.given("filed")
    file, refused = tmp_path / "office.zip", []

    def in_between(table: str, done: int) -> None:
        if not file.exists():
            inner.append(back_up(database, file, AT, {"x.yaml": b"2"}))

    inner: list[Manifest] = []
    try:
        back_up(database, file, AT, {"x.yaml": b"1"}, in_between)
    except WrongUse as error:
        refused.append(error.sentence.en)

    assert check(file) == inner[0]
    assert [("is there already" in one) for one in refused] == [True]
    assert [path.name for path in tmp_path.iterdir() if "zip" in path.name] == ["office.zip"]


def test_a_part_that_a_killed_backup_left_keeps_nobody_from_making_one(
    database: Database, tmp_path: Path
) -> None:
    left = tmp_path / "office.zip.unfinished"
    left.mkdir()
    made = back_up(database, tmp_path / "office.zip", AT, {})
    assert check(tmp_path / "office.zip") == made


def test_a_backup_is_on_the_disk_before_it_has_its_name_and_its_name_before_it_is_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, synced, sync = tmp_path / "office.zip", [], os.fsync

    def noted(handle: int) -> None:
        what = os.fstat(handle)
        synced.append(("folder" if stat.S_ISDIR(what.st_mode) else what.st_size, file.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    back_up(database, file, AT, {})

    named = [("folder", True)] if os.name != "nt" else []
    assert synced == [(file.stat().st_size, False), *named]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps to the rights of the folder")
def test_nobody_but_its_owner_reads_a_backup_or_a_part_of_one(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "office.zip"
    modes: set[int] = set()

    def told(table: str, done: int) -> None:
        modes.update(part.stat().st_mode & 0o777 for part in tmp_path.glob("office.zip*"))

    before = os.umask(0o022)
    try:
        back_up(database, file, AT, {}, told)
    finally:
        os.umask(before)

    assert modes == {0o600}
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_an_earlier_edition_is_brought_up(
    database: Database,
    story: OfficeStory,
    fresh: Callable[[], Database],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story.given("under_review")
    earlier = fresh()
    earlier.migrate("0003")
    known = _shapes_in(earlier)
    with database.reading() as source, earlier.writing() as connection:
        for shape in known:
            write_rows(connection, shape, read_rows(source, shape))
        # The counter over all others came with 0004.
        connection.execute(text("DELETE FROM editions WHERE name = 'all'"))
    monkeypatch.setattr(backups, "shapes", lambda: known)

    made = back_up(earlier, tmp_path / "office.zip", AT, {})
    again = fresh()
    restored = restore(tmp_path / "office.zip", again)

    assert (made.schema, restored, again.schema()) == ("0003", made, HEAD)
    assert "seals" not in {part.name for part in made.tables}
    before, after = everything(database), everything(again)
    assert {name for name in before if before[name] != after[name]} <= {
        "cases",
        "todos",
        "editions",
        "rearmings",
    }
    assert len(after["cases"]) == 1
    assert Engine(again, INSTITUTION, Clock()).verify().findings == ()
    with again.reading() as connection:
        assert Unit(connection, INSTITUTION).cases.get(story.case.id) == story.case


def _shapes_in(database: Database) -> tuple[Shape, ...]:
    """What this edition's tables have in the schema of *database*."""
    there = inspect(database.engine)
    names = set(there.get_table_names())
    columns = {name: {one["name"] for one in there.get_columns(name)} for name in names}
    return tuple(
        Shape(one.table, tuple((name, kind) for name, kind in one.columns if name in columns[one.table]))
        for one in shapes()
        if one.table in names
    )


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
