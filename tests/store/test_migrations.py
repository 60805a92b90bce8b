"""The schema goes up, down and up again on both databases, and is the one the tables of the program describe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import engine.store
from engine.store.database import Database
from engine.store.tables import metadata
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


def downgrade(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
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
