"""`anxu init --register`: an institution from elsewhere begins with its own register; `check` says what it went by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.language.fitting import FILES, REGISTER
from tests.language.small import SMALL, changed
from tests.language.test_own_roles import OWN
from tests.run.terminal import Answer, Terminal

TWO_OFFICES = changed(
    REGISTER, ("  main: {zh: 仲裁院, en: Court}\n", "  main: {zh: 仲裁院, en: Court}\n  east: {zh: 东区庭, en: East branch}\n")
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The register of a small court and its two procedures, beside a file it does not name."""
    folder = tmp_path / "source"
    return laid(folder, {**FILES, "workflows.yaml": TWO_OFFICES, "stray.yaml": SMALL})


def laid(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No office and no register where the commands are typed."""
    monkeypatch.chdir(tmp_path)


def init(folder: Path, *flags: str) -> Answer:
    now = "2026-01-05T08:00" if "--rehearsal" in flags else None
    return Terminal(folder, now).type("init", str(folder), *flags, ANXU_OFFICE="")


def test_an_office_begins_with_a_register_of_its_own(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"

    made = init(folder, "--register", str(source / "workflows.yaml"), "--lang", "en")

    assert made.code == 0, made
    assert "Small court" in made.out
    assert "--role filing_clerk" in made.out
    names = {file.name for file in folder.rglob("*") if file.suffix == ".yaml"}
    assert names == {"workflows.yaml", "small.yaml", "review.yaml"}
    office = Terminal(folder, None)
    listed = office.ask("activate", "--list")
    assert [line["name"] for line in listed["in_force"]] == ["register", "small", "review"]
    assert office.ask("check") == []


def test_a_rehearsal_of_it_says_so_in_its_register(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"

    assert init(folder, "--register", str(source / "workflows.yaml"), "--rehearsal").code == 0

    text = (folder / "workflows.yaml").read_text(encoding="utf-8")
    assert "\nrehearsal: true\n" in f"\n{text}"
    assert text.replace("rehearsal: true\n", "") == TWO_OFFICES
    assert "rehearsal" not in (source / "workflows.yaml").read_text(encoding="utf-8")
    office = Terminal(folder)
    office.ask("people", "add", "lin", "--name", "林", "--role", "filing_clerk", "--place", "east")
    assert office.type("activate", str(folder / "small.yaml"), "--as", "admin").code == 0


def test_a_folder_that_is_the_office_already_needs_only_its_database(source: Path) -> None:
    register = str(source / "workflows.yaml")

    asked = init(source, "--register", register, "--rehearsal")
    made = init(source, "--register", register)
    again = init(source, "--register", register)

    assert (asked.code, made.code, again.code) == (2, 0, 1)
    assert (source / "workflows.yaml").read_text(encoding="utf-8") == TWO_OFFICES


@pytest.mark.parametrize("flag", ["--institution", "--title", "--title-en", "--short"])
def test_what_the_register_says_itself_is_no_flag_beside_it(source: Path, tmp_path: Path, flag: str) -> None:
    answer = init(tmp_path / "office", "--register", str(source / "workflows.yaml"), flag, "x")

    assert answer.code == 2
    assert flag in answer.err
    assert not (tmp_path / "office").exists()


def test_every_problem_is_told_as_check_tells_it_and_nothing_is_made(source: Path, tmp_path: Path) -> None:
    laid(source, {"small.yaml": changed(SMALL, ("to: proposed}", "to: propozed}"))})
    (source / "review.yaml").write_text("procedure: review\n", encoding="utf-8")
    register = str(source / "workflows.yaml")

    told = Terminal(source, None).type("check", register, ANXU_OFFICE="")
    answer = init(tmp_path / "office", "--register", register)

    assert answer.code == 1
    assert "propozed" in answer.err
    for line in told.out.splitlines()[:-1]:
        assert line in answer.err
    assert not (tmp_path / "office").exists()


def test_a_procedure_is_no_register(source: Path, tmp_path: Path) -> None:
    answer = init(tmp_path / "office", "--register", str(source / "small.yaml"), "--lang", "en")

    assert answer.code == 2
    assert "is no register" in answer.err


def test_who_may_open_elsewhere_is_told_where(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    init(folder, "--register", str(source / "workflows.yaml"), "--rehearsal")
    office = Terminal(folder)
    office.ask("people", "add", "lin", "--name", "林", "--role", "filing_clerk", "--place", "east", "--since", "2026-01-01")  # fmt: skip
    parties = ("--party", "claimant:甲", "--party", "respondent:乙")

    refused = office.type("open", "small", "--as", "lin", *parties, "--lang", "en")

    assert refused.code == 1
    assert "East branch (east)" in refused.out
    assert "--in east" in refused.out
    assert office.type("open", "small", "--as", "lin", "--in", "east", *parties).code == 0


# --- what a file is checked against -----------------------------------------------------------------------


def test_a_file_without_a_register_is_told_what_it_was_checked_against(tmp_path: Path) -> None:
    # Its own title for a role of the example, and a ladder that the example does not have.
    foreign = changed(
        OWN, ("registrar: {zh: 书记官, en: registrar}", "registrar: {zh: 书记官, en: registrar}\n  director: {zh: 院长, en: president}"),
        ("ladder: award", "ladder: nowhere"),
    )  # fmt: skip
    folder = laid(tmp_path / "alone", {"small.yaml": foreign})
    alone = Terminal(folder, None)
    file = str(folder / "small.yaml")

    english = alone.type("check", file, "--lang", "en", ANXU_OFFICE="")
    chinese = alone.type("check", file, ANXU_OFFICE="")
    plain = alone.type("check", file, "--json", ANXU_OFFICE="")

    assert english.code == 0, english
    assert "shipped example register" in english.out
    assert "示例登记册" in chinese.out
    assert (plain.json, plain.err) == ([], "")
    proved = alone.type("check", file, "--prove", "--json", ANXU_OFFICE="")
    assert "unknown_ladder" not in {problem["code"] for problem in proved.json}


def test_a_register_beside_it_that_does_not_name_the_file_is_said_too(source: Path) -> None:
    laid(source, {"stray.yaml": changed(SMALL, ("procedure: small", "procedure: stray"))})

    answer = Terminal(source, None).type("check", str(source / "stray.yaml"), "--lang", "en")
    named = Terminal(source, None).type("check", str(source / "small.yaml"), "--lang", "en")

    assert answer.code == 0
    assert "does not name stray" in answer.out
    assert "register" not in named.out


def test_a_matter_knows_the_roles_of_the_main_procedure_checked_with_it(source: Path) -> None:
    review = changed(FILES["review.yaml"], ("by: any director, not_by", "by: [any director, any registrar], not_by"))  # fmt: skip
    laid(source, {"small.yaml": OWN, "review.yaml": review})
    terminal = Terminal(source, None)

    for files in ([], ["review.yaml"], ["small.yaml", "review.yaml"]):
        assert terminal.ask("check", *(str(source / file) for file in files)) == []


def test_check_and_activate_tell_the_same(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    init(folder, "--register", str(source / "workflows.yaml"), "--rehearsal")
    text = (folder / "workflows.yaml").read_text(encoding="utf-8")
    file = laid(folder, {"workflows.yaml": changed(text, ("opens: review", "opens: supervision"))})
    office, register = Terminal(folder), str(file / "workflows.yaml")

    told = office.type("check", register, "--json").json
    refused = office.type("activate", register, "--as", "admin", "--json")

    assert [problem["code"] for problem in told] == ["unknown_matter"]
    assert refused.code == 1
    keys = ("line", "column", "code", "reason", "fix")
    for mine, theirs in zip(told, refused.json["problems"], strict=True):
        assert {key: mine[key] for key in keys} == {key: theirs[key] for key in keys}
