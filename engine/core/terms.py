"""Terms: the last day of a matter's step, and the limits that hang on a date of the case.

Room for: which day a term counts from, what it steps over, whether an act is in time.
May not enter: how days are counted (`engine/law/terms.py`), award clocks (`clocks.py`), ladders (`rungs.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.core.clocks import Clocks
from engine.core.refusals_of_clocks import term_not_over, term_over
from engine.core.situation import situation_of
from engine.law.terms import TermReading, last_day, last_day_before, plain_last_day
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.guards import Value
from engine.model.procedure import Move, Term
from engine.model.rules import Rules


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The last day of a step, and the last day that is certainly in time; None: nothing limits it now (K20)."""

    due: date | None = None
    overdue_after: date | None = None


def term_reading(
    rules: Rules, case: Case, matter: Matter, term: Term, brought: Mapping[str, Value] | None = None,
    clocks: Clocks | None = None,
) -> TermReading | None:  # fmt: skip
    """Return the last day of *term* for *matter*, or None while the date it hangs on is not known or it stands still.

    *brought* is what an act brings on top of what is known, *clocks* those of the case where they are at hand. A
    term whose condition does not hold limits nothing; one that does not run while the case is suspended has no due
    date as long as the stop is open (K17).
    """
    if term.when is not None and not term.when.holds(situation_of(case, matter, brought)):
        return None
    facts = {**case.facts_for(matter), **(brought or {})}
    calendar = rules.calendar_of(case.office)
    if term.before is not None:
        event_on = facts.get(term.before)
        return last_day_before(term.limit, event_on, calendar) if isinstance(event_on, date) else None
    start = facts.get(term.of) if term.of else matter.entered_on
    if not isinstance(start, date):
        return None
    stops = () if term.runs_while_suspended else (clocks or Clocks(rules, case)).stops()
    if term.exact:
        reading = plain_last_day(term.limit, start, stops)
    else:
        reading = last_day(term.limit, start, calendar, stops)
    return reading if reading.due else None


def shown_terms(
    rules: Rules, case: Case, matter: Matter, clocks: Clocks | None = None
) -> tuple[tuple[Term, TermReading], ...]:
    """Return the terms of *matter* whose last day is known: those of its state while it is open, and every named one.

    A named term stays to be seen after the matter has ended: a window to sue opens when service is over.
    """
    procedure = rules.procedure_of(matter)
    of_state = procedure.states[matter.state].terms if matter.open else ()
    dated = [term for term in procedure.terms.values() if (term.of or term.before) and term not in of_state]
    clocks = clocks or Clocks(rules, case)
    found = [(term, term_reading(rules, case, matter, term, clocks=clocks)) for term in (*of_state, *dated)]
    return tuple((term, reading) for term, reading in found if reading is not None)


def limit_of(rules: Rules, case: Case, matter: Matter, clocks: Clocks | None = None) -> StepLimit:
    """Return the limit of *matter*'s present state: the nearest of its terms, else its clock's."""
    state = rules.procedure_of(matter).states[matter.state]
    clocks = clocks or Clocks(rules, case)
    found = [term_reading(rules, case, matter, term, clocks=clocks) for term in state.terms]
    readings = [reading for reading in found if reading and reading.due]
    if readings:
        return StepLimit(
            min(r.due for r in readings if r.due), min((r.latest for r in readings if r.latest), default=None)
        )
    if state.clock:
        reading = clocks.reading(state.clock)
        return StepLimit(reading.due, reading.due_latest) if reading else StepLimit()
    return StepLimit()


def not_in_time(
    rules: Rules, case: Case, matter: Matter, move: Move, brought: Mapping[str, Value], on: date
) -> Refusal | None:
    """Return the Refusal of a move done after the term or clock it must be done within; None where in time or not known.

    A postmark decides over the day the act is recorded for (K19).
    """
    if move.in_time is None:
        return None
    posted = brought.get(move.in_time.posted) if move.in_time.posted else None
    day = posted if isinstance(posted, date) else on
    term = rules.procedure_of(matter).terms.get(move.in_time.term)
    if term is None:
        clock = rules.main_procedure(case).clocks[move.in_time.term]
        running = Clocks(rules, case).reading(clock.name)
        last, title, basis = running.due_latest if running else None, clock.title, clock.basis
    else:
        reading = term_reading(rules, case, matter, term, brought)
        last, title = reading.latest if reading else None, term.title or term.limit.in_words()
        basis = term.basis
    return None if last is None or day <= last else term_over(move, title, basis, day, last, matter)


def too_early(
    rules: Rules, case: Case, matter: Matter, move: Move, brought: Mapping[str, Value], on: date
) -> Refusal | None:
    """Return the Refusal of a move done before a term has run that must have run first; None where all have.

    It may be done from the last day on; a term whose date is not known holds nothing back.
    """
    for name in move.not_before:
        term = rules.procedure_of(matter).terms[name]
        reading = term_reading(rules, case, matter, term, brought)
        if reading and reading.due and on < reading.due:
            return term_not_over(
                move, term.title or term.limit.in_words(), term.basis, on, reading.due, matter
            )
    return None
