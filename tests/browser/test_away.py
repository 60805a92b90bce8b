"""A database held by another program, seen by somebody who was filling in a form."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Served
from tests.browser.test_journey import Person, office
from tests.cast import FANG
from tests.office import OfficeStory

__all__ = ["office"]

pytestmark = pytest.mark.browser


def test_what_was_typed_waits_on_the_page_until_it_can_be_recorded(
    office: Served, browser: Browser, tmp_path: Path
) -> None:
    story = OfficeStory(office.engine, office.clock).given("proposed")
    page = browser.new_page(viewport={"width": 360, "height": 740})
    person = Person(page, office, FANG)
    person.go(f"/cases/{story.case.id}")
    page.locator('[name="fact.accept.secretary_named"]').first.select_option("zhou")
    with closing(sqlite3.connect(tmp_path / "office.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.get_by_role("button", name="批准受理").click()
        expect(page.get_by_role("alert")).to_contain_text("暂时不能记录", timeout=30_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            if folder := os.environ.get("ANXU_SHOTS"):
                page.screenshot(path=f"{folder}/away-{width}.png")
        other.execute("ROLLBACK")
    page.get_by_role("button", name="再次提交").click()
    expect(page.get_by_role("status")).to_contain_text("已办理：批准受理")
    assert story.case.main.state == "accepted"
    page.close()
