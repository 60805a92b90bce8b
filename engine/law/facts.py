"""Facts: what is told to a clock (its rule and what happened to it), as dates and lengths.

Room for: the rule of one clock and the facts that move it.
May not enter: reading them (`clock.py`, `walk.py`), persons, documents, cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.law.duration import Duration
from engine.text import Text

FactKind = Literal["start", "suspend", "resume", "publication", "exclude", "restart", "extend", "end"]


@dataclass(frozen=True, slots=True)
class ClockRule:
    """The law of one clock: its limit, how far and by whom it may be extended, and the office's target.

    Lengths are days or months; work days raise ValueError (they make a term, K17). Without
    *extension_most* no extension is possible. *basis* is the procedure's own article, for count sheets.
    """

    limit: Duration
    extension_most: Duration | None = None
    extension_by: frozenset[str] = frozenset()
    target: Duration | None = None
    basis: Text | None = None

    def __post_init__(self) -> None:
        for length in (self.limit, self.extension_most, self.target):
            if length is not None and (length.unit == "work days" or length.count < 1):
                raise ValueError(f"a clock runs in days or months, at least one: {length}")


@dataclass(frozen=True, slots=True)
class ClockFact:
    """One thing that happened to a clock on day *on*, and when, by whose power and under what name.

    *ref* pairs a resumption with its suspension. *days* is the added length of an ``extend`` and the
    number of stopped days of a ``publication`` (30 if not said) or an ``exclude``. *overridden* says
    that it was let stand by exception although the period had run out (K9), *struck* that it was
    rejected as entered too late: it never counts (K22). *seq* is the event that recorded it.
    Raises ValueError for a length that is missing or in a unit that cannot be counted.
    """

    kind: FactKind
    on: date
    recorded_on: date | None = None
    ref: str = ""
    days: Duration | None = None
    by_role: str = ""
    overridden: bool = False
    seq: int = 0
    struck: bool = False

    def __post_init__(self) -> None:
        match self.kind, self.days:
            case (("extend" | "exclude"), None):
                raise ValueError(f"a fact of kind '{self.kind}' must say how long")
            case "extend", Duration(unit="work days"):
                raise ValueError(f"an extension is days or months: {self.days}")
            case (("publication" | "exclude"), Duration(count, unit)) if unit != "days" or count < 1:
                raise ValueError(f"a stop of kind '{self.kind}' is natural days, at least one: {self.days}")
            case _:
                pass

    @property
    def stopped_for(self) -> int:
        """The natural days a ``publication`` or an ``exclude`` stops, from *on* (K3)."""
        return 30 if self.days is None else self.days.count
