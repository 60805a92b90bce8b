"""Proofs: what must never be of a machine, shown on its definition before any case runs on it.

Room for: states nobody reaches or leaves, loops without a person, moves and relations that come to nothing.
May not enter: reading, names (a definition that gets here knows all its names), several files at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from engine.language.located import Located
from engine.language.reader import Reader
from engine.model.procedure import Move, Procedure, State, Who


def prove(procedure: Procedure, located: Located, reader: Reader) -> None:
    """Note every fault of the machine at the place it was written, with the shortest way of states to it."""
    before = origins(procedure)
    _reached(procedure, before, located, reader)
    _left(procedure, before, located, reader)
    _settled(procedure, located, reader)
    _allowed(procedure, located, reader)
    _held(procedure, located, reader)
    _kept(procedure, located, reader)
    for name, state in procedure.states.items():
        if not state.final:
            _answerable(procedure, name, state, located, reader)


def origins(procedure: Procedure) -> Mapping[str, str]:
    """Return, for every state that can be reached, the one before it on a shortest way; the initial is its own."""
    before = {procedure.initial: procedure.initial}
    waiting = deque(before)
    while waiting:
        here = waiting.popleft()
        for there in next_states(procedure.states[here]):
            if there not in before:
                before[there] = here
                waiting.append(there)
    return before


def way_to(state: str, before: Mapping[str, str]) -> tuple[str, ...]:
    """Return the shortest way from the initial state to *state*, both included, as `origins` found it."""
    way = [state]
    while before[way[-1]] != way[-1]:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def next_states(state: State) -> tuple[str, ...]:
    """Return where one step may lead from *state*, each once, in the order of the file."""
    branches = (branch for move in state.moves.values() for branch in move.branches)
    moved = (branch.target for branch in branches if branch.target is not None)
    return tuple(dict.fromkeys((*moved, *(reaction.target for reaction in state.reactions))))


def _reached(procedure: Procedure, reached: Collection[str], located: Located, reader: Reader) -> None:
    for name in procedure.states:
        if name not in reached:
            reader.problem(located.at(f"states.{name}"), "unreachable_state", name=name)


def _left(procedure: Procedure, before: Mapping[str, str], located: Located, reader: Reader) -> None:
    sources: dict[str, list[str]] = {name: [] for name in procedure.states}
    for name, state in procedure.states.items():
        for there in next_states(state):
            sources[there].append(name)
    ending = {name for name, state in procedure.states.items() if state.final}
    waiting = deque(ending)
    while waiting:
        for source in sources[waiting.popleft()]:
            if source not in ending:
                ending.add(source)
                waiting.append(source)
    for name, source in before.items():
        # One trap is told once, where it is entered.
        if name not in ending and (source == name or source in ending):
            way = way_to(name, before)
            reader.problem(located.at(f"states.{name}"), "no_way_out", way, name=name)


def _settled(procedure: Procedure, located: Located, reader: Reader) -> None:
    """Note each loop of reactions alone: a matter in it would never come to rest."""
    steps = {name: {r.target for r in state.reactions} for name, state in procedure.states.items()}
    while loop := _loop(steps):
        mark = located.at(f"states.{loop[0]}.on")
        reader.problem(mark, "reaction_loop", loop, way=" → ".join(loop))
        # Opened here, the graph shows its next loop.
        steps[loop[0]].discard(loop[1])


def _loop(steps: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return one loop of *steps*, its first state again at the end, or nothing."""
    try:
        TopologicalSorter(steps).prepare()
    except CycleError as error:
        # The sorter takes what follows for what comes before, so it tells the loop backwards.
        found: list[str] = error.args[1][:0:-1]
        order = {name: number for number, name in enumerate(steps)}
        start = found.index(min(found, key=order.__getitem__))
        return (*found[start:], *found[: start + 1])
    return ()


def _moves(procedure: Procedure) -> Iterator[tuple[str, Move]]:
    for name, state in procedure.states.items():
        for move in state.moves.values():
            yield f"states.{name}.moves.{move.name}", move


def _allowed(procedure: Procedure, located: Located, reader: Reader) -> None:
    for path, move in _moves(procedure):
        if move.by and all(who.relation and who.name in move.not_by for who in move.by):
            reader.problem(located.at(f"{path}.by"), "move_never_allowed", name=move.name)


def _held(procedure: Procedure, located: Located, reader: Reader) -> None:
    """Note the relations that are awaited or may act, and that nothing ever assigns."""
    borrowed = procedure.borrowed.persons if procedure.borrowed else ()
    opening = procedure.on_open.assign if procedure.on_open else {}
    held = {*borrowed, *opening, *(name for _, move in _moves(procedure) for name in move.assign)}
    named = [(f"states.{name}.awaits", state.awaits) for name, state in procedure.states.items()]
    named += [(f"{path}.by", move.by) for path, move in _moves(procedure)]
    if procedure.handler:
        named.append(("handler", (Who(procedure.handler, relation=True),)))
    for path, whos in named:
        for number, who in enumerate(whos):
            if who.relation and who.name not in held:
                reader.problem(located.at(f"{path}.{number}"), "never_assigned", name=who.name)
                # Once is enough, at the first place it is named.
                held.add(who.name)


def _kept(procedure: Procedure, located: Located, reader: Reader) -> None:
    """Note each move of a signing state that brings in another version of what is being signed and lets signatures stand."""
    chain = procedure.chain
    if chain is None or chain.document is None:
        return
    for name in procedure.signing:
        for move in procedure.states[name].moves.values():
            if chain.document in move.attach and procedure.signing & set(move.targets):
                mark = located.at(f"states.{name}.moves.{move.name}.attach")
                reader.problem(mark, "new_draft_under_signature", name=move.name, document=chain.document)


def _answerable(procedure: Procedure, name: str, state: State, located: Located, reader: Reader) -> None:
    """Note who is awaited in a state without one move there that they may do."""
    for number, awaited in enumerate(state.awaits):
        if not any(_may(procedure, awaited, move) for move in state.moves.values()):
            mark = located.at(f"states.{name}.awaits.{number}")
            reader.problem(mark, "awaited_cannot_act", name=name, who=awaited.name)


def _may(procedure: Procedure, awaited: Who, move: Move) -> bool:
    if awaited.relation and awaited.name in move.not_by:
        return False
    declared = procedure.persons.get(awaited.name) if awaited.relation else None
    if awaited.relation and declared is None:
        # The role of a borrowed person is the case's to say, so any role may be theirs.
        return any(who == awaited or not who.relation for who in move.by)
    role = declared.role if declared else awaited.name
    return any(who == awaited or (not who.relation and who.name == role) for who in move.by) or (
        not awaited.relation and any(_role(procedure, who) in (role, None) for who in move.by if who.relation)
    )


def _role(procedure: Procedure, who: Who) -> str | None:
    """Return the role that the relation *who* takes; None where the case says it."""
    declared = procedure.persons.get(who.name)
    return declared.role if declared else None
