"""Sign-in: who a request comes from, and how they came in.

Room for: the sign-in page, the session, who may enter the console at all.
May not enter: passwords (`Engine.sign_in`), what a person may do to a case (the engine).
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from engine.api import PersonPage, Refusal
from web.desk import engine
from web.security import idle_too_long, local_path

OPEN = frozenset({"static", "health", "sign_in.page", "sign_in.enter", "sign_in.leave", "language.switch"})
"""The only endpoints that answer somebody unknown."""

OUTSIDER = "party"
"""The role of those a case is about; they have no desk in this edition."""

bp = Blueprint("sign_in", __name__)


PASSWORD = "password"
"""Where a session keeps the mark of the password it was opened with."""


class Account(UserMixin):  # type: ignore[misc, unused-ignore]
    """What Flask-Login holds of a person."""

    def __init__(self, person: PersonPage) -> None:
        self.id = person.id
        self.person = person


def init_app(app: Flask) -> None:
    """Ask everybody who they are, except at the open doors."""
    manager = LoginManager()
    # Without its context processor: it would read the person again while a page says that the store is away.
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_account)
    app.register_blueprint(bp)
    app.before_request(_ask)


def _account(id: str) -> Account | None:
    if session.get(PASSWORD) != engine().sign_in_mark(id):
        return None
    person = engine().person(id)
    return Account(person) if person else None


def _ask() -> Response | None:
    if request.endpoint in ("static", "health"):
        return None
    if current_user.is_authenticated:
        if not idle_too_long(engine().now()):
            g.me = current_user.person
        else:
            logout_user()
            session.clear()
            session["idle"] = True
    if request.endpoint in OPEN:
        return None
    if "me" not in g:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.page", next=back if back != "/" else None), 303)
    if not any(role != OUTSIDER for role, _ in g.me.roles):
        raise Forbidden
    return None


@bp.get("/sign-in")
def page() -> str | Response:
    """Show the sign-in form; somebody signed in goes on to where they wanted to go."""
    if "me" in g:
        return redirect(local_path(request.args.get("next")), 303)
    idle = session.pop("idle", False)
    return render_template(
        "sign_in.html", next=request.args.get("next", ""), person="", refused=None, idle=idle
    )


@bp.post("/sign-in")
def enter() -> Response | tuple[str, int]:
    """Open a session for whoever proves who they are."""
    person, wanted = request.form.get("person", "").strip(), request.form.get("next")
    answer = engine().sign_in(person, request.form.get("password", ""))
    if isinstance(answer, Refusal):
        shown = render_template("sign_in.html", next=wanted or "", person=person, refused=answer, idle=False)
        return shown, 422
    # Nothing of the session before may live on in the one after: a session fixed by somebody else ends here.
    session.clear()
    login_user(Account(answer))
    session[PASSWORD] = engine().sign_in_mark(answer.id)
    idle_too_long(engine().now())
    return redirect(local_path(wanted), 303)


@bp.post("/sign-out")
def leave() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.page"), 303)
