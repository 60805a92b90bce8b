"""Layout: columns that line up on a terminal, where a Chinese character takes two cells.

Room for: widths, tables, indents.
May not enter: what the words mean.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

GAP = "  "


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def padded(text: str, width: int) -> str:
    """Return *text* filled with spaces to *width* cells."""
    return text + " " * max(0, width - cells(text))


def table(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Return *rows* with their columns lined up; a column with nothing in it is left out."""
    used = [n for n in range(len(rows[0])) if any(row[n] for row in rows)] if rows else []
    widths = [max(cells(row[n]) for row in rows) for n in used]
    lines = (GAP.join(padded(row[n], width) for n, width in zip(used, widths, strict=True)) for row in rows)
    return "\n".join((indent + line).rstrip() for line in lines)


def section(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a titled table, or nothing where there are no rows."""
    return f"\n{title}\n{table(rows, '  ')}" if rows else ""


def one_line(text: str) -> str:
    """Return *text* without line breaks or anything that could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
