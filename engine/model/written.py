"""Written: JSON text of small plain things, straight from them.

Room for: texts, lists and mappings of texts, and facts as `json.dumps` with ``ensure_ascii=False`` and no spaces writes them.
May not enter: which things are written in what order (`event_text.py`, `engine/store/rows.py`), reading them back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from engine.model.guards import Value

quoted = encode_basestring
"""A text between quotes: the very function that `json` itself writes texts with."""

dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""Anything plain, in the order of its own keys."""


def or_null(text: str | None) -> str:
    """Return *text* between quotes, or null."""
    return "null" if text is None else encode_basestring(text)


def listed(texts: Iterable[str]) -> str:
    """Return *texts* as a list."""
    return f"[{','.join(map(encode_basestring, texts))}]"


def lists(named: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return names with a list of texts each, in this order."""
    said = [f"{encode_basestring(name)}:[{','.join(map(encode_basestring, texts))}]" for name, texts in named]
    return f"{{{','.join(said)}}}"


def texts(named: Iterable[tuple[str, str]]) -> str:
    """Return names with a text each, in this order."""
    return f"{{{','.join([f'{encode_basestring(name)}:{encode_basestring(text)}' for name, text in named])}}}"


def numbers(named: Mapping[str, int]) -> str:
    """Return names with a whole number each, in their own order."""
    return (
        f"{{{','.join([f'{encode_basestring(name)}:{n:d}' for name, n in named.items()])}}}"
        if named
        else "{}"
    )


def facts(named: Iterable[tuple[str, Value]]) -> str:
    """Return facts in this order, each as `plain_value` says it."""
    return f"{{{','.join([f'{encode_basestring(name)}:{_FACTS[value.__class__](value)}' for name, value in named])}}}"


def _persons(value: Iterable[str]) -> str:
    return f'{{"persons":{listed(value)}}}'


def _date(value: date) -> str:
    return f'{{"date":"{value.isoformat()}"}}'


def _amount(value: Decimal) -> str:
    return f'{{"amount":"{value}"}}'


_FACTS: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring, tuple: _persons, date: _date, Decimal: _amount, bool: dumped, int: dumped
}  # fmt: skip
"""How a fact is written, by the type of its value."""
