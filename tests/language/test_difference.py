"""Two versions compared: every difference is said in plain words, in both languages, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest

from engine.language.difference import Around, Change, difference
from engine.language.procedure import read_procedure
from engine.model import guards as guards_module
from engine.model import levels as levels_module
from engine.model import procedure as procedure_module
from engine.model import register as register_module
from engine.model.guards import IsSet
from engine.model.procedure import Branch, Procedure, State, Who
from engine.model.register import Register
from tests.builders import fragments, procedure, procedure_texts, register
from tests.language.every_field import Field, others, whole


@cache
def around() -> Around:
    names = [file.removeprefix("workflows/").removesuffix(".yaml") for file in procedure_texts()]
    return Around(register().roles, {name: procedure(name) for name in names})


def changes(name: str, *edits: tuple[str, str]) -> tuple[Change, ...]:
    """What differs between a starter procedure and the same with *edits* made to its text."""
    return difference(procedure(name), procedure(name, *edits), around())


def said(name: str, *edits: tuple[str, str]) -> list[tuple[str, str]]:
    return [(change.sentence.zh, change.sentence.en) for change in changes(name, *edits)]


# --- nothing that differs stays unsaid --------------------------------------------------------------------


def variants(kind: type) -> Iterator[tuple[Field, Any, Any]]:
    everything = whole(kind)
    for field, other in others(everything, kind):
        assert field is not None
        yield field, everything, other


@pytest.mark.parametrize("kind", [Procedure, Register])
def test_a_change_of_any_field_of_the_model_is_said_in_words_of_its_own(kind: type) -> None:
    for field, old, new in variants(kind):
        found = difference(old, new)
        assert found, f"a change of {field[0].__name__}.{field[1]} is not said"
        assert not [c for c in found if c.kind == "other"], (
            f"{field[0].__name__}.{field[1]} has no words of its own"
        )
        for change in found:
            assert_plain(change)


def assert_plain(change: Change) -> None:
    """A whole sentence in each language, and nothing of the program in it."""
    zh, en = change.sentence.zh, change.sentence.en
    assert zh.endswith("。"), zh
    assert en.endswith("."), en
    assert en[:1] == en[:1].upper(), en
    for text in (zh, en):
        assert not re.search(r"\bNone\b|\{\w*\}|engine\.|\b(Text|Who|Branch|Term|Duration)\(", text), text


def test_every_field_of_every_noun_is_among_those_that_are_changed() -> None:
    changed = {field for kind in (Procedure, Register) for field, _, _ in variants(kind)}
    nouns = [
        noun
        for module in (procedure_module, levels_module, register_module, guards_module)
        for noun in vars(module).values()
        if is_dataclass(noun) and isinstance(noun, type) and noun.__module__ == module.__name__
    ]

    assert {(n, f.name) for n in nouns for f in fields(n)} == changed


def test_versions_that_mean_the_same_differ_in_nothing() -> None:
    for name, one in around().procedures.items():
        assert difference(one, one, around()) == (), name
    assert difference(register(), register()) == ()


def test_a_change_of_a_comment_alone_is_said_to_be_one() -> None:
    (change,) = changes("labour", ("# 立审分离", "# 审立分离"))

    assert change.kind == "layout"


# --- how it is said ---------------------------------------------------------------------------------------


def test_a_changed_limit_names_its_state_and_both_lengths() -> None:
    labour = procedure("labour")
    old = labour.states["filed"]
    longer = replace(old.terms[0], limit=replace(old.terms[0].limit, count=7))
    states = {**labour.states, "filed": replace(old, terms=(longer, *old.terms[1:]))}

    (change,) = difference(labour, replace(labour, states=states), around())

    assert change.kind == "term"
    assert "5个工作日改为7个工作日" in change.sentence.zh
    assert "from 5 work days to 7 work days" in change.sentence.en


def test_a_state_that_is_renamed_in_the_file_alone_is_the_same_state_and_nothing_else_is_said() -> None:
    text = procedure_texts()["workflows/labour.yaml"]
    found = difference(procedure("labour"), read(re.sub(r"\bfiled\b", "received", text)), around())

    (change,) = found
    assert change.place == "states.received"
    assert "filed" in change.sentence.zh
    assert "--map filed=received" in change.sentence.en


def test_a_move_that_is_the_same_in_many_states_is_told_of_once() -> None:
    labour = procedure("labour")
    states = {name: without_the_reason(state) for name, state in labour.states.items()}
    many = [name for name, state in labour.states.items() if "withdraw" in state.moves]
    assert len(many) > 1

    found = difference(labour, replace(labour, states=states), around())

    told = [change for change in found if ".moves.withdraw." in change.place]
    assert len(told) == 1
    assert all(f"states.{name}.moves.withdraw" in told[0].place for name in many)


def without_the_reason(state: State) -> State:
    moves = {
        name: replace(move, basis="新的依据") if name == "withdraw" else move
        for name, move in state.moves.items()
    }
    return replace(state, moves=moves)


def test_guards_are_told_in_titles() -> None:
    labour = procedure("labour")
    old = labour.states["filed"]
    ways = (Branch("proposed", IsSet("claim_amount")), Branch("refusal_proposed"))
    moves = {**old.moves, "propose": replace(old.moves["propose"], branches=ways)}
    states = {**labour.states, "filed": replace(old, moves=moves)}

    (change,) = difference(labour, replace(labour, states=states), around())

    assert "如已填写“标的额（元）”，转入“拟受理待审批”；否则转入“拟不予受理待审批”" in change.sentence.zh
    assert "if “Amount claimed (yuan)” is known, to “Acceptance proposed”; otherwise to" in change.sentence.en


def test_a_role_is_called_by_its_title_in_the_register() -> None:
    labour = procedure("labour")
    opened_by = (*labour.opened_by, Who("supervisor", relation=False))

    (change,) = difference(labour, replace(labour, opened_by=opened_by), around())

    assert change.sentence.zh == "本程序的可立案的岗位增加任一“督办人员”。"


def test_a_ladder_is_told_rung_by_rung() -> None:
    new = register(("when: on target,", "when: 2 days after target,"))

    (change,) = difference(register(), new)

    assert (change.kind, change.place) == ("rung", "ladders.award.W2.when")
    assert change.sentence.zh == "阶梯“award”的W2由目标日当日改为目标日后2日。"


def test_another_name_of_a_source_is_told() -> None:
    new = register(("仲裁法: Arbitration Law", "仲裁法: Law on Arbitration"))

    (change,) = difference(register(), new)

    assert (change.kind, change.place) == ("source", "sources.仲裁法")
    assert change.sentence.zh == "依据“仲裁法”的英文名称由“Arbitration Law”改为“Law on Arbitration”。"


def test_a_text_that_changed_in_one_language_is_said_to_have_in_both() -> None:
    labour = procedure("labour")

    (change,) = difference(labour, replace(labour, title=replace(labour.title, en="Another")), around())

    assert change.sentence.zh == f"本程序的英文名称由“{labour.title.en}”改为“Another”。"
    assert change.sentence.en.startswith("The English title of this procedure changes from")


def test_a_procedure_and_a_register_are_not_compared() -> None:
    with pytest.raises(TypeError):
        difference(procedure("labour"), register())  # type: ignore[call-overload]


def read(text: str) -> Procedure:
    found = read_procedure(text, "workflows/labour.yaml", register().roles, fragments())
    assert isinstance(found, Procedure), found
    return found
