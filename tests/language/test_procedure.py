"""What a definition says is what the machine gets."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from engine.language.difference import difference
from engine.language.problem import Problems
from engine.language.procedure import read_procedure
from engine.language.register import read_register
from engine.law.duration import Duration
from engine.model.guards import EveryMatterIs, MatterIs
from engine.model.procedure import (
    ACTOR,
    Borrowed,
    Branch,
    ClockEffect,
    MatterKind,
    Procedure,
    Reaction,
    Requirement,
    Term,
    Who,
)
from engine.model.register import Register
from engine.text import Text
from tests.builders import fragments
from tests.language.small import ROOT, SMALL, changed, procedure_of, small

PROCEDURES = sorted((ROOT / "workflows").glob("*.yaml"), key=lambda path: path.name)


@pytest.fixture(scope="module")
def register() -> Register:
    read = read_register((ROOT / "workflows.yaml").read_text(encoding="utf-8"), "workflows.yaml")
    assert isinstance(read, Register), read.said("en")
    return read


def shipped(name: str, register: Register) -> Procedure:
    text = (ROOT / "workflows" / f"{name}.yaml").read_text(encoding="utf-8")
    read = read_procedure(text, f"workflows/{name}.yaml", register.roles, fragments())
    assert isinstance(read, Procedure), read.said("en")
    return read


@pytest.mark.parametrize("name", [path.stem for path in PROCEDURES])
def test_every_procedure_that_comes_with_anxu_has_no_problem(name: str, register: Register) -> None:
    assert shipped(name, register).name == name


def test_the_hash_is_that_of_the_text_whatever_its_line_ends() -> None:
    assert procedure_of(SMALL.replace("\n", "\r\n")).hash == hashlib.sha256(SMALL.encode()).hexdigest()


def test_facts_have_types_bounds_and_choices(register: Register) -> None:
    facts = shipped("labour", register).facts

    assert facts["claim_amount"].type == "amount"
    assert (facts["days_asked"].least, facts["days_asked"].most) == (Decimal(1), Decimal(60))
    assert facts["hearing_outcome"].choices["heard"] == Text("双方到庭", "both sides heard")
    assert facts["secretary_named"].role == "secretary"


def test_a_bare_name_is_a_person_of_the_case_and_any_is_a_role(register: Register) -> None:
    resume = shipped("suspension", register).states["suspended"].moves["resume"]
    assert resume.by == (
        Who("tribunal", relation=True),
        Who("director", relation=False),
        Who("delegated_head", relation=False),
    )


def test_a_case_starts_in_its_first_state_unless_the_file_says_where() -> None:
    loop = ("      propose:", "      wait: {title: {zh: 等, en: Wait}, by: clerk, to: filed}\n      propose:")
    assert small().initial == "filed"
    assert small(loop, ("states:\n", "starts: filed\nstates:\n")).initial == "filed"


def test_opening_says_who_may_open_and_what_that_does() -> None:
    opened = small(("  by: any filing_clerk\n", "  by: any filing_clerk\n  needs: [reason]\n"))

    assert opened.opened_by == (Who("filing_clerk", relation=False),)
    assert opened.intake == ("reason",)
    assert opened.on_open is not None
    assert opened.on_open.assign == {"clerk": ACTOR}
    assert opened.on_open.set == {"received_on": "act date"}
    assert opened.on_open.source == opened.initial
    assert opened.on_open.title == Text("收件立案", "application received")


def test_opening_may_be_called_what_it_is() -> None:
    called = small(
        ("  by: any filing_clerk\n", "  by: any filing_clerk\n  title: {zh: 列入清理, en: listed}\n")
    )

    assert called.on_open is not None
    assert called.on_open.title == Text("列入清理", "listed")
    (change,) = difference(small(), called)
    assert change.sentence == Text(
        "立案的名称由“收件立案”改为“列入清理”。",
        "The title of opening changes from “application received” to “listed”.",
    )


def test_a_term_says_limit_start_ladder_and_whether_it_stands_still() -> None:
    said = "ladder: step, basis: 办案规则第33条, runs_while_suspended: true}"
    state = small(("ladder: step}", said)).states["filed"]
    assert state.terms == (
        Term(
            name="filed.1",
            limit=Duration(5, "work days"),
            of="received_on",
            ladder="step",
            basis="办案规则第33条",
            runs_while_suspended=True,
        ),
    )


def test_a_state_may_have_several_terms_each_with_its_own_name() -> None:
    terms = "within: [{limit: 5 work days, of: received_on}, {limit: 2 months}]"
    state = small(("within: {limit: 5 work days, of: received_on, ladder: step}", terms)).states["filed"]
    assert [(t.name, t.limit.unit) for t in state.terms] == [("filed.1", "work days"), ("filed.2", "months")]


def test_a_clock_may_limit_a_state_in_place_of_a_term() -> None:
    state = small().states["proposed"]
    assert (state.clock, state.terms) == ("award", ())


def test_a_state_may_wait_for_a_matter_and_react_to_its_end() -> None:
    state = small().states["proposed"]
    assert state.awaits_matter == "review"
    assert state.reactions == (Reaction(MatterIs("review", "approved"), "accepted"),)


def test_a_target_may_be_a_state_branches_with_a_default_or_none() -> None:
    to_state = small().states["filed"].moves["propose"]
    branches = "to: [{when: review is absent, state: proposed}, {otherwise: accepted}]"
    branched = small(("to: proposed}", branches + "}")).states["filed"].moves["propose"]
    note = "      note: {title: {zh: 记, en: Note}, by: clerk, to: stays}\n      propose:"
    stays = small(("      propose:", note)).states["filed"].moves["note"]

    assert to_state.branches == (Branch("proposed"),)
    assert branched.branches == (Branch("proposed", MatterIs("review", "absent")), Branch("accepted"))
    assert stays.stays
    assert stays.targets == ("filed",)


def test_a_requirement_has_its_guard_and_its_sentence() -> None:
    otherwise = "{zh: 尚有核阅未完成, en: A review is not finished}"
    requires = f"requires: [{{that: every review is ended, else: {otherwise}}}]"
    (requirement,) = small(("needs: [reason]", requires)).states["filed"].moves["propose"].requires
    assert requirement == Requirement(
        EveryMatterIs("review", "ended"), Text("尚有核阅未完成", "A review is not finished")
    )


GROUND = "ground: {type: choice, choices: {other: {zh: 其他, en: other}}, title: {zh: 事由, en: Ground}}"


@pytest.mark.parametrize(
    ("written", "effect"),
    [
        ("start", ClockEffect("award", "start")),
        ("{end: {on: received_on}}", ClockEffect("award", "end", on="received_on")),
        ("suspend", ClockEffect("award", "suspend")),
        (
            "{suspend: {ref: ground, on: received_on}}",
            ClockEffect("award", "suspend", ref="ground", on="received_on"),
        ),
        ("{resume: {ref: ground}}", ClockEffect("award", "resume", ref="ground")),
        ("{extend: days}", ClockEffect("award", "extend", length="days")),
        (
            "{exclude: {length: days, on: received_on}}",
            ClockEffect("award", "exclude", length="days", on="received_on"),
        ),
        ("{publication: days}", ClockEffect("award", "publication", length="days")),
        ("{target: days}", ClockEffect("award", "target", length="days")),
        (
            "{target: {length: days, on: received_on}}",
            ClockEffect("award", "target", length="days", on="received_on"),
        ),
    ],
)
def test_a_move_may_do_this_to_a_clock(written: str, effect: ClockEffect) -> None:
    read = small(
        (
            "facts:\n",
            f"facts:\n  days: {{type: whole, least: 1, title: {{zh: 天数, en: Days}}}}\n  {GROUND}\n",
        ),
        ("needs: [reason]", f"clock: {{award: {written}}}"),
    )
    assert read.states["filed"].moves["propose"].clock == (effect,)


def test_a_move_from_many_states_stands_in_each_and_beside_the_way_forward(register: Register) -> None:
    labour = shipped("labour", register)

    assert {move.source for move in labour.moves["propose_suspension"]} == {
        "accepted", "tribunal_formed", "hearing_scheduled", "deliberation", "drafting", "under_review",
        "ready_to_issue", "settlement_review", "conciliated",
    }  # fmt: skip
    assert {move.source for move in labour.moves["recuse"]} == {
        name for name, state in labour.states.items() if not state.final
    }
    assert not any(move.primary for move in (*labour.moves["propose_suspension"], *labour.moves["recuse"]))


def test_a_move_beside_the_way_is_not_primary(register: Register) -> None:
    filed = shipped("labour", register).states["filed"]
    assert filed.moves["propose"].primary
    assert not filed.moves["ask_correction"].primary


def test_a_matter_kind_says_its_procedure_for_whom_and_what_becomes_of_it(register: Register) -> None:
    matters = shipped("labour", register).matters
    assert matters["award_service"] == MatterKind("award_service", "award_service", "any party", "blocks")


def test_a_procedure_that_borrows_is_that_of_a_matter(register: Register) -> None:
    assert shipped("extension", register).borrowed == Borrowed(
        persons=("secretary", "tribunal"),
        facts=("days_asked", "extension_ground", "reason", "work_done", "work_left", "closing_planned_on"),
        clocks=("award",),
    )
    assert shipped("labour", register).borrowed is None


def test_who_steps_back_is_known_to_every_main_procedure() -> None:
    recuse = "by: clerk, not_by: [recused], needs: [reason]"
    assert small(("by: clerk, needs: [reason]", recuse)).states["filed"].moves["propose"].not_by == (
        "recused",
    )


def test_names_may_be_chinese() -> None:
    read = procedure_of(SMALL.replace("reason", "理由事实").replace("  filed:", "  已收件:"))
    assert read.initial == "已收件"
    assert "理由事实" in read.facts


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    read = small(
        ("title: {zh: 小程序, en: Small}", "title: {zh: 010, en: on}"),
        ("basis: 规则", "basis: 12:30"),
    )
    assert (read.title, read.basis) == (Text("010", "on"), "12:30")


def test_a_guard_in_quotes_is_told_at_its_column_too() -> None:
    text = changed(SMALL, ("when: review is approved", "when: 'review is approved and raeson is set'"))
    read = read_procedure(text, "small.yaml", ("filing_clerk",))
    assert isinstance(read, Problems)
    (problem,) = read
    assert problem.quoted[problem.column - 1 :].startswith("raeson")


def test_a_guard_over_two_lines_is_told_at_its_start() -> None:
    text = changed(
        SMALL, ("{when: review is approved,", "{when: review is approved\n          and raeson is set,")
    )
    read = read_procedure(text, "small.yaml", ("filing_clerk",))
    assert isinstance(read, Problems)
    (problem,) = read
    assert problem.quoted[problem.column - 1 :].startswith("review is approved")
