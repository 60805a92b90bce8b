"""Event notes: what an event brought beside the act itself, in words.

Room for: dates a notice moved, exceptions with their reason, late entries with their approval, targets that were set.
May not enter: what the act itself is called (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.fold import MAIN_ID
from engine.model.case import Case
from engine.model.events import Event, MovedDate
from engine.model.rules import Rules
from engine.service.late_entries import LateEntry
from engine.text import Text, day_or_none


def notes_of(rules: Rules, case: Case, event: Event, late: LateEntry | None) -> tuple[Text, ...]:
    """Return the notes of *event*; *late* is its entry on a clock, where it came late."""
    return tuple(_notes(rules, case, event, late))


def _notes(rules: Rules, case: Case, event: Event, late: LateEntry | None) -> Iterator[Text]:
    yield from (_moved(rules, case, moved) for moved in event.moved)
    for target in (t for change in event.clock for t in change.targets or () if t.layer == "case"):
        yield Text("为本案设定目标：{length}", "target set for this case: {length}").filled(
            length=target.length.in_words()
        )
    if event.override:
        yield Text("特批理由：{why}", "reason of the exception: {why}").filled(why=event.override)
    if late is not None:
        yield Text(
            "期后补录：发生于{on}，录入于{recorded}；{word}",
            "entered late: dated {on}, recorded {recorded}; {word}",
        ).filled(
            on=late.fact.on,
            recorded=late.fact.recorded_on or rules.day_of(event.recorded_at),
            word=late.word,
        )
    elif event.late:
        yield Text("补录：生效日期为{day}", "entered late: in effect from {day}").filled(day=event.on)


def _moved(rules: Rules, case: Case, moved: MovedDate) -> Text:
    return Text("{what}：{before} → {after}", "{what}: {before} → {after}").filled(
        what=_what(rules, case, moved), before=day_or_none(moved.before), after=day_or_none(moved.after)
    )


def _what(rules: Rules, case: Case, moved: MovedDate) -> Text:
    match moved.what:
        case "due":
            return Text("届满日", "last day")
        case "overdue_after":
            return Text("最迟届满日", "latest last day")
        case "target":
            return Text("目标日", "target date")
        case _:
            matter = case.matter(moved.matter)
            if matter is None or moved.matter == MAIN_ID:
                return Text("本环节届满日", "last day of this step")
            title = rules.procedure_of(matter).title
            return Text(f"“{title.zh}”届满日", f"last day of “{title.en}”")
