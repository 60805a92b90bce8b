"""The rows of a drawing: which state stands in which row, and where its arrows pass.

Room for: rows out of stages and shortest ways, the places of labels and passing lines, straight threads.
May not enter: who stands beside whom (`order.py`), coordinates (`layout.py`), any syntax of pictures.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from engine.language.drawing.order import order
from engine.language.drawing.places import Grid, Place
from engine.language.drawing.plan import Arrow, Plan


def grid(chosen: Plan) -> Grid:
    """Stand every state in a row, lead every arrow through the rows, and order each row."""
    rank = ranks(chosen)
    places = [Place(2 * rank[state.name], state.name) for state in chosen.states]
    made = Grid(places, [], {place.state: i for i, place in enumerate(places)}, {})
    for number, arrow in enumerate(chosen.arrows):
        _lead(made, number, arrow)
    made.rows = [[] for _ in range(1 + max(place.row for place in places))]
    for index, place in enumerate(places):
        made.rows[place.row].append(index)
    order(made, chosen.arrows)
    return made


def ranks(chosen: Plan) -> dict[str, int]:
    """Return each state's row: stages in order, within a stage by the shortest way from its entry."""
    stage_order = {stage.name: number for number, stage in enumerate(chosen.stages)}
    stage = {state.name: stage_order[state.stage] for state in chosen.states}
    ways = [(source, arrow.target) for arrow in chosen.arrows for source in arrow.sources]
    entered = {target for source, target in ways if stage[source] < stage[target]} | {chosen.initial}
    onward: dict[str, list[str]] = {name: [] for name in stage}
    for source, target in ways:
        if stage[source] == stage[target]:
            onward[source].append(target)
    result: dict[str, int] = {}
    first = 0
    for number in range(len(stage_order)):
        members = [name for name in stage if stage[name] == number]
        entries = [name for name in members if name in entered]
        within = _distances(entries + [name for name in members if name not in entered], len(entries), onward)
        result |= {name: first + within[name] for name in members}
        first += 1 + max(within.values(), default=-1)
    return result


def _distances(starts: Sequence[str], together: int, onward: dict[str, list[str]]) -> dict[str, int]:
    """Breadth-first from the first *together* starts at once, then from each other one not yet met."""
    found: dict[str, int] = {}
    for group in (starts[:together], *([start] for start in starts[together:])):
        queue = deque(name for name in group if name not in found)
        found |= dict.fromkeys(queue, 0)
        while queue:
            name = queue.popleft()
            for following in onward[name]:
                if following not in found:
                    found[following] = found[name] + 1
                    queue.append(following)
    return found


def _lead(made: Grid, number: int, arrow: Arrow) -> None:
    """Lead *arrow* through the rows: a line from above its target, one from below, every source joins."""
    target = made.box_of[arrow.target]
    goal = made.places[target].row
    sources = [made.box_of[name] for name in arrow.sources]
    upper = [s for s in sources if made.places[s].row < goal]
    lower = [s for s in sources if made.places[s].row >= goal]
    if upper:
        reach = range(min(made.places[s].row for s in upper) + 1, goal)
        _line(made, number, arrow, upper, target, reach, reach[0] if len(upper) == 1 else reach[-1])
    if lower:
        reach = range(goal + 1, max(goal + 2, *(made.places[s].row for s in lower)))
        _line(made, number, arrow, lower, target, reach, reach[-1] if len(lower) == 1 else reach[0])


def _line(
    made: Grid, number: int, arrow: Arrow, sources: list[int], target: int, reach: range, label_row: int
) -> None:
    places = made.places
    line = {row: len(places) + i for i, row in enumerate(reach)}
    places.extend(Place(row, arrow=number, labelled=row == label_row) for row in reach)
    for row in reach[1:]:
        _join(places, line[row - 1], line[row], 16.0)
    down = places[target].row > reach[-1]
    pull = (4.0 if down else 1.0) if arrow.primary else 1.0
    _join(places, *((line[reach[-1]], target) if down else (target, line[reach[0]])), pull)
    for source in sources:
        row = places[source].row
        level = row == places[target].row
        enter = row + 1 if down or level else row - 1
        _join(places, *((source, line[enter]) if enter > row else (line[enter], source)), pull / len(sources))
        passed = range(enter, reach[-1] + 1) if down else range(enter, reach[0] - 1, -1)
        made.routes[number, places[source].state] = [source, *(line[r] for r in passed), target]


def _join(places: list[Place], upper: int, lower: int, pull: float) -> None:
    places[upper].below.append((lower, pull))
    places[lower].above.append((upper, pull))


def threads(made: Grid, chosen: Plan) -> list[tuple[int, ...]]:
    """Return what is to stand on one straight line down; no place is in two of them.

    First the way forward from the start, then the ways forward from every other state, then single arrows.
    """
    leaving = _leaving(made, chosen)
    used: set[int] = set()
    found: list[tuple[int, ...]] = []
    for first in sorted(
        made.box_of, key=lambda name: (name != chosen.initial, made.places[made.box_of[name]].row)
    ):
        if made.box_of[first] not in used:
            thread = _forward(made, leaving, first, used)
            used.update(thread)
            found.append(thread)
    lines = {tuple(i for i in route[1:-1] if i not in used): None for route in made.routes.values()}
    for line in sorted(lines, key=len, reverse=True):
        left = tuple(index for index in line if index not in used)
        used.update(left)
        if left:
            found.append(left)
    return found


def _leaving(made: Grid, chosen: Plan) -> dict[str, list[tuple[int, Arrow]]]:
    """Return the arrows that lead down from each state."""
    leaving: dict[str, list[tuple[int, Arrow]]] = {name: [] for name in made.box_of}
    for number, arrow in enumerate(chosen.arrows):
        for source in arrow.sources:
            if made.places[made.box_of[source]].row < made.places[made.box_of[arrow.target]].row:
                leaving[source].append((number, arrow))
    return leaving


def _forward(
    made: Grid, leaving: dict[str, list[tuple[int, Arrow]]], first: str, used: set[int]
) -> tuple[int, ...]:
    """Follow the arrows that lead down, primary ones first, until one is in another thread."""
    thread = [made.box_of[first]]
    at = first
    while leaving[at]:
        number, arrow = min(leaving[at], key=lambda way: (not way[1].primary, len(way[1].sources), way[0]))
        for index in made.routes[number, at][1:]:
            if index in used:
                return tuple(thread)
            thread.append(index)
        at = arrow.target
    return tuple(thread)
