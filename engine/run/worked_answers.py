"""Worked answers: what the law says to the cases of a worked file, beside what their author expects.

Room for: the figures of each kind of case in the words of the file, and where they differ from the expected ones.
May not enter: reading the file (`worked_files.py`), counting days (`engine/law`), printing (`verbs_clock.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import CalendarEnds
from engine.law.agreement import difference
from engine.law.calendar import Calendar
from engine.law.clock import RefusedFact, read_clock
from engine.law.terms import (
    TermReading,
    deemed_served_by_posting,
    deemed_served_by_publication,
    last_day,
    last_day_before,
    timely,
)
from engine.run.answers_json import day_json
from engine.run.worked_files import (
    BeforeCase,
    ClockCase,
    LimitCase,
    PostedServiceCase,
    PublicationCase,
    Question,
    WorkedCase,
)
from engine.text import Text

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """One case with its *figures* as plain JSON; *refused* says why facts do not count, by their place in the file.

    *doubt* is there where our two ways of counting do not agree with each other: then nobody should trust the answer.
    """

    case: WorkedCase
    figures: Figures
    refused: tuple[tuple[int, Text], ...] = ()
    doubt: Text | None = None

    @property
    def differs(self) -> tuple[str, ...]:
        """The figures that are not what the author expects; one we have no such figure of differs as well."""
        expected = self.case.expect or {}
        return tuple(
            name
            for name, value in expected.items()
            if name not in self.figures or not _same(self.figures[name], value)
        )

    @property
    def agrees(self) -> bool | None:
        """Whether the answer is the expected one; None where none is written down."""
        return None if self.case.expect is None else not self.differs

    def plain(self) -> dict[str, Any]:
        """Return the answer as `anxu clock --json` gives it."""
        told: dict[str, Any] = {"id": self.case.id, **self.figures}
        if self.agrees is not None:
            told["agrees"] = self.agrees
        if self.differs:
            told["differs"] = list(self.differs)
        if self.doubt:
            told["doubt"] = {"zh": self.doubt.zh, "en": self.doubt.en}
        return told


def answer(case: WorkedCase, calendar: Calendar) -> Answered:
    """Return what the law says to *case*. Raises CalendarEnds with the place of a case that leaves *calendar*."""
    try:
        if isinstance(case.question, ClockCase):
            return _clock(case, case.question, calendar)
        return Answered(case, _figures(case.question, calendar))
    except CalendarEnds as error:
        place = case.place.at(case.op).named()
        raise CalendarEnds(
            Text(f"{place.zh}：{error.sentence.zh}", f"{place.en}: {error.sentence.en}")
        ) from None


def _clock(case: WorkedCase, asked: ClockCase, calendar: Calendar) -> Answered:
    reading = read_clock(asked.rule, asked.facts, calendar, asked.as_of)
    figures = {
        "clock_start": day_json(reading.clock_start),
        "total_length_days": reading.total_length_days,
        "raw_due": day_json(reading.raw_due),
        "due": day_json(reading.due),
        "due_earliest": day_json(reading.due_earliest),
        "due_latest": day_json(reading.due_latest),
        "target_due": day_json(reading.target_due),
        "provisional": reading.provisional,
        "refused": _coded(asked, reading.refused),
        "breaches": _coded(asked, reading.breaches),
        "late_entries": [asked.indices[index] for index in reading.late_entries],
        "counted_days": reading.counted_days,
        "remaining_days": reading.remaining_days,
        "on_time": reading.on_time,
        "quick_close": reading.quick_close,
        "quick_last_day": day_json(reading.quick_last_day),
        "state": reading.state,
    }
    said = tuple((asked.indices[refused.index], refused.sentence(asked.facts)) for refused in reading.refused)
    unlike = difference(asked.rule, asked.facts, calendar, asked.as_of)
    return Answered(case, figures, said, unlike.sentence if unlike else None)


def _figures(asked: Question, calendar: Calendar) -> Figures:
    match asked:
        case LimitCase(limit, trigger):
            return _term(last_day(limit, trigger, calendar), "due")
        case BeforeCase(limit, event_on, clear):
            return _term(last_day_before(limit, event_on, calendar, clear=clear), "latest")
        case PublicationCase(announced, days):
            return {"deemed_served": day_json(deemed_served_by_publication(announced, days))}
        case PostedServiceCase(posted):
            return {"deemed_served": day_json(deemed_served_by_posting(posted, calendar))}
        case _:
            assert not isinstance(asked, ClockCase)
            return {"timely": timely(asked.due, asked.posted)}


def _term(term: TermReading, name: str) -> Figures:
    figures = {name: day_json(term.due), "provisional": term.provisional}
    if name == "due":
        return figures | {
            "raw_due": day_json(term.raw_due),
            "due_earliest": day_json(term.earliest),
            "due_latest": day_json(term.latest),
        }
    return figures | {"earliest": day_json(term.earliest)}


def _coded(asked: ClockCase, facts: Sequence[RefusedFact]) -> list[list[int | str]]:
    return [[asked.indices[fact.index], fact.code] for fact in facts]


def _same(ours: Any, expected: Any) -> bool:
    """Whether two JSON values are one: true is not 1, but 45.0 is 45."""
    if isinstance(ours, list) and isinstance(expected, list):
        return len(ours) == len(expected) and all(map(_same, ours, expected))
    if isinstance(ours, bool) or isinstance(expected, bool):
        return ours is expected
    return bool(ours == expected)
