"""The cast: the plainly fictional people of the demonstration office, and who is away.

Room for: persons with their roles, the demonstration's password, leave.
May not enter: parties of cases (`texts.py`), what anybody does (`stories.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.model.people import Absence, Holding, Person
from engine.run.demonstration.workdays import WorkDays
from engine.service.engine import Engine

PASSWORD = "shuanghe-demo"
"""Everybody's, in the demonstration alone."""

PLACE = "main"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the office; *id* is what they sign in with."""

    id: str
    name: str
    roles: tuple[str, ...]


MEMBERS: tuple[Member, ...] = (
    Member("lin", "林清禾", ("filing_clerk",)),
    Member("qiao", "乔收言", ("filing_clerk",)),
    Member("zhou", "周衡", ("secretary", "service_officer")),
    Member("wu", "吴桐", ("secretary", "service_officer")),
    Member("xia", "夏知序", ("secretary", "service_officer")),
    Member("pan", "潘录", ("secretary", "service_officer")),
    Member("jia", "贾仲言", ("arbitrator",)),
    Member("yi", "易仲行", ("arbitrator",)),
    Member("bing", "邴仲思", ("arbitrator",)),
    Member("ding", "丁听澜", ("arbitrator",)),
    Member("bai", "白公允", ("arbitrator",)),
    Member("yan", "严思辨", ("arbitrator",)),
    Member("liang", "梁一阅", ("reviewer_1",)),
    Member("he", "何山", ("division_head", "reviewer_2")),
    Member("tang", "唐三阅", ("reviewer_3",)),
    Member("ning", "宁三阅", ("reviewer_3",)),
    Member("ke", "柯三阅", ("reviewer_3",)),
    Member("bei", "贝候阅", ("reserve_reviewer",)),
    Member("ping", "平评查", ("quality_reviewer",)),
    Member("song", "宋四阅", ("deputy_director", "reviewer_4", "commission_member")),
    Member("fang", "方正", ("director", "reviewer_5")),
    Member("gu", "顾岩", ("division_head",)),
    Member("wei", "魏托", ("delegated_head",)),
    Member("du", "杜察", ("supervisor",)),
    Member("luo", "罗督", ("supervisor",)),
    Member("dai", "戴安", ("archivist",)),
    Member("shang", "商审", ("auditor",)),
    Member("admin", "系统管理员", ("admin",)),
)

CLERKS = ("lin", "qiao")
SECRETARIES = ("zhou", "wu", "xia", "pan")
ARBITRATORS = ("jia", "yi", "bing", "ding", "bai", "yan")
APPROVERS = ("fang", "wei")
HEADS = ("he", "gu")
SUPERVISORS = ("du", "luo")
DIRECTOR, DELEGATED_HEAD, ARCHIVIST = "fang", "wei", "dai"
REVIEWERS = (("liang",), ("he",), ("tang", "ning"), ("song",), ("fang",))
"""Who signs the levels 1 to 5; at level 3 two of its group of three."""

AWAY, STANDS_IN = "tang", "gu"
"""The reviewer of level 3 is on leave today, and who signs for him meanwhile."""


def absences(days: WorkDays) -> tuple[Absence, ...]:
    """Return who is away: the reviewer of level 3 around today, and a secretary in the weeks before."""
    return (
        Absence(AWAY, days.day(-3), days.day(4), STANDS_IN),
        Absence("pan", days.day(-30), days.day(-26), "zhou"),
    )


def engage(engine: Engine, since: date, leave: tuple[Absence, ...]) -> None:
    """Add everybody with their roles from *since* on, and their *leave*. The administrator came with the office."""
    staff = engine.staff
    for member in MEMBERS:
        staff.add(Person(member.id, member.name))
        for role in member.roles:
            if role != "admin":
                staff.give(Holding(member.id, role, PLACE, since))
    for absence in leave:
        staff.leave(absence)


def set_passwords(engine: Engine) -> None:
    """Give everybody the password of the demonstration."""
    for member in MEMBERS:
        engine.set_password(member.id, PASSWORD)
