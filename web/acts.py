"""Acts: the one address every form of a case is sent to.

Room for: handing a form to the engine, and saying what came of it.
May not enter: which page a refusal is shown on in detail (`cases.py`, `matters.py`), judging the act.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from engine.api import Done, Event, KeyReused, Refusal, Rules, Text
from web import cases, matters
from web.desk import engine, me, rules
from web.forms import Trouble, act_form
from web.language import said

bp = Blueprint("acts", __name__)

CHANNEL = "console"

KEY_TAKEN = Text(
    "这份表单已经提交过，而这次的内容与当时不同，因此没有再次记录。请核对下面的最新情况后再办理。",
    "This form was sent before with other content, so nothing was recorded now. Look at the case as it stands.",
)


@bp.post("/cases/<case>/acts")
def act(case: str) -> Response | tuple[str, int]:
    """Do what the form asks: back to the page with what was done, or the form again with the reason."""
    form = act_form()
    answer: Done | Refusal
    try:
        answer = form.bad or engine().act(
            case, form.move, me().id, matter=form.matter or None, facts=form.facts, documents=form.documents,
            seen=form.seen, on=form.on, key=form.key, channel=CHANNEL, override=form.override,
        )  # fmt: skip
    except KeyReused:
        answer = Refusal("again", KEY_TAKEN)
    if isinstance(answer, Refusal):
        trouble = Trouble(answer, form.move, form.matter, form.typed)
        if form.page == "matter":
            return matters.shown(case, form.matter, trouble), trouble.status
        return cases.shown(case, trouble), trouble.status
    flash(said(told(rules(), answer)), "done")
    if form.page == "matter":
        return redirect(url_for("matters.page", case=answer.case, matter=form.matter), 303)
    return redirect(url_for("cases.page", case=answer.case), 303)


def told(rules: Rules, done: Done) -> Text:
    """Return what was done and where the case stands now, for the page after it."""
    first = done.events[0]
    procedure = rules.definitions[first.definition]
    moves = procedure.moves.get(first.move or "", ())
    title = moves[0].title if moves else procedure.title
    if done.again:
        return Text(
            f"“{title.zh}”此前已办理，没有重复记录。",
            f"“{title.en}” was done before; nothing was recorded twice.",
        )
    what = Text(f"已办理：{title.zh}。", f"Done: {title.en}.")
    # What the case did by itself says more than the act; a matter that was opened says more than nothing.
    events = [
        *(event for event in reversed(done.events) if event.kind == "reacted"),
        first,
        *(event for event in reversed(done.events) if event.kind == "matter_opened"),
    ]
    after = next((found for event in events if (found := _standing(rules, event))), None)
    return Text(what.zh + after.zh, f"{what.en} {after.en}") if after else what


def _standing(rules: Rules, event: Event) -> Text | None:
    """Return where *event* left its matter and who is awaited there."""
    procedure = rules.definitions[event.definition]
    state = procedure.states.get(event.target or "")
    if state is None or event.target == event.source:
        return None
    if state.final:
        return Text(
            f"“{procedure.title.zh}”已办结：{state.title.zh}。",
            f"“{procedure.title.en}” has ended: {state.title.en}.",
        )
    titles = [
        relation.title if (relation := procedure.persons.get(who.name)) else rules.roles.get(who.name)
        for who in state.awaits
    ]
    zh = "或".join(title.zh for title in titles if title)
    en = " or ".join(title.en for title in titles if title)
    return Text(
        f"下一步：{state.title.zh}" + (f"，由{zh}办理。" if zh else "。"),
        f"Next: {state.title.en}" + (f", by the {en}." if en else "."),
    )
