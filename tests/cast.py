"""The cast: the plainly fictional people of the Shuanghe office, each with the roles they hold from 2026 on.

Most hold one role. Those at the end hold two, so that what must be apart can be tried on them.
"""

from __future__ import annotations

from datetime import date

from engine.model.case import Party
from engine.model.people import Holding, People, Person

SINCE = date(2026, 1, 1)
PLACE = "main"

LIN, ZHOU, WU = "lin", "zhou", "wu"
JIA, YI, BING = "jia", "yi", "bing"
SHEN, HE, TANG, SONG, FANG = "shen", "he", "tang", "song", "fang"
NING, KE, BEI, PING = "ning", "ke", "bei", "ping"
WEI, DU, DAI, ADMIN = "wei", "du", "dai", "admin"
GU = "gu"
QIU, MO, LU, PENG = "qiu", "mo", "lu", "peng"

CAST: dict[str, tuple[str, tuple[str, ...]]] = {
    LIN: ("林清", ("filing_clerk",)),
    ZHOU: ("周衡", ("secretary", "service_officer")),
    WU: ("吴桐", ("secretary", "service_officer")),
    JIA: ("贾仲言", ("arbitrator",)),
    YI: ("易仲行", ("arbitrator",)),
    BING: ("邴仲思", ("arbitrator",)),
    SHEN: ("沈一阅", ("reviewer_1",)),
    HE: ("何山", ("division_head", "reviewer_2")),
    TANG: ("唐三阅", ("reviewer_3",)),
    NING: ("宁三阅", ("reviewer_3",)),
    KE: ("柯三阅", ("reviewer_3",)),
    BEI: ("贝候阅", ("reserve_reviewer",)),
    PING: ("平评查", ("quality_reviewer",)),
    SONG: ("宋四阅", ("reviewer_4", "deputy_director", "commission_member")),
    FANG: ("方正", ("director", "reviewer_5")),
    WEI: ("魏托", ("delegated_head",)),
    DU: ("杜察", ("supervisor",)),
    DAI: ("戴安", ("archivist",)),
    ADMIN: ("管理员", ("admin",)),
    # Holds nothing, so that whatever they may do they do for somebody else.
    GU: ("顾代", ()),
    QIU: ("邱双", ("filing_clerk", "secretary", "service_officer")),
    MO: ("莫兼", ("arbitrator", "reviewer_1")),
    LU: ("陆再", ("reviewer_1", "reviewer_3")),
    PENG: ("彭允", ("director", "arbitrator")),
}
"""Id -> name and roles. LU may review at two levels, MO may judge and review, QIU file and record, PENG accept and judge."""

PERSONS = tuple(Person(id, name) for id, (name, _) in CAST.items())
HOLDINGS = tuple(Holding(id, role, PLACE, SINCE) for id, (_, roles) in CAST.items() for role in roles)

REVIEWERS = (SHEN, HE, TANG, SONG, FANG)
"""One reviewer of each level, 1 to 5."""

SIGNERS = (SHEN, HE, TANG, NING, SONG, FANG)
"""Who signs the levels 1 to 5 in turn: at level 3 two of the group of three suffice."""

CLAIMANT = Party("", "claimant", "王小禾")
FIRST_RESPONDENT = Party("", "respondent", "双河甲纺织有限公司")
SECOND_RESPONDENT = Party("", "respondent", "双河乙物流有限公司")
PARTIES = (CLAIMANT, FIRST_RESPONDENT, SECOND_RESPONDENT)


def people() -> People:
    """The whole cast as a directory."""
    return People(PERSONS, HOLDINGS)


def name_of(id: str) -> str:
    """What somebody of the cast is called."""
    return CAST[id][0]
