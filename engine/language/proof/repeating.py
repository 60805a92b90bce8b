"""Repeating: one review that passed lets its document go once.

Room for: ways on which a reviewed document is attached a second time though no other review began in between.
May not enter: whether the review passed at all (`release.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator

from engine.language.proof.domains import Subject
from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow
from engine.language.proof.parts import Edge, Part
from engine.language.proof.world import MAIN
from engine.model.procedure import Move

_Step = tuple[int, Edge]
"""An edge with the place it leaves."""


def prove_repeating(flow: Flow, part: Part, report: Report) -> None:
    """Note each move of *part*, *flow*'s with all that its guards remember, that can release a document once more.

    What keeps it from that: ``at_most: 1``, a guard that a fact set by the first release makes false, or that a
    review is opened in between.
    """
    world = flow.domains.world
    for kind in dict.fromkeys({**world.main.reviewed, **flow.procedure.reviewed}.values()):
        child = world.children.get(kind)
        if child is None or child.chain is None:
            continue
        reviewed = {**world.main.reviewed, **flow.procedure.reviewed}
        documents = {d for d, k in reviewed.items() if k == kind and d in flow.procedure.documents}
        for way, step in _again(flow, part, kind, child.states[child.chain.passed].outcome, documents):
            move = _move(part, *step)
            document = next(d for d in move.attach if d in documents)
            values = {"name": move.name, "document": flow.procedure.documents[document], "kind": kind}
            place = f"states.{move.source}.moves.{move.name}"
            report.found(flow.procedure.name, place, "released_twice", way, **values)


def _again(
    flow: Flow, part: Part, kind: str, passed: str | None, documents: Collection[str]
) -> Iterator[tuple[tuple[str, ...], _Step]]:
    """Yield the shortest way from each release to another one on the same review, with its last step."""
    steps = [
        [e for e in edges if kind not in e.opens and _once_passed(flow, e, kind, passed)]
        for edges in part.edges
    ]
    releasing = [
        (at, edge)
        for at, edges in enumerate(part.edges)
        for edge in edges
        if _releases(part, at, edge, documents) and kind not in edge.opens
    ]
    told: set[tuple[str, str]] = set()
    for at, first in releasing:
        before: dict[int, _Step | None] = {first.target: None}
        waiting = deque(before)
        while waiting:
            here = waiting.popleft()
            for edge in steps[here]:
                if _releases(part, here, edge, documents):
                    source, name = part.places[here].state.name, edge.name
                    # Done once at most, it may still follow another move that releases.
                    used_up = name == first.name and _move(part, here, edge).at_most == 1
                    if (source, name) not in told and not used_up:
                        told.add((source, name))
                        yield (
                            (
                                *flow.way_to(part.places[at].state.name),
                                first.name,
                                *_way(part, before, here),
                                name,
                            ),
                            (here, edge),
                        )
                if edge.target not in before:
                    before[edge.target] = (here, edge)
                    waiting.append(edge.target)


def _once_passed(flow: Flow, edge: Edge, kind: str, passed: str | None) -> bool:
    """Return True where *edge* can be gone while the latest review of *kind* is one that passed."""
    subject = Subject("matter", MAIN, kind)
    values = flow.domains.values(subject)
    fitting = {n for n, value in enumerate(values) if isinstance(value, tuple) and passed in value[-1:]}
    return passed is None or any(
        all(known & fitting for about, known in condition if about == subject) for condition in edge.when
    )


def _releases(part: Part, at: int, edge: Edge, documents: Collection[str]) -> bool:
    return not edge.reaction and bool({*_move(part, at, edge).attach} & {*documents})


def _move(part: Part, at: int, edge: Edge) -> Move:
    return part.places[at].state.moves[edge.name]


def _way(part: Part, before: dict[int, _Step | None], end: int) -> tuple[str, ...]:
    way, step = [part.places[end].state.name], before[end]
    while step is not None:
        way += [step[1].name, part.places[step[0]].state.name]
        step = before[step[0]]
    return tuple(reversed(way))
