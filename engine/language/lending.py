"""Lending: what a matter's procedure uses of the case, against what the main procedure has.

Room for: borrowed persons, facts and clocks: there, of the right type, and extendable where extended.
May not enter: the register, matters among themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.language.declared import RECUSED
from engine.language.guard_text import parse_guard
from engine.language.pages import Page
from engine.language.problem import Mark
from engine.language.sentences import NOUNS
from engine.model.procedure import Borrowed, Fact, Move, Procedure


@dataclass(frozen=True, slots=True)
class _Typed:
    """The names of a matter's guards, with the borrowed facts typed as the main procedure has them."""

    facts: Mapping[str, Fact | None]
    kinds: Collection[str]
    relations: Collection[str]


def check_lending(main: Procedure, child: Procedure, page: Page) -> None:
    """Note on *page*, the file of *child*, what *child* borrows and *main* cannot lend."""
    borrowed = child.borrowed or Borrowed()
    for noun, section, names, offered in (
        ("relation", "persons", borrowed.persons, {*main.persons, RECUSED}),
        ("fact", "facts", borrowed.facts, main.facts),
        ("clock", "clocks", borrowed.clocks, main.clocks),
    ):
        for number, name in enumerate(names):
            if name not in offered:
                path = f"borrows.{section}.{number}"
                page.problem(path, "not_offered", main=main.name, noun=NOUNS[noun], name=name)
    lent = {name: main.facts[name] for name in borrowed.facts if name in main.facts}
    _check_uses(child, lent, page)
    _check_guards(child, lent, page)


def check_extensions(main: Procedure, procedure: Procedure, page: Page) -> None:
    """Note each move of *procedure* (*main* itself or one of its matters) that extends what cannot be."""
    for path, move in moves_of(procedure):
        for effect in move.clock:
            clock = main.clocks.get(effect.clock)
            if effect.verb == "extend" and clock and clock.extension_most is None:
                where = f"{path}.clock.{effect.clock}"
                page.problem(where, "not_extendable", main=main.name, name=effect.clock)


def moves_of(procedure: Procedure) -> Iterator[tuple[str, Move]]:
    """Yield each move with the path it is found under; ``opening`` first."""
    if procedure.on_open:
        yield "opening", procedure.on_open
    for name, state in procedure.states.items():
        for move in state.moves.values():
            yield f"states.{name}.moves.{move.name}", move


def _check_uses(child: Procedure, lent: Mapping[str, Fact], page: Page) -> None:
    uses: list[tuple[str, str | None, str]] = []
    for name, state in child.states.items():
        for number, term in enumerate(state.terms):
            # One term may stand without a list; the nearest place then is the term itself.
            for key, fact in (("of", term.of), ("before", term.before)):
                alone = f"states.{name}.within.{key}"
                listed = f"states.{name}.within.{number}.{key}"
                uses.append((alone if len(state.terms) == 1 else listed, fact, "date"))
    for path, move in moves_of(child):
        for effect in move.clock:
            verb = f"{path}.clock.{effect.clock}.{effect.verb}"
            uses.append((f"{verb}.length", effect.length, "whole"))
            uses.append((f"{verb}.on", effect.on, "date"))
    for path, used, expected in uses:
        known = lent.get(used or "")
        if known and known.type != expected:
            page.problem(path, "wrong_fact_type", name=known.name, type=known.type, expected=expected)


def _check_guards(child: Procedure, lent: Mapping[str, Fact], page: Page) -> None:
    """Read the guards again with the borrowed facts typed; names were settled when the file was read."""
    borrowed = child.borrowed or Borrowed()
    known = dict.fromkeys(borrowed.facts)
    names = _Typed({**known, **child.facts, **lent}, child.matters, {*child.persons, *borrowed.persons})
    for scalar in page.guards():
        faults = parse_guard(scalar.text, names)
        for fault in faults if isinstance(faults, tuple) else ():
            offset = None if scalar.offset is None else scalar.offset + fault.offset
            mark = scalar.mark
            if offset is not None:
                mark = Mark(mark.line, mark.column + offset, fault.width)
            page.source.problem(mark, fault.code, **fault.values)
