"""A database that goes away at a chosen commit, before or after it is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from engine.errors import OutcomeUnknown, StoreAway
from engine.store.database import Database
from engine.store.reaching import Reach
from engine.text import Text

LOST = OutcomeUnknown(Text("不能确定", "not known"))
GONE = StoreAway(Text("不在", "away"))


class Shaky(Database):
    """A database whose next commits fail as *failing* says, before or after they are carried out."""

    def __init__(self, url: str, patience: float) -> None:
        self.ticks = 0.0
        self.failing: list[tuple[str, StoreAway]] = []
        self.undoing: list[StoreAway] = []
        self.unreachable = False
        super().__init__(url, Reach(patience=patience, clock=self._tick, pause=lambda _: None))

    def _tick(self) -> float:
        self.ticks += 0.01
        return self.ticks

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self._shaken(super().writing) as given:
            yield given
            if self.undoing:
                raise self.undoing.pop()

    @contextmanager
    def struck(self, cursor: Any) -> Iterator[None]:
        with self._shaken(partial(super().struck, cursor)):
            yield

    @contextmanager
    def reading(self) -> Iterator[Any]:
        if self.unreachable:
            raise GONE
        with super().reading() as given:
            yield given

    @contextmanager
    def _shaken(self, begin: Any) -> Iterator[Any]:
        when, error = self.failing.pop(0) if self.failing else ("never", LOST)
        if when == "before" and isinstance(begin, partial):
            raise error  # one statement that commits by itself cannot be undone
        self.undoing = [error] if when == "before" else []
        with begin() as given:
            yield given
        if when == "after":
            raise error
