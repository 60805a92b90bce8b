"""Where the parts of a procedure in BPMN stand: its diagram interchange, after the layout of our own picture.

Room for: bounds of lanes and flow nodes, the bends of sequence flows, where a name is written.
May not enter: what the parts are (`bpmn_parts.py`), their words, the layout of the picture (`engine/language/drawing/layout.py`).

States keep the order of the picture in rows and columns, drawn apart far enough that the gateways, boundary events
and ends of a state stand around it and on nothing else: limits on its left, what it leads on to below it, what
interrupts it and what it stays in on its right.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.language.drawing.columns import BETWEEN
from engine.language.drawing.layout import Label, Layout, Line, Point, layout
from engine.language.drawing.plan import plan
from engine.language.exports.bpmn_parts import Flow, Kind, Part, Parts, Spot, limits
from engine.language.exports.xml import Element, xml_id
from engine.model.procedure import Procedure
from engine.text import Language

EVENT, GATEWAY = 36.0, 50.0
STEP = 48.0
LEFT, RIGHT, BELOW, CHANNEL = 112.0, 150.0, 100.0, 60.0
TITLE = 30.0
NAME = (150.0, 28.0)

Bounds = tuple[float, float, float, float]


def diagram(procedure: Procedure, lang: Language, parts: Parts) -> Element:
    """Return the diagram of *parts*: a shape for each lane and flow node, an edge for each flow."""
    ways = {(f.way.source, f.way.target or f.way.source) for f in parts.flows if f.way}
    shape = layout(plan(procedure, lang, path=frozenset(ways)))
    places = _places(procedure, shape)
    bounds = {node.id: places.bounds(node) for node in parts.nodes}
    drawn = _Drawn(parts, places, bounds)
    planes = {"id": "plane", "bpmnElement": "collaboration"}
    inside = (*drawn.lanes(), *drawn.shapes(), *drawn.edges())
    return Element(
        "bpmndi:BPMNDiagram", {"id": "diagram"}, (Element("bpmndi:BPMNPlane", planes, tuple(inside)),)
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """How the coordinates of the picture become those of the diagram; *rows* pairs heights of both, in order."""

    middle: Mapping[str, Point]
    size: Point
    widened: float
    rows: tuple[tuple[float, float], ...]
    lane_tops: tuple[tuple[str, float, float], ...]
    first: str
    lines: Mapping[tuple[str, str], Line]
    labels: Mapping[tuple[str, str], Label]

    def x(self, x: float) -> float:
        return x * self.widened

    def y(self, y: float) -> float:
        """Stretch *y* between the rows it lies between."""
        after = min(max(bisect_right(self.rows, (y, float("inf"))), 1), len(self.rows) - 1)
        (y0, to0), (y1, to1) = self.rows[after - 1], self.rows[after]
        return to0 + (to1 - to0) * (y - y0) / (y1 - y0)

    def bounds(self, node: Part) -> Bounds:
        """Return where *node* stands, beside the middle of its state."""
        x, y = self.middle[node.state or self.first]
        wide, high = self.size
        left, right, top, bottom = x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
        beside = {Spot.SIDE: top + STEP / 2, Spot.STAYS: bottom - STEP / 2}.get(node.spot, y)
        limit = top + STEP * (node.number + 0.5)
        at = {
            (Kind.START, Spot.AT): (x, top - 38),
            (Kind.END, Spot.AT): (x, y),
            (Kind.GATEWAY, Spot.MAIN): (x, bottom + 30 + GATEWAY / 2),
            (Kind.BOUNDARY, Spot.LIMIT): (left, limit),
            (Kind.END, Spot.LIMIT): (left - 62, limit),
            (Kind.END, Spot.STAYS): (right + 112, beside),
        }.get((node.kind, node.spot))
        if at is None:
            at = (right + 52, beside) if node.kind is Kind.GATEWAY else (right, beside)
        if node.kind in (Kind.TASK, Kind.CALL):
            return left, top, wide, high
        side = GATEWAY if node.kind is Kind.GATEWAY else EVENT
        return at[0] - side / 2, at[1] - side / 2, side, side


def _places(procedure: Procedure, shape: Layout) -> _Places:
    half = shape.boxes[0].width / 2
    most = max(limits(state) for state in procedure.states.values())
    size = half * 2, max(2, most) * STEP
    widened = (half + max(LEFT, RIGHT)) / (half + BETWEEN)
    rows: list[tuple[float, float]] = [(0.0, 0.0)]
    heights: dict[float, float] = {}
    lanes: list[tuple[str, float, float]] = []
    y = 0.0
    for lane in shape.lanes:
        top = y
        y += CHANNEL
        within = {box.y: box for box in shape.boxes if lane.top <= box.y < lane.top + lane.height}
        for box in (within[at] for at in sorted(within)):
            heights[box.y] = y + size[1] / 2
            rows += [(box.y - box.height / 2, y - 12), (box.y + box.height / 2, y + size[1] + BELOW)]
            y += size[1] + BELOW + CHANNEL
        lanes.append((lane.stage, top, y - top))
    rows.append((shape.height + 1, y))
    lines = {(line.source, line.target): line for line in (*shape.lines, *shape.loops)}
    middle = {box.state: (box.x * widened, heights[box.y]) for box in shape.boxes}
    labels = {ends: label for label in shape.labels for ends in label.of}
    return _Places(middle, size, widened, tuple(rows), tuple(lanes), procedure.initial, lines, labels)


@dataclass(frozen=True, slots=True)
class _Drawn:
    parts: Parts
    places: _Places
    at: Mapping[str, Bounds]

    def lanes(self) -> Iterator[Element]:
        """The pool and its lanes, as wide as all that stands in them."""
        bends = [x for flow in self.parts.flows for x, _ in self._points(flow)]
        left = min(*bends, *(x for x, _, _, _ in self.at.values())) - 60
        right = max(*bends, *(x + wide for x, _, wide, _ in self.at.values())) + 60
        height = sum(height for _, _, height in self.places.lane_tops)
        yield _shape("pool", (left - TITLE, 0.0, right - left + TITLE, height), isHorizontal="true")
        for stage, top, high in self.places.lane_tops:
            yield _shape(xml_id("lane", stage), (left, top, right - left, high), isHorizontal="true")

    def shapes(self) -> Iterator[Element]:
        for node in self.parts.nodes:
            x, y, wide, high = self.at[node.id]
            marked = {"isMarkerVisible": "true"} if node.kind is Kind.GATEWAY else {}
            name = None
            if node.kind is Kind.BOUNDARY:
                name = {
                    Spot.LIMIT: (x - 88, y + high - 2, 86.0, 14.0),
                    Spot.SIDE: (x + wide, y - 20, 116.0, 14.0),
                }.get(node.spot, (x + wide, y + high + 6, 116.0, 14.0))
            yield _shape(node.id, self.at[node.id], name, **marked)

    def edges(self) -> Iterator[Element]:
        told: dict[tuple[str, str], int] = defaultdict(int)
        for flow in self.parts.flows:
            points = self._points(flow)
            inside = [Element("di:waypoint", {"x": _n(x), "y": _n(y)}) for x, y in points]
            if flow.way and flow.way.target is not None:
                ends = flow.way.source, flow.way.target
                inside.append(self._name(ends, told[ends]))
                told[ends] += 1
            attributes = {"id": f"{flow.id}.edge", "bpmnElement": flow.id}
            yield Element("bpmndi:BPMNEdge", attributes, tuple(inside))

    def _name(self, ends: tuple[str, str], nth: int) -> Element:
        """Write a name where the picture has its label, names of flows between the same states below each other."""
        label = self.places.labels[ends]
        x, y = self.places.x(label.x), self.places.y(label.y)
        bounds = (x - NAME[0] / 2, y - NAME[1] / 2 + nth * NAME[1], *NAME)
        return Element("bpmndi:BPMNLabel", {}, (_bounds(bounds),))

    def _points(self, flow: Flow) -> list[Point]:
        if flow.way is None or flow.way.target is None:
            return self._beside(flow)
        line = self.places.lines[flow.way.source, flow.way.target]
        begun = self._begun(flow)
        if flow.way.target == flow.way.source:
            return self._looped(flow, begun)
        passed = [(self.places.x(x), self.places.y(y)) for x, y in line.points]
        down = line.points[-2][1] < line.points[-1][1]
        leaves_below = self.places.middle[flow.way.source][1] < passed[0][1]
        start = [begun] if leaves_below else self._around(flow, begun, passed[0][1])
        return [*start, *passed, self._ended(flow.target, passed[-1], down)]

    def _beside(self, flow: Flow) -> list[Point]:
        """A straight flow between two parts of one state, or into its first one."""
        (x0, y0, w0, h0), (x1, y1, w1, _) = self.at[flow.source], self.at[flow.target]
        if y0 + h0 <= y1:
            return [(x0 + w0 / 2, y0 + h0), (x1 + w1 / 2, y1)]
        height = y0 + h0 / 2
        return [(x0 + w0, height), (x1, height)] if x0 < x1 else [(x0, height), (x1 + w1, height)]

    def _begun(self, flow: Flow) -> Point:
        x, y, wide, high = self.at[flow.source]
        return x + wide / 2, y + high

    def _around(self, flow: Flow, begun: Point, height: float) -> list[Point]:
        """Lead a flow that goes up around its own state: on the left from below it, on the right from beside it."""
        x, y, wide, high = self.at[flow.source]
        middle, _ = self.places.middle[flow.way.source] if flow.way else begun
        beside = x > middle
        half = self.places.size[0] / 2
        turn = middle + half + RIGHT - 15 if beside else middle - half - LEFT + 15
        return [(x + wide if beside else x, y + high / 2), (turn, y + high / 2), (turn, height)]

    def _looped(self, flow: Flow, begun: Point) -> list[Point]:
        """Lead a flow back to the top of the state it comes from."""
        x, y = self.places.middle[flow.way.source] if flow.way else begun
        top = y - self.places.size[1] / 2
        return [*self._around(flow, begun, top - 10), (x - 20, top - 10), (x - 20, top)]

    def _ended(self, target: str, last: Point, down: bool) -> Point:
        x, y, wide, high = self.at[target]
        inset = wide / 6
        if down:
            return min(max(last[0], x + inset), x + wide - inset), y
        return x + (inset if last[0] < x + wide / 2 else wide - inset), y + high


def _shape(id_: str, bounds: Bounds, name: Bounds | None = None, **more: str) -> Element:
    attributes = {"id": f"{id_}.shape", "bpmnElement": id_, **more}
    label = (Element("bpmndi:BPMNLabel", {}, (_bounds(name),)),) if name else ()
    return Element("bpmndi:BPMNShape", attributes, (_bounds(bounds), *label))


def _bounds(bounds: Bounds) -> Element:
    x, y, wide, high = bounds
    return Element("dc:Bounds", {"x": _n(x), "y": _n(y), "width": _n(wide), "height": _n(high)})


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
