"""Chain: a sign-off of n levels, unfolded into plain states, moves and relations.

Room for: the unfolding: ``level_1`` to ``level_n``, ``sign`` to the next, ``return`` to one state, a group's votes.
May not enter: anything that would make the machine know of chains: drawing and proof see only states; what is
carried to a new draft, and who stands in for a signer (`carrying.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.language.carrying import Carrying, read_carrying, with_carrying
from engine.language.desk import Desk
from engine.language.effects import read_requirements, with_effects
from engine.language.moves import read_target
from engine.language.nodes import Node
from engine.language.problem import Mark
from engine.language.reader import Fields
from engine.language.signing import RETURNED_AT, against, resumed
from engine.language.terms import read_within
from engine.language.values import read_boolean, read_text, read_whole
from engine.model.guards import All, CountHolders, Guard
from engine.model.levels import Chain, Level
from engine.model.procedure import ACTOR, Branch, Move, Relation, Requirement, State, Term, Who
from engine.text import Text

MOST_LEVELS = 50
MOST_MEMBERS = 99

_BLANK = Text("", "")


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What a chain unfolds into."""

    chain: Chain | None = None
    states: dict[str, State] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stay:
    """How long a level may take: its terms, or the clock that limits it; and what must hold for its signature alone."""

    terms: tuple[Term, ...]
    clock: str | None
    requires: tuple[Requirement, ...] = ()


def read_chain(desk: Desk, node: Node | None, owner: Mark) -> Unfolded:
    """Return the chain of a definition, unfolded; an empty one where there is none.

    One person signs one level: who holds another level's relation may not sign, and nobody votes twice in a group. A
    return releases every level, unless signatures can be carried: then those of the levels before stay until the new
    draft is either carried or begins at the first level again.
    """
    fields = desk.reader.fields(node, "chain", owner)
    if fields is None:
        return Unfolded()
    if len(desk.names.levels) > MOST_LEVELS:
        desk.reader.problem(fields.mark_of("levels"), "too_many", most=MOST_LEVELS)
        return Unfolded()
    stage = desk.reader.known("stage", fields.get("stage"), desk.names.stages) or ""
    passed = desk.reader.known("state", fields.get("passed"), desk.names.states) or ""
    read = _levels(desk, fields)
    carrying = read_carrying(desk, fields)
    chain = Chain(
        levels=tuple(level for level, _ in read),
        passed=passed,
        document=desk.reader.known("document", fields.get("document"), desk.names.documents),
        carries=carrying.carry is not None,
    )
    barred = desk.relations(fields.get("not_by"))
    sign, back = _sign(desk, fields, barred, carrying), _return(desk, fields, barred, carrying)
    states = {}
    for number, (level, stay) in enumerate(read):
        signed, returned = _signed(chain, number, sign), _returned(chain, number, back)
        signed = replace(signed, requires=(*signed.requires, *stay.requires))
        moves = {"sign": signed, "return": returned}
        by = (Who(level.role, relation=False),)
        states[level.state] = State(
            level.state, level.title, stage, awaits=by, terms=stay.terms, clock=stay.clock, moves=moves
        )
    return Unfolded(chain, with_carrying(chain, carrying, states, barred), _relations(chain))


def _levels(desk: Desk, chain: Fields) -> list[tuple[Level, _Stay]]:
    found = []
    for name, item in zip(desk.names.levels, desk.reader.listing(chain.get("levels")), strict=False):
        fields = desk.reader.fields(item, "level")
        if fields is None:
            continue
        terms, clock = read_within(desk, fields.get("within"), name)
        members, majority = _group(desk, fields)
        level = Level(
            state=name,
            title=read_text(desk.reader, fields.get("title")),
            role=desk.role_of(fields.get("by")) or "",
            members=members,
            majority=majority,
            against=against(name) if members > 1 else None,
            resumed=resumed(name) if "carry" in chain else None,
        )
        found.append((level, _Stay(terms, clock, read_requirements(desk, fields.get("requires")))))
    return found


def _group(desk: Desk, level: Fields) -> tuple[int, int]:
    """Return how many sign a level, and how many of them suffice: more than half, unless the file asks for more."""
    members = read_whole(desk.reader, level.get("members"))
    majority = read_whole(desk.reader, level.get("majority"))
    if members is None:
        if majority is not None:
            desk.reader.problem(level.mark_of("majority"), "majority_of_nobody")
        return 1, 1
    if not 2 <= members <= MOST_MEMBERS:
        desk.reader.problem(level.mark_of("members"), "bad_members", found=members, most=MOST_MEMBERS)
        return 1, 1
    if majority is not None and not members < 2 * majority <= 2 * members:
        desk.reader.problem(level.mark_of("majority"), "no_majority", found=majority, members=members)
        majority = None
    return members, majority or members // 2 + 1


def _relations(chain: Chain) -> dict[str, Relation]:
    found = {}
    for level in chain.levels:
        found[level.state] = Relation(
            level.state, level.title, level.role, many=level.group, gathers=level.group
        )
        if level.against:
            title = Text(f"{level.title.zh}（退回意见）", f"{level.title.en} (for a return)")
            found[level.against] = Relation(level.against, title, level.role, many=True, gathers=True)
    return found


def _signed(chain: Chain, number: int, sign: Move) -> Move:
    """Return the signature of one level: on to the next; of a group, once its majority has signed."""
    level = chain.levels[number]
    onward = chain.levels[number + 1].state if number + 1 < len(chain.levels) else chain.passed
    own = (level.state, level.against) if level.against else ()
    branches: tuple[Branch, ...] = (Branch(onward),) if onward else ()
    if level.group and onward:
        branches = (Branch(onward, CountHolders(level.state, ">=", level.majority)), Branch(None))
    return replace(
        sign,
        source=level.state,
        by=(Who(level.role, relation=False), *sign.by),
        branches=branches,
        not_by=(*sign.not_by, *_others(chain, level), *own),
        assign={level.state: ACTOR},
    )


def _returned(chain: Chain, number: int, back: Move) -> Move:
    """Return the return of one level; of a group, once no majority for the draft can be had any more."""
    level = chain.levels[number]
    gone = all_signatures(chain, number if chain.carries else 0)
    by = (Who(level.role, relation=False), *back.by)
    note = {**back.set, **({RETURNED_AT: level.state} if chain.carries else {})}
    if level.against is None:
        branches = tuple(replace(branch, release=gone) for branch in back.branches)
        return replace(back, source=level.state, by=by, branches=branches, set=note)
    out_of_reach = CountHolders(level.against, ">=", level.members - level.majority + 1)
    voted = [Branch(b.target, _both(out_of_reach, b.when), gone) for b in back.branches]
    return replace(
        back,
        source=level.state,
        by=by,
        branches=(*voted, Branch(None)),
        not_by=(*back.not_by, *_others(chain, level), level.state, level.against),
        assign={level.against: ACTOR},
        set=note,
    )


def all_signatures(chain: Chain, since: int = 0) -> tuple[str, ...]:
    """Return the relations of who signed, or voted, at the level numbered *since* (from 0) and all after it."""
    return _votes(chain.levels[since:])


def _others(chain: Chain, level: Level) -> tuple[str, ...]:
    return _votes(other for other in chain.levels if other != level)


def _votes(levels: Iterable[Level]) -> tuple[str, ...]:
    return tuple(name for level in levels for name in (level.state, level.against) if name)


def _both(first: Guard, second: Guard | None) -> Guard:
    return first if second is None else All((first, second))


def _sign(desk: Desk, chain: Fields, barred: tuple[str, ...], carrying: Carrying) -> Move:
    bare = Move("sign", _BLANK, "", carrying.signer, not_by=barred, release=carrying.relieved)
    return _written(desk, chain, "sign", bare)


def _return(desk: Desk, chain: Fields, barred: tuple[str, ...], carrying: Carrying) -> Move:
    bare = Move(
        "return", _BLANK, "", carrying.signer, not_by=barred, release=carrying.relieved, primary=False
    )
    return _written(desk, chain, "return", bare)


def _written(desk: Desk, chain: Fields, name: str, bare: Move) -> Move:
    """Return *bare* with what the file says of signing or returning."""
    fields = desk.reader.fields(chain.get(name), name, chain.mark_of(name))
    if fields is None:
        return bare
    move = with_effects(desk, bare, fields)
    return replace(
        move,
        title=read_text(desk.reader, fields.get("title")),
        branches=read_target(desk, fields.get("to")),
        release=bare.release,
        waits=read_boolean(desk.reader, fields.get("waits_while_suspended")),
    )
