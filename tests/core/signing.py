"""A short procedure whose draft is signed in three levels, the second a group of three, for tests of the chain.

Signatures can be carried to a new draft, an absent signer has a stand-in, and each other construct of a move has one.
"""

from __future__ import annotations

from functools import cache

from engine.language.procedure import read_procedure
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from tests import cast
from tests.builders import Clock, PaperStory, a_file, edited, register, with_holdings
from tests.cast import BING, CLAIMANT, HE, JIA, LU, QIU, SHEN, SONG, TANG, YI
from tests.law.notices import china_calendar

SIGNING = """\
procedure: signing
title: {zh: 签署试验, en: A sign-off}
basis: 核阅规则
stages: {all: {zh: 全程, en: All}}
persons:
  drafter: {role: arbitrator, title: {zh: 拟稿人, en: drafter}}
  tribunal: {role: arbitrator, many: true, sits: true, title: {zh: 仲裁庭, en: tribunal}}
  stand_in: {role: arbitrator, title: {zh: 代核人, en: stand-in}}
clocks:
  award: {title: {zh: 审限, en: Award period}, limit: 45 days, basis: 办案规则第45条}
facts:
  tribunal_named: {type: persons, role: arbitrator, title: {zh: 仲裁庭成员, en: Members}}
  drafter_named: {type: person, role: arbitrator, title: {zh: 指定拟稿人, en: Drafter to be named}}
  stand_in_named: {type: person, role: arbitrator, title: {zh: 指定代核人, en: Stand-in to be named}}
  hearing_on: {type: date, least: act date, most: 2026-12-31, title: {zh: 开庭日期, en: Hearing on}}
  earlier: {type: choice, title: {zh: 前案结果, en: How an earlier case ended}, choices: {none: {zh: 无, en: none}, deemed: {zh: 按撤回处理, en: deemed withdrawn}}}
  agreed_on: {type: date, title: {zh: 协议日期, en: Agreed on}}
  related: {type: cases, most: 3, title: {zh: 关联案件, en: Related cases}}
  comment: {type: text, title: {zh: 意见, en: Comment}}
  change: {type: choice, title: {zh: 修改性质, en: Kind of change}, choices: {form: {zh: 形式, en: form}, substance: {zh: 实体, en: substance}}}
  challenged: {type: person, title: {zh: 被申请回避的人, en: Whose recusal is asked for}}
  ground: {type: choice, title: {zh: 事由, en: Ground}, choices: {expert: {zh: 鉴定, en: expert opinion}}}
documents:
  application: {zh: 申请书, en: application}
  draft: {zh: 草稿, en: draft}
terms:
  joint_request: {title: {zh: 共同申请期, en: Time for a joint request}, limit: 15 days, of: agreed_on}
matters:
  remark: {procedure: remark}
  related_case: {procedure: remark, per: related}
  challenge: {procedure: challenge, bars: challenged}
opening:
  by: any filing_clerk
  parties: claimant
  needs: [tribunal_named, drafter_named]
  asks: [earlier, agreed_on, related]
  attach: [application]
  in_time: joint_request
  requires:
    - that: earlier is not deemed or earlier is not set
      else: {zh: 按撤回处理的不得再次申请, en: What was deemed withdrawn cannot be filed again}
    - that: count tribunal_named = 1 or count tribunal_named = 3
  assign: {tribunal: tribunal_named}
  clock: {award: start}
starts: drafting
states:
  drafting:
    title: {zh: 拟稿, en: Drafting}
    stage: all
    awaits: [drafter, any arbitrator]
    within: award
    moves:
      name_drafter:
        title: {zh: 指定拟稿人, en: Name the drafter}
        by: tribunal
        asks: [drafter_named]
        requires: [{that: drafter_named is tribunal, else: {zh: 拟稿人须为仲裁庭成员, en: The drafter must sit}}]
        assign: {drafter: drafter_named}
        to: stays
      hand_in: {title: {zh: 送核, en: Hand in}, by: [drafter, any arbitrator], attach: [draft], waits_while_suspended: true, to: level_1}
  answering:
    title: {zh: 修改, en: Mending}
    stage: all
    awaits: drafter
    within: award
    moves:
      hand_in_again:
        title: {zh: 再送核, en: Hand in again}
        by: drafter
        needs: [change]
        attach: [draft]
        to:
          - {when: change is form, state: resumed}
          - {otherwise: level_1}
  approved: {title: {zh: 通过, en: Approved}, stage: all, final: approved}
  given_up: {title: {zh: 作罢, en: Given up}, stage: all, final: given_up}
chain:
  stage: all
  document: draft
  not_by: [drafter, tribunal]
  sign: {title: {zh: 签署, en: Sign}, waits_while_suspended: true}
  return: {title: {zh: 退回, en: Return}, needs: [comment], to: answering}
  carry: {title: {zh: 沿用签署, en: Carry the signatures}, restart: {zh: 重新核阅, en: Begin anew}}
  stand_in: {title: {zh: 指定代核人, en: Name a stand-in}, person: stand_in, named: stand_in_named, last_by: any director}
  passed: approved
  levels:
    - {by: any reviewer_1, title: {zh: 一级, en: Level 1}, within: {limit: 2 work days}}
    - {by: any reviewer_3, members: 3, title: {zh: 小组, en: Group}, within: {limit: 3 work days}}
    - {by: any reviewer_5, title: {zh: 终级, en: Last level}, within: {limit: 1 work day}}
moves:
  postpone: {title: {zh: 延期开庭, en: Postpone}, by: tribunal, from: [drafting], needs: [hearing_on], at_most: 2, to: stays}
  deliver: {title: {zh: 送达, en: Deliver}, by: any arbitrator, holding: any reviewer_4, from: [drafting], to: stays}
  remark: {title: {zh: 提出意见, en: Remark}, by: any arbitrator, from: any open state, needs: [comment], open: [remark], to: stays}
  relate: {title: {zh: 列明关联案件, en: List related cases}, by: any arbitrator, from: any open state, needs: [related], open: [related_case], to: stays}
  challenge: {title: {zh: 申请回避, en: Challenge}, by: any secretary, from: any open state, needs: [challenged], open: [challenge], to: stays}
  preserve: {title: {zh: 保全, en: Preserve}, by: tribunal, from: any open state, urgent: true, to: stays}
  suspend: {title: {zh: 中止, en: Suspend}, by: any director, from: any open state, needs: [ground], clock: {award: {suspend: {ref: ground}}}, to: stays}
  resume: {title: {zh: 恢复, en: Resume}, by: any director, from: any open state, needs: [ground], clock: {award: {resume: {ref: ground}}}, to: stays}
  simplify_no_more: {title: {zh: 转普通, en: Turn ordinary}, by: tribunal, from: any open state, in_time: award, to: stays}
  give_up: {title: {zh: 作罢, en: Give up}, by: any director, from: any open state, to: given_up}
"""

REMARK = """\
procedure: remark
title: {zh: 意见, en: Remark}
basis: 核阅规则
borrows: {persons: [drafter]}
stages: {all: {zh: 全程, en: All}}
facts:
  comment: {type: text, title: {zh: 意见, en: Comment}}
states:
  open_now:
    title: {zh: 待答复, en: To be answered}
    stage: all
    awaits: any arbitrator
    within: {limit: 3 work days}
    moves:
      answer: {title: {zh: 答复, en: Answer}, by: any arbitrator, to: answered}
  answered: {title: {zh: 已答复, en: Answered}, stage: all, final: answered}
"""

CHALLENGE = """\
procedure: challenge
title: {zh: 回避申请, en: Challenge}
basis: 办案规则第11条
borrows: {persons: [recused]}
stages: {all: {zh: 全程, en: All}}
facts:
  challenged: {type: person, title: {zh: 被申请回避的人, en: Whose recusal is asked for}}
states:
  asked:
    title: {zh: 待决定, en: To be decided}
    stage: all
    awaits: any director
    within: {limit: 3 work days}
    moves:
      grant: {title: {zh: 准许, en: Grant}, by: any director, assign: {recused: challenged}, to: granted}
      refuse: {title: {zh: 驳回, en: Refuse}, by: any director, to: refused}
  granted: {title: {zh: 已准许, en: Granted}, stage: all, final: granted}
  refused: {title: {zh: 已驳回, en: Refused}, stage: all, final: refused}
"""

FIRST, GROUP, LAST = SHEN, (LU, TANG, QIU), SONG


@cache
def signing(*changes: tuple[str, str]) -> Procedure:
    """The procedure of the sign-off, with *changes* made to its text."""
    return _read(edited(SIGNING, *changes), "signing")


def _read(text: str, name: str) -> Procedure:
    read = read_procedure(text, f"{name}.yaml", register().roles)
    assert isinstance(read, Procedure), read.said("en")
    return read


@cache
def signing_rules(*changes: tuple[str, str]) -> Rules:
    """The rules of an office with these procedures alone, and three reviewers of the group's role."""
    read = (signing(*changes), _read(REMARK, "remark"), _read(CHALLENGE, "challenge"))
    rules = Rules(
        definitions={procedure.hash: procedure for procedure in read},
        in_force={procedure.name: procedure.hash for procedure in read},
        register=register(),
        calendar=china_calendar(),
        people=cast.people(),
    )
    return with_holdings(
        rules, *((person, "reviewer_3") for person in GROUP), (LAST, "reviewer_5"), (HE, "arbitrator")
    )


def a_draft(*changes: tuple[str, str], clock: Clock | None = None, **facts: str) -> PaperStory:
    """A case whose draft is to be written by whoever sits."""
    story = PaperStory(signing_rules(*changes), clock)
    named = {"tribunal_named": f"{JIA} {YI} {BING}", "drafter_named": YI, **facts}
    return story.open_under("signing", parties=[CLAIMANT], files=["application"], **named)


def handed_in(*changes: tuple[str, str], clock: Clock | None = None) -> PaperStory:
    """The same once its first draft has been handed in by YI."""
    story = a_draft(*changes, clock=clock)
    story.do("name_drafter", JIA, drafter_named=YI)
    story.do("hand_in", YI, files=[a_file("draft", "第一稿")])
    return story
