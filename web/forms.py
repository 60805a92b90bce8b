"""Forms: what came in with a posted form, and what is kept of it when the answer is no.

Room for: reading fields, files and dates off a request; the trouble a page shows above a form.
May not enter: judging a value (the engine reads every field), HTML.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from flask import request
from werkzeug.datastructures import FileStorage

from engine.api import Attachment, Refusal, Text

NOT_ALLOWED = frozenset({"not_yours", "apart", "recused", "second_person"})
OVERTAKEN = frozenset({"stale", "again"})

BAD_DATE = Refusal(
    "bad_fact",
    Text("“办理日期”不是真实存在的日期。", "The date of the act is not a date that exists."),
    fact="on",
    guard="on",
    enables=Text("请改为真实日期，如 2026-03-05", "Write it like 2026-03-05"),
)


@dataclass(frozen=True, slots=True)
class ActForm:
    """One posted act: the move, its own fields and files, and what the form knew when it was shown.

    Fields are named ``fact.<move>.<name>``, files ``file.<move>.<kind>``, so that moves may share one form.
    """

    matter: str
    move: str
    seen: int | None
    key: str | None
    on: date | None
    facts: Mapping[str, str]
    documents: tuple[Attachment, ...]
    bad: Refusal | None
    typed: Mapping[str, tuple[str, ...]]
    page: str
    override: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form was not accepted, with everything that was typed into it."""

    refusal: Refusal
    move: str = ""
    matter: str = ""
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status that says what kind of no it is."""
        if self.refusal.code in OVERTAKEN:
            return 409
        return 403 if self.refusal.code in NOT_ALLOWED else 422

    def of(self, matter: str, move: str) -> bool:
        """Return whether this is about the form of *move* on *matter*."""
        return self.matter == matter and self.move == move

    def about(self, name: str) -> bool:
        """Return whether the field *name* is the one that is wrong."""
        return self.refusal.fact == name or (name == "on" and self.refusal.guard == "on")

    def kept(self, name: str) -> tuple[str, ...]:
        """Return what was typed into the input called *name*."""
        return self.typed.get(name, ())

    @property
    def may_except(self) -> bool:
        """Return whether it is the kind of no that somebody may let stand, or one about the reason for that."""
        return self.refusal.guard == "override" or self.refusal.fact == "override"

    @property
    def texts(self) -> list[str]:
        """Return the longer texts that were typed, to be copied where the form itself is gone."""
        return long_texts(self.typed)


def act_form() -> ActForm:
    """Read the posted act."""
    form = request.form
    move = form.get("move", "")
    on, bad = _day(form.get("on", ""))
    facts = _scoped(f"fact.{move}.")
    # In a form that moves share, one box of text is the opinion of one and the comment of another.
    shared = form.get(f"text.{move}")
    if shared:
        facts[shared] = form.get("text", "")
    return ActForm(
        matter=form.get("matter", ""),
        move=move,
        seen=whole(form.get("seen")),
        key=form.get("key", "")[:64] or None,
        on=on,
        facts=facts,
        documents=uploads(f"file.{move}."),
        bad=bad,
        typed=typed(),
        page=form.get("page", ""),
        override=form.get("override", "").strip(),
    )


def typed() -> dict[str, tuple[str, ...]]:
    """Return everything typed or chosen in the posted form, by the names of its inputs."""
    return {name: tuple(values) for name, values in request.form.lists() if name != "csrf_token"}


def long_texts(given: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what somebody wrote, leaving out keys, choices and numbers."""
    return [
        value
        for name, values in given.items()
        if name.startswith("fact.") or name == "text"
        for value in values
        if len(value) > 3 and not value.isdigit()
    ]


def whole(text: str | None) -> int | None:
    """Return a whole number, or None where there is none."""
    try:
        return int(text or "")
    except ValueError:
        return None


def uploads(prefix: str) -> tuple[Attachment, ...]:
    """Return the files that were handed in under *prefix*; a file input left alone is none."""
    return tuple(
        _attachment(name.removeprefix(prefix), file)
        for name, file in request.files.items()
        if name.startswith(prefix) and file.filename
    )


def _attachment(kind: str, file: FileStorage) -> Attachment:
    # Some browsers send the whole path of their machine; only the last part is anybody's business.
    name = PurePath((file.filename or "").replace("\\", "/")).name[:200] or kind
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Attachment(kind, name, file.read(), guessed)


def _scoped(prefix: str) -> dict[str, str]:
    """Return the fields under *prefix*; several values of one field are named one after another."""
    return {
        name.removeprefix(prefix): ",".join(values)
        for name, values in request.form.lists()
        if name.startswith(prefix)
    }


def _day(text: str) -> tuple[date | None, Refusal | None]:
    if not text.strip():
        return None, None
    try:
        return date.fromisoformat(text.strip()), None
    except ValueError:
        return None, BAD_DATE


def opening_form() -> tuple[dict[str, str], tuple[Attachment, ...], date | None, Refusal | None]:
    """Return the fields, files and date of a new case, and what is wrong with the date."""
    on, bad = _day(request.form.get("on", ""))
    return _scoped("fact.open."), uploads("file.open."), on, bad
