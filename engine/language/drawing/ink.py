"""SVG elements one by one: boxes, lines of text, bent lines and their heads, with their colours.

Room for: the elements a drawing is made of, colours and strokes, as presentation attributes.
May not enter: `<style>`, `style=`, scripts, ids, what the elements stand for (`svg.py`).

Every colour of text stands at 4.5:1 or more against what is under it, every line at 3:1 or more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.language.drawing.layout import HEAD, Line, Point
from engine.language.drawing.text import xml

PAPER, BAND, LANE = "#ffffff", "#f3f6f9", "#e1e9f0"
INK, LINE, PALE, PALE_INK, NOW = "#16222e", "#3d5166", "#7a858f", "#505a64", "#0b4f94"


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn, and how the label on it is written."""

    colour: str
    width: float
    dashes: str = ""
    bold: bool = False
    ink: str = INK


PLAIN = Stroke(LINE, 1.4)
GONE = Stroke(PALE, 1.0, ink=PALE_INK)
AHEAD = Stroke(LINE, 1.3, "6 4")
TAKEN = Stroke(INK, 3.2, bold=True)


def box(x: float, y: float, size: Point, round_: float, fill: str, stroke: Stroke | None = None) -> str:
    """A rectangle whose upper left corner is (x, y)."""
    corner = f' rx="{round_:g}"' if round_ else ""
    edge = line_attributes(stroke) if stroke else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}"'
        f'{corner} fill="{fill}"{edge}/>'
    )


def written(
    lines: Sequence[str],
    at: Point,
    size: float,
    leading: float,
    *,
    bold: bool = False,
    ink: str = INK,
    anchor: str = "middle",
) -> str:
    """Lines of text; *at* is the middle of them all, or with another anchor the end of their middle line."""
    x, y = at[0], at[1] - (len(lines) - 1) * leading / 2 + size * 0.35
    weight = ' font-weight="700"' if bold else ""
    return "".join(
        f'<text x="{x:.1f}" y="{y + number * leading:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
        f' fill="{ink}"{weight}>{xml(line)}</text>'
        for number, line in enumerate(lines)
    )


def line_attributes(stroke: Stroke) -> str:
    """The attributes of a line drawn with *stroke*."""
    dashes = f' stroke-dasharray="{stroke.dashes}"' if stroke.dashes else ""
    return f' stroke="{stroke.colour}" stroke-width="{stroke.width:g}"{dashes}'


def way(line: Line, stroke: Stroke, before: Collection[tuple[Point, Point]]) -> str:
    """The arrow of *line*: bends between rows, straight in rows; it ends where another drew it *before*."""
    (x, y) = line.points[-1]
    if line.source == line.target:
        (x0, y0), (out, _), _ = line.points
        path = f"M{x0:.1f} {y0:.1f}C{out + 12:.1f} {y0:.1f} {out + 12:.1f} {y:.1f} {x + HEAD:.1f} {y:.1f}"
        return _drawn(path, stroke) + head((x, y), (-1, 0), stroke)
    down = line.points[-2][1] < y
    own = next((i for i, pair in enumerate(pairwise(line.points)) if pair in before), len(line.points))
    whole = own == len(line.points)
    stop = y - HEAD + 1 if down else y + HEAD - 1
    points = (*line.points[:-1], (x, stop)) if whole else line.points[: own + 1]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for number, ((x1, _), (x2, y2)) in enumerate(pairwise(points)):
        if number % 2 or abs(x1 - x2) < 0.5:
            path += f"L{x2:.1f} {y2:.1f}"
        else:
            bend = line.bends[number // 2]
            path += f"C{x1:.1f} {bend:.1f} {x2:.1f} {bend:.1f} {x2:.1f} {y2:.1f}"
    return _drawn(path, stroke) + (head((x, y), (0, 1 if down else -1), stroke) if whole else "")


def head(tip: Point, toward: tuple[int, int], stroke: Stroke) -> str:
    """The head of an arrow with its tip at *tip*, pointing *toward* one of the four sides."""
    (x, y), (dx, dy) = tip, toward
    half = 4.5 + (1.5 if stroke.bold else 0)
    back_x, back_y = x - dx * HEAD, y - dy * HEAD
    return (
        f'<path d="M{x:.1f} {y:.1f}L{back_x - dy * half:.1f} {back_y - dx * half:.1f}'
        f'L{back_x + dy * half:.1f} {back_y + dx * half:.1f}Z" fill="{stroke.colour}"/>'
    )


def straight(start: Point, end: Point, stroke: Stroke) -> str:
    """A straight line without a head."""
    return _drawn(f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}", stroke)


def _drawn(path: str, stroke: Stroke) -> str:
    return f'<path d="{path}" fill="none"{line_attributes(stroke)}/>'
