"""`anxu calendar` on a terminal: what it answers in words and in JSON, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.terminal import Terminal
from tests.service.notice_texts import NOTICE, notice_2027

MORE = ["2027-01-04", "2027-01-05"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A notice of 2027 that moves the days around New Year."""
    place = tmp_path / "2027.csv"
    place.write_bytes(notice_2027(rest=MORE))
    return place


def words(file: Path, *more: str) -> list[str]:
    return ["calendar", "load", str(file), "--year", "2027", "--notice", NOTICE, "--as", "admin", *more]


def opened(office: Terminal) -> str:
    """A case that was filed on a Monday and has to be decided on within five work days."""
    office.now = "2026-12-28T09:30"
    return office.opened()


def test_a_notice_is_tried_loaded_and_listed(office: Terminal, file: Path) -> None:
    number = opened(office)

    trial = office.ask(*words(file, "--dry-run"))
    assert (trial["dry_run"], trial["loads"], trial["moved"]) == (True, [], 1)
    assert [year["year"] for year in office.ask("calendar", "list")][-1] == 2026

    loaded = office.ask(*words(file))
    assert loaded["cases"] == trial["cases"]
    assert loaded["cases"][0]["number"] == number
    moved = loaded["cases"][0]["moved"]
    assert {one["what"] for one in moved} <= {"due", "overdue_after", "target", "step"}
    assert all(one["before"] != one["after"] for one in moved)
    assert (loaded["looked_at"], loaded["moved"]) == (1, 1)

    last = office.ask("calendar", "list")[-1]
    assert last == loaded["loads"][0] | {"rest": last["rest"], "work": 3}
    assert (last["year"], last["notice"], last["by"], last["office"]) == (2027, NOTICE, "admin", None)
    assert last["at"].startswith("2026-12-28T09:30")
    days = office.ask("calendar", "list", "--year", "2027")
    assert {"date": "2027-01-04", "rest": True, "notice": NOTICE} in days
    assert office.ask("calendar", "moved") == {"cases": loaded["cases"], "next": None}
    assert office.ask("calendar", "moved", "--load", str(last["load"])) == office.ask("calendar", "moved")


@pytest.mark.parametrize(
    ("lang", "said", "again"),
    [("zh", "日期变动1件", "未作改动"), ("en", "the dates of 1 moved", "nothing was changed")],
)
def test_a_load_says_in_words_what_it_did(
    office: Terminal, file: Path, lang: str, said: str, again: str
) -> None:
    number = opened(office)

    answer = office.type(*words(file), "--lang", lang)

    assert answer.code == 0
    assert said in answer.out
    assert number in answer.out
    assert "2027-01-04" in answer.out
    assert "1/1" in answer.err or "1 of 1" in answer.err
    assert again in office.type(*words(file), "--lang", lang).out


def test_only_an_administrator_may_load(office: Terminal, file: Path) -> None:
    answer = office.type(*words(file, "--json")[:-2], "fang", "--json")
    assert answer.code == 1
    assert answer.json["refused"]["code"] == "role"


def test_a_broken_file_is_answered_with_every_problem(office: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("日期,安排\n2027-13-01,休\n2027-02-08,也许\n", encoding="utf-8")

    answer = office.type(*words(file, "--json"))

    assert answer.code == 1
    problems = answer.json["problems"]
    assert [(p["row"], p["code"]) for p in problems] == [(2, "not_a_date"), (3, "unknown_kind")]
    assert all(p["file"] == "bad.csv" and p["column"] and p["reason"] and p["fix"] for p in problems)
    for lang, place in (("zh", "bad.csv 第2行"), ("en", "bad.csv row 2")):
        said = office.type(*words(file, "--lang", lang))
        assert said.code == 1
        assert place in said.out


@pytest.mark.parametrize(
    "wrong",
    [
        ["calendar", "load", "no-such-file.csv", "--year", "2027", "--notice", NOTICE, "--as", "admin"],
        ["calendar", "load"],
        ["calendar", "rest", "--in", "main", "--reason", "停电", "--as", "admin"],
        ["calendar", "rest", "--add", "2026-02-30", "--in", "main", "--reason", "停电", "--as", "admin"],
        ["calendar", "rest", "--add", "9999-12-31", "--in", "main", "--reason", "停电", "--as", "admin"],
        ["calendar", "rest", "--add", "0001-01-01", "--in", "main", "--reason", "停电", "--as", "admin"],
        [
            "calendar",
            "rest",
            "--add",
            "9999-12-31",
            "--in",
            "main",
            "--reason",
            "停电",
            "--as",
            "admin",
            "--dry-run",
        ],
        ["calendar", "template", "form.ics", "--year", "2027"],
    ],
)
def test_wrong_use_is_said(office: Terminal, wrong: list[str]) -> None:
    answer = office.type(*wrong)
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "unknown", [["--in", "nowhere", "--as", "admin"], ["--in", "main", "--as", "nobody"]]
)
def test_unknown_names_are_said(office: Terminal, unknown: list[str]) -> None:
    answer = office.type("calendar", "rest", "--add", "2026-03-05", "--reason", "停电", *unknown)
    assert answer.code == 1


def test_an_office_gets_rest_days_of_its_own_and_loses_them(office: Terminal, tmp_path: Path) -> None:
    rest = ["calendar", "rest", "--in", "main", "--reason", "停电", "--as", "admin"]
    file = tmp_path / "local.csv"
    file.write_text("日期,安排\n2026-03-06,休\n", encoding="utf-8")

    added = office.ask(*rest, "--add", "2026-03-05", "--file", str(file))

    assert [load["office"] for load in added["loads"]] == ["main"]
    own = office.ask("calendar", "list", "--in", "main", "--year", "2026")
    assert [(day["date"], day["notice"]) for day in own] == [("2026-03-05", "停电"), ("2026-03-06", "停电")]
    assert office.ask("calendar", "list", "--in", "main")[0]["rest"] == 2
    office.ask(*rest, "--remove", "2026-03-05", "--remove", "2026-03-06")
    assert office.ask("calendar", "list", "--in", "main", "--year", "2026") == []


@pytest.mark.parametrize("name", ["form.csv", "form.xlsx"])
def test_the_form_cannot_be_loaded_before_it_is_filled_in(
    office: Terminal, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert office.ask("calendar", "template", str(file), "--year", "2027") == {"file": str(file)}
    for lang, said in (("zh", "未填写调休上班日"), ("en", "no weekend day is worked")):
        answer = office.type(*words(file), "--lang", lang)
        assert answer.code == 1
        assert said in answer.out
    assert 2027 not in [year["year"] for year in office.ask("calendar", "list")]
    assert office.type("calendar", "template", str(file), "--year", "2027").code == 2


@pytest.mark.parametrize("verb", ["load", "rest"])
def test_help_says_what_a_file_holds(office: Terminal, verb: str) -> None:
    told = office.type("calendar", verb, "--help").out
    for said in ("日期、至、安排", "date, until, kind", "ics", "休", "rest"):
        assert said in told


def test_moved_cases_of_a_load_nobody_made_are_unknown(office: Terminal) -> None:
    assert office.type("calendar", "moved", "--load", "999").code == 1


def test_doctor_names_an_incident_until_it_is_closed(office: Terminal) -> None:
    assert office.type("doctor", "--close", "1").code == 2
    assert office.type("doctor", "--close", "1", "--as", "admin").code == 2
    assert office.type("doctor", "--close", "1", "--as", "admin", "--reason", "已核对").code == 1
