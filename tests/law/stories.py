"""Stories: what happened to a clock, written as lines a lawyer reads, turned into clock facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.law.clock import ClockFact, ClockRule, Reading, read_clock
from engine.law.duration import Duration
from engine.law.facts import FactKind
from engine.run.worked_files import EVENTS
from tests.law.notices import china_calendar

DECIDERS = frozenset({"director", "delegated_head"})

LABOUR = ClockRule(Duration(45, "days"), Duration(15, "days"), DECIDERS, Duration(30, "days"))
COMMERCIAL = ClockRule(Duration(4, "months"), Duration(2, "months"), DECIDERS)

KINDS: dict[str, FactKind] = {event: kind for event, kind in EVENTS.items() if kind is not None}
"""Event of a case -> what it is to the clock: the words that files of worked cases use."""

TOUCHES_NOTHING = {"partial_award", "simplified_to_ordinary", "hearing_postponed", "delegated_conciliation"}
"""K12: events that are no facts of the clock at all."""


def fact_of(line: str) -> ClockFact | None:
    """Read ``2024-06-03 extension 15 days by director``; None for an event that K12 keeps from the clock.

    A line may end in ``recorded 2024-06-05`` and ``overridden`` or ``struck``.
    """
    text = line.removesuffix(" overridden").removesuffix(" struck")
    text, _, recorded = text.partition(" recorded ")
    on, event, *rest = text.split()
    if event in TOUCHES_NOTHING:
        return None
    length, _, role = " ".join(rest).partition(" by ")
    paired = event in ("suspended", "resumed")
    return ClockFact(
        KINDS[event],
        date.fromisoformat(on),
        recorded_on=date.fromisoformat(recorded) if recorded else None,
        ref=length if paired else "",
        days=Duration.parse(length) if length and not paired else None,
        by_role=role,
        overridden=line.endswith(" overridden"),
        struck=line.endswith(" struck"),
    )


def facts_of(*lines: str) -> list[ClockFact]:
    """Read the lines of a story, in the order they were recorded."""
    return [fact for line in lines if (fact := fact_of(line)) is not None]


def reading_of(*lines: str, rule: ClockRule = LABOUR, as_of: str | None = None) -> Reading:
    """Read a labour clock, or the one of *rule*, after the story *lines*."""
    day = date.fromisoformat(as_of) if as_of else None
    return read_clock(rule, facts_of(*lines), china_calendar(), day)


def refused_in(reading: Reading) -> list[list[Any]]:
    """The refused facts as ``[line, code]``."""
    return [[refused.index, refused.code] for refused in reading.refused]


def days(*iso: str) -> list[date]:
    """Several dates at once."""
    return [date.fromisoformat(day) for day in iso]


def rule_of(clock: dict[str, str]) -> ClockRule:
    """The rule of one clock in `worked_cases.yaml`."""
    target = clock.get("target")
    return ClockRule(
        Duration.parse(clock["limit"]),
        Duration.parse(clock["extension"]),
        DECIDERS,
        Duration.parse(target) if target else None,
    )


def numbered(lines: Iterable[str]) -> str:
    """A story for a failure message, its lines counted from 0."""
    return "\n".join(f"{number}  {line}" for number, line in enumerate(lines))
