"""The commercial case: four months from the tribunal's formation, extended in months under a cap of two."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.answers import Refusal
from tests.builders import Clock, PaperStory, day
from tests.cast import FANG, HE, JIA, LIN, PARTIES, WEI, ZHOU
from tests.procedures import commercial_way as way
from tests.procedures.counting import due, reading, terms_of
from tests.procedures.way import CHECKED, EXTENSION


def filed(at: str = "2026-03-02") -> PaperStory:
    case = PaperStory(clock=Clock(at))
    answer = case.ask_open("commercial", LIN, PARTIES, {"claim_amount": "5000000"}, None)
    assert not isinstance(answer, Refusal)
    return case


def formed(on: str, filed_on: str = "2026-03-02") -> PaperStory:
    """A case whose tribunal was formed on that day, every respondent served and silent."""
    case = filed(filed_on)
    way.accept(case)
    way.choose(case)
    case.clock.set(on)
    way.form(case)
    return case


def ask(case: PaperStory, months: str) -> None:
    case.do("request_extension", JIA, months_asked=months, **EXTENSION)
    case.do("check", ZHOU, matter="extension", **CHECKED)
    case.do("support", HE, matter="extension")


def test_acceptance_takes_five_days_and_the_answer_fifteen_and_no_clock_runs_yet() -> None:
    case = filed()
    assert terms_of(case)["5 days", "仲裁法(2025修订)第35条"] == day("2026-03-09"), "Saturday rolls to Monday"
    case.do("accept", FANG, **way.ACCEPTED)
    case.clock.set("2026-03-20")
    case.do(
        "serve", ZHOU, matter=case.matter("service", 0), files=["proof_of_service"], service_method="agreed"
    )

    assert terms_of(case, case.matter("service", 0))["15 days", "机构仲裁规则"] == day("2026-04-07")
    assert case.case.clocks == {}
    assert case.refused("form_tribunal", HE, tribunal_named="jia").code == "guard"


@pytest.mark.parametrize(
    ("on", "ends"),
    [("2026-03-10", "2026-07-10"), ("2026-05-31", "2026-09-30"), ("2026-06-03", "2026-10-08")],
)
def test_four_months_end_on_the_corresponding_day_or_the_last_of_the_month_and_roll_once(
    on: str, ends: str
) -> None:
    assert due(formed(on)) == ends


@pytest.mark.parametrize(("months", "ends"), [("1", "2026-08-10"), ("2", "2026-09-10")])
def test_an_extension_is_granted_in_months(months: str, ends: str) -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-07-06")
    ask(case, months)

    case.do("grant", WEI, matter="extension", files=["order"], months_granted=months)

    assert due(case) == ends


def test_three_months_are_over_the_cap_whether_at_once_or_together_and_nothing_is_granted_after_expiry() -> (
    None
):
    case = formed("2026-03-10")
    case.clock.set("2026-07-06")
    ask(case, "3")
    papers: dict[str, Any] = {"matter": "extension", "files": ["order"]}
    assert case.refused("grant", FANG, months_granted="3", **papers).code == "EXT_OVER_CAP"
    case.do("grant", FANG, months_granted="2", **papers)
    case.do("tell_parties", ZHOU, files=["notice"])
    ask(case, "1")
    assert case.refused("grant", FANG, months_granted="1", **papers).code == "EXT_OVER_CAP"
    case.clock.set("2026-09-11")
    assert case.refused("grant", FANG, months_granted="1", **papers).code == "EXT_AFTER_EXPIRY"
    assert due(case) == "2026-09-10"


def test_a_stop_and_recorded_expert_work_are_not_counted() -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-04-14")
    case.do("suspend", FANG, files=["order"], ground="successor")
    case.clock.set("2026-05-26")
    case.do("resume", FANG, ground="successor")
    assert due(case) == "2026-08-21", "122 days and 42 stopped"

    case.do(
        "exclude_time",
        FANG,
        files=["order"],
        exclusion_ground="expert",
        excluded_from="2026-05-26",
        days_excluded="10",
    )

    assert due(case) == "2026-08-31"
    assert reading(case, "2026-06-30").stopped_days == 52


def test_a_publication_that_is_recorded_is_not_counted() -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-04-14")

    case.do("publish", FANG, files=["announcement"], publication_days="30")

    assert due(case) == "2026-08-10", "10 July and 30 days are 9 August, a Sunday"


def test_notice_and_award_may_be_published_before_the_clock_starts_and_after_it_ended() -> None:
    case = filed()
    case.do("accept", FANG, **way.ACCEPTED)
    notice = case.matter("service", 0)
    case.do("publish_abroad", FANG, matter=notice, files=["announcement"])
    published = terms_of(case, case.matter("service", 0))
    assert published["60 days", "机构仲裁规则"] == day("2026-05-01"), "a holiday, yet nobody has to act on it"

    case.clock.set("2026-04-30")
    early = case.refused("deem_published", ZHOU, matter=notice, files=["proof_of_service"])
    assert (early.code, early.fact) == ("too_early", "2026-05-01")
    case.clock.set("2026-05-06")
    case.do("deem_published", ZHOU, matter=notice, on="2026-05-01", files=["proof_of_service"])

    assert (case.matter("service", 0).state, case.case.clocks) == ("answer_awaited", {})
    assert terms_of(case, case.matter("service", 0))["15 days", "机构仲裁规则"] == day("2026-05-18")


def test_a_late_entry_waits_for_the_director_here_too() -> None:
    case = formed("2026-03-10")
    case.clock.set("2026-07-13")
    case.do("suspend", WEI, on="2026-07-08", files=["order"], ground="agreed")
    assert case.matter("late_entry").open

    case.do("reject_entry", FANG, entry_reason="无双方书面申请")

    assert due(case) == "2026-07-10"


def test_a_commercial_case_goes_from_filing_to_archive() -> None:
    case = formed("2026-03-10")
    way.hear(case, "2026-04-10")
    way.deliberate(case)
    way.review(case)
    way.sign_award(case)
    case.clock.set("2026-04-30")
    way.issue(case)
    way.archive(case)

    assert (case.state, case.case.open, reading(case).on_time) == ("archived", False, True)
    first = terms_of(case, case.matter("award_service", 0))
    assert first["3 months", "仲裁法(2025修订)第72条"] == day("2026-07-30")
