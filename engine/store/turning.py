"""Turning: one page of a list after or before a place in it, so that pages stay right while rows come and go.

Room for: what a page asks of a query, what its rows say about the pages beside it, several lists read as one.
May not enter: which lists there are (`docket.py`, `todo_queues.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, literal_column, select, tuple_

T = TypeVar("T")


def there_is(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that some row is so, looked up for each row of a list in turn.

    Of EXISTS PostgreSQL may make a join, and read a whole table for it.
    """
    return select(literal_column("1")).where(*where).limit(1).scalar_subquery().is_not(None)


Place = tuple[Any, ...]
"""Where a row stands: the values of the columns its list is ordered by."""


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
            rows.sort(key=lambda row: tuple(row[:keys]), reverse=self.backwards)
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
