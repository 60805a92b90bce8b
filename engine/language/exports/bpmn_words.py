"""What the parts of a procedure in BPMN say: the names of its flows and of its limits.

Room for: titles and conditions in both languages, lengths in ISO 8601 or in our own words.
May not enter: XML, coordinates, which parts there are (`bpmn_parts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.drawing.plan import Matters, ways_said
from engine.law.duration import Duration
from engine.model.procedure import Procedure, State
from engine.text import Text

LIMIT = Text("期限：{limit}", "limit: {limit}")
CLOCK = Text("期限：{clock}", "limit: {clock}")


@dataclass(frozen=True, slots=True)
class LimitWords:
    """The title of a limit, and its length as a timer says it."""

    title: Text
    duration: str


def limit_words(procedure: Procedure, state: State, number: int) -> LimitWords:
    """Return the words of the *number*-th limit of the stay in *state*."""
    if not state.terms:
        name = state.clock or ""
        clock = procedure.clocks.get(name)
        title = CLOCK.filled(clock=clock.title if clock else Text(name, name))
        return LimitWords(title, f"clock {name}")
    term = state.terms[number]
    title = term.title or LIMIT.filled(limit=term.limit.in_words())
    if term.of or term.before:
        hangs = f"before {term.before}" if term.before else f"of {term.of}"
        return LimitWords(title, f"{term.limit} {hangs}")
    return LimitWords(title, _iso(term.limit))


def flow_words(procedure: Procedure, state: State, matters: Matters) -> tuple[Text, ...]:
    """Return what each way out of *state* is called, in the order of its ways."""
    said = (ways_said(procedure, state, "zh", matters), ways_said(procedure, state, "en", matters))
    return tuple(Text(zh, en) for zh, en in zip(*said, strict=True))


def _iso(length: Duration) -> str:
    """Write natural days and months as ISO 8601 has them; work days stay our own words."""
    letter = {"days": "D", "months": "M"}.get(length.unit)
    return f"P{length.count}{letter}" if letter else str(length)
