"""Handing: what the moves of a case bring along to the matters they open, and whom an open matter bars.

Room for: facts of one name on both sides being of one type; the fact that names who steps back.
May not enter: what a matter borrows (`lending.py`), outcomes (`together.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language.lending import moves_of
from engine.language.pages import Pages
from engine.model.procedure import Fact, Move, Procedure


def check_handing(main: Procedure, children: Mapping[str, Procedure], pages: Pages) -> None:
    """Note each fact that a move of *main* or of a matter (kind -> procedure) would hand on in another type.

    And each kind of matter that bars whom no fact of persons names.
    """
    for procedure in (main, *children.values()):
        for path, move in moves_of(procedure):
            for kind, name in _differing(procedure, move, children):
                page = pages.procedures[procedure.name]
                child = children[kind]
                page.problem(
                    f"{path}.open", "handed_in_another_type",
                    name=name, type=procedure.facts[name].type, procedure=child.name, expected=child.facts[name].type,
                )  # fmt: skip
    for kind_name, child in children.items():
        named = main.matters[kind_name].bars
        if named is None:
            continue
        fact = child.facts.get(named) or main.facts.get(named)
        if fact is None or fact.type not in ("person", "persons"):
            pages.procedures[main.name].problem(f"matters.{kind_name}.bars", "bars_nobody", name=named)


def _differing(
    procedure: Procedure, move: Move, children: Mapping[str, Procedure]
) -> Iterator[tuple[str, str]]:
    for kind in move.open:
        facts = children[kind].facts if kind in children else {}
        for name in (*move.needs, *move.asks):
            given, taken = procedure.facts.get(name), facts.get(name)
            if given and taken and not _fits(given, taken):
                yield kind, name


def _fits(given: Fact, taken: Fact) -> bool:
    return given.type == taken.type and set(given.choices) <= set(taken.choices)
