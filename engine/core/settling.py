"""Settling: the due rungs of one case fire, in due order, by whoever comes first: the sweep or an act.

Room for: firing a rung: its event, its notices, the matter it opens.
May not enter: how a sweep finds cases (`engine/service/sweeping.py`), which rungs are armed (`rungs.py`), how a late one is
worded (`reminding.py`).
"""

from __future__ import annotations

from datetime import date, datetime

from engine.core.authority import persons_of
from engine.core.draft import Draft, meant
from engine.core.effects import Brought, open_matters, settle_reactions
from engine.core.reminding import by_the_earliest, said_on, still_told
from engine.core.rungs import Course, DueRung
from engine.model.answers import Decision
from engine.model.case import Case, Matter
from engine.model.procedure import Who
from engine.model.register import Rung
from engine.model.rules import Rules
from engine.text import Text

SETTLED_MOST = 500


def settle(rules: Rules, case: Case, at: datetime) -> Decision | None:
    """Return what the rungs of *case* that are due at *at* do, in due order; None when none is due.

    The same function serves the sweep and every act, so a slow sweep never favours a late act.
    """
    course = Course(rules, case)
    due = course.first_due(case.fired, at)
    if due is None:
        return None
    draft = Draft(rules, case, at, rules.day_of(at), channel="sweep")
    for _ in range(SETTLED_MOST):
        _fire(draft, due)
        draft.course = course = course.of(draft.case)
        due = course.first_due(draft.case.fired, at)
        if due is None:
            break
    draft.notices = still_told(draft.events, draft.notices)
    return draft.decision()


def _fire(draft: Draft, due: DueRung) -> None:
    rules, timer, rung = draft.rules, due.timer, due.rung
    matter = draft.matter(timer.matter)
    draft.record(
        "rung_fired", matter.id, matter.definition, on=timer.day, at=timer.due, rule=rung.name,
        rung={"key": timer.key, "rung": rung.name, "subject": timer.subject, "round": str(timer.round),
              "occurrence": str(timer.occurrence), "zh": rung.says.zh, "en": rung.says.en},
    )  # fmt: skip
    persons = _recipients(rules, draft.case, matter, rung, draft.on)
    draft.tell(persons, matter, _sentence(draft, due), rung.name)
    kinds = rules.main_procedure(draft.case).matters
    if rung.opens and rung.opens in kinds and not any(m.open for m in draft.case.matters_of(rung.opens)):
        open_matters(draft, kinds[rung.opens], timer.day, Brought(), rule=rung.name)
        settle_reactions(draft, timer.day)


def _sentence(draft: Draft, due: DueRung) -> Text:
    number, rung, says = draft.case.number, due.rung, due.rung.says
    if rung.days <= 0:
        # People read it from their next working morning on, and by then its day may be over.
        read_on = draft.today if draft.begins is draft.at else draft.begins.date()
        says = said_on(says, due.timer.day, read_on, ahead=rung.days < 0)
    if due.provisional:
        says = by_the_earliest(says)
    return Text(f"{number}：{says.zh}", f"{number}: {says.en}")


def _recipients(rules: Rules, case: Case, matter: Matter, rung: Rung, day: date) -> tuple[str, ...]:
    found: list[str] = []
    for word in rung.to:
        found += _meant_by(rules, case, matter, word, day)
    return tuple(dict.fromkeys(found))


def _meant_by(rules: Rules, case: Case, matter: Matter, word: str, day: date) -> tuple[str, ...]:
    procedure = rules.procedure_of(matter)
    if word == "handler":
        handler = rules.main_procedure(case).handler
        return case.holders(handler, case.main) if handler else ()
    if word == "awaited":
        return meant(rules, case, matter, procedure.states[matter.state].awaits, day)
    if word == "next_level":
        levels = procedure.levels
        after = levels[levels.index(matter.state) + 1 :] if matter.state in levels else ()
        return meant(rules, case, matter, procedure.states[after[0]].awaits, day) if after else ()
    return persons_of(rules, case, matter, Who(word, word in procedure.persons), day)
