"""What no definition may do: any text becomes a definition or problems, quickly, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.fragments import resolved
from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.source import LARGEST, MOST_PROBLEMS, read_file
from engine.model.procedure import Procedure
from tests.builders import fragments
from tests.examples import examples
from tests.language.small import ROLES, ROOT, SMALL, problems_of, procedure_of

BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def one(text: str) -> tuple[str, int]:
    """Return code and line of the one problem of *text*."""
    (problem,) = problems_of(text)
    return problem.code, problem.line


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param("", "empty", 1, id="nothing"),
        pytest.param("# only a note\n", "empty", 1, id="a comment alone"),
        pytest.param("just words", "wrong_type", 1, id="a sentence"),
        pytest.param("- a\n- b\n", "wrong_type", 1, id="a list"),
        pytest.param(BOMB, "anchor", 1, id="a bomb of aliases is refused at its first anchor"),
        pytest.param("a: *nothing\n", "anchor", 1, id="an alias to nothing"),
        pytest.param(
            "a: !!python/object/apply:os.system [ls]\n", "tag", 1, id="a tag that would run something"
        ),
        pytest.param("a: !!int 1\n", "tag", 1, id="a harmless tag"),
        pytest.param("[" * 3000, "too_deep", 1, id="3,000 brackets"),
        pytest.param("a: " + "{a: " * 60, "too_deep", 1, id="60 braces"),
        pytest.param(
            "a:\n" + "".join(" " * i + "- \n" for i in range(1, 60)), "too_deep", 51, id="60 steps in"
        ),
        pytest.param("a: [" + "b," * 100_000 + "]", "too_many_here", 1, id="100,000 items"),
        pytest.param("a: b\x00\n", "bad_character", 1, id="NUL"),
        pytest.param("a: b\nc: \x07\n", "bad_character", 2, id="a bell"),
        pytest.param("a: \ud800\n", "bad_character", 1, id="half a character"),
        pytest.param("a: b\u2028c: d\n", "bad_character", 1, id="a line end that is none"),
        pytest.param("a: \u202eb\n", "bad_character", 1, id="a mark that turns the writing"),
        pytest.param("a: \ufeffb\n", "bad_character", 1, id="a byte order mark inside"),
        pytest.param("a:\n\tb: c\n", "tab", 2, id="a tab"),
        pytest.param("a: 1\n---\nb: 2\n", "second_document", 2, id="two documents"),
        pytest.param("a: [b\n", "syntax", 2, id="an open bracket"),
        pytest.param("a: 'b\n", "syntax", 2, id="an open quote"),
        pytest.param("%YAML 9.9\n---\na: b\n", "syntax", 1, id="a directive"),
        pytest.param("a：b\nc: d\n", "full_width", 1, id="a full-width colon"),
        pytest.param("a:\n  b：\n    c: d\n", "full_width", 2, id="a full-width colon before a block"),
        pytest.param("a: {b: 甲，c: d}\n", "full_width", 1, id="a full-width comma"),
    ],
)
def test_a_text_that_is_no_definition_is_one_problem_with_its_line(text: str, code: str, line: int) -> None:
    assert one(text) == (code, line)
    assert isinstance(read_register(text, "workflows.yaml"), Problems)


def test_an_escaped_control_character_is_refused_like_a_plain_one() -> None:
    problems = problems_of(SMALL.replace("规则", '"\\e[31m"', 1))
    assert [p.code for p in problems] == ["bad_character"]


def test_a_key_without_end_is_no_key() -> None:
    problems = problems_of(SMALL + "k" * 101 + ": x\n")
    assert [p.code for p in problems] == ["bad_key"]


def test_nobody_is_told_more_than_they_can_repair() -> None:
    problems = problems_of(SMALL + "".join(f"k{i}: x\n" for i in range(4_900)))
    assert len(problems) == MOST_PROBLEMS


PROBLEMS_MOST = 101
"""A hundred, and the word that there are more."""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOMB * 2_000, id="aliases without end"),
        pytest.param("\t\n" * 300_000, id="a file of tabs"),
        pytest.param("\x00" * 900_000, id="a file of NULs"),
        pytest.param("- a\n" * 200_000, id="a list without end"),
        pytest.param("a: " + "x " * 400_000, id="a sentence without end"),
        pytest.param(SMALL + "".join(f"k{i}: x\n" for i in range(30_000)), id="unknown keys without end"),
        pytest.param("x" * 50_000_000, id="50 MB"),
    ],
)
def test_a_hostile_text_is_refused_with_a_bounded_answer(text: str) -> None:
    problems = problems_of(text)

    assert 1 <= len(problems) <= PROBLEMS_MOST
    assert all(len(problem.said("zh")) < 2_000 for problem in problems)


def test_a_chain_or_a_standing_move_cannot_unfold_without_end() -> None:
    level = "{by: any director, title: {zh: 级, en: Level}, within: {limit: 1 day}}"
    words = "title: {zh: 甲, en: A}"
    chain = f"chain: {{stage: only, sign: {{{words}}}, return: {{{words}, to: filed}}, passed: accepted, levels: ["
    moves = "".join(
        f"  m{i}: {{{words}, by: clerk, from: any open state, to: stays}}\n" for i in range(1_000)
    )
    states = "".join(f"  s{i}: {{{words}, stage: only, final: s{i}}}\n" for i in range(100))
    assert "too_many" in [p.code for p in problems_of(SMALL + chain + ", ".join([level] * 51) + "]}\n")]
    assert "too_many" in [p.code for p in problems_of(SMALL + states + "moves:\n" + moves)]


def test_a_file_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert read_file(path) == SMALL


def told_of(path: Path) -> str:
    read = read_file(path, "workflows/small.yaml")
    assert isinstance(read, Problems)
    (problem,) = read
    return f"{problem.line}:{problem.column} {problem.code} {problem.reason.en}"


def test_gbk_bytes_are_told_with_their_place_and_what_they_look_like(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.encode("gbk"))
    assert told_of(path) == "2:14 not_utf8 the file is not UTF-8 (it looks like GBK)"


def test_utf_16_and_garbage_are_told_too(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(SMALL.encode("utf-16"))
    assert told_of(path) == "1:1 not_utf8 the file is not UTF-8 (it looks like UTF-16)"
    path.write_bytes(b"a: \xff\xff\xff\xff")
    assert told_of(path) == "1:4 not_utf8 the file is not UTF-8"


def test_a_large_file_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    assert told_of(path) == f"1:1 too_large the file is larger than {LARGEST} bytes"


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    assert told_of(tmp_path / "nothing.yaml").startswith("1:1 unreadable")
    assert told_of(tmp_path).startswith("1:1 unreadable")


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    text = read_file(path)
    assert isinstance(text, str)
    assert procedure_of(text) == procedure_of(SMALL)


LABOUR = resolved((ROOT / "workflows/labour.yaml").read_text(encoding="utf-8"), "labour.yaml", fragments())
PIECES = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "'",
    '"',
    "，",
    "：",
    "|",
    ">",
    "?",
    "#",
    "any ",
    "&",
    "*",
    "!",
    "0",
]


@settings(derandomize=True, max_examples=examples(30))
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(LABOUR)), st.integers(0, 40), st.sampled_from(PIECES)), max_size=6
    )
)
def test_a_damaged_procedure_never_raises(cuts: list[tuple[int, int, str]]) -> None:
    text = LABOUR
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]

    read = read_procedure(text, "labour.yaml", ROLES)

    assert isinstance(read, Procedure | Problems)
    if isinstance(read, Problems):
        assert read.said("zh")
        assert read.said("en")


@settings(derandomize=True, max_examples=examples(40))
@given(st.text(max_size=200))
def test_any_text_at_all_never_raises(text: str) -> None:
    assert isinstance(read_procedure(text, "any.yaml", ROLES), Problems)
    assert isinstance(read_register(text, "any.yaml"), Problems)
