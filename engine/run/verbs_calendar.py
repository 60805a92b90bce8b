"""Verbs on the calendar: which years have a holiday notice, loading one, an office's own rest days, whom it moved.

Room for: flags to one call of the engine.
May not enter: reading notices, moving dates (`engine/service`), the shapes of answers (`calendar_answers.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from engine.errors import WrongUse
from engine.model.answers import Refusal
from engine.run.calendar_answers import (
    days_text,
    loaded_json,
    loaded_text,
    moved_json,
    moved_text,
    named_day_json,
    notice_problem_json,
    notice_problems_text,
    year_json,
    years_text,
)  # fmt: skip
from engine.run.flags import DAY, Verbs, read_bytes, with_shell
from engine.run.progress import CaseProgress
from engine.run.shell import DONE, NO, Shell
from engine.service.calendars import Loaded
from engine.service.notice_files import BrokenNotice, read_rest_days, template
from engine.text import Text

_BY = click.option("--as", "by", required=True, metavar="ADMIN", help="录入人代号 · who loads it")
_DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="只试算，不写入 · show what would move, write nothing"
)


@click.group("calendar", cls=Verbs)
def calendar_group() -> None:
    """工作日历。 · The calendar of working days."""


@calendar_group.command("list")
@click.option("--year", type=int, metavar="YEAR", help="该年逐日 · the days of one year")
@click.option("--in", "place", metavar="OFFICE", help="该办公地点自有的休息日 · the rest days of one office")
@with_shell
def list_verb(shell: Shell, year: int | None, place: str | None) -> int:
    """已录放假通知的年份，或一年的逐日安排。 · Years with a holiday notice, or the days of one."""
    engine = shell.engine()
    if year is not None:
        days = engine.calendar_days(year, place)
        shell.answer([named_day_json(day) for day in days], lambda: days_text(days, year, shell.lang))
        return DONE
    zone = shell.rules().register.zone
    lines = engine.calendar_years(place)
    shell.answer([year_json(line, zone) for line in lines], lambda: years_text(lines, zone, shell.lang))
    return DONE


@calendar_group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--year", type=int, required=True, metavar="YEAR", help="通知所管的年份 · the year of the notice"
)
@click.option("--notice", required=True, metavar="NUMBER", help="文号 · its number, 国办发明电〔2026〕7号")
@_BY
@_DRY_RUN
@with_shell
def load_verb(shell: Shell, file: Path, year: int, notice: str, by: str, dry_run: bool) -> int:
    """录入放假通知（csv、xlsx、ics），重算在办案件。 · Load a holiday notice; the open cases follow.

    csv、xlsx 的列：日期、至、安排（休 或 班）、名称；ics：全天事件，标题写明 休 或 班。
    · Columns of csv and xlsx: date, until, kind (rest or work), name; ics: all-day events whose title says rest or work.
    """
    content = read_bytes(file)

    def load(progress: CaseProgress) -> Loaded | Refusal:
        return shell.engine().load_notice(
            file.name, content, year, notice, by, progress=progress, dry_run=dry_run
        )

    return _answered(shell, load)


@calendar_group.command("rest")
@click.option("--add", type=DAY, multiple=True, metavar="DATE", help="增加的休息日 · a rest day to add")
@click.option("--remove", type=DAY, multiple=True, metavar="DATE", help="取消的休息日 · one to take away")
@click.option(
    "--file", type=click.Path(path_type=Path), metavar="FILE", help="休息日表 · rest days to add, in a file"
)
@click.option("--in", "place", required=True, metavar="OFFICE", help="办公地点 · the office")
@click.option("--reason", required=True, metavar="TEXT", help="理由 · why")
@_BY
@_DRY_RUN
@with_shell
def rest_verb(
    shell: Shell, add: tuple[date, ...], remove: tuple[date, ...], file: Path | None, place: str, reason: str,
    by: str, dry_run: bool,
) -> int:  # fmt: skip
    """一个办公地点自有的休息日。 · Rest days of one office alone.

    文件的列：日期、至、安排（休）；ics：全天事件，标题写明 休。
    · Columns of the file: date, until, kind (rest); ics: all-day events whose title says rest.
    """

    def change(progress: CaseProgress) -> Loaded | Refusal:
        more = read_rest_days(file.name, read_bytes(file)) if file else ()
        return shell.engine().change_rest_days(
            place, by, reason=reason, add=(*add, *more), remove=remove, progress=progress, dry_run=dry_run
        )

    return _answered(shell, change)


@calendar_group.command("moved")
@click.option(
    "--load",
    type=int,
    metavar="N",
    help="第几次录入，缺省为最近一次 · which load; the last where none is given",
)
@click.option("--after", metavar="CURSOR", help="下一页 · the next page")
@with_shell
def moved_verb(shell: Shell, load: int | None, after: str | None) -> int:
    """因录入日历而变动日期的案件。 · The cases whose dates a load moved."""
    page = shell.engine().moved_cases(load, after)
    shell.answer(moved_json(page), lambda: moved_text(page, shell.lang))
    return DONE


@calendar_group.command("template")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, metavar="YEAR", help="年份 · the year")
@with_shell
def template_verb(shell: Shell, file: Path, year: int) -> int:
    """写出待填的放假安排表（csv 或 xlsx）。 · Write a form to fill in, with the statutory days of the year."""
    content = template(file.name, year)
    try:
        with file.open("xb") as out:
            out.write(content)
    except OSError as error:
        raise WrongUse(
            Text(f"无法写入 {file}（{error.strerror}）。", f"Cannot write {file} ({error.strerror}).")
        ) from None
    shell.answer(
        {"file": str(file)},
        lambda: Text("已写出 {file}", "Wrote {file}").filled(file=str(file)).said(shell.lang),
    )
    return DONE


def _answered(shell: Shell, work: Callable[[CaseProgress], Loaded | Refusal]) -> int:
    try:
        with CaseProgress(shell.lang) as progress:
            answer = work(progress)
    except BrokenNotice as error:
        problems = error.found
        shell.answer(
            {"problems": [notice_problem_json(problem, shell.lang) for problem in problems]},
            lambda: notice_problems_text(problems, shell.lang),
        )
        return NO
    if isinstance(answer, Refusal):
        return shell.refuse(answer)
    zone = shell.rules().register.zone
    shell.answer(loaded_json(answer, zone), lambda: loaded_text(answer, shell.lang))
    return DONE
