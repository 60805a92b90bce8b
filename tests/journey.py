"""The journey: one labour case from filing to archive, as a list that any door can follow.

Two respondents, five different reviewers, a return at level 3, an extension on the way. The command line walks it on both
databases, the browser walks it signing in as each person in turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.cast import BING, DAI, FANG, HE, JIA, LIN, NING, SHEN, SIGNERS, TANG, YI, ZHOU
from tests.procedures.way import CHECKED

OPENED_AT = "2026-03-02 09:30"
OPENED_BY = LIN
PARTIES = (
    ("claimant", "王小禾"),
    ("respondent", "双河甲纺织有限公司"),
    ("respondent", "双河乙物流有限公司"),
)
FIRST, SECOND = PARTIES[1][1], PARTIES[2][1]
OPENED_WITH = {"application": "仲裁申请书"}
"""Kind -> content of what is handed in with the case."""


@dataclass(frozen=True)
class Step:
    """At *at*, *by* does *move* on the open matter of *kind* (of *party*, where there is one for each)."""

    at: str
    by: str
    move: str
    kind: str = "main"
    party: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    """Kind -> content."""


def _review(day: str, minute: int, by: str, move: str = "sign", **facts: str) -> Step:
    return Step(f"{day} 10:{minute:02}", by, move, "award_review", facts=facts)


def _serve(at: str, party: str, kind: str) -> Step:
    return Step(
        at, ZHOU, "serve", kind, party, {"service_method": "post"}, {"proof_of_service": f"送达回证：{party}"}
    )


STEPS: tuple[Step, ...] = (
    Step("2026-03-02 10:00", LIN, "propose", facts={"claim_amount": "12000.50"}),
    Step("2026-03-03 09:30", FANG, "accept", facts={"secretary_named": ZHOU}),
    Step("2026-03-04 09:30", HE, "form_tribunal", facts={"tribunal_named": f"{JIA} {YI} {BING}", "presiding_named": JIA}),
    _serve("2026-03-05 09:30", FIRST, "service"),
    _serve("2026-03-05 09:40", SECOND, "service"),
    Step("2026-03-12 14:00", ZHOU, "record_answer", "service", FIRST, documents={"answer": "答辩书"}),
    Step(
        "2026-03-13 09:30", ZHOU, "forward_answer", "service", FIRST,
        {"nothing_more": "yes"}, {"proof_of_service": "送达回证：答辩书副本"},
    ),
    Step("2026-03-19 17:00", ZHOU, "record_no_answer", "service", SECOND),
    Step(
        "2026-03-20 09:30", ZHOU, "schedule_hearing",
        facts={"hearing_on": "2026-03-30", "hearing_place": "第一仲裁庭"},
    ),
    Step(
        "2026-03-30 11:30", JIA, "hold_hearing",
        facts={"hearing_outcome": "heard", "conciliation_result": "failed"}, documents={"hearing_record": "庭审笔录"},
    ),
    Step(
        "2026-04-07 09:30", JIA, "request_extension",
        facts={"extension_ground": "complex_facts", "reason": "案情复杂，须核对三年工资台账", "days_asked": "15",
               "work_done": "已开庭一次", "work_left": "合议、制作裁决书",
               "closing_planned_on": "2026-04-30"},
    ),
    Step("2026-04-07 10:30", ZHOU, "check", "extension", facts=CHECKED),
    Step("2026-04-07 14:00", HE, "support", "extension"),
    Step("2026-04-08 09:30", FANG, "grant", "extension", facts={"days_granted": "15"}, documents={"order": "延期决定书"}),
    Step("2026-04-08 15:00", ZHOU, "tell_parties", "extension", documents={"notice": "延期告知书"}),
    Step("2026-04-09 09:30", JIA, "deliberate", facts={"opinion": "支持主要请求", "drafter_named": YI}),
    Step("2026-04-13 09:30", YI, "submit_draft", documents={"draft": "裁决书草稿第一稿"}),
    _review("2026-04-14", 0, SHEN),
    _review("2026-04-14", 10, HE, opinion_given="程序无误"),
    _review("2026-04-14", 20, TANG, "return", comment="加班工资的举证责任论证不足", comment_kind="substance"),
    _review("2026-04-14", 30, NING, "return", comment="请核对加班小时数", comment_kind="form"),
    *(
        Step(
            f"2026-04-16 09:{10 + n}", YI, "answer_comment", "review_comment",
            facts={"answer": "adopted", "answer_reason": "采纳，已修改"},
        )
        for n in range(2)
    ),
    Step(
        "2026-04-16 09:30", YI, "resubmit", "award_review",
        facts={"change": "content", "change_note": "补充说理"}, documents={"draft": "裁决书草稿第二稿"},
    ),
    *(_review("2026-04-17", 10 * level, person) for level, person in enumerate(SIGNERS)),
    Step(
        "2026-04-20 09:30", ZHOU, "issue_award",
        facts={"award_number": "双劳人仲裁字〔2026〕1号"}, documents={"award": "裁决书"},
    ),
    *(
        _serve(f"2026-04-21 09:{10 * n + 10}", name, "award_service")
        for n, (_, name) in enumerate(PARTIES)
    ),
    Step("2026-04-24 09:30", ZHOU, "close"),
    Step(
        "2026-04-27 09:30", ZHOU, "hand_in", "archiving",
        facts={"index_complete": "yes", "signatures_complete": "yes", "proofs_complete": "yes", "volumes_apart": "yes",
               "pages_main": "120", "pages_internal": "30"},
        documents={"index": "卷内目录"},
    ),
    Step("2026-04-28 09:30", DAI, "archive", facts={"volume": "2026-0001", "keep": "ten_years"}),
)  # fmt: skip
