"""Patterns: small offices worked through the engine's own door, whose cases dockets are copied from.

Room for: what is told in each, which of its cases are copied how often, and the moments it stands at.
May not enter: copying (`copying.py`), where anything is kept (`docket.py`), what is timed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.model.answers import Refusal
from engine.model.case import Party
from engine.model.people import Holding
from engine.run.bench.copying import OF_A_CASE, PLACE, Original
from engine.run.demonstration import early_stories as early
from engine.run.demonstration import late_stories as late
from engine.run.demonstration.cast import DIRECTOR, HEADS, MEMBERS, engage
from engine.run.demonstration.plan import Plan
from engine.run.demonstration.simulator import SetClock, Simulator
from engine.run.demonstration.stories import Story
from engine.run.demonstration.workdays import WorkDays
from engine.run.founding import found, starter_texts
from engine.run.settings import REGISTER_FILE, Settings
from engine.service.engine import Engine
from engine.store.database import Database
from engine.store.documents import Attachment

CLERK, SECRETARY, TRIBUNAL, PRESIDING = "lin", "zhou", "jia yi bing", "jia"
APPLICATION = Attachment("application", "申请书.txt", "仲裁申请书".encode(), "text/plain; charset=utf-8")

PARTIES = (
    Party("", "claimant", "王小禾"),
    Party("", "respondent", "双河甲纺织有限公司"),
    Party("", "respondent", "双河乙物流有限公司"),
)

ALL_STEPS = 3
"""From filing to a tribunal that is formed."""

SLOTS = 1_000
"""A province's cases are copied in turns of so many."""

DUE_IN_A_TURN = SLOTS // 100

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
AT = datetime.combine(TODAY, time(10), SHANGHAI)
"""When a province stands: a Monday morning, everything due by then has been fired."""

DUE_AT = AT + timedelta(days=1)
"""A day later one case in a hundred has something due."""

NOTICES_KEPT = 3
"""So many notices of a case, the latest, are copied: what people have read is no part of any queue."""

PLACES: Mapping[str, tuple[str, str]] = {
    "east": ("东城仲裁庭", "Tribunal of the east town"),
    "west": ("西城仲裁庭", "Tribunal of the west town"),
    "south": ("南湖仲裁庭", "Tribunal of the south lake"),
    "port": ("港区仲裁庭", "Tribunal of the port"),
}
"""The offices of a province besides the first."""

SHARES: tuple[tuple[Story, int, tuple[int, ...]], ...] = (
    (early.just_filed, 75, (0, 1, 2)),
    (early.correction_pending, 30, (0, 2)),
    (early.acceptance_proposed, 70, (0, 1)),
    (early.accepted, 80, (0, 1, 2)),
    (early.without_tribunal, 40, (0, 4, 8)),
    (early.being_served, 110, (0, 2, 4, 6)),
    (early.answers_awaited, 110, (0, 3, 6, 9)),
    (early.answered, 60, (0, 3, 6, 9, 12)),
    (early.suspended_for_recognition, 40, (0, 5, 11)),
    (early.hearing_ahead, 80, (0, 2)),
    (early.simplified, 20, (0, 2)),
    (late.to_deliberate, 40, (0, 4, 8)),
    (late.extension_to_decide, 10, (0, 2)),
    (late.drafting, 40, (0, 3, 6)),
    (late.overdue_with_ledger, 10, (0, 3, 9)),
    (late.petition_stale, 5, (0,)),
    (late.at_level_1, 8, (0, 1)),
    (late.at_level_3, 8, (0, 1)),
    (late.level_3_overdue, 4, (0,)),
    (late.at_level_5, 8, (0,)),
    (late.ready_to_issue, 12, (0,)),
    (late.award_issued, 12, (0,)),
    (late.concluded_by_withdrawal, 20, (0, 3)),
    (early.not_accepted, 80, (0, 10)),
    (late.archived_after_award, 15, (0, 9)),
    (late.archived_after_withdrawal, 20, (0, 9)),
)
"""A story, how many of a thousand cases tell it, and by how many work days earlier it is told than it would be today."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A small office and how it is multiplied. *at* is when it stands; *due_at* when one case in a hundred has something due."""

    name: str
    at: datetime
    due_at: datetime
    known: str
    """What it was made by, so that it is made anew where that changes."""
    make: Callable[[Path], str]
    """Found it in a folder and return the URL of its database, a SQLite file."""
    originals: Callable[[Database], Sequence[Original]]
    places: Sequence[str] = (PLACE,)
    tables: Sequence[str] = OF_A_CASE
    """Of which tables rows are copied; the others of a case are left empty."""
    like: str = ""
    """The pattern whose office this one is made from too, where it has none of its own."""

    @property
    def office(self) -> str:
        """Which office it is made from."""
        return self.like or self.name


def accepted_on(days: Sequence[date]) -> Pattern:
    """Return the pattern of labour cases accepted on *days* in turn, each with a tribunal of three."""
    at = datetime.combine(days[-1], time(18), SHANGHAI)
    return Pattern(
        "accepted",
        at,
        at,
        " ".join(day.isoformat() for day in days),
        lambda folder: _accept(folder, days),
        _all,
    )


def filed_on(day: date) -> Pattern:
    """Return the pattern of labour cases filed on *day*, every other one accepted and without a tribunal yet."""
    at = datetime.combine(day, time(18), SHANGHAI)
    return Pattern("filed", at, at, f"halves {day}", lambda folder: _accept(folder, [day, day], (0, 2)), _all)


PROVINCE_KNOWN = repr(
    [(story.__name__, *rest) for story, *rest in SHARES] + [AT, SLOTS, NOTICES_KEPT, *PLACES]
)


def province() -> Pattern:
    """Return the pattern of a province: cases of every kind and state, in five offices, as they stand on a Monday."""
    return Pattern("province", AT, DUE_AT, PROVINCE_KNOWN, _live, _shared, (PLACE, *PLACES))


def armed() -> Pattern:
    """Return the pattern of a province's open timers alone: an idle sweep reads nothing else of a case."""
    return replace(province(), name="armed", tables=("timers",), like=province().name)


def _all(database: Database) -> Sequence[Original]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, number, parties_folded FROM cases ORDER BY opened_at, id"
        ).all()
    return [_original(row) for row in rows]


def _accept(folder: Path, days: Sequence[date], steps: Sequence[int] = ()) -> str:
    since = datetime.combine(date(days[0].year, 1, 5), time(9), SHANGHAI)
    founded = found(folder, Settings(at=since.isoformat()), rehearsal=True, institution=None, title=None)
    database = Database(founded.url)
    try:
        clock = SetClock(since)
        engine = Engine(database, founded.register.institution, clock)
        engage(engine, since.date(), ())
        for day, upto in zip(days, steps or [ALL_STEPS] * len(days), strict=True):
            clock.at = datetime.combine(day, time(9, 30), SHANGHAI)
            _accept_one(engine, upto)
    finally:
        database.close()
    return founded.url


def _accept_one(engine: Engine, upto: int) -> None:
    opened = engine.open_case(
        "labour", CLERK, parties=PARTIES, facts={"cause": "wages"}, documents=[APPLICATION]
    )
    assert not isinstance(opened, Refusal), opened
    steps = (
        ("propose", CLERK, {"claim_amount": "12000.50"}),
        ("accept", DIRECTOR, {"secretary_named": SECRETARY}),
        ("form_tribunal", HEADS[0], {"tribunal_named": TRIBUNAL, "presiding_named": PRESIDING}),
    )
    for move, by, facts in steps[:upto]:
        done = engine.act(opened.number, move, by, facts=facts)
        assert not isinstance(done, Refusal), done


# --- a province -------------------------------------------------------------------------------------------


def _live(folder: Path) -> str:
    founded_at = AT - timedelta(days=200)
    texts = _with_places(starter_texts())
    settings = Settings(at=founded_at.isoformat())
    founded = found(folder, settings, rehearsal=True, institution=None, title=None, own=texts)
    database = Database(founded.url)
    try:
        clock = SetClock(founded_at)
        engine = Engine(database, founded.register.institution, clock)
        engage(engine, founded_at.date(), ())
        for member in MEMBERS:
            for place in PLACES:
                for role in member.roles:
                    engine.staff.give(Holding(member.id, role, place, founded_at.date()))
        simulator = Simulator(engine, clock, _plans(engine))
        simulator.run(AT)
        _note_shares(database, [one.number for one in simulator.told])
    finally:
        database.close()
    return founded.url


def _with_places(texts: Mapping[str, str]) -> dict[str, str]:
    first = "offices:\n"
    more = "".join(f"  {name}: {{zh: {zh}, en: {en}}}\n" for name, (zh, en) in PLACES.items())
    head, found_it, tail = texts[REGISTER_FILE].partition(first)
    line, _, rest = tail.partition("\n")
    assert found_it, "the starter register has no offices"
    return {**texts, REGISTER_FILE: f"{head}{first}{line}\n{more}{rest}"}


def _plans(engine: Engine) -> Sequence[Plan]:
    calendar = engine.rules().calendar
    today = WorkDays(calendar, TODAY)
    plans: list[Plan] = []
    for story, _, shifts in SHARES:
        for shift in shifts:
            days = today if not shift else WorkDays(calendar, today.day(-shift))
            n = len(plans) + 1
            plans.append(story(random.Random(f"province/{n}"), days, n))
    return plans


def _note_shares(database: Database, numbers: Sequence[str]) -> None:
    """Leave in the pattern how many of a thousand cases are like each of those numbered *numbers*, in the order planned."""
    shares = [share / len(shifts) for _, share, shifts in SHARES for _ in shifts]
    values = ", ".join(f"('{number}', {share})" for number, share in zip(numbers, shares, strict=True))
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE shares (number TEXT, share FLOAT)")
        connection.exec_driver_sql(f"INSERT INTO shares VALUES {values}")
        connection.exec_driver_sql(
            "DELETE FROM notices WHERE rowid NOT IN (SELECT rowid FROM (SELECT rowid, row_number() OVER "
            f"(PARTITION BY case_id ORDER BY seq DESC, person) AS place FROM notices) WHERE place <= {NOTICES_KEPT})"
        )


def _shared(database: Database) -> Sequence[Original]:
    """The originals of a turn: those with something due a day later together one in a hundred, the others by their shares."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.id, c.number, c.parties_folded, s.share, (SELECT min(due_at) FROM timers t WHERE t.case_id = c.id) AS due_at "
            "FROM cases c JOIN shares s ON s.number = c.number ORDER BY c.id"
        ).all()
    soon = DUE_AT.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    due = [row for row in rows if row.due_at and row.due_at <= soon]
    others = [row for row in rows if row not in due]
    turn = [due[n % len(due)] for n in range(DUE_IN_A_TURN)]
    whole = sum(row.share for row in others)
    reached = 0.0
    for row in others:
        reached += row.share / whole * (SLOTS - DUE_IN_A_TURN)
        turn += [row] * (DUE_IN_A_TURN + round(reached) - len(turn))
    return [_original(row) for row in turn]


def _original(row: Any) -> Original:
    return Original(row.id, row.number, tuple(row.parties_folded.split("\n")))
