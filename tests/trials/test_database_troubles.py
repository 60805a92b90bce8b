"""Trials 4, 5 and 6: the disk is full, the files are read-only, another program holds SQLite's lock.

Each time: a clear sentence and nothing written, reads go on, nothing is corrupt, and the same process works again as
soon as the trouble is over.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.api import StoreAway
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import BUSY_SECONDS, Database
from tests.builders import INSTITUTION, Clock, a_file
from tests.cast import FANG, YI
from tests.conftest import opened_quickly
from tests.office import OfficeStory, assert_whole, rows_of
from tests.trials.figures import tell, timed
from tests.trials.waiting import pause
from tests.trials.writers import Request

NOBODY = 65534


@pytest.fixture
def file(sqlite_office: Path, tmp_path: Path) -> Path:
    """A SQLite office in a folder of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    shutil.copy(sqlite_office, folder / "office.db")
    return folder / "office.db"


def _with_a_draft(file: Path) -> tuple[Database, Engine, OfficeStory]:
    clock = Clock("2026-03-02")
    database = opened_quickly(f"sqlite:///{file}")
    engine = Engine(database, INSTITUTION, clock)
    story = OfficeStory(engine, clock).given("drafting")
    return database, engine, story


def _hand_in(engine: Engine, number: str, size: int) -> object:
    return engine.act(
        number, "submit_draft", YI, documents=[a_file("draft", "裁" * (size // 3))], key=f"draft of {size}"
    )


def _assert_reads_go_on(engine: Engine, number: str) -> None:
    assert engine.case_page(number, YI).line.number == number
    assert engine.lists.todos(YI).lines


# --- 4: the disk is full ----------------------------------------------------------------------------------


def test_a_full_disk_is_said_reads_go_on_and_room_made_is_used_without_a_restart(file: Path) -> None:
    database, engine, story = _with_a_draft(file)
    before = rows_of(database)

    def room(pages: int) -> None:
        # The same error a full file system gives; the trial below fills one.
        with database.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    room(1)
    with pytest.raises(StoreAway, match="full"):
        _hand_in(engine, story.number, 2_000_000)
    assert rows_of(database) == before
    _assert_reads_go_on(engine, story.number)

    room(1_000_000)
    assert isinstance(_hand_in(engine, story.number, 2_000_000), Done)
    assert_whole(engine, story.number)
    database.close()


@pytest.mark.trial
def test_a_file_system_of_three_megabytes_that_fills_up(file: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("mounting takes root")
    said = _in_a_mount_of_its_own("size=3m", file, "fill")
    tell("4", said, "clear message, reads go on, 0 corrupt, recovers without restart")


def fill(folder: str) -> str:
    """Act until the disk is full, look, make room, act again; return what happened."""
    file = Path(folder) / "office.db"
    database, engine, story = _with_a_draft(file)
    ballast = Path(folder) / "ballast"
    free = os.statvfs(folder)
    ballast.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - 400_000))
    done = 0
    sentence = ""
    for n in range(200):
        try:
            answer = Request(
                f"act {n}", OfficeStory(engine, Clock("2026-03-05")).given("accepted", n + 2).number, FANG
            ).send(engine)
            assert isinstance(answer, Done), answer
            done += 1
        except StoreAway as error:
            sentence = error.sentence.en
            break
    assert sentence, "the disk never filled up"
    _assert_reads_go_on(engine, story.number)
    for _ in range(20):
        with pytest.raises(StoreAway):
            _hand_in(engine, story.number, 900_000)
    _assert_reads_go_on(engine, story.number)
    ballast.unlink()
    with timed() as taken:
        assert isinstance(_hand_in(engine, story.number, 300_000), Done)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert_whole(engine, story.number)
    database.close()
    return f"{done} acts, then “{sentence}”, 20 more refused alike, reads went on, first act {taken.seconds:.2f} s after there was room"


def _in_a_mount_of_its_own(options: str, file: Path, work: str) -> str:
    """Run *work* in a process whose view of the file system has a small disk in the office's place."""
    folder = file.parent
    program = (
        f"import shutil,sys; shutil.copy({str(file)!r}, '/mnt/office.db'); "
        f"from tests.trials.test_database_troubles import {work}; print({work}('/mnt'))"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"mount -t tmpfs -o {options} none /mnt && exec {sys.executable} -c \"$1\"", "sh", program],
        check=False, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, f"{folder}: {done.stderr}"
    return done.stdout.strip().splitlines()[-1]


# --- 5: read-only -----------------------------------------------------------------------------------------


def _as_nobody(work: Callable[[Path], None], file: Path) -> None:
    """Run *work* in a process that file permissions hold for."""

    def run() -> None:
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        work(file)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(120)
    assert child.exitcode == 0


def _refused_while_read_only(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    engine = Engine(database, INSTITUTION, Clock("2026-03-20"))
    number = engine.cases().cases[0].number
    with pytest.raises(StoreAway, match="read"):
        _hand_in(engine, number, 100)
    _assert_reads_go_on(engine, number)
    assert not any(event.move == "submit_draft" for event in engine.history(number))
    database.close()


def test_a_read_only_file_is_said_and_reads_go_on(file: Path) -> None:
    database, engine, story = _with_a_draft(file)
    for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        part.chmod(0o444)
    # Everybody may go through the folders of the test's temporary place, however deep this run has put it.
    for folder in file.parents:
        if Path(tempfile.gettempdir()) in folder.parents:
            folder.chmod(folder.stat().st_mode | 0o055)

    _as_nobody(_refused_while_read_only, file)

    for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        part.chmod(0o644)
    assert isinstance(_hand_in(engine, story.number, 100), Done)
    assert_whole(engine, story.number)
    database.close()


@pytest.mark.trial
def test_a_file_system_that_turns_read_only_under_a_running_office(file: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("mounting takes root")
    said = _in_a_mount_of_its_own("size=60m", file, "turn_read_only")
    tell("5", said, "refused with the reason, no false success")


def turn_read_only(folder: str) -> str:
    """Act, turn the file system read-only, try, turn it back, act again."""
    database, engine, story = _with_a_draft(Path(folder) / "office.db")
    sentence = ""
    # A mount with files open for writing does not turn by itself; the lazy way is what an I/O error does to it.
    turned = subprocess.run(["mount", "-o", "remount,ro", folder], check=False, capture_output=True)
    if turned.returncode != 0:
        database.close()
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    tries = 20
    for _ in range(tries):
        with pytest.raises(StoreAway) as refused:
            _hand_in(engine, story.number, 100)
        sentence = refused.value.sentence.en
    reads = True
    try:
        _assert_reads_go_on(engine, story.number)
    except StoreAway as error:
        reads, sentence = False, f"{sentence}; reads: {error.sentence.en}"
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
    with timed() as taken:
        # The gate before a database that was away lets somebody try twice a second.
        answer = _at_last(lambda: _hand_in(engine, story.number, 100))
    assert isinstance(answer, Done)
    assert [event.move for event in story.history()].count("submit_draft") == 1
    assert_whole(engine, story.number)
    database.close()
    return f"{tries} acts refused with “{sentence}”, 0 false successes, reads {'went on' if reads else 'did not go on'}, first act {taken.seconds:.2f} s after"


def _at_last(work: Callable[[], object], patience: float = 5.0) -> object:
    until = time.monotonic() + patience
    while True:
        try:
            return work()
        except StoreAway:
            if time.monotonic() > until:
                raise
            pause(0.05)


def test_a_file_that_may_not_grow_is_said_and_leaves_nothing(file: Path) -> None:
    _as_nobody_with_room(file)


def _as_nobody_with_room(file: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=_limited, args=(file,))
    child.start()
    child.join(120)
    assert child.exitcode == 0


def _limited(file: Path) -> None:
    database, engine, story = _with_a_draft(file)
    before = rows_of(database)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{file}-wal").stat().st_size + 8192, most))
    with pytest.raises(StoreAway):
        _hand_in(engine, story.number, 900_000)
    _assert_reads_go_on(engine, story.number)
    assert rows_of(database) == before
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert isinstance(_hand_in(engine, story.number, 900_000), Done)
    assert_whole(engine, story.number)


# --- 6: the lock ------------------------------------------------------------------------------------------


@pytest.fixture
def holder(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program with a connection of its own."""
    connection = sqlite3.connect(file, isolation_level=None)
    yield connection
    connection.close()


def _lock_trial(file: Path, holder: sqlite3.Connection, tries: int) -> tuple[float, float]:
    database, engine, story = _with_a_draft(file)
    before = rows_of(database)
    holder.execute("BEGIN IMMEDIATE")
    longest = 0.0
    for _ in range(tries):
        with timed() as taken, pytest.raises(StoreAway, match=r"locked|busy"):
            _hand_in(engine, story.number, 100)
        longest = max(longest, taken.seconds)
        _assert_reads_go_on(engine, story.number)
    holder.execute("ROLLBACK")
    assert rows_of(database) == before
    with timed() as after:
        assert isinstance(_hand_in(engine, story.number, 100), Done)
    assert_whole(engine, story.number)
    database.close()
    return longest, after.seconds


def test_a_lock_that_another_program_holds_is_waited_for_a_while_and_then_said(
    file: Path, holder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.database.BUSY_SECONDS", 0.2)
    _lock_trial(file, holder, 2)


@pytest.mark.trial
def test_a_lock_held_for_thirty_seconds(file: Path, holder: sqlite3.Connection) -> None:
    longest, after = _lock_trial(file, holder, 6)
    assert longest <= BUSY_SECONDS + 1.0
    tell(
        "6",
        f"6 acts in 30 s waited {longest:.2f} s at most and were told, reads went on, 0 lost, first act {after:.2f} s after",
        "waits ≤ 5 s, 0 lost",
    )
