"""Whatever is done to a record behind the engine's back is found, with the case or the record named (trial 28)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from engine.model.checkpoints import Anchor
from engine.model.people import Contact
from engine.service import checkpointing
from engine.service.engine import Engine
from engine.service.pages import Finding
from engine.service.sealing import records
from engine.store import tables as t
from engine.store.database import Database
from tests.builders import Clock
from tests.office import OfficeStory
from tests.service.tampering import (
    Plain,
    altered,
    as_before,
    erase,
    forge,
    plain_events,
    reseal,
    write_events,
)
from tests.service.versions import in_use
from tests.trials.figures import tell

STATES = ("deliberation", "accepted", "hearing_scheduled")
SEEDS_OF_THE_SUITE = 1
SEEDS_OF_THE_TRIAL = 56


@pytest.fixture
def sealed(engine: Engine, clock: Clock) -> Engine:
    """An office, no rehearsal, with three cases, two of them sealed on one day and all of them on the next."""
    in_use(engine)
    for number, state in enumerate(STATES[:2], 1):
        OfficeStory(engine, clock).given(state, number)
    engine.vouching.checkpoint()
    OfficeStory(engine, clock).given(STATES[2], 3)
    with engine.office.writing() as unit:
        unit.directory.reach(Contact("dai", "mail", "dai@example.cn"))
    clock.at += timedelta(days=1)
    engine.vouching.checkpoint()
    assert engine.verify().findings == ()
    return engine


Tamper = Callable[[Random, Connection, str], object]
"""Does it to a case and returns what a finding must name beside it, if it is not the case's number."""


def change(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    n = chance.randrange(len(events))
    events[n] = altered(chance, events[n])
    write_events(connection, case, events)


def remove(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    del events[chance.randrange(len(events))]
    write_events(connection, case, events)


def swap(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    one, other = chance.sample(range(len(events)), 2)
    events[one]["seq"], events[other]["seq"] = events[other]["seq"], events[one]["seq"]
    write_events(connection, case, events)


def cut_off(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    write_events(connection, case, events[: chance.randrange(len(events))])


def cut_off_with_care(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    forge(connection, case, events[: chance.randrange(1, len(events))])


def rewrite_the_tail(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    n = chance.randrange(1, len(events))
    forge(connection, case, [*events[:n], *(altered(chance, one) for one in events[n:])])


def rewrite_one_fact(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    events[0] = {**events[0], "facts": {**events[0]["facts"], "cause": "injury"}}
    forge(connection, case, events)


def put_in(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    n = chance.randrange(1, len(events))
    forge(connection, case, [*events[:n], _extra(events), *events[n:]])


def put_at_the_end(chance: Random, connection: Connection, case: str) -> None:
    events = plain_events(connection, case)
    forge(connection, case, [*events, _extra(events)])


def _extra(events: Sequence[Plain]) -> Plain:
    extra = {**events[-1], "kind": "redated", "rule": "国办通知", "target": None, "move": None}
    return {name: value for name, value in extra.items() if value is not None}


def whole_case(chance: Random, connection: Connection, case: str) -> None:
    erase(connection, case)


def file_name(chance: Random, connection: Connection, case: str) -> None:
    c = t.case_documents.c
    connection.execute(update(t.case_documents).where(c.case_id == case).values(name="另一份.txt"))


def file_gone(chance: Random, connection: Connection, case: str) -> None:
    c = t.case_documents.c
    connection.execute(delete(t.case_documents).where(c.case_id == case))


def file_put_in(chance: Random, connection: Connection, case: str) -> None:
    other = {
        "institution": "shuanghe",
        "digest": "0" * 64,
        "media_type": "text/plain",
        "size": 1,
        "content": b"!",
    }
    at = connection.execute(select(func.max(t.events.c.recorded_at))).scalar_one()
    connection.execute(insert(t.documents).values(**other, stored_at=at))
    connection.execute(
        insert(t.case_documents).values(
            institution="shuanghe", case_id=case, digest="0" * 64, kind="draft", matter="1", name="x", seq=1
        )
    )


def shown_dates(chance: Random, connection: Connection, case: str) -> None:
    c = t.shown_dates.c
    connection.execute(update(t.shown_dates).where(c.case_id == case).values(clock="ended"))


def a_seal(chance: Random, connection: Connection, case: str) -> None:
    c = t.seals.c
    connection.execute(update(t.seals).where(c.subject == case).values(head="f" * 64))


OF_A_CASE: tuple[Tamper, ...] = (
    change, remove, swap, cut_off, cut_off_with_care, rewrite_the_tail, rewrite_one_fact, put_in, put_at_the_end,
    whole_case, file_name, file_gone, file_put_in, shown_dates, a_seal,
)  # fmt: skip


def tried(database: Database, engine: Engine, tamper: Tamper, seed: int) -> tuple[str, tuple[Finding, ...]]:
    """Tamper with a case chosen by *seed*; return its number and what `verify` found. The rows are as before afterwards."""
    chance = Random(seed)
    with as_before(database):
        with database.engine.begin() as connection:
            cases = connection.execute(select(t.cases.c.id, t.cases.c.number).order_by(t.cases.c.id)).all()
            id, number = chance.choice(cases)
            tamper(chance, connection, id)
        return number, engine.verify().findings


def test_what_is_done_to_a_case_is_found_with_its_number(database: Database, sealed: Engine) -> None:
    missed = []
    for tamper in OF_A_CASE:
        for seed in range(SEEDS_OF_THE_SUITE):
            number, found = tried(database, sealed, tamper, seed)
            if number not in {finding.case for finding in found}:
                missed.append((tamper.__name__, seed, found))

    assert missed == []
    assert sealed.verify().findings == (), "the rows were not put back"


@pytest.mark.trial
def test_trial_28_every_tampering_is_found(database: Database, sealed: Engine) -> None:
    done = missed = 0
    for tamper in OF_A_CASE:
        for seed in range(SEEDS_OF_THE_TRIAL):
            number, found = tried(database, sealed, tamper, 1_000 + seed)
            done += 1
            missed += number not in {finding.case for finding in found}
    kind = "SQLite" if database.sqlite else "PostgreSQL"
    tell("28", f"{kind}: {done} tamperings with a case, {done - missed} found with its number", "100 %")
    assert missed == 0


OF_THE_OFFICE = {
    "an activation changed": ("activation", update(t.activations).where(t.activations.c.number == 3).values(by="dai")),
    "an activation gone": ("activation", delete(t.activations).where(t.activations.c.number == 3)),
    "a definition gone": ("definition", delete(t.definitions).where(t.definitions.c.name == "loan")),
    "a definition changed": ("definition", update(t.definitions).where(t.definitions.c.name == "loan").values(text="x")),
    "a load changed": ("load", update(t.calendar_loads).where(t.calendar_loads.c.number == 2).values(notice="另一通知")),
    "days of a load": ("calendar", delete(t.calendar_days).where(t.calendar_days.c.load == 2)),
    "somebody given a role": ("people", update(t.holdings).where(t.holdings.c.person == "dai").values(role="director")),
    "somebody renamed": ("people", update(t.people).where(t.people.c.id == "dai").values(name="方正")),
    "notices sent elsewhere": ("contacts", update(t.contacts).values(address="evil@example.cn")),
    "notices held back": ("contacts", update(t.contacts).values(wants="digest")),
    "notices in another language": ("contacts", update(t.contacts).values(language="en")),
    "notices to somebody else": ("contacts", update(t.contacts).values(person="wei")),
    "nobody told any more": ("contacts", delete(t.contacts)),
    "a checkpoint changed": ("checkpoint", update(t.checkpoints).where(t.checkpoints.c.number == 1).values(cases=9)),
    "the first checkpoint gone": ("checkpoint", delete(t.checkpoints).where(t.checkpoints.c.number == 1)),
    "the last checkpoint gone": ("checkpoint", delete(t.checkpoints).where(t.checkpoints.c.number == 2)),
    "seals gone": ("checkpoint", delete(t.seals).where(t.seals.c.kind == "case", t.seals.c.checkpoint == 1)),
    "a seal of a record changed": ("checkpoint", update(t.seals).where(t.seals.c.kind == "activation").values(name="x")),
}  # fmt: skip


def test_what_is_done_beside_the_cases_is_found(database: Database, sealed: Engine) -> None:
    missed = []
    for name, (code, statement) in OF_THE_OFFICE.items():
        with as_before(database):
            with database.engine.begin() as connection:
                assert connection.execute(statement).rowcount > 0, name
            found = sealed.verify().findings
            if code not in {finding.code for finding in found}:
                missed.append((name, found))
            assert all(finding.reason.zh and finding.fix.zh for finding in found)

    assert missed == []


def test_addresses_that_are_chosen_and_digests_that_go_out_are_no_tampering(
    engine: Engine, sealed: Engine
) -> None:
    with engine.office.writing() as unit:
        unit.directory.reach(Contact("dai", "mail", "dai@example.com", "each"))
        unit.outbox.write_digest("dai", "mail", engine.today(), engine.now(), send=False)
    assert sealed.verify().findings == ()
    sealed.vouching.checkpoint()
    assert sealed.verify().findings == ()


def test_checkpoints_from_before_addresses_were_sealed_go_on_holding(
    database: Database, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    OfficeStory(engine, clock).open()
    with engine.office.writing() as unit:
        unit.directory.reach(Contact("dai", "mail", "dai@example.cn"))
    with monkeypatch.context() as before:
        before.setattr(
            checkpointing, "records", lambda *asked: (one for one in records(*asked) if one[0] != "contacts")
        )
        engine.vouching.checkpoint()

    assert engine.verify().findings == ()
    engine.vouching.checkpoint()
    assert engine.verify().findings == ()
    with database.engine.begin() as connection:
        connection.execute(update(t.contacts).values(address="evil@example.cn"))
    assert [finding.code for finding in engine.verify().findings] == ["contacts"]


@pytest.mark.parametrize("from_number", [1, 2])
def test_checkpoints_cut_off_with_their_seals_are_found(
    database: Database, sealed: Engine, from_number: int
) -> None:
    with database.engine.begin() as connection:
        connection.execute(delete(t.seals).where(t.seals.c.checkpoint >= from_number))
        connection.execute(delete(t.checkpoints).where(t.checkpoints.c.number >= from_number))

    (found,) = [one for one in sealed.verify().findings if one.code == "checkpoint"]

    assert found.reason.en == "checkpoint 2 is gone"


def test_a_store_made_anew_as_a_whole_agrees_with_itself_and_not_with_a_head_kept_outside(
    database: Database, sealed: Engine
) -> None:
    kept = sealed.vouching.newest()
    assert kept is not None
    anchors = [Anchor(kept.head, kept.number, kept.institution)]
    assert sealed.verify(anchors).findings == ()

    with database.engine.begin() as connection:
        case = connection.execute(select(t.cases.c.id).order_by(t.cases.c.id).limit(1)).scalar_one()
        rewrite_one_fact(Random(0), connection, case)
        reseal(connection)

    assert sealed.verify().findings == (), "the forger left a trace inside; the test shows nothing"
    assert [finding.code for finding in sealed.verify(anchors).findings] == ["anchor"]
    assert [finding.code for finding in sealed.verify([Anchor(kept.head)]).findings] == ["anchor"]


def test_a_head_of_another_institution_is_told_apart(sealed: Engine) -> None:
    kept = sealed.vouching.newest()
    assert kept is not None
    (found,) = sealed.verify([Anchor(kept.head, kept.number, "elsewhere")]).findings
    assert (found.code, "elsewhere" in found.reason.en) == ("anchor", True)
