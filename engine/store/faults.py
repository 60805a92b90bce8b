"""Faults: what a database's errors mean to whoever called: away, try again, or nobody knows.

Room for: telling drivers' errors apart, the sentence for each, and that of a lost compare-and-set.
May not enter: connections (`reaching.py`), transactions (`database.py`), trying again (`engine/service`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from engine.errors import AnxuError, Conflict, OutcomeUnknown, StoreAway, WrongUse
from engine.text import Text

COLLIDED = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock."""

POSTGRESQL_AWAY = ("08", "53", "55P03", "57", "58", "25006")
"""Connection lost, out of resources, lock not available, shut down or cut short, its disk failing, read-only."""

READ_ONLY = "25006"
"""A server that was made a replica: its connection is of no more use."""

SQLITE_AWAY = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
    | {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
)

SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "locked", sqlite3.SQLITE_LOCKED: "locked", sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_FULL: "full",
}  # fmt: skip

POSTGRESQL_REASONS = {
    "53100": "full", "53": "busy", "55P03": "locked", "57014": "busy", "25006": "read_only",
}  # fmt: skip


@contextmanager
def sentences() -> Iterator[None]:
    """Raise what goes wrong inside, by SQLAlchemy or straight from the driver, as an error of ours.

    Conflict where somebody else was first, StoreAway where the database is locked, full, read-only or gone before
    anything was committed, WrongUse for what it cannot keep or be asked for. Errors of ours and faults of the program go through.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise half_a_character() from error
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
        meant = meaning(error)
        if meant is None:
            raise
        raise meant from error


def meaning(error: Exception) -> AnxuError | None:
    """Return what *error* of a database is to a caller; None where only a fault of the program raises it."""
    driver = _driver(error)
    if isinstance(driver, (sqlite3.IntegrityError, psycopg.IntegrityError)):
        return Conflict(
            Text(
                "有人同时改动了同一内容，请重试。",
                "Somebody changed the same thing at the same time; try again.",
            )
        )
    if _state(driver) in COLLIDED:
        return Conflict(
            Text("与他人的操作冲突，请重试。", "This collided with somebody else's act; try again.")
        )
    if isinstance(error, NoConnectionInTime) or is_away(error):
        return away(error)
    if isinstance(driver, (sqlite3.DataError, psycopg.DataError)):
        return WrongUse(
            Text(
                "含有数据库无法保存的内容，未写入任何内容。",
                "Something here cannot be kept by the database; nothing was written.",
            )
        )
    return None


def changed_meanwhile() -> Conflict:
    """Return the sentence for a case that is no longer as it was read: somebody else was faster."""
    return Conflict(Text("案件刚被他人改动，请重试。", "Somebody changed the case just now; try again."))


def half_a_character() -> WrongUse:
    """Return the sentence for a text that no database can be given: half of a character that takes two."""
    return WrongUse(
        Text(
            "文字中有残缺的字符（半个编码），既不能保存也不能查找。请重新输入。",
            "A text here holds half a character, which can be neither kept nor looked for; type it anew.",
        )
    )


def is_away(error: Exception) -> bool:
    """Return whether *error* says that the database cannot be worked with just now."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    driver = _driver(error)
    if isinstance(driver, sqlite3.Error):
        return _sqlite_code(driver) in SQLITE_AWAY
    state = _state(driver)
    if state is None:
        # Libpq's own complaints have no state; neither has "the connection is closed".
        return isinstance(driver, (psycopg.OperationalError, psycopg.InterfaceError))
    return state.startswith(POSTGRESQL_AWAY)


def of_no_more_use(error: Exception) -> bool:
    """Return whether the connection *error* came over is one to a server that is now a replica."""
    return _state(_driver(error)) == READ_ONLY


def lost_the_answer(error: Exception) -> bool:
    """Return whether a commit that failed by *error* may have been carried out all the same.

    True where the connection broke before the answer, or a disk failed; false where the database itself said no.
    """
    driver = _driver(error)
    if isinstance(driver, sqlite3.Error):
        return _sqlite_code(driver) == sqlite3.SQLITE_IOERR
    state = _state(driver)
    if state is None:
        return isinstance(driver, psycopg.Error)
    return state.startswith(("08", "57P", "58"))


def away(error: Exception) -> StoreAway:
    """Return the sentence for a database that is away; nothing was written."""
    cause = _cause(error)
    return StoreAway(
        Text(
            f"数据库暂不可用（{cause}）；未写入任何内容，请稍后重试。",
            f"The database is away ({cause}); nothing was written, try again later.",
        ),
        reason_of(error),
        cause=cause,
    )


def reason_of(error: Exception) -> str:
    """Return which of `StoreAway.REASONS` *error* comes to."""
    driver = _driver(error)
    if isinstance(driver, sqlite3.Error):
        return SQLITE_REASONS.get(_sqlite_code(driver), "gone")
    if isinstance(error, NoConnectionInTime):
        return "busy"
    state = _state(driver) or ""
    return next((reason for start, reason in POSTGRESQL_REASONS.items() if state.startswith(start)), "gone")


def outcome_unknown(error: Exception) -> OutcomeUnknown:
    """Return the sentence for a commit whose answer was lost; whoever knows of a request key says so (`with_key`)."""
    cause = _cause(error)
    return OutcomeUnknown(
        Text(
            f"提交时与数据库的连接中断（{cause}），不能确定是否已写入。",
            f"The connection to the database broke while it committed ({cause}), so it is not known whether this was "
            "written.",
        ),
        cause=cause,
    )


def _driver(error: Exception) -> BaseException:
    found = error.orig if isinstance(error, DBAPIError) else None
    return found or error


def _state(driver: BaseException) -> str | None:
    return driver.sqlstate if isinstance(driver, psycopg.Error) else None


def _sqlite_code(driver: sqlite3.Error) -> int:
    return getattr(driver, "sqlite_errorcode", 0) & 0xFF


def _cause(error: Exception) -> str:
    lines = str(_driver(error)).splitlines()
    return lines[0].rstrip(":") if lines else type(error).__name__
