"""The extension: asked for, checked, supported, decided in time, and told to the parties."""

from __future__ import annotations

from engine.law.clock import Reading
from engine.model.answers import Refusal
from tests.builders import day
from tests.cast import FANG, HE, JIA, SONG, WEI, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import (
    CHECKED,
    EXTENSION,
    Form,
    ask_for_extension,
    bring_to,
    grant,
    request_extension,
)


def in_deliberation(story: OfficeStory) -> OfficeStory:
    story.open()
    bring_to(story, "deliberation")
    return story


def due(story: OfficeStory) -> object:
    return story.engine.case_line(story.number).due


def test_an_extension_goes_through_four_hands_and_ends_with_the_parties_told(story: OfficeStory) -> None:
    in_deliberation(story)
    story.clock.set("2026-04-13")
    states = []
    for move in (
        lambda: request_extension(story),
        lambda: story.do("check", ZHOU, **CHECKED),
        lambda: story.do("support", HE, check_note="同意"),
        lambda: grant(story, by=WEI),
        lambda: story.do("tell_parties", ZHOU, files=["notice"]),
    ):
        move()
        states.append(story.matter("extension").state)

    assert states == ["requested", "checked", "to_decide", "to_notify", "granted"]
    assert story.matter("extension").facts["noticed_on"] == day("2026-04-13")
    assert due(story) == day("2026-05-06")
    assert story.state == "deliberation", "the case itself went nowhere"
    assert_whole(story.engine, story.number)


def test_each_hand_is_its_own(story: OfficeStory) -> None:
    in_deliberation(story)
    assert isinstance(request_extension(story, by=ZHOU), Refusal), "only the tribunal asks"
    request_extension(story)

    assert story.refused("check", HE, matter="extension").code == "not_yours"
    story.do("check", ZHOU, **CHECKED)
    assert story.refused("support", ZHOU, matter="extension").code == "not_yours"
    story.do("support", HE)
    for person in (HE, SONG, JIA, ZHOU):
        assert (
            story.refused("grant", person, matter="extension", files=["order"], days_granted="5").code
            == "not_yours"
        )
    grant(story, "5")
    assert_whole(story.engine, story.number)


def test_a_denied_extension_leaves_the_clock_and_another_may_be_asked_for(story: OfficeStory) -> None:
    in_deliberation(story)
    ask_for_extension(story)
    before = due(story)

    story.do("deny", FANG, refusal_reason="案情并不复杂")

    assert (story.matter("extension").outcome, due(story)) == ("denied", before)
    ask_for_extension(story)
    grant(story)
    assert [matter.outcome for matter in story.case.matters_of("extension")] == ["denied", None]
    assert_whole(story.engine, story.number)


def test_a_decision_one_day_late_has_no_effect_but_one_made_in_time_and_entered_late_has(
    story: OfficeStory,
) -> None:
    in_deliberation(story)
    ask_for_extension(story)
    story.clock.set("2026-04-18 08:00")

    refusal = story.refused("grant", FANG, files=["order"], days_granted="15")
    assert refusal.code == "EXT_AFTER_EXPIRY"
    assert refusal.enables is not None
    assert "届满" in refusal.enables.zh

    (event, *_) = story.do("grant", FANG, on="2026-04-17", files=["order"], days_granted="15")
    assert event.late
    assert due(story) == day("2026-05-06")
    assert_whole(story.engine, story.number)


def test_the_steps_of_a_slow_extension_are_pressed_for(story: OfficeStory) -> None:
    in_deliberation(story)
    request_extension(story)
    story.clock.set("2026-03-23")
    story.sweep()

    assert [rung for rung, _ in story.rungs("term.requested")] == ["S1", "S2", "S3"]
    assert story.engine.lists.todos(ZHOU).lines[0].rung == "S3"
    assert_whole(story.engine, story.number)


def test_the_award_cancels_a_request_that_is_still_open(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "ready_to_issue")
    request_extension(story, by=YI)

    bring_to(story, "award_issued")

    assert story.matter("extension").outcome == "cancelled"
    assert_whole(story.engine, story.number)


def test_what_if_says_the_new_day_without_changing_anything(story: OfficeStory) -> None:
    in_deliberation(story)
    version = story.case.version

    answer = story.engine.due_if_extended(story.number, 15)
    refusal = story.engine.due_if_extended(story.number, 16)

    assert isinstance(answer, Reading)
    assert answer.due == day("2026-05-06")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "EXT_OVER_CAP"
    assert story.case.version == version


def test_staff_leave_and_workload_are_no_grounds(story: OfficeStory) -> None:
    in_deliberation(story)

    for ground in ("staff_leave", "workload"):
        refusal = story.refused(
            "request_extension", JIA, days_asked="15", **{**EXTENSION, "extension_ground": ground}
        )
        assert "不是延期事由" in refusal.reason.zh


def test_a_late_request_is_recorded_as_such_and_decided_all_the_same(story: OfficeStory) -> None:
    in_deliberation(story)
    story.clock.set("2026-04-15")
    request_extension(story)
    late: Form = {**CHECKED, "asked_in_time": "no"}
    assert story.refused("check", ZHOU, **late).code == "guard", "why is it late?"
    story.do("check", ZHOU, **late, late_reason="4月14日庭审中方知需补充鉴定")
    story.do("oppose", HE, check_note="可在期限内审结")

    grant(story)

    assert story.matter("extension").facts["late_reason"] == "4月14日庭审中方知需补充鉴定"
    assert due(story) == day("2026-05-06")
    assert_whole(story.engine, story.number)


def test_an_incomplete_request_goes_back_and_may_be_dropped(story: OfficeStory) -> None:
    in_deliberation(story)
    request_extension(story)
    assert story.refused("check", ZHOU, **{**CHECKED, "file_complete": "no"}).code == "guard"
    story.do("ask_more", ZHOU, missing="庭审笔录摘要")
    story.do("complete", JIA, matter="extension", files=["supplement"])
    story.do("ask_more", ZHOU, missing="中止情况说明")
    story.do("drop", JIA, matter="extension")

    assert story.matter("extension").outcome == "dropped"
    request_extension(story)
    assert story.matter("extension").open
    assert_whole(story.engine, story.number)
