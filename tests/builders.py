"""Builders: the rules of the Shuanghe office, a clock that is set by hand, and stories that bring a case to a state.

A story is told the same way on two levels: `PaperStory` decides and folds without a database, `tests.office.OfficeStory`
goes through the Engine. What `tests.procedures.way` does to a case, both can do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from engine.core.decide import decide
from engine.core.rungs import Course
from engine.core.settling import settle
from engine.language.fragments import Fragment, Fragments, read_fragment
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.model.answers import Decision, Notice, Refusal
from engine.model.case import Case, Matter, Party
from engine.model.commands import Act, Correct, OpenCase
from engine.model.events import Event
from engine.model.people import Absence, Holding
from engine.model.procedure import Procedure
from engine.model.projection import Timer
from engine.model.register import Register
from engine.model.rules import Rules
from engine.store.documents import Attachment
from tests import cast
from tests.cast import LIN, PARTIES, PLACE
from tests.law.notices import china_calendar

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("Asia/Shanghai")
INSTITUTION = "shuanghe"
REGISTER_FILE = "workflows.yaml"
FIRST_DAY = "2026-03-02"
"""A Monday, like every day a story begins on."""


def day(text: str) -> date:
    """The date written as 2026-03-02."""
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    """The aware instant written as ``2026-03-02 14:00`` in Shanghai; half past nine where no time is said."""
    return datetime.fromisoformat(text if " " in text else f"{text} 09:30").replace(tzinfo=ZONE)


class Clock:
    """The time as a value that is set by hand; it stands still until somebody sets it."""

    def __init__(self, text: str = FIRST_DAY) -> None:
        self.at = instant(text)

    def __call__(self) -> datetime:
        return self.at

    def set(self, text: str) -> None:
        """Let it be that day (half past nine) or that instant."""
        self.at = instant(text)

    def reach(self, text: str) -> None:
        """Let it be that day or instant, unless it is later already."""
        self.at = max(self.at, instant(text))

    def ahead(self, **time: int) -> None:
        """Let so many days, hours or minutes pass."""
        self.at += timedelta(**time)

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()


# --- rules ------------------------------------------------------------------------------------------------


@cache
def procedure_texts() -> Mapping[str, str]:
    """File -> text of every starter procedure."""
    found = sorted((ROOT / "workflows").glob("*.yaml"))
    return {f"workflows/{path.name}": path.read_text(encoding="utf-8") for path in found}


@cache
def fragment_texts() -> Mapping[str, str]:
    """File -> text of every starter fragment."""
    found = sorted((ROOT / "workflows/fragments").glob("*.yaml"))
    return {f"workflows/fragments/{path.name}": path.read_text(encoding="utf-8") for path in found}


@cache
def fragments() -> Fragments:
    """The starter fragments, as the starter procedures use them."""
    read = [read_fragment(text, file) for file, text in fragment_texts().items()]
    assert all(isinstance(one, Fragment) for one in read), read
    return {one.name: one for one in read if isinstance(one, Fragment)}


@cache
def register_text() -> str:
    """The starter register, as that of a rehearsal office."""
    text = (ROOT / REGISTER_FILE).read_text(encoding="utf-8")
    return text.replace("rehearsal: false", "rehearsal: true")


def edited(text: str, *changes: tuple[str, str]) -> str:
    """*text* with each first piece in the place of which the second one stands; the piece must be there."""
    for old, new in changes:
        assert old in text, f"nothing to change: {old!r}"
        text = text.replace(old, new)
    return text


@cache
def register(*changes: tuple[str, str]) -> Register:
    """The register of the Shuanghe office, with *changes* made to its text."""
    read = read_register(edited(register_text(), *changes), REGISTER_FILE)
    assert isinstance(read, Register), read.said("en")
    return read


@cache
def procedure(name: str, *changes: tuple[str, str]) -> Procedure:
    """A starter procedure, with *changes* made to its text."""
    file = f"workflows/{name}.yaml"
    read = read_procedure(edited(procedure_texts()[file], *changes), file, register().roles, fragments())
    assert isinstance(read, Procedure), read.said("en")
    return read


def rules_of(*other: Procedure) -> Rules:
    """The rules of the Shuanghe office with its whole cast; *other* procedures stand in the place of the starters."""
    names = [file.removeprefix("workflows/").removesuffix(".yaml") for file in procedure_texts()]
    found = {name: procedure(name) for name in names} | {p.name: p for p in other}
    return Rules(
        definitions={p.hash: p for p in found.values()},
        in_force={name: p.hash for name, p in found.items()},
        register=register(),
        calendar=china_calendar(),
        people=cast.people(),
    )


def with_holdings(rules: Rules, *more: tuple[str, str]) -> Rules:
    """*rules* where these (person, role) are held beside the others."""
    given = tuple(Holding(person, role, PLACE, cast.SINCE) for person, role in more)
    return replace(rules, people=replace(rules.people, holdings=(*rules.people.holdings, *given)))


def without(rules: Rules, person: str) -> Rules:
    """*rules* where *person* holds nothing any more."""
    kept = tuple(holding for holding in rules.people.holdings if holding.person != person)
    return replace(rules, people=replace(rules.people, holdings=kept))


def with_leave(rules: Rules, person: str, substitute: str | None, first: str, last: str) -> Rules:
    """*rules* where *person* is away from *first* to *last* and *substitute* stands in."""
    absence = Absence(person, day(first), day(last), substitute)
    return replace(rules, people=replace(rules.people, absences=(*rules.people.absences, absence)))


def a_file(kind: str, content: str = "") -> Attachment:
    """A file of that kind; the same content is the same file."""
    return Attachment(kind, f"{kind}.txt", (content or f"{kind} of the story").encode(), "text/plain")


# --- stories ----------------------------------------------------------------------------------------------

Answer = Refusal | tuple[Event, ...]
"""A lawful no, or the events of the act itself (not those of rungs that were settled before it)."""


class Story(ABC):
    """One case and what is done to it, at the time its clock shows."""

    clock: Clock

    @property
    @abstractmethod
    def case(self) -> Case:
        """The case as it stands."""

    @abstractmethod
    def history(self) -> tuple[Event, ...]:
        """Every event of the case so far."""

    @abstractmethod
    def ask_open(
        self, procedure: str, by: str, parties: Sequence[Party], facts: Mapping[str, str], on: date | None,
        files: Sequence[Attachment] = (),
    ) -> Answer:  # fmt: skip
        """Ask for a case to be opened."""

    @abstractmethod
    def ask_act(self, command: Act, files: Sequence[Attachment]) -> Answer:
        """Ask for a move; a refusal changes nothing."""

    @abstractmethod
    def ask_correct(self, command: Correct, files: Sequence[Attachment]) -> Answer:
        """Ask for a correction; a refusal changes nothing."""

    @abstractmethod
    def sweep(self) -> int:
        """Fire what is due and return how many rungs fired."""

    def open(
        self, by: str = LIN, *, parties: Sequence[Party] = PARTIES, on: str | None = None, **facts: str
    ) -> Self:
        """Open a labour case that must be accepted for filing."""
        return self.open_under(
            "labour", by, parties=parties, on=on, files=["application"], **{"cause": "wages", **facts}
        )

    def open_under(
        self, procedure: str, by: str = LIN, *, parties: Sequence[Party] = PARTIES, on: str | None = None,
        files: Sequence[str | Attachment] = (), **facts: str,
    ) -> Self:  # fmt: skip
        """Open a case of any procedure that must be accepted for filing; *files* may be kinds of document."""
        attached = [file if isinstance(file, Attachment) else a_file(file) for file in files]
        answer = self.ask_open(procedure, by, parties, facts, day(on) if on else None, attached)
        assert not isinstance(answer, Refusal), answer
        return self

    def ask(
        self, move: str, by: str, *, matter: Matter | str | None = None, files: Sequence[str | Attachment] = (),
        seen: int | None = None, on: str | None = None, override: str = "", **facts: str,
    ) -> Answer:  # fmt: skip
        """Ask for a move. *matter* may be a kind: then its latest matter is meant; *files* may be kinds of document."""
        attached = [file if isinstance(file, Attachment) else a_file(file) for file in files]
        digests = {file.kind: file.digest for file in attached}
        command = Act(
            move, by, self._id_of(matter), facts, digests, seen, day(on) if on else None, "test", override
        )
        return self.ask_act(command, attached)

    def do(
        self, move: str, by: str, *, matter: Matter | str | None = None, files: Sequence[str | Attachment] = (),
        seen: int | None = None, on: str | None = None, override: str = "", **facts: str,
    ) -> tuple[Event, ...]:  # fmt: skip
        """Do a move that must be allowed."""
        answer = self.ask(move, by, matter=matter, files=files, seen=seen, on=on, override=override, **facts)
        assert not isinstance(answer, Refusal), f"{move} by {by}: {answer}"
        return answer

    def refused(
        self, move: str, by: str, *, matter: Matter | str | None = None, files: Sequence[str | Attachment] = (),
        seen: int | None = None, on: str | None = None, override: str = "", **facts: str,
    ) -> Refusal:  # fmt: skip
        """Ask for a move that must be refused."""
        answer = self.ask(move, by, matter=matter, files=files, seen=seen, on=on, override=override, **facts)
        assert isinstance(answer, Refusal), f"{move} by {by} was allowed"
        return answer

    def correct(
        self, event: int, by: str, reason: str = "录入有误", *, on: str | None = None, files: Sequence[str] = (), **facts: str
    ) -> Answer:  # fmt: skip
        """Ask for a correction of what *event* recorded."""
        attached = [a_file(kind) for kind in files]
        command = Correct(
            event, by, reason, facts, day(on) if on else None, {file.kind: file.digest for file in attached}
        )
        return self.ask_correct(command, attached)

    def matter(self, kind: str, number: int = -1) -> Matter:
        """The matter of *kind*: the latest, or the one with this number, counted from 0."""
        return self.case.matters_of(kind)[number]

    @property
    def state(self) -> str:
        """The state of the case itself."""
        return self.case.main.state

    def event(self, move: str) -> Event:
        """The latest event of this move."""
        return next(event for event in reversed(self.history()) if event.move == move)

    def rungs(self, subject: str = "") -> list[tuple[str, date]]:
        """(rung, due day) of each rung that fired, in recorded order; of one clock or term where *subject* begins so."""
        fired = [event for event in self.history() if event.kind == "rung_fired"]
        return [(e.rung["rung"], e.on) for e in fired if e.rung["subject"].startswith(subject)]

    def _id_of(self, matter: Matter | str | None) -> str | None:
        if isinstance(matter, Matter):
            return matter.id
        return matter if matter is None or matter.isdigit() else self.matter(matter).id


OFTEN = 1_000
"""A rung that has fired so many times more stands behind all others of its ladder."""


def armed_in(course: Course, fired: Mapping[str, int]) -> tuple[Timer, ...]:
    """Return every rung that is armed where these have *fired*, in due order: those that would fire next, one by one."""
    times, found = dict(fired), dict[str, Timer]()
    while fresh := [timer for timer in course.next_armed(times) if timer.key not in found]:
        for timer in fresh:
            found[timer.key] = timer
            times[timer.key] = times.get(timer.key, 0) + OFTEN
    return tuple(sorted(found.values()))


class PaperStory(Story):
    """A story without a database: each act is decided by `core` and folded."""

    def __init__(self, rules: Rules | None = None, clock: Clock | None = None, number: int = 1) -> None:
        self.rules = rules or rules_of()
        self.clock = clock or Clock()
        self.number = number
        self.notices: list[Notice] = []
        self.papers: dict[str, Attachment] = {}
        self.others: dict[str, str] = {}
        """The other cases that a form may name: as typed -> number."""
        self._case: Case | None = None
        self._events: list[Event] = []

    @property
    def case(self) -> Case:
        assert self._case is not None, "the case is not open yet"
        return self._case

    def history(self) -> tuple[Event, ...]:
        return tuple(self._events)

    def timers(self) -> tuple[Timer, ...]:
        """The rungs that are armed."""
        return armed_in(Course(self.rules, self.case), self.case.fired)

    def armed(self, subject: str = "") -> dict[str, date]:
        """Rung -> the day it will fire; of one clock or term where *subject* begins so."""
        return {timer.rung: timer.day for timer in self.timers() if timer.subject.startswith(subject)}

    def ask_open(
        self, procedure: str, by: str, parties: Sequence[Party], facts: Mapping[str, str], on: date | None,
        files: Sequence[Attachment] = (),
    ) -> Answer:  # fmt: skip
        self.papers |= {file.digest: file for file in files}
        numbered = tuple(Party(f"p{n}", party.role, party.name) for n, party in enumerate(parties, 1))
        command = OpenCase(
            procedure, by, f"c{self.number}", INSTITUTION, PLACE, f"双劳人仲案〔2026〕{self.number}号", numbered,
            facts, {file.kind: file.digest for file in files}, on, cases=self.others,
        )  # fmt: skip
        return self._taken(decide(self.rules, None, command, self.clock()))

    def ask_act(self, command: Act, files: Sequence[Attachment]) -> Answer:
        self.papers |= {file.digest: file for file in files}
        return self._on_settled(command)

    def ask_correct(self, command: Correct, files: Sequence[Attachment]) -> Answer:
        return self._on_settled(command)

    def sweep(self) -> int:
        settled = settle(self.rules, self.case, self.clock())
        if settled is None:
            return 0
        self._taken(settled)
        return sum(event.kind == "rung_fired" for event in settled.events)

    def _on_settled(self, command: Act | Correct) -> Answer:
        settled = settle(self.rules, self.case, self.clock())
        case = settled.case if settled else self.case
        command = replace(command, cases=self.others)
        answer = decide(self.rules, case, command, self.clock(), self.history())
        if settled and isinstance(answer, Decision):
            self._taken(settled)
        return self._taken(answer)

    def _taken(self, answer: Decision | Refusal) -> Answer:
        if isinstance(answer, Refusal):
            return answer
        self._case = answer.case
        self._events += answer.events
        self.notices += answer.notices
        return answer.events
