"""What the proofs told of a broken procedure is mended by the remedy they name: then everything holds."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from engine.run.checking import check_files
from engine.run.proofs import prove_checked
from engine.run.settings import REGISTER_FILE
from tests.language.proving import PROOF
from tests.language.small import changed

Edits = tuple[tuple[str, str], ...]

PART = "requires: [{that: review is approved}], to: stays}"
ISSUE = "requires: [{that: review is approved}], clock: {award: end}, to: decided}"
FINISH = "      finish: {title: {zh: 结案, en: Finish}, by: secretary, clock: {award: end}, to: decided}\n"
DECIDE = (
    f"      issue: {{title: {{zh: 签发, en: Issue}}, by: secretary, attach: [award], {ISSUE}\n",
    FINISH,
)
PENDING = "  pending: {type: yes_no, title: {zh: 待签发, en: Waits to be issued}}\n"

MENDED: tuple[tuple[str, str, Edits], ...] = (
    ("release_twice_on_one_review", "case.yaml", (DECIDE, (PART, f"at_most: 1, {PART}"))),
    (
        "release_twice_on_one_review",
        "case.yaml",
        (
            ("facts:\n", f"facts:\n{PENDING}"),
            ("attach: [draft], open: [review]", "attach: [draft], set: {pending: yes}, open: [review]"),
            DECIDE,
            (
                PART,
                "requires: [{that: review is approved}, {that: pending is yes}], set: {pending: no}, to: stays}",
            ),
        ),
    ),
    (
        "drafter_in_another_matter",
        "writing.yaml",
        (("awaits: writer", "awaits: secretary"), ("by: writer,", "by: secretary,")),
    ),
    (
        "owner_released_for_good",
        "case.yaml",
        (
            (
                "release: [secretary], to: stays}",
                "needs: [secretary_named], assign: {secretary: secretary_named}, to: stays}",
            ),
        ),
    ),
    (
        "owner_released_for_good",
        "case.yaml",
        (
            (
                "moves:\n  drop:",
                "moves:\n  name: {title: {zh: 另定秘书, en: Name a secretary}, by: any director, from: [to_issue], "
                "needs: [secretary_named], assign: {secretary: secretary_named}, to: stays}\n  drop:",
            ),
        ),
    ),
    ("matter_for_a_side_that_need_not_be", "case.yaml", (("parties: [claimant]", "parties: [respondent]"),)),
    (
        "matter_for_a_list_nobody_brings",
        "case.yaml",
        (("needs: [secretary_named, tribunal_named],", "needs: [secretary_named, tribunal_named, listed],"),),
    ),
    (
        "loop_that_puts_the_clock_off",
        "case.yaml",
        (("{exclude: days}}, to", "{exclude: days}}, at_most: 3, to"),),
    ),
)


@pytest.mark.parametrize(
    ("folder", "file", "edits"), MENDED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_mended_as_told_is_proved(folder: str, file: str, edits: Edits, tmp_path: Path) -> None:
    copytree(PROOF / folder, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(changed(text, *edits), encoding="utf-8")

    checked = check_files([tmp_path / REGISTER_FILE], None)

    assert checked.problems == []
    assert prove_checked(checked, None, None).problems == ()
