"""A definition comes into force checked and whole; open matters stay on the one they opened with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest

from engine.core.redating import BEHIND
from engine.errors import BrokenDefinition, UnknownName, WrongUse
from engine.language.fragments import resolved
from engine.language.problem import Problem
from engine.service import activation
from engine.service.activation import Activated
from engine.service.engine import Engine
from engine.service.office import Office
from engine.service.pages import Done
from engine.service.reprojecting import Progress, follow
from engine.store.database import Database
from engine.text import Text
from tests.builders import Clock, a_file, edited, fragments, procedure_texts, register_text
from tests.cast import ADMIN, LIN, PARTIES, SHEN, YI, ZHOU
from tests.office import OfficeStory, assert_whole, rows_of, tamper
from tests.procedures.way import answer_comments
from tests.service.notice_texts import NOTICE, notice_2027
from tests.service.test_reprojecting import (
    assert_every_row_is_right,
    assert_journal_and_events_agree,
    dates,
    killed_after,
    told,
)

LABOUR, REVIEW, REGISTER = "workflows/labour.yaml", "workflows/award_review.yaml", "workflows.yaml"


def labour(*changes: tuple[str, str]) -> str:
    return edited(procedure_texts()[LABOUR], *changes)


def review(*changes: tuple[str, str]) -> str:
    return edited(procedure_texts()[REVIEW], *changes)


def activate(engine: Engine, text: str, file: str) -> Activated:
    """Put one text into force."""
    (activated,) = engine.activate({file: text}, ADMIN)
    return activated


def problems_in(engine: Engine, database: Database, text: str, file: str) -> list[Problem]:
    """The problems *text* is refused with; nothing may be written."""
    before = rows_of(database), engine.rules().in_force
    with pytest.raises(BrokenDefinition) as caught:
        activate(engine, text, file)
    assert (rows_of(database), engine.rules().in_force) == before
    return [problem for problem in caught.value.problems if isinstance(problem, Problem)]


# --- what is broken stays out -----------------------------------------------------------------------------


def test_a_text_with_a_problem_is_refused_with_its_place_and_stores_nothing(
    database: Database, engine: Engine
) -> None:
    (first, *_) = problems_in(engine, database, labour(("to: mediation_first,", "to: propozed,")), LABOUR)

    assert (first.file, first.code) == (LABOUR, "unknown_state")
    assert first.line > 90
    assert "propozed" in first.reason.zh


def test_every_problem_is_told_at_once(database: Database, engine: Engine) -> None:
    text = labour(
        ("to: mediation_first,", "to: propozed,"), ("to: tribunal_formed\n", "to: tribunal_found\n")
    )

    found = problems_in(engine, database, text, LABOUR)

    assert len([problem for problem in found if problem.code == "unknown_state"]) == 2


def test_a_new_child_that_lacks_an_outcome_its_parent_waits_for_is_refused(
    database: Database, engine: Engine
) -> None:
    whole = resolved(review(), REVIEW, fragments())
    text = edited(whole, ("    final: withdrawn\n", "    final: given_up\n"))

    assert problems_in(engine, database, text, REVIEW)


def test_a_register_without_a_role_in_use_is_refused(database: Database, engine: Engine) -> None:
    text = edited(register_text(), ("  archivist: {zh: 档案人员, en: archivist}\n", ""))

    assert problems_in(engine, database, text, REGISTER)


def test_a_role_that_only_an_older_definition_of_an_open_case_uses_is_kept_too(
    database: Database, engine: Engine, story: OfficeStory
) -> None:
    story.given("closed")
    activate(engine, labour(("any archivist", "any secretary")), LABOUR)
    text = edited(register_text(), ("  archivist: {zh: 档案人员, en: archivist}\n", ""))

    assert problems_in(engine, database, text, REGISTER)


def test_an_office_can_still_be_read_by_a_new_process_after_every_activation(
    database: Database, engine: Engine, clock: Clock
) -> None:
    more = edited(
        register_text(),
        (
            "  admin: {zh: 系统管理员",
            "  clerk_of_files: {zh: 卷宗员, en: clerk of files}\n  admin: {zh: 系统管理员",
        ),
    )
    activate(engine, more, REGISTER)
    activate(engine, labour(("any archivist", "any clerk_of_files")), LABOUR)

    with pytest.raises(BrokenDefinition):
        activate(engine, register_text(), REGISTER)

    assert Engine(database, "shuanghe", clock).rules().in_force == engine.rules().in_force


def test_a_register_of_another_institution_is_refused(engine: Engine) -> None:
    with pytest.raises(WrongUse):
        activate(
            engine, edited(register_text(), ("institution: shuanghe", "institution: elsewhere")), REGISTER
        )


def test_a_procedure_the_register_does_not_name_is_refused(engine: Engine) -> None:
    with pytest.raises(WrongUse) as caught:
        activate(engine, labour(("procedure: labour", "procedure: maritime")), "workflows/maritime.yaml")

    assert "maritime" in str(caught.value)


def test_a_register_and_a_procedure_it_names_for_the_first_time_come_together_or_not_at_all(
    database: Database, engine: Engine
) -> None:
    line = 'labour: {file: workflows/labour.yaml, series: 劳人仲案, number: "双劳人仲案〔{year}〕{n}号"}'
    named = (
        line.replace("labour:", "summary:", 1)
        .replace("labour.yaml", "summary.yaml")
        .replace("劳人仲案", "简案")
    )
    texts = {
        REGISTER: edited(register_text(), (line, f"{line}\n  {named}")),
        "workflows/summary.yaml": labour(("procedure: labour", "procedure: summary")),
    }
    before = rows_of(database)
    with pytest.raises(BrokenDefinition):
        engine.activate({**texts, LABOUR: labour(("to: mediation_first,", "to: propozed,"))}, ADMIN)
    assert rows_of(database) == before

    assert {activated.name for activated in engine.activate(texts, ADMIN)} == {"register", "summary"}

    answer = engine.open_case(
        "summary", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[a_file("application")]
    )
    assert isinstance(answer, Done)
    assert answer.number == "双简案〔2026〕1号"


def test_nobody_unknown_puts_anything_into_force(engine: Engine) -> None:
    with pytest.raises(UnknownName):
        engine.activate({LABOUR: labour()}, "nobody")


# --- what is sound comes into force -----------------------------------------------------------------------


def test_the_same_text_again_changes_nothing_whatever_its_line_ends(
    database: Database, engine: Engine
) -> None:
    before = rows_of(database)

    activated = activate(engine, labour().replace("\n", "\r\n"), LABOUR)

    assert activated.unchanged
    assert rows_of(database) == before


def test_open_matters_stay_pinned_and_new_ones_use_the_new_text(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("under_review")
    old = story.matter("award_review").definition
    text = review(("zh: 核阅通过并签署", "zh: 同意并签署"))

    activated = activate(engine, text, REVIEW)

    new = hashlib.sha256(resolved(text, REVIEW, fragments()).encode()).hexdigest()
    assert (activated.hash, activated.open_before, activated.unchanged) == (new, 1, False)
    (sign, *_) = [a for a in engine.actions(story.number, SHEN) if a.move == "sign"]
    assert sign.title.zh == "核阅通过并签署", "the review that is open goes on as it began"
    story.do("return", SHEN, comment="格式", comment_kind="form")
    answer_comments(story)
    story.do("take_back", YI, reason="重新合议")
    story.do("submit_draft", YI, files=["draft"])
    (sign, *_) = [a for a in engine.actions(story.number, SHEN) if a.move == "sign"]
    assert sign.title.zh == "同意并签署"
    assert [matter.definition for matter in story.case.matters_of("award_review")] == [old, new]
    assert_whole(engine, story.number)


def test_a_case_opened_before_a_new_main_procedure_ends_by_the_old_one(engine: Engine, clock: Clock) -> None:
    before = OfficeStory(engine, clock).open()
    activate(
        engine,
        labour(("        needs: [claim_amount]\n", "        needs: [claim_amount, reason]\n")),
        LABOUR,
    )
    after = OfficeStory(engine, clock).open()

    before.do("propose", "lin", claim_amount="5")

    assert after.refused("propose", "lin", claim_amount="5").fact == "reason"
    assert before.case.main.definition != after.case.main.definition


def test_a_text_that_was_in_force_before_may_come_back(engine: Engine) -> None:
    first = engine.rules().in_force["award_review"]
    activate(engine, review(("zh: 核阅通过并签署", "zh: 同意并签署")), REVIEW)

    activate(engine, review(), REVIEW)

    assert engine.rules().in_force["award_review"] == first


def test_another_node_works_with_a_new_text_at_once(engine: Engine, database: Database, clock: Clock) -> None:
    other = Engine(database, "shuanghe", clock)
    before = other.rules().in_force["labour"]

    activate(
        engine,
        labour(("zh: 拟受理, en: Propose acceptance", "zh: 建议受理, en: Propose acceptance")),
        LABOUR,
    )

    assert other.rules().in_force["labour"] != before


# --- live policy ------------------------------------------------------------------------------------------


def test_a_new_ladder_moves_the_rungs_of_open_cases_that_have_not_fired(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("deliberation")
    earlier = edited(
        register_text(), ("rung: W1, when: 10 days before target", "rung: W1, when: 14 days before target")
    )

    activate(engine, earlier, REGISTER)
    clock.set("2026-03-19")

    assert engine.sweep().fired == 1
    assert [rung for rung, _ in story.rungs()] == ["W1"]
    assert_whole(engine, story.number)


def test_a_new_target_holds_for_clocks_that_start_from_its_day_on(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    due = story.engine.case_line(story.number).target_due
    policy = "- {procedure: labour, target: 30 days, from: 2023-01-01, basis: 快立快结承诺}"
    newer = f"{policy}\n  - {{target: 20 days, from: 2026-03-01, basis: 新承诺}}"

    activate(engine, edited(register_text(), (policy, newer)), REGISTER)

    assert engine.case_line(story.number).target_due == due, "its day 0 was under the old policy"
    assert_whole(engine, story.number)


def test_a_holiday_notice_of_the_register_cannot_turn_an_office_into_a_rehearsal(engine: Engine) -> None:
    real = edited(register_text(), ("rehearsal: true", "rehearsal: false"))
    activate(engine, real, REGISTER)

    with pytest.raises(WrongUse):
        activate(engine, register_text(), REGISTER)


def test_a_load_between_following_and_renewing_is_followed_first(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = told(engine, clock, "2026-11-18")
    followed: list[int] = []

    def load_behind(office: Office, at: datetime, progress: Progress | None = None) -> None:
        follow(office, at, progress)
        followed.append(1)
        if len(followed) == 1:
            with interrupted_load(monkeypatch):
                engine.load_notice("2027.csv", notice_2027(rest=["2027-01-04"]), 2027, NOTICE, ADMIN)

    monkeypatch.setattr(activation, "follow", load_behind)
    change = ("ladders:", "# 新的\nladders:")
    engine.activate({REGISTER: edited(register_text(), change)}, ADMIN)

    assert len(followed) == 2
    assert [event.rule for event in story.history() if event.kind == "redated"] == [NOTICE]
    assert_journal_and_events_agree(story)
    assert_every_row_is_right(engine)


@contextmanager
def interrupted_load(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A load whose cases have not followed when it ends."""
    with killed_after(0, monkeypatch), suppress(KeyboardInterrupt):
        yield


def test_a_shown_date_that_was_wrong_is_not_mended_without_an_event(
    engine: Engine, clock: Clock, database: Database
) -> None:
    story = told(engine, clock, "2026-03-02")
    due = dates(story)[0]
    assert due is not None
    tamper(database, "UPDATE cases SET due = :due", due=(due + timedelta(days=9)).isoformat())
    change = ("ladders:", "# 新的\nladders:")

    engine.activate({REGISTER: edited(register_text(), change)}, ADMIN)

    event = story.history()[-1]
    assert (event.kind, event.by, event.rule) == ("redated", None, BEHIND)
    line = engine.case_page(story.number).events[-1]
    assert line.sentence == Text(
        "按现行规则重算，日期改动", "dates moved, counted anew by the rules in force"
    )
    told_of = engine.inbox.page(ZHOU).lines[0].sentence
    assert told_of.zh.startswith(f"{story.number}：按现行规则重算，届满日由")
    assert told_of.en.startswith(
        f"{story.number}: counted anew by the rules in force, the last day moves from"
    )
    assert dates(story)[0] == due
    assert_every_row_is_right(engine)
