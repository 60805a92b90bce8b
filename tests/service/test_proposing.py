"""In an office in use nothing comes into force by one person: one proposes, another one approves, and both are kept."""

from __future__ import annotations

from functools import partial

import pytest

from engine.errors import BrokenDefinition, UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.model.people import Absence, Holding, Person
from engine.service.engine import Engine
from engine.service.proposal_pages import Approved, ProposalPage
from engine.store.database import Database
from tests.builders import REGISTER_FILE, Clock, day, edited
from tests.cast import ADMIN, DU, FANG, GU, LIN, PLACE, SINCE, WEI
from tests.office import OfficeStory, all_at_once, rows_of, tamper
from tests.service.versions import (
    EXTENSION,
    LATE_ENTRY,
    W1_EARLIER,
    approved,
    in_use,
    proposed,
    real_register,
    refused,
    titled,
)


@pytest.fixture
def real(engine: Engine) -> Engine:
    """The founded office, no longer a rehearsal."""
    return in_use(engine)


def hash_of(engine: Engine, name: str = "extension") -> str:
    return engine.rules().in_force[name]


# --- two persons ------------------------------------------------------------------------------------------


def test_one_person_alone_puts_nothing_into_force(real: Engine, database: Database) -> None:
    before = rows_of(database)

    with pytest.raises(WrongUse):
        real.activate(titled("新"), ADMIN)

    assert rows_of(database) == before


def test_a_proposal_is_checked_shown_and_not_yet_in_force(real: Engine) -> None:
    before = hash_of(real)

    page = real.propose(titled("新"), ADMIN)

    assert (page.number, page.open, page.by, page.asked) == (1, True, ADMIN, None)
    (text,) = page.texts
    assert (text.name, text.before, text.file) == ("extension", before, EXTENSION)
    assert any("新" in change.zh for change in text.changes)
    assert page.trouble is None
    assert "方正" in page.who
    assert "管理员" not in page.who
    assert hash_of(real) == before


def test_the_second_person_puts_it_into_force_and_both_are_kept(real: Engine) -> None:
    number = proposed(real, titled("新"))

    answer = approved(real, number)

    assert hash_of(real) == answer.activated[0].hash
    (line,) = [line for line in real.definitions().in_force if line.name == "extension"]
    assert (line.by, line.approved_by, line.proposal) == ("管理员", "方正", number)
    assert (answer.page.outcome, answer.page.decided_by) == ("approved", "方正")


def test_whoever_proposed_does_not_approve(real: Engine, database: Database) -> None:
    number = proposed(real, titled("新"))
    before = rows_of(database)

    refusal = refused(real.approve(number, ADMIN))

    assert (refusal.code, rows_of(database)) == ("same_person", before)
    assert "方正" in refusal.who


@pytest.mark.parametrize("who", [LIN, DU, GU])
def test_who_is_neither_administrator_nor_heads_the_office_does_not_approve(real: Engine, who: str) -> None:
    assert refused(real.approve(proposed(real, titled("新")), who)).code == "role"


def test_the_delegated_head_may_approve(real: Engine) -> None:
    approved(real, proposed(real, titled("新")), WEI)


def test_somebody_nobody_knows_neither_proposes_nor_decides(real: Engine) -> None:
    number = proposed(real, titled("新"))
    for call in (
        lambda: real.propose(titled("再"), "nobody"),
        lambda: real.approve(number, "nobody"),
        lambda: real.reject(number, "nobody", "不行"),
        lambda: real.withdraw(number, "nobody"),
    ):
        with pytest.raises(UnknownName):
            call()


def away(engine: Engine, person: str, substitute: str) -> None:
    engine.staff.leave(Absence(person, day("2026-03-01"), day("2026-03-31"), substitute))


def test_who_stood_in_for_the_proposer_on_the_day_of_the_proposal_does_not_decide_later(
    real: Engine, clock: Clock
) -> None:
    real.staff.leave(Absence(FANG, clock.today, clock.today, WEI))
    number = proposed(real, titled("新"), by=FANG)
    clock.ahead(days=1)

    answer = real.approve(number, WEI)

    assert isinstance(answer, Refusal)
    assert answer.code == "same_person"


def test_whoever_stands_in_for_the_proposer_counts_as_the_proposer(real: Engine) -> None:
    away(real, ADMIN, FANG)

    refusal = refused(real.approve(proposed(real, titled("新")), FANG))

    assert refusal.code == "same_person"


def test_whom_the_proposer_stands_in_for_counts_as_the_proposer(real: Engine) -> None:
    away(real, FANG, GU)
    number = proposed(real, titled("新"), by=GU)

    assert refused(real.approve(number, FANG)).code == "same_person"


def test_having_stood_in_when_it_was_proposed_is_not_undone_by_coming_back(
    real: Engine, clock: Clock
) -> None:
    away(real, FANG, GU)
    number = proposed(real, titled("新"), by=GU)
    clock.set("2026-04-02")

    assert refused(real.approve(number, FANG)).code == "same_person"
    approved(real, number, WEI)


def test_two_who_stand_in_for_the_same_person_count_as_one(real: Engine) -> None:
    away(real, FANG, GU)
    real.staff.leave(Absence(FANG, day("2026-03-02"), day("2026-03-20"), DU))

    assert refused(real.approve(proposed(real, titled("新"), by=GU), DU)).code == "same_person"


def test_a_substitute_of_somebody_else_approves_in_their_role(real: Engine) -> None:
    away(real, FANG, GU)

    approved(real, proposed(real, titled("新")), GU)


# --- once -------------------------------------------------------------------------------------------------


def test_what_is_decided_is_decided_once(real: Engine, database: Database) -> None:
    number = proposed(real, titled("新"))
    approved(real, number)
    before = rows_of(database)

    for call in (
        partial(real.approve, number, WEI),
        partial(real.reject, number, WEI, "不行"),
        partial(real.withdraw, number, ADMIN),
    ):
        refusal = call()
        assert isinstance(refusal, Refusal)
        assert refusal.code == "decided"
        assert "方正" in refusal.reason.zh
    assert rows_of(database) == before


def test_of_two_who_approve_at_once_one_does(real: Engine) -> None:
    number = proposed(real, titled("新"))
    before = len(real.definitions().in_force)

    answers = all_at_once(*[partial(real.approve, number, by) for by in (FANG, WEI, FANG, WEI)])

    assert sum(isinstance(one, Approved) for one in answers) == 1
    assert {one.code for one in answers if isinstance(one, Refusal)} == {"decided"}
    assert len(real.definitions().in_force) == before


def test_of_an_approval_and_a_withdrawal_at_once_one_holds(real: Engine) -> None:
    number, before = proposed(real, titled("新")), hash_of(real)

    both = all_at_once(partial(real.approve, number, FANG), partial(real.withdraw, number, ADMIN))

    assert sum(isinstance(one, Refusal) for one in both) == 1
    assert (hash_of(real) != before) == (real.proposal(number).outcome == "approved")


def test_a_rejection_says_why_and_is_kept(real: Engine) -> None:
    number, before = proposed(real, titled("新")), hash_of(real)

    page = real.reject(number, FANG, "  依据\n不足 ")

    assert isinstance(page, ProposalPage)
    assert (page.outcome, page.reason, page.decided_by) == ("rejected", "依据 不足", "方正")
    assert hash_of(real) == before
    (line,) = real.definitions().decided
    assert line.reason == "依据 不足"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "\x00"])
def test_a_rejection_without_a_reason_that_can_be_kept_is_refused(real: Engine, reason: str) -> None:
    number = proposed(real, titled("新"))

    with pytest.raises(WrongUse):
        real.reject(number, FANG, reason)

    assert real.proposal(number).open


def test_the_proposer_takes_it_back_and_nobody_else_does(real: Engine) -> None:
    number = proposed(real, titled("新"))

    assert refused(real.withdraw(number, FANG)).code == "not_proposer"
    assert refused(real.reject(number, ADMIN, "算了")).code == "same_person"

    page = real.withdraw(number, ADMIN)

    assert isinstance(page, ProposalPage)
    assert page.outcome == "withdrawn"
    assert refused(real.approve(number, FANG)).code == "decided"


# --- the ground it was proposed on ------------------------------------------------------------------------


def test_an_approval_after_somebody_elses_says_what_changed_and_goes_through_once_it_was_looked_at(
    real: Engine,
) -> None:
    first, second = proposed(real, titled("甲")), proposed(real, titled("乙", LATE_ENTRY), by=WEI)
    approved(real, second)

    refusal = refused(real.approve(first, FANG))

    assert refusal.code == "ground_moved"
    assert "乙" in refusal.reason.zh
    page = real.proposal(first)
    assert [line.name for line in page.later] == ["late_entry"]
    approved(real, first, seen=page.last)


def test_what_was_looked_at_must_be_the_latest(real: Engine) -> None:
    first = proposed(real, titled("甲"))
    approved(real, proposed(real, titled("乙", LATE_ENTRY), by=WEI))
    looked_at = real.proposal(first).last
    approved(real, proposed(real, titled("丙", LATE_ENTRY), by=WEI))

    assert refused(real.approve(first, FANG, looked_at)).code == "ground_moved"
    with pytest.raises(WrongUse):
        real.approve(first, FANG, 9999)


def test_two_proposals_of_one_name_are_shown_against_what_is_in_force_then(real: Engine) -> None:
    first, second = proposed(real, titled("甲")), proposed(real, titled("乙"))
    approved(real, first)

    page = real.proposal(second)

    assert page.texts[0].before == hash_of(real)
    assert any("甲" in change.zh for change in page.texts[0].changes)


def test_what_does_not_fit_any_more_is_not_approved(real: Engine, database: Database) -> None:
    other = edited(titled("新")[EXTENSION], ("procedure: extension", "procedure: other_extension"))
    named = (
        "procedures:\n",
        "procedures:\n  other_extension: {file: workflows/other_extension.yaml}\n",
    )
    texts = {REGISTER_FILE: real_register(named), "workflows/other_extension.yaml": other}
    approved(real, proposed(real, texts))
    change = proposed(real, {"workflows/other_extension.yaml": other.replace("新", "更新")})
    approved(real, proposed(real, {REGISTER_FILE: real_register()}, by=WEI))
    before = rows_of(database)

    page = real.proposal(change)
    assert page.trouble is not None
    with pytest.raises(WrongUse):
        real.approve(change, FANG, page.last)

    assert rows_of(database) == before


def test_a_text_changed_behind_the_engines_back_is_not_approved(real: Engine, database: Database) -> None:
    number = proposed(real, titled("新"))
    tamper(database, "UPDATE proposals SET payload = replace(payload, '新', '旧')")

    assert refused(real.approve(number, FANG)).code == "changed_text"
    assert [finding.code for finding in real.verify().findings] == ["definition"]


# --- what is proposed -------------------------------------------------------------------------------------


def test_a_text_with_problems_is_no_proposal(real: Engine, database: Database) -> None:
    before = rows_of(database)

    with pytest.raises(BrokenDefinition):
        real.propose({EXTENSION: titled("新")[EXTENSION] + "\nnonsense: yes\n"}, ADMIN)

    assert rows_of(database) == before


def test_what_is_in_force_already_is_no_proposal(real: Engine, database: Database) -> None:
    before = rows_of(database)

    page = real.propose({REGISTER_FILE: real_register()}, ADMIN)

    assert (page.number, page.open) == (None, False)
    assert rows_of(database) == before


def test_nothing_is_no_proposal(real: Engine) -> None:
    with pytest.raises(WrongUse):
        real.propose({}, ADMIN)


def test_a_day_gone_by_is_no_day_to_begin_from(real: Engine) -> None:
    with pytest.raises(WrongUse):
        real.propose(titled("新"), ADMIN, day("2026-03-01"))


def test_the_open_matters_that_stay_are_counted_by_state(engine: Engine, clock: Clock) -> None:
    for n in (1, 2):
        story = OfficeStory(engine, clock).given("deliberation", n)
    definition = story.case.main.definition
    real = in_use(engine)

    page = real.propose(titled("新", "workflows/labour.yaml"), ADMIN)

    (staying,) = page.texts[0].staying
    assert (staying.definition, staying.state, staying.count) == (definition, "deliberation", 2)
    assert staying.title.zh


def test_an_unknown_proposal_is_unknown(real: Engine) -> None:
    with pytest.raises(UnknownName):
        real.proposal(7)
    with pytest.raises(UnknownName):
        real.approve(7, FANG)


def test_a_register_approved_rearms_open_cases_at_once(engine: Engine, clock: Clock) -> None:
    story = OfficeStory(engine, clock).given("deliberation")
    real = in_use(engine)
    approved(real, proposed(real, {REGISTER_FILE: real_register(W1_EARLIER)}))
    clock.set("2026-03-19")

    assert real.sweep().fired == 1
    assert [rung for rung, _ in story.rungs()] == ["W1"]


def test_doctor_names_a_proposal_that_nobody_can_decide_on(real: Engine) -> None:
    real.staff.add(Person("solo", "独"))
    real.staff.give(Holding("solo", "admin", PLACE, SINCE))
    proposed(real, titled("新"), by="solo")
    assert not [f for f in real.doctor().findings if f.code == "proposal"]
    for person, role in ((ADMIN, "admin"), (FANG, "director"), (WEI, "delegated_head"), ("peng", "director")):
        real.staff.end(person, role, PLACE, day("2026-03-01"))

    assert [f.code for f in real.doctor().findings if f.code == "proposal"] == ["proposal"]


def test_in_a_rehearsal_one_may_propose_like_in_earnest(engine: Engine) -> None:
    number = proposed(engine, titled("新"))

    assert refused(engine.approve(number, ADMIN)).code == "same_person"
    approved(engine, number)


def test_in_a_rehearsal_one_person_suffices_and_it_is_kept_so(engine: Engine) -> None:
    engine.activate(titled("新"), ADMIN)

    (line,) = [line for line in engine.definitions().in_force if line.name == "extension"]
    assert (line.by, line.approved_by, line.proposal) == ("管理员", "", None)
