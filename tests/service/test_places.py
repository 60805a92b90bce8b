"""An office that the register no longer names: it stays as long as it has cases, and where it went too early they are found."""

from __future__ import annotations

import pytest

from engine.errors import WrongUse
from engine.model.people import Holding
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.queues import CaseFilter
from engine.store.definitions import REGISTER, StoredText, digest_of
from tests.builders import REGISTER_FILE, Clock, a_file, day, edited, register_text
from tests.cast import ADMIN, DU, FANG, LIN, PARTIES, SINCE
from tests.office import OfficeStory
from tests.procedures.way import propose

ONE = "  main: {zh: 仲裁院, en: Arbitration court}"
EAST, WEST = "\n  east: {zh: 东区庭, en: East branch}", "\n  west: {zh: 西区庭, en: West branch}"


def register_with(*more: str) -> dict[str, str]:
    return {REGISTER_FILE: edited(register_text(), (ONE, "".join((ONE, *more))))}


@pytest.fixture
def two(engine: Engine, clock: Clock) -> tuple[OfficeStory, OfficeStory]:
    """A case in each of two offices; both await the director, who is the same in both."""
    engine.activate(register_with(EAST, WEST), ADMIN)
    for person, role in ((LIN, "filing_clerk"), (FANG, "director")):
        engine.staff.give(Holding(person, role, "east", SINCE))
    here = OfficeStory(engine, clock).open()
    opened = engine.open_case(
        "labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[a_file("application")], office="east"
    )  # fmt: skip
    assert isinstance(opened, Done), opened
    there = OfficeStory(engine, clock, opened.number)
    for story in (here, there):
        propose(story)
    return here, there


def dropped(engine: Engine) -> None:
    """Put a register without the other offices into force without asking, as a node of an earlier version could."""
    text = register_text()
    with engine.office.writing() as unit:
        last = unit.definitions.activations()[-1]
        stored = StoredText(digest_of(text), REGISTER, REGISTER_FILE, text)
        unit.definitions.activate(stored, ADMIN, last.at, last.since)


def listed(engine: Engine, wanted: CaseFilter) -> set[str]:
    return {line.number for line in engine.cases(wanted).cases}


def test_an_office_with_cases_cannot_leave_the_register(
    engine: Engine, two: tuple[OfficeStory, OfficeStory]
) -> None:
    for since in (None, day("2027-01-04")):
        with pytest.raises(WrongUse) as told:
            engine.activate(register_with(WEST), ADMIN, since)
        assert "“东区庭”（east）尚有1件案件未办结" in told.value.sentence.zh
        assert "“East branch” (east) still has 1 case with something open" in told.value.sentence.en

    assert set(engine.rules().register.offices) == {"main", "east", "west"}


def test_an_office_leaves_at_once_or_not_at_all(engine: Engine) -> None:
    """Until a day to come cases can be opened in it, and nobody would be asked again."""
    engine.activate(register_with(EAST), ADMIN)
    with pytest.raises(WrongUse) as told:
        engine.activate(register_with(), ADMIN, day("2026-03-20"))
    assert "不能自预定之日2026年3月20日起从登记册中去掉" in told.value.sentence.zh

    engine.activate(register_with(), ADMIN)

    assert set(engine.rules().register.offices) == {"main"}


def test_an_office_cannot_come_today_and_be_gone_by_a_register_dated_ahead(engine: Engine) -> None:
    later = {REGISTER_FILE: f"{register_text()}\n# dated ahead\n"}
    engine.activate(later, ADMIN, day("2026-03-20"))

    with pytest.raises(WrongUse) as told:
        engine.activate(register_with(EAST), ADMIN)

    assert "“East branch” cannot leave the register" in told.value.sentence.en


def test_an_office_without_cases_can_and_one_whose_last_has_ended_too(
    engine: Engine, two: tuple[OfficeStory, OfficeStory]
) -> None:
    engine.activate(register_with(EAST), ADMIN)
    two[1].do("send_back", FANG, reason="再查管辖")
    two[1].do("propose_refusal", LIN, reason="不属受案范围")
    two[1].do("refuse", FANG, reason="不属受案范围")
    assert not two[1].case.open_matters()

    engine.activate(register_with(), ADMIN)

    assert set(engine.rules().register.offices) == {"main"}
    assert engine.doctor().findings == ()


def test_the_cases_of_an_office_that_went_too_early_are_still_awaited(
    engine: Engine, two: tuple[OfficeStory, OfficeStory]
) -> None:
    dropped(engine)
    both = {story.number for story in two}

    assert listed(engine, CaseFilter(role="director")) == both
    assert listed(engine, CaseFilter(role="director", offices=("main",))) == {two[0].number}
    assert listed(engine, CaseFilter(awaits=FANG)) == both
    assert {line.number for line in engine.lists.todos(FANG).lines} == both
    assert engine.strip(FANG).mine == 2
    person = engine.person(FANG)
    assert person is not None
    assert person.offices == ("main", "east")
    engine.sweep()
    assert [finding.code for finding in engine.doctor().findings] == ["office"]


def test_who_acts_in_every_office_of_the_register_does_not_see_the_others(
    engine: Engine, two: tuple[OfficeStory, OfficeStory]
) -> None:
    dropped(engine)
    somebody = engine.person(DU)
    assert somebody is not None

    assert somebody.offices == ("main",)
    assert listed(engine, CaseFilter(offices=somebody.offices)) == {two[0].number}
    assert listed(engine, CaseFilter()) == {story.number for story in two}


def test_the_offices_of_a_pool_are_found_one_by_one(
    engine: Engine, two: tuple[OfficeStory, OfficeStory]
) -> None:
    with engine.office.reading() as unit:
        assert unit.todo_queues.offices_of("director") == ("east", "main")
        assert unit.todo_queues.offices_of("reviewer_5") == ()
