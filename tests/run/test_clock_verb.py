"""`anxu clock FILE` puts anybody's worked cases to the law: no office, no database, every slip of the file named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.law.worked import TABLE
from tests.run.terminal import Answer, Terminal

UNITS = {"days": "day", "day": "day", "months": "month", "month": "month"}
WORDS = {
    "start": "clock_start",
    "total": "total_length_days",
    "raw": "raw_due",
    "target": "target_due",
    "used": "counted_days",
    "left": "remaining_days",
}
LABOUR = {"unit": "day", "length": 45, "ext_cap": 15, "target": 30}
ACCEPTED = {"type": "accepted", "date": "2025-06-16"}


def as_written(day: object) -> Any:
    return day if day is None or isinstance(day, bool | int | str | list) else str(day)


def event_of(line: str) -> dict[str, Any]:
    """A line of a story as an event of a file."""
    on, type, *rest = line.split()
    event: dict[str, Any] = {"type": type, "date": on}
    if type in ("suspended", "resumed") and rest:
        event["ref"] = rest[0]
    elif type == "extension":
        event |= {"amount": int(rest[0]), "approver": rest[-1]}
    elif rest:
        event["days"] = int(rest[0])
    return event


def question_of(case: dict[str, Any]) -> dict[str, Any]:
    """What a case of our own table asks, in the words of a file."""
    if "clock" in case:
        clock = {key: text.split() for key, text in TABLE["clocks"][case["clock"]].items()}
        spec = {"unit": UNITS[clock["limit"][1]], "length": int(clock["limit"][0])}
        spec |= {"ext_cap": int(clock["extension"][0])}
        spec |= {"target": int(clock["target"][0])} if "target" in clock else {}
        asked = {"op": "clock", "clock": spec, "events": [event_of(line) for line in case["story"]]}
        return asked | ({"as_of": str(case["as of"])} if "as of" in case else {})
    if "limit" in case:
        n, unit = case["limit"].split(" ", 1)
        unit = {"work days": "work_day", "days": "natural_day", "months": "month", "month": "month"}[unit]
        if "from" in case:
            return {"op": "limit", "trigger": str(case["from"]), "n": int(n), "unit": unit}
        return {"op": "before", "event_date": str(case["before"]), "n": int(n)}
    if "published" in case:
        return {"op": "publication", "announced": str(case["published"]), "days": int(case["for"].split()[0])}
    if "posted up" in case:
        return {"op": "posted_service", "posted": str(case["posted up"])}
    return {"op": "timely", "due": str(case["due"]), "posted_by_mail": str(case["postmark"])}


def worked_cases() -> list[dict[str, Any]]:
    return [
        {
            "id": case["id"],
            "title": case["what"],
            **question_of(case),
            "expect": {WORDS.get(key, key): as_written(value) for key, value in case["then"].items()},
        }
        for case in TABLE["cases"]
    ]


@pytest.fixture
def nowhere(tmp_path: Path) -> Terminal:
    """A terminal in a folder that is no office."""
    return Terminal(tmp_path, now=None)


def put(terminal: Terminal, cases: object, *words: str) -> Answer:
    """Write *cases* as a file and put it to the law, away from any office."""
    file = terminal.folder / "cases.json"
    content = cases if isinstance(cases, str | bytes) else json.dumps(cases, ensure_ascii=False)
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return terminal.type("clock", str(file), *words, ANXU_OFFICE="")


def test_all_fifty_six_worked_cases_agree_through_the_door(nowhere: Terminal) -> None:
    answer = put(nowhere, worked_cases(), "--json")

    assert answer.code == 0, answer.err
    assert [one["id"] for one in answer.json] == [f"E{number:02}" for number in range(1, 57)]
    assert [one["id"] for one in answer.json if not one["agrees"]] == []
    assert put(nowhere, worked_cases()).out.endswith("共56件：56件一致，0件不一致，0件未写明应得结果。\n")


KEYS = {
    "clock": "clock_start total_length_days raw_due due target_due provisional refused counted_days remaining_days "
    "on_time quick_close quick_last_day state",
    "limit": "due",
    "before": "latest",
    "publication": "deemed_served",
    "posted_service": "deemed_served",
    "timely": "timely",
}


def test_every_figure_is_there_and_null_where_there_is_none(nowhere: Terminal) -> None:
    cases = worked_cases()
    for asked, told in zip(cases, put(nowhere, cases, "--json").json, strict=True):
        assert {"id", "agrees", *KEYS[asked["op"]].split()} <= told.keys(), asked["id"]

    (not_started,) = put(nowhere, [clock_case()], "--json").json

    assert not_started["state"] == "not_started"
    assert not_started["refused"] == []
    assert not_started["due"] is not_started["counted_days"] is not_started["clock_start"] is None
    assert "agrees" not in not_started


def clock_case(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "own", "op": "clock", "clock": LABOUR, "events": list(events), **more}


def test_a_difference_is_named_with_both_figures_and_makes_exit_one(nowhere: Terminal) -> None:
    case = clock_case(
        ACCEPTED, expect={"due": "2025-08-01", "state": "running", "refused": [[0, "EXT_APPROVER"]]}
    )

    plain, zh, en = (put(nowhere, [case], *words) for words in (["--json"], [], ["--lang", "en"]))

    assert (plain.code, zh.code, en.code) == (1, 1, 1)
    assert (plain.json[0]["agrees"], plain.json[0]["differs"]) == (False, ["due", "refused"])
    assert "own  届满日（due）：应为 2025-08-01，算得 2025-07-31" in zh.out
    assert "own  last day (due): expected 2025-08-01, found 2025-07-31" in en.out
    assert 'expected [[0, "EXT_APPROVER"]], found []' in en.out


def test_a_number_is_no_truth_value_and_an_unheard_of_figure_no_agreement(nowhere: Terminal) -> None:
    case = clock_case(ACCEPTED, expect={"provisional": 0, "total_length_days": 45.0, "height": 3})

    assert put(nowhere, [case], "--json").json[0]["differs"] == ["provisional", "height"]
    assert "expect.height：没有这一项" in put(nowhere, [case]).out


def test_events_that_leave_the_clock_alone_keep_their_place_in_the_list(nowhere: Terminal) -> None:
    case = clock_case(
        ACCEPTED,
        {"type": "partial_award", "date": "2025-06-20"},
        {"type": "extension", "date": "2025-07-01", "amount": 16, "approver": "director"},
    )

    answer = put(nowhere, [case], "--json")

    assert answer.code == 0, "a refused event is no error"
    assert answer.json[0]["refused"] == [[2, "EXT_OVER_CAP"]]
    assert "own  events[2] 2025年7月1日的延期为16日，超过延期上限15日。" in put(nowhere, [case]).out


def test_k9_and_k22_can_be_tried_by_override_recorded_and_struck(nowhere: Terminal) -> None:
    joined = {"type": "party_joined", "date": "2025-08-04"}
    extended = {
        "type": "extension",
        "date": "2025-07-30",
        "recorded": "2025-08-05",
        "amount": 15,
        "approver": "director",
    }

    kept, late, struck = put(
        nowhere,
        [
            clock_case(ACCEPTED, joined | {"override": "第三人下落不明，主任特批"}),
            clock_case(ACCEPTED, extended),
            clock_case(ACCEPTED, extended | {"struck": True}),
        ],
        "--json",
    ).json

    assert (kept["refused"], kept["breaches"]) == ([], [[1, "RESTART_AFTER_EXPIRY"]])
    assert (kept["clock_start"], kept["due"]) == ("2025-08-04", "2025-09-18")
    assert (late["late_entries"], late["due"]) == ([1], "2025-08-15")
    assert (struck["refused"], struck["due"]) == ([[1, "ENTRY_STRUCK"]], "2025-07-31")


def test_other_approvers_and_a_target_in_another_unit_can_be_told(nowhere: Terminal) -> None:
    clock = {
        "unit": "month",
        "length": 4,
        "ext_cap": 2,
        "target": 90,
        "target_unit": "day",
        "approvers": ["president"],
    }
    extended = {"type": "extension", "date": "2025-06-20", "amount": 1, "approver": "president"}

    (told,) = put(nowhere, [clock_case(ACCEPTED, extended, clock=clock)], "--json").json

    assert (told["refused"], told["due"], told["target_due"]) == ([], "2025-11-17", "2025-09-15")


def test_the_authors_notes_are_let_stand(nowhere: Terminal) -> None:
    case = clock_case(ACCEPTED, kind="plain", basis="HR45", reasoning="…", 承办="甲")

    assert put(nowhere, [case]).code == 0


def test_a_file_with_a_mark_of_byte_order_is_read_and_an_empty_list_is_no_difference(
    nowhere: Terminal,
) -> None:
    assert put(nowhere, b"\xef\xbb\xbf" + json.dumps([clock_case(ACCEPTED)]).encode()).code == 0
    assert put(nowhere, "[]", "--json").json == []


def slips() -> Iterator[Any]:
    extension = {"type": "extension", "date": "2025-07-01", "amount": 5, "approver": "director"}
    term = {"id": "own", "op": "limit", "trigger": "2025-07-01", "n": 5, "unit": "work_day"}

    def without(key: str, of: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in of.items() if name != key}

    yield "[{", "第1行第", "line 1, column"
    yield "{}", "应是一个案例列表", "a list of cases"
    yield [3], "案例“#1”：应是一个对象", "case “#1”: it must be an object"
    yield [without("id", term)], "案例“#1”，id：缺少这个键", "case “#1”, id: this key is missing"
    yield [term | {"id": ["E"]}], 'id：["E"] 不对', 'id: ["E"] is not a text or a whole number'
    yield [without("op", term)], "“own”，op：缺少", "“own”, op: this key is missing"
    yield [term | {"op": "rewind"}], 'op："rewind" 不对', 'op: "rewind" is not one of clock, limit, before'
    yield [without("trigger", term)], "trigger：缺少", "trigger: this key is missing"
    yield [term | {"trigger": "2025-02-30"}], "trigger：日期“2025-02-30”无法识别", "“2025-02-30” is no date"
    yield [term | {"trigger": "2025-7-1"}], "日期“2025-7-1”无法识别", "“2025-7-1” is no date"
    yield [term | {"trigger": 20250701}], "trigger：20250701 不对，应为日期", "20250701 is not a date"
    yield [term | {"trigger": None}], "trigger：null 不对", "trigger: null is not a date"
    yield [term | {"unit": "week"}], 'unit："week" 不对', 'unit: "week" is not one of work_day, natural_day'
    yield [term | {"n": "5"}], 'n："5" 不对，应为0到9999的整数', 'n: "5" is not a whole number from 0 to 9999'
    yield [term | {"n": 5.5}], "n：5.5 不对", "n: 5.5 is not a whole number"
    yield [term | {"n": True}], "n：true 不对", "n: true is not a whole number"
    yield [term | {"n": -1}], "n：-1 不对", "n: -1 is not a whole number"
    yield [term | {"n": 10**9}], "n：1000000000 不对", "n: 1000000000 is not"
    yield (
        [clock_case(without("date", extension))],
        "events[0].date：缺少",
        "events[0].date: this key is missing",
    )
    yield (
        [clock_case(without("approver", extension))],
        "events[0].approver：缺少",
        "events[0].approver: this key",
    )
    yield (
        [clock_case(ACCEPTED, {"type": "paused", "date": "2025-07-01"})],
        "events[1].type",
        "is not one of accepted",
    )
    yield (
        [clock_case(ACCEPTED | {"recoded": "2025-07-01"})],
        "没有这个键，应为 recorded",
        "there is no such key; write recorded",
    )
    yield [clock_case(ACCEPTED, as_off="2025-07-01")], "as_off：没有这个键", "no such key; write as_of"
    yield (
        [clock_case(ACCEPTED | {"override": 1})],
        "events[0].override：1 不对，应为文字",
        "override: 1 is not a text",
    )
    yield [clock_case(ACCEPTED | {"struck": "no"})], 'struck："no" 不对', "is not true or false"
    yield (
        [clock_case(clock=LABOUR | {"unit": "work_day"})],
        "clock.unit",
        'clock.unit: "work_day" is not one of day',
    )
    yield [clock_case(clock=LABOUR | {"length": 0})], "clock.length：0 不对", "clock.length: 0 is not"
    yield [clock_case(clock=[45])], "clock：应是一个对象", "clock: it must be an object"
    yield [clock_case(clock=LABOUR | {"approvers": "director"})], "clock.approvers", "is not a list of texts"
    yield (
        [term | {"events": {}, "op": "clock", "clock": LABOUR}],
        "events：{…} 不对",
        "events: {…} is not a list",
    )
    yield [term | {"expect": [1]}], "expect：应是一个对象", "expect: it must be an object"
    yield '[{"id": "own", "id": "other"}]', "键“id”在同一处出现两次", "the key “id” stands twice"
    yield '[{"id": "own", "n": NaN}]', "NaN 不是数字", "NaN is not a number"
    yield f'[{{"id": "own", "n": {"9" * 5000}}}]', "过长的数字", "a number that is too long"
    yield "[" * 200_000, "嵌套过深", "nested too deeply"
    yield b"\xff\xfe[\x00]\x00", "不是 UTF-8 文本", "is not UTF-8 text"
    yield "", "第1行第1列", "line 1, column 1"


@pytest.mark.parametrize(
    ("cases", "zh", "en"), [pytest.param(*slip, id=f"{n}") for n, slip in enumerate(slips())]
)
def test_a_slip_is_told_in_one_sentence_with_its_place(
    nowhere: Terminal, cases: object, zh: str, en: str
) -> None:
    spoken, english, plain = (put(nowhere, cases, *words) for words in ([], ["--lang", "en"], ["--json"]))

    assert (spoken.code, english.code, plain.code) == (2, 2, 2)
    assert zh in spoken.err
    assert en in english.err
    assert spoken.out == english.out == ""
    for answer in (spoken, english):
        assert len(answer.err.splitlines()) == 1
        assert "cases.json" in answer.err
        assert "Traceback" not in answer.err
    assert plain.json["error"]["code"] == "wrong_use"


def test_a_file_that_cannot_be_read_or_is_too_large_is_told(
    nowhere: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.worked_files.MOST_BYTES", 1024 * 1024)

    gone = nowhere.type("clock", str(nowhere.folder / "gone.json"), ANXU_OFFICE="")
    folder = nowhere.type("clock", str(nowhere.folder), ANXU_OFFICE="")
    large = put(nowhere, "[" + " " * 1024 * 1024 + "]", "--lang", "en")

    assert (gone.code, folder.code, large.code) == (2, 2, 2)
    assert "读不出" in gone.err
    assert "读不出" in folder.err
    assert "it is over 1 MB" in large.err


@pytest.mark.parametrize(
    "case",
    [
        {"id": "far", "op": "limit", "trigger": "2040-01-01", "n": 5, "unit": "work_day"},
        {"id": "far", "op": "limit", "trigger": "9999-12-31", "n": 9999, "unit": "month"},
        {"id": "far", "op": "before", "event_date": "0001-01-01", "n": 9999, "unit": "natural_day"},
        {"id": "far", "op": "publication", "announced": "9999-12-31", "days": 60},
        {"id": "far", "op": "posted_service", "posted": "1990-01-01"},
        {"id": "far", "op": "clock", "clock": LABOUR, "events": [{"type": "accepted", "date": "2099-01-01"}]},
    ],
)
def test_a_date_beyond_the_calendar_is_told_with_its_case(nowhere: Terminal, case: dict[str, Any]) -> None:
    answer = put(nowhere, [clock_case(ACCEPTED), case], "--json")

    assert answer.code == 1
    assert answer.json["error"]["code"] == "calendar_ends"
    assert f"案例“far”，{case['op']}：" in answer.err
    assert "case “far”" in put(nowhere, [case], "--lang", "en").err


def test_the_calendar_of_an_office_at_hand_is_used(office: Terminal) -> None:
    file = office.folder / "cases.json"
    file.write_text(json.dumps([clock_case(ACCEPTED)]), encoding="utf-8")

    assert office.ask("clock", str(file))[0]["due"] == "2025-07-31"


def test_the_help_names_every_key(nowhere: Terminal) -> None:
    said = nowhere.type("clock", "--help").out

    for key in (
        "recorded",
        "override",
        "struck",
        "approvers",
        "target_unit",
        "clear_days",
        "delegated_conciliation",
    ):
        assert key in said, key
