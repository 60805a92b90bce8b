"""Difference words: what the names in one version of a definition are called by the people who work with it.

Room for: titles of facts, states, persons, roles, matters and terms of one version; guards in words.
May not enter: what differs between two versions (the files beside this one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.case import PARTY_TITLES
from engine.model.guard_words import GuardWords
from engine.model.guards import Guard
from engine.model.procedure import ANY_PARTY, RECORDER, RECUSED, Procedure, Who
from engine.text import Text

_PARTIES = {**PARTY_TITLES, ANY_PARTY: Text("任一当事人", "any party")}

_YES_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}


@dataclass(frozen=True)
class Around:
    """What stands around a definition: the titles of *roles*, and the *procedures* it runs with, by name."""

    roles: Mapping[str, Text] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)


class Words:
    """The names of *procedure* in words, as far as it and what stands around it have titles for them."""

    def __init__(self, procedure: Procedure | None, around: Around) -> None:
        self._own = procedure
        self._around = around
        self._main = self._case_of(procedure) if procedure else None

    def _case_of(self, procedure: Procedure) -> Procedure:
        """The procedure of the cases that *procedure* runs on: itself, or the first that knows it as a kind of matter."""
        if procedure.borrowed is None:
            return procedure
        for other in self._around.procedures.values():
            if any(kind.procedure == procedure.name for kind in other.matters.values()):
                return other
        return procedure

    def _places(self) -> tuple[Procedure, ...]:
        return tuple(p for p in (self._own, self._main) if p)

    def fact(self, name: str) -> Text:
        """Return what a fact is called."""
        found = next((p.facts[name].title for p in self._places() if name in p.facts), None)
        return _quoted(found, name)

    def value(self, fact: str, value: str) -> Text:
        """Return a constant of *fact* in words."""
        for procedure in self._places():
            if fact in procedure.facts:
                declared = procedure.facts[fact]
                if declared.type == "yes_no" and value in _YES_NO:
                    return _YES_NO[value]
                title = declared.choices.get(value)
                return _quoted(title, value) if title else Text(value, value)
        return Text(value, value)

    def document(self, name: str) -> Text:
        """Return what a kind of document is called."""
        return _quoted(next((p.documents[name] for p in self._places() if name in p.documents), None), name)

    def relation(self, name: str) -> Text:
        """Return what a person is called by their relation to the case."""
        if name == RECUSED:
            return Text("已回避人员", "whoever stepped back")
        if name == RECORDER:
            return Text("录入人", "whoever recorded it")
        return _quoted(next((p.persons[name].title for p in self._places() if name in p.persons), None), name)

    def role(self, name: str) -> Text:
        """Return what a role is called."""
        own = next((p.roles[name] for p in self._places() if name in p.roles), None)
        return _quoted(own or self._around.roles.get(name), name)

    def who(self, who: Who) -> Text:
        """Return who may act or is awaited."""
        if who.relation:
            title = self.relation(who.name)
            return Text(f"本案的{title.zh}", f"{title.en} of the case")
        title = self.role(who.name)
        return Text(f"任一{title.zh}", f"any {title.en}")

    def state(self, name: str | None) -> Text:
        """Return what a state is called; None is the one the matter is in."""
        if name is None:
            return Text("原状态", "the same state")
        found = self._own.states.get(name) if self._own else None
        return _quoted(found.title if found else None, name)

    def stage(self, name: str) -> Text:
        """Return what a stage is called."""
        return _quoted(self._own.stages.get(name) if self._own else None, name)

    def matter(self, kind: str) -> Text:
        """Return what a kind of matter is called."""
        child = self._child(kind)
        return _quoted(child.title if child else None, kind)

    def procedure(self, name: str) -> Text:
        """Return what another procedure is called."""
        found = self._around.procedures.get(name)
        return _quoted(found.title if found else None, name)

    def clock(self, name: str) -> Text:
        """Return what a clock is called."""
        return _quoted(next((p.clocks[name].title for p in self._places() if name in p.clocks), None), name)

    def term(self, name: str) -> Text:
        """Return what a term or clock is called."""
        found = next((p.terms[name].title for p in self._places() if name in p.terms), None)
        return _quoted(found, name) if found else self.clock(name)

    def party(self, name: str) -> Text:
        """Return what a party is called by its role, or the fact that lists cases."""
        return _PARTIES.get(name) or self.fact(name)

    def guard(self, guard: Guard) -> Text:
        """Return a guard as a clause."""
        if self._own is None or self._main is None:
            return Text(str(guard), str(guard))
        kinds = {**self._main.matters, **self._own.matters}
        children = {name: child for name in kinds if (child := self._child(name))}
        return GuardWords(self._own, self._main, children).said(guard)

    def _child(self, kind: str) -> Procedure | None:
        for procedure in self._places():
            if kind in procedure.matters:
                return self._around.procedures.get(procedure.matters[kind].procedure)
        return None


def _quoted(title: Text | None, name: str) -> Text:
    return Text(f"“{title.zh}”", f"“{title.en}”") if title else Text(f"“{name}”", f"“{name}”")
