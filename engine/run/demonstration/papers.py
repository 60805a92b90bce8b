"""Papers: the short plain documents that acts bring along.

Room for: one text a kind of document, filled in from the case.
May not enter: when a document is attached (`chapters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.run.demonstration.texts import Setting
from engine.store.documents import Attachment

_PAPERS: Mapping[str, tuple[str, str]] = {
    "proof_of_service": (
        "送达回证",
        "受送达人：{whom}\n送达文书：申请书副本、应诉通知书或裁决书\n送达方式与签收情况见下。\n受送达人或代收人（签名）：（示范）",
    ),
    "application": (
        "仲裁申请书",
        "申请人：{claimants}\n被申请人：{respondents}\n仲裁请求：{claim}，共计{amount}元。\n事实与理由：……（示范文本）",
    ),
    "proof_of_receipt": ("收到通知的证明", "{whom}已通过电话、短信确认收到。（示范文本）"),
    "agreement": ("当事人同意书", "{whom}同意不再给予答辩期。（示范文本）"),
    "answer": ("答辩书", "答辩人：{whom}\n答辩意见：{defence}。请求驳回申请人的仲裁请求。"),
    "hearing_record": (
        "庭审笔录",
        "到庭情况：申请人{claimants}；被申请人{respondents}。\n仲裁请求：{claim}，共计{amount}元。\n"
        "答辩要点：{defence}。\n双方对证据发表了质证意见，仲裁庭征询最后意见后休庭。",
    ),
    "index": (
        "卷内目录",
        "一、正卷：申请书、送达回证、答辩书、庭审笔录、文书。\n二、副卷：合议笔录、核阅意见、审批材料。（示范文本）",
    ),
    "draft": (
        "文书（草稿，第{version}稿）",
        "申请人：{claimants}\n被申请人：{respondents}\n请求：{claim}。\n本委查明：……（示范文本）\n"
        "本委认为：……（示范文本，第{version}稿）\n裁决如下：一、被申请人于文书生效之日起十日内履行。",
    ),
    "award": (
        "裁决书",
        "申请人：{claimants}\n被申请人：{respondents}\n案由：{title}\n裁决如下：被申请人于本裁决生效之日起十日内履行。（示范文本）",
    ),
    "final_award": (
        "终局裁决书",
        "申请人：{claimants}\n被申请人：{respondents}\n案由：{title}\n本裁决为终局裁决：被申请人于十日内支付。（示范文本）",
    ),
    "mediation_document": (
        "调解书",
        "申请人：{claimants}\n被申请人：{respondents}\n双方自愿达成协议，本调解书经双方签收后生效。（示范文本）",
    ),
    "order": (
        "决定书",
        "关于{claimants}与{respondents}{title}一案，经审查，决定如承办意见。（示范文本）",
    ),
    "notice": (
        "告知书",
        "{claimants}、{respondents}：本案审理期限因决定书所载事项变动，特此书面告知。（示范文本）",
    ),
    "announcement": (
        "公告",
        "{whom}：本委受理的{claimants}诉你单位{title}一案，现依法公告送达申请书副本，公告期满即视为送达。（示范文本）",
    ),
    "explanation": (
        "书面说明",
        "申请人{claimants}：本委对你的仲裁申请无管辖权，请向有管辖权的仲裁委员会申请。（示范文本）",
    ),
    "counterclaim": (
        "反申请书",
        "反申请人：{whom}\n反申请请求：返还服务期未满的培训费用。（示范文本）",
    ),
    "confirmation": ("销号确认书", "经核实，本案督办事由已消除，同意销号。（示范文本）"),
}
"""Kind of document -> its title and text."""

PLAIN = "text/plain; charset=utf-8"


def paper(kind: str, setting: Setting, number: str, day: date, whom: str, version: int) -> Attachment:
    """Return the document *kind* of case *number*; *whom* it goes to, *version* how many of its kind there are."""
    title, text = _PAPERS[kind]
    filled = {
        "whom": whom,
        "version": version,
        "claim": setting.claim,
        "defence": setting.defence,
        "amount": setting.amount,
        "title": setting.dispute.title,
        "claimants": setting.names("claimant"),
        "respondents": setting.names("respondent"),
    }
    heading = title.format(**filled)
    body = f"{heading}\n\n{number}\n{day.isoformat()}\n\n{text.format(**filled)}\n"
    return Attachment(kind, f"{heading}.txt", body.encode(), PLAIN)
