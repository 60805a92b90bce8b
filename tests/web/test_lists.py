"""Finding what there is to do: todos, lists, ledger, inbox, count sheet, and the form of a new case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.api import Absence, Engine, Holding, Party
from engine.text import day_text
from tests.builders import Clock, a_file
from tests.cast import DU, FANG, GU, LIN, TANG, ZHOU
from tests.office import OfficeStory
from tests.web.conftest import FILED, FORMED, HEARD, READY, REVIEWED, AtDesk, number

Address = Callable[..., str]


def rows(html: str) -> int:
    return html.count('<tr role="row" data-row')


@pytest.mark.parametrize("show", ["today", "soon", "overdue", ""])
def test_each_count_of_the_strip_is_the_list_behind_it(
    at_desk: AtDesk, engine: Engine, clock: Clock, show: str
) -> None:
    clock.set("2026-03-27")
    desk = at_desk(ZHOU)
    strip = engine.strip(ZHOU)
    counts = {
        "today": strip.due_today,
        "soon": strip.within_three_days,
        "overdue": strip.overdue,
        "": strip.mine,
    }
    page = desk.get(f"/?show={show}")
    assert rows(page.html) == counts[show]
    assert re.search(rf'aria-current="true"><span class="strip-count">{counts[show]}</span>', page.html)


def test_a_todo_leads_to_the_page_it_is_done_on(at_desk: AtDesk, address: Address) -> None:
    page = at_desk(TANG).get("/")
    assert address(REVIEWED, "award_review") in page.links
    page = at_desk(ZHOU).get("/")
    assert address(READY) in page.links


def test_a_todo_says_the_earliest_and_the_latest_that_its_last_day_may_come_to_be(
    at_desk: AtDesk, engine: Engine, clock: Clock
) -> None:
    clock.set("2026-12-28")
    story = OfficeStory(engine, clock).open()
    (todo,) = (line for line in engine.lists.todos(LIN).lines if line.case == story.case.id)
    assert todo.earliest is not None
    assert todo.due is not None
    assert todo.overdue_after is not None
    assert todo.earliest < todo.due < todo.overdue_after

    page = at_desk(LIN).get("/")

    (row,) = (one for one in page.html.split("<tr ") if story.number in one)
    days = f"最早{day_text(todo.earliest).zh}", f"最迟{day_text(todo.overdue_after).zh}"
    assert tuple(re.findall("最[早迟][^<]+", row.split("暂定</span>")[1])) == days


def test_who_stands_in_for_somebody_sees_for_whom(at_desk: AtDesk, engine: Engine, clock: Clock) -> None:
    engine.staff.give(Holding(GU, "archivist", "main", clock.today))
    engine.staff.leave(Absence(ZHOU, clock.today, clock.today, GU))
    page = at_desk(GU).get("/")
    assert "代周衡" in page.text
    assert "今日代周衡办理" in page.text


@pytest.mark.parametrize(
    "typed",
    [
        "双劳人仲案〔2026〕3号",
        "双劳人仲案(2026)3",
        "［2026］００３",
        "2026-3",
        " 2026-03 ",
        "双劳人仲案【2026】3号",
    ],
)
def test_a_case_is_found_by_its_number_in_any_typing(at_desk: AtDesk, typed: str) -> None:
    page = at_desk(ZHOU).get(f"/cases?q={typed}")
    assert number(FORMED) in page.text
    assert rows(page.html) == 1


def test_a_case_is_found_by_a_party_even_when_it_has_ended(at_desk: AtDesk) -> None:
    page = at_desk(ZHOU).get("/cases?q=申请人7")
    assert rows(page.html) == 1
    assert "已归档" in page.text


def test_an_empty_list_says_why_and_what_next(at_desk: AtDesk) -> None:
    desk = at_desk(ZHOU)
    assert "没有找到“张无此人”" in desk.get("/cases?q=张无此人").text
    assert "没有超审限的案件" in desk.get("/cases?show=overdue").text
    assert "没有消息" in at_desk(LIN).get("/inbox").text or "未读" in desk.page.text


def test_filters_stand_in_the_address_and_all_means_all(at_desk: AtDesk) -> None:
    desk = at_desk(ZHOU)
    assert rows(desk.get("/cases").html) == 6
    assert rows(desk.get("/cases?show=all").html) == 7
    assert rows(desk.get("/cases?show=all&stage=closing").html) == 1
    assert rows(desk.get("/cases?stage=review").html) == 2
    assert rows(desk.get("/cases?show=nonsense").html) == 7


def test_a_long_list_goes_on_where_the_page_before_ended(at_desk: AtDesk, engine: Engine) -> None:
    for n in range(52):
        engine.open_case(
            "labour", LIN, facts={"cause": "wages"}, documents=[a_file("application")],
            parties=[Party("", "claimant", f"某{n}"), Party("", "respondent", "某公司")],
        )  # fmt: skip
    desk = at_desk(ZHOU)
    first = desk.get("/cases?show=all")
    second = desk.get(first.link("after=").replace("&amp;", "&"))
    numbers = [re.findall(r"双劳人仲案〔2026〕\d+号", page.text) for page in (first, second)]
    assert len(numbers[0]) == 50
    assert len(numbers[1]) == 9
    assert len({*numbers[0], *numbers[1]}) == 59
    assert "第一页" in second.text
    back = desk.get(second.link("before=").replace("&amp;", "&"))
    assert re.findall(r"双劳人仲案〔2026〕\d+号", back.text) == numbers[0]
    assert "下一页" not in second.text


def test_a_page_mark_that_cannot_be_read_is_told(at_desk: AtDesk) -> None:
    desk = at_desk(ZHOU)
    page = desk.get("/cases?after=yesterday")
    assert desk.status == 400
    assert "翻页位置无效" in page.text


def test_cases_of_another_office_are_not_found(
    at_desk: AtDesk, address: Address, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, desk = address(FORMED), at_desk(ZHOU)
    moved = engine.person(ZHOU)
    assert moved
    monkeypatch.setattr(Engine, "person", lambda *_: replace(moved, offices=("elsewhere",)))
    for suffix in ("", "/count", "/matters/2", "/documents/x"):
        desk.get(place + suffix)
        assert desk.status == 404


def test_the_ledger_says_why_a_case_is_listed_and_that_nobody_wrote_into_it(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(DU)
    page = desk.get("/ledger")
    assert number(HEARD) in page.text
    assert "集体争议" in page.text
    assert "超过7日未更新" in page.text
    assert address(HEARD, "supervision") in page.links


def test_the_ledger_is_written_by_who_handles_the_case(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(HEARD, "supervision")).form(move="update_ledger")
    desk.send(
        form, fact__update_ledger__not_closed_because="台账未核对完", fact__update_ledger__next_step="约谈双方会计",
        fact__update_ledger__next_step_on="2026-04-03",
    )  # fmt: skip
    page = desk.get("/ledger")
    assert "台账未核对完" in page.text
    assert "约谈双方会计" in page.text
    assert "计划2026年4月3日完成" in page.text
    assert "超过7日未更新" not in page.text


def test_the_overdue_queue_says_by_how_many_days_and_who_holds_it(at_desk: AtDesk) -> None:
    page = at_desk(DU).get("/overdue")
    assert "超期的环节" in page.text
    assert "已超 1 日" in page.text
    assert "唐三阅" in page.text


def test_the_count_sheet_shows_every_day_and_its_rule(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    page = at_desk(ZHOU).get(address(FORMED) + "/count")
    days = engine.sheet(number(FORMED)).days
    assert page.html.count('class="annex-date"') == len(days) == 46
    assert page.html.count("<summary><div") == 1, "days that say the same are folded"
    assert "计入45日 + 停止0日 + 顺延0日 = 45个日历日" in page.text.replace(" （", "（")
    assert "起算日不计入" in page.text
    assert "批准受理" in page.text
    assert "届满日" in page.text
    assert "审限尚未起算" in at_desk(ZHOU).get(address(FILED) + "/count").text


def test_notices_are_read_one_by_one_or_all_at_once(at_desk: AtDesk, engine: Engine) -> None:
    desk = at_desk(ZHOU)
    unread = engine.strip(ZHOU).unread
    assert unread > 2
    page = desk.get("/inbox")
    one = next(form for form in page.forms if "notice" in form.fields)
    desk.send(one)
    assert engine.strip(ZHOU).unread == unread - 1
    everything = next(f for f in desk.page.forms if f.action == "/inbox/read" and "notice" not in f.fields)
    desk.send(everything)
    assert engine.strip(ZHOU).unread == 0
    assert "标为已读" not in desk.page.text


def test_nobody_marks_the_notices_of_another(at_desk: AtDesk, engine: Engine) -> None:
    mine = next(notice for notice in engine.inbox.page(ZHOU).lines if not notice.read)
    desk = at_desk(FANG)
    form = desk.get("/inbox").form(action="/language")
    form.action = "/inbox/read"
    before = engine.strip(ZHOU).unread
    desk.send(form, notice=mine.id)
    assert engine.strip(ZHOU).unread == before


def test_a_long_history_begins_with_its_latest_part(
    at_desk: AtDesk, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cases.EVENTS_SHOWN", 3)
    desk = at_desk(ZHOU)
    page = desk.get(address(READY))
    assert "收件立案" not in page.text
    assert "查看更早的" in page.text
    assert "收件立案" in desk.get(address(READY) + "?all=1").text


APPLICATION = {"file.open.application": ("application.txt", "仲裁申请书".encode())}


# --- a new case -------------------------------------------------------------------------------------------


def test_a_clerk_registers_a_case_against_several_respondents_once(at_desk: AtDesk, engine: Engine) -> None:
    desk = at_desk(LIN)
    form = desk.get("/cases/new").form(id="f-open")
    parties = {"claimant": "欧阳·文静\r\n\r\n", "respondent": "甲公司\r\n 乙公司 \r\n"}
    page = desk.send(form, parties, fact__open__cause="injury", files=APPLICATION)
    assert f"已收件，案号：{number(8)}" in page.text
    assert "甲公司、乙公司" in page.text
    assert "工伤待遇" in page.text
    assert [p.name for p in engine.case_line(number(8)).parties] == ["欧阳·文静", "甲公司", "乙公司"]
    page = desk.send(form, parties, fact__open__cause="injury", files=APPLICATION)
    assert "没有重复立案" in page.text
    assert rows(desk.get("/cases?show=all").html) == 8


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"claimant": " "}, "缺少申请人"),
        ({"respondent": ""}, "缺少被申请人"),
        ({"fact.open.cause": ""}, "请填写“案由”"),
        ({"on": "2026-02-30"}, "不是真实存在的日期"),
        ({"on": "2026-03-27"}, "晚于今天"),
    ],
)
def test_a_new_case_that_lacks_something_is_not_registered_and_keeps_what_was_typed(
    at_desk: AtDesk, engine: Engine, changes: dict[str, str], why: str
) -> None:
    desk = at_desk(LIN)
    form = desk.get("/cases/new").form(id="f-open")
    page = desk.send(
        form,
        {
            "claimant": "王某",
            "respondent": "某公司",
            "third_party": "丙厂",
            "fact.open.cause": "wages",
            **changes,
        },
        files=APPLICATION,
    )
    assert desk.status == 422
    assert page.title.startswith("错误：")
    assert why in page.text
    assert page.form(id="f-open").one("third_party") == "丙厂"
    assert len(engine.cases().cases) == 7


def test_only_who_files_cases_gets_the_form(at_desk: AtDesk) -> None:
    desk = at_desk(ZHOU)
    assert "登记新案件" not in desk.get("/cases").text
    desk.get("/cases/new")
    assert desk.status == 403
    form = desk.get("/cases").form(action="/language")
    form.action = "/cases/new"
    page = desk.send(form, claimant="王某", respondent="某公司", fact__open__cause="wages")
    assert desk.status == 403
    assert "立案人员" in page.text or "您的岗位" in page.text
