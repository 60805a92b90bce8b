"""Level lines: a sign-off chain as the review page shows it.

Room for: who signed, voted or is awaited at each level, what was carried, and by when each must pass the draft on.
May not enter: who may sign (`engine/core`), how a line is drawn (`web`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.core.authority import persons_of
from engine.core.clocks import Clocks
from engine.core.handover import hand_overs, too_late_for
from engine.model.case import Case, Matter
from engine.model.events import Event
from engine.model.levels import Level
from engine.model.procedure import Procedure
from engine.model.rules import Rules
from engine.service.review_pages import LevelLine, VoteLine


def level_lines(
    rules: Rules, case: Case, matter: Matter, events: Sequence[Event], today: date, clocks: Clocks
) -> tuple[LevelLine, ...]:
    """Return a line for each level of *matter*'s chain, in order; none where it has no chain. *events* are the case's."""
    procedure = rules.procedure_of(matter)
    if procedure.chain is None:
        return ()
    own = [event for event in events if event.matter == matter.id]
    last_days = hand_overs(rules, case, procedure, clocks) if matter.open else ()
    latest = {one.level: one.latest for one in last_days}
    missed = too_late_for(procedure, matter, last_days, today) if matter.open else None
    return tuple(
        _line(rules, case, matter, procedure, level, number, own, today,
              latest.get(level.state), missed is not None and missed.level == level.state)
        for number, level in enumerate(procedure.chain.levels, 1)
    )  # fmt: skip


def draft_in_by(rules: Rules, case: Case, matter: Matter, clocks: Clocks) -> date | None:
    """Return the last safe day to hand in a draft for review, where a move of *matter*'s state can do so; else None."""
    state = rules.procedure_of(matter).states[matter.state]
    kinds = rules.main_procedure(case).matters
    for name in (name for move in state.moves.values() for name in move.open if matter.open):
        child = rules.newest(kinds[name].procedure) if name in kinds else None
        if child and child.chain and (last_days := hand_overs(rules, case, child, clocks)):
            return last_days[0].latest
    return None


def _line(
    rules: Rules, case: Case, matter: Matter, procedure: Procedure, level: Level, number: int,
    events: Sequence[Event], today: date, hand_over: date | None, missed: bool,
) -> LevelLine:  # fmt: skip
    current = matter.open and matter.state in (level.state, level.resumed)
    signers = matter.assigned.get(level.state, ())
    votes = _votes(rules, matter, level, events)
    if signers and not current and len(signers) >= level.majority:
        last = next((event for event in reversed(events) if _votes_at(event, level)), None)
        return LevelLine(
            number, level.title, "signed", tuple(rules.people.name(p) for p in signers), last.recorded_at if last else None,
            rules.people.name(last.acting_for) if last and last.acting_for else None, _opinion(rules, last) if last else None,
            votes=votes, carried=_carried(level, events),
        )  # fmt: skip
    awaited = [
        p for who in procedure.states[level.state].awaits for p in persons_of(rules, case, matter, who, today)
    ]
    voted = {*signers, *matter.assigned.get(level.against or "", ())}
    names = tuple(rules.people.name(p) for p in dict.fromkeys(awaited) if p not in voted)
    return LevelLine(
        number, level.title, "current" if current else "ahead", names, votes=votes,
        missing=max(level.majority - len(signers), 0) if level.group else 0, hand_over=hand_over, missed=missed,
    )  # fmt: skip


def _votes(rules: Rules, matter: Matter, level: Level, events: Sequence[Event]) -> tuple[VoteLine, ...]:
    """Return who has voted on the present draft in a group; none where one person signs."""
    if level.against is None:
        return ()
    found = []
    for relation, for_it in ((level.state, True), (level.against, False)):
        for person in matter.assigned.get(relation, ()):
            cast = next((e for e in reversed(events) if e.by == person and e.source == level.state), None)
            found.append(VoteLine(rules.people.name(person), for_it, _opinion(rules, cast) if cast else None))
    return tuple(found)


def _votes_at(event: Event, level: Level) -> bool:
    return event.source == level.state and event.move == "sign"


def _opinion(rules: Rules, event: Event) -> str | None:
    """Return what was written with a signature or a vote: the text of its form, whatever the definition calls it."""
    facts = rules.definitions[event.definition].facts
    written = (str(value) for name, value in event.facts.items() if facts[name].type == "text")
    return next(written, None)


def _carried(level: Level, events: Sequence[Event]) -> bool:
    """Return True where the signature was given on an earlier draft, and carried to the present one since."""
    signed = next((event.seq for event in reversed(events) if _votes_at(event, level)), 0)
    return any(event.move == "carry" and event.seq > signed for event in events)
