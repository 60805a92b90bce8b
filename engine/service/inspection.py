"""Inspection: what must never be, looked for in live data: `doctor` and `verify`.

Room for: one check a promise; findings with what to do.
May not enter: repairs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.core.authority import persons_of
from engine.core.clocks import rule_of
from engine.core.fold import fold
from engine.core.projection import project
from engine.errors import AnxuError, CalendarEnds, StoreAway
from engine.law.agreement import Difference, difference
from engine.model.case import Case
from engine.model.events import genesis, hash_of_plain
from engine.model.procedure import RECUSED, Clock
from engine.model.rules import Rules
from engine.service import incidents, rearming
from engine.service.office import Office, Unit
from engine.service.pages import Finding, Findings
from engine.service.second_person import may_decide
from engine.service.understaffing import NOW, ONE_AWAY, understaffed
from engine.store.cases import event_from_text
from engine.store.definitions import digest_of
from engine.text import Text

SQLITE_SOUND = (3, 51, 3)
"""The first SQLite without the WAL-reset bug of 3.7.0 to 3.51.2."""


ASK = Text("请联系管理员核查", "Have an administrator look into it")
DO_NOT_RELY = Text(
    "请勿依赖该日期，立即联系管理员", "Do not rely on the date; have an administrator look into it at once"
)

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a tampered row can end with."""

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


def doctor(office: Office, at: datetime) -> Findings:
    """Look at every case: owned, limited, its rows and its history saying the same, both clocks agreeing.

    Where the two clocks of a case differ, an incident is opened, once.
    """
    found: list[Finding] = []
    differing: list[_Differing] = []
    checked = 0
    with office.reading() as unit:
        pending = rearming.awaited(unit)
        for case_id in unit.cases.ids():
            checked += 1
            ahead = pending is not None and pending.awaited_by(case_id)
            found += _case_findings(unit, case_id, at, differing, unarmed=ahead)
    for one in differing:
        incidents.report(office, at, one.case, incidents.CLOCKS_DIFFER, one.sentence, one.same)
    with office.reading() as unit:
        day = unit.rules.day_of(at)
        short, tight = (tuple(understaffed(unit.rules, day, code)) for code in (NOW, ONE_AWAY))
        first = [
            *_vacant(unit, at),
            *short,
            *incidents.findings(unit),
            *rearming.findings(unit),
            *_undecidable(unit, at),
        ]
        # Once every case is right again, nobody needs to hear of those that were not.
        behind = _not_followed(unit) if found else ()
        return Findings(checked, (*first, *behind, *found), (*tight, *_program(office)))


@dataclass(frozen=True, slots=True)
class _Differing:
    """A case whose two clocks differ, with what the incident says and is known by."""

    case: str
    sentence: Text
    same: str


def verify(office: Office) -> Findings:
    """Check each case's chain: no event changed, missing, added or out of order, and the case is what they lead to.

    A document whose content is not that of its hash, and events whose case is gone, are found as well.
    """
    findings: list[Finding] = []
    checked = 0
    with office.reading() as unit:
        for case_id in unit.cases.ids():
            checked += 1
            try:
                case = unit.cases.get(case_id)
                findings += _chain(unit, case) or _replay(unit, case) or _documents(unit, case)
            except UNREADABLE:
                findings.append(_unreadable(unit, case_id))
        for text in unit.definitions.texts():
            if digest_of(text.text) != text.hash:
                said = Text(
                    f"库中的定义“{text.name}”与其校验值不符",
                    f"the stored definition “{text.name}” is not what its hash says",
                )
                findings.append(Finding("definition", None, said, ASK))
        findings += _proposed(unit)
        for gone in unit.cases.orphans():
            numbers = Text(
                f"案件{gone}的记录尚在而案件已无", f"the events of case {gone} are there and the case is not"
            )
            findings.append(Finding("deleted", None, numbers, ASK))
        for digest in unit.documents.changed():
            said = Text(
                f"文书内容与其校验值{digest[:12]}…不符",
                f"a document is not what its hash {digest[:12]}… says",
            )
            findings.append(Finding("document", None, said, ASK))
    return Findings(checked, tuple(findings))


def _proposed(unit: Unit) -> Iterator[Finding]:
    for proposal in unit.proposals.all("activate"):
        for one in proposal.payload["texts"]:
            if digest_of(one["text"]) != one["hash"]:
                said = Text(
                    f"第{proposal.number}号提请中的定义“{one['name']}”与其校验值不符",
                    f"in proposal {proposal.number} the definition “{one['name']}” is not what its hash says",
                )
                yield Finding("definition", None, said, ASK)


def _chain(unit: Unit, case: Case) -> list[Finding]:
    previous, expected = genesis(unit.institution, case.id), 1
    for row in unit.cases.stored_events(case.id):
        event = event_from_text(row.body)
        if row.seq != expected:
            return [_finding("gap", case, f"缺少第{expected}号记录", f"event {expected} is missing")]
        columns = (row.seq, row.kind, row.recorded_at, row.hash)
        sound = event.previous == previous and event.hash == hash_of_plain(json.loads(row.body))
        if not sound or columns != (event.seq, event.kind, event.recorded_at, event.hash):
            return [
                _finding(
                    "changed", case, f"第{row.seq}号记录与链不符", f"event {row.seq} does not fit the chain"
                )
            ]
        previous, expected = event.hash, expected + 1
    if previous != case.head or expected - 1 != case.version:
        said = "末尾的记录与案件不符", "the last event is not the one the case knows"
        return [_finding("truncated", case, *said)]
    return []


def _replay(unit: Unit, case: Case) -> list[Finding]:
    try:
        same = fold(unit.cases.history(case.id)) == case
    except AnxuError as error:
        return [Finding("replay", case.number, error.sentence, ASK)]
    if same:
        return []
    return [
        _finding(
            "replay", case, "重放历史得到的案件与现状不符", "replaying the history leads to another case"
        )
    ]


def _documents(unit: Unit, case: Case) -> list[Finding]:
    named = {digest for event in unit.cases.history(case.id) for digest in event.documents.values()}
    if not unit.documents.missing(case.id, named):
        return []
    return [_finding("document", case, "记录所载的文书已不在", "a document that an event names is gone")]


def _case_findings(
    unit: Unit, case_id: str, at: datetime, differing: list[_Differing], *, unarmed: bool
) -> Iterator[Finding]:
    """Yield what is wrong with a case; *unarmed*: its timers have yet to follow the register in force, which is told once."""
    try:
        case = unit.cases.get(case_id)
        yield from _replay(unit, case)
        wanted = project(unit.rules, case)
    except UNREADABLE:
        yield _unreadable(unit, case_id)
        return
    except CalendarEnds as error:
        number = unit.cases.number_of(case_id)
        yield Finding("clock", number, error.sentence, Text("请录入放假通知", "Load the holiday notice"))
        return
    except StoreAway:
        raise
    except AnxuError as error:
        yield Finding("changed", unit.cases.number_of(case_id), error.sentence, ASK)
        return
    for table in unit.projected.differences(case, wanted):
        if table == "timers" and unarmed:
            continue
        zh, en = _ROWS[table]
        yield _finding(table, case, zh, en)
    yield from _owned(unit.rules, case, at)
    for clock, one in _differences(unit.rules, case, at):
        said = Text("“{clock}”：{found}", "“{clock}”: {found}").filled(clock=clock.title, found=one.sentence)
        differing.append(_Differing(case.id, said, incidents.key_of(clock.name, one)))
        yield Finding("clocks", case.number, said, DO_NOT_RELY)


def _owned(rules: Rules, case: Case, at: datetime) -> Iterator[Finding]:
    day = rules.day_of(at)
    for matter in case.open_matters():
        procedure = rules.procedure_of(matter)
        state = procedure.states[matter.state]
        if state.awaits_matter:
            if not any(m.open for m in case.matters_of(state.awaits_matter)):
                yield _finding(
                    "stuck",
                    case,
                    f"“{procedure.title.zh}”所等事项已不存在",
                    f"“{procedure.title.en}” waits for a matter that is not open",
                )
            continue
        stepped_back = case.main.assigned.get(RECUSED, ())
        if not any(
            p not in stepped_back for who in state.awaits for p in persons_of(rules, case, matter, who, day)
        ):
            yield _finding(
                "nobody", case, f"“{state.title.zh}”无人可办", f"nobody can act on “{state.title.en}”"
            )


def _differences(rules: Rules, case: Case, at: datetime) -> Iterator[tuple[Clock, Difference]]:
    calendar, today = rules.calendar_of(case.office), rules.day_of(at)
    for name, log in case.clocks.items():
        clock = rules.main_procedure(case).clocks[name]
        found = difference(rule_of(clock, log, calendar, today), log.facts, calendar, today)
        if found is not None:
            yield clock, found


def _not_followed(unit: Unit) -> Iterator[Finding]:
    for one in unit.reprojections.with_failures():
        yield Finding(
            "calendar", None,
            Text("第{n}次录入日历后有{failed}件案件未能重算", "{failed} cases could not follow calendar load {n}").filled(n=one.load, failed=one.failed),
            Text("请管理员核查下列案件", "Have an administrator look into the cases named here"),
        )  # fmt: skip


def _vacant(unit: Unit, at: datetime) -> Iterator[Finding]:
    rules = unit.rules
    day = rules.day_of(at)
    moves = [
        m for digest in rules.in_force.values() for ms in rules.definitions[digest].moves.values() for m in ms
    ]
    pools = {tuple(who.name for who in move.by) for move in moves if not any(who.relation for who in move.by)}
    for place in rules.register.offices:
        for roles in sorted(pools):
            if any(rules.people.holders(role, place, day) for role in roles):
                continue
            titles = [rules.roles.get(role, Text(role, role)) for role in roles]
            zh, en = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
            yield Finding(
                "vacant", None,
                Text(f"岗位无人担任：{zh}", f"nobody holds: {en}"),
                Text("请用 anxu people give 任命", "Give it with anxu people give"),
            )  # fmt: skip


def _undecidable(unit: Unit, at: datetime) -> Iterator[Finding]:
    for proposal in unit.proposals.all(open_only=True):
        if not may_decide(unit.rules, proposal, at):
            yield Finding(
                "proposal", None,
                Text(f"第{proposal.number}号提请无人可以决定", f"nobody can decide on proposal {proposal.number}"),
                Text("请用 anxu people give 任命另一名管理员或主任", "Make somebody else an administrator or director with anxu people give"),
            )  # fmt: skip


def _program(office: Office) -> Iterator[Finding]:
    if office.database.sqlite and sqlite3.sqlite_version_info < SQLITE_SOUND:
        version = sqlite3.sqlite_version
        yield Finding(
            "sqlite", None,
            Text(f"SQLite {version} 含 WAL 重置缺陷（3.51.3 起修复）", f"SQLite {version} has the WAL-reset bug that 3.51.3 mends"),
            Text("请换用带新版 SQLite 的 Python，或改用 PostgreSQL", "Use a Python with a newer SQLite, or PostgreSQL"),
        )  # fmt: skip


def _unreadable(unit: Unit, case_id: str) -> Finding:
    number = unit.cases.number_of(case_id)
    return Finding(
        "changed", number, Text("案件或其记录无法读取", "the case or one of its events cannot be read"), ASK
    )


def _finding(code: str, case: Case, zh: str, en: str) -> Finding:
    return Finding(
        code, case.number, Text(zh, en), Text("请联系管理员核查", "Have an administrator look into it")
    )
