"""Clock stories: cases whose clock was stopped, started anew, pressed, or whose limits lie before acceptance.

Room for: how each of them came where it is, and what is special about it.
May not enter: single acts (`chapters.py`, `clock_chapters.py`), how many of each there are (`stories.py`).
"""

from __future__ import annotations

import random

from engine.run.demonstration import chapters as c
from engine.run.demonstration import clock_chapters as k
from engine.run.demonstration import side_chapters as b
from engine.run.demonstration import texts
from engine.run.demonstration.plan import Plan
from engine.run.demonstration.workdays import WorkDays


def mediated_first(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("mediation before acceptance", rng, texts.WAGES)
    k.mediated_first(s)
    return s.ending(days, 4)


def settled_outside(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("settled before acceptance", rng, texts.WAGES)
    k.mediated_first(s)
    settlement = s.some(s.setting.dispute.settlements)
    s.then(s.gap(3, 7), "mediation_settled", s.team.clerk, {"settlement": settlement})
    return s.ending(days, 5)


def no_jurisdiction(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("for another commission", rng)
    c.filed(s)
    facts = {"proper_commission": "清源县劳动人事争议仲裁委员会"}
    s.then(2, "no_jurisdiction", s.team.clerk, facts, "explanation")
    return s.ending(days, 6)


def published(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("served by publication", rng, texts.WAGES, 2)
    c.formed(s)
    c.served(s, how_many=1)
    k.published(s)
    return s.ending(days, 9)


def counterclaim_to_decide(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("counterclaim to be decided", rng, texts.DISMISSAL)
    c.formed(s)
    c.served(s)
    k.counterclaimed(s)
    return s.ending(days, 2)


def counterclaim_merged(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("counterclaim merged", rng, texts.DISMISSAL)
    c.formed(s)
    c.served(s)
    k.merged(s)
    return s.ending(days, 3)


def party_joined(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("another employer joined", rng, texts.INJURY)
    c.formed(s)
    c.served(s)
    k.joined(s, "双河庚劳务派遣有限公司")
    return s.ending(days, 2)


def case_target(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("a target of its own", rng, texts.WAGES)
    c.formed(s)
    k.targeted(s)
    c.served(s)
    return s.ending(days, 2)


def recusal_asked(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("recusal to be decided", rng, sitting=3)
    c.scheduled(s, ahead=8)
    k.recusal_asked(s)
    return s.ending(days, 1)


def conciliation_delegated(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("conciliation delegated", rng)
    c.formed(s)
    c.served(s)
    k.conciliation_delegated(s)
    return s.ending(days, 3)


def suspension_to_approve(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("suspension to be approved", rng, texts.INJURY)
    c.formed(s)
    c.served(s)
    b.suspension_proposed(s, "expert")
    return s.ending(days, 1)


def late_entry(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("a late entry before the director", rng)
    c.heard(s)
    k.entered_late(s)
    return s.accepted_ago(days, 70)


def override(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("stopped after the limit by the director", rng, texts.INJURY)
    c.heard(s)
    k.excepted(s)
    return s.accepted_ago(days, 58)


def final_award(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("final award being served", rng, texts.WAGES)
    c.drafted(s)
    c.signed(s, 1, 5)
    number = f"双劳人仲裁〔{days.today.year}〕{n}号"
    facts = {"final_award_number": number, "final_ground": "amount"}
    s.then(1, "issue_final_award", s.team.secretary, facts, "final_award")
    s.then(
        1, "serve", s.team.secretary, {"service_method": "personal"}, "proof_of_service",
        matter=("final_award_service", 0),
    )  # fmt: skip
    return s.ending(days, 2)
