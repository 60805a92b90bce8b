"""What is in force is what the register in force names; what it does not name any more is retired, and open cases go on."""

from __future__ import annotations

import pytest

from engine.errors import BrokenDefinition, UnknownName
from engine.language.problem import Problem
from engine.model.case import Case
from engine.service.engine import Engine
from engine.service.pages import Done
from tests.builders import REGISTER_FILE, Clock, day, edited, register_text
from tests.cast import ADMIN, LIN, PARTIES
from tests.language.fitting import REGISTER, REVIEW
from tests.language.small import SMALL, changed
from tests.office import assert_whole
from tests.service.versions import CHILD, CHILD_FILE, ERRANDS, PARENT, PARENT_FILE, errand, with_errands

WITH_BOTH = edited(register_text(), ERRANDS)
PARENT_LINE = '  errand: {file: workflows/errand.yaml, series: 差, number: "差〔{year}〕{n}号"}\n'
CHILD_LINE = "  look: {file: workflows/look.yaml}\n"

FOREIGN = changed(
    REGISTER,
    ("institution: small", "institution: shuanghe"),
    ("zone: Asia/Shanghai\n", "zone: Asia/Shanghai\nrehearsal: true\n"),
)
"""A register of one's own: two procedures, and nothing of the office's, nor its roles and ladders."""


def problems(engine: Engine, *texts: tuple[str, str], since: str | None = None) -> list[Problem]:
    """What the texts are refused with; what is in force stays."""
    before = engine.rules().in_force
    with pytest.raises(BrokenDefinition) as caught:
        engine.activate(dict(texts), ADMIN, day(since) if since else None)
    assert engine.rules().in_force == before
    return [problem for problem in caught.value.problems if isinstance(problem, Problem)]


def case_of(engine: Engine, number: str) -> Case:
    with engine.office.reading() as unit:
        return unit.cases.find(number)


def test_a_foreign_register_takes_the_place_of_all_that_was_in_force(engine: Engine) -> None:
    texts = {REGISTER_FILE: FOREIGN, "small.yaml": SMALL, "review.yaml": REVIEW}

    done = engine.activate(texts, ADMIN)

    assert {one.name for one in done} == {"register", "small", "review"}
    assert set(engine.rules().in_force) == {"small", "review"}
    assert [line.name for line in engine.definitions().in_force] == ["register", "small", "review"]


def test_nothing_begins_with_what_is_retired(engine: Engine) -> None:
    with_errands(engine)

    engine.activate({REGISTER_FILE: register_text()}, ADMIN)

    assert not {"errand", "look"} & set(engine.rules().in_force)
    with pytest.raises(UnknownName, match="errand"):
        engine.open_case("errand", LIN, parties=PARTIES)


def test_what_is_retired_comes_back_when_the_register_names_it_again(engine: Engine) -> None:
    with_errands(engine)
    before = engine.rules().in_force
    engine.activate({REGISTER_FILE: register_text()}, ADMIN)

    engine.activate({REGISTER_FILE: WITH_BOTH}, ADMIN)

    assert engine.rules().in_force == before


def test_an_open_case_of_a_retired_procedure_goes_on_to_its_end(engine: Engine) -> None:
    with_errands(engine)
    number = errand(engine)

    engine.activate({REGISTER_FILE: edited(WITH_BOTH, (PARENT_LINE, ""))}, ADMIN)

    assert "errand" not in engine.rules().in_force
    assert isinstance(engine.act(number, "send", LIN), Done)
    (look,) = case_of(engine, number).matters_of("look")
    assert isinstance(engine.act(number, "see", LIN, matter=look.id), Done)
    assert case_of(engine, number).main.state == "over"
    assert_whole(engine, number)


def test_a_matter_that_open_cases_still_open_is_not_retired_and_is_named(engine: Engine) -> None:
    with_errands(engine)
    number = errand(engine)

    (problem,) = problems(engine, (REGISTER_FILE, register_text()))

    assert (problem.code, problem.file) == ("still_opened", PARENT_FILE)
    assert "look: {procedure: look" in problem.quoted
    assert "look" in problem.reason.en
    assert "anxu migrate" in problem.fix.en
    engine.act(number, "drop", LIN)
    engine.activate({REGISTER_FILE: register_text()}, ADMIN)
    assert "look" not in engine.rules().in_force


def test_a_matter_of_a_procedure_in_force_is_not_retired(engine: Engine) -> None:
    with_errands(engine)

    (problem,) = problems(engine, (REGISTER_FILE, edited(WITH_BOTH, (CHILD_LINE, ""))))

    assert (problem.file, problem.code) == (PARENT_FILE, "unknown_procedure")
    assert problem.quoted.strip().startswith("look:")


def test_it_is_retired_on_the_day_of_the_register_and_not_before(engine: Engine, clock: Clock) -> None:
    with_errands(engine)
    engine.activate({REGISTER_FILE: edited(WITH_BOTH, (PARENT_LINE, ""))}, ADMIN, day("2026-04-01"))

    assert "errand" in engine.rules().in_force
    number = errand(engine)
    clock.set("2026-04-01")
    assert "errand" not in engine.rules().in_force
    assert isinstance(engine.act(number, "send", LIN), Done)


def test_cases_opened_until_that_day_still_need_their_matters(engine: Engine) -> None:
    with_errands(engine)

    found = problems(engine, (REGISTER_FILE, register_text()), since="2026-04-01")

    assert [problem.code for problem in found] == ["still_opened"]


def test_what_is_retired_before_its_day_is_not_said_to_be_coming(engine: Engine) -> None:
    with_errands(engine)
    engine.activate({CHILD_FILE: CHILD + "# 新的\n"}, ADMIN, day("2026-04-01"))
    assert [line.name for line in engine.definitions().coming] == ["look"]

    engine.activate({REGISTER_FILE: register_text()}, ADMIN)

    assert engine.definitions().coming == ()


def test_a_file_that_the_register_calls_otherwise_is_at_hand_with_its_text(engine: Engine) -> None:
    with_errands(engine)
    moved = edited(WITH_BOTH, (PARENT_FILE, "workflows/other.yaml"))
    engine.activate({REGISTER_FILE: moved}, ADMIN)

    (problem,) = problems(engine, (REGISTER_FILE, edited(moved, (CHILD_LINE, ""))))

    assert (problem.file, problem.quoted.strip()[:5]) == ("workflows/other.yaml", "look:")


def test_a_matter_knows_the_roles_that_its_main_procedure_declares(engine: Engine) -> None:
    brings = edited(PARENT, ("persons:\n", "roles:\n  runner: {zh: 跑腿, en: runner}\npersons:\n"))
    uses = edited(CHILD, ("by: clerk, to: seen", "by: [clerk, any runner], to: seen"))
    texts = {REGISTER_FILE: WITH_BOTH, PARENT_FILE: brings, CHILD_FILE: uses}

    engine.activate(texts, ADMIN)
    engine.activate({CHILD_FILE: uses + "# 单独\n"}, ADMIN)

    assert engine.rules().roles["runner"].zh == "跑腿"
    # Who declared it may not take it away while the matter needs it.
    found = problems(engine, (PARENT_FILE, PARENT))
    assert [(problem.file, problem.code) for problem in found] == [(CHILD_FILE, "unknown_role")]
