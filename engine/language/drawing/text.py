"""Text in a picture: how wide it is without a font at hand, where it breaks, what a picture may carry.

Room for: estimated widths, line breaks for Chinese and Latin, characters that no XML may hold.
May not enter: what is written (`plan.py`), where it stands (`layout.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from math import ceil
from unicodedata import combining, east_asian_width

CLOSING = "，。、；：？！）〕】》”’％,.;:?!)%"
"""Marks that may not begin a line."""

OPENING = "（〔【《“‘"
"""Marks that may not end a line."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def width(text: str, size: float) -> float:
    """Estimate the width of *text* at *size*: 1 em a Chinese character, 0.55 em a Latin one."""
    return size * sum(_em(character) for character in text)


# A console draws the same few procedures on every page of a case.
@lru_cache(maxsize=4096)
def wrapped(text: str, size: float, most: float) -> tuple[str, ...]:
    """Break *text* into as few lines as *most* allows, about equally long; words stay whole where they fit."""
    words = _words(" ".join(text.split()))
    whole = width("".join(words), size)
    longest = max((width(word.rstrip(), size) for word in words), default=0.0)
    for count in range(max(1, ceil(whole / most)), len(words) + 1):
        for slack in (1.0, 1.12, 1.25, 1.4):
            broken = tuple(_broken(words, size, min(most, max(longest, whole / count * slack))))
            if len(broken) <= count:
                return broken
    return tuple(_broken(words, size, most))


def filled(text: str, size: float, most: float) -> tuple[str, ...]:
    """Break *text* into lines that are as full as *most* allows."""
    return tuple(_broken(_words(" ".join(text.split())), size, most))


def xml(text: str) -> str:
    """Return *text* fit for XML, in an attribute as well as between tags."""
    # XML's own library would do it too, but every command would load a network library with that one.
    return escape(_NOT_XML.sub("\ufffd", text), quote=False).replace('"', "&quot;")


def _em(character: str) -> float:
    if combining(character):
        return 0.0
    return 1.0 if east_asian_width(character) in "WFA" else 0.55


def _broken(words: list[str], size: float, most: float) -> Iterator[str]:
    line = ""
    for word in words:
        if line and width((line + word).rstrip(), size) > most:
            yield line.rstrip()
            line = ""
        line += word
        while len(line) > 1 and width(line.rstrip(), size) > most:
            fits = next(n for n in range(len(line), 0, -1) if n == 1 or width(line[:n], size) <= most)
            yield line[:fits]
            line = line[fits:]
    if line.strip():
        yield line.rstrip()


def _words(text: str) -> list[str]:
    """Split where a line may break: after a space or hyphen, around a wide character, not beside its marks."""
    words: list[str] = []
    for character in text:
        last = words[-1][-1] if words else ""
        breaks = last in (" ", "-") or _em(character) == 1.0 or (last and _em(last) == 1.0)
        if last and (character in CLOSING or character == " " or last in OPENING or not breaks):
            words[-1] += character
        else:
            words.append(character)
    return words
