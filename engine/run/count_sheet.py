"""Count sheet: the award clock day by day, in words for a terminal.

Room for: the sheet as text: runs of days, sums, entries that do not count, targets, rules.
May not enter: JSON (`answers_json.py`), the page to print (`engine/service/annex.py`), counting (`engine/law`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.run.layout import one_line, section, table
from engine.service.annex import cause_text, equation, length_sum, looked_at
from engine.service.sheet_pages import CountSheet, RefusedLine, SheetRun
from engine.text import Language, Text

_HEADINGS = (
    Text("日期", "date"),
    Text("第几日", "number"),
    Text("结论", "verdict"),
    Text("规则", "rule"),
    Text("依据", "article"),
    Text("事由", "because of"),
)


def sheet_text(sheet: CountSheet, lang: Language) -> str:
    """Return the sheet for a terminal: runs of days that say the same stand on one line."""
    head = f"{sheet.case.number}  {sheet.title.said(lang)}：{sheet.working.said(lang)}"
    lines = [head, *(f"!! {text.said(lang)}" for text in sheet.disagreement), looked_at(sheet).said(lang)]
    if sheet.shown:
        lines.append(sheet.shown.sentence.said(lang))
    if not sheet.days:
        return "\n".join(lines)
    rows = [[heading.said(lang) for heading in _HEADINGS]]
    rows += [_run(run, before, lang) for run, before in sheet.explained]
    lines.append(table(rows, "  "))
    if sheet.totals:
        lines.append(length_sum(sheet.totals).said(lang))
        if sheet.totals.calendar_days:
            lines.append(equation(sheet.totals).said(lang))
    if sheet.closed:
        lines.append(one_line(sheet.closed.sentence.said(lang)))
    if sheet.run_out:
        lines.append(sheet.run_out.said(lang))
    return "\n".join((*lines, *_sections(sheet, lang)))


def _sections(sheet: CountSheet, lang: Language) -> list[str]:
    late = [[one_line(cause_text(line.cause).said(lang)), line.word.said(lang)] for line in sheet.late]
    targets = [
        [
            line.title.said(lang),
            line.length.said(lang),
            line.due.isoformat() if line.due else "",
            line.basis.said(lang) if line.basis else "",
            line.since.isoformat() if line.since else "",
            line.why.said(lang),
        ]
        for line in sheet.targets
    ]
    rules = [[line.rule, line.title.said(lang), line.article.said(lang)] for line in sheet.legend]
    found = (
        section(Text("不计入的事项", "Entries that do not count").said(lang), _refused(sheet.refused, lang)),
        section(
            Text("届满后经特批的事项", "Let stand after the last day").said(lang),
            _refused(sheet.breaches, lang),
        ),
        section(Text("期后补录", "Entered late").said(lang), late),
        section(Text("期限与目标", "Limit and targets").said(lang), targets),
        section(Text("规则", "Rules").said(lang), rules),
    )
    return [part for part in found if part]


def _refused(lines: Sequence[RefusedLine], lang: Language) -> list[list[str]]:
    return [[line.code, one_line(line.sentence.said(lang)), one_line(line.reason)] for line in lines]


def _run(run: SheetRun, before: date | None, lang: Language) -> list[str]:
    first, last = run.first, run.last
    because = [first.rest.said(lang)] if first.rest else []
    if before:
        because.append(Text("同{day}", "as on {day}").filled(day=before.isoformat()).said(lang))
    elif first.cause:
        because.append(cause_text(first.cause).said(lang))
    return [
        _span(first.day.isoformat(), last.day.isoformat()),
        _span(*("" if day.number is None else str(day.number) for day in (first, last))),
        first.word.said(lang),
        first.rule if before else f"{first.rule} {first.title.said(lang)}",
        "" if before else first.article.said(lang),
        one_line("；".join(because) if lang == "zh" else "; ".join(because)),
    ]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}…{last}"
