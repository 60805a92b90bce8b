"""Fragments are merged by name, told at their own place, and stored with the procedure that uses them."""

from __future__ import annotations

import itertools
import sys

import pytest

from engine.language.fragments import (
    Fragment,
    Fragments,
    is_fragment,
    own_document,
    parts_of,
    read_fragment,
    resolved,
    uses_of,
)
from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.model.procedure import Procedure
from engine.text import Text
from tests.language.fitting import FILES, REGISTER, together
from tests.language.small import ROLES, SMALL, changed

FORMS = """\
# 收件时都要的事实。
fragment: forms
facts:
  reason: {type: text, most: 500, title: {zh: 理由, en: Reason}}
documents:
  letter: {zh: 函, en: letter}
"""
WAYS = """\
fragment: ways
apart:
  - [clerk, judge]
persons:
  judge: {role: secretary, title: {zh: 审查人, en: judge}}
moves:
  drop: {title: {zh: 撤回, en: Drop}, by: clerk, from: any open state, needs: [reason], to: dropped}
  name: {title: {zh: 指定, en: Name}, by: clerk, from: [filed], assign: {judge: actor}, to: stays}
states:
  dropped: {title: {zh: 已撤回, en: Dropped}, stage: only, final: dropped}
"""
USING = changed(
    SMALL,
    ("title: {zh: 小程序, en: Small}\n", "title: {zh: 小程序, en: Small}\nuses: [forms, ways]\n"),
    ("  reason: {type: text, most: 500, title: {zh: 理由, en: Reason}}\n", ""),
)


def fragments(forms: str = FORMS, ways: str = WAYS) -> Fragments:
    return {"forms": Fragment("forms", "f/forms.yaml", forms), "ways": Fragment("ways", "f/ways.yaml", ways)}


def told(text: str, known: Fragments) -> list[str]:
    read = read_procedure(text, "small.yaml", ROLES, known)
    return [f"{p.file}:{p.line}:{p.column} {p.code}" for p in read] if isinstance(read, Problems) else []


def sound(text: str, known: Fragments) -> Procedure:
    read = read_procedure(text, "small.yaml", ROLES, known)
    assert isinstance(read, Procedure), read.said("en")
    return read


def test_the_sections_of_all_fragments_are_the_procedures_own() -> None:
    procedure = sound(USING, fragments())

    assert procedure.uses == ("forms", "ways")
    assert set(procedure.facts) == {"received_on", "reason"}
    assert set(procedure.persons) == {"clerk", "judge"}
    assert list(procedure.states) == ["filed", "proposed", "accepted", "dropped"]
    assert procedure.initial == "filed"
    assert procedure.apart == (("clerk", "judge"),)
    assert procedure.documents == {"letter": Text("函", "letter")}
    assert set(procedure.states["proposed"].moves) == {"drop"}


def test_the_resolved_text_is_the_same_procedure_by_itself() -> None:
    procedure = sound(USING, fragments())
    whole = resolved(USING, "small.yaml", fragments())

    assert whole == f"{USING}---\n{FORMS}---\n{WAYS}"
    again = sound(whole, {})
    assert again == procedure
    assert again.hash == procedure.hash
    assert again.hash != sound(USING, fragments(ways=WAYS + "# 注\n")).hash


def test_a_procedure_without_fragments_is_stored_as_it_was_written() -> None:
    windows = SMALL.replace("\n", "\r\n")
    assert resolved(windows, "small.yaml", fragments()) == windows


def test_a_resolved_text_comes_apart_again() -> None:
    whole = resolved(USING, "small.yaml", fragments())

    assert own_document(whole) == USING
    assert {name: part.text for name, part in parts_of(whole, "small.yaml").items()} == {
        "forms": FORMS,
        "ways": WAYS,
    }
    assert uses_of(whole) == uses_of(USING) == ("forms", "ways")


def test_a_file_without_a_last_line_end_still_comes_apart() -> None:
    whole = resolved(USING.rstrip("\n"), "small.yaml", fragments(forms=FORMS.rstrip("\n")))

    assert sound(whole, {}) == sound(USING.rstrip("\n"), fragments(forms=FORMS.rstrip("\n")))
    assert whole == f"{USING}---\n{FORMS}---\n{WAYS}"


UNUSED = "fragment: spare\nfacts:\n  spare: {type: text, title: {zh: 备, en: Spare}}\n"
FRAGMENT_FAULTS: list[tuple[str, str, Fragments, list[str]]] = [
    ("a name declared in two fragments", USING,
     fragments(ways=WAYS + "documents:\n  letter: {zh: 信, en: letter}\n"), ["f/ways.yaml:12:3 declared_twice"]),
    ("a name declared in the file and in a fragment", changed(USING, ("facts:\n", "facts:\n  reason: {type: text, title: {zh: 由, en: R}}\n")),
     fragments(), ["f/forms.yaml:4:3 declared_twice"]),
    ("a fragment nobody knows", changed(USING, ("[forms, ways]", "[form, ways]")),
     fragments(), ["small.yaml:3:8 unknown_fragment"]),
    ("a key that is none", USING, fragments(forms=FORMS + "title: {zh: 表, en: Forms}\n"), ["f/forms.yaml:7:1 unknown_key"]),
    ("a section of another form", USING, fragments(forms=changed(FORMS, ("documents:\n  letter: {zh: 函, en: letter}\n", "documents: [letter]\n"))),
     ["f/forms.yaml:5:12 wrong_type"]),
    ("a fragment that uses another", USING, fragments(forms=FORMS + "uses: [ways]\n"), ["f/forms.yaml:7:1 fragment_uses"]),
    ("a fragment that does not begin with its name", USING,
     fragments(forms=changed(FORMS, ("fragment: forms\n", "")) + "fragment: forms\n"), ["f/forms.yaml:2:1 fragment_first"]),
    ("a fragment of another name", USING, fragments(forms=changed(FORMS, ("fragment: forms", "fragment: form"))),
     ["f/forms.yaml:2:11 fragment_differs"]),
    ("what is no YAML", USING, fragments(forms=FORMS + "facts: [\n"), ["f/forms.yaml:8:1 syntax"]),
    ("a tab", USING, fragments(forms=FORMS + "roles:\n\tx: {zh: 一, en: x}\n"), ["f/forms.yaml:8:1 tab"]),
    ("a document behind a fragment", USING, fragments(ways=WAYS + "---\nx: y\n"), ["f/ways.yaml:11:1 second_document"]),
    ("a reference a fragment makes to nothing", USING, fragments(ways=changed(WAYS, ("needs: [reason]", "needs: [raeson]"))),
     ["f/ways.yaml:7:78 unknown_fact"]),
    ("a state of a fragment nobody reaches", USING, fragments(ways=changed(WAYS, ("to: dropped}", "to: stays}"))),
     ["f/ways.yaml:10:3 unreachable_state"]),
    ("named twice", changed(USING, ("[forms, ways]", "[forms, ways, forms]")), fragments(), ["small.yaml:3:21 named_twice"]),
    ("a part nobody uses", f"{USING}---\n{UNUSED}", fragments(), ["small.yaml:36:1 part_unused"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known", "expected"), [row[1:] for row in FRAGMENT_FAULTS], ids=[r[0] for r in FRAGMENT_FAULTS]
)
def test_a_problem_is_told_at_the_file_it_stands_in(text: str, known: Fragments, expected: list[str]) -> None:
    assert told(text, known) == expected


def test_a_problem_in_a_fragment_quotes_the_fragments_line() -> None:
    read = read_procedure(
        USING, "small.yaml", ROLES, fragments(ways=changed(WAYS, ("to: dropped}", "to: droped}")))
    )
    assert isinstance(read, Problems)

    assert read.said("en") == (
        "f/ways.yaml:7:91: unknown state 'droped'\n"
        "     7 |   drop: {title: {zh: 撤回, en: Drop}, by: clerk, from: any open state, needs: [reason], to: droped}\n"
        "       |                                                                                             ^^^^^^\n"
        "fix: did you mean 'dropped'? States known here: accepted, dropped, filed, proposed."
    )


def test_a_name_declared_twice_names_the_first_place() -> None:
    read = read_procedure(
        USING, "small.yaml", ROLES, fragments(ways=WAYS + "documents:\n  letter: {zh: 信, en: letter}\n")
    )
    assert isinstance(read, Problems)

    assert [problem.reason for problem in read] == [
        Text("“letter”已在 f/forms.yaml 第6行声明", "'letter' is declared already, at f/forms.yaml line 6")
    ]


def test_in_a_stored_text_a_problem_has_the_line_of_the_whole() -> None:
    whole = resolved(USING, "small.yaml", fragments(ways=changed(WAYS, ("to: dropped}", "to: droped}"))))
    (problem,) = told(whole, {})

    line = whole.split("\n").index(next(li for li in whole.split("\n") if "droped" in li)) + 1
    assert problem == f"small.yaml:{line}:91 unknown_state"


def test_a_fragment_alone_is_checked_for_its_form() -> None:
    read = read_fragment(FORMS + "facts_: []\nclocks: x\n", "forms.yaml")
    assert isinstance(read, Problems)

    assert [f"{p.line}:{p.column} {p.code}" for p in read] == ["7:1 unknown_key", "8:9 wrong_type"]
    assert read_fragment(FORMS, "forms.yaml") == Fragment("forms", "forms.yaml", FORMS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(FORMS, True), ("---\n" + FORMS, True), (SMALL, False), (f"{USING}---\n{FORMS}", False), ("", False)],
)
def test_a_fragment_is_known_by_its_first_key(text: str, expected: bool) -> None:
    assert is_fragment(text) is expected


REGISTERED = changed(
    REGISTER, ("procedures:\n", "fragments:\n  forms: forms.yaml\n  ways: ways.yaml\nprocedures:\n")
)
SHARED = {**FILES, "workflows.yaml": REGISTERED, "small.yaml": USING, "forms.yaml": FORMS, "ways.yaml": WAYS}
FRAGMENT_MISFITS: list[tuple[str, dict[str, str], list[str]]] = [
    ("all fit", {}, []),
    ("a fragment nobody uses",
     {"workflows.yaml": changed(REGISTERED, ("  ways:", "  spare: spare.yaml\n  ways:")), "spare.yaml": UNUSED},
     ["workflows.yaml:14:10 fragment_unused"]),
    ("one nobody uses whose file is not there", {"workflows.yaml": changed(REGISTERED, ("  ways:", "  spare: spare.yaml\n  ways:"))},
     ["workflows.yaml:14:10 fragment_unused"]),
    ("a fragment of another name",
     {"workflows.yaml": changed(REGISTERED, ("  ways:", "  other: spare.yaml\n  ways:")), "spare.yaml": UNUSED},
     ["workflows.yaml:14:10 fragment_differs"]),
    ("a misfit in a fragment", {"ways.yaml": WAYS + "terms:\n  t: {title: {zh: 期, en: T}, limit: 1 days, ladder: steps}\n"},
     ["ways.yaml:12:53 unknown_ladder"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected"), [row[1:] for row in FRAGMENT_MISFITS], ids=[row[0] for row in FRAGMENT_MISFITS]
)
def test_a_register_and_its_fragments_fit(files: dict[str, str], expected: list[str]) -> None:
    assert together({**SHARED, **files}) == expected


def test_very_many_parts_are_refused_without_reading_each() -> None:
    parts, calls = 50_000, itertools.count()
    sys.setprofile(lambda *_: next(calls) and None)
    try:
        said = told(USING + "---\nfragment: x\n" * parts, {})
    finally:
        sys.setprofile(None)
    assert [row.split()[1] for row in said] == ["too_many"]
    assert next(calls) < parts


def test_fragments_and_procedure_together_stay_within_the_largest_file() -> None:
    large = FORMS + "# " + "字" * 999_000 + "\n"
    assert told(USING, fragments(forms=large))[0] == "small.yaml:3:8 too_large"
