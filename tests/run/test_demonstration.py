"""The demonstration office: everything that can happen is in it, nothing in it is broken, and it can be told again."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from engine.api import CaseFilter, CaseLine, CasePage, Engine, PersonPage, WrongUse
from engine.core.fold import fold
from engine.model.events import Event
from engine.run import nodes
from engine.run.answers_json import event_json
from engine.run.demonstration import chapters, verb
from engine.run.demonstration import early_stories as early
from engine.run.demonstration import late_stories as late
from engine.run.demonstration.building import Built, build, is_demonstration
from engine.run.demonstration.cast import AWAY, MEMBERS, PASSWORD, STANDS_IN
from engine.run.demonstration.simulator import PlanBroken, SetClock, Simulator
from engine.run.demonstration.stories import plans
from engine.run.demonstration.verb import demo_verb
from engine.run.demonstration.workdays import WorkDays
from engine.run.flags import Verbs
from engine.run.nodes import Node
from engine.run.settings import database_in
from engine.service import accounts
from engine.store.database import Database
from tests.builders import ZONE, instant
from tests.law.notices import china_calendar

NOW = instant("2026-06-18 10:00")
SEED = 7
SMALL = (
    (early.just_filed, 1),
    (early.suspended_for_recognition, 1),
    (early.served_and_entered_late, 1),
    (late.overdue_with_ledger, 1),
    (late.start_corrected, 1),
    (late.at_level_3, 1),
    (late.draft_returned, 1),
    (late.archived_after_return, 1),
)
NOT_RETOLD = ("recorded_at", "hash")


@pytest.fixture
def opened() -> Iterator[Any]:
    """Opens the office that was built in a folder, as it stands at NOW."""
    databases: list[Database] = []

    def open_engine(url: str, institution: str) -> Engine:
        databases.append(Database(url))
        return Engine(databases[-1], institution, lambda: NOW)

    yield open_engine
    for database in databases:
        database.close()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration office of one case, without passwords, to be copied."""
    folder = tmp_path_factory.mktemp("tiny") / "office"
    return build(folder, NOW, SEED, docket=((early.just_filed, 1),), passwords=False).folder


def lines_of(engine: Engine) -> list[CaseLine]:
    """Every case of the office."""
    return list(engine.cases(CaseFilter(most=200)).cases)


def open_states(pages: list[CasePage], kind: str) -> Counter[str]:
    """In which states the open matters of *kind* are."""
    return Counter(m.state for page in pages for m in page.matters if m.kind == kind and m.open)


@pytest.mark.long
def test_the_demonstration_office_shows_everything_that_can_happen(
    tmp_path: Path, opened: Any, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What makes guessing dear would be half of this test's time.
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    built = build(tmp_path / "office", NOW, SEED)
    engine: Engine = opened(built.url, built.institution)
    lines = lines_of(engine)
    pages = [engine.case_page(line.id) for line in lines]
    histories = {line.number: engine.history(line.id) for line in lines}

    with subtests.test("it is known for a demonstration and for a rehearsal"):
        assert is_demonstration(built.folder)
        assert engine.rules().register.rehearsal
    with subtests.test("there are sixty cases or more, and one at least in every state"):
        assert len(lines) == len(built.plans) >= 60
        labour = engine.rules().newest("labour")
        assert labour is not None
        assert {line.state for line in lines} == set(labour.states)
    with subtests.test("nothing was acted on later than yesterday, and the first case is a season old"):
        days = [e.on for events in histories.values() for e in events if e.kind == "moved"]
        assert max(days) == date(2026, 6, 17)
        assert (NOW.date() - min(days)).days > 80
    with subtests.test("people act at daytime on work days"):
        moved = [e for events in histories.values() for e in events if e.kind == "moved"]
        assert all(9 <= e.recorded_at.astimezone(ZONE).hour < 18 for e in moved)
        assert all(engine.rules().calendar.is_work(engine.rules().day_of(e.recorded_at)) for e in moved)
    with subtests.test("clocks stand still, run, are over, ended in time and too late"):
        assert Counter(line.clock for line in lines).keys() == {"not_started", "running", "paused", "ended"}
        assert {line.light.colour for line in lines} == {"green", "amber", "red", "grey", "ended"}
        readings = [page.clock.reading for page in pages if page.clock]
        assert {reading.on_time for reading in readings if reading.state == "ended"} == {True, False}
    with subtests.test("clocks and steps are overdue, and their rungs have fired"):
        assert engine.lists.overdue_clocks().lines
        assert engine.lists.overdue_steps().lines
        fired = {e.rule for events in histories.values() for e in events if e.kind == "rung_fired"}
        assert fired >= {"W1", "W2", "W3", "W4", "W5", "O1", "O2", "S1", "S2", "S3", "V1", "V2", "V3", "L1", "L2", "R1"}  # fmt: skip
    with subtests.test("cases are supervised by hand and by rung, some ledgers are kept and some stale"):
        ledger = engine.lists.ledger().lines
        assert {line.stale for line in ledger} == {True, False}
        assert {line.reason.zh for line in ledger} >= {"重点案件", "信访投诉", "集体争议", "超审限"}
        assert max(line.updates for line in ledger) >= 2
    with subtests.test("a review waits at each of the five levels, and one draft was returned"):
        assert open_states(pages, "award_review").keys() == {
            "level_1", "level_2", "level_3", "level_4", "level_5", "answering",
        }  # fmt: skip
    with subtests.test("an extension stands at every step, and a clock has been extended"):
        assert open_states(pages, "extension").keys() == {"requested", "checked", "to_decide", "to_notify"}
        changes = [c.fact.kind for events in histories.values() for e in events for c in e.clock if c.fact]
        assert {"start", "suspend", "resume", "extend", "end"} <= set(changes)
    with subtests.test("clocks were stopped by publication, started anew, and given a target of their own"):
        assert {"publication", "restart"} <= set(changes)
        moves = Counter(e.move for events in histories.values() for e in events if e.clock)
        assert moves.keys() >= {"publish", "merge", "join_respondent", "set_target"}
    with subtests.test("a late entry awaits the director, and the director let a stop stand with a reason"):
        assert open_states(pages, "late_entry").keys() == {"to_approve"}
        assert any(e.override for events in histories.values() for e in events)
        assert any(page.clock.reading.breaches for page in pages if page.clock)
    with subtests.test("counterclaims, recusals and conciliations are under way"):
        assert open_states(pages, "counterclaim").keys() == {"to_decide", "answer_awaited"}
        assert open_states(pages, "recusal")
        assert open_states(pages, "delegated_conciliation")
    with subtests.test("several respondents, third parties, late entries and corrections are there"):
        assert max(sum(p.role == "respondent" for p in line.parties) for line in lines) == 3
        assert any(p.role == "third_party" for line in lines for p in line.parties)
        every = [e for events in histories.values() for e in events]
        assert any(e.late for e in every)
        assert {bool(e.clock) for e in every if e.kind == "corrected"} == {True, False}
    with subtests.test("every role of the office is held, each level of review by another person"):
        roles = {role for member in MEMBERS for role in member.roles}
        assert roles == set(engine.rules().roles) - {"party"}
        levels = [
            id for n in range(1, 6) for id in engine.people().holders(f"reviewer_{n}", "main", NOW.date())
        ]
        assert len(set(levels)) == len(levels) == 7, "level 3 has three"
    with subtests.test("one reviewer is away, and whoever stands in has signed and is awaited for him"):
        assert engine.people().substitute(AWAY, NOW.date()) == STANDS_IN
        assert any(e.by == STANDS_IN and e.acting_for == AWAY for e in every)
        assert engine.people().name(AWAY) in {todo.for_ for todo in engine.lists.todos(STANDS_IN).lines}
    with subtests.test("everybody signs in with the one password"):
        assert all(isinstance(engine.sign_in(m.id, PASSWORD), PersonPage) for m in MEMBERS)
    with subtests.test("doctor and verify find nothing"):
        assert engine.doctor().findings == ()
        assert engine.verify().findings == ()
    with subtests.test("every history replays to the case as it is listed"):
        for line in lines:
            assert fold(histories[line.number]).main.state == line.state


def retold(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every history without what may differ between two tellings."""
    return {
        line.number: [without_chance(event) for event in engine.history(line.id)] for line in lines_of(engine)
    }


def without_chance(event: Event) -> dict[str, Any]:
    return {key: value for key, value in event_json(event, ZONE).items() if key not in NOT_RETOLD}


def test_the_same_seed_and_day_tell_equal_histories(tmp_path: Path, opened: Any) -> None:
    tellings = []
    for name, at in (("first", NOW), ("second", instant("2026-06-18 15:30"))):
        built = build(tmp_path / name, at, SEED, docket=SMALL, passwords=False)
        tellings.append(retold(opened(built.url, built.institution)))
    assert tellings[0] == tellings[1]


def test_another_seed_tells_other_histories() -> None:
    days = WorkDays(china_calendar(), NOW.date())
    assert plans(days, 1) == plans(days, 1)
    assert plans(days, 1) != plans(days, 2)


@pytest.mark.parametrize(
    "today", ["2025-10-05", "2026-01-01", "2026-02-24", "2026-06-18", "2026-11-22", "2027-02-10"]
)
def test_plans_fit_before_any_day_of_the_year(today: str) -> None:
    days = WorkDays(china_calendar(), date.fromisoformat(today))
    for plan in plans(days, SEED):
        moments = [(act.day, act.minute) for act in plan.acts]
        assert moments == sorted(moments)
        assert plan.acts[-1].day < date.fromisoformat(today)


def test_an_act_that_the_engine_answers_otherwise_than_planned_is_told_with_its_sentence(
    tiny: Path, opened: Any
) -> None:
    engine: Engine = opened(database_in(tiny), "shuanghe")
    days = WorkDays(engine.rules().calendar, NOW.date())
    script = chapters.begun("out of turn", random.Random(1))
    chapters.filed(script)
    script.then(1, "propose", "shang", {"claim_amount": "100"})
    clock = SetClock(NOW)
    simulator = Simulator(Engine(engine.office.database, "shuanghe", clock), clock, [script.ending(days, 1)])
    with pytest.raises(PlanBroken, match=r"out of turn.*propose.*shang.*may not do it"):
        simulator.run(NOW)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(WrongUse, match="no demonstration office"):
        build(tmp_path, NOW, SEED, docket=SMALL)
    assert [place.name for place in tmp_path.iterdir()] == ["letter.txt"]


# --- the verb ---------------------------------------------------------------------------------------------


@pytest.fixture
def built(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Lets `demo` copy an office of one case instead of building one; gives the instants it was asked for."""
    asked: list[datetime] = []

    def copied(folder: Path, now: datetime, seed: int) -> Built:
        asked.append(now)
        shutil.copytree(tiny, folder, dirs_exist_ok=True)
        return Built(folder, database_in(folder), "shuanghe", ())

    monkeypatch.setattr(verb, "build", copied)
    return asked


def demo(*words: str | Path) -> Result:
    """Run `anxu demo` with *words*."""
    verbs = Verbs("anxu", commands=[demo_verb])
    return CliRunner().invoke(verbs, ["demo", *map(str, words)], catch_exceptions=False)


def test_demo_says_in_both_languages_who_can_sign_in(tmp_path: Path, built: list[datetime]) -> None:
    result = demo("--folder", tmp_path / "office", "--no-serve", "--at", "2026-06-18T10:00")
    assert result.exit_code == 0
    assert built == [NOW]
    for member in MEMBERS:
        assert f"{member.id} {member.name}" in result.stdout
    assert PASSWORD in result.stdout
    assert "立案人员" in result.stdout
    assert "filing clerk" in result.stdout
    assert "唐三阅 今日休假" in result.stdout
    assert "tang is away" in result.stdout


def test_demo_makes_the_office_anew_unless_it_is_to_be_kept(tmp_path: Path, built: list[datetime]) -> None:
    words = ("--folder", tmp_path / "office", "--no-serve", "--at", "2026-06-18T10:00", "--json")
    assert demo(*words).exit_code == 0
    kept = demo(*words, "--keep")
    assert len(built) == 1
    assert json.loads(kept.stdout)["people"]["director"] == ["fang"]
    assert demo(*words).exit_code == 0
    assert len(built) == 2


def test_demo_opens_the_console_on_loopback_and_takes_a_free_port_where_its_own_is_taken(
    tmp_path: Path, built: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    ports: list[int] = []

    def run(node: Node, every: int) -> None:
        (server,) = [one for one in node.sockets.values() if hasattr(one, "effective_port")]
        ports.append(int(server.effective_port))
        if len(ports) == 1:
            monkeypatch.setattr(verb, "PORT", ports[0])
            assert demo("--folder", tmp_path / "second").exit_code == 0
        server.close()

    monkeypatch.setattr(nodes, "console", lambda engine, **_: lambda environ, start: [])
    monkeypatch.setattr(Node, "run", run)
    result = demo("--folder", tmp_path / "first", "--port", "0")
    assert result.exit_code == 0
    assert f"http://127.0.0.1:{ports[0]}/" in result.stdout
    assert len(set(ports)) == 2
