"""Matters: the page of one matter of a case: a signature, an extension to decide, a service, a listing.

Room for: choosing what the page of a matter shows; it is made for a phone first.
May not enter: what signing or granting does (the engine), dates of the clock (the engine).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from engine.api import (
    ActionLine,
    CasePage,
    DocumentLine,
    EventLine,
    FieldLine,
    MatterLine,
    Procedure,
    Reading,
    Refusal,
)
from web.desk import engine, me, rules
from web.forms import Trouble, whole
from web.presenting import group_of, is_main, seen_by

bp = Blueprint("matters", __name__)

SIGNING = ("sign", "return")
"""The two verbs of a level: what else may be done there, as naming a stand-in, has a form of its own."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Two verbs of a sign-off chain on one form: they share a box of text, each by its own field."""

    sign: ActionLine
    give_back: ActionLine
    sign_text: FieldLine
    back_text: FieldLine
    choices: tuple[FieldLine, ...]


@bp.get("/cases/<case>/matters/<matter>")
def page(case: str, matter: str) -> str:
    """Show one matter."""
    return shown(case, matter)


def shown(case: str, matter: str, trouble: Trouble | None = None) -> str:
    """Return the page of a matter, with the trouble its form ran into."""
    page = seen_by(me(), case)
    found = next((line for line in page.matters if line.id == matter and not is_main(line.id)), None)
    if found is None:
        abort(404)
    group = group_of(page, found)
    procedure = rules().definitions[found.definition]
    return render_template(
        "matter.html",
        page=page,
        line=page.line,
        matter=found,
        group=group,
        sign_off=sign_off(group.allowed),
        papers=papers(page, procedure, found),
        comments=comments(page, found),
        opened=opened(page, found),
        asked=asked(page, procedure),
        extends=extends(procedure),
        would_be=would_be(page, procedure, found),
        trouble=trouble,
    )


def sign_off(allowed: tuple[ActionLine, ...]) -> SignOff | None:
    """Return the two verbs of a level as one form, where both are possible and each takes one text."""
    level = [action for action in allowed if action.level is not None and action.move in SIGNING]
    if len(level) != 2 or any(action.documents for action in level):
        return None
    sign, give_back = sorted(level, key=lambda action: not action.primary)
    texts = [[f for f in action.fields if f.type == "text"] for action in (sign, give_back)]
    rest = [[f for f in action.fields if f.type != "text"] for action in (sign, give_back)]
    if [len(found) for found in texts] != [1, 1] or rest[0] or any(f.type != "choice" for f in rest[1]):
        return None
    return SignOff(sign, give_back, texts[0][0], texts[1][0], tuple(rest[1]))


def papers(page: CasePage, procedure: Procedure, matter: MatterLine) -> tuple[DocumentLine, ...]:
    """Return the documents the matter is about, newest first: its own, and the case's of the same kind."""
    kinds = set(procedure.documents)
    found = [d for d in page.documents if d.matter == matter.id or (matter.levels and d.kind in kinds)]
    return tuple(sorted(found, key=lambda document: -document.seq))


def comments(page: CasePage, matter: MatterLine) -> tuple[EventLine, ...]:
    """Return what was done on the matter by people, newest first."""
    return tuple(line for line in reversed(page.events) if line.event.matter == matter.id and line.event.move)


def opened(page: CasePage, matter: MatterLine) -> tuple[MatterLine, ...]:
    """Return the matters that acts on this one opened, in order: of a review, the comments with their answers."""
    by_id = {line.id: line for line in page.matters}
    found, acted = [], ""
    for line in page.events:
        event = line.event
        if event.kind == "moved":
            acted = event.matter
        elif event.kind == "matter_opened" and acted == matter.id and event.matter in by_id:
            found.append(by_id[event.matter])
    return tuple(found)


def asked(page: CasePage, procedure: Procedure) -> tuple[tuple[object, object], ...]:
    """Return the facts of the case that the matter's procedure borrows: what was asked for, and why."""
    wanted = procedure.borrowed.facts if procedure.borrowed else ()
    return tuple((fact.title, fact.shown) for name in wanted for fact in page.facts if fact.name == name)


def extends(procedure: Procedure) -> bool:
    """Return whether matters of *procedure* are about a longer award period."""
    moves = (move for state in procedure.states.values() for move in state.moves.values())
    return any(effect.verb == "extend" for move in moves for effect in move.clock)


def would_be(page: CasePage, procedure: Procedure, matter: MatterLine) -> Reading | Refusal | None:
    """Return what the award period would be if what is asked for were granted today, or why it could not be."""
    if not (matter.open and extends(procedure) and procedure.borrowed):
        return None
    case_facts = rules().definitions[page.definition].facts
    for fact in page.facts:
        asked_for = fact.name in procedure.borrowed.facts and case_facts[fact.name].type == "whole"
        if asked_for and (days := whole(fact.shown.zh)):
            return engine().due_if_extended(page.line.id, days)
    return None
