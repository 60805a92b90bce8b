"""The examination of a conciliation agreement: asked for jointly in fifteen days, done in five work days, or ten."""

from __future__ import annotations

from engine.model.answers import Refusal
from tests.builders import PaperStory, day
from tests.cast import FANG, HE, LIN, PARTIES, ZHOU
from tests.procedures.counting import terms_of

ARTICLES = "办案规则第74条至第79条"


def received(agreed_on: str) -> PaperStory:
    """An agreement handed in on Monday 2 March."""
    case = PaperStory()
    answer = case.ask_open("agreement_review", LIN, PARTIES[:2], {"agreed_on": agreed_on}, None)
    assert not isinstance(answer, Refusal)
    return case


def test_an_agreement_asked_for_in_time_is_examined_in_five_work_days() -> None:
    case = received("2026-02-15")
    assert terms_of(case)["15 days", "办案规则第74条"] == day("2026-03-02")
    case.clock.set("2026-03-03")
    case.do("assign", HE, secretary_named=ZHOU, asked_on="2026-03-02")
    assert terms_of(case)["5 work days", ARTICLES] == day("2026-03-10")

    case.do("finish", ZHOU, lawful="yes")
    case.do("issue", FANG, files=["certificate"])

    assert case.case.main.outcome == "issued"


def test_an_agreement_asked_for_too_late_is_refused_unless_it_was_posted_in_time() -> None:
    case = received("2026-02-14")
    assert terms_of(case)["15 days", "办案规则第74条"] == day("2026-03-02"), "Sunday 1 March rolls"
    case.clock.set("2026-03-04")
    assert case.refused("assign", HE, secretary_named=ZHOU, asked_on="2026-03-03").code == "TERM_OVER"
    case.do("assign", HE, secretary_named=ZHOU, asked_on="2026-03-02")

    late = received("2026-02-01")
    late.do("too_late", HE, reason="逾期申请")
    assert late.case.main.outcome == "refused"


def test_five_work_days_more_need_the_director() -> None:
    case = received("2026-02-25")
    case.do("assign", HE, secretary_named=ZHOU, asked_on="2026-03-02")
    case.do("ask_longer", ZHOU, reason="需核实用工主体")
    assert case.refused("approve_longer", HE).code == "not_yours"

    case.do("approve_longer", FANG)

    assert terms_of(case)["10 work days", ARTICLES] == day("2026-03-16")
    case.do("finish", ZHOU, lawful="no", reason="损害第三人利益")
    assert case.case.main.outcome == "refused"
