"""The console over a real office in SQLite: founded once with cases in several states, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine.api import Engine, Holding, Person
from engine.model.case import Party
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import DU, FIRST_RESPONDENT, HE, JIA, PARTIES, PLACE, SHEN, SINCE, ZHOU
from tests.office import OfficeStory, found
from tests.once import made_once
from tests.procedures.way import CHECKED, EXTENSION, bring_to, sign
from tests.templates import COMPILED
from tests.web.desk import PASSWORD, Desk
from web import create_app

NOW = "2026-03-26 10:30"
OUTSIDER = "wang"
AUDITOR = "shenji"

STATES = (
    "filed",
    "proposed",
    "tribunal_formed",
    "deliberation",
    "under_review",
    "ready_to_issue",
    "archived",
)
"""The cases of the office by their numbers 1 to 7: the state each has come to."""

FILED, PROPOSED, FORMED, HEARD, REVIEWED, READY, ARCHIVED = range(1, 8)

AtDesk = Callable[..., Desk]


def number(n: int) -> str:
    """The number of the n-th case of the office."""
    return f"双劳人仲案〔2026〕{n}号"


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office as a file, to be copied."""
    return made_once(tmp_path_factory, "web", lambda folder: _make(folder / "pattern.db")) / "pattern.db"


def _make(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    found(database)
    late = Clock(NOW)
    engine = Engine(database, INSTITUTION, late)
    for person, role in ((OUTSIDER, "party"), (AUDITOR, "auditor")):
        engine.staff.add(Person(person, {OUTSIDER: "王小禾", AUDITOR: "申计"}[person]))
        engine.staff.give(Holding(person, role, PLACE, SINCE))
    for n, state in enumerate(STATES, 1):
        clock = Clock("2026-03-24" if state in ("filed", "proposed") else "2026-03-02")
        story = OfficeStory(Engine(database, INSTITUTION, clock), clock)
        parties = PARTIES if n == FORMED else (Party("", "claimant", f"申请人{n}"), FIRST_RESPONDENT)
        story.open(parties=parties)
        bring_to(story, state)
        if n == HEARD:
            story.do(
                "request_extension", JIA, days_asked="15", **{**EXTENSION, "reason": "须核对三年工资台账"}
            )  # fmt: skip
            story.do("check", ZHOU, matter="extension", **CHECKED)
            story.do("support", HE, matter="extension")
            story.do("list_supervised", DU, listing_reason="collective")
        if n == REVIEWED:
            sign(story, SHEN, HE)
    engine.set_password(ZHOU, PASSWORD)
    engine.sweep()
    database.close()


@pytest.fixture
def clock() -> Clock:
    """The time of the office: a Thursday in March."""
    return Clock(NOW)


@pytest.fixture
def engine(office_file: Path, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    """The engine over a copy of the office."""
    path = tmp_path / "office.db"
    shutil.copy(office_file, path)
    database = Database(f"sqlite:///{path}")
    yield Engine(database, INSTITUTION, clock)
    database.close()


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The console over that engine."""
    app = create_app(engine, secret_key="a key of the tests")
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def at_desk(app: Flask, engine: Engine) -> AtDesk:
    """A maker of desks: ``at_desk()`` for somebody unknown, ``at_desk(ZHOU)`` with the person signed in.

    Only Zhou has a password: proving it takes its time by design, so the others find their session ready.
    """

    def sit(person: str | None = None) -> Desk:
        desk = Desk(app)
        if person:
            with desk.client.session_transaction() as session:
                session.update(_user_id=person, _fresh=True, password=engine.sign_in_mark(person))
        return desk

    return sit


@pytest.fixture
def address(engine: Engine) -> Callable[..., str]:
    """A maker of addresses: of the n-th case, or of its latest matter of a kind."""

    def of(n: int, kind: str | None = None) -> str:
        page = engine.case_page(number(n))
        place = f"/cases/{page.line.id}"
        if kind is None:
            return place
        return f"{place}/matters/{[m.id for m in page.matters if m.kind == kind][-1]}"

    return of
