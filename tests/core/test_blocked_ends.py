"""A kind of matter that blocks the end blocks it too where the case would end by itself."""

from __future__ import annotations

from engine.core.fold import fold
from engine.language.procedure import read_procedure
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from tests import cast
from tests.builders import PaperStory, register
from tests.cast import CLAIMANT, FANG, JIA, LIN
from tests.core.signing import CHALLENGE, REMARK
from tests.law.notices import china_calendar

ENDING = """\
procedure: ending
title: {zh: 自动终结, en: Ends by itself}
basis: 规则
stages: {all: {zh: 全程, en: All}}
facts:
  comment: {type: text, title: {zh: 意见, en: Comment}}
  challenged: {type: person, title: {zh: 被申请回避的人, en: Whose recusal is asked for}}
matters:
  remark: {procedure: remark}
  challenge: {procedure: challenge, at_end: blocks}
opening: {by: any filing_clerk, parties: claimant}
states:
  begun:
    title: {zh: 开始, en: Begun}
    stage: all
    awaits: any director
    within: {limit: 5 work days}
    moves:
      go: {title: {zh: 进行, en: Go}, by: any director, needs: [comment, challenged], open: [remark, challenge], to: waiting}
  waiting:
    title: {zh: 等待, en: Waiting}
    stage: all
    awaits: {matter: remark}
    within: {limit: 5 work days}
    on:
      - {when: remark is answered, to: ended_well}
  ended_well: {title: {zh: 已结, en: Ended}, stage: all, final: ended_well}
"""


def rules() -> Rules:
    texts = {"ending": ENDING, "remark": REMARK, "challenge": CHALLENGE}
    read = [read_procedure(text, f"{name}.yaml", register().roles) for name, text in texts.items()]
    procedures = [procedure for procedure in read if isinstance(procedure, Procedure)]
    assert len(procedures) == len(texts)
    return Rules(
        definitions={p.hash: p for p in procedures},
        in_force={p.name: p.hash for p in procedures},
        register=register(),
        calendar=china_calendar(),
        people=cast.people(),
    )


def test_the_end_waits_for_what_blocks_it_and_comes_by_itself_once_that_has_ended() -> None:
    case = PaperStory(rules())
    case.open_under("ending", LIN, parties=[CLAIMANT])
    case.do("go", FANG, comment="请答复", challenged=JIA)
    case.do("answer", cast.YI, matter="remark")
    assert case.state == "waiting"

    case.do("refuse", FANG, matter="challenge")

    assert case.case.main.outcome == "ended_well"
    assert fold(case.history()) == case.case
