"""Inbox: what a person has been told, how else they are told, and for those who watch over it what could not be sent.

Room for: the pages of messages, the choice of digest or each notice, the list of dead letters.
May not enter: who is told what and by which channel (the engine).
"""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.api import WANTS, WATCHERS, Text, UnknownName
from web.desk import acts_as, engine, me
from web.language import said

bp = Blueprint("inbox", __name__)

SENT_AGAIN = Text("{n}条通知将再次发送。", "Notices that will be sent again: {n}.")
LET_GO = Text(
    "该条通知不再发送；消息仍在收件人的办案台。", "It is let go; the message still stands in the console."
)
GONE = Text("该条通知已不在未送达之列。", "It is no longer among those that could not be sent.")
CHOSEN = Text("已保存通知方式。", "How you are told has been saved.")


@bp.get("/inbox")
def page() -> str:
    """Show my notices, newest first, page by page."""
    after, unread = request.args.get("after") or None, request.args.get("show") == "unread"
    return render_template(
        "inbox.html",
        found=engine().inbox.page(me().id, after, unread=unread),
        unread=unread,
        contacts=engine().contacts.of(me().id),
        wants=WANTS,
        dead=engine().deliveries.counts().dead if acts_as(WATCHERS) else 0,
    )


@bp.post("/inbox/read")
def read() -> Response:
    """Mark one notice as read, or all of them, and stay on the page."""
    one = request.form.get("notice")
    if one is None:
        engine().inbox.mark_all_read(me().id)
    else:
        engine().inbox.mark_read(me().id, one)
    show = "unread" if request.form.get("show") == "unread" else None
    return redirect(url_for("inbox.page", show=show, after=request.form.get("after") or None), 303)


@bp.post("/inbox/told")
def choose() -> Response:
    """Remember what comes at once and what in the digest, for one channel."""
    engine().contacts.choose(
        me().id, request.form.get("channel", ""), request.form.get("wants", ""), request.form.get("language")
    )
    flash(said(CHOSEN), "done")
    return redirect(url_for("inbox.page") + "#told", 303)


@bp.get("/deliveries")
def deliveries() -> str:
    """Show what waits to go out and what was given up, to those who watch over it."""
    _only_watchers()
    state: Literal["waiting", "dead"] = "waiting" if request.args.get("show") == "waiting" else "dead"
    found = engine().deliveries.page(state, request.args.get("after") or None)
    return render_template("deliveries.html", found=found, state=state, now=engine().now())


@bp.post("/deliveries")
def again() -> Response:
    """Send one that was given up again, or all of them, or let one go."""
    _only_watchers()
    key, forget = request.form.get("again"), request.form.get("forget")
    try:
        if forget:
            engine().deliveries.forget(forget)
            flash(said(LET_GO), "done")
        else:
            flash(said(SENT_AGAIN.filled(n=engine().deliveries.again(key or None))), "done")
    except UnknownName:
        # Somebody else was quicker: the page then shows how it stands.
        flash(said(GONE), "done")
    return redirect(url_for("inbox.deliveries"), 303)


def _only_watchers() -> None:
    if not acts_as(WATCHERS):
        abort(403)
