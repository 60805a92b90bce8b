"""Terms: the last day of a matter's step, and the limits that hang on a date of the case.

Room for: which day a term counts from, what it steps over, whether an act is in time.
May not enter: how days are counted (`engine/law/terms.py`), award clocks (`clocks.py`), ladders (`rungs.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engine.core.clocks import Clocks, Counted, Counting
from engine.core.refusals_of_clocks import term_not_over, term_over
from engine.core.situation import situation_of
from engine.law.stops import Stop
from engine.law.terms import TermReading, plain_last_day
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.guards import Value
from engine.model.procedure import MAIN, Move, Term
from engine.model.rules import Rules


class StepLimit(NamedTuple):
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
    hangs_on = _hangs_on(case, matter, term, brought)
    if hangs_on is None:
        return None
    clocks = clocks or Clocks(rules, case)
    return _ends(term, hangs_on, clocks, () if term.runs_while_suspended else clocks.stops())


def _hangs_on(
    case: Case, matter: Matter, term: Term, brought: Mapping[str, Value] | None = None
) -> date | None:
    """Return the day that *term* counts from, or back from; None where it is not known or the term limits nothing."""
    if term.when is not None and not term.when.holds(situation_of(case, matter, brought)):
        return None
    name = term.before or term.of
    if name is None:
        return matter.entered_on
    # What an act brings goes before the matter's own, and that before the case's.
    if brought and name in brought:
        found: Value | None = brought[name]
    elif matter.kind != MAIN and name in matter.facts:
        found = matter.facts[name]
    else:
        found = case.main.facts.get(name)
    return found if isinstance(found, date) else None


def _ends(term: Term, hangs_on: date, clocks: Counting, stops: tuple[Stop, ...]) -> TermReading | None:
    if term.before is not None:
        return clocks.last_day_before(term.limit, hangs_on)
    if term.exact:
        reading = plain_last_day(term.limit, hangs_on, stops)
    else:
        reading = clocks.last_day(term.limit, hangs_on, stops)
    return reading if reading.due else None


# --- a stay in a state --------------------------------------------------------------------------------------


class TermEnd(NamedTuple):
    """The end of one term of a state, as a ladder hangs on it; the two days differ where it is provisional."""

    subject: str
    ladder: str
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """A matter in its present state: by when it has to leave, and the ends of its terms that ladders hang on.

    Equal stays with ends are one object as long as the rules hold, so that what follows from one can be kept by it.
    """

    matter: str
    round: int
    limit: StepLimit
    ends: tuple[TermEnd, ...]


def stay_of(rules: Rules, case: Case, matter: Matter, clocks: Clocks) -> Stay:
    """Return *matter*'s stay in its present state, by the terms of that state or else by its clock."""
    state = rules.definitions[matter.definition].states[matter.state]
    by_clock = clocks.reading(state.clock) if state.clock else None
    limit = StepLimit(by_clock.due, by_clock.due_latest) if by_clock else _NO_LIMIT
    if not state.terms:
        return Stay(matter.id, matter.round, limit, ())
    days = tuple([_hangs_on(case, matter, term) for term in state.terms])
    return clocks.noted(
        rules.once(
            _stay, case.office, matter.definition, matter.state, matter.id, matter.round,
            tuple(matter.subjects.items()) if matter.subjects else (), days, clocks.stops(), limit,
        )
    )  # fmt: skip


def stays_of(rules: Rules, case: Case, clocks: Clocks) -> tuple[Stay, ...]:
    """Return the stay of each open matter of *case*, in their order."""
    return tuple([stay_of(rules, case, matter, clocks) for matter in case.open_matters()])


_NO_LIMIT = StepLimit()


def _stay(
    rules: Rules, office: str, definition: str, name: str, matter: str, round_: int,
    subjects: tuple[tuple[str, str], ...], days: tuple[date | None, ...], stops: tuple[Stop, ...], by_clock: StepLimit,
) -> Counted[Stay]:  # fmt: skip
    terms = rules.definitions[definition].states[name].terms
    counting, known = Counting(rules, office), dict(subjects)
    readings = [
        None if day is None else _ends(term, day, counting, () if term.runs_while_suspended else stops)
        for term, day in zip(terms, days, strict=True)
    ]
    ends = tuple(
        # After a migration a term keeps the name its rungs have fired under, whatever its state is called now.
        TermEnd(known.get(str(n), f"term.{name}.{n}"), term.ladder, reading.earliest, reading.latest)
        for n, (term, reading) in enumerate(zip(terms, readings, strict=True), 1)
        if term.ladder and reading and reading.earliest and reading.latest
    )
    return Counted(Stay(matter, round_, _nearest(readings) or by_clock, ends), counting.reach)


def _nearest(readings: Iterable[TermReading | None]) -> StepLimit | None:
    """Return the nearest of several ends; None where nothing ends."""
    found = [reading for reading in readings if reading and reading.due]
    if not found:
        return None
    return StepLimit(
        min(r.due for r in found if r.due), min((r.latest for r in found if r.latest), default=None)
    )


def limit_of(rules: Rules, case: Case, matter: Matter, clocks: Clocks | None = None) -> StepLimit:
    """Return the limit of *matter*'s present state: the nearest of its terms, else its clock's."""
    return stay_of(rules, case, matter, clocks or Clocks(rules, case)).limit


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
    if last is None or day <= last:
        return None
    return term_over(move, title, rules.register.cited(basis), day, last, matter)


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
                move,
                term.title or term.limit.in_words(),
                rules.register.cited(term.basis),
                on,
                reading.due,
                matter,
            )
    return None
