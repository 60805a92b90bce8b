"""Chain: a sign-off of n levels, unfolded into plain states, moves and relations.

Room for: the unfolding: ``level_1`` to ``level_n``, ``sign`` to the next, ``return`` to one state.
May not enter: anything that would make the machine know of chains: drawing and proof see only states.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.language.desk import Desk
from engine.language.effects import with_effects
from engine.language.moves import read_target
from engine.language.nodes import Node
from engine.language.problem import Mark
from engine.language.reader import Fields
from engine.language.terms import read_within
from engine.language.values import read_text
from engine.model.procedure import ACTOR, Branch, Move, Relation, State, Who
from engine.text import Text

MOST_LEVELS = 50

_BLANK = Text("", "")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain unfolds into."""

    states: dict[str, State] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)


def read_chain(desk: Desk, node: Node | None, owner: Mark) -> Chain:
    """Return the chain of a definition, unfolded; an empty one where there is none.

    One person signs one level: who holds another level's relation may not sign. A return releases
    every level, so the next draft is signed afresh from the first.
    """
    fields = desk.reader.fields(node, "chain", owner)
    if fields is None:
        return Chain()
    levels = desk.names.levels
    if len(levels) > MOST_LEVELS:
        desk.reader.problem(fields.mark_of("levels"), "too_many", most=MOST_LEVELS)
        return Chain()
    stage = desk.reader.known("stage", fields.get("stage"), desk.names.stages) or ""
    barred = desk.relations(fields.get("not_by"))
    sign, back = _sign(desk, fields, barred), _return(desk, fields, barred)
    passed = desk.reader.known("state", fields.get("passed"), desk.names.states)
    chain = Chain()
    for number, item in enumerate(desk.reader.listing(fields.get("levels"))):
        level = desk.reader.fields(item, "level")
        if level is None:
            continue
        name, role = levels[number], desk.role_of(level.get("by")) or ""
        title = read_text(desk.reader, level.get("title"))
        terms, clock = read_within(desk, level.get("within"), name)
        by = (Who(role, relation=False),)
        target = levels[number + 1] if number + 1 < len(levels) else passed
        signed = replace(
            sign,
            source=name,
            by=by,
            branches=(Branch(target),) if target else (),
            not_by=(*sign.not_by, *(other for other in levels if other != name)),
            assign={name: ACTOR},
        )
        moves = {"sign": signed, "return": replace(back, source=name, by=by, release=levels)}
        chain.states[name] = State(name, title, stage, awaits=by, terms=terms, clock=clock, moves=moves)
        chain.relations[name] = Relation(name, title, role)
    return chain


def _sign(desk: Desk, chain: Fields, barred: tuple[str, ...]) -> Move:
    bare = Move("sign", _BLANK, "", (), not_by=barred)
    fields = desk.reader.fields(chain.get("sign"), "sign", chain.mark_of("sign"))
    if fields is None:
        return bare
    return with_effects(desk, replace(bare, title=read_text(desk.reader, fields.get("title"))), fields)


def _return(desk: Desk, chain: Fields, barred: tuple[str, ...]) -> Move:
    bare = Move("return", _BLANK, "", (), not_by=barred, primary=False)
    fields = desk.reader.fields(chain.get("return"), "return", chain.mark_of("return"))
    if fields is None:
        return bare
    title, branches = read_text(desk.reader, fields.get("title")), read_target(desk, fields.get("to"))
    return with_effects(desk, replace(bare, title=title, branches=branches), fields)
