"""Count sheets: the award clock of a case, day by day: as we now know it, or as it was shown on a past day.

Room for: the sheet put together, both ways of counting held against each other, what an extension would lead to.
May not enter: counting (`engine/law`), what a single day or entry says (`sheet_rows.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.core.clock_acts import Deed, propose
from engine.core.clocks import read, rule_of
from engine.errors import ClocksDisagree
from engine.law.agreement import between
from engine.law.clock import Reading, read_clock
from engine.law.day_sheet import sheet_of
from engine.law.walk import walk
from engine.model.answers import Refusal
from engine.model.case import Case, ClockLog
from engine.model.events import Event
from engine.model.guards import Value
from engine.model.people import Capacity
from engine.model.procedure import Clock, ClockEffect
from engine.model.rules import Rules
from engine.service import incidents
from engine.service.looking_back import looked_at_on, not_received, standing_on
from engine.service.office import Office, Unit
from engine.service.pages import CaseLine
from engine.service.sheet_pages import CountSheet, ShownLine, View
from engine.service.sheet_rows import (
    Record,
    breach_lines,
    closed_line,
    day_lines,
    late_lines,
    legend,
    refused_lines,
    totals,
)
from engine.service.wording import case_light, case_line, run_out, target_lines, working
from engine.text import Text

WARNING = Text(
    "两种计算方法结果不一致，请勿依赖该日期；已通知管理员和督办人员核查。",
    "Two ways of counting do not agree. Do not rely on this date; administrators and supervisors have been told.",
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a sheet is made of: the case with its events, under the rules it is looked at by, on a day."""

    rules: Rules
    case: Case
    events: tuple[Event, ...]
    documents: Mapping[str, str]
    """Digest -> the name of the file."""
    as_of: date
    view: View
    shown: ShownLine | None = None


def sheet(office: Office, at: datetime, named: str, as_of: date | None, view: View = "known") -> CountSheet:
    """Return the count sheet of a case's first clock on a day (None: today).

    ``known``: by all that is recorded until now. ``shown``: by what was recorded up to the end of that day and the
    calendar as it then was, beside the journal of what was shown. Two ways of counting that differ today open an
    incident. Raises UnknownName before the case was received, WrongUse for a day to come.
    """
    with office.reading() as unit:
        found = of_sight(_sight(unit, at, named, as_of, view))
        known = incident_warnings(unit, found.case.id)
    # What a look at a past day comes to is told to whoever looks; an incident is about the dates in use.
    if found.differing and as_of is None and view == "known":
        incidents.report(
            office, at, found.case.id, incidents.CLOCKS_DIFFER, found.disagreement[-1], same=found.differing
        )
    return replace(found, disagreement=tuple(dict.fromkeys((*found.disagreement, *known))))


def incident_warnings(unit: Unit, case: str) -> tuple[Text, ...]:
    """Return what the open incidents of a case say, headed by a warning where its dates are in doubt."""
    found = [incident for incident in unit.incidents.open_ones() if incident.case == case]
    doubted = any(incident.code in (incidents.CLOCKS_DIFFER, ClocksDisagree.code) for incident in found)
    return (*((WARNING,) if doubted else ()), *dict.fromkeys(incident.sentence for incident in found))


def of_sight(sight: Sight) -> CountSheet:
    """Return the sheet of what is in *sight*, with a warning where the two ways of counting differ."""
    rules, case, as_of = sight.rules, sight.case, sight.as_of
    clock = next(iter(rules.main_procedure(case).clocks.values()), None)
    log = case.clocks.get(clock.name) if clock else None
    line = case_line(rules, case, as_of)
    reading = read(rules, case, clock.name, as_of) if clock else None
    empty = CountSheet(
        case=line,
        title=clock.title if clock else Text("期限", "limit"),
        days=(),
        reading=None,
        working=Text("审限尚未起算", "the clock has not started"),
        office=rules.register.offices.get(case.office, rules.register.title),
        institution=rules.register.title,
        light=case_light(rules, case, reading, as_of),
        as_of=as_of,
        view=sight.view,
        shown=sight.shown,
    )
    if clock is None or log is None or reading is None:
        return empty
    return _filled(empty, sight, clock, log, reading)


def _filled(empty: CountSheet, sight: Sight, clock: Clock, log: ClockLog, reading: Reading) -> CountSheet:
    rules, case, as_of = sight.rules, sight.case, sight.as_of
    calendar = rules.calendar_of(case.office)
    rule = replace(rule_of(clock, log, calendar, as_of), basis=rules.register.cited(clock.basis))
    walked = walk(rule, log.facts, calendar, as_of)
    record = Record(rules, case, {event.seq: event for event in sight.events}, sight.documents)
    days = day_lines(record, calendar, sheet_of(walked), reading)
    difference = between(reading, walked.figures())
    refused = refused_lines(record, clock, log, reading)
    breaches = breach_lines(record, clock, log, reading)
    late = late_lines(record, clock, as_of)
    return replace(
        empty,
        days=days,
        reading=reading,
        working=working(rules, case, clock.name, reading),
        totals=totals(days, clock, reading),
        legend=legend(days, (*refused, *breaches), _beside_the_days(reading, bool(late))),
        refused=refused,
        breaches=breaches,
        late=late,
        targets=target_lines(rules, case, clock, reading),
        closed=closed_line(record, log, reading, as_of),
        run_out=run_out(clock, reading, as_of),
        disagreement=(WARNING, difference.sentence) if difference else (),
        differing=incidents.key_of(clock.name, difference) if difference else "",
    )


def _beside_the_days(reading: Reading, late: bool) -> tuple[str, ...]:
    """The rules that decide something on the sheet without deciding on a day of it: target, band, late entries."""
    asked = {"K14": reading.target_due is not None, "K20": reading.provisional, "K22": late}
    return tuple(rule for rule, applies in asked.items() if applies)


def due_if_extended(
    office: Office, at: datetime, named: str, days: int, role: str
) -> Reading | Refusal | None:
    """Return what the first clock would say if *role* extended it by *days* today, or the law's refusal.

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
    known: Mapping[str, Value] = {"days": days}
    deed = Deed(person="", capacity=Capacity(role), on=today, today=today, seq=case.version + 1)
    answer = propose(rules, case, case.main, effect, known, deed)
    if isinstance(answer, Refusal):
        return answer
    assert answer.change.fact is not None
    facts, calendar = (*log.facts, answer.change.fact), rules.calendar_of(case.office)
    return read_clock(rule_of(clock, log, calendar), facts, calendar)


def _sight(unit: Unit, at: datetime, named: str, as_of: date | None, view: View) -> Sight:
    rules = unit.rules
    case = unit.cases.find(named)
    events = unit.cases.history(case.id)
    documents = {document.digest: document.name for document in unit.documents.of_case(case.id)}
    day = looked_at_on(rules, at, as_of, events)
    if view == "known":
        if rules.day_of(case.opened_at) > day:
            raise not_received(case, day)
        return Sight(rules, case, events, documents, day, view)
    case, events = standing_on(rules, case, events, day)
    then = min(at, rules.midnight(day + timedelta(days=1)) - timedelta(microseconds=1))
    past = replace(
        rules, calendar=unit.calendars.calendar(then), office_calendars=unit.calendars.of_offices(then)
    )
    return Sight(past, case, events, documents, day, view, _shown(unit, past, case, then, day))


def _shown(unit: Unit, rules: Rules, case: Case, then: datetime, day: date) -> ShownLine | None:
    """What the journal says was shown at *then*; where the record of then comes to something else now, both."""
    journal = unit.journal.shown_at(case.id, then)
    if journal is None:
        return None
    line: CaseLine = case_line(rules, case, day)
    agrees = (journal.due, journal.target_due) == (line.due, line.target_due)
    none = Text("无届满日", "no last day")
    shown = Text("当日显示的届满日：{due}", "the last day shown then: {due}").filled(due=journal.due or none)
    if agrees:
        return ShownLine(journal.due, journal.overdue_after, journal.target_due, journal.at, True, shown)
    now = Text(
        "{shown}；按当日的记录和日历重新计算为{due}，两者不一致，以当日显示为准备查",
        "{shown}; counted anew from the record and the calendar of that day it is {due}. The two differ; "
        "what was shown then is what people went by",
    ).filled(shown=shown, due=line.due or none)
    return ShownLine(journal.due, journal.overdue_after, journal.target_due, journal.at, False, now)
