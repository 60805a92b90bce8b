"""A sound case and what a test needs to prove things of it: its register, its world."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.model.procedure import Procedure
from engine.model.register import Register
from tests.language.small import BROKEN, changed

PROOF = BROKEN / "proof"

CASE = """\
procedure: case
title: {zh: 案件, en: Case}
basis: 规则
apart:
  - [clerk, tribunal]
stages:
  only: {zh: 办理, en: Handling}
persons:
  clerk: {role: filing_clerk, title: {zh: 立案人, en: clerk}}
  secretary: {role: secretary, title: {zh: 秘书, en: secretary}}
  tribunal: {role: arbitrator, many: true, sits: true, title: {zh: 仲裁庭, en: tribunal}}
facts:
  received_on: {type: date, title: {zh: 收件日期, en: Received on}}
  hearing_on: {type: date, title: {zh: 开庭日期, en: Hearing date}}
  ground: {type: choice, title: {zh: 事由, en: Ground}, choices: {illness: {zh: 疾病, en: illness}, expert: {zh: 鉴定, en: expert}, other: {zh: 其他, en: other}}}
  lawful: {type: yes_no, title: {zh: 合法, en: Lawful}}
  amount: {type: amount, least: 0, most: 1000, title: {zh: 金额, en: Amount}}
  reason: {type: text, most: 500, title: {zh: 理由, en: Reason}}
  secretary_named: {type: person, role: secretary, title: {zh: 指定秘书, en: Secretary named}}
  tribunal_named: {type: persons, role: arbitrator, least: 1, most: 3, title: {zh: 指定仲裁庭, en: Tribunal named}}
documents:
  draft: {zh: 草稿, en: draft}
  award: {zh: 裁决书, en: award}
clocks:
  award: {title: {zh: 审限, en: Award period}, limit: 45 days, ladder: award}
opening:
  by: any filing_clerk
  assign: {clerk: actor}
  set: {received_on: act date}
states:
  filed:
    title: {zh: 已收件, en: Filed}
    stage: only
    awaits: clerk
    within: {limit: 5 work days, of: received_on, ladder: step}
    moves:
      propose: {title: {zh: 报批, en: Propose}, by: clerk, needs: [amount], to: proposed}
  proposed:
    title: {zh: 待批, en: Proposed}
    stage: only
    awaits: any director
    within: {limit: 5 work days, ladder: step}
    moves:
      accept: {title: {zh: 受理, en: Accept}, by: any director, needs: [secretary_named, tribunal_named], assign: {secretary: secretary_named, tribunal: tribunal_named}, clock: {award: start}, to: heard}
  heard:
    title: {zh: 审理, en: Being heard}
    stage: only
    awaits: tribunal
    within: award
    moves:
      decide: {title: {zh: 裁决, en: Decide}, by: tribunal, clock: {award: end}, to: decided}
  decided: {title: {zh: 已裁决, en: Decided}, stage: only, final: decided}
moves:
  suspend: {title: {zh: 中止, en: Suspend}, by: any director, from: [heard], needs: [ground], clock: {award: {suspend: {ref: ground}}}, to: stays}
  resume: {title: {zh: 恢复, en: Resume}, by: any director, from: [heard], needs: [ground], clock: {award: {resume: {ref: ground}}}, to: stays}
"""


@cache
def register() -> Register:
    """The register of the broken files: its roles and its ladders."""
    read = read_register((PROOF / "workflows.yaml").read_text(encoding="utf-8"), "workflows.yaml")
    assert isinstance(read, Register), read.said("en")
    return read


def case_of(*edits: tuple[str, str]) -> Procedure:
    """The sound case, with *edits*."""
    return read(changed(CASE, *edits))


def read(text: str) -> Procedure:
    """Return the procedure written in *text*, which must be sound."""
    found = read_procedure(text, "case.yaml", register().roles)
    assert isinstance(found, Procedure), found.said("en")
    return found


def chain_file() -> Path:
    """A sound procedure with a chain of two levels."""
    return PROOF / "release_without_asking" / "review.yaml"
