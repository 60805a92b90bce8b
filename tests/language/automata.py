"""Readers that give back the automaton of an export: of Mermaid, DOT, SCXML and BPMN, each from its own words.

What an export says in our own namespace is not looked at, but for what BPMN has no word for at all: the outcome of an
end event, and the order of ways across the gateways of one state.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engine.language.automaton import Automaton, Way
from engine.language.exports.xml import named

Read = tuple[Way, ...]


def _made(initial: str, finals: Mapping[str, str], states: Iterable[str], ways: Iterable[Way]) -> Automaton:
    of: dict[str, list[Way]] = {state: [] for state in states}
    for way in ways:
        of[way.source].append(way)
    return Automaton(initial, dict(finals), {state: tuple(found) for state, found in of.items()})


# -- Mermaid ----------------------------------------------------------------------------------------------------

_STATE = re.compile(r'  state "[^"]*" as (\w+)')
_ARROW = re.compile(r"  (\[\*\]|\w+)(?: --> (\[\*\]|\w+))?(?: : (.*))?")
_WAY = re.compile(r"(\w*) ?(?:\[(.*)\])?")


def from_mermaid(text: str) -> Automaton:
    """Return the automaton of a Mermaid state diagram."""
    head, *lines = text.splitlines()
    assert head == "stateDiagram-v2"
    states: list[str] = []
    finals: dict[str, str] = {}
    ways: list[Way] = []
    initial = ""
    for line in lines:
        if line.startswith("  %%") or line == "  direction TB":
            continue
        if state := _STATE.fullmatch(line):
            states.append(_mermaid_name(state[1]))
            continue
        arrow = _ARROW.fullmatch(line)
        assert arrow, line
        source, target, label = arrow[1], arrow[2], _mermaid_text(arrow[3] or "")
        if source == "[*]":
            initial = _mermaid_name(target)
        elif target == "[*]":
            finals[_mermaid_name(source)] = label
        else:
            ways.append(_mermaid_way(_mermaid_name(source), target and _mermaid_name(target), label))
    return _made(initial, finals, states, ways)


def _mermaid_way(source: str, target: str | None, label: str) -> Way:
    stays = target is None or label.endswith(" / stays")
    found = _WAY.fullmatch(label.removesuffix(" / stays").rpartition(" · ")[2])
    assert found, label
    return Way(source, found[1], None if stays else target, found[2] or "")


def _mermaid_name(id_: str) -> str:
    return re.sub("_u([0-9a-f]{4,6})_", lambda found: chr(int(found[1], 16)), id_.removeprefix("s_"))


def _mermaid_text(text: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


# -- DOT --------------------------------------------------------------------------------------------------------

_DOT_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|->|[\w.]+|[{}\[\];=,])', re.DOTALL)


def from_dot(text: str) -> Automaton:
    """Return the automaton of a DOT graph: its edges with the attributes move, guard and stays."""
    states: list[str] = []
    finals: dict[str, str] = {}
    ways: list[Way] = []
    initial = ""
    for ends, attributes in _dot_statements(text):
        if len(ends) == 2:
            source, target = ends
            if not source:
                initial = target
                continue
            move, guard = attributes.get("move", ""), attributes.get("guard", "")
            ways.append(Way(source, move, None if "stays" in attributes else target, guard))
        elif ends[0]:
            states.append(ends[0])
            if "outcome" in attributes:
                finals[ends[0]] = attributes["outcome"]
    return _made(initial, finals, states, ways)


def _dot_statements(text: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield nodes and edges: the quoted names, and their attributes."""
    tokens: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _DOT_TOKEN.match(text, at)
        assert found, text[at : at + 40]
        tokens.append(found[1])
        at = found.end()
    statement: list[str] = []
    for token in tokens:
        if token not in (";", "{", "}"):
            statement.append(token)
            continue
        if statement and statement[0].startswith('"'):
            inside = statement.index("[") if "[" in statement else len(statement)
            ends = [_unquoted(name) for name in statement[:inside] if name != "->"]
            pairs = statement[inside + 1 : -1]
            yield ends, {pairs[i]: _unquoted(pairs[i + 2]) for i in range(0, len(pairs), 4)}
        statement = []


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


# -- SCXML ------------------------------------------------------------------------------------------------------

SC = "{http://www.w3.org/2005/07/scxml}"


def from_scxml(text: str) -> Automaton:
    """Return the automaton of an SCXML document."""
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SC}scxml"
    states = [_name(node.attrib["id"]) for node in root if node.tag in (f"{SC}state", f"{SC}final")]
    finals = {
        _name(node.attrib["id"]): node.findtext(f"{SC}donedata/{SC}content") or ""
        for node in root.findall(f"{SC}final")
    }
    return _made(_name(root.attrib["initial"]), finals, states, _scxml_ways(root))


def _scxml_ways(root: Element) -> Iterator[Way]:
    for state in root.findall(f"{SC}state"):
        for transition in state.findall(f"{SC}transition"):
            target = transition.get("target")
            yield Way(
                _name(state.attrib["id"]),
                _name(transition.get("event", "")),
                None if target is None else _name(target),
                transition.get("cond", ""),
            )


def _name(id_: str) -> str:
    (name,) = named(id_)
    return name


# -- BPMN -------------------------------------------------------------------------------------------------------

BP = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS = "{urn:anxu:procedure:1}"
_DOES = re.compile(r"does (\w+)(?: and \((.*)\))?")


def from_bpmn(text: str) -> Automaton:
    """Return the automaton of a BPMN process, by following its flows from each activity."""
    process = ElementTree.fromstring(text).find(f"{BP}process")
    assert process is not None
    return _Process(process).automaton()


class _Process:
    def __init__(self, process: Element) -> None:
        self.nodes = {node.attrib["id"]: node for node in process if node.get("id")}
        self.flows: dict[str, list[Element]] = defaultdict(list)
        for flow in process.findall(f"{BP}sequenceFlow"):
            self.flows[flow.attrib["sourceRef"]].append(flow)
        self.attached: dict[str, list[Element]] = defaultdict(list)
        for event in process.findall(f"{BP}boundaryEvent"):
            self.attached[event.attrib["attachedToRef"]].append(event)
        self.start = process.find(f"{BP}startEvent")

    def automaton(self) -> Automaton:
        assert self.start is not None
        (begun,) = self.flows[self.start.attrib["id"]]
        activities = [n for n in self.nodes.values() if n.tag in (f"{BP}userTask", f"{BP}callActivity")]
        ends = [n for n in self.nodes.values() if n.tag == f"{BP}endEvent"]
        finals = {self.state(end): end.attrib[f"{OURS}outcome"] for end in ends if end.get(f"{OURS}outcome")}
        states = [*(self.state(node) for node in activities), *finals]
        ways = [way for activity in activities for way in self.ways(activity)]
        return _made(self.state(self.nodes[begun.attrib["targetRef"]]), finals, states, ways)

    def state(self, node: Element) -> str:
        prefix, name = named(node.attrib["id"])
        assert prefix == "state"
        return name

    def ways(self, activity: Element) -> list[Way]:
        found = list(self.led(activity, activity, stays=False))
        for event in self.attached[activity.attrib["id"]]:
            if event.find(f"{BP}timerEventDefinition") is None:
                stays = event.attrib["cancelActivity"] == "false"
                found += self.led(activity, event, stays)
        assert sorted(order for order, _ in found) == list(range(len(found)))
        return [way for _, way in sorted(found, key=lambda each: each[0])]

    def led(self, activity: Element, begun: Element, stays: bool) -> Iterator[tuple[int, Way]]:
        """Follow the flows from *begun*, through one gateway, to where each ends."""
        for flow in self.flows[begun.attrib["id"]]:
            target = self.nodes[flow.attrib["targetRef"]]
            if target.tag == f"{BP}exclusiveGateway":
                yield from self.led(activity, target, stays)
                continue
            condition = flow.findtext(f"{BP}conditionExpression") or ""
            does = _DOES.fullmatch(condition)
            move, guard = (does[1], does[2] or "") if does else ("", condition)
            if stays:
                assert target.tag == f"{BP}endEvent"
            to = None if stays else self.state(target)
            yield int(flow.attrib[f"{OURS}order"]), Way(self.state(activity), move, to, guard)
