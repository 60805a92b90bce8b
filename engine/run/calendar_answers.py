"""Calendar answers: loads, days and moved cases, in JSON and in words.

Room for: the shapes of `anxu calendar`.
May not enter: asking the engine, flags (`verbs_calendar.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.law.calendar import CalendarDay
from engine.model.events import MovedDate
from engine.run.answers_json import day_json
from engine.run.layout import one_line, section, table
from engine.service.calendars import ChangedDay, Loaded, LoadLine, MovedLine, MovedPage
from engine.service.notice_files import NoticeProblem
from engine.store.calendars import Load
from engine.text import Language, Text, counted

Plain = dict[str, Any]

_REST, _WORK = Text("休", "rest"), Text("班", "work")
_WHAT = {
    "due": Text("届满日", "last day"),
    "overdue_after": Text("最迟届满日", "latest last day"),
    "target": Text("目标日", "target date"),
    "step": Text("环节届满日", "last day of a step"),
}


def year_json(line: LoadLine, zone: ZoneInfo) -> Plain:
    """Return a year of the calendar as `calendar list` answers it."""
    return load_json(line.load, zone) | {"rest": line.rest, "work": line.work}


def load_json(load: Load, zone: ZoneInfo) -> Plain:
    """Return one loading."""
    return {
        "load": load.number,
        "year": load.year,
        "office": load.office or None,
        "notice": load.notice,
        "by": load.loaded_by or None,
        "at": load.loaded_at.astimezone(zone).isoformat(),
    }


def named_day_json(day: CalendarDay) -> Plain:
    """Return one day that a notice names."""
    return {"date": day.day.isoformat(), "rest": day.rest, "notice": day.notice}


def loaded_json(loaded: Loaded, zone: ZoneInfo) -> Plain:
    """Return what a load did, or would do."""
    return {
        "loads": [load_json(load, zone) for load in loaded.loads],
        "unchanged": loaded.unchanged,
        "dry_run": loaded.dry_run,
        "days": [{"date": changed.day.isoformat(), "rest": changed.rest} for changed in loaded.days],
        "looked_at": loaded.looked_at,
        "moved": loaded.moved,
        "failed": loaded.failed,
    } | moved_json(loaded.page)


def moved_json(page: MovedPage) -> Plain:
    """Return a page of moved cases."""
    return {"cases": [_case_json(line) for line in page.lines], "next": page.next}


def notice_problem_json(problem: NoticeProblem, lang: Language) -> Plain:
    """Return a problem in a notice's file."""
    return {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "reason": problem.reason.said(lang),
        "fix": problem.fix.said(lang),
    }


def years_text(lines: Sequence[LoadLine], zone: ZoneInfo, lang: Language) -> str:
    """Return the years that have a notice as a table."""
    counts = Text("放假{rest}日，调休上班{work}日", "{rest} rest days, {work} worked weekend days")
    loaded = Text("第{n}次录入，{by} {at}", "load {n}, {by} {at}")
    return table(
        [
            [
                str(line.load.year),
                line.load.office,
                counts.filled(rest=line.rest, work=line.work).said(lang),
                one_line(line.load.notice),
                loaded.filled(
                    n=line.load.number, by=line.load.loaded_by or "-",
                    at=line.load.loaded_at.astimezone(zone).date().isoformat(),
                ).said(lang),
            ]
            for line in lines
        ]
    )  # fmt: skip


def days_text(days: Sequence[CalendarDay], year: int, lang: Language) -> str:
    """Return the days of a year as a table."""
    if not days:
        return Text("{year}年尚无放假通知。", "There is no notice for {year}.").filled(year=year).said(lang)
    rows = [
        [day.day.isoformat(), (_REST if day.rest else _WORK).said(lang), one_line(day.notice)] for day in days
    ]
    return table(rows)


def loaded_text(loaded: Loaded, lang: Language) -> str:
    """Return what a load did, or would do, in words."""
    if loaded.unchanged:
        return Text("与现行日历相同，未作改动。", "This is in force already; nothing was changed.").said(lang)
    numbers = ("、" if lang == "zh" else ", ").join(str(load.number) for load in loaded.loads)
    head = Text("试算，未写入：", "Trial, nothing written: ")
    if not loaded.dry_run:
        head = Text("第{n}次录入：", "Load {n}: ").filled(n=numbers)
    figures = Text(
        "{days}日的安排有变；核对在办案件{looked_at}件，日期变动{moved}件。",
        "{different}; {cases} looked at, the dates of {moved} moved.",
    ).filled(
        days=len(loaded.days), looked_at=loaded.looked_at, moved=loaded.moved,
        different=counted(len(loaded.days), "day is different", "days are different"),
        cases=counted(loaded.looked_at, "open case"),
    )  # fmt: skip
    parts = [
        head.said(lang) + figures.said(lang),
        section(Text("变动的日期", "Days").said(lang), [_day_row(day, lang) for day in loaded.days]),
        section(Text("变动的案件", "Cases").said(lang), _case_rows(loaded.page, lang)),
    ]
    if loaded.failed:
        failed = Text(
            "{n}件案件未能重算，日期未变；请运行 anxu doctor 查明。",
            "{cases} could not be looked at, dates as before; run anxu doctor to see why.",
        )
        failed = failed.filled(n=loaded.failed, cases=counted(loaded.failed, "case"))
        parts.append("\n" + failed.said(lang))
    shown = len(loaded.page.lines)
    if loaded.moved > shown and not loaded.dry_run:
        more = Text("其余{n}件见 anxu calendar moved。", "anxu calendar moved lists the other {n}.")
        parts.append("\n" + more.filled(n=loaded.moved - shown).said(lang))
    return "\n".join(part for part in parts if part)


def moved_text(page: MovedPage, lang: Language) -> str:
    """Return a page of moved cases in words."""
    if not page.lines:
        return Text("没有日期变动的案件。", "No case's dates moved.").said(lang)
    rows = table(_case_rows(page, lang))
    if page.next is None:
        return rows
    more = Text("下一页：--after {cursor}", "Next page: --after {cursor}").filled(cursor=page.next)
    return f"{rows}\n{more.said(lang)}"


def notice_problems_text(problems: Sequence[NoticeProblem], lang: Language) -> str:
    """Return the problems of a notice's file, a line each."""
    n = len(problems)
    head = Text(
        f"文件中有{n}处问题，未作任何改动：", f"{counted(n, 'problem')} in the file; nothing was changed:"
    )
    return "\n".join([head.said(lang), *(problem.said(lang) for problem in problems)])


def _case_json(line: MovedLine) -> Plain:
    return {
        "case": line.case,
        "number": line.number,
        "office": line.office,
        "handlers": list(line.handlers),
        "moved": [
            {
                "what": one.what,
                "matter": one.matter,
                "before": day_json(one.before),
                "after": day_json(one.after),
            }
            for one in line.moved
        ],
    }


def _day_row(changed: ChangedDay, lang: Language) -> list[str]:
    return [changed.day.isoformat(), (_REST if changed.rest else _WORK).said(lang)]


def _case_rows(page: MovedPage, lang: Language) -> list[list[str]]:
    return [
        [
            one_line(line.number),
            one_line("、".join(line.handlers)),
            "; ".join(_moved(m, lang) for m in line.moved),
        ]
        for line in page.lines
    ]


def _moved(moved: MovedDate, lang: Language) -> str:
    return f"{_WHAT[moved.what].said(lang)} {day_json(moved.before) or '-'} → {day_json(moved.after) or '-'}"
