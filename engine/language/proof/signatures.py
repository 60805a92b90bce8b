"""Signatures: a chain passes only when every level has signed the very draft that passes.

Room for: the procedure of a chain explored with each level's signatures: how many there are, how many of them are of
the present draft.
May not enter: who may sign (`signers.py`), what leaves the house once it passed (`release.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.language.proof.domains import Subject
from engine.language.proof.finding import Report
from engine.language.proof.flow import STAYS, Flow
from engine.language.proof.parts import MOST_PLACES, TooMany
from engine.language.proof.satisfying import Goal, Held, TooWide, example
from engine.model.guards import CountHolders, clauses
from engine.model.levels import Chain, Level
from engine.model.procedure import Move

CARRY = "carry"


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the chain is: of each level how many signed, how many of these signatures are of the present draft, and
    how many voted against; and what facts with a memory say."""

    state: str
    signed: tuple[int, ...]
    valid: tuple[int, ...]
    against: tuple[int, ...]
    facts: tuple[frozenset[int], ...]


@dataclass(slots=True)
class Signed:
    """What a chain can come to. *outcomes*: each with whether all levels are valid whenever it ends so."""

    outcomes: dict[str, bool] = field(default_factory=dict)
    explored: int = 0


def prove_signatures(flow: Flow, tracked: tuple[Subject, ...], report: Report) -> Signed | None:
    """Note the shortest way on which the chain of *flow* passes without all signatures; None where there is no chain.

    Raises TooMany where there are more situations than are looked at.
    """
    chain = flow.procedure.chain
    if chain is None:
        return None
    walk = _Walk(flow, chain, tracked)
    walk.go()
    signed = Signed(explored=len(walk.before))
    meant = flow.procedure.states[chain.passed].outcome
    for standing in walk.before:
        outcome = flow.procedure.states[standing.state].outcome
        lacking = [n for n, level in enumerate(chain.levels) if standing.valid[n] < level.majority]
        if outcome is not None:
            signed.outcomes[outcome] = signed.outcomes.get(outcome, True) and not lacking
        # Another end with the same outcome passes just as well: nobody can tell them apart afterwards.
        if lacking and (standing.state == chain.passed or (meant is not None and outcome == meant)):
            level = chain.levels[lacking[0]]
            valid, needed = standing.valid[lacking[0]], level.majority
            values = {"level": level.state, "title": level.title, "valid": valid, "needed": needed}
            place = f"states.{standing.state}"
            report.found(flow.procedure.name, place, "passes_unsigned", walk.way_to(standing), **values)
    return signed


class _Walk:
    def __init__(self, flow: Flow, chain: Chain, tracked: tuple[Subject, ...]) -> None:
        self.flow = flow
        self.chain = chain
        self.tracked = tracked
        self.documents = {chain.document} if chain.document else {*flow.procedure.documents}
        self.number = {level.state: n for n, level in enumerate(chain.levels)}
        self.voting = {level.against: n for n, level in enumerate(chain.levels) if level.against}
        self.before: dict[_Standing, tuple[_Standing, str] | None] = {}

    def go(self) -> None:
        nothing = tuple(0 for _ in self.chain.levels)
        first = self.flow.first()
        waiting: deque[_Standing] = deque()
        for facts in self.splits(first, self.tracked):
            standing = _Standing(self.flow.procedure.initial, nothing, nothing, nothing, facts)
            self.before[standing] = None
            waiting.append(standing)
        while waiting:
            here = waiting.popleft()
            for name, there in self.onward(here):
                if there not in self.before:
                    if len(self.before) >= MOST_PLACES:
                        raise TooMany
                    self.before[there] = (here, name)
                    waiting.append(there)

    def way_to(self, standing: _Standing) -> tuple[str, ...]:
        way, here = [standing.state], self.before[standing]
        while here is not None:
            way += [here[1], here[0].state]
            here = self.before[here[0]]
        return tuple(reversed(way))

    def splits(self, held: Held, subjects: tuple[Subject, ...]) -> Iterator[tuple[frozenset[int], ...]]:
        """Yield each choice of groups of values that *held* leaves open."""
        if not subjects:
            yield ()
            return
        known = held.get(subjects[0], self.flow.domains.every(subjects[0]))
        for rest in self.splits(held, subjects[1:]):
            yield from ((g, *rest) for g in self.flow.domains.alike(subjects[0]) if g & known)

    def onward(self, here: _Standing) -> Iterator[tuple[str, _Standing]]:
        flow = self.flow
        facts = dict(zip(self.tracked, here.facts, strict=True))
        state = flow.procedure.states[here.state]
        for name, move in state.moves.items():
            if all((state.name, name, n) not in flow.taken for n in range(STAYS, len(move.branches))):
                continue
            asked = {**flow.context(state.name), **facts}
            asked = {**asked, **flow.form(move, asked)}
            for form in self.splits(asked, self.tracked):
                for there in self.done(here, move, {**asked, **dict(zip(self.tracked, form, strict=True))}):
                    yield name, there
        for number, reaction in enumerate(state.reactions):
            if (state.name, "on", number) in flow.taken:
                yield "on", replace(here, state=reaction.target)

    def done(self, here: _Standing, move: Move, asked: Held) -> Iterator[_Standing]:
        """Yield what *move* may make of *here*, by each branch that may be the first to hold."""
        flow, signed = self.flow, self.signed(here, move)
        required: tuple[Goal, ...] = tuple((requirement.that, True) for requirement in move.requires)
        if required and not self.may(required, {**asked, **self.counted(signed, move)}):
            return
        after = flow.after(move, asked)
        facts = tuple(next(g for g in flow.domains.alike(s) if g & after[s]) for s in self.tracked)
        before: tuple[Goal, ...] = ()
        for branch in move.branches:
            goals = (*before, (branch.when, True)) if branch.when else before
            if self.may(goals, {**after, **self.counted(signed, move)}):
                there = self.released(signed, (*move.release, *branch.release))
                yield replace(there, state=branch.target or here.state, facts=facts)
            before += ((branch.when, False),) if branch.when else ()
        if not move.branches:
            yield replace(self.released(signed, move.release), facts=facts)

    def may(self, goals: tuple[Goal, ...], held: Held) -> bool:
        try:
            return example(self.flow.domains, self.flow.owner, goals, held) is not None
        except TooWide:
            return True

    def signed(self, here: _Standing, move: Move) -> _Standing:
        """Return *here* with the signature or vote that *move* is, on the draft that it brings or finds."""
        signed, valid, against = list(here.signed), list(here.valid), list(here.against)
        if self.documents & set(move.attach) and move.source not in self.number:
            valid = [0 for _ in valid]
        for relation in move.assign:
            if relation in self.number:
                n, level = self.number[relation], self.chain.levels[self.number[relation]]
                signed[n], valid[n] = (
                    min(kept + 1, level.members) if level.group else 1 for kept in (signed[n], valid[n])
                )
            elif relation in self.voting:
                n = self.voting[relation]
                against[n] = min(against[n] + 1, self.chain.levels[n].members)
        if move.name == CARRY and self.chain.carries:
            # What was signed before stays good for the new draft, by the act of whoever compared the two.
            valid = [*signed]
        return replace(here, signed=tuple(signed), valid=tuple(valid), against=tuple(against))

    def released(self, here: _Standing, names: tuple[str, ...]) -> _Standing:
        def kept(level: Level, number: int) -> int:
            return 0 if level.state in names else number

        levels = self.chain.levels
        return replace(
            here,
            signed=tuple(kept(level, n) for level, n in zip(levels, here.signed, strict=True)),
            valid=tuple(kept(level, n) for level, n in zip(levels, here.valid, strict=True)),
            against=tuple(0 if v.against in names else n for v, n in zip(levels, here.against, strict=True)),
        )

    def counted(self, here: _Standing, move: Move) -> Mapping[Subject, frozenset[int]]:
        """Return how many hold each relation of the chain that *move* counts."""
        guards = [*(r.that for r in move.requires), *(b.when for b in move.branches if b.when)]
        found = {}
        for clause in (c for guard in guards for c in clauses(guard) if isinstance(c, CountHolders)):
            subject = self.flow.domains.subject(clause, self.flow.owner)
            if clause.relation in self.number:
                now = here.signed[self.number[clause.relation]]
            elif clause.relation in self.voting:
                now = here.against[self.voting[clause.relation]]
            else:
                continue
            values = self.flow.domains.values(subject)
            near = [n for n, value in enumerate(values) if value == now]
            below = [n for n, value in enumerate(values) if isinstance(value, int) and value < now]
            found[subject] = frozenset(near or below[-1:] or [0])
        return found
