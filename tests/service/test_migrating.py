"""Open cases are brought to another version by two persons, one commit a case; whatever happens meanwhile, none is stuck."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pytest

from engine.core.fold import fold
from engine.errors import UnknownCase, UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.model.case import Case
from engine.service.engine import Engine
from engine.service.migration_pages import CarriedOut, MigrationPage
from engine.store.cases import Cases
from engine.store.database import Database
from tests.builders import Clock, edited, procedure_texts
from tests.cast import ADMIN, FANG, LIN, SHEN, WEI, ZHOU
from tests.office import OfficeStory, assert_whole, rows_of

LABOUR, SERVICE = "workflows/labour.yaml", "workflows/service.yaml"


def renamed(state: str, to: str) -> str:
    """The labour procedure with one state called otherwise in the file."""
    return re.sub(rf"\b{state}\b", to, procedure_texts()[LABOUR])


def activate(engine: Engine, text: str, file: str = LABOUR) -> str:
    """Put one text into force, and return its hash."""
    (activated,) = engine.activate({file: text}, ADMIN)
    return activated.hash


def cases(engine: Engine, clock: Clock, *states: str) -> list[OfficeStory]:
    return [OfficeStory(engine, clock).given(state, n) for n, state in enumerate(states, 1)]


def proposed(engine: Engine, procedure: str = "labour", by: str = ADMIN, **states: str) -> MigrationPage:
    answer = engine.migrations.propose(procedure, by, states=states)
    assert isinstance(answer, MigrationPage), answer
    assert answer.number is not None
    return answer


def carried_out(answer: CarriedOut | Refusal) -> CarriedOut:
    assert isinstance(answer, CarriedOut), answer
    return answer


def refused(answer: object) -> Refusal:
    assert isinstance(answer, Refusal), answer
    return answer


# --- trying -----------------------------------------------------------------------------------------------


def test_trying_says_what_would_change_of_each_case_and_writes_nothing(
    database: Database, engine: Engine, clock: Clock
) -> None:
    story, other = cases(engine, clock, "filed", "tribunal_formed")
    text = edited(renamed("filed", "received"), ("limit: 5 work days", "limit: 7 work days"))
    new = activate(engine, text)
    before = rows_of(database)

    page = engine.migrations.tried("labour", states={"filed": "received"})

    assert rows_of(database) == before
    first, second = sorted(page.lines, key=lambda line: line.number != story.number)
    assert (first.number, first.before.state.name, second.number) == (story.number, "filed", other.number)
    assert first.after is not None
    assert (first.after.state.name, first.target) == ("received", new)
    assert first.before.step_due is not None
    assert first.after.step_due is not None
    assert first.before.step_due < first.after.step_due
    assert first.before.awaited == first.after.awaited
    assert second.refusal is None


def test_moves_that_are_gained_and_lost_are_named(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    activate(engine, edited(procedure_texts()[LABOUR], ("      propose:\n", "      propose_acceptance:\n")))

    (line,) = engine.migrations.tried("labour").lines

    assert [move.name for move in line.gained] == ["propose_acceptance"]
    assert [move.name for move in line.lost] == ["propose"]


def test_a_case_on_the_version_in_force_is_left_alone(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")

    assert engine.migrations.tried("labour").lines == ()
    assert refused(engine.migrations.propose("labour", ADMIN)).code == "nothing_to_migrate"


def test_only_the_cases_that_are_named_are_meant(engine: Engine, clock: Clock) -> None:
    _, second = cases(engine, clock, "filed", "filed")
    activate(engine, renamed("filed", "received"))

    page = engine.migrations.tried("labour", states={"filed": "received"}, cases=[second.number])

    assert [line.number for line in page.lines] == [second.number]


def test_what_nobody_knows_is_refused_with_what_there_is(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    migrations = engine.migrations

    for name, states in (
        ("maritime", {}),
        ("labour", {"fild": "received"}),
        ("labour", {"filed": "recieved"}),
    ):
        with pytest.raises(UnknownName):
            migrations.tried(name, states=states)
    with pytest.raises(UnknownName):
        migrations.tried("labour", to="ffffffff")
    with pytest.raises(UnknownCase):
        migrations.tried("labour", cases=["2099-1"])
    with pytest.raises(UnknownName):
        migrations.approve(99, FANG)


# --- two persons ------------------------------------------------------------------------------------------


def test_a_second_person_approves_and_every_case_goes_on_under_the_new_version(
    engine: Engine, clock: Clock
) -> None:
    stories = cases(engine, clock, "filed", "proposed", "tribunal_formed")
    new = activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number

    done = carried_out(engine.migrations.approve(page.number, FANG))

    assert (len(done.done), done.left) == (3, ())
    for story in stories:
        assert story.case.main.definition == new
        assert_whole(engine, story.number)
    event = stories[0].history()[-1]
    assert (event.kind, event.by, event.migration["proposal"]) == ("migrated", FANG, str(page.number))
    assert any("另一版本" in notice.sentence.zh for notice in engine.inbox.page(ZHOU).lines)
    stories[0].do("propose", LIN, claim_amount="12000.50")
    assert_whole(engine, stories[0].number)


def test_the_timeline_says_it_in_words(engine: Engine, clock: Clock) -> None:
    (story,) = cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    engine.migrations.approve(page.number, FANG)

    line = engine.case_page(story.number).events[-1]

    assert "改按版本" in line.sentence.zh
    assert "instead of" in line.sentence.en
    assert line.who == engine.people().name(FANG)


def test_whoever_proposed_it_cannot_approve_it_nor_can_somebody_without_the_role(
    database: Database, engine: Engine, clock: Clock
) -> None:
    cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    before = rows_of(database)

    assert refused(engine.migrations.approve(page.number, ADMIN)).code == "same_person"
    assert refused(engine.migrations.approve(page.number, SHEN)).code == "role"
    assert rows_of(database) == before


def test_what_waits_for_a_second_person_is_said_in_one_sentence(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    new = activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number

    (waiting,) = engine.definitions().migrations
    assert (waiting.number, waiting.by) == (page.number, engine.people().name(ADMIN))
    assert f"1件在办事项改按版本{new[:12]}办理（filed → received）" in waiting.sentence.zh
    assert "1 open matter of" in waiting.sentence.en

    engine.migrations.approve(page.number, FANG)
    assert engine.definitions().migrations == ()


def test_a_proposal_may_be_turned_down_or_taken_back_and_is_then_over(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    first, second = proposed(engine, filed="received"), proposed(engine, filed="received")
    assert first.number
    assert second.number

    down = engine.migrations.reject(first.number, FANG, "尚未培训")
    assert isinstance(down, MigrationPage)
    assert (down.outcome, down.reason) == ("rejected", "尚未培训")
    assert refused(engine.migrations.withdraw(second.number, WEI)).code == "not_proposer"
    back = engine.migrations.withdraw(second.number, ADMIN)
    assert isinstance(back, MigrationPage)
    assert back.outcome == "withdrawn"

    assert refused(engine.migrations.approve(first.number, WEI)).code == "decided"
    assert [page.outcome for page in engine.migrations.proposals()] == ["rejected", "withdrawn"]


# --- changed since ----------------------------------------------------------------------------------------


def test_a_case_that_moved_since_is_named_and_the_others_may_go_on(
    database: Database, engine: Engine, clock: Clock
) -> None:
    moved, still = cases(engine, clock, "filed", "filed")
    old = moved.case.main.definition
    new = activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    moved.do("propose", LIN, claim_amount="12000.50")
    before = rows_of(database)

    refusal = refused(engine.migrations.approve(page.number, FANG))
    assert refusal.code == "changed_since"
    assert moved.number in refusal.reason.zh
    assert still.number not in refusal.reason.zh
    assert rows_of(database) == before

    done = carried_out(engine.migrations.approve(page.number, FANG, skip_changed=True))
    assert [line.number for line in done.done] == [still.number]
    assert [left.number for left in done.left] == [moved.number]
    assert (moved.case.main.definition, still.case.main.definition) == (old, new)
    assert_whole(engine, still.number)


def test_a_rung_that_fired_since_is_no_change(engine: Engine, clock: Clock) -> None:
    (story,) = cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    clock.set("2026-03-10")
    engine.sweep()

    done = carried_out(engine.migrations.approve(page.number, FANG))
    fired = story.rungs("term.")
    engine.sweep()

    assert len(done.done) == 1
    assert story.rungs("term.") == fired
    assert [rung for rung, _ in fired] == ["S1", "S2"]


def test_rungs_that_are_due_fire_under_the_old_name_before_the_case_is_migrated(
    engine: Engine, clock: Clock
) -> None:
    (story,) = cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    clock.set("2026-03-10")

    carried_out(engine.migrations.approve(page.number, FANG))

    assert [event.kind for event in story.history()[-3:]] == ["rung_fired", "rung_fired", "migrated"]
    assert engine.sweep().fired == 0
    assert_whole(engine, story.number)


# --- interrupted ------------------------------------------------------------------------------------------


@contextmanager
def killed_after(monkeypatch: pytest.MonkeyPatch, saves: int) -> Iterator[None]:
    """Let the process die when it is about to write the case after so many."""
    written, save = [0], Cases.save

    def dying(self: Cases, *args: Any, **more: Any) -> None:
        if written[0] == saves:
            raise KeyboardInterrupt
        written[0] += 1
        save(self, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Cases, "save", dying)
        yield


@pytest.mark.parametrize("how", ["resume", "approve"])
def test_what_was_interrupted_is_finished_and_nothing_is_done_twice(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stories = cases(engine, clock, *["filed"] * 5)
    new = activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    with killed_after(monkeypatch, 2), suppress(KeyboardInterrupt):
        engine.migrations.approve(page.number, FANG)
    assert sum(story.case.main.definition == new for story in stories) == 2
    assert engine.migrations.proposal(page.number).done == 2
    assert engine.verify().findings == ()

    again = engine.migrations
    done = carried_out(again.resume(page.number) if how == "resume" else again.approve(page.number, FANG))

    assert (len(done.done), done.before, done.left) == (3, 2, ())
    for story in stories:
        assert [event.kind for event in story.history()].count("migrated") == 1
        assert_whole(engine, story.number)
    repeated = carried_out(again.resume(page.number))
    assert (repeated.done, repeated.before) == ((), 5)


def test_one_case_that_fails_does_not_keep_the_others(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = cases(engine, clock, "filed", "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    id, save = broken.case.id, Cases.save

    def failing(self: Cases, before: Case, *rest: Any) -> None:
        if before.id == id:
            raise ValueError("broken")
        save(self, before, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Cases, "save", failing)
        done = carried_out(engine.migrations.approve(page.number, FANG))
    assert [left.number for left in done.left] == [broken.number]
    assert [line.number for line in done.done] == [sound.number]

    assert len(carried_out(engine.migrations.resume(page.number)).done) == 1
    assert_whole(engine, broken.number)


def test_a_proposal_nobody_approved_cannot_be_resumed(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number

    with pytest.raises(WrongUse):
        engine.migrations.resume(page.number)


# --- undoing ----------------------------------------------------------------------------------------------


def test_two_persons_put_back_what_has_not_moved_since_and_the_others_are_named(
    engine: Engine, clock: Clock
) -> None:
    moved, still = cases(engine, clock, "filed", "filed")
    old, main = still.case.main.definition, still.case.main
    new = activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    engine.migrations.approve(page.number, FANG)
    moved.do("propose", LIN, claim_amount="12000.50")

    tried = engine.migrations.undoing(page.number)
    assert {line.number: line.refusal and line.refusal.code for line in tried.lines} == {
        moved.number: "moved_since",
        still.number: None,
    }
    back = engine.migrations.propose_undoing(page.number, ADMIN)
    assert isinstance(back, MigrationPage)
    assert back.number
    assert refused(engine.migrations.approve(back.number, ADMIN)).code == "same_person"
    done = carried_out(engine.migrations.approve(back.number, WEI))

    assert [line.number for line in done.done] == [still.number]
    assert (still.case.main.definition, moved.case.main.definition) == (old, new)
    assert (still.case.main.state, still.case.main.round) == (main.state, main.round)
    assert "恢复按版本" in engine.case_page(still.number).events[-1].sentence.zh
    assert_whole(engine, still.number)
    assert_whole(engine, moved.number)


def test_only_an_approved_migration_can_be_undone(engine: Engine, clock: Clock) -> None:
    cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number

    with pytest.raises(WrongUse):
        engine.migrations.undoing(page.number)


# --- matters and looking back -----------------------------------------------------------------------------


def test_matters_beside_the_case_are_migrated_like_cases(engine: Engine, clock: Clock) -> None:
    (story,) = cases(engine, clock, "tribunal_formed")
    main = story.case.main.definition
    text = edited(procedure_texts()[SERVICE], ("procedure: service\n", "procedure: service\n# 新\n"))
    new = activate(engine, text, SERVICE)
    page = proposed(engine, "service")
    assert page.number
    matters = story.case.matters_of("service")

    done = carried_out(engine.migrations.approve(page.number, FANG))

    assert len(done.done) == len(matters) == 2
    assert {matter.definition for matter in story.case.matters_of("service")} == {new}
    assert story.case.main.definition == main
    assert_whole(engine, story.number)


def test_a_day_before_the_migration_is_shown_under_the_version_of_that_day(
    engine: Engine, clock: Clock
) -> None:
    (story,) = cases(engine, clock, "filed")
    activate(engine, renamed("filed", "received"))
    page = proposed(engine, filed="received")
    assert page.number
    before: date = clock.today
    clock.ahead(days=2)
    engine.migrations.approve(page.number, FANG)

    assert engine.case_page(story.number, as_of=before).line.state == "filed"
    assert engine.case_page(story.number).line.state == "received"
    assert fold(story.history()) == story.case


# --- trial 20 in short ------------------------------------------------------------------------------------


def test_with_sixty_cases_open_each_stays_on_its_version_or_moves_by_the_map_and_none_is_stuck(
    engine: Engine, clock: Clock
) -> None:
    on_the_way = ("filed", "proposed", "accepted", "tribunal_formed", "hearing_scheduled", "deliberation")
    stories = cases(engine, clock, *(on_the_way[n % len(on_the_way)] for n in range(60)))
    before = {story.number: story.case for story in stories}
    text = renamed("proposed", "to_be_approved")
    # Without a counterpart for this one, its cases stay where they are.
    new = activate(engine, re.sub(r"\bdeliberation\b", "after_hearing", text))
    page = proposed(engine, proposed="to_be_approved")
    assert page.number

    done = carried_out(engine.migrations.approve(page.number, FANG))
    engine.sweep()

    assert done.left == ()
    for story in stories:
        was, now = before[story.number].main, story.case.main
        if was.state == "deliberation":
            assert now.definition == was.definition
        else:
            assert (now.definition, now.state) == (
                new,
                {"proposed": "to_be_approved"}.get(was.state, was.state),
            )
        assert (now.facts, now.round, now.entered_on) == (was.facts, was.round, was.entered_on)
        assert story.case.clocks == before[story.number].clocks
        assert fold(story.history()) == story.case
    assert [finding for finding in engine.doctor().findings if finding.code != "sqlite"] == []
    assert engine.verify().findings == ()
