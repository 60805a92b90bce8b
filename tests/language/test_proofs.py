"""The proofs: what ships holds; what is too much to look at is said; matters made one are told apart by nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.language.problem import Problems
from engine.language.proof.finding import Report
from engine.language.proof.proving import Proof, prove_together
from engine.language.proof.signers import prove_signers
from engine.language.proof.world import World, worlds_of
from engine.language.register import read_register
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.run.checking import check_files
from engine.run.proofs import prove_checked
from tests.language.proving import CASE, PROOF, case_of, read, register
from tests.language.small import ROOT, changed

REGISTER = ROOT / "workflows.yaml"


def shipped() -> list[str]:
    read = read_register(REGISTER.read_text(encoding="utf-8"), REGISTER.name)
    assert isinstance(read, Register)
    return sorted(name for name, entry in read.procedures.items() if entry.number)


@pytest.mark.parametrize("name", shipped())
def test_every_procedure_that_ships_is_proved(name: str) -> None:
    material = check_files([REGISTER], None).material
    assert material is not None

    proof = prove_together(material.register, material.procedures, material.files, {name})

    assert Problems(proof.problems).said("en") == ""
    assert any(material.procedures[name].title.en in line.en for line in proof.proved)


def proof_of(*edits: tuple[str, str], most: int = 200_000) -> Proof:
    text = changed(CASE, *edits)
    procedure = read(text)
    return prove_together(register(), {procedure.name: procedure}, {"none.yaml": text}, most=most)


def test_a_sound_case_is_proved_and_it_is_said_how_far_was_looked() -> None:
    proof = proof_of()
    assert proof.problems == ()
    assert [line.en for line in proof.proved] == [
        "“Case”: explored by itself; situations: 5 (at most 200000).",
        "“Case” and its kinds of matter (0): every proof holds.",
    ]
    assert [line.zh for line in proof.proved] == [
        "“案件”：单独探查5种情形（上限200000）。",
        "“案件”及其0种事项：各项证明全部成立。",
    ]


KINDS = ("one", "two", "three", "four", "five")
TOGETHER = " or ".join(f"no {kind} is open" for kind in KINDS)
MATTERS = (
    ("clocks:\n", "matters:\n" + "".join(f"  {kind}: {{procedure: {kind}}}\n" for kind in KINDS) + "clocks:\n"),
    ("      decide: {title: {zh: 裁决, en: Decide}, by: tribunal,",
     f"      decide: {{title: {{zh: 裁决, en: Decide}}, by: tribunal, requires: [{{that: {TOGETHER}}}],"),
    ("moves:\n  suspend:",
     "moves:\n" + "".join(f"  ask_{kind}: {{title: {{zh: 请求, en: Ask}}, by: any director, from: [heard], open: [{kind}], to: stays}}\n" for kind in KINDS) + "  suspend:"),
)  # fmt: skip


def test_what_is_more_than_can_be_looked_at_is_not_proved() -> None:
    (problem,) = proof_of(*MATTERS, most=200).problems
    assert (problem.code, problem.line) == ("not_proved", 25)
    assert problem.reason.en == "one, two, three, four, five: more than 200 situations, not proved"
    assert problem.reason.zh == "one、two、three、four、five：情形超过200种，未能证明"


def test_matters_that_one_guard_asks_about_are_explored_together() -> None:
    proof = proof_of(*MATTERS)
    assert proof.problems == ()
    assert any("“one”, “two”, “three”, “four”, “five”" in line.en for line in proof.proved)
    assert any("taken to end in any way asked about" in line.en for line in proof.proved)


def test_a_level_whose_signer_may_have_signed_another_is_told() -> None:
    """The language lets nobody write this; a definition that came from elsewhere could say it."""
    world = _reviewed()
    review = world.children["review"]
    state = review.states["level_2"]
    sign = replace(state.moves["sign"], not_by=("secretary", "tribunal"))
    states = {**review.states, "level_2": replace(state, moves={**state.moves, "sign": sign})}
    report = Report()

    prove_signers(replace(world, children={"review": replace(review, states=states)}), "review", report)

    (finding,) = report.findings
    assert (finding.code, finding.place, finding.values["who"]) == (
        "signs_two_levels", "states.level_2.moves.sign.not_by", "level_1",
    )  # fmt: skip


def _reviewed() -> World:
    folder = PROOF / "release_without_asking"
    texts = [(folder / f"{name}.yaml").read_text(encoding="utf-8") for name in ("case", "review")]
    procedures: dict[str, Procedure] = {procedure.name: procedure for procedure in map(read, texts)}
    return worlds_of(register(), procedures)[0]


def test_a_file_that_no_register_names_is_proved_with_the_starters_roles_and_ladders(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(CASE.replace("procedure: case", "procedure: mine"), encoding="utf-8")

    proved = prove_checked(check_files([file], None), None, None)

    assert proved.problems == ()
    assert proved.proved[-1].en.startswith("People were not looked at")


def test_nothing_is_proved_of_what_reads_badly(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(CASE.replace("to: proposed}", "to: nowhere}"), encoding="utf-8")
    checked = check_files([file], None)

    assert checked.problems
    assert prove_checked(checked, None, None).proved == ()


def test_what_two_persons_kept_apart_do_never_overlaps() -> None:
    branches = "to: [{when: actor is tribunal, state: decided}, {when: actor is clerk, state: refused}, {otherwise: refused}]}"
    refused = "  refused: {title: {zh: 驳回, en: Refused}, stage: only, final: refused}\nmoves:\n  suspend"
    sound = (
        ("clock: {award: end}, to: decided}", f"clock: {{award: end}}, {branches}"),
        ("moves:\n  suspend", refused),
    )
    assert proof_of(*sound).problems == ()
    (problem,) = proof_of(*sound, ("  - [clerk, tribunal]\n", "  - [clerk, secretary]\n")).problems
    assert problem.code == "branches_overlap"


def test_the_sound_case_is_sound() -> None:
    assert case_of().name == "case"
