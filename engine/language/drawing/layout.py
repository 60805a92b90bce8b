"""The layout of a drawing: where every box, label and line stands, so that none lies on another.

Room for: sizes, coordinates, the ends of lines on boxes, the lanes of the stages.
May not enter: any syntax of pictures (`svg.py`), which row things stand in (`ranks.py`).

Everything in a row keeps its distance from its neighbours, and lines bend between rows only: that is why no
line runs through a box and no label lies on another. The way forward is one straight line down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.language.drawing.columns import Port, Size, columns, ports_of
from engine.language.drawing.places import Grid
from engine.language.drawing.plan import Arrow, Plan
from engine.language.drawing.ranks import grid, threads
from engine.language.drawing.text import width, wrapped

BOX_FONT, LABEL_FONT, LANE_FONT = 15.0, 13.0, 14.0
BOX_LINE, LABEL_LINE, LANE_LINE = 20.0, 17.0, 19.0
BOX_WIDTH = (112.0, 184.0)
BOX_PAD = 14.0
LABEL_WIDTH = 156.0
LANE_TITLE = 114.0
MARGIN = 16.0
HEAD = 9.0
LOOP = 26.0
START = 30.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a state stands: its middle, its size, and the lines of its title."""

    state: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands (its middle), and the ways it is written on."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    of: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One way from a state to a state: straight in rows, bent between them; the head is at the last point."""

    source: str
    target: str
    points: tuple[Point, ...]
    bends: tuple[float, ...] = ()
    """For each pair of points the height at which the line turns aside."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The band of one stage."""

    stage: str
    top: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing with a shape."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    lines: tuple[Line, ...]
    loops: tuple[Line, ...]
    start: Point
    """The left end of the arrow into the first state."""


@lru_cache(maxsize=64)
def layout(chosen: Plan) -> Layout:
    """Give *chosen* a shape; the pictures of one procedure share it, wherever their cases stand."""
    made = grid(chosen)
    sizes = _sizes(made, chosen)
    x = columns(made, sizes, threads(made, chosen))
    shift = LANE_TITLE + MARGIN - min(x[i] - size.left for i, size in enumerate(sizes))
    x = [round(value + shift, 1) for value in x]
    ports = ports_of(made, sizes, x)
    top, bottom, lane_tops = _rows(chosen, made, sizes, x)
    stages = {stage.name: stage.title for stage in chosen.stages}
    shape = _Shape(made, sizes, x, top, bottom, ports)
    right = max(x[i] + size.right for i, size in enumerate(sizes)) + MARGIN
    boxes = tuple(shape.box(index) for index in made.box_of.values())
    first = boxes[list(made.box_of).index(chosen.initial)]
    loops = tuple(shape.loop(arrow) for arrow in chosen.loops)
    return Layout(
        width=right,
        height=lane_tops[-1][1],
        lanes=tuple(
            Lane(stage, y, below - y, wrapped(stages[stage], LANE_FONT, LANE_TITLE - 18))
            for (stage, y), (_, below) in pairwise(lane_tops)
        ),
        boxes=boxes,
        labels=(*shape.labels(chosen.arrows), *(label for _, label in loops)),
        lines=tuple(shape.line(arrow, source) for arrow, source in made.routes),
        loops=tuple(line for line, _ in loops),
        start=(first.x - first.width / 2 - START, first.y),
    )


def _sizes(made: Grid, chosen: Plan) -> list[Size]:
    """Measure every place; all boxes are of one width, and a loop or the start makes room beside its box."""
    titles = {
        state.name: wrapped(state.title, BOX_FONT, BOX_WIDTH[1] - 2 * BOX_PAD) for state in chosen.states
    }
    widest = max((width(line, BOX_FONT) for lines in titles.values() for line in lines), default=0.0)
    half = max(BOX_WIDTH[0], widest + 2 * BOX_PAD) / 2
    loops = {arrow.target: _written(arrow) for arrow in chosen.loops}
    sizes = []
    for place in made.places:
        if place.state:
            loop = loops.get(place.state)
            right = half + (LOOP + 8 + _widest(loop) if loop else 0)
            left = half + (START + 8 if place.state == chosen.initial else 0)
            height = max(len(titles[place.state]) * BOX_LINE + 20, len(loop or ()) * LABEL_LINE)
            sizes.append(Size(left, right, height, titles[place.state], half))
        elif place.labelled:
            lines = _written(chosen.arrows[place.arrow])
            sizes.append(Size(_widest(lines) / 2 + 5, _widest(lines) / 2 + 5, len(lines) * LABEL_LINE, lines))
        else:
            sizes.append(Size(8, 8, 0))
    return sizes


def _written(arrow: Arrow) -> tuple[str, ...]:
    return tuple(line for label in arrow.labels for line in wrapped(label, LABEL_FONT, LABEL_WIDTH))


def _widest(lines: Sequence[str]) -> float:
    return max((width(line, LABEL_FONT) for line in lines), default=0.0)


def _rows(
    chosen: Plan, made: Grid, sizes: list[Size], x: list[float]
) -> tuple[list[float], list[float], list[tuple[str, float]]]:
    """Return the top and the bottom of every row, and the top of every lane with the end of the last."""
    heights = [max((sizes[index].height for index in row), default=0.0) for row in made.rows]
    stage_of = {state.name: state.stage for state in chosen.states}
    stages = [
        next((stage_of[made.places[i].state] for i in row if made.places[i].state), "") for row in made.rows
    ]
    top: list[float] = []
    lanes: list[tuple[str, float]] = []
    y = 0.0
    for number, row in enumerate(made.rows):
        if number:
            bends = [abs(x[index] - x[other]) for index in row for other, _ in made.places[index].above]
            y += 17 + min(32.0, 0.13 * max(bends, default=0.0))
        if stages[number] and (not lanes or lanes[-1][0] != stages[number]):
            lanes.append((stages[number], y))
            y += 18
        top.append(y)
        y += heights[number]
    lanes.append(("", y + 14))
    return top, [upper + height for upper, height in zip(top, heights, strict=True)], lanes


@dataclass(frozen=True, slots=True)
class _Shape:
    """Coordinates of boxes, labels and lines out of columns and rows."""

    made: Grid
    sizes: list[Size]
    x: list[float]
    top: list[float]
    bottom: list[float]
    ports: Mapping[tuple[int, int], Port]

    def box(self, index: int) -> Box:
        """The box of the state at *index*; boxes of one row are of one height."""
        place, size = self.made.places[index], self.sizes[index]
        top, bottom = self.top[place.row], self.bottom[place.row]
        return Box(place.state, self.x[index], (top + bottom) / 2, size.half * 2, bottom - top, size.lines)

    def labels(self, arrows: Sequence[Arrow]) -> Iterator[Label]:
        """The labels of all arrows but loops."""
        for index, place in enumerate(self.made.places):
            if place.labelled:
                arrow, size = arrows[place.arrow], self.sizes[index]
                ways = frozenset(
                    (source, arrow.target)
                    for source in arrow.sources
                    if index in self.made.routes[place.arrow, source]
                )
                y = (self.top[place.row] + self.bottom[place.row]) / 2
                yield Label(self.x[index], y, size.left + size.right, size.height, size.lines, ways)

    def line(self, arrow: int, source: str) -> Line:
        """The way of *arrow* from *source*: pairs of points, bent in a pair, straight from pair to pair."""
        route = self.made.routes[arrow, source]
        rows = [self.made.places[index].row for index in route]
        points: list[Point] = []
        bends: list[float] = []
        for i, (a, b) in enumerate(pairwise(route)):
            down = rows[i] < rows[i + 1]
            turned = rows[0] == rows[-1]
            here, there = self.ports.get((a, b)), self.ports.get((b, a))
            start, end = here.x if here else self.x[a], there.x if there else self.x[b]
            if turned and i == 0:
                # In at the side of the label, out at its middle: the turn itself is hidden behind the label.
                end += 10.0 if start > end else -10.0
            upper, lower = (i, i + 1) if down else (i + 1, i)
            high, low = self.bottom[rows[upper]], self.top[rows[lower]]
            part = here.bend if here else 1 - there.bend if there else 0.5
            bends.append(high + (low - high) * (part if down else 1 - part))
            points += [(start, high), (end, low)] if down else [(start, low), (end, high)]
            if turned and i == 0:
                middle = (self.top[rows[1]] + self.bottom[rows[1]]) / 2
                points += [(end, middle), (self.x[b], middle)]
                bends.append(middle)
        made = self.made.places
        return Line(made[route[0]].state, made[route[-1]].state, tuple(points), tuple(bends))

    def loop(self, arrow: Arrow) -> tuple[Line, Label]:
        """The line from a state to itself at the right of its box, and its label."""
        index = self.made.box_of[arrow.target]
        box = self.box(index)
        edge, lines = box.x + box.width / 2, _written(arrow)
        reach = min(10.0, box.height / 4)
        points = ((edge, box.y - reach), (edge + LOOP - 6, box.y - reach), (edge, box.y + reach))
        line = Line(arrow.target, arrow.target, points)
        span = _widest(lines)
        ways = frozenset({(arrow.target, arrow.target)})
        return line, Label(edge + LOOP + 2 + span / 2, box.y, span, len(lines) * LABEL_LINE, lines, ways)
