"""Application: the console put together, and the page for everything that goes wrong.

Room for: making the Flask application, its rooms, its friendly error pages.
May not enter: views, words of the procedure.
"""

from __future__ import annotations

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException, NotFound, RequestEntityTooLarge

from engine.api import (
    AnxuError,
    Conflict,
    Engine,
    KeyReused,
    StoreAway,
    Text,
    UnknownCase,
    UnknownName,
    WrongUse,
)
from web import (
    acts,
    away,
    calendars,
    cases,
    definitions,
    inbox,
    intake,
    language,
    ledger,
    matters,
    presenting,
    security,
    setbacks,
    sign_in,
    todos,
)
from web.desk import ENGINE, engine, rules
from web.forms import long_texts, typed

A_YEAR = 365 * 24 * 3600

FAULTS: dict[str, tuple[Text, Text]] = {
    "missing": (
        Text("没有找到", "Not found"),
        Text("没有这个页面或案件。请核对案号，或从案件列表中查找。", "There is no such page or case. Check the number, or look for it in the list."),
    ),
    "closed": (
        Text("不能进入", "No access"),
        Text("您的岗位不能查看这个页面。如需办理，请联系管理员。", "Your roles do not let you see this page. Ask the administrator if they should."),
    ),
    "forged": (
        Text("页面已失效", "The page is no longer good"),
        Text("页面打开过久或会话已结束，没有记录任何内容。请重新打开页面后再提交。", "It was open for too long or the session has ended. Nothing was recorded; open the page again and send anew."),
    ),
    "large": (
        Text("文件过大", "The file is too large"),
        Text("上传的文件合计不得超过20 MB，没有记录任何内容。请压缩或分次上传。", "Files may have 20 MB in all. Nothing was recorded; make them smaller and send again."),
    ),
    "overtaken": (
        Text("案件刚刚有变动", "The case has just changed"),
        Text("其他人正在办理同一案件，没有记录任何内容。请查看最新情况后再办理。", "Somebody else was acting on the same case and nothing was recorded. Look at it again before you act."),
    ),
    "broken": (
        Text("出现故障", "Something is broken"),
        Text("系统未能完成这次操作，没有记录任何内容。请稍后再试；如仍出现，请告知管理员发生的时间。", "This could not be done and nothing was recorded. Try again later; if it happens again tell the administrator when."),
    ),
}  # fmt: skip
"""What happened -> its heading and what to do."""

Page = tuple[str, int, dict[str, str]]


def create_app(engine: Engine, *, secret_key: str | None = None, secure_cookies: bool = False) -> Flask:
    """Return the console over *engine*.

    Without *secret_key* everybody signs in again after a restart; give the same one to every node.
    *secure_cookies* where it is served over HTTPS.
    """
    app = Flask(__name__)
    app.extensions[ENGINE] = engine
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.init_app(app, secret_key, secure_cookies)
    # Before anybody is asked who they are: that is a question to the store.
    away.init_app(app)
    language.init_app(app)
    presenting.init_app(app)
    sign_in.init_app(app)
    for room in (todos, inbox, cases, intake, matters, acts, ledger, setbacks, calendars, definitions):
        app.register_blueprint(room.bp)
    app.add_url_rule("/health", "health", _health)
    app.context_processor(_office)
    app.jinja_env.globals["looks_after_calendar"] = calendars.may_load
    app.jinja_env.globals["reads_definitions"] = definitions.may_read
    _catch(app)
    return app


def _health() -> tuple[str, dict[str, str]]:
    return "ok", {"Content-Type": "text/plain; charset=utf-8"}


def _office() -> dict[str, object]:
    """Return what stands on every page; nothing of the store where the page says that the store is away."""
    if g.get("bare"):
        return {"office_title": None, "rehearsal": False, "only_read": None}
    register = rules().register
    only_read = away.ONLY_READ.get(engine().only_read or "")
    return {"office_title": register.title, "rehearsal": register.rehearsal, "only_read": only_read}


def _catch(app: Flask) -> None:
    def missing(_error: Exception) -> Page:
        return _fault("missing", 404)

    def closed(_error: Exception) -> Page:
        return _fault("closed", 403)

    def forged(_error: Exception) -> Page:
        return _fault("forged", 400)

    def large(_error: Exception) -> Page:
        return _fault("large", 413, keep=False)

    def overtaken(_error: Exception) -> Page:
        return _fault("overtaken", 409)

    def other(error: Exception) -> Page:
        code = error.code if isinstance(error, HTTPException) and error.code else 500
        return _fault("missing" if code in (404, 405) else "broken", code)

    def known(error: Exception) -> Page:
        sentence = error.sentence if isinstance(error, AnxuError) else None
        return _fault("broken", 400 if isinstance(error, WrongUse) else 500, sentence=sentence)

    for error, page in {
        UnknownCase: missing, UnknownName: missing, NotFound: missing, Forbidden: closed, CSRFError: forged,
        RequestEntityTooLarge: large, StoreAway: away.page, Conflict: overtaken, KeyReused: overtaken,
        AnxuError: known, HTTPException: other,
    }.items():  # fmt: skip
        app.register_error_handler(error, page)


def _fault(
    name: str,
    status: int,
    headers: dict[str, str] | None = None,
    *,
    keep: bool = True,
    sentence: Text | None = None,
) -> Page:
    heading, what = FAULTS[name]
    kept = long_texts(typed()) if keep and request.method == "POST" else []
    # Whoever was overtaken is told to look at the case: the way there stands first.
    case = (request.view_args or {}).get("case") if name == "overtaken" else None
    shown = render_template("fault.html", heading=heading, what=sentence or what, kept=kept, case=case)
    return shown, status, headers or {}
