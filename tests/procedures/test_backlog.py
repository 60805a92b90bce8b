"""The backlog drive: a snapshot of what is overdue, a plan for each case, and what was cleared against what piled up."""

from __future__ import annotations

from engine.model.answers import Refusal
from engine.service.backlog_pages import BacklogPage
from tests.builders import day
from tests.cast import FANG, SONG, WU, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import bring_to


def cases(story: OfficeStory, *numbers: int) -> list[OfficeStory]:
    """So many labour cases in deliberation, each due on 17 April."""
    found = []
    for number in numbers:
        found.append(OfficeStory(story.engine, story.clock).given("deliberation", number))
    return found


def begun(story: OfficeStory, *listed: str) -> OfficeStory:
    """A drive over these cases, led by the deputy director, until the end of May."""
    story.open_under(
        "backlog", FANG, parties=(), drive_title="二季度积案清理", listed_cases="\n".join(listed), leader_named=SONG,
        ends_on="2026-05-29",
    )  # fmt: skip
    return story


def count(story: OfficeStory) -> BacklogPage:
    found = story.engine.case_page(story.number).backlog
    assert found is not None
    return found


def end(case: OfficeStory) -> None:
    """The parties of *case* withdraw, which ends its period."""
    case.do("withdraw", ZHOU, files=["order"], reason="申请人撤回")


def set_plan(story: OfficeStory, number: int = 0, by: str = "2026-05-15") -> None:
    story.do(
        "set_plan", SONG, matter=story.matter("plan", number), plan="补充合议后一周内出裁决", plan_by=by,
        responsible_named=ZHOU,
    )  # fmt: skip
    story.do("commit", ZHOU, matter=story.matter("plan", number), commitment="按期办结")


def test_a_drive_from_its_snapshot_to_the_day_it_is_accepted(story: OfficeStory) -> None:
    first, second, third, later = cases(story, 1, 2, 3, 4)
    story.clock.set("2026-04-20")
    later.do("withdraw", ZHOU, files=["order"], on="2026-04-17", reason="申请人撤回")
    assert story.engine.overdue_numbers() == (first.number, second.number, third.number)

    # The director begins with what is overdue today; one matter opens for each case.
    begun(story, *story.engine.overdue_numbers())
    assert [m.party for m in story.case.matters_of("plan")] == [first.number, second.number, third.number]
    assert (count(story).cleared, count(story).open, count(story).still_overdue, count(story).net) == (
        0,
        3,
        3,
        0,
    )

    # Every case gets its plan, its day and whoever is responsible, who commits to it.
    for number in range(3):
        set_plan(story, number)
    assert [todo.matter for todo in story.engine.lists.todos(ZHOU).lines if todo.number == story.number] == [
        "2",
        "3",
        "4",
    ]

    # Each week the minutes are kept.
    story.clock.set("2026-04-24")
    story.do("meet", SONG, files=["minutes"], minutes_summary="逐案通报进展")
    story.sweep()
    assert story.rungs("term.running") == []

    # Two cases are closed and struck off, the third is said to be closed too early.
    for number, case in ((0, first), (1, second)):
        end(case)
        plan = story.matter("plan", number)
        story.do(
            "mark_cleared", ZHOU, matter=plan, files=["proof"], cleared_on="2026-04-24", how_closed="撤回"
        )
        story.do("strike_off", SONG, matter=plan)
    third_plan = story.matter("plan", 2)
    story.do(
        "mark_cleared", ZHOU, matter=third_plan, files=["proof"], cleared_on="2026-04-24", how_closed="裁决"
    )
    assert not count(story).listed[2].claimed
    story.do("strike_off", SONG, matter=third_plan)
    assert count(story).listed[2].claimed, "the plan says that it is closed, and the case goes on"
    page = count(story)
    assert (page.cleared, page.open, page.still_overdue, page.newly_overdue, page.net) == (2, 1, 1, 0, 2)

    # The drive is summed up and accepted; its count stands still from then on.
    story.clock.set("2026-05-06")
    story.do("sum_up", SONG, files=["report"], summing_up="清理两件", unfinished_because="一件补充鉴定")
    story.do("accept_result", FANG)
    end(third)
    story.clock.set("2026-06-01")
    assert (count(story).until, count(story).cleared, story.case.open) == (day("2026-05-06"), 3, False)
    assert_whole(story.engine, story.number)


def test_what_piles_up_while_a_drive_goes_on_is_counted_against_it(story: OfficeStory) -> None:
    (old,) = cases(story, 1)
    story.clock.set("2026-04-20")
    begun(story, old.number)
    # Two younger cases run past their own last day during the drive; one of them is closed late.
    young = []
    for _ in range(2):
        case = OfficeStory(story.engine, story.clock).open()
        bring_to(case, "accepted")
        young.append(case)
    assert story.engine.case_line(young[0].number).due == day("2026-06-04")
    story.clock.set("2026-06-05")
    assert [line.number for line in count(story).regrown] == [case.number for case in young]
    end(young[0])
    end(old)

    page = count(story)
    assert (page.cleared, page.newly_overdue, page.net) == (1, 2, -1)
    assert [line.ended_on is not None for line in page.regrown] == [True, False]
    assert_whole(story.engine, story.number)


def test_a_drive_that_nobody_meets_on_is_pressed_for_and_a_plan_may_be_asked_to_change_only_so_often(
    story: OfficeStory,
) -> None:
    (old,) = cases(story, 1)
    story.clock.set("2026-04-20")
    begun(story, old.number)
    story.do(
        "set_plan", SONG, matter="plan", plan="一周内裁决", plan_by="2026-04-24", responsible_named=WU,
    )  # fmt: skip
    for _ in range(2):
        story.do("plan_again", WU, matter="plan", reason="须补充鉴定")
        story.do(
            "set_plan", SONG, matter="plan", plan="两周内裁决", plan_by="2026-04-30", responsible_named=WU
        )
    assert story.refused("plan_again", WU, matter="plan", reason="须补充鉴定").code == "too_often"
    assert story.refused("commit", ZHOU, matter="plan", commitment="按期").code == "not_yours"

    story.clock.set("2026-05-06")
    story.sweep()

    assert {rung for rung, _ in story.rungs("term.running")} == {"Q1", "Q2", "Q3"}
    refused = story.refused("sum_up", SONG, files=["report"], summing_up="已完成")
    assert refused.code == "guard"
    assert story.refused("accept_result", FANG).code == "not_from_here"
    assert_whole(story.engine, story.number)


def test_a_list_names_cases_that_are_there_each_once(story: OfficeStory) -> None:
    (old,) = cases(story, 1)

    for listed in ("双劳人仲案〔2026〕99号", f"{old.number}\n{old.number}"):
        answer = story.engine.open_case(
            "backlog", FANG, parties=(), facts={
                "drive_title": "清理", "listed_cases": listed, "leader_named": SONG, "ends_on": "2026-05-29",
            },
        )  # fmt: skip
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.fact) == ("bad_fact", "listed_cases")
    assert story.engine.case_page(old.number).backlog is None
