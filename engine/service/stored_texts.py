"""Stored texts: registers and procedures as the store keeps them, each read once a process, when it is first asked for.

Room for: reading what came into force before, whichever program activated it; procedures by hash.
May not enter: which of them is in force (`office.py`), reading texts that are yet to come into force (`fitting.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from engine.errors import BrokenDefinition
from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.model.procedure import Procedure
from engine.model.register import Register
from engine.store.definitions import REGISTER, Definitions, StoredText
from engine.text import Text


class StoredProcedures(Mapping[str, Procedure]):
    """The procedures among *texts* by hash. Which there are is known at once; each is read when it is first asked for.

    Raises BrokenDefinition where one that is asked for cannot be read, each time anew. Threads that ask for the same
    one at the same time may both read it, and get the same.
    """

    def __init__(self, texts: Iterable[StoredText]) -> None:
        self._texts = {text.hash: text for text in texts if text.name != REGISTER}
        self._read: dict[str, Procedure] = {}

    def __getitem__(self, digest: str) -> Procedure:
        # An act asks this dozens of times, so what was read is found without comparing texts.
        try:
            return self._read[digest]
        except KeyError:
            return self._read.setdefault(digest, stored_procedure(self._texts[digest]))

    def __contains__(self, digest: object) -> bool:
        return digest in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


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
def stored_register(text: StoredText) -> Register:
    """Return the register that a stored text is. Raises BrokenDefinition."""
    found = read_register(text.text, text.file)
    if isinstance(found, Problems):
        raise _unreadable(found)
    return found


def register_under(definitions: Definitions, digest: str) -> Register:
    """Return the register stored under *digest*, which is there. Raises BrokenDefinition."""
    found = definitions.text(digest)
    assert found is not None
    return stored_register(found)


def stored_procedure(text: StoredText) -> Procedure:
    """Return the procedure that a stored text is. Raises BrokenDefinition."""
    found = read_stored(text)
    if isinstance(found, Problems):
        raise _unreadable(found)
    return found


# What cannot be read is kept too: every case that is pinned to it asks for it.
@lru_cache(maxsize=1024)
def read_stored(text: StoredText) -> Procedure | Problems:
    """Return the procedure that a stored text is, or what this program finds wrong with it; read once a process."""
    return read_procedure(text.text, text.file, EveryRole())


def _unreadable(problems: Problems) -> BrokenDefinition:
    # A stored text was checked when it was activated; only a program older than the text can fail here.
    return BrokenDefinition(
        Text(
            f"库中的定义无法读取，程序版本可能过旧：\n{problems.said('zh')}",
            f"A stored definition cannot be read; this program may be older than it:\n{problems.said('en')}",
        ),
        tuple(problems),
    )
