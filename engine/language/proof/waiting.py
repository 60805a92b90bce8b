"""Waiting: no matters wait for each other in a circle, and nothing waits for a matter that never opens.

Room for: who reacts to whom across matters; what opens a kind of matter.
May not enter: whether what is waited for comes in time (`situations.py`), loops of reactions in one procedure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow
from engine.language.proof.world import MAIN, World
from engine.model.guards import kinds_in


def prove_waiting(world: World, flows: Mapping[str, Flow], report: Report) -> None:
    """Note the shortest circle in which matters wait for each other, and each wait for what nothing opens."""
    waits = {owner: dict(_waits(world, owner)) for owner, _ in world.members()}
    if circle := _shortest(waits):
        first = circle[0]
        place = waits[first][circle[1]]
        report.found(
            world.procedure_of(first).name, place, "waits_in_a_circle", circle, way=" → ".join(circle)
        )
    opened = set(opened_kinds(world))
    for owner, procedure in world.members():
        for name, state in procedure.states.items():
            kind = state.awaits_matter
            if kind and kind not in opened and not world.alone:
                way = flows[owner].way_to(name)
                report.found(
                    procedure.name, f"states.{name}.awaits", "never_opened", way, name=name, kind=kind
                )


def opened_kinds(world: World) -> Iterator[str]:
    """Yield every kind that a move, a rung or a late entry opens."""
    for _, procedure in world.members():
        acts = [move for moves in procedure.moves.values() for move in moves]
        for move in (*acts, *((procedure.on_open,) if procedure.on_open else ())):
            yield from move.open
    yield from (rung.opens for rungs in world.register.ladders.values() for rung in rungs if rung.opens)
    yield from (clock.late for clock in world.clocks.values() if clock.late)


def _waits(world: World, owner: str) -> Iterator[tuple[str, str]]:
    """Yield each kind whose matters *owner* reacts to, with the place of the reaction; nobody waits for the case."""
    for name, state in world.procedure_of(owner).states.items():
        for number, reaction in enumerate(state.reactions):
            for kind in sorted(kinds_in(reaction.when)):
                yield kind, f"states.{name}.on.{number}.when"
        if state.awaits_matter and not state.reactions:
            yield state.awaits_matter, f"states.{name}.awaits"


def _shortest(waits: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Return the shortest circle of *waits*, its first kind again at the end, or nothing."""
    circles = [circle for start in waits if start != MAIN and (circle := _back_to(start, waits))]
    return min(circles, key=len, default=())


def _back_to(start: str, waits: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    waiting, before = deque([start]), {start: ""}
    while waiting:
        here = waiting.popleft()
        for there in waits.get(here, {}):
            if there == start:
                way = [here]
                while before[way[-1]]:
                    way.append(before[way[-1]])
                return (*reversed(way), start)
            if there not in before:
                before[there] = here
                waiting.append(there)
    return ()
