"""Early stories: cases that stand today between filing and the hearing.

Room for: how each of them came where it is, and what is special about it.
May not enter: single acts (`chapters.py`), how many of each there are (`stories.py`).
"""

from __future__ import annotations

import random

from engine.run.demonstration import chapters as c
from engine.run.demonstration import side_chapters as b
from engine.run.demonstration import texts
from engine.run.demonstration.cast import ARBITRATORS, DIRECTOR, SECRETARIES
from engine.run.demonstration.plan import ANOTHER, Ahead, Plan
from engine.run.demonstration.workdays import WorkDays


def just_filed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("just filed", rng, claimants=1 + n % 2)
    c.filed(s)
    return s.ending(days, 1 + n % 3)


def filed_and_forgotten(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("filed and forgotten", rng)
    c.filed(s)
    return s.ending(days, 8)


def sent_back(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("sent back to the clerk", rng)
    c.proposed(s)
    s.then(1, "send_back", s.team.approver, {"reason": s.some(texts.SENT_BACK)})
    return s.ending(days, 1)


def correction_pending(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("papers awaited", rng)
    c.correction_asked(s)
    return s.ending(days, 2 + 2 * (n % 3))


def correction_overdue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("papers that never came", rng)
    c.correction_asked(s)
    return s.ending(days, 14)


def acceptance_proposed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("acceptance proposed", rng, respondents=1 + n % 2)
    c.proposed(s)
    return s.ending(days, 1 + n % 2)


def corrected_then_proposed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("papers came, acceptance proposed", rng)
    c.correction_asked(s)
    s.then(s.gap(3, 6), "complete", s.team.clerk)
    s.then(1, "propose", s.team.clerk, {"claim_amount": s.setting.amount})
    return s.ending(days, 1)


def proposal_overdue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("nobody decides on acceptance", rng)
    c.proposed(s)
    return s.ending(days, 7)


def refusal_proposed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("non-acceptance proposed", rng)
    c.refusal_proposed(s)
    return s.ending(days, 1 + n % 2)


def not_accepted(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("not accepted", rng)
    c.refusal_proposed(s)
    s.then(1, "refuse", s.team.approver, {"reason": "同意，依法不予受理。"})
    return s.ending(days, 4 + 9 * (n % 3))


def accepted(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("accepted", rng, respondents=1 + n % 3)
    c.accepted(s)
    return s.ending(days, 1 + n % 3)


def without_tribunal(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("accepted long ago, no tribunal", rng)
    c.accepted(s)
    return s.ending(days, 8)


def being_served(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("being served", rng, respondents=2 + n % 2, third_party=n % 2 == 0)
    c.formed(s)
    c.served(s, how_many=1)
    # The secretary tries too early: not every respondent has been served.
    s.then(
        0, "schedule_hearing", s.team.secretary,
        {"hearing_on": Ahead(c.HEARING_AHEAD), "hearing_place": s.some(texts.PLACES)}, refused="guard",
    )  # fmt: skip
    return s.ending(days, 1 + n % 2)


def service_overdue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("service overdue", rng, respondents=2)
    c.formed(s)
    c.served(s, how_many=1)
    return s.ending(days, 9)


def answers_awaited(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("answers awaited", rng, respondents=2)
    c.formed(s)
    c.served(s)
    c.answered(s, how_many=n % 2)
    return s.ending(days, 2)


def answered(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("answered, hearing to be set", rng)
    c.formed(s)
    c.served(s)
    c.answered(s)
    return s.ending(days, 1)


def extension_asked_early(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("extension just asked for", rng, respondents=3)
    c.formed(s)
    c.served(s)
    c.answered(s, how_many=1)
    b.extension_asked(s)
    return s.ending(days, 1)


def suspended_for_recognition(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("suspended until the injury is recognised", rng, texts.INJURY)
    c.formed(s)
    c.served(s)
    c.answered(s)
    b.suspended(s, "expert")
    return s.ending(days, 8 + 20 * (n % 2))


def served_and_entered_late(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("service entered a day late, the amount corrected", rng, texts.DISMISSAL)
    c.accepted(s)
    c.amount_corrected(s)
    c.tribunal_named(s)
    c.served_earlier(s)
    return s.ending(days, 3)


def hearing_today(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("hearing today", rng, sitting=3)
    c.scheduled(s)
    return s.ending(days, c.HEARING_AHEAD)


def hearing_ahead(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("hearing ahead", rng, respondents=1 + n % 2)
    c.scheduled(s, ahead=8)
    return s.ending(days, 1 + 2 * (n % 3))


def hearing_put_off(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("hearing put off", rng)
    c.scheduled(s)
    c.postponed(s, ahead=7)
    return s.ending(days, 2)


def hearing_missed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("hearing not recorded", rng)
    c.scheduled(s)
    return s.ending(days, c.HEARING_AHEAD + 4)


def tribunal_replaced(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("an arbitrator stepped back", rng, sitting=3)
    c.scheduled(s, ahead=8)
    gone = s.team.tribunal.pop()
    s.then(1, "recuse", DIRECTOR, {"recused_person": gone, "reason": s.some(texts.RECUSED)})
    s.team.tribunal.append(next(a for a in ARBITRATORS if a != gone and a not in s.team.tribunal))
    s.then(1, "replace_tribunal", s.team.head, {**c.sitting(s), "reason": "成员回避，依法更换。"})
    return s.ending(days, 3)


def collective(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun(
        "collective dispute, supervised", rng, texts.WAGES, 3, claimants=6, third_party=True, sitting=3
    )
    c.notified_once(s, ahead=14)
    b.extension_checked(s)
    b.listed(s, -12, "collective")
    b.instructed(s, -11)
    b.ledger_updated(s, -8, -5, -2)
    return s.ending(days, 1)


def joined(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("joined to an earlier case", rng, texts.WAGES)
    c.accepted(s)
    facts = {"lead_case": ANOTHER, "reason": "同一用人单位、同类请求，合并审理。"}
    s.then(1, "join_into", s.team.approver, facts, "order")
    return s.ending(days, 3)


def simplified(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("simplified, notified by text message", rng, texts.WAGES, sitting=1)
    c.filed(s)
    facts = {"claim_amount": "3000", "simple_ground": "clear", "simple_barred": "none"}
    s.then(1, "propose_simplified", s.team.clerk, facts)
    c.granted(s)
    c.tribunal_named(s)
    s.then(0, "send_simply", s.team.secretary, {"simple_method": "message"})
    s.then(1, "confirm_receipt", s.team.secretary, None, "proof_of_receipt")
    s.then(0, "drop_period", s.team.secretary, None, "agreement")
    c.fixed(s, ahead=7)
    return s.ending(days, 2)


def handed_over(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("handed over to another secretary", rng, respondents=2)
    c.formed(s)
    c.served(s)
    to = next(one for one in SECRETARIES if one != s.team.secretary)
    s.then(1, "hand_over", s.team.head, {"secretary_named": to, "reason": s.some(texts.HANDED_OVER)})
    s.team.secretary = to
    c.answered(s)
    c.fixed(s, ahead=7)
    return s.ending(days, 2)
