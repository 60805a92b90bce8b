"""World: one case's definitions side by side: the main procedure and the procedures of its matters.

Room for: which procedure a kind of matter runs by, what it borrows, what is assumed of one that was not given.
May not enter: what is proved of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.model.guards import EveryMatterIs, Guard, MatterIs, clauses
from engine.model.procedure import Branch, Clock, Fact, MatterKind, Move, Procedure, Relation, State
from engine.model.register import Register, Rung
from engine.text import Text

MAIN = ""
"""The owner of what belongs to the case itself; what belongs to a matter is owned by its kind."""


@dataclass(frozen=True)
class World:
    """A *main* procedure with the procedures of its kinds of matter (*children*), or a matter's procedure alone.

    *alone*: *main* is the procedure of a matter whose case is not known. *assumed* are the kinds whose procedure is
    not known: each is taken to be able to end in every way that is asked about.
    """

    register: Register
    main: Procedure
    children: Mapping[str, Procedure]
    assumed: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        """True where only a matter's procedure is known."""
        return self.main.borrowed is not None

    def members(self) -> Iterator[tuple[str, Procedure]]:
        """Yield the main procedure and each kind's, with whom it belongs to; what is only assumed is left out."""
        yield MAIN, self.main
        for kind, child in self.children.items():
            if kind not in self.assumed:
                yield kind, child

    def procedure_of(self, owner: str) -> Procedure:
        """Return the procedure of *owner*."""
        return self.children[owner] if owner else self.main

    @cached_property
    def kinds(self) -> Mapping[str, MatterKind]:
        """Every kind of matter that may be spoken of."""
        borrowed = self.main.borrowed
        lent = {name: MatterKind(name, name) for name in (borrowed.matters if borrowed else ())}
        return {**lent, **self.main.matters}

    @cached_property
    def clocks(self) -> Mapping[str, Clock]:
        """The clocks of the case, as far as they are known."""
        return self.main.clocks

    def borrows_fact(self, owner: str, name: str) -> bool:
        """Return True where *name* is a fact of the case to *owner*."""
        borrowed = self.procedure_of(owner).borrowed
        return borrowed is not None and name in borrowed.facts

    def fact(self, owner: str, name: str) -> Fact | None:
        """Return the fact that *owner* calls *name*; None where it belongs to a case that is not known."""
        if self.borrows_fact(owner, name):
            return self.main.facts.get(name)
        return self.procedure_of(owner).facts.get(name)

    def relation(self, owner: str, name: str) -> tuple[str, Relation | None]:
        """Return whose relation *owner* calls *name*, and the relation; None where it is not known."""
        own = self.procedure_of(owner).persons.get(name)
        return (owner, own) if own else (MAIN, self.main.persons.get(name))

    def ladder(self, name: str | None) -> tuple[Rung, ...]:
        """Return the rungs of a ladder; none where the register has no such ladder."""
        return self.register.ladders.get(name or "", ())

    @cached_property
    def guards(self) -> tuple[tuple[str, Guard], ...]:
        """Every guard with whom it belongs to."""
        return tuple((owner, guard) for owner, procedure in self.members() for guard in guards_of(procedure))


def guards_of(procedure: Procedure) -> Iterator[Guard]:
    """Yield every guard of *procedure*."""
    for state in procedure.states.values():
        yield from (reaction.when for reaction in state.reactions)
        yield from (term.when for term in state.terms if term.when)
        for move in state.moves.values():
            yield from (requirement.that for requirement in move.requires)
            yield from (branch.when for branch in move.branches if branch.when)
    if procedure.on_open:
        yield from (requirement.that for requirement in procedure.on_open.requires)


def worlds_of(register: Register, procedures: Mapping[str, Procedure]) -> list[World]:
    """Return a world for each main procedure, and one for each matter's procedure that no case is known to use."""
    found, used = [], set()
    for main in (p for p in procedures.values() if p.borrowed is None):
        given = {
            name: procedures[kind.procedure]
            for name, kind in main.matters.items()
            if kind.procedure in procedures
        }
        used |= {child.name for child in given.values()}
        asked = [*guards_of(main), *(g for child in given.values() for g in guards_of(child))]
        assumed = {name: _assumed(name, asked) for name in main.matters if name not in given}
        found.append(World(register, main, {**given, **assumed}, tuple(assumed)))
    for child in procedures.values():
        if child.borrowed is not None and child.name not in used:
            asked = list(guards_of(child))
            lent = {name: _assumed(name, asked) for name in child.borrowed.matters}
            found.append(World(register, child, lent, tuple(lent)))
    return found


def _assumed(kind: str, asked: list[Guard]) -> Procedure:
    """Return the least procedure that can end in every way *asked* about *kind*."""
    always = {"open", "absent", "ended", "cancelled"}
    named = [
        c.outcome
        for guard in asked
        for c in clauses(guard)
        if isinstance(c, MatterIs | EveryMatterIs) and c.kind == kind and c.outcome not in always
    ]
    blank = Text(kind, kind)
    outcomes = tuple(dict.fromkeys(named)) or ("finished",)
    moves = {end: Move(end, blank, "begun", (), _to(end)) for end in outcomes}
    states = {"begun": State("begun", blank, "", moves=moves)}
    states |= {end: State(end, blank, "", outcome=end) for end in outcomes}
    return Procedure(kind, blank, "", "", "begun", {}, states)


def _to(state: str) -> tuple[Branch, ...]:
    return (Branch(state),)
