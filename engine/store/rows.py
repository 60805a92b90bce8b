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
    plain = json.loads(body)
    return Case(
        id=plain["id"], institution=plain["institution"], office=plain["office"], number=plain["number"],
        version=plain["version"], opened_at=datetime.fromisoformat(plain["opened_at"]), head=plain["head"],
        parties=tuple(Party(*party) for party in plain["parties"]),
        matters=tuple(_matter_of(matter) for matter in plain["matters"]),
        clocks={name: _log_of(name, log) for name, log in plain["clocks"].items()},
        involved={name: tuple(persons) for name, persons in plain["involved"].items()},
        fired=plain["fired"],
        last_moves={name: _last_of(last) for name, last in plain["last_moves"].items()},
    )  # fmt: skip


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


def _matter_of(plain: Mapping[str, Any]) -> Matter:
    get = plain.get
    return Matter(
        plain["id"], plain["kind"], plain["procedure"], plain["definition"], plain["state"], plain["round"],
        date.fromisoformat(plain["entered_on"]), plain["seen"], datetime.fromisoformat(plain["opened_at"]),
        plain["party"], plain["outcome"], {name: value_of(value) for name, value in plain["facts"].items()},
        {name: tuple(persons) for name, persons in plain["assigned"].items()}, plain["documents"], plain["about"],
        get("done", {}), get("migrated", 0), get("subjects", {}),
    )  # fmt: skip


@lru_cache(4096)  # few acts change a clock, and cases that began on a day have equal logs
def _log_text(log: ClockLog) -> str:
    plain = {
        "facts": [plain_clock_fact(fact) for fact in log.facts],
        "targets": [plain_target(target) for target in log.targets],
    }
    return dumped(plain)


def _log_of(name: str, plain: Mapping[str, Any]) -> ClockLog:
    facts, targets = plain["facts"], plain["targets"]
    return ClockLog(name, tuple(clock_fact_of(f) for f in facts), tuple(target_of(t) for t in targets))


def _last_text(last: LastMove) -> str:
    return (
        f'[{quoted(last.matter)},{quoted(last.move)},{quoted(last.by)},"{last.at.isoformat()}",{last.seq}'
        f",{quoted(last.source)},{or_null(last.acting_for)}]"
    )


def _last_of(plain: list[Any]) -> LastMove:
    matter, move, by, at, seq, source, acting_for = plain
    return LastMove(matter, move, by, datetime.fromisoformat(at), seq, source, acting_for)
