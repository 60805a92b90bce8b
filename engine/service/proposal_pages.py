"""Proposal pages: what is in force since when, what is coming, and proposals with what they would do, as values.

Room for: the answers of `proposing.py`.
May not enter: making them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.service.activation import Activated
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Staying:
    """So many open matters stand in a state of an older version and stay on it."""

    definition: str
    state: str
    title: Text
    count: int


@dataclass(frozen=True, slots=True)
class TextImpact:
    """What one proposed text would do: how it differs from what is in force on its day, what stays on older versions.

    *before* is the hash in force on that day, None where the name is new; *until* the day from which another version,
    dated ahead, would take its place again.
    """

    name: str
    title: Text
    file: str
    hash: str
    before: str | None
    changes: tuple[Text, ...]
    staying: tuple[Staying, ...]
    until: date | None = None

    @property
    def unchanged(self) -> bool:
        """Whether exactly this text is in force on that day anyway."""
        return self.before == self.hash


@dataclass(frozen=True, slots=True)
class ActivationLine:
    """That a text is in force, or will be, from *since* on; *until* is the day another one takes its place.

    *by* and *approved_by* are names; the second is empty where one person sufficed.
    """

    number: int
    name: str
    title: Text
    hash: str
    since: date
    until: date | None
    at: datetime
    by: str
    approved_by: str
    proposal: int | None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal to put texts into force. *number* is None where all of them are in force and nothing was proposed.

    *asked* is the day the proposer named, *since* the day it would hold from if approved today, or holds from. *later*
    are the activations after *ground*, the last one when it was proposed; *last* the last one now. *trouble* says why it
    could not be approved today; *deciders* are the ids of those who may approve or reject it, *who* their names.
    """

    number: int | None
    by: str
    by_name: str
    at: datetime
    asked: date | None
    since: date
    texts: tuple[TextImpact, ...]
    ground: int
    last: int
    later: tuple[ActivationLine, ...] = ()
    trouble: Text | None = None
    deciders: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    outcome: str | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for somebody to decide."""
        return self.number is not None and self.outcome is None


@dataclass(frozen=True, slots=True)
class Approved:
    """What came into force by an approval; *late* where that is after the day the proposer named."""

    page: ProposalPage
    activated: tuple[Activated, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class OpenMigration:
    """An open proposal to bring open cases to another version, in one sentence."""

    number: int
    by: str
    at: datetime
    sentence: Text


@dataclass(frozen=True, slots=True)
class DefinitionsPage:
    """What is in force today, the register first, what comes later, and the proposals: open ones, then decided ones.

    *migrations* are the open proposals about cases, which are decided on by `anxu migrate`.
    """

    today: date
    rehearsal: bool
    in_force: tuple[ActivationLine, ...]
    coming: tuple[ActivationLine, ...]
    open: tuple[ProposalPage, ...]
    decided: tuple[ProposalPage, ...]
    migrations: tuple[OpenMigration, ...] = ()
