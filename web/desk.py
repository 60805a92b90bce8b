"""Desk: what every view finds before it: the engine and the person who is signed in.

Room for: reaching both from a request, and what that person acts as today.
May not enter: signing in, anything that is shown.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import cast

from flask import current_app, g, request

from engine.api import Ask, Engine, PersonPage, Rules

ENGINE = "anxu"


def engine() -> Engine:
    """Return the engine this application was made with."""
    return cast(Engine, current_app.extensions[ENGINE])


def rules() -> Rules:
    """Return the rules in force, asked for once a request."""
    if "rules" not in g:
        g.rules = engine().rules()
    return cast(Rules, g.rules)


def today() -> date:
    """Return today's date in the institution's zone."""
    return rules().day_of(engine().now())


def me() -> PersonPage:
    """Return the person whose request this is; only where sign-in has been asked for."""
    return cast(PersonPage, g.me)


def signed_in() -> PersonPage | None:
    """Return the person whose request this is, or None."""
    return cast("PersonPage | None", g.get("me"))


def acts_as(roles: Collection[str]) -> bool:
    """Return whether whoever is signed in acts in any of *roles* today; False where nobody is."""
    person = signed_in()
    return person is not None and any(role in roles for role, _ in person.roles)


def asked(of: str = "") -> Ask:
    """Return which page of a list the address asks for; *of* tells apart the lists of one address."""
    return Ask(request.args.get(f"{of}after") or None, request.args.get(f"{of}before") or None)


def turned(of: str = "") -> bool:
    """Return whether the address asks for another page than the first."""
    return asked(of) != Ask()
