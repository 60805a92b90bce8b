"""Redating: a changed calendar moves the dates a case shows; what moved is written down and told.

Room for: the event that names each moved date, and whom it is told to.
May not enter: which cases a calendar touches and in what batches (`engine/service`), acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from engine.core.draft import Draft, meant
from engine.core.fold import MAIN_ID
from engine.core.projection import project
from engine.model.answers import Decision
from engine.model.case import Case
from engine.model.events import MovedDate
from engine.model.projection import Projection, Shown
from engine.model.rules import Rules
from engine.text import Text, day_or_none

REDATED: Final = "redated"

RECOUNTED: Final = "程序升级重算"
"""What an event names in the place of a notice where the first edition had shown a date that this one counts otherwise."""

BEHIND: Final = "按现行规则重算"
"""The same where the rows of a case were behind what its rules say."""

COUNTED_ANEW: Final[Mapping[str, Text]] = {
    RECOUNTED: Text("程序升级后重算", "counted anew by a newer program"),
    BEHIND: Text("按现行规则重算", "counted anew by the rules in force"),
}
"""The two in words: an event holds the one word of the record, people read a sentence in their language."""


def redate(
    rules: Rules, case: Case, before: Shown, at: datetime, by: str | None, notice: str,
    after: Projection | None = None,
) -> Decision | None:  # fmt: skip
    """Return what recording the dates of *case* that moved since they were shown as *before* does; None where none did.

    *rules* hold the calendar after *notice*, which *by* loaded; *after* is the projection by them, where it is at hand. Fired rungs stay; unfired ones follow the dates. The
    handler and whoever is awaited on a moved step are told. Raises CalendarEnds.
    """
    after = after or project(rules, case)
    moved = tuple(moved_dates(before, after.shown))
    if not moved:
        return None
    draft = Draft(rules, case, at, rules.day_of(at), channel="calendar")
    draft.record(REDATED, MAIN_ID, case.main.definition, by=by, rule=notice, moved=moved)
    _tell(draft, moved, before, after.shown, notice)
    return Decision(tuple(draft.events), draft.case, after, tuple(draft.notices))


def moved_dates(before: Shown, after: Shown) -> Iterator[MovedDate]:
    """Yield the shown dates that differ between two projections of a case."""
    if before.due != after.due:
        yield MovedDate("due", MAIN_ID, before.due, after.due)
    if before.overdue_after != after.overdue_after:
        yield MovedDate("overdue_after", MAIN_ID, before.overdue_after, after.overdue_after)
    if before.target_due != after.target_due:
        yield MovedDate("target", MAIN_ID, before.target_due, after.target_due)
    for matter in after.steps:
        # A step that is limited by the clock itself moves with it and needs no line of its own.
        by_clock = (before.steps.get(matter), after.steps[matter]) == (before.due, after.due)
        if matter in before.steps and before.steps[matter] != after.steps[matter] and not by_clock:
            yield MovedDate("step", matter, before.steps[matter], after.steps[matter])


def _tell(draft: Draft, moved: tuple[MovedDate, ...], before: Shown, after: Shown, notice: str) -> None:
    """Tell the handler every moved date, and whoever is awaited on a step whose last day moved that step's."""
    rules, case = draft.rules, draft.case
    handler = rules.main_procedure(case).handler
    shown = [_sentence(one) for one in moved if one.what != "overdue_after"]
    told = dict.fromkeys(case.holders(handler, case.main) if handler else (), shown)
    for matter, due in after.steps.items():
        if matter not in before.steps or before.steps[matter] == due:
            continue
        on = draft.matter(matter)
        awaited = rules.procedure_of(on).states[on.state].awaits
        step = [_sentence(MovedDate("step", matter, before.steps[matter], due))]
        told = dict.fromkeys(meant(rules, case, on, awaited, draft.on), step) | told
    for person, sentences in told.items():
        whole = Text("；".join(s.zh for s in sentences), "; ".join(s.en for s in sentences))
        why = COUNTED_ANEW.get(notice) or Text(f"因“{notice}”", f"by “{notice}”")
        said = Text("{number}：{why}，{whole}", "{number}: {why}, {whole}")
        if sentences:
            draft.tell((person,), case.main, said.filled(number=case.number, why=why, whole=whole), REDATED)


def _sentence(moved: MovedDate) -> Text:
    what = {"due": Text("届满日", "the last day"), "target": Text("目标日", "the target date")}.get(
        moved.what, Text("本环节届满日", "the last day of this step")
    )
    return Text("{what}由{before}改为{after}", "{what} moves from {before} to {after}").filled(
        what=what, before=day_or_none(moved.before), after=day_or_none(moved.after)
    )
