"""Queues: lists over cases: all of them, mine, the overdue ones, the supervised ones.

Room for: filters, cursors, and which rows make a line.
May not enter: one case's page (`case_pages.py`), SQL (`engine/store/docket.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.core.projection import main_reading
from engine.core.rungs import last_fired
from engine.core.terms import limit_of, term_reading
from engine.errors import WrongUse
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.procedure import RECUSED
from engine.model.rules import Rules
from engine.service.case_pages import matter_line_of, todo_lines
from engine.service.office import Office, Unit
from engine.service.pages import CaseLine, CaseList, LedgerLine, OverdueLine, TodayStrip, TodoLine
from engine.service.term_wording import step_working
from engine.service.wording import case_line as line_of
from engine.service.wording import shown
from engine.store.docket import Wanted
from engine.text import Text

SUPERVISION = "supervision"
PAGE_MOST = 200


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list is for. *search* takes a number in any typing or part of a party's name."""

    search: str = ""
    state: str | None = None
    stage: str | None = None
    overdue: bool = False
    open_only: bool = False
    supervised: bool = False
    due_before: date | None = None
    awaits: str | None = None
    """A person who is awaited."""
    role: str | None = None
    """A role or relation that is awaited."""
    offices: tuple[str, ...] | None = None
    """Only cases of these offices; None: of all."""
    after: str | None = None
    """The cursor of the page before."""
    most: int = 50


def cases(office: Office, at: datetime, wanted: CaseFilter) -> CaseList:
    """Return one page of cases; the cursor stays right when cases come and go."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        persons, pools = _awaited(rules, wanted.awaits, today)
        found, following = unit.docket.cases(
            Wanted(
                offices=wanted.offices, search=wanted.search, state=wanted.state, stage=wanted.stage, open_only=wanted.open_only, with_matter=SUPERVISION if wanted.supervised else None,
                overdue_on=today if wanted.overdue else None, due_before=wanted.due_before,
                persons=persons, pools=pools, role=wanted.role, after=_cursor(wanted.after), most=max(1, min(wanted.most, PAGE_MOST)),
            )
        )  # fmt: skip
        lines = tuple(line_of(rules, case, today) for case in found)
    return CaseList(lines, f"{following[0].isoformat()}_{following[1]}" if following else None)


def case_line(office: Office, at: datetime, named: str) -> CaseLine:
    """Return one case as a list shows it."""
    with office.reading() as unit:
        return line_of(unit.rules, unit.cases.find(named), unit.rules.day_of(at))


def todos(office: Office, at: datetime, person: str) -> tuple[TodoLine, ...]:
    """Return what awaits *person*; nothing that they have stepped back from."""
    with office.reading() as unit:
        return _todos(unit, at, person)


def overdue(office: Office, at: datetime, offices: Collection[str] | None = None) -> tuple[OverdueLine, ...]:
    """Return clocks past their last day, then steps past theirs, each the longest over first."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        docket = unit.docket
        lines = [
            _overdue_clock(rules, case, today) for case in docket.overdue_cases(today) if _of(case, offices)
        ]
        steps: dict[tuple[str, str], None] = dict.fromkeys(
            (t.case, t.matter) for t in docket.overdue_steps(today)
        )
        found = docket.bodies({case for case, _ in steps})
        for case_id, matter_id in steps:
            case = found[case_id]
            matter = case.matter(matter_id)
            if (
                matter is not None
                and _of(case, offices)
                and (line := _overdue_step(rules, case, matter, today))
            ):
                lines.append(line)
    return tuple(sorted(lines, key=lambda line: (line.what != "clock", -line.days_over, line.case.number)))


def ledger(office: Office, at: datetime, offices: Collection[str] | None = None) -> tuple[LedgerLine, ...]:
    """Return the supervised cases, the longest without an update first."""
    with office.reading() as unit:
        today = unit.rules.day_of(at)
        lines = [
            _ledger_line(unit, case, matter, today)
            for case in unit.docket.with_open_matter(SUPERVISION)
            for matter in case.matters_of(SUPERVISION)
            if matter.open and _of(case, offices)
        ]
    return tuple(
        sorted(lines, key=lambda line: (not line.stale, line.updated_on or date.min, line.case.number))
    )


def strip(office: Office, at: datetime, person: str) -> TodayStrip:
    """Return the counts for the strip: of *person*'s todos and unread notices."""
    with office.reading() as unit:
        today = unit.rules.day_of(at)
        mine = _todos(unit, at, person)
        unread = unit.inboxes.unread(person, at)
    soon = today + timedelta(days=3)
    return TodayStrip(
        due_today=sum(t.due == today for t in mine),
        within_three_days=sum(t.due is not None and today <= t.due <= soon for t in mine),
        overdue=sum(is_over(t, today) for t in mine),
        mine=len(mine),
        unread=unread,
    )


def is_over(todo: TodoLine, today: date) -> bool:
    """Return whether *today* lies after the last day that is certainly in time (K20)."""
    last = todo.overdue_after or todo.due
    return last is not None and today > last


def _todos(unit: Unit, at: datetime, person: str) -> tuple[TodoLine, ...]:
    rules, today = unit.rules, unit.rules.day_of(at)
    absent = rules.people.stands_in_for(person, today)
    pools = {
        (place, capacity.role): capacity.acting_for
        for place in rules.register.offices
        for capacity in reversed(rules.people.capacities(person, place, today))
    }
    docket = unit.docket
    rows = docket.todos({person, *absent}, pools)
    found = docket.bodies({row.case for row in rows})
    shown = {id: _by_row(todo_lines(rules, case, today)) for id, case in found.items()}
    lines = []
    for row in rows:
        case = found[row.case]
        if person in case.main.assigned.get(RECUSED, ()):
            continue
        acting_for = (
            row.person
            if row.person in absent
            else pools.get((row.office, row.role))
            if row.person is None
            else None
        )
        # The row may be a moment older than the rules; what it stands for is then no more.
        if line := shown[row.case].get((row.matter, row.role, row.person)):
            lines.append(_standing_in(line, rules.people.name(acting_for) if acting_for else None))
    return tuple(lines)


def _of(case: Case, offices: Collection[str] | None) -> bool:
    return offices is None or case.office in offices


def _by_row(lines: tuple[TodoLine, ...]) -> dict[tuple[str, str, str | None], TodoLine]:
    return {(line.matter, line.role, line.person): line for line in lines}


def _standing_in(line: TodoLine, absent: str | None) -> TodoLine:
    return replace(line, for_=absent) if absent else line


def _awaited(rules: Rules, person: str | None, today: date) -> tuple[set[str] | None, set[tuple[str, str]]]:
    if person is None:
        return None, set()
    pools = {
        (place, capacity.role)
        for place in rules.register.offices
        for capacity in rules.people.capacities(person, place, today)
    }
    return {person, *rules.people.stands_in_for(person, today)}, pools


def _cursor(text: str | None) -> tuple[date, str] | None:
    if not text:
        return None
    day, _, id_ = text.partition("_")
    try:
        return date.fromisoformat(day), id_
    except ValueError:
        raise WrongUse(
            Text(
                "翻页位置无效，请从第一页重新查看。",
                "This page mark cannot be read; start at the first page.",
            )
        ) from None


def _overdue_clock(rules: Rules, case: Case, today: date) -> OverdueLine:
    reading = main_reading(rules, case)
    procedure = rules.main_procedure(case)
    assert reading is not None
    assert reading.due is not None
    clock = next(iter(procedure.clocks.values()))
    line = line_of(rules, case, today)
    return OverdueLine(
        case=line, matter=case.main.id, matter_title=clock.title, state_title=line.state_title,
        due=reading.due, days_over=(today - (reading.due_latest or reading.due)).days, holders=line.handler,
        what="clock", rung=last_fired(rules, case, case.main), working=line.working,
    )  # fmt: skip


def _overdue_step(rules: Rules, case: Case, matter: Matter, today: date) -> OverdueLine | None:
    procedure = rules.procedure_of(matter)
    state = procedure.states[matter.state]
    limit = limit_of(rules, case, matter)
    last = limit.overdue_after or limit.due
    if limit.due is None or last is None or last >= today or not state.terms:
        return None
    holders = matter_line_of(rules, case, matter, today).awaits
    return OverdueLine(
        case=line_of(rules, case, today), matter=matter.id, matter_title=procedure.title, state_title=state.title,
        due=limit.due, days_over=(today - last).days, holders=holders, what="step", rung=last_fired(rules, case, matter),
        working=step_working(rules, case, matter),
    )  # fmt: skip


def _ledger_line(unit: Unit, case: Case, matter: Matter, today: date) -> LedgerLine:
    rules = unit.rules
    facts = matter.facts
    last = _update_due(rules, case, matter)
    events = unit.cases.history(case.id)
    return LedgerLine(
        case=line_of(rules, case, today), matter=matter_line_of(rules, case, matter, today), reason=_listing_reason(rules, case, matter, events),
        not_closed_because=_text(facts.get("not_closed_because")), next_step=_text(facts.get("next_step")),
        next_step_on=_day(facts.get("next_step_on")), updated_on=_day(facts.get("updated_on")),
        listed_on=rules.day_of(matter.opened_at), stale=last is not None and last < today,
        updates=sum(e.matter == matter.id and e.move == "update_ledger" for e in events),
    )  # fmt: skip


def _update_due(rules: Rules, case: Case, matter: Matter) -> date | None:
    """Return the last day for the next entry of the ledger; where none is awaited, that of the step."""
    terms = rules.procedure_of(matter).states[matter.state].terms
    readings = [term_reading(rules, case, matter, term) for term in terms if term.of == "updated_on"]
    days = [reading.latest for reading in readings if reading and reading.latest]
    limit = limit_of(rules, case, matter)
    return min(days) if days else limit.overdue_after or limit.due


def _listing_reason(rules: Rules, case: Case, matter: Matter, events: tuple[Event, ...]) -> Text:
    # A case may be listed more than once: what counts is the act before this listing, or none where a rung listed it.
    opened = next(e for e in events if e.kind == "matter_opened" and e.matter == matter.id)
    cause = next((e for e in events if e.seq == opened.seq - 1 and e.kind == "moved"), None)
    named = cause.facts.get("listing_reason") if cause else None
    if named is None:
        return Text("超审限", "overdue")
    return shown(rules, rules.main_procedure(case), "listing_reason", named)


def _text(value: Value | None) -> str | None:
    return str(value) if value is not None else None


def _day(value: Value | None) -> date | None:
    return value if isinstance(value, date) else None
