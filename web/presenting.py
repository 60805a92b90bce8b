"""Presenting: cases as a page lays them out: what can be done now, what cannot and why, who is next.

Room for: grouping what the engine shows for the templates, and the words every template may use.
May not enter: deciding anything, SQL, HTML.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from flask import Flask, abort, url_for

from engine.api import (
    ActionLine,
    CasePage,
    EventLine,
    MatterLine,
    NoticeLine,
    PersonPage,
    Procedure,
    Text,
    TodoLine,
    cause_text,
    equation,
    length_sum,
    looked_at,
)
from web.desk import engine, rules, signed_in, today
from web.forms import Trouble

MAIN = "1"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Group:
    """What can be done on one matter: forms that are possible, and moves that are not, with the reason."""

    matter: MatterLine
    main: bool
    primary: tuple[ActionLine, ...]
    others: tuple[ActionLine, ...]
    refused: tuple[ActionLine, ...]
    refused_others: tuple[ActionLine, ...]

    @property
    def allowed(self) -> tuple[ActionLine, ...]:
        """Everything that is possible, the way forward first."""
        return (*self.primary, *self.others)


def seen_by(person: PersonPage, case: str) -> CasePage:
    """Return the page of a case as *person* may see it; 404 for cases of other offices."""
    page = engine().case_page(case, person.id)
    if page.office not in person.offices:
        abort(404)
    return page


def groups_of(page: CasePage) -> tuple[Group, ...]:
    """Return the case itself and each open matter on which something can be done, where there is most to do first."""
    groups = [group_of(page, matter) for matter in page.matters if matter.open]
    shown = [group for group in groups if group.main or group.allowed]
    return tuple(sorted(shown, key=lambda group: (not group.primary, not group.main)))


def group_of(page: CasePage, matter: MatterLine) -> Group:
    """Return what can be done on one matter."""
    mine = [action for action in page.actions if action.matter == matter.id]
    return Group(
        matter=matter,
        main=matter.id == page.matters[0].id,
        primary=tuple(a for a in mine if a.allowed and a.primary),
        others=tuple(a for a in mine if a.allowed and not a.primary),
        refused=tuple(a for a in mine if not a.allowed and a.primary),
        refused_others=tuple(a for a in mine if not a.allowed and not a.primary),
    )


def waits_for(page: CasePage) -> tuple[MatterLine, ...]:
    """Return the open matters that the case itself waits for where it stands."""
    state = rules().definitions[page.definition].states[page.line.state]
    return tuple(m for m in page.matters if m.open and m.kind in state.waits_for)


def openable() -> tuple[Procedure, ...]:
    """Return the procedures a case can be opened under: those whose cases are numbered."""
    found = (rules().newest(entry.name) for entry in rules().register.procedures.values() if entry.number)
    return tuple(procedure for procedure in found if procedure)


def may_open() -> bool:
    """Return whether the person who is signed in opens cases at all."""
    person = signed_in()
    mine = {role for role, _ in person.roles} if person else set()
    return any(who.name in mine for procedure in openable() for who in procedure.opened_by)


def awaited(todos: tuple[TodoLine, ...], matter: str) -> tuple[TodoLine, ...]:
    """Return who is awaited on one matter."""
    return tuple(todo for todo in todos if todo.matter == matter)


def is_main(matter: str) -> bool:
    """Return whether this is the matter of the case itself: the one a case opens with."""
    return matter == MAIN


def folded(lines: Iterable[EventLine]) -> tuple[tuple[EventLine, tuple[EventLine, ...]], ...]:
    """Return the lines of a timeline, each with those after it that say the same: a reminder of every day is read once.

    Only what a rule did is folded, and only where it says no more than its sentence.
    """
    found: list[tuple[EventLine, tuple[EventLine, ...]]] = []
    for _, alike in groupby(lines, key=_told):
        run = tuple(alike)
        found += [(run[0], run[1:])] if _told(run[0]) else [(line, ()) for line in run]
    return tuple(found)


def beginning(lines: Sequence[EventLine], most: int) -> Sequence[EventLine]:
    """Return so many *lines*, and those after them that are folded into the last: what is folded says how many there are."""
    while 0 < most < len(lines) and (told := _told(lines[most])) and told == _told(lines[most - 1]):
        most += 1
    return lines[:most]


def _told(line: EventLine) -> tuple[str, Text] | None:
    """Return what a reminder says and on which matter; None for what is never folded."""
    if line.who or line.state_title or line.superseded or line.notes or line.details or line.basis:
        return None
    return line.event.matter, line.sentence


def matter_address(case: str, matter: str) -> str:
    """Return the page on which a matter is seen and acted on."""
    if is_main(matter):
        return url_for("cases.page", case=case)
    return url_for("matters.page", case=case, matter=matter)


def notice_address(notice: NoticeLine) -> str:
    """Return the page a notice is about."""
    return matter_address(notice.case, notice.matter)


def excepts(trouble: Trouble | None) -> bool:
    """Return whether whoever is signed in may let stand what *trouble* refuses (K9)."""
    person = signed_in()
    if trouble is None or person is None or not trouble.may_except:
        return False
    titles = {title for _, title in person.roles}
    return trouble.refusal.fact == "override" or bool(titles.intersection(trouble.refusal.who))


def fresh_key() -> str:
    """Return a request key: the same form sent twice is one act."""
    return secrets.token_hex(16)


@cache
def asset(name: str) -> str:
    """Return the address of a static file, new whenever the file is."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={version}"


def init_app(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.filters["folded"] = folded
    app.jinja_env.globals.update(
        asset=asset,
        fresh_key=fresh_key,
        awaited=awaited,
        waits_for=waits_for,
        is_main=is_main,
        matter_address=matter_address,
        notice_address=notice_address,
        excepts=excepts,
        me=signed_in,
        cause_text=cause_text,
        equation=equation,
        length_sum=length_sum,
        looked_at=looked_at,
        this_day=today,
    )
