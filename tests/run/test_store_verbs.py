"""An office backed up, looked through and made again, as it is typed; what is kept is its owner's alone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from engine.errors import AlreadyThere, StoreAway
from engine.run.settings import Settings
from engine.run.verbs_store import _in_place
from engine.service import backups
from engine.store import database as databases
from tests.run.terminal import Terminal

owners_alone = pytest.mark.skipif(os.name == "nt", reason="Windows keeps to the rights of the folder")


def test_an_office_is_backed_up_looked_through_and_made_again(office: Terminal, tmp_path: Path) -> None:
    number, file, again = office.accepted(), tmp_path / "office.zip", Terminal(tmp_path / "again")
    head = office.ask("checkpoint")["head"]

    made = office.ask("backup", str(file))
    checked = office.ask("backup", "--check", str(file))
    restoring = again.type("restore", str(file), "--json")
    restored = restoring.json

    assert made["tables"]["events"] == 4
    assert "workflows.yaml" in made["files"]
    for said in (checked, restored):
        assert {**said, "seconds": 0} | {"checks": 0} == {**made, "seconds": 0} | {"checks": 0}
    verified, doctored = restored["checks"]
    assert (verified["checked"], verified["findings"]) == (1, [])
    as_it_was = office.type("doctor", "--json")
    assert (restoring.code, doctored["findings"]) == (0, as_it_was.json["findings"])
    assert again.ask("show", number) == office.ask("show", number)
    assert again.type("verify", "--against", head).code == 0
    assert again.type("check").code == 0
    assert again.opened() != number, "numbers go on where they were"


def test_what_was_vacant_before_does_not_make_a_good_restore_bad(office: Terminal, tmp_path: Path) -> None:
    office.opened()
    assert office.type("doctor").code == 1, "posts are vacant here"
    office.ask("backup", str(tmp_path / "office.zip"))

    restored = Terminal(tmp_path / "again").type("restore", str(tmp_path / "office.zip"))

    assert restored.code == 0
    verify, doctor = restored.out.index("\nverify: "), restored.out.index("\ndoctor: ")
    assert verify < restored.out.index("[vacant]") > doctor


def test_nothing_is_written_over_and_what_is_broken_is_said(office: Terminal, tmp_path: Path) -> None:
    file, again = tmp_path / "office.zip", Terminal(tmp_path / "again")
    assert office.type("backup", str(file)).code == 0
    assert office.type("backup", str(file)).code == 1, "it is there already"
    assert office.type("restore", str(file)).code == 1, "the office is there already"
    assert office.type("backup", "--check", str(tmp_path / "none.zip")).code == 2
    file.write_bytes(file.read_bytes()[:-100])

    assert office.type("backup", "--check", str(file)).code != 0
    assert again.type("restore", str(file)).code != 0
    assert not (again.folder / "anxu.db").exists()


def test_a_restored_office_is_moved_into_place_with_everything_or_not_at_all(
    office: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, folder = tmp_path / "office.zip", tmp_path / "again"
    office.ask("backup", str(file))
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0)
    readers: list[sqlite3.Connection] = []

    def restored_while_somebody_reads() -> None:
        with _in_place(Settings(office=folder), file) as database:
            backups.restore(file, database)
            (unfinished,) = folder.glob("anxu.db.*.unfinished")
            readers.append(sqlite3.connect(unfinished))
            readers[0].execute("BEGIN")
            assert readers[0].execute("SELECT count(*) FROM people").fetchone()[0] > 0

    with pytest.raises(StoreAway):
        restored_while_somebody_reads()
    readers[0].close()

    assert list(folder.glob("anxu.db*")) == [], "what is in the log alone would have been lost"


def test_of_two_restores_into_one_folder_one_is_whole_and_the_other_told(
    office: Terminal, tmp_path: Path
) -> None:
    file, folder = tmp_path / "office.zip", tmp_path / "again"
    number = office.opened()
    office.ask("backup", str(file))
    again = Terminal(folder)

    def restored_while_another_restore_ends() -> None:
        with _in_place(Settings(office=folder), file) as database:
            backups.restore(file, database)
            assert again.type("restore", str(file)).code == 0
            again.ask("people", "add", "new", "--name", "新来")

    with pytest.raises(AlreadyThere):
        restored_while_another_restore_ends()

    assert again.ask("show", number)
    with sqlite3.connect(folder / "anxu.db") as kept:
        told = kept.execute("SELECT count(*) FROM people WHERE id = 'new'").fetchone()
    assert told == (1,), "nothing was put over the office"
    assert list(folder.glob("*unfinished*")) == []


@owners_alone
def test_what_an_office_keeps_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    office, again = Terminal(tmp_path / "office"), Terminal(tmp_path / "again")
    before = os.umask(0o022)
    try:
        assert office.type("init", str(office.folder), "--rehearsal", ANXU_OFFICE="").code == 0
        office.ask("people", "add", "lin", "--name", "林清", "--role", "filing_clerk")
        number, file, proof = office.opened(), tmp_path / "office.zip", tmp_path / "proof.json"
        office.ask("certificate", number, "--out", str(proof))
        proof.chmod(0o644)
        office.ask("certificate", number, "--out", str(proof))
        office.ask("backup", str(file))
        again.type("restore", str(file))
        with sqlite3.connect(office.folder / "anxu.db") as open_one:
            open_one.execute("BEGIN IMMEDIATE")
            log = [path.stat().st_mode & 0o777 for path in office.folder.glob("anxu.db-*")]
    finally:
        os.umask(before)

    for folder in (office.folder, again.folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "anxu.db").stat().st_mode & 0o777 == 0o600
    assert [kept.stat().st_mode & 0o777 for kept in (file, proof)] == [0o600, 0o600]
    assert set(log) == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir() if "unfinished" in path.name) == []


def test_a_certificate_goes_into_a_pipe_as_well(office: Terminal) -> None:
    number = office.opened()
    assert office.type("certificate", number, "--out", os.devnull).code == 0
    assert not Path(os.devnull).is_file()
