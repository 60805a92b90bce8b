"""Terms with a name of their own: where they limit a stay, and what must be done within them."""

from __future__ import annotations

import pytest

from engine.language.procedure import read_procedure
from engine.law.duration import Duration
from engine.model.procedure import InTime, Joining, Procedure, Term
from engine.text import Text
from tests.language.fitting import FILES, REVIEW, together
from tests.language.small import ROLES, SMALL, changed, problems_of, procedure_of, small

TERMS = (
    "facts:\n",
    """terms:
  answer: {limit: 10 days, of: received_on, title: {zh: 答辩期, en: Time to answer}, basis: 办案规则第33条}
  hearing: {limit: 3 days, before: received_on, title: {zh: 开庭通知, en: Notice of the hearing}}
  same_day: {limit: 0 days, of: received_on, title: {zh: 当日, en: The same day}}
  stay: {limit: 3 days, title: {zh: 停留, en: The stay}, runs_while_suspended: true}
facts:
  posted_on: {type: date, title: {zh: 邮戳日期, en: Posted on}}
""",
)
INLINE = "{limit: 5 work days, of: received_on, ladder: step}"
PROPOSE = "by: clerk, needs: [reason],"


def test_a_term_may_have_a_name_and_a_title_of_its_own() -> None:
    terms = small(TERMS).terms

    assert list(terms) == ["answer", "hearing", "same_day", "stay"]
    assert terms["answer"] == Term(
        name="answer",
        limit=Duration(10, "days"),
        title=Text("答辩期", "Time to answer"),
        of="received_on",
        basis="办案规则第33条",
    )
    assert (terms["hearing"].before, terms["stay"].runs_while_suspended) == ("received_on", True)


def test_a_term_of_no_days_ends_on_its_date() -> None:
    assert small(TERMS).terms["same_day"].limit == Duration(0, "days")


@pytest.mark.parametrize(
    ("within", "names"),
    [
        ("answer", ["answer"]),
        ("[answer]", ["answer"]),
        ("[stay, answer]", ["stay", "answer"]),
        (f"[answer, {INLINE}]", ["answer", "filed.2"]),
        (INLINE, ["filed.1"]),
    ],
)
def test_a_stay_may_be_limited_by_terms_named_or_written_there(within: str, names: list[str]) -> None:
    read = small(TERMS, (INLINE, within))
    state = read.states["filed"]

    assert [term.name for term in state.terms] == names
    assert state.clock is None
    assert all(read.terms.get(term.name, term) is term for term in state.terms)


def test_a_clock_limits_a_stay_in_brackets_too() -> None:
    state = small(("within: award", "within: [award]")).states["proposed"]
    assert (state.clock, state.terms) == ("award", ())


def test_a_term_written_where_it_limits_may_have_a_title() -> None:
    titled = INLINE.replace("ladder: step", "title: {zh: 审查, en: Examination}")
    (term,) = small((INLINE, titled)).states["filed"].terms
    assert (term.name, term.title) == ("filed.1", Text("审查", "Examination"))


def test_a_level_of_a_chain_may_be_limited_by_a_named_term() -> None:
    chain = """chain:
  stage: only
  sign: {title: {zh: 签, en: Sign}}
  return: {title: {zh: 退, en: Return}, to: filed}
  passed: accepted
  levels: [{title: {zh: 一级, en: First}, by: any director, within: stay}]
states:
"""
    to_level = (
        "needs: [reason], open: [review], to: proposed",
        "needs: [reason], open: [review], to: level_1",
    )
    to_filed = ("when: review is approved, to: accepted", "when: review is approved, to: filed")
    sends = (
        "      propose:",
        "      wait: {title: {zh: 等, en: Wait}, by: clerk, to: proposed}\n      propose:",
    )
    read = small(
        TERMS, ("states:\n", chain), to_level, to_filed, sends, ("states:\n", "starts: filed\nstates:\n")
    )
    assert read.states["level_1"].terms == (read.terms["stay"],)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("answer", InTime("answer")),
        ("hearing", InTime("hearing")),
        ("{term: answer}", InTime("answer")),
        ("{term: answer, posted: posted_on}", InTime("answer", "posted_on")),
    ],
)
def test_a_move_may_be_bound_to_a_term_by_its_day_or_by_a_postmark(written: str, meant: InTime) -> None:
    read = small(TERMS, (PROPOSE, f"{PROPOSE} in_time: {written},"))
    assert read.states["filed"].moves["propose"].in_time == meant


def test_a_standing_move_may_be_bound_to_a_term() -> None:
    moves = "moves:\n  late: {title: {zh: 答, en: Answer}, by: clerk, from: any open state, to: stays, in_time: answer}\n"
    read = procedure_of(changed(SMALL, TERMS) + moves)
    assert read.states["proposed"].moves["late"].in_time == InTime("answer")


@pytest.mark.parametrize("role", ["claimant", "respondent", "third_party"])
def test_a_move_may_bring_a_party_into_the_case(role: str) -> None:
    read = small((PROPOSE, f"{PROPOSE} joins: {{role: {role}, named: reason}},"))
    assert read.states["filed"].moves["propose"].joins == Joining(role, "reason")


def test_a_matter_may_bring_a_party_in_and_open_what_it_borrows() -> None:
    review = changed(
        REVIEW,
        ("clocks: [award]}", "clocks: [award], matters: [review]}"),
        ("facts:\n", "facts:\n  name: {type: text, title: {zh: 姓名, en: Name}}\n"),
        ("needs: [days]", "needs: [days, name], joins: {role: respondent, named: name}, open: review"),
        ("that: reason is set", "that: every review is ended or no review is open"),
    )
    read = procedure_of(review)
    sign = read.states["read"].moves["sign"]

    assert read.borrowed is not None
    assert read.borrowed.matters == ("review",)
    assert (sign.open, sign.joins) == (("review",), Joining("respondent", "name"))
    assert together({**FILES, "review.yaml": review}) == []


def test_a_matter_may_await_a_matter_it_borrows() -> None:
    review = changed(
        REVIEW,
        ("clocks: [award]}", "clocks: [award], matters: [review]}"),
        ("awaits: any director", "awaits: {matter: review}"),
    )
    read = read_procedure(review, "review.yaml", ROLES)
    assert isinstance(read, Procedure), read.said("en")
    assert read.states["read"].awaits_matter == "review"


def test_an_unknown_limit_is_told_with_terms_and_clocks() -> None:
    (problem,) = problems_of(changed(SMALL, TERMS, (INLINE, "anwser")))
    assert problem.code == "unknown_limit"
    assert (
        problem.fix.en == "did you mean 'answer'? Limits known here: answer, award, hearing, same_day, stay."
    )
