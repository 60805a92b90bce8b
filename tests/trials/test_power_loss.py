"""Trial 3: the power goes while SQLite writes; what was acknowledged is there afterwards, and nothing by halves.

How: after each acknowledged act the database file and its log stand as they stood, and whatever the next act had written
to the log by then is cut at every place: between its frames, inside them, and with the rest of the frame garbled. What
was acknowledged lies before the cut only because the log is on the disk by the time an act is answered; that is shown by
itself, by the calls the process makes to its system (`strace`): no answer is written before an ``fdatasync`` of the log.

What it does not show: a disk that says it has written and has not, and writes that reach the disk in another order
within one sync; the frames' own checksums stand against both, and the garbled cuts try the second.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.fold import fold
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import FANG
from tests.office import OfficeStory
from tests.trials.figures import tell
from tests.trials.writers import Request

HEADER = 32
"""Bytes at the beginning of a log, before its first frame."""

FRAME = 24
"""Bytes of a frame before its page."""


def _moments(source: Path, folder: Path, acts: int) -> Iterator[tuple[Path, int, str]]:
    """Act, and give after each answer a copy of the office with the length of its log then, and the case."""
    file = folder / "office.db"
    shutil.copy(source, file)
    clock = Clock("2026-03-05")
    database = Database(f"sqlite:///{file}")
    engine = Engine(database, INSTITUTION, clock)
    case = OfficeStory(engine, clock).given("accepted").number
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "the product writes with FULL"
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(acts):
        answer = Request(f"act {number}", case, FANG).send(engine)
        assert isinstance(answer, Done), answer
        copy = folder / f"moment{number}"
        copy.mkdir()
        for part in ("", "-wal"):
            shutil.copy(f"{file}{part}", copy / f"office.db{part}")
        yield copy, os.path.getsize(f"{file}-wal"), case
    database.close()


def _cuts(before: int, after: int, page: int, draw: random.Random, inside: int) -> Iterator[tuple[int, bool]]:
    """Every place at which the log can end between two answers: (bytes kept, whether garbage follows)."""
    frame = FRAME + page
    for start in range(max(before, HEADER), after + 1, frame):
        yield start, False
        for _ in range(inside if start < after else 0):
            yield start + draw.randint(1, frame - 1), draw.random() < 0.5


def _after_the_cut(moment: Path, folder: Path, kept: int, garbled: bool, draw: random.Random) -> Path:
    torn = folder / "torn.db"
    for part in ("", "-wal", "-shm"):
        Path(f"{torn}{part}").unlink(missing_ok=True)
    shutil.copy(moment / "office.db", torn)
    log = (moment / "office.db-wal").read_bytes()[:kept]
    Path(f"{torn}-wal").write_bytes(log + (draw.randbytes(3000) if garbled else b""))
    return torn


def _power_losses(source: Path, folder: Path, acts: int, inside: int) -> tuple[int, int]:
    draw = random.Random(3)
    losses = whole = 0
    before = 0
    for number, (moment, length, case) in enumerate(_moments(source, folder, acts)):
        with sqlite3.connect(moment / "office.db") as raw:
            page = raw.execute("PRAGMA page_size").fetchone()[0]
        for kept, garbled in _cuts(before, length, page, draw, inside):
            torn = _after_the_cut(moment, folder, kept, garbled, draw)
            done = _acts_in(torn, case)
            acknowledged = [f"act {n}" for n in range(number)]
            assert done in (acknowledged, [*acknowledged, f"act {number}"]), (
                f"cut at {kept} of {length}: {done}"
            )
            losses += 1
            whole += len(done) > number
        before = length
    return losses, whole


def _acts_in(torn: Path, case: str) -> list[str]:
    database = Database(f"sqlite:///{torn}")
    engine = Engine(database, INSTITUTION, Clock("2026-03-05"))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert engine.verify().findings == ()
    with engine.office.reading() as unit:
        stored = unit.cases.find(case)
    history = engine.history(case)
    assert fold(history) == stored
    database.close()
    return [str(event.facts["reason"]) for event in history if event.move == "set_target"]


@pytest.mark.disk
def test_what_was_acknowledged_outlives_the_power(sqlite_office: Path, tmp_path: Path) -> None:
    losses, _ = _power_losses(sqlite_office, tmp_path, acts=2, inside=0)
    assert losses > 10


@pytest.mark.trial
def test_what_was_acknowledged_outlives_the_power_wherever_it_goes(
    sqlite_office: Path, tmp_path: Path
) -> None:
    losses, whole = _power_losses(sqlite_office, tmp_path, acts=12, inside=4)
    tell(
        "3",
        f"{losses} cuts of the log over 12 acts: 0 acknowledged lost, 0 half, {whole} times the act before its answer was whole",
        "0 lost",
    )


@pytest.mark.trial
def test_no_answer_is_given_before_the_log_is_on_the_disk(sqlite_office: Path, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not here")
    file = tmp_path / "office.db"
    shutil.copy(sqlite_office, file)
    clock = Clock("2026-03-05")
    database = Database(f"sqlite:///{file}")
    case = OfficeStory(Engine(database, INSTITUTION, clock), clock).given("accepted").number
    database.close()
    calls = tmp_path / "calls.txt"
    program = (
        "import sys; from tests.trials.writers import write; "
        f"write('sqlite:///{file}', '2026-03-05', [{case!r}], {str(tmp_path / 'w.log')!r}, 'w', 20)"
    )
    traced = subprocess.run(
        ["strace", "-f", "-y", "-e", "trace=pwrite64,write,fdatasync,fsync", "-o", str(calls), sys.executable, "-c", program],
        check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert traced.returncode == 0, traced.stderr
    unsynced, answers = 0, 0
    for line in calls.read_text(encoding="utf-8", errors="replace").splitlines():
        if re.search(r"pwrite64\(\d+<[^>]*-wal>", line):
            unsynced += 1
        elif re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            unsynced = 0
        elif "w.log>" in line and '"told' in line:
            assert unsynced == 0, "an act was answered while its log was not on the disk"
            answers += 1
    assert answers == 20
    tell("3 (order)", f"{answers} answers, each after the log was synced", "0 before")
