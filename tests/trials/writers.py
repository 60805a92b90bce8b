"""Writers: processes that act as fast as they can, write down what they were told, and may be killed at any moment."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from engine.api import AnxuError, Conflict, Engine, StoreAway
from engine.model.answers import Refusal
from engine.service.pages import Done
from engine.store.database import Database
from tests.builders import INSTITUTION, Clock
from tests.cast import FANG, HE
from tests.office import OfficeStory
from tests.trials import waiting

TOLD, SENT, HURT = "told", "sent", "hurt"


@dataclass(frozen=True, slots=True)
class Request:
    """One act as a writer sends it: its words stand in the event, so that it is known again."""

    key: str
    case: str
    by: str

    def send(self, engine: Engine) -> Done | Refusal:
        return engine.act(
            self.case, "set_target", self.by, facts={"target_days": "20", "reason": self.key}, key=self.key
        )


def cases_to_write_on(engine: Engine, clock: Clock, count: int) -> list[str]:
    """Put so many accepted cases into the office and return their numbers."""
    return [OfficeStory(engine, clock).given("accepted", n).number for n in range(1, count + 1)]


def write(
    url: str, at: str, cases: Sequence[str], log: str, name: str, acts: int | None = None, pause: float = 0.0
) -> None:
    """Act on *cases* until killed, or *acts* times; each line of *log* is written before or after an act."""
    clock = Clock(at)
    engine = Engine(Database(url), INSTITUTION, clock)
    draw = random.Random(name)
    with open(log, "ab", buffering=0) as written:
        for number in itertools.count() if acts is None else range(acts):
            request = Request(f"{name} {number}", draw.choice(list(cases)), draw.choice([FANG, HE]))
            _line(written.fileno(), SENT, request)
            try:
                answer = request.send(engine)
            except (StoreAway, Conflict):
                _line(written.fileno(), HURT, request)
                waiting.pause(0.05)
                continue
            assert isinstance(answer, Done), answer
            _line(written.fileno(), TOLD, request)
            if pause:
                waiting.pause(pause)


def _line(file: int, what: str, request: Request) -> None:
    os.write(file, f"{what}\t{request.key}\t{request.case}\t{request.by}\t{time.monotonic()}\n".encode())


@dataclass
class Crew:
    """Writers of one office that are killed and begin anew."""

    url: str
    at: str
    cases: Sequence[str]
    folder: Path
    context: ForkServerContext = field(init=False)
    running: list[tuple[BaseProcess, Path]] = field(default_factory=list)
    begun: int = 0

    def __post_init__(self) -> None:
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.trials.writers"])

    def start(self, count: int, acts: int | None = None) -> None:
        for _ in range(count):
            self.begun += 1
            name = f"w{self.begun}"
            log = self.folder / f"{name}.log"
            process = self.context.Process(
                target=write, args=(self.url, self.at, self.cases, str(log), name, acts)
            )
            process.start()
            self.running.append((process, log))

    def kill(self, which: int) -> Path:
        """Kill one without warning and return what it had written down."""
        process, log = self.running.pop(which)
        process.kill()
        process.join()
        return log

    def kill_all(self) -> None:
        while self.running:
            self.kill(0)

    def wait(self) -> None:
        """Let all of them come to their end, which must be a good one."""
        for process, _ in self.running:
            process.join()
            assert process.exitcode == 0, "a writer failed"
        self.running = []

    def first_answer(self, log: Path, patience: float = 60.0) -> float:
        """Return the moment of the first answer in *log*, waiting for it."""
        waiting.until(lambda: any(_told(log)), patience, "somebody gets an answer")
        return next(_told(log))

    def told(self) -> int:
        """How many answers those who run now were given."""
        return sum(1 for _, log in self.running for _ in _told(log))

    def logs(self) -> list[Path]:
        return sorted(self.folder.glob("w*.log"))


def _told(log: Path) -> Iterator[float]:
    return (moment for what, _, moment in lines_of(log) if what == TOLD)


def lines_of(log: Path) -> Iterable[tuple[str, Request, float]]:
    """Yield the whole lines of a log."""
    if not log.exists():
        return
    for line in log.read_bytes().split(b"\n")[:-1]:
        what, key, case, by, moment = line.decode().split("\t")
        yield what, Request(key, case, by), float(moment)


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the acts of a crew."""

    acknowledged: int
    unanswered: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unasked: tuple[str, ...]
    done_after_all: int


def counted(engine: Engine, cases: Sequence[str], logs: Iterable[Path]) -> Count:
    """Compare what the writers were told with what is recorded."""
    told: set[str] = set()
    sent: set[str] = set()
    for log in logs:
        for what, request, _ in lines_of(log):
            (told if what == TOLD else sent).add(request.key)
    recorded: dict[str, int] = {}
    for case in cases:
        for event in engine.history(case):
            if event.move == "set_target":
                key = str(event.facts["reason"])
                recorded[key] = recorded.get(key, 0) + 1
    return Count(
        acknowledged=len(told), unanswered=len(sent - told), lost=tuple(sorted(told - recorded.keys())),
        doubled=tuple(sorted(key for key, times in recorded.items() if times > 1)),
        unasked=tuple(sorted(recorded.keys() - sent)), done_after_all=len((sent - told) & recorded.keys()),
    )  # fmt: skip


def send_the_unanswered_again(engine: Engine, logs: Iterable[Path]) -> int:
    """Send every request without an answer once more by its key; return how many there were."""
    found: dict[str, Request] = {}
    for log in logs:
        for what, request, _ in lines_of(log):
            if what == TOLD:
                found.pop(request.key, None)
            else:
                found[request.key] = request
    for request in found.values():
        try:
            answer = request.send(engine)
        except AnxuError as error:
            raise AssertionError(f"{request}: {error}") from error
        assert isinstance(answer, Done), answer
    return len(found)
