"""Fragments at the command line: found through the register, told at their own place, activated with their users."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.run.settings import DATABASE_FILE
from engine.service.activation import found_office
from engine.store.database import Database
from tests.builders import instant
from tests.language.small import changed
from tests.language.test_fragments import FORMS, USING, WAYS
from tests.run.terminal import Terminal
from tests.service.test_fragments import ADMIN, MORE, OFFICE


@pytest.fixture
def shared(tmp_path: Path) -> Terminal:
    """The files of an office with two fragments, not in a database yet."""
    folder = tmp_path / "office"
    folder.mkdir()
    for file, text in OFFICE.items():
        (folder / file).write_text(text, encoding="utf-8")
    return Terminal(folder)


@pytest.fixture
def running(shared: Terminal) -> Terminal:
    """The same office with its database."""
    database = Database(f"sqlite:///{shared.folder / DATABASE_FILE}")
    others = {file: text for file, text in OFFICE.items() if file != "workflows.yaml"}
    found_office(database, OFFICE["workflows.yaml"], "workflows.yaml", others, instant("2026-01-05"), ADMIN)
    database.close()
    return shared


def told(terminal: Terminal, *files: str) -> list[str]:
    answer = terminal.type("check", *(str(terminal.folder / file) for file in files), "--json")
    return [f"{Path(p['file']).name}:{p['line']} {p['code']}" for p in answer.json]


def write(terminal: Terminal, file: str, text: str) -> Path:
    place = terminal.folder / file
    place.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("files", [[], ["workflows.yaml"], ["small.yaml"], ["forms.yaml"], list(OFFICE)])
def test_sound_files_are_sound_however_they_are_named(shared: Terminal, files: list[str]) -> None:
    assert told(shared, *files) == []


def test_a_file_checked_alone_finds_its_fragments_through_its_register(
    shared: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nowhere = Terminal(shared.folder, None)
    answer = nowhere.type("check", str(shared.folder / "small.yaml"), ANXU_OFFICE="")
    assert answer.code == 0, answer.out


def test_a_fragment_is_checked_with_the_procedures_that_use_it(shared: Terminal) -> None:
    write(shared, "ways.yaml", changed(WAYS, ("to: dropped}", "to: droped}")))

    for files in (["ways.yaml"], ["small.yaml"], []):
        assert told(shared, *files) == ["ways.yaml:7 unknown_state"]


def test_a_fragment_without_its_name_is_not_taken_for_a_procedure(shared: Terminal) -> None:
    write(shared, "ways.yaml", changed(WAYS, ("fragment: ways\n", "")))

    problems = ["ways.yaml:1 fragment_first", "ways.yaml:1 missing_key"]
    assert told(shared) == told(shared, "ways.yaml") == problems


def test_a_draft_of_a_fragment_is_tried_from_wherever_it_lies(shared: Terminal, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(changed(WAYS, ("needs: [reason]", "needs: [raeson]")), encoding="utf-8")

    answer = shared.type("check", str(draft), "--json")
    assert [(p["file"], p["line"]) for p in answer.json] == [(str(draft), 7)]


def test_a_missing_an_unknown_and_an_unused_fragment_are_told(shared: Terminal) -> None:
    (shared.folder / "ways.yaml").unlink()
    assert told(shared) == ["small.yaml:3 unknown_fragment", "twin.yaml:3 unknown_fragment"]

    write(shared, "ways.yaml", WAYS)
    spare = changed(
        OFFICE["workflows.yaml"], ("  ways: ways.yaml\n", "  ways: ways.yaml\n  spare: spare.yaml\n")
    )
    write(shared, "workflows.yaml", spare)
    assert told(shared) == ["workflows.yaml:16 fragment_unused"]

    write(shared, "spare.yaml", changed(FORMS, ("fragment: forms", "fragment: spare")))
    assert told(shared) == ["workflows.yaml:16 fragment_unused"]


def test_a_procedure_with_fragments_is_drawn(shared: Terminal) -> None:
    drawn = shared.type("draw", str(shared.folder / "small.yaml"), "--format", "mermaid")
    assert drawn.code == 0, drawn
    assert "dropped" in drawn.out


def test_activating_a_fragment_names_each_procedure_that_changes_with_it(running: Terminal) -> None:
    done = running.ask("activate", str(write(running, "forms.yaml", MORE)), "--as", "admin")

    assert {(one["name"], one["unchanged"]) for one in done} == {("small", False), ("twin", False)}


def test_activating_a_procedure_takes_along_the_fragments_that_lie_beside_it(running: Terminal) -> None:
    write(running, "forms.yaml", MORE)
    done = running.ask("activate", str(write(running, "small.yaml", USING + "# 注\n")), "--as", "admin")

    assert {one["name"] for one in done} == {"small", "twin"}


def test_a_problem_of_an_activated_fragment_is_told_at_its_line(running: Terminal) -> None:
    bad = write(running, "ways.yaml", changed(WAYS, ("to: dropped}", "to: droped}")))
    answer = running.type("activate", str(bad), "--as", "admin")

    assert answer.code == 1
    assert "ways.yaml:7:91" in answer.out + answer.err


def test_a_new_office_has_the_fragments_of_its_procedures(office: Terminal) -> None:
    shared = office.folder / "workflows/fragments/paper_service.yaml"
    text = shared.read_text(encoding="utf-8")
    shared.write_text(text + "# 注\n", encoding="utf-8")

    assert office.type("check").code == 0
    done = office.ask("activate", str(shared), "--as", "admin")

    assert {one["name"] for one in done} == {"award_service", "document_service", "final_award_service"}
    assert not any(one["unchanged"] for one in done)
