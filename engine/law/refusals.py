"""Refusals: what a person is told when a fact may not touch the clock, and what would help.

Room for: the refused fact, the codes, one sentence and one remedy each.
May not enter: deciding which code applies (`docket.py`, `course.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.law.facts import ClockFact
from engine.text import Text

OVERRIDABLE = frozenset({"SUSPEND_AFTER_EXPIRY", "RESTART_AFTER_EXPIRY"})
"""What the director may let stand with a reason (K9); no extension is among them (K8)."""

_NONE_YET = Text("尚无", "none yet")


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """The fact at *index* of those given, and the code of why it did not count.

    *against* is the date it was judged by (due date, start, end, recording); None where there is none.
    """

    index: int
    code: str
    against: date | None = field(default=None, compare=False)

    def sentence(self, facts: Sequence[ClockFact]) -> Text:
        """Return the reason for a person, with its dates; *facts* are those that were read."""
        return SENTENCES[self.code].filled(on=facts[self.index].on, against=self.against or _NONE_YET)

    def remedy(self) -> Text:
        """Return what would make it possible."""
        return REMEDIES[self.code]


SENTENCES: Mapping[str, Text] = {
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
        "{on}的延期少于1，或者累计超过延期上限。",
        "The extension of {on} is less than 1 or brings the sum over the cap.",
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
"""Code -> why not; ``{on}`` is the fact's date, ``{against}`` the date it was judged by."""

_CORRECT_IT = Text(
    "如日期有误，请更正原记录。",
    "If a date is wrong, correct the entry that holds it (a correction, with reason).",
)
_DIRECTOR = Text(
    "确有必要的，由主任写明理由特批；超期仍留痕。",
    "The director may record an override with a reason; the breach stays on record.",
)

REMEDIES: Mapping[str, Text] = {
    "START_TWICE": Text(
        "需要重新计算的，请录入重新计算事项。", "To count anew, record a restart and its ground."
    ),
    "END_TWICE": _CORRECT_IT,
    "DATE_BEFORE_START": _CORRECT_IT,
    "DATE_AFTER_END": _CORRECT_IT,
    "DATE_IN_FUTURE": Text("请在事项发生之日或之后录入。", "Record it on the day it happens, or later."),
    "DATE_OUT_OF_ORDER": _CORRECT_IT,
    "EXT_AFTER_EXPIRY": Text(
        "延期须在届满日当日或之前决定；届满前已决定的，请按决定日期录入并报主任批准。",
        "Decide on or before the last day. If it was decided in time, enter it under its own date, "
        "with the director's approval.",
    ),
    "EXT_APPROVER": Text("请报有权批准的人决定。", "Ask someone who may approve extensions to decide."),
    "EXT_OVER_CAP": Text(
        "请在上限以内重新申请；系统不会自行缩短。", "Ask again within the cap; nothing is cut down."
    ),
    "SUSPEND_AFTER_EXPIRY": _DIRECTOR,
    "RESUME_WITHOUT_SUSPEND": Text(
        "请先录入中止，或选择要恢复的那一次中止。", "Record the suspension first, or name the one that ends."
    ),
    "RESTART_AFTER_EXPIRY": _DIRECTOR,
}
"""Code -> what would make it possible."""
