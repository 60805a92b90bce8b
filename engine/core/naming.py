"""Naming: what a relation or role of a case is called.

Room for: looking up the title, in the matter's own procedure first.
May not enter: who holds it.
"""

from __future__ import annotations

from engine.model.case import Case, Matter
from engine.model.procedure import RECUSED, Relation, Who
from engine.model.rules import Rules
from engine.text import Text


def relation_of(rules: Rules, case: Case, matter: Matter, name: str) -> Relation | None:
    """Return the relation as the matter's procedure or the case's declares it, or None."""
    own = rules.procedure_of(matter).persons.get(name)
    return own or rules.main_procedure(case).persons.get(name)


def relation_title(rules: Rules, case: Case, matter: Matter, name: str) -> Text:
    """Return what the relation is called."""
    if name == RECUSED:
        return Text("已回避人员", "person who stepped back")
    found = relation_of(rules, case, matter, name)
    return found.title if found else Text(name, name)


def role_title(rules: Rules, case: Case, matter: Matter, who: Who) -> Text:
    """Return what *who* is called on the screen."""
    if who.relation:
        return relation_title(rules, case, matter, who.name)
    return rules.roles.get(who.name, Text(who.name, who.name))
