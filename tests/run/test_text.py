"""Answers in words line up and tell a person what they need."""

from __future__ import annotations

import json
import re
from pathlib import Path

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


def test_a_refusal_tells_how_what_is_missing_is_typed(office: Terminal) -> None:
    number = office.opened()
    opening = ("open", "labour", "--as", "lin", "--party", "claimant:王小禾")
    both = (*opening, "--party", "respondent:双河甲纺织有限公司")

    missing = {
        "--party respondent:姓名": opening,
        "--doc application=文件": (*both, "--set", "cause=wages"),
        "--set cause=…": (*both, "--doc", office.application()),
        "--set claim_amount=…": ("act", number, "propose", "--as", "lin"),
        "--on 日期": (
            "act",
            number,
            "propose",
            "--as",
            "lin",
            "--on",
            "2026-01-05",
            "--set",
            "claim_amount=5",
        ),
    }
    for flag, words in missing.items():
        answer = office.type(*words)
        assert answer.code == 1, answer
        assert f"命令中加：{flag}" in answer.out
    english = office.type(*both, "--set", "cause=wages", "--lang", "en").out
    assert "Add to the command: --doc application=FILE" in english


def test_who_may_is_told_in_the_language_of_the_reader(office: Terminal) -> None:
    parties = ("--party", "claimant:王小禾", "--party", "respondent:双河甲纺织有限公司")
    words = ("open", "labour", "--as", "zhou", *parties, "--lang", "en")

    assert "Who may: filing clerk" in office.type(*words).out
    refused = json.loads(office.type(*words, "--json").out)["refused"]
    assert refused["who"] == ["filing clerk"]


def test_the_count_sheet_joins_days_that_say_the_same(office: Terminal) -> None:
    said = office.type("explain", office.accepted(), "--at", "2026-03-20").out

    assert re.search(r"2026-03-03…2026-\d\d-\d\d +1…\d+ +计入", said)
    assert len(re.findall(r"^ +2026-", said, flags=re.MULTILINE)) == 3
    assert "计入45日 + 停止0日 + 顺延0日 = 45个日历日" in said


def test_explain_says_the_same_in_both_languages(office: Terminal) -> None:
    number = office.accepted()

    zh = office.type("explain", number).out
    en = office.type("explain", number, "--lang", "en").out

    assert "截至2026年3月2日（以现有记录为准）" in zh
    assert "as of 2 Mar 2026, by everything recorded until now" in en
    assert "K1 起算日不计入，自次日起算" in zh
    assert "K1 the start day is not counted, day 1 is the next" in en
    assert len(zh.splitlines()) == len(en.splitlines())


def test_explain_tells_what_is_known_or_what_was_shown_but_not_both_at_once(office: Terminal) -> None:
    number = office.accepted()

    known = office.ask("explain", number, "--as-of", "2026-03-02", "--known")
    shown = office.ask("explain", number, "--as-of", "2026-03-02", "--shown")
    both = office.type("explain", number, "--known", "--shown")

    assert (known["view"], known["shown"]) == ("known", None)
    assert (shown["view"], shown["shown"]["due"], shown["shown"]["agrees"]) == ("shown", "2026-04-16", True)
    assert office.ask("explain", number, "--shown")["as_of"] == "2026-03-02"
    assert both.code == 2
    assert both.out == ""
    assert office.type("explain", number, "--as-of", "2026-03-03", "--shown").code == 2


def test_an_exception_is_made_with_a_reason_and_shown_with_it(office: Terminal, tmp_path: Path) -> None:
    number, order = office.accepted(), tmp_path / "order.txt"
    order.write_text("决定", encoding="utf-8")
    office.ask(
        "act", number, "propose_suspension", "--as", "zhou", "--set", "ground=other_case", "--set", "reason=须待另案",
        "--at", "2026-04-20T08:30",
    )  # fmt: skip
    act = ("act", number, "suspend", "--as", "fang", "--set", "ground=other_case", "--doc", f"order={order}",
           "--at", "2026-04-20T09:00")  # fmt: skip

    refused = office.type(*act)
    done = office.type(*act, "--override", "另案结果直接决定本案")

    assert refused.code == 1
    assert "主任" in refused.out
    assert done.code == 0
    assert "特批理由：另案结果直接决定本案" in office.type("show", number).out
    assert "另案结果直接决定本案" in office.type("explain", number, "--at", "2026-04-21T09:00").out


def test_show_says_how_each_limit_comes_about(office: Terminal) -> None:
    number = office.accepted()

    zh, en = office.type("show", number).out, office.type("show", number, "--lang", "en").out

    assert "次日起第5个工作日：2026年3月9日（办案规则第33条）" in zh
    assert "the 5th working day after 2 Mar 2026" in en


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
