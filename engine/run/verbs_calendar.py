"""Verbs on the calendar: which years have a holiday notice, and what it decided.

Room for: listing the calendar in force.
May not enter: loading a notice (the engine has no use case for it yet), counting days.
"""

from __future__ import annotations

import click

from engine.law.calendar import CalendarDay
from engine.run.flags import Verbs, with_shell
from engine.run.layout import table
from engine.run.shell import DONE, Shell
from engine.text import Language, Text

_REST, _WORK = Text("休", "rest"), Text("班", "work")


@click.group("calendar", cls=Verbs)
def calendar_group() -> None:
    """工作日历。 · The calendar of working days."""


@calendar_group.command("list")
@click.option("--year", type=int, metavar="YEAR", help="该年逐日 · the days of one year")
@with_shell
def list_verb(shell: Shell, year: int | None) -> int:
    """已录放假通知的年份，或一年的逐日安排。 · Years with a holiday notice, or the days of one."""
    calendar = shell.rules().calendar
    if year is not None:
        days = [day for day in calendar.days if day.day.year == year]
        plain: list[dict[str, object]] = [
            {"date": day.day.isoformat(), "rest": day.rest, "notice": day.notice} for day in days
        ]
        shell.answer(plain, lambda: _days_text(days, year, shell.lang))
        return DONE
    by_year = {
        known: [day for day in calendar.days if day.day.year == known]
        for known in sorted(calendar.published_years)
    }
    plain = [
        {
            "year": known,
            "notice": days[0].notice if days else "",
            "rest": sum(day.rest for day in days),
            "work": sum(not day.rest for day in days),
        }
        for known, days in by_year.items()
    ]
    shell.answer(plain, lambda: _years_text(by_year, shell.lang))
    return DONE


def _years_text(by_year: dict[int, list[CalendarDay]], lang: Language) -> str:
    said = Text("放假{rest}日，调休上班{work}日", "{rest} rest days, {work} worked weekend days")
    return table(
        [
            [
                str(year),
                said.filled(rest=sum(d.rest for d in days), work=sum(not d.rest for d in days)).said(lang),
                days[0].notice if days else "",
            ]
            for year, days in by_year.items()
        ]
    )


def _days_text(days: list[CalendarDay], year: int, lang: Language) -> str:
    if not days:
        return Text("{year}年尚无放假通知。", "There is no notice for {year}.").filled(year=year).said(lang)
    return table(
        [[day.day.isoformat(), (_REST if day.rest else _WORK).said(lang), day.notice] for day in days]
    )
