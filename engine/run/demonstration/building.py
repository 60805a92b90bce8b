"""Building: a folder becomes the demonstration office, with its past lived through.

Room for: founding, engaging the cast, telling the stories; which folder may be remade.
May not enter: click (`verb.py`), how founding works (`engine/run/founding.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine.errors import WrongUse
from engine.run.demonstration.cast import absences, engage, set_passwords
from engine.run.demonstration.plan import Plan
from engine.run.demonstration.simulator import SetClock, Simulator
from engine.run.demonstration.stories import DOCKET, Story, plans
from engine.run.demonstration.workdays import WorkDays
from engine.run.founding import found, holds_office
from engine.run.settings import Settings
from engine.service.engine import Engine
from engine.store.database import Database
from engine.text import Text

MARK = ".demonstration"
"""The file by which a folder is known for a demonstration office, which may be thrown away."""

WHOLE = "whole\n"
"""What the mark says once the office is finished."""

LIVED = timedelta(days=140)
"""How long before today the office was founded."""


@dataclass(frozen=True, slots=True)
class Built:
    """A demonstration office: where it is, and what was told in it."""

    folder: Path
    url: str
    institution: str
    plans: tuple[Plan, ...]


def is_demonstration(folder: Path) -> bool:
    """Return True when *folder* holds an office that `build` made whole."""
    mark = folder / MARK
    return mark.is_file() and mark.read_text() == WHOLE and holds_office(folder)


def build(
    folder: Path, now: datetime, seed: int, *, docket: Sequence[tuple[Story, int]] = DOCKET, passwords: bool = True
) -> Built:  # fmt: skip
    """Make the demonstration office in *folder* as it stands at the aware instant *now*.

    An earlier one is thrown away. Raises WrongUse where something else is in the folder.
    """
    _clear(folder)
    founded_at = now - LIVED
    settings = Settings(at=founded_at.isoformat())
    founded = found(folder, settings, rehearsal=True, institution=None, title=None)
    (folder / MARK).touch()
    institution = founded.register.institution
    database = Database(founded.url)
    try:
        clock = SetClock(founded_at)
        engine = Engine(database, institution, clock)
        rules = engine.rules()
        days = WorkDays(rules.calendar, rules.day_of(now))
        engage(engine, rules.day_of(founded_at), absences(days))
        told = plans(days, seed, docket)
        # Hashing passwords takes seconds and lets go of the interpreter: it is done while the stories are told.
        with ThreadPoolExecutor(1) as beside:
            hashed = beside.submit(set_passwords, engine) if passwords else None
            Simulator(engine, clock, told).run(now)
            if hashed:
                hashed.result()
    finally:
        database.close()
    (folder / MARK).write_text(WHOLE)
    return Built(folder, founded.url, institution, told)


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists()):
        raise WrongUse(
            Text(
                f"{folder} 不是演示机构，未作改动。请换一个空文件夹。",
                f"{folder} is no demonstration office; nothing was changed. Name an empty folder.",
            )
        )
    shutil.rmtree(folder)
