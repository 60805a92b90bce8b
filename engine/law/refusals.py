"""Refusals: what a person is told when a fact may not touch the clock, and what would help.

Room for: the refused fact, the codes, one sentence and one remedy each.
May not enter: deciding which code applies (`docket.py`, `course.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.law.duration import Duration
from engine.law.facts import ClockFact
from engine.text import Text

OVERRIDABLE = frozenset({"SUSPEND_AFTER_EXPIRY", "RESTART_AFTER_EXPIRY"})
"""What the director may let stand with a reason (K9); no extension is among them (K8)."""

_NONE_YET = Text("尚无", "none yet")

DIRECTOR = Text("主任", "director")
"""Who may let something stand after expiry, where the clock does not say who."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an extension is measured by: the most there can be, what was granted before it, who may decide."""

    most: Duration | None
    granted: tuple[Duration, ...]
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """The fact at *index* of those given, and the code of why it did not count.

    *against* is the date it was judged by (due date, start, end, recording); None where there is none.
    *allowance* comes with a refused extension.
    """

    index: int
    code: str
    against: date | None = field(default=None, compare=False)
    allowance: Allowance | None = field(default=None, compare=False)

    def sentence(
        self, facts: Sequence[ClockFact], roles: Mapping[str, Text] | None = None, who: Text = DIRECTOR
    ) -> Text:
        """Return the reason for a person, with its dates and lengths; *facts* are those that were read.

        With the titles of *roles* it also names who could have decided; *who* may make exceptions on the clock.
        """
        fact, allowance = facts[self.index], self.allowance
        if self.code == "EXT_OVER_CAP" and fact.days and allowance:
            return _over_the_cap(fact.on, fact.days, allowance)
        if self.code == "EXT_APPROVER" and roles and allowance and allowance.by:
            titles = _listed([roles.get(role, Text(role, role)) for role in sorted(allowance.by)])
            return _WHO_MAY.filled(on=fact.on, who=titles)
        return SENTENCES[self.code].filled(on=fact.on, against=self.against or _NONE_YET, who=who)

    def remedy(self, who: Text = DIRECTOR) -> Text:
        """Return what would make it possible; *who* may make exceptions on the clock."""
        if self.code == "EXT_OVER_CAP" and self.allowance and self.allowance.most is None:
            return _NO_WAY
        return REMEDIES[self.code].filled(who=who)


def _over_the_cap(on: date, asked: Duration, allowance: Allowance) -> Text:
    if asked.count < 1:
        return _NO_LENGTH.filled(on=on)
    if allowance.most is None:
        return _NEVER_EXTENDED.filled(on=on)
    granted = _listed([length.in_words() for length in allowance.granted])
    template = _SUM_OVER_CAP if allowance.granted else _OVER_CAP
    return template.filled(on=on, asked=asked.in_words(), granted=granted, most=allowance.most.in_words())


def _listed(texts: Sequence[Text]) -> Text:
    return Text("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))


_NO_LENGTH = Text(
    "{on}的延期没有延长任何时间：延期至少为1。",
    "The extension of {on} adds no time: it must be at least 1.",
)
_NEVER_EXTENDED = Text(
    "该期限不得延期，{on}的延期不生效。",
    "This period cannot be extended; the extension of {on} has no effect.",
)
_NO_WAY = Text("请在期限内办结。", "Close the case within the period.")
_OVER_CAP = Text(
    "{on}的延期为{asked}，超过延期上限{most}。",
    "The extension of {on} is {asked}; the cap on extensions is {most}.",
)
_SUM_OVER_CAP = Text(
    "{on}的延期为{asked}，加上已延期的{granted}，超过延期上限{most}。",
    "The extension of {on} is {asked}; with what is already granted ({granted}) that is over the cap of {most}.",
)
_WHO_MAY = Text(
    "{on}的延期不是由有权批准的人（{who}）决定的。",
    "The extension of {on} was not decided by someone who has the power to ({who}).",
)

SENTENCES: Mapping[str, Text] = {
    "ENTRY_STRUCK": Text(
        "{on}：该项补录未获{who}批准，不计入。",
        "{on}: the {who} did not approve this late entry; it does not count.",
    ),
    "START_TWICE": Text(
        "审限已于{against}起算，{on}不能再次起算。",
        "The clock already started on {against}; it cannot start again on {on}.",
    ),
    "END_TWICE": Text(
        "审限已记录于{against}结束，{on}不能再次结束。",
        "The clock is already recorded as ended on {against}; it cannot end on {on} as well.",
    ),
    "DATE_BEFORE_START": Text(
        "{on}早于审限起算日（{against}）。",
        "{on} is before the clock starts ({against}).",
    ),
    "DATE_AFTER_END": Text(
        "审限已于{against}结束，{on}的事项不再影响审限。",
        "The clock ended on {against}; nothing of {on} changes it.",
    ),
    "DATE_IN_FUTURE": Text(
        "{on}晚于录入日{against}，尚未发生的事项不能录入。",
        "{on} is later than {against}, the day it was recorded; what has not happened cannot be recorded.",
    ),
    "DATE_OUT_OF_ORDER": Text(
        "{on}的恢复早于其对应的中止（{against}）。",
        "The resumption of {on} is dated before its suspension ({against}).",
    ),
    "EXT_AFTER_EXPIRY": Text(
        "审限已于{against}届满，{on}的延期决定不生效。",
        "The period ran out on {against}; an extension decided on {on} has no effect.",
    ),
    "EXT_APPROVER": Text(
        "{on}的延期不是由有权批准的人决定的。",
        "The extension of {on} was not decided by someone who has the power to.",
    ),
    "EXT_OVER_CAP": Text(
        "{on}的延期累计超过延期上限。",
        "The extension of {on} brings the sum over the cap.",
    ),
    "SUSPEND_AFTER_EXPIRY": Text(
        "审限已于{against}届满，{on}起的中止或扣除不生效。",
        "The period ran out on {against}; a stop from {on} has no effect.",
    ),
    "RESUME_WITHOUT_SUSPEND": Text(
        "{on}的恢复没有对应的中止。",
        "The resumption of {on} has no open suspension to end.",
    ),
    "RESTART_AFTER_EXPIRY": Text(
        "审限已于{against}届满，{on}的事项不能使其重新计算。",
        "The period ran out on {against}; what happened on {on} does not start it anew.",
    ),
}
"""Code -> why not; ``{on}`` is the fact's date, ``{against}`` what it was judged by, ``{who}`` who may except."""

_CORRECT_IT = Text(
    "如日期有误，请更正原记录并写明理由。",
    "If a date is wrong, correct the entry that holds it, with the reason.",
)
_BY_EXCEPTION = Text(
    "确有必要的，由{who}写明理由特批；超期仍留痕。",
    "Where it is truly needed, the {who} may let it stand with a reason; the breach stays on record.",
)

REMEDIES: Mapping[str, Text] = {
    "ENTRY_STRUCK": Text(
        "该事项如确已发生，请附证明材料重新录入，再报{who}批准。",
        "If it did happen, enter it again with proof, for the approval of the {who}.",
    ),
    "START_TWICE": Text(
        "需要重新计算的，请录入重新计算事项。", "To count anew, record a restart and its ground."
    ),
    "END_TWICE": _CORRECT_IT,
    "DATE_BEFORE_START": _CORRECT_IT,
    "DATE_AFTER_END": _CORRECT_IT,
    "DATE_IN_FUTURE": Text("请在事项发生之日或之后录入。", "Record it on the day it happens, or later."),
    "DATE_OUT_OF_ORDER": _CORRECT_IT,
    "EXT_AFTER_EXPIRY": Text(
        "延期须在届满日当日或之前决定；届满前已决定的，请按决定日期录入并报{who}批准。",
        "Decide on or before the last day. If it was decided in time, enter it under its own date, "
        "for the approval of the {who}.",
    ),
    "EXT_APPROVER": Text("请报有权批准的人决定。", "Ask someone who may approve extensions to decide."),
    "EXT_OVER_CAP": Text(
        "请在上限以内重新申请；系统不会自行缩短。", "Ask again within the cap; nothing is cut down."
    ),
    "SUSPEND_AFTER_EXPIRY": _BY_EXCEPTION,
    "RESUME_WITHOUT_SUSPEND": Text(
        "请先录入中止，或选择要恢复的那一次中止。", "Record the suspension first, or name the one that ends."
    ),
    "RESTART_AFTER_EXPIRY": _BY_EXCEPTION,
}
"""Code -> what would make it possible; ``{who}`` is who may except."""

TITLES: Mapping[str, Text] = {
    "ENTRY_STRUCK": Text("补录未获批准", "late entry not approved"),
    "START_TWICE": Text("重复起算", "started twice"),
    "END_TWICE": Text("重复结束", "ended twice"),
    "DATE_BEFORE_START": Text("早于起算日", "before the start"),
    "DATE_AFTER_END": Text("晚于结束日", "after the end"),
    "DATE_IN_FUTURE": Text("录入时尚未发生", "recorded before it happened"),
    "DATE_OUT_OF_ORDER": Text("恢复早于中止", "resumed before it was suspended"),
    "EXT_AFTER_EXPIRY": Text("届满后延期", "extended after the last day"),
    "EXT_APPROVER": Text("延期人无权批准", "extended without the power to"),
    "EXT_OVER_CAP": Text("延期超过上限", "extended over the cap"),
    "SUSPEND_AFTER_EXPIRY": Text("届满后中止或扣除", "stopped after the last day"),
    "RESUME_WITHOUT_SUSPEND": Text("没有可恢复的中止", "resumed without a suspension"),
    "RESTART_AFTER_EXPIRY": Text("届满后重新计算", "begun anew after the last day"),
}
"""Code -> a short name for it, where there is no room for the sentence."""
