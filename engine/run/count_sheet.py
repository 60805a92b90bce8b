"""Count sheet: the award clock day by day, in words or as a page of its own to print.

Room for: the sheet as text and as HTML that needs nothing from anywhere.
May not enter: JSON (`answers_json.py`), counting (`engine/law`).
"""

from __future__ import annotations

from html import escape

from engine.run.layout import one_line, table
from engine.service.pages import CountSheet, SheetDay
from engine.text import Language, Text

_VERDICTS = {
    "start": Text("起算", "start"),
    "counted": Text("计入", "counted"),
    "stopped": Text("不计", "stopped"),
    "rolled": Text("顺延", "rolled"),
    "due": Text("届满", "due"),
}

_HEADINGS = (
    Text("日期", "date"),
    Text("第几日", "number"),
    Text("结论", "verdict"),
    Text("规则", "rule"),
    Text("依据", "article"),
    Text("事由", "fact"),
    Text("经办", "by"),
)

_STYLE = (
    "body{font-family:system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;color:#222}"
    "table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.25rem .6rem;text-align:left}"
    "thead{display:table-header-group}tr.stopped,tr.rolled{background:#eee}tr.start,tr.due{font-weight:bold}"
)


def sheet_text(sheet: CountSheet, lang: Language) -> str:
    """Return the sheet for a terminal: runs of days that say the same stand on one line."""
    rows = [[heading.said(lang) for heading in _HEADINGS]]
    rows += [_run(days, lang) for days in _runs(sheet)]
    head = f"{sheet.case.number}  {sheet.title.said(lang)}：{sheet.working.said(lang)}"
    return "\n".join((head, table(rows, "  "))) if sheet.days else head


def sheet_html(sheet: CountSheet, lang: Language) -> str:
    """Return the sheet as one whole page, a row a day."""
    head = "".join(f"<th>{escape(heading.said(lang))}</th>" for heading in _HEADINGS)
    rows = "\n".join(
        f'<tr class="{escape(day.verdict)}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(day, lang))
        + "</tr>"
        for day in sheet.days
    )
    title = escape(f"{sheet.case.number} {sheet.title.said(lang)}")
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"<p>{escape(sheet.working.said(lang))}</p>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</body>\n</html>"
    )


def _runs(sheet: CountSheet) -> list[list[SheetDay]]:
    """Return the days in runs: neighbours with the same verdict for the same reason."""
    runs: list[list[SheetDay]] = []
    for day in sheet.days:
        last = runs[-1][-1] if runs else None
        if last and (last.verdict, last.rule, last.fact, last.by) == (
            day.verdict,
            day.rule,
            day.fact,
            day.by,
        ):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _run(days: list[SheetDay], lang: Language) -> list[str]:
    first, last = _cells(days[0], lang), _cells(days[-1], lang)
    joined = [f"{a}…{b}" if a != b else a for a, b in zip(first[:2], last[:2], strict=True)]
    return [*joined, *first[2:]]


def _cells(day: SheetDay, lang: Language) -> list[str]:
    return [
        day.day.isoformat(),
        "" if day.number is None else str(day.number),
        _VERDICTS[day.verdict].said(lang),
        day.rule,
        day.article.said(lang),
        one_line(day.fact.said(lang)) if day.fact else "",
        day.by or "",
    ]
