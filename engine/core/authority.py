"""Authority: who may do a move: role and relation, substitutes, persons kept apart, recusal.

Room for: the questions "may this person", "in which capacity" and "who else may".
May not enter: guards on facts, forms, clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.people import Capacity
from engine.model.procedure import RECUSED, Move, Procedure, Relation, Who
from engine.model.rules import Rules
from engine.text import Text


def capacity_for(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, day: date
) -> Capacity | Refusal:
    """Return in which capacity *person* may do *move* on *day*, or a Refusal naming who may.

    Their own capacities come before those of persons they stand in for.
    """
    stepped_back = case.main.assigned.get(RECUSED, ())
    if person in stepped_back:
        return _recused(rules, person, matter)
    found = _capacities(rules, case, matter, move.by, person, day)
    held = [capacity for capacity in found if capacity.acting_for not in stepped_back]
    if not held:
        return _not_yours(rules, case, matter, move, person, day)
    kept_apart = [_conflict(rules, case, matter, move, person, capacity) for capacity in held]
    allowed = next((c for c, conflict in zip(held, kept_apart, strict=True) if conflict is None), None)
    if allowed:
        return allowed
    conflict = kept_apart[0]
    assert conflict is not None
    return conflict


def awaited(case: Case, matter: Matter, whos: Iterable[Who]) -> list[tuple[str, str | None]]:
    """Return (role or relation, person) for each one awaited; person is None for a pool of role holders."""
    found: list[tuple[str, str | None]] = []
    for who in whos:
        if not who.relation:
            found.append((who.name, None))
            continue
        found += [(who.name, person) for person in case.holders(who.name, matter)] or [(who.name, None)]
    return found


def persons_of(rules: Rules, case: Case, matter: Matter, who: Who, day: date) -> tuple[str, ...]:
    """Return the persons that *who* means for this matter on *day*."""
    if who.relation:
        return case.holders(who.name, matter)
    return rules.people.holders(who.name, case.office, day)


def apart_conflict(
    rules: Rules, case: Case, matter: Matter, procedure: Procedure, given: dict[str, tuple[str, ...]]
) -> Refusal | None:
    """Return a Refusal when giving these relations to these persons joins what must be apart, else None."""
    for group in procedure.apart:
        for relation, persons in given.items():
            if relation not in group:
                continue
            for other in group:
                if other == relation:
                    continue
                for holder in given.get(other) or case.holders(other, matter):
                    if holder in persons:
                        return _apart(
                            rules,
                            matter,
                            holder,
                            _title(rules, case, matter, other),
                            _title(rules, case, matter, relation),
                        )
    for relation, persons in given.items():
        recused = [p for p in persons if p in case.main.assigned.get(RECUSED, ())]
        if recused and relation != RECUSED:
            return _recused(rules, recused[0], matter)
    return None


def role_title(rules: Rules, case: Case, matter: Matter, who: Who) -> Text:
    """Return what *who* is called on the screen."""
    if who.relation:
        return _title(rules, case, matter, who.name)
    return rules.register.roles.get(who.name, Text(who.name, who.name))


def relation_of(rules: Rules, case: Case, matter: Matter, name: str) -> Relation | None:
    """Return the relation as the matter's procedure or the case's declares it, or None."""
    own = rules.procedure_of(matter).persons.get(name)
    return own or rules.main_procedure(case).persons.get(name)


def _capacities(
    rules: Rules, case: Case, matter: Matter, by: Iterable[Who], person: str, day: date
) -> Iterable[Capacity]:
    people = rules.people
    lent: list[Capacity] = []
    for who in by:
        if who.relation:
            relation = relation_of(rules, case, matter, who.name)
            role = relation.role if relation else who.name
            for holder in case.holders(who.name, matter):
                if role not in people.roles(holder, case.office, day):
                    continue
                if holder == person:
                    yield Capacity(role)
                elif person == people.substitute(holder, day):
                    lent.append(Capacity(role, holder))
        else:
            for capacity in people.capacities(person, case.office, day):
                if capacity.role == who.name:
                    if capacity.acting_for is None:
                        yield capacity
                    else:
                        lent.append(capacity)
    yield from lent


def _conflict(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, capacity: Capacity
) -> Refusal | None:
    for relation in move.not_by:
        holders = case.holders(relation, matter)
        for one in (person, capacity.acting_for):
            if one is not None and one in holders:
                return _apart(rules, matter, one, _title(rules, case, matter, relation), move.title)
    return None


def _title(rules: Rules, case: Case, matter: Matter, relation: str) -> Text:
    if relation == RECUSED:
        return Text("已回避人员", "person who stepped back")
    found = relation_of(rules, case, matter, relation)
    return found.title if found else Text(relation, relation)


def _apart(rules: Rules, matter: Matter, person: str, already: Text, wanted: Text) -> Refusal:
    name = rules.people.name(person)
    return Refusal(
        code="apart",
        reason=Text(
            f"{name}在本案中已是“{already.zh}”，不得再办理“{wanted.zh}”。",
            f"{name} is already “{already.en}” in this case and may not also do “{wanted.en}”.",
        ),
        fact=person,
        enables=Text("请由其他有权人员办理", "Somebody else who may do it has to"),
        matter=matter.id,
    )


def _recused(rules: Rules, person: str, matter: Matter) -> Refusal:
    name = rules.people.name(person)
    return Refusal(
        code="recused",
        reason=Text(f"{name}已在本案回避。", f"{name} has stepped back from this case."),
        fact=person,
        enables=Text("请由其他有权人员办理", "Somebody else who may do it has to"),
        matter=matter.id,
    )


def _not_yours(rules: Rules, case: Case, matter: Matter, move: Move, person: str, day: date) -> Refusal:
    titles = [role_title(rules, case, matter, who) for who in move.by]
    persons = [rules.people.name(p) for who in move.by for p in persons_of(rules, case, matter, who, day)]
    named = f"（{'、'.join(persons)}）" if persons else "（尚无人）"
    named_en = f" ({', '.join(persons)})" if persons else " (nobody yet)"
    name = rules.people.name(person)
    last = case.last_moves.get(matter.id)
    did_zh = did_en = ""
    if last:
        who, on = rules.people.name(last.by), last.at.astimezone(rules.register.zone)
        did_zh = f"本事项最近一次由{who}于{on:%Y-%m-%d %H:%M}办理。"
        did_en = f" The last to act on it was {who} at {on:%Y-%m-%d %H:%M}."
    return Refusal(
        code="not_yours",
        reason=Text(
            f"“{move.title.zh}”由{'或'.join(t.zh for t in titles)}{named}办理，{name}不能办理。{did_zh}",
            f"“{move.title.en}” is for {' or '.join(t.en for t in titles)}{named_en}; {name} may not do it.{did_en}",
        ),
        guard="by",
        who=tuple(persons),
        enables=Text("请转有权人员办理", "Ask somebody who may"),
        matter=matter.id,
    )
