"""Rungs: which steps of which ladders are armed on a case.

Room for: timers as they follow from the case, their keys and rounds, and which fired ones have lost their ground.
May not enter: what a rung does (`settling.py`), how days are counted (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from engine.core.clocks import Clocks, Standing
from engine.core.fold import MAIN_ID
from engine.core.terms import Stay, stays_of
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.projection import Timer
from engine.model.register import Rung
from engine.model.rules import Rules


class _Anchor(NamedTuple):
    """What a ladder hangs on: one subject of a matter in one round, with its day; the two differ where that is provisional."""

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


class DueRung(NamedTuple):
    """A rung that is due. *provisional*: a notice to come may move the date it hangs on, of which this goes by the earliest."""

    timer: Timer
    rung: Rung
    provisional: bool


class _Ladder:
    """The rungs that hang on one anchor, and the timers that are left of them, in due order, once some have fired."""

    __slots__ = ("_keys", "_left", "_rules", "_unfired", "steps")

    def __init__(self, rules: Rules, steps: tuple[_Step, ...]) -> None:
        self.steps = steps
        self._rules = rules
        self._keys = tuple(step.key for step in steps)
        self._unfired = tuple(sorted(step.first for step in steps if step.first is not None))
        self._left: dict[tuple[int, ...], tuple[Timer, ...]] = {}

    def left(self, fired: Mapping[str, int]) -> tuple[Timer, ...]:
        """Return the timers that are left where these rungs have *fired*; those that repeat show their next."""
        if not fired:
            return self._unfired
        times = tuple([fired.get(key, 0) for key in self._keys])
        left = self._left.get(times)
        if left is None:
            if len(self._left) >= TIMES_MOST:
                self._left.clear()
            left = self._left[times] = self._after(times)
        return left

    def _after(self, times: tuple[int, ...]) -> tuple[Timer, ...]:
        timers = (
            _timer(self._rules, step.anchor, step.rung, fired)
            for step, fired in zip(self.steps, times, strict=True)
        )
        return tuple(sorted(timer for timer in timers if timer is not None))


TIMES_MOST = 64
"""So much is kept of what is left of one ladder: a rung that repeats may have fired any number of times."""


class Course:
    """What the clocks and the matters of a case come to, and the ladders that hang on them, whichever rungs have fired.

    It holds as long as both are what they were: an event that only fires a rung moves neither.
    """

    __slots__ = ("_ladders", "_logs", "_matters", "clocks", "rules", "stays")

    def __init__(self, rules: Rules, case: Case) -> None:
        self.rules = rules
        self.clocks = clocks = Clocks(rules, case)
        self.stays = stays_of(rules, case, clocks)
        self._logs, self._matters = case.clocks, case.matters
        ladders: list[_Ladder] = []
        for standing in clocks.started():
            if standing.clock.ladder is not None:
                ladders += rules.once(_of_clock, standing)
        for stay in self.stays:
            if stay.ends:
                ladders += rules.once(_of_stay, stay)
        self._ladders = ladders

    def of(self, case: Case) -> Course:
        """Return the course of *case*: this one, where nothing has changed that it rests on."""
        same = case.clocks is self._logs and case.matters is self._matters
        return self if same else Course(self.rules, case)

    def next_armed(self, fired: Mapping[str, int]) -> tuple[Timer, ...]:
        """Return the next timer of each ladder, in due order, where these rungs have *fired*."""
        found = [left[0] for ladder in self._ladders if (left := ladder.left(fired))]
        if len(found) > 1:
            found.sort()
        return tuple(found)

    def first_due(self, fired: Mapping[str, int], at: datetime) -> DueRung | None:
        """Return the rung that is due first; None when none is due at *at*."""
        first: Timer | None = None
        on: _Ladder | None = None
        for ladder in self._ladders:
            left = ladder.left(fired)
            if left and left[0].due <= at and (first is None or left[0] < first):
                first, on = left[0], ladder
        if first is None or on is None:
            return None
        step = next(step for step in on.steps if step.rung.name == first.rung)
        provisional = step.rung.days <= 0 and step.anchor.earliest != step.anchor.latest
        return DueRung(first, step.rung, provisional)


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


def _named(rules: Rules, anchor: _Anchor, name: str) -> Rung | None:
    return next((rung for rung in rules.register.ladders.get(anchor.ladder, ()) if rung.name == name), None)


def _day(anchor: _Anchor, rung: Rung, occurrence: int) -> date:
    # Rungs before the last day arm on the earliest of a provisional date; "overdue" is said after the latest.
    base = anchor.latest if rung.days > 0 else anchor.earliest
    return base + timedelta(days=rung.days + (occurrence - 1) * (rung.every or 0))


def _anchors(rules: Rules, case: Case) -> Iterator[_Anchor]:
    clocks = Clocks(rules, case)
    for standing in clocks.started():
        yield from _clock_anchors(standing)
    for stay in stays_of(rules, case, clocks):
        yield from _stay_anchors(stay)


def _stay_anchors(stay: Stay) -> Iterator[_Anchor]:
    for end in stay.ends:
        yield _Anchor(stay.matter, end.subject, stay.round, "limit", end.ladder, end.earliest, end.latest)


def _clock_anchors(standing: Standing) -> Iterator[_Anchor]:
    name, reading, ladder = standing.clock.name, standing.reading, standing.clock.ladder
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


def _of_clock(rules: Rules, standing: Standing) -> tuple[_Ladder, ...]:
    return _hung(rules, _clock_anchors(standing))


def _of_stay(rules: Rules, stay: Stay) -> tuple[_Ladder, ...]:
    return _hung(rules, _stay_anchors(stay))


def _hung(rules: Rules, anchors: Iterable[_Anchor]) -> tuple[_Ladder, ...]:
    return tuple(_Ladder(rules, tuple(_steps(rules, anchor))) for anchor in anchors)


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
