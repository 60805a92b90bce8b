"""What a sheet says of its end: the act that closed it, the day of each act, by how many days a period is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.service.annex import annex, cause_text
from engine.service.engine import Engine
from engine.service.wording import parties
from engine.text import Text
from tests.builders import Clock, day, instant
from tests.office import OfficeStory
from tests.procedures.way import ask_for_extension, grant, issue_award


@pytest.mark.parametrize(
    ("on", "zh", "en"), [("2026-03-30", "期限内", "in time"), ("2026-04-20", "超期3日", "3 days over")]
)
def test_a_clock_that_has_ended_says_by_what_when_and_whether_in_time(
    engine: Engine, clock: Clock, story: OfficeStory, on: str, zh: str, en: str
) -> None:
    story.given("ready_to_issue")
    clock.set(on)
    issue_award(story)

    sheet = engine.sheet(story.number)

    assert sheet.closed is not None
    assert (sheet.closed.on, sheet.closed.on_time) == (day(on), zh == "期限内")
    assert sheet.closed.used == (day(on) - day("2026-03-03")).days
    assert sheet.closed.sentence.zh.startswith("结案：签发裁决书")
    assert f"用时{sheet.closed.used}日，{zh}；裁决书（" in sheet.closed.sentence.zh
    assert f"{sheet.closed.used} days used, {en}; " in sheet.closed.sentence.en
    assert sheet.run_out is None
    assert '<p class="annex-closed">' in annex(sheet, instant(on), "方正", "zh").page()


def test_an_extension_names_the_day_it_was_granted_on(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    clock.set("2026-03-23")
    ask_for_extension(story, "10")
    grant(story, "10")

    sheet = engine.sheet(story.number)

    assert sheet.closed is None
    won = next(line.cause for line in sheet.days if line.rule == "K7")
    assert won is not None
    assert "，2026年3月23日" in cause_text(won).zh
    assert ", 23 Mar 2026" in cause_text(won).en


def test_a_period_that_is_over_says_by_how_many_days(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    assert engine.sheet(story.number).run_out is None
    clock.set("2026-04-20")

    assert engine.sheet(story.number).run_out == Text(
        "法定期限45日已满，超期3日", "the limit of 45 days has run out, 3 days over"
    )
    shown = engine.case_page(story.number).clock
    assert shown is not None
    assert shown.run_out == engine.sheet(story.number).run_out


def test_parties_stand_by_their_role(engine: Engine, story: OfficeStory) -> None:
    story.given("accepted")
    case = story.case
    third, *_, last = replace(case.parties[0], role="third_party"), *case.parties

    roles = [line.role for line in parties(replace(case, parties=(third, last, *case.parties)))]

    assert roles == sorted(roles, key=["claimant", "respondent", "third_party"].index)
