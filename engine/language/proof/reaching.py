"""Reaching: every state can be reached, and from every state that can be an end can be.

Room for: both proofs with guards in mind: a way whose guard can never hold is none.
May not enter: the same without guards (`engine/language/proofs.py`), other matters (`situations.py`).
"""

from __future__ import annotations

from collections.abc import Collection

from engine.language.proof.finding import Report
from engine.language.proof.flow import Flow


def prove_reaching(flow: Flow, report: Report) -> None:
    """Note each state that no open way enters, where it would be entered, and each trap, where one falls into it."""
    procedure = flow.procedure
    for name, state in procedure.states.items():
        if name not in flow.held:
            continue
        for move in (*state.moves.values(), None):
            targets = move.targets if move else tuple(r.target for r in state.reactions)
            if move and any(
                f.code == "branches_overlap" and f.way[-1:] == (move.name,) for f in report.findings
            ):
                # Which branch is meant has to be said first.
                continue
            for target in targets:
                if target not in flow.held:
                    way = (*flow.way_to(name), move.name if move else "on", target)
                    report.found(procedure.name, f"states.{target}", "never_reached", way, name=target)
    ending = _ending(flow)
    for name in flow.held:
        source = flow.before.get(name, (name, ""))[0]
        if name not in ending and (source == name or source in ending):
            report.found(procedure.name, f"states.{name}", "cannot_end", flow.way_to(name), name=name)


def _ending(flow: Flow) -> Collection[str]:
    """Return the states from which a final one can be reached."""
    sources: dict[str, set[str]] = {name: set() for name in flow.held}
    for name in flow.held:
        for _, target in flow.targets(name):
            sources[target].add(name)
    waiting = [name for name in flow.held if flow.procedure.states[name].final]
    ending = set(waiting)
    while waiting:
        fresh = sources[waiting.pop()] - ending
        ending |= fresh
        waiting += fresh
    return ending
