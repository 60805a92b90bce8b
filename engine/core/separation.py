"""Separation: persons who must be apart in one case, whoever stands in for whom and whoever was replaced since.

Room for: `apart`, `not_by`, drafters against signers, all of which ask who was ever involved, not who is now; what a definition
keeps apart, and which kinds of matter keep somebody from acting.
May not enter: roles and relations as such (`authority.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.naming import relation_title
from engine.model.answers import Refusal
from engine.model.case import Case, Matter
from engine.model.people import Capacity
from engine.model.procedure import MAIN, RECUSED, Move, Procedure
from engine.model.rules import Rules
from engine.text import Text


def may_not_act(
    rules: Rules, case: Case, matter: Matter, move: Move, person: str, capacity: Capacity
) -> Refusal | None:
    """Return a Refusal when *person*, in this capacity, would join what must be apart by doing *move*; else None."""
    both = (person,) if capacity.acting_for is None else (person, capacity.acting_for)
    for relation in move.not_by:
        involved = case.involved_in(relation, matter)
        for one in both if involved else ():
            if one in involved:
                already = relation_title(rules, case, matter, relation)
                return _apart(rules, matter, one, already, _DO.filled(title=move.title))
    if capacity.acting_for and capacity.relation:
        # Standing in for the secretary is acting as the secretary.
        return may_not_hold(rules, case, matter, {capacity.relation: (person,)})
    return None


def may_not_hold(
    rules: Rules, case: Case, matter: Matter, given: Mapping[str, tuple[str, ...]],
    apart: tuple[tuple[str, str], ...] | None = None,
) -> Refusal | None:  # fmt: skip
    """Return a Refusal when giving these relations to these persons joins what must be apart, else None.

    *apart* is what `kept_apart` says of these relations, where it is at hand.
    """
    if apart is None:
        apart = kept_apart(rules, matter.definition, case.main.definition, tuple(given))
    for relation, other in apart:
        involved = given.get(other) or case.involved_in(other, matter)
        for one in given[relation] if involved else ():
            if one in involved:
                already, wanted = (relation_title(rules, case, matter, name) for name in (other, relation))
                return _apart(rules, matter, one, already, _BE.filled(title=wanted))
    recused = case.main.assigned.get(RECUSED, ())
    for relation, persons in given.items():
        if relation == RECUSED:
            continue
        for person in persons if recused else ():
            if person in recused:
                return stepped_back(rules, person, matter)
        if refusal := _has_signed(rules, case, matter, relation, persons):
            return refusal
    return None


def involvement(
    procedure: Procedure,
    matter: Matter,
    assigned: Mapping[str, tuple[str, ...]],
    person: str,
    capacity: Capacity | None,
) -> dict[str, tuple[str, ...]]:
    """Return who is involved by an act beyond what it assigns: the substitute in the relation they acted in, and
    the absent person in what the substitute signed for them. Keys are those of `Case.involved`."""
    if capacity is None or capacity.acting_for is None:
        return {}
    found = {name: (capacity.acting_for,) for name, persons in assigned.items() if persons == (person,)}
    if capacity.relation:
        found[capacity.relation] = (*found.get(capacity.relation, ()), person)
    own = matter.kind != MAIN
    return {f"{matter.id}.{n}" if own and n in procedure.persons else n: p for n, p in found.items()}


def stepped_back(rules: Rules, person: str, matter: Matter) -> Refusal:
    """The person has been recused from the case."""
    name = rules.people.name(person)
    return Refusal(
        code="recused",
        reason=Text(f"{name}已在本案回避。", f"{name} has stepped back from this case."),
        fact=person,
        enables=_SOMEBODY_ELSE,
        matter=matter.id,
    )


_SOMEBODY_ELSE = Text("请由其他有权人员办理", "Somebody else has to do it")
_DO = Text("办理“{title}”", "do “{title}”")
_BE = Text("担任“{title}”", "be “{title}”")


def barring(rules: Rules, definition: str) -> Mapping[str, str]:
    """Return kind of matter -> the fact that names whom it keeps from acting on a case of *definition* while it is open."""
    kinds = rules.definitions[definition].matters.items()
    return {name: kind.bars for name, kind in kinds if kind.bars}


def kept_apart(
    rules: Rules, definition: str, main: str, given: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return each relation of those *given* with each other one that it is kept apart from, on a matter and on its case."""
    groups = dict.fromkeys((*rules.definitions[definition].apart, *rules.definitions[main].apart))
    return tuple(
        (relation, other)
        for group in groups
        for relation in group
        if relation in given
        for other in group
        if other != relation
    )


def _barred_from_signing(rules: Rules, definition: str) -> frozenset[str]:
    """Return the relations that keep a person from signing a level of the definition's chain."""
    procedure = rules.definitions[definition]
    moves = (move for level in procedure.levels for move in procedure.states[level].moves.values())
    return frozenset(relation for move in moves for relation in move.not_by)


def _has_signed(
    rules: Rules, case: Case, matter: Matter, relation: str, persons: tuple[str, ...]
) -> Refusal | None:
    # Nobody becomes the drafter, or joins the tribunal, of an award they are signing.
    for open_one in case.open_matters():
        procedure = rules.procedure_of(open_one)
        if procedure.chain is None:
            continue
        if relation not in rules.once(_barred_from_signing, open_one.definition):
            continue
        if relation in procedure.levels:
            continue
        for level in procedure.levels:
            involved = case.involved_in(level, open_one)
            if signer := next((p for p in persons if p in involved), None):
                title = relation_title(rules, case, matter, relation)
                return _apart(rules, matter, signer, procedure.states[level].title, _BE.filled(title=title))
    return None


def _apart(rules: Rules, matter: Matter, person: str, already: Text, wanted: Text) -> Refusal:
    name = rules.people.name(person)
    return Refusal(
        code="apart",
        reason=Text(
            f"{name}在本案中已参与“{already.zh}”，不得再{wanted.zh}。",
            f"{name} has taken part as “{already.en}” in this case and may not also {wanted.en}.",
        ),
        fact=person,
        enables=_SOMEBODY_ELSE,
        matter=matter.id,
    )
