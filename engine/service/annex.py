"""Annex: a count sheet as a page to print on A4 and put with the file.

Room for: its HTML in black on white, which needs nothing from anywhere.
May not enter: counting, what a day says (`sheet_rows.py`), the console's own pages (`web`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from engine.law.duration import Duration
from engine.service.pages import CaseLine
from engine.service.sheet_pages import (
    CountSheet,
    LateLine,
    RefusedLine,
    SheetCause,
    SheetDay,
    SheetRun,
    SheetTotals,
)
from engine.text import Language, Text, day_text

TITLE = Text("审限计算附页", "Annex: how the time limit was counted")

STYLE = """
@page { size: A4; margin: 15mm 15mm 17mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
.annex { font-family: "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", SimSun, sans-serif; font-size: 10pt; line-height: 1.45; color: #000; background: #fff; max-width: 180mm; margin: 0 auto; }
.annex h1 { font-size: 16pt; font-weight: 700; text-align: center; margin: 0 0 8pt; color: #000; }
.annex h2 { font-size: 11pt; font-weight: 700; margin: 12pt 0 3pt; color: #000; break-after: avoid; }
.annex p { margin: 0 0 3pt; }
.annex .annex-head { text-align: center; margin: 0 0 2pt; }
.annex .annex-warning { border: 1.5pt solid #000; padding: 5pt 8pt; margin: 6pt 0; font-weight: 700; }
.annex table { width: 100%; border-collapse: collapse; margin: 3pt 0 6pt; }
.annex th, .annex td { border: .5pt solid #000; padding: 1.5pt 4pt; text-align: left; vertical-align: top; font-weight: 400; background: none; color: #000; }
.annex td::first-letter, .annex th::first-letter { text-transform: uppercase; }
.annex thead { display: table-header-group; }
.annex thead th { font-weight: 700; }
.annex thead .annex-again th { border: 0; border-bottom: .5pt solid #000; font-weight: 400; font-size: 9pt; padding: 0 0 2pt; }
.annex tr { break-inside: avoid; }
.annex .annex-days { font-size: 9pt; line-height: 1.35; }
.annex .annex-date, .annex .annex-when, .annex .annex-number, .annex .annex-verdict, .annex thead th { white-space: nowrap; }
.annex .annex-number { text-align: right; }
.annex .annex-mark th, .annex .annex-mark td { font-weight: 700; }
.annex .annex-label { width: 24mm; white-space: nowrap; }
.annex .annex-closed { font-weight: 700; }
.annex .annex-foot { margin-top: 10pt; border-top: .5pt solid #000; padding-top: 3pt; font-size: 9pt; display: flex; justify-content: space-between; }
@media screen { .annex { padding: 12pt; } }
@media screen and (max-width: 47.99rem) {
  .annex .annex-days { table-layout: fixed; font-size: 8pt; overflow-wrap: anywhere; }
  .annex .annex-days th, .annex .annex-days td { white-space: normal; padding: 1.5pt 2pt; }
  .annex .annex-days col:nth-child(1) { width: 25%; }
  .annex .annex-days col:nth-child(2) { width: 10%; }
  .annex .annex-days col:nth-child(3) { width: 17%; }
  .annex .annex-days col:nth-child(4) { width: 20%; }
  .annex .annex-foot, .annex .annex-foot span { display: block; }
}
.annex small { font-size: 8.5pt; }
"""
"""The style of every annex; it does not change with its content, so that a console may link it."""

_PAGE = (
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<title>{title}</title>\n{style}\n<link rel="icon" href="data:,">\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>'
)

_HEADINGS = (
    Text("日期", "Day"),
    Text("第几日", "No."),
    Text("结论", "Verdict"),
    Text("规则", "Rule"),
    Text("事由、文书与经办人", "Because of, documents, done by"),
)

_DATES = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [A-Z][a-z]{2} \d{4}")
"""Dates within a sentence; on paper they are not broken."""

_WEEKDAYS = Text("一二三四五六日", "Mon Tue Wed Thu Fri Sat Sun")

_AGAIN = Text("〃", "″")
"""What stands for the line above."""


@dataclass(frozen=True, slots=True)
class Annex:
    """A printed sheet: its body, to stand in a page or alone with the style."""

    body: str
    title: str
    lang: Language

    def page(self, style_at: str | None = None) -> str:
        """Return the annex as one whole page of HTML, its style within it or (*style_at*) linked."""
        lang = "zh-CN" if self.lang == "zh" else "en"
        style = (
            f'<link rel="stylesheet" href="{escape(style_at)}">' if style_at else f"<style>{STYLE}</style>"
        )
        return _PAGE.format(lang=lang, title=escape(self.title), style=style, body=self.body)


def annex(sheet: CountSheet, printed_at: datetime, printed_by: str, lang: Language) -> Annex:
    """Return *sheet* as an annex in *lang*, with who printed it and when (in the institution's zone)."""
    body = "\n".join(
        part
        for part in (
            '<article class="annex">',
            _head(sheet, lang),
            _figures(sheet, lang),
            _days(sheet, lang),
            _closed(sheet, lang),
            *_entries(sheet, lang),
            _targets(sheet, lang),
            _legend(sheet, lang),
            _foot(sheet, printed_at, printed_by, lang),
            "</article>",
        )
        if part
    )
    return Annex(body, f"{TITLE.said(lang)} {sheet.case.number}", lang)


def equation(totals: SheetTotals) -> Text:
    """Return how the days add up: counted + stopped + rolled = calendar days."""
    return Text(
        "计入{counted}日 + 停止{stopped}日 + 顺延{rolled}日 = {all}个日历日（{start}之次日至{last}）",
        "{counted} counted + {stopped} stopped + {rolled} rolled = {all} calendar days (the day after {start} to {last})",
    ).filled(
        counted=totals.counted, stopped=totals.stopped, rolled=totals.rolled, all=totals.calendar_days,
        start=totals.start, last=totals.last,
    )  # fmt: skip


def length_sum(totals: SheetTotals) -> Text:
    """Return how long the period is: limit + extension; what is written in months with the days it comes to."""
    if totals.said:
        return _sum_of_months(totals, *totals.said)
    return Text(
        "法定{limit}日 + 延期{extension}日 = {length}日",
        "limit {limit} + extension {extension} = {length} days",
    ).filled(limit=totals.limit, extension=totals.extension, length=totals.length)


def _sum_of_months(totals: SheetTotals, limit: Duration, extension: Duration | None) -> Text:
    legal = Text("法定{limit}（{n}日）", "limit {limit} ({n} days)").filled(
        limit=limit.in_words(), n=totals.limit
    )
    if extension is None:
        return legal
    return Text(
        "{legal} + 延期{more}（{n}日） = {length}日", "{legal} + extension {more} ({n} days) = {length} days"
    ).filled(legal=legal, more=extension.in_words(), n=totals.extension, length=totals.length)


def looked_at(sheet: CountSheet) -> Text:
    """Return as of which day the sheet is read, and by what."""
    if sheet.view == "shown":
        return Text(
            "{day}当日所示（以当日已有的记录和日历为准）",
            "as shown on {day}, by the record and the calendar of that day",
        ).filled(day=sheet.as_of)
    return Text("截至{day}（以现有记录为准）", "as of {day}, by everything recorded until now").filled(
        day=sheet.as_of
    )


def _head(sheet: CountSheet, lang: Language) -> str:
    place = sheet.institution.said(lang)
    if sheet.office != sheet.institution:
        place += f" · {sheet.office.said(lang)}"
    rows = [
        (Text("案号", "Case"), sheet.case.number),
        *_parties(sheet.case, lang),
        (Text("期限", "Limit"), sheet.title.said(lang)),
        (Text("时点", "As of"), looked_at(sheet).said(lang)),
    ]
    table = "".join(_row((title.said(lang), text), "annex-label") for title, text in rows)
    warning = "".join(
        f'<p class="annex-warning">{escape(text.said(lang))}</p>' for text in sheet.disagreement
    )
    return (
        f'<p class="annex-head">{escape(place)}</p>\n<h1>{TITLE.said(lang)}</h1>\n{warning}'
        f"<table><tbody>{table}</tbody></table>"
    )


def _parties(case: CaseLine, lang: Language) -> Iterator[tuple[Text, str]]:
    names: dict[Text, list[str]] = {}
    for party in case.parties:
        names.setdefault(party.role_title, []).append(party.name)
    for title, named in names.items():
        yield title, ("、" if lang == "zh" else ", ").join(named)


def _figures(sheet: CountSheet, lang: Language) -> str:
    rows: list[tuple[Text, Text]] = [(Text("结果", "Result"), sheet.working)]
    if sheet.totals:
        rows.append((Text("总期限", "Length"), length_sum(sheet.totals)))
        if sheet.totals.calendar_days:
            rows.append((Text("合计", "Sum"), equation(sheet.totals)))
        if sheet.totals.before:
            again = Text(
                "重新计算前已过{n}个日历日，不再计入",
                "{n} calendar days passed before the count was begun anew; they no longer count",
            ).filled(n=sheet.totals.before)
            rows.append((Text("重新计算", "Begun anew"), again))
    if sheet.run_out:
        rows.append((Text("超期", "Overdue"), sheet.run_out))
    if sheet.shown:
        rows.append((Text("显示记录", "Journal"), sheet.shown.sentence))
    cells = "".join(_row((title.said(lang), text.said(lang)), "annex-label") for title, text in rows)
    return f"<table><tbody>{cells}</tbody></table>"


def _days(sheet: CountSheet, lang: Language) -> str:
    if not sheet.days:
        return ""
    again = escape(f"{sheet.case.number} · {TITLE.said(lang)}")
    columns = f"<colgroup>{'<col>' * len(_HEADINGS)}</colgroup>"
    headings = "".join(f'<th scope="col">{escape(heading.said(lang))}</th>' for heading in _HEADINGS)
    rows = "\n".join(row for run, before in sheet.explained for row in _run(run, before, lang))
    return (
        f'<table class="annex-days">{columns}<thead><tr class="annex-again"><th colspan="{len(_HEADINGS)}">{again}</th></tr>'
        f"<tr>{headings}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _closed(sheet: CountSheet, lang: Language) -> str:
    if sheet.closed is None:
        return ""
    return f'<p class="annex-closed">{escape(sheet.closed.sentence.said(lang))}</p>'


def _run(run: SheetRun, before: date | None, lang: Language) -> Iterator[str]:
    opening, closing = ("（", "）") if lang == "zh" else (" (", ")")
    for day in run.days:
        first = day is run.first
        rule, because = day.rule, _AGAIN.said(lang)
        if first and before:
            same = Text("同{day}", "as on {day}").filled(day=before.isoformat()).said(lang)
            because = "<br>".join([*([escape(day.rest.said(lang))] if day.rest else []), escape(same)])
        elif first:
            rule = f"{day.rule} {day.title.said(lang)}{opening}{day.article.said(lang)}{closing}"
            because = _because(day, lang)
        mark = ' class="annex-mark"' if day.verdict in ("start", "due") else ""
        number = "" if day.number is None else str(day.number)
        yield (
            f'<tr{mark}><th scope="row" class="annex-date">{_date(day.day, lang)}</th>'
            f'<td class="annex-number">{number}</td><td class="annex-verdict">{escape(day.word.said(lang))}</td>'
            f"<td>{escape(rule)}</td><td>{because}</td></tr>"
        )


def _because(day: SheetDay, lang: Language) -> str:
    lines = [escape(day.rest.said(lang))] if day.rest else []
    if day.cause:
        lines.append(cause_html(day.cause, lang))
    return "<br>".join(lines)


def cause_html(cause: SheetCause, lang: Language) -> str:
    """Return what was entered, on which ground, with which documents and by whom."""
    return _DATES.sub(r'<span class="annex-when">\g<0></span>', escape(cause_text(cause).said(lang)))


def cause_text(cause: SheetCause, *, dated: bool = True) -> Text:
    """Return what was entered and (*dated*) for which day, on which ground, with which documents and by whom."""
    facts = [Text(f"{f.title.zh}：{f.shown.zh}", f"{f.title.en}: {f.shown.en}") for f in cause.facts]
    what, on = cause.sentence, day_text(cause.on)
    if dated:
        what = Text(f"{what.zh}，{on.zh}", f"{what.en}, {on.en}")
    parts = [what, *facts, *cause.documents]
    if cause.by:
        for_zh, for_en = (f"（代{cause.for_}）", f" (for {cause.for_})") if cause.for_ else ("", "")
        parts.append(Text(f"{cause.by}{for_zh}办理", f"done by {cause.by}{for_en}"))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _entries(sheet: CountSheet, lang: Language) -> Iterator[str]:
    yield _listed(
        Text("不计入的事项", "Entries that do not count"), [_refused(line) for line in sheet.refused], lang
    )
    yield _listed(
        Text("届满后经特批的事项", "Entries after the last day that were let stand"),
        [_let_stand(line) for line in sheet.breaches],
        lang,
    )
    yield _listed(
        Text("期后补录的事项", "Entries that came late"), [_late(line) for line in sheet.late], lang
    )


def _refused(line: RefusedLine) -> tuple[Text, ...]:
    who = cause_text(line.cause) if line.cause else Text("", "")
    return who, line.sentence, Text(line.rule, line.rule)


def _let_stand(line: RefusedLine) -> tuple[Text, ...]:
    reason = Text(f"特批理由：{line.reason}", f"reason: {line.reason}")
    who = cause_text(line.cause) if line.cause else Text("", "")
    return (
        who,
        Text(f"{line.sentence.zh}{reason.zh}", f"{line.sentence.en} {reason.en}"),
        Text(line.rule, line.rule),
    )


def _late(line: LateLine) -> tuple[Text, ...]:
    recorded = day_text(line.recorded_on) if line.recorded_on else Text("", "")
    when = Text(
        f"发生于{day_text(line.cause.on).zh}，录入于{recorded.zh}；{line.word.zh}",
        f"dated {day_text(line.cause.on).en}, recorded {recorded.en}; {line.word.en}",
    )
    return cause_text(line.cause, dated=False), when, Text("K22", "K22")


def _listed(title: Text, rows: Sequence[tuple[Text, ...]], lang: Language) -> str:
    if not rows:
        return ""
    cells = "".join(_row([text.said(lang) for text in row]) for row in rows)
    return f"<h2>{escape(title.said(lang))}</h2>\n<table><tbody>{cells}</tbody></table>"


def _targets(sheet: CountSheet, lang: Language) -> str:
    if len(sheet.targets) < 2:
        return ""
    used, not_used = Text("采用", "used"), Text("未采用", "not used")
    rows = [
        (
            f"{line.title.said(lang)} {line.length.said(lang)}",
            (line.basis.said(lang) if line.basis else "") + (_since(line.since, lang) if line.since else ""),
            Text("{state}：{why}", "{state}: {why}")
            .filled(state=used if line.used else not_used, why=line.why)
            .said(lang)
            + (f" → {day_text(line.due).said(lang)}" if line.due else ""),
        )
        for line in sheet.targets
    ]
    title = Text("法定期限与各层目标", "The legal limit and the targets beside it").said(lang)
    return f"<h2>{title}</h2>\n<table><tbody>{''.join(_row(row) for row in rows)}</tbody></table>"


def _since(day: date, lang: Language) -> str:
    return Text("（自{day}起）", " (from {day})").filled(day=day).said(lang)


def _legend(sheet: CountSheet, lang: Language) -> str:
    if not sheet.legend:
        return ""
    rows = "".join(_row((line.rule, line.title.said(lang), line.article.said(lang))) for line in sheet.legend)
    title = Text("本表所用规则", "The rules used above").said(lang)
    return f"<h2>{title}</h2>\n<table><tbody>{rows}</tbody></table>"


def _foot(sheet: CountSheet, at: datetime, by: str, lang: Language) -> str:
    printed = Text("打印：{who}，{day} {time}", "Printed by {who}, {day} {time}").filled(
        who=by, day=at.date(), time=f"{at:%H:%M}"
    )
    return f'<p class="annex-foot"><span>{escape(sheet.case.number)}</span><span>{escape(printed.said(lang))}</span></p>'


def _row(cells: Iterable[str], label: str = "") -> str:
    first, *rest = cells
    mark = f' class="{label}"' if label else ""
    return (
        f'<tr><th scope="row"{mark}>{escape(first)}</th>'
        + "".join(f"<td>{escape(c)}</td>" for c in rest)
        + "</tr>"
    )


def _date(day: date, lang: Language) -> str:
    week = _WEEKDAYS.zh[day.weekday()] if lang == "zh" else _WEEKDAYS.en.split()[day.weekday()]
    return f"{day.isoformat()} <small>{week}</small>"
