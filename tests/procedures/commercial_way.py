"""The way of a commercial case from filing to archive, ordinary or summary, on paper or through the Engine."""

from __future__ import annotations

from tests.builders import Story, a_file
from tests.cast import BING, DAI, FANG, HE, JIA, PARTIES, SIGNERS, YI, ZHOU
from tests.procedures.way import KEPT, Form, hand_in, sign

ACCEPTED: Form = {"secretary_named": ZHOU, "agreement_valid": "yes", "law_version": "al25"}
"""What is decided when a commercial case is accepted."""


def filed(story: Story, procedure: str = "commercial", amount: str = "5000000", **facts: str) -> None:
    """Open a commercial case with two respondents."""
    story.open_under(procedure, parties=PARTIES, claim_amount=amount, **facts)


def accept(story: Story, **facts: str) -> None:
    """Accept the case; every respondent is served and silent."""
    story.do("accept", FANG, **{**ACCEPTED, **facts})
    notify(story)


def notify(story: Story) -> None:
    """Serve the notice on every respondent, none of whom answers."""
    for matter in story.case.matters_of("service"):
        story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="agreed")
        story.do("record_no_answer", ZHOU, matter=matter)


def choose(story: Story) -> None:
    """Let both sides choose their arbitrators, and the presiding one together."""
    for move, person in (("claimant_chooses", JIA), ("respondent_chooses", YI), ("presiding_agreed", BING)):
        story.do(move, ZHOU, arbitrator_named=person)


def form(story: Story) -> None:
    """Form the tribunal; each of them makes the statement."""
    story.do("form_tribunal", HE, tribunal_named=f"{JIA} {YI} {BING}")
    disclose(story, JIA, YI, BING)


def disclose(story: Story, *arbitrators: str) -> None:
    """Let each of *arbitrators* state that there is nothing to disclose."""
    for person in arbitrators:
        story.do("disclose", person, files=["statement_letter"], statement="nothing")


def hear(story: Story, on: str, scheduled: str | None = None) -> None:
    """Schedule a hearing on that day and hold it."""
    if scheduled:
        story.clock.reach(scheduled)
    story.do("schedule_hearing", ZHOU, hearing_on=on, hearing_place="第一庭")
    story.clock.reach(f"{on} 10:00")
    story.do("hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard")


def deliberate(story: Story) -> None:
    """The tribunal deliberates, and YI is to draft."""
    story.do("deliberate", JIA, opinion="支持主要请求", decided_by="majority", drafter_named=YI)


def review(story: Story, drafter: str = YI) -> None:
    """Hand in the draft, and let every level sign."""
    story.do("submit_draft", drafter, files=[a_file("draft", "裁决书第一稿")])
    sign(story, *SIGNERS)


def sign_award(story: Story) -> None:
    """Two of the three arbitrators sign the award."""
    for person in (JIA, YI):
        story.do("sign_award", person)


def issue(story: Story) -> None:
    """Seal and issue the award, and serve it on every party."""
    story.do("issue_award", ZHOU, files=["award"], award_number="双商仲裁〔2026〕1号")
    serve_award(story)


def serve_award(story: Story, kind: str = "award_service") -> None:
    """Serve the award on whoever has not received it."""
    for matter in story.case.matters_of(kind):
        if matter.open:
            story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="agreed")


def archive(story: Story) -> None:
    """Close the case and bring its file to the archive."""
    story.do("close", ZHOU)
    hand_in(story)
    story.do("archive", DAI, **KEPT)
