"""Proofs: what `anxu check --prove` finds in files, and in the people of an office.

Room for: from what a check read to proofs of it; the people of the office that is at hand.
May not enter: click, a proof itself (`engine/language/proof`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from engine.language.problem import Problem
from engine.language.proof.finding import Finding
from engine.language.proof.proving import located, prove_together
from engine.language.proof.staffing import shortages
from engine.language.proof.world import worlds_of
from engine.model.people import People
from engine.run.checking import Checked, Material
from engine.text import Text

NOBODY_ASKED = Text(
    "未查人员：没有指明带数据库的办公室（--office 或 --db），各角色是否有人、签署人是否够用未作证明。",
    "People were not looked at: no office with a database was named (--office or --db), so it is not proved that every "
    "role is held and that there are people enough to sign.",
)


@dataclass(frozen=True, slots=True)
class Proved:
    """What the proofs came to: problems in the order of their places, and what was proved, in words."""

    problems: tuple[Problem, ...] = ()
    proved: tuple[Text, ...] = ()


def prove_checked(checked: Checked, people: People | None, day: date | None) -> Proved:
    """Return the proofs of what was *checked*; nothing where it has problems already.

    *people* are those of the office at hand on *day*; None where there is none.
    """
    material = checked.material
    if checked.problems or material is None:
        return Proved()
    proof = prove_together(material.register, material.procedures, material.files, material.named)
    problems, proved = list(proof.problems), list(proof.proved)
    if people is None or day is None:
        proved.append(NOBODY_ASKED)
    else:
        short = _short(material, people, day)
        problems += short
        proved += [] if short else [_enough(people)]
    return Proved(tuple(_shown(problems, material)), tuple(proved))


def _short(material: Material, people: People, day: date) -> tuple[Problem, ...]:
    worlds = [
        world
        for world in worlds_of(material.register, material.procedures)
        if material.named & {procedure.name for _, procedure in world.members()}
    ]
    found = [Finding(s.procedure, s.place, s.code, (), s.values) for s in shortages(worlds, people, day)]
    return located(found, material.register, material.procedures, material.files) if found else ()


def _shown(problems: Iterable[Problem], material: Material) -> list[Problem]:
    named = [replace(problem, file=material.shown.get(problem.file, problem.file)) for problem in problems]
    return sorted(named, key=lambda problem: (problem.file, problem.line, problem.column, problem.code))


def _enough(people: People) -> Text:
    n = len(people.persons)
    return Text(
        f"人员（{n}人）：各角色有人，任一人缺席时各级签署仍可由不同的人完成。",
        f"People ({n}): every role is held, and every signature can be another person's with any one of them away.",
    )
