"""Language: which of the two a person reads, and how texts, dates and times are written in it.

Room for: the switch, ``t`` for sentences of the templates, ``said`` for texts of the engine, dates.
May not enter: the sentences themselves; both languages of each stand side by side where it is said.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import cast

from flask import Blueprint, Flask, g, redirect, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from engine.api import Language, Text
from web.desk import rules
from web.security import local_path

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATES = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} (?:" + "|".join(MONTHS) + r") \d{4}")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

bp = Blueprint("language", __name__)


@bp.post("/language")
def switch() -> Response:
    """Remember the language for a year and go back to where the switch was pressed."""
    answer = redirect(local_path(request.form.get("next")), 303)
    wanted = "en" if request.form.get("lang") == "en" else "zh"
    answer.set_cookie(COOKIE, wanted, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def spoken() -> Language:
    """Return the language of this request: Chinese unless English was chosen."""
    if "lang" not in g:
        g.lang = "en" if request.cookies.get(COOKIE) == "en" else "zh"
    return cast(Language, g.lang)


def t(zh: str, en: str, **values: object) -> str:
    """Return the sentence in the language spoken, its ``{names}`` filled in."""
    text = Text(zh, en)
    return (text.filled(**values) if values else text).said(spoken())


def said(text: Text | None) -> str:
    """Return a text of the engine in the language spoken; nothing for None."""
    return text.said(spoken()) if text else ""


def unbroken(text: Text | None) -> Markup:
    """Return a text of the engine with its dates kept on one line each."""
    # Escaped first: what stands in the text may have been typed by anybody.
    return Markup(DATES.sub(r'<span class="date">\g<0></span>', str(escape(said(text)))))


def day(value: date | None) -> str:
    """Return a date: 2026年3月5日, 5 Mar 2026; a dash where there is none."""
    if value is None:
        return "—"
    if spoken() == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def days(first: date, last: date) -> str:
    """Return a span of days, nothing said twice: 2026年3月17日至19日, 17–19 Mar 2026."""
    zh = spoken() == "zh"
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)}至{day(last)}" if zh else f"{day(first)} – {day(last)}"
    if first.month != last.month:
        start = f"{first.day} {MONTHS[first.month - 1]}"
        return f"{day(first)}至{last.month}月{last.day}日" if zh else f"{start} – {day(last)}"
    return f"{day(first)}至{last.day}日" if zh else f"{first.day}–{day(last)}"


def weekday(value: date) -> str:
    """Return the day of the week: 周四, Thu."""
    if spoken() == "zh":
        return f"周{WEEKDAYS_ZH[value.weekday()]}"
    return WEEKDAYS_EN[value.weekday()]


def month(value: date) -> str:
    """Return a month: 2026年3月, Mar 2026."""
    return f"{value.year}年{value.month}月" if spoken() == "zh" else f"{MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """Return an instant in the institution's zone, by the 24-hour clock, to the minute."""
    if value is None:
        return "—"
    there = value.astimezone(rules().register.zone)
    return f"{day(there.date())} {there:%H:%M}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Return names one after another as the language spoken puts them."""
    return ("、" if spoken() == "zh" else ", ").join(names)


def size(octets: int) -> str:
    """Return the size of a file as people say it."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def init_app(app: Flask) -> None:
    """Give the templates their words."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(t=t, spoken=spoken, weekday=weekday, span_of=days)
    app.jinja_env.filters.update(
        said=said, day=day, month=month, moment=moment, listed=listed, size=size, unbroken=unbroken
    )
