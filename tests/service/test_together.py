"""Many at once on one case: one signature a level, no act lost, nobody told that they failed when they did not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from engine.model.answers import Refusal
from engine.model.people import Holding, Person
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.store.reaching import Reach
from tests.builders import INSTITUTION, Clock
from tests.cast import DU, HE, PLACE, SHEN, SINCE, ZHOU, name_of
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, assert_whole


@pytest.fixture
def other_engine(office_url: str, clock: Clock) -> Iterator[Engine]:
    """A second node on the same database, as another process would be."""
    database = opened_quickly(office_url)
    yield Engine(database, INSTITUTION, clock)
    database.close()


def fifty_reviewers(engine: Engine) -> list[str]:
    ids = [f"reviewer{n:02}" for n in range(50)]
    with engine.office.writing() as unit:
        for n, id in enumerate(ids):
            unit.directory.add(Person(id, f"核阅{n:02}"))
            unit.directory.give(Holding(id, "reviewer_1", PLACE, SINCE))
    return ids


def test_of_fifty_who_sign_one_level_at_once_one_does_and_the_others_are_told_who(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("under_review")
    review = story.matter("award_review")
    signing = [
        partial(engine.act, story.number, "sign", id, matter=review.id, seen=review.seen, key=f"key of {id}")
        for id in fifty_reviewers(engine)
    ]

    answers = all_at_once(*signing)

    (accepted,) = [answer for answer in answers if isinstance(answer, Done)]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    signer = engine.people().name(accepted.events[0].by)
    assert [(answer.code, answer.who) for answer in refused] == [("stale", (signer,))] * 49
    assert len([event for event in story.history() if event.move == "sign"]) == 1
    assert story.matter("award_review").assigned["level_1"] == (accepted.events[0].by,)
    assert_whole(engine, story.number)


def test_of_eight_threads_on_two_nodes_no_act_is_lost_and_no_number_given_twice(
    engine: Engine, other_engine: Engine, story: OfficeStory
) -> None:
    story.given("accepted")
    story.do("list_supervised", DU, listing_reason="key_case")
    listing = story.matter("supervision").id

    def write_ten(node: Engine, writer: int) -> list[Done | Refusal]:
        return [
            node.act(
                story.number,
                "instruct",
                DU,
                matter=listing,
                facts={"instruction": f"第{writer}人第{n}条", "reply_by": "2026-03-09"},
            )
            for n in range(10)
        ]

    written = all_at_once(
        *[partial(write_ten, (engine, other_engine)[writer % 2], writer) for writer in range(8)]
    )

    assert all(isinstance(answer, Done) for answers in written for answer in answers)
    instructions = [str(e.facts["instruction"]) for e in story.history() if e.move == "instruct"]
    assert sorted(instructions) == sorted(f"第{w}人第{n}条" for w in range(8) for n in range(10))
    assert [event.seq for event in story.history()] == list(range(1, story.case.version + 1))
    for writer in range(8):
        mine = [text for text in instructions if text.startswith(f"第{writer}人")]
        assert mine == [f"第{writer}人第{n}条" for n in range(10)], "one person's acts keep their order"
    assert_whole(engine, story.number)


def test_two_adjacent_levels_at_once_never_sign_out_of_order(engine: Engine, story: OfficeStory) -> None:
    story.given("under_review")
    review = story.matter("award_review").id

    first, second = all_at_once(
        partial(engine.act, story.number, "sign", SHEN, matter=review),
        partial(engine.act, story.number, "sign", HE, matter=review),
    )

    assert isinstance(first, Done)
    signed = [event.by for event in story.history() if event.move == "sign"]
    assert signed == ([SHEN, HE] if isinstance(second, Done) else [SHEN])
    assert_whole(engine, story.number)


def test_cases_opened_at_once_get_numbers_of_their_own(
    engine: Engine, other_engine: Engine, clock: Clock
) -> None:
    def open_three(node: Engine) -> list[str]:
        return [OfficeStory(node, clock).open().number for _ in range(3)]

    opened = all_at_once(*[partial(open_three, node) for node in (engine, other_engine) * 3])

    numbers = [number for some in opened for number in some]
    assert len(set(numbers)) == 18
    assert set(numbers) == {f"双劳人仲案〔2026〕{n}号" for n in range(1, 19)}


def test_a_node_sees_at_once_what_another_node_changed_about_people(
    engine: Engine, other_engine: Engine, story: OfficeStory
) -> None:
    story.given("proposed")
    assert engine.people().person("xin") is None

    other_engine.staff.add(Person("xin", "辛任"))
    other_engine.staff.give(Holding("xin", "director", PLACE, SINCE))

    answer = engine.act(story.number, "accept", "xin", facts={"secretary_named": ZHOU})
    assert isinstance(answer, Done)


def test_an_act_never_waits_for_a_second_connection_while_it_has_one(
    office_url: str, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("proposed")
    database = opened_quickly(office_url, Reach(pool=1, overflow=0, wait=1))
    node = Engine(database, INSTITUTION, clock)
    node.people()
    engine.staff.add(Person("xin", "辛任"))

    answer = node.act(story.number, "accept", "fang", facts={"secretary_named": ZHOU})

    database.close()
    assert isinstance(answer, Done)


def test_whoever_comes_second_to_the_same_acceptance_is_told_who_was_first(
    engine: Engine, story: OfficeStory
) -> None:
    story.given("proposed")
    seen = story.case.main.seen
    accept = partial(
        engine.act, story.number, "accept", matter="1", seen=seen, facts={"secretary_named": ZHOU}
    )

    answers = all_at_once(partial(accept, "fang"), partial(accept, "wei"))

    (done,) = [answer for answer in answers if isinstance(answer, Done)]
    (refused,) = [answer for answer in answers if isinstance(answer, Refusal)]
    assert (refused.code, refused.who) == ("stale", (name_of(str(done.events[0].by)),))
