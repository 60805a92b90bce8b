"""Upgrading: what makes it possible to bring the schema up while nodes of the version before go on working.

Room for: taking the tables without holding anybody up, and mending what older nodes wrote on the newer schema.
May not enter: the steps of the schema themselves (`migrations/`).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, exists, func, insert, inspect, select, update

from engine.store import tables as t
from engine.store.words import MOST, words_of_row

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


def mend(connection: Connection, institution: str) -> int:
    """Put right whatever a node of the version before could not know of; return how many rows and cases that were.

    To be run once no such node works any more: by each node when it starts.
    """
    return mend_queue_dates(connection, institution) + mend_words(connection, institution)


def mend_queue_dates(connection: Connection, institution: str) -> int:
    """Put right the dates that queues are ordered by where a node of the version before did not know them.

    Return how many rows that were.
    """
    mended = 0
    for table in (t.cases, t.todos):
        c = table.c
        right = func.coalesce(c.due, NEVER)
        mended += connection.execute(
            update(table).where(c.institution == institution, c.queue_due != right).values(queue_due=right)
        ).rowcount
    return mended


def mend_words(connection: Connection, institution: str) -> int:
    """Give cases the words they are looked for by where a node of the version before opened them; return how many it were."""
    c, w = t.cases.c, t.case_words.c
    whole = func.substr(c.number_folded, 1, MOST)
    there = exists().where(w.institution == c.institution, w.word == whole, w.case_id == c.id)
    query = select(c.id, c.number_folded, c.parties_folded).where(c.institution == institution, ~there)
    rows = connection.execute(query).all()
    for row in rows:
        words = sorted(words_of_row(row.number_folded, row.parties_folded))
        mine = (w.institution == institution, w.word.in_(words), w.case_id == row.id)
        connection.execute(delete(t.case_words).where(*mine))
        connection.execute(
            insert(t.case_words),
            [{"institution": institution, "word": word, "case_id": row.id} for word in words],
        )
    return len(rows)
