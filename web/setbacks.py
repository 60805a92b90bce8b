"""Setbacks: the cases whose reminders could not be sent out, and taking one up again.

Room for: the list of them, the button of whoever watches over them.
May not enter: why one failed, when it is tried again (the engine).
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as Answer

from engine.api import WATCHERS, Refusal, Text, UnknownCase
from web.desk import acts_as, engine, me, signed_in
from web.language import said

bp = Blueprint("setbacks", __name__)

FIRED = Text("已处理，补发提醒{n}次。", "Done; reminders sent: {n}.")
FAILED = Text(
    "仍未成功，稍后自动再试。原因见下。", "It failed again and is tried again by itself; see why below."
)
NOTHING = Text("该案已无待发的提醒。", "Nothing waits on this case any more.")


@bp.before_request
def _watchers_only() -> None:
    # Who is not signed in is sent to sign in by then.
    if signed_in() is not None and not acts_as(WATCHERS):
        raise Forbidden


@bp.get("/setbacks")
def page() -> str:
    """Show the cases that are put aside, and those that are tried again."""
    return render_template("setbacks.html", lines=engine().setbacks(), now=engine().now())


@bp.post("/setbacks")
def again() -> Answer:
    """Take one up again, and see at once what comes of it."""
    try:
        answer = engine().sweep_again(request.form.get("case", ""), me().id)
    except UnknownCase as error:
        flash(said(error.sentence), "done")
        return redirect(url_for("setbacks.page"), 303)
    if isinstance(answer, Refusal):
        sentence = answer.reason
    elif answer.failed:
        sentence = FAILED
    else:
        sentence = FIRED.filled(n=answer.fired) if answer.fired else NOTHING
    flash(said(sentence), "done")
    return redirect(url_for("setbacks.page"), 303)
