"""Database: connections to SQLite and PostgreSQL that keep the same promises.

Room for: engines, pragmas, how a transaction begins, which errors mean "away" and which "try again".
May not enter: tables, queries.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from engine.errors import Conflict, StoreAway, WrongUse
from engine.text import Text

BUSY_SECONDS = 5

HEAD = "0006"
"""The schema this edition of the program works on: the newest step in `migrations`."""

COLLIDED = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock."""

POSTGRESQL_AWAY = ("08", "53", "55P03", "57", "25006")
"""Connection lost, out of resources, lock not available, shut down, read-only."""

SQLITE_AWAY = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
    | {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
)


class Database:
    """One database by URL. On SQLite, threads of this process write one after another and never poll for the lock."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.engine: Engine = _engine(url, self.sqlite)
        self._writing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which one consistent state is read and nothing is written."""
        with _sentences(), self.engine.connect() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose work is committed whole on leaving, or not at all.

        Raises Conflict where somebody else wrote the same rows first, StoreAway where the database is locked or gone.
        """
        with (
            self._turn() if self.sqlite else nullcontext(),
            _sentences(),
            self.engine.connect() as connection,
        ):
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            _commit(connection)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise StoreAway(
                Text(
                    "数据库正忙；未写入任何内容，请稍后重试。",
                    "The database is busy; nothing was written, try again later.",
                )
            )
        try:
            yield
        finally:
            self._writing.release()

    def behind(self) -> bool:
        """Return whether the database was made by an earlier edition of this program and never brought up since."""
        with _sentences(), self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return found != HEAD

    def migrate(self) -> None:
        """Bring the schema to this version of the program."""
        # Only founding and upgrades need alembic, and it takes a quarter of a second to import.
        from alembic import command as alembic_command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with (
            self._turn() if self.sqlite else nullcontext(),
            _sentences(),
            self.engine.connect() as connection,
        ):
            # Two processes that start at once take turns, and a step that is interrupted leaves nothing behind.
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                # Keys of two numbers are apart from those of one, which institutions hold.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('anxu schema'), 0)")
            config.attributes["connection"] = connection
            alembic_command.upgrade(config, "head")
            _commit(connection)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str, sqlite: bool) -> Engine:
    if sqlite:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    return create_engine(url, pool_size=5, max_overflow=10, pool_timeout=BUSY_SECONDS, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions of its own: ours begin IMMEDIATE, or updates get lost.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except BaseException:
        # A commit that failed leaves its transaction open in the driver; the pool must not hand that on.
        connection.invalidate()
        raise


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict(
            Text(
                "有人同时改动了同一内容，请重试。",
                "Somebody changed the same thing at the same time; try again.",
            )
        ) from error
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in COLLIDED:
            raise Conflict(
                Text("与他人的操作冲突，请重试。", "This collided with somebody else's act; try again.")
            ) from error
        if _is_away(error):
            raise _away(error) from error
        raise
    except sqlalchemy.exc.TimeoutError as error:
        raise _away(error) from error
    except DataError as error:
        raise WrongUse(
            Text(
                "含有数据库无法保存的内容，未写入任何内容。",
                "Something here cannot be kept by the database; nothing was written.",
            )
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _away(error) from error
        raise


def _is_away(error: OperationalError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode & 0xFF in SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(POSTGRESQL_AWAY)


def _away(error: Exception) -> StoreAway:
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    return StoreAway(
        Text(
            f"数据库暂不可用（{cause}）；未写入任何内容，请稍后重试。",
            f"The database is away ({cause}); nothing was written, try again later.",
        )
    )
