"""Upgrading: what makes it possible to bring the schema up while nodes of the version before go on working.

Room for: taking the tables without holding anybody up, and mending what older nodes wrote on the newer schema.
May not enter: the steps of the schema themselves (`migrations/`).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, inspect, update

from engine.store import tables as t

NEVER = date(9999, 12, 31)

LOCK_WAIT = "500ms"
"""Below PostgreSQL's deadlock_timeout: whoever reads tables in another order never gets to see a deadlock."""


def take_every_table(connection: Connection) -> None:
    """Keep everybody out of a PostgreSQL schema until this transaction ends.

    Gives up after a moment (an error of the driver: lock not available): meanwhile whoever comes waits behind us, and who
    holds one table may need another.
    """
    quote = connection.dialect.identifier_preparer.quote
    names = sorted(inspect(connection).get_table_names())
    if names:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
        tables = ", ".join(quote(name) for name in names)
        connection.exec_driver_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")


def mend_queue_dates(connection: Connection, institution: str) -> int:
    """Put right the dates that queues are ordered by where a node of the version before did not know them.

    Return how many rows that were. To be run once no such node works any more: by each node when it starts.
    """
    mended = 0
    for table in (t.cases, t.todos):
        c = table.c
        right = func.coalesce(c.due, NEVER)
        mended += connection.execute(
            update(table).where(c.institution == institution, c.queue_due != right).values(queue_due=right)
        ).rowcount
    return mended
