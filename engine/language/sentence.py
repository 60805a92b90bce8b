"""Sentence: what one code of a problem says.

Room for: the pair of reason and fix, and the short way to write it.
May not enter: single codes (`sentences.py`), places.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.text import Text


@dataclass(frozen=True, slots=True)
class Sentence:
    """The reason and the fix of one code; both may carry ``{names}`` to be filled in."""

    reason: Text
    fix: Text


def sentence(zh: str, en: str, fix_zh: str, fix_en: str) -> Sentence:
    """Return the sentence of one code, in the order in which a table of them is read."""
    return Sentence(Text(zh, en), Text(fix_zh, fix_en))
