"""Rows: a case as the text of one column, and back.

Room for: the plain form of the folded case, a cache of its events that replay can make anew.
May not enter: SQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.model.case import Case, ClockLog, LastMove, Matter, Party
from engine.model.events import (
    clock_fact_of,
    plain_clock_fact,
    plain_target,
    plain_value,
    target_of,
    value_of,
)


def case_body(case: Case) -> str:
    """Return *case* as JSON text that `case_of` reads back to an equal case."""
    plain: dict[str, Any] = {
        "id": case.id, "institution": case.institution, "office": case.office, "number": case.number,
        "version": case.version, "opened_at": case.opened_at.isoformat(), "head": case.head,
        "parties": [[p.id, p.role, p.name] for p in case.parties],
        "matters": [_plain_matter(matter) for matter in case.matters],
        "clocks": {name: _plain_log(log) for name, log in case.clocks.items()},
        "involved": {name: list(persons) for name, persons in case.involved.items()},
        "fired": dict(case.fired),
        "last_moves": {name: _plain_last(last) for name, last in case.last_moves.items()},
    }  # fmt: skip
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


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


def _plain_matter(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id, "kind": matter.kind, "procedure": matter.procedure, "definition": matter.definition,
        "state": matter.state, "round": matter.round, "entered_on": matter.entered_on.isoformat(),
        "seen": matter.seen, "opened_at": matter.opened_at.isoformat(), "party": matter.party,
        "outcome": matter.outcome, "facts": {name: plain_value(value) for name, value in matter.facts.items()},
        "assigned": {name: list(persons) for name, persons in matter.assigned.items()},
        "documents": dict(matter.documents), "about": matter.about, "done": dict(matter.done),
        "migrated": matter.migrated, "subjects": dict(matter.subjects),
    }  # fmt: skip


def _matter_of(plain: Mapping[str, Any]) -> Matter:
    return Matter(
        id=plain["id"], kind=plain["kind"], procedure=plain["procedure"], definition=plain["definition"],
        state=plain["state"], round=plain["round"], entered_on=date.fromisoformat(plain["entered_on"]),
        seen=plain["seen"], opened_at=datetime.fromisoformat(plain["opened_at"]), party=plain["party"],
        outcome=plain["outcome"], facts={name: value_of(value) for name, value in plain["facts"].items()},
        assigned={name: tuple(persons) for name, persons in plain["assigned"].items()},
        documents=plain["documents"], about=plain["about"], done=plain.get("done", {}),
        migrated=plain.get("migrated", 0), subjects=plain.get("subjects", {}),
    )  # fmt: skip


def _plain_log(log: ClockLog) -> dict[str, Any]:
    return {
        "facts": [plain_clock_fact(fact) for fact in log.facts],
        "targets": [plain_target(target) for target in log.targets],
    }


def _log_of(name: str, plain: Mapping[str, Any]) -> ClockLog:
    facts, targets = plain["facts"], plain["targets"]
    return ClockLog(name, tuple(clock_fact_of(f) for f in facts), tuple(target_of(t) for t in targets))


def _plain_last(last: LastMove) -> list[Any]:
    return [last.matter, last.move, last.by, last.at.isoformat(), last.seq, last.source, last.acting_for]


def _last_of(plain: list[Any]) -> LastMove:
    matter, move, by, at, seq, source, acting_for = plain
    return LastMove(matter, move, by, datetime.fromisoformat(at), seq, source, acting_for)
