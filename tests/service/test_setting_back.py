"""A case that cannot be settled: tried again ever later, put aside after five tries, shown, told, and taken up again."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from engine.errors import UnknownCase
from engine.model.answers import Refusal
from engine.service.batches import Manner
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.setting_back import PAUSES, TRIES
from engine.service.sweeping import Swept
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import ADMIN, DU, LIN
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, assert_whole, tamper


@pytest.fixture
def sick(database: Database, story: OfficeStory, clock: Clock) -> OfficeStory:
    """A case with something due whose row cannot be read, and a sound one beside it whose turn comes later."""
    story.open()
    clock.set("2026-03-03")
    OfficeStory(story.engine, clock).open()
    clock.set("2026-03-09")
    spoil(database, story)
    return story


def spoil(database: Database, story: OfficeStory) -> None:
    tamper(database, "UPDATE cases SET body = '{' || body WHERE number = :number", number=story.number)


def mend(database: Database, story: OfficeStory) -> None:
    tamper(database, "UPDATE cases SET body = substr(body, 2) WHERE number = :number", number=story.number)


def fail(engine: Engine, clock: Clock, times: int) -> None:
    """Sweep so many times, each as soon as the case is tried again."""
    for pause in [timedelta(), *PAUSES][:times]:
        clock.at += pause
        assert len(engine.sweep().failed) == 1


def test_a_case_that_fails_delays_no_other(engine: Engine, clock: Clock, sick: OfficeStory) -> None:
    clock.set("2026-03-10")

    swept = engine.sweep()

    assert (swept.cases, swept.fired, len(swept.failed)) == (1, 1, 1)
    (line,) = engine.setbacks()
    assert (line.number, line.tries, line.put_aside) == (sick.number, 1, False)
    assert (line.since, line.next_at) == (clock(), clock() + PAUSES[0])
    assert "JSONDecodeError" in line.cause.en


def test_it_is_left_alone_until_its_time_comes_and_each_time_longer(
    engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    for n, pause in enumerate(PAUSES, 1):
        assert len(engine.sweep().failed) == 1
        assert engine.setbacks()[0].tries == n
        clock.at += pause - timedelta(seconds=1)
        assert engine.sweep() == Swept(0, 0)
        clock.at += timedelta(seconds=1)
    assert list(PAUSES) == sorted(PAUSES)


def test_after_five_tries_it_is_put_aside_and_those_who_watch_over_it_are_told(
    engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    fail(engine, clock, TRIES)

    assert TRIES == 5
    assert engine.setbacks()[0].put_aside
    clock.at += timedelta(days=1)
    assert engine.sweep().failed == (), "nothing tries again by itself"
    for person in (DU, ADMIN):
        (told,) = [notice for notice in engine.inbox.page(person).lines if "搁置" in notice.sentence.zh]
        assert told.sentence.zh.startswith(f"{sick.number}：到期提醒试发5次均失败")


def test_doctor_and_gauges_tell_of_it(engine: Engine, clock: Clock, sick: OfficeStory) -> None:
    fail(engine, clock, TRIES - 1)
    assert (engine.gauges().set_back, engine.gauges().put_aside) == (1, 0)
    assert engine.gauges().lag_seconds > 0, "it is late as long as it is tried"

    clock.at += PAUSES[-1]
    engine.sweep()

    now = engine.gauges()
    assert (now.set_back, now.put_aside) == (0, 1)
    assert (now.lag_seconds, now.waiting, now.missed) == (0, 0, 0), (
        "what is put aside has a figure of its own"
    )
    (finding,) = [one for one in engine.doctor().findings if one.code == "put_aside"]
    assert finding.case == sick.number
    assert "anxu sweep --again" in finding.fix.en


def test_a_supervisor_takes_it_up_again_and_nobody_else(
    database: Database, engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    fail(engine, clock, TRIES)

    refused = engine.sweep_again(sick.number, by=LIN)
    assert isinstance(refused, Refusal)
    assert refused.code == "role"
    assert engine.setbacks()[0].put_aside

    still_sick = engine.sweep_again(sick.number, by=DU)
    assert isinstance(still_sick, Swept)
    assert len(still_sick.failed) == 1
    assert engine.setbacks()[0].tries == 1, "it is tried by itself again, from the beginning"

    mend(database, sick)
    taken = engine.sweep_again(sick.number)
    assert taken == Swept(1, 1)
    assert taken.again == sick.number
    assert engine.setbacks() == ()
    assert_whole(engine, sick.number)


def test_a_case_that_never_failed_is_not_taken_up(engine: Engine, clock: Clock, sick: OfficeStory) -> None:
    refused = engine.sweep_again(sick.number, by=DU)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_set_back"
    assert sick.number in refused.reason.zh


def test_an_unknown_case_is_not_taken_up(engine: Engine) -> None:
    with pytest.raises(UnknownCase):
        engine.sweep_again("双劳人仲案〔2026〕99号")


def test_once_it_is_well_the_next_try_fires_it_and_forgets(
    database: Database, engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    fail(engine, clock, 2)
    mend(database, sick)
    clock.at += PAUSES[1]

    assert engine.sweep() == Swept(1, 1)

    assert engine.setbacks() == ()
    assert engine.sweep() == Swept(0, 0)


def test_an_act_that_settles_it_forgets_it_too(
    database: Database, engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    fail(engine, clock, TRIES)
    mend(database, sick)

    done = engine.act(sick.number, "propose", LIN, facts={"claim_amount": "12000.50"})

    assert isinstance(done, Done)
    assert engine.setbacks() == ()


def test_two_sweeps_that_fail_on_it_at_once_count_one_try(
    engine: Engine, office_url: str, clock: Clock, sick: OfficeStory
) -> None:
    engine.sweep()
    clock.at += PAUSES[0]
    others = [opened_quickly(office_url) for _ in range(2)]

    all_at_once(*(partial(Engine(one, INSTITUTION, clock).sweep) for one in others))

    for one in others:
        one.close()
    assert engine.setbacks()[0].tries == 2


def test_what_fails_when_it_is_written_is_set_apart_from_its_batch(
    database: Database, engine: Engine, clock: Clock
) -> None:
    stories = []
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        clock.set(day)
        stories.append(OfficeStory(engine, clock).open())
    # The next event of the second is there already, so that it can never be written.
    second = stories[1].case
    tamper(
        database,
        "INSERT INTO events SELECT institution, case_id, seq + 1, kind, recorded_at, hash, body FROM events WHERE case_id = :id",
        id=second.id,
    )
    clock.set("2026-03-11")

    swept = engine.sweep()

    assert swept.failed == (second.id,)
    assert [len(story.rungs()) for story in (stories[0], stories[2])] == [2, 1]
    assert [line.case for line in engine.setbacks()] == [second.id]


def test_a_clock_set_back_takes_no_case_up_again(engine: Engine, clock: Clock, sick: OfficeStory) -> None:
    fail(engine, clock, TRIES)
    there = clock.at

    clock.set("2026-03-03")
    engine.sweep(Manner(node="n1"))
    assert engine.setbacks()[0].put_aside, "nothing is due yet, and nothing was mended"

    clock.at = there
    assert engine.sweep(Manner(node="n1")).failed == ()
    assert engine.setbacks()[0].tries == TRIES


def test_a_clock_that_was_years_ahead_keeps_no_case_from_firing_once_it_is_right(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    clock.set("2035-01-10")
    assert len(engine.sweep().failed) == 1, "no calendar answers for that year"
    assert engine.sweep().failed == (), "and it is left alone for its minute"

    clock.set("2026-03-09")
    assert engine.sweep().fired > 0
    assert engine.setbacks() == ()


def test_a_case_that_fails_goes_on_counting_from_the_clock_that_is_right(
    engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    there = clock.at
    clock.set("2035-01-10")
    engine.sweep()

    clock.at = there
    for tries, pause in enumerate(PAUSES[1:], 2):
        assert len(engine.sweep().failed) == 1
        assert engine.sweep().failed == (), "not before its time"
        assert [line.tries for line in engine.setbacks() if line.next_at == clock.at + pause] == [tries]
        clock.at += pause


def test_what_has_nothing_due_any_more_is_forgotten(
    database: Database, engine: Engine, clock: Clock, sick: OfficeStory
) -> None:
    fail(engine, clock, 1)
    tamper(database, "DELETE FROM timers WHERE case_id = :case", case=engine.setbacks()[0].case)

    engine.sweep(Manner(node="n1"))

    assert engine.setbacks() == ()
