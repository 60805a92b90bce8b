"""Watching: who looks after what goes wrong beside the cases themselves.

Room for: the roles that watch, who holds them, the refusal of anybody else.
May not enter: what goes wrong (`incidents.py`, `setting_back.py`).
"""

from __future__ import annotations

from datetime import datetime

from engine.model.answers import Refusal
from engine.model.rules import Rules
from engine.text import Text

WATCHERS = ("admin", "supervisor")
"""Who is told of what went wrong, and may deal with it."""


def watchers(rules: Rules, place: str, at: datetime) -> tuple[str, ...]:
    """Return who watches over the office *place* on that day, each once."""
    day = rules.day_of(at)
    return tuple(dict.fromkeys(one for role in WATCHERS for one in rules.people.holders(role, place, day)))


def watches(rules: Rules, person: str, place: str, at: datetime) -> bool:
    """Return whether *person* watches over the office *place* on that day, or stands in for somebody who does."""
    held = {one.role for one in rules.people.capacities(person, place, rules.day_of(at))}
    return bool(held & set(WATCHERS))


def not_a_watcher(rules: Rules, place: str, by: str, at: datetime, what: Text) -> Refusal:
    """Return the refusal to do *what* (a verb) for somebody who does not watch over the office *place*."""
    titles = [rules.roles.get(role, Text(role, role)) for role in WATCHERS]
    zh, en = "或".join(t.zh for t in titles), " or ".join(t.en for t in titles)
    name = rules.people.name(by)
    return Refusal(
        code="role",
        reason=Text(f"{name}不是{zh}，不能{what.zh}", f"{name} is no {en} and cannot {what.en}"),
        guard="by",
        who=tuple(rules.people.name(one) for one in watchers(rules, place, at)),
        enables=Text(f"请由{zh}{what.zh}", f"Have the {en} {what.en}"),
    )
