"""The count sheet in a real browser: folded days open without a script, nothing is wider than a phone, print is A4."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Served
from tests.cast import FANG, ZHOU
from tests.office import OfficeStory
from tests.procedures.way import ask_for_extension, bring_to, grant, resume, suspend

PASSWORD = "correct horse"


@pytest.fixture
def sheet_at(served: Served) -> str:
    """The address of a count sheet with a stop, an extension and more than a page of days."""
    story = OfficeStory(served.engine, served.clock)
    story.open()
    bring_to(story, "deliberation")
    served.clock.set("2026-03-17")
    suspend(story, "expert", FANG)
    served.clock.set("2026-03-20")
    resume(story, "expert", FANG)
    ask_for_extension(story, "15")
    grant(story, "15")
    served.engine.set_password(FANG, PASSWORD)
    return f"{served.address}/cases/{story.case.id}/count"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_sheet_unfolds_without_a_script_and_prints_each_day_on_a4(
    served: Served, browser: Browser, sheet_at: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/sign-in")
    page.fill("[name=person]", FANG)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action^='/sign-in'] button")

    page.goto(sheet_at)
    assert not page.locator(".annex").is_visible()
    first = page.locator(".run details").first
    assert not first.locator("table").is_visible()
    first.locator("summary").click()
    assert first.locator("table").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".annex").is_visible()
    assert not page.locator(".masthead").is_visible()
    (line,) = served.engine.cases().cases
    assert page.locator(".annex-date").count() == len(served.engine.sheet(line.number).days) > 60
    printed = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", printed)}
    assert {(round(w), round(h)) for _, _, w, h in boxes} == {(595, 842)}
    page.goto(sheet_at.replace("/count", "/annex"))
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_left_open_of_a_last_day_stands_inside_its_box_on_a_phone(
    served: Served, browser: Browser, lang: str
) -> None:
    served.clock.set("2026-11-11")
    story = OfficeStory(served.engine, served.clock)
    story.open()
    bring_to(story, "accepted")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    served.seat(context, ZHOU)
    context.add_cookies([{"name": "lang", "value": lang, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}/cases/{story.case.id}/count")
    beyond = page.eval_on_selector_all(
        ".figures > div",
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)",
    )
    assert page.locator(".figures .sub").last.is_visible()
    assert beyond == []
    context.close()
