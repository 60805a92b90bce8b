"""Queues: lists over cases: all of them, mine, the overdue ones, the supervised ones.

Room for: filters, cursors, and which rows make a line.
May not enter: one case's page (`case_pages.py`), SQL (`engine/store/docket.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from engine.core.projection import main_reading
from engine.core.rungs import last_fired
from engine.core.terms import limit_of, term_reading
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.procedure import RECUSED, Procedure
from engine.model.rules import Rules
from engine.service.case_pages import matter_line_of, todo_lines
from engine.service.office import Office, Unit
from engine.service.pages import CaseLine, CaseList, LedgerLine, OverdueLine, TodayStrip, TodoLine
from engine.service.paging import Ask, Lines, lined
from engine.service.places import places_of
from engine.service.term_wording import step_working
from engine.service.wording import case_line as line_of
from engine.service.wording import shown
from engine.store.docket import Wanted
from engine.store.folding import fold_number
from engine.store.todo_queues import Mine, PlaceOfStep, Span, StoredTodo
from engine.store.turning import Turn
from engine.text import Text

SUPERVISION = "supervision"

COUNTED_MOST = 200
"""Up to so many are counted; one more stands for all that are more."""

SOON = timedelta(days=3)

Show = Literal["", "today", "soon", "overdue"]
"""What the strip counts, as a list."""

UPDATE = "update_ledger"
"""The move that enters what has become of a supervised case."""

_YEAR_AND_NUMBER = re.compile(r"^(?:.*?(\d{4})\|)?(\d+)$")

ROUNDS = 5
"""So often more rows are read where some of a page's turned out to be none of its."""


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
    before: str | None = None
    """The cursor of the page after, to go back."""
    most: int = 50


def cases(office: Office, at: datetime, wanted: CaseFilter) -> CaseList:
    """Return one page of cases; the cursor stays right when cases come and go."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        turned = unit.docket.cases(_wanted(unit, wanted, today))
        mine = wanted.offices
        # A list of every office of the register is read as that of all there are.
        page = lined(
            turned, lambda case: line_of(rules, case, today) if mine is None or case.office in mine else None
        )
    return CaseList(page.lines, page.next, page.previous)


def _wanted(unit: Unit, wanted: CaseFilter, today: date) -> Wanted:
    persons, pools = _awaited(unit.rules, wanted.awaits, today)
    numbers = numbers_meant(unit, wanted.search, today.year)
    if persons is None and wanted.role is not None:
        places = unit.todo_queues.offices_of(wanted.role) if wanted.offices is None else wanted.offices
        pools = frozenset((place, wanted.role) for place in places)
    offices = None if wanted.offices is None or {*unit.rules.register.offices} <= {*wanted.offices} else tuple(sorted(wanted.offices))  # fmt: skip
    return Wanted(
        search=wanted.search, numbers=numbers, offices=offices, state=wanted.state, stage=wanted.stage,
        open_only=wanted.open_only, with_matter=SUPERVISION if wanted.supervised else None,
        matter_states=_states_of_supervision(unit) if wanted.supervised else frozenset(),
        overdue_on=today if wanted.overdue else None, due_before=wanted.due_before, persons=persons, pools=pools,
        role=wanted.role, turn=Ask(wanted.after, wanted.before, wanted.most).turn(2),
    )  # fmt: skip


def numbers_meant(unit: Unit, typed: str, this_year: int) -> tuple[str, ...]:
    """Return the folded numbers that *typed* may mean: itself, and where year and number or the number alone were typed, that in every series."""
    folded = fold_number(typed)
    found = _YEAR_AND_NUMBER.search(folded)
    if not found:
        return (folded,) if folded else ()
    year, number = found.groups()
    years = {int(year)} if year else {this_year, *unit.numbered_years()}
    patterns = {entry.number for entry in unit.rules.register.procedures.values() if entry.number}
    meant = {fold_number(pattern.format(year=one, n=number)) for pattern in patterns for one in years}
    return tuple(sorted({folded, *(one for one in meant if folded in one)}))


def case_line(office: Office, at: datetime, named: str) -> CaseLine:
    """Return one case as a list shows it."""
    with office.reading() as unit:
        return line_of(unit.rules, unit.cases.find(named), unit.rules.day_of(at))


def todos(
    office: Office, at: datetime, person: str, show: Show = "", ask: Ask | None = None
) -> Lines[TodoLine]:
    """Return a page of what awaits *person*; nothing that they have stepped back from."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        mine, pools = _mine(rules, person, today)
        turned = unit.todo_queues.page(mine, _span(show, today), (ask or Ask()).turn(5))
        found = unit.docket.bodies({row.case for row in turned.rows})
        kept = {id: case for id, case in found.items() if person not in case.main.assigned.get(RECUSED, ())}
        shown = {id: _by_row(todo_lines(rules, case, today)) for id, case in kept.items()}

        def line(row: StoredTodo) -> TodoLine | None:
            # The row may be a moment older than the rules; what it stands for is then no more.
            found = shown.get(row.case, {}).get((row.matter, row.role, row.person))
            if found is None:
                return None
            own = row.person is not None and row.person == person
            acting_for = None if own else row.person or pools.get((row.office, row.role))
            return replace(found, for_=rules.people.name(acting_for)) if acting_for else found

        return lined(turned, line)


def overdue_clocks(
    office: Office, at: datetime, offices: Collection[str] | None, ask: Ask
) -> Lines[OverdueLine]:
    """Return a page of the cases whose clock is past its last day, the earliest last day first."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        turned = unit.docket.cases(
            Wanted(
                offices=None if offices is None else tuple(sorted(offices)),
                overdue_on=today,
                turn=ask.turn(2),
            )
        )
        return lined(turned, lambda case: _overdue_clock(rules, case, today))


def overdue_steps(
    office: Office, at: datetime, offices: Collection[str] | None, ask: Ask
) -> Lines[OverdueLine]:
    """Return a page of the steps that are past their last day, the longest over first."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        limited = {s.name for one in _in_use(unit) for s in one.states.values() if s.terms}
        page: Lines[OverdueLine] = Lines((), None, None)
        for _ in range(ROUNDS):
            turned = unit.todo_queues.overdue_steps(today, limited, offices, ask.turn(3))
            found = unit.docket.bodies({row[1] for row in turned.rows})
            more = lined(turned, partial(_step_at, rules, today, found))
            previous = page.previous if page.lines else more.previous
            page = Lines((*page.lines, *more.lines), more.next, previous)
            if more.next is None or ask.before or len(page.lines) >= ask.most:
                break
            ask = replace(ask, after=more.next, most=max(1, ask.most - len(page.lines)))
        return page


def ledger(office: Office, at: datetime, offices: Collection[str] | None, ask: Ask) -> Lines[LedgerLine]:
    """Return a page of the supervised cases, whose step ends the earliest first; on the page those not updated in time lead."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        states = _states_of_supervision(unit)
        turned = unit.todo_queues.standing(SUPERVISION, states, offices, ask.turn(3))
        found = unit.docket.bodies({row[1] for row in turned.rows})
        events = unit.docket.listings(found, UPDATE)

        def line(row: PlaceOfStep) -> LedgerLine | None:
            case = found[row[1]]
            matter = case.matter(row[2])
            return _ledger_line(rules, case, matter, today, events[case.id]) if matter else None

        page = lined(turned, line)
    lines = sorted(page.lines, key=lambda one: (not one.stale, one.updated_on or date.min, one.case.number))
    return replace(page, lines=tuple(lines))


def _states_of_supervision(unit: Unit) -> frozenset[str]:
    """Return the states in which an open matter of supervision may await somebody."""
    # The case's own matter, which says what supervises it, may have ended under any version.
    known = unit.rules.readable()
    named = {one.matters[SUPERVISION].procedure for one in known if SUPERVISION in one.matters}
    return frozenset(
        s.name for one in _in_use(unit) if one.name in named for s in one.states.values() if s.awaits
    )


def _in_use(unit: Unit) -> list[Procedure]:
    """Return the definitions that open matters are pinned to. Raises BrokenDefinition where one cannot be read."""
    return [unit.rules.definitions[digest] for digest in unit.definitions.in_use()]


def strip(office: Office, at: datetime, person: str) -> TodayStrip:
    """Return the counts for the strip, of *person*'s todos and unread notices; 201 stands for more than 200."""
    with office.reading() as unit:
        rules, today = unit.rules, unit.rules.day_of(at)
        mine, _ = _mine(rules, person, today)
        first = unit.todo_queues.page(mine, Span(), Turn(most=COUNTED_MOST + 1))
        own = _own(unit, person, first.rows)
        near = own
        if len(first.rows) > COUNTED_MOST:
            span = Span(first=today, last=today + SOON)
            near = _own(unit, person, unit.todo_queues.page(mine, span, Turn(most=COUNTED_MOST + 1)).rows)
        unread = unit.inboxes.unread(person, at, rules.register.repeating)
    return TodayStrip(
        due_today=sum(t.due == today for t in near),
        within_three_days=sum(t.due is not None and today <= t.due <= today + SOON for t in near),
        overdue=sum(is_over(t, today) for t in own),
        mine=len(own),
        unread=unread,
    )


def _own(unit: Unit, person: str, rows: Sequence[StoredTodo]) -> list[StoredTodo]:
    """Those of *rows* whose case *person* has not stepped back from."""
    doubted = unit.docket.bodies(unit.todo_queues.with_relation(RECUSED, {row.case for row in rows}))
    gone = {id for id, case in doubted.items() if person in case.main.assigned.get(RECUSED, ())}
    return [row for row in rows if row.case not in gone]


def _span(show: Show, today: date) -> Span:
    match show:
        case "today":
            return Span(first=today, last=today)
        case "soon":
            return Span(first=today, last=today + SOON)
        case "overdue":
            return Span(over=today)
        case _:
            return Span()


def is_over(todo: TodoLine | StoredTodo, today: date) -> bool:
    """Return whether *today* lies after the last day that is certainly in time (K20)."""
    last = todo.overdue_after or todo.due
    return last is not None and today > last


def _mine(rules: Rules, person: str, today: date) -> tuple[Mine, Mapping[tuple[str, str], str | None]]:
    """Whose todos are *person*'s, and for whom they act in each of their pools."""
    pools = {
        (place, capacity.role): capacity.acting_for
        for place in places_of(rules, person, today)
        for capacity in reversed(rules.people.capacities(person, place, today))
    }
    return Mine({person, *rules.people.stands_in_for(person, today)}, pools), pools


def _by_row(lines: tuple[TodoLine, ...]) -> dict[tuple[str, str, str | None], TodoLine]:
    return {(line.matter, line.role, line.person): line for line in lines}


def _awaited(
    rules: Rules, person: str | None, today: date
) -> tuple[frozenset[str] | None, frozenset[tuple[str, str]]]:
    if person is None:
        return None, frozenset()
    pools = {
        (place, capacity.role)
        for place in places_of(rules, person, today)
        for capacity in rules.people.capacities(person, place, today)
    }
    return frozenset({person, *rules.people.stands_in_for(person, today)}), frozenset(pools)


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


def _step_at(rules: Rules, today: date, cases: Mapping[str, Case], place: PlaceOfStep) -> OverdueLine | None:
    case = cases.get(place[1])
    matter = case.matter(place[2]) if case else None
    return _overdue_step(rules, case, matter, today) if case and matter else None


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


def _ledger_line(
    rules: Rules, case: Case, matter: Matter, today: date, events: Sequence[Event]
) -> LedgerLine:
    facts = matter.facts
    last = _update_due(rules, case, matter)
    return LedgerLine(
        case=line_of(rules, case, today), matter=matter_line_of(rules, case, matter, today), reason=_listing_reason(rules, case, matter, events),
        not_closed_because=_text(facts.get("not_closed_because")), next_step=_text(facts.get("next_step")),
        next_step_on=_day(facts.get("next_step_on")), updated_on=_day(facts.get("updated_on")),
        listed_on=rules.day_of(matter.opened_at), stale=last is not None and last < today,
        updates=sum(e.matter == matter.id and e.move == UPDATE for e in events),
    )  # fmt: skip


def _update_due(rules: Rules, case: Case, matter: Matter) -> date | None:
    """Return the last day for the next entry of the ledger; where none is awaited, that of the step."""
    terms = rules.procedure_of(matter).states[matter.state].terms
    readings = [term_reading(rules, case, matter, term) for term in terms if term.of == "updated_on"]
    days = [reading.latest for reading in readings if reading and reading.latest]
    limit = limit_of(rules, case, matter)
    return min(days) if days else limit.overdue_after or limit.due


def _listing_reason(rules: Rules, case: Case, matter: Matter, events: Sequence[Event]) -> Text:
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
