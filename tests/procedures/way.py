"""The way of a labour case from filing to archive, step by step, on paper or through the Engine.

Each step sets the clock no earlier than the day it has in the story below, so a test may start anywhere on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.model.answers import Refusal
from engine.model.case import Matter
from engine.model.events import Event
from engine.model.rules import Rules
from tests.builders import Answer, Clock, PaperStory, Story, a_file
from tests.cast import DAI, FANG, HE, JIA, LIN, SIGNERS, YI, ZHOU

Step = Callable[[Story], None]

Form = dict[str, Any]
"""What is typed into a form, to be given along with other things that an act takes."""


def propose(story: Story) -> None:
    story.do("propose", LIN, claim_amount="12000.50")


def accept(story: Story) -> None:
    story.clock.reach("2026-03-03")
    story.do("accept", FANG, secretary_named=ZHOU)


def form_tribunal(story: Story) -> None:
    story.clock.reach("2026-03-04")
    story.do("form_tribunal", HE, tribunal_named="jia yi bing", presiding_named=JIA)


def serve(story: Story, matter: Matter, by: str = ZHOU) -> Answer:
    """Ask for the papers of *matter* to be served by post."""
    return story.ask("serve", by, matter=matter, files=["proof_of_service"], service_method="post")


def answer(story: Story, matter: Matter) -> None:
    """Record the respondent's answer and serve it on the claimant; the respondent will bring nothing more."""
    story.do("record_answer", ZHOU, matter=matter, files=["answer"])
    story.do("forward_answer", ZHOU, matter=matter, files=["proof_of_service"], nothing_more="yes")


GROUND_ENDED = "鉴定意见已经作出"


def propose_suspension(
    story: Story, ground: str = "expert", by: str = ZHOU, *, on: str | None = None, **more: Any
) -> None:
    """Propose that the case be suspended, for the director or the delegated head to approve."""
    story.do("propose_suspension", by, on=on, ground=ground, reason="须等待有关结论", **more)


def suspend(
    story: Story, ground: str = "expert", by: str = FANG, *, on: str | None = None, override: str = "", **more: Any
) -> tuple[Event, ...]:  # fmt: skip
    """Propose a suspension and approve it."""
    propose_suspension(story, ground, on=on, **more)
    return story.do(
        "suspend", by, matter=story.matter("suspension"), on=on, files=["order"], override=override,
        ground=ground, **more,
    )  # fmt: skip


def resume(
    story: Story, ground: str = "expert", by: str = JIA, *, on: str | None = None
) -> tuple[Event, ...]:
    """Resume what was suspended on *ground*."""
    stopped = next(m for m in story.case.matters_of("suspension") if m.open and m.facts["ground"] == ground)
    return story.do("resume", by, matter=stopped, on=on, ended_because=GROUND_ENDED)


def exclude_time(story: Story, by: str = FANG, **facts: Any) -> tuple[Event, ...]:
    """Propose that time be excluded by law and approve it."""
    story.do("propose_exclusion", ZHOU, **facts)
    return story.do("exclude_time", by, matter=story.matter("exclusion"), files=["order"], **facts)


EXTENSION: Form = {
    "extension_ground": "complex_facts", "reason": "案情复杂", "work_done": "已开庭一次", "work_left": "合议",
    "closing_planned_on": "2026-04-30",
}  # fmt: skip
"""What is said when an extension is asked for, beside its length."""

CHECKED: Form = {"file_complete": "yes", "earlier_counted": "yes", "asked_in_time": "yes"}
"""What the secretary finds when checking a request for an extension."""


def request_extension(story: Story, days: str = "15", by: str = JIA) -> Answer:
    """Ask for an extension to be asked for."""
    return story.ask("request_extension", by, days_asked=days, **EXTENSION)


def ask_for_extension(story: Story, days: str = "15") -> None:
    """Bring an extension before whoever decides on it."""
    assert not isinstance(request_extension(story, days), Refusal)
    story.do("check", ZHOU, matter="extension", **CHECKED)
    story.do("support", HE, matter="extension")


def grant(story: Story, days: str = "15", by: str = FANG) -> None:
    """Grant the extension that waits for a decision."""
    story.do("grant", by, matter="extension", files=["order"], days_granted=days)


def serve_and_hear_answers(story: Story) -> None:
    """Serve every respondent; the first answers, the others do not."""
    for matter in story.case.matters_of("service"):
        if matter.state == "to_serve":
            story.clock.reach("2026-03-05")
            serve(story, matter)
    for number, matter in enumerate(story.case.matters_of("service")):
        story.clock.reach("2026-03-09")
        if number == 0:
            answer(story, matter)
        else:
            story.do("record_no_answer", ZHOU, matter=matter)


def schedule_hearing(story: Story) -> None:
    serve_and_hear_answers(story)
    story.do("schedule_hearing", ZHOU, hearing_on="2026-03-16", hearing_place="第一庭")


def hold_hearing(story: Story) -> None:
    story.clock.reach("2026-03-16 14:00")
    story.do(
        "hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )


def deliberate(story: Story) -> None:
    story.clock.reach("2026-03-18")
    story.do("deliberate", JIA, opinion="支持部分请求", drafter_named=YI)


def submit_draft(story: Story) -> None:
    story.clock.reach("2026-03-20")
    story.do("submit_draft", YI, files=[a_file("draft", "裁决书第一稿")])


def sign_every_level(story: Story) -> None:
    story.clock.reach("2026-03-23")
    sign(story, *SIGNERS)


def issue_award(story: Story) -> None:
    story.clock.reach("2026-03-25")
    story.do("issue_award", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1号")


def serve_award(story: Story) -> None:
    story.clock.reach("2026-03-27")
    for matter in story.case.matters_of("award_service"):
        if matter.open:
            story.do("serve", ZHOU, matter=matter, files=["proof_of_service"], service_method="personal")


def close(story: Story) -> None:
    story.clock.reach("2026-03-30")
    story.do("close", ZHOU)


KEPT: Form = {"volume": "2026-劳-001", "keep": "ten_years"}
"""Where the file goes, and for how long."""


def hand_in(story: Story) -> None:
    """Hand the file in to the archive, complete by the checklist."""
    complete: Form = dict.fromkeys(
        ("index_complete", "signatures_complete", "proofs_complete", "volumes_apart"), "yes"
    )
    story.do("hand_in", ZHOU, files=["index"], pages_main="120", pages_internal="30", **complete)


def archive(story: Story) -> None:
    story.clock.reach("2026-04-01")
    hand_in(story)
    story.do("archive", DAI, **KEPT)


WAY: dict[str, Step] = {
    "proposed": propose,
    "accepted": accept,
    "tribunal_formed": form_tribunal,
    "hearing_scheduled": schedule_hearing,
    "deliberation": hold_hearing,
    "drafting": deliberate,
    "under_review": submit_draft,
    "ready_to_issue": sign_every_level,
    "award_issued": issue_award,
    "concluded": serve_award,
    "closed": close,
    "archived": archive,
}
"""State -> the step that leads into it, in order."""


def send_back(story: Story, *reviewers: str, comment: str = "论证不足", kind: str = "substance") -> Event:
    """Let each of *reviewers* in turn vote to return the draft, and return the last vote."""
    for person in reviewers:
        (event, *_) = story.do("return", person, matter="award_review", comment=comment, comment_kind=kind)
    return event


def answer_comments(
    story: Story, by: str = YI, answer: str = "adopted", reason: str = "已采纳并修改"
) -> None:
    """Answer every open comment of the reviewers alike."""
    for comment in story.case.matters_of("review_comment"):
        if comment.open:
            story.do("answer_comment", by, matter=comment, answer=answer, answer_reason=reason)


def hand_in_again(story: Story, content: str, change: str = "content", by: str = YI) -> None:
    """Answer every comment and hand in a new draft, changed in its form alone or in its content."""
    answer_comments(story, by)
    story.do("resubmit", by, matter="award_review", files=[a_file("draft", content)], change=change)


def sign(story: Story, *reviewers: str) -> list[Event]:
    """Let each of *reviewers* sign the award's review in turn."""
    return [event for person in reviewers for event in story.do("sign", person, matter="award_review")]


def bring_to(story: Story, state: str) -> None:
    """Take the steps of the way from where the case stands until it is in *state*."""
    names = ["filed", *WAY]
    for name in names[names.index(story.state) + 1 : names.index(state) + 1]:
        WAY[name](story)
    assert story.state == state


def a_case(
    state: str = "filed",
    *,
    signed: Sequence[str] = (),
    rules: Rules | None = None,
    clock: Clock | None = None,
) -> PaperStory:
    """A case on paper that has come to *state*, its award's review signed by *signed*."""
    story = PaperStory(rules, clock)
    story.open()
    bring_to(story, state)
    sign(story, *signed)
    return story


def propose_collective(story: Story) -> None:
    """Propose that the dispute of twelve workers with five representatives be accepted."""
    story.do(
        "propose_collective", LIN, claim_amount="900000", collective_ground="ten_workers", worker_count="12",
        representatives="王小禾、李田、张亩", representative_count="3",
    )  # fmt: skip


def propose_simplified(story: Story, ground: str = "clear") -> None:
    """Propose that the case be accepted and handled the simplified way."""
    story.do("propose_simplified", LIN, claim_amount="3000", simple_ground=ground, simple_barred="none")
