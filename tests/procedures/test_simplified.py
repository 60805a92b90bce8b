"""The simplified track: a sole arbitrator, simple service that must be proved, a shorter time to answer, no new clock."""

from __future__ import annotations

from tests.builders import PaperStory, Story
from tests.cast import CLAIMANT, FANG, FIRST_RESPONDENT, HE, JIA, LIN, SIGNERS, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.counting import due
from tests.procedures.way import Form, archive, close, propose_simplified, serve_award

PARTIES = (CLAIMANT, FIRST_RESPONDENT)
HELD: Form = {"files": ["hearing_record"], "conciliation_result": "declined"}


def before_jia(story: Story, ground: str = "clear") -> None:
    """Bring a simplified case before its sole arbitrator on Wednesday 4 March."""
    story.open(parties=PARTIES)
    propose_simplified(story, ground)
    story.clock.reach("2026-03-03")
    story.do("accept", FANG, secretary_named=ZHOU)
    story.clock.reach("2026-03-04")
    story.do("form_tribunal", HE, tribunal_named=JIA)


def notified_simply(story: Story) -> None:
    """Serve by phone, have the time to answer dropped, and set the hearing of 13 March by text message."""
    story.do("send_simply", ZHOU, simple_method="phone")
    story.do("confirm_receipt", ZHOU, files=["proof_of_receipt"])
    story.do("drop_period", ZHOU, files=["agreement"])
    story.do(
        "schedule_hearing", ZHOU, hearing_on="2026-03-13", hearing_place="第二庭", hearing_mode="online",
        notice_method="simple",
    )  # fmt: skip


def test_a_simplified_case_goes_from_filing_to_archive_in_three_weeks(story: OfficeStory) -> None:
    before_jia(story)
    assert story.engine.case_line(story.number).target_due.isoformat() == "2026-03-23"  # type: ignore[union-attr]
    notified_simply(story)
    assert [m.outcome for m in story.case.matters_of("service")] == ["waived"]
    story.clock.set("2026-03-13 15:00")
    story.do("hold_hearing", JIA, hearing_outcome="heard", **HELD)
    story.do("deliberate", JIA, opinion="支持工资差额", drafter_named=JIA)
    story.do("submit_draft", JIA, files=["draft"])
    story.clock.set("2026-03-17")
    for person in SIGNERS:
        story.do("sign", person)
    story.do("issue_award", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1号")
    serve_award(story)
    close(story)
    archive(story)

    assert (story.state, story.case.main.facts["track"]) == ("archived", "simplified")
    assert story.event("issue_award").on.isoformat() == "2026-03-17"
    assert_whole(story.engine, story.number)


def test_what_was_sent_simply_counts_only_with_proof_and_nobody_loses_by_it(story: OfficeStory) -> None:
    before_jia(story)
    story.do("send_simply", ZHOU, simple_method="message")
    hearing: Form = {"hearing_on": "2026-03-27", "hearing_place": "第二庭"}
    assert story.refused("schedule_hearing", ZHOU, **hearing).code == "guard", "nothing has been served yet"
    story.do("serve_formally", ZHOU, attempt="短信无回复")
    story.do("serve", ZHOU, matter="service", files=["proof_of_service"], service_method="personal")
    story.do("cut_period", ZHOU, files=["agreement"], answer_by="2026-03-09")
    story.clock.set("2026-03-10")
    story.do("record_no_answer", ZHOU)
    story.do("schedule_hearing", ZHOU, notice_method="simple", **hearing)
    story.clock.set("2026-03-27 15:00")

    default = story.refused("hold_hearing", JIA, files=["hearing_record"], hearing_outcome="default")
    withdrawn = story.refused("deem_withdrawn", JIA, reason="申请人未到庭")

    assert ("没有收到通知的证明" in default.reason.zh, "proof of receipt" in withdrawn.reason.en) == (
        True,
        True,
    )
    story.do("confirm_notice", ZHOU, files=["proof_of_receipt"])
    story.do("hold_hearing", JIA, files=["hearing_record"], hearing_outcome="default")
    assert story.state == "deliberation"
    assert_whole(story.engine, story.number)


def test_what_bars_simplified_handling_is_looked_for_before_it_is_proposed() -> None:
    case = PaperStory()
    case.open(parties=PARTIES)
    facts: Form = {"claim_amount": "3000", "simple_ground": "small_amount"}

    for bar in ("public_interest", "social_effect", "whereabouts", "objected"):
        assert case.refused("propose_simplified", LIN, simple_barred=bar, **facts).code == "guard"
    case.do("propose_simplified", LIN, simple_barred="none", **facts)

    assert case.case.main.facts["track"] == "simplified"


def test_simple_service_and_a_shorter_time_to_answer_are_for_simplified_cases_alone() -> None:
    case = PaperStory()
    case.open(parties=PARTIES)
    case.do("propose", LIN, claim_amount="3000")
    case.do("accept", FANG, secretary_named=ZHOU)
    assert case.refused("send_simply", ZHOU, simple_method="fax").code == "guard"
    case.do("serve", ZHOU, files=["proof_of_service"], service_method="post")
    assert case.refused("drop_period", ZHOU, files=["agreement"]).code == "guard"
    assert case.refused("cut_period", ZHOU, files=["agreement"], answer_by="2026-03-09").code == "guard"

    # Both agree: from now on it is one, and the award period goes on.
    case.do("turn_simplified", FANG, files=["agreement"], simple_barred="none")
    case.do("drop_period", ZHOU, files=["agreement"])

    assert (case.matter("service").outcome, due(case)) == ("waived", "2026-04-16")


def test_a_simplified_case_has_one_arbitrator_until_it_is_turned_and_turning_comes_before_expiry() -> None:
    case = PaperStory()
    before_jia(case)
    three: Form = {"tribunal_named": "jia yi bing", "presiding_named": YI, "reason": "案情复杂"}
    assert case.refused("replace_tribunal", HE, **three).code == "guard"
    case.clock.set("2026-04-20")
    late = case.refused("turn_ordinary", JIA, files=["order"], reason="案情复杂")
    assert (late.code, late.fact) == ("TERM_OVER", "2026-04-17")

    case.clock.set("2026-04-17")
    case.do("turn_ordinary", JIA, files=["order"], reason="案情复杂")
    case.do("replace_tribunal", HE, **three)

    assert due(case) == "2026-04-17", "the clock goes on from the acceptance"
