"""The register and its procedures fit each other, or the misfit is told where it was written."""

from __future__ import annotations

import pytest

from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.sentences import SENTENCES
from engine.language.together import check_together
from engine.model.procedure import Procedure
from engine.model.register import Register
from tests.language.small import BROKEN, ROLES, ROOT, SMALL, changed

REGISTER = """\
institution: small
title: {zh: 小院, en: Small court}
zone: Asia/Shanghai
offices:
  main: {zh: 仲裁院, en: Court}
roles:
  filing_clerk: {zh: 立案人员, en: filing clerk}
  secretary: {zh: 秘书, en: secretary}
  director: {zh: 主任, en: director}
  reviewer_1: {zh: 一级, en: level 1}
  reviewer_2: {zh: 二级, en: level 2}
procedures:
  small: {file: small.yaml, series: 小, number: "〔{year}〕{n}号"}
  review: {file: review.yaml}
targets:
  - {procedure: small, clock: award, target: 30 days, from: 2026-01-01}
ladders:
  award:
    - {rung: W1, when: on limit, to: [director, clerk], opens: review, says: {zh: 到期, en: Due}}
  step:
    - {rung: S1, when: on limit, to: [awaited, recused], says: {zh: 到期, en: Due}}
"""
REVIEW = """\
procedure: review
title: {zh: 核阅, en: Review}
basis: 规则
borrows: {persons: [clerk], facts: [reason, received_on], clocks: [award]}
stages:
  only: {zh: 核阅, en: Review}
facts:
  days: {type: whole, title: {zh: 天数, en: Days}}
states:
  read:
    title: {zh: 待核阅, en: To be read}
    stage: only
    awaits: any director
    within: {limit: 2 work days, of: received_on, ladder: step}
    moves:
      sign: {title: {zh: 通过, en: Sign}, by: any director, not_by: [clerk], needs: [days], requires: [{that: reason is set}], to: approved}
  approved: {title: {zh: 通过, en: Approved}, stage: only, final: approved}
"""
FILES = {"workflows.yaml": REGISTER, "small.yaml": SMALL, "review.yaml": REVIEW}


def together(files: dict[str, str]) -> list[str]:
    """Return the problems between *files*, as ``file:line:column code``."""
    register = read_register(files["workflows.yaml"], "workflows.yaml")
    assert isinstance(register, Register), register.said("en")
    procedures = {}
    for file, text in files.items():
        if file != "workflows.yaml":
            read = read_procedure(text, file, ROLES)
            assert isinstance(read, Procedure), read.said("en")
            procedures[read.name] = read
    return [f"{p.file}:{p.line}:{p.column} {p.code}" for p in check_together(register, procedures, files)]


def test_the_files_that_come_with_anxu_fit_each_other() -> None:
    paths = [ROOT / "workflows.yaml", *sorted((ROOT / "workflows").glob("*.yaml"))]
    files = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    register = read_register(files["workflows.yaml"], "workflows.yaml")
    assert isinstance(register, Register)
    procedures = {}
    for file, text in files.items():
        if file != "workflows.yaml":
            read = read_procedure(text, file, register.roles)
            assert isinstance(read, Procedure)
            procedures[read.name] = read

    assert check_together(register, procedures, files) == ()


def test_the_small_files_fit_each_other() -> None:
    assert together(FILES) == []


NO_HANDLER = ("to: [awaited, recused]", "to: [handler]")
MISFITS = [
    ("a registered file that is not there", "workflows.yaml", [("review.yaml", "reviews.yaml")],
     ["workflows.yaml:14:18 file_not_given"]),
    ("another name in the file", "review.yaml", [("procedure: review", "procedure: reading")],
     ["workflows.yaml:14:3 name_differs"]),
    ("cases without numbers", "workflows.yaml", [(', series: 小, number: "〔{year}〕{n}号"', "")],
     ["workflows.yaml:13:3 not_numbered"]),
    ("a target for no clock", "workflows.yaml", [("clock: award", "clock: awards")],
     ["workflows.yaml:16:31 unknown_clock"]),
    ("a target beyond the limit", "workflows.yaml", [("30 days", "50 days")],
     ["workflows.yaml:16:46 target_beyond_limit"]),
    ("a matter by no procedure", "small.yaml", [("procedure: review}", "procedure: reviw}")],
     ["small.yaml:12:23 unknown_procedure"]),
    ("a matter that is a case", "small.yaml", [("procedure: review}", "procedure: small}")],
     ["small.yaml:12:23 not_a_matter"]),
    ("a person nobody lends", "review.yaml", [("persons: [clerk]", "persons: [clerk, drafter]")],
     ["review.yaml:4:28 not_offered"]),
    ("a fact nobody lends", "review.yaml", [("facts: [reason,", "facts: [reason, ground,")],
     ["review.yaml:4:45 not_offered"]),
    ("a clock nobody lends", "review.yaml", [("clocks: [award]", "clocks: [award, appeal]")],
     ["review.yaml:4:75 not_offered"]),
    ("a term that starts with a borrowed text", "review.yaml", [("of: received_on", "of: reason")],
     ["review.yaml:14:38 wrong_fact_type"]),
    ("a guard that compares a borrowed text", "review.yaml", [("reason is set", "days > 3 and reason > 3")],
     ["review.yaml:16:122 guard_type"]),
    ("an extension of what cannot be extended", "review.yaml", [("needs: [days]", "needs: [days], clock: {award: {extend: days}}")],
     ["review.yaml:16:99 not_extendable"]),
    ("the same in the case itself", "small.yaml",
     [("facts:\n", "facts:\n  days: {type: whole, title: {zh: 天数, en: Days}}\n"), ("needs: [reason]", "clock: {award: {extend: days}}")],
     ["small.yaml:27:66 not_extendable"]),
    ("an outcome the matter does not have", "small.yaml",
     [("when: review is approved", "when: not (review is open) and review is aproved")],
     ["small.yaml:33:51 unknown_outcome"]),
    ("an outcome nobody waits for", "review.yaml",
     [("      sign:", "      drop: {title: {zh: 撤, en: Drop}, by: any director, to: dropped}\n      sign:"),
      ("  approved: {", "  dropped: {title: {zh: 撤, en: Dropped}, stage: only, final: dropped}\n  approved: {")],
     ["small.yaml:32:5 outcome_unanswered"]),
    ("a ladder that is not registered", "review.yaml", [("ladder: step", "ladder: steps")],
     ["review.yaml:14:59 unknown_ladder"]),
    ("the ladder of a clock that is not registered", "small.yaml", [("ladder: award", "ladder: awards")],
     ["small.yaml:14:70 unknown_ladder"]),
    ("a handler nobody named", "workflows.yaml", [NO_HANDLER],
     ["review.yaml:14:59 handler_needed", "small.yaml:24:59 handler_needed"]),
    ("a recipient nobody is", "workflows.yaml", [("to: [director, clerk]", "to: [director, clark]")],
     ["workflows.yaml:19:49 unknown_recipient"]),
    ("a rung that opens nothing known", "workflows.yaml", [("opens: review", "opens: supervision")],
     ["workflows.yaml:19:64 unknown_matter"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "edits", "told"), [row[1:] for row in MISFITS], ids=[row[0] for row in MISFITS]
)
def test_a_misfit_is_told_where_it_was_written(
    file: str, edits: list[tuple[str, str]], told: list[str]
) -> None:
    assert together({**FILES, file: changed(FILES[file], *edits)}) == told


def test_a_procedure_with_problems_of_its_own_is_left_out() -> None:
    register = read_register(REGISTER, "workflows.yaml")
    small = read_procedure(SMALL, "small.yaml", ROLES)
    assert isinstance(register, Register)
    assert isinstance(small, Procedure)

    assert check_together(register, {"small": small}, {**FILES, "review.yaml": "procedure: review\n["}) == ()


def test_every_sentence_is_needed_by_a_broken_file_or_a_misfit() -> None:
    headers = [path.read_text(encoding="utf-8").partition("\n")[0] for path in BROKEN.glob("*.yaml")]
    broken = {entry.split()[1] for header in headers for entry in header.removeprefix("# ").split(", ")}
    misfits = {told.split()[1] for row in MISFITS for told in row[3]}
    hostile = {"empty", "not_utf8", "too_deep", "too_large", "too_many", "unreadable"}  # test_hostile.py

    assert broken | misfits | hostile == set(SENTENCES)
