"""Turning: one page of a list after or before a place in it, so that pages stay right while rows come and go.

Room for: what a page asks of a query, what its rows say about the pages beside it, several lists put in one line.
May not enter: which lists there are (`docket.py`, `todo_queues.py`, `inboxes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    column,
    literal_column,
    select,
    tuple_,
    values,
)

T = TypeVar("T")


def there_is(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that some row is so, looked up for each row of a list in turn.

    Of EXISTS PostgreSQL may make a join, and read a whole table for it.
    """
    return select(literal_column("1")).where(*where).limit(1).scalar_subquery().is_not(None)


Place = tuple[Any, ...]
"""Where a row stands: the values of the columns its list is ordered by."""

_BYTES_FIRST = select(literal_column("'B'") < literal_column("'a'"))
"""True where texts stand in the order of their bytes; wherever people's alphabets count, a stands before B."""


def in_line(
    connection: Connection, rows: Iterable[T], place: Callable[[T], Place], *, backwards: bool = False
) -> list[T]:
    """Return the rows of several lists in one line, in the order in which the database itself would give them by *place*.

    Texts stand as its collation has them: each list was read, and the next page will be, in that order and no other.
    """
    placed = [(place(row), row) for row in rows]
    ranks = _ranks(connection, {part for at, _ in placed for part in at if isinstance(part, str)})
    ranked = [(tuple([ranks.get(part, part) for part in at]) if ranks else at, row) for at, row in placed]
    ranked.sort(key=lambda one: one[0], reverse=backwards)
    return [row for _, row in ranked]


def _ranks(connection: Connection, texts: Collection[str]) -> Mapping[Any, int]:
    """Return the rank of each of *texts* in the order of the database, or nothing where that is the order of Python."""
    if len(texts) < 2 or by_bytes(connection):
        return {}
    text = column("text", String)
    given = values(text, name="given").data([(one,) for one in texts])
    in_order = connection.execute(select(text).select_from(given).order_by(text)).scalars()
    return {one: rank for rank, one in enumerate(in_order)}


def by_bytes(connection: Connection) -> bool:
    """Return whether the database has texts in the order of their bytes, as Python has; asked once a connection."""
    known = connection.info
    if "by_bytes" not in known:
        known["by_bytes"] = bool(connection.execute(_BYTES_FIRST).scalar_one())
    return bool(known["by_bytes"])


@dataclass(frozen=True, slots=True)
class Turn:
    """A page of at most *most* rows: those after a place, those before one, or the first."""

    after: Place | None = None
    before: Place | None = None
    most: int = 50

    @property
    def backwards(self) -> bool:
        """Whether rows are read from the end of the page to its beginning."""
        return self.before is not None

    def cut(self, query: Select[Any], columns: Sequence[Any]) -> Select[Any]:
        """Return this page of *query*, in the order of *columns*, and one row more, which tells whether it goes on."""
        if self.after:
            query = query.where(tuple_(*columns) > tuple_(*self.after))
        if self.before:
            query = query.where(tuple_(*columns) < tuple_(*self.before))
        return query.order_by(*self._ordered(columns)).limit(self.most + 1)

    def read(self, connection: Connection, branches: Sequence[Select[Any]], keys: int) -> Sequence[Row[Any]]:
        """Return this page of some lists together, each cut already; rows are in line by their first *keys* columns.

        One after another: to make one statement of them would take longer than to run them.
        """
        rows = [row for branch in branches for row in connection.execute(branch)]
        if len(branches) > 1:
            rows = in_line(connection, rows, lambda row: tuple(row[:keys]), backwards=self.backwards)
        return rows[: self.most + 1]

    def page(self, rows: Sequence[T], place: Callable[[T], Place]) -> Turned[T]:
        """Return what *rows*, as they were read, come to."""
        more = len(rows) > self.most
        kept = rows[: self.most]
        if not kept:
            return Turned((), None, None)
        shown = tuple(kept[::-1] if self.backwards else kept)
        following = place(shown[-1]) if more or self.backwards else None
        before = place(shown[0]) if (more if self.backwards else self.after is not None) else None
        return Turned(shown, following, before)

    def _ordered(self, columns: Sequence[Any]) -> Sequence[Any]:
        return [column.desc() for column in columns] if self.backwards else columns


@dataclass(frozen=True, slots=True)
class Turned(Generic[T]):
    """A page as it was read; *next* is the place after which the next one begins, *previous* the one before which the last one ends."""

    rows: tuple[T, ...]
    next: Place | None
    previous: Place | None
