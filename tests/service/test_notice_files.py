"""A holiday notice comes as csv, xlsx or ics; what is wrong with it is said with its place, all at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import openpyxl
import pytest

from engine.errors import WrongUse
from engine.law.calendar import CalendarDay
from engine.law.festivals import statutory_days
from engine.service.notice_files import BrokenNotice, read_notice, read_rest_days, template
from engine.store.calendars import SEED_FROM, seed
from tests.service.notice_texts import HOLIDAYS_2027, WORKED_2027, csv_of, days_of, notice_2027

REST = frozenset(days_of(*HOLIDAYS_2027))
WORK = frozenset(date.fromisoformat(text) for text in WORKED_2027)


def assert_the_notice(days: Sequence[CalendarDay]) -> None:
    assert [day.day for day in days] == sorted(REST | WORK)
    assert {day.day for day in days if day.rest} == REST
    assert {day.day for day in days if not day.rest} == WORK


def in_ranges(
    kind_rest: str = "休", kind_work: str = "班", form: Callable[[str], str] = str
) -> list[list[str]]:
    rows = [
        [form(first), form(last) if last != first else "", kind_rest, ""] for first, last in HOLIDAYS_2027
    ]
    return [*rows, *([form(day), "", kind_work, ""] for day in WORKED_2027)]


def as_csv(rows: Sequence[Sequence[object]], header: str = "日期,至,安排,名称") -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)])


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def event(summary: str, first: str, end: str = "", more: str = "") -> str:
    lines = ["BEGIN:VEVENT", f"UID:{summary}{first}", f"DTSTART;VALUE=DATE:{first.replace('-', '')}"]
    lines += [f"DTEND;VALUE=DATE:{end.replace('-', '')}"] if end else []
    return "\r\n".join([*lines, f"SUMMARY:{summary}", *([more] if more else []), "END:VEVENT"])


def calendar_of(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def the_day_after(text: str) -> str:
    return date.fromordinal(date.fromisoformat(text).toordinal() + 1).isoformat()


def problems(file: str, content: bytes, year: int = 2027) -> list[tuple[int | None, str]]:
    with pytest.raises(BrokenNotice) as refused:
        read_notice(file, content, year)
    error = refused.value
    for problem in error.found:
        for said in (problem.reason, problem.fix):
            assert said.zh
            assert said.en
        assert file in problem.said("zh")
        assert file in problem.said("en")
    assert error.sentence.zh
    assert "Traceback" not in error.sentence.en
    return [(problem.row, problem.code) for problem in error.found]


# --- what is read -----------------------------------------------------------------------------------------


def slashed(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}/{int(month)}/{int(day)}"


def chinese(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


@pytest.mark.parametrize("form", [str, slashed, chinese])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_is_read_however_its_dates_and_letters_are_written(
    form: Callable[[str], str], encoding: str
) -> None:
    text = as_csv(in_ranges(form=form))
    assert_the_notice(read_notice("2027.csv", text.encode(encoding), 2027))


@pytest.mark.parametrize(
    ("header", "rest", "work"),
    [
        ("日期,至,安排,名称", "放假", "上班"),
        ("日期,至,安排,名称", "休", "调休上班"),
        ("Date,Until,Kind,Name", "rest", "Work"),
    ],
)
def test_headers_and_kinds_are_read_in_both_languages(header: str, rest: str, work: str) -> None:
    text = as_csv(in_ranges(rest, work), header)
    assert_the_notice(read_notice("2027.csv", text.encode(), 2027))


def test_columns_may_stand_in_any_order_and_rows_may_be_empty() -> None:
    rows = [[kind, until, first] for first, until, kind, _ in in_ranges()]
    text = as_csv([*rows[:3], ["", "", ""], *rows[3:]], "安排,至,日期")
    assert_the_notice(read_notice("2027.csv", ("\n\n" + text).encode(), 2027))


def test_a_workbook_is_read_with_real_dates_and_with_texts() -> None:
    rows: list[list[object]] = [["日期", "至", "安排"]]
    for number, (first, until, kind, _) in enumerate(in_ranges()):
        real = datetime.fromisoformat(first) if number % 2 else first
        rows.append([real, date.fromisoformat(until) if until else None, kind])
    assert_the_notice(read_notice("2027.xlsx", workbook(rows), 2027))


def test_a_calendar_file_is_read_by_its_all_day_events() -> None:
    events = [event("春节 休", first, the_day_after(last)) for first, last in HOLIDAYS_2027[:3]]
    events += [event("Holiday", first, the_day_after(last)) for first, last in HOLIDAYS_2027[3:]]
    events += [event("春节 补班", WORKED_2027[0]), *(event("调休上班", day) for day in WORKED_2027[1:])]
    assert_the_notice(read_notice("2027.ics", calendar_of(*events), 2027))


def test_an_event_lasts_as_long_as_it_says_and_a_cancelled_one_is_left_out() -> None:
    content = calendar_of(
        event("休", "2027-02-05", more="DURATION:P5D"),
        event("休", "2027-03-01", more="DURATION:P1W"),
        event("休", "2027-04-05", "2027-04-07", more="STATUS:CANCELLED"),
    )
    days = days_of(("2027-02-05", "2027-02-09"), ("2027-03-01", "2027-03-07"))
    assert list(read_rest_days("days.ics", content)) == days


@pytest.mark.parametrize(
    ("summary", "rest"),
    [
        ("调休", None), ("劳动节 调休", None), ("休息日上班", None), ("Network day", None), ("Homework", None), ("Forest fair", None),
        ("周末不上班", None), ("不放假", None), ("取消补班", None), ("春节值班", None), ("not working", None), ("值班", None),
        ("春节（班）", False), ("劳动节 上班", False),
        ("Network day off", True), ("国庆节假期（调休）", True), ("Rest", True), ("春节假期补班", False), ("make-up Workday", False),
    ],
)  # fmt: skip
def test_a_title_says_rest_or_work_or_is_asked_about(summary: str, rest: bool | None) -> None:
    content = calendar_of(event(summary, "2027-02-06"))
    if rest:
        assert read_rest_days("days.ics", content) == (date(2027, 2, 6),)
        return
    with pytest.raises(BrokenNotice) as raised:
        read_rest_days("days.ics", content)
    assert [problem.code for problem in raised.value.found] == [
        "unknown_kind" if rest is None else "not_rest"
    ]


def test_a_cell_that_says_the_word_for_both_is_asked_about() -> None:
    with pytest.raises(BrokenNotice) as raised:
        read_rest_days("days.csv", "日期,安排\n2027-02-06,调休\n".encode())
    assert [problem.code for problem in raised.value.found] == ["unknown_kind"]


@pytest.mark.parametrize("wrong_name", ["notice.csv", "notice", "notice.ics"])
def test_a_file_is_known_by_its_content(wrong_name: str) -> None:
    rows = [["日期", "至", "安排", "名称"], *in_ranges()]
    assert_the_notice(read_notice(wrong_name, workbook(rows), 2027))


def test_a_notice_may_reach_back_into_december() -> None:
    days = read_notice("2027.csv", notice_2027(rest=["2026-12-31"]), 2027)
    assert days[0] == CalendarDay(date(2026, 12, 31), rest=True)


@pytest.mark.parametrize("file", ["form.csv", "form.xlsx"])
def test_the_form_is_no_notice_until_it_is_filled_in(file: str) -> None:
    form = template(file, 2027)
    assert [day.isoformat() for day in read_rest_days(file, form)] == [
        "2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01", "2027-05-02",
        "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03",
    ]  # fmt: skip
    assert problems(file, form) == [(None, "no_worked_days")]


@pytest.mark.parametrize("file", ["form.ics", "form.xls", "form"])
def test_the_form_is_a_csv_or_a_workbook_alone(file: str) -> None:
    with pytest.raises(WrongUse, match="csv"):
        template(file, 2027)


SATURDAY_2012 = (None, "festival_missing")
"""The notice of 2012 names 22 to 24 June; our source leaves out Saturday the 23rd, the Dragon Boat Festival itself."""


@pytest.mark.parametrize("year", range(SEED_FROM, 2027))
def test_every_notice_there_was_is_accepted(year: int) -> None:
    days = seed()[year]
    content = csv_of([day.day for day in days if day.rest], [day.day for day in days if not day.rest])
    if year == 2012:
        assert problems("2012.csv", content, year) == [SATURDAY_2012]
        content += "2012-06-23,休\n".encode()
    assert {day.day for day in days} <= {day.day for day in read_notice(f"{year}.csv", content, year)}


def test_rest_days_of_an_office_may_be_of_any_year() -> None:
    text = as_csv([["2026-03-05", "2026-03-06", "休", ""], ["2027-03-05", "", "休", ""]])
    assert [day.isoformat() for day in read_rest_days("local.csv", text.encode())] == [
        "2026-03-05", "2026-03-06", "2027-03-05",
    ]  # fmt: skip


# --- what is wrong ----------------------------------------------------------------------------------------


def test_every_problem_is_said_with_its_row_at_once() -> None:
    text = as_csv(
        [
            *in_ranges(),
            ["2027-13-45", "", "休", ""],
            ["2027-11-01", "", "也许", ""],
            ["2027-11-03", "2027-11-02", "休", ""],
            ["2027-01-01", "", "班", ""],
            ["2026-11-30", "", "休", ""],
            ["2027-11-08", "", "班", ""],
        ]
    )
    assert problems("2027.csv", text.encode()) == [
        (12, "not_a_date"), (13, "unknown_kind"), (14, "bad_range"), (15, "twice"), (15, "plain_weekday"),
        (16, "other_year"), (17, "plain_weekday"),
    ]  # fmt: skip


@pytest.mark.parametrize("year", [1998, 2077])
def test_a_year_nobody_can_answer_for_is_said(year: int) -> None:
    assert problems("n.csv", notice_2027(), year) == [(None, "unknown_year")]


@pytest.mark.parametrize("year", [2026, 2028])
def test_the_notice_of_another_year_is_said_once(year: int) -> None:
    assert problems("notice.csv", notice_2027(), year) == [(None, "other_year")]


def test_each_festival_must_rest_on_all_its_statutory_days() -> None:
    rows = [row for row in in_ranges() if not row[0].startswith(("2027-06", "2027-10-01"))]
    rows[1][1] = "2027-02-06"
    with pytest.raises(BrokenNotice) as refused:
        read_notice("2027.csv", as_csv(rows).encode(), 2027)
    assert [problem.reason.zh.partition("的")[0] for problem in refused.value.found] == [
        "2027年2月7日、2027年2月8日是春节", "2027年6月9日是端午节", "2027年10月1日、2027年10月2日、2027年10月3日是国庆节",
    ]  # fmt: skip
    assert {problem.code for problem in refused.value.found} == {"festival_missing"}


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2007, {"spring": (3, "2007-02-18"), "labour": (3, "2007-05-01"), "national": (3, "2007-10-01")}),
        (2013, {"spring": (3, "2013-02-09"), "labour": (1, "2013-05-01"), "national": (3, "2013-10-01")}),
        (2024, {"spring": (3, "2024-02-10"), "labour": (1, "2024-05-01"), "national": (3, "2024-10-01")}),
        (2025, {"spring": (4, "2025-01-28"), "labour": (2, "2025-05-01"), "national": (3, "2025-10-01")}),
    ],
)
def test_the_statutory_days_are_those_of_the_regulation_then(
    year: int, days: dict[str, tuple[int, str]]
) -> None:
    found = {name: (len(off), off[0].isoformat()) for name, off in statutory_days(year).items()}
    assert {name: found.pop(name) for name in days} == days
    assert {count for count, _ in found.values()} == {1}
    assert len(found) == (1 if year < 2008 else 4)


def test_a_notice_without_a_worked_weekend_is_asked_about() -> None:
    content = csv_of(sorted(REST), [])
    assert problems("2027.csv", content) == [(None, "no_worked_days")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n\n ", "empty"),
        (b"2027-01-01,\xe4\xbc\x91\n", "no_header"),
        ("日期,安排\n".encode(), "no_days"),
        (b"\x00\xff\xfe\x00" * 20, "not_text"),
        (b"date,kind\n" + b"2027-01-01,rest\n" * 3000, "too_many_rows"),
        (b"x" * 50_000_000, "too_large"),
    ],
    ids=["nothing", "blank", "no header", "no days", "no text", "too many rows", "too large"],
)
def test_a_csv_that_is_none_is_refused(content: bytes, code: str) -> None:
    assert problems("2027.csv", content)[0][1] == code


def bomb(size: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return content.getvalue()


def broken_workbook(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["日期", "安排"]]))) as whole,
        zipfile.ZipFile(content, "w") as changed,
    ):
        for entry in whole.infolist():
            changed.writestr(
                entry.filename, parts.get(entry.filename.rpartition("/")[2][:-4], whole.read(entry))
            )
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and nothing else", "not_xlsx"),
        (workbook([["日期", "安排"]])[:-400], "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        (bomb(30_000_000), "too_large"),
        (bomb(100), "not_xlsx"),
        (broken_workbook(sheet1=b"<worksheet><sheetData><row><c"), "not_xlsx"),
        (broken_workbook(workbook=b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook>&a;"), "not_xlsx"),
        (workbook([["日期", "安排"], *([["2027-01-01", "休"]] * 3000)]), "too_many_rows"),
        (workbook([]), "no_header"),
        (workbook([["日期", "安排"], ["=TODAY()", "休"]]), "formula"),
        (workbook([["日期", "安排"], ["2027-01-01", '=IF(1,"休","班")']]), "formula"),
        (workbook([["日期", "安排"], [46388, "休"]]), "not_a_date"),
    ],
    ids=[
        "cut short", "half of one", "encrypted", "a bomb", "a zip of something else", "broken sheet", "entities",
        "too many rows", "empty", "a formula for a date", "a formula for a kind", "a number",
    ],
)  # fmt: skip
def test_a_workbook_that_is_none_is_refused(content: bytes, code: str) -> None:
    assert problems("2027.xlsx", content)[0][1] == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"BEGIN:VCALENDAR\r\nthis is none", "not_ics"),
        (calendar_of(event("元旦 休", "2027-01-01", more="RRULE:FREQ=DAILY;COUNT=900000")), "recurring"),
        (calendar_of(event("年会", "2027-01-01")), "unknown_kind"),
        (calendar_of(event("休", "2027-01-05", "2027-01-01")), "bad_range"),
        (calendar_of(event("休", "2027-01-05", "2099-01-01")), "bad_range"),
        (calendar_of("BEGIN:VEVENT\r\nSUMMARY:休\r\nEND:VEVENT"), "not_all_day"),
        (
            calendar_of("BEGIN:VEVENT\r\nDTSTART:20270101T090000Z\r\nSUMMARY:休\r\nEND:VEVENT"),
            "not_all_day",
        ),
        (calendar_of(event("休", "2027-01-05", more="DURATION:PT12H")), "not_all_day"),
        (calendar_of(event("休", "2027-01-05", more="DURATION:-P2D")), "bad_range"),
        (calendar_of(event("休", "2027-01-05", more="DURATION:five days")), "not_ics"),
        (calendar_of(event("休", "2027-01-05", more="STATUS:CANCELLED")), "no_days"),
        (calendar_of(), "no_days"),
    ],
    ids=[
        "none", "recurring", "no kind", "backwards", "too long", "no date", "by the hour", "half a day", "negative",
        "unreadable length", "cancelled", "empty",
    ],
)  # fmt: skip
def test_a_calendar_file_that_cannot_be_meant_is_refused(content: bytes, code: str) -> None:
    assert problems("2027.ics", content)[0][1] == code


def test_an_office_cannot_make_its_own_working_days() -> None:
    with pytest.raises(BrokenNotice) as refused:
        read_rest_days("local.csv", "日期,安排\n2026-03-07,班\n".encode())
    assert [problem.code for problem in refused.value.found] == ["not_rest"]
