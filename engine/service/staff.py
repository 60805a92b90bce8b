"""Staff: persons, the roles they hold, their leave and substitutes.

Room for: changes to people, and a person with today's roles.
May not enter: passwords (`accounts.py`).
"""

from __future__ import annotations

import re
from datetime import date, datetime

from engine.core.writing import writable
from engine.errors import UnknownName, WrongUse
from engine.model.people import Absence, Holding, People, Person
from engine.model.rules import Rules
from engine.service.office import Office
from engine.service.pages import PersonPage
from engine.service.places import known_place, places_of
from engine.text import Text

NAME_MOST = 120

_ID = re.compile(r"[\w.@-]{1,60}")


def person_page(office: Office, at: datetime, person: str) -> PersonPage | None:
    """Return *person* with the roles they act in today, in every office, or None."""
    rules = office.rules()
    found = rules.people.person(person)
    if found is None:
        return None
    day = rules.day_of(at)
    roles: dict[str, Text] = {}
    offices = places_of(rules, person, day)
    for place in offices:
        for capacity in rules.people.capacities(person, place, day):
            roles[capacity.role] = rules.roles.get(capacity.role, Text(capacity.role, capacity.role))
    absent = rules.people.stands_in_for(person, day)
    return PersonPage(
        found.id, found.name, tuple(roles.items()), tuple((p, rules.people.name(p)) for p in absent), offices
    )


class Staff:
    """Changes to the people of an office, each one commit."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def people(self) -> People:
        """Return the directory."""
        return self._office.rules().people

    def add(self, person: Person) -> None:
        """Add a person or rename a known one. Raises WrongUse for an id that could not be typed."""
        if not _ID.fullmatch(person.id):
            raise WrongUse(
                Text(
                    f"人员代号“{person.id}”只能用字母、数字和 . _ - @，最多60字。",
                    f"“{person.id}” cannot be a person's id: letters, digits and . _ - @ only, 60 at most.",
                )
            )
        if not person.name.strip() or len(person.name) > NAME_MOST or not writable(person.name, lines=False):
            raise WrongUse(
                Text(
                    f"姓名不能为空、不能含控制字符，最多{NAME_MOST}字。",
                    f"A name is not empty, has no control characters and at most {NAME_MOST} characters.",
                )
            )
        with self._office.writing() as unit:
            unit.directory.add(person)

    def give(self, holding: Holding) -> None:
        """Give a role. Raises UnknownName for a person, role or office nobody knows, WrongUse for a period that ends before it begins."""
        with self._office.writing() as unit:
            known_person(unit.rules, holding.person)
            if holding.role not in unit.rules.roles:
                names = ", ".join(unit.rules.roles)
                raise UnknownName(
                    Text(
                        f"没有岗位“{holding.role}”，可用：{names}。",
                        f"There is no role “{holding.role}”; there are: {names}.",
                    )
                )
            known_place(unit.rules.register, holding.office)
            _in_order(holding.since, holding.until)
            unit.directory.give(holding)

    def end(self, person: str, role: str, office: str, until: date) -> None:
        """End a role with the day *until*. Raises UnknownName when *person* does not hold it."""
        with self._office.writing() as unit:
            if unit.directory.end(person, role, office, until) == 0:
                raise UnknownName(
                    Text(f"{person}目前没有岗位“{role}”。", f"{person} does not hold the role “{role}”.")
                )

    def leave(self, absence: Absence) -> None:
        """Record leave with an optional substitute. Raises UnknownName and WrongUse like `give`."""
        with self._office.writing() as unit:
            known_person(unit.rules, absence.person)
            if absence.substitute is not None:
                known_person(unit.rules, absence.substitute)
                if absence.substitute == absence.person:
                    raise WrongUse(Text("本人不能替代本人。", "Nobody can stand in for themselves."))
            _in_order(absence.since, absence.until)
            unit.directory.leave(absence)


def known_person(rules: Rules, person: str) -> None:
    """Raise UnknownName when nobody is known as *person*."""
    if rules.people.person(person) is None:
        raise UnknownName(
            Text(
                f"查无此人：{person}。请先用 anxu people add 登记。",
                f"Nobody is known as {person}. Add them with anxu people add.",
            )
        )


def _in_order(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise WrongUse(Text(f"截止日{until}早于起始日{since}。", f"{until} is before {since}."))
