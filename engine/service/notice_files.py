"""Notice files: a year's holiday notice as a file that an administrator fills in or is given.

Room for: from rows of csv, xlsx or ics to days, and everything that is wrong with them at once.
May not enter: how each kind of file is opened (`notice_tables.py`), where the days are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.errors import BrokenDefinition, WrongUse
from engine.law.calendar import CalendarDay
from engine.law.festivals import FESTIVALS, statutory_days
from engine.service.notice_tables import (
    Cell,
    NamedDay,
    Row,
    Unreadable,
    form_of,
    rows_of_csv,
    rows_of_ics,
    rows_of_xlsx,
)  # fmt: skip
from engine.text import Language, Text, counted, day_text

SIZE_MOST = 1_000_000
PROBLEMS_MOST = 200
DAYS_MOST = 400

COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("日期", "date", "from", "起", "开始日期"),
    "until": ("至", "until", "to", "止", "结束日期"),
    "kind": ("安排", "kind", "类型"),
    "name": ("名称", "name", "节日"),
}
"""Column -> what its header may say."""

_REST = frozenset({"休", "放假", "休息", "假", "rest", "holiday", "off"})
_WORK = frozenset({"班", "上班", "补班", "调休上班", "work", "workday"})
"""调休 alone is said of the day off and of the day worked for it, so it is no kind."""
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")

_FESTIVAL_TITLES = {
    "new_year": Text("元旦", "New Year"),
    "spring": Text("春节", "Spring Festival"),
    "qingming": Text("清明节", "Qingming"),
    "labour": Text("劳动节", "Labour Day"),
    "dragon_boat": Text("端午节", "Dragon Boat Festival"),
    "mid_autumn": Text("中秋节", "Mid-Autumn Festival"),
    "national": Text("国庆节", "National Day"),
}


@dataclass(frozen=True, slots=True)
class NoticeProblem:
    """Something wrong in a notice's file: where, what, and what to do; row and column are counted from 1."""

    file: str
    row: int | None
    column: str
    code: str
    reason: Text
    fix: Text

    def said(self, lang: Language) -> str:
        """Return the problem as a line."""
        place = self.file
        if self.row:
            place += Text(" 第{n}行", " row {n}").filled(n=self.row).said(lang)
        if self.column:
            place += Text(" {c}列", " column {c}").filled(c=self.column).said(lang)
        mark = Text("{place}：{reason}。{fix}", "{place}: {reason}. {fix}")
        return mark.filled(place=place, reason=self.reason, fix=self.fix).said(lang)


class BrokenNotice(BrokenDefinition):
    """The file of a notice has problems; *found* holds them in order."""

    code = "broken_notice"

    def __init__(self, sentence: Text, found: tuple[NoticeProblem, ...]) -> None:
        super().__init__(sentence, found)
        self.found = found


def read_notice(file: str, content: bytes, year: int) -> tuple[CalendarDay, ...]:
    """Return the days that the notice of *year* in a csv, xlsx or ics file names. Raises BrokenNotice with every problem."""
    found = _Findings(file)
    days = _days(found, content)
    if days or not found.problems:
        _of_the_year(found, days, year)
    return _sound(found, days)


def read_rest_days(file: str, content: bytes) -> tuple[date, ...]:
    """Return the rest days of one office that a file names, whatever their years. Raises BrokenNotice."""
    found = _Findings(file)
    days = _days(found, content)
    for day in days:
        if not day.rest:
            found.add(
                day.row, "kind", "not_rest",
                Text("办公室自己的安排只能是休息日", "an office of its own can only add rest days"),
                Text("请删去上班日", "Leave out the days that are worked"),
            )  # fmt: skip
    return tuple(day.day for day in _sound(found, days))


def template(file: str, year: int) -> bytes:
    """Return the form of a notice, a csv or xlsx by the name of *file*, with the statutory days of *year* in it.

    How long each holiday lasts and which weekend days are worked for it is left to fill in; it is no notice before that.
    """
    if not file.lower().endswith((".csv", ".xlsx")):
        raise WrongUse(
            Text(
                "模板只能是 .csv 或 .xlsx 文件，请改用这样的文件名。",
                "The form is a .csv or .xlsx file only; name it so.",
            )
        )
    if year not in FESTIVALS:
        raise WrongUse(
            Text("{year}年不在可用的年份内。", "{year} is not a year that can be used.").filled(year=year)
        )
    header = [titles[0] for titles in COLUMNS.values()]
    rows: list[list[str]] = [
        [day.isoformat(), "", "休", _FESTIVAL_TITLES[name].zh]
        for name, days in statutory_days(year).items()
        for day in days
    ]
    return form_of(file, [header, *rows])


class _Findings:
    """The problems of one file so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[NoticeProblem] = []

    def add(self, row: int | None, column: str, code: str, reason: Text, fix: Text) -> None:
        title = COLUMNS[column][0] if column in COLUMNS else column
        self.problems.append(NoticeProblem(self.file, row, title, code, reason, fix))


def _sound(found: _Findings, days: Iterable[NamedDay]) -> tuple[CalendarDay, ...]:
    if found.problems:
        problems = sorted(found.problems, key=lambda problem: problem.row or 0)[:PROBLEMS_MOST]
        n = len(found.problems)
        head = Text(f"放假安排的文件有{n}处问题：", f"{counted(n, 'problem')} in the file of the notice:")
        lines = {lang: "\n".join(p.said(lang) for p in problems) for lang in ("zh", "en")}
        raise BrokenNotice(Text(f"{head.zh}\n{lines['zh']}", f"{head.en}\n{lines['en']}"), tuple(problems))
    unique = {day.day: CalendarDay(day.day, day.rest) for day in days}
    return tuple(sorted(unique.values(), key=lambda day: day.day))


def _days(found: _Findings, content: bytes) -> list[NamedDay]:
    if len(content) > SIZE_MOST:
        found.add(
            None, "", "too_large",
            Text("文件过大（{n}字节）", "the file is too large ({n} bytes)").filled(n=len(content)),
            Text("放假安排只需几十行，请核对是否选错文件", "A notice has a few dozen rows; check that this is the right file"),
        )  # fmt: skip
        return []
    if not content.strip():
        found.add(
            None, "", "empty", Text("文件是空的", "the file is empty"),
            Text("请按模板填写后重试", "Fill in the template and try again"),
        )  # fmt: skip
        return []
    try:
        if _kind(found.file, content) == "ics":
            days = list(rows_of_ics(content, _kind_of))
        else:
            read: Callable[[bytes], Iterable[Row]] = (
                rows_of_xlsx if _kind(found.file, content) == "xlsx" else rows_of_csv
            )
            days = _from_table(found, list(read(content)))
    except Unreadable as error:
        for problem in error.problems:
            found.add(problem.row, problem.column, problem.code, problem.reason, problem.fix)
        return []
    if not days and not found.problems:
        found.add(
            None, "", "no_days", Text("文件中没有日期", "the file names no day"),
            Text("请按模板填写后重试", "Fill in the template and try again"),
        )  # fmt: skip
    _twice(found, days)
    return days


def _kind(file: str, content: bytes) -> str:
    # What a file is called decides nothing where its content says otherwise.
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        return "ics"
    ending = file.rpartition(".")[2].lower()
    return ending if ending in ("xlsx", "ics") else "csv"


# --- rows of a table --------------------------------------------------------------------------------------


def _from_table(found: _Findings, rows: Sequence[Row]) -> list[NamedDay]:
    filled = [row for row in rows if any(_text(cell) for cell in row.cells)]
    where = _header(filled[0]) if filled else {}
    missing = [name for name in ("date", "kind") if name not in where]
    if missing:
        wanted = "、".join(COLUMNS[name][0] for name in missing)
        english = ", ".join(COLUMNS[name][1] for name in missing)
        found.add(
            filled[0].number if filled else None, "", "no_header",
            Text(f"没有表头，或表头缺少：{wanted}", f"there is no header row, or it lacks: {english}"),
            Text("第一行应为：日期，至，安排，名称", "The first row must say: date, until, kind, name"),
        )  # fmt: skip
        return []
    return [day for row in filled[1:] for day in _row_days(found, row, where)]


def _header(row: Row) -> dict[str, int]:
    said = [_text(cell).casefold() for cell in row.cells]
    return {
        name: said.index(title)
        for name, titles in COLUMNS.items()
        for title in reversed(titles)
        if title in said
    }


def _row_days(found: _Findings, row: Row, where: dict[str, int]) -> Iterator[NamedDay]:
    first = _date(found, row, where, "date")
    last = _date(found, row, where, "until") if _text(row.at(where.get("until"))) else first
    said = _text(row.at(where["kind"]))
    rest = _kind_of(said)
    if said.startswith("="):
        _formula(found, row, "kind")
    elif rest is None:
        found.add(
            row.number, "kind", "unknown_kind",
            Text("不认识的安排“{text}”", "unknown kind “{text}”").filled(text=said[:40]),
            Text("请写 休 或 班", "Write rest or work"),
        )  # fmt: skip
    if first is None or last is None or rest is None:
        return
    if last < first or (last - first).days >= DAYS_MOST:
        found.add(
            row.number, "until", "bad_range",
            Text("“至”早于“日期”，或相隔过远", "“until” is before “date”, or too far from it"),
            Text("请核对两个日期", "Check the two dates"),
        )  # fmt: skip
        return
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield NamedDay(row.number, date.fromordinal(number), rest)


def _date(found: _Findings, row: Row, where: dict[str, int], column: str) -> date | None:
    cell = row.at(where.get(column))
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass  # 2027-02-30 is told below, as what is no date at all
    if text.startswith("="):
        _formula(found, row, column)
        return None
    found.add(
        row.number, column, "not_a_date",
        Text("“{text}”不是日期", "“{text}” is not a date").filled(text=text[:40]),
        Text("请写成 2027-01-01 这样的日期", "Write a date such as 2027-01-01"),
    )  # fmt: skip
    return None


def _formula(found: _Findings, row: Row, column: str) -> None:
    found.add(
        row.number, column, "formula", Text("单元格里是公式", "the cell holds a formula"),
        Text("请改为内容本身", "Put there what it comes to"),
    )  # fmt: skip


def _kind_of(text: str) -> bool | None:
    folded = text.strip().casefold()
    return True if folded in _REST else False if folded in _WORK else None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


# --- all days together ------------------------------------------------------------------------------------


def _twice(found: _Findings, days: Sequence[NamedDay]) -> None:
    known: dict[date, NamedDay] = {}
    for day in days:
        before = known.setdefault(day.day, day)
        if before.rest != day.rest:
            row = Text("第{n}行", "row {n}").filled(n=before.row) if before.row else Text("前面", "before")
            found.add(
                day.row, "date", "twice",
                Text("{day}既是休息日又是上班日（见{row}）", "{day} is both a rest day and a worked one (see {row})").filled(day=day.day, row=row),
                Text("请保留其中一个", "Keep one of the two"),
            )  # fmt: skip


def _of_the_year(found: _Findings, days: Sequence[NamedDay], year: int) -> None:
    if year not in FESTIVALS:
        found.add(
            None, "", "unknown_year",
            Text("{year}年不在可用的年份内（{first}至{last}）", "{year} is not a year that can be used ({first} to {last})").filled(year=year, first=min(FESTIVALS), last=max(FESTIVALS)),
            Text("请核对 --year", "Check --year"),
        )  # fmt: skip
        return
    if days and not any(day.day.year == year for day in days):
        years = [str(one) for one in sorted({day.day.year for day in days})]
        listed = Text("、".join(years), ", ".join(years))
        found.add(
            None, "", "other_year",
            Text("文件中没有{year}年的日期，只有{years}年的", "the file names no day of {year}, only of {years}").filled(year=year, years=listed),
            Text("请核对 --year 和文件", "Check --year and the file"),
        )  # fmt: skip
        return
    for day in days:
        _in_its_place(found, day, year)
    _festivals(found, {day.day for day in days if day.rest}, year)
    if all(day.rest for day in days) and not any(problem.row for problem in found.problems):
        found.add(
            None, "", "no_worked_days",
            Text("未填写调休上班日；放假通知每年都会列明", "no weekend day is worked; a holiday notice always names some"),
            Text("请对照通知，逐日补上“班”，并补全各节日放假的起止日", "Fill in the form from the notice: its worked days, and how long each holiday lasts"),
        )  # fmt: skip


def _in_its_place(found: _Findings, day: NamedDay, year: int) -> None:
    december = (day.day.year, day.day.month) == (year - 1, 12)
    if day.day.year != year and not december:
        found.add(
            day.row, "date", "other_year",
            Text("{day}不属于{year}年", "{day} is not in {year}").filled(day=day.day, year=year),
            Text("请核对年份；上一年只可有12月的日期", "Check the year; of the year before only December may be named"),
        )  # fmt: skip
    if not day.rest and day.day.weekday() < 5:
        found.add(
            day.row, "kind", "plain_weekday",
            Text("{day}是周一至周五，本来就上班", "{day} is a weekday and worked anyway").filled(day=day.day),
            Text("只需列出上班的周六、周日", "Name only the Saturdays and Sundays that are worked"),
        )  # fmt: skip


def _festivals(found: _Findings, rest: set[date], year: int) -> None:
    for festival, days in statutory_days(year).items():
        missing = [day_text(day) for day in days if day not in rest]
        if missing:
            title = _FESTIVAL_TITLES[festival]
            zh, en = "、".join(day.zh for day in missing), ", ".join(day.en for day in missing)
            verb = "is a statutory day" if len(missing) == 1 else "are statutory days"
            found.add(
                None, "", "festival_missing",
                Text(f"{zh}是{title.zh}的法定假日，却不在休息日中", f"{en} {verb} of {title.en} and not among the rest days"),
                Text("请补上；通知应列全年的放假安排", "Add what is missing; a notice names every holiday of its year"),
            )  # fmt: skip
