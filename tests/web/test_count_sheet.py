"""The pages that show dates show their working: the count sheet, its annex, the queues, the calendar behind them."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from engine.api import Engine, Text
from tests.builders import Clock
from tests.cast import ADMIN, DU, FANG, JIA, WEI, ZHOU
from tests.office import OfficeStory, an_incident
from tests.procedures.way import bring_to, propose_suspension, resume, suspend
from tests.service.notice_texts import NOTICE, notice_2027
from tests.web.conftest import FORMED, HEARD, AtDesk, number

Address = Callable[..., str]


def told(page_text: str) -> str:
    """The words of a page without the spaces that stand between its elements."""
    return page_text.replace(" ", "")


def test_days_that_say_the_same_are_folded_and_each_stands_in_print(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    page = at_desk(ZHOU).get(address(FORMED) + "/count")
    sheet = engine.sheet(number(FORMED))

    assert page.html.count('<li class="run ') == len(sheet.runs) == 3
    assert page.html.count('class="annex-date"') == len(sheet.days)
    assert told(page.text).count("规则与事由同2026年3月3日") == 2
    assert "法定期限" in page.text
    assert "本程序目标" in page.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_annex_stands_alone_in_either_language(at_desk: AtDesk, address: Address, lang: str) -> None:
    desk = at_desk(FANG)
    desk.client.set_cookie("lang", lang)

    page = desk.get(address(FORMED) + "/annex")

    assert desk.status == 200
    assert ("审限计算附页" if lang == "zh" else "Annex: how the time limit was counted") in page.text
    assert "<nav" not in page.html
    assert ("打印：方正" if lang == "zh" else "Printed by 方正") in page.text
    assert page.html.count("<thead>") == 1
    style = desk.client.get(page.html.split('href="')[1].split('"')[0])
    assert style.mimetype == "text/css"
    assert "size: A4" in style.get_data(as_text=True)


def test_a_past_day_is_shown_as_it_is_known_now_or_as_it_was_shown_then(
    at_desk: AtDesk, address: Address, clock: Clock, engine: Engine
) -> None:
    clock.set("2026-04-20")
    story = OfficeStory(engine, clock, number(HEARD))
    suspend(story, "force_majeure", WEI, on="2026-04-10")
    resume(story, "force_majeure", WEI, on="2026-04-15")
    desk, place = at_desk(FANG), address(HEARD) + "/count?as_of=2026-04-18"

    known, shown = told(desk.get(place).text), told(desk.get(place + "&view=shown").text)

    assert "止于2026年4月22日" in known
    assert "期后补录的事项" in known
    assert "待主任批准" in known
    assert "止于2026年4月17日" in shown
    assert "当日显示的届满日：2026年4月17日" in shown
    assert "期后补录的事项" not in shown


@pytest.mark.parametrize("asked", ["as_of=nonsense", "as_of=2026-03-26&view=other"])
def test_an_address_that_asks_for_no_day_shows_today(at_desk: AtDesk, address: Address, asked: str) -> None:
    desk = at_desk(ZHOU)
    desk.get(f"{address(FORMED)}/count?{asked}")
    assert desk.status == 200


def test_a_day_that_was_never_shown_says_so(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    page = desk.get(f"{address(FORMED)}/count?as_of=2027-01-01&view=shown")
    assert desk.status == 400
    assert "尚未到来" in page.text
    desk.get(f"{address(FORMED)}/count?as_of=2020-01-01")
    assert desk.status == 404


@pytest.mark.parametrize("place", ["/", "/overdue", "/ledger", "/cases"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dates_of_the_queues_unfold_their_working(
    at_desk: AtDesk, clock: Clock, engine: Engine, place: str, lang: str
) -> None:
    clock.set("2026-04-22")
    engine.sweep()
    desk = at_desk(ZHOU if place == "/" else DU)
    desk.client.set_cookie("lang", lang)

    page = desk.get(place)

    assert '<details class="why"><summary>' in page.html
    assert ("止于" if lang == "zh" else "ends on") in page.text or "working day" in page.text
    assert ("逐日计算表" if lang == "zh" else "Day by day") in page.text


def test_an_open_incident_stands_at_the_top_of_the_case_and_its_count(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    an_incident(engine, number(HEARD), "CLOCKS_DIFFER", Text("届满日按区间为甲。", "by intervals A."))
    desk = at_desk(ZHOU)

    for at in (address(HEARD), address(HEARD) + "/count"):
        page = desk.get(at)
        assert "请勿依赖该日期" in page.text
        assert "届满日按区间为甲" in page.text
    assert "请勿依赖该日期" not in desk.get(address(FORMED)).text


def test_a_day_to_come_is_a_question_that_cannot_be_asked(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)

    page = desk.get(address(HEARD) + "/count?as_of=9999-12-31")

    assert desk.status == 400
    assert "尚未到来" in page.text


# --- the director's exception ---------------------------------------------------------------------------------


def to_approve(engine: Engine, clock: Clock) -> str:
    """Propose a suspension of the case that was heard; the place of the matter in which it is approved."""
    story = OfficeStory(engine, clock, number(HEARD))
    propose_suspension(story, "other_case")
    return f"/matters/{story.matter('suspension').id}"


def test_who_may_except_is_asked_for_the_reason_with_everything_kept(
    at_desk: AtDesk, address: Address, clock: Clock, engine: Engine
) -> None:
    clock.set("2026-04-20")
    desk, place = at_desk(FANG), address(HEARD) + to_approve(engine, clock)
    form = desk.get(place).form(move="suspend")
    assert "override" not in form.fields
    paper = {"file.suspend.order": ("order.txt", b"decided")}

    page = desk.send(form, fact__suspend__ground="other_case", files=paper)

    assert desk.status == 422
    assert "特批理由" in page.text
    again = page.form(move="suspend")
    assert again.one("fact.suspend.ground") == "other_case"
    page = desk.send(again, override="另案结果直接决定本案", files=paper)
    assert desk.status == 200
    assert "特批理由：另案结果直接决定本案" in page.text
    count = desk.get(address(HEARD) + "/count")
    assert "届满后经特批的事项" in count.text
    assert "特批理由：另案结果直接决定本案" in count.text
    assert engine.case_line(number(HEARD)).light.colour == "red"


def test_who_may_not_except_is_not_asked(
    at_desk: AtDesk, address: Address, clock: Clock, engine: Engine
) -> None:
    clock.set("2026-04-20")
    desk, place = at_desk(WEI), address(HEARD) + to_approve(engine, clock)
    paper = {"file.suspend.order": ("order.txt", b"decided")}

    page = desk.send(desk.get(place).form(move="suspend"), fact__suspend__ground="other_case", files=paper)

    assert desk.status == 422
    assert 'name="override"' not in page.html
    assert "由主任写明理由特批" in page.text


# --- the calendar -----------------------------------------------------------------------------------------------


def provisional(engine: Engine, clock: Clock) -> str:
    """A case whose last day falls into a year without a notice."""
    clock.set("2026-12-21")
    story = OfficeStory(engine, clock)
    story.open()
    bring_to(story, "accepted")
    return story.number


def test_an_administrator_tries_a_notice_and_then_loads_it(
    at_desk: AtDesk, clock: Clock, engine: Engine
) -> None:
    case = provisional(engine, clock)
    before = engine.case_line(case).due
    desk = at_desk(ADMIN)
    form = desk.get("/calendar").form(action="/calendar/trial")
    file = {"file": ("2027.csv", notice_2027(rest=["2027-02-04"]))}

    page = desk.send(form, year="2027", notice=NOTICE, files=file)

    assert desk.status == 200
    assert "尚未写入" in page.text
    assert case in page.text
    assert engine.case_line(case).due == before, "a trial writes nothing"
    assert "2027年的通知未公布" in desk.get("/calendar/2026").text
    assert "的通知未公布" not in desk.get("/calendar/2025").text
    page = desk.send(next(form for form in page.forms if "content" in form.fields))
    assert desk.status == 200
    assert case in page.text
    assert engine.case_line(case).due != before
    assert NOTICE in desk.get("/calendar").text
    assert NOTICE in desk.get("/calendar/2027").text
    assert "2027年的通知未公布" not in desk.get("/calendar/2026").text


def test_a_notice_with_problems_names_each_row(at_desk: AtDesk, engine: Engine) -> None:
    desk = at_desk(ADMIN)
    form = desk.get("/calendar").form(action="/calendar/trial")
    broken = {"file": ("2027.csv", "日期,安排\n2027-13-01,休\n2027-02-05,玩\n".encode())}

    page = desk.send(form, year="2027", notice=NOTICE, files=broken)

    assert desk.status == 422
    assert "第2行" in page.text
    assert "第3行" in page.text
    assert page.form(action="/calendar/trial").one("notice") == NOTICE
    desk.send(form, year="2027", notice=NOTICE)
    assert desk.status == 422
    desk.send(form, year="soon", notice=NOTICE, files={"file": ("2027.csv", notice_2027())})
    assert desk.status == 422


def test_nobody_else_loads_a_notice(at_desk: AtDesk, engine: Engine) -> None:
    desk = at_desk(JIA)
    page = desk.get("/calendar")
    assert desk.status == 200
    assert "由系统管理员录入" in page.text
    form = page.form(action="/language")
    form.action = "/calendar"
    content = base64.b64encode(notice_2027()).decode()
    desk.send(form, {"name": "2027.csv", "content": content, "year": "2027", "notice": NOTICE})
    assert desk.status == 403
    assert engine.calendar_days(2027) == ()


def test_the_form_to_fill_in_can_be_fetched(at_desk: AtDesk) -> None:
    desk = at_desk(ADMIN)
    answer = desk.client.get("/calendar/form/2027.csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "元旦" in answer.get_data(as_text=True)
    assert desk.client.get("/calendar/form/2027.exe").status_code == 404


def test_a_provisional_date_says_so_wherever_it_stands(at_desk: AtDesk, clock: Clock, engine: Engine) -> None:
    case = provisional(engine, clock)
    desk = at_desk(FANG)

    place = f"/cases/{engine.case_line(case).id}"

    assert "（日期暂定）" in desk.get("/cases").text
    assert "（暂定）" in desk.get(place).text
    assert "届满日为暂定" in desk.get(place + "/count").text
