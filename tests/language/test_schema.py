"""The JSON Schema says what the parser says about the form of a file, and is kept beside the procedures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from engine.language import declared, shapes
from engine.language.fragments import own_document
from engine.language.keys import CONSTRUCTS
from engine.language.nodes import Listing, Node, Scalar, compose
from engine.language.reader import RESERVED
from engine.language.register import read_register
from engine.language.schema import FILE_KINDS, FileKind, json_schema, schema_text
from engine.language.source import Source
from engine.language.values import as_date, as_number
from engine.law.duration import Duration
from engine.model.procedure import ANY_PARTY
from engine.model.register import Register
from tests.language.small import BROKEN, ROOT

FOLDER = ROOT / "workflows/schema"
VALIDATORS = {kind: Draft7Validator(json_schema(kind)) for kind in FILE_KINDS}


def plain(node: Node, typed: bool) -> Any:
    """Return *node* as an editor sees it: with *typed*, unquoted numbers and true or false as what they are."""
    if isinstance(node, Scalar):
        if typed and node.offset == 0 and node.text in ("true", "false"):
            return node.text == "true"
        if typed and node.offset == 0 and (number := as_number(node.text)) is not None:
            return float(number) if "." in node.text else int(number)
        return node.text
    if isinstance(node, Listing):
        return [plain(item, typed) for item in node.items]
    return {key.text: plain(value, typed) for key, value in node.entries}


def composed(path: Path, *, typed: bool = False) -> Any:
    source = Source.of(own_document(path.read_text(encoding="utf-8")), path.name)
    root = compose(source)
    return plain(root, typed) if root is not None and not source.found else None


def faults(kind: FileKind, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATORS[kind].iter_errors(data)]


def shipped() -> list[tuple[FileKind, Path]]:
    read = read_register((ROOT / "workflows.yaml").read_text(encoding="utf-8"), "workflows.yaml")
    assert isinstance(read, Register)
    procedures: list[tuple[FileKind, Path]] = [
        ("procedure", ROOT / entry.file) for entry in read.procedures.values()
    ]
    fragments: list[tuple[FileKind, Path]] = [("fragment", ROOT / file) for file in read.fragments.values()]
    return [("register", ROOT / "workflows.yaml"), *procedures, *fragments]


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_a_schema_is_a_schema_and_is_kept_as_it_is_made(kind: FileKind) -> None:
    Draft7Validator.check_schema(json_schema(kind))
    kept = (FOLDER / f"{kind}.json").read_text(encoding="utf-8")
    assert kept == schema_text(kind), f"make it anew: anxu schema {kind} > workflows/schema/{kind}.json"


@pytest.mark.parametrize("typed", [False, True], ids=["as-text", "as-typed"])
@pytest.mark.parametrize(("kind", "path"), shipped(), ids=[path.stem for _, path in shipped()])
def test_every_shipped_file_has_the_form_of_its_schema(kind: FileKind, path: Path, typed: bool) -> None:
    assert faults(kind, composed(path, typed=typed)) == []


OF_FORM = {
    "bad_boolean", "bad_duration", "bad_every", "bad_name", "bad_number", "bad_path", "bad_period", "bad_time",
    "bad_when", "bad_word", "empty_value", "missing_key", "named_twice", "reserved_name", "takes_nothing",
    "too_few_apart", "unknown_key", "wrong_type", "bad_form",
}  # fmt: skip
"""The problems that are faults of form. What else is told hangs on names, guards and the machine."""

SOMETIMES = {
    "bad_date", "bad_pattern", "comma", "guard_too_long", "not_together", "relation_needed", "role_needed",
}  # fmt: skip
"""These are faults of form in some places, and in others not."""


BEYOND = {
    "bad_fraction": "an amount may have a fraction, other bounds not",
    "built_in_relation": "only persons cannot be called recused",
    "choice_without_choices": "choices are needed where the type is choice",
    "needed_and_asked": "two lists are compared",
    "register_rung_twice": "two rungs are compared",
    "person_named_as_a_recipient": "only persons and roles cannot be called handler",
    "register_recipient_as_a_role": "only persons and roles cannot be called handler",
    "role_named_as_a_recipient": "only persons and roles cannot be called awaited",
    "same_term_twice": "two terms are compared",
}
"""Faults that hang on another value than the one at fault, which a schema does not see."""


def told(path: Path) -> list[str]:
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    return [one.split(" ")[1] for one in first.removeprefix("# ").split(", ")]


def of_form() -> list[Path]:
    files = [path for path in sorted(BROKEN.glob("*.yaml")) if path.stem not in BEYOND]
    return [path for path in files if OF_FORM.intersection(told(path)) and composed(path) is not None]


@pytest.mark.parametrize("path", of_form(), ids=lambda path: path.stem)
def test_a_file_whose_fault_is_of_form_is_refused(path: Path) -> None:
    kind: FileKind = "register" if path.name.startswith("register_") else "procedure"
    assert faults(kind, composed(path)) != []


def test_a_file_whose_form_is_right_is_not_refused() -> None:
    refused = {}
    for path in sorted(BROKEN.glob("*.yaml")):
        data = composed(path)
        if data is not None and not (OF_FORM | SOMETIMES).intersection(told(path)):
            kind: FileKind = "register" if path.name.startswith("register_") else "procedure"
            if found := faults(kind, data):
                refused[path.name] = (told(path), found)
    assert refused == {}


def test_every_construct_is_reached_from_one_of_the_files() -> None:
    reached = {name for kind in FILE_KINDS for name in json_schema(kind)["definitions"]}  # type: ignore[attr-defined]
    assert {name.replace(" ", "_") for name in CONSTRUCTS} - set(FILE_KINDS) <= reached
    assert len({name.replace(" ", "_") for name in CONSTRUCTS}) == len(CONSTRUCTS)


def matches(value: shapes.Value, text: str) -> bool:
    return Draft7Validator({"pattern": value.pattern}).is_valid(text)


@pytest.mark.parametrize(
    "text", ["5 work days", "45 days", "1 month", "0 days", "05 days", "5", "-1 days", "5 hours", "5  days"]
)
def test_lengths_are_those_the_parser_reads(text: str) -> None:
    try:
        Duration.parse(text)
    except ValueError:
        assert not matches(shapes.DURATION, text)
    else:
        assert matches(shapes.DURATION, text)


@pytest.mark.parametrize("text", ["2026-03-01", "2026-3-1", "20260301", "01-03-2026"])
def test_dates_are_written_as_the_parser_reads_them(text: str) -> None:
    assert matches(shapes.DATE, text) is (as_date(text) is not None)


@pytest.mark.parametrize(
    ("text", "right"),
    [("filed", True), ("立案", True), ("level_2", True), ("é", True), ("2nd", False), ("a-b", False), ("a b", False),
     ("", False), ("a" * 100, True), ("a" * 101, False)],
)  # fmt: skip
def test_names_are_letters_of_any_script(text: str, right: bool) -> None:
    assert matches(shapes.NAME, text) is right


def test_words_that_are_no_names_are_refused_as_names() -> None:
    definitions: Any = json_schema("procedure")["definitions"]
    assert set(definitions["name"]["not"]["enum"]) == RESERVED


def test_the_sides_are_those_of_the_parser() -> None:
    definitions: Any = json_schema("procedure")["definitions"]
    assert tuple(definitions["party"]["enum"]) == declared.PARTIES
    assert definitions["any_party"]["enum"] == [ANY_PARTY]


def test_a_schema_speaks_both_languages() -> None:
    text = json.dumps(json_schema("procedure"), ensure_ascii=False)
    assert "审限时钟 · an award period" in text
