"""Bounds: moves that wait while the case is suspended, and those that may be done only so often.

Room for: whether now is the time for a move at all, whoever does it and whatever the form brings.
May not enter: terms and clocks a move must be in time for (`terms.py`), who may do it (`authority.py`).
"""

from __future__ import annotations

from engine.core.clocks import Clocks
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.procedure import Move
from engine.model.rules import Rules
from engine.text import Text, counted


def not_now(rules: Rules, case: Case, matter: Matter, move: Move) -> Refusal | None:
    """Return the Refusal of a move that waits while a clock of the case is suspended; None where it may be done."""
    if not move.waits:
        return None
    clocks = Clocks(rules, case)
    for name, clock in rules.main_procedure(case).clocks.items():
        stops = clocks.open_stops(name)
        if stops:
            return _suspended(move, clock.title, min(stop.on for stop in stops).isoformat(), matter)
    return None


def too_often(matter: Matter, move: Move) -> Refusal | None:
    """Return the Refusal of a move that was done on *matter* as often as it may be; None where it may be done again."""
    done = matter.done.get(move.name, 0)
    if move.at_most is None or done < move.at_most:
        return None
    return Refusal(
        code="too_often",
        reason=Text(
            f"“{move.title.zh}”最多办理{move.at_most}次，本事项已办理{done}次。",
            f"“{move.title.en}” may be done {counted(move.at_most, 'time')} at most; it has been done {counted(done, 'time')} here.",
        ),
        guard="at_most",
        fact=str(done),
        enables=Text("请另选其他操作", "Another move has to be chosen"),
        matter=matter.id,
    )


def _suspended(move: Move, clock: Text, since: str, matter: Matter) -> Refusal:
    return Refusal(
        code="suspended",
        reason=Text(
            f"“{clock.zh}”自{since}起中止，期间不得办理“{move.title.zh}”。",
            f"“{clock.en}” has been suspended since {since}; “{move.title.en}” waits until it is resumed.",
        ),
        guard="waits_while_suspended",
        fact=since,
        enables=Text("请先恢复审理", "Resume the case first"),
        matter=matter.id,
    )
