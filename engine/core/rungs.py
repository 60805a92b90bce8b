"""Rungs: which steps of which ladders are armed on a case.

Room for: timers as they follow from the case, their keys and rounds, and which fired ones have lost their ground.
May not enter: what a rung does (`settling.py`), how days are counted (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.core.clocks import Clocks, Standing
from engine.core.fold import MAIN_ID
from engine.core.terms import Stay, stays_of
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.procedure import Clock
from engine.model.projection import Timer
from engine.model.register import Rung
from engine.model.rules import Rules


class _Anchor(NamedTuple):
    """What a ladder hangs on: one subject of a matter in one round, with its day; the two differ in a provisional year."""

    matter: str
    subject: str
    round: int
    kind: str
    ladder: str
    earliest: date
    latest: date


class _Step(NamedTuple):
    """One rung of an anchor's ladder: its key in the fired rungs, and its timer as long as it has not fired."""

    key: str
    first: Timer | None
    rung: Rung
    anchor: _Anchor


def armed(
    rules: Rules, case: Case, clocks: Clocks | None = None, stays: Sequence[Stay] | None = None
) -> tuple[Timer, ...]:
    """Return every timer that follows from *case* as it stands, in due order; repeated rungs show their next.

    *clocks* and *stays* are those of the case, where they are at hand.
    """
    clocks = clocks or Clocks(rules, case)
    fired, found = case.fired, []
    for steps in _ladders(rules, case, clocks, stays or stays_of(rules, case, clocks)):
        for step in steps:
            times = fired.get(step.key, 0) if fired else 0
            timer = _timer(rules, step.anchor, step.rung, times) if times else step.first
            if timer is not None:
                found.append(timer)
    found.sort()
    return tuple(found)


def _ladders(rules: Rules, case: Case, clocks: Clocks, stays: Sequence[Stay]) -> list[tuple[_Step, ...]]:
    """Return the rungs that hang on each clock and on each stay of *case*."""
    found = []
    for name, clock in rules.main_procedure(case).clocks.items():
        standing = clocks.standing(name)
        if standing is not None and clock.ladder is not None:
            found.append(rules.once(_steps_of_clock, clock, standing))
    found += [rules.once(_steps_of_stay, stay) for stay in stays if stay.ends]
    return found


def superseded(rules: Rules, case: Case, events: Iterable[Event]) -> frozenset[int]:
    """Return the seqs of fired rungs whose ground has fallen away: their day has since moved later.

    Only the present rounds are looked at; a round that is over was lawful while it lasted.
    """
    anchors = {(a.matter, a.subject, a.round): a for a in _anchors(rules, case)}
    open_ids = {matter.id for matter in case.open_matters()}
    found = set()
    for event in events:
        if event.kind != "rung_fired" or event.matter not in open_ids:
            continue
        anchor = anchors.get((event.matter, event.rung["subject"], int(event.rung["round"])))
        rung = _named(rules, anchor, event.rung["rung"]) if anchor else None
        if anchor and rung and event.on < _day(anchor, rung, int(event.rung["occurrence"])):
            found.add(event.seq)
    return frozenset(found)


def last_fired(rules: Rules, case: Case, matter: Matter) -> str | None:
    """Return the rung that fired last in a round of *matter* that still runs, or None."""
    present = {f"{a.matter}|{a.subject}|{a.round}" for a in _anchors(rules, case) if a.matter == matter.id}
    fired = [key.rpartition("|") for key in case.fired]
    return next((rung for round_, _, rung in reversed(fired) if round_ in present), None)


def rung_of(rules: Rules, case: Case, timer: Timer) -> Rung:
    """Return the rung a timer stands for, as the register has it now."""
    for anchor in _anchors(rules, case):
        same = (anchor.matter, anchor.subject) == (timer.matter, timer.subject)
        if same and (rung := _named(rules, anchor, timer.rung)):
            return rung
    raise LookupError(timer.key)


def _named(rules: Rules, anchor: _Anchor, name: str) -> Rung | None:
    return next((rung for rung in rules.register.ladders.get(anchor.ladder, ()) if rung.name == name), None)


def _day(anchor: _Anchor, rung: Rung, occurrence: int) -> date:
    # Rungs before the last day arm on the earliest date of a provisional year; "overdue" is said after the latest.
    base = anchor.latest if rung.days > 0 else anchor.earliest
    return base + timedelta(days=rung.days + (occurrence - 1) * (rung.every or 0))


def _anchors(rules: Rules, case: Case) -> Iterator[_Anchor]:
    clocks = Clocks(rules, case)
    for name, clock in rules.main_procedure(case).clocks.items():
        if standing := clocks.standing(name):
            yield from _clock_anchors(clock, standing)
    for stay in stays_of(rules, case, clocks):
        yield from _stay_anchors(stay)


def _stay_anchors(stay: Stay) -> Iterator[_Anchor]:
    for end in stay.ends:
        yield _Anchor(stay.matter, end.subject, stay.round, "limit", end.ladder, end.earliest, end.latest)


def _clock_anchors(clock: Clock, standing: Standing) -> Iterator[_Anchor]:
    name, reading, ladder = clock.name, standing.reading, clock.ladder
    if ladder is None or reading.state == "ended":
        return
    limit_round, target_round = standing.rounds
    for stop in standing.open_stops:
        yield _Anchor(MAIN_ID, f"{name}.stop.{stop.ref}", stop.seq, "stop", ladder, stop.on, stop.on)
    if reading.due_earliest and reading.due_latest:
        yield _Anchor(
            MAIN_ID, f"{name}.limit", limit_round, "limit", ladder, reading.due_earliest, reading.due_latest
        )
    if reading.target_earliest and reading.target_latest:
        yield _Anchor(
            MAIN_ID, f"{name}.target", target_round, "target", ladder,
            reading.target_earliest, reading.target_latest,
        )  # fmt: skip


def _steps_of_clock(rules: Rules, clock: Clock, standing: Standing) -> tuple[_Step, ...]:
    return tuple(step for anchor in _clock_anchors(clock, standing) for step in _steps(rules, anchor))


def _steps_of_stay(rules: Rules, stay: Stay) -> tuple[_Step, ...]:
    return tuple(step for anchor in _stay_anchors(stay) for step in _steps(rules, anchor))


def _steps(rules: Rules, anchor: _Anchor) -> Iterator[_Step]:
    """Yield the rungs of the anchor's ladder that hang on what it is."""
    begins = f"{anchor.matter}|{anchor.subject}|{anchor.round}|"
    for rung in rules.register.ladders.get(anchor.ladder, ()):
        if rung.anchor == anchor.kind:
            yield _Step(begins + rung.name, _timer(rules, anchor, rung, 0), rung, anchor)


def _timer(rules: Rules, anchor: _Anchor, rung: Rung, fired: int) -> Timer | None:
    """Return when *rung* fires next, having *fired* so often in this round; None where it does not."""
    if fired and rung.every is None:
        return None
    day = _day(anchor, rung, fired + 1)
    if rung.every is not None and rung.days < 0 and day > anchor.earliest:
        return None
    return Timer(rules.midnight(day), anchor.matter, anchor.subject, rung.name, anchor.round, fired + 1, day)
