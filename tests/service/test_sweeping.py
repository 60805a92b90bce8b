"""The sweep: every rung once, whoever sweeps and however late, and one broken case never stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from engine.model.answers import Refusal
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.sweeping import Swept
from engine.store.database import Database
from engine.store.timers import BEGINNING, Timers
from tests.builders import INSTITUTION, Clock, day, instant
from tests.cast import DU, JIA, SHEN, ZHOU
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, assert_whole, rows_of, tamper
from tests.procedures.way import request_extension


@pytest.fixture
def other_engine(office_url: str, clock: Clock) -> Iterator[Engine]:
    """A second node on the same database, as another process would be."""
    database = opened_quickly(office_url)
    yield Engine(database, INSTITUTION, clock)
    database.close()


def several(engine: Engine, clock: Clock, number: int, state: str = "deliberation") -> list[OfficeStory]:
    """So many cases that have come to *state*."""
    return [OfficeStory(engine, clock).given(state, n) for n in range(1, number + 1)]


def fired_keys(story: OfficeStory) -> list[tuple[str, str]]:
    return [(e.rung["key"], e.rung["occurrence"]) for e in story.history() if e.kind == "rung_fired"]


def test_a_sweep_fires_what_is_due_and_says_how_much(engine: Engine, clock: Clock) -> None:
    several(engine, clock, 2)
    clock.set("2026-04-02")

    assert engine.sweep() == Swept(cases=2, fired=4)
    assert engine.sweep() == Swept(cases=0, fired=0)


def test_nothing_is_due_before_its_midnight(engine: Engine, clock: Clock, story: OfficeStory) -> None:
    story.given("deliberation")
    clock.set("2026-03-22 23:59")
    assert engine.sweep().fired == 0

    clock.set("2026-03-23 00:00")

    assert engine.sweep().fired == 1


def test_after_three_days_away_everything_fires_in_due_order_with_both_times_kept(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-04-16 18:00")
    engine.sweep()
    before = story.case.version

    clock.set("2026-04-19 18:00")
    engine.sweep()

    fired = [e for e in story.history()[before:] if e.kind == "rung_fired"]
    assert [(e.rung["rung"], e.at) for e in fired] == [
        ("W3", instant("2026-04-17 00:00")), ("W5", instant("2026-04-17 00:00")),
        ("O1", instant("2026-04-18 00:00")),
    ]  # fmt: skip
    assert {e.recorded_at for e in fired} == {clock()}
    assert_whole(engine, story.number)


def test_the_listing_of_a_rung_fired_late_is_the_same_as_of_one_fired_in_time(
    engine: Engine, clock: Clock
) -> None:
    punctual, late = several(engine, clock, 2)

    clock.set("2026-04-18")
    engine.act(punctual.number, "recuse", "fang", facts={"recused_person": SHEN, "reason": "近亲属"})
    clock.set("2026-04-21")
    engine.sweep()

    listed = [story.matter("supervision").entered_on for story in (punctual, late)]
    assert listed == [day("2026-04-18"), day("2026-04-18")]


def test_a_rung_that_fires_while_a_reviewer_reads_does_not_make_the_form_stale(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("under_review")
    clock.set("2026-03-25")
    form = next(a for a in engine.actions(story.number, SHEN) if a.move == "sign" and a.allowed)

    assert engine.sweep().fired == 2, "V1 of level 1, and W1 of the clock"

    assert isinstance(engine.act(story.number, "sign", SHEN, matter=form.matter, seen=form.seen), Done)


def test_an_act_fires_what_was_due_before_it_so_a_slow_sweep_favours_nobody(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-04-18 10:00")

    assert isinstance(request_extension(story), tuple)

    kinds = [event.rung.get("rung") or event.move for event in story.history()]
    assert kinds.index("O1") < kinds.index("request_extension")
    assert engine.sweep().fired == 0
    assert story.matter("supervision").open


def test_two_sweepers_and_an_act_at_once_fire_each_rung_once(
    engine: Engine, other_engine: Engine, clock: Clock
) -> None:
    stories = several(engine, clock, 4)
    clock.set("2026-04-20")
    acting = [
        partial(engine.act, story.number, "deliberate", JIA, facts={"opinion": "支持", "drafter_named": JIA})
        for story in stories
    ]

    answers = all_at_once(engine.sweep, other_engine.sweep, *acting, other_engine.sweep)

    assert [type(answer) for answer in answers if not isinstance(answer, Swept)] == [Done] * 4
    assert [answer.failed for answer in answers if isinstance(answer, Swept)] == [()] * 3
    for story in stories:
        keys = fired_keys(story)
        assert len(keys) == len(set(keys)) == 16, "W1, W2, W3 eleven times, W4, W5, O1"
        assert story.state == "drafting"
    assert engine.sweep().fired == 0
    assert engine.verify().findings == ()


def test_one_case_that_cannot_be_read_does_not_stop_the_sweep_and_is_named(
    database: Database, engine: Engine, clock: Clock
) -> None:
    sick, sound = several(engine, clock, 2)
    sick_id = sick.case.id
    tamper(database, "UPDATE cases SET body = '{' WHERE id = :id", id=sick_id)
    clock.set("2026-03-23")

    swept = engine.sweep()

    assert (swept.cases, swept.fired, swept.failed) == (1, 1, (sick_id,))
    assert [rung for rung, _ in sound.rungs()] == ["W1"]


def test_the_case_longest_due_is_taken_first(engine: Engine, clock: Clock) -> None:
    (older,) = several(engine, clock, 1)
    clock.set("2026-03-10")
    newer = OfficeStory(engine, clock).open()
    clock.set("2026-03-24")

    with engine.office.database.glancing() as cursor:
        timers = Timers(cursor, INSTITUTION, sqlite=engine.office.database.sqlite)
        page = timers.page(clock(), BEGINNING, 10)

    assert page.cases == (newer.case.id, older.case.id), (
        "the new case's filing was due on the 17th, W1 on the 23rd"
    )


def test_a_timer_row_without_a_ground_is_taken_away_and_fires_nothing(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    before = rows_of(database)["timers"]
    tamper(database, "UPDATE timers SET subject = 'term.nowhere.1' WHERE rung = 'S1'")
    clock.set("2026-03-09")

    assert engine.sweep().fired == 1, "the true S1 follows from the case, whatever the rows say"
    rows = rows_of(database)["timers"]
    assert len(rows) == len(before), "the next rung has the row"
    assert not any("S1" in row or "term.nowhere.1" in row for row in rows)
    assert_whole(engine, story.number)


def test_a_rung_tells_its_people_from_the_next_working_morning_on(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-04-18 00:05")
    engine.sweep()

    told = {notice.sentence.zh for notice in engine.inbox.page(DU).lines}
    assert not any("已超审限" in sentence for sentence in told), "it is Saturday night"
    clock.set("2026-04-20 09:00")
    assert any("已超审限" in notice.sentence.zh for notice in engine.inbox.page(DU).lines)


def test_a_refused_act_leaves_the_rungs_to_the_sweep(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-23")

    answer = engine.act(story.number, "deliberate", ZHOU, facts={"opinion": "支持", "drafter_named": JIA})

    assert isinstance(answer, Refusal)
    assert engine.sweep().fired == 1
