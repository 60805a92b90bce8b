"""Signing in: the right password, five failures, a quarter of an hour, and no word about who is known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from engine.errors import UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.service import accounts
from engine.service.engine import Engine
from engine.service.pages import PersonPage
from engine.store.database import Database
from tests.builders import Clock
from tests.cast import GU, SHEN, ZHOU, name_of
from tests.office import all_at_once, rows_of

RIGHT = "晨光里的第一庭 2026"
WRONG = "not the password"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that take no time: how dear a guess is, is not what is tried here."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobody.cache_clear()
    yield
    accounts._nobody.cache_clear()


@pytest.fixture
def known(engine: Engine) -> Engine:
    """An office where Zhou has a password."""
    engine.set_password(ZHOU, RIGHT)
    return engine


def in_(answer: PersonPage | Refusal) -> bool:
    return isinstance(answer, PersonPage)


def test_the_right_password_gives_the_person_with_todays_roles(known: Engine) -> None:
    page = known.sign_in(ZHOU, RIGHT)

    assert isinstance(page, PersonPage)
    assert (page.id, page.name) == (ZHOU, name_of(ZHOU))
    assert [role for role, _ in page.roles] == ["secretary", "service_officer"]
    assert page.offices == ("main",)


def test_a_wrong_password_an_unknown_name_and_one_without_a_password_get_the_same_answer(
    known: Engine,
) -> None:
    answers = [known.sign_in(ZHOU, WRONG), known.sign_in("nobody", WRONG), known.sign_in(SHEN, WRONG)]

    assert isinstance(answers[0], Refusal)
    assert answers[0] == answers[1] == answers[2]


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(known: Engine, clock: Clock) -> None:
    for _ in range(5):
        assert not in_(known.sign_in(ZHOU, WRONG))

    assert not in_(known.sign_in(ZHOU, RIGHT)), "locked even to the right password"
    clock.ahead(minutes=14)
    assert not in_(known.sign_in(ZHOU, RIGHT))
    clock.ahead(minutes=1)
    assert in_(known.sign_in(ZHOU, RIGHT))


def test_a_locked_account_answers_like_a_name_that_nobody_has(known: Engine) -> None:
    answers = {repr(known.sign_in(name, WRONG)) for _ in range(6) for name in (ZHOU, "nobody")}

    assert len(answers) == 1


def test_four_failures_and_a_success_begin_the_count_anew(known: Engine) -> None:
    for _ in range(4):
        known.sign_in(ZHOU, WRONG)
    assert in_(known.sign_in(ZHOU, RIGHT))

    for _ in range(4):
        known.sign_in(ZHOU, WRONG)

    assert in_(known.sign_in(ZHOU, RIGHT))


def test_guesses_made_at_once_are_all_counted(known: Engine) -> None:
    all_at_once(*[partial(known.sign_in, ZHOU, f"{WRONG} {n}") for n in range(5)])

    assert not in_(known.sign_in(ZHOU, RIGHT))


def test_one_locked_account_locks_nobody_else(known: Engine) -> None:
    known.set_password(SHEN, RIGHT)
    for _ in range(5):
        known.sign_in(ZHOU, WRONG)

    assert in_(known.sign_in(SHEN, RIGHT))


def test_a_new_password_opens_a_locked_account(known: Engine) -> None:
    for _ in range(5):
        known.sign_in(ZHOU, WRONG)

    known.set_password(ZHOU, "another long password")

    assert in_(known.sign_in(ZHOU, "another long password"))
    assert not in_(known.sign_in(ZHOU, RIGHT))


@pytest.mark.parametrize("password", ["", "short", "九个字的密码不够"])
def test_a_password_of_fewer_than_ten_characters_is_refused(engine: Engine, password: str) -> None:
    with pytest.raises(WrongUse):
        engine.set_password(ZHOU, password)


def test_nobody_unknown_gets_a_password(engine: Engine) -> None:
    with pytest.raises(UnknownName):
        engine.set_password("nobody", RIGHT)


def test_no_table_holds_a_password(known: Engine, database: Database) -> None:
    assert RIGHT not in repr(rows_of(database))


def test_a_person_without_roles_signs_in_to_nothing(engine: Engine) -> None:
    engine.set_password(GU, RIGHT)

    page = engine.sign_in(GU, RIGHT)

    assert isinstance(page, PersonPage)
    assert page.roles == ()
