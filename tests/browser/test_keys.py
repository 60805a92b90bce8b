"""The keys of the console: each leads to what a link or a button does, none sends anything, all are off while one types."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Served
from tests.cast import SHEN, ZHOU
from tests.office import OfficeStory

pytestmark = pytest.mark.browser


def test_the_keys_lead_where_the_help_says_and_keep_still_while_one_types(
    browser: Browser, served: Served
) -> None:
    for number in (1, 2):
        OfficeStory(served.engine, served.clock).given("tribunal_formed", number)
    reviewed = OfficeStory(served.engine, served.clock).given("under_review", 3)
    context = browser.new_context()
    page = context.new_page()
    served.seat(context, ZHOU)
    page.goto(served.address + "/")
    rows = page.locator("[data-row] .row-link")
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    place = rows.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{place}")

    page.keyboard.press("/")
    page.wait_for_url("**/cases#q")
    box = page.locator("#q")
    expect(box).to_be_focused()
    page.keyboard.type("j/a?")
    expect(box).to_have_value("j/a?")

    page.goto(served.address + "/cases")
    page.keyboard.press("?")
    page.wait_for_url("**/help")

    review, before = reviewed.matter("award_review"), reviewed.history()
    served.seat(context, SHEN)
    page.goto(f"{served.address}/cases/{reviewed.case.id}/matters/{review.id}")
    for key, name in (("s", "核阅通过并签署"), ("r", "退回仲裁庭")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name)).to_be_focused()
    assert reviewed.history() == before
    context.close()
