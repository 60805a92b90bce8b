"""Chapters: stretches of a case's life that stories are put together from.

Room for: the acts from filing to archive, and what happens beside them: extensions, suspensions, supervision.
May not enter: how far a case has come today (`stories.py`), what the law allows (`workflows/`).
"""

from __future__ import annotations

import random

from engine.run.demonstration import texts
from engine.run.demonstration.cast import (
    APPROVERS,
    ARBITRATORS,
    ARCHIVIST,
    CLERKS,
    DIRECTOR,
    HEADS,
    REVIEWERS,
    SECRETARIES,
)
from engine.run.demonstration.plan import CORRECT, OPEN, Ahead, Facts, Script, Team

METHODS = ("personal", "post", "electronic")
HEARING_AHEAD = 6
"""Work days from scheduling to the hearing: parties are told five days before it."""

ANSWER_DAYS = 10
"""Work days a respondent has to answer."""


def begun(
    name: str, rng: random.Random, about: texts.Dispute | None = None, respondents: int = 1, *,
    claimants: int = 1, third_party: bool = False, sitting: int = 0,
) -> Script:  # fmt: skip
    """Return the script of a new case; *sitting* arbitrators hear it, by chance one or three."""
    tribunal = rng.sample(ARBITRATORS, sitting or rng.choice((1, 1, 3)))
    team = Team(
        rng.choice(CLERKS), rng.choice(APPROVERS), rng.choice(HEADS), rng.choice(SECRETARIES), tribunal
    )
    return Script(name, rng, texts.setting(rng, about, respondents, claimants, third_party), team)


# --- from filing to acceptance ----------------------------------------------------------------------------


def filed(s: Script) -> None:
    """The application comes in."""
    s.then(0, OPEN, s.team.clerk, {"cause": s.setting.dispute.cause}, "application")


def proposed(s: Script) -> None:
    """… and the clerk proposes to accept it."""
    filed(s)
    s.then(s.gap(0, 2), "propose", s.team.clerk, {"claim_amount": s.setting.amount})


def refusal_proposed(s: Script) -> None:
    """… and the clerk proposes not to accept it."""
    filed(s)
    s.then(s.gap(1, 2), "propose_refusal", s.team.clerk, {"reason": s.some(texts.NOT_ACCEPTED)})


def correction_asked(s: Script) -> None:
    """… and papers are missing."""
    filed(s)
    s.then(s.gap(0, 2), "ask_correction", s.team.clerk, {"missing_papers": s.some(texts.MISSING_PAPERS)})


def accepted(s: Script) -> None:
    """The clock starts."""
    proposed(s)
    granted(s)


def granted(s: Script) -> None:
    """Acceptance is granted, and a secretary named."""
    s.then(s.gap(1, 2), "accept", s.team.approver, {"secretary_named": s.team.secretary})
    s.accepted = s.cursor


# --- from the tribunal to the hearing ---------------------------------------------------------------------


def amount_corrected(s: Script) -> None:
    """The director corrects the amount, in which the clerk had made a slip."""
    reason = ("propose", "录入时多写一位，按申请书更正。")
    s.then(1, CORRECT, DIRECTOR, {"claim_amount": s.setting.amount[1:]}, corrects=reason)


def start_corrected(s: Script) -> None:
    """Acceptance is found to have been a work day earlier; somebody else than who granted it corrects that."""
    other = next(one for one in APPROVERS if one != s.team.approver)
    s.then(
        1, CORRECT, other, None, "order", on=Ahead(s.accepted - s.cursor - 2),
        corrects=("accept", "受理审批表签署日期为前一工作日，按审批表更正。"),
    )  # fmt: skip


def formed(s: Script) -> None:
    """A tribunal is formed."""
    accepted(s)
    tribunal_named(s)


def tribunal_named(s: Script) -> None:
    """The division head names the tribunal."""
    s.then(s.gap(1, 2), "form_tribunal", s.team.head, sitting(s))


def sitting(s: Script) -> dict[str, str]:
    """Return who sits, and who presides where three do."""
    presiding = {"presiding_named": s.team.drafter} if len(s.team.tribunal) > 1 else {}
    return {"tribunal_named": " ".join(s.team.tribunal), **presiding}


def served(s: Script, how_many: int | None = None) -> None:
    """The application is served on the respondents and third parties, or on the first so many."""
    for n, matter in enumerate(_addressees(s)[:how_many]):
        s.then(
            0 if n else s.gap(0, 1), "serve", s.team.secretary, {"service_method": s.some(METHODS)},
            "proof_of_service", matter=matter,
        )  # fmt: skip
    s.served = s.cursor


def _addressees(s: Script) -> list[tuple[str, int]]:
    return [
        *(("service", party) for party in s.setting.respondents),
        *(("service_third_party", party) for party in s.setting.third_parties),
    ]


def served_earlier(s: Script) -> None:
    """The secretary enters a day late that a respondent was served."""
    s.then(
        2, "serve", s.team.secretary, {"service_method": "personal"}, "proof_of_service",
        matter=("service", s.setting.respondents[0]), on=Ahead(-1),
    )  # fmt: skip
    s.served = s.cursor - 1


def answered(s: Script, how_many: int | None = None) -> None:
    """They answer, or the first so many; of several the last may not, and then the time is waited for."""
    matters = _addressees(s)
    silent = len(matters) > 2 and how_many is None
    for n, matter in enumerate(matters[:how_many]):
        if silent and n == len(matters) - 1:
            s.then(s.served + ANSWER_DAYS + 1 - s.cursor, "record_no_answer", s.team.secretary, matter=matter)
        else:
            s.then(0 if n else s.gap(2, 4), "record_answer", s.team.secretary, None, "answer", matter=matter)
            # Each says in the answer that neither counterclaim nor objection will follow.
            s.then(
                0, "forward_answer", s.team.secretary, {"nothing_more": "yes"}, "proof_of_service", matter=matter
            )  # fmt: skip


def scheduled(s: Script, ahead: int = HEARING_AHEAD) -> None:
    """All are served and have answered, and the hearing is set *ahead* work days from then."""
    formed(s)
    served(s)
    answered(s)
    fixed(s, ahead)


def fixed(s: Script, ahead: int = HEARING_AHEAD) -> None:
    """The hearing is set."""
    s.then(
        s.gap(0, 1),
        "schedule_hearing",
        s.team.secretary,
        {"hearing_on": Ahead(ahead), "hearing_place": s.some(texts.PLACES)},
    )
    s.hearing = s.cursor + ahead


def notified_once(s: Script, ahead: int) -> None:
    """A collective dispute: tribunal, evidence and hearing are told in one notice within five days of acceptance."""
    filed(s)
    facts: Facts = {
        "claim_amount": s.setting.amount,
        "collective_ground": "ten_workers",
        "worker_count": "12",
        "representatives": s.setting.names("claimant"),
        "representative_count": "5",
    }
    s.then(1, "propose_collective", s.team.clerk, facts)
    s.then(1, "accept_collective", s.team.approver, {"secretary_named": s.team.secretary})
    s.accepted = s.cursor
    tribunal_named(s)
    facts = {
        "evidence_deadline": Ahead(11),
        "hearing_on": Ahead(ahead),
        "hearing_place": s.some(texts.PLACES),
    }
    s.then(1, "schedule_collective", s.team.secretary, facts)
    s.hearing = s.cursor + ahead
    s.then(0, "notify_once", s.team.secretary, None, "notice")
    served(s)
    answered(s)


def postponed(s: Script, ahead: int = HEARING_AHEAD) -> None:
    """The hearing is put off to *ahead* work days from then."""
    s.then(
        s.gap(1, 2),
        "postpone",
        s.team.drafter,
        {"reason": s.some(texts.POSTPONED), "hearing_on": Ahead(ahead)},
    )
    s.hearing = s.cursor + ahead


def held(s: Script) -> None:
    """The hearing takes place on its day."""
    facts = {"hearing_outcome": "default"}
    if s.rng.random() < 0.8:
        facts = {"hearing_outcome": "heard", "conciliation_result": s.some(("failed", "declined"))}
    s.then(s.hearing - s.cursor, "hold_hearing", s.team.drafter, facts, "hearing_record")


def heard(s: Script) -> None:
    """The case has been heard."""
    scheduled(s)
    held(s)


# --- deliberation, draft, review --------------------------------------------------------------------------


def deliberated(s: Script) -> None:
    """The tribunal has agreed, and somebody writes the award."""
    heard(s)
    agreed(s)


def agreed(s: Script, slowly: int = 0) -> None:
    """The tribunal agrees, *slowly* so many work days later; of three, one may see it otherwise."""
    facts = {"opinion": s.some(s.setting.dispute.opinions), "drafter_named": s.team.drafter}
    if len(s.team.tribunal) == 3 and s.rng.random() < 0.5:
        facts["minority_view"] = s.some(texts.MINORITY)
    s.then(s.gap(1, 2) + slowly, "deliberate", s.team.drafter, facts)


def drafted(s: Script) -> None:
    """The draft goes to review."""
    deliberated(s)
    handed_in(s)


def handed_in(s: Script) -> None:
    """The drafter hands in the draft."""
    s.then(s.gap(1, 3), "submit_draft", s.team.drafter, None, "draft")


def signed(s: Script, first: int, last: int) -> None:
    """The reviewers of the levels *first* to *last* sign."""
    for level in range(first, last + 1):
        for person in REVIEWERS[level - 1]:
            opinion = {"opinion_given": s.some(texts.SIGNED)} if s.rng.random() < 0.7 else {}
            s.then(s.gap(0, 1), "sign", person, opinion)


def returned(s: Script, level: int) -> None:
    """The reviewer of *level* returns the draft; of a group one votes so, is answered, and a second one votes so too."""
    first, *others = REVIEWERS[level - 1]
    _commented(s, 1, first)
    for person in others:
        comment_answered(s)
        _commented(s, 0, person)


def _commented(s: Script, after: int, reviewer: str) -> None:
    kind, comment = s.rng.choice(texts.RETURNED)
    s.then(after, "return", reviewer, {"comment": comment, "comment_kind": kind})


def comment_answered(s: Script) -> None:
    """The tribunal adopts the comment that is open."""
    s.then(
        s.gap(0, 1),
        "answer_comment",
        s.team.drafter,
        {"answer": "adopted", "answer_reason": s.some(texts.REPLIES)},
    )


def resubmitted(s: Script) -> None:
    """The tribunal answers and hands in a new draft, to be reviewed from the first level."""
    comment_answered(s)
    s.then(
        s.gap(0, 1),
        "resubmit",
        s.team.drafter,
        {"change": "content", "change_note": "已按意见修改。"},
        "draft",
    )


# --- the award, and the end -------------------------------------------------------------------------------


def issued(s: Script, number: str) -> None:
    """The award is issued; *number* is its own."""
    s.then(1, "issue_award", s.team.secretary, {"award_number": number}, "award")


def award_served(s: Script, how_many: int | None = None) -> None:
    """The award is served on every party, or on the first so many."""
    for party in range(len(s.setting.parties))[:how_many]:
        s.then(
            s.gap(0, 2), "serve", s.team.secretary, {"service_method": s.some(METHODS)}, "proof_of_service",
            matter=("award_service", party),
        )  # fmt: skip


def settled(s: Script) -> None:
    """The parties settle, and the draft of the conciliation document goes to review."""
    facts = {"settlement": s.some(s.setting.dispute.settlements)}
    s.then(s.gap(1, 2), "conciliate", s.team.drafter, facts, "draft")


def conciliated(s: Script) -> None:
    """… which it passes: a conciliation document is read at levels 1, 2 and 5."""
    settled(s)
    for level in (1, 2, 5):
        signed(s, level, level)


def took_effect(s: Script) -> None:
    """Both have signed for the conciliation document."""
    s.then(s.gap(1, 3), "take_effect", s.team.secretary, None, "mediation_document")


def withdrawn(s: Script) -> None:
    """The claimant withdraws."""
    s.then(s.gap(1, 3), "withdraw", s.team.secretary, {"reason": s.some(texts.WITHDRAWN)}, "order")


def closed(s: Script) -> None:
    """The case is closed."""
    s.then(s.gap(1, 3), "close", s.team.secretary)


COMPLETE: Facts = dict.fromkeys(
    ("index_complete", "signatures_complete", "proofs_complete", "volumes_apart"), "yes"
)
"""What the secretary confirms on the archive's checklist."""


def archived(s: Script, volume: str) -> None:
    """The file goes to the archive under *volume*."""
    closed(s)
    pages = {"pages_main": str(s.gap(60, 240)), "pages_internal": str(s.gap(10, 60))}
    s.then(s.gap(1, 5), "hand_in", s.team.secretary, {**COMPLETE, **pages}, "index")
    kept = "ten_years" if any(step.move.startswith("issue_") for step in s.steps) else "five_years"
    s.then(s.gap(1, 3), "archive", ARCHIVIST, {"volume": volume, "keep": kept})
