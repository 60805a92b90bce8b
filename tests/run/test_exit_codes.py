"""Exit codes as the doors fix them: 0 done, 1 the answer is no, 2 wrong use, 3 broken or away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import AnxuError, BrokenHistory, CalendarEnds
from engine.run.door import exit_code
from engine.service.engine import Engine
from engine.store import database
from engine.text import Text
from tests.run.terminal import Terminal

ONE = "双劳人仲案〔2026〕1号"
SERVE = ("--as", "zhou", "--set", "service_method=post", "--key", "k1")


def test_an_unknown_case_is_1(office: Terminal) -> None:
    for words in (["show", "无此案"], ["explain", "无此案"], ["actions", "无此案", "--as", "lin"]):
        answer = office.type(*words, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (1, "unknown_case")


def test_a_person_or_procedure_nobody_knows_is_1(office: Terminal) -> None:
    number = office.opened()

    assert office.type("act", number, "propose", "--as", "nobody").code == 1
    assert office.type("open", "nothing", "--as", "lin").code == 1
    assert office.type("draw", "nothing").code == 1


def test_a_refusal_is_1_and_says_who_and_what_would_help(office: Terminal) -> None:
    number = office.opened()

    answer = office.type("act", number, "propose", "--as", "zhou", "--json")

    assert answer.code == 1
    refused = answer.json["refused"]
    assert {"code", "reason", "guard", "fact", "who", "enables"} <= set(refused)
    assert refused["who"] == ["林清"]
    assert office.type("open", "labour", "--as", "zhou", "--set", "cause=wages").code == 1


def test_whoever_stops_a_verb_is_not_told_that_nothing_was_done(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "sweep", interrupted)

    answer = office.type("sweep", "--json")

    assert (answer.code, answer.json["error"]["code"]) == (2, "aborted")
    assert "已提交的部分有效" in office.type("sweep").err


def test_a_stale_form_is_1(office: Terminal) -> None:
    number = office.opened()

    answer = office.type(
        "act", number, "propose", "--as", "lin", "--set", "claim_amount=1", "--seen", "0", "--json"
    )

    assert answer.code == 1
    assert "refused" in answer.json


def test_a_key_used_again_for_something_else_is_1(office: Terminal, tmp_path: Path) -> None:
    number = office.accepted()
    proof = tmp_path / "proof.txt"
    proof.write_text("送达回证", encoding="utf-8")
    doc = ("--doc", f"proof_of_service={proof}")

    first = office.type("act", number, "serve", *SERVE, *doc, "--json")
    again = office.type("act", number, "serve", *SERVE, *doc, "--json")
    other = office.type("act", number, "record_answer", "--as", "zhou", "--key", "k1", "--json")

    assert (first.code, again.code) == (0, 0)
    assert again.out == first.out, "a double click gets the stored answer"
    assert (other.code, other.json["error"]["code"]) == (1, "key_reused")


def test_a_broken_definition_is_1(office: Terminal) -> None:
    broken = office.folder / "workflows/labour.yaml"
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("to: accepted,", "to: acceptd,"), encoding="utf-8"
    )

    checked = office.type("check")
    activated = office.type("activate", str(broken), "--as", "admin", "--json")

    assert checked.code == 1
    assert f"{broken}:" in checked.out
    assert activated.code == 1
    assert activated.json["problems"][0]["code"] == "unknown_state"


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["--nothing"],
        ["list", "--nothing"],
        ["open", "labour"],
        ["open"],
        ["show", ONE, "--as-of", "2026-02-30"],
        ["open", "labour", "--as", "lin", "--on", "yesterday"],
        ["open", "labour", "--as", "lin", "--party", "claimant"],
        ["open", "labour", "--as", "lin", "--party", ":王小禾"],
        ["open", "labour", "--as", "lin", "--set", "cause"],
        ["open", "labour", "--as", "lin", "--set", "cause=wages", "--set", "cause=injury"],
        ["open", "labour", "--as", "lin", "--doc", "application=/nowhere/at/all.pdf"],
        ["act", ONE, "propose", "--as", "lin", "--seen", "x"],
        ["act", ONE, "correct", "--as", "lin", "--set", "event=x"],
        ["explain", ONE, "--format", "pdf"],
        ["list", "--after", "%%%"],
        ["list", "--at", "noon"],
        ["list", "--db", "mysql://h/n"],
        ["list", "--lang", "fr"],
        ["list", "--office", "/nowhere/at/all"],
        ["people", "leave", "lin", "--since", "2026-04-01", "--until", "2026-03-01"],
        ["serve", "--port", "70000"],
        ["tick", "--every", "31"],
        ["check", "/nowhere/at/all.yaml"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_2_in_words_and_in_json(office: Terminal, words: list[str]) -> None:
    spoken = office.type(*words)
    in_json = office.type(*words, "--json")

    assert (spoken.code, in_json.code) == (2, 2), in_json
    assert spoken.out == ""
    assert spoken.err.strip()
    assert in_json.json["error"]["code"] == "wrong_use"


def test_no_office_here_is_2_and_says_what_to_do(
    office: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    answer = office.type("list", ANXU_OFFICE="", ANXU_NOW="")

    assert answer.code == 2
    assert "anxu init" in answer.err


def test_setting_the_time_of_an_office_in_use_is_2_and_does_nothing(real_office: Terminal) -> None:
    number = real_office.opened()
    version = real_office.ask("show", number)["version"]

    for answer in (
        real_office.type("sweep", "--at", "2031-01-01"),
        real_office.type("show", number, "--at", "2026-03-02T09:00"),
        real_office.type("sweep", ANXU_NOW="2031-01-01"),
    ):
        assert answer.code == 2
        assert "rehearsal: true" in answer.err
    assert real_office.ask("show", number)["version"] == version


def test_a_date_to_come_is_refused_in_an_office_in_use(real_office: Terminal) -> None:
    number = real_office.opened()

    act = ("propose", "--as", "lin", "--set", "claim_amount=1", "--on", "2099-01-05")

    assert real_office.type("act", number, *act).code == 1


def test_a_register_turned_to_rehearsal_sets_no_time_before_it_is_in_force(real_office: Terminal) -> None:
    register = real_office.folder / "workflows.yaml"
    register.write_text(
        register.read_text(encoding="utf-8").replace("rehearsal: false", "rehearsal: true"), encoding="utf-8"
    )

    assert real_office.type("sweep", "--at", "2031-01-01").code == 2


def test_a_locked_database_is_3_and_says_to_try_again(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.opened()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(office.folder / "anxu.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        answer = office.type("act", number, "propose", "--as", "lin", "--set", "claim_amount=1", "--json")

    assert answer.code == 3
    assert answer.json["retry"] is True
    assert answer.json["error"]["code"] == "store_away"


def test_a_database_that_is_gone_is_3_and_is_not_made_by_looking(office: Terminal) -> None:
    (office.folder / "anxu.db").unlink()

    answer = office.type("list", "--json")

    assert answer.code == 3
    assert answer.json["retry"] is True
    assert not (office.folder / "anxu.db").exists()


def test_a_server_that_does_not_answer_is_3(office: Terminal) -> None:
    answer = office.type("list", "--json", "--db", "postgresql://nobody@127.0.0.1:1/nothing")

    assert answer.code == 3
    assert answer.json["retry"] is True


def test_a_file_that_is_no_database_is_3_in_one_sentence(office: Terminal) -> None:
    (office.folder / "anxu.db").write_bytes(b"not a database at all, but long enough to be one" * 100)

    answer = office.type("list", "--json")

    assert answer.code == 3
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_the_traceback_of_a_crash_is_shown_to_whoever_asks(office: Terminal) -> None:
    (office.folder / "anxu.db").write_bytes(b"not a database at all, but long enough to be one" * 100)

    assert "Traceback" in office.type("list", ANXU_DEBUG="1").err


def test_every_error_has_an_exit_code_its_own_or_that_of_its_kind() -> None:
    class Newcomer(CalendarEnds):
        """An error nobody has thought of here."""

    sentence = Text("新", "new")
    assert exit_code(Newcomer(sentence)) == 1
    assert exit_code(BrokenHistory(sentence)) == 3
    assert exit_code(AnxuError(sentence)) == 3


def test_words_that_are_no_text_are_2(office: Terminal) -> None:
    assert office.type("show", "\udcff").code == 2


@pytest.mark.parametrize("place", ["office.zip", "office.zip/below", "a" * 5000])
def test_a_place_the_system_does_not_give_is_said_with_its_name_and_is_no_crash(
    office: Terminal, tmp_path: Path, place: str
) -> None:
    file = tmp_path / "office.zip"
    office.ask("backup", str(file))

    answer = Terminal(tmp_path / place).type("--lang", "en", "restore", str(file))

    assert answer.code == 2
    assert "cannot be used (" in answer.err
    assert len(answer.err) < 400


def test_where_nothing_could_be_restored_no_folder_stays(office: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "office.zip"
    office.ask("backup", str(file))
    file.write_bytes(file.read_bytes()[:-200])
    again = Terminal(tmp_path / "again")

    assert again.type("restore", str(file)).code == 1
    assert not again.folder.exists()


@pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31", "2200-01-01"])
def test_a_time_too_far_away_is_refused(office: Terminal, at: str) -> None:
    answer = office.type("sweep", "--at", at)

    assert (answer.code, "1900年至2199年" in answer.err) == (2, True)
