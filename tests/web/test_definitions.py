"""The page of versions: who sees it, what stands there, and the second person's forms."""

from __future__ import annotations

from datetime import date

import pytest

from engine.api import Engine
from tests.cast import ADMIN, DAI, DU, FANG, LIN, WEI, ZHOU
from tests.service.versions import EXTENSION, LATE_ENTRY, approved, in_use, proposed, titled
from tests.web.conftest import AUDITOR, OUTSIDER, AtDesk

PAGE = "/definitions"


@pytest.fixture
def real(engine: Engine) -> Engine:
    """The office of the console, in use."""
    return in_use(engine)


@pytest.mark.parametrize("reader", [ADMIN, FANG, WEI, DU, AUDITOR])
def test_who_decides_or_watches_reads_it_and_finds_it_in_the_navigation(at_desk: AtDesk, reader: str) -> None:
    desk = at_desk(reader)

    assert PAGE in desk.get("/").links
    page = desk.get(PAGE)

    assert desk.status == 200
    assert "现行版本" in page.text
    assert "劳动" in page.text


@pytest.mark.parametrize("other", [LIN, ZHOU, DAI, OUTSIDER])
def test_others_do_not(at_desk: AtDesk, real: Engine, other: str) -> None:
    proposed(real, titled("新"))
    desk = at_desk(other)

    assert PAGE not in desk.get("/").links
    for address in (PAGE, f"{PAGE}/1"):
        desk.get(address)
        assert desk.status == 403


def test_who_is_not_signed_in_is_sent_to_sign_in(at_desk: AtDesk) -> None:
    assert at_desk().get(PAGE).form(action="/sign-in").action == "/sign-in"


def test_the_second_person_reads_what_would_change_and_approves(at_desk: AtDesk, real: Engine) -> None:
    proposed(real, titled("新"))
    desk = at_desk(FANG)
    page = desk.get(PAGE)
    assert "管理员" in page.text
    assert "核对并决定" in page.text

    page = desk.get(page.link(f"{PAGE}/1"))
    assert "新" in page.text
    page = desk.send(page.form(action=f"{PAGE}/1/approve"))

    assert desk.status == 200
    assert "已批准" in page.text
    assert "管理员提请，方正批准" in page.text
    assert real.proposal(1).outcome == "approved"
    assert "已批准" in desk.get(f"{PAGE}/1").text


def test_the_proposer_finds_no_form_to_approve_and_is_refused_one_that_was_kept(
    at_desk: AtDesk, real: Engine
) -> None:
    proposed(real, titled("新"))
    form = at_desk(FANG).get(f"{PAGE}/1").form(action=f"{PAGE}/1/approve")
    desk = at_desk(ADMIN)
    page = desk.get(f"{PAGE}/1")
    assert [f.action for f in page.forms if PAGE in f.action] == [f"{PAGE}/1/withdraw"]
    form.fields["csrf_token"] = page.forms[0].fields["csrf_token"]

    page = desk.send(form)

    assert desk.status == 403
    assert "不能由本人决定" in page.text
    assert real.proposal(1).open


@pytest.mark.parametrize("reader", [DU, AUDITOR])
def test_who_watches_finds_no_form_and_is_told_who_may(at_desk: AtDesk, real: Engine, reader: str) -> None:
    proposed(real, titled("新"))

    page = at_desk(reader).get(f"{PAGE}/1")

    assert [f.action for f in page.forms if PAGE in f.action] == []
    assert "方正" in page.text


def test_a_rejection_takes_a_reason_and_keeps_what_was_typed(at_desk: AtDesk, real: Engine) -> None:
    proposed(real, titled("新"))
    desk = at_desk(FANG)
    form = desk.get(f"{PAGE}/1").form(action=f"{PAGE}/1/reject")

    desk.send(form, reason="  ")
    assert desk.status == 422
    page = desk.send(form, reason="长" * 501)
    assert desk.status == 422
    assert page.form(action=f"{PAGE}/1/reject").one("reason") == "长" * 501
    page = desk.send(form, reason="依据不足")

    assert desk.status == 200
    assert "依据不足" in page.text
    assert real.proposal(1).outcome == "rejected"


def test_the_proposer_takes_it_back(at_desk: AtDesk, real: Engine) -> None:
    proposed(real, titled("新"))
    desk = at_desk(ADMIN)

    page = desk.send(desk.get(f"{PAGE}/1").form(action=f"{PAGE}/1/withdraw"))

    assert "已撤回" in page.text
    assert real.proposal(1).outcome == "withdrawn"


def test_what_came_into_force_after_the_page_was_opened_is_shown_before_it_can_be_approved(
    at_desk: AtDesk, real: Engine
) -> None:
    proposed(real, titled("甲"))
    desk = at_desk(FANG)
    form = desk.get(f"{PAGE}/1").form(action=f"{PAGE}/1/approve")
    approved(real, proposed(real, titled("乙", LATE_ENTRY), by=WEI))

    page = desk.send(form)
    assert desk.status == 409
    assert "提请之后又启用了" in page.text
    page = desk.send(page.form(action=f"{PAGE}/1/approve"))

    assert desk.status == 200
    assert real.proposal(1).outcome == "approved"


def test_a_decision_somebody_else_made_meanwhile_is_told(at_desk: AtDesk, real: Engine) -> None:
    number = proposed(real, titled("新"))
    desk = at_desk(FANG)
    form = desk.get(f"{PAGE}/1").form(action=f"{PAGE}/1/approve")
    approved(real, number, WEI)

    page = desk.send(form)

    assert desk.status == 409
    assert "魏托" in page.text


def test_what_is_coming_is_told_with_its_day(at_desk: AtDesk, real: Engine) -> None:
    approved(real, proposed(real, titled("新"), "2026-06-01"))

    page = at_desk(DU).get(PAGE)

    assert "待生效" in page.text
    assert "自2026年6月1日起" in page.text
    assert "2026年6月1日起由另一版本取代" in page.text


def test_a_post_without_its_token_is_refused(at_desk: AtDesk, real: Engine) -> None:
    proposed(real, titled("新"))
    desk = at_desk(FANG)
    for what in ("approve", "reject", "withdraw"):
        assert desk.client.post(f"{PAGE}/1/{what}", data={"reason": "x"}).status_code == 400
    assert real.proposal(1).open


def test_there_is_no_page_of_an_unknown_proposal(at_desk: AtDesk) -> None:
    desk = at_desk(FANG)
    desk.get(f"{PAGE}/7")
    assert desk.status == 404


def test_in_english_it_says_the_same(at_desk: AtDesk, real: Engine) -> None:
    real.propose({**titled("新"), **titled("新", LATE_ENTRY)}, ADMIN, date(2026, 6, 1))
    desk = at_desk(FANG)
    desk.send(desk.get("/").form(action="/language"))

    page = desk.get(PAGE)
    assert "Open proposals" in page.text
    assert "from 1 Jun 2026" in page.text
    assert EXTENSION not in page.text
    assert "Approve" in desk.get(f"{PAGE}/1").text
