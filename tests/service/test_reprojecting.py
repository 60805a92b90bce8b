"""Open cases follow a changed calendar: exactly those it touches, once, through interruptions and acts at the same time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from engine.core.projection import project
from engine.model.answers import Refusal
from engine.model.case import Case
from engine.model.projection import Projection
from engine.model.rules import Rules
from engine.service import reprojecting
from engine.service.calendars import Loaded
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.projected_rows import TimerKey
from engine.store.reprojections import Reprojections
from engine.store.todo_queues import Mine, Span
from engine.store.turning import Turn
from tests.builders import Clock, a_file, day
from tests.cast import ADMIN, DAI, FANG, LIN, PLACE, ZHOU
from tests.office import OfficeStory, all_at_once, assert_whole
from tests.procedures.way import KEPT, WAY, bring_to, hand_in, propose_suspension, suspend
from tests.projected import differences
from tests.service.notice_texts import NOTICE, csv_of, notice_2027

STATES = ("filed", "proposed", "accepted", "tribunal_formed")


def load(engine: Engine, content: bytes, year: int = 2027, notice: str = NOTICE) -> Loaded:
    loaded = engine.load_notice(f"{year}.csv", content, year, notice, ADMIN)
    assert isinstance(loaded, Loaded)
    return loaded


def amended(engine: Engine, rest: list[date], work: list[date] | None = None) -> bytes:
    """The notice of 2026 as it stands, with more rest days and more worked weekends."""
    days = (
        {d.day: d.rest for d in engine.calendar_days(2026)}
        | dict.fromkeys(rest, True)
        | dict.fromkeys(work or [], False)
    )
    return csv_of([d for d, r in days.items() if r], [d for d, r in days.items() if not r])


def told(engine: Engine, clock: Clock, on: str, state: str = "tribunal_formed") -> OfficeStory:
    """A case opened on a day and brought to a state on it."""
    clock.set(on)
    story = OfficeStory(engine, clock)
    story.open()
    bring_to(story, state)
    return story


def dates(story: OfficeStory) -> tuple[date | None, date | None, date | None]:
    with story.engine.office.reading() as unit:
        rows = unit.reprojections.rows([story.case.id])[0]
    return rows.due, rows.overdue_after, rows.target_due


def timers(story: OfficeStory) -> Mapping[TimerKey, datetime]:
    with story.engine.office.reading() as unit:
        return unit.reprojections.rows([story.case.id])[0].timers


def assert_every_row_is_right(engine: Engine) -> None:
    """Doctor finds nothing, and projecting every case anew, those that were skipped too, would change no row."""
    assert [f for f in engine.doctor().findings if f.code != "vacant"] == []
    with engine.office.reading() as unit:
        for case_id in list(unit.cases.ids()):
            case = unit.cases.get(case_id)
            assert differences(unit, case, project(unit.rules, case)) == ()
        assert unit.reprojections.unfinished() == ()


def assert_journal_and_events_agree(story: OfficeStory) -> None:
    """No date that was shown moved but by an event: of an act on a clock, or of a moved date, which says it to the day."""
    with story.engine.office.reading() as unit:
        journal = unit.journal.of(story.case.id)
    events = {event.seq: event for event in story.history()}
    for before, after in pairwise(journal):
        event = events[after.seq]
        if event.kind != "redated":
            acts = [events[seq].clock for seq in range(before.seq + 1, after.seq + 1)]
            assert any(acts) or (before.due, before.overdue_after) == (after.due, after.overdue_after)
            assert after.load is None
            continue
        moved = {one.what: (one.before, one.after) for one in event.moved if one.what != "step"}
        shown = {
            "due": (before.due, after.due), "overdue_after": (before.overdue_after, after.overdue_after),
            "target": (before.target_due, after.target_due),
        }  # fmt: skip
        assert moved == {what: both for what, both in shown.items() if both[0] != both[1]}
        assert after.load is not None
    redated = [seq for seq, event in events.items() if event.kind == "redated"]
    assert [row.seq for row in journal if row.load is not None] == redated


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprojecting, "BATCH", 3)


# --- what moves -------------------------------------------------------------------------------------------


def test_a_provisional_date_moves_with_the_notice_and_says_so(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-11-18")
    assert dates(story) == (day("2027-01-04"), day("2027-01-06"), day("2026-12-18"))
    clock.set("2026-11-23")

    loaded = load(engine, notice_2027(rest=["2027-01-04"]))

    assert (loaded.looked_at, loaded.moved) == (1, 1)
    assert dates(story) == (day("2027-01-05"), day("2027-01-05"), day("2026-12-18"))
    event = story.history()[-1]
    assert (event.kind, event.by, event.rule) == ("redated", ADMIN, NOTICE)
    line = loaded.page.lines[0]
    assert (line.number, line.handlers, line.moved) == (story.number, ("周衡",), event.moved)
    assert [(m.what, m.before, m.after) for m in event.moved] == [
        ("due", day("2027-01-04"), day("2027-01-05")),
        ("overdue_after", day("2027-01-06"), day("2027-01-05")),
    ]
    assert NOTICE in engine.inbox.page(ZHOU).lines[0].sentence.zh
    assert_whole(engine, story.number)


@pytest.mark.parametrize("rest", [(), ("2026-12-31",), ("2027-01-04",)])
def test_a_last_day_of_december_is_certain_once_the_next_notice_is_there(
    engine: Engine, clock: Clock, rest: Sequence[str]
) -> None:
    """Not a day of 2026 need be named: that the notice leaves 31 December alone is what settles it."""
    story = told(engine, clock, "2026-11-16")
    assert dates(story)[:2] == (day("2026-12-31"), day("2027-01-06"))
    clock.set("2026-11-23")

    loaded = load(engine, notice_2027(rest=rest))

    due = day("2027-01-04" if "2026-12-31" in rest else "2026-12-31")
    assert dates(story)[:2] == (due, due)
    assert (loaded.looked_at, loaded.moved) == (1, 1)
    assert_every_row_is_right(engine)


def test_a_warning_comes_no_earlier_once_a_weekend_of_december_is_known_not_to_be_worked(
    engine: Engine, clock: Clock
) -> None:
    """The 45th day is Saturday 26 December 2026: it rolls to Monday, unless the notice of 2027 has it worked."""
    story = told(engine, clock, "2026-11-11")
    before = timers(story)
    clock.set("2026-11-23")

    loaded = load(engine, notice_2027())

    assert (loaded.looked_at, loaded.moved) == (1, 0)
    assert dates(story)[:2] == (day("2026-12-28"), day("2026-12-28"))
    later = [at - before[key] for key, at in timers(story).items() if at != before[key]]
    assert set(later) == {timedelta(days=2)}
    assert_every_row_is_right(engine)


def test_what_was_shown_before_the_notice_stays_to_be_seen(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-11-18")
    clock.set("2026-11-23")
    number = load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"])).loads[0].number

    with engine.office.reading() as unit:
        journal, id = unit.journal, story.case.id
        assert journal.shown_at(id, clock() - timedelta(days=30)) is None
        before = journal.shown_at(id, clock() - timedelta(minutes=1))
        now = journal.shown_at(id, clock())
        assert unit.journal.of(id)[-1] == now
        assert [row.case for row in journal.moved_by(number)] == [id]
        assert unit.calendars.calendar(clock() - timedelta(minutes=1)).published(2027) is False
    assert before is not None
    assert now is not None
    assert (before.due, before.load) == (day("2027-01-04"), None)
    assert (now.due, now.load) == (day("2027-01-06"), number)


def test_a_step_that_moves_alone_is_told_as_well(engine: Engine, clock: Clock) -> None:
    told(engine, clock, "2026-03-02", "proposed")
    step = engine.lists.todos(FANG).lines[0].due
    assert step is not None

    loaded = load(engine, amended(engine, [day("2026-03-04")]), 2026)

    after = engine.lists.todos(FANG).lines[0].due
    assert after is not None
    assert after > step
    assert [(m.what, m.before, m.after) for m in loaded.page.lines[0].moved] == [("step", step, after)]
    assert engine.moved_cases(loaded.loads[0].number).lines == loaded.page.lines
    assert_every_row_is_right(engine)


def test_a_notice_that_leaves_the_days_of_a_case_alone_touches_nothing_of_it(
    engine: Engine, clock: Clock
) -> None:
    story = told(engine, clock, "2026-03-02")
    version = story.case.version

    loaded = load(engine, notice_2027())

    assert (loaded.looked_at, loaded.moved, story.case.version) == (0, 0, version)
    assert_every_row_is_right(engine)


def test_a_closed_case_keeps_its_dates(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02", "closed")
    hand_in(story)
    story.do("archive", DAI, **KEPT)
    assert not story.case.open
    before = story.case

    load(engine, amended(engine, [day("2026-03-31"), day("2026-04-16")]), 2026)

    assert story.case == before


def test_rungs_that_fired_stay_and_none_fires_twice(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-03-02")
    clock.set("2026-04-09 10:00")
    story.sweep()
    fired = story.rungs("award")
    assert fired

    load(engine, amended(engine, [day("2026-04-16"), day("2026-04-17")]), 2026)
    story.sweep()

    assert story.rungs("award") == fired
    clock.set("2026-04-25 10:00")
    story.sweep()
    rungs = story.rungs("award")
    assert len(set(rungs)) == len(rungs)
    assert ("W5", day("2026-04-20")) in rungs
    assert_whole(engine, story.number)


def test_the_same_file_again_writes_nothing(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2026-11-18")
    load(engine, notice_2027(rest=["2027-01-04"]))
    version = story.case.version

    again = load(engine, notice_2027(rest=["2027-01-04"]))

    assert again.unchanged
    assert (again.loads, again.days, again.moved) == ((), (), 0)
    assert story.case.version == version


# --- exactly those, on any docket -------------------------------------------------------------------------


def varied(engine: Engine, clock: Clock, number: int, chance: random.Random) -> None:
    start = date(2026, 10, 20) + timedelta(days=chance.randrange(60))
    while not engine.rules().calendar.is_work(start):
        start += timedelta(days=1)
    story = told(engine, clock, start.isoformat(), STATES[number % len(STATES)])
    if story.state == "tribunal_formed" and number % 8 == 3:
        clock.ahead(days=2)
        suspend(story, "expert", FANG)
    clock.ahead(days=chance.randrange(20))
    engine.sweep()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_load_every_row_is_what_it_would_be_anew(
    engine: Engine, clock: Clock, small_batches: None, seed: int
) -> None:
    chance = random.Random(seed)
    for number in range(12):
        varied(engine, clock, number, chance)
    clock.set("2027-02-20")

    for round_ in range(4):
        if round_ == 2:
            load(engine, notice_2027(rest=["2027-01-04", "2027-01-22"], work=["2027-01-09"]))
        else:
            around = [date(2026, 11, 1) + timedelta(days=chance.randrange(60)) for _ in range(5)]
            rest = [d for d in around if d.weekday() < 5]
            work = [d for d in around if d.weekday() >= 5]
            load(engine, amended(engine, rest, work), 2026, f"通知{round_}")
        assert_every_row_is_right(engine)
    assert_every_row_is_right(engine)


def test_a_notice_says_nothing_of_later_years_however_long_it_rests(engine: Engine, clock: Clock) -> None:
    story = told(engine, clock, "2027-11-17")
    before = dates(story)
    assert before[:2] == (day("2028-01-03"), day("2028-01-06"))

    load(engine, notice_2027(rest=[f"2027-01-{n:02}" for n in range(4, 9)]))

    assert dates(story) == before
    assert_every_row_is_right(engine)


# --- interruptions and company ----------------------------------------------------------------------------


@contextmanager
def killed_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kill what is done inside once so many batches are written."""
    written: Callable[..., None] = Reprojections.write
    left = [batches]

    def killed(self: Reprojections, *args: object, **named: object) -> None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        written(self, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Reprojections, "write", killed)
        yield


def interrupted(engine: Engine, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Load the notice and be killed after so many batches."""
    with killed_after(after, monkeypatch), pytest.raises(KeyboardInterrupt):
        load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"]))
    with engine.office.reading() as unit:
        assert unit.reprojections.unfinished() != ()


@pytest.mark.parametrize("how", ["sweep", "another load", "the same load"])
def test_whoever_comes_next_finishes_what_was_interrupted(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None, how: str
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(7)]
    clock.set("2026-11-23")
    interrupted(engine, monkeypatch, after=1)
    assert sum(dates(story)[0] == day("2027-01-06") for story in stories) == 3
    assert [f.code for f in engine.doctor().findings if f.code == "calendar"] == ["calendar"]

    if how == "sweep":
        engine.sweep()
    elif how == "another load":
        load(engine, amended(engine, [day("2026-12-30")]), 2026, "另一通知")
    else:
        load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"]))

    for story in stories:
        assert dates(story)[0] == day("2027-01-06")
        assert [e.rule for e in story.history() if e.kind == "redated"] == [NOTICE]
    with engine.office.reading() as unit:
        number = next(one.number for one in unit.calendars.loads() if one.notice == NOTICE)
        done = unit.reprojections.of(number)
    assert done is not None
    assert (done.total, done.done, done.moved) == (7, 7, 7)
    assert_every_row_is_right(engine)


def test_what_is_due_fires_before_the_first_case_follows_and_between_two_batches(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(7)]
    clock.set("2026-11-23")
    interrupted(engine, monkeypatch, after=0)
    clock.set("2026-12-14")
    days, fired_by = iter(["2026-12-23", "2026-12-28"]), list[list[int]]()
    advance: Callable[..., None] = Reprojections.advance

    def one(self: Reprojections, *args: object) -> None:
        fired_by.append([len(story.rungs("award")) for story in stories])
        advance(self, *args)
        clock.set(next(days, "2026-12-28"))

    monkeypatch.setattr(Reprojections, "advance", one)
    engine.sweep()

    assert all(fired_by[0]), "before the first batch"
    for before, after in pairwise(fired_by):
        more = [later - earlier for earlier, later in zip(before, after, strict=True)]
        assert min(more) > 0, "between two batches"
    assert_every_row_is_right(engine)


def test_an_act_that_comes_before_its_batch_moves_the_dates_first(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, small_batches: None
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(4)]
    clock.set("2026-11-23")
    interrupted(engine, monkeypatch, after=0)
    story = max(stories, key=lambda one: one.case.id)

    refused = story.ask("issue_award", ZHOU)
    assert isinstance(refused, Refusal)
    assert [e.kind for e in story.history() if e.kind == "redated"] == []
    suspend(story, "expert", FANG)

    kinds = [event.kind for event in story.history()]
    assert kinds.count("redated") == 1
    assert kinds.index("redated") < len(kinds) - 1
    engine.sweep()
    assert [event.kind for event in story.history()].count("redated") == 1
    with engine.office.reading() as unit:
        last = unit.reprojections.of(unit.calendars.loads()[-1].number)
    assert last is not None
    assert last.moved == 4
    assert last.finished_at is not None
    assert_every_row_is_right(engine)


def test_a_case_that_changes_under_a_batch_is_done_alone(
    engine: Engine, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(3)]
    clock.set("2026-11-23")
    stale = [True]
    written: Callable[..., None] = Reprojections.write

    def changed_meanwhile(self: Reprojections, followed: object, load: int) -> None:
        if stale.pop() if stale else False:
            with engine.office.reading() as unit:
                assert unit.reprojections.unfinished() != ()
            self._on.exec_driver_sql("UPDATE cases SET version = version + 1")
        written(self, followed, load)

    with monkeypatch.context() as patch:
        patch.setattr(Reprojections, "write", changed_meanwhile)
        loaded = load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"]))

    assert (loaded.looked_at, loaded.moved) == (3, 3)
    assert [dates(story)[0] for story in stories] == [day("2027-01-06")] * 3
    assert_every_row_is_right(engine)


def test_a_case_that_fails_by_a_fault_of_ours_is_counted_and_named(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(2)]
    clock.set("2026-11-23")
    broken = stories[0].case.id

    def faulty(rules: Rules, case: Case) -> Projection:
        if case.id == broken:
            raise TypeError("a fault of ours")
        return project(rules, case)

    with monkeypatch.context() as patch:
        patch.setattr(reprojecting, "project", faulty)
        loaded = load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"]))

    assert (loaded.looked_at, loaded.moved, loaded.failed) == (2, 1, 1)
    found = [f for f in engine.doctor().findings if f.code == "calendar"]
    assert [f.reason.en for f in found] == [f"1 case could not follow calendar load {loaded.loads[0].number}"]
    suspend(stories[0], "expert", FANG)
    assert [f for f in engine.doctor().findings if f.code != "vacant"] == []


def test_a_case_that_only_the_second_of_two_loads_touches_follows_it_before_an_act(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, notice_2027())
    ids = iter(("b", "c", "a"))
    engine.office.new_id = lambda: next(ids)
    for _ in range(2):
        told(engine, clock, "2026-03-02")
    late = told(engine, clock, "2026-11-18")
    clock.set("2026-11-23")
    monkeypatch.setattr(reprojecting, "BATCH", 1)
    # One commit makes two loads; killed after one batch of the first, which is past the only case of the second.
    days = [day("2026-03-31"), day("2027-01-04")]
    with killed_after(1, monkeypatch), pytest.raises(KeyboardInterrupt):
        engine.change_rest_days(PLACE, ADMIN, reason="搬迁停办", add=days)
    with engine.office.reading() as unit:
        first, second = unit.reprojections.unfinished()
    assert (first.cursor, second.cursor) == ("b", "")

    suspend(late, "expert", FANG)

    moved = [event for event in late.history() if event.kind == "redated"]
    assert next((one.what, one.after) for one in moved[0].moved) == ("due", day("2027-01-05"))
    with engine.office.reading() as unit:
        assert [row.load for row in unit.journal.of("a") if row.load] == [second.load]
    assert_journal_and_events_agree(late)
    engine.sweep()
    assert_every_row_is_right(engine)


def test_an_act_puts_nothing_down_to_a_load_whose_days_leave_the_case_alone(
    engine: Engine, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, notice_2027())
    for _ in range(2):
        told(engine, clock, "2026-11-18")
    other = told(engine, clock, "2026-03-02")
    with killed_after(0, monkeypatch), pytest.raises(KeyboardInterrupt):
        engine.change_rest_days(PLACE, ADMIN, reason="搬迁停办", add=[day("2027-01-04")])
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE cases SET due = NULL WHERE number = '{other.number}'")

    suspend(other, "expert", FANG)

    assert [event for event in other.history() if event.kind == "redated"] == []


def test_a_case_that_cannot_be_read_does_not_hold_up_the_others(
    engine: Engine, database: Database, clock: Clock
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(3)]
    clock.set("2026-11-23")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE cases SET body = '{{}}' WHERE number = '{stories[1].number}'")

    loaded = load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"]))

    assert (loaded.looked_at, loaded.moved, loaded.failed) == (3, 2, 1)
    assert [dates(s)[0] for s in (stories[0], stories[2])] == [day("2027-01-06")] * 2
    assert [f.case for f in engine.doctor().findings if f.code == "changed"] == [stories[1].number]


def test_progress_counts_up_to_all_cases(engine: Engine, clock: Clock, small_batches: None) -> None:
    for _ in range(7):
        told(engine, clock, "2026-11-18")
    seen: list[tuple[int, int]] = []

    engine.load_notice(
        "2027.csv",
        notice_2027(),
        2027,
        NOTICE,
        ADMIN,
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen[0] == (0, 7)
    assert seen[-1] == (7, 7)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_case_that_opens_between_load_and_batch_has_the_new_dates(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(engine, clock, "2026-11-18")
    interrupted(engine, monkeypatch, after=0)
    fresh = OfficeStory(engine, clock).open(by=LIN)
    bring_to(fresh, "tribunal_formed")

    engine.sweep()

    assert dates(fresh)[0] == day("2027-01-06")
    assert [event.kind for event in fresh.history() if event.kind == "redated"] == []
    assert_every_row_is_right(engine)


def test_acts_and_a_load_at_the_same_time_leave_every_row_right(
    engine: Engine, clock: Clock, small_batches: None
) -> None:
    stories = [told(engine, clock, "2026-11-18") for _ in range(8)]
    clock.set("2026-11-23")
    for story in stories[:4]:
        propose_suspension(story)

    def act(story: OfficeStory) -> None:
        engine.act(story.number, "suspend", FANG, documents=[a_file("order")], facts={"ground": "expert"})

    calls: list[Callable[[], object]] = [partial(act, story) for story in stories[:4]]
    all_at_once(lambda: load(engine, notice_2027(rest=["2027-01-04", "2027-01-05"])), *calls)

    assert [story.case.clocks["award"].facts[-1].kind for story in stories[:4]] == ["suspend"] * 4
    for story in stories[4:]:
        assert dates(story)[0] == day("2027-01-06")
    for story in stories:
        assert [event.kind for event in story.history()].count("redated") <= 1
        assert_journal_and_events_agree(story)
    assert_every_row_is_right(engine)


def test_what_goes_on_beside_an_archived_case_follows_a_notice_as_well(engine: Engine, clock: Clock) -> None:
    story = OfficeStory(engine, clock).given(list(WAY)[-1])
    assert not story.case.open
    assert story.case.open_matters(), "custody goes on after the case"
    with engine.office.reading() as unit:
        [due] = {one.due for one in project(unit.rules, story.case).todos}
    assert due is not None
    assert due.year == 2027

    loaded = load(engine, notice_2027(rest=[due.isoformat()]))

    assert loaded.moved == 1
    assert story.history()[-1].kind == "redated"
    assert_every_row_is_right(engine)


def test_a_step_is_said_to_be_overdue_after_the_latest_day_alone(engine: Engine, clock: Clock) -> None:
    told(engine, clock, "2026-12-28", "proposed")
    with engine.office.reading() as unit:
        todo = unit.todo_queues.page(Mine([], [(PLACE, "director")]), Span(), Turn()).rows[0]
        assert todo.due is not None
        assert todo.overdue_after is not None
        assert todo.due < todo.overdue_after, "the year has no notice yet"
        last, states = todo.overdue_after, [todo.state]
        assert unit.todo_queues.overdue_steps(last, states, None, Turn()).rows == ()
        over = unit.todo_queues.overdue_steps(last + timedelta(days=1), states, None, Turn()).rows
    assert {case for _, case, _ in over} == {todo.case}
