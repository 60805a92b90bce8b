"""Changed rows: what one decision writes, as plain values in the order of their columns.

Room for: the glimpse an act decides on, and the difference between the rows there are and those that follow.
May not enter: SQL (`saving_postgresql.py`, `saving_sqlite.py`), what follows from a case (`engine/core/projection.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from engine.model.answers import Decision
from engine.model.case import Case, Matter
from engine.model.event_text import event_text
from engine.model.events import plain_day
from engine.model.projection import Projection
from engine.store.columns import NEVER
from engine.store.folding import fold_name
from engine.store.outbox import DELIVERY as DELIVERY
from engine.store.outbox import deliveries_of
from engine.store.request import Request
from engine.store.rows import case_body
from engine.store.words import new_words

Plain = tuple[Any, ...]
"""Values as both drivers take them: text, whole numbers, truth values, None. Dates and instants are text, instants in UTC."""

NO_DUE = NEVER.isoformat()

MOVED, PLACED, DATED, REACHED, NAMED = (
    ("version", "state", "body"), ("stage", "open"), ("clock", "due", "queue_due", "overdue_after", "target_due"),
    ("calendar_from", "calendar_until"), ("parties_folded",),
)  # fmt: skip
"""The columns of a case's row: those of every act, and those that seldom move and have indexes to be written when they do."""

CASE = (*MOVED, *PLACED, *DATED, *REACHED, *NAMED)
LOOKED = ("clock", "due", "overdue_after", "target_due", "stage", "open", "calendar_from", "calendar_until")
WORD = ("word", "case_id")
EVENT = ("case_id", "seq", "kind", "recorded_at", "hash", "body")
MATTER = (
    "case_id", "id", "kind", "procedure", "definition", "state", "party", "opened_at", "open", "outcome",
)  # fmt: skip
MOVED_ON = ("case_id", "id", "state", "outcome")
TODO_KEY = ("matter", "role", "person")
TODO = ("case_id", *TODO_KEY, "office", "state", "due", "queue_due", "overdue_after")
TIMER_KEY = ("matter", "subject", "round", "rung", "occurrence")
TIMER = ("case_id", *TIMER_KEY, "due_at")
NOTICE = ("case_id", "seq", "person", "code", "matter", "zh", "en", "from_at")
REQUEST = ("key", "case_id", "fingerprint", "first", "last", "recorded_at")
SHOWN = ("case_id", "seq", "at", "clock", "due", "overdue_after", "target_due", "load")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A case with its rows as they stood in one look, without any lock; *revision* tells whether they still do.

    *todos* are (matter, role, person, state, due, overdue_after), *timers* their key and when they are due.
    """

    case: Case
    revision: int
    row: Plain
    """Of the case's own row, what stands in `LOOKED`: first what people are shown."""
    todos: Sequence[Sequence[Any]]
    timers: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Saving:
    """A decision on what was glimpsed, the request that asked for it, and the calendar load that made it, if any."""

    before: Glimpse
    decision: Decision
    request: Request | None = None
    load: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """Every row that one decision writes."""

    case: Plain
    words: list[Plain]
    events: list[Plain]
    moved_on: list[Plain]
    """Matters that stand in another state or have an outcome now, and are otherwise as they were."""
    matters: list[Plain]
    todos_gone: list[Plain]
    todos_moved: list[Plain]
    """Todos that were there, as they say something else now."""
    todos: list[Plain]
    timers_gone: list[Plain]
    timers_moved: list[Plain]
    timers: list[Plain]
    shown: list[Plain]
    notices: list[Plain]
    deliveries: list[Plain]
    requests: list[Plain]


def changed_rows(saving: Saving) -> ChangedRows:
    """Return the rows that *saving* writes."""
    before, decision = saving.before, saving.decision
    case, projection = decision.case, decision.projection
    recorded = instant_text(decision.events[-1].recorded_at)
    moved_on, matters = _matters(before.case, case)
    return ChangedRows(
        _case(before.case, case, projection),
        [(word, case.id) for word in sorted(new_words(before.case, case))],
        [
            (case.id, e.seq, e.kind, instant_text(e.recorded_at), e.hash, event_text(e))
            for e in decision.events
        ],
        moved_on, matters,
        *_todos(case, before.todos, projection), *_timers(case.id, before.timers, projection),
        _shown(saving, recorded), _notices(decision), _deliveries(decision), _requests(saving.request, recorded),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def instant_text(instant: datetime) -> str:
    """Return an aware instant as both databases take it: in UTC, to the microsecond, without a zone.

    Raises ValueError for a naive one.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {instant!r}")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _case(before: Case, case: Case, projection: Projection) -> Plain:
    main, due = case.main, plain_day(projection.due)
    first, last = projection.reach or (None, None)
    # None leaves the names as they are: parties seldom change, and folding them is dear.
    same = before.parties is case.parties or before.parties == case.parties
    folded = None if same else "\n".join(fold_name(party.name) for party in case.parties)
    return (
        case.version, main.state, case_body(case), projection.stage, case.open, projection.clock, due, due or NO_DUE,
        plain_day(projection.overdue_after), plain_day(projection.target_due), plain_day(first), plain_day(last), folded,
    )  # fmt: skip


def changed_groups(saving: Saving, case: Plain) -> tuple[bool, bool, bool, bool]:
    """Return whether `PLACED`, `DATED`, `REACHED` and `NAMED` of *case*, a row in the order of `CASE`, say something else now."""
    # Places of PLACED, of the dates that are shown, and of REACHED: in CASE, and in LOOKED.
    was = saving.before.row
    dated = (case[5], case[6], case[8], case[9])
    return case[3:5] != was[4:6], dated != was[:4], case[10:12] != was[6:8], case[12] is not None


def _matters(before: Case, case: Case) -> tuple[list[Plain], list[Plain]]:
    known = {matter.id: matter for matter in before.matters}
    moved_on, written = [], []
    for m in case.matters:
        was = known.get(m.id)
        if was is m:
            continue
        if was is None or _fixed(was) != _fixed(m):
            written.append(_matter(case.id, m))
        elif (was.state, was.outcome) != (m.state, m.outcome):
            moved_on.append((case.id, m.id, m.state, m.outcome))
    return moved_on, written


def _fixed(m: Matter) -> Plain:
    return m.kind, m.procedure, m.definition, m.party, m.opened_at, m.open


def _matter(case_id: str, m: Matter) -> Plain:
    opened = instant_text(m.opened_at)
    return case_id, m.id, m.kind, m.procedure, m.definition, m.state, m.party, opened, m.open, m.outcome


def _todos(
    case: Case, there: Iterable[Sequence[Any]], projection: Projection
) -> tuple[list[Plain], list[Plain], list[Plain]]:
    """Return which todos are gone, which say something else, and which are new."""
    known = {tuple(row[:3]): tuple(row[3:]) for row in there}
    wanted = {
        (w.matter, w.role, w.person or ""): (w.state, plain_day(w.due), plain_day(w.overdue_after))
        for w in projection.todos
    }
    gone = [(case.id, *key) for key in known if key not in wanted]
    moved: list[Plain] = []
    new: list[Plain] = []
    for key, (state, due, after) in wanted.items():
        if (was := known.get(key)) != (state, due, after):
            row = (case.id, *key, case.office, state, due, due or NO_DUE, after)
            (new if was is None else moved).append(row)
    return gone, moved, new


def _timers(
    case_id: str, there: Iterable[Sequence[Any]], projection: Projection
) -> tuple[list[Plain], list[Plain], list[Plain]]:
    """Return which timers are gone, which are due at another time, and which are new."""
    known: Mapping[Plain, Any] = {tuple(row[:5]): row[5] for row in there}
    wanted = {
        (w.matter, w.subject, w.round, w.rung, w.occurrence): instant_text(w.due) for w in projection.timers
    }
    gone = [(case_id, *key) for key in known if key not in wanted]
    moved: list[Plain] = []
    new: list[Plain] = []
    for key, due in wanted.items():
        if (was := known.get(key)) != due:
            (new if was is None else moved).append((case_id, *key, due))
    return gone, moved, new


def _shown(saving: Saving, recorded: str) -> list[Plain]:
    """A row of the journal where people are shown other dates than before, or a load moved them."""
    case, p = saving.decision.case, saving.decision.projection
    now = (p.clock, plain_day(p.due), plain_day(p.overdue_after), plain_day(p.target_due))
    if saving.load is None and now == saving.before.row[:4]:
        return []
    return [(case.id, case.version, recorded, *now, saving.load)]


def _notices(decision: Decision) -> list[Plain]:
    # Of one event each person gets one of a kind, the last.
    rows = {
        (n.case, n.seq, n.person, n.code): (n.matter, n.sentence.zh, n.sentence.en, instant_text(n.from_))
        for n in decision.notices
    }
    return [(*key, *rest) for key, rest in rows.items()]


def _deliveries(decision: Decision) -> list[Plain]:
    return [
        (*row[:-3], instant_text(row[-3]), instant_text(row[-2]), row[-1])
        for row in deliveries_of(decision.notices)
    ]


def _requests(request: Request | None, recorded: str) -> list[Plain]:
    if request is None:
        return []
    return [(request.key, request.case, request.fingerprint, request.first, request.last, recorded)]
