"""A closed case goes into a signed bundle and comes back from it; nothing is lost, and nobody is told that it was."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.model.events import canonical
from engine.model.hashing import hexdigest
from engine.service.archiving import Bundled, Returned
from engine.service.bundles import opened, pack
from engine.service.engine import Engine
from engine.service.signatures import new_key, public_in
from engine.store import tables as t
from engine.store.database import Database
from tests.builders import Clock, a_file
from tests.cast import DAI, LIN, PARTIES
from tests.office import OfficeStory, assert_whole, tamper
from tests.service.tampering import as_before, erase

PEM, PUBLIC = new_key()


@pytest.fixture
def closed(engine: Engine, clock: Clock, story: OfficeStory) -> OfficeStory:
    """A case that has ended and is in the archive, with its papers."""
    story.given("archived")
    assert not story.case.open
    return story


def bundled(engine: Engine, story: OfficeStory, folder: Path, *, remove: bool = False) -> Bundled:
    done = engine.vouching.archive(story.number, folder, PEM, DAI, remove=remove)
    assert isinstance(done, Bundled), done
    return done


def emptied(database: Database) -> int:
    query = select(func.count()).select_from(t.documents).where(t.documents.c.moved_to.is_not(None))
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_bundle_holds_the_certificate_and_every_document_signed(
    engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    done = bundled(engine, closed, tmp_path)

    bundle = opened(Path(done.file).read_bytes())

    assert bundle.signer == done.signer == PUBLIC
    assert bundle.manifest["number"] == closed.number
    named = {digest for event in closed.history() for digest in event.documents.values()}
    assert bundle.contents.keys() == named
    assert any("sealed by checkpoint" in line for line in bundle.proved), "it was sealed first"
    assert_whole(engine, closed.number)


def test_contents_leave_the_store_only_when_told_to_and_nobody_cries_deletion(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    bundled(engine, closed, tmp_path)
    assert emptied(database) == 0

    done = bundled(engine, closed, tmp_path, remove=True)

    named = {digest for event in closed.history() for digest in event.documents.values()}
    assert done.removed == emptied(database) == len(named)
    assert_whole(engine, closed.number)
    engine.vouching.checkpoint()
    assert_whole(engine, closed.number)
    with pytest.raises(WrongUse) as told:
        engine.document(closed.number, min(named))
    assert Path(done.file).name in told.value.sentence.zh


def test_a_document_said_to_be_in_the_bundle_of_another_case_is_found(
    database: Database, engine: Engine, closed: OfficeStory, clock: Clock, tmp_path: Path
) -> None:
    bundled(engine, closed, tmp_path, remove=True)
    paper = a_file("application", "只在另一案中的申请书")
    answer = engine.open_case(
        "labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[paper], on=clock.today
    )
    assert not isinstance(answer, Refusal), answer
    assert engine.verify().findings == ()

    tamper(
        database,
        "UPDATE documents SET content = :nothing, moved_to = (SELECT max(moved_to) FROM documents) WHERE digest = :digest",
        nothing=b"",
        digest=paper.digest,
    )

    assert {finding.code for finding in engine.verify().findings} == {"document"}


def test_the_size_of_a_document_is_its_own(database: Database, engine: Engine, closed: OfficeStory) -> None:
    tamper(database, "UPDATE documents SET size = size + 1")

    assert {finding.code for finding in engine.verify().findings} == {"document"}


def test_contents_come_back_from_their_bundle(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    file = bundled(engine, closed, tmp_path, remove=True).file

    back = engine.vouching.back(Path(file).read_bytes(), DAI)

    assert isinstance(back, Returned), back
    assert (back.whole, emptied(database)) == (False, 0)
    digest = closed.history()[0].documents["application"]
    found = engine.document(closed.number, digest)
    assert found is not None
    assert found.digest == digest
    assert_whole(engine, closed.number)


def test_a_case_that_the_store_lost_comes_back_whole(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    file = bundled(engine, closed, tmp_path).file
    before, history = closed.case, closed.history()
    with database.engine.begin() as connection:
        erase(connection, before.id)
    assert "deleted" in {finding.code for finding in engine.verify().findings}

    back = engine.vouching.back(Path(file).read_bytes(), DAI)

    assert isinstance(back, Returned), back
    assert back.whole
    assert (closed.case, closed.history()) == (before, history)
    assert_whole(engine, closed.number)
    engine.vouching.checkpoint()
    assert_whole(engine, closed.number)


@pytest.mark.parametrize("tables", [(), ("events",), ("events", "shown_dates")])
def test_of_a_case_that_is_gone_but_in_part_nothing_is_said_to_have_come_back(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path, tables: tuple[str, ...]
) -> None:
    packed = Path(bundled(engine, closed, tmp_path).file).read_bytes()
    tamper(database, "DELETE FROM cases WHERE id = :id", id=(id := closed.case.id))
    for table in tables:
        tamper(database, f"DELETE FROM {table} WHERE case_id = :id", id=id)

    refused = engine.vouching.back(packed, DAI)

    assert isinstance(refused, Refusal), refused
    assert refused.code == "rows_left"


def test_documents_come_back_from_the_bundle_that_has_them_after_the_case_came_from_one_without(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    full, bare = (
        Path(bundled(engine, closed, tmp_path / name, remove=True).file).read_bytes() for name in "ab"
    )
    with database.engine.begin() as connection:
        erase(connection, closed.case.id)
    assert isinstance(engine.vouching.back(bare, DAI), Returned)
    assert "document" in {finding.code for finding in engine.verify().findings}

    back = engine.vouching.back(full, DAI)

    assert isinstance(back, Returned), back
    assert back.contents == len(opened(full).contents)
    assert_whole(engine, closed.number)


def test_a_document_that_another_case_hands_in_again_is_there_again(
    database: Database, engine: Engine, closed: OfficeStory, clock: Clock, tmp_path: Path
) -> None:
    bundled(engine, closed, tmp_path, remove=True)
    digest = closed.history()[0].documents["application"]

    other = OfficeStory(engine, clock).open()

    assert other.history()[0].documents["application"] == digest
    found = engine.document(other.number, digest)
    assert found is not None
    assert found.digest == digest
    assert engine.verify().findings == ()


def test_an_open_case_is_not_archived_and_only_an_archivist_archives(
    engine: Engine, clock: Clock, tmp_path: Path, closed: OfficeStory
) -> None:
    story = OfficeStory(engine, clock).open()
    refused = [
        engine.vouching.archive(story.number, tmp_path, PEM, DAI),
        engine.vouching.archive(closed.number, tmp_path, PEM, LIN),
    ]
    assert [one.code for one in refused if isinstance(one, Refusal)] == ["still_open", "not_yours"]
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    ("state", "zh"),
    [
        ("filed", "下一步可办理“拟受理”"),
        ("accepted", "下一步可办理“组成仲裁庭”"),
        ("under_review", "下一步可办理“"),
    ],
)
def test_who_would_archive_an_open_case_hears_which_act_is_possible_next(
    engine: Engine, story: OfficeStory, tmp_path: Path, state: str, zh: str
) -> None:
    story.given(state)

    refused = engine.vouching.archive(story.number, tmp_path, PEM, DAI)

    assert isinstance(refused, Refusal)
    assert refused.enables is not None
    assert refused.enables.zh.startswith(zh)
    assert refused.enables.zh.endswith("办结后再归档")
    title = refused.enables.zh.split("“")[1].split("”")[0]
    with engine.office.reading() as unit:
        persons = [person.id for person in unit.rules.people.persons]
    assert any(
        line.allowed and line.title.zh == title
        for person in persons
        for line in engine.actions(story.number, person)
    )


def test_what_ended_before_a_day_is_found_until_it_is_archived(
    engine: Engine, clock: Clock, closed: OfficeStory, tmp_path: Path
) -> None:
    OfficeStory(engine, clock).open()
    ended = closed.case.main.entered_on

    assert list(engine.vouching.closed_before(ended)) == []
    clock.ahead(days=1)
    assert list(engine.vouching.closed_before(clock.today)) == [closed.case.id]
    bundled(engine, closed, tmp_path)
    assert list(engine.vouching.closed_before(clock.today)) == []


def test_a_bundle_that_was_touched_is_refused(engine: Engine, closed: OfficeStory, tmp_path: Path) -> None:
    packed = Path(bundled(engine, closed, tmp_path).file).read_bytes()
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert len(names) > 5
    touched = [repacked(packed, {name: b"{}"}) for name in names]
    touched += [repacked(packed, {}, without=name) for name in names]
    begins = packed.index(b"certificate.json") + 100
    touched.append(packed[:begins] + b"\xff" * 200 + packed[begins + 200 :])
    touched += [repacked(packed, {"documents/extra": b"x"}), b"", b"PK", packed[: len(packed) // 2]]

    for one in touched:
        with pytest.raises(WrongUse):
            opened(one)


def repacked(packed: bytes, changes: dict[str, bytes], without: str = "") -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(packed)), io.BytesIO()
    files = {name: source.read(name) for name in source.namelist() if name != without} | changes
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_signed_bundle_whose_case_no_checkpoint_sealed_is_refused_in_words(
    engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    bundle = opened(Path(bundled(engine, closed, tmp_path).file).read_bytes())
    plain = {name: value for name, value in bundle.certificate.items() if name != "digest"} | {"sealed": None}
    made = {**plain, "digest": hexdigest("", canonical(plain).encode())}

    with pytest.raises(WrongUse) as told:
        engine.vouching.back(pack(made, bundle.contents, PEM), DAI, PUBLIC)

    assert "no checkpoint has sealed" in told.value.sentence.en


def test_a_forged_definition_beside_the_genuine_one_does_not_come_in_with_a_bundle(
    engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    bundle = opened(Path(bundled(engine, closed, tmp_path).file).read_bytes())
    plain = {name: value for name, value in bundle.certificate.items() if name != "digest"}
    plain["definitions"] = [{**plain["definitions"][0], "text": "name: forged\n"}, *plain["definitions"]]
    made = {**plain, "digest": hexdigest("", canonical(plain).encode())}

    with pytest.raises(WrongUse):
        engine.vouching.back(pack(made, bundle.contents, PEM), DAI, PUBLIC)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps to the rights of the folder")
def test_nobody_but_its_owner_reads_a_bundle(engine: Engine, closed: OfficeStory, tmp_path: Path) -> None:
    file = Path(bundled(engine, closed, tmp_path).file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_bundle_signed_by_somebody_else_is_not_brought_back_unless_their_key_is_trusted(
    database: Database, engine: Engine, closed: OfficeStory, tmp_path: Path
) -> None:
    with as_before(database):
        packed = Path(bundled(engine, closed, tmp_path).file).read_bytes()
    with database.engine.begin() as connection:
        erase(connection, closed.case.id)

    refused = engine.vouching.back(packed, DAI)
    assert isinstance(refused, Refusal)
    assert refused.code == "unknown_key"
    wrong = engine.vouching.back(packed, DAI, new_key()[1])
    assert isinstance(wrong, Refusal)

    assert isinstance(engine.vouching.back(packed, DAI, PUBLIC), Returned)


def test_a_bundle_of_another_record_is_refused(
    database: Database, engine: Engine, closed: OfficeStory, clock: Clock, tmp_path: Path
) -> None:
    packed = Path(bundled(engine, closed, tmp_path).file).read_bytes()
    number, id = closed.number, closed.case.id
    with database.engine.begin() as connection:
        erase(connection, id)
    clock.set("2026-08-03")
    answer = engine.open_case(
        "labour", LIN, parties=PARTIES, facts={"cause": "wages"}, number=number,
        documents=[a_file("application")],
    )  # fmt: skip
    assert not isinstance(answer, Refusal), answer

    refused = engine.vouching.back(packed, DAI)

    assert isinstance(refused, Refusal)
    assert refused.code in ("number_taken", "other_record")


def test_a_key_is_one_of_ours_or_refused() -> None:
    assert public_in(f"anxu-archive-key ed25519 {PUBLIC}\n") == PUBLIC
    with pytest.raises(WrongUse):
        public_in("no key at all")
