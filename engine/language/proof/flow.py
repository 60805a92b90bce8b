"""Flow: what may be known, and who may be there, in each state of one procedure; and which of its ways can be gone.

Room for: facts as sets of possible values carried along moves, branches that no value leads into, shortest ways.
May not enter: other procedures beside this one (`exploring.py`), what counts as a fault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from engine.language.proof.domains import SOME, Choice, Domains, Subject
from engine.language.proof.satisfying import Goal, Held, TooWide, solutions, subjects_of
from engine.language.proof.world import MAIN, World
from engine.model.procedure import ACT_DATE, Fact, Move, Procedure, State

MOST_ANSWERS = 64
"""Of so many answers it is looked at what they have in common; where there are more, nothing is taken from them."""

STAYS = -1
"""In place of a branch: the move has none."""

Way = tuple[str, str, int]
"""A state, a move of it, and the number of its branch; a reaction is a move called `on` with its own number."""


@dataclass(frozen=True)
class Flow:
    """Where *owner*'s procedure may be and what may be so there; *held* has the states that can be reached."""

    domains: Domains
    owner: str
    procedure: Procedure
    lent: Held
    held: dict[str, Held] = field(default_factory=dict)
    taken: set[Way] = field(default_factory=set)
    wide: set[tuple[str, str]] = field(default_factory=set)
    """States and moves whose guards have more cases than are looked through; their ways count as open."""
    before: dict[str, tuple[str, str]] = field(default_factory=dict)

    def targets(self, state: str) -> Iterator[tuple[str, str]]:
        """Yield each way out of *state* that can be gone: the move and the state it leads to."""
        here = self.procedure.states[state]
        for name, move in here.moves.items():
            for number, branch in enumerate(move.branches):
                if branch.target is not None and (state, name, number) in self.taken:
                    yield name, branch.target
        for number, reaction in enumerate(here.reactions):
            if (state, "on", number) in self.taken:
                yield "on", reaction.target

    def way_to(self, state: str) -> tuple[str, ...]:
        """Return a shortest way to *state*: states and the moves between them."""
        return way_back(state, self.before)

    def first(self) -> Held:
        """Return what may be so when the case or the matter has just been opened."""
        handed = _handed(self.domains.world, self.owner)
        held: dict[Subject, frozenset[int]] = {}
        for name in self.procedure.facts:
            subject, unknown = self.domains.fact(self.owner, name), frozenset({0})
            known = self.domains.known(subject) if name in handed else frozenset[int]()
            held[subject] = known if handed.get(name) else known | unknown
        for name in self.procedure.persons:
            held[self._assigned(name)] = frozenset({0})
        opening = self.procedure.on_open
        return held if opening is None else self.after(opening, {**held, **self.form(opening, held)})

    def context(self, state: str, move: Move | None = None) -> Held:
        """Return what may be so in *state* when a guard is asked there; with *move*, with its form filled in."""
        held = {**self.lent, **self.held[state]}
        return held if move is None else {**held, **self.form(move, self.held[state])}

    def after(self, move: Move, held: Held) -> Held:
        """Return *held* with what *move* sets and whom it assigns or releases."""
        found = {**held}
        for name, text in move.set.items():
            subject = self.domains.fact(self.owner, name)
            found[subject] = self.domains.number(subject, constant_of(self.procedure.facts.get(name), text))
        for name in move.assign:
            found[self._assigned(name)] = frozenset({1})
        for name in move.release:
            found[self._assigned(name)] = frozenset({0})
        return found

    def form(self, move: Move, held: Held) -> Held:
        """Return what the form of *move* may bring, where *held* is known before."""
        brought = {}
        for name in (*move.needs, *move.asks):
            subject = self.domains.fact(self.owner, name)
            known = self.domains.known(subject)
            brought[subject] = known if name in move.needs else known | held.get(subject, frozenset())
        return brought

    def _assigned(self, name: str) -> Subject:
        return Subject("assigned", self.domains.world.relation(self.owner, name)[0], name)

    def way_without(self, state: str, missing: Subject, *, lost: bool = False) -> tuple[str, ...]:
        """Return the shortest way to *state* on which *missing* is never known, or never assigned; nothing where none is.

        With *lost* it may have been assigned on the way, if it was released again.
        """
        first = [
            (self.procedure.initial, value > 0)
            for value in sorted(self.first()[missing])
            if lost or not value
        ]
        before: dict[tuple[str, bool], tuple[tuple[str, bool], str] | None] = dict.fromkeys(first)
        waiting, end = deque(before), (state, False)
        while waiting and end not in before:
            here = waiting.popleft()
            for move, there in self._with_or_without(*here, missing):
                if there not in before and (lost or not there[1]):
                    before[there] = (here, move)
                    waiting.append(there)
        if end not in before:
            return ()
        way, step = [state], before[end]
        while step is not None:
            way += [step[1], step[0][0]]
            step = before[step[0]]
        return tuple(reversed(way))

    def _with_or_without(
        self, state: str, there: bool, missing: Subject
    ) -> Iterator[tuple[str, tuple[str, bool]]]:
        """Yield each way out of *state*, or back to it, and whether *missing* is there then, as *there* says it is now."""
        known = self.held[state][missing]
        held = {**self.held[state], missing: known - {0} if there else frozenset({0})}
        if there and not known - {0}:
            return
        for name, move in self.procedure.states[state].moves.items():
            for number, after in self.ways(self.procedure.states[state], move, held):
                target = move.branches[number].target if number != STAYS else None
                yield from ((name, (target or state, value > 0)) for value in sorted(after[missing]))
        yield from ((move, (target, there)) for move, target in self.targets(state) if move == "on")

    def ways(self, state: State, move: Move, held: Held | None = None) -> Iterator[tuple[int, Held]]:
        """Yield each branch of *move* that can be taken from *state*, with what may be so afterwards.

        *held* is what may be so before; without it all that may be so in *state*.
        """
        known = self.held[state.name] if held is None else held
        here = {**known, **self.form(move, known)}
        asked = {**self.lent, **here}
        goals: tuple[Goal, ...] = tuple((requirement.that, True) for requirement in move.requires)
        if not goals and all(branch.when is None for branch in move.branches):
            yield (0 if move.branches else STAYS), self.after(move, here)
            return
        allowed = self._narrowed(move, goals, asked, here)
        if allowed is None:
            return
        done, before = self.after(move, allowed), goals if self.undisturbed(move, goals) else ()
        if not move.branches:
            yield STAYS, done
            return
        for number, branch in enumerate(move.branches):
            own: tuple[Goal, ...] = ((branch.when, True),) if branch.when else ()
            found = self._narrowed(move, (*before, *own), {**asked, **done}, done)
            if found is not None:
                released = {self._assigned(name): frozenset({0}) for name in branch.release}
                yield number, {**found, **released}
            before += ((branch.when, False),) if branch.when else ()

    def undisturbed(self, move: Move, goals: tuple[Goal, ...]) -> bool:
        """Return True where what the move requires still holds when its branches are asked."""
        set_ = {self.domains.fact(self.owner, name) for name in move.set}
        return not set_ & subjects_of(self.domains, self.owner, *(guard for guard, _ in goals))

    def _narrowed(self, move: Move, goals: tuple[Goal, ...], asked: Held, here: Held) -> Held | None:
        """Return *here* with only what may be so when the *goals* are met; None where they cannot be."""
        if not goals:
            return here
        try:
            answers = list(islice(solutions(self.domains, self.owner, goals, asked), MOST_ANSWERS + 1))
        except TooWide:
            self.wide.add((move.source, move.name))
            return here
        if not answers:
            return None
        if len(answers) > MOST_ANSWERS:
            return here
        subjects = {subject for answer in answers for subject in answer if subject in here}
        known = {s: frozenset[int]().union(*(answer.get(s, here[s]) for answer in answers)) for s in subjects}
        return {**here, **known}


def flow_of(domains: Domains, owner: str, lent: Held) -> Flow:
    """Return how *owner*'s procedure flows; *lent* is what may be so of the facts it borrows."""
    procedure = domains.world.procedure_of(owner)
    flow = Flow(domains, owner, procedure, lent)
    flow.held[procedure.initial] = flow.first()
    waiting, queued = deque([procedure.initial]), {procedure.initial}
    while waiting:
        name = waiting.popleft()
        queued.discard(name)
        for target, held in _steps(flow, procedure.states[name]):
            if _join(flow.held, target, held) and target not in queued:
                waiting.append(target)
                queued.add(target)
    _find_ways(flow)
    return flow


def way_back(state: str, before: Mapping[str, tuple[str, str] | None]) -> tuple[str, ...]:
    """Return the way to *state*: *before* says from which state and by which move each was come to."""
    way = [state]
    while step := before.get(way[-1]):
        way += [step[1], step[0]]
    return tuple(reversed(way))


def lent_by(flow: Flow) -> Held:
    """Return what may be so of the facts of the case at any time, for a matter that borrows them."""
    found: dict[Subject, frozenset[int]] = {}
    for held in flow.held.values():
        for subject, known in held.items():
            if subject.kind == "fact":
                found[subject] = found.get(subject, frozenset()) | known
    return found


def constant_of(fact: Fact | None, text: str) -> Choice:
    """Return the value that a ``set`` of *text* gives to *fact*, as guards see it."""
    if text == ACT_DATE or fact is None:
        return SOME
    return (text == "yes") if fact.type == "yes_no" else int(text) if fact.type == "whole" else text


def _handed(world: World, owner: str) -> Mapping[str, bool]:
    """Return the facts that an act may bring along to the matter it opens, with whether every such act does."""
    if world.alone:
        return {} if owner else dict.fromkeys(world.main.facts, True)
    if owner == MAIN:
        return {}
    moves = [m for _, p in world.members() for moves in p.moves.values() for m in moves]
    moves += [p.on_open for _, p in world.members() if p.on_open]
    opening = [move for move in moves if owner in move.open]
    by_rungs = any(rung.opens == owner for rungs in world.register.ladders.values() for rung in rungs)
    brought = dict.fromkeys(name for move in opening for name in (*move.needs, *move.asks))
    return {name: not by_rungs and all(name in move.needs for move in opening) for name in brought}


def _steps(flow: Flow, state: State) -> Iterator[tuple[str, Held]]:
    here = flow.held[state.name]
    for name, move in state.moves.items():
        for number, held in flow.ways(state, move):
            flow.taken.add((state.name, name, number))
            target = move.branches[number].target if number != STAYS else None
            yield target or state.name, held
    for number, reaction in enumerate(state.reactions):
        try:
            possible = next(
                solutions(flow.domains, flow.owner, ((reaction.when, True),), flow.context(state.name)), None
            )
        except TooWide:
            flow.wide.add((state.name, "on"))
            possible = here
        if possible is not None:
            flow.taken.add((state.name, "on", number))
            yield reaction.target, here


def _join(held: dict[str, Held], state: str, more: Held) -> bool:
    """Add what may be so in *state*; return True where that is news."""
    known = held.get(state)
    if known is None:
        held[state] = dict(more)
        return True
    news = {s: known[s] | values for s, values in more.items() if s in known and not values <= known[s]}
    if not news:
        return False
    held[state] = {**known, **news}
    return True


def _find_ways(flow: Flow) -> None:
    seen, waiting = {flow.procedure.initial}, deque([flow.procedure.initial])
    while waiting:
        here = waiting.popleft()
        for move, target in flow.targets(here):
            if target not in seen:
                seen.add(target)
                flow.before[target] = (here, move)
                waiting.append(target)
