"""Calendars: an administrator loads a holiday notice or an office's own rest days, and the open cases follow.

Room for: who may, what is said of a load before and after it: the days, the cases, for whom.
May not enter: reading files (`notice_files.py`), moving dates (`reprojecting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from engine.core.writing import on_one_line
from engine.errors import CalendarEnds, UnknownName, WrongUse
from engine.law.calendar import Calendar, CalendarDay
from engine.model.answers import Refusal
from engine.model.case import Case
from engine.model.events import MovedDate
from engine.model.rules import Rules
from engine.service.notice_files import read_notice
from engine.service.office import Office, Unit
from engine.service.persisting import GOES_ON, begun, retried
from engine.service.places import known_place
from engine.service.reprojecting import Failed, Progress, follow, foreseen, touched
from engine.service.staff import known_person
from engine.store.calendars import ALL_OFFICES, InForce, Load, digest_of_days
from engine.store.reprojections import Followed
from engine.text import Text, with_article

ADMINISTRATOR = "admin"
NOTICE_MOST = 120
SHOWN_MOST = 50

EARLIER = Text(
    "本次尚未录入；此前录入的工作日历，未完成的部分会自动继续",
    "this was not loaded; what an earlier calendar load still has to move goes on by itself",
)
LOADED = Text(f"本次录入已生效；{GOES_ON.zh}", f"the load is in force; {GOES_ON.en}")


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that a load made a rest day, or a worked one."""

    day: date
    rest: bool


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A case whose dates a load moved; *handlers* are the names of those who handle it."""

    case: str
    number: str
    office: str
    handlers: tuple[str, ...]
    moved: tuple[MovedDate, ...]


@dataclass(frozen=True, slots=True)
class MovedPage:
    """A page of moved cases; *next* is what to ask on with, None at the end."""

    lines: tuple[MovedLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, or with *dry_run* would do. *looked_at* cases rest on its days, *moved* of them show other dates.

    *failed* of them could not be looked at: they still show what they did, and `doctor` says why.

    *loads* is empty where nothing was written: a dry run, or *unchanged* because the same days are in force.
    """

    loads: tuple[Load, ...]
    days: tuple[ChangedDay, ...]
    looked_at: int
    moved: int
    page: MovedPage
    unchanged: bool = False
    dry_run: bool = False
    failed: int = 0


@dataclass(frozen=True, slots=True)
class LoadLine:
    """A load in force with how many rest days and worked weekend days it names."""

    load: Load
    rest: int
    work: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The days that are to be in force for a year of an office (empty: of all)."""

    year: int
    office: str
    notice: str
    days: tuple[CalendarDay, ...]


def load_notice(
    office: Office, at: datetime, file: str, content: bytes, year: int, notice: str, by: str, *,
    progress: Progress | None, dry_run: bool,
) -> Loaded | Refusal:  # fmt: skip
    """Put a year's notice into force; see `Engine.load_notice`."""
    text = _worded(notice, Text("通知文号", "the notice's number"))
    named = read_notice(file, content, year)
    return _load(office, at, by, lambda unit: (_Wanted(year, ALL_OFFICES, text, named),), progress, dry_run)


def change_rest_days(
    office: Office, at: datetime, place: str, add: Collection[date], remove: Collection[date], reason: str, by: str, *,
    progress: Progress | None, dry_run: bool,
) -> Loaded | Refusal:  # fmt: skip
    """Give an office rest days of its own, or take them away; see `Engine.change_rest_days`."""
    text = _worded(reason, Text("理由", "the reason"))
    if not add and not remove:
        raise WrongUse(Text("没有给出日期。", "No day is given."))
    if both := set(add) & set(remove):
        raise WrongUse(
            Text("{day}既要增加又要取消。", "{day} is both added and removed.").filled(day=min(both))
        )

    def wanted(unit: Unit) -> tuple[_Wanted, ...]:
        known_place(unit.rules.register, place)
        for day in add:
            _within_its_years(unit.rules.calendar, day)
        return tuple(_own_year(unit, year, place, add, remove, text) for year in _years((*add, *remove)))

    return _load(office, at, by, wanted, progress, dry_run)


def years_in_force(office: Office, place: str | None) -> tuple[LoadLine, ...]:
    """Return the loads in force of all offices (of *place*: its own), by year."""
    with office.reading() as unit:
        calendars = unit.calendars
        latest = [
            load for (_, where), load in sorted(calendars.latest().items()) if where == (place or ALL_OFFICES)
        ]
        named = {load.number: calendars.days_of(load.number) for load in latest}
    rest = {number: sum(day.rest for day in days) for number, days in named.items()}
    return tuple(
        LoadLine(load, rest[load.number], len(named[load.number]) - rest[load.number]) for load in latest
    )


def named_days(office: Office, year: int, place: str | None) -> tuple[CalendarDay, ...]:
    """Return the days that are named for a year, for all offices or by *place* itself."""
    with office.reading() as unit:
        if place:
            load = unit.calendars.latest().get((year, place))
            return unit.calendars.days_of(load.number) if load else ()
        return tuple(day for day in unit.rules.calendar.days if day.day.year == year)


def moved(office: Office, load: int | None, after: str | None, most: int) -> MovedPage:
    """Return a page of the cases that a load (None: the last one) moved. Raises UnknownName."""
    with office.reading() as unit:
        loads = unit.calendars.loads()
        number = loads[-1].number if load is None else load
        if number not in {one.number for one in loads}:
            raise UnknownName(
                Text(
                    f"没有第{number}次录入。请用 anxu calendar list 查看。",
                    f"There is no load {number}. See anxu calendar list.",
                )
            )
        return _moved_page(unit, number, after or "", most)


def _load(
    office: Office, at: datetime, by: str, wanted: Callable[[Unit], tuple[_Wanted, ...]],
    progress: Progress | None, dry_run: bool,
) -> Loaded | Refusal:  # fmt: skip
    with office.reading() as unit:
        known_person(unit.rules, by)
        if refusal := _may_not(unit.rules, by, at):
            return refusal
        if dry_run:
            return _foreseen(unit, at, by, wanted(unit), progress)
    # What an earlier load still has to move is moved first, so that each event names the notice it comes from.
    with begun(EARLIER):
        follow(office, at)
    answer = retried(lambda: _committed(office, at, by, wanted))
    if not answer.loads:
        return answer
    with begun(LOADED):
        follow(office, at, progress)
        return _with_figures(office, answer)


def _committed(
    office: Office, at: datetime, by: str, wanted: Callable[[Unit], tuple[_Wanted, ...]]
) -> Loaded:
    with office.writing(alone=True) as unit:
        before = unit.calendars.in_force()
        fresh = [one for one in wanted(unit) if not _same(unit, one)]
        loads = []
        for one in fresh:
            state = unit.calendars.in_force()
            load = unit.calendars.load(one.year, one.notice, one.days, by, at, one.office)
            days = touched(state, unit.calendars.in_force())
            unit.reprojections.begin(load.number, unit.reprojections.count(days) if days else 0)
            loads.append(load)
        after = unit.calendars.in_force()
        place = fresh[0].office if fresh else ALL_OFFICES
        return Loaded(tuple(loads), _changed(before, after, place), 0, 0, MovedPage(()), unchanged=not loads)


def _with_figures(office: Office, loaded: Loaded) -> Loaded:
    with office.reading() as unit:
        done = [found for load in loaded.loads if (found := unit.reprojections.of(load.number))]
        lines: list[MovedLine] = []
        following = None
        for load in loaded.loads:
            page = _moved_page(unit, load.number, "", SHOWN_MOST)
            lines += page.lines
            following = page.next if len(loaded.loads) == 1 else None
        return Loaded(
            loaded.loads, loaded.days, sum(r.total for r in done), sum(r.moved for r in done),
            MovedPage(tuple(lines), following), failed=sum(r.failed for r in done),
        )  # fmt: skip


def _foreseen(
    unit: Unit, at: datetime, by: str, wanted: tuple[_Wanted, ...], progress: Progress | None
) -> Loaded:
    fresh = [one for one in wanted if not _same(unit, one)]
    before = unit.calendars.in_force()
    if not fresh:
        return Loaded((), (), 0, 0, MovedPage(()), unchanged=True, dry_run=True)
    after = unit.calendars.with_days({(one.year, one.office): one.days for one in fresh})
    changed_days = touched(before, after)
    total = unit.reprojections.count(changed_days) if changed_days else 0
    load = Load(0, fresh[0].year, fresh[0].office, fresh[0].notice, "", by, at)
    lines: list[MovedLine] = []
    moved_in_all = looked_at = failed = 0
    for looked_at, found in enumerate(foreseen(unit, after, at, load), 1):
        failed += isinstance(found, Failed)
        if isinstance(found, Followed) and found.decision:
            moved_in_all += 1
            if len(lines) < SHOWN_MOST:
                lines.append(_line(unit.rules, found.decision.case, found.decision.events[-1].moved))
        if progress:
            progress(looked_at, total)
    changed = _changed(before, after, fresh[0].office)
    page = MovedPage(tuple(lines))
    return Loaded((), changed, looked_at, moved_in_all, page, dry_run=True, failed=failed)


def _moved_page(unit: Unit, load: int, after: str, most: int) -> MovedPage:
    rows = unit.journal.moved_by(load, _place(after), most + 1)
    page = rows[:most]
    cases = unit.docket.bodies({row.case for row in page})
    events = unit.cases.events_at([(row.case, row.seq) for row in page])
    lines = tuple(_line(unit.rules, cases[row.case], events[row.case, row.seq].moved) for row in page)
    return MovedPage(lines, f"{page[-1].case}/{page[-1].seq}" if len(rows) > most else None)


def _place(cursor: str) -> tuple[str, int]:
    """The (case, seq) that a cursor of ours names; what is no cursor names a place all the same."""
    case, _, seq = cursor.rpartition("/")
    return (case, int(seq)) if seq.isdecimal() and len(seq) < 9 else (cursor, 0)


def _line(rules: Rules, case: Case, moved: tuple[MovedDate, ...]) -> MovedLine:
    handler = rules.main_procedure(case).handler
    handlers = case.holders(handler, case.main) if handler else ()
    return MovedLine(
        case.id, case.number, case.office, tuple(rules.people.name(one) for one in handlers), moved
    )


def _may_not(rules: Rules, by: str, at: datetime) -> Refusal | None:
    day = rules.day_of(at)
    places = rules.register.offices
    if any(c.role == ADMINISTRATOR for place in places for c in rules.people.capacities(by, place, day)):
        return None
    title = rules.roles.get(ADMINISTRATOR, Text("系统管理员", "administrator"))
    holders = {one for place in places for one in rules.people.holders(ADMINISTRATOR, place, day)}
    return Refusal(
        code="role",
        reason=Text(
            f"{rules.people.name(by)}不是{title.zh}，不能录入工作日历", f"{rules.people.name(by)} is no {title.en} and cannot change the calendar"
        ),
        guard="by",
        who=tuple(sorted(rules.people.name(one) for one in holders)),
        enables=Text(f"请由{title.zh}录入", f"Have {with_article(title.en)} load it"),
    )  # fmt: skip


def _same(unit: Unit, wanted: _Wanted) -> bool:
    there = unit.calendars.latest().get((wanted.year, wanted.office))
    if there is None:
        return not wanted.days and wanted.office != ALL_OFFICES
    same_words = there.notice == wanted.notice or wanted.office != ALL_OFFICES
    return same_words and there.digest == digest_of_days(wanted.days)


def _own_year(
    unit: Unit, year: int, place: str, add: Collection[date], remove: Collection[date], reason: str
) -> _Wanted:
    latest = unit.calendars.latest().get((year, place))
    there = {day.day: day for day in unit.calendars.days_of(latest.number)} if latest else {}
    fresh = {day: CalendarDay(day, True, reason) for day in add if day.year == year and day not in there}
    days = [day for day in (there | fresh).values() if day.day not in remove]
    return _Wanted(year, place, reason, tuple(days))


def _within_its_years(calendar: Calendar, day: date) -> None:
    try:
        calendar.is_rest(day)
    except CalendarEnds:
        raise WrongUse(
            Text(
                "{day}超出工作日历的年份。请核对日期；更远的年份须先录入该年的放假通知。",
                "{day} is beyond the years of the calendar. Check the date; for a later year load its holiday notice first.",
            ).filled(day=day)
        ) from None


def _changed(before: InForce, after: InForce, place: str) -> tuple[ChangedDay, ...]:
    old, new = before.of(place), after.of(place)
    known_days = (
        {day.day for calendar in (old, new) for day in calendar.days} | old.local_rest | new.local_rest
    )
    found = []
    for day in sorted(known_days):
        rest = _rests(new, day)
        if rest is not None and rest != _rests(old, day):
            found.append(ChangedDay(day, rest))
    return tuple(found)


def _rests(calendar: Calendar, day: date) -> bool | None:
    try:
        return calendar.is_rest(day)
    except CalendarEnds:
        return None


def _years(days: Iterable[date]) -> list[int]:
    return sorted({day.year for day in days})


def _worded(text: str, what: Text) -> str:
    wrong = Text(
        f"{what.zh}应为1至{NOTICE_MOST}字，且不能含控制字符。",
        f"{what.en} must have 1 to {NOTICE_MOST} characters and no control characters.".capitalize(),
    )
    return on_one_line(text, NOTICE_MOST, wrong)
