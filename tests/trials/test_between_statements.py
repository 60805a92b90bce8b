"""Trial 2: whatever writes is killed before each of its statements and at its commits: all of it is there, or nothing.

Once the program is thrown out of its work (an exception nothing catches), once its process ends without another word
(``os._exit`` in a process of its own). What takes several commits must be possible to go on with, and come to the same.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.core.fold import fold
from engine.model.answers import Refusal
from engine.model.people import Contact
from engine.service.delivering import LEASE, carry
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock, a_file
from tests.cast import ADMIN, FANG, HE, LIN, PARTIES, PLACE, YI, ZHOU
from tests.conftest import opened_quickly
from tests.office import OfficeStory, rows_of
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.reached import Post, reach, with_channels
from tests.service.versions import titled
from tests.simulation.faults import Died, Faults, die, watch
from tests.trials.figures import tell
from tests.trials.kept import Kept

GONE = 86
"""What a process ends with that was struck."""

MOST = 400
"""More statements than anything here takes."""


@dataclass(frozen=True)
class Work:
    """Something that writes: *before* brings the office to where *do* can be done; *commits*: whether it takes several."""

    name: str
    at: str
    do: Callable[[Engine], object]
    before: Callable[[Engine, Clock], object] = lambda engine, clock: None
    several: bool = False


NUMBER = "双劳人仲案〔2026〕1号"


def _given(state: str) -> Callable[[Engine, Clock], object]:
    return lambda engine, clock: OfficeStory(engine, clock).given(state)


def _two_cases(engine: Engine, clock: Clock) -> None:
    OfficeStory(engine, clock).given("deliberation", 1)
    OfficeStory(engine, clock).given("drafting", 2)


def _proposed(engine: Engine, clock: Clock) -> None:
    _two_cases(engine, clock)
    engine.activate(titled("新", "workflows/labour.yaml"), ADMIN)
    engine.migrations.propose("labour", ADMIN)


WORKS = (
    Work("open", "2026-03-02", lambda e: e.open_case(
        "labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[a_file("application")], key="k")),
    Work("act", "2026-03-05", lambda e: e.act(NUMBER, "set_target", FANG, facts={"target_days": "20", "reason": "从快"}, key="k"), _given("accepted")),
    Work("act with a document, a new matter and rungs before it", "2026-04-10", lambda e: e.act(
        NUMBER, "submit_draft", YI, documents=[a_file("draft", "裁决书第一稿")], key="k"), _given("drafting")),
    Work("correct", "2026-03-02", lambda e: e.correct(NUMBER, 1, FANG, reason="案由误选", facts={"cause": "injury"}, key="k"), _given("filed")),
    Work("give leave", "2026-03-02", lambda e: e.staff.end(FANG, "reviewer_5", PLACE, Clock("2026-06-01").today)),
    Work("activate", "2026-03-02", lambda e: e.activate(titled("新"), ADMIN)),
    Work("sweep", "2026-04-20", lambda e: e.sweep(), _two_cases, several=True),
    Work("load a notice", "2026-04-20", lambda e: e.load_notice("2027.csv", notice_2027(), 2027, NOTICE, ADMIN), _two_cases, several=True),
    Work("rest day", "2026-03-30", lambda e: e.change_rest_days(PLACE, ADMIN, reason="停电", add=[Clock("2026-05-06").today]), _two_cases, several=True),
    Work("migrate", "2026-04-01", lambda e: e.migrations.approve(1, FANG, skip_changed=True), _proposed, several=True),
)  # fmt: skip

Strike = Callable[[str, str, Work, int], bool]
"""Do a work at a time on a URL, struck at its n-th statement; return whether it was struck."""


def thrown_out(url: str, at: str, work: Work, number: int) -> bool:
    """Do *work* and throw it out before its *number*-th statement."""
    faults = Faults()
    database = watch(Database(url), faults)
    try:
        engine = Engine(database, INSTITUTION, Clock(at), lambda: "c0ffee")
        engine.rules()
        faults.plan(number, die)
        answer = work.do(engine)
        assert not isinstance(answer, Refusal), answer
    except Died:
        return True
    finally:
        faults.rest()
        database.close()
    return False


def ended(url: str, at: str, work: Work, number: int) -> bool:
    """The same in a process of its own that ends there, with nothing let go."""
    child = multiprocessing.get_context("fork").Process(target=_ending, args=(url, at, work, number))
    child.start()
    child.join()
    assert child.exitcode in (0, GONE), f"{work.name}: the process failed"
    return child.exitcode == GONE


def _ending(url: str, at: str, work: Work, number: int) -> None:
    def end(connection: Any, done: bool) -> None:
        os._exit(GONE)

    faults = Faults()
    engine = Engine(watch(Database(url), faults), INSTITUTION, Clock(at), lambda: "c0ffee")
    engine.rules()
    faults.plan(number, end)
    answer = work.do(engine)
    os._exit(1 if isinstance(answer, Refusal) else 0)


def strike_everywhere(url: str, folder: Path, work: Work, strike: Strike, every: int = 1) -> int:
    """Strike *work* at every place (at every *every*-th), looking at the office after each; return how many there were."""
    clock = Clock("2026-03-02")
    before = _prepared(url, clock, work)
    kept = Kept(url, folder)
    assert not strike(url, work.at, work, MOST)
    wanted = _rows(url)
    assert wanted != before, f"{work.name} wrote nothing"
    struck = 0
    for number in range(1, MOST, every):
        kept.put_back()
        if not strike(url, work.at, work, number):
            break
        struck += 1
        left = _rows(url)
        if not work.several:
            assert left == before, f"{work.name}: something was left when struck at statement {number}"
            continue
        _assert_sound(url, work.at)
        assert not strike(url, work.at, _gone_on_with(work), MOST)
        assert _rows(url) == wanted, (
            f"{work.name}: struck at statement {number} and gone on with, it came to something else"
        )
    kept.put_back()
    return struck


def _gone_on_with(work: Work) -> Work:
    """What finishes a work that was struck: the same again, and then whatever a sweep catches up with."""

    def again(engine: Engine) -> object:
        answer = work.do(engine)
        return (
            answer
            if isinstance(answer, Refusal) and answer.code not in ("decided", "proposal_decided")
            else None
        )

    return Work(work.name, work.at, again, several=True)


def _prepared(url: str, clock: Clock, work: Work) -> dict[str, Any]:
    database = Database(url)
    work.before(Engine(database, INSTITUTION, clock), clock)
    database.close()
    return _rows(url)


def _rows(url: str) -> dict[str, Any]:
    database = Database(url)
    # Who swept when, and how many batches a load took, may differ after an interruption.
    found = rows_of(database, "sweepers", "reprojections")
    database.close()
    return found


def _assert_sound(url: str, at: str) -> None:
    database = Database(url)
    engine = Engine(database, INSTITUTION, Clock(at))
    assert engine.verify().findings == ()
    with engine.office.reading() as unit:
        for case in unit.cases.ids():
            assert fold(unit.cases.history(case)) == unit.cases.get(case)
    database.close()


@pytest.mark.parametrize(
    "work", [work for work in WORKS if work.name in ("act", "sweep")], ids=lambda work: work.name
)
def test_what_is_killed_between_two_statements_is_there_whole_or_not_at_all(
    office_url: str, tmp_path: Path, work: Work
) -> None:
    # On PostgreSQL a batch of cases is one statement; on SQLite there are many, and some of them will do here.
    every = 14 if work.several and office_url.startswith("sqlite") else 2
    assert strike_everywhere(office_url, tmp_path, work, thrown_out, every=every) >= 1


def test_a_process_that_ends_between_two_statements_leaves_all_or_nothing(
    office_url: str, tmp_path: Path
) -> None:
    assert strike_everywhere(office_url, tmp_path, WORKS[0], ended, every=2) >= 2


@pytest.mark.trial
@pytest.mark.parametrize("strike", [thrown_out, ended], ids=["thrown out", "ended"])
@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_every_place_of_everything_that_writes(
    office_url: str, tmp_path: Path, work: Work, strike: Strike
) -> None:
    places = strike_everywhere(office_url, tmp_path, work, strike)
    how = "thrown out" if strike is thrown_out else "process ended"
    tell(
        "2",
        f"{office_url.partition(':')[0]}, {work.name}, {how} at {places} of {places} places: all or nothing",
        "100 % of places",
    )


# --- delivery: at least once, and known by its key --------------------------------------------------------


def _delivery_trial(url: str, every: int) -> tuple[int, int]:
    """Let a sender die at every place of a round; whoever comes after the lease sends the rest. Return places, messages."""
    clock = Clock("2026-03-02")
    database = opened_quickly(url)
    engine = Engine(database, INSTITUTION, clock)
    with_channels(engine)
    reach(
        engine, Contact(ZHOU, "mail", "zhou@example.cn", "each"), Contact(HE, "mail", "he@example.cn", "each")
    )
    places = messages = 0
    for number in range(1, MOST, every):
        OfficeStory(engine, clock).given("proposed", number)
        clock.set("2026-03-05 10:00")
        case = f"双劳人仲案〔2026〕{number}号"
        assert isinstance(engine.act(case, "accept", FANG, facts={"secretary_named": ZHOU}), Done)
        wanted = {row[1] for row in rows_of(database)["deliveries"] if "waiting" in row}
        assert wanted, "nobody is told"
        post, faults = Post(), Faults()
        dying = watch(Database(url), faults)
        faults.plan(number, die)
        try:
            carry(Engine(dying, INSTITUTION, clock).office, clock, post, "mail")
            struck = False
        except Died:
            struck = True
        faults.rest()
        dying.close()
        clock.at += LEASE + timedelta(seconds=1)
        carry(engine.office, clock, post, "mail")
        keys = Counter(post.keys)
        assert keys.keys() == wanted, f"struck at statement {number}: somebody was not told"
        assert sum(keys.values()) <= len(wanted) + 1, (
            "only what was under way may go twice, and by the same key"
        )
        assert not any("waiting" in row for row in rows_of(database)["deliveries"])
        messages += sum(keys.values())
        if not struck:
            break
        places += 1
    database.close()
    return places, messages


def test_a_sender_that_dies_between_two_statements_leaves_nobody_untold(office_url: str) -> None:
    assert _delivery_trial(office_url, every=4)[0] >= 2


@pytest.mark.trial
def test_a_sender_that_dies_at_every_place_leaves_nobody_untold(office_url: str) -> None:
    places, messages = _delivery_trial(office_url, every=1)
    tell(
        "2",
        f"{office_url.partition(':')[0]}, deliver, thrown out at {places} of {places} places: {messages} messages, each at least once by its key",
        "100 % of places",
    )
