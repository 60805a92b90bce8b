"""Review pages: the nouns a sign-off is shown with.

Room for: one line a level, one line a vote.
May not enter: how they come about (`level_lines.py`), how they are drawn (`web`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.text import Text


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One vote of a group on the present draft, for it or for a return."""

    person: str
    for_it: bool
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level of a sign-off chain: who signed it and when, or who is awaited."""

    number: int
    title: Text
    status: Literal["signed", "current", "ahead"]
    persons: tuple[str, ...]
    signed_at: datetime | None = None
    acting_for: str | None = None
    opinion: str | None = None
    votes: tuple[VoteLine, ...] = ()
    """Of a group: the votes on the present draft."""
    missing: int = 0
    """Of a group: how many more must sign."""
    carried: bool = False
    """True where the signature was carried to the present draft from one before it."""
    hand_over: date | None = None
    """The last day on which it can pass the draft on and leave the levels after it their time."""
    missed: bool = False
    """True where the draft is with this level and that day is over."""
