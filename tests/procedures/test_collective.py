"""The collective track: ten workers or a collective contract, representatives, one notice, conciliation first, three sit."""

from __future__ import annotations

from tests.builders import PaperStory, Story
from tests.cast import CLAIMANT, FANG, FIRST_RESPONDENT, HE, JIA, LIN, SIGNERS, YI, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import Form, answer, archive, close, propose_collective, serve, serve_award

PARTIES = (CLAIMANT, FIRST_RESPONDENT)
HELD: Form = {
    "files": ["hearing_record"],
    "hearing_outcome": "heard",
    "conciliation_result": "failed",
}


def accepted(story: Story) -> None:
    """Accept the collective dispute on Tuesday 3 March."""
    story.open(parties=PARTIES)
    propose_collective(story)
    story.clock.reach("2026-03-03")
    story.do("accept_collective", FANG, secretary_named=ZHOU)


def notified(story: Story) -> None:
    """Form the tribunal, set the hearing of 20 March at the workplace and give the one notice."""
    accepted(story)
    story.clock.reach("2026-03-04")
    story.do("form_tribunal", HE, tribunal_named="jia yi bing", presiding_named=JIA)
    story.do(
        "schedule_collective", ZHOU, evidence_deadline="2026-03-16", hearing_on="2026-03-20",
        hearing_place="双河甲纺织有限公司会议室", hearing_mode="workplace",
    )  # fmt: skip
    story.do("notify_once", ZHOU, files=["notice"])


def test_a_collective_dispute_goes_from_filing_to_archive(story: OfficeStory) -> None:
    notified(story)
    assert (story.case.main.facts["priority"], story.case.main.facts["hearing_mode"]) == (True, "workplace")
    serve(story, story.matter("service"))
    story.clock.set("2026-03-12")
    answer(story, story.matter("service"))
    story.do("conciliate_first", JIA, conciliation_note="代表人与公司协商两次")
    story.clock.set("2026-03-20 14:00")
    story.do("hold_hearing", JIA, **HELD)
    story.do(
        "deliberate", JIA, opinion="支持加班费", drafter_named=YI, opinion_formed="majority", minority_view="应部分驳回"
    )  # fmt: skip
    story.do("submit_draft", YI, files=["draft"])
    story.clock.set("2026-03-24")
    for person in SIGNERS:
        story.do("sign", person)
    story.do("issue_award", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1号")
    serve_award(story)
    close(story)
    archive(story)

    assert (story.state, story.case.main.facts["track"]) == ("archived", "collective")
    assert_whole(story.engine, story.number)


def test_a_collective_dispute_without_representatives_notice_or_conciliation_goes_no_further(
    story: OfficeStory,
) -> None:
    story.open(parties=PARTIES)
    facts: Form = {"claim_amount": "900000", "collective_ground": "ten_workers"}
    assert story.refused("propose_collective", LIN, worker_count="9", **facts).code == "guard"
    assert story.refused("propose_collective", LIN, worker_count="12", **facts).code == "guard"
    named: Form = {"worker_count": "12", "representatives": "王小禾、李田"}
    few = story.refused("propose_collective", LIN, representative_count="2", **named, **facts)
    assert few.code == "bad_fact"
    propose_collective(story)
    story.do("send_back", FANG, reason="补充代表人授权")
    propose_collective(story)
    assert story.refused("accept", FANG, secretary_named=ZHOU).code == "guard"
    story.do("accept_collective", FANG, secretary_named=ZHOU)
    assert story.refused("form_tribunal", HE, tribunal_named=JIA).code == "guard", "three sit"
    # Nobody gave the one notice within five work days of the acceptance.
    story.clock.set("2026-03-13")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.to_notify")] == ["S1", "S2", "S3"]
    story.do("form_tribunal", HE, tribunal_named="jia yi bing", presiding_named=JIA)
    story.do(
        "schedule_collective", ZHOU, evidence_deadline="2026-03-23", hearing_on="2026-03-27", hearing_place="第一庭"
    )  # fmt: skip
    story.do("notify_once", ZHOU, files=["notice"])
    serve(story, story.matter("service"))
    answer(story, story.matter("service"))
    story.clock.set("2026-03-27 14:00")

    assert "先行调解" in story.refused("hold_hearing", JIA, **HELD).reason.zh
    assert_whole(story.engine, story.number)


def test_a_dispute_on_a_collective_contract_needs_no_ten_workers() -> None:
    case = PaperStory()
    case.open(parties=PARTIES)
    case.do(
        "propose_collective", LIN, claim_amount="0", collective_ground="contract", worker_count="1",
        simple_ground="clear",
    )  # fmt: skip
    case.do("accept_collective", FANG, secretary_named=ZHOU)

    # Where the facts are clear it may be served the simple way as well.
    case.do("send_simply", ZHOU, simple_method="email")

    assert case.matter("service").state == "sent_simply"
