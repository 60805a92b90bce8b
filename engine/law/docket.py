"""The docket: facts sorted out before any counting, by K21.

Room for: which start and which end stand, what cannot stand at all, and the order of the rest.
May not enter: limits, stops, due dates, the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.law.facts import ClockFact
from engine.law.refusals import Allowance, RefusedFact
from engine.law.stops import NEVER

Entry = tuple[int, bool, int, ClockFact]
"""The ordinal of the fact's day, whether it is a resumption, its index, the fact: in this order facts take effect.

A resumption comes after whatever else happened on its day: then it stops no day.
"""


class Docket:
    """The facts known on *as_of*, in the order they were recorded, and what became of each.

    The first recorded start and end stand, so that a later entry can never push out an earlier one
    unseen. Facts dated after *as_of* have not happened yet: they are left out, not refused. A struck
    fact is refused and otherwise as if it had never been entered (K22). *standing* are those that may
    move the clock between its start and its end, in the order they take effect; *lagging* says that
    some were recorded later than they happened.
    """

    __slots__ = (
        "breaches", "end", "end_index", "facts", "lagging", "late", "refused", "standing", "start", "start_index",
    )  # fmt: skip

    def __init__(self, facts: Sequence[ClockFact], as_of: date | None) -> None:
        self.facts = facts
        self.refused: list[RefusedFact] = []
        self.breaches: list[RefusedFact] = []
        self.late: list[int] = []
        self.start: ClockFact | None = None
        self.end: ClockFact | None = None
        self.start_index = self.end_index = -1
        self.lagging = False
        ends: list[tuple[int, ClockFact]] = []
        entries: list[Entry] = []
        for index, fact in enumerate(facts):
            on, kind, recorded = fact.on, fact.kind, fact.recorded_on
            if as_of is not None and on > as_of:
                continue
            if fact.struck:
                self.refuse(index, "ENTRY_STRUCK", None)
            elif recorded is not None and recorded != on and not self._lags(index, fact, recorded):
                continue
            elif kind == "start":
                self._started(index, fact)
            elif kind == "end":
                ends.append((index, fact))
            else:
                entries.append((on.toordinal(), kind == "resume", index, fact))
        for index, fact in ends:
            self._ended(index, fact)
        entries.sort()
        self.standing = self._between_start_and_end(entries)

    def refuse(self, index: int, code: str, against: date | None, allowance: Allowance | None = None) -> None:
        """Note that the fact at *index* does not count, and the date or the allowance it was judged by."""
        self.refused.append(RefusedFact(index, code, against, allowance))

    def refuse_resumption(self, index: int, fact: ClockFact) -> None:
        """Refuse a resumption without an open suspension; one that is dated before its own is told apart."""
        later = [
            other.on
            for other in self.facts[:index]
            if other.kind == "suspend"
            and not other.struck
            and other.on > fact.on
            and fact.ref in ("", other.ref)
        ]
        code = "DATE_OUT_OF_ORDER" if later else "RESUME_WITHOUT_SUSPEND"
        self.refuse(index, code, min(later, default=None))

    def refusals(self) -> tuple[RefusedFact, ...]:
        """Every refused fact, in the order the facts were given."""
        return tuple(sorted(self.refused, key=lambda refused: refused.index)) if self.refused else ()

    def _between_start_and_end(self, entries: list[Entry]) -> list[Entry]:
        first = self.start.on.toordinal() if self.start else NEVER
        if self.end is None and (not entries or entries[0][0] >= first):
            return entries
        return [entry for entry in entries if self._between(entry, first)]

    def _between(self, entry: Entry, first: int) -> bool:
        day, _, index, fact = entry
        if day < first:
            self.refuse(index, "DATE_BEFORE_START", self.start.on if self.start else None)
        elif self.end is not None and (fact.on, index) > (self.end.on, self.end_index):
            self.refuse(index, "DATE_AFTER_END", self.end.on)
        else:
            return True
        return False

    def _lags(self, index: int, fact: ClockFact, recorded: date) -> bool:
        """Note that facts were recorded later than they happened; refuse one recorded earlier than that."""
        if recorded < fact.on:
            self.refuse(index, "DATE_IN_FUTURE", recorded)
            return False
        self.lagging = True
        return True

    def _started(self, index: int, fact: ClockFact) -> None:
        if self.start is None:
            self.start, self.start_index = fact, index
        else:
            self.refuse(index, "START_TWICE", self.start.on)

    def _ended(self, index: int, fact: ClockFact) -> None:
        if self.start is None or fact.on < self.start.on:
            self.refuse(index, "DATE_BEFORE_START", self.start.on if self.start else None)
        elif self.end is None:
            self.end, self.end_index = fact, index
        else:
            self.refuse(index, "DATE_AFTER_END" if fact.on > self.end.on else "END_TWICE", self.end.on)
