"""Event text: the canonical JSON of an event written straight from it, and its link to the event before it.

Room for: the fields in the order of their names, how each is written, and the hash over them.
May not enter: what the fields mean (`events.py`, whose `plain_event` says the same as values), where texts are kept.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from engine.model.events import NOTHING, Event, MovedDate, canonical, plain_day, plain_event
from engine.model.events import plain_change as _plain_change
from engine.model.guards import Value
from engine.model.hashing import hexdigest
from engine.model.made import made
from engine.model.written import facts, listed, lists, quoted, texts


class Frame:
    """How events with some fields in *common* are written: those are put into words once, when the frame is made.

    Events of one frame mostly have the same other fields as well, so the places between them are kept too.
    """

    __slots__ = ("_common", "_plain", "_shapes")

    def __init__(self, common: Mapping[str, Any]) -> None:
        self._common = {name: value for name, value in common.items() if value or name in _ALWAYS}
        self._plain: Mapping[str, Any] = {**NOTHING, **common}
        self._shapes: dict[tuple[str, ...], _Shape] = {}

    def recorded(self, previous: str, hashed: str, given: dict[str, Any]) -> Event:
        """Return the event with what is common and the fields *given*, linked to the hash before it and with its own.

        *hashed* names the hash (see `hashing.py`); what holds nothing is not given. The canonical text stays with the
        event: its row needs the same.
        """
        given["previous"] = previous
        if hashed:
            given["hashed"] = hashed
        names = tuple(given)
        shape = self._shapes.get(names) or self._shape(names)
        before = "{"
        for name, begins, write in shape.before:
            before += begins + write(given[name])
        before += shape.between
        after = ""
        for name, begins, write in shape.after:
            after += begins + write(given[name])
        after += shape.ends
        given["hash"] = digest = hexdigest(hashed, (before + after).encode())
        given["text"] = f'{before}"hash":"{digest}",{after}'
        return made(Event, {**self._plain, **given})

    def _shape(self, names: tuple[str, ...]) -> _Shape:
        ordered = sorted({*names, *self._common})
        place = bisect(ordered, "hash")
        before, between = self._places(ordered[:place])
        after, ends = self._places(ordered[place:])
        shape = _Shape(before, between, after, ends[:-1] + "}")
        if len(self._shapes) < SHAPES_MOST:
            self._shapes[names] = shape
        return shape

    def _places(self, names: Iterable[str]) -> tuple[tuple[_Place, ...], str]:
        """Return the places of the fields that are not common, and what comes after the last of them."""
        found: list[_Place] = []
        run = ""
        for name in names:
            begins, write = _WRITTEN[name]
            if name in self._common:
                run += f"{begins}{write(self._common[name])},"
            else:
                found.append((name, run + begins, write))
                run = ","
        return tuple(found), run


SHAPES_MOST = 256
"""So many combinations of fields are kept for one frame."""

_Place = tuple[str, str, Callable[[Any], str]]
"""A field, the text before its value, and what writes the value."""


class _Shape(NamedTuple):
    """How the events are written that have values for just some fields: before and after the place of their hash."""

    before: tuple[_Place, ...]
    between: str
    after: tuple[_Place, ...]
    ends: str


def told(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return of the fields *given* those that hold something, and those that are always told."""
    return {name: value for name, value in given.items() if value or name in _ALWAYS}


def event_text(event: Event) -> str:
    """Return the canonical JSON of *event*, its own hash included."""
    return event.text or canonical(plain_event(event))


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


_last: tuple[datetime | None, str] = (None, "")


def _instant(value: datetime) -> str:
    """Return an instant as it is written; what an act says twice is put into words once."""
    global _last
    known = _last
    if known[0] is not value:
        known = _last = value, f'"{value.isoformat()}"'
    return known[1]


def _texts(value: Mapping[str, str]) -> str:
    return texts(sorted(value.items()) if len(value) > 1 else value.items())


def _lists(value: Mapping[str, tuple[str, ...]]) -> str:
    return lists(sorted(value.items()) if len(value) > 1 else value.items())


def _facts(value: Mapping[str, Value]) -> str:
    return facts(sorted(value.items()) if len(value) > 1 else value.items())


def _true(value: bool) -> str:
    return "true"


# What seldom comes takes the way over plain values.


def _changes(value: Iterable[Any]) -> str:
    return canonical([_plain_change(change) for change in value])


def _parties(value: Iterable[Any]) -> str:
    return canonical([[party.id, party.role, party.name] for party in value])


def _moved(value: Iterable[MovedDate]) -> str:
    return canonical([[m.what, m.matter, plain_day(m.before), plain_day(m.after)] for m in value])


_ALWAYS: Final = frozenset({"seq", "kind", "matter", "at", "recorded_at", "on", "definition", "previous"})
"""Those that are written whatever they hold."""


_WRITERS: Mapping[Callable[[Any], str], tuple[str, ...]] = {
    quoted: (
        "acting_for", "by", "channel", "definition", "hashed", "kind", "matter", "move", "outcome", "override",
        "previous", "rule", "source", "target",
    ),
    str: ("about", "corrects", "nth", "seq"),
    _day: ("on",),
    _instant: ("at", "recorded_at"),
    _true: ("late",),
    _texts: ("case", "documents", "migration", "opened", "rung", "subjects"),
    _lists: ("assigned", "involved"),
    listed: ("redated", "released"),
    _facts: ("facts",),
    _changes: ("clock",),
    _parties: ("parties",),
    _moved: ("moved",),
}  # fmt: skip

_WRITTEN: Final = {name: (f'"{name}":', write) for write, names in _WRITERS.items() for name in names}
"""How each field begins, and how its value is written."""

NOTHING_COMMON: Final = Frame({})
"""For events that have nothing in common."""
