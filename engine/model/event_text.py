"""Event text: the canonical JSON of an event written straight from it, and its link to the event before it.

Room for: the fields in the order of their names, how each is written, and the hash over them.
May not enter: what the fields mean (`events.py`, whose `plain_event` says the same as values), where texts are kept.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from engine.model.events import Event, MovedDate, canonical, plain_day, plain_event
from engine.model.events import plain_change as _plain_change
from engine.model.guards import Value
from engine.model.hashing import hexdigest
from engine.model.written import facts, listed, lists, quoted, texts


def recorded(previous: str, hashed: str, given: dict[str, Any]) -> Event:
    """Return the event with the fields *given*, linked to the hash before it and with its own.

    *hashed* names the hash (see `hashing.py`). The canonical text stays with the event: its row needs the same.
    """
    given["previous"] = previous
    if hashed:
        given["hashed"] = hashed
    names = sorted([name for name in given if given[name] or name in _ALWAYS])
    parts = []
    for name in names:
        begins, write = _WRITTEN[name]
        parts.append(begins + write(given[name]))
    given["hash"] = digest = hexdigest(hashed, f"{{{','.join(parts)}}}".encode())
    parts.insert(bisect(names, "hash"), f'"hash":"{digest}"')
    given["text"] = f"{{{','.join(parts)}}}"
    return Event.of(given)


def event_text(event: Event) -> str:
    """Return the canonical JSON of *event*, its own hash included."""
    return event.text or canonical(plain_event(event))


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


def _texts(value: Mapping[str, str]) -> str:
    return texts(sorted(value.items()))


def _lists(value: Mapping[str, tuple[str, ...]]) -> str:
    return lists(sorted(value.items()))


def _facts(value: Mapping[str, Value]) -> str:
    return facts(sorted(value.items()))


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
    _day: ("at", "on", "recorded_at"),
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
