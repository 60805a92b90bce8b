"""Dockets for benchmarks: an office with as many open cases as wanted, each a copy of one that was really worked on.

Room for: a few real cases through the engine, many copies of their rows by the database, the file they are kept in.
May not enter: what is timed.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from engine.model.answers import Refusal
from engine.model.case import Party
from engine.run.demonstration.cast import DIRECTOR, HEADS, engage
from engine.run.demonstration.simulator import SetClock
from engine.run.founding import found, starter_texts
from engine.run.settings import DATABASE_FILE, Settings
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.definitions import institutions
from engine.store.documents import Attachment
from engine.store.folding import fold_number
from engine.store.tables import metadata
from engine.text import Text

CLERK, SECRETARY, TRIBUNAL, PRESIDING = "lin", "zhou", "jia yi bing", "jia"
APPLICATION = Attachment("application", "申请书.txt", "仲裁申请书".encode(), "text/plain; charset=utf-8")

PARTIES = (
    Party("", "claimant", "王小禾"),
    Party("", "respondent", "双河甲纺织有限公司"),
    Party("", "respondent", "双河乙物流有限公司"),
)

COPIED = ("cases", "matters", "events", "todos", "timers", "notices", "shown_dates")
"""The tables whose rows belong to one case."""


@dataclass(frozen=True, slots=True)
class Docket:
    """A database file with *cases* open cases of *institution*; copy it, then write in the copy."""

    file: Path
    institution: str
    cases: int


def docket_of(folder: Path, cases: int, days: Sequence[date], told: Callable[[Text], None]) -> Docket:
    """Return the docket of *cases* cases accepted on *days* in turn; it is made once and kept in *folder*."""
    schema = [[table.name, *table.columns.keys()] for table in metadata.sorted_tables]
    known = [*starter_texts().values(), repr(schema), *(day.isoformat() for day in days)]
    mark = hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]
    file = folder / f"docket-{cases}-{mark}.db"
    if not file.exists():
        told(Text("正在准备{n}件案件…", "Making {n} cases …").filled(n=cases))
        folder.mkdir(parents=True, exist_ok=True)
        _make(file, cases, days)
    database = Database(f"sqlite:///{file}")
    try:
        with database.reading() as connection:
            return Docket(file, institutions(connection)[0], cases)
    finally:
        database.close()


def _make(file: Path, cases: int, days: Sequence[date]) -> None:
    place = Path(tempfile.mkdtemp(prefix="anxu-bench-", dir=file.parent))
    try:
        since = datetime.combine(date(days[0].year, 1, 5), time(9)).astimezone()
        founded = found(place / "office", Settings(at=since.isoformat()), rehearsal=True, institution=None, title=None)  # fmt: skip
        database = Database(founded.url)
        try:
            _tell(database, founded.register.institution, since, days)
        finally:
            database.close()
        made = place / "office" / DATABASE_FILE
        with closing(sqlite3.connect(made)) as connection:
            _copy(connection, cases)
            connection.commit()
        shutil.move(made, file)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _tell(database: Database, institution: str, since: datetime, days: Sequence[date]) -> None:
    clock = SetClock(since)
    engine = Engine(database, institution, clock)
    engage(engine, since.date(), ())
    zone = engine.rules().register.zone
    for day in days:
        clock.at = datetime.combine(day, time(9, 30), zone)
        opened = engine.open_case(
            "labour", CLERK, parties=PARTIES, facts={"cause": "wages"}, documents=[APPLICATION]
        )
        assert not isinstance(opened, Refusal), opened
        for move, by, facts in (
            ("propose", CLERK, {"claim_amount": "12000.50"}),
            ("accept", DIRECTOR, {"secretary_named": SECRETARY}),
            ("form_tribunal", HEADS[0], {"tribunal_named": TRIBUNAL, "presiding_named": PRESIDING}),
        ):
            done = engine.act(opened.number, move, by, facts=facts)
            assert not isinstance(done, Refusal), done


def _copy(connection: sqlite3.Connection, cases: int) -> None:
    """Put *cases* copies of the cases there are in their place."""
    templates = connection.execute("SELECT id, number FROM cases ORDER BY opened_at, id").fetchall()
    connection.execute("CREATE TEMP TABLE copies (template, old, id, number, folded)")
    rows = []
    for n in range(cases):
        number = f"双劳人仲案〔2026〕{100_000 + n}号"
        rows.append((*templates[n % len(templates)], f"{n:016x}", number, fold_number(number)))
    connection.executemany("INSERT INTO copies VALUES (?, ?, ?, ?, ?)", rows)
    for table in COPIED:
        key = "id" if table == "cases" else "case_id"
        changed = {key: "k.id", "number": "k.number", "number_folded": "k.folded"}
        changed["body"] = "replace(replace(c.body, k.template, k.id), k.old, k.number)"
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(changed.get(name, f'c."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM copies k "
            f"JOIN {table} c ON c.{key} = k.template ORDER BY k.id"
        )
        connection.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT template FROM copies)")
