"""Streaming: every row of every table, out of one database and into another, whichever they are.

Room for: how a value is written so that both databases read it, reading and writing rows without holding them all.
May not enter: files, what a backup is (`engine/service/backups.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import BigInteger, Boolean, Column, Connection, Date, Integer, LargeBinary, inspect

from engine.store.columns import Instant
from engine.store.database import Database
from engine.store.tables import metadata

Kind = Literal["text", "number", "yes_no", "day", "instant", "content"]
Value = str | int | bytes | None
Values = tuple[Value, ...]

AT_ONCE = 500
"""So many rows are fetched or written at a time; of documents, which are large, only a few."""
CONTENTS_AT_ONCE = 8

VERSION = "alembic_version"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns and what is in them."""

    table: str
    columns: tuple[tuple[str, Kind], ...]

    @property
    def at_once(self) -> int:
        """How many of its rows are handled at a time."""
        large = any(kind == "content" for _, kind in self.columns)
        return CONTENTS_AT_ONCE if large else AT_ONCE


def shapes() -> tuple[Shape, ...]:
    """Return every table of this edition."""
    return tuple(
        Shape(table.name, tuple((column.name, _kind(column)) for column in table.columns))
        for table in metadata.sorted_tables
    )


def schema_of(connection: Connection) -> str | None:
    """Return the step of the schema that a database stands at; None where it has none."""
    if not inspect(connection).has_table(VERSION):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION}").scalar()
    return str(found) if found else None


def is_empty(database: Database) -> bool:
    """Return whether nothing is kept in a database: it has no tables, or no row in any."""
    with database.reading() as connection:
        return _no_row(connection)


def taken_empty(connection: Connection) -> bool:
    """Return whether nothing is kept in a database yet, and from now on nobody but this transaction puts anything there.

    Of two that fill the same one the later waits here until the first has ended, and finds what that one wrote.
    """
    if connection.dialect.name != "sqlite":
        # On SQLite whoever writes is alone already.
        names = ", ".join(f'"{name}"' for name in sorted(inspect(connection).get_table_names()))
        if names:
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
    return _no_row(connection)


def read_rows(connection: Connection, shape: Shape) -> Iterator[Values]:
    """Yield the rows of a table as *connection*'s transaction sees them, as both databases read them, in no order."""
    sqlite = connection.dialect.name == "sqlite"
    columns = ", ".join(f'"{name}"' if sqlite else _said(name, kind) for name, kind in shape.columns)
    named = {} if sqlite else {"name": f"backup_{shape.table}"}
    cursor = connection.connection.driver_connection.cursor(**named)  # type: ignore[union-attr]
    try:
        cursor.execute(f'SELECT {columns} FROM "{shape.table}"')
        while rows := cursor.fetchmany(shape.at_once):
            yield from rows
    finally:
        cursor.close()


def write_rows(connection: Connection, shape: Shape, rows: Iterable[Values]) -> int:
    """Write *rows*, as `read_rows` gave them, into a table; return how many there were."""
    names = ", ".join(f'"{name}"' for name, _ in shape.columns)
    if not connection.in_transaction():
        # What the driver is told directly begins none, and what was never begun is not committed.
        connection.begin()
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    done = 0
    try:
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(shape.columns))
            for some in _batches(rows, shape.at_once):
                cursor.executemany(f'INSERT INTO "{shape.table}" ({names}) VALUES ({marks})', some)
                done += len(some)
            return done
        instants = [n for n, (_, kind) in enumerate(shape.columns) if kind == "instant"]
        with cursor.copy(f'COPY "{shape.table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(_in_utc(row, instants) if instants else row)
                done += 1
        return done
    finally:
        cursor.close()


@dataclass(slots=True)
class Filling:
    """What is put into a database that was empty; *ours* once the rows in it are."""

    ours: bool = False


@contextmanager
def emptied_on_failure(database: Database) -> Iterator[Filling]:
    """Where what is done inside fails, nothing of it stays in a database that was empty before.

    What somebody else has put there meanwhile stays, and so do tables that are none of this program's.
    """
    filling = Filling()
    with database.reading() as connection:
        others = set(inspect(connection).get_table_names()) - {VERSION, *metadata.tables}
    try:
        yield filling
    except BaseException:
        with database.writing() as connection:
            if taken_empty(connection) or filling.ours:
                for table in set(inspect(connection).get_table_names()) - others:
                    connection.exec_driver_sql(f'DROP TABLE "{table}"')
        raise


def _no_row(connection: Connection) -> bool:
    tables = set(inspect(connection).get_table_names()) - {VERSION}
    return not any(connection.exec_driver_sql(f'SELECT 1 FROM "{one}" LIMIT 1').first() for one in tables)


def _kind(column: Column[Any]) -> Kind:
    of: Sequence[tuple[type, Kind]] = (
        (Instant, "instant"), (Boolean, "yes_no"), (Date, "day"), (LargeBinary, "content"),
        (Integer, "number"), (BigInteger, "number"),
    )  # fmt: skip
    return next((kind for type_, kind in of if isinstance(column.type, type_)), "text")


def _said(name: str, kind: Kind) -> str:
    """A column of PostgreSQL as SQLite keeps it."""
    forms: Mapping[Kind, str] = {
        "instant": "to_char(\"{0}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "yes_no": '"{0}"::integer',
        "day": "to_char(\"{0}\", 'YYYY-MM-DD')",
    }
    return forms.get(kind, '"{0}"').format(name)


def _in_utc(row: Values, instants: Sequence[int]) -> Sequence[Value]:
    found = list(row)
    for place in instants:
        if found[place] is not None:
            found[place] = f"{found[place]!s}+00"
    return found


def _batches(rows: Iterable[Values], size: int) -> Iterator[Sequence[Values]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
