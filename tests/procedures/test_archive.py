"""The archive: hand-in by a checklist, lending and return, the yearly inventory, and the end of the retention."""

from __future__ import annotations

from tests.builders import day
from tests.cast import DAI, FANG, KE, ZHOU
from tests.office import OfficeStory, assert_whole
from tests.procedures.counting import terms_of
from tests.procedures.way import KEPT, Form, a_case, bring_to, hand_in

LOAN: Form = {
    "borrower_kind": "party", "borrower": "王小禾", "purpose": "申请执行需复制裁决书", "volume_lent": "main",
    "due_back": "2026-04-15",
}  # fmt: skip


def archived(story: OfficeStory) -> OfficeStory:
    story.given("archived")
    return story


def test_a_file_is_handed_in_accepted_lent_returned_and_counted_each_year(story: OfficeStory) -> None:
    story.given("closed")
    assert story.refused("archive", DAI, **KEPT).code == "guard", "the secretary hands it in first"
    hand_in(story)
    story.do("archive", DAI, shelf="三库12架", **KEPT)
    custody = story.matter("custody")
    assert (story.case.open, custody.facts["volume"], custody.facts["shelf"]) == (
        False,
        "2026-劳-001",
        "三库12架",
    )

    # A party borrows the main volume and brings it back.
    story.clock.set("2026-04-02")
    story.do("lend", DAI, files=["loan_request"], **LOAN)
    assert [
        todo.state for todo in story.engine.lists.todos(DAI).lines if todo.matter == story.matter("loan").id
    ] == ["lent"]
    assert story.refused("lend", DAI, files=["loan_request"], **LOAN).code == "guard", "it is out"
    story.clock.set("2026-04-13")
    story.do("give_back", DAI, files=["receipt"], whole="yes")
    assert story.matter("loan").outcome == "returned"

    # A year on it is counted.
    story.clock.set("2027-03-30")
    story.do("take_inventory", DAI, in_place="yes")
    assert story.matter("custody").facts["counted_on"] == day("2027-03-30")
    assert_whole(story.engine, story.number)


def test_what_is_not_complete_is_not_handed_in_and_what_has_defects_goes_back(story: OfficeStory) -> None:
    story.given("closed")
    checklist: Form = {
        "index_complete": "yes",
        "signatures_complete": "yes",
        "proofs_complete": "no",
        "volumes_apart": "yes",
    }
    refusal = story.refused(
        "hand_in", ZHOU, files=["index"], pages_main="80", pages_internal="20", **checklist
    )
    assert refusal.code == "guard"
    hand_in(story)
    five: Form = {"volume": "1", "keep": "five_years"}
    assert "不少于10年" in story.refused("archive", DAI, **five).reason.zh

    story.do("send_back_volume", DAI, defects="第三次送达回证缺签收日期")
    assert [m.outcome for m in story.case.matters_of("archiving")] == ["handed_in", None]
    assert story.matter("archiving").facts["defects"] == "第三次送达回证缺签收日期"
    hand_in(story)
    story.do("archive", DAI, **KEPT)

    assert story.state == "archived"
    assert_whole(story.engine, story.number)


def test_a_party_sees_the_main_volume_alone_and_a_loan_that_is_late_is_called_back(
    story: OfficeStory,
) -> None:
    archived(story)
    refusal = story.refused("lend", DAI, files=["loan_request"], **{**LOAN, "volume_lent": "internal"})
    assert "只能查阅正卷" in refusal.reason.zh
    story.do("lend", DAI, files=["loan_request"], **{**LOAN, "borrower_kind": "court", "volume_lent": "both"})
    story.do("renew", DAI, due_back="2026-04-20", reason="二审法院继续使用")
    assert story.refused("renew", DAI, due_back="2026-05-20", reason="继续使用").code == "too_often"

    story.clock.set("2026-05-06")
    story.sweep()
    assert sorted(rung for rung, _ in story.rungs("term.lent")) == ["B1", "B2", "B2", "B2", "B3"]

    story.do("give_back", DAI, files=["receipt"], whole="no", damage="缺第45页")
    assert story.matter("loan").state == "to_restore"
    story.do("restore", DAI, restored="自法院复印件补入")
    assert story.matter("loan").outcome == "returned"
    assert_whole(story.engine, story.number)


def test_a_file_that_is_lost_is_declared_so_by_the_director(story: OfficeStory) -> None:
    archived(story)
    story.do("lend", DAI, files=["loan_request"], **LOAN)
    story.do("report_lost", DAI, files=["report"], damage="借阅人遗失全部正卷")
    assert story.refused("declare_lost", DAI, files=["report"], reason="查找无果").code == "not_yours"
    story.do("declare_lost", FANG, files=["report"], reason="查找无果")

    assert story.matter("loan").outcome == "lost"
    assert_whole(story.engine, story.number)


def test_an_award_is_kept_ten_years_and_other_files_five_and_nothing_goes_before() -> None:
    case = a_case("archived")
    custody = case.matter("custody")
    ten = terms_of(case, custody)
    assert ten["120 months", "办案规则第24条（商事案件按机构档案管理规则）"] == day("2036-04-01"), (
        "beyond every calendar, since nobody has to act"
    )
    assert ("60 months", "办案规则第24条（商事案件按机构档案管理规则）") not in ten

    early = case.refused("propose_disposal", DAI, files=["disposal_list"], reason="期满")
    assert (early.code, early.fact) == ("too_early", "2036-04-01")

    case.do("keep_longer", FANG, keep="permanent", reason="有保存价值")
    assert case.refused("propose_disposal", DAI, files=["disposal_list"], reason="期满").code == "guard"
    case.do("keep_longer", FANG, keep="five_years", reason="更正")
    assert terms_of(case, case.matter("custody"))[
        "60 months", "办案规则第24条（商事案件按机构档案管理规则）"
    ] == day("2031-04-01")


def test_nobody_but_the_archive_lends(story: OfficeStory) -> None:
    archived(story)

    for person in (ZHOU, FANG, KE):
        assert story.refused("lend", person, files=["loan_request"], **LOAN).code == "not_yours"


def test_a_file_nobody_counts_is_pressed_for(story: OfficeStory) -> None:
    archived(story)
    story.clock.set("2027-06-01")
    story.sweep()

    assert [rung for rung, _ in story.rungs() if rung.startswith("A")][:2] == ["A1", "A2"]


def test_a_case_that_went_another_way_is_kept_five_years(story: OfficeStory) -> None:
    story.open()
    bring_to(story, "tribunal_formed")
    story.do("withdraw", ZHOU, files=["order"], reason="申请人撤回")
    story.do("close", ZHOU)
    hand_in(story)
    story.do("archive", DAI, volume="2026-劳-002", keep="five_years")

    assert story.matter("custody").facts["keep"] == "five_years"
    assert_whole(story.engine, story.number)
