"""Intake: the form a filing clerk opens a case with.

Room for: the form of a procedure's opening, its parties one a line.
May not enter: numbering a case, judging its facts (the engine).
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from engine.api import OPENED, FieldLine, KeyReused, Party, Procedure, Refusal, Text, field_line
from web.acts import CHANNEL, KEY_TAKEN
from web.desk import engine, me, rules, today
from web.forms import Trouble, opening_form, typed
from web.language import said
from web.presenting import may_open, openable

bp = Blueprint("intake", __name__)

SIDES = ("claimant", "respondent", "third_party")


@bp.get("/cases/new")
def page() -> str:
    """Show the form of a new case."""
    return shown()


@bp.post("/cases/new")
def receive() -> Response | tuple[str, int]:
    """Open the case: on to its page, or the form again with the reason."""
    procedure = _chosen()
    facts, documents, on, bad = opening_form()
    answer = bad
    if answer is None:
        try:
            done = engine().open_case(
                procedure.name, me().id, parties=_parties(), facts=facts, documents=documents,
                office=_office(), on=on, key=request.form.get("key", "")[:64] or None, channel=CHANNEL,
            )  # fmt: skip
        except KeyReused:
            done = Refusal("again", KEY_TAKEN)
        if not isinstance(done, Refusal):
            again = Text(
                f"{done.number}此前已登记，没有重复立案。",
                f"{done.number} was registered before; not opened twice.",
            )
            opened = Text(f"已收件，案号：{done.number}。", f"Received as {done.number}.")
            flash(said(again if done.again else opened), "done")
            return redirect(url_for("cases.page", case=done.case), 303)
        answer = done
    trouble = Trouble(answer, "open", "", typed())
    return shown(trouble), trouble.status


def shown(trouble: Trouble | None = None) -> str:
    """Return the form, with the trouble it ran into."""
    if not may_open():
        raise Forbidden
    procedure = _chosen()
    return render_template(
        "new_case.html",
        procedure=procedure,
        heading=heading_of(procedure),
        procedures=openable(),
        fields=fields_of(procedure),
        documents=[
            (kind, procedure.documents[kind])
            for kind in (procedure.on_open.attach if procedure.on_open else ())
        ],
        trouble=trouble,
    )


def fields_of(procedure: Procedure) -> tuple[FieldLine, ...]:
    """Return the fields of a procedure's opening, the needed ones first."""
    opening = procedure.on_open
    if opening is None:
        return ()
    wanted = [(name, True) for name in opening.needs] + [(name, False) for name in opening.asks]
    lines = [
        field_line(rules(), _office(), procedure.facts[name], needed, today()) for name, needed in wanted
    ]
    # A list of cases begins with those that are overdue today; whoever opens the drive adds or takes away.
    return tuple(
        replace(line, value="\n".join(engine().overdue_numbers(me().offices)))
        if line.type == "cases"
        else line
        for line in lines
    )


def _chosen() -> Procedure:
    found = openable()
    name = request.values.get("procedure") or (found[0].name if found else "")
    return next((p for p in found if p.name == name), None) or abort(404)


def heading_of(procedure: Procedure) -> Text | None:
    """Return what the procedure itself calls its opening, as a heading; None where it does not say."""
    if procedure.on_open is None or procedure.on_open.title == OPENED:
        return None
    title = procedure.on_open.title
    return Text(title.zh, title.en[:1].upper() + title.en[1:])


def _office() -> str:
    return me().offices[0]


def _parties() -> list[Party]:
    """Return the parties as typed, one a line."""
    return [
        Party("", side, name)
        for side in SIDES
        for line in request.form.get(side, "").splitlines()
        if (name := line.strip())
    ]
