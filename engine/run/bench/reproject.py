"""Benchmark "reproject": open cases follow a holiday notice, beside reading their rows and writing those that move.

Room for: the notice, the docket it comes to, and the bare reading and writing of the same rows.
May not enter: how cases follow (`engine/service/reprojecting.py`).
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from engine.law.festivals import statutory_days
from engine.model.answers import Refusal
from engine.run.bench.docket import Docket, docket_of
from engine.run.bench.frame import Benchmark, Order, Pair, ready_engine
from engine.run.shell import system_user
from engine.store.database import Database
from engine.text import Text

YEAR = 2027
LOADED_AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PAIRS = 3
BATCH = 500

FIRST, LAST = date(2026, 9, 18), date(2026, 11, 20)
"""Cases accepted from the one to the other are open when the notice comes, and a tenth of them end around New Year."""

NEW_YEAR = [date(YEAR, 1, day) for day in range(1, 5)]
"""The rest days that a tenth of the cases would end on."""

WORKED = date(YEAR, 10, 9)
"""The weekend day that is worked, after every case of the docket has ended: a notice always names one."""

READ = ("cases", "todos", "timers")

Rows = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """What following the notice changed, as statements with their rows."""

    statements: tuple[tuple[str, Rows], ...]


def days_of_the_docket() -> tuple[date, ...]:
    """Return the days the cases of the docket were accepted on: forty working days, the last four of which will move."""
    every = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    holidays = {date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}
    return tuple(day for day in every if day.weekday() < 5 and day not in holidays)


def notice() -> bytes:
    """Return the notice that comes, as csv."""
    rest = sorted({*NEW_YEAR, *(day for days in statutory_days(YEAR).values() for day in days)})
    rows = [*(f"{day.isoformat()},休" for day in rest), f"{WORKED.isoformat()},班"]
    return "\n".join(["日期,安排", *rows, ""]).encode()


def _pairs(order: Order) -> Iterable[Pair]:
    cases = 100_000 if order.full else order.cases
    # Not in the office: what is made here is large, and no part of anybody's work.
    home = Path(tempfile.gettempdir()) / f"anxu-bench-{system_user()}"
    docket = docket_of(home, cases, days_of_the_docket(), order.told)
    for _ in range(PAIRS):
        yield _pair(docket)


def _pair(docket: Docket) -> Pair:
    place = Path(tempfile.mkdtemp(prefix="anxu-bench-", dir=docket.file.parent))
    try:
        ours, bare = place / "ours.db", place / "bare.db"
        shutil.copy(docket.file, ours)
        shutil.copy(docket.file, bare)
        seconds = followed(ours, docket.institution)
        with closing(sqlite3.connect(bare)) as connection:
            written = _written(connection, ours)
        with closing(sqlite3.connect(bare, isolation_level=None)) as connection:
            return Pair(seconds, read_and_written(connection, written))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def followed(file: Path, institution: str) -> float:
    """Load the notice into the office in *file*; return the seconds until every case has followed."""
    database = Database(f"sqlite:///{file}")
    try:
        engine = ready_engine(database, institution, LOADED_AT)
        begun = perf_counter()
        answer = engine.load_notice("notice.csv", notice(), YEAR, "国办发明电〔2026〕7号", "admin")
        seconds = perf_counter() - begun
    finally:
        database.close()
    assert not isinstance(answer, Refusal), answer
    assert answer.moved, "the notice moved no case"
    return seconds


def read_and_written(connection: sqlite3.Connection, written: Written) -> float:
    """Read every open case's rows and write what changed, with nothing but the driver; return the seconds."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    begun = perf_counter()
    for table in READ:
        found = connection.execute(f"SELECT * FROM {table}")
        while found.fetchmany(BATCH):
            pass
    connection.execute("BEGIN IMMEDIATE")
    for statement, rows in written.statements:
        connection.executemany(statement, rows)
    connection.execute("COMMIT")
    return perf_counter() - begun


def _written(before: sqlite3.Connection, after: Path) -> Written:
    before.execute("ATTACH ? AS after", (str(after),))
    names = "version, body, clock, due, overdue_after, target_due, calendar_from, calendar_until"
    same = "b.institution = a.institution AND b.id = a.id"
    cases = before.execute(
        f"SELECT {', '.join('a.' + n for n in names.split(', '))}, a.institution, a.id FROM after.cases a "
        f"JOIN main.cases b ON {same} WHERE a.version <> b.version OR a.calendar_until IS NOT b.calendar_until"
    ).fetchall()
    sets = ", ".join(f"{name} = ?" for name in names.split(", "))
    statements = [(f"UPDATE cases SET {sets} WHERE institution = ? AND id = ?", cases)]
    for table in ("events", "notices", "shown_dates", "todos", "timers"):
        statements += _differences(before, table)
    return Written(tuple(statements))


def _differences(both: sqlite3.Connection, table: str) -> Iterator[tuple[str, Rows]]:
    columns = [(row[1], row[5]) for row in both.execute(f"PRAGMA main.table_info({table})")]
    key = [n for n, (_, place) in enumerate(columns) if place]
    rest = [n for n, (_, place) in enumerate(columns) if not place]
    gone = _by_key(both.execute(f"SELECT * FROM main.{table} EXCEPT SELECT * FROM after.{table}"), key)
    fresh = _by_key(both.execute(f"SELECT * FROM after.{table} EXCEPT SELECT * FROM main.{table}"), key)
    where = " AND ".join(f'"{columns[n][0]}" = ?' for n in key)
    if left := [known for known in gone if known not in fresh]:
        yield f"DELETE FROM {table} WHERE {where}", left
    if changed := [(*(fresh[known][n] for n in rest), *known) for known in fresh if known in gone]:
        sets = ", ".join(f'"{columns[n][0]}" = ?' for n in rest)
        yield f"UPDATE {table} SET {sets} WHERE {where}", changed
    if added := [row for known, row in fresh.items() if known not in gone]:
        marks = ", ".join("?" * len(columns))
        yield f"INSERT INTO {table} VALUES ({marks})", added


def _by_key(
    found: Iterable[tuple[object, ...]], key: Sequence[int]
) -> dict[tuple[object, ...], tuple[object, ...]]:
    return {tuple(row[n] for n in key): row for row in found}


REPROJECT = Benchmark(
    name="reproject",
    title=Text("放假通知录入后全部在办案件重算", "every open case follows a holiday notice"),
    limit=Text(
        "只读出这些案件的行，并写入变动的行", "reading the rows of these cases and writing those that move"
    ),
    most=3,
    unit="s",
    pairs=_pairs,
)
