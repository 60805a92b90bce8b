"""Every file that reads well and cannot work is told exactly what its first lines say: place, sentences, shortest way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.language.problem import Problem
from engine.run.checking import check_files
from engine.run.proofs import Proved, prove_checked
from engine.run.settings import REGISTER_FILE
from tests.language.small import BROKEN

PROOF = BROKEN / "proof"
BROKEN_ONES = sorted(path for path in PROOF.iterdir() if path.name != REGISTER_FILE)
_TOLD = re.compile(r"# (\d+:\d+) (\w+)\n# way:(.*)\n# zh: (.*)\n# en: (.*)\n")

Told = tuple[str, str, str, str, str, str]
"""File, line and column, code, way, and the reason in both languages."""


def proved(path: Path) -> Proved:
    checked = check_files([path / REGISTER_FILE if path.is_dir() else path], None)
    assert checked.problems == [], "it is told by every check already"
    return prove_checked(checked, None, None)


def told(problem: Problem) -> Told:
    place = f"{problem.line}:{problem.column}"
    way = " → ".join(problem.path)
    return Path(problem.file).name, place, problem.code, way, problem.reason.zh, problem.reason.en


def expected(path: Path) -> Iterator[Told]:
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        found = _TOLD.findall(file.read_text(encoding="utf-8"))
        yield from ((file.name, place, code, way.strip(), zh, en) for place, code, way, zh, en in found)


@pytest.mark.parametrize("path", BROKEN_ONES, ids=lambda path: path.stem)
def test_what_cannot_work_is_told_with_its_place_and_the_shortest_way_to_it(path: Path) -> None:
    wanted = list(expected(path))

    assert wanted
    assert [told(problem) for problem in proved(path).problems] == wanted


@pytest.mark.parametrize("path", BROKEN_ONES, ids=lambda path: path.stem)
def test_what_cannot_work_is_told_in_whole_sentences(path: Path) -> None:
    for problem in proved(path).problems:
        for lang in ("zh", "en"):
            said = problem.said(lang)
            assert not re.search(r"\{\w*\}", problem.reason.said(lang) + problem.fix.said(lang))
            assert said.split("\n")[-1].endswith(("。", "."))
            assert not problem.path or " → ".join(problem.path) in said


def test_there_are_forty_of_them_at_least() -> None:
    assert len(BROKEN_ONES) >= 40
