"""Calendars: the working calendar on the console: its years and days, loading a notice, whom it moved.

Room for: the trial before a load, the file carried from the trial to the load.
May not enter: reading notices, moving dates (the engine).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as Answer

from engine.api import BrokenNotice, Loaded, NoticeProblem, Refusal, Text, WrongUse, notice_form
from web.desk import engine, me, rules, signed_in, today
from web.forms import whole
from web.language import said

bp = Blueprint("calendars", __name__)

FORMS = ("xlsx", "csv")
"""What a form to fill in may be handed out as."""

NO_FILE = Text("请选择放假安排的文件。", "Choose the file with the days of the notice.")
NO_YEAR = Text("请填写通知所管的年份，如 2027。", "Say which year the notice is for, like 2027.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in, carried from the trial to the load."""

    file: str
    content: bytes
    year: int | None
    notice: str

    @property
    def carried(self) -> str:
        """The content as text, for a hidden field."""
        return base64.b64encode(self.content).decode()


@bp.get("/calendar")
def page() -> str:
    """Show the years that have a notice, and to an administrator the form to load one."""
    return shown()


def shown(
    typed: Typed | None = None, trial: Loaded | None = None, problems: tuple[NoticeProblem, ...] = (),
    why: Text | None = None,
) -> str:  # fmt: skip
    """Return the page, with what a trial came to or why there could be none."""
    places = [(place, engine().calendar_years(place)) for place in rules().register.offices]
    return render_template(
        "calendar.html", lines=engine().calendar_years()[::-1], own=[(p, lines) for p, lines in places if lines],
        offices=rules().register.offices, may_load=may_load(), typed=typed, trial=trial, problems=problems, why=why,
        next_year=today().year + 1, seeded=min((line.load.loaded_at for line in engine().calendar_years()), default=None),
    )  # fmt: skip


@bp.get("/calendar/<int:year>")
def year(year: int) -> str:
    """Show the days that are named for a year."""
    place = request.args.get("office") or None
    if place is not None and place not in rules().register.offices:
        abort(404)
    return render_template(
        "calendar_year.html", year=year, days=engine().calendar_days(year, place),
        office=rules().register.offices[place] if place else None,
        open_december=not place and not rules().calendar.published(year + 1),
    )  # fmt: skip


@bp.get("/calendar/form/<int:year>.<kind>")
def form(year: int, kind: str) -> Response:
    """Hand out the form of a year's notice, to be filled in."""
    if kind not in FORMS:
        abort(404)
    answer = make_response(notice_form(f"{year}.{kind}", year))
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="notice-{year}.{kind}"'
    return answer


@bp.post("/calendar/trial")
def trial() -> str | tuple[str, int]:
    """Say what a load would do; nothing is written."""
    typed = _uploaded()
    answer = _loaded(typed, dry_run=True)
    return shown(typed, trial=answer) if isinstance(answer, Loaded) else answer


@bp.post("/calendar")
def load() -> Answer | tuple[str, int]:
    """Load the notice that was tried, and show whom it moved."""
    answer = _loaded(_brought_back(), dry_run=False)
    if not isinstance(answer, Loaded):
        return answer
    if answer.unchanged:
        flash(
            said(Text("与现行日历相同，未作改动。", "This is in force already; nothing was changed.")), "done"
        )
        return redirect(url_for("calendars.page"), 303)
    told = Text("已录入；{n}件案件的日期有变动。", "Loaded. Cases whose dates moved: {n}.").filled(
        n=answer.moved
    )
    flash(said(told), "done")
    return redirect(url_for("calendars.moved", load=answer.loads[-1].number), 303)


@bp.get("/calendar/moved/<int:load>")
def moved(load: int) -> str:
    """Show the cases whose dates a load moved."""
    found = engine().moved_cases(load, request.args.get("after") or None)
    mine = tuple(line for line in found.lines if line.office in me().offices)
    return render_template("calendar_moved.html", lines=mine, next=found.next, load=load)


def may_load() -> bool:
    """Return whether whoever is signed in looks after the calendar."""
    person = signed_in()
    return person is not None and any(role == "admin" for role, _ in person.roles)


def _loaded(typed: Typed, *, dry_run: bool) -> Loaded | tuple[str, int]:
    """Return what the load did (or would do), or the page with what is wrong."""
    if not may_load():
        raise Forbidden
    if not typed.content or typed.year is None:
        return shown(typed, why=NO_YEAR if typed.content else NO_FILE), 422
    try:
        answer = engine().load_notice(
            typed.file, typed.content, typed.year, typed.notice, me().id, dry_run=dry_run
        )
    except BrokenNotice as error:
        return shown(typed, problems=error.found), 422
    except WrongUse as error:
        return shown(typed, why=error.sentence), 422
    if isinstance(answer, Refusal):
        return shown(typed, why=answer.reason), 403
    return answer


def _uploaded() -> Typed:
    file = request.files.get("file")
    name, content = (file.filename or "", file.read()) if file and file.filename else ("", b"")
    return Typed(name.replace("\\", "/").split("/")[-1][:200], content, *_about())


def _brought_back() -> Typed:
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except binascii.Error:
        content = b""
    return Typed(request.form.get("name", "")[:200], content, *_about())


def _about() -> tuple[int | None, str]:
    return whole(request.form.get("year")), request.form.get("notice", "").strip()
