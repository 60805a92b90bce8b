"""What may be typed into a form: each type of fact with its bounds, needed and unknown fields, documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.core.forms import Surroundings, read_fact, read_form
from engine.model.answers import Refusal
from engine.model.commands import Act
from engine.model.guards import Value
from engine.model.procedure import Fact, Procedure
from engine.text import Text
from tests import cast
from tests.builders import FIRST_DAY, day, procedure
from tests.cast import JIA, LIN, PLACE, YI, ZHOU, name_of

TITLE = Text("本项", "this field")

TEXT = Fact("note", "text", TITLE, least=Decimal(2), most=Decimal(5))
DATE = Fact("happened_on", "date", TITLE)
WHOLE = Fact("days", "whole", TITLE, least=Decimal(1), most=Decimal(60))
AMOUNT = Fact("sum", "amount", TITLE, least=Decimal(0), most=Decimal(9999999999))
CHOICE = Fact(
    "cause", "choice", TITLE, choices={"wages": Text("劳动报酬", "wages"), "injury": Text("工伤", "injury")}
)
YES_NO = Fact("urgent", "yes_no", TITLE)
PERSON = Fact("drafter", "person", TITLE, role="arbitrator")
ANYBODY = Fact("witness", "person", TITLE)
PERSONS = Fact("tribunal", "persons", TITLE, role="arbitrator", least=Decimal(1), most=Decimal(3))


NOBODYS = Fact("inspector_named", "person", TITLE, role="inspector")


AROUND = Surroundings(
    cast.people(), PLACE, day(FIRST_DAY), day(FIRST_DAY), cases={"1号": "a1", "2号": "a2", "(2026)2号": "a2"},
    roles={"arbitrator": Text("仲裁员", "arbitrator"), "inspector": Text("督察", "inspector")},
)  # fmt: skip


def read(fact: Fact, text: str) -> Value | Refusal:
    return read_fact(fact, text, AROUND)


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        (TEXT, "两字", "两字"),
        (TEXT, "五个字符满", "五个字符满"),
        (TEXT, "a\nb", "a\nb"),
        (TEXT, "𠮷野家", "𠮷野家"),
        (DATE, "2026-03-05", date(2026, 3, 5)),
        (DATE, "2024-02-29", date(2024, 2, 29)),
        (DATE, "2026-12-31", date(2026, 12, 31)),
        (WHOLE, "1", 1),
        (WHOLE, "60", 60),
        (WHOLE, "１５", 15),
        (AMOUNT, "0", Decimal(0)),
        (AMOUNT, "0.01", Decimal("0.01")),
        (AMOUNT, "9999999999", Decimal(9999999999)),
        (AMOUNT, "12,000.50", Decimal("12000.50")),
        (AMOUNT, "12，000.50", Decimal("12000.50")),
        (CHOICE, "wages", "wages"),
        (YES_NO, "yes", True),
        (YES_NO, "是", True),
        (YES_NO, "NO", False),
        (YES_NO, "否", False),
        (PERSON, JIA, JIA),
        (ANYBODY, LIN, LIN),
        (PERSONS, JIA, (JIA,)),
        (PERSONS, "jia yi bing", ("jia", "yi", "bing")),
        (PERSONS, "jia,yi", ("jia", "yi")),
        (PERSONS, "jia，yi", ("jia", "yi")),
        (PERSONS, "jia、yi", ("jia", "yi")),
    ],
    ids=lambda value: value.type if isinstance(value, Fact) else None,
)  # fmt: skip
def test_a_field_that_is_right_is_read(fact: Fact, typed: str, value: Value) -> None:
    assert read(fact, typed) == value


@pytest.mark.parametrize(
    ("fact", "typed", "why"),
    [
        (TEXT, "一", "不得少于2字"),
        (TEXT, "六个字符太多", "不得多于5字"),
        (TEXT, "a\x00b", "控制字符"),
        (TEXT, "a\x1bb", "控制字符"),
        pytest.param(TEXT, "ab\ud800", "", id="half a surrogate pair"),
        (DATE, "2026-02-30", "真实存在的日期"),
        (DATE, "2025-02-29", "真实存在的日期"),
        (DATE, "2026-13-01", "真实存在的日期"),
        (DATE, "2026-3-5", "真实存在的日期"),
        (DATE, "20260305", "真实存在的日期"),
        (DATE, "2026/03/05", "真实存在的日期"),
        (DATE, "2026-W10-4", "真实存在的日期"),
        (DATE, "0000-01-01", "真实存在的日期"),
        (DATE, "明天", "真实存在的日期"),
        (WHOLE, "0", "不得少于1"),
        (WHOLE, "61", "不得多于60"),
        (WHOLE, "-1", "不得少于1"),
        (WHOLE, "1.5", "应为整数"),
        (WHOLE, "1_0", "应为整数"),
        (WHOLE, "十", "应为整数"),
        pytest.param(WHOLE, "9" * 5000, "", id="5000 digits"),
        (AMOUNT, "-0.01", "不得少于0"),
        (AMOUNT, "9999999999.01", "不得多于"),
        (AMOUNT, "1.001", "最多两位小数"),
        (AMOUNT, "1e3", "应为金额"),
        (AMOUNT, "1_000", "应为金额"),
        (AMOUNT, "NaN", "应为金额"),
        (AMOUNT, "Infinity", "应为金额"),
        (AMOUNT, "1" * 60, ""),
        (AMOUNT, "一万元", "应为金额"),
        (CHOICE, "劳动报酬", "应为下列之一：wages（劳动报酬）"),
        (CHOICE, "WAGES", "应为下列之一"),
        (YES_NO, "maybe", "应为 是 或 否"),
        (PERSON, "nobody", "：没有代号为“nobody”的人员"),
        (PERSON, LIN, f"{name_of(LIN)}在本院没有“仲裁员”岗位；该岗位现有：{name_of(JIA)}、{name_of(YI)}、"),
        (PERSONS, "jia jia", "同一人写了两次"),
        (PERSONS, "jia yi bing mo", "不得多于3人"),
        (PERSONS, ",", "不得少于1人"),
        (PERSONS, "jia lin", f"{name_of(LIN)}在本院没有“仲裁员”岗位"),
        (NOBODYS, LIN, "没有“督察”岗位；该岗位目前无人"),
    ],
    ids=lambda value: value.type if isinstance(value, Fact) else None,
)  # fmt: skip
def test_a_field_that_is_wrong_is_named_with_what_would_be_right(fact: Fact, typed: str, why: str) -> None:
    refusal = read(fact, typed)

    assert isinstance(refusal, Refusal), refusal
    assert (refusal.code, refusal.fact) == ("bad_fact", fact.name)
    assert refusal.reason.zh.startswith("“本项”")
    assert why in refusal.reason.zh


def test_text_is_counted_in_characters_not_in_bytes() -> None:
    assert read(replace(TEXT, least=None, most=Decimal(3)), "𠮷𠮷𠮷") == "𠮷𠮷𠮷"


# --- whole forms ------------------------------------------------------------------------------------------


def form(
    move: str,
    typed: dict[str, str],
    documents: dict[str, str] | None = None,
    state: str = "",
    of: str = "labour",
) -> dict[str, Value] | Refusal:
    definition: Procedure = procedure(of)
    found = definition.states[state].moves[move] if state else definition.moves[move][0]
    return read_form(definition, found, Act(move, ZHOU, facts=typed, documents=documents or {}), AROUND)


def refused(answer: dict[str, Value] | Refusal) -> tuple[str, str | None]:
    assert isinstance(answer, Refusal), answer
    return answer.code, answer.fact


def test_every_needed_field_must_be_filled_in_and_the_first_missing_one_is_named() -> None:
    answer = form("schedule_hearing", {"hearing_on": "2026-03-16"})

    assert refused(answer) == ("missing_fact", "hearing_place")
    assert isinstance(answer, Refusal)
    assert answer.reason.zh == "请填写“开庭地点”。"


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\t\n"])
def test_a_blank_field_counts_as_not_filled_in(blank: str) -> None:
    assert refused(form("schedule_hearing", {"hearing_on": "2026-03-16", "hearing_place": blank})) == (
        "missing_fact", "hearing_place",
    )  # fmt: skip


def test_a_field_that_is_only_asked_for_may_stay_empty() -> None:
    read_values = form("deliberate", {"opinion": "支持", "drafter_named": YI, "minority_view": ""})

    assert read_values == {"opinion": "支持", "drafter_named": YI}


def test_a_field_the_form_does_not_have_is_refused_with_those_it_has() -> None:
    answer = form("propose", {"claim_amount": "1", "closed_by": "award"})

    assert refused(answer) == ("unknown_fact", "closed_by")
    assert isinstance(answer, Refusal)
    assert "claim_amount" in answer.reason.zh


def test_text_is_brought_to_nfc_and_stripped() -> None:
    decomposed = " e\u0301te\u0301 "

    assert form("ask_correction", {"missing_papers": decomposed}) == {"missing_papers": "été"}


def test_a_needed_document_must_be_attached() -> None:
    assert refused(form("serve", {"service_method": "post"}, of="service")) == (
        "missing_document", "proof_of_service",
    )  # fmt: skip


def test_a_document_the_move_does_not_take_is_refused() -> None:
    documents = {"proof_of_service": "0" * 64, "draft": "1" * 64}

    assert refused(form("serve", {"service_method": "post"}, documents, of="service")) == (
        "unknown_document", "draft",
    )  # fmt: skip


def test_a_form_that_is_right_gives_typed_values() -> None:
    values = form("schedule_hearing", {"hearing_on": "2026-03-16", "hearing_place": "第一庭"})

    assert values == {"hearing_on": date(2026, 3, 16), "hearing_place": "第一庭"}
