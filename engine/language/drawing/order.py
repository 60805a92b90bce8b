"""The order in the rows of a drawing: who stands beside whom, so that few lines cross.

Room for: barycentre sweeps, swaps of neighbours, counting crossings.
May not enter: rows (`ranks.py`), coordinates (`columns.py`), any syntax of pictures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from random import Random

from engine.language.drawing.places import Grid
from engine.language.drawing.plan import Arrow

EFFORT = ((400, 6, 8), (2000, 2, 4))
"""Up to so many places: so many beginnings, with so many sweeps each. Beyond that one, with two."""


def order(made: Grid, arrows: Sequence[Arrow]) -> None:
    """Order every row for few crossings: sweeps by barycentre from several beginnings, then swaps."""
    best: tuple[int, list[list[int]]] | None = None
    starts, sweeps = next((tries for most, *tries in EFFORT if len(made.places) <= most), (1, 2))
    for start in range(starts):
        chance = Random(start)
        made.rows = [_begun(made, arrows, row, start, chance) for row in made.rows]
        for sweep in range(sweeps):
            _sweep(made, downward=sweep % 2 == 0)
            _swap(made)
            crossings = sum(_crossings(made, row) for row in range(len(made.rows) - 1))
            if best is None or crossings < best[0]:
                best = crossings, [list(row) for row in made.rows]
        if best and best[0] == 0:
            break
    if best:
        made.rows = best[1]


def _begun(made: Grid, arrows: Sequence[Arrow], row: list[int], start: int, chance: Random) -> list[int]:
    """Begin with the order of the file, arrows back on the left or not; later by chance, yet always the same."""
    begun = sorted(row, key=lambda index: _side(made, arrows, index, start == 0))
    if start > 1:
        chance.shuffle(begun)
    return begun


def _side(made: Grid, arrows: Sequence[Arrow], index: int, back_first: bool) -> tuple[int, int]:
    """Begin with what goes back on the left, boxes in the order of the file, what skips on the right."""
    place = made.places[index]
    if place.arrow < 0:
        return 0, index
    arrow = arrows[place.arrow]
    back = place.row > made.places[made.box_of[arrow.target]].row
    return (-1 if back and back_first else 1), index


def _sweep(made: Grid, downward: bool) -> None:
    rows = range(1, len(made.rows)) if downward else range(len(made.rows) - 2, -1, -1)
    for row in rows:
        fixed = {index: i for i, index in enumerate(made.rows[row - 1 if downward else row + 1])}
        own = {index: float(i) for i, index in enumerate(made.rows[row])}
        for index in made.rows[row]:
            place = made.places[index]
            joined = place.above if downward else place.below
            if joined:
                own[index] = sum(fixed[other] for other, _ in joined) / len(joined)
        made.rows[row].sort(key=own.__getitem__)


def _swap(made: Grid) -> None:
    """Swap neighbours while that takes crossings away."""
    for row, members in enumerate(made.rows):
        beside = [
            {index: i for i, index in enumerate(made.rows[r])} if 0 <= r < len(made.rows) else {}
            for r in (row - 1, row + 1)
        ]
        for i in range(len(members) - 1):
            left, right = members[i], members[i + 1]
            kept = swapped = 0
            for positions, a, b in zip(beside, _ends(made, left), _ends(made, right), strict=True):
                theirs = sorted(positions[other] for other in b)
                for mine in (positions[other] for other in a):
                    kept += bisect_left(theirs, mine)
                    swapped += len(theirs) - bisect_right(theirs, mine)
            if swapped < kept:
                members[i], members[i + 1] = right, left


def _ends(made: Grid, index: int) -> tuple[list[int], list[int]]:
    place = made.places[index]
    return [other for other, _ in place.above], [other for other, _ in place.below]


def _crossings(made: Grid, row: int) -> int:
    """Count the crossings between *row* and the one below it."""
    position = {index: i for i, index in enumerate(made.rows[row + 1])}
    met: list[int] = []
    count = 0
    for index in made.rows[row]:
        ends = sorted(position[other] for other, _ in made.places[index].below)
        count += sum(len(met) - bisect_right(met, end) for end in ends)
        for end in ends:
            insort(met, end)
    return count
