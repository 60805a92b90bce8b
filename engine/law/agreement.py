"""Agreement: the two ways of reading a clock, held against each other.

Room for: comparing a reading with a walk, and saying where they differ.
May not enter: counting of its own, cases, what is done about a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.law.calendar import Calendar
from engine.law.clock import Reading, read_clock
from engine.law.facts import ClockFact, ClockRule
from engine.law.refusals import TITLES, RefusedFact
from engine.law.walk import walk
from engine.text import Text

FIGURES: Mapping[str, Text] = {
    "state": Text("状态", "state"),
    "clock_start": Text("起算日", "start"),
    "total_length_days": Text("总天数", "total length in days"),
    "raw_due": Text("顺延前届满日", "last day before rolling"),
    "due": Text("届满日", "last day"),
    "due_earliest": Text("最早届满日", "earliest last day"),
    "due_latest": Text("最迟届满日", "latest last day"),
    "raw_target_due": Text("顺延前目标日", "target date before rolling"),
    "target_due": Text("目标日", "target date"),
    "target_earliest": Text("最早目标日", "earliest target date"),
    "target_latest": Text("最迟目标日", "latest target date"),
    "provisional": Text("是否暂定", "provisional"),
    "counted_days": Text("已用天数", "days used"),
    "remaining_days": Text("剩余天数", "days left"),
    "stopped_days": Text("不计天数", "days stopped"),
    "on_time": Text("是否按期", "on time"),
    "quick_close": Text("是否快结", "quick close"),
    "quick_last_day": Text("快结截止日", "last day of a quick close"),
    "refused": Text("不计入的事项", "entries that do not count"),
    "breaches": Text("特批的事项", "entries let stand by exception"),
    "late_entries": Text("补录的事项", "late entries"),
}
"""Figure -> its name: what both ways of reading come to, each by itself."""

_NONE = Text("无", "none")
_YES, _NO = Text("是", "yes"), Text("否", "no")
STATES = {
    "not_started": Text("未起算", "not started"),
    "running": Text("进行中", "running"),
    "paused": Text("中止", "paused"),
    "ended": Text("已结束", "ended"),
}
"""State of a clock -> what people call it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two ways differ: the names of the figures, and a sentence with what each came to."""

    figures: tuple[str, ...]
    sentence: Text


def difference(
    rule: ClockRule, facts: Sequence[ClockFact], calendar: Calendar, as_of: date | None = None
) -> Difference | None:
    """Return where `read_clock` and the walk through the days differ, or None: they agree. Raises CalendarEnds."""
    reading = read_clock(rule, facts, calendar, as_of)
    return between(reading, walk(rule, facts, calendar, as_of).figures())


def between(reading: Reading, walked: Mapping[str, object]) -> Difference | None:
    """Return where *reading* and the figures of a walk differ, or None."""
    counted = {name: _plain(getattr(reading, name)) for name in FIGURES}
    differing = [name for name in FIGURES if counted[name] != walked.get(name, _unsaid(name))]
    if not differing:
        return None
    parts = [_part(name, counted[name], walked.get(name)) for name in differing]
    return Difference(
        tuple(differing),
        Text(
            f"两种算法不一致：{'；'.join(part.zh for part in parts)}。",
            f"The two ways of counting differ: {'; '.join(part.en for part in parts)}.",
        ),
    )


def _unsaid(name: str) -> object:
    """What a clock that has not started says of *name*."""
    return _plain(getattr(Reading(state="not_started"), name))


def _plain(figure: object) -> object:
    if isinstance(figure, tuple):
        return tuple((item.index, item.code) if isinstance(item, RefusedFact) else item for item in figure)
    return figure


def _part(name: str, counted: object, walked: object) -> Text:
    return Text(
        "{name}按区间为{counted}，逐日为{walked}", "{name} by intervals {counted}, day by day {walked}"
    ).filled(name=FIGURES[name], counted=_said(counted), walked=_said(walked))


def _said(figure: object) -> object:
    if figure is None or figure == ():
        return _NONE
    if isinstance(figure, bool):
        return _YES if figure else _NO
    if isinstance(figure, tuple):
        entries = [_entry(*item) if isinstance(item, tuple) else _entry(item) for item in figure]
        return Text("、".join(entry.zh for entry in entries), ", ".join(entry.en for entry in entries))
    return STATES.get(figure, figure) if isinstance(figure, str) else figure


def _entry(index: int, code: str = "") -> Text:
    """A fact by its place among those recorded, with what is wrong with it."""
    if not code:
        return Text(f"第{index + 1}项", f"entry {index + 1}")
    title = TITLES.get(code, Text(code, code))
    return Text(f"第{index + 1}项（{title.zh}）", f"entry {index + 1} ({title.en})")
