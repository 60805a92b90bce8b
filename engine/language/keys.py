"""Keys: the one list of what each construct of the language may say.

Room for: every key a definition or the register may carry, by construct, and whether it must.
May not enter: what a key means (`workflows/README.md` says it to people, the readers to the machine).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Construct:
    """One kind of mapping in a file: the keys it must have, and those it may have."""

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that is accepted here."""
        return (*self.required, *self.optional)


_DECLARED = ("borrows", "persons", "apart", "clocks", "terms", "facts", "track", "documents", "matters")
_EFFECTS = ("clock", "assign", "release", "set", "open", "close", "notify")
_FORM = ("needs", "asks", "attach", "requires", "basis")
_MOVE = ("not_by", "aside", "in_time", *_FORM, *_EFFECTS, "joins")
_TERM = ("of", "before", "ladder", "basis", "runs_while_suspended")

_ALL = (
    Construct(
        "procedure",
        ("procedure", "title", "basis", "stages", "states"),
        ("starts", "handler", *_DECLARED, "opening", "chain", "moves"),
    ),
    Construct("text", ("zh", "en")),
    Construct("borrows", (), ("persons", "facts", "clocks", "matters")),
    Construct("person", ("title", "role"), ("many",)),
    Construct("clock", ("title", "limit"), ("extension", "exceptions", "late", "ladder", "basis")),
    Construct("extension", ("most", "by")),
    Construct("fact", ("type", "title"), ("help", "least", "most", "choices", "role")),
    Construct("matter", ("procedure",), ("per", "at_end")),
    Construct("opening", (), ("by", "needs", "asks", "assign", "set", "clock", "open", "notify", "basis")),
    Construct("state", ("title", "stage"), ("awaits", "within", "moves", "on", "final")),
    Construct("awaited matter", ("matter",)),
    Construct("term", ("limit",), ("title", *_TERM)),
    Construct("named term", ("title", "limit"), _TERM),
    Construct("reaction", ("when", "to")),
    Construct("move", ("title", "by", "to"), _MOVE),
    Construct("standing move", ("title", "by", "from", "to"), _MOVE),
    Construct("in time", ("term",), ("posted",)),
    Construct("joining", ("role", "named")),
    Construct("branch", (), ("when", "state", "otherwise")),
    Construct("requirement", ("that",), ("else",)),
    Construct(
        "clock verb",
        (),
        (
            "start",
            "suspend",
            "resume",
            "publication",
            "exclude",
            "restart",
            "extend",
            "end",
            "target",
            "strike",
        ),
    ),
    Construct("stop", (), ("ref", "on")),
    Construct("length", ("length",), ("on",)),
    Construct("day", (), ("on",)),
    Construct("chain", ("stage", "sign", "return", "passed", "levels"), ("not_by",)),
    Construct("sign", ("title",), ("notify", *_FORM)),
    Construct("return", ("title", "to"), ("notify", *_FORM)),
    Construct("level", ("title", "by", "within")),
    Construct(
        "register",
        ("institution", "title", "zone", "offices", "roles", "procedures"),
        ("rehearsal", "work_begins", "amber_days", "targets", "ladders"),
    ),
    Construct("registered procedure", ("file",), ("series", "number")),
    Construct("target", ("target", "from"), ("procedure", "clock", "track", "basis")),
    Construct("rung", ("rung", "when", "to", "says"), ("every", "opens")),
)

CONSTRUCTS: Mapping[str, Construct] = {construct.name: construct for construct in _ALL}
