"""Folding: case numbers and names as people type them, brought to one form for searching.

Room for: what counts as the same typing.
May not enter: SQL.
"""

from __future__ import annotations

import re
import unicodedata

_BRACKETS = str.maketrans(dict.fromkeys("〔［【（([{<《〈", "(") | dict.fromkeys("〕］】）)]}>》〉", ")"))

YEAR_AND_NUMBER = re.compile(r"\d{4}\|\d+")
"""A folded number without what stands before its year."""


def fold_number(text: str) -> str:
    """Return a case number without what typists vary: width, brackets, spaces, leading zeros, the closing 号.

    ``双劳人仲案〔2026〕012号`` and ``双劳人仲案(2026)12`` fold to the same text.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_BRACKETS).casefold()
    folded = re.sub(r"[\s号]", "", folded)
    folded = re.sub(r"(?<=\d)[-_/.](?=\d)", ")", folded)
    return re.sub(r"(?<!\d)0+(?=\d)", "", folded).replace("(", "").replace(")", "|")


def fold_name(text: str) -> str:
    """Return a name without what typists vary: width, case, spaces at its ends."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def like_pattern(text: str) -> str:
    """Return the LIKE pattern (escape ``\\``) that finds *text* anywhere, its own ``%`` and ``_`` taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
