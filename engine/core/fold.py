"""Fold: events rebuild a case.

Room for: what each kind of event changes. Events carry their results, so folding asks no guard, policy or calendar.
May not enter: rules, definitions, anything that could answer differently tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from engine.errors import BrokenHistory
from engine.model.case import Case, ClockLog, LastMove, Matter
from engine.model.events import ClockChange, Event
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
    changed = _with_involved(_CHANGES[event.kind](case, event), event)
    return replace(changed, version=event.seq, head=event.hash)


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
    return _with_clock_changes(_with_involved(_remember_move(case, event), event), event.clock)


def _matter_opened(case: Case, event: Event) -> Case:
    matter = Matter(
        id=event.matter, kind=event.opened["kind"], procedure=event.opened["procedure"],
        definition=event.definition, state=event.target or "", round=event.seq, entered_on=event.on,
        seen=event.seq, opened_at=event.at, party=event.opened.get("party"),
        facts=event.facts, assigned=event.assigned, documents=event.documents, about=event.about,
    )  # fmt: skip
    return _with_clock_changes(replace(case, matters=(*case.matters, matter)), event.clock)


def _moved(case: Case, event: Event) -> Case:
    matter = _matter_of(case, event)
    entered = event.target is not None
    changed = replace(
        matter,
        state=event.target if event.target is not None else matter.state,
        round=event.seq if entered else matter.round,
        entered_on=event.on if entered else matter.entered_on,
        seen=event.seq,
        outcome=event.outcome,
        facts={**matter.facts, **event.facts} if event.facts else matter.facts,
        documents={**matter.documents, **event.documents} if event.documents else matter.documents,
        assigned=_assigned(matter, event),
        done={**matter.done, event.move: event.nth} if event.nth and event.move else matter.done,
        subjects={} if entered else matter.subjects,
    )
    case = replace(case.with_matter(changed), parties=(*case.parties, *event.parties))
    if matter.kind != MAIN and (recused := event.assigned.get(RECUSED)):
        # Whichever matter decided it, who steps back does so from the case.
        case = case.with_matter(replace(case.main, assigned=_with_recused(case.main.assigned, recused)))
    return _with_clock_changes(_remember_move(case, event), event.clock)


def _assigned(matter: Matter, event: Event) -> Mapping[str, tuple[str, ...]]:
    if not event.assigned and not event.released:
        return matter.assigned
    kept = {name: persons for name, persons in matter.assigned.items() if name not in event.released}
    given = {name: persons for name, persons in event.assigned.items() if name != RECUSED}
    recused = event.assigned.get(RECUSED, ()) if matter.kind == MAIN else ()
    return _with_recused({**kept, **given}, recused) if recused else {**kept, **given}


def _with_recused(
    assigned: Mapping[str, tuple[str, ...]], persons: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    return {**assigned, RECUSED: tuple(dict.fromkeys((*assigned.get(RECUSED, ()), *persons)))}


def _cancelled(case: Case, event: Event) -> Case:
    return case.with_matter(replace(_matter_of(case, event), outcome=event.outcome, seen=event.seq))


def _rung_fired(case: Case, event: Event) -> Case:
    # Every round is kept: rejecting a restart brings back the one before it, whose rungs must not fire again.
    others = {key: n for key, n in case.fired.items() if key != event.rung["key"]}
    return replace(case, fired={**others, event.rung["key"]: int(event.rung["occurrence"])})


def _corrected(case: Case, event: Event) -> Case:
    matter = _matter_of(case, event)
    if event.facts:
        matter = replace(matter, facts={**matter.facts, **event.facts})
        case = case.with_matter(matter)
    first = next((change.fact for change in event.clock if change.fact), None)
    for id in event.redated if first else ():
        redated = case.matter(id)
        if redated is not None and first:
            case = case.with_matter(replace(redated, entered_on=first.on))
    return _with_clock_changes(case, event.clock)


def _redated(case: Case, event: Event) -> Case:
    # The dates follow from the calendar; the event says that they moved and changes nothing they rest on.
    return case


def _migrated(case: Case, event: Event) -> Case:
    # Round and day of entry stay, so no limit begins anew; forms that show the other version are out of date.
    matter = _matter_of(case, event)
    changed = replace(
        matter, definition=event.definition, state=event.target or matter.state, seen=event.seq,
        migrated=event.seq, subjects=event.subjects,
    )  # fmt: skip
    return case.with_matter(changed)


_CHANGES: Mapping[str, Callable[[Case, Event], Case]] = {
    "matter_opened": _matter_opened,
    "moved": _moved,
    "reacted": _moved,
    "cancelled": _cancelled,
    "rung_fired": _rung_fired,
    "corrected": _corrected,
    "redated": _redated,
    "migrated": _migrated,
}


def _with_involved(case: Case, event: Event) -> Case:
    if not (event.assigned or event.involved or event.released):
        return case
    main = event.matter == MAIN_ID
    named = {
        name if main or name == RECUSED else f"{event.matter}.{name}": persons
        for name, persons in event.assigned.items()
    }
    gone = {name if main else f"{event.matter}.{name}" for name in event.released}
    involved = {name: persons for name, persons in case.involved.items() if name not in gone}
    for more in (named, event.involved):
        for name, persons in more.items():
            involved[name] = tuple(dict.fromkeys((*involved.get(name, ()), *persons)))
    return replace(case, involved=involved)


def _with_clock_changes(case: Case, changes: tuple[ClockChange, ...]) -> Case:
    clocks = dict(case.clocks)
    for change in changes:
        clocks[change.clock] = with_change(clocks.get(change.clock, ClockLog(change.clock)), change)
    return replace(case, clocks=clocks) if changes else case


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


def _remember_move(case: Case, event: Event) -> Case:
    if event.by is None or event.move is None:
        return case
    last = LastMove(
        event.matter, event.move, event.by, event.recorded_at, event.seq, event.source or "", event.acting_for
    )
    return replace(case, last_moves={**case.last_moves, event.matter: last})


def _matter_of(case: Case, event: Event) -> Matter:
    matter = case.matter(event.matter)
    if matter is None:
        raise _broken(
            f"事件 {event.seq} 指向不存在的事项", f"event {event.seq} names a matter that does not exist"
        )
    return matter


def _broken(zh: str, en: str) -> BrokenHistory:
    return BrokenHistory(
        Text(
            f"案件历史不可信：{zh}。请运行 anxu verify。",
            f"This history cannot be a case's: {en}. Run anxu verify.",
        )
    )
