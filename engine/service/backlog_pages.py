"""Backlog pages: what is shown of a drive against the cases it lists, frozen.

Room for: the lines of the list, of what piled up beside it, and the counts made of them.
May not enter: how they are found (`backlog.py`), HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.text import Text


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One case of the list: how it stands, and how its plan does."""

    number: str
    case: str
    title: Text
    state_title: Text
    due: date | None
    cleared_on: date | None
    """The day its period ended or the case did; None while it goes on."""
    still_overdue: bool
    plan: str | None
    """The id of the matter in which its plan is kept."""
    plan_title: Text | None
    plan_by: date | None
    claimed: bool
    """True where the plan says that it is cleared and it is not."""


@dataclass(frozen=True, slots=True)
class RegrownLine:
    """A case beside the list that ran past its last day within the window."""

    number: str
    case: str
    due: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class BacklogPage:
    """The count of a drive from the day of its snapshot to *until*: today, or the day the drive ended."""

    since: date
    until: date
    listed: tuple[ListedLine, ...]
    regrown: tuple[RegrownLine, ...]

    @property
    def cleared(self) -> int:
        """How many of the listed cases have ended since the snapshot."""
        return sum(line.cleared_on is not None for line in self.listed)

    @property
    def open(self) -> int:
        """How many of them go on."""
        return len(self.listed) - self.cleared

    @property
    def still_overdue(self) -> int:
        """How many of them are over their last day to this day; the others were extended or suspended."""
        return sum(line.still_overdue for line in self.listed)

    @property
    def newly_overdue(self) -> int:
        """How many other cases ran past their last day meanwhile, ended since or not."""
        return len(self.regrown)

    @property
    def net(self) -> int:
        """By how many the backlog has shrunk: cleared less newly overdue; negative where it grew."""
        return self.cleared - self.newly_overdue
