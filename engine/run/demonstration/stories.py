"""Stories: the docket of the demonstration: which stories are told, and how often.

Room for: the table, and drawing a plan of each from the seed.
May not enter: what happens in a story (`early_stories.py`, `clock_stories.py`, `late_stories.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from engine.run.demonstration import clock_stories as clock
from engine.run.demonstration import early_stories as early
from engine.run.demonstration import late_stories as late
from engine.run.demonstration.plan import Plan
from engine.run.demonstration.workdays import WorkDays

Story = Callable[[random.Random, WorkDays, int], Plan]
"""Tells one case: with its own chance, the days around today, and its number among all."""

DOCKET: tuple[tuple[Story, int], ...] = (
    (early.just_filed, 2),
    (early.filed_and_forgotten, 1),
    (early.sent_back, 1),
    (early.correction_pending, 1),
    (early.correction_overdue, 1),
    (early.acceptance_proposed, 1),
    (early.corrected_then_proposed, 1),
    (early.proposal_overdue, 1),
    (early.refusal_proposed, 1),
    (early.not_accepted, 2),
    (early.accepted, 1),
    (early.without_tribunal, 1),
    (early.being_served, 2),
    (early.service_overdue, 1),
    (early.answers_awaited, 1),
    (early.answered, 1),
    (early.extension_asked_early, 1),
    (early.suspended_for_recognition, 2),
    (early.served_and_entered_late, 1),
    (early.hearing_today, 1),
    (early.hearing_ahead, 1),
    (early.hearing_put_off, 1),
    (early.hearing_missed, 1),
    (early.tribunal_replaced, 1),
    (early.collective, 1),
    (early.handed_over, 1),
    (early.joined, 1),
    (early.simplified, 1),
    (clock.mediated_first, 1),
    (clock.settled_outside, 1),
    (clock.no_jurisdiction, 1),
    (clock.published, 1),
    (clock.counterclaim_to_decide, 1),
    (clock.counterclaim_merged, 1),
    (clock.party_joined, 1),
    (clock.case_target, 1),
    (clock.recusal_asked, 1),
    (clock.conciliation_delegated, 1),
    (clock.suspension_to_approve, 1),
    (clock.late_entry, 1),
    (clock.override, 1),
    (late.to_deliberate, 1),
    (late.start_corrected, 1),
    (late.suspended_for_other_case, 1),
    (late.extension_to_decide, 1),
    (late.overdue_with_ledger, 1),
    (late.drafting, 2),
    (late.drafting_amber, 1),
    (late.drafting_extended, 1),
    (late.extension_to_tell, 1),
    (late.extension_denied, 1),
    (late.overdue_and_stale, 1),
    (late.draft_taken_back, 1),
    (late.at_level_1, 1),
    (late.at_level_2, 1),
    (late.at_level_3, 1),
    (late.level_3_overdue, 1),
    (late.at_level_4, 1),
    (late.long_overdue_at_level_4, 1),
    (late.at_level_5, 1),
    (late.draft_returned, 1),
    (late.draft_handed_in_again, 1),
    (late.ready_to_issue, 1),
    (late.key_case_ready, 1),
    (late.petition_stale, 1),
    (clock.final_award, 1),
    (late.award_issued, 2),
    (late.both_awards_issued, 1),
    (late.settlement_in_review, 1),
    (late.to_sign_settlement, 1),
    (late.concluded_by_award, 1),
    (late.concluded_by_withdrawal, 1),
    (late.concluded_by_absence, 1),
    (late.closing_overdue, 1),
    (late.closed_after_award, 1),
    (late.closed_after_settlement, 1),
    (late.archived_still_listed, 1),
    (late.archived_after_award, 1),
    (late.archived_after_return, 1),
    (late.archived_after_suspension, 1),
    (late.archived_after_extension, 1),
    (late.archived_after_settlement, 1),
    (late.archived_after_withdrawal, 1),
)
"""Each story with how many cases tell it."""


def plans(days: WorkDays, seed: int, docket: Sequence[tuple[Story, int]] = DOCKET) -> tuple[Plan, ...]:
    """Return one plan a case; the same days and seed give the same plans."""
    told = [story for story, times in docket for _ in range(times)]
    return tuple(story(random.Random(f"{seed}/{n}"), days, n) for n, story in enumerate(told, 1))
