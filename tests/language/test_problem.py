"""A problem is shown so that the writer sees the place at a glance."""

from __future__ import annotations

from engine.language.problem import Mark, Problem, Problems, hint, in_order, listed, not_known
from engine.language.source import Source
from engine.text import Text


def problem(quoted: str, column: int, width: int = 1, line: int = 7) -> Problem:
    return Problem("a.yaml", line, column, "code", Text("因", "why"), Text("改", "fix"), quoted, width)


def underlined(shown: Problem) -> str:
    """Return what stands over the carets, cell by cell, of a problem without Chinese characters."""
    _, line, under, _ = shown.said("en").split("\n")
    return "".join(c for c, mark in zip(line, under.ljust(len(line)), strict=False) if mark == "^")


def test_a_problem_is_four_lines_place_line_mark_and_fix() -> None:
    assert problem("to: acceptd", 5, 7).said("en") == (
        "a.yaml:7:5: why\n     7 | to: acceptd\n       |     ^^^^^^^\nfix: fix"
    )


def test_the_fix_is_introduced_in_chinese_too() -> None:
    assert problem("x", 1).said("zh").endswith("\n改法：改")


def test_chinese_characters_take_two_cells_under_the_mark_as_on_the_screen() -> None:
    *_, under, _ = problem("甲乙丙", 2, 2).said("en").split("\n")
    assert under == "       |   ^^^^"


def test_a_long_line_is_cut_to_the_part_around_its_problem() -> None:
    shown = problem("a" * 500 + "WRONG" + "b" * 500, 501, 5)
    assert underlined(shown) == "WRONG"
    assert max(map(len, shown.said("en").split("\n"))) < 120


def test_a_problem_at_either_end_of_a_long_line_is_still_shown() -> None:
    assert underlined(problem("FIRST" + "a" * 500, 1, 5)) == "FIRST"
    assert underlined(problem("a" * 500 + "LAST", 501, 4)) == "LAST"


def test_a_hostile_line_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in problem("a\x1b[31mb", 1).said("en")


def test_problems_come_by_file_and_place_each_once() -> None:
    first, second = problem("x", 1, line=2), problem("x", 1, line=10)
    assert in_order([second, first, second]) == (first, second)


def test_problems_are_told_with_an_empty_line_between() -> None:
    both = Problems((problem("x", 1), problem("y", 1)))
    assert len(both) == 2
    assert both.said("en").count("\n\n") == 1


def test_a_hint_is_given_only_where_a_name_is_near() -> None:
    assert hint("acceptd", ["accepted", "closed"]).en == "did you mean 'accepted'? "
    assert hint("zebra", ["accepted", "closed"]) == Text("", "")


def test_a_name_that_is_not_known_is_told_in_whole_sentences() -> None:
    said, known = Text("没有这个状态", "There is no such state"), ["accepted", "closed"]
    near = Text("没有这个状态。是否应为“accepted”？", "There is no such state; did you mean 'accepted'?")
    assert not_known(said, "acceptd", known) == near
    assert not_known(said, "zebra", known) == Text("没有这个状态。", "There is no such state.")


def test_at_most_twelve_known_names_are_listed() -> None:
    assert listed([f"n{i:02}" for i in range(20)]).en.endswith("n11…")
    assert listed([]).en == "none"


def test_a_quoted_name_of_the_file_is_shortened_in_the_sentence() -> None:
    source = Source.of("a: b", "a.yaml")
    source.problem(Mark(1, 1), "unknown_state", name="x" * 5000, hint=Text("", ""), known=Text("", ""))
    assert len(source.found[0].reason.en) < 300
