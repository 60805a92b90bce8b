"""Situations: what must be so of everything a case and a group of its matters can come to.

Room for: no dead end, no stop for good, no wait for what is not open, no limit by a clock that does not run.
May not enter: finding the situations (`exploring.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from engine.language.proof.domains import Subject
from engine.language.proof.exploring import ABSENT, CANCELLED, ENDED, STOPPED, UNSTARTED, Explored, Row, Space
from engine.language.proof.finding import Report
from engine.language.proof.tangles import components
from engine.language.proof.waiting import opened_kinds
from engine.language.proof.words import example_in_words
from engine.language.proof.world import MAIN
from engine.model.procedure import State
from engine.text import Text


def prove_situations(explored: Explored, report: Report) -> None:
    """Note, each with the shortest way to it, what is wrong in the situations that were found."""
    _awaited(explored, report)
    _clocked(explored, report)
    _ending(explored, _resumed(explored, report), report)


def _ending(explored: Explored, still: Collection[int], report: Report) -> None:
    """Note the nearest dead end: a situation from which the case cannot come to its end, nor to any other but these.

    *still* are situations that are told already: a clock stands still in them for good.
    """
    space = explored.space
    good = [n for n, row in enumerate(explored.rows) if _over(space, row)]
    can = _before(explored, good)
    stuck = [n for n in range(len(explored.rows)) if n not in can and n not in still]
    if not stuck:
        return
    row = explored.rows[dead := _dead_end(explored, stuck)]
    main = space.state(row, MAIN)
    over = (
        next((owner for owner in space.owners[1:] if space.is_open(row, owner)), MAIN) if main.final else MAIN
    )
    state = space.state(row, over)
    values = {"name": state.name, "where": where_all_stand(space, row)}
    procedure = space.world.procedure_of(over).name
    report.found(procedure, f"states.{state.name}", "stuck", explored.way_to(dead), **values)


def _dead_end(explored: Explored, stuck: list[int]) -> int:
    """Return the nearest of *stuck* from which nothing leads to others of them and not back."""
    known = set(stuck)
    onward = {n: [s.target for s in explored.steps[n] if s.firm and s.target in known] for n in stuck}
    tangle = components(onward)
    leaving = {
        tangle[n] for n, targets in onward.items() for target in targets if tangle[target] != tangle[n]
    }
    return next(n for n in stuck if tangle[n] not in leaving)


def _over(space: Space, row: Row) -> bool:
    return space.state(row, MAIN).final and not any(space.is_open(row, owner) for owner in space.owners[1:])


def _resumed(explored: Explored, report: Report) -> Collection[int]:
    """Note the nearest situation of each clock in which it stands still and nobody can let it run, or end it, again.

    Returns all of them.
    """
    space, found = explored.space, set[int]()
    for clock in space.clocks:
        slot = space.clock_slot[clock]
        can = _before(explored, [n for n, row in enumerate(explored.rows) if row[slot] < STOPPED])
        standing = [n for n, row in enumerate(explored.rows) if row[slot] >= STOPPED and n not in can]
        if not standing:
            continue
        found |= {*standing}
        still = standing[0]
        row, source = explored.rows[still], explored.rows[explored.before[still][0]]
        # Where the stop itself was the fault, that is the place to look at; else the state it is carried into.
        owner, _, move = explored.before[still][1].rpartition(".")
        fresh = source[slot] < STOPPED and owner in space.parts
        place = f"states.{space.state(source, owner).name}.moves.{move}.clock" if fresh else ""
        main = space.state(row, MAIN).name
        values = {
            "clock": clock,
            "where": where_all_stand(space, row),
            "stop": _stop(space, clock, row[slot]),
        }
        procedure = space.world.procedure_of(owner if fresh else MAIN).name
        report.found(procedure, place or f"states.{main}", "never_resumed", explored.way_to(still), **values)
    return found


def _stop(space: Space, clock: str, now: int) -> Text:
    several = len(space.stops[clock]) > 1
    names = sorted(space.stops[clock][now - STOPPED] - {""}) if several else []
    return Text(f"（{'、'.join(names)}）", f" ({', '.join(names)})") if names else Text("", "")


def _awaited(explored: Explored, report: Report) -> None:
    """Note each state that can be waiting for a matter none of which is open."""
    space = explored.space
    # What nothing ever opens is told once, by itself.
    opened = {*opened_kinds(space.world)} | ({*space.parts} if space.world.alone else set())
    for owner in space.owners:
        for number, row in enumerate(explored.rows):
            if not space.is_open(row, owner):
                continue
            state = space.state(row, owner)
            kind = state.awaits_matter
            if kind is None or kind not in space.parts or kind not in opened or space.is_open(row, kind):
                continue
            by_itself = f"{owner}.on" if owner else "on"
            if any(step.name == by_itself for step in explored.steps[number]):
                # What else it waits for is not looked at in this group.
                continue
            name = space.world.procedure_of(owner).name
            values = {"name": state.name, "kind": kind, "how": _how(space, row, kind)}
            report.found(
                name, f"states.{state.name}.awaits", "awaits_nothing", explored.way_to(number), **values
            )


def _how(space: Space, row: Row, kind: str) -> Text:
    subject = Subject("matter", MAIN, kind)
    at = row[space.slot[kind]]
    outcome = "cancelled" if at == CANCELLED else space.state(row, kind).outcome if at != ABSENT else None
    value = (outcome,) if at != ABSENT else ()
    values = space.domains.values(subject)
    held = {subject: frozenset({values.index(value)})} if value in values else {}
    return example_in_words(space.domains, MAIN, held, [subject])


def _clocked(explored: Explored, report: Report) -> None:
    """Note each state limited by a clock that need not have started there, or may be over."""
    space = explored.space
    for owner in space.owners:
        for number, row in enumerate(explored.rows):
            if not space.is_open(row, owner):
                continue
            state = space.state(row, owner)
            now = (
                row[space.clock_slot[state.clock]]
                if state.clock in space.clock_slot and state.clock
                else None
            )
            if now in (UNSTARTED, ENDED):
                code = "clock_not_started" if now == UNSTARTED else "clock_over"
                name = space.world.procedure_of(owner).name
                values = {"name": state.name, "clock": state.clock}
                report.found(name, f"states.{state.name}.within", code, explored.way_to(number), **values)


def always_running(explored: Iterable[Explored], owner: str, clock: str) -> Callable[[State], bool]:
    """Return whether in a state of *owner* the clock has always started and never ended, in all that was explored.

    Of a matter it is asked of all its states at once: whether it is ever open while the clock does not run.
    """
    idle: set[str] = set()
    seen: set[str] = set()
    for one in explored:
        if owner not in one.space.parts or clock not in one.space.clock_slot:
            continue
        slot, at = one.space.clock_slot[clock], one.space.slot[owner]
        for row in one.rows:
            if one.space.is_open(row, owner):
                states = one.space.parts[owner].places[row[at] - 1].states
                seen |= states
                idle |= states if row[slot] in (UNSTARTED, ENDED) else set()
    if owner != MAIN:
        return lambda state: bool(seen) and not idle
    return lambda state: state.name in seen and state.name not in idle


def where_all_stand(space: Space, row: Row) -> Text:
    """Return where the case and each open matter are, as a clause."""
    told = [(MAIN, space.state(row, MAIN).title)]
    for owner in space.owners[1:]:
        if space.is_open(row, owner):
            title, state = space.world.procedure_of(owner).title, space.state(row, owner).title
            told.append((owner, Text(f"{title.zh}：{state.zh}", f"{title.en}: {state.en}")))
    return Text("；".join(f"“{t.zh}”" for _, t in told), "; ".join(f"“{t.en}”" for _, t in told))


def _before(explored: Explored, good: Collection[int]) -> set[int]:
    """Return the situations from which one of *good* can be come to by steps that can be counted on."""
    sources: list[list[int]] = [[] for _ in explored.rows]
    for number, steps in enumerate(explored.steps):
        for step in steps:
            if step.firm:
                sources[step.target].append(number)
    found, waiting = set(good), list(good)
    while waiting:
        for source in sources[waiting.pop()]:
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found
