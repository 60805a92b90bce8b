"""The PostgreSQL that tests ask for: real, and a fresh database for each."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import FreshDatabase, for_psycopg


def tables(url: str) -> list[str]:
    with psycopg.connect(for_psycopg(url)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in rows]


def test_a_fresh_database_is_empty_and_one_like_another_is_its_copy(
    fresh_postgresql_url: FreshDatabase,
) -> None:
    pattern = fresh_postgresql_url()
    assert tables(pattern) == []
    with psycopg.connect(for_psycopg(pattern)) as connection:
        connection.execute("CREATE TABLE anything (id int)")
    assert tables(fresh_postgresql_url(like=pattern)) == ["anything"]
    assert tables(fresh_postgresql_url()) == []


@pytest.mark.parametrize("time", ["once", "twice"])
def test_no_database_outlives_its_test(
    time: str, postgresql_url: str, fresh_postgresql_url: FreshDatabase
) -> None:
    fresh_postgresql_url()
    with psycopg.connect(for_psycopg(postgresql_url)) as connection:
        found = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 't%\\_%'").fetchone()
    assert found == (1,)
