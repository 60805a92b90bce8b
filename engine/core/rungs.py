"""Rungs: which steps of which ladders are armed on a case.

Room for: timers as they follow from the case, their keys and rounds, and which fired ones have lost their ground.
May not enter: what a rung does (`settling.py`), how days are counted (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.core.clocks import Clocks
from engine.core.terms import term_reading
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.projection import Timer
from engine.model.register import Rung
from engine.model.rules import Rules


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a ladder hangs on: one subject in one round, with its day; the two differ in a provisional year."""

    matter: Matter
    subject: str
    round: int
    kind: str
    ladder: str
    earliest: date
    latest: date


def armed(rules: Rules, case: Case, clocks: Clocks | None = None) -> tuple[Timer, ...]:
    """Return every timer that follows from *case* as it stands, in due order; repeated rungs show their next."""
    found = [
        timer
        for anchor in _anchors(rules, case, clocks or Clocks(rules, case))
        for rung in rules.register.ladders.get(anchor.ladder, ())
        if rung.anchor == anchor.kind and (timer := _timer(rules, case, anchor, rung)) is not None
    ]
    return tuple(sorted(found, key=lambda t: (t.due, t.matter, t.subject, t.rung)))


def superseded(rules: Rules, case: Case, events: Iterable[Event]) -> frozenset[int]:
    """Return the seqs of fired rungs whose ground has fallen away: their day has since moved later.

    Only the present rounds are looked at; a round that is over was lawful while it lasted.
    """
    anchors = {(a.matter.id, a.subject, a.round): a for a in _anchors(rules, case, Clocks(rules, case))}
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
    present = {
        f"{a.matter.id}|{a.subject}|{a.round}"
        for a in _anchors(rules, case, Clocks(rules, case))
        if a.matter.id == matter.id
    }
    fired = [key.rpartition("|") for key in case.fired]
    return next((rung for round_, _, rung in reversed(fired) if round_ in present), None)


def rung_of(rules: Rules, case: Case, timer: Timer) -> Rung:
    """Return the rung a timer stands for, as the register has it now."""
    for anchor in _anchors(rules, case, Clocks(rules, case)):
        same = (anchor.matter.id, anchor.subject) == (timer.matter, timer.subject)
        if same and (rung := _named(rules, anchor, timer.rung)):
            return rung
    raise LookupError(timer.key)


def _named(rules: Rules, anchor: _Anchor, name: str) -> Rung | None:
    return next((rung for rung in rules.register.ladders.get(anchor.ladder, ()) if rung.name == name), None)


def _day(anchor: _Anchor, rung: Rung, occurrence: int) -> date:
    # Rungs before the last day arm on the earliest date of a provisional year; "overdue" is said after the latest.
    base = anchor.latest if rung.days > 0 else anchor.earliest
    return base + timedelta(days=rung.days + (occurrence - 1) * (rung.every or 0))


def _anchors(rules: Rules, case: Case, clocks: Clocks) -> Iterator[_Anchor]:
    yield from _clock_anchors(rules, case, clocks)
    for matter in case.open_matters():
        state = rules.procedure_of(matter).states[matter.state]
        for number, term in enumerate(state.terms, 1):
            if term.ladder is None:
                continue
            reading = term_reading(rules, case, matter, term, clocks=clocks)
            if reading and reading.earliest and reading.latest:
                # After a migration a term keeps the name its rungs have fired under, whatever its state is called now.
                subject = matter.subjects.get(str(number), f"term.{matter.state}.{number}")
                yield _Anchor(
                    matter, subject, matter.round, "limit", term.ladder, reading.earliest, reading.latest
                )


def _clock_anchors(rules: Rules, case: Case, clocks: Clocks) -> Iterator[_Anchor]:
    for clock in rules.main_procedure(case).clocks.values():
        log = case.clocks.get(clock.name)
        reading = clocks.reading(clock.name)
        if log is None or reading is None or clock.ladder is None or reading.state == "ended":
            continue
        limit_round, target_round = clocks.rounds(clock.name)
        for stop in clocks.open_stops(clock.name):
            yield _Anchor(
                case.main, f"{clock.name}.stop.{stop.ref}", stop.seq, "stop", clock.ladder, stop.on, stop.on
            )
        if reading.due_earliest and reading.due_latest:
            yield _Anchor(
                case.main, f"{clock.name}.limit", limit_round, "limit", clock.ladder,
                reading.due_earliest, reading.due_latest,
            )  # fmt: skip
        if reading.target_earliest and reading.target_latest:
            yield _Anchor(
                case.main, f"{clock.name}.target", target_round, "target", clock.ladder,
                reading.target_earliest, reading.target_latest,
            )  # fmt: skip


def _timer(rules: Rules, case: Case, anchor: _Anchor, rung: Rung) -> Timer | None:
    key = f"{anchor.matter.id}|{anchor.subject}|{anchor.round}|{rung.name}"
    fired = case.fired.get(key, 0)
    if fired and rung.every is None:
        return None
    day = _day(anchor, rung, fired + 1)
    if rung.every is not None and rung.days < 0 and day > anchor.earliest:
        return None
    return Timer(
        anchor.matter.id, anchor.subject, anchor.round, rung.name, fired + 1, day, rules.midnight(day)
    )
