"""Values: single scalars as what they stand for: sentences, numbers, dates, durations, yes and no.

Room for: one reader a type of value; each notes a problem and returns None where the text is none of it.
May not enter: constructs, names and references.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

from engine.language.nodes import Node
from engine.language.reader import Reader
from engine.law.duration import Duration
from engine.model.procedure import ACT_DATE
from engine.text import Text

BLANK = Text("", "")

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def read_text(reader: Reader, node: Node | None) -> Text:
    """Return a sentence given as ``{zh: …, en: …}``; blank where it is not there."""
    fields = reader.fields(node, "text")
    if fields is None:
        return BLANK
    zh, en = (reader.scalar(fields.get(key)) for key in ("zh", "en"))
    return Text(zh.text if zh else "", en.text if en else "")


def read_string(reader: Reader, node: Node | None) -> str:
    """Return one value as its text; "" where it is not there."""
    scalar = reader.scalar(node)
    return scalar.text if scalar else ""


def read_boolean(reader: Reader, node: Node | None) -> bool:
    """Return True for ``true``, False for ``false`` and where nothing is written."""
    scalar = reader.scalar(node)
    if scalar and scalar.text not in ("true", "false"):
        reader.problem(scalar.mark, "bad_boolean", found=scalar.text)
    return scalar is not None and scalar.text == "true"


def read_whole(reader: Reader, node: Node | None) -> int | None:
    """Return a whole number, 0 or more."""
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    if not _NUMBER.fullmatch(scalar.text) or not scalar.text.isdecimal():
        expected = Text("非负整数", "a whole number")
        reader.problem(scalar.mark, "bad_number", found=scalar.text, expected=expected)
        return None
    return int(scalar.text)


def read_number(reader: Reader, node: Node | None) -> Decimal | None:
    """Return a decimal number of at most 18 digits before and 4 after the point."""
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    number = as_number(scalar.text)
    if number is None:
        reader.problem(scalar.mark, "bad_number", found=scalar.text, expected=Text("数字", "a number"))
    return number


def read_duration(reader: Reader, node: Node | None) -> Duration | None:
    """Return a length such as ``5 work days``."""
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    try:
        return Duration.parse(scalar.text)
    except ValueError:
        reader.problem(scalar.mark, "bad_duration", found=scalar.text)
        return None


def read_period(reader: Reader, node: Node | None) -> Duration | None:
    """Return a length that a clock can run: days or months, one at least."""
    length = read_duration(reader, node)
    if node is None or length is None:
        return None
    if length.unit == "work days" or length.count < 1:
        reader.problem(node.mark, "bad_period", found=length.in_words())
        return None
    return length


def read_date(reader: Reader, node: Node | None) -> date | None:
    """Return a date written as ``2026-03-01``."""
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    day = as_date(scalar.text)
    if day is None:
        reader.problem(scalar.mark, "bad_date", found=scalar.text)
    return day


def read_bound(reader: Reader, node: Node | None) -> str | None:
    """Return a bound of a date as it is written: a date, or ``act date``."""
    scalar = reader.scalar(node)
    if scalar is None or scalar.text == ACT_DATE:
        return scalar.text if scalar else None
    day = read_date(reader, scalar)
    return day.isoformat() if day else None


def read_time(reader: Reader, node: Node | None) -> time | None:
    """Return a time of day written as ``09:00``."""
    scalar = reader.scalar(node)
    if scalar is None:
        return None
    found = _TIME.fullmatch(scalar.text)
    if found is None:
        reader.problem(scalar.mark, "bad_time", found=scalar.text)
        return None
    return time(int(found[1]), int(found[2]))


def as_number(text: str) -> Decimal | None:
    """Return *text* as a number, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def as_date(text: str) -> date | None:
    """Return *text* as a date, or None."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
