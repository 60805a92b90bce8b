"""Supervision: a case is listed, its ledger kept up each week, and it is struck off by a supervisor alone."""

from __future__ import annotations

from tests.builders import day
from tests.cast import DU, FANG, HE, JIA, SONG, ZHOU, name_of
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import bring_to


def listed(story: OfficeStory, reason: str = "petition") -> OfficeStory:
    story.open()
    bring_to(story, "accepted")
    story.do("list_supervised", DU, listing_reason=reason)
    return story


def update(story: OfficeStory, by: str = ZHOU) -> None:
    story.do(
        "update_ledger", by, not_closed_because="待组庭", next_step="组成仲裁庭", next_step_on="2026-03-20"
    )


def test_a_listing_is_updated_each_week_and_struck_off_by_the_supervisor_alone(story: OfficeStory) -> None:
    listed(story)
    for date in ("2026-03-09", "2026-03-16"):
        story.clock.set(date)
        update(story)
        story.sweep()
        assert story.rungs("term.listed") == [], "an update in time presses nobody"
    (line,) = story.engine.ledger()
    assert (line.updates, line.updated_on, line.stale) == (2, day("2026-03-16"), False)

    story.do("propose_delisting", ZHOU, reason_gone="已答复信访人")
    refusal = story.refused("delist", ZHOU, files=["confirmation"], reason_gone="已答复信访人")
    assert (refusal.code, refusal.who) == ("not_yours", (name_of(DU),))
    assert story.refused("delist", FANG, files=["confirmation"], reason_gone="已答复").code == "not_yours"
    story.do("delist", DU, files=["confirmation"], reason_gone="已答复信访人")

    assert (story.matter("supervision").outcome, story.engine.ledger()) == ("delisted", ())
    assert not story.engine.case_line(story.number).supervised
    assert_whole(story.engine, story.number)


def test_a_ledger_nobody_updates_is_called_stale_each_week_and_goes_up_after_two(story: OfficeStory) -> None:
    listed(story)
    story.clock.set("2026-03-31 10:00")
    story.sweep()

    # Listed on 3 March, so the first week ends on the 10th.
    assert [(rung, on.isoformat()) for rung, on in story.rungs("term.listed")] == [
        ("L1", "2026-03-11"), ("L1", "2026-03-18"), ("L2", "2026-03-18"), ("L1", "2026-03-25"),
    ]  # fmt: skip
    assert any("7日未更新" in notice.sentence.zh for notice in story.engine.inbox(ZHOU))
    assert any("14日未更新" in notice.sentence.zh for notice in story.engine.inbox(SONG))
    assert [line.stale for line in story.engine.ledger()] == [True]
    update(story)
    assert [line.stale for line in story.engine.ledger()] == [False]
    assert_whole(story.engine, story.number)


def test_a_stale_ledger_comes_before_a_fresh_one(story: OfficeStory) -> None:
    listed(story)
    story.clock.set("2026-03-12")
    fresh = OfficeStory(story.engine, story.clock).open()
    fresh.do("list_supervised", DU, listing_reason="key_case")

    assert [line.case.number for line in story.engine.ledger()] == [story.number, fresh.number]


def test_a_supervisor_may_keep_a_case_listed_with_an_instruction(story: OfficeStory) -> None:
    listed(story)
    story.do("propose_delisting", HE, reason_gone="已组庭")
    story.clock.set("2026-03-05")

    story.do("keep_listed", DU, instruction="请先完成送达")

    assert story.matter("supervision").state == "listed"
    assert story.matter("supervision").facts["updated_on"] == day("2026-03-05")
    assert any(name_of(DU) in notice.sentence.zh for notice in story.engine.inbox(ZHOU))
    assert_whole(story.engine, story.number)


def test_nobody_but_director_and_supervisor_lists_a_case(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "accepted")

    for person in (ZHOU, HE, JIA):
        assert story.refused("list_supervised", person, listing_reason="key_case").code == "not_yours"
    story.do("list_supervised", FANG, listing_reason="key_case")
    (line,) = story.engine.ledger()
    assert line.reason.zh == "重点案件"


def test_a_suspension_does_not_stop_the_ledger(story: OfficeStory) -> None:
    listed(story)
    story.do("suspend", FANG, files=["order"], ground="expert")
    story.clock.set("2026-03-11")

    story.sweep()

    assert [rung for rung, _ in story.rungs("term.listed")] == ["L1"]
    assert_whole(story.engine, story.number)


def test_a_listed_case_that_is_archived_stays_listed_until_it_is_struck_off(story: OfficeStory) -> None:
    listed(story)
    bring_to(story, "archived")
    assert not story.case.open
    assert [line.case.number for line in story.engine.ledger()] == [story.number]

    story.do("propose_delisting", ZHOU, reason_gone="已结案归档")
    story.do("delist", DU, files=["confirmation"], reason_gone="已结案归档")

    assert story.engine.ledger() == ()
    assert_whole(story.engine, story.number)
