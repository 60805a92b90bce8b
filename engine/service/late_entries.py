"""Late entries: clock facts recorded on a later day than they are dated, and what became of their approval (K22).

Room for: the state of each by the record, in words.
May not enter: whether one counts (`engine/law`), asking for approval (`engine/core/effects.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.core.clocks import read
from engine.law.facts import ClockFact
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.procedure import Clock
from engine.model.rules import Rules
from engine.service.wording import who_may_except
from engine.text import Text

Approval = Literal["pending", "approved", "rejected", "cancelled", "own", "open"]
"""*cancelled*: the approval was cancelled; *own*: whoever entered it may approve; *open*: nobody was asked to."""

WORDS: Mapping[Approval, Text] = {
    "pending": Text("暂计入，待{who}批准", "counted for now; the approval of the {who} is awaited"),
    "approved": Text("已经{who}批准", "approved by the {who}"),
    "rejected": Text("{who}未批准，不计入", "not approved by the {who}; it does not count"),
    "cancelled": Text(
        "审批事项已取消，未经{who}决定，仍计入",
        "its approval was cancelled without a decision of the {who}; it still counts",
    ),
    "own": Text("由有权批准的人录入", "entered by somebody who may approve it"),
    "open": Text("本程序未设补录审批", "nobody is asked to approve it under this procedure"),
}

_MOVED = Text(
    "{who}未批准，改以录入日为准", "not approved by the {who}; the day it was recorded stands instead"
)
"""Of a start or an end: it did happen, but not on the day that was claimed."""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """A late entry of a clock, with the day it was claimed for; *matter* decides on it, where there is one."""

    fact: ClockFact
    approval: Approval
    matter: Matter | None
    word: Text
    """What became of it."""


def late_entries(rules: Rules, case: Case, events: Sequence[Event]) -> tuple[LateEntry, ...]:
    """Return the late entries on every clock of *case*, struck ones too, in the order they were recorded."""
    clocks = rules.main_procedure(case).clocks
    found = [entry for name in case.clocks for entry in _of_clock(rules, case, clocks[name], events)]
    return tuple(sorted(found, key=lambda entry: entry.fact.seq))


def _of_clock(rules: Rules, case: Case, clock: Clock, events: Sequence[Event]) -> Iterator[LateEntry]:
    reading = read(rules, case, clock.name)
    late = set(reading.late_entries) if reading else set()
    deciding = {matter.about: matter for matter in case.matters_of(clock.late)} if clock.late else {}
    for index, fact in enumerate(case.clocks[clock.name].facts):
        matter = deciding.get(fact.seq)
        if index not in late and not fact.struck and matter is None:
            continue
        moved = (
            matter is not None and fact.kind in ("start", "end") and _moved_by(matter, fact, clock, events)
        )
        approval = "rejected" if moved else _approval(clock, fact, matter, events)
        word = (_MOVED if moved else WORDS[approval]).filled(who=who_may_except(rules, clock))
        yield LateEntry(_claimed(matter, fact, clock, events) if moved else fact, approval, matter, word)


def _approval(clock: Clock, fact: ClockFact, matter: Matter | None, events: Sequence[Event]) -> Approval:
    if fact.struck:
        return "rejected"
    if matter is None:
        return "own" if fact.by_role in clock.exceptions_by else "open"
    if matter.open:
        return "pending"
    cancelled = any(event.kind == "cancelled" and event.matter == matter.id for event in events)
    return "cancelled" if cancelled else "approved"


def _moved_by(matter: Matter, fact: ClockFact, clock: Clock, events: Sequence[Event]) -> bool:
    """Whether the decision in *matter* changed *fact*: only its rejection does."""
    return any(event.matter == matter.id and _facts_of(event, clock, fact.seq) for event in events)


def _claimed(matter: Matter | None, fact: ClockFact, clock: Clock, events: Sequence[Event]) -> ClockFact:
    """*fact* as it was entered or corrected before *matter* decided on it."""
    assert matter is not None
    decided = next(e.seq for e in events if e.matter == matter.id and _facts_of(e, clock, fact.seq))
    before = [f for event in events if event.seq < decided for f in _facts_of(event, clock, fact.seq)]
    return before[-1] if before else fact


def _facts_of(event: Event, clock: Clock, seq: int) -> list[ClockFact]:
    changes = [change for change in event.clock if change.clock == clock.name]
    return [change.fact for change in changes if change.fact is not None and change.fact.seq == seq]
