"""Authority: who may do a move: role and relation, substitutes, persons kept apart, recusal.

Room for: the questions "may this person", "in which capacity" and "who else may".
May not enter: who must be apart (`separation.py`), guards on facts, forms, clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from engine.core.naming import relation_of, role_title
from engine.core.plans import Plan
from engine.core.separation import may_not_act, stepped_back
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.people import Capacity
from engine.model.procedure import RECUSED, Move, Who
from engine.model.rules import Rules
from engine.text import Text, with_article


def capacity_for(
    rules: Rules, case: Case, matter: Matter, plan: Plan, person: str, day: date
) -> Capacity | Refusal:
    """Return in which capacity *person* may do the move of *plan* on *day*, or a Refusal naming who may.

    Their own capacities come before those of persons they stand in for.
    """
    move = plan.move
    recused = case.matters[0].assigned.get(RECUSED, ())
    if person in recused:
        return stepped_back(rules, person, matter)
    asked = asked_to_step_back(case, plan.barring)
    if person in asked:
        return recusal_undecided(rules, person, asked[person])
    if move.holding and (lacking := _lacks_role(rules, case, matter, move, person, day)):
        return lacking
    kept_apart: Refusal | None = None
    for capacity in _capacities(rules, case, matter, move.by, person, day):
        absent = capacity.acting_for
        if absent is not None and (absent in recused or absent in asked):
            continue
        conflict = may_not_act(rules, case, matter, move, person, capacity)
        if conflict is None:
            return capacity
        kept_apart = kept_apart or conflict
    return kept_apart or _not_yours(rules, case, matter, move, person, day)


def with_last_act(rules: Rules, case: Case, matter: Matter, refusal: Refusal) -> Refusal:
    """Return *refusal* of somebody whose move it is not, with who acted on the matter last: perhaps it was theirs before."""
    last = case.last_moves.get(matter.id)
    if refusal.code != "not_yours" or last is None:
        return refusal
    who, on = rules.people.name(last.by), last.at.astimezone(rules.register.zone)
    did = Text(
        f"本事项最近一次由{who}于{on:%Y-%m-%d %H:%M}办理。",
        f" The last to act on it was {who} at {on:%Y-%m-%d %H:%M}.",
    )
    return replace(refusal, reason=Text(refusal.reason.zh + did.zh, refusal.reason.en + did.en))


def awaited(case: Case, matter: Matter, whos: Iterable[Who]) -> list[tuple[str, str | None]]:
    """Return (role or relation, person) for each one awaited; person is None for a pool of role holders."""
    found: list[tuple[str, str | None]] = []
    for who in whos:
        if not who.relation:
            found.append((who.name, None))
            continue
        persons = case.holders(who.name, matter)
        found += [(who.name, person) for person in persons] if persons else [(who.name, None)]
    return found


def persons_of(rules: Rules, case: Case, matter: Matter, who: Who, day: date) -> tuple[str, ...]:
    """Return the persons that *who* means for this matter on *day*."""
    if who.relation:
        return case.holders(who.name, matter)
    return rules.people.holders(who.name, case.office, day)


def _capacities(
    rules: Rules, case: Case, matter: Matter, by: Iterable[Who], person: str, day: date
) -> Sequence[Capacity]:
    """Return in which capacities *person* may act as one of those whom *by* names: all their own, then those lent to them."""
    staff = rules.people.on(case.office, day)
    own: list[Capacity] = []
    lent: list[Capacity] = []
    for who in by:
        if not who.relation:
            for capacity in staff.acting_as(person, who.name):
                (own if capacity.acting_for is None else lent).append(capacity)
            continue
        relation = relation_of(rules, case, matter, who.name)
        role = relation.role if relation else who.name
        for holder in case.holders(who.name, matter):
            if role not in staff.roles(holder):
                continue
            if holder == person:
                own.append(Capacity(role, None, who.name))
            elif person == staff.substitutes.get(holder):
                lent.append(Capacity(role, holder, who.name))
    return (*own, *lent) if lent else own


def asked_to_step_back(case: Case, barring: Mapping[str, str]) -> Mapping[str, Matter]:
    """Return whose recusal is asked for and not decided yet, each with the open matter that asks for it.

    *barring* says which kinds of matter ask for one, and in which fact.
    """
    found: dict[str, Matter] = {}
    for matter in case.open_matters() if barring else ():
        if matter.kind not in barring:
            continue
        named = case.facts_for(matter).get(barring[matter.kind])
        for person in named if isinstance(named, tuple) else (named,):
            if isinstance(person, str):
                found[person] = matter
    return found


def recusal_undecided(rules: Rules, person: str, matter: Matter) -> Refusal:
    """A request to recuse the person is not decided yet."""
    name, title = rules.people.name(person), rules.procedure_of(matter).title
    return Refusal(
        code="recusal_undecided",
        reason=Text(
            f"“{title.zh}”尚未决定，{name}应暂停参与本案，紧急事项除外。",
            f"“{title.en}” is not decided yet; {name} steps back from this case meanwhile, except for what is urgent.",
        ),
        guard="bars",
        fact=person,
        enables=Text(
            "请等待决定，或由其他有权人员办理", "Wait for the decision, or have somebody else do it"
        ),
        matter=matter.id,
    )


def _lacks_role(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, day: date
) -> Refusal | None:
    held = rules.people.roles(person, case.office, day)
    missing = next((role for role in move.holding if role not in held), None)
    if missing is None:
        return None
    title, name = role_title(rules, case, matter, Who(missing, relation=False)), rules.people.name(person)
    return Refusal(
        code="role_missing",
        reason=Text(
            f"“{move.title.zh}”须由{title.zh}办理，{name}没有该岗位。",
            f"“{move.title.en}” takes {with_article(title.en)}, and {name} does not hold that role.",
        ),
        guard="holding",
        fact=missing,
        who=tuple(rules.people.name(p) for p in rules.people.holders(missing, case.office, day)),
        enables=Text("请由持有该岗位的人员办理", "Let somebody do it who holds the role"),
        matter=matter.id,
    )


def _not_yours(rules: Rules, case: Case, matter: Matter, move: Move, person: str, day: date) -> Refusal:
    titles = [role_title(rules, case, matter, who) for who in move.by]
    persons = [rules.people.name(p) for who in move.by for p in persons_of(rules, case, matter, who, day)]
    named = f"（{'、'.join(persons)}）" if persons else "（尚无人）"
    named_en = f" ({', '.join(persons)})" if persons else " (nobody yet)"
    called = [
        _the(t.en) if who.relation else with_article(t.en) for who, t in zip(move.by, titles, strict=True)
    ]
    name = rules.people.name(person)
    return Refusal(
        code="not_yours",
        reason=Text(
            f"“{move.title.zh}”由{'或'.join(t.zh for t in titles)}{named}办理，{name}不能办理。",
            f"“{move.title.en}” is for {' or '.join(called)}{named_en}; {name} may not do it.",
        ),
        guard="by",
        who=tuple(persons),
        enables=Text("请转有权人员办理", "Ask somebody who may"),
        matter=matter.id,
    )


def _the(title: str) -> str:
    # A relation may be called after what somebody did: "who checked it".
    return title if title.startswith("who ") else f"the {title}"
