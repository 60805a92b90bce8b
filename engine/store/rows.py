"""Rows: a case as the text of one column, and back.

Room for: the plain form of the folded case, a cache of its events that replay can make anew.
May not enter: SQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from engine.model.case import Case, ClockLog, LastMove, Matter, Party
from engine.model.events import (
    clock_fact_of,
    plain_clock_fact,
    plain_target,
    target_of,
    value_of,
)
from engine.model.made import made
from engine.model.written import dumped, facts, lists, numbers, or_null, quoted, texts


def case_body(case: Case) -> str:
    """Return *case* as JSON text that `case_of` reads back to an equal case."""
    parties = ",".join([f"[{quoted(p.id)},{quoted(p.role)},{quoted(p.name)}]" for p in case.parties])
    return (
        f'{{"id":{quoted(case.id)},"institution":{quoted(case.institution)},"office":{quoted(case.office)}'
        f',"number":{quoted(case.number)},"version":{case.version},"opened_at":"{case.opened_at.isoformat()}"'
        f',"head":{quoted(case.head)},"parties":[{parties}]'
        f',"matters":[{",".join([_matter_text(matter) for matter in case.matters])}]'
        f',"clocks":{{{",".join([f"{quoted(name)}:{_log_text(log)}" for name, log in case.clocks.items()])}}}'
        f',"involved":{lists(case.involved.items())},"fired":{numbers(case.fired)}'
        f',"last_moves":{{{",".join([f"{quoted(name)}:{_last_text(m)}" for name, m in case.last_moves.items()])}}}}}'
    )


def case_of(body: str) -> Case:
    """Return the case that `case_body` wrote."""
    # The text has the fields of a case by their names: what it says otherwise takes the place of what was read.
    plain: dict[str, Any] = json.loads(body)
    plain["opened_at"] = datetime.fromisoformat(plain["opened_at"])
    plain["parties"] = tuple([Party(*party) for party in plain["parties"]])
    plain["matters"] = tuple([_matter_of(matter) for matter in plain["matters"]])
    plain["clocks"] = {name: _log_of(name, log) for name, log in plain["clocks"].items()}
    plain["involved"] = _tuples(plain["involved"])
    plain["last_moves"] = {name: _last_of(last) for name, last in plain["last_moves"].items()}
    return made(Case, plain)


def _matter_text(matter: Matter) -> str:
    return (
        f'{{"id":{quoted(matter.id)},"kind":{quoted(matter.kind)},"procedure":{quoted(matter.procedure)}'
        f',"definition":{quoted(matter.definition)},"state":{quoted(matter.state)},"round":{matter.round}'
        f',"entered_on":"{matter.entered_on.isoformat()}","seen":{matter.seen}'
        f',"opened_at":"{matter.opened_at.isoformat()}","party":{or_null(matter.party)}'
        f',"outcome":{or_null(matter.outcome)},"facts":{facts(matter.facts.items())}'
        f',"assigned":{lists(matter.assigned.items())},"documents":{texts(matter.documents.items())}'
        f',"about":{"null" if matter.about is None else matter.about},"done":{numbers(matter.done)}'
        f',"migrated":{matter.migrated},"subjects":{texts(matter.subjects.items())}}}'
    )


def _matter_of(plain: dict[str, Any]) -> Matter:
    plain["entered_on"] = date.fromisoformat(plain["entered_on"])
    plain["opened_at"] = datetime.fromisoformat(plain["opened_at"])
    known = plain["facts"]
    for name, value in known.items():
        if value.__class__ not in _AS_WRITTEN:
            known[name] = value_of(value)
    plain["assigned"] = _tuples(plain["assigned"])
    if "subjects" not in plain:
        plain = {**_OF_LATE, **plain}
    return made(Matter, plain)


_AS_WRITTEN = frozenset({str, int, bool})
"""Kinds of facts that JSON brings back as they were; what else stands there is read, or refused as unreadable."""

_OF_LATE: Mapping[str, Any] = {"done": {}, "migrated": 0, "subjects": {}}
"""What a matter that an earlier edition wrote does not say."""


def _tuples(named: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(persons) for name, persons in named.items()}


@lru_cache(4096)  # few acts change a clock, and cases that began on a day have equal logs
def _log_text(log: ClockLog) -> str:
    plain = {
        "facts": [plain_clock_fact(fact) for fact in log.facts],
        "targets": [plain_target(target) for target in log.targets],
    }
    return dumped(plain)


def _log_of(name: str, plain: Mapping[str, Any]) -> ClockLog:
    given, targets = plain["facts"], plain["targets"]
    return _log(
        name, tuple([tuple(fact.items()) for fact in given]), tuple([tuple(t.items()) for t in targets])
    )


_Items = tuple[tuple[tuple[str, Any], ...], ...]


# Cases that began on a day have equal logs: one object for all finds what was worked out of it.
@lru_cache(4096)
def _log(name: str, given: _Items, targets: _Items) -> ClockLog:
    return ClockLog(
        name,
        tuple(clock_fact_of(dict(fact)) for fact in given),
        tuple(target_of(dict(target)) for target in targets),
    )


def _last_text(last: LastMove) -> str:
    return (
        f'[{quoted(last.matter)},{quoted(last.move)},{quoted(last.by)},"{last.at.isoformat()}",{last.seq}'
        f",{quoted(last.source)},{or_null(last.acting_for)}]"
    )


def _last_of(plain: list[Any]) -> LastMove:
    matter, move, by, at, seq, source, acting_for = plain
    return LastMove(matter, move, by, datetime.fromisoformat(at), seq, source, acting_for)
