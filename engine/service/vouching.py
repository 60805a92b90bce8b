"""Vouching: what an office can show to somebody who does not trust its database.

Room for: the methods of the door that make checkpoints, certificates and bundles, each handing on to its use case.
May not enter: how any of it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from engine.model.answers import Refusal
from engine.model.checkpoints import Checkpoint
from engine.service import archiving, certificates, checkpointing
from engine.service.archiving import Bundled, Returned
from engine.service.office import Office


@dataclass(frozen=True, slots=True)
class Vouching:
    """How one office vouches for its cases; *now* tells the time."""

    office: Office
    now: Callable[[], datetime]

    def checkpoint(self) -> Checkpoint:
        """Seal what changed since the last checkpoint and return the new one. Raises Conflict, StoreAway."""
        return checkpointing.make(self.office, self.now())

    def daily(self) -> Checkpoint | None:
        """Make the checkpoint of the day unless it is there or another node is at it."""
        return checkpointing.daily(self.office, self.now())

    def certificate(self, case: str, *, contents: bool = False) -> dict[str, Any]:
        """Return the certificate of a case as plain JSON values; *contents*: with those of its documents. Raises UnknownCase."""
        return certificates.certificate(self.office, self.now(), case, contents=contents)

    def archive(
        self, case: str, folder: Path, key: bytes, by: str, *, remove: bool = False
    ) -> Bundled | Refusal:
        """Write a closed case into a bundle in *folder*, signed with the private *key* (PEM).

        With *remove* the contents of its documents leave the store. Raises UnknownCase, UnknownName, WrongUse.
        """
        return archiving.archive(self.office, self.now(), case, folder, key, by, remove=remove)

    def closed_before(self, day: date) -> Iterator[str]:
        """Yield the ids of the cases that ended before *day* and are in no bundle as they stand."""
        return archiving.closed_before(self.office, self.now(), day)

    def back(self, bundle: bytes, by: str, trusted: str | None = None) -> Returned | Refusal:
        """Bring a case back from its bundle, checked first; *trusted* is the public key where the office has not used it."""
        return archiving.back(self.office, self.now(), bundle, by, trusted)

    def known(self, number: int) -> Checkpoint | None:
        """Return the checkpoint of that number, or None where there is none."""
        with self.office.reading() as unit:
            return unit.checkpoints.get(number)

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint, or None before the first."""
        with self.office.reading() as unit:
            return unit.checkpoints.last()
