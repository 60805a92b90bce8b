"""`anxu activate`: one proposes, another approves; every answer in words and as JSON, every misuse with its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.run.terminal import Terminal
from tests.service.versions import EXTENSION, titled

LATER = "2999-01-01"


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """A file with a changed procedure."""
    file = tmp_path / "extension.yaml"
    file.write_text(titled("新")[EXTENSION], encoding="utf-8")
    return str(file)


def propose(office: Terminal, file: str, *flags: str) -> dict[str, Any]:
    answer = office.ask("activate", file, "--as", "admin", *flags)
    assert list(answer) == ["proposal"]
    found = answer["proposal"]
    assert isinstance(found, dict)
    return found


def test_in_an_office_in_use_it_takes_two(real_office: Terminal, changed: str) -> None:
    before = real_office.ask("activate", "--list")
    proposed = propose(real_office, changed)

    assert real_office.ask("activate", "--list")["in_force"] == before["in_force"]
    same = real_office.type("activate", "--approve", "1", "--as", "admin", "--json")
    assert (same.code, same.json["refused"]["code"]) == (1, "same_person")
    done = real_office.ask("activate", "--approve", str(proposed["number"]), "--as", "fang")
    again = real_office.type("activate", "--approve", "1", "--as", "wei", "--json")

    assert [one["name"] for one in done["activated"]] == ["extension"]
    assert (again.code, again.json["refused"]["code"]) == (1, "decided")
    listed = real_office.ask("activate", "--list")
    (line,) = [line for line in listed["in_force"] if line["name"] == "extension"]
    assert (line["by"], line["approved_by"], line["proposal"]) == ("系统管理员", "方正", 1)
    assert [one["outcome"] for one in listed["decided"]] == ["approved"]


def test_a_proposal_says_in_words_what_would_change_and_who_approves(
    real_office: Terminal, changed: str
) -> None:
    said = real_office.type("activate", changed, "--as", "admin")
    in_english = real_office.type("activate", "--show", "1", "--lang", "en")

    assert said.code == 0
    assert "anxu activate --approve 1 --as" in said.out
    assert "方正" in said.out
    assert "尚未启用" in said.out
    assert in_english.out.startswith("Proposal 1 (awaits approval)")


def test_the_answers_have_these_keys(real_office: Terminal, changed: str) -> None:
    proposed = propose(real_office, changed, "--from", LATER)

    assert list(proposed) == [
        "number", "outcome", "by", "by_name", "at", "from", "since", "texts", "ground", "last", "later", "trouble",
        "who", "decided_by", "decided_at", "reason",
    ]  # fmt: skip
    assert list(proposed["texts"][0]) == [
        "name", "title", "file", "hash", "before", "unchanged", "changes", "staying", "until",
    ]  # fmt: skip
    assert (proposed["from"], proposed["since"], proposed["outcome"]) == (LATER, LATER, None)
    done = real_office.ask("activate", "--approve", "1", "--as", "fang")
    assert list(done) == ["proposal", "activated", "late"]
    assert list(done["activated"][0]) == ["name", "hash", "unchanged", "open_before", "since", "until"]
    listed = real_office.ask("activate", "--list")
    assert list(listed) == [
        "today", "rehearsal", "in_force", "coming", "proposals", "decided", "migrations",
    ]  # fmt: skip
    assert list(listed["coming"][0]) == [
        "number", "name", "title", "hash", "since", "until", "at", "by", "approved_by", "proposal",
    ]  # fmt: skip
    assert (listed["coming"][0]["name"], listed["coming"][0]["since"]) == ("extension", LATER)
    words = real_office.type("activate", "--list")
    assert words.code == 0
    assert "待生效" in words.out


def test_a_rejection_and_a_withdrawal(real_office: Terminal, changed: str) -> None:
    propose(real_office, changed)
    propose(real_office, changed)

    rejected = real_office.ask("activate", "--reject", "1", "--as", "fang", "--reason", "依据不足")
    refused = real_office.type("activate", "--withdraw", "2", "--as", "fang", "--json")
    withdrawn = real_office.ask("activate", "--withdraw", "2", "--as", "admin")

    assert (rejected["proposal"]["outcome"], rejected["proposal"]["reason"]) == ("rejected", "依据不足")
    assert (refused.code, refused.json["refused"]["code"]) == (1, "not_proposer")
    assert withdrawn["proposal"]["outcome"] == "withdrawn"
    assert "依据不足" in real_office.type("activate", "--show", "1").out


def test_after_somebody_elses_activation_one_looks_again(
    real_office: Terminal, changed: str, tmp_path: Path
) -> None:
    propose(real_office, changed)
    other = tmp_path / "other.yaml"
    other.write_text(titled("另", "workflows/late_entry.yaml")["workflows/late_entry.yaml"], encoding="utf-8")
    real_office.ask("activate", str(other), "--as", "wei")
    real_office.ask("activate", "--approve", "2", "--as", "fang")

    refused = real_office.type("activate", "--approve", "1", "--as", "fang")
    shown = real_office.ask("activate", "--show", "1")["proposal"]
    done = real_office.ask("activate", "--approve", "1", "--as", "fang", "--seen", str(shown["last"]))

    assert refused.code == 1
    assert f"--seen {shown['last']}" in refused.out
    assert [line["name"] for line in shown["later"]] == ["late_entry"]
    assert done["proposal"]["outcome"] == "approved"


def test_what_is_in_force_already_is_no_proposal(real_office: Terminal) -> None:
    file = str(real_office.folder / EXTENSION)

    assert propose(real_office, file)["number"] is None
    assert "无须提请" in real_office.type("activate", file, "--as", "admin").out


def test_in_a_rehearsal_one_suffices_and_is_told_so(office: Terminal, changed: str) -> None:
    done = office.type("activate", changed, "--as", "admin")

    assert done.code == 0
    assert "演练机构：一人即可启用" in done.out


def test_in_a_rehearsal_one_may_propose_all_the_same(office: Terminal, changed: str) -> None:
    assert propose(office, changed, "--propose", "--from", "2026-04-01")["since"] == "2026-04-01"
    assert office.type("activate", "--approve", "1", "--as", "admin").code == 1
    assert office.ask("activate", "--approve", "1", "--as", "fang")["late"] is False


def test_in_a_rehearsal_a_day_may_be_named_too(office: Terminal, changed: str) -> None:
    (done,) = office.ask("activate", changed, "--as", "admin", "--from", "2026-04-01")

    assert done["since"] == "2026-04-01"
    before = office.ask("activate", "--list")["in_force"]
    office.now = "2026-04-01T00:00"
    after = office.ask("activate", "--list")["in_force"]
    assert {line["hash"] for line in after} - {line["hash"] for line in before} == {done["hash"]}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--list", "--show", "1"],
        ["FILE"],
        ["FILE", "--approve", "1", "--as", "fang"],
        ["FILE", "--as", "admin", "--reason", "x"],
        ["FILE", "--as", "admin", "--seen", "1"],
        ["FILE", "--as", "admin", "--from", "1999-01-01"],
        ["FILE", "--as", "admin", "--from", "tomorrow"],
        ["nothing.yaml", "--as", "admin"],
        ["--approve", "1"],
        ["--approve", "one", "--as", "fang"],
        ["--approve", "1", "--as", "fang", "--from", "2999-01-01"],
        ["--approve", "1", "--as", "fang", "--propose"],
        ["--reject", "1", "--as", "fang"],
        ["--reject", "1", "--withdraw", "1", "--as", "fang", "--reason", "x"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_as_such(real_office: Terminal, changed: str, words: list[str]) -> None:
    answer = real_office.type("activate", *[changed if word == "FILE" else word for word in words])

    assert answer.code == 2, answer
    assert answer.err.strip()
    assert answer.out == ""


def test_on_a_proposal_a_no_is_told_apart_from_wrong_use(real_office: Terminal, changed: str) -> None:
    propose(real_office, changed)

    for words, code in (
        (["--show", "7"], 1),
        (["--approve", "7", "--as", "fang"], 1),
        (["--approve", "1", "--as", "nobody"], 1),
        (["--approve", "1", "--as", "lin"], 1),
        (["--withdraw", "1", "--as", "lin"], 1),
        (["--approve", "1", "--as", "fang", "--seen", "999"], 2),
        (["--reject", "1", "--as", "fang", "--reason", " "], 2),
    ):
        assert real_office.type("activate", *words).code == code, words
    assert real_office.ask("activate", "--show", "1")["proposal"]["outcome"] is None
