"""The backlog drive at the desk: its form begins with what is overdue, its page counts cleared and newly overdue."""

from __future__ import annotations

from tests.builders import Clock
from tests.cast import FANG, SONG
from tests.web.conftest import HEARD, REVIEWED, AtDesk, number


def test_the_form_begins_with_the_cases_overdue_today_and_the_page_shows_the_count(
    at_desk: AtDesk, clock: Clock
) -> None:
    clock.set("2026-05-06 10:00")
    desk = at_desk(FANG)
    form = desk.get("/cases/new?procedure=backlog").form(id="f-open")
    listed = form.one("fact.open.listed_cases").split()
    assert {number(HEARD), number(REVIEWED)} <= set(listed)

    page = desk.send(
        form, {"fact.open.drive_title": "二季度积案清理", "fact.open.leader_named": SONG, "fact.open.ends_on": "2026-06-30",
               "fact.open.listed_cases": f"{number(HEARD)}\n{number(REVIEWED)}"},
    )  # fmt: skip

    assert desk.status == 200
    for part in ("清理情况", "同期新超期", "净减", number(HEARD), "仍超期", "待定方案"):
        assert part in page.text
    assert "诉" not in page.text.split("清理情况")[0].split("积案清理")[-1], "a drive has no parties"


def test_a_case_that_is_not_there_is_told_and_what_was_typed_is_kept(at_desk: AtDesk) -> None:
    desk = at_desk(FANG)
    form = desk.get("/cases/new?procedure=backlog").form(id="f-open")

    page = desk.send(
        form, {"fact.open.drive_title": "清理", "fact.open.leader_named": SONG, "fact.open.ends_on": "2026-06-30",
               "fact.open.listed_cases": "双劳人仲案〔2026〕99号"},
    )  # fmt: skip

    assert desk.status == 422
    assert "查无此案" in page.text
    assert page.form(id="f-open").one("fact.open.listed_cases") == "双劳人仲案〔2026〕99号"
