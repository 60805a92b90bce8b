"""What an office vouches for, as it is typed: a head printed and compared, a certificate, a case into a bundle and back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from engine.service.certificates import VERIFIER
from engine.store.database import Database
from tests.run.terminal import Terminal


def test_a_printed_head_is_compared_later(office: Terminal, tmp_path: Path) -> None:
    office.opened()
    assert office.type("checkpoint", "--print").code == 2, "there is none yet"
    made = office.ask("checkpoint")
    printed = office.type("checkpoint", "--print")
    kept = tmp_path / "newspaper.txt"
    kept.write_text(printed.out, encoding="utf-8")

    assert made["line"] in printed.out
    office.now = "2026-03-03T09:00"
    later = office.ask("checkpoint")["line"]
    assert later in office.type("checkpoint", "--print").out
    first = office.type("checkpoint", "--print", "1")
    assert (first.code, made["line"] in first.out) == (0, True)
    assert office.type("checkpoint", "--print", "99").code == 1
    assert "1 case, " in office.type("checkpoint", "--print", "--lang", "en").out
    assert office.type("verify", "--against", str(kept)).code == 0
    assert office.type("verify", "--against", made["head"]).code == 0
    other = office.type("verify", "--against", "0" * 64, "--json")
    assert (other.code, [one["code"] for one in other.json["findings"]]) == (1, ["anchor"])
    assert office.type("verify", "--against", "yesterday's").code == 2


def test_a_certificate_is_written_with_the_script_that_checks_it(office: Terminal, tmp_path: Path) -> None:
    number, file = office.opened(), tmp_path / "proof.json"
    office.ask("checkpoint")

    told = office.ask("certificate", number, "--out", str(file), "--with-verifier", "--with-documents")

    assert told["sealed"] == 1
    checked = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / VERIFIER), str(file)], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked
    assert told["digest"].encode() in checked.stdout
    said = office.type("--lang", "en", "certificate", number, "--out", str(file), "--with-verifier").out
    assert f"To check it: python3 {tmp_path / VERIFIER} {file}" in said
    assert "To check it" not in office.type("--lang", "en", "certificate", number, "--out", str(file)).out
    assert office.type("certificate", "2026-99").code == 1
    assert office.type("certificate", number, "--out", str(tmp_path / "no" / "folder.json")).code == 2


def test_a_closed_case_goes_into_a_bundle_is_checked_and_comes_back(office: Terminal, tmp_path: Path) -> None:
    number, key, place = office.opened(), tmp_path / "key", tmp_path / "bundles"
    public = office.ask("archive", "--new-key", str(key))["public"]
    assert key.stat().st_mode & 0o077 == 0, "nobody else reads a private key"
    assert office.type("archive", "--new-key", str(key)).code == 2, "no key is written over"
    archive = ("archive", number, "--to", str(place), "--key", str(key), "--as", "dai")
    assert office.type(*archive).code == 1, "it is open"
    office.ask("act", number, "propose_refusal", "--as", "lin", "--set", "reason=不属于受理范围")
    office.ask("act", number, "refuse", "--as", "fang", "--set", "reason=不属于受理范围")

    (made,) = office.ask(*archive, "--remove")["bundles"]

    assert (made["signer"], made["removed"]) == (public, 1)
    assert office.type("verify").code == 0
    checked = office.type("archive", "--check", made["file"], "--trust", f"{key}.pub", "--json")
    assert (checked.code, checked.json["trusted"]) == (0, True)
    assert office.type("archive", "--check", made["file"], "--trust", "0" * 64).code == 1
    assert office.type("archive", "--check", str(key)).code == 2
    assert office.ask("archive", "--back", made["file"], "--as", "dai") == {
        "number": number, "whole": False, "documents": 1,
    }  # fmt: skip
    assert office.type("verify").code == 0
    assert office.type("archive").code == 2


def test_an_office_may_be_founded_with_sm3(tmp_path: Path) -> None:
    founded = Terminal(tmp_path / "office").type(
        "init", str(tmp_path / "office"), "--rehearsal", "--hash", "sm3", ANXU_OFFICE=""
    )
    assert founded.code == 0, founded
    assert "\nhash: sm3\n" in (tmp_path / "office" / "workflows.yaml").read_text(encoding="utf-8")


def test_verify_and_doctor_tell_what_was_tampered_with_by_exit_code(office: Terminal) -> None:
    office.opened()
    office.ask("checkpoint")
    database = Database(f"sqlite:///{office.folder / 'anxu.db'}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE holdings SET role = 'director' WHERE person = 'dai'"))
    database.close()

    found = office.type("verify", "--json")
    assert (found.code, [one["code"] for one in found.json["findings"]]) == (1, ["people"])
