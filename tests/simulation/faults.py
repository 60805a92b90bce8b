"""Faults at the driver: before or after the n-th statement or commit of one node something is done to it.

What is counted is what reaches the driver, whatever the store does above it: statements, batches of them, and commits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from engine.store.database import Database

COMMIT = "COMMIT"
"""What a commit is called among the statements."""

QUIET = ("PRAGMA", "SET TRANSACTION", "SHOW", "SELECT PG_CATALOG.VERSION", "SELECT CURRENT_SCHEMA")
"""What prepares a connection or a transaction and is not counted."""


class Died(BaseException):
    """The process ends here. Nothing in the engine may catch it."""


class Broken(BaseException):
    """A promise was broken. Nothing in the engine may catch it."""


Strike = Callable[[Any, bool], None]
"""What is done to a node at its statement: to the driver's connection; True where the statement has been carried out."""


class Faults:
    """What happens to one node: nothing, until a strike is planned for its n-th statement from now on."""

    def __init__(self) -> None:
        self.seen = 0
        self.words: list[str] = []
        """The beginnings of the statements since the last plan, for whoever reads a step."""
        self._at = 0
        self._strike: Strike | None = None
        self._after = False
        self._commit_only = False
        self.holds_lock = False
        """Whether this node holds SQLite's one lock for writing: nobody else gets anywhere meanwhile."""

    def plan(self, at: int, strike: Strike, *, after: bool = False, commits: bool = False) -> None:
        """Let *strike* happen at the *at*-th statement from now (*commits*: commit), or *after* it was carried out."""
        self.seen, self.words = 0, []
        self._at, self._strike, self._after, self._commit_only = at, strike, after, commits

    def rest(self) -> bool:
        """Plan nothing any more; return whether the planned strike happened."""
        struck = self._strike is None
        self._strike, self._at = None, 0
        return struck

    @contextmanager
    def around(self, connection: Any, statement: str) -> Iterator[None]:
        """Carry out one statement, struck where that was planned."""
        word = " ".join(statement.split())[:60].upper()
        if word.startswith(QUIET) or (self._commit_only and not _commits(connection, word)):
            yield
            return
        if word in (COMMIT, "ROLLBACK"):
            self.holds_lock = False
        self.seen += 1
        self.words.append(word)
        hit = self._strike if self.seen == self._at else None
        if hit is not None:
            # A strike happens once: whatever is tried again afterwards goes through.
            self._strike = None
        if hit and not self._after:
            hit(connection, False)
        yield
        if word == "BEGIN IMMEDIATE":
            self.holds_lock = True
        if hit and self._after:
            hit(connection, True)


# --- strikes ----------------------------------------------------------------------------------------------


def die(connection: Any, done: bool) -> None:
    """The process ends, and what it held is let go."""
    if isinstance(connection, sqlite3.Connection) and connection.in_transaction:
        sqlite3.Connection.rollback(connection)
    raise Died


def lose(connection: Any, done: bool) -> None:
    """The connection is lost."""
    if isinstance(connection, sqlite3.Connection):
        raise _sqlite_error(sqlite3.SQLITE_IOERR, "disk I/O error")
    connection.pgconn.finish()
    raise psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly")


def fill_disk(connection: Any, done: bool) -> None:
    """There is no room left on the disk."""
    if isinstance(connection, sqlite3.Connection):
        raise _sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")
    error = psycopg.errors.DiskFull("could not extend file: No space left on device")
    raise error


def lock(connection: Any, done: bool) -> None:
    """Somebody else holds the lock for longer than anybody waits."""
    if isinstance(connection, sqlite3.Connection):
        raise _sqlite_error(sqlite3.SQLITE_BUSY, "database is locked")
    raise psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")


def collide(connection: Any, done: bool) -> None:
    """Two transactions cannot be put one after the other (PostgreSQL); on SQLite the same as a lock."""
    if isinstance(connection, sqlite3.Connection):
        lock(connection, done)
    raise psycopg.errors.SerializationFailure("could not serialize access due to concurrent update")


def _sqlite_error(code: int, said: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


STRIKES: Mapping[str, Strike] = {
    "dies": die, "loses the connection": lose, "finds the disk full": fill_disk, "is locked out": lock, "collides": collide,
}  # fmt: skip


# --- drivers ----------------------------------------------------------------------------------------------


def watch(database: Database, faults: Faults, *, patience_ms: int | None = None) -> Database:
    """Let *faults* happen to every connection that *database* makes; *patience_ms*: how long it waits for a lock."""

    def connect(dialect: Any, record: Any, words: Any, options: dict[str, Any]) -> Any:
        if database.sqlite:
            options["factory"] = _sqlite_watched(faults)
            if patience_ms is not None:
                options["timeout"] = patience_ms / 1000
            return None
        if patience_ms is not None:
            options["options"] = f"{options.get('options', '')} -c lock_timeout={patience_ms}".strip()
        return _postgresql_watched(faults).connect(*words, **options)

    event.listen(database.engine, "do_connect", connect)
    if database.sqlite:
        event.listen(database.engine, "connect", _hurry)
    return database


def _hurry(raw: Any, _record: Any) -> None:
    # Only a power cut could tell the difference, and none happens here: faults come at the driver.
    raw.execute("PRAGMA synchronous=OFF").close()


def _sqlite_watched(faults: Faults) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *given: Any) -> Any:
            with faults.around(self.connection, sql):
                return super().execute(sql, *given)

        def executemany(self, sql: str, *given: Any) -> Any:
            with faults.around(self.connection, sql):
                return super().executemany(sql, *given)

    class Watched(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, *given: Any) -> Any:
            return self.cursor().execute(sql, *given)

        def executemany(self, sql: str, *given: Any) -> Any:
            return self.cursor().executemany(sql, *given)

        def commit(self) -> None:
            with faults.around(self, COMMIT):
                super().commit()

        def rollback(self) -> None:
            faults.holds_lock = False
            super().rollback()

    return Watched


def _postgresql_watched(faults: Faults) -> type[psycopg.Connection[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **more: Any) -> Any:
            with faults.around(self.connection, _said(query)):
                return super().execute(query, *given, **more)

        def executemany(self, query: Any, *given: Any, **more: Any) -> Any:
            with faults.around(self.connection, _said(query)):
                return super().executemany(query, *given, **more)

    class Watched(psycopg.Connection[Any]):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            with faults.around(self, COMMIT):
                super().commit()

    return Watched


def _commits(connection: Any, word: str) -> bool:
    """Whether a statement is a commit, or is one by itself: on PostgreSQL whatever is written outside a transaction."""
    if word == COMMIT:
        return True
    return (
        isinstance(connection, psycopg.Connection) and connection.autocommit and not word.startswith("SELECT")
    )


def _said(query: Any) -> str:
    if isinstance(query, bytes):
        return query.decode()
    return query if isinstance(query, str) else repr(query)
