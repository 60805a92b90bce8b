"""A checkpoint seals what changed since the last, is made once a day however many nodes there are, and outlives a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.errors import Conflict
from engine.model.checkpoints import anchors_in
from engine.service import checkpointing
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.sweeping import NOTHING
from engine.store import checkpoints as seals_in_store
from engine.store import tables as t
from engine.store.checkpoints import Checkpoints
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import FANG, LIN, ZHOU
from tests.office import OfficeStory, all_at_once


def sealed(database: Database) -> dict[int, list[str]]:
    """Checkpoint -> the numbers of the cases it sealed, with their versions."""
    s = t.seals.c
    query = select(s.checkpoint, s.name, s.version).where(s.kind == "case").order_by(s.checkpoint, s.place)
    found: dict[int, list[str]] = {}
    with database.reading() as connection:
        for row in connection.execute(query):
            found.setdefault(row.checkpoint, []).append(f"{row.name}@{row.version}")
    return found


def test_only_what_changed_since_the_last_one_is_sealed(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    other = OfficeStory(engine, clock).open()
    story.open()
    first = engine.vouching.checkpoint()
    story.do("propose", LIN, claim_amount="5")
    second = engine.vouching.checkpoint()
    third = engine.vouching.checkpoint()

    assert sorted(sealed(database)[1]) == sorted([f"{other.number}@1", f"{story.number}@1"])
    assert sealed(database)[2] == [f"{story.number}@2"]
    assert 3 not in sealed(database)
    assert (first.number, first.cases, first.events) == (1, 2, 2)
    assert (second.cases, second.events, third.sealed) == (2, 3, 0)
    assert third.previous == second.head
    assert engine.verify().findings == ()


def test_the_printed_line_is_found_again_in_whatever_it_was_printed_on(
    engine: Engine, story: OfficeStory
) -> None:
    story.open()
    made = engine.vouching.checkpoint()
    newspaper = f"公告：本日检查点如下。\n\n  {made.line()}  （机构印章）\n"

    (anchor,) = anchors_in(newspaper)

    assert (anchor.head, anchor.number, anchor.institution) == (made.head, 1, INSTITUTION)
    assert anchors_in(made.head)[0].head == made.head
    assert engine.verify([anchor]).findings == ()


def test_the_day_has_one_checkpoint_however_often_and_by_whomever_it_is_asked_for(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    nodes = [Engine(database, INSTITUTION, clock) for _ in range(4)]

    made = all_at_once(*(node.vouching.daily for node in nodes))
    assert sum(one is not None for one in made) == 1
    assert [node.vouching.daily() for node in nodes] == [None] * 4

    clock.at += timedelta(days=1)
    assert engine.vouching.daily() is not None
    assert [node.vouching.daily() for node in nodes] == [None] * 4
    clock.at -= timedelta(days=1)
    assert engine.vouching.daily() is None, "a clock set back makes no second one"
    assert engine.verify().findings == ()


def test_a_clock_that_was_years_ahead_ends_no_daily_checkpoints_once_it_is_right(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    right = clock.at
    clock.set("2035-01-10")
    assert engine.vouching.daily() is not None
    clock.at = right

    for node in (engine, Engine(database, INSTITUTION, clock)):
        assert any(one.code == "checkpoint" for one in node.doctor().advice)
    assert engine.vouching.daily() is not None
    assert engine.vouching.daily() is None
    clock.at += timedelta(days=1)
    assert engine.vouching.daily() is not None
    assert not any(one.code == "checkpoint" for one in engine.doctor().advice)
    assert engine.verify().findings == ()


def test_what_falls_due_while_the_days_checkpoint_is_made_fires_before_it_is_done(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", number) for number in range(1, 6)]
    clock.set("2026-03-22 23:00")
    monkeypatch.setattr(checkpointing, "BATCH", 2)
    seals, whole = checkpointing._seals, checkpointing._whole
    batches: list[int] = []
    before: list[set[str]] = []

    def sealed_by(*given: Any) -> Any:
        batches.append(1)
        clock.set("2026-03-23")
        return seals(*given)

    def closed_by(*given: Any) -> Any:
        before.extend({rung for rung, _ in story.rungs()} for story in stories)
        return whole(*given)

    monkeypatch.setattr(checkpointing, "_seals", sealed_by)
    monkeypatch.setattr(checkpointing, "_whole", closed_by)

    swept = engine.sweep(Manner(node="n1"))

    assert before == [{"W1"}] * 5
    assert (swept.cases, swept.fired) == (5, 5)
    assert len(batches) > 1
    assert engine.vouching.newest() is not None
    assert engine.verify().findings == ()


def test_what_falls_due_while_the_tree_over_all_seals_is_made_fires_before_it_is_done(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).given("deliberation", number) for number in range(1, 4)]
    clock.set("2026-03-22 23:00")
    monkeypatch.setattr(seals_in_store, "PAGE", 2)
    page, closed, before = Checkpoints.page_of_leaves, checkpointing._closed, list[set[str]]()

    def turned(*given: Any) -> Any:
        clock.set("2026-03-23")
        return page(*given)

    def counted(*given: Any) -> Any:
        before.extend({rung for rung, _ in story.rungs()} for story in stories)
        return closed(*given)

    monkeypatch.setattr(Checkpoints, "page_of_leaves", turned)
    monkeypatch.setattr(checkpointing, "_closed", counted)

    engine.sweep(Manner(node="n1"))

    assert before == [{"W1"}] * 3
    assert engine.verify().findings == ()


def test_a_node_that_is_told_to_stop_leaves_the_rest_of_the_checkpoint_to_another(
    database: Database, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        OfficeStory(engine, clock).open()
    monkeypatch.setattr(checkpointing, "BATCH", 2)

    def sealed_cases() -> int:
        with database.reading() as connection:
            cases = select(func.count()).select_from(t.seals).where(t.seals.c.kind == "case")
            return int(connection.execute(cases).scalar_one())

    assert engine.sweep(Manner(node="n1", told_to_stop=lambda: sealed_cases() >= 2)) == NOTHING

    assert sealed_cases() == 2
    assert engine.vouching.newest() is None
    Engine(database, INSTITUTION, clock).sweep(Manner(node="n2"))
    assert engine.vouching.newest() is not None
    assert engine.verify().findings == ()


def test_what_a_node_left_half_done_another_goes_on_with(
    database: Database, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [OfficeStory(engine, clock).open() for _ in range(5)]
    monkeypatch.setattr(checkpointing, "BATCH", 2)
    whole = checkpointing._whole

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpointing, "_whole", killed)
    with pytest.raises(KeyboardInterrupt):
        engine.vouching.checkpoint()
    assert engine.vouching.newest() is None
    assert engine.verify().findings == (), "what is half sealed is no finding"
    monkeypatch.setattr(checkpointing, "_whole", whole)
    stories[0].do("propose", LIN, claim_amount="5")

    made = Engine(database, INSTITUTION, clock).vouching.checkpoint()

    assert made.number == 1
    assert len(sealed(database)[1]) == 5, "each case once; what came after its turn is for the next"
    assert sealed(database).keys() == {1}
    assert engine.vouching.checkpoint().sealed == 1
    assert engine.verify().findings == ()


def test_two_who_seal_at_the_same_time_do_not_seal_a_case_twice(
    database: Database, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointing, "BATCH", 1)
    for _ in range(6):
        OfficeStory(engine, clock).open()
    nodes = [Engine(database, INSTITUTION, clock) for _ in range(3)]

    made = all_at_once(*(node.vouching.checkpoint for node in nodes))

    assert sorted({one.number for one in made}) == sorted(one.number for one in made)
    with database.reading() as connection:
        count = connection.execute(
            select(func.count()).select_from(t.seals).where(t.seals.c.kind == "case")
        ).scalar_one()
    assert count == 6
    assert engine.verify().findings == ()


def test_a_sealing_that_somebody_else_went_on_with_is_a_conflict(engine: Engine, story: OfficeStory) -> None:
    story.open()
    with engine.office.writing() as unit:
        begun = unit.checkpoints.begin(1, "sha256", None)
        unit.checkpoints.seal(begun, [], "x")
    with pytest.raises(Conflict), engine.office.writing() as unit:
        unit.checkpoints.finish(begun, engine.now())


def test_an_office_that_asks_for_sm3_goes_on_with_its_old_chains(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    before = engine.vouching.checkpoint()
    register = story.rules.register.hash
    with engine.office.reading() as unit:
        text = unit.definitions.text(register)
    assert text is not None
    engine.activate({text.file: text.text.replace("rehearsal: true", "rehearsal: true\nhash: sm3")}, FANG)

    story.do("propose", LIN, claim_amount="5")
    story.do("accept", FANG, secretary_named=ZHOU)
    other = OfficeStory(engine, clock).open()
    after = engine.vouching.checkpoint()

    assert story.history()[0].hashed == ""
    assert {event.hashed for event in story.history()[1:]} == {"sm3"}
    assert {event.hashed for event in other.history()} == {"sm3"}
    assert (before.hashed, after.hashed) == ("sha256", "sm3")
    assert engine.verify().findings == ()
    assert {finding.code for finding in engine.doctor().findings} <= {"sqlite"}


def test_an_event_put_in_before_the_last_checkpoint_is_found_and_stays_to_be_looked_into(
    database: Database, clock: Clock, engine: Engine, story: OfficeStory
) -> None:
    with engine.office.reading() as unit:
        text = unit.definitions.text(unit.rules.register.hash)
    assert text is not None
    engine.activate({text.file: text.text.replace("rehearsal: true", "rehearsal: false")}, FANG)
    clock.at += timedelta(days=1)
    story.open()
    engine.vouching.checkpoint()
    assert engine.verify().findings == ()

    clock.at -= timedelta(hours=3)
    story.do("propose", LIN, claim_amount="5")

    assert [finding.code for finding in engine.verify().findings] == ["backdated"]
    clock.at += timedelta(hours=4)
    engine.vouching.checkpoint()
    assert engine.verify().findings == (), "it is sealed now, and the chain is whole"
    assert [f.case for f in engine.doctor().findings if "older" in f.reason.en] == [story.number]
