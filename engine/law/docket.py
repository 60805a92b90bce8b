"""The docket: facts sorted out before any counting, by K21.

Room for: which start and which end stand, what cannot stand at all, and the order of the rest.
May not enter: limits, stops, due dates, the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.law.facts import ClockFact
from engine.law.refusals import RefusedFact

_Entry = tuple[date, bool, int, ClockFact]


class Docket:
    """The facts known on *as_of*, in the order they were recorded, and what became of each.

    The first recorded start and end stand, so that a later entry can never push out an earlier one
    unseen. Facts dated after *as_of* have not happened yet: they are left out, not refused.
    """

    def __init__(self, facts: Sequence[ClockFact], as_of: date | None) -> None:
        self.facts = facts
        self.refused: list[RefusedFact] = []
        self.breaches: list[RefusedFact] = []
        self.late: list[int] = []
        self.start: ClockFact | None = None
        self.end: ClockFact | None = None
        self.start_index = self.end_index = -1
        rest: list[_Entry] = []
        for index, fact in enumerate(facts):
            if as_of is not None and fact.on > as_of:
                continue
            if fact.recorded_on is not None and fact.on > fact.recorded_on:
                self.refuse(index, "DATE_IN_FUTURE", fact.recorded_on)
            elif fact.kind != "start":
                # A resumption comes after whatever else happened on its day: then it stops no day.
                rest.append((fact.on, fact.kind == "resume", index, fact))
            elif self.start is None:
                self.start, self.start_index = fact, index
            else:
                self.refuse(index, "START_TWICE", self.start.on)
        self._rest = self._within(rest)

    def standing(self) -> list[tuple[int, ClockFact]]:
        """The facts that may move the clock between its start and its end, in the order they take effect."""
        return [(index, fact) for _, _, index, fact in self._rest]

    def refuse(self, index: int, code: str, against: date | None) -> None:
        """Note that the fact at *index* does not count, and the date it was judged by."""
        self.refused.append(RefusedFact(index, code, against))

    def refuse_resumption(self, index: int, fact: ClockFact) -> None:
        """Refuse a resumption without an open suspension; one that is dated before its own is told apart."""
        later = [
            other.on
            for other in self.facts[:index]
            if other.kind == "suspend" and other.on > fact.on and fact.ref in ("", other.ref)
        ]
        code = "DATE_OUT_OF_ORDER" if later else "RESUME_WITHOUT_SUSPEND"
        self.refuse(index, code, min(later, default=None))

    def refusals(self) -> tuple[RefusedFact, ...]:
        """Every refused fact, in the order the facts were given."""
        return tuple(sorted(self.refused, key=lambda refused: refused.index))

    def _within(self, rest: list[_Entry]) -> list[_Entry]:
        """Keep what lies between start and end, sorted; refuse the others."""
        kept = []
        for entry in rest:
            on, _, index, fact = entry
            if self.start is None or on < self.start.on:
                self.refuse(index, "DATE_BEFORE_START", self.start.on if self.start else None)
            elif fact.kind != "end":
                kept.append(entry)
            elif self.end is None:
                self.end, self.end_index = fact, index
            else:
                self.refuse(index, "DATE_AFTER_END" if on > self.end.on else "END_TWICE", self.end.on)
        kept.sort()
        return kept if self.end is None else [entry for entry in kept if self._before(self.end, entry)]

    def _before(self, end: ClockFact, entry: _Entry) -> bool:
        on, _, index, _ = entry
        before = (on, index) < (end.on, self.end_index)
        if not before:
            self.refuse(index, "DATE_AFTER_END", end.on)
        return before
