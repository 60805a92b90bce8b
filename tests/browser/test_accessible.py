"""What somebody who sees little, uses no mouse or holds a phone can rely on, on every main page.

axe finds nothing to object to, and neither a page nor a part of it has to be pushed sideways.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served
from tests.cast import ADMIN, FANG, LIN, SHEN, ZHOU
from tests.office import OfficeStory

pytestmark = pytest.mark.browser

SIDEWAYS = """() => Array.from(document.querySelectorAll('html, body *'))
  .filter(e => e.scrollWidth > e.clientWidth && (e === document.documentElement || /auto|scroll/.test(getComputedStyle(e).overflowX)))
  .map(e => e.tagName + '.' + e.className)"""

TABLET = 768

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
HOW = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture
def pages(served: Served) -> list[tuple[str | None, str]]:
    """Who looks at what: the main pages of an office with a case under review and one that runs."""
    accepted = OfficeStory(served.engine, served.clock).given("accepted", 1)
    reviewed = OfficeStory(served.engine, served.clock).given("under_review", 2)
    served.clock.ahead(days=30)
    served.engine.sweep()
    case, review = accepted.case.id, reviewed.matter("award_review").id
    return [
        (None, "/sign-in"), (ZHOU, "/"), (ZHOU, "/inbox"), (ZHOU, "/cases"), (LIN, "/cases/new"), (ZHOU, f"/cases/{case}"),
        (ZHOU, f"/cases/{case}/count"), (ZHOU, f"/cases/{case}/annex"), (ZHOU, "/help"), (SHEN, f"/cases/{reviewed.case.id}/matters/{review}"), (FANG, "/ledger"),
        (FANG, "/overdue"), (FANG, "/definitions"), (ADMIN, "/calendar"), (ADMIN, "/calendar/2026"), (ADMIN, "/deliveries"),
    ]  # fmt: skip


def objections(page: Page) -> list[str]:
    """What axe has to say, a line for each kind of fault with the first place where it is."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("how => axe.run(document, how)", HOW)
    return [f"{one['id']}: {one['help']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def test_axe_is_at_work(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'></main>")
    assert [one.partition(":")[0] for one in objections(page)] == ["image-alt"]
    page.close()


@pytest.mark.parametrize(
    ("lang", "width"),
    [
        ("zh", 1280),
        ("en", 360),
        pytest.param("zh", 360, marks=pytest.mark.trial),
        pytest.param("en", 1280, marks=pytest.mark.trial),
    ],
)
def test_axe_objects_to_nothing_on_the_main_pages_and_nothing_is_wider_than_the_window(
    browser: Browser, served: Served, pages: list[tuple[str | None, str]], lang: str, width: int
) -> None:
    # What axe needs is put into the page, which the console's own rules would not let happen.
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for person, place in pages:
        if person:
            served.seat(context, person)
        context.add_cookies([{"name": "lang", "value": lang, "url": served.address}])
        answer = page.goto(served.address + place)
        assert answer
        assert answer.status == 200, place
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
        said = objections(page)
        for wide in (width, TABLET):
            page.set_viewport_size({"width": wide, "height": 800})
            said += [f"sideways at {wide}: {part}" for part in page.evaluate(SIDEWAYS)]
        page.set_viewport_size({"width": width, "height": 800})
        if said:
            found[place] = said
    context.close()
    assert found == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_is_signed_or_returned_on_a_phone_without_scrolling(
    browser: Browser, served: Served, lang: str
) -> None:
    reviewed = OfficeStory(served.engine, served.clock).given("under_review", 1)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    served.seat(context, SHEN)
    context.add_cookies([{"name": "lang", "value": lang, "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}/cases/{reviewed.case.id}/matters/{reviewed.matter('award_review').id}")
    boxes = [button.bounding_box() for button in page.locator(".verbs button").all()]
    assert len(boxes) == 2
    for box in boxes:
        assert box
        assert box["y"] + box["height"] <= 740
        assert box["height"] <= 48, "its words stand in one line"
    context.close()
