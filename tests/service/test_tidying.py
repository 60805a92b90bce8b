"""What has served its time is deleted a few rows at a time; nothing of the record is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.tidying import KEEP, Keep, tidy
from engine.store import tables as t
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import LIN
from tests.office import FOUNDED_AT, OfficeStory

RECORD = (t.cases, t.events, t.shown_dates, t.documents, t.case_documents, t.definitions, t.calendar_days)


def count(database: Database, *tables: object) -> list[int]:
    with database.reading() as connection:
        return [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]  # type: ignore[arg-type]


def notice(case: str) -> dict[str, object]:
    return {
        "institution": INSTITUTION, "case_id": case, "seq": 1, "person": LIN, "code": "x", "matter": "1", "zh": "x",
        "en": "x", "from_at": FOUNDED_AT,
    }  # fmt: skip


def test_old_request_keys_and_read_notices_of_ended_cases_go_and_the_record_stays(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    ended = story.given("archived")
    going_on = OfficeStory(engine, clock).given("filed", 2)
    done = engine.act(going_on.number, "propose", LIN, facts={"claim_amount": "1.50"}, key="k1")
    assert getattr(done, "seq", None), done
    with database.writing() as connection:
        for told in (ended, going_on):
            connection.execute(insert(t.notices).values(read_at=engine.now(), **notice(told.case.id)))
        unread = notice(ended.case.id) | {"person": "somebody else"}
        connection.execute(insert(t.notices).values(**unread))
    record, notices = count(database, *RECORD), count(database, t.notices)[0]

    assert tidy(engine.office, engine.now() + timedelta(days=399)).requests == 0

    gone = tidy(engine.office, engine.now() + timedelta(days=401))
    assert (gone.requests, gone.more) == (1, False)
    assert gone.notices == 1
    assert count(database, *RECORD) == record
    assert count(database, t.notices)[0] == notices - gone.notices


def test_what_is_kept_for_good_stays(database: Database, engine: Engine, story: OfficeStory) -> None:
    story.given("archived")
    before = count(database, t.notices, t.requests)

    tidy(engine.office, engine.now() + timedelta(days=9_000), Keep(None, None))

    assert count(database, t.notices, t.requests) == before
    assert KEEP.requests


def a_key(database: Database, key: str) -> None:
    with database.writing() as connection:
        case = connection.execute(select(t.cases.c.id)).scalars().first()
        connection.execute(
            insert(t.requests).values(
                institution=INSTITUTION, key=key, case_id=case, fingerprint="f", first=1, last=1, recorded_at=FOUNDED_AT,
            )
        )  # fmt: skip


def test_the_sweep_of_a_node_tidies_once_a_day(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("filed")
    clock.at += timedelta(days=KEEP.requests or 0)
    clock.at += timedelta(days=1)
    a_key(database, "old")

    engine.sweep()
    assert count(database, t.requests) == [1], "whoever need not be known of does nothing of the day's work"
    engine.sweep(Manner(node="n1"))
    assert count(database, t.requests) == [0]

    a_key(database, "older")
    clock.at += timedelta(minutes=1)
    engine.sweep(Manner(node="n1"))
    assert count(database, t.requests) == [1], "once a day"

    clock.at += timedelta(days=1)
    engine.vouching.checkpoint()
    engine.sweep(Manner(node="n1"))
    assert count(database, t.requests) == [0], "although the day's checkpoint was made by hand"
