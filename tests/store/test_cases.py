"""What the store promises of a case on either database: whole, once, by compare and set, with rows that follow from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.core.decide import decide
from engine.core.projection import project
from engine.core.settling import settle
from engine.errors import Conflict, UnknownCase
from engine.model.answers import Decision
from engine.model.case import Case
from engine.model.commands import Act
from engine.model.rules import Rules
from engine.service.engine import Engine
from engine.store import tables as t
from engine.store.database import Database
from engine.store.request import Request
from engine.store.rows import case_body, case_of
from tests.builders import PaperStory, instant
from tests.cast import FANG, JIA, WEI, ZHOU
from tests.office import OfficeStory
from tests.procedures.way import WAY, a_case, bring_to, suspend
from tests.projected import differences


def saved(engine: Engine, paper: PaperStory, request: Request | None = None) -> Decision:
    """Put a case from paper into the store as it stands."""
    projection = project(engine.rules(), paper.case)
    decision = Decision(paper.history(), paper.case, projection, tuple(paper.notices))
    with engine.office.writing() as unit:
        unit.cases.save(None, decision, request)
    return decision


def moved(rules: Rules, case: Case, move: str, by: str, **facts: str) -> Decision:
    answer = decide(rules, case, Act(move, by, "1", facts), instant("2026-03-20"))
    assert isinstance(answer, Decision), answer
    return answer


@pytest.mark.parametrize("state", list(WAY))
def test_a_case_is_read_back_as_it_was_written_in_every_state(engine: Engine, state: str) -> None:
    paper = a_case(state)
    saved(engine, paper)

    with engine.office.reading() as unit:
        assert unit.cases.get(paper.case.id) == paper.case
        assert unit.cases.history(paper.case.id) == paper.history()


def test_a_case_with_everything_in_it_survives_its_own_text() -> None:
    paper = a_case("deliberation")
    suspend(paper, "expert", FANG)
    paper.do("recuse", WEI, recused_person=JIA, reason="“引号”、\n换行、𠮷、\\ 与 ·")
    paper.clock.set("2026-06-01")
    paper.sweep()

    assert case_of(case_body(paper.case)) == paper.case


@pytest.mark.parametrize("value", [[1], None, 1.5])
def test_a_text_with_a_fact_of_no_known_kind_is_unreadable(value: object) -> None:
    plain = json.loads(case_body(a_case("deliberation").case))
    plain["matters"][0]["facts"]["damaged"] = value

    with pytest.raises(ValueError, match="not a fact's value"):
        case_of(json.dumps(plain))


def test_the_rows_beside_a_case_are_those_of_its_projection(engine: Engine) -> None:
    decision = saved(engine, a_case("under_review"))

    with engine.office.reading() as unit:
        assert differences(unit, decision.case, decision.projection) == ()
        rows = unit.connection.execute(
            select(t.todos.c.matter, t.todos.c.role, t.todos.c.person, t.todos.c.due)
        )
        timers = unit.connection.execute(select(t.timers)).all()
    assert {(r.matter, r.role, r.person or None, r.due) for r in rows} == {
        (todo.matter, todo.role, todo.person, todo.due) for todo in decision.projection.todos
    }  # fmt: skip
    assert {(r.matter, r.subject, r.round, r.rung, r.occurrence, r.due_at) for r in timers} == {
        (x.matter, x.subject, x.round, x.rung, x.occurrence, x.due) for x in decision.projection.timers
    }  # fmt: skip


def test_the_rows_follow_the_case_through_every_step_of_its_way(engine: Engine, story: OfficeStory) -> None:
    story.open()
    for state in WAY:
        bring_to(story, state)
        case, rules = story.case, engine.rules()
        with engine.office.reading() as unit:
            assert differences(unit, case, project(rules, case)) == (), state


def test_a_case_that_changed_meanwhile_is_a_conflict_and_writes_nothing(engine: Engine) -> None:
    paper = a_case("accepted")
    saved(engine, paper)
    rules = engine.rules()
    first = moved(rules, paper.case, "form_tribunal", "he", tribunal_named=JIA)
    second = moved(rules, paper.case, "hand_over", "he", secretary_named="wu", reason="轮岗")
    with engine.office.writing() as unit:
        unit.cases.save(paper.case, first)

    with pytest.raises(Conflict), engine.office.writing() as unit:
        unit.cases.save(paper.case, second)

    with engine.office.reading() as unit:
        assert unit.cases.get(paper.case.id) == first.case
        assert len(unit.cases.history(paper.case.id)) == first.case.version


def test_a_rung_and_an_act_on_the_same_version_are_a_conflict_too(engine: Engine) -> None:
    paper = a_case("deliberation")
    saved(engine, paper)
    rules = engine.rules()
    settled = settle(rules, paper.case, instant("2026-03-23"))
    assert settled is not None
    with engine.office.writing() as unit:
        unit.cases.save(paper.case, settled)

    with pytest.raises(Conflict), engine.office.writing() as unit:
        unit.cases.save(
            paper.case, moved(rules, paper.case, "deliberate", JIA, opinion="支持", drafter_named=JIA)
        )


def test_the_same_number_twice_is_a_conflict(engine: Engine) -> None:
    saved(engine, PaperStory(number=1).open())
    other = PaperStory(number=2)
    other.open()
    twin = PaperStory(number=1)
    twin.open()

    with pytest.raises(Conflict):
        saved(engine, twin)
    saved(engine, other)


def test_a_request_key_is_kept_with_its_answer_and_only_once(engine: Engine) -> None:
    first, second = PaperStory(number=1).open(), PaperStory(number=2).open()
    request = Request("k1", first.case.id, "f" * 64, 1, 1)
    saved(engine, first, request)

    with engine.office.reading() as unit:
        assert unit.cases.request("k1") == request
        assert unit.cases.request("k2") is None
    with pytest.raises(Conflict):
        saved(engine, second, Request("k1", second.case.id, "e" * 64, 1, 1))
    with engine.office.reading() as unit, pytest.raises(UnknownCase):
        unit.cases.get(second.case.id)


def test_work_that_raises_leaves_nothing(engine: Engine) -> None:
    paper = a_case("accepted")

    def save_and_stumble() -> None:
        with engine.office.writing() as unit:
            projection = project(unit.rules, paper.case)
            unit.cases.save(None, Decision(paper.history(), paper.case, projection))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_stumble()

    with engine.office.reading() as unit:
        assert tuple(unit.cases.ids()) == ()


def test_every_instant_comes_back_aware_and_in_utc(engine: Engine, database: Database) -> None:
    paper = a_case("under_review")
    paper.clock.set("2026-03-26 23:30")
    paper.sweep()
    saved(engine, paper)

    with database.reading() as connection:
        instants = [
            value
            for table in (t.cases, t.matters, t.events, t.timers, t.notices)
            for row in connection.execute(select(table))
            for value in row
            if isinstance(value, datetime)
        ]
    assert len(instants) > 20
    assert {value.tzinfo for value in instants} == {UTC}


def test_an_instant_is_the_same_moment_whatever_zone_it_was_written_in(database: Database) -> None:
    moments = [
        datetime(2026, 3, 2, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2026, 3, 1, 16, 30, tzinfo=UTC),
        datetime(2026, 3, 1, 11, 30, tzinfo=ZoneInfo("America/New_York")),
    ]
    with database.writing() as connection:
        for number, at in enumerate(moments):
            connection.execute(
                t.activations.insert().values(
                    institution="i", number=number, name="n", hash="h", by="x", at=at, since=at.date()
                )
            )

    with database.reading() as connection:
        found = connection.execute(
            select(t.activations.c.at).where(t.activations.c.institution == "i")
        ).scalars()
        assert set(found) == {datetime(2026, 3, 1, 16, 30, tzinfo=UTC)}


def test_an_instant_without_its_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 3, 2, 9, 30)
    insert = t.activations.insert().values(
        institution="i", number=1, name="n", hash="h", by="x", at=naive, since=naive.date()
    )

    with pytest.raises(Exception, match="needs its zone"), database.writing() as connection:
        connection.execute(insert)


def test_a_reader_sees_one_state_while_somebody_writes(engine: Engine, story: OfficeStory) -> None:
    story.given("proposed")

    with engine.office.reading() as unit:
        before = unit.cases.get(story.case.id)
        story.do("accept", FANG, secretary_named=ZHOU)
        again = unit.cases.get(before.id)
        events = unit.cases.history(before.id)

    assert again == before
    assert len(events) == before.version


def test_nothing_is_written_on_a_reading_connection_of_postgresql(engine: Engine, database: Database) -> None:
    with database.reading() as connection:
        if database.sqlite:
            return
        with pytest.raises(Exception, match="read-only"):
            connection.execute(t.todos.delete())
