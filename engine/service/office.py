"""Office: what every use case works on: the database, the institution, and the rules in force.

Room for: units of work, and holding on to rules until they change.
May not enter: use cases.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from engine.errors import BrokenDefinition, UnknownName
from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.model.rules import Rules
from engine.store.database import Database
from engine.store.definitions import REGISTER, StoredText
from engine.store.editions import hold
from engine.store.unit import Unit as StoredUnit
from engine.text import Text


@dataclass(frozen=True)
class Unit(StoredUnit):
    """A unit of the store together with the rules in force as it sees them."""

    rules: Rules


class Office:
    """One institution in one database. Rules are read once and again only when an edition counter has moved."""

    def __init__(self, database: Database, institution: str) -> None:
        self.database = database
        self.institution = institution
        self._held: tuple[tuple[tuple[str, int], ...], Rules] | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Give a unit that only reads."""
        with self.database.reading() as connection:
            yield Unit(connection, self.institution, self._rules(StoredUnit(connection, self.institution)))

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Unit]:
        """Give a unit whose work is committed whole on leaving; *alone*: one that changes what the others go by."""
        with self.database.writing() as connection:
            hold(connection, self.institution, alone=alone)
            yield Unit(connection, self.institution, self._rules(StoredUnit(connection, self.institution)))

    def rules(self) -> Rules:
        """Return the rules in force."""
        with self.database.reading() as connection:
            return self._rules(StoredUnit(connection, self.institution))

    def _rules(self, unit: StoredUnit) -> Rules:
        now = unit.editions()
        with self._lock:
            if self._held is None or self._held[0] != now:
                self._held = (now, self._read_rules(unit))
            return self._held[1]

    def _read_rules(self, unit: StoredUnit) -> Rules:
        in_force = unit.definitions.in_force()
        if REGISTER not in in_force:
            raise UnknownName(
                Text(
                    f"数据库中没有机构“{self.institution}”。请先运行 anxu init。",
                    f"The database has no institution “{self.institution}”. Run anxu init first.",
                )
            )
        texts = {text.hash: text for text in unit.definitions.texts()}
        register = _register(texts[in_force[REGISTER]])
        definitions = {digest: _procedure(text) for digest, text in texts.items() if text.name != REGISTER}
        calendars = unit.calendars.in_force()
        return Rules(
            definitions=definitions,
            in_force={name: digest for name, digest in in_force.items() if name != REGISTER},
            register=register,
            calendar=calendars.national,
            people=unit.directory.people(),
            office_calendars=calendars.offices,
        )


class EveryRole(Collection[str]):
    """The roles a stored text is read with: it was checked against its register when it came into force."""

    def __contains__(self, role: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


# A text in use never changes under its hash, so one reading serves every office of this process.
@lru_cache(maxsize=1024)
def _register(text: StoredText) -> Register:
    found = _sound(read_register(text.text, text.file))
    assert isinstance(found, Register)
    return found


@lru_cache(maxsize=1024)
def _procedure(text: StoredText) -> Procedure:
    found = _sound(read_procedure(text.text, text.file, EveryRole()))
    assert isinstance(found, Procedure)
    return found


def _sound(read: Procedure | Register | Problems) -> Procedure | Register:
    # A stored text was checked when it was activated; only a program older than the text can fail here.
    if isinstance(read, Problems):
        raise BrokenDefinition(
            Text(
                f"库中的定义无法读取，程序版本可能过旧：\n{read.said('zh')}",
                f"A stored definition cannot be read; this program may be older than it:\n{read.said('en')}",
            ),
            tuple(read),
        )
    return read
