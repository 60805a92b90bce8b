"""A small sound procedure, and how a test spoils or changes it."""

from __future__ import annotations

from pathlib import Path

from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.model.procedure import Procedure

ROOT = Path(__file__).parents[2]
BROKEN = Path(__file__).parent / "broken"

ROLES = ("filing_clerk", "secretary", "director", "reviewer_1", "reviewer_2")

SMALL = """\
procedure: small
title: {zh: 小程序, en: Small}
basis: 规则
stages:
  only: {zh: 办理, en: Handling}
persons:
  clerk: {role: filing_clerk, title: {zh: 立案人, en: clerk}}
facts:
  reason: {type: text, most: 500, title: {zh: 理由, en: Reason}}
  received_on: {type: date, title: {zh: 收件日期, en: Received on}}
matters:
  review: {procedure: review}
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
      propose: {title: {zh: 报批, en: Propose}, by: clerk, needs: [reason], open: [review], to: proposed}
  proposed:
    title: {zh: 待批, en: Proposed}
    stage: only
    awaits: {matter: review}
    within: award
    on:
      - {when: review is approved, to: accepted}
  accepted: {title: {zh: 已批准, en: Accepted}, stage: only, final: accepted}
"""


def changed(text: str, *edits: tuple[str, str]) -> str:
    """Return *text* with each edit made once; an edit that finds nothing to change is a mistake of the test."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def procedure_of(text: str) -> Procedure:
    """Return the procedure written in *text*, which must have no problems."""
    read = read_procedure(text, "small.yaml", ROLES)
    assert isinstance(read, Procedure), read.said("en")
    return read


def problems_of(text: str) -> Problems:
    """Return the problems of *text*, which must have some."""
    read = read_procedure(text, "small.yaml", ROLES)
    assert isinstance(read, Problems)
    return read


def small(*edits: tuple[str, str]) -> Procedure:
    """Return the small procedure with *edits*."""
    return procedure_of(changed(SMALL, *edits))
