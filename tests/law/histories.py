"""Random histories of a clock: seeded, so that the one that failed can be told again from its two numbers."""

from __future__ import annotations

import pprint
import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from engine.law.agreement import difference
from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, read_clock
from engine.law.day_sheet import sheet_of, walked
from engine.law.duration import Duration
from engine.law.facts import FactKind
from engine.law.walk import walk
from tests.law.notices import china_calendar
from tests.law.stories import COMMERCIAL, DECIDERS, LABOUR

OFFICE_DAYS = [date(2024, 5, 6), date(2025, 3, 3), date(2025, 9, 28), date(2026, 7, 1)]

CALENDARS = [
    china_calendar(),
    china_calendar(2024, 2025),
    china_calendar(2025),
    china_calendar().with_rest_days(OFFICE_DAYS),
]
RULES = [
    LABOUR,
    COMMERCIAL,
    ClockRule(Duration(2, "months"), Duration(20, "days"), DECIDERS, Duration(1, "months")),
    ClockRule(Duration(30, "days"), Duration(1, "months"), DECIDERS, Duration(10, "days")),
    ClockRule(Duration(7, "days"), None, frozenset()),
    ClockRule(Duration(1, "days"), Duration(9, "days"), DECIDERS, Duration(40, "days")),
]
KINDS: list[FactKind] = [
    "suspend", "suspend", "resume", "resume", "publication", "exclude", "restart", "extend", "start", "end",
]  # fmt: skip
ROLES = ["director", "director", "delegated_head", "secretary", ""]
LAGS = [None, None, 0, 3, 60, -1]


@dataclass(frozen=True, slots=True)
class History:
    """One clock, what happened to it, the calendar it is counted by and the day it is looked at from."""

    rule: ClockRule
    facts: list[ClockFact]
    calendar: Calendar
    as_of: date | None

    def told(self) -> str:
        """The history as it can be pasted into a test."""
        years = sorted(self.calendar.published_years)
        local = sorted(self.calendar.local_rest)
        return pprint.pformat([self.rule, self.facts, self.as_of, years, local], width=140)


def history(seed: int, number: int) -> History:
    """Return the history with this *number* of those that begin with *seed*."""
    chance = random.Random(f"{seed}/{number}")
    start = date(2024, 1, 1) + timedelta(chance.randrange(900))
    reach = chance.choice([20, 60, 100, 140])
    facts = [_a_fact(chance, start, reach) for _ in range(chance.randrange(10))]
    if chance.random() < 0.5:
        # In an order a registry would see, so that more of the facts count.
        facts.sort(key=lambda fact: fact.on)
    began = ClockFact("start", start, recorded_on=_recorded(chance, start))
    facts.insert(chance.choice([0, 0, 0, chance.randint(0, len(facts))]), began)
    first = min(fact.on for fact in facts)
    after = chance.choice([None, None, chance.randrange(150)])
    as_of = None if after is None else first + timedelta(after)
    return History(chance.choice(RULES), facts, chance.choice(CALENDARS), as_of)


def _a_fact(chance: random.Random, start: date, reach: int) -> ClockFact:
    kind = chance.choice(KINDS)
    on = start + timedelta(chance.randint(-3, reach))
    length = None
    if kind == "extend":
        length = Duration(chance.randint(0, 16), chance.choice(["days", "days", "months"]))
    elif kind == "exclude" or (kind == "publication" and chance.random() < 0.8):
        length = Duration(chance.choice([1, 5, 30, chance.randint(1, 40)]), "days")
    return ClockFact(
        kind,
        on,
        recorded_on=_recorded(chance, on),
        ref=chance.choice(["A", "B", ""]),
        days=length,
        by_role=chance.choice(ROLES),
        overridden=chance.random() < 0.2,
        struck=chance.random() < 0.06,
    )


def _recorded(chance: random.Random, on: date) -> date | None:
    lag = chance.choice(LAGS)
    return None if lag is None else on + timedelta(lag)


def disagreement(facts: list[ClockFact], rule: ClockRule, calendar: Calendar, as_of: date | None) -> str:
    """Return what is wrong between the clock, the walk and the sheet made from it, or nothing."""
    found = difference(rule, facts, calendar, as_of)
    if found is not None:
        return found.sentence.en
    reading = read_clock(rule, facts, calendar, as_of)
    if reading.state == "not_started":
        return ""
    sheet = sheet_of(walk(rule, facts, calendar, as_of))
    for before, day in pairwise(sheet):
        # A round let start anew after its due date leaves the overdue days out; nothing else leaves out any.
        if day.date - before.date != timedelta(1) and day.verdict != "start":
            return f"the sheet leaps from {before.date} to {day.date}"
    due, counted = walked(sheet, as_of)
    if reading.state == "ended" and due is None:
        # The sheet of an ended clock stops at its end, and so before a later due date.
        return (
            "" if reading.due is None or reading.due > sheet[-1].date else f"no due date, but {reading.due}"
        )
    if due != reading.due:
        return f"the sheet is due {due}, the clock {reading.due}"
    shown = as_of is not None and (due is None or as_of <= due)
    if shown and reading.counted_days is not None and counted != reading.counted_days:
        return f"the sheet counts {counted} days, the clock {reading.counted_days}"
    return ""
