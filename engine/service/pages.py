"""Pages: what the engine shows of its cases, frozen and ready for a screen or for JSON.

Room for: the shapes of answers to questions; titles in both languages, dates in the institution's zone.
May not enter: how they are found (`queues.py`, `case_pages.py`), HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from engine.law.clock import Reading
from engine.law.terms import TermReading
from engine.model.answers import Refusal
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.targets import Layer
from engine.service.backlog_pages import BacklogPage
from engine.service.review_pages import LevelLine
from engine.text import Text

Colour = Literal["green", "amber", "red", "grey", "ended"]


@dataclass(frozen=True, slots=True)
class Light:
    """The traffic light of a case: a colour with its word, and the natural days left (negative: over)."""

    colour: Colour
    word: Text
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as shown."""

    id: str
    role: str
    role_title: Text
    name: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list."""

    id: str
    number: str
    procedure: str
    title: Text
    state: str
    state_title: Text
    stage: str
    stage_title: Text
    parties: tuple[PartyLine, ...]
    light: Light
    due: date | None
    target_due: date | None
    clock: str
    opened_on: date
    handler: tuple[str, ...]
    """Names of the persons who handle it."""
    supervised: bool
    working: Text | None = None
    """How the last day comes about; None while the clock has not started."""


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases; *next* and *previous* are the cursors of the pages beside it, or None."""

    cases: tuple[CaseLine, ...]
    next: str | None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class TodoLine:
    """Who is awaited on what. *person* is None for a pool; *for_* names the person somebody stands in for."""

    case: str
    number: str
    matter: str
    matter_title: Text
    state: str
    state_title: Text
    role: str
    role_title: Text
    person: str | None
    person_name: str | None
    due: date | None
    light: Light
    rung: str | None
    parties: tuple[PartyLine, ...]
    party_name: str | None = None
    for_: str | None = None
    overdue_after: date | None = None
    """The last day that is certainly in time (K20)."""
    working: Text | None = None
    earliest: date | None = None
    """The earliest that *due* may come to be; None where no holiday notice decides on it any more (K20)."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a move's form."""

    name: str
    title: Text
    type: str
    needed: bool
    help: Text | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    persons: tuple[tuple[str, str], ...] = ()
    """For person and persons: (id, name) of everybody who may be named."""
    value: str = ""
    earliest: Text | None = None
    """For a date: in words, the first day it may be; None where nothing bounds it."""
    latest: Text | None = None


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A move of an open matter: possible now with its form, or refused with the reason."""

    matter: str
    matter_kind: str
    matter_title: Text
    party_name: str | None
    move: str
    title: Text
    basis: Text | None
    primary: bool
    seen: int
    targets: tuple[tuple[str, Text], ...]
    fields: tuple[FieldLine, ...]
    documents: tuple[tuple[str, Text], ...]
    allowed: bool
    refused: Refusal | None = None
    acting_for: str | None = None
    level: int | None = None
    """The level of the sign-off chain this move signs or returns at."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A known fact as shown."""

    name: str
    title: Text
    shown: Text
    value: Value


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of the case."""

    kind: str
    title: Text
    name: str
    digest: str
    matter: str
    seq: int
    size: int


@dataclass(frozen=True, slots=True)
class TermLine:
    """A limit with its last day and, in one sentence, how that day comes about."""

    title: Text
    reading: TermReading
    working: Text
    basis: Text | None
    of_step: bool
    """True when it limits the stay where the matter is now."""


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter as shown."""

    id: str
    kind: str
    procedure: str
    definition: str
    title: Text
    state: str
    state_title: Text
    stage: str
    stage_title: Text
    seen: int
    open: bool
    outcome: str | None
    opened_at: datetime
    due: date | None
    light: Light | None
    party: str | None
    party_name: str | None
    awaits: tuple[str, ...]
    facts: tuple[FactLine, ...]
    persons: tuple[tuple[Text, tuple[str, ...]], ...]
    """(title of the relation, names)."""
    levels: tuple[LevelLine, ...]
    draft_in_by: date | None = None
    """The last safe day to hand in a draft for review, where that is the next thing to do."""
    working: Text | None = None
    """How *due* comes about."""
    terms: tuple[TermLine, ...] = ()


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as a line of the timeline."""

    event: Event
    sentence: Text
    """What happened, in words."""
    who: str | None
    """The name, or None where a rule acted (shown as 系统 / system)."""
    acting_for: str | None
    matter_title: Text
    state_title: Text | None
    details: tuple[FactLine, ...]
    basis: Text | None
    superseded: bool = False
    """For a fired rung: its ground has fallen away since."""
    due_at: datetime | None = None
    """For a rung that fired late (`batches.LATE`): when it was due."""
    notes: tuple[Text, ...] = ()
    """What else it brought: dates that moved, an exception with its reason, a late entry and its approval, a target."""


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One figure the case is held to: the law's or one layer's, whether it is the one that is used, and why."""

    layer: Layer | Literal["law"]
    title: Text
    length: Text
    basis: Text | None
    since: date | None
    used: bool
    why: Text
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The award clock with its working in one sentence."""

    title: Text
    reading: Reading
    working: Text
    basis: Text | None
    targets: tuple[TargetLine, ...] = ()
    """The law's limit and what each layer of policy gives."""
    run_out: Text | None = None
    """That the period is over and by how many days; None while it is not, and once the clock has ended."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one case shows to one person."""

    line: CaseLine
    version: int
    definition: str
    office: str
    clock: ClockLine | None
    matters: tuple[MatterLine, ...]
    facts: tuple[FactLine, ...]
    todos: tuple[TodoLine, ...]
    actions: tuple[ActionLine, ...]
    events: tuple[EventLine, ...]
    documents: tuple[DocumentLine, ...]
    incidents: tuple[Text, ...] = ()
    """What its open incidents say, headed by a warning where the dates are in doubt."""
    backlog: BacklogPage | None = None
    """For a case that lists others: how many of them are cleared, and what has piled up beside them."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One listed case of the supervision ledger."""

    case: CaseLine
    matter: MatterLine
    reason: Text
    not_closed_because: str | None
    next_step: str | None
    next_step_on: date | None
    updated_on: date | None
    listed_on: date
    stale: bool
    updates: int


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """A case or step past its last day: by how many days, and who holds it."""

    case: CaseLine
    matter: str
    matter_title: Text
    state_title: Text
    due: date
    days_over: int
    holders: tuple[str, ...]
    what: Literal["clock", "step"]
    rung: str | None
    working: Text | None = None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A message in somebody's inbox."""

    id: str
    case: str
    number: str
    matter: str
    sentence: Text
    from_: datetime
    read: bool
    repeats: bool = False
    """A reminder that comes again and again: this is its newest."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of an inbox; *next* is the cursor of the page after it, or None. *count*: lines not read, counted to a thousand."""

    lines: tuple[NoticeLine, ...]
    next: str | None
    count: int


@dataclass(frozen=True, slots=True)
class TodayStrip:
    """Counts of one person's todos for the strip at the top: due today, within three days, overdue, all; and unread notices."""

    due_today: int
    within_three_days: int
    overdue: int
    mine: int
    unread: int


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was recorded: what it did first, and all its events. *again*: the answer to a repeated request."""

    case: str
    number: str
    seq: int
    matter: str
    source: str | None
    target: str | None
    events: tuple[Event, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something `doctor` or `verify` found; *case* is a number, or None for the office itself."""

    code: str
    case: str | None
    reason: Text
    fix: Text


@dataclass(frozen=True, slots=True)
class Findings:
    """What was checked, and what was found; *advice* breaks no promise and is no finding."""

    checked: int
    findings: tuple[Finding, ...]
    advice: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A signed-in person: names and the roles they act in today, with whom they stand in for."""

    id: str
    name: str
    roles: tuple[tuple[str, Text], ...]
    standing_in: tuple[tuple[str, str], ...]
    """(person, name) of whom they substitute today."""
    offices: tuple[str, ...]
