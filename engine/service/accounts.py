"""Accounts: proving who one is.

Room for: password hashes, failures, the lock after five of them.
May not enter: sessions and cookies (`web/sign_in.py`), roles.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import UnknownName, WrongUse
from engine.model.answers import Refusal
from engine.service.office import Office
from engine.service.pages import PersonPage
from engine.service.staff import person_page
from engine.text import Text

LEAST_LENGTH = 10
FAILURES_MOST = 5
LOCKED_FOR = timedelta(minutes=15)

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    # Verified for names nobody has, so that an unknown name takes as long as a wrong password.
    return _hasher.hash("nobody signs in with this")


def set_password(office: Office, person: str, password: str) -> None:
    """Set *person*'s password. Raises WrongUse when it is too short, UnknownName when nobody is known so."""
    if len(password) < LEAST_LENGTH:
        raise WrongUse(
            Text(f"密码至少{LEAST_LENGTH}位。", f"A password has at least {LEAST_LENGTH} characters.")
        )
    hashed = _hasher.hash(password)
    with office.writing() as unit:
        if unit.directory.account(person) is None:
            raise UnknownName(Text(f"查无此人：{person}。", f"Nobody is known as {person}."))
        unit.directory.set_password(person, hashed)


def sign_in(office: Office, at: datetime, person: str, password: str) -> PersonPage | Refusal:
    """Return the person when the password is right, else a Refusal that says neither what was wrong nor who is known.

    After five failures in a row an account is locked for a quarter of an hour, even to the right password.
    """
    with office.reading() as unit:
        account = unit.directory.account(person)
    hashed = account.password if account and account.password else _nobody()
    right = _verified(hashed, password)
    if account is None or account.password is None:
        return _wrong()
    if account.locked_until and account.locked_until > at:
        return _wrong()
    if not right:
        with office.writing() as unit:
            unit.directory.count_failure(person, FAILURES_MOST, at + LOCKED_FOR)
        return _wrong()
    if account.failures or account.locked_until:
        with office.writing() as unit:
            unit.directory.forget_failures(person)
    return person_page(office, at, person) or _wrong()


def mark(office: Office, person: str) -> str | None:
    """Return a mark of *person*'s present password that tells nothing of it; None where there is none."""
    with office.reading() as unit:
        account = unit.directory.account(person)
    if account is None or account.password is None:
        return None
    return hashlib.sha256(f"{person}/{account.password}".encode()).hexdigest()[:16]


def _verified(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _wrong() -> Refusal:
    minutes = int(LOCKED_FOR.total_seconds() // 60)
    return Refusal(
        "sign_in",
        Text(
            f"账号或密码不正确；连续{FAILURES_MOST}次失败后，账号将锁定{minutes}分钟。",
            f"The name or the password is not right; after {FAILURES_MOST} failures an account is locked for {minutes} minutes.",
        ),
    )
