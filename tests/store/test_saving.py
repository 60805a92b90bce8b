"""The path every act takes: a look without a lock, then one guarded write; tuned and portable say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.core.decide import decide
from engine.errors import Conflict
from engine.model.answers import Decision, Refusal
from engine.model.commands import Act
from engine.model.people import Absence
from engine.service import acting
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.cases import Cases
from engine.store.changed_rows import Saving
from engine.store.database import Database
from engine.store.looks import Look
from engine.store.request import Request
from tests.builders import Clock, day, instant
from tests.cast import HE, JIA, LIN, ZHOU
from tests.office import OfficeStory, all_at_once, assert_whole, rows_of
from tests.procedures.way import WAY, bring_to, resume, suspend

AT = instant("2026-03-20")
TRIBUNAL = {"tribunal_named": "jia yi bing", "presiding_named": JIA}


def look(engine: Engine, named: str, key: str | None = None) -> Look:
    with engine.office.glancing() as tuned:
        found = tuned.look(named, key)
    assert found is not None
    return found


def decided(engine: Engine, found: Look) -> Decision:
    answer = decide(engine.rules(), found.glimpse.case, Act("form_tribunal", HE, "1", TRIBUNAL), AT)
    assert isinstance(answer, Decision), answer
    return answer


def write(engine: Engine, saving: Saving, edition: int | None = None) -> frozenset[str]:
    with engine.office.striking() as tuned:
        return tuned.write([saving], edition)


def edition(engine: Engine, found: Look) -> int:
    return engine.office.held(found.editions, AT).edition


# --- tuned and portable -----------------------------------------------------------------------------------


def _to_the_archive(story: OfficeStory) -> None:
    bring_to(story, list(WAY)[-1])


def _through_a_suspension(story: OfficeStory) -> None:
    """The clock stops and goes on: steps and rungs that are there come due on other days."""
    bring_to(story, "tribunal_formed")
    suspend(story)
    story.clock.ahead(days=5)
    resume(story)


@pytest.mark.parametrize("lived", [_to_the_archive, _through_a_suspension])
def test_the_portable_form_leaves_the_same_rows_as_the_tuned_one(
    engine: Engine, story: OfficeStory, database: Database, monkeypatch: pytest.MonkeyPatch,
    lived: Callable[[OfficeStory], None],
) -> None:  # fmt: skip
    ids = iter(f"c{n}" for n in range(10))
    engine.office.new_id = lambda: next(ids)
    told = story.open()
    lived(told)
    first = {name: rows for name, rows in rows_of(database).items() if name not in ("editions", "numbers")}
    tuned = {name: _of_case(rows, "c0") for name, rows in first.items()}

    monkeypatch.setattr(acting, "_quickly", lambda *_: None)
    plain = Cases.__init__

    def portable(self: Cases, *given: Any) -> None:
        plain(self, *given, portable=True)

    monkeypatch.setattr(Cases, "__init__", portable)
    assert isinstance(story.clock, Clock)
    story.clock.at = Clock().at
    again = OfficeStory(engine, story.clock).open()
    lived(again)

    assert again.number != told.number
    second = {name: _of_case(rows, "c1") for name, rows in rows_of(database).items() if name in tuned}
    for name, rows in tuned.items():
        said = sorted(_renamed(rows, told.number))
        assert said == sorted(_renamed(second[name], again.number)), name


def _of_case(rows: list[tuple[object, ...]], case: str) -> list[tuple[object, ...]]:
    return [row for row in rows if case in row]


def _renamed(rows: list[tuple[object, ...]], number: str) -> list[str]:
    """Rows as texts without what names the case; bodies, hashes and folded numbers carry it in their own way."""
    serial = number.rpartition("〕")[2].removesuffix("号")
    return [
        repr([v for v in row if not (isinstance(v, str) and len(v) > 60)])
        .replace("'c0'", "''")
        .replace("'c1'", "''")
        .replace(number, "")
        .replace(f"|{serial}'", "'")
        for row in rows
        if row[1] != serial  # a word: what the case is within its year
    ]


# --- compare and set --------------------------------------------------------------------------------------


def test_what_was_looked_at_without_a_lock_is_written_where_nothing_changed(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("accepted")
    found = look(engine, story.number)

    assert write(engine, Saving(found.glimpse, decided(engine, found)), edition(engine, found)) == {
        story.case.id
    }

    assert story.case.main.state == "tribunal_formed"
    assert_whole(engine, story.number)


def test_nothing_is_written_over_an_act_that_came_between(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    found = look(engine, story.number)
    decision = decided(engine, found)
    story.do("form_tribunal", HE, tribunal_named="jia yi bing", presiding_named=JIA)
    before = rows_of(database)

    assert write(engine, Saving(found.glimpse, decision), edition(engine, found)) == frozenset()

    assert rows_of(database) == before


def test_nothing_is_written_where_only_the_rows_beside_the_case_moved(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    """A revision moves without a version when rows are made anew: an act that saw the old ones must look again."""
    story.given("accepted")
    found = look(engine, story.number)
    decision = decided(engine, found)
    with engine.office.writing() as unit:
        unit.projected.renew(found.glimpse.case, decision.projection)
    before = rows_of(database)

    assert write(engine, Saving(found.glimpse, decision), edition(engine, found)) == frozenset()

    assert rows_of(database) == before


def test_nothing_is_written_by_rules_that_changed_meanwhile(
    engine: Engine, story: OfficeStory, database: Database
) -> None:
    story.given("accepted")
    found = look(engine, story.number)
    decision, known = decided(engine, found), edition(engine, found)
    engine.staff.leave(Absence(HE, day("2026-03-20"), day("2026-03-25"), LIN))
    before = rows_of(database)

    assert write(engine, Saving(found.glimpse, decision), known) == frozenset()

    assert rows_of(database) == before
    assert look(engine, story.number).editions > found.editions


def test_of_many_decisions_in_one_write_those_whose_case_changed_are_left_out(
    engine: Engine, clock: Clock
) -> None:
    stories = [OfficeStory(engine, clock).given("accepted", number) for number in range(1, 5)]
    with engine.office.reading() as unit:
        glimpses = unit.cases.glimpses([story.case.id for story in stories])
    savings = [
        Saving(one, answer)
        for one in glimpses
        if isinstance(
            answer := decide(engine.rules(), one.case, Act("form_tribunal", HE, "1", TRIBUNAL), AT), Decision
        )
    ]
    stories[2].do("form_tribunal", HE, tribunal_named=JIA)

    with engine.office.writing() as unit:
        written = unit.cases.save_all(savings)

    assert written == {story.case.id for story in stories} - {stories[2].case.id}
    assert [len(story.case.main.assigned["tribunal"]) for story in stories] == [3, 3, 1, 3]
    for story in stories:
        assert_whole(engine, story.number)


def test_a_request_key_in_use_refuses_the_write_as_a_conflict(
    engine: Engine, story: OfficeStory, clock: Clock
) -> None:
    story.given("accepted")
    other = OfficeStory(engine, clock).given("accepted", 2)
    done = engine.act(other.number, "form_tribunal", HE, facts=TRIBUNAL, key="k1")
    assert isinstance(done, Done)
    found = look(engine, story.number, "k1")
    assert found.request is not None
    assert found.request.case == other.case.id
    decision = decided(engine, found)
    request = Request("k1", story.case.id, "f" * 64, decision.events[0].seq, decision.events[-1].seq)

    with pytest.raises(Conflict):
        write(engine, Saving(found.glimpse, decision, request), edition(engine, found))

    assert story.case.main.state == "accepted"


# --- looks ------------------------------------------------------------------------------------------------


def test_a_look_finds_a_case_by_its_id_and_by_its_number_and_nothing_else(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("accepted")
    case = story.case

    assert look(engine, case.id).glimpse.case == look(engine, case.number).glimpse.case == case
    with engine.office.glancing() as tuned:
        assert tuned.look("nobody's", None) is None
        assert tuned.look("%", None) is None


def test_an_act_by_a_number_in_another_typing_is_done_all_the_same(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("accepted")
    typed = story.number.replace("〔", "(").replace("〕", ")").removesuffix("号")
    assert typed != story.number

    assert isinstance(engine.act(typed, "form_tribunal", HE, facts=TRIBUNAL), Done)


def test_the_rows_in_a_look_are_those_that_stand(engine: Engine, story: OfficeStory) -> None:
    story.given("under_review")
    found = look(engine, story.number).glimpse

    with engine.office.reading() as unit:
        [same] = unit.cases.glimpses([story.case.id])
    assert same == found
    assert found.todos
    assert found.timers
    assert found.row[0] == "running"


# --- together ---------------------------------------------------------------------------------------------


def test_a_change_of_people_and_acts_at_the_same_time_leave_a_whole_office(
    engine: Engine, clock: Clock
) -> None:
    stories = [OfficeStory(engine, clock).given("accepted", number) for number in range(1, 9)]

    def act(story: OfficeStory) -> Done | Refusal | None:
        return engine.act(story.number, "form_tribunal", HE, facts=TRIBUNAL, key=story.number)

    def leave(number: int) -> None:
        since = day(f"2026-05-{number:02}")
        engine.staff.leave(Absence(ZHOU, since, since, None))

    calls: list[Callable[[], object]] = [lambda s=story: act(s) for story in stories]  # type: ignore[misc]
    calls += [lambda n=number: leave(n) for number in range(1, 5)]  # type: ignore[misc]
    answers = all_at_once(*calls)

    assert sum(isinstance(answer, Done) for answer in answers) == len(stories)
    for story in stories:
        assert_whole(engine, story.number)
