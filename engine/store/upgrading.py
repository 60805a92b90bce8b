"""Upgrading: what makes it possible to bring the schema up while nodes of the version before go on working.

Room for: taking the tables without holding anybody up, and mending what older nodes wrote on the newer schema.
May not enter: the steps of the schema themselves (`migrations/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, delete, func, insert, inspect, select, update

from engine.store import tables as t
from engine.store.columns import NEVER
from engine.store.projected_rows import word_rows
from engine.store.words import not_to_be_found, words_of_row

PAGE = 1000
"""So many cases are looked at together when their words are mended."""

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


class Lacking(NamedTuple):
    """What a node of the version before left undone: *words*: the cases without; whether dates and timers are as it knew them."""

    dates: bool
    words: tuple[Row[Any], ...]
    timers: bool


def lacking(connection: Connection, institution: str, edition: str = "") -> Lacking:
    """Return what is to be mended, on a connection that only reads: in a large office looking takes a while.

    Where a sweeper of another edition than *edition* was there of late, the rows of cases may say what its law says.
    """
    return Lacking(
        any(_wrong_dates(connection, institution, table) for table in (t.cases, t.todos)),
        tuple(_without_words(connection, institution)),
        _several_timers_a_ladder(connection, institution) or _others_swept(connection, institution, edition),
    )


def mend(connection: Connection, institution: str, lacking: Lacking) -> int:
    """Put right what is *lacking*; return how many rows and cases that were.

    To be run once no node of the version before works any more: by each node when it starts.
    """
    mended = _mend_dates(connection, institution) if lacking.dates else 0
    if lacking.words:
        mended += _mend_words(connection, institution, lacking.words)
    if lacking.timers:
        # The next sweep arms every case as this edition does.
        anew = {"cursor": "", "done": 0, "finished_at": None}
        mine = t.rearmings.c.institution == institution
        mended += connection.execute(update(t.rearmings).where(mine).values(anew)).rowcount
    return mended


def _wrong_dates(connection: Connection, institution: str, table: Table) -> bool:
    c = table.c
    wrong = select(c.institution).where(
        c.institution == institution, c.queue_due != func.coalesce(c.due, NEVER)
    )
    return connection.execute(wrong.limit(1)).first() is not None


def _mend_dates(connection: Connection, institution: str) -> int:
    mended = 0
    for table in (t.cases, t.todos):
        c = table.c
        right = func.coalesce(c.due, NEVER)
        wrong = (c.institution == institution, c.queue_due != right)
        mended += connection.execute(update(table).where(*wrong).values(queue_due=right)).rowcount
    return mended


def _without_words(connection: Connection, institution: str) -> Iterator[Row[Any]]:
    """Yield id, number and names of the cases that a search would not find."""
    c, last = t.cases.c, ""
    query = select(c.id, c.number_folded, c.parties_folded).where(c.institution == institution).order_by(c.id)
    while rows := connection.execute(query.where(c.id > last).limit(PAGE)).all():
        last = rows[-1].id
        yield from not_to_be_found(connection, institution, rows)


def _mend_words(connection: Connection, institution: str, rows: Sequence[Row[Any]]) -> int:
    w = t.case_words.c
    for row in rows:
        words = sorted(words_of_row(row.number_folded, row.parties_folded))
        # Some may be there: a newer node has joined a party since.
        mine = (w.institution == institution, w.word.in_(words), w.case_id == row.id)
        connection.execute(delete(t.case_words).where(*mine))
        connection.execute(insert(t.case_words), word_rows(institution, row.id, words))
    return len(rows)


def _several_timers_a_ladder(connection: Connection, institution: str) -> bool:
    c = t.timers.c
    ladder = (c.case_id, c.matter, c.subject, c.round)
    several = select(c.case_id).where(c.institution == institution).group_by(*ladder).having(func.count() > 1)
    return connection.execute(several.limit(1)).first() is not None


def _others_swept(connection: Connection, institution: str, edition: str) -> bool:
    c = t.sweepers.c
    others = select(c.node).where(c.institution == institution, c.edition.not_in(["", edition]))
    return bool(edition) and connection.execute(others.limit(1)).first() is not None
