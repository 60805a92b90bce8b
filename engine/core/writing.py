"""Writing: which texts people type can be kept by every database and shown on every screen.

Room for: that one question, and making such a text of what was typed.
May not enter: what a text means.
"""

from __future__ import annotations

import unicodedata

from engine.errors import WrongUse
from engine.text import Text

HIDDEN = frozenset(
    "\u200b\u200e\u200f\u2060\ufeff" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
)
"""Characters that show nothing or turn the direction of what follows."""


def plain_name(name: str) -> str:
    """Return a file's name with ``_`` for every character that could not be kept or shown."""
    return "".join(c if writable(c, lines=False) else "_" for c in name)


def on_one_line(text: str, most: int, wrong: Text) -> str:
    """Return *text* on one line. Raises WrongUse, which says *wrong*, where it is blank, has over *most* characters or cannot be kept."""
    line = " ".join(text.split())
    if not line or len(line) > most or not writable(line, lines=False):
        raise WrongUse(wrong)
    return line


def writable(text: str, *, lines: bool = True) -> bool:
    """Return whether *text* can be kept and shown as what it is.

    No control characters (with *lines*, breaks and tabs may), no halves of characters, nothing hidden.
    """
    # What prints as it is has none of them; most texts end here.
    if text.isprintable():
        return True
    allowed = "\n\r\t" if lines else ""
    return not any(
        c in HIDDEN or (unicodedata.category(c) in ("Cc", "Cs") and c not in allowed) for c in text
    )
