"""Listing: whether the list is known when a matter is opened for each case of it.

Room for: kinds of matter `per` a fact of type `cases`, and what may be known of it where they are opened.
May not enter: what follows where the list is empty (`exploring.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language.proof.domains import Subject
from engine.language.proof.flow import Flow
from engine.language.proof.world import MAIN


def may_be_unlisted(flows: Mapping[str, Flow], kind: str) -> bool:
    """Return True where something opens *kind* for each case of a list that need not be known then."""
    world = flows[MAIN].domains.world
    per = world.kinds[kind].per
    if per is None or per not in world.main.facts:
        return False
    by_rung = any(rung.opens == kind for rungs in world.register.ladders.values() for rung in rungs)
    listed = Subject("fact", MAIN, per)
    return by_rung or any(0 in known for flow in flows.values() for known in _known(flow, kind, listed))


def _known(flow: Flow, kind: str, listed: Subject) -> Iterator[frozenset[int]]:
    """Yield what may be known of *listed* when a move of *flow* opens *kind*; 0 is: nothing."""
    opening = flow.procedure.on_open
    if opening and kind in opening.open:
        yield flow.first().get(listed, frozenset({0}))
    for name in flow.held:
        for move in flow.procedure.states[name].moves.values():
            if kind in move.open:
                yield flow.context(name, move).get(listed, frozenset({0}))
