"""Todos: the start page: what a person is awaited on today, and what they have been told.

Room for: the strip of counts as filters, the todo list, the newest messages, help.
May not enter: who is awaited (the engine).
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.api import COUNTED_MOST, Show
from web.desk import asked, engine, me, today, turned
from web.presenting import may_open

bp = Blueprint("todos", __name__)

NOTICES_SHOWN = 3

SHOWN: tuple[Show, ...] = ("today", "soon", "overdue")


@bp.get("/")
def page() -> str:
    """Show what awaits me, the nearest last day first; ``show`` narrows it as the strip counts it."""
    asked_for = request.args.get("show", "")
    show: Show = next((one for one in SHOWN if one == asked_for), "")
    strip = engine().strip(me().id)
    return render_template(
        "todos.html",
        found=engine().lists.todos(me().id, show, asked()),
        strip=strip,
        show=show,
        today=today(),
        notices=engine().inbox.page(me().id, most=NOTICES_SHOWN, unread=True).lines,
        unread=strip.unread,
        now=engine().now(),
        may_open=may_open(),
        turned=turned(),
        counted_most=COUNTED_MOST,
    )


@bp.get("/help")
def help_page() -> str:
    """Show the keys and what the signs mean."""
    return render_template("help.html")
