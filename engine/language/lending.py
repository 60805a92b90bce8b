"""Lending: what a matter's procedure uses of the case, against what the main procedure has.

Room for: borrowed persons, facts, clocks and matters: there, of the right type, and extendable where extended.
May not enter: the register, matters among themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.language.effects import may_be_nothing
from engine.language.guard_text import parse_guard
from engine.language.pages import Page
from engine.language.problem import Mark
from engine.language.sentences import NOUNS
from engine.model.procedure import RECUSED, Borrowed, Fact, Move, Procedure, Term


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
        ("matter", "matters", borrowed.matters, main.matters),
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


def terms_of(procedure: Procedure) -> Iterator[tuple[str, Term]]:
    """Yield each term with the path it is found under, those with a name of their own first."""
    for name, term in procedure.terms.items():
        yield f"terms.{name}", term
    for name, state in procedure.states.items():
        for term in state.terms:
            if term.name not in procedure.terms:
                # One term may stand without a list; what is not in one is looked for around its place.
                number = int(term.name.rpartition(".")[2]) - 1
                alone = len(state.terms) == 1
                yield f"states.{name}.within" if alone else f"states.{name}.within.{number}", term


def _check_uses(child: Procedure, lent: Mapping[str, Fact], page: Page) -> None:
    uses: list[tuple[str, str | None, str]] = []
    for path, term in terms_of(child):
        uses.append((f"{path}.of", term.of, "date"))
        uses.append((f"{path}.before", term.before, "date"))
    for path, move in moves_of(child):
        if move.in_time:
            uses.append((f"{path}.in_time.posted", move.in_time.posted, "date"))
        for effect in move.clock:
            verb = f"{path}.clock.{effect.clock}.{effect.verb}"
            uses.append((f"{verb}.length", effect.length, "whole"))
            uses.append((f"{verb}.on", effect.on, "date"))
            given = lent.get(effect.length or "")
            if effect.verb == "target" and given and given.type == "whole" and may_be_nothing(given):
                page.problem(f"{verb}.length", "target_of_nothing", name=given.name)
    for path, used, expected in uses:
        known = lent.get(used or "")
        if known and known.type != expected:
            page.problem(path, "wrong_fact_type", name=known.name, type=known.type, expected=expected)


def _check_guards(child: Procedure, lent: Mapping[str, Fact], page: Page) -> None:
    """Read the guards again with the borrowed facts typed; names were settled when the file was read."""
    borrowed = child.borrowed or Borrowed()
    known = dict.fromkeys(borrowed.facts)
    names = _Typed({**known, **child.facts, **lent}, borrowed.matters, {*child.persons, *borrowed.persons})
    for scalar in page.guards:
        faults = parse_guard(scalar.text, names)
        for fault in faults if isinstance(faults, tuple) else ():
            offset = None if scalar.offset is None else scalar.offset + fault.offset
            mark = scalar.mark
            if offset is not None:
                mark = Mark(mark.line, mark.column + offset, fault.width)
            page.source.problem(mark, fault.code, **fault.values)
