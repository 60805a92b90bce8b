"""The examination of a conciliation agreement: asked for jointly in fifteen days, done in five work days, or ten."""

from __future__ import annotations

from typing import Any

from engine.model.answers import Refusal
from tests.builders import PaperStory, Story, a_file, day
from tests.cast import FANG, HE, LIN, PARTIES, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.counting import terms_of

ARTICLES = "办案规则第74条至第79条"
PAPERS = ("application", "agreement")


def ask(story: Story, agreed_on: str, **more: Any) -> Any:
    """Ask on Monday 2 March for an agreement of that day to be examined."""
    facts = {"agreed_on": agreed_on, "joint": "yes", **more}
    return story.ask_open(
        "agreement_review", LIN, PARTIES[:2], facts, None, [a_file(kind) for kind in PAPERS]
    )


def received(agreed_on: str, **more: Any) -> PaperStory:
    """An agreement handed in on Monday 2 March."""
    case = PaperStory()
    answer = ask(case, agreed_on, **more)
    assert not isinstance(answer, Refusal), answer
    return case


def test_an_agreement_is_asked_for_examined_put_into_a_document_and_served_on_both(
    story: OfficeStory,
) -> None:
    ask(story, "2026-02-15", mediation_body="双河总工会调解中心")
    story.clock.set("2026-03-03")
    story.do("assign", HE, secretary_named=ZHOU)
    story.do("finish", ZHOU, lawful="yes")
    story.do("issue", FANG, files=["certificate"])
    assert story.state == "being_served"

    for matter in story.case.matters_of("document_service"):
        story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="personal")

    assert (story.state, story.case.main.outcome, story.case.open) == ("issued", "issued", False)
    assert_whole(story.engine, story.number)


def test_an_agreement_that_fails_the_examination_is_refused_in_writing_with_ground_and_reason(
    story: OfficeStory,
) -> None:
    assert isinstance(ask(story, "2026-02-15", joint="no"), Refusal), "one side alone cannot ask"
    ask(story, "2026-02-25")
    story.do("assign", HE, secretary_named=ZHOU)
    assert story.refused("finish", ZHOU, lawful="no").code == "guard"
    story.do("finish", ZHOU, lawful="no", refusal_ground="others_harmed", reason="损害第三人利益")
    assert story.refused("tell_both", ZHOU).code == "missing_document"

    story.do("tell_both", ZHOU, files=["notice"])

    assert story.case.main.outcome == "refused"
    assert_whole(story.engine, story.number)


def test_the_last_day_to_ask_for_it_is_the_fifteenth_and_the_postmark_saves() -> None:
    case = received("2026-02-15")
    assert terms_of(case)["15 days", "办案规则第74条"] == day("2026-03-02")
    assert terms_of(received("2026-02-14"))["15 days", "办案规则第74条"] == day("2026-03-02"), "Sunday rolls"

    late = ask(PaperStory(), "2026-02-10")

    assert isinstance(late, Refusal)
    assert (late.code, late.fact) == ("TERM_OVER", "2026-02-25")
    received("2026-02-10", posted_on="2026-02-25")


def test_it_is_examined_in_five_work_days_and_five_more_need_the_director() -> None:
    case = received("2026-02-25")
    case.do("assign", HE, secretary_named=ZHOU)
    assert terms_of(case)["5 work days", ARTICLES] == day("2026-03-09")
    case.do("ask_longer", ZHOU, reason="需核实用工主体")
    assert case.refused("approve_longer", HE).code == "not_yours"

    case.do("approve_longer", FANG)

    assert terms_of(case)["10 work days", ARTICLES] == day("2026-03-16")
    case.do("finish", ZHOU, lawful="yes")
    case.do("send_back", FANG, reason="给付期限不明确")
    assert case.state == "examined_longer"


def test_a_change_of_mind_before_service_ends_it_without_a_document() -> None:
    case = received("2026-02-25")
    case.do("assign", HE, secretary_named=ZHOU)
    case.do("finish", ZHOU, lawful="yes")
    case.do("issue", FANG, files=["certificate"])

    case.do("withdraw", ZHOU, reason="一方签收前反悔")

    assert case.case.main.outcome == "withdrawn"
    assert {m.outcome for m in case.case.matters_of("document_service")} == {"cancelled"}
