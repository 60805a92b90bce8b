"""Citing: what a basis, written once as the law is cited in Chinese, is called in English.

Room for: names of sources, articles, paragraphs and items, and what joins them.
May not enter: what a source is called (the register says), what its articles say (`law/rules.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from engine.text import Text

_NUMBERS = "[0-9]+(?:、[0-9]+)*"
_PART = rf"第[(（]?({_NUMBERS})[)）]?[款项]"
_ARTICLE = rf"第{_NUMBERS}条(?:第[(（]?{_NUMBERS}[)）]?[款项])*"
_JOINS: Mapping[str, str] = {"、": "; ", "；": "; ", "，": "; ", "（": " (", "）": ")"}
_VERSIONS: Mapping[str | None, str] = {"修订": " revision", "修正": " amendment", None: ""}


def cited(basis: str, sources: Mapping[str, str]) -> Text:
    """Return *basis* in both languages: 办案规则第46条第(6)项、第47条 is "Case-Handling Rules arts. 46(6), 47".

    *sources*: what each source, and any word beside one, is in English. Where *basis* has a word that is not among them,
    it is left as it is written in both.
    """
    return Text(basis, _english(basis, sources) or basis)


def _english(basis: str, sources: Mapping[str, str]) -> str:
    pieces = _pieces(tuple(sources))
    said, at = "", 0
    while at < len(basis):
        found = pieces.match(basis, at)
        if found is None:
            return ""
        said += _told(found, sources, said)
        at = found.end()
    return said


def _told(found: re.Match[str], sources: Mapping[str, str], before: str) -> str:
    piece = found[0]
    gap = " " if before and before[-1] not in " (" else ""
    match found.lastgroup:
        case "source":
            return f"{gap}{sources[piece]}"
        case "articles":
            several = "s" if re.search("[、至]", re.sub(_PART, "", piece)) else ""
            numbers = re.sub(_PART, lambda part: f"({part[1].replace('、', ')、(')})", piece)
            numbers = re.sub("[第条]", "", numbers).replace("、", ", ").replace("至", " to ")
            return f"{gap}art{several}. {numbers}"
        case "year":
            return f"{gap}({found['of']}{_VERSIONS[found['version']]})"
        case _:
            return _JOINS[piece]


@lru_cache(maxsize=8)
def _pieces(sources: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: the name of a source may begin with that of another one.
    known = "|".join(re.escape(name) for name in sorted(sources, key=len, reverse=True)) or "(?!)"
    return re.compile(
        rf"(?P<articles>{_ARTICLE}(?:[、至]{_ARTICLE})*)"
        r"|(?P<year>[(（](?P<of>[0-9]{4})(?P<version>修订|修正)?[)）])"
        rf"|(?P<source>{known})"
        rf"|(?P<join>[{''.join(_JOINS)}])"
    )
