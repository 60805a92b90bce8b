"""SCXML documents held against the W3C's schema, in the form of it that `vendor/MANIFEST.md` speaks of.

The schema says which elements may stand where, how often, and with which attributes. What it leaves to the prose of
the Recommendation is checked by hand here and named for what it is: `by_the_prose`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args, get_type_hints
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

COMPILED = Path(__file__).parent / "vendor" / "scxml-strict.py.txt"
SPACE = "{http://www.w3.org/2005/07/scxml}"
NCNAME = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True)
class Attribute:
    """What an attribute may be: required, of a pattern, one of a few words."""

    required: bool
    pattern: str | None
    words: frozenset[str]


@dataclass(frozen=True)
class Declared:
    """What an element may carry, and what may stand inside it: child -> (least, most)."""

    attributes: Mapping[str, Attribute]
    children: Mapping[str, tuple[int, int]]
    foreign: bool
    mixed: bool


@cache
def schema() -> Mapping[str, Declared]:
    """Return every element of the schema by its name."""
    module = ModuleType("scxml_strict")
    sys.modules[module.__name__] = module
    exec(compile(COMPILED.read_text(encoding="utf-8"), str(COMPILED), "exec"), module.__dict__)
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and not issubclass(kind, Enum)]
    metas = [(getattr(kind, "Meta", None), kind) for kind in kinds]
    return {meta.name: _declared(kind, module) for meta, kind in metas if meta and hasattr(meta, "namespace")}


def _declared(kind: type, module: ModuleType) -> Declared:
    hints = get_type_hints(kind, vars(module))
    attributes: dict[str, Attribute] = {}
    children: dict[str, tuple[int, int]] = {}
    foreign = mixed = False
    for each in fields(kind):
        said = each.metadata
        name = said.get("name", each.name)
        if said["type"] == "Attribute":
            words = {
                str(word.value)
                for one in (hints[each.name], *get_args(hints[each.name]))
                if isinstance(one, type) and issubclass(one, Enum)
                for word in one
            }
            attributes[name] = Attribute(bool(said.get("required")), said.get("pattern"), frozenset(words))
        elif said["type"] == "Element":
            many = getattr(hints[each.name], "__origin__", None) is list
            children[name] = said.get("min_occurs", 0), said.get("max_occurs", sys.maxsize if many else 1)
        elif said["type"] == "Wildcard":
            foreign, mixed = True, mixed or bool(said.get("mixed"))
    return Declared(attributes, children, foreign, mixed)


def faults_of(text: str) -> list[str]:
    """Return what is wrong with the SCXML document *text*, one sentence each."""
    root = ElementTree.fromstring(text)
    if root.tag != f"{SPACE}scxml":
        return [f"{root.tag} is no scxml"]
    return [*_by_the_schema(root), *by_the_prose(root)]


def _by_the_schema(element: Element) -> Iterator[str]:
    name = element.tag.removeprefix(SPACE)
    declared = schema()[name]
    for attribute, rule in declared.attributes.items():
        value = element.get(attribute)
        if value is None:
            if rule.required:
                yield f"{name} without {attribute}"
        elif rule.words and value not in rule.words:
            yield f"{name} {attribute}={value!r} is none of {sorted(rule.words)}"
        elif rule.pattern and not _matches(rule.pattern, value):
            yield f"{name} {attribute}={value!r} is not of the pattern"
    yield from (
        f"{name} has no attribute {key}"
        for key in element.attrib
        if not key.startswith("{") and key not in declared.attributes
    )
    if not declared.mixed and "".join([element.text or "", *(inner.tail or "" for inner in element)]).strip():
        yield f"{name} may hold no text"
    yield from _inside(element, name, declared)


def _inside(element: Element, name: str, declared: Declared) -> Iterator[str]:
    count = dict.fromkeys(declared.children, 0)
    for inner in element:
        child = inner.tag.removeprefix(SPACE)
        if not inner.tag.startswith(SPACE):
            if not declared.foreign:
                yield f"{name} may hold nothing of others"
        elif child not in count:
            yield f"{name} may not hold {child}"
        else:
            count[child] += 1
            yield from _by_the_schema(inner)
    for child, (least, most) in declared.children.items():
        if not least <= count[child] <= most:
            yield f"{name} holds {count[child]} {child}"


def _matches(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern.replace(r"\i", r"[^\W\d]"), value) is not None


def by_the_prose(root: Element) -> Iterator[str]:
    """Say what the Recommendation asks in prose: version 1.0, unique ids, targets that exist, transitions that say
    something (3.5), outcomes of a final by content or by params, not both (5.5).
    """
    if root.get("version") != "1.0":
        yield "the version must be 1.0"
    ids = [
        element.attrib["id"]
        for element in root.iter()
        if element.tag.startswith(SPACE) and "id" in element.attrib
    ]
    yield from (f"id {one!r} is no NCName" for one in ids if not NCNAME.fullmatch(one))
    yield from (f"id {one!r} stands twice" for one in set(ids) if ids.count(one) > 1)
    for element in root.iter():
        for reference in ("target", "initial"):
            aims = (element.get(reference) or "").split() if element.tag.startswith(SPACE) else []
            yield from (f"{reference} {aim!r} leads nowhere" for aim in aims if aim not in ids)
    for transition in root.iter(f"{SPACE}transition"):
        if not {"event", "cond", "target"} & transition.attrib.keys():
            yield "a transition says nothing"
    for data in root.iter(f"{SPACE}donedata"):
        if data.find(f"{SPACE}content") is not None and data.find(f"{SPACE}param") is not None:
            yield "donedata has both content and params"
