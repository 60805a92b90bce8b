"""Answers in words line up and tell a person what they need."""

from __future__ import annotations

import re

from engine.run.layout import cells, one_line, table
from tests.run.terminal import Terminal


def test_columns_line_up_although_a_chinese_character_takes_two_cells() -> None:
    lines = table([["林清", "a"], ["lin", "b"], ["周", ""]]).splitlines()

    assert lines == ["林清  a", "lin   b", "周"]
    assert [cells(line.split("  ")[0]) for line in lines] == [4, 3, 2]


def test_a_column_with_nothing_in_it_is_left_out() -> None:
    assert table([["1", "", "a"], ["2", "", "b"]]) == "1  a\n2  b"


def test_no_rows_are_no_table() -> None:
    assert table([]) == ""


def test_what_somebody_typed_cannot_steer_the_terminal() -> None:
    assert one_line("一\x1b[2J\n二") == "一 [2J 二"


def test_show_tells_where_a_case_stands_until_when_and_who_is_awaited(office: Terminal) -> None:
    said = office.type("show", office.accepted()).out

    assert "双劳人仲案〔2026〕1号" in said
    assert "申请人 王小禾；被申请人 双河甲纺织有限公司" in said
    assert "止于2026年4月16日" in said
    assert re.search(r"周衡 +2 送达与答辩 双河甲纺织有限公司 +待送达 +2026-03-09", said)


def test_actions_tell_what_to_type(office: Terminal) -> None:
    said = office.type("actions", office.opened(), "--as", "lin").out

    assert re.search(r"1 propose +拟受理 +--set claim_amount=…", said)


def test_a_refusal_tells_who_may_and_goes_to_standard_output(office: Terminal) -> None:
    answer = office.type("act", office.opened(), "propose", "--as", "zhou")

    assert answer.out.startswith("不可以：")
    assert "谁可以：林清" in answer.out
    assert answer.err == ""


def test_the_count_sheet_joins_days_that_say_the_same(office: Terminal) -> None:
    said = office.type("explain", office.accepted(), "--at", "2026-03-20").out

    assert re.search(r"2026-03-03…2026-\d\d-\d\d +1…\d+ +计入", said)
    assert len(said.splitlines()) < 8


def test_the_count_sheet_as_a_page_lets_nothing_through_unescaped(office: Terminal) -> None:
    number = office.accepted()
    office.ask("people", "add", "fang", "--name", "<b>方正</b>")

    page = office.type("explain", number, "--format", "html").out

    assert page.startswith("<!doctype html>")
    assert "<b>" not in page
    assert "&lt;b&gt;方正" in page
    assert "http" not in page


def test_the_explicit_format_beats_the_common_flag(office: Terminal) -> None:
    number = office.accepted()

    assert office.type("explain", number, "--format", "html", "--json").out.startswith("<!doctype")
    assert office.type("explain", number, "--format", "json").json == office.ask("explain", number)


def test_a_page_of_many_cases_says_how_to_go_on(office: Terminal) -> None:
    numbers = [office.opened() for _ in range(3)]

    said = office.type("list").out

    assert all(number in said for number in numbers)
    assert "--after" not in said
