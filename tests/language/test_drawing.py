"""Drawings: every state and move is in the picture, nothing lies on anything else, and every text is harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.drawing import draw_dot, draw_mermaid, draw_svg, ink, outline
from engine.language.drawing.layout import Layout, layout
from engine.language.drawing.plan import plan
from engine.language.drawing.text import width, wrapped
from engine.language.drawing.words import identifier
from engine.model.guards import IsSet, MatterIs
from engine.model.procedure import Branch, Fact, Move, Procedure, Reaction, State
from engine.text import Language, Text
from tests.builders import procedure as procedure_named
from tests.examples import examples

ROOT = Path(__file__).parents[2]
REAL = sorted(path.stem for path in (ROOT / "workflows").glob("*.yaml"))
LANGUAGES: tuple[Language, ...] = ("zh", "en")
NASTY = '<script>&"x" ]]> \'#;:%{}\\'


def both(word: str) -> Text:
    return Text(f"甲{word}", f"The {word}")


def machine(
    *ways: tuple[str, str, str], stages: Sequence[str] = ("one",), stage_of: dict[str, str] | None = None
) -> Procedure:
    """A procedure out of ``(source, move, target)``; the target ``stays`` stays, and who has no way out is final."""
    names = list(dict.fromkeys(name for source, _, target in ways for name in (source, target)))
    names = [name for name in names if name != "stays"]
    states = {}
    for name in names:
        moves = {
            move: Move(move, both(move), name, (), () if target == "stays" else (Branch(target),))
            for source, move, target in ways
            if source == name
        }
        stage = (stage_of or {}).get(name, stages[0])
        states[name] = State(name, both(name), stage, moves=moves, outcome=None if moves else name)
    titles = {stage: both(f"stage {stage}") for stage in stages}
    return Procedure("small", Text("小程序", "A small one"), "0", "", names[0], titles, states)


SMALL = machine(
    ("filed", "propose", "proposed"),
    ("filed", "refuse", "refused"),
    ("proposed", "send_back", "filed"),
    ("proposed", "accept", "accepted"),
    ("proposed", "postpone", "proposed"),
    ("proposed", "hand_over", "stays"),
    ("accepted", "close", "closed"),
    stages=("filing", "hearing"),
    stage_of={"accepted": "hearing", "closed": "hearing"},
)

CROWDED = machine(
    *((f"s{i}", "go_on", f"s{i + 1}") for i in range(5)),
    *((f"s{i}", "withdraw", "s5") for i in range(5)),
    *((f"s{i}", "give_back", "answering") for i in range(5)),
    ("answering", "answer", "s0"),
)


@cache
def real(name: str) -> Procedure:
    return procedure_named(name)


def elements(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter())


def texts(svg: str) -> str:
    """All that is written in the picture, without line breaks."""
    return "".join("".join(element.itertext()) for element in elements(svg) if element.tag.endswith("}text"))


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def ways(svg: str) -> set[tuple[str, str]]:
    drawn = [element.attrib for element in elements(svg) if "data-from" in element.attrib]
    return {(ends["data-from"], ends["data-to"]) for ends in drawn}


def group(svg: str, state: str) -> str:
    (found,) = (element for element in elements(svg) if element.get("data-state") == state)
    return ElementTree.tostring(found, encoding="unicode")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL)
def test_every_state_and_every_move_of_a_real_procedure_is_in_its_picture(name: str, lang: Language) -> None:
    procedure = real(name)
    svg = draw_svg(procedure, lang)
    written = plain(texts(svg))
    told = {(source, aside.target) for aside in plan(procedure, lang).asides for source in aside.sources}
    for state in procedure.states.values():
        assert plain(state.title.said(lang)) in written
        assert plain(procedure.stages[state.stage].said(lang)) in written
        for move in state.moves.values():
            assert plain(move.title.said(lang)) in written
            for branch in move.branches if not move.stays else ():
                assert {(state.name, branch.target or state.name)} & (ways(svg) | told)
        for reaction in state.reactions:
            assert (state.name, reaction.target) in ways(svg)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL)
def test_nothing_in_the_picture_of_a_real_procedure_lies_on_anything_else(name: str, lang: Language) -> None:
    assert list(overlaps(layout(plan(real(name), lang)))) == []


def test_moves_between_the_same_two_states_share_one_arrow() -> None:
    procedure = machine(("a", "sign", "b"), ("a", "sign_late", "b"), ("b", "close", "c"))
    arrow = plan(procedure, "en").arrows[0]
    assert (arrow.sources, arrow.target, arrow.labels) == (("a",), "b", ("The sign", "The sign_late"))


def test_one_move_from_two_states_shares_one_label() -> None:
    procedure = machine(("a", "on", "b"), ("b", "on", "c"), ("b", "back", "a"), ("c", "back", "a"))
    assert texts(draw_svg(procedure, "en")).count("The back") == 1


def test_a_move_that_stays_is_told_once_under_the_picture() -> None:
    assert "甲hand_over：从甲proposed → 状态不变" in texts(draw_svg(SMALL))
    assert ("proposed", "proposed") in ways(draw_svg(SMALL)), "a move back into its own state is a loop"


def test_a_branch_that_stays_beside_one_that_leaves_is_a_loop_that_says_so() -> None:
    branches = (Branch(None, IsSet("amount")), Branch("closed"))
    procedure = machine(("heard", "x", "closed"))
    heard = replace(
        procedure.states["heard"], moves={"sign": Move("sign", both("sign"), "heard", (), branches)}
    )
    procedure = replace(procedure, states={**procedure.states, "heard": heard})
    (loop,) = plan(procedure, "en").loops
    assert (loop.target, loop.labels) == ("heard", ("The sign", " (“amount” is known)", " [the state stays]"))
    svg = draw_svg(procedure, "en")
    assert {("heard", "heard"), ("heard", "closed")} == ways(svg)
    assert "(otherwise)" in texts(svg)
    assert outline(procedure, "en")[1] == "  The sign (“amount” is known) → the state stays"


def test_two_moves_on_one_loop_each_keep_their_condition() -> None:
    branches = (Branch("closed", IsSet("amount")), Branch(None))
    procedure = machine(("heard", "x", "closed"))
    moves = {name: Move(name, both(name), "heard", (), branches) for name in ("sign", "return")}
    states = {**procedure.states, "heard": replace(procedure.states["heard"], moves=moves)}
    (loop,) = plan(replace(procedure, states=states), "en").loops
    said = (" (otherwise)", " [the state stays]")
    assert loop.labels == ("The sign", *said, "The return", *said)


def test_a_move_from_many_states_is_told_under_the_picture() -> None:
    svg = draw_svg(CROWDED, "en")
    assert plain("The withdraw: from The s0; The s1; The s2; The s3; The s4 → The s5") in plain(texts(svg))
    assert ("s0", "s5") not in ways(svg)


def test_a_move_from_many_states_is_drawn_where_nothing_else_leads_to_its_target() -> None:
    assert {(f"s{i}", "answering") for i in range(5)} <= ways(draw_svg(CROWDED))


def test_a_way_that_was_taken_is_drawn_even_when_its_move_is_told_under_the_picture() -> None:
    assert ("s2", "s5") in ways(draw_svg(CROWDED, path=[("s2", "s5")]))


def test_a_branch_says_when_it_is_taken_and_a_reaction_what_it_waits_for() -> None:
    branches = (Branch("won", IsSet("amount")), Branch("lost"))
    decide = Move("decide", Text("裁决", "Decide"), "heard", (), branches)
    reaction = Reaction(MatterIs("award_review", "approved"), "won")
    procedure = machine(("heard", "x", "won"), ("heard", "y", "lost"))
    heard = replace(procedure.states["heard"], moves={"decide": decide}, reactions=(reaction,))
    procedure = replace(
        procedure,
        states={**procedure.states, "heard": heard},
        facts={"amount": Fact("amount", "amount", Text("金额", "Amount"))},
    )
    review = machine(("begun", "x", "approved"))
    states = {
        **review.states,
        "approved": replace(review.states["approved"], title=Text("通过", "passed"), outcome="approved"),
    }
    review = replace(review, title=Text("核阅", "Review"), states=states)
    written = plain(texts(draw_svg(procedure, matters={"award_review": review})))
    assert "裁决" in written
    assert "（已填写“金额”）" in written
    assert "（其他情形）" in written
    assert "自动：“核阅”通过" in written
    assert "“award_review” is approved" in " ".join(outline(procedure, "en"))


def test_the_current_state_is_filled_bold_and_named() -> None:
    svg = draw_svg(SMALL, "en", at=["proposed"])
    for mark in ('data-now="yes"', 'fill="#0b4f94"', 'font-weight="700"', "(now)"):
        assert mark in group(svg, "proposed")
    assert "Now at: The proposed." in svg
    assert 'data-now="yes"' not in group(svg, "filed")


def test_the_way_taken_is_bold_what_is_ahead_dashed_and_what_is_lost_thin() -> None:
    svg = draw_svg(SMALL, at=["accepted"], path=[("filed", "proposed"), ("proposed", "accepted")])
    drawn = [element for element in elements(svg) if "data-from" in element.attrib]
    strokes = {(element.get("data-from"), element.get("data-to")): element[0].attrib for element in drawn}
    assert strokes["filed", "proposed"]["stroke-width"] == "3.2"
    assert "stroke-dasharray" in strokes["accepted", "closed"]
    assert strokes["filed", "refused"]["stroke-width"] == "1"


def test_states_and_ways_that_the_procedure_does_not_have_are_passed_over() -> None:
    svg = draw_svg(SMALL, at=["gone"], path=[("gone", "lost")])
    assert not re.search("data-now|gone", svg)


def test_a_final_state_has_a_double_border() -> None:
    svg = draw_svg(SMALL)
    assert group(svg, "closed").count("rect") == group(svg, "filed").count("rect") + 1


def test_every_part_of_a_shared_way_is_drawn_once_so_that_dashes_stay_dashes() -> None:
    svg = draw_svg(CROWDED, at=["s0"])
    heads = [
        element for element in elements(svg) if element.get("data-to") == "answering" and len(element) > 1
    ]
    assert len(heads) == 2, "one head from above, one from below"


def test_boxes_become_links_when_addresses_are_given() -> None:
    svg = draw_svg(SMALL, links={"filed": "/cases/1?a=b&c=d#filed"})
    (link,) = (element for element in elements(svg) if element.tag.endswith("}a"))
    assert link.get("href") == "/cases/1?a=b&c=d#filed"
    assert ElementTree.fromstring(svg).get("role") == "group"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_needs_no_script_style_id_or_address(lang: Language) -> None:
    svg = draw_svg(real("labour"), lang, at=["drafting"], path=[("deliberation", "drafting")])
    for element in elements(svg):
        assert element.tag.split("}")[1] in {"svg", "title", "desc", "g", "rect", "path", "text", "circle"}
        assert not element.attrib.keys() & {"style", "id", "class", "href", "onload"}
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert [child.tag.split("}")[1] for child in root][:2] == ["title", "desc"]
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


def nasty() -> Procedure:
    title = Text(NASTY, NASTY)
    move = Move("x", title, "a", (), (Branch("b"),))
    states = {"a": State("a", title, "s", moves={"x": move}), "b": State("b", title, "s", outcome="b")}
    return Procedure("nasty", title, "0", "", "a", {"s": title}, states)


def test_marks_of_xml_are_escaped() -> None:
    svg = draw_svg(nasty(), "en")
    assert "<script" not in svg
    assert NASTY in "".join(ElementTree.fromstring(svg).itertext())


def test_characters_that_xml_may_not_hold_are_replaced() -> None:
    procedure = replace(SMALL, title=Text("a\x00\x1b\ud800b", "a"))
    assert "a\ufffd\ufffd\ufffdb" in "".join(ElementTree.fromstring(draw_svg(procedure)).itertext())


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_of_text_and_lines_have_the_contrast_of_aa() -> None:
    for under in (ink.PAPER, ink.BAND, ink.LANE):
        assert min(contrast(text, under) for text in (ink.INK, ink.PALE_INK)) >= 4.5
    for under in (ink.PAPER, ink.BAND):
        assert min(contrast(line, under) for line in (ink.LINE, ink.PALE, ink.NOW, ink.INK)) >= 3
    assert contrast(ink.PAPER, ink.NOW) >= 4.5


# -- nothing lies on anything else ----------------------------------------------------------------------------

Rectangle = tuple[float, float, float, float]


def meet(one: Rectangle, other: Rectangle) -> bool:
    return all(one[i] < other[i + 2] - 0.5 and other[i] < one[i + 2] - 0.5 for i in (0, 1))


def around(x: float, y: float, wide: float, high: float) -> Rectangle:
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def overlaps(shape: Layout) -> Iterator[str]:
    """Say what lies on what; a bent line stays in the rectangle of its ends."""
    boxes = {box.state: around(box.x, box.y, box.width, box.height) for box in shape.boxes}
    labels = [(around(label.x, label.y, label.width, label.height), label) for label in shape.labels]
    solid = [*boxes.items(), *((" / ".join(label.lines), place) for place, label in labels)]
    for (one, here), (other, there) in combinations(solid, 2):
        if meet(here, there):
            yield f"{one} lies on {other}"
    for line in (*shape.lines, *shape.loops):
        for (x1, y1), (x2, y2) in pairwise(line.points):
            # As wide as it is bold.
            piece = (min(x1, x2) - 1.6, min(y1, y2), max(x1, x2) + 1.6, max(y1, y2))
            for state, place in boxes.items():
                if meet(piece, place) and (line.source != line.target or state != line.source):
                    yield f"{line.source} -> {line.target} runs through {state}"
            for place, label in labels:
                if meet(piece, place) and (line.source, line.target) not in label.of:
                    yield f"{line.source} -> {line.target} runs through {' / '.join(label.lines)}"
    for left, top, right, bottom in (place for _, place in solid):
        if left < 100 or top < 0 or right > shape.width or bottom > shape.height:
            yield "something stands outside"


@st.composite
def machines(draw: st.DrawFn) -> Procedure:
    count = draw(st.integers(2, 12))
    names = [f"s{i}" for i in range(count)]
    way = st.tuples(st.sampled_from(names), st.sampled_from("abcdef"), st.sampled_from([*names, "stays"]))
    more = draw(st.lists(way, max_size=25))
    stages = [f"stage{i}" for i in range(draw(st.integers(1, 4)))]
    return machine(
        *((a, "on", b) for a, b in pairwise(names)),
        *more,
        stages=stages,
        stage_of={name: draw(st.sampled_from(stages)) for name in names},
    )


@given(machines())
@settings(max_examples=examples(12))
def test_nothing_lies_on_anything_else_in_any_picture(procedure: Procedure) -> None:
    assert list(overlaps(layout(plan(procedure, "en")))) == []
    ElementTree.fromstring(draw_svg(procedure, at=["s0"], path=[("s0", "s1")]))


def test_a_machine_of_two_thousand_states_is_drawn() -> None:
    procedure = machine(*((f"s{i}", "on", f"s{i + 1}") for i in range(1999)))
    assert draw_svg(procedure).count("data-state") == 2000


def test_the_way_forward_is_one_straight_line() -> None:
    shape = layout(plan(real("labour"), "zh"))
    x = {box.state: box.x for box in shape.boxes}
    assert (
        len({x[name] for name in ("filed", "proposed", "accepted", "deliberation", "drafting", "archived")})
        == 1
    )


def test_a_chinese_character_is_as_wide_as_high_and_a_latin_one_about_half() -> None:
    assert width("仲裁", 10) == 20
    assert width("ab", 10) == 11


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("已退回，待仲裁庭修改", ("已退回，待", "仲裁庭修改")),
        ("待（甲）", ("待（甲）",)),
        ("Non-acceptance proposed", ("Non-", "acceptance", "proposed")),
        ("一二三四五六七，八九十", ("一二三四五六", "七，八九十")),
    ],
)
def test_text_breaks_where_a_reader_would(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 10, 60) == lines


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_outline_says_every_state_its_stage_and_every_move_with_its_target(lang: Language) -> None:
    procedure = real("labour")
    lines = outline(procedure, lang, at=["drafting"], path=[("deliberation", "drafting")])
    for state in procedure.states.values():
        stage = procedure.stages[state.stage].said(lang)
        assert [line for line in lines if line.startswith(f"{stage} · {state.title.said(lang)}")]
        for move in state.moves.values():
            stays = Text("状态不变", "the state stays")
            targets = [
                (procedure.states[branch.target].title if branch.target else stays).said(lang)
                for branch in move.branches
            ]
            for target in targets or [stays.said(lang)]:
                told = [line for line in lines if line.startswith(f"  {move.title.said(lang)}")]
                assert [line for line in told if f" → {target}" in line]
    assert sum("当前" in line or "[now]" in line for line in lines) == 1
    assert sum("〔已走〕" in line or "[taken]" in line for line in lines) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REAL)
def test_mermaid_and_dot_hold_every_state_of_a_real_procedure(name: str, lang: Language) -> None:
    procedure = real(name)
    mermaid, dot = draw_mermaid(procedure, lang), draw_dot(procedure, lang)
    assert mermaid.startswith("stateDiagram-v2\n")
    for state in procedure.states.values():
        title = state.title.said(lang).replace(":", "#58;")
        assert f'state "{title}" as {identifier(state.name)}\n' in mermaid
        assert f'"{state.name}" [label="{state.title.said(lang)}"' in dot


def test_mermaid_numbers_every_mark_that_it_could_take_for_its_own() -> None:
    for line in draw_mermaid(nasty(), "en").splitlines()[1:]:
        text = line.split(" : ")[-1].removeprefix("  %% ")
        text = re.sub(r"#\d+;", "", re.sub(r'^  state "(.*)" as \w+$', r"\1", text))
        assert not re.search(r'[#";:<&{}%\\]', text), line


def test_ids_are_ascii_and_never_a_keyword_and_dot_escapes_quotes_and_backslashes() -> None:
    assert (identifier("end"), identifier("立案-1")) == ("s_end", "s__u7acb__u6848__u002d_1")
    assert 'label="a\\"b\\\\"]' in draw_dot(replace(SMALL, title=Text("", 'a"b\\')), "en")
