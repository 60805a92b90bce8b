"""A register dated ahead: on its day open cases are held to its ladders, once, late rather than never."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import update

from engine.core.projection import project
from engine.service import rearming
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.rearmings import Rearming, Rearmings
from engine.store.tables import rearmings
from tests.builders import INSTITUTION, REGISTER_FILE, Clock, day, edited, register_text
from tests.cast import ADMIN, DU
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, assert_whole, rows_of
from tests.projected import differences
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.versions import W1_EARLIER, approved, in_use, proposed, real_register

EARLIER = edited(register_text(), W1_EARLIER)
"""W1 14 days before the target instead of 10: on 19 March instead of the 23rd."""

DAY = "2026-03-18"


@pytest.fixture
def other_engine(office_url: str, clock: Clock) -> Iterator[Engine]:
    """A second node on the same database, as another process would be."""
    database = opened_quickly(office_url)
    yield Engine(database, INSTITUTION, clock)
    database.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rearming, "BATCH", 2)


def ahead(engine: Engine, clock: Clock, cases: int = 1, register: str = EARLIER) -> list[OfficeStory]:
    """So many cases in deliberation, and a register dated ahead to DAY."""
    stories = [OfficeStory(engine, clock).given("deliberation", n) for n in range(1, cases + 1)]
    engine.activate({REGISTER_FILE: register}, ADMIN, day(DAY))
    return stories


def w1(story: OfficeStory) -> list[str]:
    """The days on which the first rung is armed, by the rows."""
    with story.engine.office.reading() as unit:
        rows = unit.reprojections.rows([story.case.id])[0]
    return [
        str(due.astimezone(story.rules.register.zone).date())
        for key, due in rows.timers.items()
        if key[3] == "W1"
    ]


def behind(engine: Engine) -> bool:
    return rearming.behind(engine.office, engine.now())


def assert_rows_follow(engine: Engine) -> None:
    with engine.office.reading() as unit:
        for case_id in list(unit.cases.ids()):
            case = unit.cases.get(case_id)
            assert differences(unit, case, project(unit.rules, case)) == ()


def test_until_its_day_nothing_is_armed_by_it(engine: Engine, clock: Clock) -> None:
    (story,) = ahead(engine, clock)
    clock.set("2026-03-17 23:59")

    engine.sweep()

    assert w1(story) == ["2026-03-23"]
    assert not behind(engine)


def test_the_first_sweep_of_the_day_rearms_every_open_case_and_the_rung_fires_once(
    engine: Engine, clock: Clock
) -> None:
    stories = ahead(engine, clock, 2)
    clock.set(f"{DAY} 00:01")
    assert behind(engine)

    assert engine.sweep().fired == 0

    assert [w1(story) for story in stories] == [["2026-03-19"], ["2026-03-19"]]
    clock.set("2026-03-19")
    assert engine.sweep().fired == 2
    clock.set("2026-03-23")
    assert engine.sweep().fired == 0
    for story in stories:
        assert [rung for rung, _ in story.rungs()] == ["W1"]
        assert_whole(engine, story.number)


def test_it_is_done_once(engine: Engine, clock: Clock, database: Database) -> None:
    ahead(engine, clock)
    clock.set(DAY)
    engine.sweep()
    before = rows_of(database)

    engine.sweep()

    assert rows_of(database) == before


def test_a_sweep_that_comes_days_late_rearms_and_fires_late(engine: Engine, clock: Clock) -> None:
    (story,) = ahead(engine, clock)
    clock.set("2026-03-21")

    assert engine.sweep().fired == 1

    ((rung, due),) = story.rungs()
    assert (rung, due) == ("W1", day("2026-03-19"))
    assert_whole(engine, story.number)


def test_an_act_before_the_sweep_goes_by_the_new_register_already(engine: Engine, clock: Clock) -> None:
    (story,) = ahead(engine, clock)
    clock.set("2026-03-20")

    story.do("list_supervised", DU, listing_reason="collective")

    assert [rung for rung, _ in story.rungs()] == ["W1"]
    assert engine.sweep().fired == 0
    assert_whole(engine, story.number)


def test_an_interruption_is_gone_on_from(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    stories = ahead(engine, clock, 5)
    clock.set(DAY)
    advance = Rearmings.advance
    done: list[str] = []

    def killed(self: Rearmings, before: Rearming, cursor: str, count: int) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(cursor)
        advance(self, before, cursor, count)

    with monkeypatch.context() as patch:
        patch.setattr(Rearmings, "advance", killed)
        with pytest.raises(KeyboardInterrupt):
            engine.sweep()
    assert sorted(map(w1, stories)) == [["2026-03-19"]] * 2 + [["2026-03-23"]] * 3
    codes = [finding.code for finding in engine.doctor().findings]
    assert codes == ["register"], "what has still to follow is told once, not for each case"

    engine.sweep()

    assert [w1(story) for story in stories] == [["2026-03-19"]] * 5
    assert engine.doctor().findings == ()


def cut_short(monkeypatch: pytest.MonkeyPatch, batches: int, after_each: Callable[[int], None]) -> None:
    """Let so many batches be written down, telling *after_each* the number of it, and end the process before the next."""
    advance, done = Rearmings.advance, itertools.count(1)

    def one(self: Rearmings, before: Rearming, cursor: str, count: int) -> None:
        number = next(done)
        if number > batches:
            raise KeyboardInterrupt
        advance(self, before, cursor, count)
        after_each(number)

    monkeypatch.setattr(Rearmings, "advance", one)


def test_what_is_due_fires_before_the_first_case_is_rearmed(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    stories = ahead(engine, clock, 5)
    clock.set("2026-03-23")
    cut_short(monkeypatch, 0, lambda number: None)

    with pytest.raises(KeyboardInterrupt):
        engine.sweep()

    for story in stories:
        assert [rung for rung, _ in story.rungs()] == ["W1"]


def test_what_falls_due_while_cases_are_rearmed_fires_between_two_batches(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    stories = ahead(engine, clock, 5)
    clock.set(DAY)
    days = ["2026-03-23", "2026-03-25"]
    cut_short(monkeypatch, 2, lambda number: clock.set(days[number - 1]))

    with pytest.raises(KeyboardInterrupt):
        engine.sweep()

    # All but the first have been armed for the 23rd by the register before, and no batch has come to the last one.
    for story in stories:
        ((rung, _),) = story.rungs()
        (fired,) = [event for event in story.history() if event.kind == "rung_fired"]
        assert (rung, story.rules.day_of(fired.recorded_at)) == ("W1", day(days[0]))


def test_a_sweep_that_rearms_counts_all_that_fired_in_it(
    engine: Engine, clock: Clock, small_batches: None
) -> None:
    ahead(engine, clock, 5)
    clock.set("2026-03-21")

    swept = engine.sweep()

    assert (swept.cases, swept.fired, swept.failed) == (5, 5, ())


def test_two_sweeps_and_an_act_at_once_bring_every_case_there_once(
    engine: Engine, other_engine: Engine, clock: Clock, small_batches: None
) -> None:
    stories = ahead(engine, clock, 5)
    clock.set("2026-03-19")

    swept = all_at_once(
        engine.sweep,
        other_engine.sweep,
        partial(engine.act, stories[0].number, "list_supervised", DU, facts={"listing_reason": "collective"}),
    )

    assert len(swept) == 3
    engine.sweep()
    for story in stories:
        assert [rung for rung, _ in story.rungs()] == ["W1"]
        assert_whole(engine, story.number)
    assert not behind(engine)


def test_of_two_registers_whose_days_have_come_the_last_one_counts(engine: Engine, clock: Clock) -> None:
    (story,) = ahead(engine, clock)
    other = ("rung: W1, when: 10 days before target", "rung: W1, when: 12 days before target")
    engine.activate({REGISTER_FILE: edited(register_text(), other)}, ADMIN, day("2026-03-19"))
    clock.set("2026-03-20")

    engine.sweep()

    assert w1(story) == ["2026-03-21"]
    assert_rows_follow(engine)


def test_a_register_at_once_leaves_nothing_to_be_done(engine: Engine, clock: Clock) -> None:
    OfficeStory(engine, clock).given("deliberation")

    engine.activate({REGISTER_FILE: EARLIER}, ADMIN)

    assert not behind(engine)
    assert_rows_follow(engine)


def test_a_target_dated_ahead_is_for_clocks_that_start_from_then_on(engine: Engine, clock: Clock) -> None:
    policy = "- {procedure: labour, target: 30 days, from: 2023-01-01, basis: 快立快结承诺}"
    newer = edited(
        register_text(), (policy, f"{policy}\n  - {{target: 20 days, from: 2026-03-01, basis: 新承诺}}")
    )
    (story,) = ahead(engine, clock, register=newer)
    due = engine.case_line(story.number).target_due
    clock.set(DAY)

    engine.sweep()

    assert engine.case_line(story.number).target_due == due
    assert_whole(engine, story.number)


def test_a_calendar_load_that_cases_have_yet_to_follow_is_followed_first(
    engine: Engine, clock: Clock
) -> None:
    (story,) = ahead(engine, clock)
    clock.set(DAY)

    engine.load_notice("2027.csv", notice_2027(rest=["2027-01-04"]), 2027, NOTICE, ADMIN)
    engine.sweep()

    assert w1(story) == ["2026-03-19"]
    assert_whole(engine, story.number)


def test_a_work_that_goes_on_past_midnight_goes_on_with_the_register_of_the_new_day(
    engine: Engine, clock: Clock, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a node of the new day, one that kept the day on which it began would begin anew for ever."""
    stories = ahead(engine, clock, 3)
    with engine.office.writing() as unit:
        unit.connection.execute(update(rearmings).values(cursor="", done=0, finished_at=None))
    clock.set("2026-03-17 23:59")
    batches = iter(partial(clock.set, f"{DAY} 00:01") for _ in range(1))

    rearming.rearm(engine.office, engine.now, lambda: next(batches, bool)())

    assert rearming.behind(engine.office, clock.at) is False
    assert [w1(story) for story in stories] == [["2026-03-19"]] * 3


def test_one_case_that_cannot_be_read_does_not_stop_the_others(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = ahead(engine, clock, 2)
    clock.set(DAY)

    def unless_broken(rules: object, case: object) -> object:
        if getattr(case, "id", "") == broken.case.id:
            raise KeyError("no such state")
        return project(rules, case)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(rearming, "project", unless_broken)
        rearming.rearm(engine.office, engine.now)

    assert w1(sound) == ["2026-03-19"]
    assert w1(broken) == ["2026-03-23"]
    assert [f.code for f in engine.doctor().findings] == ["timers"]


def test_in_an_office_in_use_it_is_the_same_after_an_approval(engine: Engine, clock: Clock) -> None:
    story = OfficeStory(engine, clock).given("deliberation")
    real = in_use(engine)
    approved(real, proposed(real, {REGISTER_FILE: real_register(W1_EARLIER)}, DAY))
    assert w1(story) == ["2026-03-23"]
    clock.set("2026-03-19")

    assert real.sweep().fired == 1
    assert [rung for rung, _ in story.rungs()] == ["W1"]
