"""Timers: which cases have something due, read in the order of the index and never more of it than is asked for.

Room for: one look that tells whether there is anything to do, pages of due cases, how much is waiting.
May not enter: what a rung does (`engine/core/settling.py`), when a case that failed is taken again (`setbacks.py`).

What is due is always looked for from the beginning of the index: a rung may be armed late, in the past, by an act that
is entered late. A place in the index is kept within one sweep alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from engine.store.changed_rows import instant_text
from engine.store.setbacks import FAR

Place = tuple[datetime, str]
"""A place in the order of the index: when something is due, and of which case."""

BEGINNING: Place = (datetime(1, 1, 2, tzinfo=UTC), "")

COUNTED_MOST = 10_000
"""So many waiting ladders are counted; more are as bad."""

# NOT IN reads the few cases that are set back once, and only where something is due at all; so the plan is a walk along
# the index whatever the planner knows of the tables.
# A try further ahead than any pause was put there by a clock that was wrong: it is not waited for.
_SET_BACK = (
    "SELECT case_id FROM setbacks WHERE institution = ? AND (next_at IS NULL OR next_at > ? AND next_at <= ?)"
)
_PUT_ASIDE = "SELECT case_id FROM setbacks WHERE institution = ? AND next_at IS NULL"
_DUE = "FROM timers WHERE institution = ? AND due_at <= ?"

_GLANCE = (
    f"SELECT (SELECT due_at {_DUE} ORDER BY due_at, case_id LIMIT 1), "
    "(SELECT sum(number) FROM editions WHERE institution = ?), "
    "(SELECT register FROM rearmings WHERE institution = ? AND finished_at IS NOT NULL), "
    "(SELECT seen_at FROM sweepers WHERE institution = ? AND node = ?), "
)
_GLANCE_ON_SQLITE, _GLANCE_ON_POSTGRESQL = f"{_GLANCE}NULL", f"{_GLANCE}clock_timestamp()"
"""A file has no clock but this machine's."""

_PAGE = (
    f"SELECT due_at, case_id {_DUE} AND (due_at, case_id) > (?, ?) AND case_id NOT IN ({_SET_BACK}) "
    "ORDER BY due_at, case_id LIMIT ?"
)
_READY = f"SELECT due_at {_DUE} AND case_id NOT IN ({_SET_BACK}) ORDER BY due_at, case_id LIMIT 1"
_EARLIEST = f"SELECT due_at {_DUE} AND case_id NOT IN ({_PUT_ASIDE}) ORDER BY due_at, case_id LIMIT 1"
_WAITING = (
    f"SELECT count(*) FROM (SELECT 1 {_DUE} AND case_id NOT IN ({_PUT_ASIDE}) "
    f"ORDER BY due_at, case_id LIMIT {COUNTED_MOST}) AS waiting"
)
_STANDING = f"SELECT 1 {_DUE} AND case_id = ? ORDER BY due_at LIMIT 1"


@cache
def _for_psycopg(statement: str) -> str:
    return statement.replace("?", "%s")


@dataclass(frozen=True, slots=True)
class Glance:
    """What one look tells a sweep before it begins.

    *due* is when the earliest rung was due that nothing holds back, or None; *editions* the sum of the editions,
    *register* the activation that every timer follows, or None while they are brought to another; *seen_at* when this
    node last said that it is there, and *clock* what the database's own clock says, where it has one.
    """

    due: datetime | None
    editions: int
    register: int | None
    seen_at: datetime | None
    clock: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Cases with something due, the longest due first, and the place to read on from; None at the end."""

    cases: tuple[str, ...]
    after: Place | None


class Timers:
    """The timers of one institution on one cursor of the driver."""

    def __init__(self, cursor: Any, institution: str, *, sqlite: bool) -> None:
        self._on = cursor
        self._institution = institution
        self._sqlite = sqlite

    def glance(self, at: datetime, node: str) -> Glance:
        """Return whether there is anything to do at *at*: while nothing is due one statement, at the cost of one place in the index."""
        mine, now = self._institution, self._given(at)
        asked = _GLANCE_ON_SQLITE if self._sqlite else _GLANCE_ON_POSTGRESQL
        due, editions, register, seen_at, clock = self._one(asked, mine, now, mine, mine, mine, node)
        if due is not None:
            # Only now does it matter what is set back.
            due = next((row[0] for row in self._all(_READY, mine, now, *self._set_back(at))), None)
        return Glance(self._read(due), int(editions or 0), register, self._read(seen_at), self._read(clock))

    def editions(self) -> int:
        """Return the sum of the editions: whoever reads it before the cases learns when it writes what changed since."""
        (total,) = self._one("SELECT sum(number) FROM editions WHERE institution = ?", self._institution)
        return int(total or 0)

    def page(self, at: datetime, after: Place, most: int) -> Page:
        """Return the cases of the next *most* due timers behind *after*; those set back are left out."""
        mine, now, (due, case) = self._institution, self._given(at), after
        rows = self._all(_PAGE, mine, now, self._given(due), case, *self._set_back(at), most)
        last = self._read(rows[-1][0]) if len(rows) == most else None
        return Page(tuple(dict.fromkeys(row[1] for row in rows)), (last, rows[-1][1]) if last else None)

    def earliest(self, at: datetime) -> datetime | None:
        """Return when the earliest rung was due that waits at *at* and is not put aside, or None."""
        rows = self._all(_EARLIEST, self._institution, self._given(at), self._institution)
        return self._read(rows[0][0]) if rows else None

    def waiting(self, since: datetime) -> int:
        """Return how many ladders still wait with a rung that was due by *since* and are not put aside, counted to `COUNTED_MOST`."""
        (number,) = self._one(_WAITING, self._institution, self._given(since), self._institution)
        return int(number)

    def stands(self, case_id: str, at: datetime) -> bool:
        """Return whether the case has a timer that is due at *at*."""
        return bool(self._all(_STANDING, self._institution, self._given(at), case_id))

    def _all(self, statement: str, *given: Any) -> list[Any]:
        found: list[Any] = self._on.execute(self._spoken(statement), given).fetchall()
        return found

    def _one(self, statement: str, *given: Any) -> Any:
        return self._on.execute(self._spoken(statement), given).fetchone()

    def _spoken(self, statement: str) -> str:
        return statement if self._sqlite else _for_psycopg(statement)

    def _set_back(self, at: datetime) -> tuple[Any, ...]:
        """What `_SET_BACK` is asked with."""
        return self._institution, self._given(at), self._given(at + FAR)

    def _given(self, instant: datetime) -> str | datetime:
        return instant_text(instant) if self._sqlite else instant

    def _read(self, found: Any) -> datetime | None:
        if found is None:
            return None
        instant = datetime.fromisoformat(found) if isinstance(found, str) else found
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
