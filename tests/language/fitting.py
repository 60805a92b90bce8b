"""Small files that fit each other, and how a test asks for the problems between files."""

from __future__ import annotations

from engine.language.fragments import Fragment, is_fragment
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.procedure import Procedure
from engine.model.register import Register
from tests.language.small import ROLES, SMALL

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
    """Return the problems between *files*, each sound alone, as ``file:line:column code``."""
    register = read_register(files["workflows.yaml"], "workflows.yaml")
    assert isinstance(register, Register), register.said("en")
    fragments = {
        name: Fragment(name, file, files[file]) for name, file in register.fragments.items() if file in files
    }
    procedures = {}
    for file, text in files.items():
        if file != "workflows.yaml" and not is_fragment(text):
            read = read_procedure(text, file, ROLES, fragments)
            assert isinstance(read, Procedure), read.said("en")
            procedures[read.name] = read
    return [f"{p.file}:{p.line}:{p.column} {p.code}" for p in check_together(register, procedures, files)]
