"""Rows that stand in their own key on SQLite; of each ladder on one limit, target, stop or term only the rung that fires
next has a row from here on.

Room for: this one step of the schema, up and down, with what stood in it.
May not enter: the tables as they are today (`engine/store/tables.py`): a step must stay what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WITHOUT_ROWID = " WITHOUT ROWID"

CLUSTERED = ("matters", "todos", "timers", "shown_dates", "requests")
"""Tables whose rows are looked for by their key alone: on SQLite a table of rows and an index of keys are one."""

ARMED_ANEW = "UPDATE rearmings SET cursor = '', done = 0, finished_at = NULL"
"""Says that the timers follow no register yet: the next sweep of whichever edition writes those of every open case anew."""


MATTERS_ROOM = "SET (fillfactor = 80)"
"""Where its page has room, a matter that moves on touches no index."""


BY_PERSON = ["institution", "person", "from_at", "case_id", "seq", "code"]


def upgrade() -> None:
    op.drop_index("notices_by_person", table_name="notices")
    read = sa.text("read_at IS NOT NULL")
    op.create_index("notices_read", "notices", BY_PERSON, postgresql_where=read, sqlite_where=read)
    op.execute(sa.text(ARMED_ANEW))
    _rebuild(lambda made: made + WITHOUT_ROWID)
    _tune_postgresql(MATTERS_ROOM)


def downgrade() -> None:
    op.drop_index("notices_read", table_name="notices")
    op.create_index("notices_by_person", "notices", BY_PERSON)
    _tune_postgresql("RESET (fillfactor)")
    _rebuild(lambda made: made.removesuffix(WITHOUT_ROWID))
    op.execute(sa.text(ARMED_ANEW))


def _tune_postgresql(matters: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(sa.text(f"ALTER TABLE matters {matters}"))


def _rebuild(changed: Callable[[str], str]) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in CLUSTERED:
        _, made = _made(connection, "table", table)[0]
        indexes = _made(connection, "index", table)
        fresh = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", changed(made.rstrip()))
        connection.exec_driver_sql(fresh)
        connection.exec_driver_sql(f"INSERT INTO new_{table} SELECT * FROM {table}")
        connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
        for _, index in indexes:
            connection.exec_driver_sql(index)


def _made(connection: sa.Connection, kind: str, table: str) -> list[tuple[str, str]]:
    """Return name and text of the table, or of its indexes, as they were made."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL"
    return [(str(name), str(text)) for name, text in connection.exec_driver_sql(query, (kind, table))]
