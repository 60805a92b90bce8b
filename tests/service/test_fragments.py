"""A procedure is stored with the fragments it uses, and a changed fragment brings every procedure along that uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import BrokenDefinition, UnknownName, WrongUse
from engine.language.problem import Problem
from engine.language.procedure import read_procedure
from engine.model.people import Holding, Person
from engine.model.procedure import Procedure
from engine.service.activation import found_office
from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import Clock, instant
from tests.conftest import opened_quickly
from tests.language.fitting import FILES, REGISTER
from tests.language.small import ROLES, changed
from tests.language.test_fragments import FORMS, USING, WAYS
from tests.language.test_own_roles import OWN

ADMIN = Person("admin", "管理员")
SHARED = changed(
    REGISTER,
    ("procedures:\n", "fragments:\n  forms: forms.yaml\n  ways: ways.yaml\nprocedures:\n  twin: {file: twin.yaml, series: 双, number: \"双〔{year}〕{n}号\"}\n"),
    ("zone: Asia/Shanghai\n", "zone: Asia/Shanghai\nrehearsal: true\n"),
)  # fmt: skip
TWIN = changed(USING, ("procedure: small", "procedure: twin"))
PARTS = {"forms.yaml": FORMS, "ways.yaml": WAYS}
OFFICE = {**FILES, "workflows.yaml": SHARED, "small.yaml": USING, "twin.yaml": TWIN, **PARTS}
MORE = changed(FORMS, ("documents:\n", "documents:\n  note: {zh: 便函, en: note}\n"))

Founded = Callable[[dict[str, str]], Engine]


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Founded]:
    """Found an office of these files in a database of its own."""
    opened: list[Database] = []

    def make(files: dict[str, str]) -> Engine:
        opened.append(opened_quickly(f"sqlite:///{tmp_path / 'small.db'}"))
        others = {file: text for file, text in files.items() if file != "workflows.yaml"}
        found_office(
            opened[0], files["workflows.yaml"], "workflows.yaml", others, instant("2026-01-05"), ADMIN
        )
        return Engine(opened[0], "small", Clock())

    yield make
    for database in opened:
        database.close()


def problems(error: BrokenDefinition) -> list[Problem]:
    return [problem for problem in error.problems if isinstance(problem, Problem)]


def newest(engine: Engine, name: str) -> Procedure:
    found = engine.rules().newest(name)
    assert found is not None
    return found


def test_what_is_stored_is_whole_in_itself(founded: Founded) -> None:
    engine = founded(OFFICE)

    with engine.office.reading() as unit:
        (stored,) = (text for text in unit.definitions.texts() if text.name == "small")
    assert stored.text == f"{USING}---\n{FORMS}---\n{WAYS}"
    assert stored.hash == newest(engine, "small").hash
    assert read_procedure(stored.text, stored.file, ROLES) == newest(engine, "small")


def test_a_fragment_that_changes_brings_along_every_procedure_that_uses_it(founded: Founded) -> None:
    engine = founded(OFFICE)

    done = engine.activate({"forms.yaml": MORE}, "admin")

    assert {one.name: one.unchanged for one in done} == {"small": False, "twin": False}
    assert "note" in newest(engine, "small").documents
    assert newest(engine, "twin").uses == ("forms", "ways")
    again = engine.activate({"forms.yaml": MORE}, "admin")
    assert {one.name: one.unchanged for one in again} == {"small": True, "twin": True}


def test_a_procedure_takes_the_fragments_it_is_not_given_from_what_is_in_force(founded: Founded) -> None:
    engine = founded(OFFICE)

    (done,) = engine.activate({"small.yaml": USING + "# 注\n"}, "admin")

    assert (done.name, done.unchanged) == ("small", False)
    assert "letter" in newest(engine, "small").documents


def test_a_procedure_with_a_changed_fragment_brings_the_others_along(founded: Founded) -> None:
    engine = founded(OFFICE)

    done = engine.activate({"small.yaml": USING + "# 注\n", "forms.yaml": MORE, "ways.yaml": WAYS}, "admin")

    assert {one.name for one in done} == {"small", "twin"}


def test_a_fragment_that_is_the_same_leaves_the_others_alone(founded: Founded) -> None:
    engine = founded(OFFICE)

    done = engine.activate({"small.yaml": USING + "# 注\n", "forms.yaml": FORMS}, "admin")

    assert [one.name for one in done] == ["small"]


def test_a_problem_in_a_fragment_is_told_at_its_own_place_and_nothing_is_stored(founded: Founded) -> None:
    engine = founded(OFFICE)
    before = engine.rules().in_force

    with pytest.raises(BrokenDefinition) as caught:
        engine.activate({"ways.yaml": changed(WAYS, ("to: dropped}", "to: droped}"))}, "admin")

    assert [(p.file, p.line, p.code) for p in problems(caught.value)] == [("ways.yaml", 7, "unknown_state")]
    assert engine.rules().in_force == before


def test_a_fragment_that_no_procedure_uses_is_refused(founded: Founded) -> None:
    rehearsal = changed(REGISTER, ("zone: Asia/Shanghai\n", "zone: Asia/Shanghai\nrehearsal: true\n"))
    engine = founded({**FILES, "workflows.yaml": rehearsal})

    with pytest.raises(WrongUse):
        engine.activate({"forms.yaml": FORMS}, "admin")


def test_a_register_that_names_a_fragment_nobody_uses_is_refused(founded: Founded) -> None:
    engine = founded(OFFICE)
    spare = changed(SHARED, ("  ways: ways.yaml\n", "  ways: ways.yaml\n  spare: spare.yaml\n"))

    with pytest.raises(BrokenDefinition) as caught:
        engine.activate({"workflows.yaml": spare}, "admin")
    assert [problem.code for problem in problems(caught.value)] == ["fragment_unused"]


def test_a_register_comes_into_force_beside_procedures_with_fragments(founded: Founded) -> None:
    engine = founded(OFFICE)

    (done,) = engine.activate({"workflows.yaml": SHARED + "# 注\n"}, "admin")
    assert (done.name, done.unchanged) == ("register", False)


def test_all_problems_of_files_with_fragments_are_found_together(founded: Founded) -> None:
    broken = {**OFFICE, "ways.yaml": changed(WAYS, ("to: dropped}", "to: droped}"))}

    with pytest.raises(BrokenDefinition) as caught:
        founded(broken)

    assert {(p.file, p.code) for p in problems(caught.value)} == {("ways.yaml", "unknown_state")}


def test_a_role_of_a_procedure_is_given_and_named_like_any_other(founded: Founded) -> None:
    engine = founded({**FILES, "small.yaml": OWN})
    rules = engine.rules()

    assert rules.roles["registrar"].zh == "书记官"
    engine.staff.give(Holding("admin", "registrar", "main", instant("2026-01-05").date()))
    with pytest.raises(UnknownName) as caught:
        engine.staff.give(Holding("admin", "registar", "main", instant("2026-01-05").date()))
    assert "registrar" in caught.value.sentence.en
    page = engine.person("admin")
    assert page is not None
    assert ("registrar", rules.roles["registrar"]) in page.roles
