"""What is in force is a matter of the day: nothing has to run at midnight, and nothing comes that would not fit."""

from __future__ import annotations

import pytest

from engine.errors import BrokenDefinition, WrongUse
from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import INSTITUTION, REGISTER_FILE, Clock, day, edited, register_text
from tests.cast import ADMIN, LIN
from tests.office import assert_whole
from tests.service.versions import (
    CHILD_FILE,
    CHILD_THAT_BORROWS,
    CHILD_WITHOUT_MISSED,
    ERRANDS,
    EXTENSION,
    LATE_ENTRY,
    PARENT_FILE,
    PARENT_THAT_LENDS,
    PARENT_WITHOUT_MISSED,
    approved,
    errand,
    in_use,
    proposed,
    real_register,
    titled,
    with_errands,
)


def hash_of(engine: Engine, name: str = "extension") -> str:
    return engine.rules().in_force[name]


def definition_of(engine: Engine, number: str) -> str:
    with engine.office.reading() as unit:
        return unit.cases.find(number).main.definition


# --- the day arrives --------------------------------------------------------------------------------------


def test_a_version_dated_ahead_holds_from_its_day_and_not_before(engine: Engine, clock: Clock) -> None:
    real, before = in_use(engine), hash_of(engine)

    answer = approved(real, proposed(real, titled("新"), "2026-04-01"))

    assert (answer.activated[0].since, answer.late) == (day("2026-04-01"), False)
    clock.set("2026-03-31 23:59")
    assert hash_of(real) == before
    clock.set("2026-04-01 00:00")
    assert hash_of(real) == answer.activated[0].hash


def test_the_day_is_that_of_the_institution_not_of_the_machine(engine: Engine, clock: Clock) -> None:
    real, before = in_use(engine), hash_of(engine)
    approved(real, proposed(real, titled("新"), "2026-04-01"))

    clock.set("2026-04-01 07:59")  # still the last day of March in UTC
    assert hash_of(real) != before


def test_another_node_notices_the_day_by_itself(engine: Engine, database: Database, clock: Clock) -> None:
    real = in_use(engine)
    other = Engine(database, INSTITUTION, clock)
    before = hash_of(other)
    approved(real, proposed(real, titled("新"), "2026-04-01"))
    assert hash_of(other) == before

    clock.set("2026-04-01")

    assert hash_of(other) == hash_of(real) != before


def test_a_case_opens_with_what_is_in_force_on_its_day(engine: Engine, clock: Clock) -> None:
    with_errands(engine)
    old = hash_of(engine, "errand")
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS}, ADMIN, day("2026-03-05"))
    first = errand(engine)
    clock.set("2026-03-05")
    second = errand(engine)

    assert definition_of(engine, first) == old
    assert definition_of(engine, second) == hash_of(engine, "errand") != old
    for number in (first, second):
        engine.act(number, "send", LIN)
        assert_whole(engine, number)


def test_of_two_days_the_later_one_holds_and_of_one_day_the_last_one(engine: Engine, clock: Clock) -> None:
    hashes = [
        engine.activate(titled(mark), ADMIN, day(since))[0].hash
        for mark, since in (("甲", "2026-04-02"), ("乙", "2026-04-01"), ("丙", "2026-04-01"))
    ]
    found = []
    for on in ("2026-03-31", "2026-04-01", "2026-04-02"):
        clock.set(on)
        found.append(hash_of(engine))

    assert found[1:] == [hashes[2], hashes[0]]
    assert found[0] not in hashes


def test_a_correction_at_once_is_told_that_it_will_be_displaced(engine: Engine, clock: Clock) -> None:
    engine.activate(titled("四月"), ADMIN, day("2026-04-01"))

    (done,) = engine.activate(titled("即时"), ADMIN)

    assert done.until == day("2026-04-01")
    page = engine.definitions()
    (line,) = [line for line in page.in_force if line.name == "extension"]
    assert (line.since, line.until) == (day("2026-03-02"), day("2026-04-01"))
    assert [(line.name, line.since) for line in page.coming] == [("extension", day("2026-04-01"))]


def test_what_is_dated_ahead_is_taken_back_by_what_comes_on_the_same_day(
    engine: Engine, clock: Clock
) -> None:
    now = hash_of(engine)
    engine.activate(titled("四月"), ADMIN, day("2026-04-01"))
    with engine.office.reading() as unit:
        text = unit.definitions.text(now)
    assert text is not None

    (done,) = engine.activate({EXTENSION: text.text}, ADMIN, day("2026-04-01"))

    assert not done.unchanged
    clock.set("2026-04-01")
    assert hash_of(engine) == now


def test_approved_late_it_holds_from_the_approval_and_says_so(engine: Engine, clock: Clock) -> None:
    real = in_use(engine)
    number = proposed(real, titled("新"), "2026-03-10")
    clock.set("2026-03-12")

    answer = approved(real, number)

    assert (answer.late, answer.activated[0].since) == (True, day("2026-03-12"))
    clock.set("2026-03-11")
    assert hash_of(real) != answer.activated[0].hash


def test_before_its_founding_an_office_is_as_on_its_first_day(engine: Engine, clock: Clock) -> None:
    now = hash_of(engine)
    clock.set("2025-12-01")

    assert hash_of(engine) == now


# --- registers --------------------------------------------------------------------------------------------


def test_a_procedure_named_from_a_day_on_comes_with_its_register_on_that_day(
    engine: Engine, clock: Clock
) -> None:
    texts = {REGISTER_FILE: edited(register_text(), ERRANDS), PARENT_FILE: PARENT_THAT_LENDS, CHILD_FILE: CHILD_THAT_BORROWS}  # fmt: skip
    engine.activate(texts, ADMIN, day("2026-04-01"))
    assert "errand" not in engine.rules().register.procedures
    clock.set("2026-04-01")

    assert errand(engine)


def test_a_procedure_cannot_come_before_the_register_that_names_it(engine: Engine) -> None:
    texts = {REGISTER_FILE: edited(register_text(), ERRANDS), PARENT_FILE: PARENT_THAT_LENDS, CHILD_FILE: CHILD_THAT_BORROWS}  # fmt: skip
    engine.activate(texts, ADMIN, day("2026-04-01"))

    with pytest.raises(WrongUse):
        engine.activate({PARENT_FILE: PARENT_THAT_LENDS.replace("差事", "新差事")}, ADMIN)


def test_an_office_does_not_rehearse_again_from_a_day_on(engine: Engine) -> None:
    real = in_use(engine)

    with pytest.raises(WrongUse):
        real.propose({REGISTER_FILE: register_text()}, ADMIN, day("2026-04-01"))


def test_an_office_that_is_in_use_from_a_day_on_does_not_rehearse_after_it(
    engine: Engine, clock: Clock
) -> None:
    engine.activate({REGISTER_FILE: real_register()}, ADMIN, day("2026-04-01"))
    still = edited(register_text(), ("ladders:", "# 新的\nladders:"))
    engine.activate({REGISTER_FILE: still}, ADMIN)
    with pytest.raises(WrongUse):
        engine.activate({REGISTER_FILE: register_text()}, ADMIN, day("2026-04-02"))
    clock.set("2026-04-01")

    with pytest.raises(WrongUse):
        engine.activate(titled("新"), ADMIN)


def test_the_zone_does_not_change_on_a_day_to_come(engine: Engine, clock: Clock) -> None:
    moved = edited(register_text(), ("zone: Asia/Shanghai", "zone: Asia/Urumqi"))
    with pytest.raises(WrongUse):
        engine.activate({REGISTER_FILE: moved}, ADMIN, day("2026-04-01"))
    engine.activate({REGISTER_FILE: edited(register_text(), ("ladders:", "# 新的\nladders:"))}, ADMIN, day("2026-04-01"))  # fmt: skip
    with pytest.raises(WrongUse):
        engine.activate({REGISTER_FILE: moved}, ADMIN)


def test_a_zone_further_west_holds_at_once_even_shortly_after_midnight(engine: Engine, clock: Clock) -> None:
    clock.set("2026-03-03 00:30")

    engine.activate({REGISTER_FILE: edited(register_text(), ("zone: Asia/Shanghai", "zone: Europe/London"))}, ADMIN)  # fmt: skip

    assert str(engine.rules().register.zone) == "Europe/London"


# --- what a coming version would meet ---------------------------------------------------------------------


def problems(engine: Engine, texts: dict[str, str], since: str | None = None) -> str:
    """What the texts are refused with."""
    with pytest.raises(BrokenDefinition) as caught:
        engine.activate(texts, ADMIN, day(since) if since else None)
    return caught.value.sentence.zh


def test_a_child_that_no_open_parent_could_work_with_any_more_is_refused(engine: Engine) -> None:
    with_errands(engine)
    number = errand(engine)
    both = {PARENT_FILE: PARENT_WITHOUT_MISSED, CHILD_FILE: CHILD_WITHOUT_MISSED}

    said = problems(engine, both)

    assert definition_of(engine, number)[:12] in said
    assert "anxu migrate" in said

    engine.act(number, "drop", LIN)
    assert len(engine.activate(both, ADMIN)) == 2


def test_a_child_may_not_borrow_what_an_open_parent_does_not_lend(engine: Engine) -> None:
    with_errands(engine)
    number = errand(engine)
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS}, ADMIN)

    said = problems(engine, {CHILD_FILE: CHILD_THAT_BORROWS})

    assert definition_of(engine, number)[:12] in said
    assert "place" in said
    engine.act(number, "drop", LIN)
    engine.activate({CHILD_FILE: CHILD_THAT_BORROWS}, ADMIN)


def test_a_child_dated_ahead_must_fit_the_cases_that_open_until_then(engine: Engine) -> None:
    with_errands(engine)
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS}, ADMIN, day("2026-04-01"))

    problems(engine, {CHILD_FILE: CHILD_THAT_BORROWS})
    # A case opened in March still opens its matters in April.
    problems(engine, {CHILD_FILE: CHILD_THAT_BORROWS}, "2026-04-01")


def test_a_child_at_once_must_fit_the_parent_dated_ahead(engine: Engine) -> None:
    with_errands(engine)
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS}, ADMIN)
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS.replace("place", "spot")}, ADMIN, day("2026-04-01"))

    said = problems(engine, {CHILD_FILE: CHILD_THAT_BORROWS})

    assert "2026年4月1日" in said


def test_a_register_may_not_take_away_a_role_that_a_version_dated_ahead_needs(engine: Engine) -> None:
    with_errands(engine)
    role = ("  archivist: {zh: 档案人员, en: archivist}\n", "  archivist: {zh: 档案人员, en: archivist}\n  runner: {zh: 跑腿, en: runner}\n")  # fmt: skip
    register = edited(register_text(), ERRANDS)
    engine.activate({REGISTER_FILE: edited(register, role)}, ADMIN)
    runner = edited(PARENT_THAT_LENDS, ("by: any filing_clerk", "by: [any filing_clerk, any runner]"))
    engine.activate({PARENT_FILE: runner}, ADMIN, day("2026-04-01"))

    assert "runner" in problems(engine, {REGISTER_FILE: register})
    assert "runner" in problems(engine, {REGISTER_FILE: register}, "2026-05-01")


def test_what_does_not_concern_an_older_version_is_no_reason_to_refuse(engine: Engine) -> None:
    with_errands(engine)
    errand(engine)
    engine.activate({PARENT_FILE: PARENT_THAT_LENDS}, ADMIN)

    (done,) = engine.activate(titled("新", LATE_ENTRY), ADMIN)
    assert not done.unchanged
