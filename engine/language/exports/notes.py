"""Notes in an export: all that a procedure says and the other language has no words for, in elements of our own.

Room for: how titles, persons, limits, facts, clocks and moves become elements of the namespace `urn:anxu:procedure:1`.
May not enter: elements of SCXML or BPMN, which place a note stands in.

A note is made of the fields of its noun, in their order, and leaves out what is not said: so a field that a noun
gains is in the exports from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass

from engine.language.exports.xml import Element
from engine.language.guard_written import written
from engine.law.duration import Duration
from engine.model.guards import Guard
from engine.model.procedure import Procedure, State
from engine.text import Text

PREFIX = "anxu"


def procedure_note(procedure: Procedure) -> Element:
    """Return what *procedure* says beside its states."""
    return _note("procedure", procedure, without={"states", "initial"})


def state_note(state: State) -> Element:
    """Return what *state* says: whom it awaits and how long, and each of its moves."""
    return _note("state", state)


def _note(name: str, noun: object, without: Collection[str] = (), key: str = "") -> Element:
    attributes: dict[str, str] = {"key": key} if key else {}
    inside: list[Element] = []
    for each in fields(noun):  # type: ignore[arg-type]
        value = getattr(noun, each.name)
        if each.name in without or value is None or _unsaid(each, value):
            continue
        plain = _plain(value)
        if plain is not None:
            attributes[each.name] = plain
        else:
            inside.extend(_inside(each.name, value))
    return Element(f"{PREFIX}:{name}", attributes, tuple(inside))


def _unsaid(each: Field[object], value: object) -> bool:
    if each.default is not MISSING:
        return value == each.default
    return not value if each.default_factory is not MISSING else value == ""


def _plain(value: object) -> str | None:
    """Return *value* as the text of an attribute, or None where it takes elements."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Guard):
        return written(value)
    if isinstance(value, Text | tuple | Mapping) or (is_dataclass(value) and not isinstance(value, Duration)):
        return None
    return str(value)


def _inside(name: str, value: object, key: str = "") -> Iterator[Element]:
    if isinstance(value, Mapping):
        for inner, said in value.items():
            yield from _inside(name, said, str(inner))
    elif isinstance(value, tuple):
        for said in value:
            yield from _inside(name, said, key)
    elif isinstance(value, Text):
        attributes = {"key": key} if key else {}
        yield Element(f"{PREFIX}:{name}", attributes | {"zh": value.zh, "en": value.en})
    elif (plain := _plain(value)) is not None:
        yield Element(f"{PREFIX}:{name}", {"key": key} if key else {}, plain)
    else:
        yield _note(name, value, key=key)
