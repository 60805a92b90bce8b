"""Definitions: on the console, what is in force since when and by whom, what is coming, and proposals to decide on.

Room for: who may read this, the forms of the second person.
May not enter: proposing (that takes files, and is done by `anxu activate`), what fits (the engine).
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as Answer

from engine.api import (
    APPROVERS,
    PROPOSAL_OUTCOMES,
    Approved,
    BrokenDefinition,
    ProposalPage,
    Refusal,
    Text,
    WrongUse,
)
from web.desk import acts_as, engine, me, signed_in
from web.forms import whole
from web.language import said

bp = Blueprint("definitions", __name__)

READERS = frozenset({*APPROVERS, "supervisor", "auditor"})
"""Who sees what is in force: those who decide, and those who watch over the office."""

OVERTAKEN = frozenset({"decided", "ground_moved"})
"""Refusals that come of somebody else having been first."""


@bp.before_request
def _readers_only() -> None:
    # Who is not signed in is sent to sign in by then.
    if signed_in() is not None and not may_read():
        raise Forbidden


@bp.get("/definitions")
def page() -> str:
    """Show what is in force, what is coming, and the proposals."""
    return shown()


@bp.get("/definitions/<int:number>")
def proposal(number: int) -> str:
    """Show one proposal with what it would do, or how it ended."""
    return one(engine().proposal(number))


@bp.post("/definitions/<int:number>/approve")
def approve(number: int) -> Answer | tuple[str, int]:
    """Approve a proposal as it was shown on the page."""
    try:
        answer = engine().approve(number, me().id, whole(request.form.get("seen")))
    except (BrokenDefinition, WrongUse) as error:
        return one(engine().proposal(number), why=error.sentence), 422
    if isinstance(answer, Approved):
        late = Text(
            "已批准；已过提请的生效日，自{day}起生效。",
            "Approved, after the day proposed; it holds from {day}.",
        )
        plain = Text("已批准，自{day}起生效。", "Approved; it holds from {day}.")
        return _done((late if answer.late else plain).filled(day=answer.page.since))
    return _refused(number, answer)


@bp.post("/definitions/<int:number>/reject")
def reject(number: int) -> Answer | tuple[str, int]:
    """Reject a proposal, with a reason."""
    reason = request.form.get("reason", "")
    try:
        answer = engine().reject(number, me().id, reason)
    except WrongUse as error:
        return one(engine().proposal(number), why=error.sentence, reason=reason), 422
    if isinstance(answer, Refusal):
        return _refused(number, answer, reason)
    return _done(Text("已驳回。", "Rejected."))


@bp.post("/definitions/<int:number>/withdraw")
def withdraw(number: int) -> Answer | tuple[str, int]:
    """Take back a proposal of one's own."""
    answer = engine().withdraw(number, me().id)
    if isinstance(answer, Refusal):
        return _refused(number, answer)
    return _done(Text("已撤回。", "Taken back."))


def shown() -> str:
    """Return the page of everything in force and proposed."""
    return render_template("definitions.html", found=engine().definitions(), outcomes=PROPOSAL_OUTCOMES)


def one(found: ProposalPage, why: Text | None = None, reason: str = "") -> str:
    """Return the page of one proposal; *why* it could not be done, *reason* as it was typed."""
    as_one = {me().id, *(person for person, _ in me().standing_in)}
    return render_template(
        "proposal.html", found=found, why=why, reason=reason, outcomes=PROPOSAL_OUTCOMES, mine=found.by in as_one,
        may=me().id in found.deciders,
    )  # fmt: skip


def may_read() -> bool:
    """Return whether whoever is signed in sees what is in force and proposed."""
    return acts_as(READERS)


def _refused(number: int, refusal: Refusal, reason: str = "") -> tuple[str, int]:
    status = 409 if refusal.code in OVERTAKEN else 403
    return one(engine().proposal(number), why=refusal.reason, reason=reason), status


def _done(sentence: Text) -> Answer:
    flash(said(sentence), "done")
    return redirect(url_for("definitions.page"), 303)
