"""Signatures: Ed25519 keys, what they sign, and whether a signature is theirs.

Room for: the one place that knows the library for it, loaded when it is needed.
May not enter: what is signed (`bundles.py`), where keys are kept: that is their owner's business.
"""

from __future__ import annotations

import re

from engine.errors import WrongUse
from engine.text import Text

ALGORITHM = "ed25519"

_PUBLIC = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def new_key() -> tuple[bytes, str]:
    """Return a fresh private key as PEM, and its public key as hex."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    return pem, key.public_key().public_bytes_raw().hex()


def sign(pem: bytes, data: bytes) -> tuple[str, str]:
    """Return the public key and the signature of *data*, both as hex. Raises WrongUse for a key that is none of ours."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongUse(
            Text(
                "这不是 Ed25519 私钥文件；请用 anxu archive --new-key FILE 生成。",
                "This is no file with an Ed25519 private key; make one with anxu archive --new-key FILE.",
            )
        )
    return key.public_key().public_bytes_raw().hex(), key.sign(data).hex()


def is_signed(signer: str, signature: str, data: bytes) -> bool:
    """Return whether *signature* over *data* is that of the public key *signer*, both as hex."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))
        key.verify(bytes.fromhex(signature), data)
    except (ValueError, InvalidSignature):
        return False
    return True


def public_in(text: str) -> str:
    """Return the public key in *text*, a key file's or 64 hex digits. Raises WrongUse where there is not exactly one."""
    found = _PUBLIC.findall(text)
    if len(found) != 1:
        raise WrongUse(
            Text(
                "请给出公钥：--new-key 写出的 .pub 文件，或64位十六进制数。",
                "Give a public key: the .pub file that --new-key wrote, or its 64 hex digits.",
            )
        )
    return str(found[0])
