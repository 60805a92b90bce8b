"""Todos: the start page: what a person is awaited on today, and what they have been told.

Room for: the strip of counts as filters, the todo list, the inbox, help.
May not enter: who is awaited (the engine).
"""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.api import TodoLine, is_over
from web.desk import engine, me, today
from web.presenting import may_open

bp = Blueprint("todos", __name__)

NOTICES_SHOWN = 3
SOON = timedelta(days=3)


@bp.get("/")
def page() -> str:
    """Show what awaits me, the nearest last day first; ``show`` narrows it as the strip counts it."""
    show = request.args.get("show", "")
    lines = [line for line in engine().todos(me().id) if wanted(line, show, today())]
    unread = [notice for notice in engine().inbox(me().id) if not notice.read]
    return render_template(
        "todos.html",
        lines=lines,
        strip=engine().strip(me().id),
        show=show,
        today=today(),
        notices=unread[:NOTICES_SHOWN],
        unread=len(unread),
        now=engine().now(),
        may_open=may_open(),
    )


def wanted(line: TodoLine, show: str, on: date) -> bool:
    """Return whether a todo is among those a count of the strip stands for."""
    if show == "today":
        return line.due == on
    if show == "soon":
        return line.due is not None and on <= line.due <= on + SOON
    if show == "overdue":
        return is_over(line, on)
    return True


@bp.get("/inbox")
def inbox() -> str:
    """Show my notices, newest first."""
    return render_template("inbox.html", notices=engine().inbox(me().id))


@bp.post("/inbox/read")
def read() -> Response:
    """Mark one notice as read, or all of them."""
    one = request.form.get("notice")
    if one is None:
        engine().mark_all_read(me().id)
    else:
        engine().mark_read(me().id, one)
    return redirect(url_for("todos.inbox"), 303)


@bp.get("/help")
def help_page() -> str:
    """Show the keys and what the signs mean."""
    return render_template("help.html")
