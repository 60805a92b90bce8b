"""Late entries: whether the matters that decide on what was entered late can decide.

Room for: the kind of matter a clock's ``late`` names, against the procedure it runs by.
May not enter: what else a matter borrows (`lending.py`), when an entry is late (`engine/core`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language.lending import moves_of
from engine.language.pages import Pages
from engine.model.procedure import Borrowed, Move, Procedure


def check_late_entries(main: Procedure, children: Mapping[str, Procedure], pages: Pages) -> None:
    """Note what keeps the matters of *main* (kind -> procedure) from deciding on late entries of its clocks."""
    for name, clock in main.clocks.items():
        child = children.get(clock.late or "")
        if child and (code := _undecided(child, name)):
            page = pages.procedures[main.name]
            page.problem(f"clocks.{name}.late", code, kind=clock.late, name=name, procedure=child.name)
    for kind, child in children.items():
        for path, clock_name in _strikes(child):
            known = main.clocks.get(clock_name)
            if known and known.late != kind:
                pages.procedures[child.name].problem(f"{path}.clock.{clock_name}", "strike_elsewhere")


def _undecided(child: Procedure, clock: str) -> str | None:
    """Return the code of what *child* lacks to let a late entry of *clock* stand or fall; None for nothing."""
    if clock not in (child.borrowed or Borrowed()).clocks:
        return "late_not_borrowed"
    if all(struck != clock for _, struck in _strikes(child)):
        return "never_struck"
    return None if _ends_without(child, clock) else "always_struck"


def _strikes(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Yield each strike: the path of its move, and the clock."""
    for path, move in moves_of(procedure):
        for effect in move.clock:
            if effect.verb == "strike":
                yield path, effect.clock


def _ends_without(procedure: Procedure, clock: str) -> bool:
    """Return True where some way ends without a strike of *clock*."""
    waiting, seen = [procedure.initial], {procedure.initial}
    while waiting:
        state = procedure.states[waiting.pop()]
        if state.final:
            return True
        onward = {reaction.target for reaction in state.reactions}
        for move in state.moves.values():
            onward |= set() if _has_strike(move, clock) else set(move.targets)
        waiting += onward - seen
        seen |= onward
    return False


def _has_strike(move: Move, clock: str) -> bool:
    return any(effect.verb == "strike" and effect.clock == clock for effect in move.clock)
