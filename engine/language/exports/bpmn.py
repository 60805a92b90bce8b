"""A procedure as BPMN 2.0, the process language of the OMG (formal/2011-01-03), with a diagram that modellers draw.

Room for: which element of BPMN stands for what.
May not enter: which parts a state has (`bpmn_parts.py`), where they stand (`bpmn_places.py`), reading BPMN.

The mapping, so that nothing is lost:

- a procedure is a `process` that is not executable, in a pool; a stage is a `lane`;
- a state is a `userTask` whose `potentialOwner` is whom it awaits. A state that awaits a matter is a `callActivity` of
  that matter's procedure. A final state is an `endEvent` with its outcome in `anxu:outcome`;
- whoever is awaited ends the activity, and an exclusive gateway leads on: after a task by the moves, after a called
  matter by the reactions. What else may happen interrupts the activity by a boundary event: reactions of a task as
  conditions, moves during a called matter as messages; then a gateway leads on likewise;
- a branch of a move is a `sequenceFlow`, its `conditionExpression` is `does MOVE and (GUARD)`; that of a reaction is its
  guard. Conditions of a gateway are tried in their order, here as there;
- a way that stays begins at a boundary event that does not interrupt and ends in an end event of its own: the token
  stays in the activity, and no limit begins anew. So it is also with a branch that stays beside others that leave;
- a limit is a timer that does not interrupt, and its ladder the escalation it ends in. Work days, dates and clocks are
  written in our own words, for ISO 8601 has none for them;
- BPMN orders the flows of one gateway only: `anxu:order` numbers the ways of a state as they are tried;
- what BPMN has no word for (forms, articles, clocks, relations) stands in `extensionElements`, in the namespace
  `urn:anxu:procedure:1`; titles stand in `documentation`, Chinese first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.language.automaton import NAMESPACE, Way
from engine.language.drawing.plan import NO_MATTERS, Matters
from engine.language.exports.bpmn_parts import Exit, Flow, Kind, Part, Parts, Spot, parts_of
from engine.language.exports.bpmn_places import diagram
from engine.language.exports.bpmn_words import flow_words, limit_words
from engine.language.exports.notes import procedure_note, state_note
from engine.language.exports.xml import Element, document, xml_id
from engine.model.procedure import Procedure, State
from engine.text import Language, Text

SPEC = "http://www.omg.org/spec"
SPACES = {
    "xmlns": f"{SPEC}/BPMN/20100524/MODEL",
    "xmlns:bpmndi": f"{SPEC}/BPMN/20100524/DI",
    "xmlns:dc": f"{SPEC}/DD/20100524/DC",
    "xmlns:di": f"{SPEC}/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns:anxu": NAMESPACE,
}
STAYS_AS_IT_IS = Text("状态不变的办理", "Done while it stays as it is")
INTERRUPTED = Text("其他去向", "Other ways on")


def export_bpmn(procedure: Procedure, lang: Language = "zh", matters: Matters = NO_MATTERS) -> str:
    """Return *procedure* as a BPMN document; names are in *lang*, the documentation in both languages."""
    parts = parts_of(procedure)
    writer = _Writer(procedure, lang, matters, parts)
    root = {
        **SPACES,
        "id": "definitions",
        "name": procedure.title.said(lang),
        "targetNamespace": NAMESPACE,
        "expressionLanguage": NAMESPACE,
        "exporter": "anxu",
    }
    inside = (writer.pool(), writer.process(), *writer.messages(), *writer.escalations())
    return document(Element("definitions", root, (*inside, diagram(procedure, lang, parts))))


@dataclass(frozen=True, slots=True)
class _Writer:
    procedure: Procedure
    lang: Language
    matters: Matters
    parts: Parts

    def pool(self) -> Element:
        name = self.procedure.title.said(self.lang)
        attributes = {"id": "pool", "name": name, "processRef": xml_id(self.procedure.name)}
        return Element("collaboration", {"id": "collaboration"}, (Element("participant", attributes),))

    def process(self) -> Element:
        title = self.procedure.title
        attributes = {
            "id": xml_id(self.procedure.name),
            "name": title.said(self.lang),
            "isExecutable": "false",
        }
        return Element(
            "process",
            attributes,
            (
                *_documented(title),
                _extended(procedure_note(self.procedure)),
                self._lanes(),
                *(self._node(node) for node in self.parts.nodes),
                *self._flows(),
            ),
        )

    def messages(self) -> Iterator[Element]:
        """A message for each move that a boundary event waits for."""
        asked = [exit_ for exits in self.parts.exits.values() for exit_ in exits if exit_.boundary]
        names = dict.fromkeys(way.move for exit_ in asked for _, way in exit_.ways if way.move)
        for name in names:
            title = self.procedure.moves[name][0].title.said(self.lang)
            yield Element("message", {"id": xml_id("message", name), "name": title})

    def escalations(self) -> Iterator[Element]:
        limited = [state for state in self.procedure.states.values() if not state.final]
        terms = [term.ladder for state in limited for term in state.terms]
        clocks = [clock.ladder for s in limited if (clock := self.procedure.clocks.get(s.clock or ""))]
        for ladder in dict.fromkeys(ladder for ladder in (*terms, *clocks) if ladder):
            attributes = {"id": xml_id("ladder", ladder), "name": ladder, "escalationCode": ladder}
            yield Element("escalation", attributes)

    def _lanes(self) -> Element:
        lanes = []
        for stage, title in self.procedure.stages.items():
            held = [
                Element("flowNodeRef", {}, node.id)
                for node in self.parts.nodes
                if self.procedure.states[node.state or self.procedure.initial].stage == stage
            ]
            attributes = {"id": xml_id("lane", stage), "name": title.said(self.lang)}
            lanes.append(Element("lane", attributes, (*_documented(title), *held)))
        return Element("laneSet", {"id": "lanes"}, tuple(lanes))

    def _node(self, node: Part) -> Element:
        attributes = {"id": node.id}
        flows = (
            *(Element("incoming", {}, flow.id) for flow in self.parts.into[node.id]),
            *(Element("outgoing", {}, flow.id) for flow in self.parts.out_of[node.id]),
        )
        if node.kind is Kind.START or node.kind is Kind.GATEWAY:
            return Element(node.kind, attributes, flows)
        state = self.procedure.states[node.state]
        if node.kind is Kind.BOUNDARY:
            return self._boundary(node, state, flows)
        if node.spot is Spot.LIMIT:
            return Element(node.kind, attributes, (*flows, *self._escalated(state, node.number)))
        if node.spot is Spot.STAYS:
            return Element(node.kind, attributes, flows)
        attributes |= {"name": state.title.said(self.lang), "anxu:state": state.name}
        noted = (*_documented(state.title), _extended(state_note(state)))
        if state.outcome is not None:
            return Element(node.kind, attributes | {"anxu:outcome": state.outcome}, (*noted, *flows))
        if state.awaits_matter:
            kind = self.procedure.matters.get(state.awaits_matter)
            attributes["calledElement"] = xml_id(kind.procedure if kind else state.awaits_matter)
        return Element(node.kind, attributes, (*noted, *flows, *_owners(state)))

    def _boundary(self, node: Part, state: State, flows: tuple[Element, ...]) -> Element:
        attributes = {"id": node.id, "attachedToRef": xml_id("state", state.name)}
        if node.spot is Spot.LIMIT:
            words = limit_words(self.procedure, state, node.number)
            length = Element("timeDuration", _expression(), words.duration)
            timer = Element("timerEventDefinition", {}, (length,))
            attributes |= {"name": words.title.said(self.lang), "cancelActivity": "false"}
            return Element(node.kind, attributes, (*_documented(words.title), *flows, timer))
        title = STAYS_AS_IT_IS if node.spot is Spot.STAYS else INTERRUPTED
        cancels = "false" if node.spot is Spot.STAYS else "true"
        attributes |= {"name": title.said(self.lang), "cancelActivity": cancels}
        (exit_,) = (one for one in self.parts.exits[state.name] if one.boundary == node)
        return Element(node.kind, attributes, (*flows, *_awaited(exit_)))

    def _escalated(self, state: State, number: int) -> Iterator[Element]:
        clock = self.procedure.clocks.get(state.clock or "")
        ladder = state.terms[number].ladder if state.terms else clock.ladder if clock else None
        if ladder:
            yield Element("escalationEventDefinition", {"escalationRef": xml_id("ladder", ladder)})

    def _flows(self) -> Iterator[Element]:
        states = self.procedure.states.values()
        words = {state.name: flow_words(self.procedure, state, self.matters) for state in states}
        for flow in self.parts.flows:
            yield self._flow(flow, words[flow.way.source][flow.order] if flow.way else None)

    def _flow(self, flow: Flow, name: Text | None) -> Element:
        attributes = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
        if flow.way is None or name is None:
            return Element("sequenceFlow", attributes)
        if flow.way.target is not None:
            attributes["name"] = name.said(self.lang)
        attributes["anxu:order"] = str(flow.order)
        inside = [*_documented(name)]
        condition = _condition(flow.way)
        if condition:
            inside.append(Element("conditionExpression", _expression(), condition))
        return Element("sequenceFlow", attributes, tuple(inside))


def _condition(way: Way) -> str:
    if not way.move:
        return way.guard
    return f"does {way.move} and ({way.guard})" if way.guard else f"does {way.move}"


def _awaited(exit_: Exit) -> Iterator[Element]:
    """What a boundary event waits for: any of its moves, or any of its conditions."""
    for name in dict.fromkeys(way.move for _, way in exit_.ways if way.move):
        yield Element("messageEventDefinition", {"messageRef": xml_id("message", name)})
    for guard in dict.fromkeys(way.guard for _, way in exit_.ways if not way.move):
        condition = Element("condition", _expression(), guard)
        yield Element("conditionalEventDefinition", {}, (condition,))


def _owners(state: State) -> Iterator[Element]:
    for who in state.awaits:
        text = who.name if who.relation else f"any {who.name}"
        expression = Element("formalExpression", {}, text)
        yield Element("potentialOwner", {}, (Element("resourceAssignmentExpression", {}, (expression,)),))


def _documented(title: Text) -> tuple[Element, ...]:
    return (
        Element("documentation", {}, title.zh),
        Element("documentation", {}, title.en),
    )


def _extended(*notes: Element) -> Element:
    return Element("extensionElements", {}, notes)


def _expression() -> dict[str, str]:
    return {"xsi:type": "tFormalExpression"}
