"""Persisting: what meets others, or a database that moves, is tried again for a bounded time.

Room for: how often and how long, and finding out what became of a commit whose answer was lost.
May not enter: what an act is (`acting.py`), what errors of a database mean (`engine/store/faults.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from engine.errors import Conflict, OutcomeUnknown, StoreAway
from engine.model.answers import Refusal
from engine.model.events import Event
from engine.service.office import Office
from engine.store.cases import Cases
from engine.store.database import Database
from engine.text import Text

TRIES = 60
"""How often something is done anew when others changed the same meanwhile. Each loss means somebody else won."""

PAUSE = 0.1
"""Seconds between two tries while the database is away."""

GOES_ON = Text(
    "已提交的部分有效，未完成的部分会自动继续",
    "what was committed stands, and what was not finished goes on by itself",
)
"""What is true of work that the sweep takes up wherever it stopped."""  # fmt: skip

T = TypeVar("T")


@dataclass(slots=True)
class Promise(Generic[T]):
    """What attempts of one call were about to answer when they committed; each holds if its last event is stored.

    *key*: whether the call has a request key, by which it may come again.
    """

    key: bool = False
    made: list[tuple[str, Event, T]] = field(default_factory=list)
    doubted: int = 0

    def of(self, case: str, event: Event, answer: T) -> T:
        """Remember that this attempt ends with *event* of *case*; return its *answer*."""
        del self.made[self.doubted :]
        self.made.append((case, event, answer))
        return answer

    def doubt(self) -> None:
        """Keep the last promise, since nobody knows whether it holds."""
        self.doubted = len(self.made)


def retried(attempt: Callable[[], T]) -> T:
    """Return what *attempt* answers, made anew while others win; the last Conflict is raised. It writes in one commit."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()


@contextmanager
def begun(stands: Text, *, lost: bool = True) -> Iterator[None]:
    """Do inside what is done in several commits: where the database goes away, *stands* is said of those before.

    A *lost* answer is the same there, where going on does nothing twice whatever became of that one commit. Raises
    StoreAway.
    """
    try:
        yield
    except StoreAway as error:
        if error.begun is not None or (isinstance(error, OutcomeUnknown) and not lost):
            raise
        cause = Text(f"（{error.cause}）", f" ({error.cause})") if error.cause else Text("", "")
        said = Text(
            f"数据库中途不可用{cause.zh}；{stands.zh}。",
            f"The database went away in between{cause.en}; {stands.en}.",
        )
        raise StoreAway(said, error.reason, cause=error.cause, begun=stands) from error


def persisted(office: Office, attempt: Callable[[], T], promise: Promise[T]) -> T:
    """Return what *attempt* answers, made anew while others win or, for a bounded time, while the database is away.

    Where the answer to a commit was lost, the store is asked whether what *promise* names is there; if so the promise
    holds, if not the attempt is made anew. Raises the last Conflict; StoreAway where nothing was written; OutcomeUnknown
    where nobody could be asked any more, saying what to do with a key and without.
    """
    try:
        return _persisted(office, attempt, promise)
    except OutcomeUnknown as error:
        if promise.key:
            raise error.with_key() from error
        raise


def _persisted(office: Office, attempt: Callable[[], T], promise: Promise[T]) -> T:
    waiting = _Waiting(office.database)
    lost, unknown = 0, None
    while True:
        try:
            # Asked before every further attempt: a commit that hangs in its server may still come through, and then
            # the next attempt loses to it.
            if unknown is not None and (held := _held(office, promise)) is not None:
                return held
            answer = attempt()
            # It may have come through after we asked, and then it is what the new attempt was refused for.
            if unknown is not None and isinstance(answer, Refusal):
                held = _held(office, promise)
                return answer if held is None else held
            return answer
        except Conflict:
            lost += 1
            if lost >= TRIES:
                raise
        except OutcomeUnknown as error:
            unknown = error
            promise.doubt()
            if not promise.made:
                raise
            if not waiting.goes_on():
                # One call at a shell has no patience, and mostly no key either: it may ask once all the same.
                with suppress(StoreAway):
                    if (held := _held(office, promise)) is not None:
                        return held
                raise
        except StoreAway:
            if not waiting.goes_on():
                if unknown is not None:
                    raise unknown from None
                raise


def _held(office: Office, promise: Promise[T]) -> T | None:
    places = {(case, event.seq): event.hash for case, event, _ in promise.made[: promise.doubted]}
    with office.database.reading() as connection:
        stored = Cases(connection, office.institution).events_at(places.keys())
    for case, event, answer in promise.made[: promise.doubted]:
        found = stored.get((case, event.seq))
        if found is not None and found.hash == event.hash:
            return answer
    return None


class _Waiting:
    """How long one call goes on trying: not at all where the database has been away for longer than that already."""

    def __init__(self, database: Database) -> None:
        self._reach = database.reach
        self._gate = database.gate
        self._until = self._reach.clock() + self._reach.patience

    def goes_on(self) -> bool:
        """Pause and return True, or return False where patience is at its end."""
        reach = self._reach
        if reach.clock() >= self._until or self._gate.away_for() > reach.patience:
            return False
        reach.pause(PAUSE)
        return True
