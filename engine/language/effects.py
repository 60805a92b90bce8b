"""Effects: what a move needs and what it does, from the closed list of the language.

Room for: forms, requirements, clock verbs, assignments, facts set, matters opened and closed, persons told.
May not enter: who may do the move and where it leads (`moves.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import cast, get_args

from engine.language.declared import PARTIES
from engine.language.desk import Desk
from engine.language.nodes import Node, Scalar, Table
from engine.language.reader import Fields
from engine.language.values import as_date, as_number, read_string, read_text
from engine.model.procedure import (
    ACT_DATE,
    ACTOR,
    ClockEffect,
    ClockVerb,
    Fact,
    InTime,
    Joining,
    Move,
    Requirement,
)

_WITH_LENGTH = ("extend", "exclude", "publication", "target")
_WITH_REF = ("suspend", "resume")


def with_effects(desk: Desk, move: Move, fields: Fields) -> Move:
    """Return *move* with everything *fields* says about its form and its effects."""
    needs, asks = desk.own_facts(fields.get("needs")), desk.own_facts(fields.get("asks"))
    for word in desk.reader.words(fields.get("asks")):
        if word.text in needs:
            desk.reader.problem(word.mark, "named_twice", name=word.text)
    release = [desk.assignable(word) for word in desk.reader.words(fields.get("release"))]
    return replace(
        move,
        needs=needs,
        asks=asks,
        attach=desk.reader.all_known("document", fields.get("attach"), desk.names.documents),
        requires=read_requirements(desk, fields.get("requires")),
        basis=read_string(desk.reader, fields.get("basis")),
        clock=_clocks(desk, fields.get("clock")),
        assign=_assign(desk, fields.get("assign")),
        release=tuple(name for name in release if name),
        set=_set(desk, fields.get("set")),
        open=desk.reader.all_known("matter", fields.get("open"), desk.names.kinds),
        close=desk.reader.all_known("matter", fields.get("close"), desk.names.matters),
        notify=desk.who(fields.get("notify")),
        joins=_joins(desk, fields.get("joins"), needs),
        in_time=_in_time(desk, fields.get("in_time")),
        not_before=_not_before(desk, fields.get("not_before")),
    )


def _in_time(desk: Desk, node: Node | None) -> InTime | None:
    """Return the term or clock the move is bound to: its bare name, or with the date fact that decides instead."""
    fields = desk.reader.fields(node, "in time") if isinstance(node, Table) else None
    word = desk.reader.scalar(fields.get("term") if fields else node)
    posted = desk.fact(fields.get("posted"), ("date",)) if fields else None
    term = desk.reader.known("limit", word, {*desk.terms, *desk.names.all_clocks})
    if word is None or term is None:
        return None
    if term in desk.terms and desk.terms[term].of is None and desk.terms[term].before is None:
        desk.reader.problem(word.mark, "term_without_a_date", name=term)
    return InTime(term, posted)


def _not_before(desk: Desk, node: Node | None) -> tuple[str, ...]:
    """Return the named terms that must have run before the move."""
    found = []
    for word in desk.reader.words(node):
        term = desk.terms.get(desk.reader.known("term", word, desk.terms) or "")
        if term and term.of is None and term.before is None:
            desk.reader.problem(word.mark, "term_without_a_date", name=term.name)
        elif term:
            found.append(term.name)
    return tuple(found)


def _joins(desk: Desk, node: Node | None, needs: Collection[str]) -> Joining | None:
    fields = desk.reader.fields(node, "joining")
    if fields is None:
        return None
    role, word = desk.reader.one_of(fields.get("role"), PARTIES), desk.reader.scalar(fields.get("named"))
    named = desk.fact(word, ("text",))
    if word and named and named not in needs:
        desk.reader.problem(word.mark, "joins_unnamed", name=named)
    return Joining(role, named) if role and named else None


def read_requirements(desk: Desk, node: Node | None) -> tuple[Requirement, ...]:
    """Return the guards that must hold, each with what people are told."""
    found = []
    for item in desk.reader.listing(node):
        fields = desk.reader.fields(item, "requirement")
        guard = desk.guard(fields.get("that")) if fields else None
        if fields and guard:
            told = fields.get("else")
            found.append(Requirement(guard, read_text(desk.reader, told) if told else None))
    return tuple(found)


def _clocks(desk: Desk, node: Node | None) -> tuple[ClockEffect, ...]:
    table = desk.reader.table(node)
    found = []
    for key, value in table.entries if table else ():
        clock = desk.reader.known("clock", key, desk.names.all_clocks)
        effect = _effect(desk, key, value)
        if effect and effect.verb == "strike" and desk.names.main:
            desk.reader.problem(key.mark, "strike_elsewhere")
        if clock and effect:
            found.append(replace(effect, clock=clock))
    return tuple(found)


def _effect(desk: Desk, key: Scalar, node: Node) -> ClockEffect | None:
    """Return what is done to the clock: a bare verb, or one verb with what it takes."""
    if not isinstance(node, Table):
        verb = desk.reader.one_of(node, get_args(ClockVerb))
        if verb in _WITH_LENGTH:
            desk.reader.problem(node.mark, "missing_key", construct=verb, name="length")
        return ClockEffect(key.text, cast(ClockVerb, verb)) if verb else None
    fields = desk.reader.fields(node, "clock verb")
    known = [(name, value) for name, value in node.entries if name.text in get_args(ClockVerb)]
    if fields is None or not known:
        return None
    if len(known) > 1:
        first, second = known[0][0], known[1][0]
        desk.reader.problem(second.mark, "not_together", first=first.text, second=second.text)
    name, value = known[0]
    effect = ClockEffect(key.text, cast(ClockVerb, name.text))
    if name.text == "strike":
        desk.reader.problem(name.mark, "takes_nothing", name=name.text, clock=key.text)
        return effect
    if name.text in _WITH_LENGTH and isinstance(value, Scalar):
        return replace(effect, length=_length(desk, effect.verb, value))
    construct = "length" if name.text in _WITH_LENGTH else "stop" if name.text in _WITH_REF else "day"
    inner = desk.reader.fields(value, construct, name.mark)
    if inner is None:
        return None
    return replace(
        effect,
        length=_length(desk, effect.verb, inner.get("length")),
        ref=desk.fact(inner.get("ref"), ("choice",)),
        on=desk.fact(inner.get("on"), ("date",)),
    )


def _length(desk: Desk, verb: ClockVerb, node: Node | None) -> str | None:
    name = desk.fact(node, ("whole",))
    fact = desk.names.facts.get(name or "")
    if node and fact and verb == "target" and may_be_nothing(fact):
        desk.reader.problem(node.mark, "target_of_nothing", name=fact.name)
    return name


def may_be_nothing(fact: Fact) -> bool:
    """Return True where a form may give the number *fact* as less than 1."""
    return fact.least is None or fact.least < 1


def _assign(desk: Desk, node: Node | None) -> dict[str, str]:
    table = desk.reader.table(node)
    found = {}
    for key, value in table.entries if table else ():
        relation, scalar = desk.assignable(key), desk.reader.scalar(value)
        if scalar is None:
            continue
        types = ("person", "persons") if desk.many(key.text) else ("person",)
        holder = ACTOR if scalar.text == ACTOR else desk.fact(scalar, types)
        if relation and holder:
            found[relation] = holder
    return found


def _set(desk: Desk, node: Node | None) -> dict[str, str]:
    table = desk.reader.table(node)
    found = {}
    for key, value in table.entries if table else ():
        name, scalar = desk.own_fact(key), desk.reader.scalar(value)
        if name is None or scalar is None:
            continue
        fact = desk.names.facts[name]
        if fact and not _fits(fact, scalar.text):
            if fact.type == "choice":
                desk.reader.unknown("choice", scalar, fact.choices)
            else:
                desk.reader.problem(scalar.mark, "cannot_set", name=name, found=scalar.text, type=fact.type)
        found[name] = scalar.text
    return found


def _fits(fact: Fact, text: str) -> bool:
    """Return True where *text* can be the value of *fact*, within its bounds."""
    if fact.type == "date":
        return text == ACT_DATE or as_date(text) is not None
    if fact.type == "choice":
        return text in fact.choices
    if fact.type == "yes_no":
        return text in ("yes", "no")
    if fact.type in ("person", "persons"):
        return False
    size = as_number(str(len(text)) if fact.type == "text" else text)
    if size is None or (fact.type == "whole" and "." in text):
        return False
    return (fact.least is None or size >= fact.least) and (fact.most is None or size <= fact.most)
