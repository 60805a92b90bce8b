"""Versions to propose: texts of the office with one thing changed, and a small parent with its child to take apart."""

from __future__ import annotations

import re
from datetime import date

from engine.model.answers import Refusal
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.proposal_pages import Approved, ProposalPage
from tests.builders import REGISTER_FILE, edited, procedure_texts, register_text
from tests.cast import ADMIN, FANG, LIN, PARTIES

EXTENSION = "workflows/extension.yaml"
LATE_ENTRY = "workflows/late_entry.yaml"

W1_EARLIER = ("rung: W1, when: 10 days before target", "rung: W1, when: 14 days before target")


def titled(mark: str, file: str = EXTENSION) -> dict[str, str]:
    """A procedure of the office under another title, by its file."""
    text, count = re.subn(
        r"^title: \{zh: ", f"title: {{zh: {mark}", procedure_texts()[file], count=1, flags=re.M
    )
    assert count == 1
    return {file: text}


def real_register(*changes: tuple[str, str]) -> str:
    """The register of the office in use, with *changes*."""
    return edited(register_text(), ("rehearsal: true", "rehearsal: false"), *changes)


def in_use(engine: Engine) -> Engine:
    """The office no longer rehearses: from now on it takes two persons."""
    engine.activate({REGISTER_FILE: real_register()}, ADMIN)
    return engine


def proposed(engine: Engine, texts: dict[str, str], since: str | None = None, by: str = ADMIN) -> int:
    """Propose and return the number."""
    page = engine.propose(texts, by, date.fromisoformat(since) if since else None)
    assert page.number is not None
    return page.number


def approved(engine: Engine, number: int, by: str = FANG, seen: int | None = None) -> Approved:
    """Approve what must be approvable."""
    answer = engine.approve(number, by, seen)
    assert isinstance(answer, Approved), answer
    return answer


def refused(answer: Approved | ProposalPage | Refusal) -> Refusal:
    """The refusal that this must be."""
    assert isinstance(answer, Refusal), answer
    return answer


# --- a parent that waits for a child ----------------------------------------------------------------------

PARENT_FILE, CHILD_FILE = "workflows/errand.yaml", "workflows/look.yaml"

PARENT = """
procedure: errand
title: {zh: 差事, en: Errand}
basis: 内部规则
stages: {work: {zh: 办理, en: Work}}
persons:
  clerk: {role: filing_clerk, title: {zh: 经办人, en: clerk}}
matters:
  look: {procedure: look, at_end: cancelled}
opening:
  by: any filing_clerk
  assign: {clerk: actor}
states:
  begun:
    title: {zh: 已开始, en: Begun}
    stage: work
    awaits: clerk
    within: {limit: 5 days, basis: 内部规则}
    moves:
      send: {title: {zh: 去看, en: Send}, by: clerk, open: [look], to: waiting, basis: 内部规则}
      drop: {title: {zh: 作罢, en: Drop}, by: clerk, to: over, aside: true, basis: 内部规则}
  waiting:
    title: {zh: 等待, en: Waiting}
    stage: work
    awaits: {matter: look}
    within: {limit: 5 days, basis: 内部规则}
    on:
      - {when: look is seen, to: over}
      - {when: look is missed, to: begun}
  over: {title: {zh: 已办结, en: Ended}, stage: work, final: over}
"""

CHILD = """
procedure: look
title: {zh: 查看, en: Look}
basis: 内部规则
borrows: {persons: [clerk]}
stages: {work: {zh: 办理, en: Work}}
states:
  looking:
    title: {zh: 查看中, en: Looking}
    stage: work
    awaits: clerk
    within: {limit: 5 days, basis: 内部规则}
    moves:
      see: {title: {zh: 看到, en: See}, by: clerk, to: seen, basis: 内部规则}
      miss: {title: {zh: 没看到, en: Miss}, by: clerk, to: missed, aside: true, basis: 内部规则}
  seen: {title: {zh: 已看到, en: Seen}, stage: work, final: seen}
  missed: {title: {zh: 未看到, en: Missed}, stage: work, final: missed}
"""

PARENT_WITHOUT_MISSED = edited(PARENT, ("      - {when: look is missed, to: begun}\n", ""))
"""It answers one outcome alone: it fits a child that cannot miss."""

CHILD_WITHOUT_MISSED = edited(
    CHILD,
    (
        "      miss: {title: {zh: 没看到, en: Miss}, by: clerk, to: missed, aside: true, basis: 内部规则}\n",
        "",
    ),
    ("  missed: {title: {zh: 未看到, en: Missed}, stage: work, final: missed}\n", ""),
)
"""A case of the first parent asks whether it `missed`, which this child never does: it is a slip there."""

CHILD_THAT_BORROWS = edited(
    CHILD, ("borrows: {persons: [clerk]}", "borrows: {persons: [clerk], facts: [place]}")
)
"""It uses a fact that the first parent does not have."""

PARENT_THAT_LENDS = edited(
    PARENT, ("matters:\n", "facts:\n  place: {type: text, title: {zh: 地点, en: Place}}\nmatters:\n"),
    ("  by: any filing_clerk\n", "  by: any filing_clerk\n  asks: [place]\n"),
)  # fmt: skip

ERRANDS = (
    "procedures:\n",
    "procedures:\n"
    '  errand: {file: workflows/errand.yaml, series: 差, number: "差〔{year}〕{n}号"}\n'
    "  look: {file: workflows/look.yaml}\n",
)
"""The change of the register that names the two."""


def with_errands(engine: Engine) -> Engine:
    """The office, still rehearsing, with the parent and its child in force."""
    texts = {REGISTER_FILE: edited(register_text(), ERRANDS), PARENT_FILE: PARENT, CHILD_FILE: CHILD}
    engine.activate(texts, ADMIN)
    return engine


def errand(engine: Engine) -> str:
    """Open a case of the parent and return its number."""
    done = engine.open_case("errand", LIN, parties=PARTIES)
    assert isinstance(done, Done), done
    return done.number
