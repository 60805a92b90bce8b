"""The parts of a procedure in BPMN before they have a place: events, activities, gateways, and the flows between.

Room for: which parts a state has, and which flow is which way.
May not enter: XML (`bpmn.py`), coordinates (`bpmn_places.py`), what the parts say in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.language.automaton import Way, ways_from
from engine.language.exports.xml import xml_id
from engine.model.procedure import Procedure, State


class Kind(StrEnum):
    """What a part is: its element in BPMN."""

    START = "startEvent"
    TASK = "userTask"
    CALL = "callActivity"
    GATEWAY = "exclusiveGateway"
    BOUNDARY = "boundaryEvent"
    END = "endEvent"


class Spot(StrEnum):
    """Where a part stands at its state."""

    AT = "state"
    MAIN = "way"
    SIDE = "side"
    STAYS = "stays"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Part:
    """A flow node; *number* tells the limits of one state apart."""

    id: str
    kind: Kind
    state: str
    spot: Spot
    number: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. With *way* it is that way, the *order*-th of its state; a staying way leads to an end of its own."""

    id: str
    source: str
    target: str
    way: Way | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Exit:
    """What leaves one state together: the boundary event it begins at (None: the activity is done), and its ways.

    Each way has its number in the order in which the ways of the state are tried.
    """

    spot: Spot
    boundary: Part | None
    ways: tuple[tuple[int, Way], ...]


@dataclass(frozen=True)
class Parts:
    """A whole process: its flow nodes and flows in order, and the exits of each state."""

    nodes: tuple[Part, ...]
    flows: tuple[Flow, ...]
    exits: Mapping[str, tuple[Exit, ...]]

    @cached_property
    def into(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows into each flow node."""
        return _grouped((flow.target, flow) for flow in self.flows)

    @cached_property
    def out_of(self) -> Mapping[str, tuple[Flow, ...]]:
        """The flows out of each flow node."""
        return _grouped((flow.source, flow) for flow in self.flows)


START = Part(xml_id("start"), Kind.START, "", Spot.AT)


def parts_of(procedure: Procedure) -> Parts:
    """Take *procedure* apart; every way of its automaton is in exactly one flow."""
    nodes, flows = [START], [Flow(xml_id("begin"), START.id, at(procedure.initial))]
    exits = {}
    for state in procedure.states.values():
        nodes.append(Part(at(state.name), _activity(state), state.name, Spot.AT))
        if not state.final:
            exits[state.name] = tuple(_exits(state))
            for number in range(limits(state)):
                nodes += _limit(state, number)
                event, end = nodes[-2:]
                flows.append(Flow(xml_id("alarm", state.name, str(number)), event.id, end.id))
            for exit_ in exits[state.name]:
                more, through = _through(state, exit_)
                nodes += more
                flows += through
    return Parts(tuple(nodes), tuple(flows), exits)


def at(state: str) -> str:
    """Return the id of the part that stands for *state*."""
    return xml_id("state", state)


def limits(state: State) -> int:
    """Return how many limits the stay in *state* has: its terms, or else the clock that limits it."""
    return len(state.terms) or (1 if state.clock else 0)


def _activity(state: State) -> Kind:
    if state.final:
        return Kind.END
    return Kind.CALL if state.awaits_matter else Kind.TASK


def _exits(state: State) -> Iterator[Exit]:
    """Who is awaited ends the activity, the person by moving on, the matter by its outcome; the rest interrupts it."""
    ways = tuple(enumerate(ways_from(state)))
    moves = tuple((order, way) for order, way in ways if way.move and way.target is not None)
    reactions = tuple((order, way) for order, way in ways if not way.move)
    main, side = (reactions, moves) if state.awaits_matter else (moves, reactions)
    if not main:
        main, side = side, main
    if main:
        yield Exit(Spot.MAIN, None, main)
    if side:
        yield Exit(Spot.SIDE, _boundary(state, Spot.SIDE), side)
    staying = tuple((order, way) for order, way in ways if way.target is None)
    if staying:
        yield Exit(Spot.STAYS, _boundary(state, Spot.STAYS), staying)


def _boundary(state: State, spot: Spot) -> Part:
    return Part(xml_id(spot, state.name), Kind.BOUNDARY, state.name, spot)


def _limit(state: State, number: int) -> tuple[Part, Part]:
    id_ = xml_id(Spot.LIMIT, state.name, str(number))
    end = xml_id(Spot.LIMIT, state.name, str(number), "end")
    return (
        Part(id_, Kind.BOUNDARY, state.name, Spot.LIMIT, number),
        Part(end, Kind.END, state.name, Spot.LIMIT, number),
    )


def _through(state: State, exit_: Exit) -> tuple[list[Part], list[Flow]]:
    """Lead *exit_* through a gateway to where its ways end; a single way of a finished activity needs none."""
    nodes: list[Part] = []
    flows: list[Flow] = []
    source = at(state.name)
    if exit_.boundary:
        nodes.append(exit_.boundary)
        source = exit_.boundary.id
    if exit_.boundary or len(exit_.ways) > 1:
        gateway = Part(xml_id(exit_.spot, state.name, "choice"), Kind.GATEWAY, state.name, exit_.spot)
        nodes.append(gateway)
        flows.append(Flow(xml_id(exit_.spot, state.name, "flow"), source, gateway.id))
        source = gateway.id
    stays = xml_id(exit_.spot, state.name, "end")
    if exit_.spot is Spot.STAYS:
        nodes.append(Part(stays, Kind.END, state.name, Spot.STAYS))
    for order, way in exit_.ways:
        target = stays if way.target is None else at(way.target)
        flows.append(Flow(xml_id("flow", state.name, str(order)), source, target, way, order))
    return nodes, flows


def _grouped(ends: Iterable[tuple[str, Flow]]) -> Mapping[str, tuple[Flow, ...]]:
    found: dict[str, tuple[Flow, ...]] = defaultdict(tuple)
    for end, flow in ends:
        found[end] += (flow,)
    return found
