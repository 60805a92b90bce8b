"""An office in a real database: founded with the cast, copied for each test, and a story told through its Engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from threading import Barrier
from typing import Self, TypeVar

from sqlalchemy import select, text

from engine.core.fold import fold
from engine.core.projection import project
from engine.model.answers import Decision, Refusal
from engine.model.case import Case, Party
from engine.model.commands import Act, Correct
from engine.model.events import Event
from engine.model.people import Person
from engine.model.rules import Rules
from engine.service.activation import found_office
from engine.service.engine import Engine
from engine.service.incidents import report
from engine.service.pages import Done
from engine.store.database import Database
from engine.store.documents import Attachment
from engine.store.tables import metadata
from engine.text import Text
from tests.builders import (
    REGISTER_FILE,
    Answer,
    Clock,
    PaperStory,
    Story,
    fragment_texts,
    instant,
    procedure_texts,
    register_text,
)
from tests.cast import ADMIN, HOLDINGS, PERSONS, name_of
from tests.procedures.way import bring_to

T = TypeVar("T")

FOUNDED_AT = instant("2026-01-05")


def found(database: Database, register: str | None = None) -> None:
    """Found the Shuanghe office in an empty database, or the one of *register*, with the whole cast."""
    admin = Person(ADMIN, name_of(ADMIN))
    founded = found_office(
        database,
        register or register_text(),
        REGISTER_FILE,
        {**procedure_texts(), **fragment_texts()},
        FOUNDED_AT,
        admin,
    )
    with Engine(database, founded.institution, lambda: FOUNDED_AT).office.writing() as unit:
        for person in PERSONS:
            unit.directory.add(person)
        for holding in HOLDINGS:
            unit.directory.give(holding)


class OfficeStory(Story):
    """A story through the Engine. Each refusal is checked to have written nothing."""

    def __init__(self, engine: Engine, clock: Clock, number: str = "") -> None:
        self.engine = engine
        self.clock = clock
        self.number = number

    @property
    def case(self) -> Case:
        with self.engine.office.reading() as unit:
            return unit.cases.find(self.number)

    @property
    def rules(self) -> Rules:
        return self.engine.rules()

    def history(self) -> tuple[Event, ...]:
        return self.engine.history(self.number)

    def ask_open(
        self, procedure: str, by: str, parties: Sequence[Party], facts: Mapping[str, str], on: date | None,
        files: Sequence[Attachment] = (),
    ) -> Answer:  # fmt: skip
        answer = self.engine.open_case(procedure, by, parties=parties, facts=facts, documents=files, on=on)
        if isinstance(answer, Done):
            self.number = answer.number
        return _events(answer)

    def ask_act(self, command: Act, files: Sequence[Attachment]) -> Answer:
        before = self.case.version
        answer = self.engine.act(
            self.number, command.move, command.by, matter=command.matter, facts=command.facts, documents=files,
            seen=command.seen, on=command.on, channel=command.channel, override=command.override,
        )  # fmt: skip
        assert isinstance(answer, Done) or self.case.version == before, "a refusal wrote something"
        return _events(answer)

    def ask_correct(self, command: Correct, files: Sequence[Attachment]) -> Answer:
        return _events(
            self.engine.correct(
                self.number, command.event, command.by, reason=command.reason, facts=command.facts,
                documents=files, on=command.on,
            )
        )  # fmt: skip

    def sweep(self) -> int:
        swept = self.engine.sweep()
        assert swept.failed == ()
        return swept.fired

    def given(self, state: str, number: int = 1) -> Self:
        """Put a case that has come to *state* into the office in one commit."""
        paper, at = _told(state, number)
        with self.engine.office.writing() as unit:
            projection = project(unit.rules, paper.case)
            unit.cases.save(None, Decision(paper.history(), paper.case, projection))
            for event in paper.history():
                for kind, digest in event.documents.items():
                    file = replace(paper.papers[digest], kind=kind)
                    unit.documents.keep(file, paper.case.id, event.matter, event.seq, event.recorded_at)
        self.number = paper.case.number
        self.clock.at = max(self.clock.at, at)
        return self


@cache
def _told(state: str, number: int) -> tuple[PaperStory, datetime]:
    story = PaperStory(number=number)
    story.open()
    bring_to(story, state)
    return story, story.clock()


def _events(answer: Done | Refusal) -> Answer:
    return answer if isinstance(answer, Refusal) else answer.events


def rows_of(database: Database, *but: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that acts write, but for the tables named, in a fixed order."""
    left_out = {"calendar_days", "calendar_loads", "definitions", *but}
    with database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in left_out
        }


def tamper(database: Database, sql: str, **values: object) -> None:
    """Change rows behind the engine's back; at least one must have been there."""
    with database.engine.begin() as connection:
        assert connection.execute(text(sql), values).rowcount > 0, "nothing was tampered with"


def all_at_once(*calls: Callable[[], T]) -> list[T]:
    """Run every call in a thread of its own, all let go at the same moment; what they raise is raised here."""
    start = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, call) for call in calls]]


def an_incident(engine: Engine, case: str, code: str, sentence: Text, same: str = "") -> int:
    """Open an incident, which nothing but a fault of ours would, and return its number."""
    return report(engine.office, engine.now(), case, code, sentence, same)


def assert_whole(engine: Engine, *numbers: str) -> None:
    """Each stored case is what its history leads to, every chain holds, and doctor has nothing to say."""
    for number in numbers:
        with engine.office.reading() as unit:
            stored = unit.cases.find(number)
        assert fold(engine.history(number)) == stored
    assert engine.verify().findings == ()
    assert [finding for finding in engine.doctor().findings if finding.code != "sqlite"] == []
