"""Promises: what must hold of one case as it stands: its rows, its owners, its limits, its clocks.

Room for: one check a promise, each asked of one dossier.
May not enter: what its history must not hold (`promises_of_history.py`), which cases are looked at, repairs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.authority import persons_of
from engine.core.clocks import Clocks, rule_of
from engine.core.projection import project
from engine.core.terms import limit_of
from engine.errors import AnxuError, BrokenDefinition, CalendarEnds, StoreAway
from engine.law.agreement import Difference, difference
from engine.model.case import Case, Matter
from engine.model.events import event_of
from engine.model.procedure import RECUSED, Clock, State
from engine.model.rules import Rules
from engine.service import incidents
from engine.service.chains import ASK, UNREADABLE, finding, replayed, unreadable
from engine.service.pages import Finding
from engine.service.promises_of_history import history_findings
from engine.store.dossiers import EVENTS, Dossier, differing
from engine.store.rows import case_of
from engine.text import Text

DO_NOT_RELY = Text(
    "请勿依赖该日期，立即联系管理员", "Do not rely on the date; have an administrator look into it at once"
)

_ROWS = {
    "cases": ("队列所用的日期或状态与案件不符", "the columns queues are read by are not those of the case"),
    "matters": ("事项行与案件不符", "the rows of its matters are not those of the case"),
    "todos": ("待办与案件不符", "the todos are not those of the case"),
    "timers": ("定时与案件不符", "the timers are not those of the case"),
    "shown_dates": (
        "日期记录簿的末行与案件不符",
        "the journal of shown dates does not end with those of the case",
    ),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """A case whose two clocks differ, with what the incident says and is known by."""

    case: str
    sentence: Text
    same: str


def promises_of(
    rules: Rules, dossier: Dossier, at: datetime, differ: list[Differing], *, unarmed: bool
) -> Iterator[Finding]:
    """Yield which promises a case breaks; *unarmed*: its timers have yet to follow the register in force, which is told once.

    Clocks whose two ways of counting differ are added to *differ*.
    """
    try:
        case = case_of(dossier.row.body)
        events = tuple(event_of(json.loads(row.body)) for row in dossier.of(EVENTS))
        if lost := sorted({m.definition for m in case.matters} - rules.definitions.keys()):
            zh = f"所依定义{lost[0][:12]}…已不在库中"
            yield finding(
                "definition", case.number, zh, f"the definition {lost[0][:12]}… it is pinned to is gone"
            )
            return
        yield from replayed(case, events)
        yield from history_findings(rules, case, events)
        wanted = project(rules, case)
    except UNREADABLE:
        yield unreadable(dossier.number)
        return
    except CalendarEnds as error:
        yield Finding(
            "clock", dossier.number, error.sentence, Text("请录入放假通知", "Load the holiday notice")
        )
        return
    except BrokenDefinition:
        zh = "所依定义本程序无法读取"
        yield finding(
            "definition", dossier.number, zh, "this program cannot read a definition it is pinned to"
        )
        return
    except StoreAway:
        raise
    except AnxuError as error:
        yield Finding("changed", dossier.number, error.sentence, ASK)
        return
    yield from _numbers(dossier, case)
    for table in differing(dossier, case, wanted):
        if not (table == "timers" and unarmed):
            yield finding(table, case.number, *_ROWS[table])
    yield from _ended(rules, case)
    clocks = Clocks(rules, case)
    for matter in case.open_matters():
        state = rules.procedure_of(matter).states[matter.state]
        yield from _owned(rules, case, matter, state, rules.day_of(at))
        yield from _limited(rules, case, matter, state, clocks)
    for clock, one in _differences(rules, case, at):
        said = Text("“{clock}”：{found}", "“{clock}”: {found}").filled(clock=clock.title, found=one.sentence)
        differ.append(Differing(case.id, said, incidents.key_of(clock.name, one)))
        yield Finding("clocks", case.number, said, DO_NOT_RELY)


def _numbers(dossier: Dossier, case: Case) -> Iterator[Finding]:
    rows = dossier.of(EVENTS)
    last = rows[-1].seq if rows else 0
    if not case.version == last == len(rows) or dossier.row.revision < 1:
        yield finding(
            "version",
            dossier.number,
            f"案件版本为{case.version}，记录却至第{last}号、共{len(rows)}条",
            f"the case is at version {case.version}, its events end with {last} and are {len(rows)}",
        )


def _ended(rules: Rules, case: Case) -> Iterator[Finding]:
    if case.open:
        return
    kinds = rules.main_procedure(case).matters
    for matter in case.open_matters():
        kind = kinds.get(matter.kind)
        if kind is None or kind.at_end != "kept":
            title = rules.procedure_of(matter).title
            yield finding(
                "left_open",
                case.number,
                f"案件已结束，“{title.zh}”（第{matter.id}项）却仍未办结",
                f"the case has ended and “{title.en}” (matter {matter.id}) is still open",
            )


def _owned(rules: Rules, case: Case, matter: Matter, state: State, day: date) -> Iterator[Finding]:
    title = rules.procedure_of(matter).title
    if state.awaits_matter:
        if not any(m.open for kind in state.waits_for for m in case.matters_of(kind)):
            yield finding(
                "stuck",
                case.number,
                f"“{title.zh}”所等事项已不存在",
                f"“{title.en}” waits for a matter that is not open",
            )
        return
    stepped_back = case.main.assigned.get(RECUSED, ())
    if not any(
        p not in stepped_back for who in state.awaits for p in persons_of(rules, case, matter, who, day)
    ):
        yield finding(
            "nobody", case.number, f"“{state.title.zh}”无人可办", f"nobody can act on “{state.title.en}”"
        )


def _limited(rules: Rules, case: Case, matter: Matter, state: State, clocks: Clocks) -> Iterator[Finding]:
    """Yield a finding where nothing limits a stay and nothing has lawfully stopped what did."""
    if state.awaits_matter or limit_of(rules, case, matter, clocks).due is not None:
        return
    if any(clocks.open_stops(name) for name in case.clocks):
        return
    reading = clocks.reading(state.clock) if state.clock and not state.terms else None
    if reading is not None and reading.state != "not_started":
        return
    yield finding(
        "unlimited",
        case.number,
        f"“{state.title.zh}”没有任何期限在走，也没有中止",
        f"nothing limits “{state.title.en}”, and nothing has been stopped",
    )


def _differences(rules: Rules, case: Case, at: datetime) -> Iterator[tuple[Clock, Difference]]:
    calendar, today = rules.calendar_of(case.office), rules.day_of(at)
    for name, log in case.clocks.items():
        clock = rules.main_procedure(case).clocks[name]
        found = difference(rule_of(clock, log, calendar, today), log.facts, calendar, today)
        if found is not None:
            yield clock, found
