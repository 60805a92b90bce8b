"""Away: the page while the store cannot be written or reached, with everything that was typed on it, to be sent again.

Room for: saying what is the matter, giving a form back as it was sent, turning requests away that waited too long.
May not enter: trying again (the engine did), anything that reads the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, g, render_template, request

from engine.api import OutcomeUnknown, StoreAway, Text
from web.forms import long_texts, typed
from web.security import local_path

RETRY_AFTER = "5"

QUEUED = "anxu.queued"
"""Where the server says for how many seconds a request waited for a thread."""

QUEUED_MOST = 2.5
"""A request that waited longer for a thread is told that many are at work. The server's `TURNED_AWAY` is a little more."""

PASSWORD = "password"
"""A form with such a field is never written onto a page."""

GONE = Text("系统暂时无法使用", "The system is away for a moment")
READ_ONLY = Text("暂时无法记录", "Nothing can be recorded for a moment")

REASONS: Mapping[str, Text] = {
    "gone": Text("暂时连接不上数据库，没有记录任何内容。一般几秒后即可恢复。", "The database cannot be reached and nothing was recorded. It is usually back within seconds."),
    "locked": Text("其他程序正占用数据库，没有记录任何内容。请稍候片刻再试。", "Another program is holding the database and nothing was recorded. Try again in a moment."),
    "full": Text("服务器磁盘已满，没有记录任何内容；现有案件仍可查看。请告知管理员。", "The server's disk is full and nothing was recorded; cases can still be read. Tell the administrator."),
    "read_only": Text("数据库目前只能查看，没有记录任何内容；现有案件仍可查看。", "The database can only be read just now and nothing was recorded; cases can still be read."),
    "busy": Text("同时办理的人较多，没有记录任何内容。请稍候片刻再试。", "Many people are at work and nothing was recorded. Try again in a moment."),
}  # fmt: skip

ONLY_READ: Mapping[str, Text] = {
    "full": Text("只读：服务器磁盘已满，暂时不能记录，现有案件仍可查看。请告知管理员。", "Read-only: the server's disk is full and nothing can be recorded; cases can still be read. Tell the administrator."),
    "read_only": Text("只读：数据库目前只能查看，暂时不能记录。", "Read-only: the database can only be read just now and nothing can be recorded."),
}  # fmt: skip
"""What stands on every page while that lasts."""

UNKNOWN = (
    Text("不能确定是否已经记录", "It is not certain whether this was recorded"),
    Text("提交时与数据库的连接中断。请再次提交：同一份表单无论提交几次，只记录一次。", "The connection broke while it was recorded. Send it again: however often the same form is sent, it is recorded once."),
    Text("提交时与数据库的连接中断。请先查看是否已经记录，再决定是否重新提交。", "The connection broke while it was recorded. Look whether it is there before you send it again."),
)  # fmt: skip
"""Heading; what to do with a form that has a request key; with one that has none."""

Page = tuple[str, int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form as it came: where to, its fields, and the files that must be chosen once more."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def init_app(app: Flask) -> None:
    """Turn away requests that waited too long for a thread, before anything is asked of the store for them."""
    app.before_request(_waited_too_long)


def page(error: Exception) -> Page:
    """Return the page for *error*: 503, when to try again, and the form to be sent again."""
    # Nothing of the store on a page that says that the store is away.
    g.bare = True
    form = _sent()
    reason = error.reason if isinstance(error, StoreAway) else "gone"
    heading, what = GONE if reason == "gone" else READ_ONLY, REASONS[reason]
    if isinstance(error, StoreAway) and error.begun:
        what = error.begun.as_sentence()
    if isinstance(error, OutcomeUnknown):
        keyed = form is not None and any(name == "key" and value for name, value in form.fields)
        heading, what = UNKNOWN[0], UNKNOWN[1 if keyed else 2]
    # The names of choices say nothing to whoever chose; their words do.
    kept = [text for text in long_texts(typed()) if not text.isascii() or " " in text] if form else []
    here = local_path(request.full_path.rstrip("?")) if request.method == "GET" else "/"
    shown = render_template("away.html", heading=heading, what=what, form=form, kept=kept, here=here)
    headers = {"Retry-After": RETRY_AFTER}
    if request.method == "GET":
        headers["Refresh"] = RETRY_AFTER
    return shown, 503, headers


def _waited_too_long() -> Page | None:
    if request.environ.get(QUEUED, 0.0) <= QUEUED_MOST or request.endpoint == "static":
        return None
    return page(StoreAway(REASONS["busy"], "busy"))


def _sent() -> Form | None:
    """Return the posted form; None where there is none, or one that is not written onto pages."""
    if request.method != "POST" or any(PASSWORD in name for name in request.form):
        return None
    fields = tuple((name, value) for name, values in typed().items() for value in values)
    files = tuple(
        (name, file.filename or "") for name, file in request.files.items(multi=True) if file.filename
    )
    return Form(local_path(request.full_path.rstrip("?")), fields, files)
