"""The labour case: from filing to archive, and the other ways it can go."""

from __future__ import annotations

from engine.core.fold import fold
from tests.builders import a_file, day
from tests.cast import (
    DAI,
    FANG,
    FIRST_RESPONDENT,
    HE,
    JIA,
    LIN,
    NING,
    SECOND_RESPONDENT,
    SHEN,
    SIGNERS,
    SONG,
    TANG,
    WEI,
    YI,
    ZHOU,
    name_of,
)  # fmt: skip
from tests.office import OfficeStory, assert_whole
from tests.procedures.way import (
    WAY,
    ask_for_extension,
    bring_to,
    deliberate,
    grant,
    hand_in_again,
    hold_hearing,
    resume,
    send_back,
    serve_award,
    sign,
    suspend,
)  # fmt: skip


def ends_whole(story: OfficeStory) -> None:
    """The stored case is what its history replays to, its chain holds, and its rows follow from it."""
    assert fold(story.history()) == story.case
    assert_whole(story.engine, story.number)


def timeline(story: OfficeStory) -> list[str]:
    """Every act of a person on the case, as ``state.move``."""
    return [f"{e.source or ''}.{e.move}" for e in story.history() if e.by and e.matter == "1"]


def test_from_filing_to_archive_with_two_respondents_a_return_at_level_three_and_an_extension(
    story: OfficeStory,
) -> None:
    clock, page = story.clock, story.engine.case_page

    # Lin files, Fang accepts; one service opens for each respondent and the clock starts.
    story.open()
    assert story.number == "双劳人仲案〔2026〕1号"
    bring_to(story, "accepted")
    assert [page(story.number).line.due, page(story.number).line.target_due] == [
        day("2026-04-17"),
        day("2026-04-02"),
    ]
    assert [m.party_name for m in page(story.number).matters if m.kind == "service"] == [
        FIRST_RESPONDENT.name, SECOND_RESPONDENT.name,
    ]  # fmt: skip

    # The tribunal is formed, both are served, one answers; the hearing is held.
    bring_to(story, "tribunal_formed")
    assert (
        story.refused("schedule_hearing", ZHOU, hearing_on="2026-03-16", hearing_place="第一庭").code
        == "guard"
    )
    bring_to(story, "deliberation")
    assert [m.outcome for m in story.case.matters_of("service")] == ["answered", "no_answer"]

    # The case is complex: the extension is asked for, checked, supported and granted before the last day.
    clock.set("2026-04-13")
    ask_for_extension(story)
    grant(story)
    story.do("tell_parties", ZHOU, files=["notice"])
    assert page(story.number).line.due == day("2026-05-06"), "60 days end on a holiday and roll on"
    assert page(story.number).line.target_due == day("2026-04-02"), "the target is never lengthened"

    # Yi drafts; level three sends the draft back; the second one passes five different people.
    deliberate(story)
    story.do("submit_draft", YI, files=[a_file("draft", "裁决书第一稿")])
    sign(story, SHEN, HE)
    send_back(story, TANG, NING, comment="加班工资的举证责任论证不足")
    assert name_of(YI) in {m.awaits[0] for m in page(story.number).matters if m.kind == "award_review"}
    clock.set("2026-04-15")
    hand_in_again(story, "裁决书第二稿")
    sign(story, SHEN, HE, TANG, NING, SONG)
    assert story.state == "under_review"
    sign(story, FANG)
    assert story.state == "ready_to_issue"

    # The award is issued, which ends the clock; served on all three, the case is closed and archived.
    clock.set("2026-04-20")
    story.do("issue_award", ZHOU, files=["award"], award_number="双劳人仲裁〔2026〕1号")
    clock_line = page(story.number).clock
    assert clock_line is not None
    assert (clock_line.reading.state, clock_line.reading.on_time, clock_line.reading.counted_days) == (
        "ended",
        True,
        48,
    )
    serve_award(story)
    assert story.state == "concluded"
    bring_to(story, "archived")

    assert timeline(story) == [
        ".open", "filed.propose", "proposed.accept", "accepted.form_tribunal", "tribunal_formed.schedule_hearing",
        "hearing_scheduled.hold_hearing", "deliberation.request_extension", "deliberation.deliberate",
        "drafting.submit_draft", "ready_to_issue.issue_award", "concluded.close", "closed.archive",
    ]  # fmt: skip
    assert [matter.kind for matter in story.case.open_matters()] == ["custody"]
    assert len(story.engine.lists.todos(ZHOU).lines) == 0
    ends_whole(story)


def test_a_story_told_on_paper_and_one_told_through_the_engine_have_equal_histories(
    story: OfficeStory,
) -> None:
    from tests.procedures.way import a_case

    paper = a_case("archived")
    story.open()
    bring_to(story, "archived")

    def told(events: object) -> list[tuple[object, ...]]:
        return [
            (
                e.seq,
                e.kind,
                e.matter,
                e.move,
                e.source,
                e.target,
                e.by,
                e.acting_for,
                e.rule,
                e.facts,
                e.at,
                e.definition,
            )
            for e in events  # type: ignore[attr-defined]
        ]

    assert told(story.history()) == told(paper.history())
    ends_whole(story)


# --- filing -----------------------------------------------------------------------------------------------


def test_a_claim_outside_the_commissions_field_is_not_accepted(story: OfficeStory) -> None:
    story.open()
    story.do("propose_refusal", LIN, reason="不属于劳动争议")
    assert story.refused("refuse", LIN, reason="不属于劳动争议").code == "not_yours"
    story.clock.set("2026-03-04")

    story.do("refuse", FANG, reason="不属于劳动争议")

    assert (story.state, story.case.main.outcome, story.case.open) == ("not_accepted", "not_accepted", False)
    assert story.case.clocks == {}, "the award clock never began"
    assert story.engine.case_line(story.number).light.colour == "ended"
    ends_whole(story)


def test_a_proposal_may_be_sent_back_and_come_again(story: OfficeStory) -> None:
    story.open()
    story.do("propose_refusal", LIN, reason="超过时效")
    story.do("send_back", WEI, reason="时效中断，应予受理")
    assert story.state == "filed"

    bring_to(story, "accepted")

    assert story.case.clocks["award"].facts[0].on == day("2026-03-03")
    ends_whole(story)


def test_papers_that_are_completed_move_the_day_of_receipt_and_the_term_with_it(story: OfficeStory) -> None:
    story.open()
    story.do("ask_correction", LIN, missing_papers="身份证明、劳动合同")
    assert story.engine.lists.todos(LIN).lines[0].due == day("2026-03-17"), "fifteen days"
    story.clock.set("2026-03-10")

    story.do("complete", LIN)

    assert story.case.main.facts["received_on"] == day("2026-03-10")
    assert story.engine.lists.todos(LIN).lines[0].due == day("2026-03-17"), (
        "five work days from the new receipt"
    )
    bring_to(story, "accepted")
    assert story.case.clocks["award"].facts[0].on == day("2026-03-10")
    ends_whole(story)


def test_papers_that_never_come_are_pressed_for_and_nothing_ends_by_itself(story: OfficeStory) -> None:
    story.open()
    story.do("ask_correction", LIN, missing_papers="身份证明")
    story.clock.set("2026-03-23")

    story.sweep()

    assert [rung for rung, _ in story.rungs()] == ["S1", "S2", "S3"]
    assert story.state == "correction_pending"
    ends_whole(story)


# --- other ends -------------------------------------------------------------------------------------------


def test_a_withdrawal_ends_the_clock_and_what_hangs_on_the_claim(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "tribunal_formed")
    story.clock.set("2026-03-09")
    story.do("withdraw", ZHOU, files=["order"], reason="双方自行和解，申请人撤回")

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "withdrawal")
    assert {m.outcome for m in story.case.matters_of("service")} == {"cancelled"}
    line = story.engine.case_page(story.number).clock
    assert line is not None
    assert (line.reading.state, line.reading.counted_days) == ("ended", 6)
    bring_to(story, "archived")
    ends_whole(story)


def test_withdrawn_while_suspended_still_has_its_last_day_to_be_closed(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "tribunal_formed")
    story.clock.set("2026-03-09")
    suspend(story, "heirs")
    story.clock.set("2026-03-16")
    story.do("withdraw", ZHOU, files=["order"], reason="继承人撤回申请")

    (todo,) = [todo for todo in story.engine.lists.todos(ZHOU).lines if todo.matter == story.case.main.id]
    assert todo.due == day("2026-03-23"), "five work days to close, though the stop was never ended"
    story.clock.set("2026-03-24")
    story.sweep()
    assert [rung for rung, _ in story.rungs("term.concluded")] == ["S1", "S2"]

    story.do("close", ZHOU)
    (todo,) = [todo for todo in story.engine.lists.todos(DAI).lines if todo.matter == story.case.main.id]
    assert todo.due == day("2026-04-22"), "twenty work days to archive; Monday 6 April is a rest day"
    bring_to(story, "archived")
    ends_whole(story)


def test_a_claimant_who_stays_away_is_deemed_to_have_withdrawn(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "hearing_scheduled")
    story.clock.set("2026-03-16 10:00")
    assert story.refused("deem_withdrawn", ZHOU, reason="无正当理由拒不到庭").code == "not_yours"

    story.do("deem_withdrawn", JIA, reason="无正当理由拒不到庭")

    assert story.case.main.facts["closed_by"] == "deemed_withdrawn"
    bring_to(story, "archived")
    ends_whole(story)


def test_a_conciliation_ends_the_clock_only_when_it_takes_effect(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "deliberation")
    story.do("conciliate", JIA, files=["draft"], settlement="分两期支付工资差额12000.50元")
    for person in (SHEN, HE, FANG):
        story.do("sign", person, matter="conciliation_review")
    line = story.engine.case_line(story.number)
    assert (line.state, line.clock) == ("conciliated", "running")
    story.clock.set("2026-03-20")

    story.do("take_effect", ZHOU, files=["mediation_document"])

    assert (story.state, story.case.main.facts["closed_by"]) == ("concluded", "conciliation")
    assert story.engine.case_line(story.number).clock == "ended"
    bring_to(story, "archived")
    ends_whole(story)


def test_a_party_that_changes_its_mind_sends_the_case_back_to_the_tribunal(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "deliberation")
    story.do("conciliate", JIA, files=["draft"], settlement="分两期支付")
    story.clock.set("2026-03-19")

    story.do("change_of_mind", ZHOU, reason="签收前反悔")

    assert story.state == "deliberation"
    assert story.engine.case_line(story.number).due == day("2026-04-17"), "the clock never stopped"
    bring_to(story, "archived")
    ends_whole(story)


# --- on the way -------------------------------------------------------------------------------------------


def test_a_hearing_that_is_postponed_gets_a_new_day_and_the_clock_runs_on(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "hearing_scheduled")
    due = story.engine.case_line(story.number).due
    story.clock.set("2026-03-16")

    story.do("postpone", JIA, reason="证人生病", hearing_on="2026-03-24")

    assert story.case.main.facts["hearing_on"] == day("2026-03-24")
    assert story.engine.case_line(story.number).due == due
    story.clock.set("2026-03-24 14:00")
    hold_hearing(story)
    ends_whole(story)


def test_a_suspension_for_an_expert_opinion_and_the_resumption_after_it(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "deliberation")
    suspend(story)
    story.do("inform_parties", ZHOU, files=["notice"])
    assert story.engine.case_line(story.number).light.colour == "grey"
    story.clock.set("2026-04-20")
    assert story.sweep() > 0
    assert ("R1", day("2026-04-15")) in story.rungs("award.stop"), "after thirty days the ground is confirmed"
    assert [rung for rung, _ in story.rungs("term.suspended")] == ["G1", "G2"]

    resume(story)

    assert story.engine.case_line(story.number).due == day("2026-05-22"), "35 days stopped"
    bring_to(story, "archived")
    ends_whole(story)


def test_the_secretary_hands_the_case_over_and_the_new_one_goes_on(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "tribunal_formed")
    story.do("hand_over", ZHOU, secretary_named="wu", reason="周衡调岗")

    service = story.matter("service", 0)
    assert (
        story.refused("serve", ZHOU, matter=service, files=["proof_of_service"], service_method="post").code
        == "not_yours"
    )
    story.do("serve", "wu", matter=service, files=["proof_of_service"], service_method="post")
    assert story.engine.lists.todos(ZHOU).lines == ()
    assert story.engine.case_line(story.number).handler == (name_of("wu"),)
    ends_whole(story)


def test_an_overdue_case_is_listed_by_itself_and_can_still_be_finished(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "deliberation")
    story.clock.set("2026-04-20")
    story.sweep()
    (line,) = story.engine.lists.ledger().lines
    assert line.listed_on == day("2026-04-18")

    story.do("deliberate", JIA, opinion="支持", drafter_named=YI)
    story.do("submit_draft", YI, files=["draft"])
    sign(story, *SIGNERS)
    bring_to(story, "archived")

    reading = story.engine.case_page(story.number).clock
    assert reading is not None
    assert reading.reading.on_time is False
    assert story.matter("supervision").open, "only a supervisor strikes it off"
    ends_whole(story)


def test_every_step_of_the_way_can_be_refused_to_a_stranger_and_leaves_no_trace(story: OfficeStory) -> None:
    story.open()
    for state in WAY:
        before = story.case
        for action in story.engine.actions(story.number, "gu"):
            assert not action.allowed, f"{action.move} in {before.main.state}"
        assert story.case == before
        bring_to(story, state)
    assert story.event("archive").by == DAI
