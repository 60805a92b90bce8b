"""Durations: a whole number of days, work days or months, as a procedure writes it.

Room for: the length itself, its text and its words.
May not enter: calendars, dates, seconds, bare numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from engine.text import Text

Unit = Literal["days", "work days", "months"]

# A leading zero is refused, not read: elsewhere in YAML it would mean octal.
_WRITTEN = re.compile(r"(0|[1-9][0-9]{0,3}) +(work +day|day|month)s?")

_WORDS: dict[Unit, Text] = {
    "days": Text("{count}日", "{count} day{s}"),
    "work days": Text("{count}个工作日", "{count} work day{s}"),
    "months": Text("{count}个月", "{count} month{s}"),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length in one unit: natural days, working days or months (HR 80; CC 202).

    Nothing is converted here: what "1 month" comes to in days depends on the day it starts.
    """

    count: int
    unit: Unit

    @staticmethod
    @lru_cache(256)
    def parse(text: str) -> Duration:
        """Return the duration written as *text*: ``5 work days``, ``45 days``, ``1 month``.

        Singular and plural are both read, whatever the number. Raises ValueError with a plain
        sentence on anything else: no unit, a fraction, a sign, a leading zero, over 9999.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                f"'{text}' is no duration: write a whole number and a unit, "
                "as in '5 work days', '45 days' or '4 months'"
            )
        unit = " ".join(found[2].split()) + "s"
        return Duration(int(found[1]), cast(Unit, unit))

    def __str__(self) -> str:
        """Return the text that `parse` reads back; one of a unit is singular."""
        return self.in_words().en

    @lru_cache(256)  # noqa: B019  # few lengths are ever written
    def in_words(self) -> Text:
        """Return the length as people say it: 5个工作日, 5 work days."""
        return _WORDS[self.unit].filled(count=self.count, s="" if self.count == 1 else "s")
