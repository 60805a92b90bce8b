"""Assembly: one database and one engine, put together from settings.

Room for: opening the store, finding the institution, deciding whether a time may be set.
May not enter: click, use cases (`engine/service`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import BrokenDefinition, StoreAway, UnknownName, WrongUse
from engine.language.problem import Problems
from engine.language.register import read_register
from engine.model.register import Register
from engine.run.settings import Settings, missing_file, read_instant
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.definitions import institutions
from engine.store.reaching import ONE_CALL, Reach
from engine.text import Text

Now = Callable[[], datetime]
MakesEngine = Callable[[Database, str, Now], Engine]


@dataclass(slots=True)
class OfficeTime:
    """The time as an engine sees it: the machine's, or in a rehearsal office the one that was set.

    A set time stands still; *running* lets it go on from there as time passes.
    """

    machine: Now
    shift: Callable[[datetime], datetime] | None = None

    def __call__(self) -> datetime:
        now = self.machine()
        return self.shift(now) if self.shift else now

    def set(self, at: datetime, running: bool) -> None:
        """Let it be *at* now."""
        ahead = at - self.machine()
        self.shift = (lambda now: now + ahead) if running else (lambda now: at)


def machine_time() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


NODE_PATIENCE = 4.0
"""Seconds an act on a node is tried again while the database moves; with what is under way it stays below five or so."""

NODE_ANSWER = 5.0
"""Seconds a node waits for one answer of the database."""


def node_reach(threads: int) -> Reach:
    """Return how a node that runs for long reaches its database: a connection a thread, and two for the scheduler."""
    return Reach(
        pool=threads + 2, overflow=4, wait=3, answer=NODE_ANSWER, patience=NODE_PATIENCE, pause=time.sleep
    )


def open_database(settings: Settings, reach: Reach = ONE_CALL) -> Database:
    """Return the database of *settings*. Raises StoreAway where its file is gone: nothing is made by looking."""
    if file := missing_file(settings.url):
        raise StoreAway(
            Text(
                f"数据库文件 {file} 不在；未写入任何内容。新办公室请先运行 anxu init。",
                f"The database file {file} is not there; nothing was written. A new office begins with anxu init.",
            )
        )
    return Database(settings.url, reach)


def open_engine(
    settings: Settings, database: Database, *, running: bool = False, make: MakesEngine = Engine
) -> Engine:
    """Return the engine of the institution in *database*.

    A set time stands still, or with *running* goes on. Raises WrongUse for a set time outside a rehearsal office,
    UnknownName where the database holds no institution, or several and the office's register names none of them.
    """
    # An office of an earlier edition is brought up by whichever verb comes first.
    if database.behind():
        database.migrate()
    told = OfficeTime(machine_time)
    engine = make(database, institution_of(settings, database), told)
    if settings.at is not None:
        told.set(allowed_time(settings.at, engine.rules().register), running)
    return engine


def allowed_time(at: str, register: Register) -> datetime:
    """Return the time *at* as typed. Raises WrongUse unless the active *register* is a rehearsal's."""
    if not register.rehearsal:
        raise WrongUse(
            Text(
                "本机构不是演练机构（登记册未写 rehearsal: true），不能用 --at 或 ANXU_NOW 设定时间。",
                "This office is no rehearsal (its register does not say rehearsal: true), so the time cannot be set by "
                "--at or ANXU_NOW.",
            )
        )
    return read_instant(at, register.zone)


def institution_of(settings: Settings, database: Database) -> str:
    """Return the only institution of *database*, or of several the one the office's register names."""
    with database.reading() as connection:
        known = institutions(connection)
    if len(known) == 1:
        return known[0]
    if not known:
        raise UnknownName(
            Text(
                "数据库里还没有机构。请先运行 anxu init。",
                "The database holds no institution yet. Run anxu init first.",
            )
        )
    wanted = register_in(settings.register_file).institution if settings.register_file else ""
    if wanted in known:
        return wanted
    names = ", ".join(known)
    raise UnknownName(
        Text(
            f"数据库里有多个机构（{names}），请用 --office 指明其登记册所在的文件夹。",
            f"The database holds several institutions ({names}); name the folder with its register by --office.",
        )
    )


def register_in(file: Path) -> Register:
    """Return the register written in *file*. Raises BrokenDefinition with every problem."""
    read = read_register(file.read_text(encoding="utf-8"), str(file))
    if isinstance(read, Problems):
        raise BrokenDefinition(Text(read.said("zh"), read.said("en")), tuple(read))
    return read
