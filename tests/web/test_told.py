"""People choose how they are told, and those who watch over it see what could not be sent and send it again."""

from __future__ import annotations

import pytest

from engine.api import Engine
from engine.model.people import Contact
from engine.service.delivering import NotSent, deliver
from engine.service.inbox import Inbox
from engine.text import Text
from tests.cast import ADMIN, DU, FANG, ZHOU
from tests.service.reached import Post, reach, with_channels
from tests.web.conftest import AtDesk

REFUSED = NotSent(Text("接收方拒收（310000）", "the receiver refused it (310000)"), final=True)


@pytest.fixture
def undelivered(engine: Engine) -> int:
    """An office in which every notice of the morning was refused by its receiver; how many they were."""
    with_channels(engine)
    reach(
        engine,
        Contact(FANG, "mail", "fang@example.cn", "digest"),
        Contact(DU, "mail", "du@example.cn", "digest"),
    )
    done = deliver(engine.office, engine.now, Post(lambda _: REFUSED))
    assert done.dead > 0
    return done.dead


def test_what_could_not_be_sent_is_seen_by_supervisors_and_administrators_alone(
    at_desk: AtDesk, undelivered: int
) -> None:
    for person in (ADMIN, DU):
        page = at_desk(person).get("/deliveries")
        assert f"未能送达 {undelivered}" in page.text
        assert "接收方拒收（310000）" in page.text
        assert "example.cn" not in page.text, "addresses are nobody else's business"
        assert f"未能送达的通知{undelivered}条" in at_desk(person).get("/inbox").text
    desk = at_desk(ZHOU)
    desk.get("/deliveries")
    assert desk.status == 403
    assert "未能送达" not in desk.get("/inbox").text


def test_a_dead_letter_is_sent_again_or_let_go_from_the_page(
    at_desk: AtDesk, engine: Engine, undelivered: int
) -> None:
    desk = at_desk(ADMIN)
    page = desk.get("/deliveries")
    form = next(form for form in page.forms if "again" in form.buttons)
    desk.send(form, forget=form.buttons["forget"][0])
    assert engine.deliveries.counts().dead == undelivered - 1
    everything = next(
        f for f in desk.get("/deliveries").forms if f.action == "/deliveries" and "again" not in f.buttons
    )

    desk.send(everything)

    assert engine.deliveries.counts() == (undelivered - 1, 0, 0)
    assert deliver(engine.office, engine.now, Post()).sent == undelivered - 1
    assert "没有未能送达的通知" in desk.get("/deliveries").text


def test_nobody_else_sends_anything_again(at_desk: AtDesk, engine: Engine, undelivered: int) -> None:
    desk = at_desk(ZHOU)
    form = desk.get("/inbox").form(action="/language")
    form.action = "/deliveries"

    desk.send(form)

    assert desk.status == 403
    assert engine.deliveries.counts().dead == undelivered


def test_people_choose_what_comes_at_once_and_in_which_language(at_desk: AtDesk, engine: Engine) -> None:
    with_channels(engine)
    reach(engine, Contact(ZHOU, "mail", "zhou@example.cn"))
    desk = at_desk(ZHOU)
    form = desk.get("/inbox").form(action="/inbox/told")
    assert form.one("channel") == "mail"

    page = desk.send(form, wants="digest", language="en")

    assert "已保存通知方式" in page.text
    (one,) = engine.contacts.of(ZHOU)
    assert (one.address, one.wants, one.language) == ("zhou@example.cn", "digest", "en")
    assert "只在办案台通知" in at_desk(FANG).get("/inbox").text


def test_the_inbox_turns_its_pages_and_stays_where_it_was_when_a_message_is_read(
    at_desk: AtDesk, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_of = Inbox.page
    monkeypatch.setattr(
        Inbox,
        "page",
        lambda self, person, after=None, most=2, **more: page_of(self, person, after, 2, **more),
    )
    desk = at_desk(ZHOU)
    first = desk.get("/inbox?show=unread")
    second = desk.get(first.link("after="))
    assert first.html.count("data-row") == second.html.count("data-row") == 2
    notice = next(form for form in second.forms if "notice" in form.fields)

    page = desk.send(notice)

    assert "第一页" in page.text
