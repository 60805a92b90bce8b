"""Running: a seed lived through day by day, everything checked on the way, and told exactly where it breaks."""

from __future__ import annotations

import hashlib
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from engine.service.engine import Engine
from engine.store import tables as t
from tests.builders import INSTITUTION, Clock, instant
from tests.conftest import opened_quickly
from tests.office import OfficeStory, found
from tests.procedures.way import WAY
from tests.simulation import checking, office_steps, steps
from tests.simulation.faults import Broken
from tests.simulation.world import Node, World

BEGINS = instant("2026-04-02 08:30")

COMMON = (
    (steps.act, 30), (steps.open_case, 4), (steps.correct, 3), (steps.send_again, 3), (steps.come_late, 2),
    (office_steps.sweep, 3), (office_steps.look, 3), (office_steps.change_people, 2), (office_steps.change_calendar, 0.5),
    (office_steps.set_clock, 0.7), (office_steps.change_register, 0.12), (office_steps.migrate, 0.12),
)  # fmt: skip
"""What happens in an office, and how often beside the others."""


@dataclass
class Outcome:
    """What came of a seed: its record, the heads of its chains, and where it broke (None: nowhere)."""

    seed: int
    trace: list[str]
    chains: str = ""
    broken: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    steps: int = 0


def found_pattern(url: str, *, founded: bool = False) -> None:
    """Found the office that every seed begins with: its cast, and a labour case in each state of its way.

    *founded*: the office with its cast is there already.
    """
    database = opened_quickly(url)
    if not founded:
        found(database)
    clock = Clock()
    engine = Engine(database, INSTITUTION, clock)
    for number, state in enumerate(["filed", *WAY], 1):
        OfficeStory(engine, clock).given(state, number)
    with engine.office.writing() as unit:
        # The cases were given without numbers of the series; the next one follows them.
        for _ in range(len(WAY) + 1):
            unit.next_number("劳人仲案", 2026)
    database.close()


def run(seed: int, url: str, days: int, say: Callable[[str], None] | None = None) -> Outcome:
    """Live through *days* of the office at *url* by *seed*. Whatever breaks ends it and stands in the outcome."""
    world = World(seed, url, BEGINS, say)
    outcome = Outcome(seed, world.trace, counts=world.counts)
    try:
        _get_to_know(world)
        _look_at_everything(world)
        for number in range(days):
            outcome.steps += _live_a_day(world, number)
        _end(world)
        outcome.chains = chains(world.nodes[0])
    except (Broken, Exception) as error:
        outcome.broken = f"{type(error).__name__}: {error}"
        world.note(f"BROKEN {outcome.broken}")
        if say:
            say("".join(traceback.format_exception(error)))
    finally:
        world.close()
    return outcome


def _get_to_know(world: World) -> None:
    with world.nodes[0].engine.office.reading() as unit:
        for case_id in unit.cases.ids():
            case = unit.cases.get(case_id)
            world.ledger.known[case_id] = checking.Known(case.version, case.head)


def _live_a_day(world: World, number: int) -> int:
    draw = world.draw
    done = 0
    if draw.random() < 0.04:
        away = draw.randint(2, 6)
        world.at += timedelta(days=away)
        world.note(f"nobody was here for {away} days")
    world.at = (world.at + timedelta(days=1)).replace(hour=8, minute=30)
    office_steps.sweep(world, world.some_node())
    done += _checked(world)
    wanted = draw.randint(4, 12) if world.at.weekday() < 5 else draw.randint(0, 2)
    for _ in range(wanted):
        world.at += timedelta(minutes=draw.randint(1, 55))
        step = draw.choices([one for one, _ in COMMON], [weight for _, weight in COMMON])[0]
        step(world, world.some_node())
        done += _checked(world)
    if number % 7 == 6:
        _look_at_everything(world)
    return done


def _checked(world: World) -> int:
    node = world.nodes[0]
    with node.engine.office.reading() as unit:
        rows = checking.rows_follow(unit)
        for case_id in checking.changed(unit, world.ledger):
            checking.check_case(unit, case_id, world.ledger, world.now(), rows=rows)
    return 1


def _look_at_everything(world: World) -> None:
    node = world.nodes[0]
    world.skew = timedelta(0)
    for _ in range(2):
        # The second one goes on where the first may have been struck.
        node.engine.sweep()
    with node.engine.office.reading() as unit:
        assert checking.rows_follow(unit), (
            "a sweep left cases that do not follow the calendar or the register"
        )
        for case_id in unit.cases.ids():
            checking.check_case(unit, case_id, world.ledger, world.now(), rows=True)
        checking.check_acknowledged(unit, world.ledger)
    for said in (node.engine.doctor(), node.engine.verify()):
        wrong = checking.findings(said.findings)
        assert not wrong, f"doctor or verify: {wrong}"
    world.count("looked at everything")


def _end(world: World) -> None:
    _look_at_everything(world)
    for line in chains(world.nodes[0]).splitlines():
        world.trace.append(line)


def chains(node: Node) -> str:
    """Return the head of every chain and a hash over every event as it is stored."""
    e = t.events.c
    heads: dict[str, str] = {}
    whole = hashlib.sha256()
    with node.database.reading() as connection:
        query = (
            select(e.case_id, e.hash, e.body).where(e.institution == INSTITUTION).order_by(e.case_id, e.seq)
        )
        for row in connection.execute(query):
            heads[row.case_id] = row.hash
            whole.update(row.body.encode())
    return "\n".join([*(f"{case} {head}" for case, head in heads.items()), whole.hexdigest()])


@contextmanager
def copied(pattern: Path, folder: Path, seed: int) -> Iterator[str]:
    """Give the URL of a copy of the *pattern* office in *folder*, removed at the end."""
    file = folder / f"seed{seed}.db"
    shutil.copy(pattern, file)
    try:
        yield f"sqlite:///{file}"
    finally:
        for part in folder.glob(f"{file.name}*"):
            part.unlink()
