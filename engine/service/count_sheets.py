"""Count sheets: the award clock of a case, day by day.

Room for: the law's day sheet with the person and the fact behind each day.
May not enter: counting (`engine/law`).
"""

from __future__ import annotations

from datetime import date, datetime

from engine.core.clocks import propose, rule_of
from engine.core.fold import fold
from engine.errors import UnknownName
from engine.law.clock import read_clock
from engine.law.day_sheet import DayVerdict, day_sheet
from engine.model.answers import Refusal
from engine.model.case import Case
from engine.model.events import Event
from engine.model.people import Capacity
from engine.model.procedure import ClockEffect
from engine.model.rules import Rules
from engine.service.office import Office
from engine.service.pages import CountSheet, SheetDay
from engine.service.wording import case_line, event_sentence, working
from engine.text import Text


def sheet(office: Office, at: datetime, named: str, as_of: date | None) -> CountSheet:
    """Return the count sheet of a case's first clock; with *as_of* by what was recorded up to that day."""
    with office.reading() as unit:
        rules = unit.rules
        case = unit.cases.find(named)
        events = unit.cases.history(case.id)
    if as_of is not None:
        events = tuple(event for event in events if rules.day_of(event.recorded_at) <= as_of)
        if not events:
            raise UnknownName(
                Text(
                    f"案件{case.number}在{as_of}尚未收件。",
                    f"Case {case.number} had not been received on {as_of}.",
                )
            )
        case = fold(events)
    today = as_of or rules.day_of(at)
    clock = next(iter(rules.main_procedure(case).clocks.values()), None)
    log = case.clocks.get(clock.name) if clock else None
    line = case_line(rules, case, today)
    if clock is None or log is None:
        title = clock.title if clock else Text("期限", "limit")
        return CountSheet(line, title, (), None, Text("审限尚未起算", "the clock has not started"))
    rule = rule_of(clock, log)
    reading = read_clock(rule, log.facts, rules.calendar, today)
    days = day_sheet(rule, log.facts, rules.calendar, today)
    by_seq = {event.seq: event for event in events}
    return CountSheet(
        case=line,
        title=clock.title,
        reading=reading,
        working=working(rules, case, clock.name, reading),
        days=tuple(_day(rules, case, by_seq.get(verdict.fact_seq), verdict) for verdict in days),
    )


def due_if_extended(office: Office, at: datetime, named: str, days: int, role: str) -> date | Refusal | None:
    """Return the due date the first clock would have if *role* extended it by *days* today, or the law's refusal.

    None where the case has no running clock. Changes nothing.
    """
    with office.reading() as unit:
        rules = unit.rules
        case = unit.cases.find(named)
    clock = next(iter(rules.main_procedure(case).clocks.values()), None)
    log = case.clocks.get(clock.name) if clock else None
    if clock is None or log is None or days < 1:
        return None
    today = rules.day_of(at)
    effect = ClockEffect(clock.name, "extend", length="days")
    change = propose(rules, case, effect, {"days": days}, Capacity(role), today, today, case.version + 1)
    if isinstance(change, Refusal):
        return change
    return read_clock(rule_of(clock, log), (*log.facts, change.fact), rules.calendar).due


def _day(rules: Rules, case: Case, event: Event | None, verdict: DayVerdict) -> SheetDay:
    return SheetDay(
        verdict.date,
        verdict.verdict,
        verdict.number,
        verdict.rule,
        verdict.article,
        event_sentence(rules, case, event) if event else None,
        rules.people.name(event.by) if event and event.by else None,
    )
