"""Simulator: does what is planned, day by day, through the engine's own door.

Room for: a clock that is set, the order of acts, the sweep of every morning, leave.
May not enter: what is planned (`stories.py`); anything that goes round the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.errors import AnxuError
from engine.model.answers import Refusal
from engine.model.people import People
from engine.run.demonstration.papers import paper
from engine.run.demonstration.plan import ANOTHER, OPEN, Act, Plan, parties_of
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.documents import Attachment
from engine.text import Text

MORNING = time(8, 30)
"""When a simulated day is swept: before anybody acts."""

CHANNEL = "demo"


@dataclass(slots=True)
class SetClock:
    """The time as the simulated office sees it."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Told:
    """A case as far as it has been told."""

    plan: Plan
    number: str = ""
    matters: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, party) -> id of the latest matter."""
    moved: dict[str, int] = field(default_factory=dict)
    """Move -> seq of the latest event that recorded it."""
    papers: dict[str, int] = field(default_factory=dict)
    """Kind of document -> how many there are."""


class PlanBroken(AnxuError):
    """The engine answered a planned act otherwise than planned: the plan or the engine is wrong."""

    code = "plan_broken"


class Simulator:
    """Tells *plans* to *engine*, whose time is *clock*."""

    def __init__(self, engine: Engine, clock: SetClock, plans: Iterable[Plan]) -> None:
        self._engine = engine
        self._clock = clock
        self._zone = engine.rules().register.zone
        self._people = engine.people()
        self._opened: dict[str, None] = {}
        self.told: list[Told] = []
        self._due: dict[date, list[tuple[int, int, Told, Act]]] = defaultdict(list)
        for n, plan in enumerate(plans):
            told = Told(plan)
            self.told.append(told)
            for act in plan.acts:
                self._due[act.day].append((act.minute, n, told, act))

    def run(self, until: datetime) -> None:
        """Live through every day from the first act to *until*, sweeping each morning and at the very end."""
        last = until.astimezone(self._zone).date()
        day = min(self._due)
        while day < last:
            self._clock.at = instant(day, MORNING, self._zone)
            self._engine.sweep()
            for minute, _, told, act in sorted(self._due[day], key=lambda due: due[:2]):
                self._clock.at = instant(day, time(minute // 60, minute % 60), self._zone)
                self._do(told, act)
            day += timedelta(days=1)
        self._clock.at = until
        self._engine.sweep()

    def _do(self, told: Told, act: Act) -> None:
        answer = self._answer(told, act, acting(self._people, act.step.by, act.day))
        refused = answer.code if isinstance(answer, Refusal) else None
        if refused != act.step.refused:
            raise _broken(told, act, answer)
        if isinstance(answer, Done):
            told.number = answer.number
            self._opened.setdefault(answer.number)
            told.moved[act.step.move] = answer.seq
            for event in answer.events:
                if event.kind == "matter_opened":
                    told.matters[event.opened["kind"], event.opened.get("party", "")] = event.matter

    def _answer(self, told: Told, act: Act, by: str) -> Done | Refusal:
        step = act.step
        documents = self._papers(told, act)
        if step.move == OPEN:
            parties = parties_of(told.plan.setting)
            return self._engine.open_case(
                "labour", by, parties=parties, facts=act.facts, documents=documents, channel=CHANNEL
            )
        if step.corrects:
            move, reason = step.corrects
            return self._engine.correct(
                told.number, told.moved[move], by, reason=reason, facts=act.facts, documents=documents, on=act.on,
                channel=CHANNEL,
            )  # fmt: skip
        return self._engine.act(
            told.number, step.move, by, matter=_matter(told, act), facts=self._facts(told, act), documents=documents,
            on=act.on, channel=CHANNEL, override=step.override,
        )  # fmt: skip

    def _facts(self, told: Told, act: Act) -> Mapping[str, str]:
        other = next((number for number in self._opened if number != told.number), "")
        return {name: other if value == ANOTHER else value for name, value in act.facts.items()}

    def _papers(self, told: Told, act: Act) -> Sequence[Attachment]:
        made = []
        for kind in act.step.papers:
            told.papers[kind] = version = told.papers.get(kind, 0) + 1
            setting = told.plan.setting
            whom = setting.parties[act.step.matter[1]][1] if act.step.matter else ""
            made.append(paper(kind, setting, told.number, act.day, whom, version))
        return made


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return that time of that day in *zone*."""
    return datetime.combine(day, at, tzinfo=zone)


def acting(people: People, person: str, day: date) -> str:
    """Return who acts where *person* is meant: they themselves, or on leave whoever stands in."""
    return people.substitute(person, day) or person


def _matter(told: Told, act: Act) -> str | None:
    if act.step.matter is None:
        return None
    kind, party = act.step.matter
    return told.matters[kind, f"p{party + 1}"]


def _broken(told: Told, act: Act, answer: Done | Refusal) -> PlanBroken:
    where = f"{told.plan.name} / {told.number} / {act.day} / {act.step.move} / {act.step.by}"
    said = answer.reason if isinstance(answer, Refusal) else Text("竟获准", "allowed")
    return PlanBroken(
        Text(
            f"演示计划与引擎不符（{where}）：{said.zh}",
            f"The plan and the engine differ ({where}): {said.en}",
        )
    )
