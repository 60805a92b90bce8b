"""The summary commercial case: a sole arbitrator, two months from the formation, one more at most."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.model.answers import Refusal
from engine.model.rules import Rules
from tests.builders import Clock, PaperStory, day, rules_of
from tests.cast import FANG, HE, JIA, LIN, PARTIES, ZHOU
from tests.procedures import commercial_way as way
from tests.procedures.counting import due, reading, terms_of
from tests.procedures.way import CHECKED, EXTENSION


def long_in_office() -> Rules:
    """The rules with a cast that has held its roles since before the first of these stories."""
    rules = rules_of()
    holdings = tuple(replace(holding, since=day("2024-01-01")) for holding in rules.people.holdings)
    return replace(rules, people=replace(rules.people, holdings=holdings))


def formed(on: str, filed_on: str = "2026-03-02") -> PaperStory:
    """A summary case whose tribunal was formed on that day, every respondent served and silent."""
    case = PaperStory(long_in_office(), Clock(filed_on))
    answer = case.ask_open("commercial_summary", LIN, PARTIES, {"claim_amount": "80000"}, None)
    assert not isinstance(answer, Refusal)
    way.accept(case, law_version="al17" if filed_on < "2026-03" else "al25")
    case.do("sole_agreed", ZHOU, arbitrator_named=JIA)
    case.clock.set(on)
    case.do("form_tribunal", HE, tribunal_named=JIA)
    way.disclose(case, JIA)
    return case


def ask(case: PaperStory, months: str) -> None:
    case.do("request_extension", JIA, months_asked=months, **EXTENSION)
    case.do("check", ZHOU, matter="extension", **CHECKED)
    case.do("support", HE, matter="extension")


@pytest.mark.parametrize(
    ("filed_on", "on", "ends", "why"),
    [
        ("2024-12-02", "2024-12-31", "2025-02-28", "no 31 February (E55)"),
        ("2025-12-01", "2025-12-31", "2026-02-28", "a Saturday that is worked, so it does not roll"),
        ("2026-03-02", "2026-03-10", "2026-05-11", "10 May is a Sunday"),
    ],
)
def test_two_months_end_on_the_corresponding_day_or_the_last_of_the_month(
    filed_on: str, on: str, ends: str, why: str
) -> None:
    assert due(formed(on, filed_on)) == ends, why


def test_one_month_may_be_granted_and_no_second_one() -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-05-06")
    ask(case, "2")
    papers: dict[str, Any] = {"matter": "extension", "files": ["order"]}

    assert case.refused("grant", FANG, months_granted="2", **papers).code == "EXT_OVER_CAP"
    case.do("grant", FANG, months_granted="1", **papers)
    assert due(case) == "2026-06-10"

    case.do("tell_parties", ZHOU, files=["notice"])
    ask(case, "1")
    assert case.refused("grant", FANG, months_granted="1", **papers).code == "EXT_OVER_CAP"


def test_a_publication_that_is_recorded_is_not_counted() -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-03-16")
    assert case.refused("publish", FANG, files=["announcement"], publication_days="45").code == "guard"
    assert case.refused("publish", ZHOU, files=["announcement"], publication_days="60").code == "not_yours"

    case.do("publish", FANG, files=["announcement"], publication_days="60")

    assert due(case) == "2026-07-09", "10 May and 60 days"


def test_a_sole_arbitrator_drafts_and_the_case_goes_from_filing_to_archive() -> None:
    case = formed("2026-03-10")
    case.do("decide_on_papers", JIA, reason="双方同意书面审理")
    case.do("hear_again", JIA, reason="需核实证据")
    way.hear(case, "2026-03-24")
    way.review(case, JIA)
    case.clock.set("2026-03-30")
    way.issue(case)
    way.archive(case)

    assert (case.state, case.case.open, reading(case).on_time) == ("archived", False, True)
    first = terms_of(case, case.matter("award_service", 0))
    assert first["3 months", "仲裁法(2025修订)第72条"] == day("2026-06-30")
