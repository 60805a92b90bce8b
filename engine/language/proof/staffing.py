"""Staffing: enough people for every role, and for every signature of a chain with any one of them away.

Room for: who can be whom in one office on one day, as a matching of persons to places; pure over the directory.
May not enter: where people are kept (`engine/store`), a single case's people (`engine/core/separation.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.language.proof.world import World
from engine.model.people import People
from engine.model.procedure import Procedure
from engine.text import Text

Holders = Callable[[str], tuple[str, ...]]
"""Role -> whoever holds it."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """What *office* cannot do for want of people: *place* of *procedure*'s file tells what asks for them.

    *away* is who is missed; None where it cannot be done with everybody there.
    """

    office: str
    procedure: str
    place: str
    code: str
    values: Mapping[str, object]
    away: str | None = None


@dataclass(frozen=True, slots=True)
class _Seat:
    """One place to be filled with a person of its own."""

    role: str
    title: Text
    place: str
    relief: tuple[str, ...] = ()
    """The roles of those who may be named to stand in."""
    signs: bool = True
    """False for the seat of somebody who is barred from signing."""


def shortages(worlds: list[World], people: People, day: date) -> Iterator[Shortage]:
    """Yield what each office of the register lacks on *day*: roles that nobody holds, chains it cannot sign."""
    seen: set[tuple[object, ...]] = set()
    for world in worlds:
        for office in world.register.offices:

            def holders(role: str, office: str = office) -> tuple[str, ...]:
                return people.holders(role, office, day)

            for found in (*_vacant(world, office, holders), *_unsigned(world, office, holders, people)):
                key = (found.office, found.code, found.values.get("name"))
                if key not in seen:
                    seen.add(key)
                    yield found


def _vacant(world: World, office: str, holders: Holders) -> Iterator[Shortage]:
    """Yield each role without which somebody is awaited, or something can be done, by nobody."""
    for _, procedure in world.members():
        for name, state in procedure.states.items():
            for move in state.moves.values():
                roles = [who.name for who in move.by]
                asked = not any(who.relation for who in move.by) and not any(map(holders, roles))
                lacking = [*([] if not asked or not roles else [" / ".join(roles)])]
                lacking += [role for role in move.holding if not holders(role)]
                for role in lacking:
                    title = _title(world, procedure, role)
                    values = {"name": role, "title": title, "office": world.register.offices[office]}
                    yield Shortage(
                        office, procedure.name, f"states.{name}.moves.{move.name}.by", "role_vacant", values
                    )


def _unsigned(world: World, office: str, holders: Holders, people: People) -> Iterator[Shortage]:
    """Yield each chain that cannot be signed by persons of its own: with all there, else with one signer away."""
    for owner, procedure in world.members():
        if procedure.chain is None:
            continue
        whole = tuple(_seats(world, owner, procedure, holders, away=False))
        if not all(holders(seat.role) for seat in whole):
            continue
        fewer = tuple(_seats(world, owner, procedure, holders, away=True))
        signers = tuple(
            dict.fromkeys(person for seat in whole if seat.signs for person in holders(seat.role))
        )
        for away in (None, *signers):
            seats = whole if away is None else fewer
            short = unfilled([_candidates(seat, holders, away) for seat in seats])
            if short is None:
                continue
            seat = seats[short]
            title = world.register.offices[office]
            values: dict[str, object] = {"name": procedure.name, "title": seat.title, "office": title}
            values["away"] = people.name(away) if away else ""
            code = "too_few_to_sign" if away is None else "too_few_with_one_away"
            yield Shortage(office, procedure.name, seat.place, code, values, away)
            break


def _candidates(seat: _Seat, holders: Holders, away: str | None) -> tuple[str, ...]:
    """Return who may take *seat*; whoever drafted or sits did so before they went away."""
    if away is None or not seat.signs:
        return holders(seat.role)
    found = dict.fromkeys(person for role in (seat.role, *seat.relief) for person in holders(role))
    return tuple(person for person in found if person != away)


def unfilled(candidates: list[tuple[str, ...]]) -> int | None:
    """Return the number of a seat that is left empty however persons are put on seats, one each; None where none is."""
    sits: dict[str, int] = {}
    for seat in range(len(candidates)):
        if not _sit(seat, candidates, sits, set()):
            return seat
    return None


def _sit(seat: int, candidates: list[tuple[str, ...]], sits: dict[str, int], asked: set[str]) -> bool:
    for person in candidates[seat]:
        if person in asked:
            continue
        asked.add(person)
        if person not in sits or _sit(sits[person], candidates, sits, asked):
            sits[person] = seat
            return True
    return False


def _seats(
    world: World, owner: str, procedure: Procedure, holders: Holders, *, away: bool
) -> Iterator[_Seat]:
    """Yield the seats of one review: those barred from signing first, then each signature.

    Persons of the case who are barred may be one another unless they are kept apart, so as few as possible are taken.
    With somebody *away* the majority of a group is enough.
    """
    assert procedure.chain is not None
    taken: list[tuple[str, list[str]]] = []
    for name, role in _barred(world, owner, procedure):
        apart = [group for p in (world.main, procedure) for group in p.apart if name in group]
        shared = next(
            (names for r, names in taken if r == role and not any(n in g for n in names for g in apart)), None
        )
        if shared is not None:
            shared.append(name)
        elif holders(role):
            taken.append((role, [name]))
    for role, names in taken:
        title = world.relation(owner, names[0])[1]
        yield _Seat(role, title.title if title else Text(names[0], names[0]), "chain.not_by", signs=False)
    for number, level in enumerate(procedure.chain.levels):
        sign = procedure.states[level.state].moves.get("sign")
        named = [world.relation(owner, who.name)[1] for who in (sign.by if sign else ()) if who.relation]
        relief = tuple(relation.role for relation in named if relation)
        needed = level.majority if away else level.members
        yield from (
            _Seat(level.role, level.title, f"chain.levels.{number}.by", relief) for _ in range(needed)
        )


def _barred(world: World, owner: str, procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Yield the persons of the case who sign at no level, with the role they take."""
    assert procedure.chain is not None
    levels = {*procedure.levels, *(level.against for level in procedure.chain.levels)}
    signs = [procedure.states[level].moves.get("sign") for level in procedure.levels]
    for name in dict.fromkeys(name for move in signs if move for name in move.not_by if name not in levels):
        relation = world.relation(owner, name)[1]
        if relation is not None and relation.role:
            yield name, relation.role


def _title(world: World, procedure: Procedure, role: str) -> Text:
    known = {**world.register.roles, **procedure.roles}
    titles = [known.get(name, Text(name, name)) for name in role.split(" / ")]
    return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
