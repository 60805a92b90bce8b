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


def _with_a_draft(
    file: Path, opened: Callable[[str], Database] = opened_quickly
) -> tuple[Database, Engine, OfficeStory]:
    clock = Clock("2026-03-02")
    database = opened(f"sqlite:///{file}")
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
    said = _in_a_mount_of_its_own("-t tmpfs -o size=3m none", file, "fill")
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


def _in_a_mount_of_its_own(what: str, file: Path, work: str) -> str:
    """Run *work* in a process that has *what* mounted at ``/mnt``, with the office in it where it is a new one."""
    program = (
        "import os, shutil; "
        f"os.path.exists('/mnt/office.db') or shutil.copy({str(file)!r}, '/mnt/office.db'); "
        f"from tests.trials.test_database_troubles import {work}; print({work}('/mnt'))"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f"mount {what} /mnt && exec {sys.executable} -c \"$1\"", "sh", program],
        check=False, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
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
def test_a_file_system_that_is_read_only_for_a_while(file: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("mounting takes root")
    said = _in_a_mount_of_its_own("-t tmpfs -o size=60m none", file, "begin_read_only")
    tell("5 (begun on one)", said, "refused with the reason, no false success, works again without a restart")


def begin_read_only(folder: str) -> str:
    """Begin an office on a file system that is read-only, try, make it writable, act."""
    database, engine, story = _with_a_draft(Path(folder) / "office.db")
    database.close()
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    tries, sentences = _refused(engine, story.number)
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
    with timed() as taken:
        # The gate before a database that was away lets somebody try twice a second.
        answer = _at_last(lambda: _hand_in(engine, story.number, 100))
    assert isinstance(answer, Done)
    _assert_once(story)
    assert_whole(engine, story.number)
    database.close()
    return f"{tries} acts refused with “{sentences[-1]}”, 0 false successes, first act {taken.seconds:.2f} s after"


def _refused(engine: Engine, number: str) -> tuple[int, list[str]]:
    sentences = []
    for _ in range(20):
        with pytest.raises(StoreAway) as refused:
            _hand_in(engine, number, 100)
        sentences.append(refused.value.sentence.en)
    return len(sentences), sentences


def _assert_once(story: OfficeStory) -> None:
    assert [event.move for event in story.history()].count("submit_draft") == 1


@pytest.mark.trial
def test_a_disk_that_fails_and_turns_read_only_under_a_running_office(file: Path) -> None:
    if os.getuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("a disk of its own takes root and mkfs.ext4")
    image = file.with_name("disk.img")
    with image.open("wb") as made:
        made.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    said = _in_a_mount_of_its_own(f"-o loop,errors=remount-ro {image}", file, "fail_underneath")
    subprocess.run(["e2fsck", "-p", str(image)], check=False, capture_output=True)
    later = _in_a_mount_of_its_own(f"-o loop {image}", image, "go_on_after_repair")
    tell("5", f"{said}; {later}", "refused with the reason, no false success, reads go on")


def fail_underneath(folder: str) -> str:
    """Act, let the disk fail as one does with the office's files open, and try; reads go on by the open files."""
    subprocess.run(["sync", "-f", folder], check=True)
    database, engine, story = _with_a_draft(Path(folder) / "office.db", Database)
    assert isinstance(Request("before", _second(engine), FANG).send(engine), Done)
    device = subprocess.check_output(["findmnt", "-n", "-o", "SOURCE", folder], text=True).strip()
    Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("1")
    tries, sentences = _refused(engine, story.number)
    _assert_reads_go_on(engine, story.number)
    assert "read" in sentences[-1]
    # A process that begins now reads as well, as long as the log's files are there.
    other = opened_quickly(database.url)
    _assert_reads_go_on(Engine(other, INSTITUTION, Clock("2026-03-20")), story.number)
    told = " and ".join(f"“{one}”" for one in dict.fromkeys(sentences))
    return f"{tries} acts refused with {told}, 0 false successes, reads went on"


def _second(engine: Engine) -> str:
    return OfficeStory(engine, Clock("2026-03-05")).given("accepted", 2).number


def go_on_after_repair(folder: str) -> str:
    """Act on the repaired disk: what was acknowledged is there, and the act that nobody could tell of is done once."""
    database = Database(f"sqlite:///{folder}/office.db")
    engine = Engine(database, INSTITUTION, Clock("2026-03-20"))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    first, second = sorted(line.number for line in engine.cases().cases)
    assert [event.facts.get("reason") for event in engine.history(second)].count("before") == 1
    assert isinstance(_hand_in(engine, first, 100), Done)
    assert [event.move for event in engine.history(first)].count("submit_draft") == 1
    assert_whole(engine, first, second)
    database.close()
    return "after repair all acknowledged was there and the open request was done once"


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
