"""The schema goes up, down and up again on both databases, and is the one the tables of the program describe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import engine.store
from engine.store.database import Database
from engine.store.reprojections import Touched
from engine.store.tables import metadata
from engine.store.unit import Unit
from tests.conftest import FreshDatabase

MIGRATIONS = Path(engine.store.__file__).parent / "migrations"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any schema."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        fresh: FreshDatabase = request.getfixturevalue("fresh_postgresql_url")
        url = fresh()
    database = Database(url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def downgrade(database: Database, to: str = "base") -> None:
    moved(database, command.downgrade, to)


def moved(database: Database, way: Callable[[Config, str], None], to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        way(config, to)
        connection.commit()


def test_the_schema_goes_up_down_and_up_again(empty: Database) -> None:
    empty.migrate()
    assert tables(empty) == set(metadata.tables)

    downgrade(empty)
    assert tables(empty) == set()

    empty.migrate()
    assert tables(empty) == set(metadata.tables)


def test_a_schema_that_is_up_to_date_stays_as_it_is(empty: Database) -> None:
    empty.migrate()
    empty.migrate()

    assert tables(empty) == set(metadata.tables)


def test_the_migrations_lead_to_the_tables_the_program_knows(empty: Database) -> None:
    empty.migrate()

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_every_key_begins_with_the_institution() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "institution", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "institution", index.name


# --- what stands in the tables ----------------------------------------------------------------------------

FOUNDED = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
HERE = {"i": "shuanghe", "at": FOUNDED.replace(tzinfo=None)}
BODY = {
    "id": "c1", "matters": [{"id": "1", "kind": "main"}],
    "clocks": {"award": {"facts": [], "target": "30 days", "target_basis": "快立快结承诺"}},
}  # fmt: skip
FIRST_EDITION = (
    "INSERT INTO activations VALUES (:i, 1, 'register', 'h', 'admin', :at)",
    "INSERT INTO calendar_years VALUES (:i, 2026, '通知甲')",
    "INSERT INTO calendar_years VALUES (:i, 2025, '通知乙')",
    "INSERT INTO calendar_days VALUES (:i, '2026-01-01', true, '通知甲')",
    "INSERT INTO calendar_days VALUES (:i, '2025-12-31', true, '通知甲')",
    "INSERT INTO calendar_days VALUES (:i, '2025-10-01', true, '通知乙')",
    "INSERT INTO calendar_days VALUES (:i, '2026-01-04', false, '通知甲')",
    "INSERT INTO events VALUES (:i, 'c1', 1, 'case_opened', :at, 'h', '{}')",
    "INSERT INTO events VALUES (:i, 'c1', 2, 'moved', :at, 'h', '{}')",
    "INSERT INTO cases VALUES (:i, 'c1', 'main', '1号', '1', 'labour', 2, 'accepted', 'handling', true, 'running', "
    "'2026-02-19', '2026-02-20', '2026-02-04', :at, '甲', :body)",
    "INSERT INTO todos VALUES (:i, 'c1', '1', 'secretary', 'zhou', 'main', 'accepted', '2026-02-19')",
    "INSERT INTO notices VALUES (:i, 'c1', 2, 'zhou', '1', 'W1', '提醒', 'a reminder', :at, NULL)",
)
OLD = (
    "activations", "calendar_years", "calendar_days", "events", "cases", "todos", "notices",
)  # fmt: skip


def rows(database: Database) -> dict[str, list[str]]:
    with database.engine.connect() as connection:
        return {
            table: sorted(
                str(sorted(row._mapping.items()))
                for row in connection.execute(text(f"SELECT * FROM {table}"))
            )
            for table in OLD
        }


def test_an_office_of_the_first_edition_keeps_what_it_has(empty: Database) -> None:
    moved(empty, command.upgrade, "0001")
    with empty.engine.begin() as connection:
        for statement in FIRST_EDITION:
            values = HERE | {"body": json.dumps(BODY, ensure_ascii=False, separators=(",", ":"))}
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    before = rows(empty)

    empty.migrate()

    with empty.reading() as connection:
        unit = Unit(connection, "shuanghe")
        calendar = unit.calendars.calendar()
        loads = unit.calendars.loads()
        pending = unit.reprojections.unfinished()
        any_day = Touched(((date(2030, 1, 1), date(2030, 1, 1)),))
        looked_at = unit.reprojections.batch([any_day], "", 10)
        shown = unit.journal.shown_at("c1", FOUNDED)
        body = json.loads(looked_at[0].body)
    assert [(load.year, load.notice, load.loaded_at) for load in loads] == [
        (2025, "通知乙", FOUNDED), (2026, "通知甲", FOUNDED),
    ]  # fmt: skip
    assert calendar.published_years == {2025, 2026}
    assert [(d.day.isoformat(), d.rest, d.notice) for d in calendar.days] == [
        ("2025-10-01", True, "通知乙"), ("2025-12-31", True, "通知甲"),
        ("2026-01-01", True, "通知甲"), ("2026-01-04", False, "通知甲"),
    ]  # fmt: skip
    assert pending is not None
    assert (pending.load, pending.total) == (2, 1), "the first sweep measures what each case rests on"
    assert [stored.id for stored in looked_at] == ["c1"], "until then any change touches it"
    assert looked_at[0].todos[0].overdue_after == date(2026, 2, 19)
    assert shown is not None
    assert (shown.seq, shown.due, shown.overdue_after) == (2, date(2026, 2, 19), date(2026, 2, 20))
    assert body["clocks"]["award"]["targets"] == [
        {"layer": "procedure", "length": "30 days", "basis": "快立快结承诺"}
    ]

    downgrade(empty, "0001")
    assert rows(empty) == before
    empty.migrate()
