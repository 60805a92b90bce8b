"""An act is one commit: whatever breaks between two of its statements, nothing of it is left and it can be done again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.answers import Refusal
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import Clock, a_file
from tests.cast import FANG, HE, LIN, PARTIES, YI
from tests.office import OfficeStory, assert_whole, rows_of
from tests.simulation.faults import Died, Faults, die, watch


@pytest.fixture(autouse=True)
def faults(database: Database) -> Faults:
    """What may happen to the driver of the office's database: nothing, until a test plans something."""
    found = Faults()
    watch(database, found)
    database.engine.dispose()
    return found


def strike_everywhere(database: Database, faults: Faults, attempt: Callable[[], Done | Refusal]) -> int:
    """Do *attempt* again and again, the process dying one statement later each time, until it comes through; return how often."""
    before = rows_of(database)
    for number in range(1, 200):
        faults.plan(number, die)
        try:
            answer = attempt()
        except Died:
            faults.rest()
            assert rows_of(database) == before, f"something was left of an act killed at statement {number}"
            continue
        assert not faults.rest(), "a death was survived"
        assert isinstance(answer, Done), answer
        assert rows_of(database) != before
        return number - 1
    pytest.fail("the act never came to an end")


def test_opening_a_case_is_all_or_nothing(database: Database, faults: Faults, engine: Engine) -> None:
    engine.rules()

    strikes = strike_everywhere(
        database,
        faults,
        lambda: engine.open_case(
            "labour",
            LIN,
            parties=PARTIES,
            facts={"cause": "wages"},
            documents=[a_file("application")],
            key="k1",
        ),
    )

    assert strikes > 6
    assert_whole(engine, "双劳人仲案〔2026〕1号")


def test_an_act_with_a_document_a_new_matter_and_rungs_before_it_is_all_or_nothing(
    database: Database, faults: Faults, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("drafting")
    clock.set("2026-04-10")

    strikes = strike_everywhere(
        database,
        faults,
        lambda: engine.act(
            story.number, "submit_draft", YI, documents=[a_file("draft", "裁决书第一稿")], key="k1"
        ),
    )

    assert strikes > 8
    assert [rung for rung, _ in story.rungs("award")] == ["W1", "W2", "W3", "W3", "W3", "W3"]
    assert_whole(engine, story.number)


def test_a_correction_is_all_or_nothing(
    database: Database, faults: Faults, engine: Engine, story: OfficeStory
) -> None:
    story.open()

    strike_everywhere(
        database,
        faults,
        lambda: engine.correct(story.number, 1, FANG, reason="案由误选", facts={"cause": "injury"}, key="k1"),
    )

    assert_whole(engine, story.number)


def test_a_sweep_struck_in_one_case_loses_nothing_and_the_next_one_fires_it(
    database: Database, faults: Faults, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    clock.set("2026-03-10")
    deaths = 0

    for number in range(1, 60):
        faults.plan(number, die)
        try:
            engine.sweep()
        except Died:
            deaths += 1

    faults.rest()
    assert deaths > 5
    assert [rung for rung, _ in story.rungs()] == ["S1", "S2"]
    assert_whole(engine, story.number)


def test_an_act_without_documents_is_all_or_nothing(
    database: Database, faults: Faults, engine: Engine, story: OfficeStory
) -> None:
    story.given("accepted")

    strikes = strike_everywhere(
        database,
        faults,
        lambda: engine.act(
            story.number,
            "form_tribunal",
            HE,
            facts={"tribunal_named": "jia yi bing", "presiding_named": "jia"},
            key="k1",
        ),
    )

    assert strikes >= 2, "a look, and at least one statement that writes"
    assert_whole(engine, story.number)
