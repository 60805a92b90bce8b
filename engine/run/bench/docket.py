"""Dockets for benchmarks: offices with as many cases as wanted, made by the database and kept between runs.

Room for: where they are kept, making one on either database so that nothing half made is ever met, copies to write in.
May not enter: what is in them (`patterns.py`), how rows are multiplied (`copying.py`), what is timed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from engine.errors import AnxuError
from engine.run.bench.copying import REQUESTS, Run, multiply, transfer
from engine.run.bench.patterns import Pattern, accepted_on, filed_on
from engine.run.bench.patterns import armed as armed_pattern
from engine.run.bench.patterns import province as province_pattern
from engine.run.bench.servers import command, database_on, fresh_database
from engine.run.founding import starter_texts
from engine.store.database import HEAD, Database
from engine.store.definitions import institutions
from engine.store.tables import metadata
from engine.text import Text

Told = Callable[[Text], None]

TIMERS_A_CASE = 2
"""A case of a province has more than so many timers on average."""

EVERYWHERE = "postgres"
"""The database that every PostgreSQL server has."""


@dataclass(frozen=True, slots=True)
class Docket:
    """A database with *cases* cases of *institution*, as they stand at *at*; at *due_at* one in a hundred has something due.

    It is kept: write in a copy of it (`copied`), or where it is too large for that, say so.
    """

    url: str
    institution: str
    cases: int
    at: datetime
    due_at: datetime

    @property
    def file(self) -> Path:
        """The file of a docket on SQLite."""
        return file_of(self.url)


def home() -> Path:
    """Return the folder where dockets are kept: what is made is large, and no part of anybody's office."""
    if named := os.environ.get("ANXU_BENCH", "").strip():
        return Path(named).expanduser()
    caches = os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache"
    return Path(caches).expanduser() / "anxu" / "bench"


def docket_of(folder: Path, cases: int, days: Sequence[date], told: Told) -> Docket:
    """Return the docket of *cases* open cases accepted on *days* in turn, on SQLite; it is made once and kept in *folder*."""
    return _docket(folder, cases, accepted_on(days), told, None)


def filed(folder: Path, cases: int, day: date, told: Told, server: str | None = None) -> Docket:
    """Return the docket of *cases* labour cases filed on *day*, half of them accepted; it is made once and kept, as a province is."""
    return _docket(folder, cases, filed_on(day), told, server)


def province(folder: Path, cases: int, told: Told, server: str | None = None) -> Docket:
    """Return the docket of a province with *cases* cases of every kind; it is made once and kept.

    On SQLite in *folder*; with *server*, the URL of a PostgreSQL server, in a database of its own there.
    """
    return _docket(folder, cases, province_pattern(), told, server)


def armed(folder: Path, timers: int, told: Told, server: str | None = None) -> Docket:
    """Return the docket of at least so many open timers of a province, without their cases; it is made once and kept."""
    return _docket(folder, max(1, timers // TIMERS_A_CASE), armed_pattern(), told, server)


@contextmanager
def copied(docket: Docket) -> Iterator[str]:
    """Give the URL of a copy of *docket* that may be written in and is gone afterwards."""
    if docket.url.startswith("sqlite"):
        place = Path(tempfile.mkdtemp(prefix="copy-", dir=docket.file.parent))
        try:
            shutil.copy(docket.file, place / "copy.db")
            yield f"sqlite:///{place / 'copy.db'}"
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return
    server = database_on(docket.url, EVERYWHERE)
    with fresh_database(server, "copy", like=_name_of(docket.url)) as url:
        yield url


def file_of(url: str) -> Path:
    """Return the file of a SQLite URL."""
    return Path(url.removeprefix("sqlite:///"))


@dataclass(frozen=True, slots=True)
class Making:
    """What is to be made: so many cases of a pattern, whose office is in *patterned*."""

    pattern: Pattern
    patterned: Path
    cases: int
    told: Told

    def said(self) -> None:
        """Say that it takes a while."""
        self.told(Text("正在准备{n}件案件…", "Making {n} cases …").filled(n=self.cases))

    def multiplied(self, run: Run, *, sqlite: bool) -> None:
        """Multiply the rows of the pattern's cases in a database that holds them."""
        pattern = Database(f"sqlite:///{self.patterned}")
        try:
            turn = self.pattern.originals(pattern)
        finally:
            pattern.close()
        multiply(run, sqlite, turn, self.cases, self.pattern.places, self.pattern.tables)


def _docket(folder: Path, cases: int, pattern: Pattern, told: Told, server: str | None) -> Docket:
    mark = _mark(pattern)
    folder.mkdir(parents=True, exist_ok=True)
    patterned = folder / f"{pattern.office}-{mark}.db"
    with _taking_turns(patterned):
        if not patterned.exists():
            _drop(folder.glob(f"{pattern.office}-*.db"))
            told(Text("正在准备样板机构…", "Working through a small office to copy from …"))
            _make_pattern(patterned, pattern)
    making = Making(pattern, patterned, cases, told)
    name = f"{pattern.name}_{cases}_{mark}"
    with _taking_turns(folder / f"{name}{'_server' if server else ''}"):
        url = _on_postgresql(server, name, making) if server else _on_sqlite(folder, name, making)
    database = Database(url)
    try:
        with database.reading() as connection:
            return Docket(url, institutions(connection)[0], cases, pattern.at, pattern.due_at)
    finally:
        database.close()


def _mark(pattern: Pattern) -> str:
    # The condition of a partial index is an object whose repr holds an address,
    # another in every process; its text does not.
    indexes = [
        (one.name, one.columns.keys(), sorted((key, str(rows)) for key, rows in one.dialect_kwargs.items()))
        for table in metadata.sorted_tables
        for one in sorted(table.indexes, key=lambda one: str(one.name))
    ]
    schema = [[table.name, *table.columns.keys()] for table in metadata.sorted_tables]
    known = [HEAD, *starter_texts().values(), repr(schema), repr(indexes), pattern.known, REQUESTS]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]


@contextmanager
def _taking_turns(made: Path) -> Iterator[None]:
    """Two processes that want the same docket: one makes it, the other waits and finds it made."""
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_pattern(file: Path, pattern: Pattern) -> None:
    place = Path(tempfile.mkdtemp(prefix="making-", dir=file.parent))
    try:
        made = file_of(pattern.make(place / "office"))
        shutil.move(made, file)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _on_sqlite(folder: Path, name: str, making: Making) -> str:
    file = folder / f"{name}.db"
    if not file.exists():
        _drop(file for file in folder.glob(f"{making.pattern.name}_*.db") if not _is_of(file.stem, name))
        making.said()
        place = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
        try:
            shutil.copy(making.patterned, place / "made.db")
            with closing(sqlite3.connect(place / "made.db", isolation_level=None)) as connection:
                # Nobody else sees the file until it is whole, so nothing needs to be taken back.
                for switch in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
                    connection.execute(f"PRAGMA {switch}")
                connection.execute("BEGIN")
                connection.execute("DROP TABLE IF EXISTS shares")
                making.multiplied(connection.execute, sqlite=True)
                connection.execute("COMMIT")
            shutil.move(place / "made.db", file)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    return f"sqlite:///{file}"


def _on_postgresql(server: str, name: str, making: Making) -> str:
    there = _databases(server)
    if name not in there:
        for other in there:
            if other.startswith(f"{making.pattern.name}_") and not _is_of(other, name):
                # One that somebody works on is left to them.
                with suppress(AnxuError):
                    command(database_on(server, EVERYWHERE), f'DROP DATABASE IF EXISTS "{other}"')
        making.said()
        unfinished = f"making_{name}"
        command(database_on(server, EVERYWHERE), f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")
        command(database_on(server, EVERYWHERE), f"CREATE DATABASE {unfinished} TEMPLATE template0")
        source, target = Database(f"sqlite:///{making.patterned}"), Database(database_on(server, unfinished))
        try:
            target.migrate()
            transfer(source, target)
            with target.writing() as connection:
                making.multiplied(connection.exec_driver_sql, sqlite=False)
        finally:
            source.close()
            target.close()
        command(database_on(server, unfinished), "VACUUM (FREEZE, ANALYZE)")
        command(database_on(server, EVERYWHERE), f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return database_on(server, name)


def _databases(server: str) -> Sequence[str]:
    database = Database(database_on(server, EVERYWHERE))
    try:
        with database.reading() as connection:
            return connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
    finally:
        database.close()


def _drop(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _is_of(name: str, other: str) -> bool:
    """Whether two dockets bear the same mark: made from one pattern, by one schema."""
    return name.rpartition("_")[2] == other.rpartition("_")[2]


def _name_of(url: str) -> str:
    return re.sub(r"^[^/]*//[^/]*/([^?]*).*$", r"\1", url)
