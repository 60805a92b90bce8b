"""Who may come in, how, and for how long."""

from __future__ import annotations

import pytest

from engine.api import Engine
from tests.builders import Clock
from tests.cast import ADMIN, GU, ZHOU
from tests.web.conftest import AUDITOR, OUTSIDER, AtDesk
from tests.web.desk import Desk
from web import create_app

INSIDE = ("/", "/cases", "/cases/new", "/cases/1", "/cases/1/count", "/cases/1/matters/2", "/cases/1/documents/a",
          "/ledger", "/overdue", "/inbox", "/help")  # fmt: skip


def test_the_right_password_opens_the_start_page_and_says_who_is_signed_in(at_desk: AtDesk) -> None:
    page = at_desk().sign_in(ZHOU)
    assert "我的待办" in page.title
    assert "周衡" in page.text
    assert "办案秘书" in page.text


def test_a_new_password_ends_every_session_that_the_old_one_opened(at_desk: AtDesk, engine: Engine) -> None:
    desk = at_desk()
    desk.sign_in(ZHOU)

    engine.set_password(ZHOU, "another password")

    assert "登录" in desk.get("/cases").title


@pytest.mark.parametrize(("person", "password"), [(ZHOU, "wrong password"), ("nobody", "correct horse")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike_and_the_name_is_kept(
    at_desk: AtDesk, person: str, password: str
) -> None:
    desk = at_desk()
    page = desk.sign_in(person, password)
    assert desk.status == 422
    assert page.title.startswith("错误：")
    assert "账号或密码不正确" in page.text
    assert page.form(action="/sign-in").one("person") == person
    assert page.form(action="/sign-in").one("password") == ""


def test_five_failures_lock_the_account_for_a_while(at_desk: AtDesk, clock: Clock) -> None:
    desk = at_desk()
    for _ in range(5):
        desk.sign_in(ZHOU, "wrong password")
    assert "15分钟" in desk.sign_in(ZHOU).text
    clock.ahead(minutes=16)
    assert "我的待办" in desk.sign_in(ZHOU).title


@pytest.mark.parametrize("place", INSIDE)
def test_somebody_unknown_is_asked_to_sign_in_wherever_they_knock(at_desk: AtDesk, place: str) -> None:
    desk = at_desk()
    answer = desk.client.get(place)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("place", ["/cases/1/acts", "/cases/new", "/inbox/read"])
def test_somebody_unknown_can_send_nothing(at_desk: AtDesk, place: str) -> None:
    desk = at_desk()
    token = desk.get("/sign-in").form(action="/sign-in").one("csrf_token")
    answer = desk.client.post(place, data={"csrf_token": token, "move": "accept"})
    assert answer.status_code == 303
    assert answer.location == "/sign-in"


def test_after_signing_in_one_is_where_one_wanted_to_go(at_desk: AtDesk) -> None:
    desk = at_desk()
    page = desk.get("/cases?show=overdue")
    page = desk.send(page.form(action="/sign-in"), person=ZHOU, password="correct horse")
    assert desk.answer.request.path == "/cases"
    assert desk.answer.request.args["show"] == "overdue"


@pytest.mark.parametrize(
    "away",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "\\\\x",
    ],
)
def test_signing_in_leads_nowhere_outside(at_desk: AtDesk, away: str) -> None:
    desk = at_desk()
    form = desk.get("/sign-in").form(action="/sign-in")
    desk.send(form, follow=False, person=ZHOU, password="correct horse", next=away)
    assert desk.answer.location == "/"


def test_what_a_session_held_before_signing_in_is_gone_after_it(at_desk: AtDesk) -> None:
    desk = at_desk()
    desk.get("/sign-in")
    with desk.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    desk.sign_in(ZHOU)
    with desk.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_after_thirty_idle_minutes_one_signs_in_again_and_is_told_why(at_desk: AtDesk, clock: Clock) -> None:
    desk = at_desk(ZHOU)
    clock.ahead(minutes=29)
    assert "案件" in desk.get("/cases").title
    clock.ahead(minutes=29)
    assert "案件" in desk.get("/cases").title
    clock.ahead(minutes=31)
    assert "超过30分钟没有操作" in desk.get("/cases").text
    assert "登录" in desk.get("/cases").title


def test_what_was_typed_is_given_back_when_the_session_ended_meanwhile(at_desk: AtDesk, clock: Clock) -> None:
    desk = at_desk(ZHOU)
    form = desk.get("/inbox").form(action="/language")
    form.action = "/cases/1/acts"
    desk.send(desk.page.form(action="/sign-out"))
    page = desk.send(form, fact__withdraw__reason="当事人已经和解并书面申请撤回")
    assert desk.status == 400
    assert "当事人已经和解并书面申请撤回" in page.text


def test_signing_out_ends_the_session(at_desk: AtDesk) -> None:
    desk = at_desk(ZHOU)
    desk.send(desk.get("/").form(action="/sign-out"))
    assert "登录" in desk.page.title
    assert "登录" in desk.get("/cases").title


@pytest.mark.parametrize("person", [OUTSIDER, GU])
def test_somebody_without_a_role_in_the_office_gets_a_page_that_says_so(at_desk: AtDesk, person: str) -> None:
    desk = at_desk(person)
    desk.get("/cases")
    assert desk.status == 403
    assert "您的岗位不能查看" in desk.page.text


@pytest.mark.parametrize("person", [AUDITOR, ADMIN])
def test_who_has_nothing_to_do_may_look(at_desk: AtDesk, person: str) -> None:
    desk = at_desk(person)
    assert "没有待您办理的事项" in desk.get("/").text
    assert desk.status == 200


def test_a_person_whose_roles_have_ended_is_out_at_their_next_step(
    at_desk: AtDesk, engine: Engine, clock: Clock
) -> None:
    desk = at_desk(ZHOU)
    for role in ("secretary", "service_officer"):
        engine.staff.end(ZHOU, role, "main", clock.today.replace(day=1))
    desk.get("/cases")
    assert desk.status == 403


def test_health_needs_nobody(at_desk: AtDesk) -> None:
    answer = at_desk().client.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize("secure", [False, True])
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(engine: Engine, secure: bool) -> None:
    app = create_app(engine, secret_key="x", secure_cookies=secure)
    desk = Desk(app)
    desk.get("/sign-in")
    cookie = desk.answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) == secure
