"""The common flags stand before or after the verb; answers go to standard output, messages beside it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine.errors import WrongUse
from engine.run.command_line import anxu
from engine.run.flags import attachments, pairs, parties
from tests.run.terminal import Terminal


def test_common_flags_stand_before_the_verb_or_after_it(office: Terminal, tmp_path: Path) -> None:
    nowhere = {"ANXU_OFFICE": "", "ANXU_NOW": ""}
    where = ("--office", str(office.folder))
    number = office.opened()

    before = office.type(*where, "--json", "--lang", "en", "--at", "2026-03-03", "show", number, **nowhere)
    after = office.type("show", number, *where, "--json", "--lang", "en", "--at", "2026-03-03", **nowhere)
    mixed = office.type("--json", *where, "show", "--lang=en", number, "--at", "2026-03-03", **nowhere)

    assert before.code == 0
    assert before.json == after.json == mixed.json


def test_common_flags_stand_anywhere_in_a_group_of_verbs(office: Terminal) -> None:
    everybody = office.type("people", "list", "--json").json

    assert office.type("--json", "people", "list").json == everybody
    assert office.type("people", "--json", "list").json == everybody


def test_the_later_flag_wins(office: Terminal) -> None:
    assert "No case" in office.type("--lang", "zh", "show", "x", "--lang", "en").err


def test_db_names_the_database_of_another_folder(office: Terminal, tmp_path: Path) -> None:
    number = office.opened()
    url = f"sqlite:///{office.folder}/anxu.db"

    assert office.type("show", number, "--db", url, ANXU_OFFICE="").code == 0
    assert office.type("show", number, ANXU_OFFICE="", ANXU_DB=url).code == 0


def every_command(group: click.Group, path: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        assert command.name == name
        found.append((f"{path}{name}", command))
        if isinstance(command, click.Group):
            found += every_command(command, f"{path}{name} ")
    return found


@pytest.mark.parametrize(
    "command", [c for _, c in every_command(anxu)], ids=[n for n, _ in every_command(anxu)]
)
def test_every_verb_takes_the_common_flags_and_has_help_in_both_languages(command: click.Command) -> None:
    assert {"db", "office", "lang", "json", "at"} <= {param.name for param in command.params}
    assert command.help
    assert " · " in command.help
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            assert " · " in param.help, param.name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_answers_in_english_are_english_throughout(office: Terminal, lang: str) -> None:
    number = office.accepted()
    said = office.type("sweep", "--lang", lang).out + office.type("verify", "--lang", lang).out
    said += (
        office.type("show", "x", "--lang", lang).err
        + office.type("act", number, "x", "--as", "lin", "--lang", lang).err
    )

    has_chinese = any("一" <= character <= "鿿" for character in said)
    assert has_chinese is (lang == "zh")


def test_messages_stand_beside_the_answer(office: Terminal) -> None:
    answer = office.type("people", "password", "lin", "--generate", "--json")

    assert len(answer.json["password"]) >= 10
    assert "lin" in answer.err


def test_pairs_are_split_at_the_first_sign_only() -> None:
    assert pairs("--set", ["a=b=c", "空=", " d = e "]) == {"a": "b=c", "空": "", "d": " e "}


def test_a_party_is_named_with_either_colon() -> None:
    assert [(p.role, p.name) for p in parties(["claimant:王小禾", "respondent：甲:乙公司"])] == [
        ("claimant", "王小禾"),
        ("respondent", "甲:乙公司"),
    ]


def test_a_document_brings_its_name_and_what_kind_of_file_it_is(tmp_path: Path) -> None:
    file = tmp_path / "裁决书.pdf"
    file.write_bytes(b"%PDF")

    (found,) = attachments([f"award={file}"])

    assert (found.kind, found.name, found.media_type, found.content) == (
        "award",
        "裁决书.pdf",
        "application/pdf",
        b"%PDF",
    )


@pytest.mark.parametrize("file", ["/nowhere/at/all.pdf", "/"])
def test_a_document_that_cannot_be_read_is_wrong_use(file: str) -> None:
    with pytest.raises(WrongUse):
        attachments([f"award={file}"])


def test_without_a_word_the_verbs_are_told_and_it_is_wrong_use() -> None:
    bare = CliRunner().invoke(anxu, [])

    assert bare.exit_code == 2
    assert "doctor" in bare.output
