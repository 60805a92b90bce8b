"""Checking: what must be true of a case and of the whole office after every step, found out apart from `doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.core.clocks import rule_of
from engine.core.fold import fold
from engine.core.projection import project
from engine.law.agreement import difference
from engine.model.case import Case
from engine.model.events import Event, genesis, hash_of_plain
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service import rearming
from engine.service.office import Unit
from engine.store import tables as t
from tests.projected import differences

LAWFUL = frozenset({"vacant", "nobody", "short", "proposal", "sqlite", "understaffed", "too_few_to_sign"})
"""What `doctor` may say of an office where people come and go."""


@dataclass(slots=True)
class Known:
    """A case as it was last looked at: its version, and the hash of the event that gave it."""

    version: int
    head: str


@dataclass(slots=True)
class Acknowledged:
    """An act that somebody was told is done: its events are there once, for ever."""

    case: str
    first: int
    last: int
    head: str


@dataclass(slots=True)
class Ledger:
    """What is known about the office from outside it: what it said, and what it showed last."""

    known: dict[str, Known] = field(default_factory=dict)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    doubted: list[tuple[str, str]] = field(default_factory=list)
    """(person, move) of requests nobody got an answer to: each may have been done once."""
    unchecked: int = 0

    def told(self, case: str, events: Sequence[Event]) -> None:
        """Somebody got these events for an answer."""
        self.acknowledged.append(Acknowledged(case, events[0].seq, events[-1].seq, events[-1].hash))


def changed(unit: Unit, ledger: Ledger) -> list[str]:
    """Return the cases that are at another version than they were last seen at."""
    c = t.cases.c
    rows = unit.connection.execute(select(c.id, c.version).where(c.institution == unit.institution))
    there = {row.id: row.version for row in rows}
    gone = ledger.known.keys() - there.keys()
    assert not gone, f"cases are gone: {sorted(gone)}"
    return sorted(
        id for id, version in there.items() if id not in ledger.known or ledger.known[id].version != version
    )


def check_case(unit: Unit, case_id: str, ledger: Ledger, at: datetime, *, rows: bool) -> None:
    """Raise AssertionError where anything about one case is not as promised, and remember it; *rows*: those that follow too."""
    case, history = unit.cases.get(case_id), unit.cases.history(case_id)
    where = f"{case.number} v{case.version}"
    _check_chain(unit, case, where)
    assert fold(history) == case, f"{where}: replaying the history leads to another case"
    known = ledger.known.get(case_id)
    if known is not None:
        assert case.version >= known.version, f"{where}: it was at version {known.version} before"
        assert history[known.version - 1].hash == known.head, f"{where}: what was written before has changed"
    _check_attributed(case, history[known.version if known else 0 :], ledger, where)
    _check_rungs(history, where)
    _check_signatures(unit.rules, case, history, where)
    if rows:
        wrong = differences(unit, case, project(unit.rules, case))
        assert not wrong, f"{where}: the rows do not say what the case says: {wrong}"
    _check_days(unit.rules, case, at, where)
    ledger.known[case_id] = Known(case.version, case.head)


def rows_follow(unit: Unit) -> bool:
    """Whether every case has followed the calendar and the register in force: else rows may be behind until the next sweep."""
    return rearming.awaited(unit) is None and not unit.reprojections.unfinished()


def check_acknowledged(unit: Unit, ledger: Ledger) -> None:
    """Raise AssertionError where an act that was acknowledged is not in its case's history, or twice."""
    heads: dict[str, dict[int, str]] = {}
    e = t.events.c
    for row in unit.connection.execute(
        select(e.case_id, e.seq, e.hash).where(e.institution == unit.institution)
    ):
        heads.setdefault(row.case_id, {})[row.seq] = row.hash
    for act in ledger.acknowledged:
        assert heads[act.case].get(act.last) == act.head, f"an acknowledged act is lost: {act}"
    r = t.requests.c
    query = select(r.case_id, r.first, func.count()).where(r.institution == unit.institution)
    doubled = unit.connection.execute(query.group_by(r.case_id, r.first).having(func.count() > 1)).all()
    assert not doubled, f"two request keys claim one act: {doubled}"


def overdue_timers(unit: Unit, at: datetime) -> int:
    """Return how many rungs were due by *at* and have not fired."""
    c = t.timers.c
    query = select(func.count()).where(c.institution == unit.institution, c.due_at <= at)
    return int(unit.connection.execute(query).scalar_one())


def _check_chain(unit: Unit, case: Case, where: str) -> None:
    previous, expected = genesis(unit.institution, case.id), 1
    for row in unit.cases.stored_events(case.id):
        plain: Mapping[str, Any] = json.loads(row.body)
        assert row.seq == expected == plain["seq"], f"{where}: event {row.seq} stands where {expected} should"
        assert plain["previous"] == previous, f"{where}: event {row.seq} is not linked to the one before"
        assert row.hash == plain["hash"] == hash_of_plain(plain), (
            f"{where}: event {row.seq} is not what its hash says"
        )
        previous, expected = row.hash, expected + 1
    assert (case.version, case.head) == (expected - 1, previous), (
        f"{where}: the case is not at its last event"
    )


def _check_attributed(case: Case, new: Sequence[Event], ledger: Ledger, where: str) -> None:
    told = {
        seq for act in ledger.acknowledged if act.case == case.id for seq in range(act.first, act.last + 1)
    }
    for event in new:
        if event.by is None or event.kind not in ("moved", "case_opened", "corrected") or event.seq in told:
            continue
        asked = (event.by, "corrected" if event.kind == "corrected" else event.move or "")
        assert asked in ledger.doubted, f"{where}: nobody asked for event {event.seq}: {event.kind} {asked}"
        ledger.doubted.remove(asked)


def _check_rungs(history: Sequence[Event], where: str) -> None:
    fired = [
        (e.matter, e.rung["subject"], e.rung["round"], e.rung["rung"], e.rung["occurrence"])
        for e in history
        if e.kind == "rung_fired"
    ]
    twice = sorted({key for key in fired if fired.count(key) > 1})
    assert not twice, f"{where}: fired twice: {twice}"


def _check_days(rules: Rules, case: Case, at: datetime, where: str) -> None:
    calendar, today = rules.calendar_of(case.office), rules.day_of(at)
    for name, log in case.clocks.items():
        clock = rules.main_procedure(case).clocks[name]
        found = difference(rule_of(clock, log, calendar, today), log.facts, calendar, today)
        assert found is None, f"{where}: clock {name}: {found.sentence.en}"


def _check_signatures(rules: Rules, case: Case, history: Sequence[Event], where: str) -> None:
    """The levels of every chain were signed in order, nobody signed two, and none signed what they wrote or sat on."""
    assigned: dict[str, dict[str, tuple[str, ...]]] = {}
    for event in history:
        held = assigned.setdefault(event.matter, {})
        procedure = rules.definitions[event.definition]
        if procedure.chain is not None and event.kind == "moved" and event.move == "sign":
            _check_one_signature(procedure, event, held, assigned.get(history[0].matter, {}), where)
        for name in event.released:
            held.pop(name, None)
        held.update(event.assigned)
        _check_one_level_each(procedure, held, f"{where} event {event.seq}")


def _check_one_signature(
    procedure: Procedure, event: Event, held: Mapping[str, tuple[str, ...]], main: Mapping[str, tuple[str, ...]], where: str
) -> None:  # fmt: skip
    assert procedure.chain is not None
    for level in procedure.chain.levels:
        if level.state == event.source:
            break
        signed = len(held.get(level.state, ()))
        needed = level.majority
        assert signed >= needed, (
            f"{where}: event {event.seq} signs {event.source} before {level.state} is signed"
        )
    barred = {*main.get("drafter", ()), *main.get("tribunal", ()), *held.get("drafter", ())}
    signers = {event.by, event.acting_for} - {None}
    assert not signers & barred, f"{where}: event {event.seq}: {signers} sign what they wrote or sat on"


def _check_one_level_each(procedure: Procedure, held: Mapping[str, tuple[str, ...]], where: str) -> None:
    if procedure.chain is None:
        return
    signed = [person for level in procedure.chain.levels for person in held.get(level.state, ())]
    assert len(signed) == len(set(signed)), f"{where}: somebody signed two levels: {signed}"


def findings(said: Iterator[Any] | Sequence[Any]) -> list[str]:
    """Return what `doctor` or `verify` found that no lawful day brings about."""
    return [f"{one.code} {one.case}: {one.reason.en}" for one in said if one.code not in LAWFUL]
