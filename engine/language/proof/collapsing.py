"""Collapsing: a part with those of its places made one that no other can tell apart.

Room for: branching bisimulation by signatures: places are one that offer the same after steps that nobody sees.
May not enter: what others can see (that is what the edges of a part say), exploring.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from engine.language.proof.parts import ALWAYS, Edge, Part, Place
from engine.language.proof.tangles import components, finished

Key = Callable[[Place], Hashable]
"""What must be the same of two places that are made one."""

Offer = tuple[bool, int, int]
"""What can be done, by number, whether also while a clock stands still, and where it leads."""

MOST_WAITING = 200
"""In parts with more places, what waits while a clock stands still counts as seen by others."""


def collapsed(part: Part, key: Key) -> Part:
    """Return the least part that offers the others what *part* does, places with another *key* kept apart.

    What can be reached of others is the same, and whether it can; the names of what nobody sees are lost.
    """
    first: dict[Hashable, int] = {}
    blocks = []
    for place, edges in zip(part.places, part.edges, strict=True):
        # What reacts at once leaves no time for anything else, so it is never one with what does not.
        urgent = frozenset(_label(edge) for edge in edges if edge.reaction)
        blocks.append(first.setdefault((key(place), urgent), len(first)))
    quotient = _tied(part, blocks)
    blocks = _refined(quotient)
    return _made(quotient.part, blocks)


@dataclass(frozen=True, slots=True)
class _Start:
    part: Part
    blocks: list[int]
    order: list[int]
    """The places, what follows without being seen first."""


def _tied(part: Part, blocks: list[int]) -> _Start:
    """Return *part* with places made one that lead to each other unseen: whatever one offers, the other does."""
    unseen = {
        at: [e.target for e in edges if _silent(e) and blocks[e.target] == blocks[at]]
        for at, edges in enumerate(part.edges)
    }
    tied = components(unseen)
    made = _made(part, [tied[at] for at in range(len(part.places))])
    number = {block: at for at, block in enumerate(dict.fromkeys(tied[at] for at in range(len(part.places))))}
    kept = [0] * len(number)
    for at, block in enumerate(blocks):
        kept[number[tied[at]]] = block
    onward = {
        at: [e.target for e in edges if _silent(e) and kept[e.target] == kept[at]]
        for at, edges in enumerate(made.edges)
    }
    return _Start(made, kept, finished(onward))


@dataclass(frozen=True, slots=True)
class _Turn:
    """An edge as others see it, by the number of its label, also *running*: while every clock runs; and whether unseen."""

    target: int
    always: int
    running: int
    unseen: bool
    unseen_running: bool


def _refined(start: _Start) -> list[int]:
    part, blocks = start.part, start.blocks
    waiting = len(part.places) <= MOST_WAITING and any(e.waits for edges in part.edges for e in edges)
    turns = _turns(part)
    while True:
        offers: list[frozenset[Offer]] = [frozenset()] * len(part.places)
        for at in start.order:
            offers[at] = _offers(turns, blocks, offers, at, waiting)
        if waiting:
            offers = [offers[at] | _running(turns, blocks, at) for at in range(len(part.places))]
        signs = [(blocks[at], offers[at]) for at in range(len(part.places))]
        numbers = {sign: number for number, sign in enumerate(dict.fromkeys(signs))}
        if len(numbers) == len(set(blocks)):
            return blocks
        blocks = [numbers[sign] for sign in signs]


def _turns(part: Part) -> list[list[_Turn]]:
    labels: dict[Label, int] = {}
    found = []
    for edges in part.edges:
        own = []
        for edge in edges:
            always, running = (
                labels.setdefault(_label(edge, running=runs), len(labels)) for runs in (False, True)
            )
            own.append(_Turn(edge.target, always, running, _silent(edge), _silent(edge, running=True)))
        found.append(own)
    return found


def _offers(
    turns: list[list[_Turn]], blocks: list[int], offers: list[frozenset[Offer]], at: int, waiting: bool
) -> frozenset[Offer]:
    """Return what can be done from *at* after unseen steps within its block; *offers* has it of what follows.

    *waiting*: what waits for a clock to run is looked at by itself, so within the block it is left out here.
    """
    found: set[Offer] = set()
    for turn in turns[at]:
        inside = blocks[turn.target] == blocks[at]
        if inside and turn.unseen:
            found |= offers[turn.target]
        elif not (inside and turn.unseen_running and waiting):
            found.add((True, turn.always, blocks[turn.target]))
    return frozenset(found)


def _running(turns: list[list[_Turn]], blocks: list[int], at: int) -> frozenset[Offer]:
    """Return what can be done from *at* while every clock runs: then what waits is as unseen as the rest."""
    seen, waiting = {at}, [at]
    found: set[Offer] = set()
    while waiting:
        for turn in turns[waiting.pop()]:
            if blocks[turn.target] == blocks[at] and turn.unseen_running:
                if turn.target not in seen:
                    seen.add(turn.target)
                    waiting.append(turn.target)
            else:
                found.add((False, turn.running, blocks[turn.target]))
    return frozenset(found)


def _silent(edge: Edge, *, running: bool = False) -> bool:
    held = edge.limited or edge.reaction or edge.ends or (edge.waits and not running)
    return not (held or edge.deeds or edge.opens or edge.closes) and edge.when == ALWAYS


Label = tuple[object, ...]
"""Everything about an edge but its name and where it leads."""


def _label(edge: Edge, *, running: bool = False) -> Label:
    effects = (edge.when, edge.deeds, edge.opens, edge.closes)
    return (*effects, edge.limited, edge.waits and not running, edge.reaction, edge.exact, edge.ends)


def _made(part: Part, blocks: list[int]) -> Part:
    """Return *part* with the places of a block made one, called by the first of them."""
    number = {block: at for at, block in enumerate(dict.fromkeys(blocks))}
    made = Part(part.owner, part.tracked)
    places: dict[int, list[Place]] = {}
    for place, block in zip(part.places, blocks, strict=True):
        places.setdefault(block, []).append(place)
    made.places = [_one(same) for same in places.values()]
    edges: list[dict[tuple[int, Label], Edge]] = [{} for _ in number]
    for at, own in enumerate(part.edges):
        here = number[blocks[at]]
        for edge in own:
            target = number[blocks[edge.target]]
            if target != here or not _silent(edge, running=True):
                edges[here].setdefault(
                    (target, _label(edge)), edge if target == edge.target else replace(edge, target=target)
                )
    made.edges = [list(known.values()) for known in edges]
    made.begins = tuple(dict.fromkeys(number[blocks[at]] for at in part.begins))
    return made


def _one(places: list[Place]) -> Place:
    """Return one place for all of *places*, called by the first."""
    if len(places) == 1:
        return places[0]
    return replace(places[0], merged=frozenset().union(*(place.states for place in places)))
