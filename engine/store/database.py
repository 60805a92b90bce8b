"""Database: connections to SQLite and PostgreSQL that keep the same promises.

Room for: pragmas, how a transaction begins and ends, bringing up the schema.
May not enter: tables, queries, addresses and pools (`reaching.py`), what errors mean (`faults.py`).
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from engine.errors import OutcomeUnknown, StoreAway
from engine.store import private_files
from engine.store.answers_awaited import asked
from engine.store.faults import (
    away,
    is_away,
    lost_the_answer,
    of_no_more_use,
    outcome_unknown,
    reason_of,
    sentences,
)
from engine.store.reaching import ONE_CALL, Gate, OnlyReading, Reach, postgresql_engine
from engine.store.upgrading import take_every_table
from engine.text import Text

T = TypeVar("T")

BUSY_SECONDS = 5

BUSY_PAUSE = 0.0005
"""Seconds between two tries for SQLite's lock: its own waits grow to a tenth of a second, and who waits longest starves."""

LOG_PAGES = 4000
"""SQLite's log is brought into the file when it has so many pages (16 MB): a page that many acts wrote is so written once."""

UPGRADE_SECONDS = 120
"""A schema that is brought up waits so long for a moment in which nobody holds a table."""

HEAD = "0010"
"""The schema this edition of the program works on: the newest step in `migrations`."""


_making = threading.Lock()


class Database:
    """One database by URL. On SQLite, threads of this process write one after another and never poll for the lock."""

    def __init__(self, url: str, reach: Reach = ONE_CALL) -> None:
        self.url = url
        self.reach = reach
        self.sqlite = url.startswith("sqlite")
        self.engine: Engine = _sqlite_engine(url) if self.sqlite else postgresql_engine(url, reach)
        self.gate = Gate(reach.clock)
        self.only_reading = OnlyReading(reach.clock)
        self._writing = threading.Lock()
        self._idle: list[Any] = []
        """Connections of SQLite's driver that nobody uses at the moment."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which one consistent state is read and nothing is written."""
        with sentences(), self._connection() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                # Said with BEGIN itself: no round trip of its own.
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose work is committed whole on leaving, or not at all.

        Raises Conflict where somebody else wrote the same rows first, StoreAway where the database is locked or gone,
        OutcomeUnknown where it went while it committed.
        """
        with (
            self._turn() if self.sqlite else nullcontext(time.monotonic()) as until,
            sentences(),
            self._heeded(),
            self._connection() as connection,
        ):
            if self.sqlite:
                connection.begin()
                _begin_immediate(_driver_cursor(connection), until)
            yield connection
            self._commit(connection)

    @contextmanager
    def glancing(self) -> Iterator[Any]:
        """Give a cursor of the driver for reading, outside any transaction: each statement sees a state of its own."""
        with sentences(), self._raw() as connection:
            cursor = connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    @contextmanager
    def struck(self, cursor: Any) -> Iterator[None]:
        """Let *cursor*, one that `glancing` gave, write once: on PostgreSQL a single statement, which commits by itself;
        on SQLite a transaction that is committed whole on leaving.

        Raises Conflict, StoreAway and OutcomeUnknown as `writing` does.
        """
        with self._heeded():
            with self._struck(cursor):
                yield
            self.only_reading.over()

    @contextmanager
    def _struck(self, cursor: Any) -> Iterator[None]:
        if not self.sqlite:
            with _committing():
                yield
            return
        with self._turn() as until:
            _begin_immediate(cursor, until)
            try:
                yield
                with _committing():
                    cursor.execute("COMMIT")
            except BaseException:
                _roll_back(cursor)
                raise

    @contextmanager
    def _heeded(self) -> Iterator[None]:
        """Remember why writing inside failed."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
            self.only_reading.note(reason_of(error))
            raise

    def _raw(self) -> AbstractContextManager[Any]:
        return self._raw_on_sqlite() if self.sqlite else self._raw_on_postgresql()

    @contextmanager
    def _raw_on_sqlite(self) -> Iterator[sqlite3.Connection]:
        # A file is always there, so a connection to it needs none of a pool's care, which costs as much as a statement.
        try:
            driver = self._idle.pop()
        except IndexError:
            pooled = self._reached(self.engine.raw_connection)
            driver = pooled.driver_connection
            pooled.detach()
        sound = False
        try:
            yield driver
            sound = not driver.in_transaction
        finally:
            if sound:
                self._idle.append(driver)
            else:
                driver.close()

    @contextmanager
    def _raw_on_postgresql(self) -> Iterator[Any]:
        connection = self._reached(self.engine.raw_connection)
        driver: Any = connection.driver_connection
        try:
            driver.autocommit = True
            asked(connection.info, self.reach.clock())
            yield driver
        except (psycopg.Error, OutcomeUnknown) as error:
            if self._lost(error, driver):
                # One connection that broke says that the others did: all are made anew, as SQLAlchemy itself does it.
                connection.invalidate()
                self.engine.dispose()
            raise
        finally:
            if not driver.closed:
                asked(connection.info, None)
                driver.autocommit = False
            connection.close()

    def _lost(self, error: Exception, driver: Any) -> bool:
        if isinstance(error, OutcomeUnknown) or of_no_more_use(error):
            return True
        return self.engine.dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]

    def _reached(self, connect: Callable[[], T]) -> T:
        """Return a connection by *connect*. Raises StoreAway, at once where others just found the database away."""
        self.gate.enter()
        try:
            found = connect()
        except (DBAPIError, psycopg.Error) as error:
            if not is_away(error):
                raise
            self.gate.shut(cause := away(error))
            raise cause from error
        self.gate.open()
        return found

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._reached(self.engine.connect) as connection:
            try:
                yield connection
            except DBAPIError as error:
                if of_no_more_use(error):
                    connection.invalidate()
                raise

    def _commit(self, connection: Connection) -> None:
        try:
            with _committing():
                connection.commit()
        except BaseException:
            # A commit that failed leaves its transaction open in the driver; the pool must not hand that on.
            connection.invalidate()
            raise

    @contextmanager
    def _turn(self) -> Iterator[float]:
        """Wait for this process's turn to write; give the moment until which the file's lock may be waited for."""
        until = time.monotonic() + BUSY_SECONDS
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise StoreAway(
                Text(
                    "数据库正忙；未写入任何内容，请稍后重试。",
                    "The database is busy; nothing was written, try again later.",
                ),
                "locked",
            )
        try:
            yield until
        finally:
            self._writing.release()

    def schema(self) -> str | None:
        """Return the number of the schema the database has; None where nothing of ours stands in it."""
        with sentences(), self._connection() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return None if found is None else str(found)

    def behind(self) -> bool:
        """Return whether the database was made by an earlier edition of this program and never brought up since."""
        found = self.schema()
        return found is not None and found < HEAD

    def ahead(self) -> bool:
        """Return whether a newer edition has brought the schema up: this one goes on working beside it."""
        found = self.schema()
        return found is not None and found > HEAD

    def migrate(self, to: str = "head") -> None:
        """Bring the schema to this version of the program, or no further than *to*; one that a newer edition brought up stays as it is."""
        if self.ahead():
            return
        # Only founding and upgrades need alembic, and it takes a quarter of a second to import.
        from alembic import command as alembic_command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with (
            self._turn() if self.sqlite else nullcontext(),
            sentences(),
            self._alone() as connection,
        ):
            config.attributes["connection"] = connection
            alembic_command.upgrade(config, to)
            self._commit(connection)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """Give a connection that has the whole schema to itself; a step that is interrupted leaves nothing behind."""
        with self._connection() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                self._take_every_table(connection)
            yield connection

    def _take_every_table(self, connection: Connection) -> None:
        until = time.monotonic() + UPGRADE_SECONDS
        while True:
            # Two processes that start at once take turns. Keys of two numbers are apart from those of one, which
            # institutions hold.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('anxu schema'), 0)")
            try:
                take_every_table(connection)
                return
            except DBAPIError as error:
                connection.rollback()
                if not is_away(error) or connection.invalidated or time.monotonic() > until:
                    raise
            time.sleep(BUSY_PAUSE * 200)

    def fold_in(self) -> None:
        """Bring all that was committed into the file itself, so that it may be moved alone; on PostgreSQL nothing is to do.

        Raises StoreAway where somebody else still reads what the log beside it holds.
        """
        if not self.sqlite:
            return
        with sentences(), self._raw() as driver:
            busy, left, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy or left > 0:
            raise StoreAway(
                Text(
                    "另有程序正在读取这个数据库文件，无法收尾；请关闭它后重试。",
                    "Another program is reading this database file, so it cannot be finished; close that and try again.",
                ),
                "locked",
            )

    def close(self) -> None:
        """Let go of every connection."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_private(_dialect: Any, _record: Any, names: Sequence[Any], _more: Any) -> None:
    # SQLite would make the file as the umask has it, for everybody to read; its log takes the rights of the file.
    name = str(names[0]) if names else ""
    if name and not name.startswith((":memory:", "file:")):
        # One thread at a time: closing a file takes away every lock that this process has on it.
        with _making, suppress(OSError):
            private_files.make(Path(name))


def _driver_cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _begin_immediate(cursor: Any, until: float) -> None:
    """Begin a transaction that may write; wait for the file's lock up to the moment *until*, in turns that are fair."""
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(BUSY_PAUSE * (0.5 + random.random()))
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _roll_back(cursor: Any) -> None:
    try:
        if cursor.connection.in_transaction:
            cursor.execute("ROLLBACK")
    except sqlite3.Error:
        cursor.connection.close()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions of its own: ours begin IMMEDIATE, or updates get lost.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@contextmanager
def _committing() -> Iterator[None]:
    """Raise OutcomeUnknown where the answer to a commit inside is lost: it may have been carried out."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        if lost_the_answer(error):
            raise outcome_unknown(error) from error
        raise
