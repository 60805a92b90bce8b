"""Migration pages: what bringing open matters to another version would change, and what it did, as values.

Room for: the answers of `migrating.py`; what of a line must be the same when it is carried out as when it was proposed.
May not enter: making them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.model.answers import Refusal
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Named:
    """A state or move by its name in the file and its title."""

    name: str
    title: Text


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a matter stands: its state, its last days, and who is awaited.

    *due* and *target_due* are those of the case's clock, *step_due* that of the present step.
    """

    state: Named
    due: date | None
    target_due: date | None
    step_due: date | None
    awaited: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class MigrationLine:
    """One matter: as it stands, as it would stand, the moves it gains and loses, or what stands in the way.

    *changed* says that this is no longer what was proposed.
    """

    case: str
    number: str
    matter: str
    title: Text
    party: str | None
    source: str
    target: str
    before: Standing
    after: Standing | None = None
    gained: tuple[Named, ...] = ()
    lost: tuple[Named, ...] = ()
    refusal: Refusal | None = None
    notes: tuple[Text, ...] = ()
    changed: bool = False

    @property
    def result(self) -> dict[str, Any]:
        """What of it must be the same when it is carried out as when it was proposed, as plain JSON values."""
        sides = [_plain(self.before), _plain(self.after) if self.after else None]
        moves = {"gained": [m.name for m in self.gained], "lost": [m.name for m in self.lost]}
        return {"sides": sides, "moves": moves, "stands": self.refusal.code if self.refusal else None}


@dataclass(frozen=True, slots=True)
class MigrationPage:
    """A migration of *procedure* to the version *to*, proposed or only tried; for an undoing, of proposal *undoes*."""

    procedure: str
    title: Text
    to: str
    states: Mapping[str, str]
    lines: tuple[MigrationLine, ...]
    undoes: int | None = None
    number: int | None = None
    by: str = ""
    at: datetime | None = None
    outcome: str | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    who: tuple[str, ...] = ()
    """The names of those who may approve it."""
    done: int = 0
    """How many of its matters have been migrated by it."""

    @property
    def able(self) -> tuple[MigrationLine, ...]:
        """The matters that can be migrated."""
        return tuple(line for line in self.lines if line.refusal is None)


@dataclass(frozen=True, slots=True)
class Left:
    """A matter that was left as it is when a migration was carried out, and why."""

    number: str
    matter: str
    why: Text


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What carrying out a proposal did: matters migrated now, those that were before, and those left."""

    number: int
    undoes: int | None
    done: tuple[MigrationLine, ...]
    before: int
    left: tuple[Left, ...]


def _plain(standing: Standing) -> dict[str, Any]:
    days = {"due": standing.due, "target": standing.target_due, "step": standing.step_due}
    return {
        "state": standing.state.name,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "awaited": sorted(who.name for who in standing.awaited),
    }
