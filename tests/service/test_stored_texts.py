"""Stored procedures are read when somebody needs them: one that nobody needs costs nothing, and stops nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from engine.errors import BrokenDefinition
from engine.model.rules import Rules
from engine.service.engine import Engine
from engine.service.pages import Done
from engine.service.stored_texts import StoredProcedures, read_stored
from engine.store import tables as t
from engine.store.database import Database
from engine.store.definitions import REGISTER, StoredText, digest_of
from engine.text import Text
from tests.builders import (
    INSTITUTION,
    REGISTER_FILE,
    Clock,
    a_file,
    day,
    edited,
    procedure_texts,
    register_text,
)
from tests.cast import ADMIN, LIN, PARTIES, ZHOU
from tests.language.small import SMALL, changed
from tests.office import OfficeStory, tamper
from tests.service.versions import PARENT, PARENT_FILE, errand, titled, with_errands

LATER = changed(SMALL, ("basis: 规则\n", "basis: 规则\nan_edition_to_come: has this word\n"))
"""A text with a word that this program does not know."""

APPLICATION = a_file("application")

OWN_ROLE = Text("跑腿", "errand runner")
WITH_A_ROLE = edited(PARENT, ("persons:\n", "roles:\n  runner: {zh: 跑腿, en: errand runner}\npersons:\n"))


def another_process(database: Database, clock: Clock) -> Engine:
    """The engine of a process that has read nothing yet."""
    read_stored.cache_clear()
    return Engine(database, INSTITUTION, clock)


def were_read() -> int:
    return read_stored.cache_info().misses


def keep(database: Database, text: str) -> str:
    """Put a text behind the engine's back, as a later program may have left it there; return its hash."""
    digest = digest_of(text)
    row = {"institution": INSTITUTION, "hash": digest, "name": "small", "file": "small.yaml", "text": text}
    with database.engine.begin() as connection:
        connection.execute(insert(t.definitions), row)
    return digest


def to_come(database: Database, name: str) -> None:
    """Let the text of procedure *name* be one that only a later program can read."""
    tamper(database, "UPDATE definitions SET text = :text WHERE name = :name", text=LATER, name=name)


# --- what is read -----------------------------------------------------------------------------------------


def test_the_rules_alone_read_no_procedure(database: Database, engine: Engine, clock: Clock) -> None:
    rules = another_process(database, clock).rules()

    assert rules.day_of(clock.at) == rules.day_of(engine.now())
    assert len(rules.definitions) == len(procedure_texts())
    assert set(rules.in_force.values()) == set(rules.definitions)
    assert were_read() == 0


def test_a_list_reads_what_its_cases_are_pinned_to(
    database: Database, story: OfficeStory, clock: Clock
) -> None:
    story.given("accepted")
    engine = another_process(database, clock)

    assert [line.number for line in engine.cases().cases] == [story.number]

    assert were_read() == 1


def test_an_act_reads_what_is_open_and_what_it_opens(
    database: Database, engine: Engine, clock: Clock
) -> None:
    number = errand(with_errands(engine))
    other = another_process(database, clock)

    assert isinstance(other.act(number, "send", LIN), Done)

    assert were_read() == 2


def test_what_was_read_is_kept_and_shared(database: Database, clock: Clock) -> None:
    first, second = another_process(database, clock).rules(), Engine(database, INSTITUTION, clock).rules()
    labour = first.in_force["labour"]

    assert first.definitions[labour] is first.definitions[labour] is second.definitions[labour]
    assert were_read() == 1


def test_asking_which_there_are_reads_none() -> None:
    read_stored.cache_clear()
    texts = (StoredText("a" * 64, "small", "s.yaml", LATER), StoredText("b" * 64, REGISTER, "r.yaml", ""))

    found = StoredProcedures(texts)

    assert ("a" * 64 in found, "b" * 64 in found, len(found), list(found)) == (True, False, 1, ["a" * 64])
    assert {"a" * 64, "c" * 64} - found.keys() == {"c" * 64}
    assert found.get("c" * 64) is None
    assert were_read() == 0


def test_what_is_in_use_is_what_open_matters_are_pinned_to(engine: Engine, story: OfficeStory) -> None:
    story.given("deliberation")
    case = story.case

    with engine.office.reading() as unit:
        found = unit.definitions.in_use()

    assert {*found} == {matter.definition for matter in case.open_matters()}
    assert len(found) < len({matter.definition for matter in case.matters})


# --- roles ------------------------------------------------------------------------------------------------


def asked_of(rules: Rules, role: str) -> Text | None:
    return rules.roles.get(role)


def test_a_role_of_the_register_is_found_without_reading(database: Database, clock: Clock) -> None:
    rules = another_process(database, clock).rules()

    assert asked_of(rules, "director") == rules.register.roles["director"]
    assert were_read() == 0


def test_a_role_that_only_an_earlier_version_declares_is_still_known(
    database: Database, engine: Engine, clock: Clock
) -> None:
    with_errands(engine)
    engine.activate({PARENT_FILE: WITH_A_ROLE}, ADMIN)
    errand(engine)
    engine.activate({PARENT_FILE: PARENT}, ADMIN)
    rules = another_process(database, clock).rules()

    assert asked_of(rules, "runner") == OWN_ROLE
    assert "runner" in rules.roles
    assert dict(rules.roles)["runner"] == OWN_ROLE
    assert [*rules.roles][: len(rules.register.roles)] == [*rules.register.roles]
    assert asked_of(rules, "nobody") is None
    assert len(rules.roles) == len({*rules.roles})


# --- what this program cannot read ------------------------------------------------------------------------


def test_a_text_that_nobody_needs_stops_nobody(database: Database, story: OfficeStory, clock: Clock) -> None:
    story.given("deliberation")
    digest = keep(database, LATER)
    engine = another_process(database, clock)

    assert digest in engine.rules().definitions
    assert engine.case_page(story.number, ZHOU).line.number == story.number
    assert engine.cases().cases
    engine.lists.todos(ZHOU)
    engine.lists.overdue_steps()
    engine.lists.ledger()
    assert engine.sweep().failed == ()
    assert engine.activate(titled("新"), ADMIN)
    assert isinstance(
        engine.open_case("labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[APPLICATION]),
        Done,
    )


def test_doctor_finds_a_text_that_nobody_needs(database: Database, story: OfficeStory, clock: Clock) -> None:
    story.given("deliberation")
    digest = keep(database, LATER)

    found = [one for one in another_process(database, clock).doctor().findings if one.code == "definition"]

    assert [(one.case, digest[:12] in one.reason.en) for one in found] == [(None, True)]
    assert "0 open matters" in found[0].reason.en
    assert "an_edition_to_come" in found[0].reason.zh


def test_whoever_needs_it_is_told_each_time(database: Database, story: OfficeStory, clock: Clock) -> None:
    story.given("accepted")
    number = story.number
    errands = errand(with_errands(story.engine))
    to_come(database, "labour")
    engine = another_process(database, clock)

    for _ in range(2):
        with pytest.raises(BrokenDefinition, match="may be older") as caught:
            engine.case_page(number, ZHOU)
        assert caught.value.problems
    with pytest.raises(BrokenDefinition, match="may be older"):
        engine.open_case("labour", LIN, parties=PARTIES, facts={"cause": "wages"}, documents=[APPLICATION])

    assert were_read() <= 3, "what cannot be read is found out once"
    assert engine.case_page(errands, LIN).line.number == errands


def test_doctor_says_which_cases_need_it_and_looks_at_the_others(
    database: Database, story: OfficeStory, clock: Clock
) -> None:
    story.given("accepted")
    number = story.number
    errand(with_errands(story.engine))
    to_come(database, "labour")

    found = another_process(database, clock).doctor()

    assert found.checked == 2
    named = {one.case for one in found.findings if one.code == "definition"}
    assert named == {None, number}
    assert not [one for one in found.findings if one.code == "changed"]


def test_nothing_comes_into_force_beside_what_cannot_be_read(
    database: Database, engine: Engine, clock: Clock
) -> None:
    to_come(database, "labour")
    other = another_process(database, clock)
    before = other.rules().in_force

    with pytest.raises(BrokenDefinition, match="may be older"):
        other.activate({REGISTER_FILE: register_text(), **titled("新")}, ADMIN, day("2026-12-01"))

    assert other.rules().in_force == before


def test_a_sweep_holds_it_against_no_case_and_a_program_that_can_read_it_fires_what_is_due(
    database: Database, clock: Clock, engine: Engine
) -> None:
    story = OfficeStory(engine, clock).given("deliberation")
    case = story.case.id
    with engine.office.reading() as unit:
        (labour,) = [one.text for one in unit.definitions.texts() if one.name == "labour"]
    clock.set("2026-03-23")
    to_come(database, "labour")
    older = another_process(database, clock)

    for _ in range(6):
        swept = older.sweep()
        assert (swept.fired, swept.failed) == (0, (case,))

    assert older.setbacks() == ()
    tamper(database, "UPDATE definitions SET text = :text WHERE name = 'labour'", text=labour)
    assert another_process(database, clock).sweep().fired == 1
