"""Side chapters: what is told of a case beside its way: extensions, suspensions, the supervised listing.

Room for: one function for each such act or chain of acts.
May not enter: the way itself (`chapters.py`), what makes a story (`stories.py`).
"""

from __future__ import annotations

from engine.run.demonstration import texts
from engine.run.demonstration.cast import DELEGATED_HEAD, DIRECTOR, SUPERVISORS
from engine.run.demonstration.plan import Ahead, Facts, Script


def extension_asked(s: Script) -> None:
    """The tribunal asks for more time."""
    reason, left = s.rng.choice(texts.EXTENSIONS)
    facts: Facts = {
        "extension_ground": "complex_facts",
        "reason": reason,
        "work_done": "已完成送达、答辩和庭前准备",
        "days_asked": "15",
        "work_left": left,
        "closing_planned_on": Ahead(days=35),
    }
    s.then(s.gap(0, 1), "request_extension", s.team.drafter, facts)


CHECKED: Facts = {"file_complete": "yes", "earlier_counted": "yes", "asked_in_time": "yes"}
"""What the secretary finds when checking a request for an extension."""


def extension_checked(s: Script) -> None:
    """… and the secretary has checked the request."""
    extension_asked(s)
    s.then(s.gap(0, 1), "check", s.team.secretary, {**CHECKED, "check_note": s.some(texts.CHECKED)})


def extension_supported(s: Script) -> None:
    """… and the division head supports it."""
    extension_checked(s)
    s.then(s.gap(0, 1), "support", s.team.head, {"check_note": "同意报批。"})


def extension_granted(s: Script) -> None:
    """… and it is granted."""
    extension_supported(s)
    s.then(1, "grant", s.rng.choice((DIRECTOR, DELEGATED_HEAD)), {"days_granted": "15"}, "order")


def extension_told(s: Script) -> None:
    """… and the parties have been told."""
    extension_granted(s)
    s.then(s.gap(0, 1), "tell_parties", s.team.secretary, None, "notice")


def extension_denied(s: Script) -> None:
    """… and it is denied."""
    extension_supported(s)
    s.then(1, "deny", DELEGATED_HEAD, {"refusal_reason": s.some(texts.EXTENSION_REFUSED)})


def suspended(s: Script, ground: str) -> None:
    """A suspension is proposed and approved: the clock stops, and the parties are told."""
    suspension_proposed(s, ground)
    s.then(s.gap(0, 1), "suspend", s.team.approver, {"ground": ground}, "order")
    s.then(0, "inform_parties", s.team.secretary, None, "notice")


def suspension_proposed(s: Script, ground: str) -> None:
    """The secretary proposes a suspension."""
    s.then(1, "propose_suspension", s.team.secretary, {"ground": ground, "reason": s.some(texts.SUSPENDED)})


def resumed(s: Script, after: int) -> None:
    """The ground has ended, and the clock runs again *after* so many work days."""
    s.then(after, "resume", s.team.drafter, {"ended_because": s.some(texts.RESUMED)})
    s.then(0, "inform_parties", s.team.secretary, None, "notice")


def listed(s: Script, number: int, reason: str) -> None:
    """On the work day *number* the case is listed for supervision."""
    s.beside(number, "list_supervised", s.some(SUPERVISORS), {"listing_reason": reason})


def ledger_updated(s: Script, *numbers: int) -> None:
    """On each of these work days the secretary says how it stands."""
    for number in numbers:
        facts: Facts = {
            "not_closed_because": s.some(texts.NOT_CLOSED),
            "next_step": s.some(texts.NEXT_STEPS),
            "next_step_on": Ahead(5),
        }
        s.beside(number, "update_ledger", s.team.secretary, facts)


def instructed(s: Script, number: int) -> None:
    """On the work day *number* a supervisor instructs the secretary."""
    s.beside(
        number,
        "instruct",
        s.some(SUPERVISORS),
        {"instruction": s.some(texts.INSTRUCTIONS), "reply_by": Ahead(5)},
    )


def delisting_proposed(s: Script, number: int) -> None:
    """On the work day *number* the secretary proposes to take the case off the list."""
    s.beside(number, "propose_delisting", s.team.secretary, {"reason_gone": s.some(texts.DELISTING)})


def delisted(s: Script, number: int) -> None:
    """… and on that day a supervisor has done so."""
    s.beside(number, "delist", s.some(SUPERVISORS), {"reason_gone": s.some(texts.DELISTING)}, "confirmation")
