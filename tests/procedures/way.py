"""The way of a labour case from filing to archive, step by step, on paper or through the Engine.

Each step sets the clock no earlier than the day it has in the story below, so a test may start anywhere on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.model.answers import Refusal
from engine.model.case import Matter
from engine.model.events import Event
from engine.model.rules import Rules
from tests.builders import Answer, Clock, PaperStory, Story, a_file
from tests.cast import DAI, FANG, HE, JIA, LIN, REVIEWERS, YI, ZHOU

Step = Callable[[Story], None]


def propose(story: Story) -> None:
    story.do("propose", LIN, claim_amount="12000.50")


def accept(story: Story) -> None:
    story.clock.reach("2026-03-03")
    story.do("accept", FANG, secretary_named=ZHOU)


def form_tribunal(story: Story) -> None:
    story.clock.reach("2026-03-04")
    story.do("form_tribunal", HE, tribunal_named="jia yi bing")


def serve(story: Story, matter: Matter, by: str = ZHOU) -> Answer:
    """Ask for the papers of *matter* to be served by post."""
    return story.ask("serve", by, matter=matter, files=["proof_of_service"], service_method="post")


def answer(story: Story, matter: Matter) -> None:
    """Record the respondent's answer and serve it on the claimant; the respondent will bring nothing more."""
    story.do("record_answer", ZHOU, matter=matter, files=["answer"])
    story.do("forward_answer", ZHOU, matter=matter, files=["proof_of_service"], nothing_more="yes")


def request_extension(story: Story, days: str = "15", by: str = JIA) -> Answer:
    """Ask for an extension to be asked for."""
    return story.ask(
        "request_extension", by, reason="案情复杂", days_asked=days, work_left="合议", closing_planned_on="2026-04-30"
    )  # fmt: skip


def ask_for_extension(story: Story, days: str = "15") -> None:
    """Bring an extension before whoever decides on it."""
    assert not isinstance(request_extension(story, days), Refusal)
    story.do("check", ZHOU, matter="extension")
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
    story.do("hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard")


def deliberate(story: Story) -> None:
    story.clock.reach("2026-03-18")
    story.do("deliberate", JIA, opinion="支持部分请求", drafter_named=YI)


def submit_draft(story: Story) -> None:
    story.clock.reach("2026-03-20")
    story.do("submit_draft", YI, files=[a_file("draft", "裁决书第一稿")])


def sign_every_level(story: Story) -> None:
    story.clock.reach("2026-03-23")
    sign(story, *REVIEWERS)


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


def archive(story: Story) -> None:
    story.clock.reach("2026-04-01")
    story.do("archive", DAI, volume="2026-劳-001")


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
