"""The page of a case: what repeats is read once, what can no longer be kept says so, the drawing stands alone too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.api import Engine
from tests.builders import Clock
from tests.cast import FANG, JIA, ZHOU
from tests.office import OfficeStory
from tests.procedures.way import propose
from tests.web.conftest import FORMED, OUTSIDER, READY, AtDesk, number

Address = Callable[..., str]

DRAFTING = 8


def timeline(html: str) -> str:
    """The timeline of a page, as it stands in its HTML."""
    return html.partition('class="timeline"')[2].partition("</ol>")[0]


def test_a_reminder_of_every_day_is_read_once_with_its_days_folded_in(
    at_desk: AtDesk, address: Address, engine: Engine, clock: Clock
) -> None:
    for day in range(8, 12):
        clock.set(f"2026-04-{day:02} 09:00")
        engine.sweep()
    said = [
        event for event in engine.history(number(READY)) if event.rung and event.rung["key"].endswith("W3")
    ]
    assert len(said) > 2

    page = at_desk(ZHOU).get(address(READY))

    shown = timeline(page.html)
    assert shown.count("审限进入最后10日") == 1
    assert f"同一提醒此前另有{len(said) - 1}次" in shown
    for event in said:
        assert event.recorded_at.isoformat() in shown


@pytest.mark.parametrize(("sweep_at", "says"), [("2026-04-08 00:01", False), ("2026-04-08 09:00", True)])
def test_a_reminder_that_came_late_says_when_it_was_due(
    at_desk: AtDesk, address: Address, engine: Engine, clock: Clock, sweep_at: str, says: bool
) -> None:
    clock.set("2026-04-07 23:59")
    engine.sweep()
    clock.set(sweep_at)
    engine.sweep()

    first = timeline(at_desk(ZHOU).get(address(READY)).html).partition("</li>")[0]

    assert engine.history(number(READY))[-1].recorded_at.isoformat() in first
    assert ("应于2026年4月8日 00:00发出" in first) is says


def test_reminders_are_counted_beyond_the_events_that_are_shown(
    at_desk: AtDesk, address: Address, engine: Engine, clock: Clock
) -> None:
    for _ in range(120):
        clock.ahead(days=1)
        engine.sweep()

    shown, whole = (at_desk(ZHOU).get(f"{address(READY)}{query}").html for query in ("", "?all=1"))

    last = re.compile("同一提醒[^<]*").search
    assert (told := last(timeline(shown)))
    assert (of_all := last(timeline(whole)))
    assert told[0] == of_all[0]


def test_a_last_day_that_may_come_earlier_is_said_to_be_provisional(
    at_desk: AtDesk, engine: Engine, clock: Clock
) -> None:
    clock.set("2026-11-25")
    story = OfficeStory(engine, clock).open()
    propose(story)
    story.do("accept", FANG, secretary_named=ZHOU)
    opened = engine.case_page(story.number, ZHOU)
    assert opened.clock is not None
    reading = opened.clock.reading
    assert reading.due_earliest != reading.due == reading.due_latest, "another day would show it"

    page = at_desk(ZHOU).get(f"/cases/{story.case.id}")

    assert "（暂定）" in page.text


def test_what_people_did_is_never_folded(at_desk: AtDesk, address: Address, engine: Engine) -> None:
    signed = [event for event in engine.history(number(READY)) if event.move == "sign"]

    page = at_desk(ZHOU).get(address(READY))

    assert timeline(page.html).count("核阅通过并签署") == len(signed) > 1


@pytest.mark.parametrize(
    ("today", "told", "not_told"),
    [("2026-03-16", "方能保证各级核阅时限", "本应最迟"), ("2026-04-16", "本应最迟", "方能保证各级核阅时限")],
)
def test_the_last_day_to_hand_a_draft_in_is_said_to_be_over_once_it_is(
    at_desk: AtDesk, engine: Engine, clock: Clock, today: str, told: str, not_told: str
) -> None:
    clock.set("2026-03-16")
    story = OfficeStory(engine, clock).given("drafting", DRAFTING)
    clock.set(today)

    page = at_desk(JIA).get(f"/cases/{story.case.id}")

    assert told in page.text
    assert not_told not in page.text


def test_the_drawing_stands_alone_for_who_may_see_the_case(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    place = f"{address(FORMED)}/drawing"
    assert place in desk.get(address(FORMED)).links
    desk.get(place)
    assert desk.answer.mimetype == "image/svg+xml"
    assert desk.answer.data.startswith(b"<svg")
    assert "no-store" in desk.answer.headers["Cache-Control"]
    outsider = at_desk(OUTSIDER)
    outsider.get(place)
    assert outsider.status in (403, 404)
