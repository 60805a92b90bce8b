"""Cases whose reminders fail: shown to supervisors and administrators, who take them up again by one button."""

from __future__ import annotations

from datetime import timedelta

from engine.api import Engine
from engine.service.setting_back import PAUSES
from tests.builders import Clock
from tests.cast import ADMIN, DU, ZHOU
from tests.office import tamper
from tests.web.conftest import HEARD, AtDesk, number

TAKEN = (
    "INSERT INTO events SELECT institution, case_id, {seq}, kind, recorded_at, hash, body FROM events "
    "WHERE seq = 1 AND case_id = :id"
)


def put_aside(engine: Engine, clock: Clock) -> str:
    """Let the reminders of a case fail until it is put aside: the place of its next event is taken."""
    with engine.office.reading() as unit:
        case = unit.cases.find(number(HEARD))
    tamper(engine.office.database, TAKEN.format(seq=case.version + 1), id=case.id)
    clock.set("2026-04-20")
    for pause in [timedelta(), *PAUSES]:
        clock.at += pause
        assert len(engine.sweep().failed) == 1
    return case.id


def mend(engine: Engine, case: str) -> None:
    with engine.office.reading() as unit:
        version = unit.cases.get(case).version
    tamper(engine.office.database, f"DELETE FROM events WHERE seq > {version} AND case_id = :id", id=case)


def test_a_supervisor_finds_them_from_the_ledger_and_takes_one_up_again(
    at_desk: AtDesk, engine: Engine, clock: Clock
) -> None:
    assert "均已按时发出" in at_desk(DU).get("/setbacks").text
    case = put_aside(engine, clock)
    desk = at_desk(DU)
    for address in ("/ledger", "/overdue"):
        assert "/setbacks" in desk.get(address).links

    page = desk.get("/setbacks")
    assert number(HEARD) in page.text
    assert "已搁置" in page.text

    page = desk.send(page.form(action="/setbacks"), case=case)
    assert "仍未成功" in page.text
    mend(engine, case)
    page = desk.send(page.form(action="/setbacks"), case=case)
    assert "补发提醒" in page.text
    assert "均已按时发出" in page.text
    assert engine.setbacks() == ()


def test_nobody_else_sees_them(at_desk: AtDesk, engine: Engine, clock: Clock) -> None:
    put_aside(engine, clock)

    supervisor, secretary = at_desk(DU), at_desk(ZHOU)
    secretary.get("/setbacks")
    assert secretary.status == 403
    assert "/setbacks" not in secretary.get("/overdue").links

    token = secretary.get("/inbox").form(action="/inbox/read").one("csrf_token")
    secretary.send(supervisor.get("/setbacks").form(action="/setbacks"), csrf_token=token, case="1")
    assert secretary.status == 403

    assert engine.setbacks()[0].put_aside
    administrator = at_desk(ADMIN)
    administrator.get("/setbacks")
    assert administrator.status == 200
