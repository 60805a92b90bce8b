"""Late entries: clock facts recorded on a later day than they are dated, and what became of their approval (K22).

Room for: the state of each, in words.
May not enter: whether one counts (`engine/law`), asking for approval (`engine/core/effects.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.core.clocks import read
from engine.law.facts import ClockFact
from engine.model.case import Case, Matter
from engine.model.procedure import Clock
from engine.model.rules import Rules
from engine.text import Text

Approval = Literal["pending", "approved", "rejected", "own", "open"]
"""*own*: whoever entered it may approve; *open*: nobody was asked to."""

WORDS: Mapping[Approval, Text] = {
    "pending": Text("暂计入，待主任批准", "counted for now; the director's approval is awaited"),
    "approved": Text("已经主任批准", "approved by the director"),
    "rejected": Text("主任未批准，不计入", "not approved by the director; it does not count"),
    "own": Text("由有权批准的人录入", "entered by somebody who may approve it"),
    "open": Text("本程序未设补录审批", "nobody is asked to approve it under this procedure"),
}


@dataclass(frozen=True, slots=True)
class LateEntry:
    """A late entry of a clock; *matter* decides on it, where there is one."""

    fact: ClockFact
    approval: Approval
    matter: Matter | None

    @property
    def word(self) -> Text:
        """What became of it."""
        return WORDS[self.approval]


def late_entries(rules: Rules, case: Case) -> tuple[LateEntry, ...]:
    """Return the late entries on every clock of *case*, struck ones too, in the order they were recorded."""
    clocks = rules.main_procedure(case).clocks
    found = [entry for name in case.clocks for entry in _of_clock(rules, case, clocks[name])]
    return tuple(sorted(found, key=lambda entry: entry.fact.seq))


def _of_clock(rules: Rules, case: Case, clock: Clock) -> list[LateEntry]:
    reading = read(rules, case, clock.name)
    late = set(reading.late_entries) if reading else set()
    deciding = {matter.about: matter for matter in case.matters if matter.about is not None}
    return [
        LateEntry(fact, _approval(clock, fact, deciding.get(fact.seq), index in late), deciding.get(fact.seq))
        for index, fact in enumerate(case.clocks[clock.name].facts)
        if index in late or fact.struck or fact.seq in deciding
    ]


def _approval(clock: Clock, fact: ClockFact, matter: Matter | None, late: bool) -> Approval:
    # A start or an end that was rejected stands on the day it was recorded, and is late no more.
    if fact.struck or (matter is not None and not matter.open and not late):
        return "rejected"
    if matter is not None:
        return "pending" if matter.open else "approved"
    return "own" if fact.by_role in clock.exceptions_by else "open"
