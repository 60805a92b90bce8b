"""What was entered late on a clock has a matter that can let it stand and can strike it."""

from __future__ import annotations

import pytest

from engine.model.procedure import ClockEffect
from tests.language.fitting import FILES, REGISTER, together
from tests.language.small import SMALL, changed, procedure_of, small

LATE = """\
procedure: late_entry
title: {zh: 补录核准, en: Late entry}
basis: 规则
borrows: {clocks: [award]}
stages:
  only: {zh: 核准, en: Approval}
states:
  asked:
    title: {zh: 待核准, en: To be approved}
    stage: only
    awaits: any director
    within: {limit: 2 work days}
    moves:
      approve: {title: {zh: 核准, en: Approve}, by: any director, to: approved}
      reject: {title: {zh: 不予计入, en: Reject}, by: any director, clock: {award: strike}, to: rejected}
  approved: {title: {zh: 已核准, en: Approved}, stage: only, final: approved}
  rejected: {title: {zh: 未获核准, en: Rejected}, stage: only, final: rejected}
"""
KINDS = (
    "review: {procedure: review}",
    "late_entry: {procedure: late_entry, at_end: kept}\n  review: {procedure: review}",
)
CLOCK = ("limit: 45 days,", "limit: 45 days, exceptions: [director], late: late_entry,")
LATE_FILES = {
    **FILES,
    "workflows.yaml": changed(REGISTER, ("  small: {", "  late_entry: {file: late_entry.yaml}\n  small: {")),
    "small.yaml": changed(SMALL, KINDS, CLOCK),
    "late_entry.yaml": LATE,
}


def test_a_clock_says_who_may_make_exceptions_and_what_decides_on_late_entries() -> None:
    clock = small(KINDS, CLOCK).clocks["award"]
    assert (clock.exceptions_by, clock.late) == (("director",), "late_entry")


def test_a_matter_may_strike_the_late_entry_it_is_about() -> None:
    reject = procedure_of(LATE).states["asked"].moves["reject"]
    assert reject.clock == (ClockEffect("award", "strike"),)


def test_files_that_decide_on_late_entries_fit_each_other() -> None:
    assert together(LATE_FILES) == []


WITHOUT_REJECT = LATE[LATE.index("      reject") : LATE.index("  approved:")]
REJECTED = LATE[LATE.index("  rejected:") :]
LATE_MISFITS = [
    ("a clock nobody borrowed", "late_entry.yaml",
     [("borrows: {clocks: [award]}", "borrows: {}"), (WITHOUT_REJECT, ""), (REJECTED, "")],
     ["small.yaml:15:92 late_not_borrowed"]),
    ("nothing that rejects", "late_entry.yaml", [(WITHOUT_REJECT, ""), (REJECTED, "")],
     ["small.yaml:15:92 never_struck"]),
    ("nothing that lets it stand", "late_entry.yaml",
     [("by: any director, to: approved", "by: any director, clock: {award: strike}, to: approved")],
     ["small.yaml:15:92 always_struck"]),
    ("a strike in a matter about something else", "review.yaml",
     [("needs: [days]", "clock: {award: strike}, needs: [days]")],
     ["review.yaml:16:91 strike_elsewhere"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "edits", "told"), [row[1:] for row in LATE_MISFITS], ids=[row[0] for row in LATE_MISFITS]
)
def test_a_matter_that_cannot_decide_is_told_where_the_clock_names_it(
    file: str, edits: list[tuple[str, str]], told: list[str]
) -> None:
    assert together({**LATE_FILES, file: changed(LATE_FILES[file], *edits)}) == told
