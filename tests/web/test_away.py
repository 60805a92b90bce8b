"""While nothing can be recorded: nothing typed is lost, and sending it again records it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from engine.api import Engine, OutcomeUnknown, StoreAway, Text
from engine.store.database import Database
from engine.store.reaching import OnlyReading
from tests.cast import FANG, ZHOU
from tests.web.conftest import FORMED, PROPOSED, AtDesk, number
from web.away import ONLY_READ, QUEUED, REASONS

Address = Callable[..., str]
Away = Callable[[Exception], AbstractContextManager[None]]

SENTENCE = Text("数据库不可用：10.0.0.11", "away: 10.0.0.11")
REASON = "因产假移交本案，\n材料齐全<b>"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Away:
    """A store that answers whatever is asked of it with this error."""

    @contextmanager
    def raising(error: Exception) -> Iterator[None]:
        def away(*_: object, **__: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            for method in ("act", "open_case", "person", "rules", "cases", "case_page"):
                patch.setattr(Engine, method, away)
            yield

    return raising


def times_handed_over(engine: Engine) -> list[str]:
    return [str(e.facts["reason"]) for e in engine.history(number(FORMED)) if e.move == "hand_over"]


@pytest.mark.parametrize("error", [StoreAway(SENTENCE), OutcomeUnknown(SENTENCE)], ids=["away", "unknown"])
def test_what_was_typed_comes_back_with_a_button_that_sends_it_again_once(
    at_desk: AtDesk, address: Address, engine: Engine, away: Away, error: Exception
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="hand_over")
    with away(error):
        page = desk.send(form, fact__hand_over__secretary_named="wu", fact__hand_over__reason=REASON)
    assert desk.status == 503
    assert desk.answer.headers["Retry-After"] == "5"
    assert "Refresh" not in desk.answer.headers
    assert "10.0.0.11" not in page.html
    assert "材料齐全<b>" in page.text
    again = page.form(action=form.action)
    assert again.one("key") == form.one("key")
    assert "再次提交" in page.text
    assert "只记录一次" in page.text or "不会重复记录" in page.text
    for _ in range(2):
        desk.send(again)
        assert desk.status == 200
    assert [reason.splitlines() for reason in times_handed_over(engine)] == [REASON.splitlines()]


def test_a_file_must_be_chosen_again_and_is_named(at_desk: AtDesk, address: Address, away: Away) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="hand_over")
    with away(StoreAway(SENTENCE)):
        page = desk.send(form, files={"file.hand_over.order": ("交接清单.pdf", b"x")})
    assert "请重新选择文件：交接清单.pdf" in page.text
    assert page.form(action=form.action).files == ["file.hand_over.order"]


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_the_page_says_why_and_what_to_do(at_desk: AtDesk, away: Away, reason: str) -> None:
    desk = at_desk(FANG)
    with away(StoreAway(SENTENCE, reason)):
        page = desk.get("/cases?stage=审理")
    assert desk.status == 503
    assert REASONS[reason].zh in page.text
    assert desk.answer.headers["Refresh"] == "5"
    assert "/cases?stage=审理" in page.link("/cases?")


def test_of_what_was_begun_the_page_does_not_say_that_nothing_was_recorded(
    at_desk: AtDesk, away: Away
) -> None:
    begun = Text("本次录入已生效，未完成的部分会自动继续", "the load is in force and goes on by itself")
    with away(StoreAway(SENTENCE, begun=begun)):
        page = at_desk(ZHOU).get("/cases")
    assert f"{begun.zh}。" in page.text
    assert "没有记录任何内容" not in page.text


def test_the_page_is_there_in_english_too(at_desk: AtDesk, away: Away) -> None:
    desk = at_desk(FANG)
    desk.client.set_cookie("lang", "en")
    with away(StoreAway(SENTENCE)):
        page = desk.get("/cases")
    assert "nothing was recorded" in page.text
    assert "Read-only" in page.text


def test_a_password_is_never_written_onto_a_page(
    at_desk: AtDesk, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk()
    form = desk.get("/sign-in").form(action="/sign-in")

    def gone(*_: object) -> None:
        raise StoreAway(SENTENCE)

    monkeypatch.setattr(Engine, "sign_in", gone)
    page = desk.send(form, person=ZHOU, password="correct horse")
    assert desk.status == 503
    assert "correct horse" not in page.html


def test_an_address_of_elsewhere_is_no_way_back(at_desk: AtDesk, away: Away) -> None:
    desk = at_desk(FANG)
    with away(StoreAway(SENTENCE)):
        page = desk.get("//elsewhere.example/cases")
    assert not any("elsewhere" in link for link in page.links)


@contextmanager
def only_read(database: Database) -> Iterator[None]:
    """A database that answers whatever is asked of it and takes nothing."""

    def refuse(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    database.close()
    event.listen(database.engine, "connect", refuse)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", refuse)
        database.close()


def test_while_nothing_can_be_recorded_every_page_that_can_be_read_says_so(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(PROPOSED)).form(move="accept")
    with only_read(engine.office.database):
        assert ONLY_READ["read_only"].zh not in desk.get("/cases").text
        page = desk.send(form, fact__accept__secretary_named=ZHOU)
        assert desk.status == 503
        # A refused act writes nothing, so it says nothing about whether anything can be written.
        desk.send(form, files={"file.accept.order": ("批示.pdf", b"x")})
        assert ONLY_READ["read_only"].zh in desk.get("/cases").text
        assert desk.status == 200
    desk.send(page.form(action=form.action))
    assert desk.status == 200
    assert ONLY_READ["read_only"].zh not in desk.get("/cases").text


def test_what_nobody_has_tried_for_a_while_is_not_said_any_more() -> None:
    now = [0.0]
    only_reading = OnlyReading(lambda: now[0])
    only_reading.note("full")
    assert only_reading.reason == "full"
    now[0] = 89
    assert only_reading.reason == "full"
    now[0] = 90
    assert only_reading.reason is None
    only_reading.note("locked")
    assert only_reading.reason is None


def test_a_request_that_waited_too_long_is_turned_away_with_its_form(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(PROPOSED)).form(move="accept")
    desk.client.environ_base[QUEUED] = 3.5  # type: ignore[assignment]
    page = desk.send(form, fact__accept__secretary_named=ZHOU)
    assert desk.status == 503
    assert REASONS["busy"].zh in page.text
    desk.client.environ_base[QUEUED] = 0.1  # type: ignore[assignment]
    desk.send(page.form(action=form.action))
    assert desk.status == 200
    assert engine.case_page(number(PROPOSED)).line.state == "accepted"
