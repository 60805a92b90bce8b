"""Groups: which matters can have to do with each other, and so must be explored together with their case.

Room for: what a kind of matter asks of others and does to them; the groups that follow.
May not enter: the exploration itself (`exploring.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.language.proof.domains import Domains
from engine.language.proof.satisfying import subjects_of
from engine.language.proof.world import MAIN, World, guards_of
from engine.model.guards import All, Any, Guard, Not, kinds_in
from engine.model.procedure import Procedure

_WRITES = {
    "start": {"alive"}, "end": {"alive"}, "suspend": {"stopped"}, "resume": {"stopped"}, "strike": {"stopped"},
}  # fmt: skip
_READS = {
    "start": {"alive"}, "end": {"alive"}, "restart": {"alive"}, "extend": {"alive"}, "exclude": {"alive"},
    "publication": {"alive"}, "suspend": {"alive", "stopped"}, "resume": {"stopped"}, "strike": {"stopped"},
}  # fmt: skip


def groups_of(world: World, domains: Domains) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return the groups of kinds that are explored together, and the kinds that touch nothing and stand alone.

    A group is a kind with everything that can hold it up, and what holds that up. Two that are held up by a third, and
    cannot tell of each other, need not be looked at together: what each of them waits for comes whatever the other does.
    The first group is the case with all that turns its clocks; there it is shown that every stop can come to its end, so
    elsewhere what waits for a clock to run need not be looked at together with what stops it.
    """
    kinds = [kind for kind in world.kinds if kind in world.children]
    causes: dict[str, set[str]] = {kind: {kind} for kind in kinds}
    for one, other in _influences(world, kinds):
        if one in causes and other in causes:
            causes[other].add(one)
    turning = {kind for kind in kinds if _clocks(world, kind, _WRITES)}
    touching = [kind for kind in kinds if _touches(world, domains, kind)]
    first = _with_causes(turning, causes)
    found = [first, *(_with_causes({kind}, causes) for kind in touching)]
    largest = [
        group for group in found[1:] if group != first and not any(group < other for other in found[1:])
    ]
    groups = dict.fromkeys(tuple(kind for kind in kinds if kind in group) for group in (first, *largest))
    covered = {kind for group in groups for kind in group}
    return tuple(groups), tuple(kind for kind in kinds if kind not in covered)


def _with_causes(kinds: set[str], causes: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = set(kinds), list(kinds)
    while waiting:
        fresh = causes[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return frozenset(found)


Openers = Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
"""Kind -> what may open it beside the case and the group, with the states of the case in which that may be."""


def openers(world: World, group: tuple[str, ...], onward: Mapping[str, Collection[str]]) -> Openers:
    """Return what may open the kinds of *group*; *onward* are the ways of the case from state to state."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    open_in = _open_in(world, onward)
    for owner, procedure in world.members():
        if owner == MAIN or owner in group:
            continue
        for name, moves in procedure.moves.items():
            for kind in dict.fromkeys(k for move in moves for k in move.open if k in group):
                found.setdefault(kind, []).append((f"{owner}.{name}", open_in[owner]))
    everywhere = frozenset(onward)
    for ladder, rungs in world.register.ladders.items():
        for rung in rungs:
            if rung.opens in group and ladder in _ladders(world):
                found.setdefault(rung.opens, []).append((f"{ladder}.{rung.name}", everywhere))
    return {kind: tuple(names) for kind, names in found.items()}


def _open_in(world: World, onward: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Return the states of the case in which a matter of each kind may be open."""
    by_rungs = {rung.opens for rungs in world.register.ladders.values() for rung in rungs}
    late = {clock.late for clock in world.clocks.values()}
    found: dict[str, set[str]] = {
        kind: set(onward) if kind in by_rungs | late else set() for kind in world.children
    }
    opening = world.main.on_open
    for kind in opening.open if opening else ():
        found[kind] = set(onward)
    for name, state in world.main.states.items():
        for move in state.moves.values():
            for kind in move.open:
                found[kind] |= (
                    {target for target in move.targets if target in onward} if name in onward else set()
                )
    while True:
        before = {kind: len(states) for kind, states in found.items()}
        for kind, states in found.items():
            waiting = list(states)
            while waiting:
                fresh = set(onward[waiting.pop()]) - states
                states |= fresh
                waiting += fresh
            for moves in world.children[kind].moves.values():
                for opened in {k for move in moves for k in move.open if k in found}:
                    found[opened] |= states
        if before == {kind: len(states) for kind, states in found.items()}:
            return {kind: frozenset(states) for kind, states in found.items()}


def _ladders(world: World) -> set[str | None]:
    used = {clock.ladder for clock in world.clocks.values()}
    for _, procedure in world.members():
        used |= {term.ladder for state in procedure.states.values() for term in state.terms}
    return used


def _influences(world: World, kinds: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each kind with one that can be held up by it."""
    for owner, guard in world.guards:
        for clause in _separate(guard, True):
            asked = sorted(kinds_in(clause))
            if owner != MAIN:
                yield from ((kind, owner) for kind in asked)
            for one in asked:
                yield from ((one, other) for other in asked)
    awaited = {s.awaits_matter for _, p in world.members() for s in p.states.values()}
    by_case = {kind for moves in world.main.moves.values() for move in moves for kind in move.open}
    for owner in kinds:
        for state in world.children[owner].states.values():
            if state.awaits_matter:
                yield state.awaits_matter, owner
        for moves in world.children[owner].moves.values():
            # Whether what only another matter opens has been opened can be told by that matter alone.
            yield from ((owner, kind) for move in moves for kind in move.open if kind in awaited - by_case)
        for other in kinds:
            if owner != other and _clocks(world, owner, _WRITES) & _clocks(world, other, _READS):
                yield owner, other


def _separate(guard: Guard, wanted: bool) -> Iterator[Guard]:
    """Yield the parts of *guard* that must all hold (or, not *wanted*, all fail): each can be brought about by itself."""
    if isinstance(guard, Not):
        yield from _separate(guard.part, not wanted)
    elif isinstance(guard, All if wanted else Any):
        for part in guard.parts:
            yield from _separate(part, wanted)
    else:
        yield guard


def _clocks(world: World, owner: str, table: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return what *owner* changes of clocks, or is held up by, by the *table* of verbs."""
    found = set()
    for moves in world.procedure_of(owner).moves.values():
        for move in moves:
            found |= {(effect.clock, what) for effect in move.clock for what in table.get(effect.verb, set())}
    return found


def stops(world: World, group: Collection[str]) -> bool:
    """Return True where one of *group* itself stops a clock, or lets it run again."""
    return any(what == "stopped" for kind in group for _, what in _clocks(world, kind, _WRITES))


def timed(world: World, kind: str) -> bool:
    """Return True where *kind* turns a clock of the case, or is held up or limited by one."""
    child = world.children[kind]
    borrows = child.borrowed is not None and bool(child.borrowed.clocks)
    return borrows or _turns(child) or any(state.clock for state in child.states.values())


def _touches(world: World, domains: Domains, kind: str) -> bool:
    """Return True where the case or another matter can tell what *kind* does, or *kind* what they do."""
    child, matter = world.children[kind], world.kinds[kind]
    read = any(kind in kinds_in(guard) for _, guard in world.guards)
    awaited = any(s.awaits_matter == kind for _, p in world.members() for s in p.states.values())
    asks = any(
        s.kind == "matter" or s.owner != kind
        for s in subjects_of(domains, kind, *guards_of(child))
        if s.kind in ("fact", "matter")
    )
    held_up = matter.at_end == "blocks" or _awaits(child) or _closes(child)
    return read or awaited or asks or held_up or timed(world, kind)


def _turns(child: Procedure) -> bool:
    return any(m.clock or m.waits for moves in child.moves.values() for m in moves)


def _closes(child: Procedure) -> bool:
    return any(m.close for moves in child.moves.values() for m in moves)


def _awaits(child: Procedure) -> bool:
    return any(state.awaits_matter for state in child.states.values())
