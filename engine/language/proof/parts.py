"""Parts: one procedure as a small automaton of what it does to others: the states it can be in, with the facts that count.

Room for: building a part; its edges with what they ask of other matters and what they do to clocks and matters.
May not enter: several parts at once (`exploring.py`), which matters belong together (`groups.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product

from engine.language.proof.domains import Subject
from engine.language.proof.flow import MOST_ANSWERS, STAYS, Flow
from engine.language.proof.satisfying import Goal, Held, TooWide, solutions, subjects_of
from engine.language.proof.world import MAIN
from engine.model.procedure import Clock, ClockEffect, Move, State

MOST_PLACES = 20_000
MOST_FORMS = 64

Condition = tuple[tuple[Subject, frozenset[int]], ...]
"""What must be so of others, all of it; of a choice of conditions one suffices, and the empty one always holds."""

ALWAYS: tuple[Condition, ...] = ((),)


class TooMany(Exception):
    """There are more situations than are looked at."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What an edge does to a clock; *refs* are the names the stop may go by, one of which it has."""

    clock: str
    verb: str
    refs: frozenset[str] = frozenset({""})


@dataclass(frozen=True, slots=True)
class Edge:
    """One way a part may go on by itself or by an act.

    *limited*: it may be refused for good one day, so that nobody may count on it. *exact*: the condition is all there
    is to it; else it may be that it cannot be gone for reasons that are not looked at.
    """

    name: str
    target: int
    when: tuple[Condition, ...] = ALWAYS
    deeds: tuple[Deed, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    limited: bool = False
    waits: bool = False
    reaction: bool = False
    exact: bool = True
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A state with the facts that count there: of each the group of values it is in."""

    state: State
    facts: tuple[frozenset[int], ...] = ()
    merged: frozenset[str] = frozenset()
    """The other states that nobody can tell from this one."""

    @property
    def states(self) -> frozenset[str]:
        """Every state that this place stands for."""
        return self.merged | {self.state.name}


@dataclass(slots=True)
class Part:
    """The automaton of *owner*. *tracked* are the facts told apart in its places."""

    owner: str
    tracked: tuple[Subject, ...]
    places: list[Place] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    begins: tuple[int, ...] = ()


def tracked_facts(flow: Flow, lent: Iterable[Subject], *, own: bool, most: int = 6) -> tuple[Subject, ...]:
    """Return the facts of *flow*'s procedure that have a memory: guards read them where no form brings them.

    *lent* are the facts that others read of it; without *own* only these. What has more than *most* values that count
    is left out.
    """
    found: dict[Subject, None] = {}
    for state in flow.procedure.states.values() if own else ():
        for move in state.moves.values():
            brought = {flow.domains.fact(flow.owner, name) for name in (*move.needs, *move.asks)}
            guards = (*(r.that for r in move.requires), *(branch.when for branch in move.branches))
            found |= dict.fromkeys(subjects_of(flow.domains, flow.owner, *guards) - brought)
        for reaction in state.reactions:
            found |= dict.fromkeys(subjects_of(flow.domains, flow.owner, reaction.when))
    facts = [
        s
        for s in (*found, *lent)
        if s.kind == "fact" and s.owner == flow.owner and s.name in flow.procedure.facts
    ]
    few = (s for s in dict.fromkeys(facts) if len(flow.domains.alike(s)) <= most)
    return tuple(sorted(few, key=lambda s: s.name))


def part_of(flow: Flow, tracked: tuple[Subject, ...]) -> Part:
    """Return the part of *flow*'s procedure, with *tracked* told apart. Raises TooMany."""
    return _Builder(flow, tracked).built()


class _Builder:
    def __init__(self, flow: Flow, tracked: tuple[Subject, ...]) -> None:
        self.flow = flow
        self.part = Part(flow.owner, tracked)
        self.numbers: dict[tuple[str, tuple[frozenset[int], ...]], int] = {}
        self.cyclic = _in_cycles(flow)

    def built(self) -> Part:
        initial = self.flow.procedure.initial
        first = self.flow.first()
        self.part.begins = tuple(
            self.place(initial, facts) for facts in self.splits(first, self.part.tracked)
        )
        at = 0
        while at < len(self.part.places):
            self.part.edges.append(list(dict.fromkeys(self.leaving(at))))
            at += 1
        return self.part

    def place(self, state: str, facts: tuple[frozenset[int], ...]) -> int:
        key = (state, facts)
        if key not in self.numbers:
            if len(self.numbers) >= MOST_PLACES:
                raise TooMany
            self.numbers[key] = len(self.numbers)
            self.part.places.append(Place(self.flow.procedure.states[state], facts))
        return self.numbers[key]

    def splits(self, held: Held, subjects: tuple[Subject, ...]) -> Iterator[tuple[frozenset[int], ...]]:
        """Yield each choice of groups of values that *held* leaves open for *subjects*."""
        groups = []
        for subject in subjects:
            known = held.get(subject, self.flow.domains.every(subject))
            groups.append([group for group in self.flow.domains.alike(subject) if group & known])
        yield from product(*groups)

    def leaving(self, at: int) -> Iterator[Edge]:
        place = self.part.places[at]
        here = dict(zip(self.part.tracked, place.facts, strict=True))
        held = {**self.flow.context(place.state.name), **here}
        for name, move in place.state.moves.items():
            if any((place.state.name, name, n) in self.flow.taken for n in range(STAYS, len(move.branches))):
                yield from self.done(at, move, held)
        for number, reaction in enumerate(place.state.reactions):
            goals: tuple[Goal, ...] = ((reaction.when, True),)
            when = self.conditions(self.answers(goals, held))
            if when and (place.state.name, "on", number) in self.flow.taken:
                asked = subjects_of(self.flow.domains, self.flow.owner, reaction.when)
                exact = all(s.kind == "matter" or s in self.part.tracked for s in asked) and when != ALWAYS
                target = self.place(reaction.target, place.facts)
                ends = self.flow.owner == MAIN and self.flow.procedure.states[reaction.target].final
                yield Edge("on", target, when, reaction=True, exact=exact, ends=ends)

    def done(self, at: int, move: Move, held: Held) -> Iterator[Edge]:
        flow = self.flow
        asked = {**held, **flow.form(move, held)}
        named = [flow.domains.fact(flow.owner, effect.ref) for effect in move.clock if effect.ref]
        brought = {flow.domains.fact(flow.owner, name) for name in (*move.needs, *move.asks)}
        split = tuple(s for s in dict.fromkeys((*self.part.tracked, *named)) if s in brought or s in named)
        forms = list(islice(self.splits(asked, split), MOST_FORMS + 1))
        if len(forms) > MOST_FORMS:
            raise TooMany
        for values in forms:
            form = dict(zip(split, values, strict=True))
            yield from self.branches(at, move, {**asked, **form})

    def branches(self, at: int, move: Move, asked: Held) -> Iterator[Edge]:
        flow, place = self.flow, self.part.places[at]
        goals: tuple[Goal, ...] = tuple((requirement.that, True) for requirement in move.requires)
        required = self.answers(goals, asked)
        if not required:
            return
        done = flow.after(move, asked)
        joint = flow.undisturbed(move, goals)
        facts = tuple(self.group(subject, done[subject]) for subject in self.part.tracked)
        before = goals if joint else ()
        for number, branch in enumerate(move.branches):
            own: tuple[Goal, ...] = ((branch.when, True),) if branch.when else ()
            found = self.conditions(self.answers((*before, *own), {**asked, **done}))
            when = found if joint else _both(self.conditions(required), found)
            if when and (place.state.name, move.name, number) in flow.taken:
                yield self.edge(at, move, branch.target, facts, when, asked)
            before += ((branch.when, False),) if branch.when else ()
        if not move.branches:
            yield self.edge(at, move, None, facts, self.conditions(required), asked)

    def group(self, subject: Subject, known: frozenset[int]) -> frozenset[int]:
        return next(group for group in self.flow.domains.alike(subject) if group & known)

    def edge(
        self, at: int, move: Move, target: str | None, facts: tuple[frozenset[int], ...],
        when: tuple[Condition, ...], asked: Held,
    ) -> Edge:  # fmt: skip
        place = self.part.places[at]
        states = self.flow.procedure.states
        return Edge(
            move.name,
            self.place(target or place.state.name, facts),
            when,
            tuple(self.deed(effect, asked) for effect in move.clock),
            move.open,
            move.close,
            limited=self.limited(move, target),
            waits=move.waits,
            ends=self.flow.owner == MAIN and not move.stays and all(states[n].final for n in move.targets),
        )

    def limited(self, move: Move, target: str | None) -> bool:
        """Return True where *move* may be refused for good: done too often, or its time is over."""
        if move.in_time is not None:
            term = self.flow.procedure.terms.get(move.in_time.term)
            day = (term.of or term.before) if term else None
            if day not in (*move.needs, *move.asks):
                return True
        return move.at_most is not None and target is not None and (move.source, target) in self.cyclic

    def deed(self, effect: ClockEffect, asked: Held) -> Deed:
        if effect.ref is None:
            return Deed(effect.clock, effect.verb)
        subject = self.flow.domains.fact(self.flow.owner, effect.ref)
        values = self.flow.domains.values(subject)
        known = asked.get(subject, self.flow.domains.known(subject))
        return Deed(
            effect.clock, effect.verb, frozenset(str(values[n]) for n in known if values[n] is not None)
        )

    def answers(self, goals: tuple[Goal, ...], held: Held) -> list[Held]:
        """Return every answer; one that says nothing where there are too many to tell apart."""
        try:
            found = list(islice(solutions(self.flow.domains, self.flow.owner, goals, held), MOST_ANSWERS + 1))
        except TooWide:
            return [{}]
        return found if len(found) <= MOST_ANSWERS else [{}]

    def conditions(self, answers: list[Held]) -> tuple[Condition, ...]:
        """Return what *answers* ask of others: of matters, and of the facts of the case that a matter borrows."""
        domains = self.flow.domains
        found: dict[Condition, None] = {}
        for answer in answers:
            others = [
                (subject, known)
                for subject, known in answer.items()
                if (subject.kind == "matter" or (subject.kind == "fact" and subject.owner != self.flow.owner))
                and known != domains.every(subject)
            ]
            condition = tuple(sorted(others, key=lambda item: (item[0].kind, item[0].name)))
            if not condition:
                return ALWAYS
            found[condition] = None
        return tuple(found)


def _both(first: tuple[Condition, ...], second: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Return the conditions under which one of each holds."""
    found: dict[Condition, None] = {}
    for one in first:
        for other in second:
            merged = dict(one)
            for subject, known in other:
                merged[subject] = merged.get(subject, known) & known
            if all(merged.values()):
                found[tuple(merged.items())] = None
    return tuple(found)


def _in_cycles(flow: Flow) -> frozenset[tuple[str, str]]:
    """Return the steps of *flow* from whose end their beginning can be reached again."""
    after = {name: {target for _, target in flow.targets(name)} for name in flow.held}
    bounded = {
        (move.source, target)
        for name in flow.held
        for move in flow.procedure.states[name].moves.values()
        if move.at_most is not None
        for target in move.targets
    }
    found = set()
    for source, target in bounded:
        waiting, seen = [target], {target}
        while waiting:
            fresh = after.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        if source in seen and source != target:
            found.add((source, target))
    return frozenset(found)


def among(
    part: Part,
    kinds: Collection[str],
    tracked: Collection[Subject],
    clocks: Mapping[str, Clock],
    blocking: Collection[str],
    stops: bool,
) -> Part:
    """Return *part* as a group of *kinds* sees it: what it asks of others may be so, what changes nothing is left out.

    *tracked* are the facts of the case that are told apart, *clocks* those that count here, *blocking* the kinds
    without whose end the case does not end. Without *stops* no clock ever stands still.
    """
    found = replace(part, edges=[])
    for at, edges in enumerate(part.edges):
        kept: dict[Edge, None] = {}
        for edge in edges:
            asked = {subject for condition in edge.when for subject, _ in condition}
            seen = {s for s in asked if s in tracked or (s.kind == "matter" and s.name in kinds)}
            when = tuple(dict.fromkeys(tuple(one for one in c if one[0] in seen) for c in edge.when))
            made = replace(
                edge,
                when=ALWAYS if () in when else when,
                deeds=tuple(
                    d for d in edge.deeds if d.clock in clocks and d.verb in (_KNOWN if stops else _LASTING)
                ),
                waits=edge.waits and stops,
                ends=edge.ends and any(kind in kinds for kind in blocking),
                opens=tuple(kind for kind in edge.opens if kind in kinds),
                closes=tuple(kind for kind in edge.closes if kind in kinds),
                exact=edge.exact and seen == asked,
            )
            if edge.target != at or made.opens or made.closes or _changes(made, kinds, clocks):
                kept[made] = None
        found.edges.append(list(kept))
    return found


def _changes(edge: Edge, kinds: Collection[str], clocks: Mapping[str, Clock]) -> bool:
    """Return True where *edge* turns a clock, or may be entered late, so that somebody has to approve it."""
    return any(deed.verb in _TURNING or clocks[deed.clock].late in kinds for deed in edge.deeds)


_TURNING = frozenset({"start", "suspend", "resume", "end", "strike"})
_LASTING = frozenset({"start", "restart", "extend", "exclude", "publication", "end"})
_KNOWN = _TURNING | _LASTING
