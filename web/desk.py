"""Desk: what every view finds before it: the engine and the person who is signed in.

Room for: reaching both from a request.
May not enter: signing in, anything that is shown.
"""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import current_app, g

from engine.api import Engine, PersonPage, Rules

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
