"""`anxu diff` and `anxu migrate` on a terminal: what they answer in words and in JSON, and with which exit code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.run.terminal import Terminal


def newer(office: Terminal, name: str = "new.yaml", **states: str) -> Path:
    """A labour procedure whose filing takes seven work days and whose states are called otherwise."""
    text = (office.folder / "workflows" / "labour.yaml").read_text(encoding="utf-8")
    for old, new in states.items():
        text = re.sub(rf"\b{old}\b", new, text)
    file = office.folder / name
    file.write_text(
        text.replace("limit: 5 work days, of: received_on", "limit: 7 work days, of: received_on"),
        encoding="utf-8",
    )
    return file


def migratable(office: Terminal) -> str:
    """A case on the version before the one in force, in which its state is called otherwise."""
    number = office.opened()
    office.ask("activate", str(newer(office, filed="received")), "--as", "admin")
    return number


# --- diff -------------------------------------------------------------------------------------------------


def test_two_files_are_compared_in_plain_words_without_a_database(office: Terminal) -> None:
    old, new = office.folder / "workflows" / "labour.yaml", newer(office)

    zh = office.type("diff", str(old), str(new))
    en = office.type("diff", str(old), str(new), "--lang", "en")

    assert (zh.code, en.code) == (0, 0)
    assert all("5个工作日改为7个工作日" in line for line in zh.out.splitlines())
    assert all("from 5 work days to 7 work days" in line for line in en.out.splitlines())


def test_each_difference_has_a_kind_a_place_and_a_sentence(office: Terminal) -> None:
    changes = office.ask("diff", "labour", str(newer(office)))

    assert changes
    assert {tuple(change) for change in changes} == {("kind", "place", "sentence")}
    assert {change["kind"] for change in changes} == {"term"}
    assert "states.filed.within.1.limit" in {change["place"] for change in changes}


def test_a_version_is_named_by_its_file_its_name_or_the_beginning_of_its_hash(office: Terminal) -> None:
    (activated,) = office.ask("activate", str(newer(office)), "--as", "admin")
    earlier = office.folder / "workflows" / "labour.yaml"

    by_name = office.ask("diff", str(earlier), "labour")
    by_hash = office.ask("diff", str(earlier), activated["hash"][:10])

    assert by_name == by_hash != []
    same = office.type("diff", "labour", activated["hash"][:8])
    assert (same.code, same.out.strip()) == (0, "两个版本没有差别。")
    assert office.ask("diff", "labour", "labour") == []


def test_the_register_is_compared_rung_by_rung(office: Terminal) -> None:
    file = office.folder / "later.yaml"
    text = (office.folder / "workflows.yaml").read_text(encoding="utf-8")
    file.write_text(
        text.replace("when: 10 days before target", "when: 7 days before target"), encoding="utf-8"
    )

    said = office.type("diff", "register", str(file))

    assert said.code == 0
    assert said.out.strip() == "阶梯“award”的W1由目标日前10日改为目标日前7日。"


@pytest.mark.parametrize(
    ("old", "new", "code"), [("labour", "register", 2), ("labour", "ffffffff", 1), ("labour", "maritime", 1)]
)
def test_what_cannot_be_compared_is_said(office: Terminal, old: str, new: str, code: int) -> None:
    answer = office.type("diff", old, new, "--json")

    assert answer.code == code
    assert answer.json["error"]["reason"]


# --- migrate ----------------------------------------------------------------------------------------------


def test_a_migration_is_tried_proposed_and_approved_by_another_person(office: Terminal) -> None:
    number = migratable(office)

    tried = office.ask("migrate", "labour", "--map", "filed=received")
    assert tried["proposal"] is None
    (line,) = tried["cases"]
    assert (line["number"], line["state"]["before"]["name"], line["state"]["after"]["name"]) == (
        number,
        "filed",
        "received",
    )
    assert line["step"] == {"before": "2026-03-09", "after": "2026-03-11"}
    assert (
        line["awaited"]["before"]
        == line["awaited"]["after"]
        == [{"role": "clerk", "person": "lin", "title": "林清"}]
    )
    assert (line["moves"], line["stands_in_the_way"]) == ({"gained": [], "lost": []}, None)
    assert office.ask("migrate", "--list") == []

    proposed = office.ask("migrate", "labour", "--map", "filed=received", "--propose", "--as", "admin")
    assert (proposed["proposal"], proposed["outcome"], proposed["cases"]) == (1, None, tried["cases"])
    own = office.type("migrate", "--approve", "1", "--as", "admin", "--json")
    assert (own.code, own.json["refused"]["code"]) == (1, "same_person")

    done = office.ask("migrate", "--approve", "1", "--as", "fang")
    assert [line["number"] for line in done["done"]] == [number]
    event = office.ask("show", number)["events"][-1]
    assert (event["kind"], event["from"], event["to"], event["by"]) == (
        "migrated",
        "filed",
        "received",
        "fang",
    )
    assert event["migration"]["proposal"] == "1"
    findings = office.type("doctor", "--json").json["findings"]
    assert {finding["code"] for finding in findings} <= {"vacant"}


def test_what_stands_in_the_way_is_said_with_its_remedy(office: Terminal) -> None:
    number = migratable(office)

    tried = office.type("migrate", "labour")

    assert tried.code == 0
    assert number in tried.out
    assert "--map filed=received" in tried.out
    refused = office.type("migrate", "labour", "--propose", "--as", "admin", "--json")
    assert (refused.code, refused.json["refused"]["code"]) == (1, "nothing_to_migrate")


def test_a_migration_is_put_back_by_two_persons(office: Terminal) -> None:
    number = migratable(office)
    office.ask("migrate", "labour", "--map", "filed=received", "--propose", "--as", "admin")
    office.ask("migrate", "--approve", "1", "--as", "fang")

    assert office.ask("migrate", "--undo", "1")["proposal"] is None
    assert office.ask("migrate", "--undo", "1", "--propose", "--as", "admin")["undoes"] == 1
    said = office.type("migrate", "--approve", "2", "--as", "wei", "--lang", "en")

    assert said.code == 0
    assert "1 matter put back" in said.out
    assert office.ask("show", number)["events"][-1]["migration"]["undoes"] == "2"
    assert [page["done"] for page in office.ask("migrate", "--list")] == [1, 1]


def test_a_case_that_moved_since_is_named_in_the_refusal(office: Terminal) -> None:
    number = migratable(office)
    office.ask("migrate", "labour", "--map", "filed=received", "--propose", "--as", "admin")
    office.ask("act", number, "propose", "--as", "lin", "--set", "claim_amount=1")

    refused = office.type("migrate", "--approve", "1", "--as", "fang")
    assert refused.code == 1
    assert number in refused.out
    assert "--skip-changed" in refused.out

    skipped = office.ask("migrate", "--approve", "1", "--as", "fang", "--skip-changed")
    assert (skipped["done"], [left["number"] for left in skipped["left"]]) == ([], [number])


@pytest.mark.parametrize(
    "words",
    [
        ["migrate"],
        ["migrate", "labour", "--list"],
        ["migrate", "labour", "--propose"],
        ["migrate", "labour", "--map", "filed"],
        ["migrate", "--approve", "1"],
        ["migrate", "--resume", "1", "--undo", "1"],
    ],
    ids=" ".join,
)
def test_a_call_that_makes_no_sense_is_answered_with_what_would(office: Terminal, words: list[str]) -> None:
    assert office.type(*words).code == 2
