"""The same request key gets the same answer, however often and at whatever moment it comes again."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from hashlib import sha256

import pytest

from engine.errors import KeyReused, WrongUse
from engine.service.engine import Engine
from engine.service.pages import Done
from tests.builders import Clock, a_file
from tests.cast import DU, FANG, LIN, PARTIES, WEI, YI, ZHOU
from tests.office import OfficeStory, all_at_once, assert_whole
from tests.procedures.way import bring_to


def done(answer: object) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def test_a_click_that_comes_twenty_times_at_once_is_one_act_with_one_answer(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("proposed")
    accept = partial(engine.act, story.number, "accept", FANG, facts={"secretary_named": ZHOU}, key="k1")

    answers = [done(answer) for answer in all_at_once(*[accept] * 20)]

    assert sorted(answer.again for answer in answers) == [False, *[True] * 19]
    first = next(answer for answer in answers if not answer.again)
    assert all(replace(answer, again=False) == first for answer in answers)
    assert len([event for event in story.history() if event.move == "accept"]) == 1
    assert_whole(engine, story.number)


def test_an_opening_that_comes_twenty_times_at_once_is_one_case(engine: Engine) -> None:
    open_it = partial(
        engine.open_case, "labour", LIN, parties=PARTIES, facts={"cause": "wages"},
        documents=[a_file("application")], key="k1",
    )  # fmt: skip

    answers = [done(answer) for answer in all_at_once(*[open_it] * 20)]

    assert len({answer.number for answer in answers}) == 1
    assert len(engine.cases().cases) == 1


def test_a_request_sent_again_long_after_still_gets_its_first_answer(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    first = done(engine.act(story.number, "propose", LIN, facts={"claim_amount": "5"}, key="k1"))
    bring_to(story, "hearing_scheduled")

    clock.set("2026-09-01")
    again = done(engine.act(story.number, "propose", LIN, facts={"claim_amount": "5"}, key="k1"))

    assert again.again
    assert (again.seq, again.events) == (first.seq, first.events)
    assert story.state == "hearing_scheduled"


def test_the_answer_of_an_act_that_settled_rungs_first_is_the_act_alone(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.open()
    clock.set("2026-03-10")
    send = partial(engine.act, story.number, "propose", LIN, facts={"claim_amount": "5"}, key="k1")

    first, again = done(send()), done(send())

    assert [event.kind for event in first.events] == ["moved"]
    assert again.events == first.events


@pytest.mark.parametrize(
    "other",
    [
        {"facts": {"claim_amount": "6"}},
        {"by": FANG},
        {"move": "propose_refusal", "facts": {"reason": "无管辖权"}},
    ],
    ids=["another fact", "another person", "another move"],
)
def test_a_key_used_for_another_request_is_told_apart(
    engine: Engine, story: OfficeStory, other: dict[str, object]
) -> None:
    story.open()
    first: dict[str, object] = {"move": "propose", "by": LIN, "facts": {"claim_amount": "5"}}
    done(engine.act(story.number, key="k1", **first))  # type: ignore[arg-type]
    before = story.case

    with pytest.raises(KeyReused):
        engine.act(story.number, key="k1", **(first | other))  # type: ignore[arg-type]

    assert story.case == before


def test_a_key_used_with_another_document_is_told_apart(engine: Engine, story: OfficeStory) -> None:
    story.given("drafting")
    done(engine.act(story.number, "submit_draft", YI, documents=[a_file("draft", "第一稿")], key="k1"))

    with pytest.raises(KeyReused):
        engine.act(story.number, "submit_draft", YI, documents=[a_file("draft", "第二稿")], key="k1")


def test_a_case_named_by_number_and_then_by_id_is_the_same_request(
    engine: Engine, story: OfficeStory
) -> None:
    story.open()
    done(engine.act(story.number, "propose", LIN, facts={"claim_amount": "5"}, key="k1"))

    assert done(engine.act(story.case.id, "propose", LIN, facts={"claim_amount": "5"}, key="k1")).again


def test_a_refused_request_uses_up_no_key(engine: Engine, story: OfficeStory) -> None:
    story.given("proposed")
    assert not isinstance(
        engine.act(story.number, "accept", DU, facts={"secretary_named": ZHOU}, key="k1"), Done
    )

    done(engine.act(story.number, "accept", WEI, facts={"secretary_named": ZHOU}, key="k1"))


@pytest.mark.parametrize("key", ["k" * 121, "a\x00b", "a\nb"])
def test_a_key_that_no_database_could_keep_is_refused_before_anything_happens(
    engine: Engine, story: OfficeStory, key: str
) -> None:
    story.open()

    with pytest.raises(WrongUse):
        engine.act(story.number, "propose", LIN, facts={"claim_amount": "5"}, key=key)

    assert story.state == "filed"


def test_a_key_that_comes_again_with_another_office_is_another_request(engine: Engine) -> None:
    open_it = partial(
        engine.open_case, "labour", LIN, parties=PARTIES, facts={"cause": "wages"},
        documents=[a_file("application")], key="k1",
    )  # fmt: skip
    (place,) = engine.rules().register.offices

    opened = done(open_it(office=place))
    assert done(open_it(office=place)).again
    with pytest.raises(KeyReused):
        open_it(office="east")
    assert [line.number for line in engine.cases().cases] == [opened.number]


def test_an_opening_without_an_office_keeps_the_fingerprint_it_always_had(engine: Engine) -> None:
    paper = a_file("application")
    done(
        engine.open_case(
            "labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[paper], key="k1"
        )
    )

    parties = [[party.role, party.name] for party in PARTIES]
    asked = ["open", "labour", LIN, parties, [["cause", "wages"]], None, "", [["application", paper.digest]]]
    with engine.office.reading() as unit:
        request = unit.cases.request("k1")
    assert request is not None
    assert request.fingerprint == sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
