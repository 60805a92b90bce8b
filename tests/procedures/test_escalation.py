"""The default ladders, from the first reminder to the oversight body, and what follows when a supervisor stays silent."""

from __future__ import annotations

from tests.cast import DU, FANG, HE, JIA, SONG
from tests.office import OfficeStory

AWARD = ("W1", "W2", "W3", "W4", "W5", "O1", "O2", "O3", "O4")


def told(story: OfficeStory, person: str, part: str) -> bool:
    return any(part in notice.sentence.zh for notice in story.engine.inbox.page(person).lines)


def test_a_case_left_alone_climbs_every_step_to_the_report_after_a_year(story: OfficeStory) -> None:
    story.given("deliberation")
    for date in (
        "2026-03-23",
        "2026-04-01",
        "2026-04-12",
        "2026-04-17",
        "2026-04-18",
        "2026-05-02",
        "2026-06-01",
        "2027-04-19",
    ):
        story.clock.set(f"{date} 08:00")
        story.sweep()

    assert tuple(dict.fromkeys(rung for rung, _ in story.rungs("award."))) == AWARD
    story.clock.set("2027-04-19 10:00")
    for person, part in (
        (HE, "请说明未结原因"), (SONG, "距审限还有5日"), (FANG, "年4月17日为审限最后一日"), (DU, "自动挂牌督办"),
        (SONG, "由分管副主任督办"), (FANG, "由主任督办"), (FANG, "上级监督机关"), (DU, "上级监督机关"),
    ):  # fmt: skip
        assert told(story, person, part), (person, part)
    assert not told(story, JIA, "上级监督机关")


def test_a_supervisor_who_stays_silent_on_a_listed_case_is_told_on_to_deputy_and_director(
    story: OfficeStory,
) -> None:
    story.given("deliberation")
    story.clock.set("2026-04-18 10:00")
    story.sweep()
    assert story.matter("supervision").open

    story.clock.set("2026-06-01 10:00")
    story.sweep()

    silent = [rung for rung, _ in story.rungs("term.") if rung.startswith("C")]
    assert list(dict.fromkeys(silent)) == ["C1", "C2", "C3", "C4"]
    assert told(story, SONG, "逾期未三查三定")
    assert told(story, FANG, "逾期15日未三查三定")
