"""Inspection: what must never be, looked for in live data: `doctor`.

Room for: the office as a whole: pages of cases, posts, requests, rows without a case, whatever waits to be looked into.
May not enter: one case's promises (`promises.py`, `promises_of_history.py`), the chain (`verifying.py`), repairs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.errors import BrokenDefinition
from engine.language.problem import Problem
from engine.model.hashing import SM3, offers_sm3
from engine.service import gauges, incidents, outbox, places, rearming
from engine.service.chains import ASK, finding
from engine.service.checkpointing import newest_at
from engine.service.office import Office, Unit
from engine.service.pages import Finding, Findings
from engine.service.promises import Differing, promises_of
from engine.service.reprojecting import Progress
from engine.service.second_person import may_decide
from engine.service.understaffing import NOW, ONE_AWAY, understaffed
from engine.store.dossiers import BELONGING, EVENTS, MATTERS, SHOWN_DATES, TIMERS, TODOS
from engine.text import Text, counted

SQLITE_SOUND = (3, 51, 3)
"""The first SQLite without the WAL-reset bug of 3.7.0 to 3.51.2."""

PAGE = 400
"""So many cases are read at a time."""

NOT_FOUND = ("按案号或当事人查找时找不到本案", "a search by its number or a party's name does not find it")

STALE = timedelta(days=2)
"""After so long without a checkpoint, whoever runs the office is told."""


def doctor(office: Office, at: datetime, progress: Progress | None = None) -> Findings:
    """Look at every case: owned, limited, its rows and its history saying the same, both clocks agreeing, persons apart.

    Cases are read a page at a time, each page as of one moment, so a million of them fit into little memory. Where the
    two clocks of a case differ, an incident is opened, once.
    """
    found: list[Finding] = []
    differing: list[Differing] = []
    checked, after = 0, ""
    with office.reading(at) as unit:
        total = unit.dossiers.count()
    while True:
        with office.reading(at) as unit:
            pending = rearming.awaited(unit)
            page = unit.dossiers.page(after, PAGE, (EVENTS, MATTERS, TODOS, TIMERS, SHOWN_DATES))
            for dossier in page:
                ahead = pending is not None and pending.awaited_by(dossier.id)
                found += promises_of(unit.rules, dossier, at, differing, unarmed=ahead)
            found += (
                finding("case_words", number, *NOT_FOUND) for number in unit.dossiers.not_to_be_found(page)
            )
        if not page:
            break
        checked, after = checked + len(page), page[-1].id
        if progress is not None:
            progress(checked, max(total, checked))
    for one in differing:
        incidents.report(office, at, one.case, incidents.CLOCKS_DIFFER, one.sentence, one.same)
    with office.reading(at) as unit:
        day = unit.rules.day_of(at)
        short, tight = (tuple(understaffed(unit.rules, day, code)) for code in (NOW, ONE_AWAY))
        first = [
            *_vacant(unit, at),
            *short,
            *incidents.findings(unit),
            *rearming.findings(unit),
            *places.findings(unit),
            *gauges.findings(unit, at),
            *outbox.findings(unit, at),
            *_undecidable(unit, at),
            *_unanswered(unit),
            *_without_case(unit),
            *_hash(unit),
            *_unreadable(unit),
        ]
        # Once every case is right again, nobody needs to hear of those that were not.
        behind = _not_followed(unit) if found else ()
        return Findings(checked, (*first, *behind, *found), (*tight, *_program(office), *_stale(unit, at)))


def _unanswered(unit: Unit) -> Iterator[Finding]:
    for key, case in unit.dossiers.requests_without_events():
        said = Text(
            "请求键“{key}”所指的记录（案件{case}）不存在",
            "the request “{key}” points to events of case {case} that are not there",
        ).filled(key=key, case=case)
        yield Finding("request", None, said, ASK)


def _without_case(unit: Unit) -> Iterator[Finding]:
    for table in BELONGING:
        for case in unit.dossiers.without_case(table):
            zh, en = (
                f"{table.name}中有案件{case}的行，而案件已无",
                f"{table.name} has rows of case {case}, which is gone",
            )
            yield finding("orphan", None, zh, en)


def _hash(unit: Unit) -> Iterator[Finding]:
    if unit.rules.register.hashed == SM3 and not offers_sm3():
        yield Finding(
            "sm3", None,
            Text("登记册要求 SM3，而本机 OpenSSL 不提供", "the register asks for SM3 and this machine's OpenSSL offers none"),
            Text("请换用提供 SM3 的 OpenSSL（1.1.1 及以上）", "Use an OpenSSL with SM3 (1.1.1 or later)"),
        )  # fmt: skip


def _unreadable(unit: Unit) -> Iterator[Finding]:
    """Yield each stored procedure that this program cannot read, whoever needs it: its cases can neither be shown nor go on."""
    for digest in unit.rules.definitions:
        try:
            unit.rules.definitions[digest]
        except BrokenDefinition as error:
            stored, count = unit.definitions.text(digest), unit.definitions.open_matters(digest)
            first = next((one.reason for one in error.problems if isinstance(one, Problem)), Text("", ""))
            said = Text(
                "库中的定义“{name}”（{digest}…，{n}件在办事项依此办理）本程序无法读取：{first}",
                "this program cannot read the stored definition “{name}” ({digest}…, {matters} under it): {first}",
            ).filled(
                name=stored.name if stored else "", digest=digest[:12], n=count, first=first,
                matters=counted(count, "open matter"),
            )  # fmt: skip
            fix = Text("请换用能读此定义的程序版本", "Use an edition of this program that can read it")
            yield Finding("definition", None, said, fix)


def _stale(unit: Unit, at: datetime) -> Iterator[Finding]:
    last = newest_at(unit)
    if (last is None or abs(at - last) > STALE) and unit.dossiers.count():
        since = Text("尚无检查点", "there is no checkpoint yet")
        if last is not None:
            day = unit.rules.day_of(last)
            since = Text("最近的检查点在{day}", "the last checkpoint is of {day}").filled(day=day)
        yield Finding(
            "checkpoint", None, since,
            Text("请运行 anxu checkpoint，或让 anxu tick 一直运行", "Run anxu checkpoint, or keep anxu tick running"),
        )  # fmt: skip


def _not_followed(unit: Unit) -> Iterator[Finding]:
    for one in unit.reprojections.with_failures():
        yield Finding(
            "calendar", None,
            Text("第{n}次录入日历后有{failed}件案件未能重算", "{cases} could not follow calendar load {n}").filled(n=one.load, failed=one.failed, cases=counted(one.failed, "case")),
            Text("请管理员核查下列案件", "Have an administrator look into the cases named here"),
        )  # fmt: skip


def _vacant(unit: Unit, at: datetime) -> Iterator[Finding]:
    rules = unit.rules
    day = rules.day_of(at)
    known = rules.readable(rules.in_force.values())
    moves = [move for procedure in known for several in procedure.moves.values() for move in several]
    pools = {tuple(who.name for who in move.by) for move in moves if not any(who.relation for who in move.by)}
    for place in rules.register.offices:
        for roles in sorted(pools):
            if any(rules.people.holders(role, place, day) for role in roles):
                continue
            titles = [rules.roles.get(role, Text(role, role)) for role in roles]
            zh, en = "或".join(t.zh for t in titles), " or ".join(t.en for t in titles)
            typed = f"anxu people give ID {roles[0]}"
            if place != next(iter(rules.register.offices)):
                typed += f" --place {place}"
            yield Finding(
                "vacant", None,
                Text(f"岗位无人担任：{zh}", f"nobody holds: {en}"),
                Text(f"请任命：{typed}", f"Appoint somebody: {typed}"),
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
