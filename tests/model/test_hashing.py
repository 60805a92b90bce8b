"""SM3 is that of GB/T 32905 wherever it is made: by OpenSSL, and in the script that travels with a certificate."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import WrongUse
from engine.model.hashing import SM3, ensure, hexdigest, offers_sm3
from engine.service.verify_certificate import sm3

STANDARD = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]
"""The examples in the annex of GB/T 32905-2016."""


@pytest.mark.parametrize(("data", "expected"), STANDARD, ids=["abc", "64 bytes"])
def test_both_ways_of_making_sm3_agree_with_the_standard(data: bytes, expected: str) -> None:
    assert sm3(data) == expected
    assert hexdigest(SM3, data) == expected


@given(st.binary(max_size=300))
def test_both_ways_of_making_sm3_agree_with_each_other(data: bytes) -> None:
    assert sm3(data) == hexdigest(SM3, data)


def test_an_empty_name_is_the_hash_the_first_chains_were_made_with() -> None:
    assert hexdigest("", b"x") == hexdigest("sha256", b"x") == hashlib.sha256(b"x").hexdigest()


def test_a_name_that_means_no_hash_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="md5"):
        hexdigest("md5", b"x")


def test_a_machine_without_sm3_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, *_: Any) -> Any:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", without)

    assert not offers_sm3()
    with pytest.raises(WrongUse) as told:
        ensure(SM3)
    assert "OpenSSL" in told.value.sentence.zh
    ensure("sha256")
