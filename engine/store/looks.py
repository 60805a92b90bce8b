"""Looks: what one unlocked look at a case tells an act.

Room for: the look itself, and which of the rows found is the one that was named.
May not enter: SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.store.changed_rows import Glimpse
from engine.store.request import Request


@dataclass(frozen=True, slots=True)
class Look:
    """A glimpse of a case, the sum of the editions it was looked at under, and what the request key was used for."""

    glimpse: Glimpse
    editions: int
    request: Request | None = None


def only_one(found: Sequence[Any]) -> Any | None:
    """Return the row that was named, or None.

    Of two, one has it as its id and another as its number: what could mean two cases means none.
    """
    return found[0] if len(found) == 1 else None
