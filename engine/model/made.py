"""Made: frozen records put together field by field, where an act makes many of them.

Room for: a record from its fields, and a record from another one with some fields changed.
May not enter: what records there are, checks of their fields: whoever makes one gives every field, of its own type.

A frozen dataclass sets its fields one by one by a way round its own lock, which takes five to ten times as long as
filling them all at once. What is made here cannot be told from what the constructor makes, and is as frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")

_blank = object.__new__
_set = object.__setattr__


def made(kind: type[T], fields: dict[str, Any]) -> T:
    """Return the record of *kind* with these *fields*, all of them; *kind* is a dataclass without slots.

    The mapping becomes the record's own: whoever hands it over keeps nothing of it.
    """
    record = _blank(kind)
    _set(record, "__dict__", fields)
    return record


def changed(record: T, fields: Mapping[str, Any]) -> T:
    """Return *record* with these *fields* changed.

    Unlike `dataclasses.replace` it takes along what the record keeps of its own working out: whoever changes what that
    rests on clears it (`Case.after`).
    """
    other = _blank(record.__class__)
    _set(other, "__dict__", {**record.__dict__, **fields})
    return other
