"""A short procedure whose case does everything to its clock, for tests of what acts do to a period."""

from __future__ import annotations

from functools import cache

from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.model.case import Party
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from tests import cast
from tests.builders import (
    REGISTER_FILE,
    Clock,
    PaperStory,
    edited,
    fragments,
    register,
    register_text,
    rules_of,
)
from tests.law.notices import china_calendar

PERIOD = """\
procedure: period
title: {zh: 期限试验, en: A period}
basis: 办案规则
handler: secretary
track: track
stages: {all: {zh: 全程, en: All}}
persons:
  secretary: {role: secretary, title: {zh: 秘书, en: secretary}}
clocks:
  award:
    title: {zh: 审限, en: Award period}
    limit: 45 days
    extension: {most: 15 days, by: [director, delegated_head]}
    exceptions: [director]
    late: late_check
    basis: 办案规则第45条
facts:
  track: {type: choice, title: {zh: 程序, en: Track}, choices: {ordinary: {zh: 普通, en: ordinary}, fast: {zh: 速办, en: fast}}}
  ground: {type: choice, title: {zh: 事由, en: Ground}, choices: {expert: {zh: 鉴定, en: expert opinion}, heirs: {zh: 继承人, en: heirs}}}
  number_of_days: {type: whole, least: 1, most: 90, title: {zh: 天数, en: Days}}
  newcomer: {type: text, title: {zh: 追加的当事人, en: Who joins}}
  received_on: {type: date, title: {zh: 收件日期, en: Received on}}
  excluded_from: {type: date, title: {zh: 不计入起始日, en: Not counted from}}
  posted_on: {type: date, title: {zh: 交邮日期, en: Posted on}}
terms:
  objection: {title: {zh: 异议期, en: time to object}, limit: 10 work days, of: received_on, runs_while_suspended: true, basis: 办案规则第10条}
matters:
  late_check: {procedure: late_check, at_end: kept}
  copy: {procedure: copy, per: respondent}
opening:
  by: [any filing_clerk]
  asks: [track]
  set: {received_on: act date}
states:
  filed:
    title: {zh: 已收, en: Filed}
    stage: all
    awaits: [any director]
    within: {limit: 5 work days, ladder: step}
    moves:
      accept: {title: {zh: 受理, en: Accept}, by: [any director, any delegated_head], assign: {secretary: actor}, clock: {award: start}, open: [copy], to: running}
  running:
    title: {zh: 办理中, en: Running}
    stage: all
    awaits: [any director]
    within: award
    moves:
      decide: {title: {zh: 裁决, en: Decide}, by: [any director, any delegated_head, any secretary], clock: {award: end}, to: decided}
  decided:
    title: {zh: 已裁决, en: Decided}
    stage: all
    final: decided
moves:
  suspend: {title: {zh: 中止, en: Suspend}, by: [any director, any delegated_head, any secretary], from: [running], needs: [ground], clock: {award: {suspend: {ref: ground}}}, to: stays}
  resume: {title: {zh: 恢复, en: Resume}, by: [any director, any secretary], from: [running], needs: [ground], clock: {award: {resume: {ref: ground}}}, to: stays}
  publish: {title: {zh: 公告, en: Publish}, by: [any director, any secretary], from: [running], needs: [number_of_days], clock: {award: {publication: number_of_days}}, to: stays}
  exclude: {title: {zh: 不计入, en: Exclude}, by: [any director], from: [running], needs: [number_of_days, excluded_from], clock: {award: {exclude: {length: number_of_days, on: excluded_from}}}, to: stays}
  extend: {title: {zh: 延期, en: Extend}, by: [any director, any delegated_head, any secretary], from: [running], needs: [number_of_days], clock: {award: {extend: number_of_days}}, to: stays}
  aim: {title: {zh: 定个案期限, en: Set a target}, by: [any director], from: [running], needs: [number_of_days], clock: {award: {target: number_of_days}}, to: stays, basis: 个案督办决定}
  join: {title: {zh: 追加当事人, en: Join a party}, by: [any director, any secretary], from: [running], needs: [newcomer], joins: {role: respondent, named: newcomer}, clock: {award: restart}, open: [copy], to: stays, basis: 办案规则第46条第(1)项}
  object: {title: {zh: 提出异议, en: Object}, by: [any secretary], from: [running], asks: [posted_on], in_time: {term: objection, posted: posted_on}, to: stays, basis: 办案规则第10条}
"""

LATE = """\
procedure: late_check
title: {zh: 补录审批, en: Approval of a late entry}
basis: 内部规则
borrows: {clocks: [award]}
stages: {all: {zh: 审批, en: Approval}}
facts:
  why: {type: text, title: {zh: 理由, en: Reason}}
states:
  entered:
    title: {zh: 待批, en: To be approved}
    stage: all
    awaits: [any director]
    within: {limit: 2 work days, ladder: step}
    moves:
      approve: {title: {zh: 批准, en: Approve}, by: [any director], to: approved}
      reject: {title: {zh: 不予批准, en: Reject}, by: [any director], needs: [why], clock: {award: strike}, to: rejected}
  approved: {title: {zh: 已批准, en: Approved}, stage: all, final: approved}
  rejected: {title: {zh: 未批准, en: Rejected}, stage: all, final: rejected}
"""

COPY = """\
procedure: copy
title: {zh: 送副本, en: Send a copy}
basis: 办案规则
borrows: {}
stages: {all: {zh: 送达, en: Service}}
states:
  to_send:
    title: {zh: 待送, en: To be sent}
    stage: all
    awaits: [any secretary]
    within: {limit: 5 work days, ladder: step}
    moves:
      send: {title: {zh: 送出, en: Send}, by: [any secretary], to: sent}
  sent: {title: {zh: 已送, en: Sent}, stage: all, final: sent}
"""

TWO = (Party("", "claimant", "甲某"), Party("", "respondent", "乙公司"))


def period_rules(*targets: str) -> Rules:
    """The rules with the short procedures, and the *targets* in the place of the register's."""
    procedures = [_read(text) for text in (PERIOD, LATE, COPY)]
    base = rules_of(*procedures)
    return Rules(base.definitions, base.in_force, _register(targets), china_calendar(), cast.people())


def a_period(start: str, *targets: str, rules: Rules | None = None, **facts: str) -> PaperStory:
    """A case whose clock starts on *start*."""
    story = PaperStory(rules or period_rules(*targets), Clock(start))
    story.ask_open("period", cast.LIN, TWO, facts, None)
    story.do("accept", cast.FANG)
    return story


@cache
def _read(text: str) -> Procedure:
    name = text.split("\n", 1)[0].removeprefix("procedure: ")
    read = read_procedure(text, f"workflows/{name}.yaml", register().roles, fragments())
    assert isinstance(read, Procedure), read.said("en")
    return read


@cache
def _register(targets: tuple[str, ...]) -> Register:
    named = '  period: {file: workflows/period.yaml, series: 期, number: "期〔{year}〕{n}号"}\n'
    text = edited(register_text(), ("\nprocedures:\n", f"\nprocedures:\n{named}"))
    head, _, tail = text.partition("\ntargets:\n")
    _, _, ladders = tail.partition("\nladders:\n")
    lines = "".join(f"  - {{{target}}}\n" for target in targets)
    read = read_register(
        f"{head}\n" + (f"targets:\n{lines}\n" if targets else "") + f"ladders:\n{ladders}", REGISTER_FILE
    )
    assert isinstance(read, Register), read.said("en")
    return read
