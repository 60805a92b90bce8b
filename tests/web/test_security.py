"""What every answer keeps to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import FANG, ZHOU
from tests.web.conftest import HEARD, REVIEWED, AtDesk

WEB = Path(__file__).parents[2] / "web"
PAGES = (
    "/",
    "/cases",
    "/ledger",
    "/overdue",
    "/inbox",
    "/help",
    "/sign-in",
    "/nowhere",
    "/static/console.css",
)


@pytest.mark.parametrize("place", PAGES)
def test_every_answer_carries_the_headers(at_desk: AtDesk, place: str) -> None:
    headers = at_desk(ZHOU).client.get(place, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert ("no-store" in headers["Cache-Control"]) == (not place.startswith("/static"))


@pytest.mark.parametrize(
    "place", ["/sign-in", "/sign-out", "/language", "/inbox/read", "/cases/new", "/cases/1/acts"]
)
def test_nothing_is_accepted_from_a_forged_form(at_desk: AtDesk, place: str) -> None:
    desk = at_desk(ZHOU)
    for token in ({}, {"csrf_token": "forged"}):
        answer = desk.client.post(place, data={"move": "accept", **token})
        assert answer.status_code == 400
        assert "页面已失效" in answer.text


def test_a_forged_form_records_nothing(at_desk: AtDesk, address: Callable[..., str]) -> None:
    desk = at_desk(ZHOU)
    page = desk.get(address(3))
    form = page.form(move="hand_over")
    form.fields["csrf_token"] = ["forged"]
    desk.send(form, fact__hand_over__secretary_named="wu", fact__hand_over__reason="因工作调整需要移交")
    assert desk.status == 400
    assert "因工作调整需要移交" in desk.page.text
    assert "移交秘书" not in desk.get(address(3)).html.split("办理经过")[1].split("流程")[0]


def test_no_page_has_anything_inline(at_desk: AtDesk, address: Callable[..., str]) -> None:
    desk = at_desk(FANG)
    places = [
        *PAGES[:-1],
        address(HEARD),
        address(REVIEWED),
        address(HEARD, "extension"),
        address(HEARD) + "/count",
    ]
    for place in places:
        html = desk.get(place).html
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html), place
        for tag in re.findall(r"<script[^>]*>", html):
            assert "src=" in tag
        outside = [url for url in re.findall(r"(?:src|href|action)=\"([^\"]*)\"", html) if "://" in url]
        assert [url for url in outside if not url.startswith("data:")] == []


def test_static_files_are_kept_by_the_browser_until_they_change(at_desk: AtDesk) -> None:
    page = at_desk().get("/sign-in")
    address = re.search(r"/static/console\.css\?v=[0-9a-f]+", page.html)
    assert address
    answer = at_desk().client.get(address[0], buffered=True)
    assert answer.status_code == 200
    assert answer.cache_control.max_age == 365 * 24 * 3600


def test_the_style_sheet_keeps_to_what_the_oldest_kernel_understands() -> None:
    sheet = re.sub(
        r"/\*.*?\*/", "", (WEB / "static/console.css").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for new in (
        ":has(",
        ":is(",
        ":where(",
        "aspect-ratio",
        "color-mix",
        "@layer",
        "inset:",
        "clamp(",
        ":focus-visible",
    ):
        assert new not in sheet, new
    # Flex boxes know no gap before 84; a grid does, under its old name too.
    assert re.findall(r"[\s{;](?:row-|column-)?gap:", sheet) == []


def test_the_script_keeps_to_es2017() -> None:
    script = (WEB / "static/console.js").read_text(encoding="utf-8")
    for new in ("?.", "??", "import ", "export ", "=>", "`"):
        assert new not in script, new
    assert "isComposing" in script
    assert "229" in script
