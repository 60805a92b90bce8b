"""Backlog: how a drive stands against the cases it lists, and what has piled up meanwhile (积案清理, 边清边积).

Room for: the count of a case that lists other cases: cleared, still open, newly overdue in the same window; today's snapshot.
May not enter: the drive's own acts (its definition says them), lists over all cases (`queues.py`), shapes (`backlog_pages.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from engine.core.projection import main_reading
from engine.model.case import Case, Matter
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service.backlog_pages import BacklogPage, ListedLine, RegrownLine
from engine.service.office import Office, Unit


def listing_fact(procedure: Procedure) -> str | None:
    """Return the fact by which a drive lists cases, one matter for each; None for every other procedure.

    What has an award period of its own is a case, whatever cases it names; a drive has none.
    """
    if procedure.clocks:
        return None
    lists = {fact.name for fact in procedure.facts.values() if fact.type == "cases"}
    return next((kind.per for kind in procedure.matters.values() if kind.per in lists), None)


def backlog_of(unit: Unit, drive: Case, today: date) -> BacklogPage | None:
    """Return the count of *drive*; None for a case that lists no others."""
    rules = unit.rules
    fact = listing_fact(rules.main_procedure(drive))
    named = drive.main.facts.get(fact or "")
    if not isinstance(named, tuple):
        return None
    since = rules.day_of(drive.opened_at)
    until = today if drive.open else min(today, drive.main.entered_on)
    cases = unit.docket.numbered(named)
    plans = {matter.party: matter for matter in drive.matters if matter.party}
    listed = tuple(
        _listed(rules, cases[number], plans.get(number), until) for number in named if number in cases
    )
    beside = (case for case in unit.docket.once_due(since, until) if case.number not in cases)
    regrown = (_regrown(rules, case, since, until) for case in beside if case.id != drive.id)
    return BacklogPage(since, until, listed, tuple(line for line in regrown if line))


def overdue_numbers(office: Office, at: datetime, offices: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the numbers of the cases whose period is over today, the longest over first: the snapshot to begin with."""
    with office.reading() as unit:
        found = unit.docket.overdue_cases(unit.rules.day_of(at))
        return tuple(case.number for case in found if offices is None or case.office in offices)


def _listed(rules: Rules, case: Case, plan: Matter | None, until: date) -> ListedLine:
    reading = main_reading(rules, case, until)
    ended = _ended_on(rules, case, until)
    state = rules.main_procedure(case).states[case.main.state]
    by = plan.facts.get("plan_by") if plan else None
    return ListedLine(
        number=case.number, case=case.id, title=rules.main_procedure(case).title, state_title=state.title,
        due=reading.due if reading else None, cleared_on=ended,
        still_overdue=ended is None and reading is not None and reading.overdue_on(until),
        plan=plan.id if plan else None,
        plan_title=rules.procedure_of(plan).states[plan.state].title if plan else None,
        plan_by=by if isinstance(by, date) else None,
        claimed=ended is None and plan is not None and plan.outcome not in (None, "cancelled"),
    )  # fmt: skip


def _regrown(rules: Rules, case: Case, since: date, until: date) -> RegrownLine | None:
    reading = main_reading(rules, case, until)
    if reading is None or reading.due is None:
        return None
    last = reading.due_latest or reading.due
    ended = _clock_ended_on(rules, case)
    over = last < (ended or until) and since <= last
    return RegrownLine(case.number, case.id, reading.due, ended) if over else None


def _ended_on(rules: Rules, case: Case, until: date) -> date | None:
    ended = _clock_ended_on(rules, case)
    if ended is None and not case.open:
        ended = case.main.entered_on
    return ended if ended is not None and ended <= until else None


def _clock_ended_on(rules: Rules, case: Case) -> date | None:
    clocks: Mapping[str, object] = rules.main_procedure(case).clocks
    log = case.clocks.get(next(iter(clocks), ""))
    return (
        next((fact.on for fact in reversed(log.facts) if fact.kind == "end" and not fact.struck), None)
        if log
        else None
    )
