"""Sheet rows: what each day and each entry of a count sheet says.

Room for: causes with their grounds and documents, rest days with their notice, totals, the end, legend, refused and late entries.
May not enter: counting (`engine/law`), which case and which day are looked at (`count_sheets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from engine.law.calendar import Calendar
from engine.law.clock import Reading, RefusedFact
from engine.law.day_sheet import DayVerdict
from engine.law.facts import ClockFact
from engine.law.rules import RULES
from engine.model.case import Case, ClockLog
from engine.model.events import Event
from engine.model.procedure import Clock, Procedure
from engine.model.rules import Rules
from engine.service.late_entries import late_entries
from engine.service.sheet_pages import (
    ClosedLine,
    LateLine,
    RefusedLine,
    RuleLine,
    SheetCause,
    SheetDay,
    SheetTotals,
)
from engine.service.wording import event_sentence, extension_days, extension_of, fact_lines, who_may_except
from engine.text import Text, day_text

RULE_OF_CODE: Mapping[str, str] = {
    "EXT_AFTER_EXPIRY": "K8",
    "EXT_APPROVER": "K8",
    "EXT_OVER_CAP": "K8",
    "SUSPEND_AFTER_EXPIRY": "K9",
    "RESTART_AFTER_EXPIRY": "K9",
    "RESUME_WITHOUT_SUSPEND": "K9",
    "ENTRY_STRUCK": "K22",
}
"""Code of a refusal -> the rule it comes from; the others are about the order of facts (K21)."""

_ORDER = "K21"

VERDICTS: Mapping[str, Text] = {
    "start": Text("起算日，不计入", "start, not counted"),
    "counted": Text("计入", "counted"),
    "stopped": Text("停止，不计入", "stopped, not counted"),
    "rolled": Text("休息日，顺延", "rest day, rolls on"),
    "due": Text("届满日", "last day"),
}
"""Verdict -> what it is called."""

_LET_STAND: Mapping[str, Text] = {
    "SUSPEND_AFTER_EXPIRY": Text(
        "审限已于{against}届满；{on}的事项经{who}特批办理，届满日不变，超期仍留痕。",
        "The period ran out on {against}. What happened on {on} was let stand by the {who}; the last day stays as "
        "it is and the breach stays on record.",
    ),
    "RESTART_AFTER_EXPIRY": Text(
        "审限已于{against}届满；经{who}特批自{on}重新计算，此前的超期仍留痕。",
        "The period ran out on {against}. The {who} let it start anew on {on}; the breach before that stays on "
        "record.",
    ),
}
_NOT_SAID = Text("此前", "an earlier day")

_WEEKEND = Text("周末", "weekend")
_OWN = Text("本办公地点的休息日", "a rest day of this office")


ITEMISED = ("K3", "K5")
"""Rules that stand on several items of one article; the act behind a day knows which of them it was."""


@dataclass
class Record:
    """The record of a case as a sheet asks it: who entered what, on which ground, with which documents."""

    rules: Rules
    case: Case
    events: Mapping[int, Event]
    documents: Mapping[str, str]
    """Digest -> the name of the file."""
    _causes: dict[int, SheetCause | None] = field(default_factory=dict)

    @cached_property
    def corrections(self) -> Mapping[int, tuple[Event, ...]]:
        """Seq of a corrected event -> its corrections, in the order they were made."""
        found: dict[int, tuple[Event, ...]] = {}
        for event in self.events.values():
            if event.corrects is not None:
                found[event.corrects] = (*found.get(event.corrects, ()), event)
        return found

    @cached_property
    def in_force(self) -> Mapping[int, ClockFact]:
        """Seq of an event -> the clock fact it recorded, as it now stands."""
        return {fact.seq: fact for log in self.case.clocks.values() for fact in log.facts}

    def cause(self, seq: int) -> SheetCause | None:
        """Return what event *seq* recorded; None where there is no such event."""
        if seq not in self._causes:
            event = self.events.get(seq)
            self._causes[seq] = self._cause(event) if event else None
        return self._causes[seq]

    def _cause(self, event: Event) -> SheetCause:
        people, register = self.rules.people, self.rules.register
        procedure = self.rules.definitions[event.definition]
        corrections = self.corrections.get(event.seq, ())
        facts, documents = dict(event.facts), dict(event.documents)
        for correction in corrections:
            facts |= correction.facts
            documents |= correction.documents
        named = _clock_facts(procedure, event)
        sentence = event_sentence(self.rules, self.case, event)
        if names := dict.fromkeys(people.name(one.by) for one in corrections if one.by):
            zh, en = "、".join(names), ", ".join(names)
            sentence = Text(f"{sentence.zh}（经{zh}更正）", f"{sentence.en} (corrected by {en})")
        fact = self.in_force.get(event.seq)
        return SheetCause(
            seq=event.seq,
            sentence=sentence,
            on=fact.on if fact else event.on,
            by=people.name(event.by) if event.by else None,
            for_=people.name(event.acting_for) if event.acting_for else None,
            facts=fact_lines(self.rules, procedure, {name: facts[name] for name in facts if name in named}),
            documents=tuple(self._document(procedure, kind, digest) for kind, digest in documents.items()),
            basis=next(
                (register.cited(move.basis) for move in procedure.moves.get(event.move or "", ())), None
            ),
        )

    def _document(self, procedure: Procedure, kind: str, digest: str) -> Text:
        title = procedure.documents.get(kind, Text(kind, kind))
        name = self.documents.get(digest)
        return Text(f"{title.zh}（{name}）", f"{title.en} ({name})") if name else title


def day_lines(
    record: Record, calendar: Calendar, verdicts: Sequence[DayVerdict], reading: Reading
) -> tuple[SheetDay, ...]:
    """Return each day with its rule in words, the entry behind it, and why it rests where that moved the end."""
    moved = _moved_over(verdicts, reading)
    return tuple(
        SheetDay(
            day=verdict.date,
            verdict=verdict.verdict,
            number=verdict.number,
            rule=verdict.rule,
            title=RULES[verdict.rule].title,
            article=_article(verdict, record.cause(verdict.fact_seq)),
            cause=record.cause(verdict.fact_seq),
            word=VERDICTS[verdict.verdict],
            rest=why_rest(calendar, verdict.date) if verdict.date in moved else None,
        )
        for verdict in verdicts
    )


def _article(verdict: DayVerdict, cause: SheetCause | None) -> Text:
    if verdict.rule in ITEMISED and cause and cause.basis:
        return cause.basis
    return verdict.article


def why_rest(calendar: Calendar, day: date) -> Text | None:
    """Return why nobody works on *day*, with the notice that says so; None for a working day."""
    if not calendar.is_rest(day):
        return None
    notice = calendar.notice_of(day)
    if notice:
        return Text(f"放假：{notice}", f"holiday by notice: {notice}")
    if day in calendar.local_rest:
        return _OWN
    if not calendar.published(day.year):
        return Text("周末（该年放假通知未公布）", "weekend (no holiday notice for that year yet)")
    if not calendar.is_settled(day):
        return Text("周末（次年放假通知未公布）", "weekend (no holiday notice for the next year yet)")
    return _WEEKEND


def totals(days: Sequence[SheetDay], clock: Clock, reading: Reading) -> SheetTotals | None:
    """Return what the days since the latest day 0 come to; None without any."""
    starts = [n for n, day in enumerate(days) if day.verdict == "start"]
    if not starts or reading.total_length_days is None:
        return None
    now = days[starts[-1] :]
    length = reading.total_length_days
    numbered = [day.number for day in now[1:] if day.number is not None]
    return SheetTotals(
        start=now[0].day,
        last=now[-1].day,
        calendar_days=(now[-1].day - now[0].day).days,
        counted=sum(number <= length for number in numbered),
        stopped=sum(day.verdict == "stopped" for day in now[1:]),
        rolled=sum(number > length for number in numbered),
        limit=length - extension_days(clock, reading),
        extension=extension_days(clock, reading),
        before=(now[0].day - days[0].day).days,
        said=(clock.limit, extension_of(clock, reading)) if clock.limit.unit != "days" else None,
    )


def closed_line(record: Record, log: ClockLog, reading: Reading, as_of: date) -> ClosedLine | None:
    """Return how the clock ended; None while it has not."""
    refused = {line.index for line in reading.refused}
    ends = (
        fact
        for index, fact in enumerate(log.facts)
        if fact.kind == "end" and not fact.struck and fact.on <= as_of and index not in refused
    )
    end = next(ends, None) if reading.state == "ended" else None
    if end is None or reading.counted_days is None:
        return None
    cause, used, on_time = record.cause(end.seq), reading.counted_days, reading.on_time is not False
    last = reading.due_latest or reading.due
    over = max((end.on - last).days, 0) if last and not on_time else 0
    parts = [
        cause.sentence if cause else None,
        day_text(end.on),
        Text("用时{n}日", "{n} day{s} used").filled(n=used, s="" if used == 1 else "s"),
        Text("期限内", "in time") if on_time else _over(over),
    ]
    said = [part for part in parts if part]
    papers = cause.documents if cause else ()
    zh = "；".join(("，".join(part.zh for part in said), *(paper.zh for paper in papers)))
    en = "; ".join((", ".join(part.en for part in said), *(paper.en for paper in papers)))
    return ClosedLine(end.on, cause, used, on_time, over, Text(f"结案：{zh}", f"Closed: {en}"))


def _over(days: int) -> Text:
    return Text("超期{n}日", "{n} day{s} over").filled(n=days, s="" if days == 1 else "s")


def legend(
    days: Sequence[SheetDay], entries: Sequence[RefusedLine], more: Sequence[str]
) -> tuple[RuleLine, ...]:
    """Return the rules that *days* and *entries* go by, and *more* of them, in the rules' order."""
    articles = {day.rule: day.article for day in days if day.rule not in ITEMISED}
    used = {*(day.rule for day in days), *(line.rule for line in entries), *more}
    return tuple(
        RuleLine(rule, law.title, articles.get(rule, law.article))
        for rule, law in RULES.items()
        if rule in used
    )


def refused_lines(record: Record, clock: Clock, log: ClockLog, reading: Reading) -> tuple[RefusedLine, ...]:
    """Return the entries that do not count, each with the sentence of the law and what would help."""
    who = who_may_except(record.rules, clock)
    return tuple(_refused(record, log, refused, who) for refused in reading.refused)


def breach_lines(record: Record, clock: Clock, log: ClockLog, reading: Reading) -> tuple[RefusedLine, ...]:
    """Return what was let stand although the period had run out, with the reason (K9)."""
    who = who_may_except(record.rules, clock)
    return tuple(
        replace(
            _refused(record, log, breach, who),
            sentence=_LET_STAND[breach.code].filled(
                against=breach.against or _NOT_SAID, on=log.facts[breach.index].on, who=who
            ),
        )
        for breach in reading.breaches
    )


def late_lines(record: Record, clock: Clock, as_of: date) -> tuple[LateLine, ...]:
    """Return the late entries on *clock* dated up to *as_of*, with the state of their approval (K22)."""
    of_clock = {fact.seq for fact in record.case.clocks[clock.name].facts}
    return tuple(
        LateLine(
            entry.approval,
            entry.word,
            replace(cause, on=entry.fact.on),
            entry.fact.recorded_on,
            entry.matter.id if entry.matter else None,
        )
        for entry in late_entries(record.rules, record.case, tuple(record.events.values()))
        if entry.fact.seq in of_clock and entry.fact.on <= as_of and (cause := record.cause(entry.fact.seq))
    )


def _refused(record: Record, log: ClockLog, refused: RefusedFact, who: Text) -> RefusedLine:
    event = record.events.get(log.facts[refused.index].seq)
    return RefusedLine(
        code=refused.code,
        rule=RULE_OF_CODE.get(refused.code, _ORDER),
        sentence=refused.sentence(log.facts, record.rules.roles, who),
        remedy=refused.remedy(who),
        cause=record.cause(event.seq) if event else None,
        reason=event.override if event else "",
    )


def _moved_over(verdicts: Sequence[DayVerdict], reading: Reading) -> frozenset[date]:
    """The rest days that the last day was moved over: the one it fell on, and those after it."""
    if reading.due is None or reading.due == reading.raw_due:
        return frozenset()
    return frozenset(
        verdict.date
        for verdict in verdicts
        if reading.raw_due and reading.raw_due <= verdict.date < reading.due
    )


def _clock_facts(procedure: Procedure, event: Event) -> frozenset[str]:
    """The facts of an act that tell why and for how long: those its clock effects name, and every choice."""
    moves = procedure.moves.get(event.move or "", ())
    effects = [effect for move in moves for effect in move.clock]
    named = {name for effect in effects for name in (effect.ref, effect.length, effect.on) if name}
    return frozenset(named | {fact.name for fact in procedure.facts.values() if fact.type == "choice"})
