"""Acting through forms: done once, refused with reasons, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from engine.api import Conflict, Engine, StoreAway, Text
from tests.builders import Clock
from tests.cast import BING, FANG, HE, JIA, LIN, NING, TANG, WEI, WU, YI, ZHOU
from tests.web.conftest import FILED, FORMED, HEARD, PROPOSED, READY, REVIEWED, AtDesk, number

Address = Callable[..., str]


def moves(engine: Engine, n: int, move: str) -> int:
    """How often this move was recorded on the n-th case."""
    return sum(event.move == move for event in engine.history(number(n)))


def test_an_act_leads_back_to_the_case_and_says_what_was_done_and_what_comes_next(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(PROPOSED)).form(move="accept")
    desk.send(form, follow=False, fact__accept__secretary_named=ZHOU)
    assert desk.status == 303
    page = desk.get(desk.answer.location)
    assert "已办理：批准受理。下一步：已受理待组庭，由科室负责人办理。" in page.text
    assert "已受理待组庭" in page.text


def test_a_form_sent_twice_is_one_act(at_desk: AtDesk, address: Address, engine: Engine) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(PROPOSED)).form(move="accept")
    desk.send(form, fact__accept__secretary_named=ZHOU)
    page = desk.send(form, fact__accept__secretary_named=ZHOU)
    assert desk.status == 200
    assert "“批准受理”此前已办理，没有重复记录。" in page.text
    assert moves(engine, PROPOSED, "accept") == 1


def test_a_form_sent_again_with_other_words_is_told_so_and_records_nothing(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(PROPOSED)).form(move="accept")
    desk.send(form, fact__accept__secretary_named=ZHOU)
    page = desk.send(form, fact__accept__secretary_named=WU)
    assert desk.status == 409
    assert "这份表单已经提交过" in page.text
    assert moves(engine, PROPOSED, "accept") == 1


def test_a_stale_form_gets_a_page_that_says_who_acted_when_and_keeps_what_was_typed(
    at_desk: AtDesk, address: Address, clock: Clock, engine: Engine
) -> None:
    late, early = at_desk(WEI), at_desk(FANG)
    stale = late.get(address(PROPOSED)).form(move="send_back")
    fresh = early.get(address(PROPOSED)).form(move="accept")
    clock.ahead(minutes=2)
    early.send(fresh, fact__accept__secretary_named=ZHOU)
    page = late.send(stale, fact__send_back__reason="请补充劳动合同复印件")
    assert late.status == 409
    assert page.title.startswith("错误：")
    assert "方正已于2026-03-26 10:32" in page.text or "方正已于2026年3月26日 10:32" in page.text
    assert "批准受理" in page.text
    assert "请补充劳动合同复印件" in page.text
    assert moves(engine, PROPOSED, "send_back") == 0


def test_a_stale_form_of_a_matter_nobody_has_moved_is_told_so_too(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="serve")

    page = desk.send(form, seen="0", fact__serve__service_method="personal")

    assert desk.status == 409
    assert "已有变动，您看到的页面已过时" in page.text


def test_a_date_that_does_not_exist_is_given_back_as_typed_with_everything_else(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(JIA)
    form = desk.get(address(REVIEWED)).form(move="request_extension")
    page = desk.send(
        form, fact__request_extension__extension_ground="evidence", fact__request_extension__work_done="已开庭",
        fact__request_extension__reason="须等待鉴定意见", fact__request_extension__days_asked="10",
        fact__request_extension__work_left="质证", fact__request_extension__closing_planned_on="2026-02-30",
    )  # fmt: skip
    assert desk.status == 422
    assert page.title.startswith("错误：")
    form = page.form(move="request_extension")
    assert form.one("fact.request_extension.reason") == "须等待鉴定意见"
    assert form.one("fact.request_extension.closing_planned_on") == "2026-02-30"
    anchor = re.search(r'<div class="trouble" role="alert".*?href="#([^"]+)"', page.html, re.DOTALL)
    assert anchor
    assert f'id="{anchor[1]}"' in page.html
    assert re.search(rf'id="{anchor[1]}"[^>]*aria-invalid="true"', page.html)


@pytest.mark.parametrize(
    ("on", "why"),
    [("2026-02-30", "不是真实存在的日期"), ("2026-03-27", "晚于今天"), ("2026-03-01", "早于")],
)
def test_an_act_cannot_be_dated_on_no_day_tomorrow_or_before_its_state(
    at_desk: AtDesk, address: Address, on: str, why: str
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="hand_over")
    page = desk.send(form, on=on, fact__hand_over__secretary_named=WU, fact__hand_over__reason="轮岗交接工作")
    assert desk.status == 422
    assert why in page.text
    form = page.form(move="hand_over")
    assert form.one("on") == on
    assert form.one("fact.hand_over.reason") == "轮岗交接工作"
    assert form.one("fact.hand_over.secretary_named") == WU


def test_an_act_of_an_earlier_day_is_recorded_as_entered_late(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(READY)).form(move="hand_over")
    page = desk.send(
        form, on="2026-03-25", fact__hand_over__secretary_named=WU, fact__hand_over__reason="轮岗交接"
    )
    assert desk.status == 200
    assert "补录：生效日期为 2026年3月25日" in page.text


def test_a_missing_field_is_named_and_what_it_takes_is_said(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(FANG)
    page = desk.send(desk.get(address(PROPOSED)).form(move="accept"))
    assert desk.status == 422
    assert "请填写“指定秘书”" in page.text


def test_moves_that_are_not_possible_stand_there_with_the_reason_and_without_a_form(
    at_desk: AtDesk, address: Address
) -> None:
    page = at_desk(ZHOU).get(address(FORMED))
    assert not page.offers("schedule_hearing")
    assert "确定开庭日期" in page.text
    assert "尚有被申请人未完成送达与答辩" in page.text
    page = at_desk(LIN).get(address(PROPOSED))
    assert not page.offers("accept")
    assert "“批准受理”由主任或仲裁院负责人（受委托）" in page.text
    assert "请转有权人员办理" in page.text


def test_a_form_made_by_hand_for_a_move_of_others_is_refused_naming_who_may(
    at_desk: AtDesk, address: Address, engine: Engine
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(PROPOSED)).form(action="/language")
    form.action = address(PROPOSED) + "/acts"
    page = desk.send(form, move="accept", matter="1", fact__accept__secretary_named=ZHOU)
    assert desk.status == 403
    assert "方正" in page.text
    assert moves(engine, PROPOSED, "accept") == 0


def test_a_move_nobody_knows_is_refused_politely(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(PROPOSED)).form(action="/language")
    form.action = address(PROPOSED) + "/acts"
    desk.send(form, move="fly", matter="1", seen="x", on="")
    assert desk.status == 422


def test_several_persons_are_chosen_by_boxes(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(HE)
    form = desk.get(address(FORMED)).form(move="replace_tribunal")
    page = desk.send(
        form,
        fact__replace_tribunal__tribunal_named=[JIA, YI, BING],
        fact__replace_tribunal__reason="一人调离",
    )
    assert desk.status == 200
    assert "贾仲言、易仲行、邴仲思" in page.text
    form = page.form(move="replace_tribunal")
    page = desk.send(form, fact__replace_tribunal__tribunal_named=[JIA, YI])
    assert desk.status == 422
    assert page.form(move="replace_tribunal").fields["fact.replace_tribunal.tribunal_named"] == [JIA, YI]


def test_an_amount_is_taken_with_commas_and_refused_as_words(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(LIN)
    form = desk.get(address(FILED)).form(move="propose")
    page = desk.send(form, fact__propose__claim_amount="一万二")
    assert desk.status == 422
    assert page.form(move="propose").one("fact.propose.claim_amount") == "一万二"
    page = desk.send(page.form(move="propose"), fact__propose__claim_amount="12,000.50")
    assert "12,000.50" in page.text
    assert desk.status == 200


# --- signing ----------------------------------------------------------------------------------------------


def test_a_level_is_signed_on_its_page_with_an_opinion_and_the_next_level_is_awaited(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(TANG)
    page = desk.get(address(REVIEWED, "award_review"))
    assert "沈一阅" in page.text
    form = page.form(move="sign")
    page = desk.send(form, move="sign", text="说理充分，同意")
    assert "四级核阅" not in page.text.split("逐级核阅")[0], "one of three does not decide"
    assert "说理充分，同意" in page.text
    desk = at_desk(NING)
    form = desk.get(address(REVIEWED, "award_review")).form(move="sign")
    page = desk.send(form, move="sign", text="同意")
    assert "已办理：核阅通过并签署。下一步：四级核阅" in page.text
    assert "说理充分，同意" in page.text
    assert re.search(r'level-current" aria-current="step">.*?四级核阅', page.html, re.DOTALL)


def test_returning_needs_a_comment_and_keeps_what_is_there(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(TANG)
    form = desk.get(address(REVIEWED, "award_review")).form(move="return")
    page = desk.send(form, move="return", text="")
    assert desk.status == 422
    assert "请填写“退回意见”" in page.text
    page = desk.send(page.form(move="return"), move="return", text="举证责任论证不足")
    assert desk.status == 422
    assert "请填写“意见性质”" in page.text
    form = page.form(move="return")
    assert form.one("text") == "举证责任论证不足"
    page = desk.send(form, move="return", fact__return__comment_kind="substance")
    assert desk.status == 200
    desk = at_desk(NING)
    form = desk.get(address(REVIEWED, "award_review")).form(move="return")
    page = desk.send(form, move="return", text="主文漏项", fact__return__comment_kind="form")
    assert "已退回，待仲裁庭答复并修改" in page.text
    assert "意见与答复" in page.text
    assert page.text.count("举证责任论证不足") >= 2, "in the history, and with the answer that it waits for"


def test_a_level_signed_by_a_colleague_meanwhile_is_told_on_the_matter_page(
    at_desk: AtDesk, address: Address
) -> None:
    one, other = at_desk(TANG), at_desk("lu")
    place = address(REVIEWED, "award_review")
    forms = [desk.get(place).form(move="sign") for desk in (one, other)]
    one.send(forms[0], move="sign")
    page = other.send(forms[1], move="sign", text="同意四项请求")
    assert other.status == 409
    assert "唐三阅" in page.text
    assert "同意四项请求" in page.text


# --- documents --------------------------------------------------------------------------------------------


def test_a_document_is_handed_in_and_can_be_opened(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    place = address(FORMED, "service")
    form = desk.get(place).form(move="serve")
    assert form.files == ["file.serve.proof_of_service"]
    paper = ("扫描/送达回证.pdf", b"%PDF-1.4 proof")
    page = desk.send(form, fact__serve__service_method="post", files={"file.serve.proof_of_service": paper})
    assert desk.status == 200
    assert "答辩期内" in page.text
    assert "送达回证.pdf" in page.text
    assert "扫描" not in page.text
    answer = desk.client.get(page.link("/documents/"))
    assert answer.data == b"%PDF-1.4 proof"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_document_that_only_claims_to_be_harmless_is_saved_not_shown(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED, "service")).form(move="serve")
    paper = ("送达.pdf", b"<script>alert(1)</script>")
    page = desk.send(form, fact__serve__service_method="post", files={"file.serve.proof_of_service": paper})
    answer = desk.client.get(page.link("/documents/"))
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_missing_document_is_named(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED, "service")).form(move="serve")
    page = desk.send(form, fact__serve__service_method="post")
    assert desk.status == 422
    assert "缺少文书“送达回证”" in page.text
    assert page.form(move="serve").fields["fact.serve.service_method"] == ["post"]


def test_a_file_that_is_too_large_gets_a_page_that_says_so(
    at_desk: AtDesk, address: Address, app: Flask
) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 21 * 1024 * 1024
    app.config["MAX_CONTENT_LENGTH"] = 2000
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED, "service")).form(move="serve")
    page = desk.send(form, files={"file.serve.proof_of_service": ("大.pdf", b"%PDF-" + b"0" * 3000)})
    assert desk.status == 413
    assert "20 MB" in page.text


@pytest.mark.parametrize("digest", ["0" * 64, "nothing"])
def test_a_document_the_case_does_not_have_is_not_found(
    at_desk: AtDesk, address: Address, digest: str
) -> None:
    desk = at_desk(ZHOU)
    desk.get(f"{address(FORMED)}/documents/{digest}")
    assert desk.status == 404


# --- the extension ----------------------------------------------------------------------------------------


def test_an_extension_is_decided_with_the_request_and_the_clock_in_sight(
    at_desk: AtDesk, address: Address
) -> None:
    desk = at_desk(FANG)
    place = address(HEARD, "extension")
    page = desk.get(place)
    assert "须核对三年工资台账" in page.text
    assert "15" in page.text
    assert "现届满日 2026年4月17日" in page.text
    assert "如予批准 2026年5月6日" in page.text
    order = {"file.grant.order": ("决定书.pdf", b"%PDF-1.4 order")}
    page = desk.send(page.form(move="grant"), fact__grant__days_granted="15", files=order)
    assert "已批准待告知当事人" in page.text
    assert "延期15日" in desk.get(address(HEARD)).text
    assert "2026年5月6日" in desk.page.text


def test_an_extension_over_the_cap_is_refused_with_the_reason(at_desk: AtDesk, address: Address) -> None:
    desk = at_desk(FANG)
    form = desk.get(address(HEARD, "extension")).form(move="grant")
    order = {"file.grant.order": ("决定书.pdf", b"%PDF-1.4 order")}
    page = desk.send(form, fact__grant__days_granted="16", files=order)
    assert desk.status == 422
    assert "上限" in page.text
    assert page.form(move="grant").one("fact.grant.days_granted") == "16"


# --- when something is broken -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["/cases/nobody-knows", "/cases/nobody-knows/count", "/cases/x/matters/2", "/nowhere"]
)
def test_what_is_not_there_gets_a_page_that_says_so(at_desk: AtDesk, place: str) -> None:
    desk = at_desk(ZHOU)
    page = desk.get(place)
    assert desk.status == 404
    assert "没有找到" in page.title


@pytest.mark.parametrize("matter", ["1", "99"])
def test_a_matter_the_case_does_not_have_is_not_found(at_desk: AtDesk, address: Address, matter: str) -> None:
    desk = at_desk(ZHOU)
    desk.get(f"{address(FORMED)}/matters/{matter}")
    assert desk.status == 404


def test_a_database_that_is_away_is_told_with_what_was_typed_and_when_to_try_again(
    at_desk: AtDesk, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="hand_over")

    def away(*_: object, **__: object) -> None:
        raise StoreAway(Text("数据库不可用", "away"))

    for method in ("act", "person", "rules", "cases"):
        monkeypatch.setattr(Engine, method, away)
    page = desk.send(form, fact__hand_over__reason="因产假移交本案，材料齐全")
    assert desk.status == 503
    assert desk.answer.headers["Retry-After"] == "5"
    assert "因产假移交本案，材料齐全" in page.text
    desk.get("/cases")
    assert desk.status == 503


def test_who_is_overtaken_on_a_case_is_told_so_and_led_to_it(
    at_desk: AtDesk, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk(ZHOU)
    form = desk.get(address(FORMED)).form(move="hand_over")

    def conflict(*_: object, **__: object) -> None:
        raise Conflict(Text("冲突", "conflict"))

    monkeypatch.setattr(Engine, "act", conflict)
    page = desk.send(form, fact__hand_over__reason="因产假移交本案")
    assert desk.status == 409
    assert "没有记录任何内容" in page.text
    assert address(FORMED) in page.links


def test_a_fault_of_ours_shows_no_traceback(at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = at_desk(ZHOU)
    desk.client.application.testing = False

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(Engine, "cases", broken)
    page = desk.get("/cases")
    assert desk.status == 500
    assert "出现故障" in page.title
    assert "secret" not in page.html
    assert "Traceback" not in page.html


def test_who_may_sign_and_name_a_stand_in_has_a_form_for_each(at_desk: AtDesk, address: Address) -> None:
    for person in (TANG, NING):
        desk = at_desk(person)
        desk.send(desk.get(address(REVIEWED, "award_review")).form(move="sign"), move="sign", text="同意")
    desk = at_desk("song")
    desk.send(desk.get(address(REVIEWED, "award_review")).form(move="sign"), move="sign", text="同意")

    page = at_desk(FANG).get(address(REVIEWED, "award_review"))

    assert page.form(move="sign") is not None
    assert "也可以办理" in page.text
    assert page.form(move="name_stand_in").fields
