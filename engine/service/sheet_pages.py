"""Sheet pages: a count sheet as it is shown: days, runs, totals, rules, refused and late entries, targets.

Room for: the frozen shapes, and joining days that say the same into runs.
May not enter: how they are found (`count_sheets.py`), counting, HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.law.clock import Reading
from engine.law.duration import Duration
from engine.service.late_entries import Approval
from engine.service.pages import CaseLine, FactLine, Light, TargetLine
from engine.text import Text

View = Literal["known", "shown"]
"""What is now known of a day, or what was shown on it."""


@dataclass(frozen=True, slots=True)
class SheetCause:
    """The recorded fact that explains a day: what was done, by whom and for whom, with its ground and documents."""

    seq: int
    sentence: Text
    on: date
    by: str | None
    for_: str | None
    facts: tuple[FactLine, ...] = ()
    documents: tuple[Text, ...] = ()
    basis: Text | None = None
    """The article the act rests on, as its procedure names it."""


@dataclass(frozen=True, slots=True)
class SheetDay:
    """One day of the count sheet. *rest* says why it is a rest day, where that moved the end."""

    day: date
    verdict: str
    number: int | None
    rule: str
    title: Text
    article: Text
    cause: SheetCause | None
    word: Text
    """The verdict in words."""
    rest: Text | None = None

    @property
    def fact(self) -> Text | None:
        """What was done, in words."""
        return self.cause.sentence if self.cause else None

    @property
    def by(self) -> str | None:
        """The name of who entered the fact; None where a rule did."""
        return self.cause.by if self.cause else None


@dataclass(frozen=True, slots=True)
class SheetRun:
    """Days that follow each other and say the same."""

    days: tuple[SheetDay, ...]

    @property
    def first(self) -> SheetDay:
        """The first of them; it speaks for all."""
        return self.days[0]

    @property
    def last(self) -> SheetDay:
        """The last of them."""
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class SheetTotals:
    """What the days since the latest day 0 come to: *counted* + *stopped* + *rolled* = *calendar_days*.

    *last* is the last day of the sheet; *length* = *limit* + *extension*, in days. *before* are the calendar days of
    the counts that were begun anew since. *said* is how limit and extension are written where not in days.
    """

    start: date
    last: date
    calendar_days: int
    counted: int
    stopped: int
    rolled: int
    limit: int
    extension: int
    before: int = 0
    said: tuple[Duration, Duration | None] | None = None

    @property
    def length(self) -> int:
        """The days the period has in all."""
        return self.limit + self.extension


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that the sheet uses, for its legend."""

    rule: str
    title: Text
    article: Text


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """An entry that does not count, or (with *reason*) one that was let stand although it was too late."""

    code: str
    rule: str
    sentence: Text
    remedy: Text
    cause: SheetCause | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LateLine:
    """An entry recorded on a later day than the one it is dated, and what became of its approval."""

    approval: Approval
    word: Text
    cause: SheetCause
    recorded_on: date | None
    matter: str | None = None
    """The matter that decides on it."""


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """How the clock ended: by which act on which day, after how many counted days, and how many it was over."""

    on: date
    cause: SheetCause | None
    used: int
    on_time: bool
    days_over: int
    sentence: Text


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What the journal says was shown on a day, beside what the record of that day comes to now."""

    due: date | None
    overdue_after: date | None
    target_due: date | None
    since: datetime
    agrees: bool
    sentence: Text


@dataclass(frozen=True, slots=True)
class CountSheet:
    """Each calendar day from the start of the clock, and the reading it adds up to."""

    case: CaseLine
    title: Text
    days: tuple[SheetDay, ...]
    reading: Reading | None
    working: Text
    office: Text
    institution: Text
    light: Light
    as_of: date
    view: View = "known"
    totals: SheetTotals | None = None
    legend: tuple[RuleLine, ...] = ()
    refused: tuple[RefusedLine, ...] = ()
    breaches: tuple[RefusedLine, ...] = ()
    late: tuple[LateLine, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    closed: ClosedLine | None = None
    """How the clock ended; None while it has not."""
    run_out: Text | None = None
    """That the period is over and by how many days; None while it is not, and once the clock has ended."""
    shown: ShownLine | None = None
    disagreement: tuple[Text, ...] = ()
    """Where the two ways of counting differ, now or by an open incident. No date of this sheet may then be relied on."""
    differing: str = ""
    """Which figures of which clock differ by this very count; empty: none."""

    @property
    def runs(self) -> tuple[SheetRun, ...]:
        """The days in runs, each day in one of them."""
        return runs(self.days)

    @property
    def explained(self) -> tuple[tuple[SheetRun, date | None], ...]:
        """Each run with the day on which its rule and its cause were said before; None: there they are said first."""
        said: dict[tuple[str, SheetCause | None], date] = {}
        found = []
        for run in self.runs:
            why = run.first.rule, run.first.cause
            found.append((run, said.get(why)))
            said.setdefault(why, run.first.day)
        return tuple(found)


def runs(days: Sequence[SheetDay]) -> tuple[SheetRun, ...]:
    """Return *days* in runs: neighbours with the same verdict, by the same rule, for the same reason."""
    found: list[list[SheetDay]] = []
    for day in days:
        if found and _says(found[-1][-1]) == _says(day):
            found[-1].append(day)
        else:
            found.append([day])
    return tuple(SheetRun(tuple(run)) for run in found)


def _says(day: SheetDay) -> tuple[object, ...]:
    return day.verdict, day.rule, day.cause, day.rest
