"""An act whose commit got no answer: it is found out what became of it, and it happens once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from engine.errors import OutcomeUnknown, StoreAway
from engine.service import persisting
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.faults import outcome_unknown
from tests.builders import INSTITUTION, Clock, a_file, procedure_texts
from tests.cast import ADMIN, LIN, PARTIES
from tests.office import OfficeStory
from tests.service.shaky import GONE, LOST, Shaky


@pytest.fixture
def shaky(office_url: str) -> Iterator[Shaky]:
    opened = Shaky(office_url, patience=4.0)
    yield opened
    opened.close()


@pytest.fixture
def story(shaky: Shaky, clock: Clock) -> OfficeStory:
    return OfficeStory(Engine(shaky, INSTITUTION, clock), clock).given("filed")


def proposed(story: OfficeStory, **more: Any) -> Any:
    return story.engine.act(story.number, "propose", LIN, facts={"claim_amount": "1"}, **more)


def times(story: OfficeStory) -> int:
    return sum(event.move == "propose" for event in story.history())


@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_act_whose_answer_was_lost_is_done_once(
    story: OfficeStory, shaky: Shaky, when: str, key: str | None
) -> None:
    shaky.failing = [(when, LOST)]
    answer = proposed(story, key=key)
    assert isinstance(answer, Done)
    assert times(story) == 1
    assert answer.events[0].move == "propose"


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_opening_whose_answer_was_lost_is_one_case(shaky: Shaky, clock: Clock, when: str) -> None:
    engine = Engine(shaky, INSTITUTION, clock)
    shaky.failing = [(when, LOST)]
    papers = [a_file("application")]
    opened = engine.open_case("labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=papers)
    assert isinstance(opened, Done)
    assert [line.number for line in engine.cases().cases] == [opened.number]


def test_a_call_without_patience_asks_once_what_became_of_its_commit(office_url: str, clock: Clock) -> None:
    shaky = Shaky(office_url, patience=0.0)
    engine = Engine(shaky, INSTITUTION, clock)
    papers = [a_file("application")]

    shaky.failing = [("after", LOST)]
    opened = engine.open_case("labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=papers)

    assert isinstance(opened, Done)
    assert [line.number for line in engine.cases().cases] == [opened.number]
    shaky.close()


def test_a_commit_that_comes_through_after_we_asked_is_no_refusal(
    story: OfficeStory, shaky: Shaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = persisting._held
    asked: list[Any] = []

    def asked_too_early(*what: Any) -> Any:
        found = ask(*what)
        if not asked:
            # What it writes is what the lost commit would have: the same event with the same hash.
            asked.append(proposed(story))
        return found

    monkeypatch.setattr(persisting, "_held", asked_too_early)
    shaky.failing = [("before", LOST)]

    assert isinstance(proposed(story), Done)
    assert times(story) == 1


def test_an_act_is_tried_again_while_the_database_moves(story: OfficeStory, shaky: Shaky) -> None:
    shaky.failing = [("before", GONE)] * 5
    assert isinstance(proposed(story), Done)
    assert times(story) == 1


def test_an_act_is_not_tried_for_ever(story: OfficeStory, shaky: Shaky) -> None:
    shaky.failing = [("before", GONE)] * 1_000
    with pytest.raises(StoreAway) as told:
        proposed(story)
    assert not isinstance(told.value, OutcomeUnknown)
    shaky.failing = []
    assert times(story) == 0


def test_where_nobody_can_be_asked_it_stays_unknown_and_the_key_tells_later(
    story: OfficeStory, shaky: Shaky
) -> None:
    shaky.failing = [("after", LOST)]
    shaky.unreachable = True
    with pytest.raises(OutcomeUnknown) as told:
        proposed(story, key="k")
    assert "same request key" in told.value.sentence.en
    assert "同一请求键" in told.value.sentence.zh
    shaky.unreachable = False
    answer = proposed(story, key="k")
    assert isinstance(answer, Done)
    assert answer.again
    assert times(story) == 1


def test_without_a_key_whoever_asked_is_told_to_look(story: OfficeStory, shaky: Shaky) -> None:
    shaky.failing = [("after", LOST)]
    shaky.unreachable = True
    with pytest.raises(OutcomeUnknown) as told:
        proposed(story)
    assert "request key" not in told.value.sentence.en
    assert "Look whether it is there" in told.value.sentence.en
    assert "先查看" in told.value.sentence.zh


def test_a_commit_of_the_office_itself_has_no_key_to_ask_by(story: OfficeStory, shaky: Shaky) -> None:
    shaky.failing = [("after", outcome_unknown(psycopg.OperationalError("server closed")))]
    with pytest.raises(OutcomeUnknown) as told:
        story.engine.activate(
            {"workflows/service.yaml": procedure_texts()["workflows/service.yaml"] + "\n"}, ADMIN
        )
    assert "request key" not in told.value.sentence.en
    assert "(server closed)" in told.value.sentence.en
    assert "Look whether it is there" in told.value.sentence.en
