"""Writing: which texts people type can be kept by every database and shown on every screen.

Room for: that one question.
May not enter: what a text means.
"""

from __future__ import annotations

import unicodedata


def writable(text: str, *, lines: bool = True) -> bool:
    """Return whether *text* can be kept and shown: no control characters (with *lines*, breaks and tabs may), no halves of characters."""
    allowed = "\n\r\t" if lines else ""
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text)
