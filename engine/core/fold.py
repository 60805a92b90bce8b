"""Fold: events rebuild a case.

Room for: what each kind of event changes. Events carry their results, so folding asks no guard, policy or calendar.
May not enter: rules, definitions, anything that could answer differently tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.errors import BrokenHistory
from engine.model.case import Case, ClockLog, LastMove, Matter
from engine.model.events import ClockChange, Event
from engine.model.made import changed
from engine.model.procedure import MAIN, RECUSED
from engine.text import Text

MAIN_ID = "1"


def fold(events: Iterable[Event]) -> Case:
    """Return the case that *events*, in order from the first, lead to.

    Raises BrokenHistory where the order, or the first event, is not what a case can have.
    """
    case: Case | None = None
    for event in events:
        case = apply(case, event)
    if case is None:
        raise _broken("没有事件", "there are no events")
    return case


def apply(case: Case | None, event: Event) -> Case:
    """Return *case* after *event*; None before the first, which must open the case."""
    if case is None:
        if event.kind != "case_opened" or event.seq != 1:
            raise _broken("首个事件不是收件", "the first event does not open a case")
        return _opened(event)
    if event.seq != case.version + 1:
        raise _broken(f"事件序号 {event.seq} 不连续", f"event {event.seq} does not follow {case.version}")
    after = _After(case)
    _CHANGES[event.kind](after, event)
    if event.assigned or event.involved or event.released:
        after.involve(event)
    return after.case(event)


class _After:
    """A case on its way past one event: what the event changes of it, put together once when all is done."""

    __slots__ = ("before", "now")

    def __init__(self, case: Case) -> None:
        self.before = case
        self.now: dict[str, Any] = {}

    def case(self, event: Event) -> Case:
        """Return the case as it stands after *event*."""
        now = self.now
        now["version"], now["head"] = event.seq, event.hash
        return self.before.after(now)

    @property
    def matters(self) -> tuple[Matter, ...]:
        """The matters as they have become so far."""
        found: tuple[Matter, ...] = self.now.get("matters", self.before.matters)
        return found

    def matter(self, event: Event) -> Matter:
        """Return the matter that *event* is about."""
        for matter in self.before.matters:
            if matter.id == event.matter:
                return matter
        raise _broken(
            f"事件 {event.seq} 指向不存在的事项", f"event {event.seq} names a matter that does not exist"
        )

    def put(self, matter: Matter) -> None:
        """Put *matter* in the place of the one that has its id."""
        id = matter.id
        self.now["matters"] = tuple([matter if one.id == id else one for one in self.matters])

    def involve(self, event: Event) -> None:
        """Note who is involved by *event*, and whose involvement it ends."""
        main = event.matter == MAIN_ID
        involved = dict(self.before.involved)
        for name in event.released:
            involved.pop(name if main else f"{event.matter}.{name}", None)
        for name, persons in event.assigned.items():
            key = name if main or name == RECUSED else f"{event.matter}.{name}"
            involved[key] = _joined(involved.get(key), persons)
        for key, persons in event.involved.items():
            involved[key] = _joined(involved.get(key), persons)
        self.now["involved"] = involved

    def set_clocks(self, changes: tuple[ClockChange, ...]) -> None:
        """Let *changes* happen to the clocks."""
        if not changes:
            return
        clocks = dict(self.before.clocks)
        for change in changes:
            clocks[change.clock] = with_change(clocks.get(change.clock, ClockLog(change.clock)), change)
        self.now["clocks"] = clocks

    def remember_move(self, event: Event) -> None:
        """Note *event* as the last move of its matter, where somebody moved it."""
        if event.by is None or event.move is None:
            return
        last = LastMove(
            event.matter, event.move, event.by, event.recorded_at, event.seq, event.source or "", event.acting_for
        )  # fmt: skip
        self.now["last_moves"] = {**self.before.last_moves, event.matter: last}


def _joined(held: tuple[str, ...] | None, persons: tuple[str, ...]) -> tuple[str, ...]:
    """Return who was *held* with *persons*, each once."""
    if not held and len(persons) == 1:
        return persons
    return tuple(dict.fromkeys((*held, *persons) if held else persons))


def _opened(event: Event) -> Case:
    main = Matter(
        id=MAIN_ID, kind=MAIN, procedure=event.case["procedure"], definition=event.definition,
        state=event.target or "", round=event.seq, entered_on=event.on, seen=event.seq, opened_at=event.at,
        facts=event.facts, assigned=event.assigned, documents=event.documents,
    )  # fmt: skip
    case = Case(
        id=event.case["id"], institution=event.case["institution"], office=event.case["office"],
        number=event.case["number"], version=event.seq, opened_at=event.at, head=event.hash,
        parties=event.parties, matters=(main,),
    )  # fmt: skip
    after = _After(case)
    after.remember_move(event)
    if event.assigned or event.involved or event.released:
        after.involve(event)
    after.set_clocks(event.clock)
    return after.case(event)


def _matter_opened(after: _After, event: Event) -> None:
    matter = Matter(
        id=event.matter, kind=event.opened["kind"], procedure=event.opened["procedure"],
        definition=event.definition, state=event.target or "", round=event.seq, entered_on=event.on,
        seen=event.seq, opened_at=event.at, party=event.opened.get("party"),
        facts=event.facts, assigned=event.assigned, documents=event.documents, about=event.about,
    )  # fmt: skip
    after.now["matters"] = (*after.matters, matter)
    after.set_clocks(event.clock)


def _moved(after: _After, event: Event) -> None:
    matter = after.matter(event)
    now: dict[str, Any] = {"seen": event.seq, "outcome": event.outcome}
    if event.target is not None:
        now |= {"state": event.target, "round": event.seq, "entered_on": event.on, "subjects": _NO_SUBJECTS}
    if event.facts:
        now["facts"] = {**matter.facts, **event.facts} if matter.facts else event.facts
    if event.assigned or event.released:
        now["assigned"] = _assigned(matter, event)
    if event.documents:
        now["documents"] = {**matter.documents, **event.documents}
    if event.nth and event.move:
        now["done"] = {**matter.done, event.move: event.nth}
    after.put(changed(matter, now))
    if event.parties:
        after.now["parties"] = (*after.before.parties, *event.parties)
    if matter.kind != MAIN and (recused := event.assigned.get(RECUSED)):
        # Whichever matter decided it, who steps back does so from the case.
        main = after.matters[0]
        after.put(replace(main, assigned=_with_recused(main.assigned, recused)))
    after.remember_move(event)
    after.set_clocks(event.clock)


def _assigned(matter: Matter, event: Event) -> Mapping[str, tuple[str, ...]]:
    if not event.released and RECUSED not in event.assigned:
        return {**matter.assigned, **event.assigned}
    kept = {name: persons for name, persons in matter.assigned.items() if name not in event.released}
    given = {name: persons for name, persons in event.assigned.items() if name != RECUSED}
    recused = event.assigned.get(RECUSED, ()) if matter.kind == MAIN else ()
    return _with_recused({**kept, **given}, recused) if recused else {**kept, **given}


def _with_recused(
    assigned: Mapping[str, tuple[str, ...]], persons: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    return {**assigned, RECUSED: tuple(dict.fromkeys((*assigned.get(RECUSED, ()), *persons)))}


def _cancelled(after: _After, event: Event) -> None:
    after.put(replace(after.matter(event), outcome=event.outcome, seen=event.seq))


def _rung_fired(after: _After, event: Event) -> None:
    # Every round is kept: rejecting a restart brings back the one before it, whose rungs must not fire again.
    fired = dict(after.before.fired)
    fired.pop(event.rung["key"], None)
    fired[event.rung["key"]] = int(event.rung["occurrence"])
    after.now["fired"] = fired


def _corrected(after: _After, event: Event) -> None:
    matter = after.matter(event)
    if event.facts:
        after.put(replace(matter, facts={**matter.facts, **event.facts}))
    first = next((change.fact for change in event.clock if change.fact), None)
    for redated in after.matters if first else ():
        if redated.id in event.redated and first:
            after.put(replace(redated, entered_on=first.on))
    after.set_clocks(event.clock)


def _redated(after: _After, event: Event) -> None:
    """The dates follow from the calendar; the event says that they moved and changes nothing they rest on."""


def _migrated(after: _After, event: Event) -> None:
    # Round and day of entry stay, so no limit begins anew; forms that show the other version are out of date.
    matter = after.matter(event)
    after.put(replace(
        matter, definition=event.definition, state=event.target or matter.state, seen=event.seq,
        migrated=event.seq, subjects=event.subjects,
    ))  # fmt: skip


_NO_SUBJECTS: Mapping[str, str] = {}

_CHANGES: Mapping[str, Callable[[_After, Event], None]] = {
    "matter_opened": _matter_opened,
    "moved": _moved,
    "reacted": _moved,
    "cancelled": _cancelled,
    "rung_fired": _rung_fired,
    "corrected": _corrected,
    "redated": _redated,
    "migrated": _migrated,
}


def with_change(log: ClockLog, change: ClockChange) -> ClockLog:
    """Return the facts and targets of a clock after *change*.

    A fact that is there already is corrected or struck, and keeps its place in the order of recording. What policy gives
    belongs to the start or restart it was asked for; what was given to this one case outlives them.
    """
    fact, given = change.fact, change.targets
    if fact is None:
        others = tuple(target for target in log.targets if target.layer != "case")
        return replace(log, targets=(*others, *(given or ())))
    if any(known.seq == fact.seq for known in log.facts):
        facts = tuple(fact if known.seq == fact.seq else known for known in log.facts)
    else:
        facts = (*log.facts, fact)
    if given is None:
        return replace(log, facts=facts)
    kept = tuple(target for target in log.targets if target.layer == "case" or target.seq != fact.seq)
    return replace(log, facts=facts, targets=(*kept, *(replace(target, seq=fact.seq) for target in given)))


def _broken(zh: str, en: str) -> BrokenHistory:
    return BrokenHistory(
        Text(
            f"案件历史不可信：{zh}。请运行 anxu verify。",
            f"This history cannot be a case's: {en}. Run anxu verify.",
        )
    )
