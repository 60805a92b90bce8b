"""The register and its procedures fit each other, or the misfit is told where it was written."""

from __future__ import annotations

import pytest

from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.language.together import check_together
from engine.model.procedure import Procedure
from engine.model.register import Register
from tests.builders import fragment_texts, fragments
from tests.language.fitting import FILES, REGISTER, REVIEW, together
from tests.language.small import ROLES, ROOT, SMALL, changed


def test_the_files_that_come_with_anxu_fit_each_other() -> None:
    paths = [ROOT / "workflows.yaml", *sorted((ROOT / "workflows").glob("*.yaml"))]
    files = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    register = read_register(files["workflows.yaml"], "workflows.yaml")
    assert isinstance(register, Register)
    procedures = {}
    for file, text in files.items():
        if file != "workflows.yaml":
            read = read_procedure(text, file, register.roles, fragments())
            assert isinstance(read, Procedure)
            procedures[read.name] = read

    assert check_together(register, procedures, {**files, **fragment_texts()}) == ()


def test_the_small_files_fit_each_other() -> None:
    assert together(FILES) == []


NO_HANDLER = ("to: [awaited, recused]", "to: [handler]")
NAMED_TERM = (
    "stages:\n",
    "terms:\n  answer: {title: {zh: 答辩期, en: Answer}, limit: 10 days, of: reason_on}\nstages:\n",
)
MISFITS = [
    ("a registered file that is not there", "workflows.yaml", [("review.yaml", "reviews.yaml")],
     ["workflows.yaml:14:18 file_not_given"]),
    ("another name in the file", "review.yaml", [("procedure: review", "procedure: reading")],
     ["workflows.yaml:14:3 name_differs"]),
    ("cases without numbers", "workflows.yaml", [(', series: 小, number: "〔{year}〕{n}号"', "")],
     ["workflows.yaml:13:3 not_numbered"]),
    ("a target for no clock", "workflows.yaml", [("clock: award", "clock: awards")],
     ["workflows.yaml:16:31 unknown_clock"]),
    ("a target beyond the limit", "workflows.yaml", [("30 days", "50 days")],
     ["workflows.yaml:16:46 target_beyond_limit"]),
    ("a matter by no procedure", "small.yaml", [("procedure: review}", "procedure: reviw}")],
     ["small.yaml:12:23 unknown_procedure"]),
    ("a matter that bars nobody", "small.yaml", [("procedure: review}", "procedure: review, bars: reason}")],
     ["small.yaml:12:37 bars_nobody"]),
    ("a fact handed on in another type", "small.yaml",
     [("facts:\n", "facts:\n  days: {type: text, title: {zh: 天数, en: Days}}\n"), ("needs: [reason]", "needs: [days]")],
     ["small.yaml:27:73 handed_in_another_type"]),
    ("a matter that is a case", "small.yaml", [("procedure: review}", "procedure: small}")],
     ["small.yaml:12:23 not_a_matter"]),
    ("a person nobody lends", "review.yaml", [("persons: [clerk]", "persons: [clerk, drafter]")],
     ["review.yaml:4:28 not_offered"]),
    ("a fact nobody lends", "review.yaml", [("facts: [reason,", "facts: [reason, ground,")],
     ["review.yaml:4:45 not_offered"]),
    ("a clock nobody lends", "review.yaml", [("clocks: [award]", "clocks: [award, appeal]")],
     ["review.yaml:4:75 not_offered"]),
    ("a term that starts with a borrowed text", "review.yaml", [("of: received_on", "of: reason")],
     ["review.yaml:14:38 wrong_fact_type"]),
    ("a guard that compares a borrowed text", "review.yaml", [("reason is set", "days > 3 and reason > 3")],
     ["review.yaml:16:122 guard_type"]),
    ("an extension of what cannot be extended", "review.yaml", [("needs: [days]", "needs: [days], clock: {award: {extend: days}}")],
     ["review.yaml:16:99 not_extendable"]),
    ("the same in the case itself", "small.yaml",
     [("facts:\n", "facts:\n  days: {type: whole, title: {zh: 天数, en: Days}}\n"), ("needs: [reason]", "clock: {award: {extend: days}}")],
     ["small.yaml:27:66 not_extendable"]),
    ("an outcome the matter does not have", "small.yaml",
     [("when: review is approved", "when: not (review is open) and review is aproved")],
     ["small.yaml:33:51 unknown_outcome"]),
    ("an outcome nobody waits for", "review.yaml",
     [("      sign:", "      drop: {title: {zh: 撤, en: Drop}, by: any director, to: dropped}\n      sign:"),
      ("  approved: {", "  dropped: {title: {zh: 撤, en: Dropped}, stage: only, final: dropped}\n  approved: {")],
     ["small.yaml:32:5 outcome_unanswered"]),
    ("a ladder that is not registered", "review.yaml", [("ladder: step", "ladder: steps")],
     ["review.yaml:14:59 unknown_ladder"]),
    ("the ladder of a clock that is not registered", "small.yaml", [("ladder: award", "ladder: awards")],
     ["small.yaml:14:70 unknown_ladder"]),
    ("a handler nobody named", "workflows.yaml", [NO_HANDLER],
     ["review.yaml:14:59 handler_needed", "small.yaml:24:59 handler_needed"]),
    ("a matter nobody lends", "review.yaml", [("clocks: [award]}", "clocks: [award], matters: [review, service]}")],
     ["review.yaml:4:94 not_offered"]),
    ("an outcome the borrowed matter does not have", "review.yaml",
     [("clocks: [award]}", "clocks: [award], matters: [review]}"), ("that: reason is set", "that: review is not aproved")],
     ["review.yaml:16:123 unknown_outcome"]),
    ("a named term that starts with a borrowed text", "review.yaml", [NAMED_TERM, ("of: reason_on", "of: reason")],
     ["review.yaml:6:62 wrong_fact_type"]),
    ("the ladder of a named term that is not registered", "review.yaml",
     [NAMED_TERM, ("of: reason_on", "of: received_on, ladder: steps"), ("{limit: 2 work days, of: received_on, ladder: step}", "answer")],
     ["review.yaml:6:83 unknown_ladder"]),
    ("a postmark in a borrowed text", "review.yaml",
     [NAMED_TERM, ("of: reason_on", "of: received_on"), ("needs: [days]", "in_time: {term: answer, posted: reason}, needs: [days]")],
     ["review.yaml:18:108 wrong_fact_type"]),
    ("a target given to the case by a borrowed text", "review.yaml",
     [("needs: [days]", "clock: {award: {target: reason}}, needs: [days]")],
     ["review.yaml:16:100 wrong_fact_type"]),
    ("a recipient nobody is", "workflows.yaml", [("to: [director, clerk]", "to: [director, clark]")],
     ["workflows.yaml:19:49 unknown_recipient"]),
    ("a rung that opens nothing known", "workflows.yaml", [("opens: review", "opens: supervision")],
     ["workflows.yaml:19:64 unknown_matter"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "edits", "told"), [row[1:] for row in MISFITS], ids=[row[0] for row in MISFITS]
)
def test_a_misfit_is_told_where_it_was_written(
    file: str, edits: list[tuple[str, str]], told: list[str]
) -> None:
    assert together({**FILES, file: changed(FILES[file], *edits)}) == told


def test_a_target_of_a_borrowed_number_has_one_day_at_least() -> None:
    files = {
        **FILES,
        "small.yaml": changed(
            SMALL, ("facts:\n", "facts:\n  wish: {type: whole, title: {zh: 天数, en: Days}}\n")
        ),
        "review.yaml": changed(
            REVIEW,
            ("facts: [reason,", "facts: [wish, reason,"),
            ("needs: [days]", "clock: {award: {target: wish}}"),
        ),
    }
    assert together(files) == ["review.yaml:16:100 target_of_nothing"]


def test_a_procedure_with_problems_of_its_own_is_left_out() -> None:
    register = read_register(REGISTER, "workflows.yaml")
    small = read_procedure(SMALL, "small.yaml", ROLES)
    assert isinstance(register, Register)
    assert isinstance(small, Procedure)

    assert check_together(register, {"small": small}, {**FILES, "review.yaml": "procedure: review\n["}) == ()
