"""What programs read: the keys the doors promise, on standard output alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.model.guards import Value
from engine.run.answers_json import clock_json, facts_json
from tests.run.terminal import Terminal

SHOW = [
    "case",
    "number",
    "procedure",
    "definition",
    "version",
    "state",
    "stage",
    "facts",
    "parties",
    "matters",
    "clock",
    "todos",
    "events",
]
MATTER = ["id", "kind", "procedure", "definition", "state", "stage", "seen", "party", "opened_at", "outcome"]
CLOCK = [
    "state",
    "clock_start",
    "due",
    "target_due",
    "raw_due",
    "due_earliest",
    "due_latest",
    "provisional",
    "counted_days",
    "remaining_days",
    "on_time",
    "total_length_days",
    "quick_close",
    "quick_last_day",
]
TODO = ["case", "matter", "state", "role", "person", "due", "rung"]
EVENT = [
    "seq",
    "kind",
    "matter",
    "move",
    "from",
    "to",
    "by",
    "for",
    "rule",
    "facts",
    "occurred_at",
    "recorded_at",
    "definition",
    "hash",
]


@pytest.fixture
def shown(office: Terminal) -> Any:
    return office.ask("show", office.accepted())


@pytest.mark.parametrize(
    ("part", "keys"), [(None, SHOW), ("matters", MATTER), ("todos", TODO), ("events", EVENT)], ids=str
)
def test_a_case_has_the_keys_of_the_doors(shown: Any, part: str | None, keys: list[str]) -> None:
    for found in shown[part] if part else [shown]:
        assert set(keys) <= set(found)
    assert set(CLOCK) <= set(shown["clock"])


def test_a_case_reads_as_it_stands(shown: Any) -> None:
    assert shown["number"] == "双劳人仲案〔2026〕1号"
    assert (shown["procedure"], shown["state"], shown["stage"]) == ("labour", "accepted", "formation")
    assert shown["version"] == len(shown["events"])
    assert shown["facts"]["received_on"] == "2026-03-02"
    assert shown["facts"]["claim_amount"] == "12000.50"
    assert shown["parties"][0] == {"id": "p1", "role": "claimant", "name": "王小禾"}
    assert [m["kind"] for m in shown["matters"]] == ["main", "service"]
    assert shown["matters"][1]["party"] == "p2"
    assert shown["clock"]["state"] == "running"
    assert shown["clock"]["clock_start"] == "2026-03-02"
    assert shown["clock"]["due"] == "2026-04-16"


def test_an_event_says_who_when_where_from_and_by_which_door(shown: Any) -> None:
    event = next(event for event in shown["events"] if event["move"] == "accept")

    assert (event["from"], event["to"], event["by"], event["for"]) == ("proposed", "accepted", "fang", None)
    assert event["occurred_at"] == "2026-03-02T09:30:00+08:00"
    assert event["channel"].startswith("cli:")
    assert event["clock"] == [
        {
            "clock": "award",
            "kind": "start",
            "on": "2026-03-02",
            "targets": [
                {"layer": "procedure", "length": "30 days", "basis": "快立快结承诺", "since": "2023-01-01"}
            ],
        }
    ]


def test_open_answers_as_show_does(office: Terminal) -> None:
    opened = office.ask(
        "open", "labour", "--as", "lin", "--set", "cause=wages", "--party", "claimant：王小禾",
        "--party", "respondent:双河甲纺织有限公司", "--number", "旧案〔2025〕9号", "--doc", office.application(),
    )  # fmt: skip

    assert opened == office.ask("show", "旧案〔2025〕9号")
    assert opened["clock"]["state"] == "not_started"
    assert opened["clock"]["due"] is None


def test_act_answers_with_the_step_its_events_and_the_clock(office: Terminal) -> None:
    number = office.opened()

    done = office.ask("act", number, "propose", "--as", "lin", "--set", "claim_amount=1")

    assert set(done) >= {"case", "seq", "matter", "from", "to", "events", "clock"}
    assert (done["seq"], done["from"], done["to"]) == (2, "filed", "proposed")
    assert [event["seq"] for event in done["events"]] == [2]
    assert done["case"] == office.ask("show", number)["case"]


def test_actions_say_what_is_possible_and_why_the_rest_is_not(office: Terminal) -> None:
    found = office.ask("actions", office.opened(), "--as", "lin")

    may = next(a for a in found if a["move"] == "propose")
    may_not = next(a for a in found if not a["allowed"])
    assert may == may | {"matter": "1", "to": ["proposed"], "needs": ["claim_amount"], "allowed": True}
    assert "refused" not in may
    assert may_not["refused"]["reason"]


def test_list_has_cases_and_the_cursor_of_the_next_page(office: Terminal) -> None:
    number = office.accepted()

    def listed(*flags: str) -> list[str]:
        found = office.ask("list", *flags)
        assert set(found) == {"cases", "next"}
        return [case["number"] for case in found["cases"]]

    assert listed() == listed("--awaits", "zhou") == listed("--role", "division_head") == [number]
    assert listed("--state", "accepted") == listed("--due-before", "2026-04-17") == [number]
    assert (
        listed("--state", "filed") == listed("--awaits", "jia") == listed("--due-before", "2026-04-16") == []
    )
    assert listed("--overdue") == listed("--overdue", "--at", "2026-04-16T23:59") == []
    assert listed("--overdue", "--at", "2026-04-17T00:00") == [number]


@pytest.mark.parametrize(
    ("flag", "name", "meant"),
    [("--awaits", "zhuo", "zhou"), ("--role", "drafer", "drafter"), ("--state", "acepted", "accepted")],
)
def test_a_list_of_what_waits_for_a_name_nothing_has_is_refused(
    office: Terminal, flag: str, name: str, meant: str
) -> None:
    """An empty list would say that nothing waits there."""
    office.opened()
    said = office.type("list", flag, name)
    assert said.code == 1
    assert name in said.err
    assert f"是否应为“{meant}”" in said.err
    assert office.type("list", flag, meant).code == 0


def test_explain_has_a_verdict_for_each_day(office: Terminal) -> None:
    sheet = office.ask("explain", office.accepted(), "--at", "2026-04-16T09:00")

    first, last = sheet["days"][0], sheet["days"][-1]
    assert set(first) >= {"date", "verdict", "number", "rule", "article", "fact", "by"}
    assert (first["verdict"], first["date"], first["by"]) == ("start", "2026-03-02", "方正")
    assert (last["verdict"], last["date"], last["number"]) == ("due", "2026-04-16", 45)
    assert sheet["clock"]["due"] == last["date"]
    sums = sheet["totals"]
    assert sums["counted"] + sums["stopped"] + sums["rolled"] == sums["calendar_days"] == 45
    assert [line["rule"] for line in sheet["legend"]] == ["K1", "K14"]
    assert [(line["layer"], line["used"]) for line in sheet["targets"]] == [
        ("law", True),
        ("procedure", True),
    ]
    assert (sheet["refused"], sheet["late"], sheet["disagreement"], sheet["shown"]) == ([], [], [], None)


def test_show_as_of_a_day_knows_nothing_later(office: Terminal) -> None:
    number = office.opened()
    office.ask("act", number, "propose", "--as", "lin", "--set", "claim_amount=1", "--at", "2026-03-04T09:00")

    assert office.ask("show", number)["state"] == "proposed"
    assert office.ask("show", number, "--as-of", "2026-03-03")["state"] == "filed"


def test_show_says_when_a_thing_was_recorded_and_of_a_late_reminder_when_it_was_due(office: Terminal) -> None:
    number = office.accepted()
    office.ask("sweep", "--at", "2026-04-10T08:30")
    fired = [event for event in office.ask("show", number)["events"] if event["kind"] == "rung_fired"]

    for lang, due in (("zh", "应于"), ("en", "was due on ")):
        lines = office.type("show", number, "--lang", lang, "--at", "2026-04-10T09:00").out.splitlines()
        for event in fired:
            line = next(
                one for one in lines if one.split()[:1] == [str(event["seq"])] and "2026-04-10 08:30" in one
            )
            assert f"{due}{event['occurred_at'][:16].replace('T', ' ')}" in line
    assert fired


def test_sweep_fires_once_and_says_how_much(office: Terminal) -> None:
    office.accepted()

    first = office.ask("sweep", "--at", "2026-04-17T08:00")
    again = office.ask("sweep", "--at", "2026-04-17T08:00")

    assert first["cases"] == 1
    assert first["fired"] > 0
    assert again == {"cases": 0, "fired": 0, "failed": [], "delivered": {"sent": 0, "failed": 0, "dead": 0}}


def test_doctor_and_verify_say_what_was_checked(office: Terminal) -> None:
    office.accepted()

    for verb in ("doctor", "verify"):
        found = office.type(verb, "--json").json
        assert set(found) == {"checked", "findings", "advice"}
        assert found["checked"] == 1
    assert office.ask("verify")["findings"] == []


def test_check_of_a_sound_office_is_an_empty_list(office: Terminal) -> None:
    assert office.ask("check") == []
    # Each of the others is proved by itself in tests/language/test_proofs.py.
    assert office.ask("check", str(office.folder / "workflows/agreement_review.yaml"), "--prove") == []


def test_values_read_as_the_doors_say() -> None:
    facts: dict[str, Value] = {
        "b": date(2026, 3, 2),
        "a": Decimal("1.50"),
        "d": ("lin", "zhou"),
        "c": True,
        "e": 3,
        "f": "字",
    }

    assert facts_json(facts) == {
        "a": "1.50",
        "b": "2026-03-02",
        "c": True,
        "d": ["lin", "zhou"],
        "e": 3,
        "f": "字",
    }
    assert list(facts_json(facts)) == sorted(facts)


def test_a_clock_that_has_not_started_is_all_null() -> None:
    found = clock_json(None)

    assert found.pop("state") == "not_started"
    assert found.pop("provisional") is False
    assert set(found.values()) == {None}
