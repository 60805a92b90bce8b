"""World: one office with its nodes, its time, its chance and the record of what was done to it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from engine.api import Conflict, Engine, StoreAway
from engine.model.answers import Refusal
from engine.service.pages import Done
from engine.store.database import Database
from engine.store.reaching import Reach
from tests.builders import INSTITUTION, ZONE
from tests.simulation.checking import Ledger
from tests.simulation.faults import STRIKES, Broken, Died, Faults, watch

PATIENCE_MS = 20
"""How long a node waits for a lock: whoever holds it stands still meanwhile, so longer waiting changes nothing."""

PATIENCE = 0.5
"""Seconds for which one of the two nodes tries again where the database fails it; the other says so at once."""

EXPECTED = (StoreAway, Conflict)
"""What the engine may raise when the database fails it."""


@dataclass
class Node:
    """One process of the office: an engine on connections of its own, with faults of its own."""

    name: str
    url: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    patience: float = 0.0
    """Seconds, by a clock of its own that only pauses move, during which it tries again while the database is away."""
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew, as after the process died: nothing is remembered."""
        self._waited = 0.0
        reach = Reach(patience=self.patience, clock=lambda: self._waited, pause=self._pause)
        self.database = watch(Database(self.url, reach), self.faults, patience_ms=PATIENCE_MS)
        self.engine = Engine(self.database, INSTITUTION, self.now, self.new_id)

    @property
    def reads_rules(self) -> bool:
        """Whether it is just reading the rules: another thread of it would wait, one and the same would for ever."""
        return self.engine.office._lock.locked()

    def _pause(self, seconds: float) -> None:
        self._waited += seconds

    def close(self) -> None:
        self.database.close()


@dataclass(slots=True)
class Sent:
    """A request as it was sent, so that it can be sent again."""

    words: str
    key: str | None
    by: str
    move: str
    call: Callable[[Engine], Done | Refusal]
    number: str = ""
    answer: Done | None = None


class World:
    """An office on the database at *url*, lived through by the chance of *seed*."""

    def __init__(
        self, seed: int, url: str, begins: datetime, say: Callable[[str], None] | None = None
    ) -> None:
        self.draw = random.Random(seed)
        self.at = begins
        self.skew = timedelta(0)
        self.trace: list[str] = []
        self.ledger = Ledger()
        self.sent: list[Sent] = []
        self.stale: list[Sent] = []
        self.counts: dict[str, int] = {}
        self.url = url
        self.nodes = [
            Node("north", url, self.now, self.new_id),
            Node("south", url, self.now, self.new_id, PATIENCE),
        ]
        self.depth = 0
        self._say = say
        self._keys = 0

    def now(self) -> datetime:
        """The time as the clocks of the office show it, set wrong or right."""
        return self.at + self.skew

    @property
    def today(self) -> date:
        return self.now().astimezone(ZONE).date()

    def some_node(self) -> Node:
        return self.draw.choice(self.nodes)

    def other(self, node: Node) -> Node:
        return self.nodes[1 - self.nodes.index(node)]

    def new_key(self) -> str:
        self._keys += 1
        return f"key {self._keys}"

    def new_id(self) -> str:
        return f"{self.draw.getrandbits(64):016x}"

    def note(self, line: str) -> None:
        """Write a line of the record."""
        whole = f"{self.now():%m-%d %H:%M} {'  ' * self.depth}{line}"
        self.trace.append(whole)
        if self._say:
            self._say(whole)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def close(self) -> None:
        for node in self.nodes:
            node.close()

    # --- faults -------------------------------------------------------------------------------------------

    @contextmanager
    def troubled(
        self, node: Node, chance: float, meanwhile: Callable[[Node], None] | None = None
    ) -> Iterator[list[str]]:
        """Let chance strike *node* while something is done on it; *meanwhile* is what the other node may do in between.

        What was struck is added to the list that is given. What the engine may raise for it is caught: nobody got an
        answer then. A node that died is there again afterwards.
        """
        happened: list[str] = []
        if self.draw.random() < chance:
            self._plan(node, happened, meanwhile)
        try:
            yield happened
        except Died:
            node.faults.rest()
            node.close()
            node.start()
            happened.append("→ died")
        except EXPECTED as error:
            if not happened and not self.depth:
                raise Broken(f"{type(error).__name__} without a fault: {error}") from error
            happened.append(f"→ {type(error).__name__}")
        finally:
            node.faults.rest()

    def _plan(self, node: Node, happened: list[str], meanwhile: Callable[[Node], None] | None) -> None:
        draw = self.draw
        at = draw.choice([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 30])
        if meanwhile and self.depth < 2 and draw.random() < 0.4:

            def step_aside(connection: Any, done: bool) -> None:
                if node.faults.holds_lock or self.other(node).reads_rules:
                    # On SQLite there is one writer at a time, and what reads the rules of a node is waited for by
                    # whatever else that node does: nobody can come between now.
                    return
                happened.append(f"[at {at} {node.faults.words[-1]!r} the other node goes between]")
                self.depth += 1
                try:
                    meanwhile(self.other(node))
                finally:
                    self.depth -= 1

            node.faults.plan(at, step_aside, after=draw.random() < 0.3)
            return
        name = draw.choice(sorted(STRIKES))
        at_commit = draw.random() < 0.4
        after = name in ("dies", "loses the connection") and draw.random() < 0.4

        def strike(connection: Any, done: bool) -> None:
            happened.append(
                f"[{name} {'after' if done else 'at'} {node.faults.words[-1]!r} {node.faults.seen}]"
            )
            self.count(f"fault: {name}{' after its commit' if done and at_commit else ''}")
            STRIKES[name](connection, done)

        node.faults.plan(
            draw.choice([1, 1, 1, 2, 3]) if at_commit else at, strike, after=after, commits=at_commit
        )
