"""Term wording: how the last day of a limit comes about, in one sentence.

Room for: the working of a term in both languages, with its article, the stops it steps over and the band of K20.
May not enter: which day it is (`engine/core/terms.py`), award clocks (`wording.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.core.clocks import Clocks
from engine.core.terms import shown_terms, term_reading
from engine.law.stops import NEVER, stopped_between, union
from engine.law.terms import TermReading
from engine.model.case import Case, Matter
from engine.model.procedure import Procedure, Term
from engine.model.rules import Rules
from engine.service.pages import TermLine
from engine.service.wording import band, title_of, working
from engine.text import Text, counted, in_brackets

OF_STEP = Text("本环节期限", "Limit of this step")
"""What the limit of a state is called that has no title of its own."""


def step_working(rules: Rules, case: Case, matter: Matter, clocks: Clocks | None = None) -> Text | None:
    """Return how the last day of *matter*'s present state comes about; None where nothing limits it now.

    *clocks* are those of the case where they are at hand.
    """
    if not matter.open:
        return None
    clocks = clocks or Clocks(rules, case)
    state = rules.procedure_of(matter).states[matter.state]
    found = [(term, term_reading(rules, case, matter, term, clocks=clocks)) for term in state.terms]
    read_terms = [(term, reading) for term, reading in found if reading and reading.due]
    if read_terms:
        term, reading = min(read_terms, key=lambda found: found[1].due or date.max)
        return term_working(rules, case, matter, term, reading, clocks)
    clock = clocks.reading(state.clock) if state.clock else None
    return working(rules, case, state.clock, clock) if state.clock and clock else None


def limit_title(rules: Rules, case: Case, matter: Matter) -> Text:
    """Return what that is called which limits *matter*'s present state: its own limit, or the clock where it has none."""
    state = rules.procedure_of(matter).states[matter.state]
    clocks = Clocks(rules, case)
    own = any(
        reading and reading.due
        for reading in (term_reading(rules, case, matter, term, clocks=clocks) for term in state.terms)
    )
    clock = rules.main_procedure(case).clocks.get(state.clock) if state.clock else None
    return OF_STEP if own or clock is None else clock.title


def clock_title(rules: Rules, case: Case) -> Text:
    """Return what the clock is called by which a case is due as a whole."""
    return next(iter(rules.main_procedure(case).clocks.values())).title


def step_earliest(rules: Rules, case: Case, matter: Matter, clocks: Clocks) -> date | None:
    """Return the earliest that the last day of *matter*'s present state may come to be; None where no notice decides on it (K20)."""
    if not matter.open:
        return None
    state = rules.procedure_of(matter).states[matter.state]
    found = [term_reading(rules, case, matter, term, clocks=clocks) for term in state.terms]
    if dated := [reading for reading in found if reading and reading.due]:
        nearest = min(dated, key=lambda reading: reading.due or date.max)
        return nearest.earliest if nearest.provisional else None
    clock = clocks.reading(state.clock) if state.clock else None
    return clock.due_earliest if clock and clock.provisional else None


def term_lines(
    rules: Rules, case: Case, matter: Matter, clocks: Clocks | None = None
) -> tuple[TermLine, ...]:
    """Return every limit of *matter* whose last day is known, with its working."""
    clocks = clocks or Clocks(rules, case)
    procedure = rules.procedure_of(matter)
    of_state = procedure.states[matter.state].terms if matter.open else ()
    return tuple(
        TermLine(
            title=term.title or OF_STEP,
            reading=reading,
            working=term_working(rules, case, matter, term, reading, clocks),
            basis=rules.register.cited(term.basis),
            of_step=term in of_state,
        )
        for term, reading in shown_terms(rules, case, matter, clocks)
    )


def term_working(
    rules: Rules, case: Case, matter: Matter, term: Term, reading: TermReading, clocks: Clocks | None = None
) -> Text:
    """Return in one sentence how *reading* comes about: from which day, how long, what it stepped over, by which article."""
    facts = case.facts_for(matter)
    procedure = rules.procedure_of(matter)
    known = facts.get(term.before or term.of or "")
    start = known if isinstance(known, date) else matter.entered_on
    parts = [_count(term, _anchor(rules, case, matter, procedure, term), start, reading)]
    if term.before is None and not term.runs_while_suspended and reading.due:
        spans = union([stop.span() for stop in (clocks or Clocks(rules, case)).stops()])
        if stopped := stopped_between(start.toordinal(), min(reading.due.toordinal(), NEVER - 1), spans):
            parts.append(
                Text(f"其间中止的{stopped}日不计", f"stepping over {counted(stopped, 'suspended day')}")
            )
    if reading.raw_due and reading.due and reading.raw_due != reading.due and term.limit.unit != "work days":
        parts.append(
            Text("末日{day}逢休息日或中止日顺延", "its last day {day} is no working day and moves on").filled(
                day=reading.raw_due
            )
        )
    if reading.provisional:
        parts.append(band(reading.earliest, reading.due, reading.latest))
    basis = in_brackets(rules.register.cited(term.basis))
    return Text("，".join(p.zh for p in parts) + basis.zh, ", ".join(p.en for p in parts) + basis.en)


def _count(term: Term, anchor: Text, start: date, reading: TermReading) -> Text:
    limit, n = term.limit, term.limit.count
    values = {
        "start": start,
        "what": anchor,
        "n": n,
        "nth": _nth(n),
        "due": reading.due or Text("未定", "open"),
    }
    if term.before is not None:
        return Text("{start}（{what}）之前{length}：{due}", "{length} before {start} ({what}): {due}").filled(
            length=limit.in_words(), **values
        )
    if n == 0:
        return Text("{start}（{what}）当日：{due}", "{start} itself ({what}): {due}").filled(**values)
    if limit.unit == "months":
        return Text("自{start}（{what}）起满{length}：{due}", "{length} from {start} ({what}): {due}").filled(
            length=limit.in_words(), **values
        )
    if limit.unit == "work days":
        return Text(
            "自{start}（{what}）次日起第{n}个工作日：{due}",
            "the {nth} working day after {start} ({what}): {due}",
        ).filled(**values)
    return Text(
        "自{start}（{what}）次日起第{n}日：{due}", "the {nth} day after {start} ({what}): {due}"
    ).filled(**values)


def _anchor(rules: Rules, case: Case, matter: Matter, procedure: Procedure, term: Term) -> Text:
    """What the day is that the term hangs on."""
    fact = term.before or term.of
    if fact is None:
        state = procedure.states[matter.state].title
        return Text("进入“{state}”之日", "the day of “{state}”").filled(state=state)
    owner = procedure if fact in procedure.facts else rules.main_procedure(case)
    return title_of(owner, fact)


def _nth(n: int) -> str:
    """The English ordinal: 1st, 2nd, 3rd, 11th, 22nd."""
    suffixes: Sequence[str] = ("th", "st", "nd", "rd")
    last = n % 10
    return f"{n}{'th' if n % 100 in (11, 12, 13) or last > 3 else suffixes[last]}"
