"""Commands: what somebody asks of a case.

Room for: the three things one can ask: open a case, act on it, correct its record.
May not enter: whether it is allowed (`engine/core/decide.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.model.case import Party


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case under *procedure*; facts are as typed in a form, *on* the date it was received."""

    procedure: str
    by: str
    case: str
    institution: str
    office: str
    number: str
    parties: tuple[Party, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    channel: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)
    """The cases that its facts name: as typed -> number."""


@dataclass(frozen=True, slots=True)
class Act:
    """Do *move* on a matter (None: the one open matter that offers it); facts are as typed in a form.

    *seen* is the matter's last move as the person saw it; None when they saw no form. *override* is the director's
    reason for letting a stop or restart stand although the period has run out (K9).
    """

    move: str
    by: str
    matter: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    seen: int | None = None
    on: date | None = None
    channel: str = ""
    override: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correct:
    """Supersede what event *event* recorded: facts, or (*on*) the effective date of its clock facts."""

    event: int
    by: str
    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    cases: Mapping[str, str] = field(default_factory=dict)


Command = OpenCase | Act | Correct
