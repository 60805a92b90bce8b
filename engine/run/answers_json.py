"""Answers in JSON: the shapes programs read, fixed by the doors.

Room for: pages, events, readings, refusals and problems as plain JSON values; every time in the office's zone.
May not enter: words for people (`speaking.py`), asking the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.core.fold import fold
from engine.language.problem import Problem
from engine.law.clock import Reading
from engine.model.answers import Refusal
from engine.model.case import Matter
from engine.model.events import ClockChange, Event, plain_target
from engine.model.guards import Value
from engine.service.backlog_pages import BacklogPage
from engine.service.pages import (
    ActionLine,
    CaseLine,
    CasePage,
    Done,
    Findings,
    MatterLine,
    TodoLine,
)
from engine.service.sweeping import Swept
from engine.text import Language

Plain = dict[str, Any]

_NOT_FOR_PROGRAMS = ("refused", "breaches", "late_entries")


def case_json(page: CasePage, zone: ZoneInfo) -> Plain:
    """Return a case as `show` and `open` answer it."""
    events = [line.event for line in page.events]
    case = fold(events)
    return {
        "case": page.line.id,
        "number": page.line.number,
        "procedure": page.line.procedure,
        "definition": page.definition,
        "version": page.version,
        "state": page.line.state,
        "stage": page.line.stage,
        "open": case.open,
        "opened_on": page.line.opened_on.isoformat(),
        "office": page.office,
        "facts": facts_json(case.main.facts),
        "parties": _parties(page.line),
        "persons": _assigned(case.main),
        "handler": list(page.line.handler),
        "supervised": page.line.supervised,
        "matters": [_matter(line, case.matter(line.id), zone) for line in page.matters],
        "clock": clock_json(page.clock.reading if page.clock else None),
        "todos": [todo_json(todo) for todo in page.todos],
        "documents": [
            {
                "kind": d.kind,
                "name": d.name,
                "sha256": d.digest,
                "matter": d.matter,
                "seq": d.seq,
                "size": d.size,
            }
            for d in page.documents
        ],
        "events": [event_json(event, zone) for event in events],
    } | ({"backlog": backlog_json(page.backlog)} if page.backlog else {})


def backlog_json(page: BacklogPage) -> Plain:
    """Return the count of a drive: what it cleared of its list, and what has piled up beside it."""
    return {
        "since": page.since.isoformat(),
        "until": page.until.isoformat(),
        "listed": len(page.listed),
        "cleared": page.cleared,
        "open": page.open,
        "still_overdue": page.still_overdue,
        "newly_overdue": page.newly_overdue,
        "net": page.net,
        "cases": [
            {
                "number": line.number,
                "due": day_json(line.due),
                "cleared_on": day_json(line.cleared_on),
                "still_overdue": line.still_overdue,
                "plan": line.plan,
                "plan_by": day_json(line.plan_by),
                "claimed_without_end": line.claimed,
            }
            for line in page.listed
        ],
        "beside": [
            {"number": line.number, "due": line.due.isoformat(), "ended_on": day_json(line.ended_on)}
            for line in page.regrown
        ],
    }


def done_json(done: Done, page: CasePage, zone: ZoneInfo) -> Plain:
    """Return what `act` answers; a repeated request reads the same as the first."""
    return {
        "case": done.case,
        "number": done.number,
        "seq": done.seq,
        "matter": done.matter,
        "from": done.source,
        "to": done.target,
        "events": [event_json(event, zone) for event in done.events],
        "clock": clock_json(page.clock.reading if page.clock else None),
    }


def refusal_json(refusal: Refusal, lang: Language) -> Plain:
    """Return a lawful no."""
    return {
        "code": refusal.code,
        "reason": refusal.reason.said(lang),
        "guard": refusal.guard,
        "clauses": [{"said": clause.said.said(lang), "holds": clause.holds} for clause in refusal.clauses],
        "fact": refusal.fact,
        "who": list(refusal.who_may(lang)),
        "enables": refusal.enables.said(lang) if refusal.enables else None,
        "matter": refusal.matter,
    }


def action_json(action: ActionLine, lang: Language) -> Plain:
    """Return one move, possible or refused."""
    plain: Plain = {
        "matter": action.matter,
        "kind": action.matter_kind,
        "party": action.party_name,
        "move": action.move,
        "title": action.title.said(lang),
        "to": [target for target, _ in action.targets],
        "needs": [field.name for field in action.fields if field.needed],
        "asks": [field.name for field in action.fields if not field.needed],
        "documents": [kind for kind, _ in action.documents],
        "basis": action.basis.zh if action.basis else "",
        "primary": action.primary,
        "seen": action.seen,
        "for": action.acting_for,
        "allowed": action.allowed,
    }
    if action.refused:
        plain["refused"] = refusal_json(action.refused, lang)
    return plain


def line_json(line: CaseLine) -> Plain:
    """Return a case as `list` answers it."""
    return {
        "case": line.id,
        "number": line.number,
        "procedure": line.procedure,
        "state": line.state,
        "stage": line.stage,
        "clock": line.clock,
        "due": day_json(line.due),
        "target_due": day_json(line.target_due),
        "light": line.light.colour,
        "days_left": line.light.days_left,
        "opened_on": line.opened_on.isoformat(),
        "handler": list(line.handler),
        "supervised": line.supervised,
        "parties": _parties(line),
    }


def clock_json(reading: Reading | None) -> Plain:
    """Return what a clock says, in the words of the worked cases; a clock that has not started is all null."""
    found = reading or Reading(state="not_started")
    names = [name for name in found._fields if name not in _NOT_FOR_PROGRAMS]
    return {name: _jsonable(getattr(found, name)) for name in names}


def todo_json(todo: TodoLine) -> Plain:
    """Return who is awaited on what."""
    return {
        "case": todo.case,
        "number": todo.number,
        "matter": todo.matter,
        "state": todo.state,
        "role": todo.role,
        "person": todo.person,
        "due": day_json(todo.due),
        "rung": todo.rung,
    }


def event_json(event: Event, zone: ZoneInfo) -> Plain:
    """Return an event: the keys every event has, then those of what it brought along."""
    plain: Plain = {
        "seq": event.seq,
        "kind": event.kind,
        "matter": event.matter,
        "move": event.move,
        "from": event.source,
        "to": event.target,
        "by": event.by,
        "for": event.acting_for,
        "rule": event.rule or None,
        "facts": facts_json(event.facts),
        "on": event.on.isoformat(),
        "occurred_at": instant_json(event.at, zone),
        "recorded_at": instant_json(event.recorded_at, zone),
        "late": event.late,
        "channel": event.channel or None,
        "definition": event.definition,
        "hash": event.hash,
    }
    more = {
        "outcome": event.outcome,
        "corrects": event.corrects,
        "clock": [_change(change) for change in event.clock],
        "assigned": facts_json(event.assigned),
        "released": list(event.released),
        "documents": facts_json(event.documents),
        "opened": facts_json(event.opened),
        "rung": facts_json(event.rung),
        "migration": facts_json(event.migration),
        "override": event.override,
        "about": event.about,
        "parties_joined": [p.name for p in event.parties] if event.kind != "case_opened" else [],
        "moved": [
            {"what": m.what, "matter": m.matter, "before": day_json(m.before), "after": day_json(m.after)}
            for m in event.moved
        ],
    }
    return plain | {name: value for name, value in more.items() if value}


def findings_json(findings: Findings, lang: Language) -> Plain:
    """Return what `doctor` and `verify` found."""
    return {
        "checked": findings.checked,
        "findings": [
            {"code": f.code, "case": f.case, "reason": f.reason.said(lang), "fix": f.fix.said(lang)}
            for f in findings.findings
        ],
        "advice": [
            {"code": f.code, "reason": f.reason.said(lang), "fix": f.fix.said(lang)} for f in findings.advice
        ],
    }


def swept_json(swept: Swept) -> Plain:
    """Return what one sweep did."""
    taken = {"again": swept.again} if swept.again else {}
    return {"cases": swept.cases, "fired": swept.fired, "failed": list(swept.failed), **taken}


def problem_json(problem: Problem, lang: Language) -> Plain:
    """Return one problem of a definition."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "reason": problem.reason.said(lang),
        "fix": problem.fix.said(lang),
        "path": list(problem.path),
    }


def facts_json(facts: Mapping[str, Value]) -> Plain:
    """Return facts by name, in the order of the alphabet: dates as ISO text, amounts as text, persons as a list."""
    # A stored event forgets the order its form had, and a repeated request must read the same as the first.
    return {name: _jsonable(facts[name]) for name in sorted(facts)}


def instant_json(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as ISO text in *zone*."""
    return at.astimezone(zone).isoformat()


def _matter(line: MatterLine, matter: Matter | None, zone: ZoneInfo) -> Plain:
    return {
        "id": line.id,
        "kind": line.kind,
        "procedure": line.procedure,
        "definition": line.definition,
        "state": line.state,
        "stage": line.stage,
        "seen": line.seen,
        "party": line.party,
        "opened_at": instant_json(line.opened_at, zone),
        "outcome": line.outcome,
        "due": day_json(line.due),
        "awaits": list(line.awaits),
        "facts": facts_json(matter.facts) if matter else {},
        "persons": _assigned(matter) if matter else {},
    }


def _assigned(matter: Matter) -> Plain:
    return facts_json(matter.assigned)


def _parties(line: CaseLine) -> list[Plain]:
    return [{"id": party.id, "role": party.role, "name": party.name} for party in line.parties]


def _change(change: ClockChange) -> Plain:
    plain: Plain = {"clock": change.clock}
    if fact := change.fact:
        plain |= {"kind": fact.kind, "on": fact.on.isoformat()}
        plain |= {"days": str(fact.days)} if fact.days else {}
        plain |= {name: value for name in ("ref", "overridden", "struck") if (value := getattr(fact, name))}
    if change.targets:
        plain["targets"] = [plain_target(target) for target in change.targets]
    return plain


def day_json(day: date | None) -> str | None:
    """Return a date as ISO text."""
    return day.isoformat() if day else None


def _jsonable(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_jsonable(item) for item in value]
    return value
