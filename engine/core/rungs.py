"""Rungs: which steps of which ladders are armed on a case, and what happens when they fire.

Room for: timers as they follow from the case, their keys and rounds, and the settling of those that are due.
May not enter: how a sweep finds cases (`engine/service/sweep.py`), how days are counted (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.core.authority import persons_of
from engine.core.clocks import open_stops, read, term_reading
from engine.core.draft import Draft, meant
from engine.core.effects import open_matters, settle_reactions
from engine.model.answers import Decision
from engine.model.case import Case, ClockLog, Matter
from engine.model.events import Event
from engine.model.procedure import Who
from engine.model.register import Rung
from engine.model.rules import Rules
from engine.text import Text

SETTLED_MOST = 500


@dataclass(frozen=True, slots=True)
class Timer:
    """The row that makes a rung fire, once: at *due*, the beginning of *day* in the institution's zone.

    Its key is (case, matter, *subject*: a clock or term, *round*, *rung*, *occurrence*).
    """

    matter: str
    subject: str
    round: int
    rung: str
    occurrence: int
    day: date
    due: datetime

    @property
    def key(self) -> str:
        """The key without case and occurrence, as it stands in the case's fired rungs."""
        return f"{self.matter}|{self.subject}|{self.round}|{self.rung}"


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


def armed(rules: Rules, case: Case) -> tuple[Timer, ...]:
    """Return every timer that follows from *case* as it stands, in due order; repeated rungs show their next."""
    found = [
        timer
        for anchor in _anchors(rules, case)
        for rung in rules.register.ladders.get(anchor.ladder, ())
        if rung.anchor == anchor.kind and (timer := _timer(rules, case, anchor, rung)) is not None
    ]
    return tuple(sorted(found, key=lambda t: (t.due, t.matter, t.subject, t.rung)))


def settle(rules: Rules, case: Case, at: datetime) -> Decision | None:
    """Return what the rungs of *case* that are due at *at* do, in due order; None when none is due.

    The same function serves the sweep and every act, so a slow sweep never favours a late act.
    """
    draft = Draft(rules, case, at, rules.day_of(at), channel="sweep")
    for _ in range(SETTLED_MOST):
        due = next((t for t in armed(rules, draft.case) if t.due <= at), None)
        if due is None:
            break
        _fire(draft, due)
    return draft.decision() if draft.events else None


def superseded(rules: Rules, case: Case, events: Iterable[Event]) -> frozenset[int]:
    """Return the seqs of fired rungs whose ground has fallen away: their day has since moved later, or stands still.

    Only the present rounds are looked at; a round that is over was lawful while it lasted.
    """
    anchors = {(a.matter.id, a.subject, a.round): a for a in _anchors(rules, case)}
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


def rung_of(rules: Rules, case: Case, timer: Timer) -> Rung:
    """Return the rung a timer stands for, as the register has it now."""
    for anchor in _anchors(rules, case):
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


def _fire(draft: Draft, timer: Timer) -> None:
    rules = draft.rules
    rung = rung_of(rules, draft.case, timer)
    matter = draft.matter(timer.matter)
    draft.record(
        "rung_fired", matter.id, matter.definition, on=timer.day, effective=timer.due, rule=rung.name,
        rung={"key": timer.key, "rung": rung.name, "subject": timer.subject, "round": str(timer.round),
              "occurrence": str(timer.occurrence)},
    )  # fmt: skip
    persons = _recipients(rules, draft.case, matter, rung, draft.on)
    draft.tell(persons, matter, _sentence(draft.case, rung), rung.name)
    kinds = rules.main_procedure(draft.case).matters
    if rung.opens and rung.opens in kinds and not any(m.open for m in draft.case.matters_of(rung.opens)):
        open_matters(draft, kinds[rung.opens], draft.on, {}, rule=rung.name)
        settle_reactions(draft, draft.on)


def _sentence(case: Case, rung: Rung) -> Text:
    return Text(f"{case.number}：{rung.says.zh}", f"{case.number}: {rung.says.en}")


def _anchors(rules: Rules, case: Case) -> Iterator[_Anchor]:
    yield from _clock_anchors(rules, case)
    for matter in case.open_matters():
        state = rules.procedure_of(matter).states[matter.state]
        for number, term in enumerate(state.terms, 1):
            if term.ladder is None:
                continue
            reading = term_reading(rules, case, matter, term)
            if reading and reading.earliest and reading.latest:
                subject = f"term.{matter.state}.{number}"
                yield _Anchor(
                    matter, subject, matter.round, "limit", term.ladder, reading.earliest, reading.latest
                )


def _clock_anchors(rules: Rules, case: Case) -> Iterator[_Anchor]:
    for clock in rules.main_procedure(case).clocks.values():
        log = case.clocks.get(clock.name)
        reading = read(rules, case, clock.name)
        if log is None or reading is None or clock.ladder is None or reading.state == "ended":
            continue
        for stop in open_stops(log):
            yield _Anchor(case.main, f"{clock.name}.stop", stop.seq, "stop", clock.ladder, stop.on, stop.on)
        if reading.due_earliest and reading.due_latest:
            limit_round = _round(log, ("start", "restart", "extend"))
            yield _Anchor(
                case.main, f"{clock.name}.limit", limit_round, "limit", clock.ladder,
                reading.due_earliest, reading.due_latest,
            )  # fmt: skip
        if reading.target_earliest and reading.target_latest:
            target_round = _round(log, ("start", "restart"))
            yield _Anchor(
                case.main, f"{clock.name}.target", target_round, "target", clock.ladder,
                reading.target_earliest, reading.target_latest,
            )  # fmt: skip


def _round(log: ClockLog, kinds: tuple[str, ...]) -> int:
    return max((fact.seq for fact in log.facts if fact.kind in kinds), default=0)


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


def _recipients(rules: Rules, case: Case, matter: Matter, rung: Rung, day: date) -> tuple[str, ...]:
    found: list[str] = []
    for word in rung.to:
        found += _meant_by(rules, case, matter, word, day)
    return tuple(dict.fromkeys(found))


def _meant_by(rules: Rules, case: Case, matter: Matter, word: str, day: date) -> tuple[str, ...]:
    procedure = rules.procedure_of(matter)
    if word == "handler":
        handler = rules.main_procedure(case).handler
        return case.holders(handler, case.main) if handler else ()
    if word == "awaited":
        return meant(rules, case, matter, procedure.states[matter.state].awaits, day)
    if word == "next_level":
        levels = procedure.levels
        after = levels[levels.index(matter.state) + 1 :] if matter.state in levels else ()
        return meant(rules, case, matter, procedure.states[after[0]].awaits, day) if after else ()
    return persons_of(rules, case, matter, Who(word, word in procedure.persons), day)
