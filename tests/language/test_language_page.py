"""The language page and the parser know the same words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.language.guard_text import parse_guard
from engine.language.keys import CONSTRUCTS
from engine.language.procedure import read_procedure
from engine.language.reader import RESERVED
from engine.language.register import read_register
from engine.language.schema import FILE_KINDS, json_schema
from engine.model.procedure import Fact, Procedure
from engine.model.register import Register
from tests.builders import fragments
from tests.language.fitting import together
from tests.language.small import ROOT

PAGE = (ROOT / "workflows/README.md").read_text(encoding="utf-8")


def documented() -> dict[str, dict[str, bool]]:
    """Return, for each construct with a heading of its own, its documented keys and whether they are needed."""
    found: dict[str, dict[str, bool]] = {}
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        name = re.fullmatch(r".*: `([a-z ]+)`", heading)
        assert name, heading
        rows = re.findall(r"^\| `(\w+)` \| (yes)? ?\| \S", body.split("\n## ")[0], flags=re.MULTILINE)
        assert name[1] not in found, "one construct, one heading"
        found[name[1]] = {key: needed == "yes" for key, needed in rows}
    return found


def accepted() -> dict[str, dict[str, bool]]:
    return {
        name: {key: key in construct.required for key in construct.keys}
        for name, construct in CONSTRUCTS.items()
    }


def test_every_key_is_documented_and_every_documented_key_is_read() -> None:
    assert documented() == accepted()


def formed() -> dict[str, dict[str, bool]]:
    """Return, for each construct of the schemas, its properties and whether they are required."""
    found = {}
    for kind in FILE_KINDS:
        schema: Any = json_schema(kind)
        for name, construct in {kind: schema, **schema["definitions"]}.items():
            if "properties" in construct:
                # A procedure without fragments has stages and states of its own.
                required = {
                    *construct.get("required", ()),
                    *construct.get("anyOf", [{}])[0].get("required", ()),
                }
                required -= {"when", "state"} if name == "branch" else set()
                found[name] = {key: key in required for key in construct["properties"]}
    return found


def test_the_schema_has_the_keys_of_the_page() -> None:
    assert formed() == {name.replace(" ", "_"): keys for name, keys in documented().items()}


def test_the_words_that_are_no_names_are_all_listed() -> None:
    listed = re.search(r"are no names: `([^`]*)`", PAGE)
    assert listed
    assert set(listed[1].split()) == RESERVED


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def register() -> Register:
    read = read_register((ROOT / "workflows.yaml").read_text(encoding="utf-8"), "workflows.yaml")
    assert isinstance(read, Register)
    return read


def test_the_worked_procedure_of_the_page_has_no_problem(register: Register) -> None:
    text, _ = blocks("yaml")
    read = read_procedure(text, "workflows/README.md", register.roles)
    assert isinstance(read, Procedure), read.said("en")


HOST = """\
procedure: parts
title: {zh: 片段, en: Parts}
basis: 规则
stages:
  only: {zh: 办理, en: Handling}
persons:
  secretary: {role: secretary, title: {zh: 承办人, en: secretary}}
opening: {by: any filing_clerk}
states:
  handled:
    title: {zh: 办理中, en: Being handled}
    stage: only
    awaits: any director
    within: claim_change
    moves:
      assign: {title: {zh: 接手, en: Take over}, by: any secretary, assign: {secretary: actor}, to: stays}
      end: {title: {zh: 结束, en: End}, by: any director, to: ended_here}
  ended_here: {title: {zh: 已结束, en: Ended}, stage: only, final: done}
"""
REGISTER = """\
institution: small
title: {zh: 小院, en: Small court}
zone: Asia/Shanghai
offices:
  main: {zh: 仲裁院, en: Court}
roles:
  filing_clerk: {zh: 立案人员, en: filing clerk}
  secretary: {zh: 秘书, en: secretary}
  director: {zh: 主任, en: director}
fragments:
  hand_over: hand_over.yaml
procedures:
  parts: {file: parts.yaml, series: 小, number: "〔{year}〕{n}号"}
  late_entry: {file: late_entry.yaml}
"""


def test_the_pieces_of_the_page_make_one_procedure_that_fits_its_register_and_its_matter() -> None:
    (targets,) = re.findall(r"^```\n(targets:.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    files = {
        "workflows.yaml": REGISTER + targets.replace("labour", "parts"),
        "parts.yaml": HOST + "".join(blocks("parts")),
        "late_entry.yaml": blocks("yaml")[1],
        "hand_over.yaml": blocks("fragment")[0],
    }

    assert together(files) == []


class _Labour:
    """The names of the labour procedure, for its guards on the page; and those of the page's own form table."""

    def __init__(self, procedure: Procedure, worked: Procedure) -> None:
        self.facts: dict[str, Fact | None] = {**procedure.facts, "lawful": worked.facts["lawful"]}
        self.kinds = procedure.matters
        self.relations = procedure.persons


@pytest.fixture(scope="module")
def names(register: Register) -> _Labour:
    labour = read_procedure(
        (ROOT / "workflows/labour.yaml").read_text(encoding="utf-8"),
        "labour.yaml",
        register.roles,
        fragments(),
    )
    worked = read_procedure(blocks("yaml")[0], "README.md", register.roles)
    assert isinstance(labour, Procedure)
    assert isinstance(worked, Procedure)
    return _Labour(labour, worked)


def forms() -> list[str]:
    table = PAGE.partition("| form | holds when |")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.split("\n") if row.count("|") == 3]
    found = [form for cell in cells for form in re.findall(r"`([^`]*)`", cell)]
    return [form for form in found if "…" not in form]


def test_every_form_of_a_guard_on_the_page_is_read(names: _Labour) -> None:
    written = [*forms(), *blocks("guards")[0].strip().split("\n")]

    assert len(written) > 20
    assert [
        (text, parse_guard(text, names)) for text in written if isinstance(parse_guard(text, names), tuple)
    ] == []
