"""Verb on the law alone: worked deadline cases from a file, answered and compared.

Room for: the verb `clock`, its help, its answer in words.
May not enter: reading the file (`worked_files.py`), what the law says (`worked_answers.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from engine.law.agreement import FIGURES, STATES
from engine.law.calendar import Calendar
from engine.run.first_calendar import first_calendar
from engine.run.flags import Verb, with_shell
from engine.run.json_tables import quoted, shown
from engine.run.layout import one_line, table
from engine.run.settings import missing_file
from engine.run.shell import DONE, NO, Shell
from engine.run.worked_answers import Answered, Figures, answer
from engine.run.worked_files import EVENTS, read_worked_file
from engine.text import Language, Text, counted

_HELP = f"""用本系统核对期限案例文件。 · Put a file of deadline cases to the law, and compare.

\b
文件为 JSON 列表，每案一个对象，日期写 2026-03-02。无需机构和数据库；有数据库时用其工作日历。
FILE is a JSON list, an object a case, dates as 2026-03-02. It needs no office and no database;
where there is one, its calendar is used.

\b
  id, op             编号；问什么 · which case, and what is asked: one of the following
  op: clock          clock {{unit: day|month, length, ext_cap, target, target_unit, approvers}},
                     events [{{type, date, …}}], as_of
  op: limit          trigger, n, unit: work_day|natural_day|month
  op: before         event_date, n, unit, clear_days: true|false
  op: publication    announced, days
  op: posted_service posted
  op: timely         due, posted_by_mail
  expect             应得的结果，逐项比较 · figures to be compared; a difference makes exit code 1
\b
事项 · events of a clock, in the order they were recorded:
  {", ".join(list(EVENTS)[:6])},
  {", ".join(list(EVENTS)[6:10])},
  {", ".join(list(EVENTS)[10:14])},
  {", ".join(list(EVENTS)[14:])}
  ref                中止与恢复配对 · pairs resumed with suspended
  days               公告、扣除的天数 · of publication and excluded
  amount, approver   延期多少（按 unit）、谁批准 · of extension, in the clock's unit; who decided
  recorded           录入日期 · the day it was entered, if later (K22)
  override           特批理由 · the director's reason to let it stand after expiry (K9)
  struck             true: 补录未获批准 · the late entry was not approved (K22)
"""

_VERDICTS = {True: Text("一致", "agrees"), False: Text("不一致", "DIFFERS"), None: Text("", "")}
_HEADINGS = (
    Text("案例", "case"), Text("结论", "verdict"), Text("起算", "start"), Text("天数", "days"), Text("届满", "due"),
    Text("目标", "target"), Text("已用", "used"), Text("剩余", "left"), Text("状态", "state"), Text("标题", "title"),
)  # fmt: skip
_DUE = ("due", "latest", "deemed_served")
"""The last day of each kind of case: they share a column."""

_PROVISIONAL = Text("（暂定）", " (provisional)")
_IN_TIME, _TOO_LATE = Text("及时", "in time"), Text("逾期", "too late")
_NAMES = {
    **FIGURES,
    "latest": Text("最迟日", "latest day"),
    "earliest": Text("最早的最迟日", "earliest it may be"),
    "due_earliest": Text("最早届满日", "earliest due date"),
    "deemed_served": Text("视为送达日", "deemed served"),
    "timely": Text("是否及时", "in time"),
}


@click.command(
    "clock", cls=Verb, help=_HELP, short_help="核对期限案例文件。 · Check a file of deadline cases."
)
@click.argument("file", type=click.Path(path_type=Path))
@with_shell
def clock_verb(shell: Shell, file: Path) -> int:
    cases = read_worked_file(file)
    calendar = _calendar(shell)
    answers = [answer(case, calendar) for case in cases]
    shell.answer([one.plain() for one in answers], lambda: _text(answers, shell.lang))
    return NO if any(one.agrees is False or one.doubt for one in answers) else DONE


def _calendar(shell: Shell) -> Calendar:
    """The calendar of the office at hand; without one, that of the notices every new office begins with."""
    settings = shell.settings
    if (settings.db or settings.office) and missing_file(settings.url) is None:
        return shell.rules().calendar
    return first_calendar()


def _text(answers: Sequence[Answered], lang: Language) -> str:
    rows = [[heading.said(lang) for heading in _HEADINGS], *(_row(one, lang) for one in answers)]
    notes = [note for one in answers for note in _notes(one, lang)]
    counts = Counter(one.agrees for one in answers)
    summary = Text(
        "共{all}件：{agree}件一致，{differ}件不一致，{rest}件未写明应得结果。",
        "{cases}: {agree} agree, {differ} differ, {rest} without an expected answer.",
    ).filled(
        all=len(answers),
        cases=counted(len(answers), "case"),
        agree=counts[True],
        differ=counts[False],
        rest=counts[None],
    )
    return "\n".join([*([table(rows)] if answers else []), *notes, summary.said(lang)])


def _row(one: Answered, lang: Language) -> list[str]:
    figures = one.figures
    due = next((figures[name] for name in _DUE if figures.get(name)), "")
    if due and figures.get("provisional"):
        due += _PROVISIONAL.said(lang)
    return [
        one_line(str(one.case.id)),
        _VERDICTS[one.agrees].said(lang),
        *_cells(figures, "clock_start", "total_length_days"),
        due,
        *_cells(figures, "target_due", "counted_days", "remaining_days"),
        _state(figures).said(lang),
        one_line(one.case.title),
    ]


def _cells(figures: Figures, *names: str) -> list[str]:
    return ["" if figures.get(name) is None else str(figures[name]) for name in names]


def _state(figures: Figures) -> Text:
    if "timely" in figures:
        return _IN_TIME if figures["timely"] else _TOO_LATE
    return STATES[figures["state"]] if "state" in figures else Text("", "")


def _value(value: object) -> str:
    return one_line(value) if isinstance(value, str) else shown(value)


def _notes(one: Answered, lang: Language) -> list[str]:
    id = one_line(str(one.case.id))
    expected = one.case.expect or {}
    found = [_difference(id, name, expected[name], one.figures) for name in one.differs]
    found += [
        Text(f"{id}  events[{index}] {why.zh}", f"{id}  events[{index}] {why.en}")
        for index, why in one.refused
    ]
    if one.doubt:
        found.append(Text(f"{id}  {one.doubt.zh}", f"{id}  {one.doubt.en}"))
    return [note.said(lang) for note in found]


def _difference(id: str, name: str, expected: object, figures: Figures) -> Text:
    if name not in figures:
        key = quoted(name)
        return Text(f"{id}  expect.{key}：没有这一项", f"{id}  expect.{key}: there is no such figure here")
    known, wanted, found = _NAMES[name], _value(expected), _value(figures[name])
    return Text(
        f"{id}  {known.zh}（{name}）：应为 {wanted}，算得 {found}",
        f"{id}  {known.en} ({name}): expected {wanted}, found {found}",
    )
