"""Benchmark "clock": an award period read from ten facts, beside a bare loop over the same facts.

Room for: the story that is read, and the least that comes to its due date.
May not enter: how a clock is read (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import date

from engine.law.calendar import Calendar
from engine.law.clock import ClockFact, ClockRule, read_clock
from engine.law.duration import Duration
from engine.law.facts import FactKind
from engine.run.bench.frame import Benchmark, Order, Pair, side_by_side
from engine.run.first_calendar import first_calendar
from engine.text import Text

RULE = ClockRule(
    Duration(45, "days"),
    Duration(15, "days"),
    frozenset({"director", "delegated_head"}),
    Duration(30, "days"),
)


def _fact(kind: FactKind, on: str, ref: str = "", days: int = 0) -> ClockFact:
    day = date.fromisoformat(on)
    length = Duration(days, "days") if days else None
    return ClockFact(kind, day, recorded_on=day, ref=ref, days=length, by_role="director")


FACTS = (
    _fact("start", "2025-03-03"),
    _fact("suspend", "2025-03-10", "heirs"),
    _fact("resume", "2025-03-24", "heirs"),
    _fact("publication", "2025-04-01", days=30),
    _fact("restart", "2025-05-12"),
    _fact("suspend", "2025-05-19", "expert"),
    _fact("suspend", "2025-05-26", "force_majeure"),
    _fact("resume", "2025-06-02", "expert"),
    _fact("resume", "2025-06-09", "force_majeure"),
    _fact("extend", "2025-06-20", days=10),
)
"""A labour case with a hard life: 55 days from 12 May with 21 stopped, a Sunday, so due on Monday 28 July."""


def rest_days(known: Calendar, first: date, last: date) -> Set[int]:
    """Return the ordinals of the rest days from *first* to *last*: all that a bare loop needs of a calendar."""
    days = range(first.toordinal(), last.toordinal() + 1)
    return frozenset(day for day in days if known.rests(day))


def bare_loop(facts: Sequence[ClockFact], limit: int, rest: Set[int]) -> date:
    """Return the due date of a limit in days, and nothing else.

    It is right for facts in order of which none is refused, with no stop left open at the end:
    less than this, and overlapping stops or a restart would come out wrong.
    """
    total = used = since = free = opened = 0
    for fact in facts:
        kind, day = fact.kind, fact.on.toordinal()
        if kind == "suspend":
            if not opened and day > since:
                used += day - since
            opened += 1
        elif kind == "resume":
            opened -= 1
            if not opened and day > since:
                since = day
        elif kind == "start" or kind == "restart":
            total, used = limit, 0
            since = day + 1 if day >= free else free
        elif kind == "extend" and fact.days:
            total += fact.days.count
        else:
            if not opened and day > since:
                used += day - since
            until = day + (fact.days.count if fact.days else 30)
            free = until if until > free else free
            since = free if free > since else since
    due = since + total - used - 1
    while due in rest:
        due += 1
    return date.fromordinal(due)


def _pairs(order: Order) -> Iterable[Pair]:
    known = first_calendar()
    rest = rest_days(known, FACTS[0].on, date(2025, 12, 31))
    limit = RULE.limit.count
    return side_by_side(lambda: read_clock(RULE, FACTS, known), lambda: bare_loop(FACTS, limit, rest))


CLOCK = Benchmark(
    name="clock",
    title=Text("由十项事实算出审限", "an award period read from ten facts"),
    limit=Text("对同样事实的最简循环", "a bare loop over the same facts"),
    most=10,
    unit="µs",
    pairs=_pairs,
)
