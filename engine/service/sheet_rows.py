"""Sheet rows: what each day and each entry of a count sheet says.

Room for: causes with their grounds and documents, rest days with their notice, totals, legend, refused and late entries.
May not enter: counting (`engine/law`), which case and which day are looked at (`count_sheets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.law.calendar import Calendar
from engine.law.clock import Reading, RefusedFact
from engine.law.day_sheet import DayVerdict
from engine.law.rules import RULES
from engine.model.case import Case, ClockLog
from engine.model.events import Event
from engine.model.procedure import Clock, Procedure
from engine.model.rules import Rules
from engine.service.late_entries import late_entries
from engine.service.sheet_pages import LateLine, RefusedLine, RuleLine, SheetCause, SheetDay, SheetTotals
from engine.service.wording import event_sentence, extension_days, fact_lines
from engine.text import Text

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
        "审限已于{against}届满；{on}的事项经主任特批办理，届满日不变，超期仍留痕。",
        "The period ran out on {against}. What happened on {on} was let stand by the director; the last day stays as "
        "it is and the breach stays on record.",
    ),
    "RESTART_AFTER_EXPIRY": Text(
        "审限已于{against}届满；经主任特批自{on}重新计算，此前的超期仍留痕。",
        "The period ran out on {against}. The director let it start anew on {on}; the breach before that stays on "
        "record.",
    ),
}
_NOT_SAID = Text("此前", "an earlier day")

_WEEKEND = Text("周末", "weekend")
_OWN = Text("本办案地点的休息日", "a rest day of this office")


ITEMISED = ("K3", "K5")
"""Rules that stand on several items of one article; the act behind a day knows which of them it was."""


@dataclass
class Ledger:
    """The record of a case as a sheet asks it: who entered what, on which ground, with which documents."""

    rules: Rules
    case: Case
    events: Mapping[int, Event]
    documents: Mapping[str, str]
    """Digest -> the name of the file."""
    _causes: dict[int, SheetCause | None] = field(default_factory=dict)

    def cause(self, seq: int) -> SheetCause | None:
        """Return what event *seq* recorded; None where there is no such event."""
        if seq not in self._causes:
            event = self.events.get(seq)
            self._causes[seq] = self._cause(event) if event else None
        return self._causes[seq]

    def _cause(self, event: Event) -> SheetCause:
        people = self.rules.people
        procedure = self.rules.definitions[event.definition]
        correction = next((e for e in reversed(list(self.events.values())) if e.corrects == event.seq), None)
        facts = {**event.facts, **(correction.facts if correction else {})}
        named = _clock_facts(procedure, event)
        sentence = event_sentence(self.rules, self.case, event)
        if correction and correction.by:
            who = people.name(correction.by)
            sentence = Text(f"{sentence.zh}（经{who}更正）", f"{sentence.en} (corrected by {who})")
        return SheetCause(
            seq=event.seq,
            sentence=sentence,
            on=event.on,
            by=people.name(event.by) if event.by else None,
            for_=people.name(event.acting_for) if event.acting_for else None,
            facts=fact_lines(self.rules, procedure, {name: facts[name] for name in facts if name in named}),
            documents=tuple(
                self._document(procedure, kind, digest) for kind, digest in event.documents.items()
            ),
            basis=next((move.basis for move in procedure.moves.get(event.move or "", ())), ""),
        )

    def _document(self, procedure: Procedure, kind: str, digest: str) -> Text:
        title = procedure.documents.get(kind, Text(kind, kind))
        name = self.documents.get(digest)
        return Text(f"{title.zh}（{name}）", f"{title.en} ({name})") if name else title


def day_lines(
    ledger: Ledger, calendar: Calendar, verdicts: Sequence[DayVerdict], reading: Reading
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
            article=_article(verdict, ledger.cause(verdict.fact_seq)),
            cause=ledger.cause(verdict.fact_seq),
            word=VERDICTS[verdict.verdict],
            rest=why_rest(calendar, verdict.date) if verdict.date in moved else None,
        )
        for verdict in verdicts
    )


def _article(verdict: DayVerdict, cause: SheetCause | None) -> Text:
    if verdict.rule in ITEMISED and cause and cause.basis:
        return Text(cause.basis, cause.basis)
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
    )


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


def refused_lines(ledger: Ledger, log: ClockLog, reading: Reading) -> tuple[RefusedLine, ...]:
    """Return the entries that do not count, each with the sentence of the law and what would help."""
    return tuple(_refused(ledger, log, refused) for refused in reading.refused)


def breach_lines(ledger: Ledger, log: ClockLog, reading: Reading) -> tuple[RefusedLine, ...]:
    """Return what the director let stand although the period had run out, with the reason (K9)."""
    return tuple(
        replace(
            _refused(ledger, log, breach),
            sentence=_LET_STAND[breach.code].filled(
                against=breach.against or _NOT_SAID, on=log.facts[breach.index].on
            ),
        )
        for breach in reading.breaches
    )


def late_lines(ledger: Ledger, clock: Clock, as_of: date) -> tuple[LateLine, ...]:
    """Return the late entries on *clock* dated up to *as_of*, with the state of their approval (K22)."""
    of_clock = {fact.seq for fact in ledger.case.clocks[clock.name].facts}
    return tuple(
        LateLine(
            entry.approval,
            entry.word,
            cause,
            entry.fact.recorded_on,
            entry.matter.id if entry.matter else None,
        )
        for entry in late_entries(ledger.rules, ledger.case)
        if entry.fact.seq in of_clock and entry.fact.on <= as_of and (cause := ledger.cause(entry.fact.seq))
    )


def _refused(ledger: Ledger, log: ClockLog, refused: RefusedFact) -> RefusedLine:
    event = ledger.events.get(log.facts[refused.index].seq)
    return RefusedLine(
        code=refused.code,
        rule=RULE_OF_CODE.get(refused.code, _ORDER),
        sentence=refused.sentence(log.facts, ledger.rules.register.roles),
        remedy=refused.remedy(),
        cause=ledger.cause(event.seq) if event else None,
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
