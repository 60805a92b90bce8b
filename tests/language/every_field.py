"""Every field of the model, one at a time: a value that has everything, and all the values that differ from it in one field."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from engine.law.duration import Duration
from engine.model import guards
from engine.model.guards import All, IsSet, Not
from engine.text import Text

Field = tuple[type, str]

_numbers = itertools.count(1)
_COMPOSED = (guards.Not, guards.All, guards.Any)


def whole(hint: Any) -> Any:
    """A value of the type *hint* with something in every field, no two names the same."""
    if hint == guards.Guard:
        simple = [whole(kind) for kind in get_args(guards.Guard) if kind not in _COMPOSED]
        return All((*simple, Not(IsSet("one")), guards.Any((IsSet("two"), IsSet("three")))))
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return whole(next(one for one in inner if one is not NoneType))
    if origin is tuple:
        return (whole(inner[0]), whole(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        items = [whole(inner[1]), whole(inner[1])]
        return {getattr(item, "name", None) or f"n{next(_numbers)}": item for item in items}
    if isinstance(hint, type) and is_dataclass(hint) and hint not in _LEAVES:
        return hint(**{name: whole(of) for name, of in _hints(hint).items()})
    return _fresh(hint)


def others(value: Any, hint: Any) -> Iterator[tuple[Field | None, Any]]:
    """Each value that differs from *value* in one place, with the field in which it does; None: in *value* itself."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType) and hint != guards.Guard:
        if NoneType in inner:
            yield None, None
        yield from others(value, next(one for one in inner if one is not NoneType))
    elif origin is Literal:
        yield from ((None, one) for one in inner if one != value)
    elif isinstance(value, tuple):
        yield from ((None, one) for one in (value[:-1], (*value, whole(inner[0])), value[::-1], ()))
        for n, item in enumerate(value):
            yield from ((f, (*value[:n], one, *value[n + 1 :])) for f, one in others(item, inner[0]))
    elif isinstance(value, Mapping):
        yield from _other_tables(value, inner[1])
    elif is_dataclass(value) and type(value) not in _LEAVES:
        noun: Any = value
        for name, of in _hints(type(noun)).items():
            for field, one in others(getattr(noun, name), of):
                yield field or (type(noun), name), replace(noun, **{name: one})
        if hint == guards.Guard:
            yield None, IsSet("another")
    else:
        yield None, _another(value)


def _other_tables(value: Mapping[str, Any], of: Any) -> Iterator[tuple[Field | None, Any]]:
    first, *rest = value
    yield None, {name: value[name] for name in rest}
    yield None, dict(reversed(list(value.items())))
    added = whole(of)
    yield None, {**value, getattr(added, "name", None) or f"n{next(_numbers)}": added}
    for field, one in others(value[first], of):
        # What is known by its name stands under that name.
        yield field, {getattr(one, "name", None) or first: one, **{name: value[name] for name in rest}}


def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: _NARROWER.get((kind, field.name), hints[field.name]) for field in fields(kind)}


_NARROWER: Mapping[Field, Any] = {(guards.CountOf, "role"): Literal["claimant", "respondent", "third_party"]}
"""Where the reader lets only some texts through."""


_LEAVES = (Text, Duration)


def _fresh(hint: Any) -> Any:
    n = next(_numbers)
    made: dict[Any, Any] = {
        str: f"n{n}", int: n, bool: False, Text: Text(f"字{n}", f"word {n}"), Duration: Duration(n, "days"),
        Decimal: Decimal(n), date: date(2026, 1, 1) + timedelta(days=n), time: time(9), ZoneInfo: ZoneInfo("Asia/Shanghai"),
    }  # fmt: skip
    # What a guard compares with may be a value of any type; a text stands for them all.
    return made.get(hint, f"n{n}")


def _another(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return f"{value}_other"
        case Text(zh, en):
            return Text(f"{zh}改", f"{en} changed")
        case Duration(count, unit):
            return Duration(count + 1, unit)
        case time():
            return time(8, 30)
        case ZoneInfo():
            return ZoneInfo("UTC")
        case date():
            return value + timedelta(days=400)
        case _:
            return value + 1
