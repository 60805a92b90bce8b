"""A procedure as SCXML, the state chart language of the W3C (Recommendation of 1 September 2015).

Room for: which element of SCXML stands for what.
May not enter: escaping (`xml.py`), what SCXML has no word for (`notes.py`), reading SCXML.

The mapping, so that nothing is lost:

- a state is a `state`, a final one a `final` whose `donedata` holds the outcome; the first is `initial` of the root;
- a branch of a move is a `transition` with the move as its `event`; in document order, for the first whose `cond`
  holds is taken, here as there. `cond` is the guard: what the move requires, then the branch's own condition;
- a branch that stays is a transition without a target, which in SCXML leaves and enters nothing; one back into its
  own state has that state as its target and enters it anew;
- a reaction is a transition without an event. Reactions come first, as they are tried first;
- `datamodel` is `anxu`: conditions are guards of our own language, not ECMAScript;
- what SCXML has no word for (titles, who acts, forms, limits, clocks, persons, documents, articles) stands in
  elements of the namespace `urn:anxu:procedure:1` in the root and in each state; a title also on its transition.
"""

from __future__ import annotations

from engine.language.automaton import NAMESPACE, Way, ways_from
from engine.language.exports.notes import procedure_note, state_note
from engine.language.exports.xml import Element, document, xml_id
from engine.model.procedure import Procedure, State

SCXML = "http://www.w3.org/2005/07/scxml"


def export_scxml(procedure: Procedure) -> str:
    """Return *procedure* as an SCXML document."""
    root = {
        "xmlns": SCXML,
        "xmlns:anxu": NAMESPACE,
        "version": "1.0",
        "name": xml_id(procedure.name),
        "datamodel": "anxu",
        "initial": xml_id(procedure.initial),
    }
    states = tuple(_state(state) for state in procedure.states.values())
    return document(Element("scxml", root, (procedure_note(procedure), *states)))


def _state(state: State) -> Element:
    name = {"id": xml_id(state.name)}
    note = state_note(state)
    if state.outcome is not None:
        outcome = Element("donedata", {}, (Element("content", {}, state.outcome),))
        return Element("final", name, (outcome, note))
    return Element("state", name, (note, *(_transition(state, way) for way in ways_from(state))))


def _transition(state: State, way: Way) -> Element:
    attributes = {"event": xml_id(way.move)} if way.move else {}
    if way.guard:
        attributes["cond"] = way.guard
    if way.target is None:
        attributes["type"] = "internal"
    else:
        attributes["target"] = xml_id(way.target)
    if way.move:
        title = state.moves[way.move].title
        attributes |= {"anxu:zh": title.zh, "anxu:en": title.en}
    return Element("transition", attributes)
