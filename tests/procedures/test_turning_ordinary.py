"""A simplified case that is turned ordinary: the track changes, the parties are told, the days run on (K12)."""

from __future__ import annotations

from tests.builders import PaperStory, day
from tests.cast import FANG, HE, JIA, ZHOU
from tests.procedures.counting import due, reading
from tests.procedures.way import Form, propose_simplified


def simplified() -> PaperStory:
    """A simplified case accepted on Tuesday 3 March, its tribunal formed the day after."""
    case = PaperStory()
    case.open()
    propose_simplified(case)
    case.clock.set("2026-03-03")
    case.do("accept", FANG, secretary_named=ZHOU)
    case.clock.set("2026-03-04")
    case.do("form_tribunal", HE, tribunal_named=JIA)
    return case


def test_turning_ordinary_leaves_the_due_date_where_acceptance_put_it() -> None:
    case = simplified()
    case.clock.set("2026-03-30")
    assert case.refused("turn_ordinary", ZHOU, files=["order"], reason="案情复杂").code == "not_yours"

    case.do("turn_ordinary", JIA, files=["order"], reason="案情复杂，不宜简易处理")

    assert (case.state, case.case.main.facts["track"]) == ("tribunal_formed", "ordinary")
    assert (due(case), reading(case).clock_start) == ("2026-04-17", day("2026-03-03"))
    assert reading(case).target_due == day("2026-03-23"), (
        "the target stays the one of the day the clock started"
    )
    assert case.matter("party_notice").open
    assert case.refused("turn_ordinary", JIA, files=["order"], reason="案情复杂").code == "guard"


def test_a_respondent_who_cannot_be_found_has_the_case_turned_ordinary_before_publication() -> None:
    case = simplified()
    service = case.matter("service", 1)
    act: Form = {
        "matter": service,
        "files": ["announcement"],
        "publication_days": "30",
        "publication_ground": "unknown",
    }
    refusal = case.refused("publish", FANG, **act)
    assert refusal.code == "guard"
    assert "must be turned ordinary first" in refusal.reason.en

    case.do("turn_ordinary", FANG, files=["order"], reason="被申请人下落不明")
    case.do("publish", FANG, **act)

    assert due(case) == "2026-05-18", "17 April and 30 days are 17 May, a Sunday"
