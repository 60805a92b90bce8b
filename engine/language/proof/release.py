"""Release: what must have been reviewed leaves the house only after every level passed its latest draft.

Room for: moves that attach a reviewed document, and whether what they require implies that the review passed.
May not enter: the chain itself (`signatures.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from engine.language.proof.domains import Subject
from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow
from engine.language.proof.satisfying import Goal, TooWide, example
from engine.language.proof.signatures import Signed
from engine.language.proof.words import example_in_words
from engine.language.proof.world import MAIN
from engine.model.guards import Any, Guard, MatterIs
from engine.model.procedure import Move


def prove_release(flow: Flow, chains: Mapping[str, Signed], report: Report) -> None:
    """Note each move of *flow* that attaches a reviewed document although its review need not have passed.

    *chains* has, for each kind whose procedure is a chain, what it can end with.
    """
    world = flow.domains.world
    own = flow.procedure.reviewed
    for document, kind in {**world.main.reviewed, **own}.items():
        signed = chains.get(kind)
        if signed is None:
            if kind not in world.assumed and document in own:
                values = {"name": document, "kind": kind}
                report.found(
                    flow.procedure.name, f"documents.{document}.after", "reviewed_without_chain", (), **values
                )
            continue
        passed = sorted({outcome for outcome, whole in signed.outcomes.items() if whole} | _meant(flow, kind))
        for place, move in _attaching(flow, document):
            _release(flow, place, move, document, kind, passed, report)
        _at_once(flow, document, kind, passed, report)
    _changed_after(flow, report)


def _meant(flow: Flow, kind: str) -> set[str]:
    """Return what *kind* ends with once it passed; that it passes with every signature is another proof."""
    child = flow.domains.world.procedure_of(kind)
    outcome = child.states[child.chain.passed].outcome if child.chain else None
    return {outcome} if outcome else set()


def _attaching(flow: Flow, document: str) -> Iterator[tuple[str, Move]]:
    if document not in flow.procedure.documents:
        return
    for name in flow.held:
        for move in flow.procedure.states[name].moves.values():
            if document in move.attach:
                yield f"states.{name}.moves.{move.name}", move


def _release(
    flow: Flow, place: str, move: Move, document: str, kind: str, passed: list[str], report: Report
) -> None:
    good: Guard = Any(tuple(MatterIs(kind, outcome) for outcome in passed)) if passed else MatterIs(kind, "")
    goals: tuple[Goal, ...] = (*((requirement.that, True) for requirement in move.requires), (good, False))
    way = (*flow.way_to(move.source), move.name)
    try:
        found = example(flow.domains, flow.owner, goals, flow.context(move.source, move))
    except TooWide:
        report.found(flow.procedure.name, place, "guards_too_wide", way, name=move.name)
        return
    if found is not None:
        words = example_in_words(flow.domains, flow.owner, found, [Subject("matter", MAIN, kind)])
        wanted = " or ".join(f"{kind} is {outcome}" for outcome in passed)
        values = {"name": move.name, "document": flow.procedure.documents[document], "example": words}
        report.found(flow.procedure.name, place, "released_unreviewed", way, wanted=wanted, **values)


def _at_once(flow: Flow, document: str, kind: str, passed: list[str], report: Report) -> None:
    """Note an opening that attaches *document*: a case that opens has had no review, a matter's may have passed."""
    opening = flow.procedure.on_open
    if opening is None or document not in opening.attach:
        return
    about = Subject("matter", MAIN, kind)
    none_yet = frozenset({flow.domains.values(about).index(())})
    held = {**flow.lent, **flow.first(), **({about: none_yet} if flow.owner == MAIN else {})}
    good: Guard = Any(tuple(MatterIs(kind, outcome) for outcome in passed)) if passed else MatterIs(kind, "")
    goals: tuple[Goal, ...] = (*((requirement.that, True) for requirement in opening.requires), (good, False))
    try:
        found = example(flow.domains, flow.owner, goals, held)
    except TooWide:
        report.found(flow.procedure.name, "opening", "guards_too_wide", (), name=opening.name)
        return
    if found is not None:
        words = example_in_words(flow.domains, flow.owner, found, [about])
        wanted = " or ".join(f"{kind} is {outcome}" for outcome in passed)
        values = {"name": opening.name, "document": flow.procedure.documents[document], "example": words}
        place = "opening.attach"
        report.found(
            flow.procedure.name, place, "released_unreviewed", (opening.name,), wanted=wanted, **values
        )


def _changed_after(flow: Flow, report: Report) -> None:
    """Note a draft that can be handed in anew without a review of it, and released on the strength of the last one."""
    world = flow.domains.world
    for document, kind in flow.procedure.reviewed.items():
        child = world.children.get(kind)
        draft = child.chain.document if child and child.chain else None
        if draft is None:
            continue
        way = _unreviewed(flow, draft, document, kind)
        if way:
            values = {"name": way[-1], "draft": flow.procedure.documents.get(draft, draft), "kind": kind}
            place = f"states.{way[-2]}.moves.{way[-1]}"
            report.found(flow.procedure.name, place, "released_after_change", way, **values)


def _unreviewed(flow: Flow, draft: str, document: str, kind: str) -> tuple[str, ...]:
    """Return the shortest way on which *draft* is handed in after a review began, and *document* attached with no other."""
    # What stands is whether the draft that was handed in last has been given to a review; at first there is none.
    first = (flow.procedure.initial, "none")
    before: dict[tuple[str, str], tuple[tuple[str, str], str] | None] = {first: None}
    waiting = deque([first])
    while waiting:
        here = waiting.popleft()
        for move, there in _onward(flow, here, draft, kind):
            if here[1] == "changed" and _brings(flow, here[0], move, document):
                return (*_way(before, here), move)
            if there not in before:
                before[there] = (here, move)
                waiting.append(there)
    return ()


def _onward(
    flow: Flow, here: tuple[str, str], draft: str, kind: str
) -> Iterator[tuple[str, tuple[str, str]]]:
    name, stands = here
    state = flow.procedure.states[name]
    for number, reaction in enumerate(state.reactions):
        if (name, "on", number) in flow.taken:
            failed = stands == "given" and not _may_have_passed(flow, reaction.when, kind)
            yield "on", (reaction.target, "failed" if failed else stands)
    for move in state.moves.values():
        after = stands
        if kind in move.open:
            after = "given"
        elif stands == "given" and draft in move.attach and not _another_review(flow, move, draft):
            after = "changed"
        ways = {t for m, t in flow.targets(name) if m == move.name} | (
            {name} if _stays(flow, name, move) else set()
        )
        yield from ((move.name, (target, after)) for target in sorted(ways))


def _brings(flow: Flow, state: str, move: str, document: str) -> bool:
    found = flow.procedure.states[state].moves.get(move)
    return found is not None and document in found.attach


def _may_have_passed(flow: Flow, when: Guard, kind: str) -> bool:
    """Return True where *when* can hold after a review of *kind* that passed."""
    child = flow.domains.world.children[kind]
    passed = child.states[child.chain.passed].outcome if child.chain else None
    goals: tuple[Goal, ...] = ((when, True), (MatterIs(kind, passed or ""), True))
    return example(flow.domains, flow.owner, goals, {}) is not None


def _another_review(flow: Flow, move: Move, draft: str) -> bool:
    """Return True where *move* hands the draft in to a review of its own."""
    chains = (flow.domains.world.children[k].chain for k in move.open if k in flow.domains.world.children)
    return any(chain is not None and chain.document == draft for chain in chains)


def _stays(flow: Flow, name: str, move: Move) -> bool:
    numbers = [n for n, branch in enumerate(move.branches) if branch.target is None] or (
        [-1] if not move.branches else []
    )
    return any((name, move.name, number) in flow.taken for number in numbers)


def _way(
    before: Mapping[tuple[str, str], tuple[tuple[str, str], str] | None], end: tuple[str, str]
) -> tuple[str, ...]:
    way, here = [end[0]], before[end]
    while here is not None:
        way += [here[1], here[0][0]]
        here = before[here[0]]
    return tuple(reversed(way))
