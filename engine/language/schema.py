"""Schema: the form of the language as JSON Schema (draft-07), for editors that complete and underline.

Room for: constructs and shapes turned into a schema of each kind of file.
May not enter: keys and shapes themselves (`keys.py`, `shapes.py`); what no schema can say: references, guards, proofs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, get_args

from engine.language.keys import CONSTRUCTS, Construct
from engine.language.reader import RESERVED
from engine.language.shapes import NAME, Either, Named, Of, Several, Shape, Value, Words
from engine.text import Text

FileKind = Literal["procedure", "register", "fragment"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)

Json = dict[str, object]

_KINDS: Mapping[str, Json] = {
    "text": {"type": "string"},
    "any": {"type": ["string", "number", "boolean"], "pattern": r"\S"},
    "whole": {"type": ["integer", "string"], "minimum": 0},
    "count": {"type": ["integer", "string"], "minimum": 1},
    "number": {"type": ["number", "string"]},
    "flag": {"enum": [True, False, "true", "false"]},
    "nothing": {"not": {}},
}


def json_schema(kind: FileKind) -> Json:
    """Return the schema of that kind of file. What it refuses the parser refuses too; the parser refuses more."""
    definitions: dict[str, Json] = {}
    root = _construct(CONSTRUCTS[kind], definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"anxu {kind}",
        **root,
        "definitions": dict(sorted(definitions.items())),
    }


def schema_text(kind: FileKind) -> str:
    """Return the schema as it stands in a file."""
    return json.dumps(json_schema(kind), ensure_ascii=False, indent=2) + "\n"


def _construct(construct: Construct, definitions: dict[str, Json]) -> Json:
    found: Json = {
        "description": _said(construct.said),
        "type": "object",
        "properties": {key: _shape(shape, definitions) for key, shape in construct.shapes.items()},
        "additionalProperties": False,
    }
    # What a procedure must have may also come from a fragment it uses.
    lent = [
        key for key in construct.required if "uses" in construct.keys and key in CONSTRUCTS["fragment"].keys
    ]
    if required := [key for key in construct.required if key not in lent]:
        found["required"] = required
    if lent:
        found["anyOf"] = [{"required": lent}, {"required": ["uses"]}]
    if construct.single:
        found |= {"minProperties": 1, "maxProperties": 1}
    if construct.ways:
        found["anyOf"] = [
            {"required": list(way), "propertyNames": {"enum": list(way)}} for way in construct.ways
        ]
    return found


def _shape(shape: Shape, definitions: dict[str, Json]) -> Json:
    match shape:
        case Value():
            definitions[_key(shape.name)] = _value(shape)
            return _reference(shape.name)
        case Of():
            if (key := _key(shape.construct)) not in definitions:
                definitions[key] = {}  # a state has moves, and whatever they have: no construct is made twice
                definitions[key] = _construct(CONSTRUCTS[shape.construct], definitions)
            return _reference(shape.construct)
        case Named():
            names, values = _shape(NAME, definitions), _shape(shape.of, definitions)
            return {
                "type": "object",
                "propertyNames": names,
                "additionalProperties": values,
                "minProperties": 1,
            }
        case Several():
            return {"type": "array", "items": _shape(shape.of, definitions), "minItems": shape.least}
        case Words():
            one = _shape(shape.of, definitions)
            return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}
        case Either():
            return {"anyOf": [_shape(one, definitions) for one in shape.of]}


def _value(value: Value) -> Json:
    found: Json = {"description": _said(value.said), **_KINDS[value.kind]}
    if value.words:
        found["enum"] = list(value.words)
    if value.pattern:
        found["pattern"] = value.pattern
    if value.longest:
        found["maxLength"] = value.longest
    if value is NAME:
        found["not"] = {"enum": sorted(RESERVED)}
    return found


def _reference(name: str) -> Json:
    return {"$ref": f"#/definitions/{_key(name)}"}


def _key(name: str) -> str:
    return name.replace(" ", "_")


def _said(text: Text) -> str:
    return f"{text.zh} · {text.en}"
