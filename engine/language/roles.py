"""Roles: which a file is read with: the register's, and those that the procedures beside it bring along.

Room for: the roles a text declares, found before it is read; what each file of several knows.
May not enter: who holds a role, whether titles agree (`declared.py`, `together.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.declared import read_roles
from engine.language.fragments import NO_FRAGMENTS, Fragments
from engine.language.pages import Page
from engine.language.reader import Reader
from engine.text import Text

NO_ROLES: Mapping[str, Text] = {}


def declared_roles(text: str, file: str, fragments: Fragments = NO_FRAGMENTS) -> dict[str, Text]:
    """Return the roles that the procedure in *text* declares, itself or by a fragment; its problems are told elsewhere."""
    lenders = {name: one for name, one in fragments.items() if "roles" in one.text and name in text}
    if "roles" not in text and not lenders:
        return {}
    page = Page.of(text, file, lenders)
    return read_roles(Reader(page.source), page.root.get("roles"))


def known_roles(
    registered: Mapping[str, Text],
    texts: Mapping[str, str],
    fragments: Fragments = NO_FRAGMENTS,
    lent: Mapping[str, Text] = NO_ROLES,
) -> dict[str, dict[str, Text]]:
    """Return, for each file of *texts* (file -> text), the roles it is read with.

    They are the *registered* ones, and those that the other files declare or that are *lent* by procedures not among
    them. A title that a file gives a role itself is compared with the register's alone: the others' are compared by
    `check_together`, which can say where they stand.
    """
    own = {file: declared_roles(text, file, fragments) for file, text in texts.items()}
    every = {**lent, **{name: title for roles in own.values() for name, title in roles.items()}}
    return {
        file: {name: title for name, title in every.items() if name not in roles} | dict(registered)
        for file, roles in own.items()
    }
