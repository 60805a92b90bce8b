"""Trials 7 to 10: many at once on one case: no update is lost, one signature a level, levels in order, one act a key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.answers import Refusal
from engine.model.people import Holding, Person
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import FANG, HE, PLACE, SHEN, SINCE, ZHOU
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, assert_whole
from tests.service.tampering import erase
from tests.simulation.faults import Faults, watch
from tests.trials.figures import tell, timed
from tests.trials.writers import TOLD, Crew, cases_to_write_on, counted, lines_of

# --- 7: lost update ---------------------------------------------------------------------------------------


def _lost_update_trial(url: str, folder: Path, *, writers: int, acts: int, cases: int) -> str:
    database = Database(url)
    engine = Engine(database, INSTITUTION, Clock("2026-03-05"))
    numbers = cases_to_write_on(engine, Clock("2026-03-04"), cases)
    before = {number: len(engine.history(number)) for number in numbers}
    crew = Crew(url, "2026-03-05", numbers, folder)
    with timed() as taken:
        crew.start(writers, acts)
        crew.wait()

    found = counted(engine, numbers, crew.logs())
    assert (found.lost, found.doubled, found.unasked) == ((), (), ())
    assert found.acknowledged == writers * acts - found.unanswered
    written = sum(len(engine.history(number)) - before[number] for number in numbers)
    assert written == found.acknowledged + found.done_after_all, (
        "each act is one event more, on top of what was there"
    )
    assert_whole(engine, *numbers)
    database.close()
    waits = _longest_wait(crew)
    return (
        f"{writers} processes × {acts} acts on {cases} cases: 0 lost, 0 doubled, {found.unanswered} told to try again, "
        f"{writers * acts / taken.seconds:.0f} acts/s, longest wait {waits * 1000:.0f} ms"
    )


def _longest_wait(crew: Crew) -> float:
    longest = 0.0
    for log in crew.logs():
        begun = 0.0
        for what, _, moment in lines_of(log):
            if what == TOLD:
                longest = max(longest, moment - begun)
            begun = moment
    return longest


def test_of_acts_of_four_processes_on_one_case_none_is_lost(office_url: str, tmp_path: Path) -> None:
    _lost_update_trial(office_url, tmp_path, writers=4, acts=25, cases=1)


@pytest.mark.trial
def test_of_acts_of_eight_processes_none_is_lost(office_url: str, tmp_path: Path) -> None:
    figure = _lost_update_trial(office_url, tmp_path, writers=8, acts=1000, cases=40)
    tell("7", f"{office_url.partition(':')[0]}: {figure}", "0 lost, 0 duplicate")


@pytest.mark.trial
def test_of_acts_of_eight_processes_on_one_case_none_is_lost(office_url: str, tmp_path: Path) -> None:
    figure = _lost_update_trial(office_url, tmp_path, writers=8, acts=60, cases=1)
    tell("7 (one case)", f"{office_url.partition(':')[0]}: {figure}", "0 lost, 0 duplicate")


# --- 8: one level, fifty threads --------------------------------------------------------------------------


@pytest.mark.trial
def test_of_fifty_who_sign_at_once_one_does_every_time(engine: Engine, clock: Clock) -> None:
    with engine.office.writing() as unit:
        for n in range(50):
            unit.directory.add(Person(f"reviewer{n:02}", f"核阅{n:02}"))
            unit.directory.give(Holding(f"reviewer{n:02}", "reviewer_1", PLACE, SINCE))
    rounds, slowest = 10, 0.0
    for number in range(1, rounds + 1):
        story = OfficeStory(engine, clock).given("under_review", number)
        review = story.matter("award_review")
        signing = [
            partial(engine.act, story.number, "sign", f"reviewer{n:02}", matter=review.id, seen=review.seen)
            for n in range(50)
        ]
        with timed() as taken:
            answers = all_at_once(*signing)
        slowest = max(slowest, taken.seconds)
        refused = [answer for answer in answers if isinstance(answer, Refusal)]
        (accepted,) = [answer for answer in answers if isinstance(answer, Done)]
        signer = engine.people().name(accepted.events[0].by)
        assert [(answer.code, answer.who) for answer in refused] == [("stale", (signer,))] * 49
        assert len([event for event in story.history() if event.move == "sign"]) == 1
    tell(
        "8",
        f"{rounds} rounds of 50 threads: 1 accepted and 49 told who each time, slowest round {slowest:.1f} s",
        "exactly 1 accepted, 49 told who did",
    )


# --- 9: two adjacent levels, interleaved by statements ----------------------------------------------------

INTERLEAVINGS = st.tuples(st.booleans(), st.lists(st.integers(1, 16), min_size=1, max_size=3), st.booleans())
"""Who begins; after which of its statements the other one acts; whether both come with the form as it was at first."""


class Adjacent:
    """Two nodes of one office whose work can be put one into the other, statement by statement."""

    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.faults = (Faults(), Faults())
        databases = [watch(Database(url), faults, patience_ms=20) for faults in self.faults]
        self.engines = [Engine(database, INSTITUTION, self.clock) for database in databases]
        self.case = ""

    def try_one(self, second_begins: bool, places: list[int], with_forms: bool) -> list[str | None]:
        """Let SHEN (level 1) and HE (level 2) sign a case, one within the other; return who signed in what order."""
        story = self._anew()
        review = story.matter("award_review")
        seen = review.seen if with_forms else None
        calls: list[Callable[[], object]] = [
            partial(self.engines[0].act, story.number, "sign", SHEN, matter=review.id, seen=seen),
            partial(self.engines[1].act, story.number, "sign", HE, matter=review.id, seen=seen),
        ]
        outer, inner = (1, 0) if second_begins else (0, 1)

        def between(connection: object, done: bool) -> None:
            if not self.faults[outer].holds_lock:
                _quietly(calls[inner])

        for place in places:
            self.faults[outer].plan(place, between)
            _quietly(calls[outer])
            self.faults[outer].rest()
        return [event.by for event in story.history() if event.move == "sign"]

    def _anew(self) -> OfficeStory:
        """The one case as it was before anybody signed: telling its story takes longer than all that is tried with it."""
        if self.case:
            with self.engines[0].office.writing() as unit:
                erase(unit.connection, self.case)
        story = OfficeStory(self.engines[0], self.clock).given("under_review")
        self.case = story.case.id
        return story

    def close(self) -> None:
        for engine in self.engines:
            engine.office.database.close()


def _quietly(call: Callable[[], object]) -> None:
    from engine.api import Conflict, StoreAway

    try:
        call()
    except (StoreAway, Conflict):
        return


def _in_order(signed: list[str | None]) -> None:
    assert signed in ([], [SHEN], [SHEN, HE]), signed


def test_two_adjacent_levels_never_sign_out_of_order_wherever_one_comes_between(office_url: str) -> None:
    office = Adjacent(office_url)
    for place in range(1, 13, 2):
        for second_begins in (False, True):
            _in_order(office.try_one(second_begins, [place], with_forms=False))
    office.close()


@pytest.mark.trial
def test_ten_thousand_interleavings_of_two_adjacent_levels(office_url: str) -> None:
    office = Adjacent(office_url)
    tried = 0

    @settings(
        max_examples=10_000,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(INTERLEAVINGS)
    def search(one: tuple[bool, list[int], bool]) -> None:
        nonlocal tried
        tried += 1
        _in_order(office.try_one(*one))

    search()
    office.close()
    tell(
        "9",
        f"{office_url.partition(':')[0]}: {tried} interleavings, order never broken",
        "never broken in 10,000",
    )


# --- 10: the same key -------------------------------------------------------------------------------------


@pytest.mark.trial
def test_the_same_key_twenty_times_at_once_from_two_nodes(office_url: str) -> None:
    databases = [opened_quickly(office_url) for _ in range(2)]
    clock = Clock()
    engines = [Engine(database, INSTITUTION, clock) for database in databases]
    rounds = 10
    for number in range(1, rounds + 1):
        story = OfficeStory(engines[0], clock).given("proposed", number)
        clicks = [
            partial(
                engines[n % 2].act,
                story.number,
                "accept",
                FANG,
                facts={"secretary_named": ZHOU},
                key=f"click {number}",
            )
            for n in range(20)
        ]
        answers = all_at_once(*clicks)
        assert all(isinstance(answer, Done) for answer in answers)
        assert sorted(answer.again for answer in answers if isinstance(answer, Done)) == [False, *[True] * 19]
        assert len([event for event in story.history() if event.move == "accept"]) == 1
    for database in databases:
        database.close()
    tell(
        "10",
        f"{office_url.partition(':')[0]}: {rounds} × 20 clicks at once from two nodes: 1 act and the same answer each time",
        "1 act, same answer",
    )
