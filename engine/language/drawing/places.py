"""The places of a drawing: boxes, labels and passing lines, row by row.

Room for: the nouns that ranks, order and columns share.
May not enter: how any of them is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Place:
    """One thing in a row: a state's box, a label, or a line that only passes (neither)."""

    row: int
    state: str = ""
    arrow: int = -1
    labelled: bool = False
    above: list[tuple[int, float]] = field(default_factory=list)
    """The places in the row above that a line joins to this one, each with how much it pulls."""
    below: list[tuple[int, float]] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """All places by row; boxes stand in even rows, labels in odd ones."""

    places: list[Place]
    rows: list[list[int]]
    box_of: dict[str, int]
    routes: dict[tuple[int, str], list[int]]
    """(arrow, source) -> the places from the source's box to the target's."""
