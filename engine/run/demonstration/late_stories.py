"""Late stories: cases that stand today between the hearing and the archive.

Room for: how each of them came where it is, and what is special about it.
May not enter: single acts (`chapters.py`), how many of each there are (`stories.py`).
"""

from __future__ import annotations

import random

from engine.run.demonstration import chapters as c
from engine.run.demonstration import side_chapters as b
from engine.run.demonstration import texts
from engine.run.demonstration.plan import Plan, Script
from engine.run.demonstration.workdays import WorkDays


def to_deliberate(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("heard", rng)
    c.heard(s)
    return s.ending(days, 1 + n % 3)


def start_corrected(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("heard, the start of the clock corrected", rng)
    c.heard(s)
    c.start_corrected(s)
    return s.ending(days, 1)


def suspended_for_other_case(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("suspended for another case", rng, texts.DISMISSAL)
    c.heard(s)
    b.suspended(s, "other_case")
    return s.ending(days, 6)


def extension_to_decide(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("extension to be decided", rng)
    c.heard(s)
    b.extension_supported(s)
    return s.ending(days, 1)


def overdue_with_ledger(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("overdue, the ledger kept", rng, respondents=2)
    c.heard(s)
    b.ledger_updated(s, -2)
    return s.accepted_ago(days, 60)


def drafting(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("being drafted", rng)
    c.deliberated(s)
    return s.ending(days, 1 + n % 3)


def drafting_amber(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("being drafted, few days left", rng)
    c.deliberated(s)
    return s.accepted_ago(days, 39)


def drafting_extended(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("extended, being drafted", rng, texts.WAGES, 2, sitting=3)
    c.heard(s)
    b.extension_told(s)
    c.agreed(s)
    return s.accepted_ago(days, 52)


def extension_to_tell(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("extended, parties to be told", rng)
    c.deliberated(s)
    b.extension_granted(s)
    return s.ending(days, 1)


def extension_denied(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("extension denied", rng)
    c.deliberated(s)
    b.extension_denied(s)
    return s.ending(days, 2)


def overdue_and_stale(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("overdue, the ledger stale", rng)
    c.heard(s)
    c.agreed(s, slowly=8)
    return s.accepted_ago(days, 66)


def draft_taken_back(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("draft taken back from review", rng)
    c.drafted(s)
    c.signed(s, 1, 1)
    c.returned(s, 2)
    c.comment_answered(s)
    s.then(1, "take_back", s.team.drafter, {"reason": "需重新合议计算基数，撤回修改。"})
    return s.ending(days, 1)


def _at_level(s: Script, level: int) -> None:
    c.drafted(s)
    c.signed(s, 1, level - 1)


def at_level_1(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review, level 1", rng)
    _at_level(s, 1)
    return s.ending(days, 1 + n % 2)


def at_level_2(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review, level 2", rng, respondents=2)
    _at_level(s, 2)
    return s.ending(days, 1)


def at_level_3(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review, level 3", rng)
    _at_level(s, 3)
    return s.ending(days, 1)


def level_3_overdue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review overdue at level 3", rng)
    _at_level(s, 3)
    return s.ending(days, 8)


def at_level_4(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review, level 4", rng, sitting=3)
    _at_level(s, 4)
    return s.ending(days, 1)


def long_overdue_at_level_4(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("long overdue, review at level 4", rng, texts.INJURY, 2, third_party=True, sitting=3)
    c.heard(s)
    c.agreed(s, slowly=14)
    c.handed_in(s)
    c.signed(s, 1, 3)
    b.ledger_updated(s, -8, -4)
    b.instructed(s, -7)
    return s.accepted_ago(days, 72)


def at_level_5(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("review, level 5", rng)
    _at_level(s, 5)
    return s.ending(days, 1)


def draft_returned(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("draft returned, to be answered", rng)
    _at_level(s, 3)
    c.returned(s, 3)
    return s.ending(days, 1)


def draft_handed_in_again(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("new draft at level 2", rng)
    _at_level(s, 2)
    c.returned(s, 2)
    c.resubmitted(s)
    c.signed(s, 1, 1)
    return s.ending(days, 1)


def ready_to_issue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("ready to be issued", rng)
    _at_level(s, 6)
    return s.ending(days, 1)


def key_case_ready(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("key case, delisting proposed", rng, texts.DISMISSAL, sitting=3)
    _at_level(s, 6)
    b.listed(s, -10, "key_case")
    b.ledger_updated(s, -6)
    b.delisting_proposed(s, -3)
    return s.ending(days, 1)


def petition_stale(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("petition, the ledger stale", rng, texts.WAGES)
    c.deliberated(s)
    b.listed(s, -13, "petition")
    b.ledger_updated(s, -9)
    return s.accepted_ago(days, 36)


def _issued(s: Script, days: WorkDays, n: int) -> None:
    c.drafted(s)
    c.signed(s, 1, 5)
    c.issued(s, _award_number(days, n))


def _award_number(days: WorkDays, n: int) -> str:
    return f"双劳人仲裁〔{days.today.year}〕{n}号"


def _volume(days: WorkDays, n: int) -> str:
    return f"双劳人仲档{days.today.year}-{n:04d}"


def award_issued(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("award being served", rng, respondents=1 + n % 2)
    _issued(s, days, n)
    c.award_served(s, how_many=n % 3)
    return s.ending(days, 1 + n % 3)


def both_awards_issued(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("a final and a non-final award being served", rng, texts.DISMISSAL)
    c.drafted(s)
    c.signed(s, 1, 5)
    facts = {
        "award_number": _award_number(days, n),
        "final_award_number": f"{_award_number(days, n)}之一",
        "final_ground": "amount",
    }
    s.then(1, "issue_both_awards", s.team.secretary, facts, "award", "final_award")
    return s.ending(days, 1)


def settlement_in_review(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("settled, the document under review", rng)
    c.heard(s)
    c.settled(s)
    c.signed(s, 1, 1)
    return s.ending(days, 1)


def to_sign_settlement(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("settled, signatures awaited", rng)
    c.heard(s)
    c.conciliated(s)
    return s.ending(days, 1 + n % 2)


def concluded_by_award(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("award served, to be closed", rng)
    _issued(s, days, n)
    c.award_served(s)
    return s.ending(days, 1 + n % 3)


def concluded_by_withdrawal(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("withdrawn, to be closed", rng)
    c.formed(s)
    c.served(s)
    c.withdrawn(s)
    return s.ending(days, 2)


def concluded_by_absence(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("claimant did not appear, to be closed", rng)
    c.scheduled(s)
    s.then(s.hearing - s.cursor, "deem_withdrawn", s.team.drafter, {"reason": s.some(texts.DEEMED_WITHDRAWN)})
    return s.ending(days, 1)


def closing_overdue(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("settled, closing overdue", rng)
    c.heard(s)
    c.conciliated(s)
    c.took_effect(s)
    return s.ending(days, 8)


def closed_after_award(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("closed after an award", rng)
    _issued(s, days, n)
    c.award_served(s)
    c.closed(s)
    return s.ending(days, 2 + 3 * (n % 3))


def closed_after_settlement(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("closed after a settlement", rng)
    c.formed(s)
    c.served(s)
    c.answered(s)
    c.conciliated(s)
    c.took_effect(s)
    c.closed(s)
    return s.ending(days, 3)


def archived_still_listed(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived after the limit, still listed", rng)
    c.heard(s)
    c.agreed(s, slowly=26)
    c.handed_in(s)
    c.signed(s, 1, 5)
    c.issued(s, _award_number(days, n))
    c.award_served(s)
    c.archived(s, _volume(days, n))
    b.ledger_updated(s, -6, -1)
    return s.ending(days, 4)


def archived_after_award(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived after an award", rng)
    _issued(s, days, n)
    c.award_served(s)
    c.archived(s, _volume(days, n))
    return s.ending(days, 20 + 10 * (n % 3))


def archived_after_return(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived; the draft had been returned", rng, sitting=3)
    _at_level(s, 3)
    c.returned(s, 3)
    c.resubmitted(s)
    c.signed(s, 1, 5)
    c.issued(s, _award_number(days, n))
    c.award_served(s)
    c.archived(s, _volume(days, n))
    return s.ending(days, 12)


def archived_after_suspension(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived; had been suspended and listed", rng, texts.INJURY)
    c.formed(s)
    c.served(s)
    c.answered(s)
    b.suspended(s, "expert")
    b.resumed(s, 9)
    c.fixed(s)
    c.held(s)
    c.agreed(s)
    c.handed_in(s)
    c.signed(s, 1, 5)
    c.issued(s, _award_number(days, n))
    c.award_served(s)
    c.archived(s, _volume(days, n))
    b.listed(s, -24, "key_case")
    b.ledger_updated(s, -20)
    b.delisting_proposed(s, -18)
    b.delisted(s, -17)
    return s.ending(days, 2)


def archived_after_extension(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived; had been extended", rng, respondents=3, sitting=3)
    c.heard(s)
    b.extension_told(s)
    c.agreed(s)
    c.handed_in(s)
    c.signed(s, 1, 5)
    c.issued(s, _award_number(days, n))
    c.award_served(s)
    c.archived(s, _volume(days, n))
    return s.ending(days, 2)


def archived_after_settlement(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived after a second settlement", rng)
    c.heard(s)
    c.conciliated(s)
    s.then(2, "change_of_mind", s.team.secretary, {"reason": s.some(texts.CHANGED_MINDS)})
    c.conciliated(s)
    c.took_effect(s)
    c.archived(s, _volume(days, n))
    return s.ending(days, 6)


def archived_after_withdrawal(rng: random.Random, days: WorkDays, n: int) -> Plan:
    s = c.begun("archived after a withdrawal", rng)
    c.formed(s)
    c.served(s)
    c.withdrawn(s)
    c.archived(s, _volume(days, n))
    return s.ending(days, 20 + 10 * (n % 3))
