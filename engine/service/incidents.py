"""Incidents: what must never be and was found is written down once, told, and stays until somebody has looked into it.

Room for: reporting and closing one, whom it concerns, the findings `doctor` makes of the open ones.
May not enter: looking for differences (`engine/law/agreement.py`, `inspection.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from engine.core.draft import carried_by, next_working_morning
from engine.core.writing import on_one_line
from engine.errors import ClocksDisagree, UnknownName
from engine.law.agreement import Difference
from engine.model.answers import Notice, Refusal
from engine.service.office import Office, Unit
from engine.service.pages import Finding
from engine.service.persisting import retried
from engine.service.staff import known_person
from engine.service.watching import not_a_watcher, watchers, watches
from engine.text import Text

CLOCKS_DIFFER = "CLOCKS_DIFFER"
"""The code of the incident that two clocks which disagree open, whoever looked."""

REASON_MOST = 500

CLOSE = Text("关闭异常", "close an incident")


def key_of(clock: str, found: Difference) -> str:
    """Return what tells one difference of a clock from another: the figures that differ, whatever they come to today."""
    return f"{clock}: {', '.join(found.figures)}"


def report(office: Office, at: datetime, case_id: str, code: str, sentence: Text, same: str = "") -> int:
    """Open an incident on a case unless one with the same *code* and *same* is open; tell administrators and supervisors.

    Return its number.
    """

    def attempt() -> int:
        with office.writing() as unit:
            case = unit.cases.find(case_id)
            known = unit.incidents.same(case.id, code, same)
            if known is not None:
                return known.number
            opened = unit.incidents.open(case.id, code, same, sentence, at)
            said = Text(f"{case.number}：{sentence.zh}", f"{case.number}: {sentence.en}")
            key = f"incident.{opened.number}"
            starts = next_working_morning(unit.rules, case.office, at)
            unit.incidents.tell(
                Notice(
                    person,
                    case.id,
                    case.main.id,
                    case.version,
                    said,
                    starts,
                    key,
                    carried_by(unit.rules, person, key, at, starts),
                )
                for person in watchers(unit.rules, case.office, at)
            )
            return opened.number

    return retried(attempt)


@contextmanager
def reported(office: Office, at: datetime) -> Iterator[None]:
    """Let what is done inside open an incident where two clocks disagree; the error goes on to whoever asked.

    One a case, however often the act is tried: what it would have changed is not written, so there is nothing to compare.
    """
    try:
        yield
    except ClocksDisagree as found:
        report(office, at, found.case, found.code, found.sentence, same="act")
        raise


def close(office: Office, at: datetime, number: int, by: str, reason: str) -> Refusal | None:
    """Close an incident, keeping who did and why; a Refusal where *by* may not.

    Raises UnknownName where there is none with this number, WrongUse without a reason that can be kept.
    """
    why = _worded(reason)

    def attempt() -> Refusal | None:
        with office.writing() as unit:
            known_person(unit.rules, by)
            incident = unit.incidents.get(number)
            if incident is None:
                raise UnknownName(Text(f"没有第{number}号异常。", f"There is no incident {number}."))
            # Case and person are looked at by their rows alone: a case that cannot be read may be what it is about.
            place = unit.cases.office_of(incident.case)
            if not watches(unit.rules, by, place, at):
                return not_a_watcher(unit.rules, place, by, at, CLOSE)
            unit.incidents.close(number, at, by, why)
            return None

    return retried(attempt)


def _worded(reason: str) -> str:
    wrong = Text(
        f"关闭异常须写明理由，1至{REASON_MOST}字，且不能含控制字符。",
        f"Closing an incident needs a reason of 1 to {REASON_MOST} characters and no control characters.",
    )
    return on_one_line(reason, REASON_MOST, wrong)


def findings(unit: Unit) -> Iterator[Finding]:
    """Yield what `doctor` says of the open incidents and of a calendar load that cases have not followed yet."""
    for incident in unit.incidents.open_ones():
        yield Finding(
            "incident", unit.cases.number_of(incident.case),
            Text(f"第{incident.number}号异常：{incident.sentence.zh}", f"incident {incident.number}: {incident.sentence.en}"),
            Text("请管理员或督办人员核查后关闭", "Have an administrator or supervisor look into it, then close it"),
        )  # fmt: skip
    for pending in unit.reprojections.unfinished():
        yield Finding(
            "calendar", None,
            Text("第{n}次录入的日历尚有案件未重算（{done}/{total}）", "cases have not followed calendar load {n} yet ({done} of {total})").filled(n=pending.load, done=pending.done, total=pending.total),
            Text("请运行 anxu sweep", "Run anxu sweep"),
        )  # fmt: skip
