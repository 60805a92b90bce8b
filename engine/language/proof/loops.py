"""Loops: no way round that could be gone for ever without anybody being alarmed.

Room for: ways round one procedure, what bounds them, and what begins anew on the way.
May not enter: loops of reactions alone (`engine/language/proofs.py`), circles between matters (`waiting.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow
from engine.language.proof.tangles import components
from engine.model.procedure import Move, State

MOST_TOLD = 20
MOST_TRIED = 200
"""So many ways round are compared for the shortest."""

Idle = Callable[[str, State], bool]
"""Whether a clock is alive in a state, always."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One step of a way round, and what begins anew with it: dates that are set, clocks that start."""

    source: str
    move: str
    target: str
    renews: frozenset[str]


def prove_loops(flow: Flow, alive: Idle, report: Report) -> None:
    """Note each shortest way round in which nothing counts, and no limit with a ladder goes on running.

    *alive* says whether a clock is known to run in a state. A way round counts where a move of it is done so often at
    most; a limit goes on where the date it hangs on, or the clock, does not begin anew on the way.
    """
    turns = list(dict.fromkeys(_turns(flow)))
    alarms = {name: frozenset(_alarms(flow, state, alive)) for name, state in flow.procedure.states.items()}
    for _ in range(MOST_TOLD):
        circle = _unbounded(turns, alarms)
        if not circle:
            return
        first = circle[0]
        way = [first.source]
        for turn in circle:
            way += [turn.move, turn.target]
        # Told at the step that closes the circle: that is the one a bound can stand on.
        last = circle[-1]
        place = f"states.{last.source}." + ("on" if last.move == "on" else f"moves.{last.move}")
        before = flow.way_to(first.source)[:-1]
        values = {"way": " → ".join(way), "name": last.move}
        report.found(flow.procedure.name, place, "endless_loop", (*before, *way), **values)
        turns = [turn for turn in turns if (turn.source, turn.move) != (last.source, last.move)]


def _turns(flow: Flow) -> Iterator[_Turn]:
    for name in flow.held:
        for move, target in flow.targets(name):
            if move == "on":
                yield _Turn(name, move, target, frozenset())
            elif flow.procedure.states[name].moves[move].at_most is None:
                yield _Turn(name, move, target, _renewed(flow.procedure.states[name].moves[move]))


_LATER = frozenset({"start", "restart", "exclude", "publication"})
"""What puts the end of a clock off as often as it is done; an extension has its cap."""


def _renewed(move: Move) -> frozenset[str]:
    clocks = {f"clock {e.clock}" for e in move.clock if e.verb in _LATER}
    return frozenset({*(f"fact {name}" for name in (*move.needs, *move.asks, *move.set)), *clocks})


def _alarms(flow: Flow, state: State, alive: Idle) -> Iterator[str]:
    """Yield what alarms somebody who stays in *state* and comes back to it: a date or a clock, by name."""
    for term in state.terms:
        if term.ladder and (term.of or term.before):
            yield f"fact {term.of or term.before}"
    world = flow.domains.world
    for name in _clocks(flow):
        clock = world.clocks.get(name)
        if clock is None or (clock.ladder and alive(name, state)):
            yield f"clock {name}"


def _clocks(flow: Flow) -> tuple[str, ...]:
    """Return the clocks that count for *flow*'s procedure: the case's own, those a matter borrows."""
    borrowed = flow.procedure.borrowed
    return tuple(flow.procedure.clocks) if borrowed is None else borrowed.clocks


def _unbounded(turns: list[_Turn], alarms: dict[str, frozenset[str]]) -> list[_Turn]:
    """Return the shortest way round on which every alarm begins anew, or nothing.

    A set of states from each of which every other can be come to has such a way where for each of its alarms some step
    renews it; states whose alarm is never renewed bound every way through them and are taken out.
    """
    waiting = list(_tangles(turns))
    while waiting:
        tangle = waiting.pop(0)
        names = {turn.source for turn in tangle}
        renewed = frozenset[str]().union(*(turn.renews for turn in tangle))
        bounding = {name for name in names if alarms[name] - renewed}
        if bounding:
            waiting += _tangles([t for t in tangle if not {t.source, t.target} & bounding])
        else:
            return _shortest(tangle, alarms)
    return []


def _shortest(tangle: list[_Turn], alarms: dict[str, frozenset[str]]) -> list[_Turn]:
    circles = [circle for turn in tangle[:MOST_TRIED] if (circle := _round(turn, tangle))]
    free = [c for c in circles if not _bounded(c, alarms)]
    # Where only a longer way renews everything, the shortest part of it is told.
    return min(free or circles, key=len)


def _bounded(circle: list[_Turn], alarms: dict[str, frozenset[str]]) -> bool:
    renewed = frozenset[str]().union(*(turn.renews for turn in circle))
    return any(alarms[turn.source] - renewed for turn in circle)


def _round(first: _Turn, tangle: list[_Turn]) -> list[_Turn]:
    """Return the shortest way round that begins with *first*."""
    after: dict[str, list[_Turn]] = {}
    for turn in tangle:
        after.setdefault(turn.source, []).append(turn)
    before: dict[str, list[_Turn]] = {first.target: [first]}
    waiting = deque([first.target])
    while waiting:
        here = waiting.popleft()
        if here == first.source:
            return before[here]
        for turn in after.get(here, []):
            if turn.target not in before:
                before[turn.target] = [*before[here], turn]
                waiting.append(turn.target)
    return []


def _tangles(turns: list[_Turn]) -> Iterator[list[_Turn]]:
    """Yield the steps within each set of states from each of which every other of it can be come to."""
    onward: dict[str, list[str]] = {}
    for turn in turns:
        onward.setdefault(turn.source, []).append(turn.target)
        onward.setdefault(turn.target, [])
    component = components(onward)
    found: dict[int, list[_Turn]] = {}
    for turn in turns:
        if component[turn.source] == component[turn.target]:
            found.setdefault(component[turn.source], []).append(turn)
    yield from found.values()
