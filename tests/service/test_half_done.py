"""What is done in several commits and cut off between them: nobody is told that nothing was written, and it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import OutcomeUnknown, StoreAway
from engine.service.batches import Manner
from engine.service.calendars import Loaded
from engine.service.checkpointing import make
from engine.service.engine import Engine
from engine.service.migration_pages import CarriedOut, MigrationPage
from engine.service.signatures import new_key
from tests.builders import INSTITUTION, Clock, edited, procedure_texts
from tests.cast import ADMIN, DAI, FANG
from tests.office import OfficeStory, rows_of
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.shaky import GONE, LOST, Shaky

LABOUR = "workflows/labour.yaml"
WELL = ("never", GONE)
AWAY = ("before", GONE)
UNANSWERED = ("after", LOST)


@pytest.fixture
def shaky(office_url: str) -> Iterator[Shaky]:
    opened = Shaky(office_url, patience=0.0)
    yield opened
    opened.close()


@pytest.fixture
def engine(shaky: Shaky, clock: Clock) -> Engine:
    return Engine(shaky, INSTITUTION, clock)


def load(engine: Engine) -> object:
    return engine.load_notice("2027.csv", notice_2027(), 2027, NOTICE, ADMIN)


def cut_off(told: pytest.ExceptionInfo[StoreAway], *says: str) -> None:
    assert not isinstance(told.value, OutcomeUnknown)
    assert told.value.begun is not None
    sentence = told.value.sentence
    assert "nothing was written" not in sentence.en
    assert "未写入任何内容" not in sentence.zh
    assert all(one in sentence.en for one in says), sentence.en


@pytest.mark.parametrize("failing", [AWAY, UNANSWERED], ids=["away", "unanswered"])
def test_a_load_that_cases_have_not_followed_is_in_force_and_goes_on(
    engine: Engine, shaky: Shaky, clock: Clock, failing: tuple[str, StoreAway]
) -> None:
    OfficeStory(engine, clock).given("hearing_scheduled")

    shaky.failing = [WELL, failing]
    with pytest.raises(StoreAway) as told:
        load(engine)
    cut_off(told, "the load is in force", "goes on by itself")

    again = load(engine)
    assert isinstance(again, Loaded)
    assert again.unchanged
    assert not [one.code for one in engine.doctor().findings if one.code == "calendar_not_followed"]


def test_a_load_that_is_not_written_says_so(engine: Engine, shaky: Shaky, clock: Clock) -> None:
    OfficeStory(engine, clock).given("hearing_scheduled")
    before = rows_of(shaky)

    shaky.failing = [AWAY]
    with pytest.raises(StoreAway) as told:
        load(engine)

    assert told.value.begun is None
    assert rows_of(shaky) == before


def test_what_waits_for_an_earlier_load_does_not_come_into_force(
    engine: Engine, shaky: Shaky, clock: Clock
) -> None:
    OfficeStory(engine, clock).given("hearing_scheduled")
    shaky.failing = [WELL, AWAY]
    with pytest.raises(StoreAway):
        load(engine)
    text = edited(procedure_texts()[LABOUR], ("limit: 5 work days", "limit: 7 work days"))

    shaky.failing = [AWAY]
    with pytest.raises(StoreAway) as told:
        engine.activate({LABOUR: text}, ADMIN)
    cut_off(told, "nothing came into force", "goes on by itself")

    (done,) = engine.activate({LABOUR: text}, ADMIN)
    assert not done.unchanged


def test_a_migration_that_was_cut_off_goes_on_where_it_stopped(
    engine: Engine, shaky: Shaky, clock: Clock
) -> None:
    for n in (1, 2):
        OfficeStory(engine, clock).given("filed", n)
    engine.activate(
        {LABOUR: edited(procedure_texts()[LABOUR], ("limit: 5 work days", "limit: 7 work days"))}, ADMIN
    )
    page = engine.migrations.propose("labour", ADMIN)
    assert isinstance(page, MigrationPage)
    assert page.number is not None

    shaky.failing = [WELL, WELL, AWAY]
    with pytest.raises(StoreAway) as told:
        engine.migrations.approve(page.number, FANG)
    cut_off(told, "what was migrated stands", "nothing is done twice")

    done = engine.migrations.approve(page.number, FANG)
    assert isinstance(done, CarriedOut)
    assert (len(done.done), done.before) == (1, 1)


def test_a_sweep_that_was_cut_off_keeps_what_has_fired(engine: Engine, shaky: Shaky, clock: Clock) -> None:
    for n in (1, 2):
        OfficeStory(engine, clock).given("filed", n)
    clock.set("2026-03-20")

    shaky.failing = [WELL, AWAY]
    with pytest.raises(StoreAway) as told:
        engine.sweep(Manner(batch=1))
    cut_off(told, "what has fired stands", "the next sweep")

    assert engine.sweep().cases == 1


def test_a_checkpoint_that_was_cut_off_goes_on(engine: Engine, shaky: Shaky, clock: Clock) -> None:
    OfficeStory(engine, clock).given("filed")

    shaky.failing = [WELL, AWAY]
    with pytest.raises(StoreAway) as told:
        make(engine.office, engine.now())
    cut_off(told, "what is sealed stands")

    assert make(engine.office, engine.now()).number == 1


def test_an_archive_that_was_cut_off_says_what_is_there(
    engine: Engine, shaky: Shaky, clock: Clock, tmp_path: Path
) -> None:
    story = OfficeStory(engine, clock).given("archived")
    make(engine.office, engine.now())

    shaky.failing = [AWAY]
    with pytest.raises(StoreAway) as told:
        engine.vouching.archive(story.number, tmp_path, new_key()[0], DAI)
    cut_off(told, "the bundle is on the disk but not recorded")
    assert len(list(tmp_path.glob("*.zip"))) == 1

    shaky.failing = [UNANSWERED]
    with pytest.raises(OutcomeUnknown) as unknown:
        engine.vouching.archive(story.number, tmp_path, new_key()[0], DAI)
    assert "Look whether it is there" in unknown.value.sentence.en
