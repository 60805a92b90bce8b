"""Requirements: what must hold beside the right person and a full form before a move may be done.

Room for: the term or clock it must be in time for, and its guards.
May not enter: who may do it (`authority.py`), what it brings about (`effects.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.core.refusals_of_guards import guard_failed
from engine.core.situation import CaseSituation, situation_of
from engine.core.terms import not_in_time, too_early
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.guards import Value
from engine.model.procedure import Move
from engine.model.rules import Rules


def unmet(
    rules: Rules, case: Case, matter: Matter, move: Move, brought: Mapping[str, Value], known: Mapping[str, Value],
    person: str, on: date, today: date,
) -> Refusal | None:  # fmt: skip
    """Return the Refusal of the first thing that keeps *move* with its full form from being done *on* a day; else None.

    *known* are the facts with those that are *brought*. What a move sets is not yet so when it is asked whether the move
    may be done.
    """
    if move.in_time is not None and (late := not_in_time(rules, case, matter, move, brought, on)):
        return late
    if move.not_before and (early := too_early(rules, case, matter, move, brought, on)):
        return early
    if not move.requires:
        return None
    asked = CaseSituation(case, matter, known, person)
    for requirement in move.requires:
        if not requirement.that.holds(asked):
            return guard_failed(rules, case, matter, move, requirement, asked, today)
    return None


def unmet_already(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, today: date
) -> Refusal | None:
    """Return the same as far as it can be said before the form is filled in."""
    if not move.requires_before:
        return None
    now = situation_of(case, matter, actor=person)
    for requirement in move.requires_before:
        if not requirement.that.holds(now):
            return guard_failed(rules, case, matter, move, requirement, now, today)
    return None
