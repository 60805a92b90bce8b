"""Exports: each holds the whole automaton, gives it back to a reader, and is valid where its language has a schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.language.automaton import Automaton, Way, automaton_of, ways_from
from engine.language.drawing import draw_dot, draw_mermaid, export_bpmn, export_scxml
from engine.language.drawing.words import identifier
from engine.language.exports.xml import Element, document, named, xml_id
from engine.language.guard_text import LONGEST, parse_guard
from engine.language.guard_written import written
from engine.law.duration import Duration
from engine.model.guards import (
    All,
    Any,
    Compare,
    CountOf,
    EveryMatterIs,
    Guard,
    IsSet,
    MatterIs,
    NoMatterOpen,
    Not,
    OneOf,
)
from engine.model.procedure import (
    Branch,
    Clock,
    MatterKind,
    Move,
    Procedure,
    Reaction,
    Requirement,
    State,
    Term,
    Who,
)
from engine.text import Language, Text
from tests.builders import procedure as procedure_named
from tests.builders import procedure_texts
from tests.examples import examples
from tests.language.automata import from_bpmn, from_dot, from_mermaid, from_scxml
from tests.language.scxml_schema import faults_of
from tests.language.test_guard_text import NAMES

REAL = sorted(Path(file).stem for file in procedure_texts())
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HOSTILE = (
    '"',
    "<b>&amp;</b>",
    "-->",
    "]]>",
    "一\n二\r三\t四",
    "\\",
    "a · b [c] / stays",
    "#35;",
    "\x00\ud800",
    ";}",
    " ",
)

FORMATS: dict[str, tuple[Callable[[Procedure, Language], str], Callable[[str], Automaton]]] = {
    "mermaid": (draw_mermaid, from_mermaid),
    "dot": (draw_dot, from_dot),
    "scxml": (lambda procedure, _: export_scxml(procedure), from_scxml),
    "bpmn": (export_bpmn, from_bpmn),
}
BPMN = etree.XMLSchema(etree.parse(Path(__file__).parent / "vendor" / "BPMN20.xsd"))


@cache
def procedure(name: str) -> Procedure:
    return procedure_named(name)


def assert_bpmn_is_valid(text: str) -> None:
    assert BPMN.validate(etree.fromstring(text.encode())), str(BPMN.error_log)[:1000]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REAL)
def test_every_shipped_procedure_comes_back_as_the_same_automaton(
    name: str, form: str, lang: Language
) -> None:
    export, read = FORMATS[form]
    shipped = procedure(name)
    assert read(export(shipped, lang)) == automaton_of(shipped)


@pytest.mark.parametrize("name", REAL)
def test_every_shipped_procedure_is_valid_scxml_and_valid_bpmn(name: str) -> None:
    assert faults_of(export_scxml(procedure(name))) == []
    assert_bpmn_is_valid(export_bpmn(procedure(name)))


def test_the_schemas_refuse_what_they_do_not_know() -> None:
    scxml, bpmn = export_scxml(procedure("recusal")), export_bpmn(procedure("recusal"))
    spoiled = [
        ("<transition event=", '<transition goal="x" event='),
        (' version="1.0" name', ' version="2" name'),
        ("<donedata>", "<donedata><transition/>"),
        ("<final id=", "<final event="),
        ('<transition event="', '<transition event=", '),
        (' initial="', ' initial="no_'),
    ]
    for old, new in spoiled:
        assert faults_of(scxml.replace(old, new, 1)) != [], new
    spoiled = [(" sourceRef=", " origin="), ("<incoming>", "<inward/><incoming>"), ('x="', 'x="left')]
    for old, new in spoiled:
        assert not BPMN.validate(etree.fromstring(bpmn.replace(old, new, 1).encode())), new


# -- any procedure ----------------------------------------------------------------------------------------------

NAMES_OF_ALL_KINDS = (
    "a", "b1", "filed", "end", "state", "node", "graph", "default", "_", "_u7acb_", "_u", "x_u4e00_", "立案", "é", "_é",
    "立", "Ω9", "ᚠ", "𠀀", "ｘ", "does", "and", "stays", "s_a",
)  # fmt: skip
NAME = st.sampled_from(NAMES_OF_ALL_KINDS)
TITLE = st.builds(Text, st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
CONDITION: st.SearchStrategy[Guard] = st.sampled_from(
    [
        IsSet("立案"),
        Not(IsSet("a")),
        OneOf("ground", ("heirs", "立")),
        Any((Compare("does", "=", True), All((NoMatterOpen("review"), Compare("n", "<", 3))))),
        Not(All((MatterIs("review", "approved"), Not(EveryMatterIs("review", "ended"))))),
        All((Any((Compare("and", "=", True), Compare("stays", "!=", "立案"))), CountOf("claimant", ">=", 2))),
    ]
)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    names = draw(st.lists(NAME, min_size=2, max_size=6, unique=True))
    stages = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    open_ = draw(st.integers(1, len(names) - 1))
    states = {}
    for number, name in enumerate(names):
        title, stage = draw(TITLE), draw(st.sampled_from(stages))
        if number >= open_:
            states[name] = State(name, title, stage, outcome=draw(NAME))
            continue
        moves = {}
        for move in draw(st.lists(NAME, max_size=4, unique=True)):
            targets = draw(st.lists(st.sampled_from([*names, None]), max_size=3))
            branches = [Branch(target, draw(CONDITION)) for target in targets]
            branches[-1:] = [replace(branch, when=None) for branch in branches[-1:]]
            needs = tuple(Requirement(draw(CONDITION)) for _ in range(draw(st.integers(0, 2))))
            moves[move] = Move(
                move, draw(TITLE), name, (Who("clerk", True),), tuple(branches), requires=needs
            )
        reactions = draw(st.lists(st.builds(Reaction, CONDITION, st.sampled_from(names)), max_size=2))
        states[name] = State(
            name,
            title,
            stage,
            awaits=(Who("clerk", True), Who("secretary", False)),
            awaits_matter=draw(st.sampled_from([None, "review"])),
            terms=draw(st.sampled_from([(), TERMS, TERMS[:1]])),
            clock=draw(st.sampled_from([None, "award", "lent"])),
            moves=moves,
            reactions=tuple(reactions),
        )
    titles = {stage: draw(TITLE) for stage in stages}
    return Procedure(
        draw(NAME), draw(TITLE), "0" * 64, draw(st.sampled_from(HOSTILE)), names[0], titles, states,
        clocks={"award": Clock("award", draw(TITLE), Duration(45, "days"), ladder="award")},
        matters={"review": MatterKind("review", "award_review")},
    )  # fmt: skip


TERMS = (
    Term("a.1", Duration(5, "work days"), ladder="step"),
    Term("a.2", Duration(2, "months")),
    Term("a.3", Duration(7, "days"), Text("<举证>", '"proof"'), of="received_on", ladder="step"),
)


@pytest.mark.parametrize("form", FORMATS)
@given(made=procedures())
@settings(max_examples=examples(10), derandomize=True, deadline=None)
def test_any_procedure_comes_back_as_the_same_automaton(form: str, made: Procedure) -> None:
    export, read = FORMATS[form]
    text = export(made, "zh")
    assert read(text) == automaton_of(made)
    assert export(made, "zh") == text
    if form == "scxml":
        assert faults_of(text) == []
    if form == "bpmn":
        assert_bpmn_is_valid(text)


def test_a_branch_that_stays_is_told_from_one_that_enters_its_state_anew() -> None:
    branches = (Branch(None, IsSet("reason")), Branch("begun"))
    sign = Move("sign", Text("签", "Sign"), "begun", (), branches, requires=(Requirement(IsSet("draft")),))
    begun = State("begun", Text("始", "Begun"), "one", moves={"sign": sign})
    assert ways_from(begun) == (
        Way("begun", "sign", None, "draft is set and reason is set"),
        Way("begun", "sign", "begun", "draft is set"),
    )
    states = {"begun": begun, "over": State("over", Text("终", "Over"), "one", outcome="over")}
    made = Procedure("p", Text("程序", "P"), "0", "", "begun", {"one": Text("一", "One")}, states)
    for export, read in FORMATS.values():
        assert read(export(made, "zh")) == automaton_of(made)
    assert 'event="sign" cond="draft is set and reason is set" type="internal"' in export_scxml(made)
    assert (
        "s_begun --> s_begun : 签（已填写“reason”） · sign #91;draft is set and reason is set#93; / stays"
        in (draw_mermaid(made))
    )


# -- guards as text -----------------------------------------------------------------------------------------------


CLAUSES = (
    "reason is set", "reason is not set", "ground is heirs", "ground is not heirs", "ground in [heirs, expert]",
    "lawful", "lawful is no", "lawful is not yes", "amount >= 5000.50", "days < 15", "heard_on != 2026-03-01",
    "review is approved", "review is not approved", "every review is ended", "no review is open",
    "count respondent >= 2", "count clerk >= 2", "count lent = 3", "drafter_named is clerk",
    "drafter_named is not clerk", "actor is clerk", "actor is not 仲裁庭", "案由 is 工伤", "lent is yes", "lent >= 3",
)  # fmt: skip


def read_guard(text: str) -> Guard:
    read = parse_guard(text, NAMES)
    assert not isinstance(read, tuple), read
    return read


GUARDS = st.recursive(
    st.sampled_from(CLAUSES).map(read_guard),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("text", CLAUSES)
def test_a_written_clause_is_read_back_as_the_same_clause(text: str) -> None:
    assert read_guard(written(read_guard(text))) == read_guard(text)


@given(GUARDS)
@settings(max_examples=examples(60), derandomize=True)
def test_a_written_guard_is_read_back_as_the_same_guard(guard: Guard) -> None:
    if len(written(guard)) <= LONGEST:
        assert read_guard(written(guard)) == guard


# -- XML ----------------------------------------------------------------------------------------------------------


@given(st.lists(NAME, min_size=1, max_size=3))
@settings(derandomize=True)
def test_an_id_gives_its_names_back_and_is_one_in_every_edition_of_xml(names: list[str]) -> None:
    id_ = xml_id(*names)
    assert list(named(id_)) == names
    assert etree.fromstring(f'<a xml:id="{id_}"/>').get("{http://www.w3.org/XML/1998/namespace}id") == id_


@given(st.lists(NAME, min_size=2, max_size=2, unique=True))
@settings(derandomize=True)
def test_no_two_names_share_an_id(names: list[str]) -> None:
    assert len({xml_id(name) for name in names}) == len({identifier(name) for name in names}) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_place_in_xml(text: str) -> None:
    safe = text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    read = ElementTree.fromstring(document(Element("a", {"b": text}, text)))
    assert (read.get("b"), read.text or "") == (safe, safe)


# -- what BPMN shows --------------------------------------------------------------------------------------------

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"


def bounds(text: str) -> dict[str, tuple[float, float, float, float]]:
    """Return left, top, right and bottom of every shape."""
    found = {}
    for shape in ElementTree.fromstring(text).iter(f"{DI}BPMNShape"):
        box = shape.find(f"{DC}Bounds")
        assert box is not None
        x, y, wide, high = (float(box.attrib[key]) for key in ("x", "y", "width", "height"))
        found[shape.attrib["bpmnElement"]] = x, y, x + wide, y + high
    return found


@pytest.mark.parametrize("name", REAL)
def test_every_part_of_a_bpmn_process_has_its_place_and_lies_on_no_other(name: str) -> None:
    text = export_bpmn(procedure(name))
    process = ElementTree.fromstring(text).find("{*}process")
    assert process is not None
    nodes = {
        node.attrib["id"]: node
        for node in process
        if node.tag.endswith(("Event", "Task", "Activity", "Gateway"))
    }
    flows = {flow.attrib["id"] for flow in process.findall("{*}sequenceFlow")}
    places = bounds(text)
    edges = {edge.attrib["bpmnElement"] for edge in ElementTree.fromstring(text).iter(f"{DI}BPMNEdge")}
    lanes = {lane.attrib["id"] for lane in process.iter() if lane.tag.endswith("}lane")}
    assert places.keys() == nodes.keys() | lanes | {"pool"}
    assert edges == flows
    for one, other in combinations(nodes, 2):
        if nodes[one].get("attachedToRef") == other or nodes[other].get("attachedToRef") == one:
            continue
        (l1, t1, r1, b1), (l2, t2, r2, b2) = places[one], places[other]
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1, f"{one} lies on {other}"
    held = [ref.text for ref in process.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}flowNodeRef")]
    assert sorted(ref or "" for ref in held) == sorted(nodes)
    for lane in process.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}lane"):
        left, top, right, bottom = places[lane.attrib["id"]]
        for ref in lane:
            if ref.tag.endswith("flowNodeRef"):
                x, y, to_x, to_y = places[ref.text or ""]
                assert left <= x < to_x <= right
                assert top <= y < to_y <= bottom, f"{ref.text} leaves its lane"


def test_limits_callers_and_owners_are_in_the_bpmn_process() -> None:
    text = export_bpmn(procedure("labour"), "en")
    for piece in (
        '<callActivity id="state.under_review"',
        'calledElement="award_review"',
        "<formalExpression>secretary</formalExpression>",
        '<conditionExpression xsi:type="tFormalExpression">award_review is approved</conditionExpression>',
        "<escalationEventDefinition escalationRef=",
    ):
        assert piece in text


def test_what_no_other_language_has_words_for_stands_in_our_own_namespace() -> None:
    for text in (export_scxml(procedure("labour")), export_bpmn(procedure("labour"))):
        root = ElementTree.fromstring(text)
        (note,) = root.iter("{urn:anxu:procedure:1}procedure")
        shipped = procedure("labour")
        assert note.get("hash") == shipped.hash
        facts = {fact.get("key"): fact.get("type") for fact in note.findall("{urn:anxu:procedure:1}facts")}
        assert facts == {name: fact.type for name, fact in shipped.facts.items()}
        states = list(root.iter("{urn:anxu:procedure:1}state"))
        assert {state.get("name") for state in states} == shipped.states.keys()
        moves = {
            move.get("name") for state in states for move in state.findall("{urn:anxu:procedure:1}moves")
        }
        assert moves == shipped.moves.keys()
