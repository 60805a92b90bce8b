"""Incidents: what must never be and was found is written down once, told, and stays until somebody has looked into it.

Room for: reporting and closing one, whom it concerns, the findings `doctor` makes of the open ones.
May not enter: looking for differences (`engine/law/agreement.py`, `inspection.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from engine.core.draft import next_working_morning
from engine.errors import ClocksDisagree, UnknownName
from engine.model.answers import Notice, Refusal
from engine.model.case import Case
from engine.model.rules import Rules
from engine.service.acting import retried
from engine.service.office import Office, Unit
from engine.service.pages import Finding
from engine.service.staff import known_person
from engine.text import Text

WATCHERS = ("admin", "supervisor")
"""Who is told of an incident and may close it."""


def report(office: Office, at: datetime, case_id: str, code: str, sentence: Text) -> int:
    """Open an incident on a case unless an open one says the same; tell administrators and supervisors. Return its number."""

    def attempt() -> int:
        with office.writing() as unit:
            case = unit.cases.find(case_id)
            known = unit.incidents.same(case.id, code, sentence)
            if known is not None:
                return known.number
            opened = unit.incidents.open(case.id, code, sentence, at)
            said = Text(f"{case.number}：{sentence.zh}", f"{case.number}: {sentence.en}")
            key = f"incident.{opened.number}"
            starts = next_working_morning(unit.rules, case.office, at)
            unit.incidents.tell(
                Notice(person, case.id, case.main.id, case.version, said, starts, key)
                for person in _watchers(unit.rules, case, at)
            )
            return opened.number

    return retried(attempt)


@contextmanager
def reported(office: Office, at: datetime) -> Iterator[None]:
    """Let what is done inside open an incident where two clocks disagree; the error goes on to whoever asked."""
    try:
        yield
    except ClocksDisagree as found:
        report(office, at, found.case, found.code, found.sentence)
        raise


def close(office: Office, at: datetime, number: int, by: str) -> Refusal | None:
    """Close an incident; a Refusal where *by* may not. Raises UnknownName where there is none with this number."""
    with office.writing() as unit:
        known_person(unit.rules, by)
        incident = unit.incidents.get(number)
        if incident is None:
            raise UnknownName(Text(f"没有第{number}号异常。", f"There is no incident {number}."))
        case = unit.cases.get(incident.case)
        day = unit.rules.day_of(at)
        held = {one.role for one in unit.rules.people.capacities(by, case.office, day)}
        if not held & set(WATCHERS):
            return _not_a_watcher(unit.rules, case, by, at)
        unit.incidents.close(number, at)
        return None


def findings(unit: Unit) -> Iterator[Finding]:
    """Yield what `doctor` says of the open incidents and of a calendar load that cases have not followed yet."""
    for incident in unit.incidents.open_ones():
        yield Finding(
            "incident", unit.cases.number_of(incident.case),
            Text(f"第{incident.number}号异常：{incident.sentence.zh}", f"incident {incident.number}: {incident.sentence.en}"),
            Text("请管理员或督办人员核查后关闭", "Have an administrator or supervisor look into it, then close it"),
        )  # fmt: skip
    pending = unit.reprojections.unfinished()
    if pending is not None:
        yield Finding(
            "calendar", None,
            Text("第{n}次录入的日历尚有案件未重算（{done}/{total}）", "cases have not followed calendar load {n} yet ({done} of {total})").filled(n=pending.load, done=pending.done, total=pending.total),
            Text("请运行 anxu sweep", "Run anxu sweep"),
        )  # fmt: skip


def _watchers(rules: Rules, case: Case, at: datetime) -> tuple[str, ...]:
    day = rules.day_of(at)
    return tuple(
        dict.fromkeys(one for role in WATCHERS for one in rules.people.holders(role, case.office, day))
    )


def _not_a_watcher(rules: Rules, case: Case, by: str, at: datetime) -> Refusal:
    titles = [rules.register.roles.get(role, Text(role, role)) for role in WATCHERS]
    zh, en = "或".join(t.zh for t in titles), " or ".join(t.en for t in titles)
    name = rules.people.name(by)
    return Refusal(
        code="role",
        reason=Text(f"{name}不是{zh}，不能关闭异常", f"{name} is no {en} and cannot close an incident"),
        guard="by",
        who=tuple(rules.people.name(one) for one in _watchers(rules, case, at)),
        enables=Text(f"请由{zh}关闭", f"Have the {en} close it"),
    )
