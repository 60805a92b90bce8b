"""The other rooms of the store: documents, numbers, people, calendars; and institutions that do not see each other."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select

from engine.errors import UnknownCase, UnknownName, WrongUse
from engine.law.calendar import CalendarDay
from engine.model.people import Absence, Holding, Person
from engine.service.engine import Engine
from engine.store import tables as t
from engine.store.database import Database
from engine.store.documents import Attachment
from engine.store.unit import Unit
from tests.builders import Clock, a_file, day, edited, instant, register_text
from tests.cast import ADMIN, FANG, JIA, LIN, PLACE, SINCE, ZHOU
from tests.office import OfficeStory, all_at_once, found

# --- documents --------------------------------------------------------------------------------------------


def contents(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(t.documents)).scalar_one()


def test_a_document_is_kept_by_the_hash_of_its_content_and_read_back_whole(
    engine: Engine, story: OfficeStory
) -> None:
    content = bytes(range(256)) * 40
    story.given("hearing_scheduled")
    story.do(
        "hold_hearing", JIA, files=[Attachment("hearing_record", "庭审笔录.pdf", content, "application/pdf")],
        hearing_outcome="heard", conciliation_result="failed",
    )  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()

    found_again = engine.document(story.number, digest)

    assert found_again == Attachment("hearing_record", "庭审笔录.pdf", content, "application/pdf")
    (line,) = [d for d in engine.case_page(story.number).documents if d.kind == "hearing_record"]
    assert (line.digest, line.name, line.size) == (digest, "庭审笔录.pdf", 10240)


def test_the_same_content_is_kept_once_for_all_cases(
    engine: Engine, database: Database, clock: Clock
) -> None:
    stories = [OfficeStory(engine, clock).given("tribunal_formed", n) for n in (1, 2)]

    for story in stories:
        for matter in story.case.matters_of("service"):
            story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="post")

    assert contents(database) == 2, "the application of both cases, and the proof of every service"
    for story in stories:
        shown = [d for d in engine.case_page(story.number).documents if d.kind == "proof_of_service"]
        assert {document.matter for document in shown} == {m.id for m in story.case.matters_of("service")}


def test_a_document_of_another_case_is_not_given_out(engine: Engine, clock: Clock) -> None:
    mine, other = (OfficeStory(engine, clock).given("hearing_scheduled", n) for n in (1, 2))
    mine.do(
        "hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )

    digest = a_file("hearing_record").digest
    assert engine.document(mine.number, digest) is not None
    assert engine.document(other.number, digest) is None
    assert engine.document(mine.number, "0" * 64) is None


def test_the_same_content_handed_in_at_once_on_two_cases_is_no_conflict(engine: Engine, clock: Clock) -> None:
    stories = [OfficeStory(engine, clock).given("hearing_scheduled", n) for n in range(1, 5)]

    all_at_once(
        *[
            partial(
                s.do,
                "hold_hearing",
                JIA,
                files=["hearing_record"],
                hearing_outcome="heard",
                conciliation_result="failed",
            )
            for s in stories
        ]
    )

    assert {story.state for story in stories} == {"deliberation"}


def test_a_refused_act_keeps_no_document(engine: Engine, database: Database, story: OfficeStory) -> None:
    story.given("hearing_scheduled")
    before = contents(database)

    story.refused(
        "hold_hearing", LIN, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )

    assert contents(database) == before


# --- numbers ----------------------------------------------------------------------------------------------


def test_numbers_count_up_within_their_series_and_year(engine: Engine) -> None:
    with engine.office.writing() as unit:
        given = [
            unit.next_number(series, year)
            for series, year in (("甲", 2026), ("甲", 2026), ("乙", 2026), ("甲", 2027))
        ]

    assert given == [1, 2, 1, 1]


def test_a_number_of_work_that_was_given_up_is_not_lost_for_good(engine: Engine) -> None:
    with engine.office.writing() as unit:
        assert unit.next_number("甲", 2026) == 1
        unit.give_up()

    with engine.office.writing() as unit:
        assert unit.next_number("甲", 2026) in (1, 2), "gaps are allowed, doubles are not"


def test_the_year_of_a_number_is_that_of_the_day_of_receipt(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    clock.set("2027-01-04")

    late, fresh = OfficeStory(engine, clock).open(on="2026-12-31"), story.open()

    assert (late.number, fresh.number) == ("双劳人仲案〔2026〕1号", "双劳人仲案〔2027〕1号")


# --- people -----------------------------------------------------------------------------------------------


def test_a_known_person_is_renamed_not_doubled(engine: Engine) -> None:
    engine.staff.add(Person(ZHOU, "周衡之"))

    assert [p.name for p in engine.people().persons if p.id == ZHOU] == ["周衡之"]


def test_the_same_role_from_the_same_day_is_replaced(engine: Engine) -> None:
    engine.staff.give(Holding(ZHOU, "secretary", PLACE, SINCE, day("2026-06-30")))

    (held,) = [h for h in engine.people().holdings if (h.person, h.role) == (ZHOU, "secretary")]
    assert held.until == day("2026-06-30")


def test_a_role_ends_with_its_last_day(engine: Engine) -> None:
    engine.staff.end(ZHOU, "secretary", PLACE, day("2026-03-31"))

    people = engine.people()
    assert people.roles(ZHOU, PLACE, day("2026-03-31")) == {"secretary", "service_officer"}
    assert people.roles(ZHOU, PLACE, day("2026-04-01")) == {"service_officer"}


@pytest.mark.parametrize("id", ["", " ", "a b", "a|b", "a/b", "a:b", "a,b", "甲、乙", "x" * 61, "a\x00b"])
def test_an_id_that_could_not_be_typed_or_kept_is_refused(engine: Engine, id: str) -> None:
    with pytest.raises(WrongUse):
        engine.staff.add(Person(id, "某人"))


@pytest.mark.parametrize(
    ("holding", "error"),
    [
        (Holding("nobody", "secretary", PLACE, SINCE), UnknownName),
        (Holding(ZHOU, "wizard", PLACE, SINCE), UnknownName),
        (Holding(ZHOU, "director", "moon", SINCE), UnknownName),
        (Holding(ZHOU, "director", PLACE, SINCE, day("2025-12-31")), WrongUse),
    ],
    ids=["person", "role", "office", "period"],
)
def test_a_role_that_cannot_be_held_is_refused(
    engine: Engine, holding: Holding, error: type[Exception]
) -> None:
    before = engine.people()

    with pytest.raises(error):
        engine.staff.give(holding)

    assert engine.people() == before


def test_nobody_stands_in_for_themselves(engine: Engine) -> None:
    with pytest.raises(WrongUse):
        engine.staff.leave(Absence(ZHOU, SINCE, SINCE, ZHOU))


# --- calendars --------------------------------------------------------------------------------------------


def test_a_notice_takes_the_place_of_what_was_known_of_its_year(
    engine: Engine, database: Database, clock: Clock
) -> None:
    spring = [CalendarDay(date(2027, 2, n), rest=True) for n in range(5, 13)]
    assert not engine.rules().calendar.published(2027)

    for days in (spring[:3], spring):
        with database.writing() as connection:
            Unit(connection, "shuanghe").calendars.load(
                2027, "国务院办公厅2027年放假通知", days, ADMIN, clock()
            )

    calendar = engine.rules().calendar
    assert calendar.published(2027)
    assert [calendar.is_rest(row.day) for row in spring] == [True] * 8
    assert calendar.notice_of(date(2027, 2, 8)) == "国务院办公厅2027年放假通知"


def test_a_notice_that_reaches_back_into_december_may_be_loaded_again(
    engine: Engine, database: Database, clock: Clock
) -> None:
    days = [CalendarDay(date(2026, 12, 31), rest=True), CalendarDay(date(2027, 1, 1), rest=True)]

    for _ in range(2):
        with database.writing() as connection:
            Unit(connection, "shuanghe").calendars.load(
                2027, "国务院办公厅2027年放假通知", days, ADMIN, clock()
            )

    assert engine.rules().calendar.is_rest(date(2026, 12, 31))


# --- institutions -----------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(database: Database, clock: Clock) -> Engine:
    """A second institution in the same database, with the same people and procedures."""
    changed = edited(register_text(), ("institution: shuanghe", "institution: linshui"))
    found(database, changed)
    return Engine(database, "linshui", clock)


def test_two_institutions_in_one_database_do_not_see_each_other(
    engine: Engine, elsewhere: Engine, clock: Clock
) -> None:
    here, there = OfficeStory(engine, clock).open(), OfficeStory(elsewhere, clock)
    assert elsewhere.cases().cases == ()
    assert elsewhere.lists.todos(LIN).lines == ()
    with pytest.raises(UnknownCase):
        elsewhere.case_page(here.case.id)

    there.open()

    assert there.number == here.number, "each counts its own"
    assert there.case.id != here.case.id
    there.do("propose", LIN, claim_amount="5")
    assert (here.state, there.state) == ("filed", "proposed")
    assert [line.number for line in engine.cases().cases] == [here.number]


def test_the_same_key_means_nothing_to_another_institution(
    engine: Engine, elsewhere: Engine, clock: Clock
) -> None:
    stories = [OfficeStory(one, clock).open() for one in (engine, elsewhere)]

    for story in stories:
        answer = story.engine.act(story.number, "propose", LIN, facts={"claim_amount": "5"}, key="k1")
        assert getattr(answer, "again", None) is False


def test_people_calendars_and_definitions_are_each_institutions_own(
    engine: Engine, elsewhere: Engine, database: Database
) -> None:
    elsewhere.staff.add(Person("linshui_only", "临水某"))
    elsewhere.staff.end(FANG, "director", PLACE, day("2026-01-31"))
    with database.writing() as connection:
        Unit(connection, "linshui").calendars.load(2027, "通知", [], ADMIN, elsewhere.now())

    assert engine.people().person("linshui_only") is None
    assert "director" in engine.people().roles(FANG, PLACE, day("2026-03-02"))
    assert (engine.rules().calendar.published(2027), elsewhere.rules().calendar.published(2027)) == (
        False,
        True,
    )


def test_a_sweep_of_one_institution_leaves_the_other_alone(
    engine: Engine, elsewhere: Engine, clock: Clock
) -> None:
    here, there = OfficeStory(engine, clock).open(), OfficeStory(elsewhere, clock).open()
    clock.set("2026-03-10")

    assert engine.sweep().fired == 2

    assert (len(here.rungs()), len(there.rungs())) == (2, 0)
    assert engine.verify().findings == elsewhere.verify().findings == ()


def test_an_institution_is_founded_once(database: Database) -> None:
    with pytest.raises(WrongUse):
        found(database)


def test_an_engine_of_an_institution_that_is_not_there_says_so(database: Database) -> None:
    with pytest.raises(UnknownName):
        Engine(database, "nowhere", lambda: instant("2026-03-02")).rules()
