"""Bundles: one archived case in one signed file: certificate, documents, the script that checks it, and a manifest.

Room for: packing, reading, and every check that needs nothing but the file.
May not enter: the store, who may archive (`archiving.py`), how a signature is made (`signatures.py`).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import WrongUse
from engine.model.events import canonical
from engine.service import verify_certificate
from engine.service.certificates import VERIFIER, certificate_text, verifier_text
from engine.service.signatures import ALGORITHM, is_signed, sign
from engine.text import Text

FORMAT = "anxu-bundle-1"

MANIFEST, SIGNATURE, CERTIFICATE, DOCUMENTS = (
    "manifest.json",
    "signature.json",
    "certificate.json",
    "documents/",
)

MOST_BYTES = 4 << 30
"""A bundle that would unpack to more is no bundle of ours."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every file is the one its signed manifest names, and whose certificate holds."""

    manifest: Mapping[str, Any]
    certificate: Mapping[str, Any]
    contents: Mapping[str, bytes]
    """Digest -> content of a document."""
    signer: str
    digest: str
    """The SHA-256 of the whole file."""
    proved: tuple[str, ...]
    """What its certificate proves, in both languages."""


def pack(certificate: Mapping[str, Any], contents: Mapping[str, bytes], pem: bytes) -> bytes:
    """Return the bundle of a case, signed with the private key *pem*; the same parts make the same bytes."""
    files = {CERTIFICATE: certificate_text(certificate).encode(), VERIFIER: verifier_text().encode()}
    files |= {f"{DOCUMENTS}{digest}": content for digest, content in sorted(contents.items())}
    manifest = {
        "format": FORMAT, "institution": certificate["institution"], "case": certificate["case"],
        "number": certificate["number"], "version": len(certificate["events"]), "made_at": certificate["made_at"],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }  # fmt: skip
    said = canonical(manifest).encode()
    signer, signature = sign(pem, said)
    signed = {"algorithm": ALGORITHM, "signer": signer, "signature": signature}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {MANIFEST: said, SIGNATURE: canonical(signed).encode(), **files}.items():
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def opened(packed: bytes) -> Bundle:
    """Return the bundle that *packed* is.

    Raises WrongUse, with the reason, for anything else: not signed, files changed, missing or added, a certificate that
    does not hold or that no checkpoint has sealed. Whose key it is signed by is for the caller to judge.
    """
    try:
        files = _files(packed)
        manifest, signed = json.loads(files.pop(MANIFEST)), json.loads(files.pop(SIGNATURE))
        certificate = json.loads(files[CERTIFICATE])
        said = canonical(manifest).encode()
        if signed["algorithm"] != ALGORITHM or not is_signed(signed["signer"], signed["signature"], said):
            raise _broken(Text("签名不符", "the signature does not hold"))
        there = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        if manifest["format"] != FORMAT or there != manifest["files"]:
            raise _broken(Text("文件与清单不符", "its files are not those of the manifest"))
        proved = _proved(certificate)
        contents = {
            name.removeprefix(DOCUMENTS): content
            for name, content in files.items()
            if name.startswith(DOCUMENTS)
        }
        about = [manifest[name] for name in ("institution", "case", "number", "version")]
        told = [
            certificate["institution"],
            certificate["case"],
            certificate["number"],
            len(certificate["events"]),
        ]
        named = {one["digest"] for one in certificate["documents"]}
        own = all(hashlib.sha256(content).hexdigest() == digest for digest, content in contents.items())
        if certificate["sealed"] is None:
            # Archiving seals first: its events stand under the office's checkpoints, or it is none of ours.
            raise _broken(
                Text(
                    "没有检查点封存此案，其记录无从证实",
                    "no checkpoint has sealed its case, so nothing vouches for its events",
                )
            )
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        EOFError,
    ) as error:
        raise _broken(Text(f"无法读取（{error}）", f"it cannot be read ({error})")) from None
    if about != told or not contents.keys() <= named or not own:
        raise _broken(
            Text("清单、证明与文书互不相符", "manifest, certificate and documents do not go together")
        )
    return Bundle(
        manifest, certificate, contents, signed["signer"], hashlib.sha256(packed).hexdigest(), proved
    )


def _files(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > MOST_BYTES or len({i.filename for i in infos}) != len(
            infos
        ):
            raise _broken(Text("内容过大或有重名文件", "it is too large, or has two files of one name"))
        return {info.filename: archive.read(info) for info in infos}


def _proved(certificate: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        return tuple(verify_certificate.proved(certificate, ""))
    except SystemExit as error:
        # The script stops with its sentence, as a script does.
        raise _broken(
            Text(f"证明不成立：{error.code}", f"its certificate does not hold: {error.code}")
        ) from None


def _broken(why: Text) -> WrongUse:
    return WrongUse(
        Text("这不是完好的档案包：{why}。", "This is no sound archive bundle: {why}.").filled(why=why)
    )
