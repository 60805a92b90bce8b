"""Levels: a sign-off in levels, as a definition's states and moves were unfolded from it.

Room for: the chain and its levels.
May not enter: how a chain is written and unfolded (`engine/language/chain.py`), who may sign (`engine/core`).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.text import Text


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a sign-off chain: its state, whose it is, how many sign it and how many of them suffice.

    *against* is the relation of a group's votes for a return, *resumed* the state in which this level sees the
    difference after it returned a draft.
    """

    state: str
    title: Text
    role: str
    members: int = 1
    majority: int = 1
    against: str | None = None
    resumed: str | None = None

    @property
    def group(self) -> bool:
        """True where several persons vote."""
        return self.members > 1


@dataclass(frozen=True, slots=True)
class Chain:
    """A sign-off in levels, as it was unfolded. *document* is what is signed, *passed* the state after the last level."""

    levels: tuple[Level, ...]
    passed: str
    document: str | None = None
    carries: bool = False
    """True where signatures can be carried to a new draft."""
