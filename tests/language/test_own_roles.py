"""A procedure may have roles of its own; a register, and the files checked with it, know them and their one title."""

from __future__ import annotations

import pytest

from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.text import Text
from tests.language.fitting import FILES, REGISTER, together
from tests.language.small import ROLES, SMALL, changed, problems_of, procedure_of

OWN = changed(
    SMALL,
    ("stages:\n", "roles:\n  registrar: {zh: 书记官, en: registrar}\nstages:\n"),
    ("awaits: clerk\n", "awaits: any registrar\n"),
    ("by: clerk, needs", "by: any registrar, needs"),
)


def placed(problems: Problems) -> list[str]:
    return [f"{p.line}:{p.column} {p.code}" for p in problems]


def test_a_role_of_its_own_is_known_in_the_whole_file() -> None:
    procedure = procedure_of(OWN)

    assert procedure.roles == {"registrar": Text("书记官", "registrar")}
    assert [who.name for who in procedure.states["filed"].awaits] == ["registrar"]
    assert procedure_of(SMALL).roles == {}


def test_it_is_among_the_roles_that_a_slip_is_told_of() -> None:
    (problem,) = problems_of(changed(OWN, ("awaits: any registrar", "awaits: any registar")))
    assert problem.code == "unknown_role"
    assert problem.fix.en.startswith("did you mean 'registrar'?")


def test_no_role_is_called_as_ladders_call_a_recipient() -> None:
    problems = problems_of(changed(SMALL, ("stages:\n", "roles:\n  handler: {zh: 甲, en: A}\nstages:\n")))
    assert placed(problems) == ["5:3 reserved_name"]


def test_a_title_unlike_the_registers_is_told_with_both() -> None:
    known = {**dict.fromkeys(ROLES, Text("角色", "role")), "registrar": Text("登记官", "registrar")}
    read = read_procedure(OWN, "small.yaml", known)
    assert isinstance(read, Problems)

    assert placed(read) == ["5:3 role_differs"]
    assert [problem.reason for problem in read] == [
        Text(
            "角色“registrar”在此称“书记官”，在登记册中称“登记官”",
            "the role 'registrar' is called 'registrar' here and 'registrar' in the register",
        )
    ]


def test_the_same_title_in_both_places_is_no_problem() -> None:
    known = {**dict.fromkeys(ROLES, Text("角色", "role")), "registrar": Text("书记官", "registrar")}
    assert not isinstance(read_procedure(OWN, "small.yaml", known), Problems)


def test_a_rung_can_tell_a_role_of_a_procedure() -> None:
    register = changed(REGISTER, ("to: [director, clerk]", "to: [director, registrar]"))
    assert together({**FILES, "workflows.yaml": register, "small.yaml": OWN}) == []
    assert together({**FILES, "workflows.yaml": register}) == ["workflows.yaml:19:49 unknown_recipient"]


def review(title: str) -> str:
    own = f"roles:\n  registrar: {{zh: {title}, en: registrar}}\nstages:\n"
    return changed(FILES["review.yaml"], ("stages:\n", own))


NAMED = changed(REGISTER, ("roles:\n", "roles:\n  registrar: {zh: 登记官, en: registrar}\n"))
ROLE_MISFITS: list[tuple[dict[str, str], list[str]]] = [
    ({"review.yaml": review("书记官")}, []),
    ({"review.yaml": review("登记官")}, ["review.yaml:6:3 role_differs"]),
    ({"workflows.yaml": NAMED}, ["small.yaml:5:3 role_differs"]),
]


@pytest.mark.parametrize(("files", "expected"), ROLE_MISFITS, ids=["same", "other-procedure", "register"])
def test_a_role_has_one_title_wherever_it_is_declared(files: dict[str, str], expected: list[str]) -> None:
    assert together({**FILES, "small.yaml": OWN, **files}) == expected
