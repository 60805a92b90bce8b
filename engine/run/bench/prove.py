"""Benchmark: checking and proving a procedure of very many states, beside the least that walks through it.

Room for: the procedure as a text, the two things timed.
May not enter: the proofs (`engine/language/proof`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from time import process_time

from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.proof.proving import prove_together
from engine.model.procedure import Procedure
from engine.model.register import RegisteredProcedure
from engine.run.bench.frame import Benchmark, Order, Pair
from engine.run.checking import starter_register
from engine.text import Text

STATES = 2_000
FILE = "large.yaml"
NAME = "large"
STATES_A_STAGE = 10
ROUNDS = 3

_HEAD = """\
procedure: large
title: {zh: 大程序, en: Large procedure}
basis: 测试
handler: clerk
stages:
  only: {zh: 办理, en: Handling}
persons:
  clerk: {role: filing_clerk, title: {zh: 承办人, en: clerk}}
facts:
  received_on: {type: date, title: {zh: 收件日期, en: Received on}}
  amount: {type: amount, least: 0, most: 1000, title: {zh: 金额, en: Amount}}
  track: {type: choice, title: {zh: 轨道, en: Track}, choices: {plain: {zh: 普通, en: plain}, fast: {zh: 快速, en: fast}}}
  ground: {type: choice, title: {zh: 中止事由, en: Ground}, choices: {illness: {zh: 疾病, en: illness}, expert: {zh: 鉴定, en: expert}}}
matters:
  question: {procedure: question}
clocks:
  award: {title: {zh: 审限, en: Award period}, limit: 45 days, ladder: award}
opening:
  by: any filing_clerk
  needs: [track]
  assign: {clerk: actor}
  set: {received_on: act date}
  clock: {award: start}
states:
"""
_STATE = """\
  s{n}:
    title: {{zh: 状态{n}, en: State {n}}}
    stage: only
    awaits: clerk
    within: award
    moves:
      go: {{title: {{zh: 下一步, en: Go on}}, by: clerk, to: {onward}}}
"""
_FORK = """\
      choose: {{title: {{zh: 分流, en: Choose}}, by: clerk, needs: [amount], requires: [{{that: no question is open}}], to: [{{when: amount > 500 and track is fast, state: {far}}}, {{otherwise: {onward}}}]}}
      back: {{title: {{zh: 退回, en: Go back}}, by: clerk, to: {before}}}
"""
_TAIL = """\
  done: {title: {zh: 办结, en: Done}, stage: only, final: done}
moves:
  suspend: {title: {zh: 中止, en: Suspend}, by: any director, from: any open state, needs: [ground], clock: {award: {suspend: {ref: ground}}}, to: stays}
  resume: {title: {zh: 恢复, en: Resume}, by: any director, from: any open state, needs: [ground], clock: {award: {resume: {ref: ground}}}, to: stays}
  ask: {title: {zh: 提问, en: Ask}, by: clerk, from: any open state, open: [question], to: stays}
  stop: {title: {zh: 撤回, en: Withdraw}, by: clerk, from: any open state, clock: {award: end}, to: done}
"""


def large_text(states: int) -> str:
    """Return a sound procedure of so many states: a line with forks, ways back, a clock and a matter beside it."""
    return _HEAD + "".join(_states(states)) + _TAIL


def _states(states: int) -> Iterator[str]:
    def named(n: int) -> str:
        return f"s{n}" if n < states - 1 else "done"

    for n in range(states - 1):
        yield _STATE.format(n=n, onward=named(n + 1))
        if n % STATES_A_STAGE == STATES_A_STAGE - 1:
            yield _FORK.format(onward=named(n + 1), far=named(n + 2), before=named(n - STATES_A_STAGE + 1))


def checked(text: str) -> Procedure:
    """Return the procedure in *text*, which is sound."""
    read = read_procedure(text, FILE, starter_register().roles)
    assert not isinstance(read, Problems), read.said("en")
    return read


def proved(procedure: Procedure, text: str) -> None:
    """Prove *procedure*, which holds in every respect."""
    entry = RegisteredProcedure(NAME, FILE, "大", "{year}-{n}")
    register = replace(starter_register(), procedures={NAME: entry}, fragments={})
    proof = prove_together(register, {NAME: procedure}, {FILE: text})
    assert not proof.problems, Problems(proof.problems).said("en")


def _pairs(order: Order) -> Iterable[Pair]:
    text = large_text(STATES if order.full else STATES // 4)
    for _ in range(ROUNDS):
        begun = process_time()
        procedure = checked(text)
        read = process_time()
        proved(procedure, text)
        yield Pair(process_time() - read, read - begun)


PROVE = Benchmark(
    name="prove",
    title=Text(
        "证明一部五百个状态的程序（--full 为两千个）", "a procedure of 500 states proved (2,000 with --full)"
    ),
    limit=Text("同一程序的检查", "checking the same procedure"),
    most=5,
    unit="s",
    pairs=_pairs,
)
