"""Signers: nobody signs two levels of one draft, nor a draft they wrote or a case they sit on.

Room for: who must be barred from each signature of a chain, against who is.
May not enter: whether there are persons enough (`staffing.py`), whether signatures stay valid (`signatures.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.proof.finding import Report
from engine.language.proof.world import World
from engine.model.levels import Chain, Level
from engine.model.procedure import ACTOR, Move, Procedure

SIGNATURES = ("sign", "carry")


def prove_signers(world: World, owner: str, report: Report) -> None:
    """Note each signature that somebody could give who signed another level, drafted, or sits."""
    procedure = world.procedure_of(owner)
    chain = procedure.chain
    if chain is None:
        return
    told: set[str] = set()
    for level in chain.levels:
        for move in _signatures(procedure, level):
            place = f"states.{move.source}.moves.{move.name}"
            for barred, code in _to_bar(world, owner, chain, level):
                # Whom all levels let sign is told once, at the first of them.
                if barred not in move.not_by and barred not in told:
                    told.add(barred)
                    values = {"level": level.state, "who": barred, "title": level.title}
                    report.found(procedure.name, f"{place}.not_by", code, (move.source, move.name), **values)
    for handed, place, move in _unnamed_drafters(world, owner):
        way = (move.source, move.name) if move.source else (move.name,)
        report.found(handed.name, place, "drafter_unnamed", way, name=move.name)


def _signatures(procedure: Procedure, level: Level) -> Iterator[Move]:
    for state in (level.state, level.resumed):
        moves = procedure.states[state].moves if state else {}
        yield from (moves[name] for name in SIGNATURES if name in moves)


def _to_bar(world: World, owner: str, chain: Chain, level: Level) -> Iterator[tuple[str, str]]:
    for other in chain.levels:
        if other.state != level.state:
            yield other.state, "signs_two_levels"
    for name in drafters(world, owner):
        yield name, "drafter_signs"
    for name, relation in world.main.persons.items():
        if relation.sits:
            yield name, "sitter_signs"


def drafters(world: World, owner: str) -> tuple[str, ...]:
    """Return the persons of the case who hand in the document that *owner*'s chain signs."""
    procedure = world.procedure_of(owner)
    found: dict[str, None] = {}
    for handed, _, move in _handed_in(world, owner):
        named = [who.name for who in move.by if who.relation]
        named += [name for name, who in move.assign.items() if who == ACTOR]
        found |= dict.fromkeys(
            n for n in named if handed in (procedure, world.main) or n in world.main.persons
        )
    return tuple(found)


def _unnamed_drafters(world: World, owner: str) -> Iterator[tuple[Procedure, str, Move]]:
    """Yield each move by which somebody hands in what is signed whom the chain has no name for, so cannot bar."""
    own = world.procedure_of(owner)
    for handed, place, move in _handed_in(world, owner):
        # Whom another matter calls by a name of its own, the chain cannot name.
        foreign = {*handed.persons} - {*world.main.persons} if handed not in (own, world.main) else set()
        assigned = any(who == ACTOR and name not in foreign for name, who in move.assign.items())
        if not assigned and any(not who.relation or who.name in foreign for who in move.by):
            yield handed, f"{place}.by", move


def _handed_in(world: World, owner: str) -> Iterator[tuple[Procedure, str, Move]]:
    """Yield each move that brings what *owner*'s chain signs, with its procedure: of *owner*, of the case, or of a
    matter that opens *owner*."""
    procedure = world.procedure_of(owner)
    for other, handed in world.members():
        if handed is procedure and other != owner:
            continue
        for place, move in handing_in(handed, procedure):
            if handed in (procedure, world.main) or owner in move.open:
                yield handed, place, move
        opening = handed.on_open
        if opening and handed is not procedure and owner in opening.open and _brings(opening, procedure):
            yield handed, "opening", opening


def _brings(move: Move, signed: Procedure) -> bool:
    named = signed.chain.document if signed.chain else None
    return bool(({named} if named else {*signed.documents}) & {*move.attach})


def handing_in(procedure: Procedure, signed: Procedure) -> Iterator[tuple[str, Move]]:
    """Yield the moves of *procedure* that bring what the chain of *signed* signs, with their places."""
    chain = signed.chain
    named = chain.document if chain else None
    documents = {named} if named else set(signed.documents)
    for name, state in procedure.states.items():
        if procedure is signed and name in signed.signing:
            continue
        for move in state.moves.values():
            # Where the chain does not say what it signs, only what goes along with a matter can be that.
            if documents & set(move.attach) and (procedure is signed or named or move.open):
                yield f"states.{name}.moves.{move.name}", move
