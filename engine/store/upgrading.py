"""Upgrading: what makes it possible to bring the schema up while nodes of the version before go on working.

Room for: taking the tables without holding anybody up, and mending what older nodes wrote on the newer schema.
May not enter: the steps of the schema themselves (`migrations/`), when it is mended (`engine/service/mending.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    delete,
    exists,
    func,
    insert,
    inspect,
    select,
    update,
)

from engine.store import tables as t
from engine.store.columns import NEVER
from engine.store.projected_rows import word_rows
from engine.store.words import not_to_be_found, words_of_row

PAGE = 1000
"""So many cases are looked at together."""

_DATED = (t.cases, t.todos)
"""The tables whose rows stand in line by a date."""

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
    """What a node of the version before left undone of the cases with ids beyond *after* up to *last*.

    *words* are the rows of those without; *dates* and *timers* say whether there are some as it knew them.
    """

    after: str
    last: str
    dates: bool
    words: tuple[Row[Any], ...]
    timers: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to be mended."""
        return self.dates or bool(self.words) or self.timers


def lacking(connection: Connection, institution: str, after: str) -> Lacking | None:
    """Return what is to be mended of the page of cases with ids beyond *after*; None where there are no more cases."""
    c = t.cases.c
    query = select(c.id, c.number_folded, c.parties_folded).where(c.institution == institution, c.id > after)
    rows = connection.execute(query.order_by(c.id).limit(PAGE)).all()
    if not rows:
        return None
    last = rows[-1].id
    return Lacking(
        after,
        last,
        any(_is_there(connection, *_wrong_dates(institution, table, after, last)) for table in _DATED),
        tuple(not_to_be_found(connection, institution, rows)),
        _several_timers_a_ladder(connection, institution, after, last),
    )


def mend(connection: Connection, institution: str, lacking: Lacking) -> int:
    """Put right what is *lacking*; return how many rows and cases that were.

    To be run once no node of the version before works any more: by each node when it starts.
    """
    mended = _mend_dates(connection, institution, lacking) if lacking.dates else 0
    if lacking.words:
        mended += _mend_words(connection, institution, lacking.words)
    if lacking.timers:
        mended += arm_anew(connection, institution)
    return mended


def arm_anew(connection: Connection, institution: str) -> int:
    """Let the next sweep arm every case as this edition does; return 1, or 0 where none has ever followed a register."""
    anew = {"cursor": "", "done": 0, "finished_at": None}
    mine = t.rearmings.c.institution == institution
    return connection.execute(update(t.rearmings).where(mine).values(anew)).rowcount


def others_swept(connection: Connection, institution: str, edition: str) -> bool:
    """Return whether a sweeper of another edition was there of late: the rows of cases may say what its law says."""
    c = t.sweepers.c
    others = select(c.node).where(c.institution == institution, c.edition.not_in(["", edition]))
    return bool(edition) and connection.execute(others.limit(1)).first() is not None


def _wrong_dates(institution: str, table: Table, after: str, last: str) -> tuple[ColumnElement[bool], ...]:
    c = table.c
    case = c.id if table is t.cases else c.case_id
    return (
        c.institution == institution,
        case > after,
        case <= last,
        c.queue_due != func.coalesce(c.due, NEVER),
    )


def _is_there(connection: Connection, *where: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().where(*where))).scalar_one())


def _mend_dates(connection: Connection, institution: str, lacking: Lacking) -> int:
    mended = 0
    for table in _DATED:
        wrong = _wrong_dates(institution, table, lacking.after, lacking.last)
        right = func.coalesce(table.c.due, NEVER)
        mended += connection.execute(update(table).where(*wrong).values(queue_due=right)).rowcount
    return mended


def _mend_words(connection: Connection, institution: str, rows: Sequence[Row[Any]]) -> int:
    w = t.case_words.c
    for row in rows:
        words = sorted(words_of_row(row.number_folded, row.parties_folded))
        # Some may be there: a newer node has joined a party since.
        mine = (w.institution == institution, w.word.in_(words), w.case_id == row.id)
        connection.execute(delete(t.case_words).where(*mine))
        connection.execute(insert(t.case_words), word_rows(institution, row.id, words))
    return len(rows)


def _several_timers_a_ladder(connection: Connection, institution: str, after: str, last: str) -> bool:
    c = t.timers.c
    several = (
        select(c.case_id)
        .where(c.institution == institution, c.case_id > after, c.case_id <= last)
        .group_by(c.case_id, c.matter, c.subject, c.round)
        .having(func.count() > 1)
    )
    return connection.execute(several.limit(1)).first() is not None
