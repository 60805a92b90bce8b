"""The columns of a drawing: how far to the right everything stands, and where on a box its lines end.

Room for: the distances that a row keeps, straight ways, the ends of lines.
May not enter: rows (`ranks.py`), text and its width (`text.py`), any syntax of pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.language.drawing.places import Grid

BETWEEN_BOXES, BETWEEN = 30.0, 14.0
PORT = 18.0


@dataclass(frozen=True, slots=True)
class Size:
    """The room a place takes to the left and right of its middle, its height, and what is written in it.

    *half* is half the width of a box, without the loop or the start that stands beside it.
    """

    left: float
    right: float
    height: float
    lines: tuple[str, ...] = ()
    half: float = 0.0


@dataclass(frozen=True, slots=True)
class Port:
    """Where a line meets a box, and after what part of the way to the next row it bends."""

    x: float
    bend: float


def columns(made: Grid, sizes: list[Size], threads: Sequence[tuple[int, ...]]) -> list[float]:
    """Find x: rows in turn are drawn to their neighbours above and below; the first thread stays at 0.

    The last turns draw every thread to its own middle instead; then it is set on one straight line.
    """
    x = [0.0] * len(sizes)
    gaps = [[_room(made, sizes, a, b) for a, b in pairwise(row)] for row in made.rows]
    pinned = frozenset(threads[0])
    turns = max(3, min(60, 30_000 // len(sizes)))
    for turn in range(turns + turns // 3):
        straight: dict[int, float] = {}
        if turn >= turns:
            for middle, each in ((sum(x[i] for i in thread) / len(thread), thread) for thread in threads):
                straight |= dict.fromkeys(each, middle)
        straight |= dict.fromkeys(pinned, 0.0)
        numbers = range(len(made.rows))
        for number in numbers if turn % 2 == 0 else reversed(numbers):
            row = made.rows[number]
            drawn = [_drawn(made, x, index, straight, index in pinned) for index in row]
            values = spread([wanted for wanted, _ in drawn], [pull for _, pull in drawn], gaps[number])
            for index, value in zip(row, values, strict=True):
                x[index] = value
    return _settled(made, sizes, x, threads)


def _drawn(
    made: Grid, x: list[float], index: int, straight: dict[int, float], pinned: bool
) -> tuple[float, float]:
    """Return where a place is drawn to, and how strongly."""
    if index in straight:
        return straight[index], 1e7 if pinned else 100.0
    joined = made.places[index].above + made.places[index].below
    pull = sum(weight for _, weight in joined)
    return (sum(x[other] * weight for other, weight in joined) / pull, pull) if pull else (x[index], 0.01)


def _settled(
    made: Grid, sizes: list[Size], x: list[float], threads: Sequence[tuple[int, ...]]
) -> list[float]:
    """Set every thread on its middle, pushed away from the first one as far as its neighbours need."""
    sorted_, left_of = _from_left(made, threads)
    if len(sorted_) < len(threads):
        # Threads that change sides cannot all be straight: those fall apart into their places.
        kept = {0, *sorted_}
        parts = [(index,) for i, thread in enumerate(threads) if i not in kept for index in thread]
        threads = [*(thread for i, thread in enumerate(threads) if i in kept), *parts]
        sorted_, left_of = _from_left(made, threads)
    settled = [sum(x[index] for index in each) / len(each) for each in threads]
    settled[0] = 0.0
    leftward = {0}
    for thread in reversed(sorted_):
        rights = [(right, pair) for right, pair in left_of[thread].items() if right in leftward]
        if thread and rights:
            leftward.add(thread)
            room = min(settled[right] - max(_room(made, sizes, *p) for p in pair) for right, pair in rights)
            settled[thread] = min(settled[thread], room)
    for thread in sorted_:
        for right, pair in left_of[thread].items():
            if right not in leftward:
                room = settled[thread] + max(_room(made, sizes, *p) for p in pair)
                settled[right] = max(settled[right], room)
    result = list(x)
    for places, value in zip(threads, settled, strict=True):
        for index in places:
            result[index] = value
    return result


def _from_left(
    made: Grid, threads: Sequence[tuple[int, ...]]
) -> tuple[list[int], list[dict[int, list[tuple[int, int]]]]]:
    """Sort threads from left to right as far as that can be done, and say which stand right of each, and where."""
    thread_of = {index: number for number, thread in enumerate(threads) for index in thread}
    left_of: list[dict[int, list[tuple[int, int]]]] = [{} for _ in threads]
    for row in made.rows:
        for a, b in pairwise(row):
            left_of[thread_of[a]].setdefault(thread_of[b], []).append((a, b))
    waits = [0] * len(threads)
    for rights in left_of:
        for right in rights:
            waits[right] += 1
    ready = [number for number, count in enumerate(waits) if not count]
    for number in ready:
        for right in left_of[number]:
            waits[right] -= 1
            if not waits[right]:
                ready.append(right)
    return ready, left_of


def _room(made: Grid, sizes: list[Size], left: int, right: int) -> float:
    """How far the middles of two neighbours stand apart at least."""
    boxes = made.places[left].state and made.places[right].state
    return sizes[left].right + sizes[right].left + (BETWEEN_BOXES if boxes else BETWEEN)


def spread(wanted: Sequence[float], pulls: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return values nearest to *wanted* (least squares by *pulls*) that keep their *gaps*."""
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[tuple[float, float, int]] = []
    for value, pull, offset in zip(wanted, pulls, offsets, strict=False):
        mean, weight, count = value - offset, pull, 1
        while blocks and blocks[-1][0] > mean:
            other, more, members = blocks.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, count = weight + more, count + members
        blocks.append((mean, weight, count))
    flat = [mean for mean, _, count in blocks for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=False)]


def ports_of(made: Grid, sizes: list[Size], x: list[float]) -> dict[tuple[int, int], Port]:
    """Return where on a box each line ends, straight below or above its other end where there is room."""
    ports: dict[tuple[int, int], Port] = {}
    for index in made.box_of.values():
        for joined in (made.places[index].above, made.places[index].below):
            others = sorted({other for other, _ in joined}, key=lambda other: x[other])
            if not others:
                continue
            low, high = x[index] - sizes[index].half + PORT, x[index] + sizes[index].half - PORT
            step = min(PORT, (high - low) / len(others))
            wanted = [min(max(x[other], low), high) for other in others]
            pulls = [
                100.0 if abs(x[other] - want) < 1 else 1.0 for other, want in zip(others, wanted, strict=True)
            ]
            ends = [
                min(max(value, low + i * step), high - (len(others) - 1 - i) * step)
                for i, value in enumerate(spread(wanted, pulls, [step] * (len(others) - 1)))
            ]
            bends = _bends(ends, [x[other] for other in others])
            for other, end, bend in zip(others, ends, bends, strict=True):
                ports[index, other] = Port(end, bend)
    return ports


def _bends(ends: list[float], others: list[float]) -> list[float]:
    """Let lines that leave to one side bend one after the other, the outermost first, so that none meet."""
    leftward = [i for i, (end, other) in enumerate(zip(ends, others, strict=True)) if other < end - 1]
    rightward = [i for i, (end, other) in enumerate(zip(ends, others, strict=True)) if other > end + 1]
    bends = [0.5] * len(ends)
    for side in (leftward, rightward[::-1]):
        for nth, i in enumerate(side):
            bends[i] = 0.42 + 0.34 * nth / (len(side) - 1) if len(side) > 1 else 0.5
    return bends
