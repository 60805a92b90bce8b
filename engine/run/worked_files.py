"""Worked files: deadline cases written as JSON, read strictly into what the law can answer.

Room for: the keys of such a file, the facts they come to, what is wrong with one that cannot be read.
May not enter: answering (`worked_answers.py`), click, an office or a database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from engine.law.clock import ClockFact, ClockRule
from engine.law.duration import Duration, Unit
from engine.law.facts import FactKind
from engine.run.json_tables import MOST, Place, Table, quoted
from engine.text import Text

MOST_BYTES = 32 * 1024 * 1024

APPROVERS = ("director", "delegated_head")
"""Who may extend a clock that names nobody (HR 45)."""

EVENTS: Mapping[str, FactKind | None] = {
    "accepted": "start",
    "tribunal_formed": "start",
    "suspended": "suspend",
    "resumed": "resume",
    "publication": "publication",
    "excluded": "exclude",
    "party_joined": "restart",
    "claim_change_accepted": "restart",
    "counterclaim_accepted": "restart",
    "transfer_accepted": "restart",
    "extension": "extend",
    "closed": "end",
    "correction": None,
    "partial_award": None,
    "simplified_to_ordinary": None,
    "hearing_postponed": None,
    "delegated_conciliation": None,
}
"""Event -> what it is to the clock; None: it leaves the clock alone (K6, K12)."""

_CLOCK_UNITS: Mapping[str, Unit] = {"day": "days", "month": "months"}
_LIMIT_UNITS: Mapping[str, Unit] = {
    "work_day": "work days",
    "natural_day": "days",
    "day": "days",
    "month": "months",
}


@dataclass(frozen=True, slots=True)
class ClockCase:
    """A clock to be read; *indices* are the places of its facts among the events of the file."""

    rule: ClockRule
    facts: tuple[ClockFact, ...]
    indices: tuple[int, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class LimitCase:
    """A plain limit from a day."""

    limit: Duration
    trigger: date


@dataclass(frozen=True, slots=True)
class BeforeCase:
    """A limit counted back from a day; *clear*: one more day between."""

    limit: Duration
    event_on: date
    clear: bool


@dataclass(frozen=True, slots=True)
class PublicationCase:
    """Service by publication."""

    announced: date
    days: int


@dataclass(frozen=True, slots=True)
class PostedServiceCase:
    """Service by leaving or posting up."""

    posted: date


@dataclass(frozen=True, slots=True)
class TimelyCase:
    """Papers sent by post before a last day."""

    due: date
    posted: date


Question: TypeAlias = ClockCase | LimitCase | BeforeCase | PublicationCase | PostedServiceCase | TimelyCase


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case of a file: what is asked, and the answer its author expects, where one is written."""

    id: str | int
    title: str
    op: str
    question: Question
    expect: Mapping[str, Any] | None
    place: Place = field(compare=False)


def read_worked_file(file: Path) -> tuple[WorkedCase, ...]:
    """Return the cases of *file*. Raises WrongUse with the file, the case and the key of the first thing wrong."""
    place = Place(str(file))
    cases = _loaded(file, place)
    if not isinstance(cases, list):
        place.wrong(Text("内容应是一个案例列表 [ … ]", "it must hold a list of cases: [ … ]"))
    return tuple(_case(case, place, number) for number, case in enumerate(cases))


def _loaded(file: Path, place: Place) -> Any:
    text = _text(file, place)
    try:
        return json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place.wrong(
            Text(
                f"第{error.lineno}行第{error.colno}列不是有效的 JSON",
                f"line {error.lineno}, column {error.colno} is not valid JSON",
            )
        )
    except RecursionError:
        place.wrong(Text("嵌套过深", "it is nested too deeply"))
    except _Unreadable as error:
        place.wrong(error.why)
    except ValueError:
        place.wrong(Text("其中有过长的数字", "it holds a number that is too long"))


def _text(file: Path, place: Place) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        place.wrong(Text(f"读不出（{error.strerror}）", f"it cannot be read ({error.strerror})"))
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        place.wrong(
            Text(f"超过 {most} MB，请分成几个文件", f"it is over {most} MB; split it into several files")
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        place.wrong(Text("不是 UTF-8 文本", "it is not UTF-8 text"))


class _Unreadable(Exception):
    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Unreadable(
                Text(
                    f"键“{quoted(key)}”在同一处出现两次", f"the key “{quoted(key)}” stands twice in one place"
                )
            )
        found[key] = value
    return found


def _no_number(constant: str) -> NoReturn:
    raise _Unreadable(Text(f"{constant} 不是数字", f"{constant} is not a number"))


def _case(case: Any, file: Place, number: int) -> WorkedCase:
    written = case.get("id") if isinstance(case, dict) else None
    place = file.of_case(written if isinstance(written, str | int) and written != "" else f"#{number + 1}")
    table = Table.of(case, place)
    id = table.id("id")
    op = table.word("op", list(_QUESTIONS))
    read, keys = _QUESTIONS[op]
    table.only_known("id", "op", "title", "expect", *keys)
    expect = table.table("expect").values if table.has("expect") else None
    title = table.values.get("title")
    return WorkedCase(id, title if isinstance(title, str) else "", op, read(table), expect, place)


def _clock(case: Table) -> ClockCase:
    clock = case.table("clock")
    clock.only_known("unit", "length", "ext_cap", "target", "target_unit", "approvers")
    unit = _CLOCK_UNITS[clock.word("unit", list(_CLOCK_UNITS))]
    cap = clock.whole("ext_cap", least=0) if clock.has("ext_cap") else 0
    target = None
    if clock.has("target"):
        own = (
            _CLOCK_UNITS[clock.word("target_unit", list(_CLOCK_UNITS))] if clock.has("target_unit") else unit
        )
        target = Duration(clock.whole("target", least=1), own)
    rule = ClockRule(
        limit=Duration(clock.whole("length", least=1), unit),
        extension_most=Duration(cap, unit) if cap else None,
        extension_by=frozenset(clock.texts("approvers") if clock.has("approvers") else APPROVERS),
        target=target,
    )
    case.flag("want_quick_day")
    facts = [(index, _fact(event, unit)) for index, event in enumerate(case.tables("events"))]
    standing = [(index, fact) for index, fact in facts if fact is not None]
    return ClockCase(
        rule,
        tuple(fact for _, fact in standing),
        tuple(index for index, _ in standing),
        case.day("as_of") if case.has("as_of") else None,
    )


def _fact(event: Table, unit: Unit) -> ClockFact | None:
    event.only_known("type", "date", "ref", "days", "amount", "approver", "recorded", "override", "struck")
    kind = EVENTS[event.word("type", list(EVENTS))]
    on = event.day("date")
    length, role = None, ""
    match kind:
        case None:
            return None
        case "extend":
            length = Duration(event.whole("amount", least=-MOST), unit)
            role = event.text("approver")
        case "exclude":
            length = Duration(event.whole("days", least=1), "days")
        case "publication" if event.has("days"):
            length = Duration(event.whole("days", least=1), "days")
        case _:
            pass
    return ClockFact(
        kind,
        on,
        recorded_on=event.day("recorded") if event.has("recorded") else None,
        ref=event.text("ref") if event.has("ref") else "",
        days=length,
        by_role=role,
        overridden=bool(event.text("override").strip()) if event.has("override") else False,
        struck=event.flag("struck"),
    )


def _limit(case: Table) -> LimitCase:
    unit = _LIMIT_UNITS[case.word("unit", list(_LIMIT_UNITS))]
    return LimitCase(Duration(case.whole("n", least=0), unit), case.day("trigger"))


def _before(case: Table) -> BeforeCase:
    unit = _LIMIT_UNITS[case.word("unit", list(_LIMIT_UNITS))] if case.has("unit") else "work days"
    return BeforeCase(
        Duration(case.whole("n", least=0), unit), case.day("event_date"), case.flag("clear_days")
    )


def _publication(case: Table) -> PublicationCase:
    return PublicationCase(case.day("announced"), case.whole("days", least=1) if case.has("days") else 30)


def _posted_service(case: Table) -> PostedServiceCase:
    return PostedServiceCase(case.day("posted"))


def _timely(case: Table) -> TimelyCase:
    return TimelyCase(case.day("due"), case.day("posted_by_mail"))


_QUESTIONS: Mapping[str, tuple[Any, Sequence[str]]] = {
    "clock": (_clock, ("clock", "events", "as_of", "want_quick_day")),
    "limit": (_limit, ("trigger", "n", "unit")),
    "before": (_before, ("event_date", "n", "unit", "clear_days")),
    "publication": (_publication, ("announced", "days")),
    "posted_service": (_posted_service, ("posted",)),
    "timely": (_timely, ("due", "posted_by_mail", "received")),
}
"""Op -> how it is read, and the keys it knows."""
