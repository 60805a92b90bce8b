"""Places: the offices of an institution, those that its register names and those that cases are still in.

Room for: which of them are known, where a person acts, keeping an office as long as it has cases, what `doctor` says of one that went too early.
May not enter: what is asked of the cases of an office (`queues.py`), who holds which role (`engine/model/people.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.errors import UnknownName, WrongUse
from engine.model.register import Register
from engine.model.rules import Rules
from engine.service.office import Unit
from engine.service.pages import Finding
from engine.text import Text, counted


def places_of(rules: Rules, person: str, day: date) -> tuple[str, ...]:
    """Return the offices in which *person* may act on *day*, in the register's order.

    One that the register has dropped comes last: whoever holds a role there sees to the cases that are left.
    """
    there, known = rules.people.offices(person, day), rules.register.offices
    return (*(place for place in known if place in there), *sorted(there - known.keys()))


def known_place(register: Register, place: str) -> None:
    """Raise UnknownName where *register* names no office *place*."""
    if place not in register.offices:
        names = ", ".join(register.offices)
        raise UnknownName(
            Text(
                f"没有办公地点“{place}”，已有：{names}。",
                f"There is no office “{place}”; there are: {names}.",
            )
        )


def keep_in_use(unit: Unit, before: Register, after: Register) -> None:
    """Raise WrongUse where *after* drops an office of *before* in which something is open."""
    if before.offices.keys() <= after.offices.keys():
        return
    left = unit.docket.open_elsewhere(after.offices)
    for place, title in before.offices.items():
        if number := left.get(place, 0):
            raise WrongUse(
                Text(
                    "办公地点“{title}”（{place}）尚有{number}件案件未办结，不得从登记册中删除。请保留至最后一件办结；结束当地的立案岗位，即不再收新案。",
                    "The office “{title}” ({place}) still has {cases} with something open and cannot leave the register. Keep it "
                    "until the last has ended; end the roles that open cases there, and it takes no new ones.",
                ).filled(title=title, place=place, number=number, cases=counted(number, "case"))
            )


def go_at_once(day: date, eves: tuple[Register, Register], days: tuple[Register, Register]) -> None:
    """Raise WrongUse where an office would leave on a *day* to come: until then cases can be opened in it.

    Of the registers of the *eves* and of the *days* the first is the one as it stands, which may say so already.
    """
    known, going = (eve.offices.keys() - then.offices.keys() for eve, then in zip(eves, days, strict=True))
    for place in sorted(going - known):
        raise WrongUse(
            Text(
                "办公地点“{title}”不能自预定之日{day}起从登记册中去掉：此前仍可在该处立案。请待其案件办结，立即启用。",
                "The office “{title}” cannot leave the register on {day}, a day to come: until then cases can be opened in it. "
                "Put that in force at once, when its last case has ended.",
            ).filled(title=eves[1].offices[place], day=day)
        )


def findings(unit: Unit) -> Iterator[Finding]:
    """Yield what `doctor` says of cases in an office that the register in force does not name."""
    for place, number in sorted(unit.docket.open_elsewhere(unit.rules.register.offices).items()):
        yield Finding(
            "office", None,
            Text("登记册已不含办公地点“{place}”，该处尚有{number}件案件未办结", "the register no longer names the office “{place}”, which still has {cases} with something open").filled(place=place, number=number, cases=counted(number, "case")),
            Text("请将该办公地点重新列入登记册并启用，保留至最后一件办结", "Put the office back into the register, activate that, and keep it until the last case has ended"),
        )  # fmt: skip
