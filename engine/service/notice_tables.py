"""Notice tables: csv, xlsx and ics as rows or days, whatever the file really is.

Room for: encodings, workbooks, events of a calendar; what cannot be opened, said with row and column.
May not enter: which days a notice may name (`notice_files.py`).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.text import Text

ROWS_MOST = 2_000
COLUMNS_MOST = 40
UNPACKED_MOST = 20_000_000
EVENTS_MOST = 2_000

Cell = str | date | datetime | int | float | None
"""What stands in a cell: text, a date, a number, nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, numbered from 1 as a person sees it."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: int | None) -> Cell:
        """Return the cell in a column; nothing where the row is shorter."""
        return self.cells[column] if column is not None and column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a file names, with the row (of an ics file: the event) it stands in."""

    row: int | None
    day: date
    rest: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a file, or something in it, cannot be read."""

    code: str
    reason: Text
    fix: Text
    row: int | None = None
    column: str = ""


class Unreadable(Exception):
    """A file that cannot be read as what it is."""

    def __init__(self, *problems: Trouble) -> None:
        super().__init__(problems[0].reason.en)
        self.problems = problems


_OF_WHEN = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "STATUS"})

_NEITHER = re.compile("调休|值班|加班|轮班|换班|交班|培训班|退休|班[级车次组会]")
"""What holds 休 or 班 and says neither; 调休 is said of the day off and of the day worked for it."""

_DENIED = re.compile("[不非未没勿]|无[需须班休]|取消")
_DENIED_WORDS = frozenset({"no", "not", "non", "never", "without", "cancelled", "canceled"})
"""A title that denies something (周末不上班) is asked about, never guessed at."""

_SAVE_ANEW = Text("请用表格软件另存为 .xlsx 或 .csv 再试", "Save it anew as .xlsx or .csv and try again")
_NOT_EXCEL = Trouble(
    "not_xlsx",
    Text("不是可读的 Excel 工作簿（.xlsx）", "it is not a readable Excel workbook (.xlsx)"),
    _SAVE_ANEW,
)
_LOCKED = Trouble(
    "encrypted",
    Text("工作簿已加密，或是旧式 .xls 文件", "the workbook is encrypted, or an old .xls file"),
    Text("请去掉密码，另存为 .xlsx", "Take the password off and save it as .xlsx"),
)
_BOMB = Trouble("too_large", Text("解压后的内容过大", "what it unpacks to is too large"), _SAVE_ANEW)
_TOO_MANY = Trouble(
    "too_many_rows",
    Text("行数过多", "there are too many rows"),
    Text("放假安排只需几十行，请删去其余内容", "A notice has a few dozen rows; leave out the rest"),
)
_NOT_TEXT = Trouble(
    "not_text",
    Text("不是可读的文本（应为 UTF-8 或 GBK）", "it is not readable text (UTF-8 or GBK)"),
    Text("请另存为 UTF-8 编码的 .csv，或用 .xlsx", "Save it as .csv in UTF-8, or as .xlsx"),
)
_NOT_ICS = Trouble(
    "not_ics",
    Text("不是可读的日历文件（.ics）", "it is not a readable calendar file (.ics)"),
    Text("请重新导出，或改用 .csv", "Export it anew, or use .csv"),
)


def rows_of_csv(content: bytes) -> Iterator[Row]:
    """Yield the rows of a csv file in UTF-8 (with or without a mark) or GBK. Raises Unreadable."""
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(",;\t，", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > ROWS_MOST:
                raise Unreadable(_TOO_MANY)
            yield Row(number, tuple(cells[:COLUMNS_MOST]))
    except csv.Error:
        raise Unreadable(_NOT_TEXT) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_NOT_TEXT)


def rows_of_xlsx(content: bytes) -> Iterator[Row]:
    """Yield the rows of the first sheet of a workbook. Raises Unreadable."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_LOCKED)
    _bounded(content)
    try:
        yield from _sheet(content)
    except Unreadable:
        raise
    # Behind a workbook stand zip, XML and number formats, each with errors of its own; all mean the same here.
    except Exception as error:
        raise Unreadable(_NOT_EXCEL) from error


def _bounded(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise Unreadable(_LOCKED)
            if len(entries) > 1000 or sum(entry.file_size for entry in entries) > UNPACKED_MOST:
                raise Unreadable(_BOMB)
            # What a zip says of its sizes may be a lie, so they are unpacked once, within the bound.
            left = UNPACKED_MOST
            for entry in entries:
                with packed.open(entry) as part:
                    left -= len(part.read(left + 1))
                if left < 0:
                    raise Unreadable(_BOMB)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable(_NOT_EXCEL) from error
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_NOT_EXCEL) from error


def _sheet(content: bytes) -> Iterator[Row]:
    # Most calls of the program load no notice, and this takes a fifth of a second.
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MOST, values_only=True), 1):
            if number > ROWS_MOST:
                raise Unreadable(_TOO_MANY)
            yield Row(number, tuple(_cell(cell) for cell in cells))
    finally:
        book.close()


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | date | int | float) else str(value)


def rows_of_ics(content: bytes, kind_of: Callable[[str], bool | None]) -> Iterator[NamedDay]:
    """Yield the days of a calendar's all-day events; *kind_of* and the summary say what each is. Raises Unreadable."""
    # Most calls of the program load no notice, and this takes a tenth of a second.
    from icalendar import Calendar

    try:
        events = list(Calendar.from_ical(_decoded(content)).walk("VEVENT"))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_NOT_ICS) from error
    if len(events) > EVENTS_MOST:
        raise Unreadable(_TOO_MANY)
    troubles: list[Trouble] = []
    days: list[NamedDay] = []
    for number, event in enumerate(events, 1):
        try:
            days += _event_days(number, event, kind_of)
        except Unreadable as error:
            troubles += error.problems
        except Exception:
            troubles.append(_of_event(number, "not_ics", _NOT_ICS.reason, _NOT_ICS.fix))
    if troubles:
        raise Unreadable(*troubles)
    yield from days


def _event_days(number: int, event: Any, kind_of: Callable[[str], bool | None]) -> Iterator[NamedDay]:
    if str(event.get("status", "")).strip().upper() == "CANCELLED":
        return
    summary = str(event.get("summary", "")).strip()
    # The library leaves out what it cannot read: an event without its end would be one day long.
    if any(name.upper() in _OF_WHEN for name, _ in event.errors if name):
        raise Unreadable(_of_event(number, "not_ics", _NOT_ICS.reason, _NOT_ICS.fix))
    if "RRULE" in event or "RDATE" in event:
        raise Unreadable(
            _of_event(
                number, "recurring",
                Text("“{s}”是重复事件", "“{s}” recurs").filled(s=summary[:40]),
                Text("请逐日列出", "List each day on its own"),
            )
        )  # fmt: skip
    first = _all_day(number, event, "dtstart", summary)
    last = _last_day(number, event, first, summary)
    rest = _of_summary(summary, kind_of)
    if rest is None:
        raise Unreadable(
            _of_event(
                number, "unknown_kind",
                Text("看不出“{s}”是休息还是上班", "“{s}” does not say whether it is rest or work").filled(s=summary[:40]),
                Text("标题中请写 休 或 班", "Write rest or work in its title"),
            )
        )  # fmt: skip
    if last < first or (last - first).days > 60:
        raise Unreadable(
            _of_event(
                number, "bad_range",
                Text("“{s}”的起止日期不对", "“{s}” ends before it begins, or lasts too long").filled(s=summary[:40]),
                Text("请核对起止日期", "Check its two dates"),
            )
        )  # fmt: skip
    for day in range(first.toordinal(), last.toordinal() + 1):
        yield NamedDay(number, date.fromordinal(day), rest)


def _all_day(number: int, event: Any, name: str, summary: str) -> date:
    value = getattr(event.get(name), "dt", None)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Unreadable(_not_all_day(number, summary))
    return value


def _last_day(number: int, event: Any, first: date, summary: str) -> date:
    # DTEND is the day after the last one, and so is the beginning with its DURATION.
    if "DTEND" in event:
        return _all_day(number, event, "dtend", summary) - timedelta(days=1)
    if "DURATION" not in event:
        return first
    length = getattr(event.get("duration"), "dt", None)
    if not isinstance(length, timedelta) or length % timedelta(days=1):
        raise Unreadable(_not_all_day(number, summary))
    return first + length - timedelta(days=1)


def _not_all_day(number: int, summary: str) -> Trouble:
    return _of_event(
        number, "not_all_day",
        Text("“{s}”不是全天事件", "“{s}” is not an all-day event").filled(s=summary[:40]),
        Text("请改为全天事件", "Make it an all-day event"),
    )  # fmt: skip


def _of_summary(summary: str, kind_of: Callable[[str], bool | None]) -> bool | None:
    whole = kind_of(summary)
    if whole is not None:
        return whole
    said = _NEITHER.sub("", summary)
    words = set(re.findall(r"[a-z]+", said.casefold().replace("n't", " not ")))
    if _DENIED.search(said) or words & _DENIED_WORDS:
        return None
    work = "班" in said or bool(words & {"work", "workday", "working"})
    rest = "休" in said or "假" in said or bool(words & {"rest", "holiday", "off"})
    if "补班" in said:
        return False
    return rest if rest != work else None


def _of_event(number: int, code: str, reason: Text, fix: Text) -> Trouble:
    return Trouble(code, reason, fix, row=number)


def form_of(file: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return *rows* as a workbook where *file* is called .xlsx, else as csv that spreadsheets read as UTF-8."""
    if not file.lower().endswith(".xlsx"):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
