"""Paging: pages of a list as they are asked for and answered, by marks that people can keep in an address.

Room for: marks to places and back, how much a page may hold, the shape of a page.
May not enter: which lists there are (`queues.py`), SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from engine.errors import WrongUse
from engine.store.turning import Place, Turn, Turned
from engine.text import Text

PAGE_MOST = 200

T = TypeVar("T")
L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Ask:
    """Which page: the one after a mark, the one before it, or the first."""

    after: str | None = None
    before: str | None = None
    most: int = 50

    def turn(self, parts: int) -> Turn:
        """Return the page of a list whose places have so many *parts*. Raises WrongUse for a mark that cannot be read."""
        after, before = _place(self.after, parts), _place(self.before, parts)
        return Turn(after, None if after else before, max(1, min(self.most, PAGE_MOST)))


@dataclass(frozen=True, slots=True)
class Lines(Generic[L]):
    """A page of a list; *next* and *previous* are the marks of the pages beside it, None where there is none."""

    lines: tuple[L, ...]
    next: str | None
    previous: str | None


def lined(turned: Turned[T], line: Callable[[T], L | None]) -> Lines[L]:
    """Return the page with the *line* of each row, without the rows that have none."""
    lines = tuple(found for row in turned.rows if (found := line(row)) is not None)
    return Lines(lines, mark(turned.next), mark(turned.previous))


def mark(place: Place | None) -> str | None:
    """Return a place as a mark: its day, then the rest."""
    if place is None:
        return None
    day, *rest = place
    return f"{day.isoformat()}_{'~'.join(rest)}"


def _place(text: str | None, parts: int) -> Place | None:
    if not text:
        return None
    day, _, rest = text.partition("_")
    others = rest.split("~", parts - 2)
    try:
        if len(others) != parts - 1 or "\x00" in text:
            raise ValueError(text)
        return (date.fromisoformat(day), *others)
    except ValueError:
        raise WrongUse(
            Text(
                "翻页位置无效，请从第一页重新查看。",
                "This page mark cannot be read; start at the first page.",
            )
        ) from None
