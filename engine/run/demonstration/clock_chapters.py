"""Clock chapters: what stops the award clock, starts it anew or presses it, for stories to tell.

Room for: publication, joinder, counterclaim, late entries, overrides, targets, limits before acceptance.
May not enter: the way of a case from filing to archive (`chapters.py`), how far a case has come (`clock_stories.py`).
"""

from __future__ import annotations

from engine.run.demonstration import chapters as c
from engine.run.demonstration.cast import DELEGATED_HEAD, DIRECTOR
from engine.run.demonstration.plan import Ahead, Script

BODIES = ("双河市总工会职工服务中心", "双河市劳动争议人民调解委员会")


def mediated_first(s: Script) -> None:
    """The parties try a mediation body before the filing is examined."""
    c.filed(s)
    s.then(1, "mediate_first", s.team.clerk, {"mediation_body": s.some(BODIES)})


def published(s: Script) -> None:
    """The last respondent cannot be found, and service is by publication."""
    party = s.setting.respondents[-1]
    s.then(
        1, "publish", DIRECTOR, {"publication_days": "30", "publication_ground": "unknown"}, "announcement", matter=("service", party)
    )  # fmt: skip


def counterclaimed(s: Script) -> None:
    """The respondent counterclaims within the time to answer."""
    facts = {"counterclaim_text": "请求返还服务期未满的培训费用"}
    party = s.setting.respondents[0]
    s.then(2, "receive_counterclaim", s.team.secretary, facts, "counterclaim", matter=("service", party))


def merged(s: Script) -> None:
    """… it is merged, which starts the clock anew, and served on the claimant."""
    counterclaimed(s)
    s.then(2, "merge", s.team.approver, None, "order")
    s.then(1, "serve_counterclaim", s.team.secretary, None, "proof_of_service")


def joined(s: Script, name: str) -> None:
    """Another employer is joined, which starts the clock anew, and the parties are told."""
    facts = {"new_party": name, "reason": "与被申请人共同用工，须共同参加仲裁。"}
    s.then(2, "join_respondent", s.team.approver, facts, "order")
    s.then(0, "inform_parties", s.team.secretary, None, "notice")


def targeted(s: Script) -> None:
    """The division head gives the case a tighter target than the office's."""
    s.then(1, "set_target", s.team.head, {"target_days": "20", "reason": "申请人生活困难，加快办理。"})


def recusal_asked(s: Script) -> None:
    """A party asks that an arbitrator step back."""
    facts = {"recused_person": s.team.drafter, "reason": "申请人称其曾为被申请人提供咨询。"}
    s.then(1, "request_recusal", s.team.secretary, facts)


def conciliation_delegated(s: Script) -> None:
    """Both agree that a body tries conciliation before the hearing."""
    s.then(1, "delegate_conciliation", s.team.drafter, {"mediation_body": s.some(BODIES)})


def entered_late(s: Script) -> None:
    """The delegated head enters yesterday's paper of five weeks ago: a stop in time, entered after the last day."""
    proposal = {"ground": "force_majeure", "reason": "突发灾害，无法通知当事人到庭。"}
    s.beside(-1, "propose_suspension", s.team.secretary, proposal, on=Ahead(days=-35))
    s.beside(-1, "suspend", DELEGATED_HEAD, {"ground": "force_majeure"}, "order", on=Ahead(days=-35))


def excepted(s: Script) -> None:
    """After the last day the director lets a stop stand, and says why."""
    reason = "关联工伤认定尚未作出，届满前未及报批，特予批准，超期情况已通报。"
    s.beside(
        -2, "propose_suspension", s.team.secretary, {"ground": "expert", "reason": "关联工伤认定尚未作出。"}
    )
    s.beside(-2, "suspend", DIRECTOR, {"ground": "expert"}, "order", override=reason)
