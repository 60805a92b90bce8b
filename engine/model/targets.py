"""Targets: how long an institution gives itself within the law, layer by layer.

Room for: a figure, the layer it comes from, and which of several is the one to hold.
May not enter: the legal limit and its cap (they stand in procedures), where figures are written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.law.duration import Duration
from engine.law.terms import length_in_days

Layer = Literal["institution", "procedure", "track", "case"]


@dataclass(frozen=True, slots=True)
class Target:
    """What one layer gives: the length, the decision it stands on, and the day it holds from (K14).

    *seq* is the event of the start or restart it was resolved for; a figure for one case holds for each of them.
    """

    layer: Layer
    length: Duration
    basis: str = ""
    since: date | None = None
    seq: int = 0


def tightest(targets: Sequence[Target], limit: Duration, start: date) -> Target | None:
    """Return the target to hold on a clock that starts on *start*: the shortest from there; None without any.

    The first of equals stands, the wider layer before the narrower. One that is longer than the legal *limit* promises
    nothing and is passed over: no layer moves the law.
    """
    most = length_in_days(limit, start)
    within = [target for target in targets if length_in_days(target.length, start) <= most]
    return min(within, key=lambda target: length_in_days(target.length, start), default=None)
