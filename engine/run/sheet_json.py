"""Sheet in JSON: what `explain` answers programs with.

Room for: the count sheet as plain JSON values; the keys of the doors stay, others may join them.
May not enter: words for people (`count_sheet.py`), other answers (`answers_json.py`).
"""

from __future__ import annotations

from engine.run.answers_json import Plain, clock_json, day_json
from engine.service.sheet_pages import ClosedLine, CountSheet, LateLine, RefusedLine, SheetDay, SheetTotals
from engine.text import Language


def sheet_json(sheet: CountSheet, lang: Language) -> Plain:
    """Return the count sheet as `explain` answers it."""
    return {
        "case": sheet.case.id,
        "number": sheet.case.number,
        "as_of": sheet.as_of.isoformat(),
        "view": sheet.view,
        "days": [_sheet_day(day, lang) for day in sheet.days],
        "clock": clock_json(sheet.reading),
        "working": sheet.working.said(lang),
        "totals": _totals(sheet.totals) if sheet.totals else None,
        "closed": _closed(sheet.closed, lang) if sheet.closed else None,
        "legend": [
            {"rule": line.rule, "title": line.title.said(lang), "article": line.article.said(lang)}
            for line in sheet.legend
        ],
        "refused": [_refused_entry(line, lang) for line in sheet.refused],
        "breaches": [_refused_entry(line, lang) | {"reason": line.reason} for line in sheet.breaches],
        "late": [_late_entry(line) for line in sheet.late],
        "targets": [
            {
                "layer": line.layer,
                "length": line.length.en,
                "basis": line.basis.zh if line.basis else "",
                "since": day_json(line.since),
                "used": line.used,
                "due": day_json(line.due),
            }
            for line in sheet.targets
        ],
        "shown": {
            "due": day_json(sheet.shown.due),
            "overdue_after": day_json(sheet.shown.overdue_after),
            "target_due": day_json(sheet.shown.target_due),
            "agrees": sheet.shown.agrees,
        }
        if sheet.shown
        else None,
        "disagreement": [text.said(lang) for text in sheet.disagreement],
    }


def _sheet_day(day: SheetDay, lang: Language) -> Plain:
    cause = day.cause
    return {
        "date": day.day.isoformat(),
        "verdict": day.verdict,
        "number": day.number,
        "rule": day.rule,
        "title": day.title.said(lang),
        "article": day.article.said(lang),
        "fact": day.fact.said(lang) if day.fact else None,
        "by": day.by,
        "for": cause.for_ if cause else None,
        "seq": cause.seq if cause else None,
        "grounds": {fact.name: fact.shown.said(lang) for fact in cause.facts} if cause else {},
        "documents": [document.said(lang) for document in cause.documents] if cause else [],
        "rest": day.rest.said(lang) if day.rest else None,
    }


def _refused_entry(line: RefusedLine, lang: Language) -> Plain:
    return {
        "seq": line.cause.seq if line.cause else None,
        "code": line.code,
        "rule": line.rule,
        "sentence": line.sentence.said(lang),
    }


def _late_entry(line: LateLine) -> Plain:
    return {
        "seq": line.cause.seq,
        "on": line.cause.on.isoformat(),
        "recorded_on": day_json(line.recorded_on),
        "approval": line.approval,
        "matter": line.matter,
    }


def _closed(closed: ClosedLine, lang: Language) -> Plain:
    return {
        "on": closed.on.isoformat(),
        "act": closed.cause.sentence.said(lang) if closed.cause else None,
        "used": closed.used,
        "on_time": closed.on_time,
        "days_over": closed.days_over,
    }


def _totals(totals: SheetTotals) -> Plain:
    return {
        "start": day_json(totals.start),
        "last": day_json(totals.last),
        "calendar_days": totals.calendar_days,
        "counted": totals.counted,
        "stopped": totals.stopped,
        "rolled": totals.rolled,
        "limit": totals.limit,
        "extension": totals.extension,
        "before": totals.before,
    }
