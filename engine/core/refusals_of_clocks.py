"""Refusals of clocks: the sentences of a no that a date, a stop or a missing power stands behind.

Room for: one function a refusal; the law's own codes with who may except from them.
May not enter: deciding whether to refuse, the law's sentences (`engine/law/refusals.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.law.clock import RefusedFact
from engine.law.facts import ClockFact
from engine.law.refusals import DIRECTOR, OVERRIDABLE
from engine.model.answers import Refusal
from engine.model.case import Matter
from engine.model.procedure import Clock, Fact, Move
from engine.model.rules import Rules
from engine.text import Text, in_brackets


def nothing_suspended(clock: Text, matter: Matter) -> Refusal:
    """No suspension of the clock is open."""
    return Refusal(
        code="RESUME_WITHOUT_SUSPEND",
        reason=Text(
            f"“{clock.zh}”目前没有中止，无需恢复。",
            f"“{clock.en}” is not suspended, so there is nothing to resume.",
        ),
        guard="clock",
        matter=matter.id,
    )


def already_suspended(on: date, since: date, clock: Text) -> Refusal:
    """A suspension on this ground is open already."""
    return Refusal(
        code="ALREADY_SUSPENDED",
        reason=Text(
            "“{clock}”已因同一事由自{since}起中止，不能在{on}再次中止。",
            "“{clock}” has been suspended on this ground since {since}; it cannot be suspended again on {on}.",
        ).filled(clock=clock, since=since, on=on),
        guard="clock",
        fact=since.isoformat(),
        enables=Text("请先恢复，或另选中止事由", "Resume first, or name another ground"),
    )


def unlawful(rules: Rules, clock: Clock, refused: RefusedFact, facts: Sequence[ClockFact]) -> Refusal:
    """The law does not let the fact touch the clock; where somebody may except from that, they are named (K8, K9)."""
    titles = _titles(rules, clock)
    who = Text("或".join(t.zh for t in titles), " or ".join(t.en for t in titles)) if titles else DIRECTOR
    sentence, remedy = refused.sentence(facts, rules.roles, who), refused.remedy(who)
    may_except = refused.code in OVERRIDABLE and bool(clock.exceptions_by)
    return Refusal(
        code=refused.code,
        reason=Text(f"“{clock.title.zh}”：{sentence.zh}", f"“{clock.title.en}”: {sentence.en}"),
        guard="override" if may_except else "clock",
        fact=facts[refused.index].on.isoformat(),
        who=tuple(titles) if may_except else (),
        enables=_with_basis(remedy, rules.register.cited(clock.basis), refused.code),
    )


def term_over(
    move: Move, title: Text, article: Text | None, day: date, last: date, matter: Matter
) -> Refusal:
    """The move had to be done within a term or clock, called *title*, that was over on *day*."""
    return Refusal(
        code="TERM_OVER",
        reason=Text(
            "“{move}”应在“{term}”内办理，最后一日为{last}，{day}已逾期{basis}。",
            "“{move}” has to be done within the “{term}”; its last day was {last}, and {day} is too late{basis}.",
        ).filled(move=move.title, term=title, last=last, day=day, basis=in_brackets(article)),
        guard="in_time",
        fact=last.isoformat(),
        enables=Text(
            "确在期限内办理或交邮的，请填写当时的日期",
            "If it was done or posted in time, enter the day it was",
        ),
        matter=matter.id,
    )


def term_not_over(
    move: Move, title: Text, article: Text | None, day: date, last: date, matter: Matter
) -> Refusal:
    """The term called *title* must have run before the move, and on *day* it had not."""
    return Refusal(
        code="too_early",
        reason=Text(
            "“{term}”至{last}届满，{day}尚不能办理“{move}”{basis}。",
            "The “{term}” runs until {last}; “{move}” cannot be done on {day}{basis}.",
        ).filled(move=move.title, term=title, last=last, day=day, basis=in_brackets(article)),
        guard="not_before",
        fact=last.isoformat(),
        enables=Text(f"请于{last}起办理", f"Do it from {last} on"),
        matter=matter.id,
    )


def nothing_to_strike(clock: Text, matter: Matter) -> Refusal:
    """The matter is not about an entry that moved this clock."""
    return Refusal(
        code="NOTHING_TO_STRIKE",
        reason=Text(
            f"本事项没有对应的“{clock.zh}”补录记录。",
            f"This matter is not about a late entry on “{clock.en}”.",
        ),
        guard="clock",
        matter=matter.id,
    )


def start_stands(clock: Text, on: date, matter: Matter) -> Refusal:
    """Rejecting a late start would give the period more time."""
    return Refusal(
        code="START_STANDS",
        reason=Text(
            "“{clock}”自{on}起算，不因补录未获批准而推后。",
            "“{clock}” began on {on}; not approving its late entry cannot put that off.",
        ).filled(clock=clock, on=on),
        guard="clock",
        fact=on.isoformat(),
        enables=Text("日期有误的，请更正原记录", "If the date is wrong, correct the entry that holds it"),
        matter=matter.id,
    )


def own_entry(matter: Matter, name: str) -> Refusal:
    """Whoever recorded a late entry would decide on it."""
    return Refusal(
        code="apart",
        reason=Text(
            f"该事项由{name}录入，不能由本人审批。", f"{name} recorded this entry and cannot decide on it."
        ),
        guard="not_by",
        who=(),
        enables=Text("请由另一有权人员审批", "Have somebody else who may decide"),
        matter=matter.id,
    )


def late_needs_director(rules: Rules, clock: Clock, on: date) -> Refusal:
    """A correction would date a clock fact into a period that is over; only who may except from that can say so (K22)."""
    titles = _titles(rules, clock)
    zh, en = "或".join(t.zh for t in titles), " or ".join(t.en for t in titles)
    return Refusal(
        code="LATE_ENTRY_APPROVER",
        reason=Text(
            "“{clock}”在今日已届满，将事项更正到{on}属于期后补录，须由{who}办理。",
            "The “{clock}” has run out by today; dating something to {on} now is a late entry, which is for the {who}.",
        ).filled(clock=clock.title, on=on, who=Text(zh, en)),
        guard="by",
        who=tuple(titles),
        enables=Text(f"请由{zh}更正", f"Have the {en} correct it"),
    )


def clock_needs_fact(fact: Fact) -> Refusal:
    """The act moves a clock by something the form left open."""
    return Refusal(
        code="missing_fact",
        reason=Text(
            f"本步骤影响审限，请填写“{fact.title.zh}”。",
            f"This moves the clock, so “{fact.title.en}” is needed.",
        ),
        fact=fact.name,
        enables=Text("请填写该项", "Fill in this field"),
    )


def too_few_days(fact: Fact) -> Refusal:
    """A stop or a target of less than one day."""
    return Refusal(
        code="bad_fact",
        reason=Text(f"“{fact.title.zh}”不得少于1。", f"“{fact.title.en}” must be at least 1."),
        fact=fact.name,
        enables=Text("请更正该项后重新提交", "Put this field right and send again"),
    )


def bad_override(most: int) -> Refusal:
    """The reason of an override cannot be kept."""
    return Refusal(
        code="bad_fact",
        reason=Text(
            f"特批理由最多{most}字，且不能含控制字符。",
            f"The reason of an override has at most {most} characters and no control characters.",
        ),
        fact="override",
        enables=Text("请更正该项后重新提交", "Put this field right and send again"),
    )


def _with_basis(remedy: Text, article: Text | None, code: str) -> Text:
    # Only of extensions does the clock's article speak; the other rules are the engine's own (K9, K21, K22).
    if article is None or not code.startswith("EXT_"):
        return remedy
    zh, en = remedy.zh.rstrip("。"), remedy.en.rstrip(".")
    return Text(f"{zh}（依据：{article.zh}）", f"{en} (basis: {article.en})")


def _titles(rules: Rules, clock: Clock) -> list[Text]:
    roles = rules.roles
    return [roles.get(role, Text(role, role)) for role in clock.exceptions_by]
