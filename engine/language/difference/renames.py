"""Difference renames: a state that is called otherwise in the file and the same by people is the same state.

Room for: finding such states, and an older version told with the newer one's names.
May not enter: what else differs (`whole.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.language.difference.frame import Change
from engine.model.levels import Chain
from engine.model.procedure import Branch, Move, Procedure, State
from engine.text import Text


def renames(old: Procedure, new: Procedure) -> Mapping[str, str]:
    """Return old name -> new name of the states that only their name in the file tells apart from those before."""
    gone = [state for name, state in old.states.items() if name not in new.states]
    come = [state for name, state in new.states.items() if name not in old.states]
    found = {}
    for state in gone:
        twins = [one for one in come if one.title == state.title]
        if len(twins) == 1 and sum(one.title == state.title for one in gone) == 1:
            found[state.name] = twins[0].name
    return found


def renames_told(new: Procedure, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield what each state is called now, and what that takes of open cases."""
    for old, name in names.items():
        clause = Text(
            "状态“{title}”的代号由{old}改为{name}；在办案件转版时须写明 --map {old}={name}",
            "the name of “{title}” in the file changes from {old} to {name}; open cases are migrated with --map {old}={name}",
        )
        said = clause.filled(title=new.states[name].title, old=old, name=name)
        yield Change("state", f"states.{name}", said)


def with_names(procedure: Procedure, names: Mapping[str, str]) -> Procedure:
    """Return *procedure* with its states called by *names*, wherever it speaks of them."""
    if not names:
        return procedure
    states = {state.name: state for state in (_state(one, names) for one in procedure.states.values())}
    return replace(
        procedure,
        states=states,
        initial=names.get(procedure.initial, procedure.initial),
        chain=_chain(procedure.chain, names) if procedure.chain else None,
        on_open=_move(procedure.on_open, names) if procedure.on_open else None,
    )


def _state(state: State, names: Mapping[str, str]) -> State:
    name = names.get(state.name, state.name)
    # What limits a stay without a name of its own is numbered after its state.
    numbered = f"{state.name}."
    terms = tuple(
        replace(term, name=f"{name}.{term.name.removeprefix(numbered)}")
        if term.name.startswith(numbered)
        else term
        for term in state.terms
    )
    return replace(
        state,
        name=name,
        terms=terms,
        moves={key: _move(move, names) for key, move in state.moves.items()},
        reactions=tuple(replace(one, target=names.get(one.target, one.target)) for one in state.reactions),
    )


def _move(move: Move, names: Mapping[str, str]) -> Move:
    return replace(
        move,
        source=names.get(move.source, move.source),
        branches=tuple(_branch(branch, names) for branch in move.branches),
    )


def _branch(branch: Branch, names: Mapping[str, str]) -> Branch:
    return replace(branch, target=names.get(branch.target, branch.target)) if branch.target else branch


def _chain(chain: Chain, names: Mapping[str, str]) -> Chain:
    levels = tuple(
        replace(
            level,
            state=names.get(level.state, level.state),
            resumed=names.get(level.resumed, level.resumed) if level.resumed else None,
        )
        for level in chain.levels
    )
    return replace(chain, levels=levels, passed=names.get(chain.passed, chain.passed))
