"""Hashing: the two hashes a chain may be made with, by name: SHA-256, and SM3 of GB/T 32905.

Room for: which there are, and the one way to use them.
May not enter: what is hashed (`events.py`, `checkpoints.py`).
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from engine.errors import WrongUse
from engine.text import Text

SHA256: Final = "sha256"
SM3: Final = "sm3"

Hash = Literal["sha256", "sm3"]

HASHES: tuple[Hash, ...] = (SHA256, SM3)
"""What a register may name."""


def hexdigest(hashed: str, data: bytes) -> str:
    """Return the hash of *data* as hex; *hashed* names which, and is empty for SHA-256, with which the first chains began.

    Raises WrongUse where this machine's OpenSSL has no SM3, ValueError for a name that means none.
    """
    return digest(hashed, data).hex() if hashed else hashlib.sha256(data).hexdigest()


def digest(hashed: str, data: bytes) -> bytes:
    """Return the same as bytes."""
    if hashed in ("", SHA256):
        return hashlib.sha256(data).digest()
    if hashed != SM3:
        raise ValueError(f"not a hash we use: {hashed!r}")
    try:
        return hashlib.new(SM3, data).digest()
    except ValueError:
        raise no_sm3() from None


def as_written(hashed: str) -> str:
    """Return how an event names its hash: not at all for SHA-256, so that the first chains stay what they were."""
    return "" if hashed == SHA256 else hashed


def offers_sm3() -> bool:
    """Return whether SM3 can be used here."""
    try:
        hashlib.new(SM3, b"")
    except ValueError:
        return False
    return True


def ensure(hashed: str) -> None:
    """Raise WrongUse where *hashed* cannot be used here."""
    digest(hashed, b"")


def no_sm3() -> WrongUse:
    """This machine cannot make SM3."""
    return WrongUse(
        Text(
            "本机 Python 所用的 OpenSSL 不提供 SM3（需 OpenSSL 1.1.1 及以上且未被禁用）；未写入任何内容。",
            "The OpenSSL of this Python offers no SM3 (it takes 1.1.1 or later with SM3 left on); nothing was written.",
        )
    )
