"""Service by certified staff: personal, by post, electronic, by a delegate, posted up, published; and the award's own."""

from __future__ import annotations

import pytest

from tests.builders import day
from tests.cast import FANG, WEI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.counting import terms_of
from tests.procedures.way import Form, a_case, bring_to, serve

PROOF: Form = {"files": ["proof_of_service"]}


def test_an_application_that_a_delegate_cannot_serve_is_published_and_the_case_goes_on(
    story: OfficeStory,
) -> None:
    story.given("tribunal_formed")
    first, second = story.case.matters_of("service")
    story.clock.set("2026-03-05")
    story.do("entrust", ZHOU, matter=first, files=["letter"], entrusted_to="邻县劳动人事争议仲裁委员会")
    story.do("post_up", ZHOU, matter=second, files=["record"])
    story.clock.set("2026-03-11")
    story.do("deem_served", ZHOU, matter=second, on="2026-03-10", **PROOF)
    story.do("take_back_service", ZHOU, matter=first, attempt="原址无人")
    story.do("record_attempt", ZHOU, matter=first, attempt="电话不通，登记住所无人")
    story.do(
        "publish", WEI, matter=first, files=["announcement"], publication_days="30", publication_ground="unknown"
    )  # fmt: skip
    story.clock.set("2026-04-13")
    story.do("deem_published", ZHOU, matter=first, on="2026-04-10", **PROOF)
    story.clock.set("2026-04-27")
    for matter in story.case.matters_of("service"):
        story.do("record_no_answer", ZHOU, matter=matter)

    assert [m.outcome for m in story.case.matters_of("service")] == ["no_answer", "no_answer"]
    assert story.engine.case_line(story.number).due == day("2026-05-18"), (
        "30 days of publication are not counted"
    )
    assert_whole(story.engine, story.number)


def test_nobody_serves_without_the_certificate_and_nothing_goes_wrong_silently(story: OfficeStory) -> None:
    story.given("tribunal_formed")
    matter = story.matter("service", 0)
    story.do("hand_over", ZHOU, secretary_named="wu", reason="调岗")
    story.engine.staff.end("wu", "service_officer", "main", day("2026-03-03"))
    refusal = story.refused("serve", "wu", matter=matter, service_method="post", **PROOF)
    assert (refusal.code, refusal.fact) == ("role_missing", "service_officer")

    story.do("hand_over", "wu", secretary_named=ZHOU, reason="未取得送达证")
    delegated = story.refused("serve", ZHOU, matter=matter, service_method="delegated", **PROOF)
    assert delegated.code == "guard"
    assert not hasattr(serve(story, matter), "code")

    assert story.matter("service", 0).state == "answer_awaited"
    assert_whole(story.engine, story.number)


@pytest.mark.parametrize("method", ["personal", "post", "electronic"])
def test_each_way_of_direct_service_begins_the_time_to_answer(method: str) -> None:
    case = a_case("tribunal_formed")
    case.clock.set("2026-03-05")

    case.do("serve", ZHOU, matter=case.matter("service", 0), service_method=method, **PROOF)

    assert terms_of(case, case.matter("service", 0))["10 work days", "办案规则第33条"] == day("2026-03-19")


def test_an_award_reaches_each_party_in_another_way_and_each_window_opens_by_itself(
    story: OfficeStory,
) -> None:
    story.given("award_issued")
    one, two, three = story.case.matters_of("award_service")
    story.do("serve", ZHOU, matter=one, service_method="electronic", **PROOF)
    story.do("entrust", ZHOU, matter=two, files=["letter"], entrusted_to="邻县仲裁委员会")
    story.do("publish", FANG, matter=three, files=["announcement"], publication_ground="failed")
    story.clock.set("2026-04-02")
    story.do("serve_by_delegate", ZHOU, matter=two, on="2026-04-01", **PROOF)
    story.clock.set("2026-04-09")
    story.do("found", ZHOU, matter=three, service_method="personal", **PROOF)

    assert story.state == "concluded"
    served = [m.facts["served_on"] for m in story.case.matters_of("award_service")]
    assert served == [day("2026-03-25"), day("2026-04-01"), day("2026-04-09")]
    assert_whole(story.engine, story.number)


def test_a_published_award_is_deemed_served_after_its_days_and_blocks_the_close_till_then(
    story: OfficeStory,
) -> None:
    story.given("award_issued")
    matters = story.case.matters_of("award_service")
    story.do("publish_abroad", FANG, matter=matters[0], files=["announcement"], publication_ground="unknown")
    for matter in matters[1:]:
        story.do("serve", ZHOU, matter=matter, service_method="post", **PROOF)
    assert story.state == "award_issued"
    early = story.refused("deem_published", ZHOU, matter=matters[0], **PROOF)
    assert (early.code, early.fact) == ("too_early", "2026-05-24"), "sixty days from 25 March"
    story.clock.set("2026-06-01")
    story.sweep()
    assert ("S1", day("2026-05-24")) in story.rungs()

    story.do("deem_published", ZHOU, matter=matters[0], on="2026-05-24", **PROOF)

    assert story.state == "concluded"
    bring_to(story, "closed")
    assert_whole(story.engine, story.number)
