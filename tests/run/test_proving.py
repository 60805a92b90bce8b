"""`anxu check --prove`: what people and programs are told, and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cast import CAST, SINCE
from tests.language.proving import CASE, PROOF
from tests.run.terminal import Terminal

LOOP = PROOF / "loop_in_one_state.yaml"
NOWHERE = {"ANXU_OFFICE": ""}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal away from any office."""
    return Terminal(tmp_path, now=None)


def test_a_fault_is_a_problem_like_any_other_with_the_way_to_it(terminal: Terminal) -> None:
    answer = terminal.type("check", str(LOOP), "--prove", "--json", **NOWHERE)

    assert answer.code == 1
    (problem,) = answer.json
    assert list(problem) == ["file", "line", "column", "code", "reason", "fix", "path"]
    assert problem["file"] == str(LOOP)
    assert problem["code"] == "endless_loop"
    assert problem["path"] == ["filed", "ask", "filed"]


def test_without_the_flag_the_same_file_is_sound(terminal: Terminal) -> None:
    assert terminal.type("check", str(LOOP), "--json", **NOWHERE).json == []


def test_people_read_the_way_and_how_far_was_looked(terminal: Terminal) -> None:
    answer = terminal.type("check", str(LOOP), "--prove", **NOWHERE)
    assert answer.code == 1
    assert "\n最短路径：filed → ask → filed\n改法：" in answer.out
    assert "\n“案件”：单独探查5种情形（上限200000）。\n未查人员：" in answer.out

    answer = terminal.type("check", str(LOOP), "--prove", "--lang", "en", **NOWHERE)
    assert "\nshortest way: filed → ask → filed\nfix: " in answer.out
    assert "\n“Case”: explored by itself; situations: 5 (at most 200000).\nPeople were not" in answer.out


def test_what_holds_ends_well_and_is_an_empty_list_for_programs(terminal: Terminal) -> None:
    shutil.copy(PROOF / "workflows.yaml", terminal.folder)
    file = terminal.folder / "case.yaml"
    file.write_text(CASE, encoding="utf-8")

    answer = terminal.type("check", str(file), "--prove", "--lang", "en", **NOWHERE)
    assert answer.code == 0
    assert "\n“Case”: explored by itself; situations: 5" in answer.out
    assert "every proof holds" in answer.out
    assert terminal.type("check", str(file), "--prove", "--json", **NOWHERE).json == []


def test_nothing_is_proved_of_a_file_with_problems(terminal: Terminal) -> None:
    file = terminal.folder / "case.yaml"
    file.write_text(CASE.replace("to: proposed}", "to: nowhere}"), encoding="utf-8")

    answer = terminal.type("check", str(file), "--prove", "--json", **NOWHERE)
    assert (answer.code, [one["code"] for one in answer.json]) == (1, ["unknown_state"])


def test_an_office_named_by_a_flag_is_asked_for_its_people(office: Terminal) -> None:
    file = office.folder.with_name("mine.yaml")
    file.write_text(
        CASE.replace(
            "accept: {title: {zh: 受理, en: Accept}, by: any director",
            "accept: {title: {zh: 受理, en: Accept}, by: any auditor",
        ).replace("awaits: any director", "awaits: any auditor"),
        encoding="utf-8",
    )
    answer = office.type("--office", str(office.folder), "check", str(file), "--prove", "--json")

    assert answer.code == 1
    (vacant,) = answer.json
    assert (vacant["file"], vacant["code"]) == (str(file), "role_vacant")
    assert vacant["reason"] == "仲裁院没有人担任“审计人员”"


def test_an_office_with_everybody_it_needs_is_proved_with_its_people(office: Terminal) -> None:
    for id, (name, roles) in CAST.items():
        known = office.type("people", "add", id, "--name", name, "--since", SINCE.isoformat(), *_flags(roles))
        assert known.code in (0, 1)

    file = office.folder / "workflows" / "agreement_review.yaml"
    answer = office.type("--office", str(office.folder), "check", str(file), "--prove", "--lang", "en")
    assert answer.code == 0, answer.out
    assert "every role is held, and every signature can be another person's" in answer.out


def _flags(roles: tuple[str, ...]) -> list[str]:
    return [word for role in roles for word in ("--role", role)]
