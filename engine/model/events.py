"""Events: what happened to a case, append-only and chained.

Room for: the event with its results, and the one canonical form its hash is taken of.
May not enter: why it happened (`engine/core`), where it is kept (`engine/store`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from engine.law.clock import ClockFact
from engine.law.duration import Duration
from engine.model.case import Party
from engine.model.guards import Value
from engine.model.hashing import hexdigest
from engine.model.targets import Target

Kind = Literal[
    "case_opened",
    "matter_opened",
    "moved",
    "reacted",
    "cancelled",
    "rung_fired",
    "corrected",
    "redated",
    "migrated",
]

What = Literal["due", "overdue_after", "target", "step"]


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A clock fact that an event brought, with what each layer of policy gave on that day 0.

    Without a fact, *targets* is what the event gave this one case; None: it says nothing about targets.
    """

    clock: str
    fact: ClockFact | None = None
    targets: tuple[Target, ...] | None = None


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A shown date that moved without anybody acting on the case: from *before* to *after*; None: there was or is none.

    *what* is the clock's last day, the last day certainly in time, the target, or the last day of *matter*'s step.
    """

    what: What
    matter: str
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Event:
    """One record of a case, carrying its results, so that folding events rebuilds the case.

    *at* is when it took effect (a rung: when it was due), *recorded_at* when it was written, both aware;
    *on* the effective date in the institution's zone. *by* is a person, or None where *rule* acted.
    """

    seq: int
    kind: Kind
    matter: str
    at: datetime
    recorded_at: datetime
    on: date
    definition: str
    by: str | None = None
    acting_for: str | None = None
    rule: str = ""
    move: str | None = None
    source: str | None = None
    target: str | None = None
    outcome: str | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    clock: tuple[ClockChange, ...] = ()
    assigned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    released: tuple[str, ...] = ()
    involved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Substitutes and those they stood in for, by relation, beside whom the act assigned."""
    redated: tuple[str, ...] = ()
    """For ``corrected``: the matters that came to their present state on the day that was wrong."""
    opened: Mapping[str, str] = field(default_factory=dict)
    """For ``matter_opened``: kind, procedure and party."""
    case: Mapping[str, str] = field(default_factory=dict)
    """For ``case_opened``: id, institution, office, number, procedure."""
    parties: tuple[Party, ...] = ()
    """The parties of a case that opens, or those that joined it."""
    override: str = ""
    """The director's reason for letting a clock fact stand after expiry (K9)."""
    about: int | None = None
    """For ``matter_opened``: the seq of the event the matter decides on."""
    moved: tuple[MovedDate, ...] = ()
    """For ``redated``: the dates that a holiday notice moved; *rule* is the notice. For ``migrated``: those it moved."""
    migration: Mapping[str, str] = field(default_factory=dict)
    """For ``migrated``: the definition *from* which it came, the *proposal*, and for an undoing the seq it *undoes*."""
    subjects: Mapping[str, str] = field(default_factory=dict)
    """For ``migrated``: what rungs of the state's terms, by number, go on to be known by, so that none fires twice."""
    rung: Mapping[str, str] = field(default_factory=dict)
    """For ``rung_fired``: key, rung, subject, round, occurrence, and what it says (zh, en)."""
    corrects: int | None = None
    """For ``corrected``: the seq of the event whose facts or date this one supersedes."""
    nth: int = 0
    """How often the move has now been done on the matter, where it may be done only so often."""
    late: bool = False
    """True when it was entered on a later day than it took effect (K22)."""
    channel: str = ""
    previous: str = ""
    hashed: str = ""
    """Which hash it is linked with (`hashing.py`); empty for SHA-256."""
    hash: str = ""
    text: str = field(default="", init=False, repr=False, compare=False)
    """Its canonical JSON, where it was recorded in this process (`event_text.py`)."""


NOTHING: Mapping[str, Any] = {
    one.name: one.default if one.default_factory is MISSING else one.default_factory()
    for one in fields(Event)
    if one.default is not MISSING or one.default_factory is not MISSING
}
"""What the fields of an event hold that nobody gave."""


def genesis(institution: str, case: str, hashed: str = "") -> str:
    """Return what the first event of a case is linked to; *hashed* is the hash of that event (`hashing.py`)."""
    return hexdigest(hashed, f"{institution}/{case}".encode())


def hash_of(event: Event) -> str:
    """Return the hash over the canonical JSON of *event* without its own, as hex."""
    return hash_of_plain(plain_event(event))


def hash_of_plain(plain: Mapping[str, Any]) -> str:
    """Return the same of an event as it was written, whatever edition of this program wrote it."""
    without = {name: value for name, value in plain.items() if name != "hash"}
    return hexdigest(plain.get("hashed", ""), canonical(without).encode())


canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""JSON of plain values with sorted keys, no spaces, UTF-8 text kept."""


def plain_value(value: Value) -> Any:
    """Return a fact's value as JSON can carry it, its type kept by a one-key object where JSON has none."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"amount": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"persons": list(value)}


def value_of(plain: Any) -> Value:
    """Return the fact's value that `plain_value` wrote."""
    if isinstance(plain, str):
        return plain
    if isinstance(plain, dict):
        ((kind, inner),) = plain.items()
        if kind == "amount":
            return Decimal(inner)
        return date.fromisoformat(inner) if kind == "date" else tuple(inner)
    if isinstance(plain, int):
        return plain
    raise ValueError(f"not a fact's value: {plain!r}")


def plain_event(event: Event) -> dict[str, Any]:
    """Return *event* as plain JSON values; fields that hold nothing are left out."""
    plain: dict[str, Any] = {
        "seq": event.seq, "kind": event.kind, "matter": event.matter,
        "at": event.at.isoformat(), "recorded_at": event.recorded_at.isoformat(),
        "on": event.on.isoformat(), "definition": event.definition, "previous": event.previous,
    }  # fmt: skip
    for name in (
        "by",
        "acting_for",
        "rule",
        "move",
        "source",
        "target",
        "outcome",
        "corrects",
        "late",
        "channel",
        "override",
        "about",
        "nth",
        "hashed",
        "hash",
    ):
        if value := getattr(event, name):
            plain[name] = value
    for name in ("documents", "opened", "case", "rung", "migration", "subjects"):
        if getattr(event, name):
            plain[name] = dict(getattr(event, name))
    if event.facts:
        plain["facts"] = {name: plain_value(value) for name, value in event.facts.items()}
    if event.assigned:
        plain["assigned"] = {name: list(persons) for name, persons in event.assigned.items()}
    if event.involved:
        plain["involved"] = {name: list(persons) for name, persons in event.involved.items()}
    for name in ("released", "redated"):
        if getattr(event, name):
            plain[name] = list(getattr(event, name))
    if event.parties:
        plain["parties"] = [[p.id, p.role, p.name] for p in event.parties]
    if event.clock:
        plain["clock"] = [plain_change(change) for change in event.clock]
    if event.moved:
        plain["moved"] = [[m.what, m.matter, plain_day(m.before), plain_day(m.after)] for m in event.moved]
    return plain


def event_of(plain: Mapping[str, Any]) -> Event:
    """Return the event that `plain_event` wrote."""
    return Event(
        seq=plain["seq"], kind=plain["kind"], matter=plain["matter"],
        at=datetime.fromisoformat(plain["at"]), recorded_at=datetime.fromisoformat(plain["recorded_at"]),
        on=date.fromisoformat(plain["on"]), definition=plain["definition"], previous=plain["previous"],
        by=plain.get("by"), acting_for=plain.get("acting_for"), rule=plain.get("rule", ""),
        move=plain.get("move"), source=plain.get("source"), target=plain.get("target"),
        outcome=plain.get("outcome"), corrects=plain.get("corrects"), late=plain.get("late", False),
        channel=plain.get("channel", ""), hashed=plain.get("hashed", ""), hash=plain.get("hash", ""),
        override=plain.get("override", ""), about=plain.get("about"), nth=plain.get("nth", 0),
        documents=plain.get("documents", {}), opened=plain.get("opened", {}), case=plain.get("case", {}),
        rung=plain.get("rung", {}), migration=plain.get("migration", {}), subjects=plain.get("subjects", {}),
        facts={name: value_of(value) for name, value in plain.get("facts", {}).items()},
        assigned={name: tuple(persons) for name, persons in plain.get("assigned", {}).items()},
        released=tuple(plain.get("released", ())),
        redated=tuple(plain.get("redated", ())),
        involved={name: tuple(persons) for name, persons in plain.get("involved", {}).items()},
        parties=tuple(Party(*party) for party in plain.get("parties", ())),
        clock=tuple(_change_of(change) for change in plain.get("clock", ())),
        moved=tuple(MovedDate(w, m, _day_of(b), _day_of(a)) for w, m, b, a in plain.get("moved", ())),
    )  # fmt: skip


def plain_target(target: Target) -> dict[str, Any]:
    """Return *target* as plain JSON values; fields that hold nothing are left out."""
    plain: dict[str, Any] = {"layer": target.layer, "length": str(target.length)}
    if target.basis:
        plain["basis"] = target.basis
    if target.since:
        plain["since"] = target.since.isoformat()
    if target.seq:
        plain["seq"] = target.seq
    return plain


def target_of(plain: Mapping[str, Any]) -> Target:
    """Return the target that `plain_target` wrote."""
    return Target(
        plain["layer"], Duration.parse(plain["length"]), plain.get("basis", ""), _day_of(plain.get("since")),
        plain.get("seq", 0),
    )  # fmt: skip


def plain_change(change: ClockChange) -> dict[str, Any]:
    """Return *change* as plain JSON values."""
    plain: dict[str, Any] = {"clock": change.clock}
    if change.fact:
        plain["fact"] = plain_clock_fact(change.fact)
    if change.targets is not None:
        plain["targets"] = [plain_target(target) for target in change.targets]
    return plain


def _change_of(plain: Mapping[str, Any]) -> ClockChange:
    # The first edition wrote one target beside the fact, always the procedure's.
    before = {"layer": "procedure", "length": plain.get("target"), "basis": plain.get("target_basis", "")}
    targets = plain.get("targets", [before] if "target" in plain else None)
    return ClockChange(
        plain["clock"],
        clock_fact_of(plain["fact"]) if "fact" in plain else None,
        None if targets is None else tuple(target_of(target) for target in targets),
    )


def plain_day(day: date | None) -> str | None:
    """Return *day* as it is written, or None."""
    return day.isoformat() if day else None


def _day_of(plain: str | None) -> date | None:
    return date.fromisoformat(plain) if plain else None


def plain_clock_fact(fact: ClockFact) -> dict[str, Any]:
    """Return *fact* as plain JSON values; fields that hold nothing are left out."""
    plain: dict[str, Any] = {"kind": fact.kind, "on": fact.on.isoformat()}
    if fact.recorded_on:
        plain["recorded_on"] = fact.recorded_on.isoformat()
    if fact.days:
        plain["days"] = str(fact.days)
    for name in ("ref", "by_role", "overridden", "struck", "seq"):
        if value := getattr(fact, name):
            plain[name] = value
    return plain


def clock_fact_of(plain: Mapping[str, Any]) -> ClockFact:
    """Return the clock fact that `plain_clock_fact` wrote."""
    return ClockFact(
        kind=plain["kind"],
        on=date.fromisoformat(plain["on"]),
        recorded_on=date.fromisoformat(plain["recorded_on"]) if "recorded_on" in plain else None,
        ref=plain.get("ref", ""),
        days=Duration.parse(plain["days"]) if "days" in plain else None,
        by_role=plain.get("by_role", ""),
        overridden=plain.get("overridden", False),
        struck=plain.get("struck", False),
        seq=plain.get("seq", 0),
    )
