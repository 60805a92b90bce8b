"""Every broken file is told exactly what its first line says, in the order of its places."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from tests.language.small import BROKEN, ROLES

FILES = sorted(BROKEN.glob("*.yaml"))


def problems_in(path: Path) -> Problems:
    text = path.read_text(encoding="utf-8")
    read: object = read_procedure(text, path.name, ROLES)
    if path.name.startswith("register_"):
        read = read_register(text, path.name)
    assert isinstance(read, Problems), "this file is not broken"
    return read


def expected_in(path: Path) -> list[str]:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ").split(", ")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_told_all_its_problems_and_no_other(path: Path) -> None:
    told = [f"{p.line}:{p.column} {p.code}" for p in problems_in(path)]

    assert told == expected_in(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_is_a_whole_sentence_in_both_languages(path: Path) -> None:
    for problem in problems_in(path):
        for lang in ("zh", "en"):
            sentence = problem.reason.said(lang) + problem.fix.said(lang)
            assert "{}" not in sentence
            assert problem.fix.said(lang).strip().endswith(("。", "."))


def said(name: str) -> str:
    return problems_in(BROKEN / f"{name}.yaml").said("en")


def test_a_misspelt_state_is_shown_underlined_with_the_nearest_name() -> None:
    assert said("unknown_target") == (
        "unknown_target.yaml:31:79: unknown state 'propsed'\n"
        "    31 |       propose: {title: {zh: 报批, en: Propose}, by: clerk, needs: [reason], to: propsed}\n"
        "       |                                                                                 ^^^^^^^\n"
        "fix: did you mean 'proposed'? States known here: accepted, filed, proposed."
    )


def test_the_same_is_said_in_chinese() -> None:
    problems = problems_in(BROKEN / "unknown_stage.yaml")
    assert problems.said("zh") == (
        "unknown_stage.yaml:27:12: 未知的阶段“onyl”\n"
        "    27 |     stage: onyl\n"
        "       |            ^^^^\n"
        "改法：是否应为“only”？可用的阶段：only。"
    )


def test_a_sentence_cut_by_its_comma_is_told_to_wear_quotes() -> None:
    assert said("comma_in_a_sentence").endswith("fix: put quotes around the whole sentence.")


def test_a_full_width_colon_is_told_as_what_it_is() -> None:
    assert "5:7: '：' is a full-width mark" in said("full_width_colon")


def test_a_loop_of_reactions_is_told_with_its_way() -> None:
    (problem,) = problems_in(BROKEN / "reactions_in_a_circle.yaml")
    assert problem.path == ("filed", "proposed", "filed")


def test_a_trap_is_told_once_with_the_shortest_way_into_it() -> None:
    problems = problems_in(BROKEN / "trap.yaml")
    assert [(p.code, p.path) for p in problems] == [("no_way_out", ("filed", "proposed", "lost"))]
