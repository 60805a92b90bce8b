"""XML for exports: elements as values, written one way only.

Room for: elements, escaping, names that XML takes as ids, the layout of the text.
May not enter: which elements an export has (`scxml.py`, `bpmn.py`), reading XML.

The same elements make the same bytes. Nothing a definition says can leave its attribute or its text: what XML may
not hold becomes U+FFFD, what would end the place it stands in becomes an entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.language.drawing.text import xml

_BEGUN = "_--"
"""Before an id that would begin with a hyphen; no other begins so."""

_PLAIN = re.compile(r"[A-Za-z0-9_\u4e00-\u9fa5]")


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its prefix, its attributes in order, and what is inside: elements, or text."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    inside: tuple[Element, ...] | str = ()


def document(root: Element) -> str:
    """Return *root* as an XML document, an element a line."""
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, ""))) + "\n"


def xml_id(*parts: str) -> str:
    """Return an id for *parts*; other parts give another id, and `named` gives them back.

    It is an NCName in every edition of XML: ASCII and common Chinese characters stay as they are.
    """
    id_ = ".".join("".join(_character(c) for c in part) for part in parts)
    return _BEGUN + id_ if id_.startswith("-") else id_


def named(id_: str) -> tuple[str, ...]:
    """Return the parts that `xml_id` made *id_* of."""
    return tuple(
        re.sub("-([0-9a-f]+)-", lambda found: chr(int(found[1], 16)), part)
        for part in id_.removeprefix(_BEGUN).split(".")
    )


def _character(character: str) -> str:
    return character if _PLAIN.match(character) else f"-{ord(character):x}-"


def _lines(element: Element, indent: str) -> Iterator[str]:
    begun = f"{indent}<{element.name}" + "".join(
        f' {name}="{_attribute(value)}"' for name, value in element.attributes.items()
    )
    if not element.inside:
        yield f"{begun}/>"
    elif isinstance(element.inside, str):
        yield f"{begun}>{_text(element.inside)}</{element.name}>"
    else:
        yield f"{begun}>"
        for inner in element.inside:
            yield from _lines(inner, f"{indent}  ")
        yield f"{indent}</{element.name}>"


def _text(text: str) -> str:
    return xml(text).replace("\r", "&#13;")


def _attribute(text: str) -> str:
    return _text(text).replace("\n", "&#10;").replace("\t", "&#9;")
