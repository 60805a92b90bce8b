"""Sealing: what a checkpoint commits to: cases as they stand, and what they were decided by.

Room for: the one form in which each kind of thing is hashed for its seal.
May not enter: when a checkpoint is made (`checkpointing.py`), looking for what was changed (`verifying.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.model.checkpoints import Seal, canonical_list
from engine.model.events import canonical, plain_day
from engine.model.hashing import SHA256, hexdigest
from engine.store.archives import Archived
from engine.store.calendars import Load
from engine.store.definitions import Activation
from engine.store.dossiers import PAPERS, SHOWN_DATES, Dossier
from engine.store.unit import Unit

CASE, ACTIVATION, LOAD, ARCHIVE = "case", "activation", "load", "archive"
PEOPLE, CONTACTS = "people", "contacts"

RECORDS = (ACTIVATION, LOAD, PEOPLE, CONTACTS, ARCHIVE)
"""The kinds beside cases. A definition is committed to by the hash that its activation names."""

NAME_MOST = 120


def beside_of(hashed: str, dossier: Dossier, version: int) -> str:
    """Return the hash of what stands beside a case's chain up to event *version*: its documents' names, the dates it showed.

    Both are written once, with their event, and never again.
    """
    papers = [[r.seq, r.kind, r.matter, r.digest, r.name] for r in dossier.of(PAPERS) if r.seq <= version]
    shown = [
        [r.seq, r.at.isoformat(), r.clock, *map(plain_day, (r.due, r.overdue_after, r.target_due)), r.load]
        for r in dossier.of(SHOWN_DATES)
        if r.seq <= version
    ]
    return hexdigest(hashed, canonical_list([sorted(papers), shown]).encode())


def case_seal(hashed: str, case: str, number: str, version: int, head: str, dossier: Dossier) -> Seal:
    """Return the seal of a case as of event *version*, whose hash is *head*."""
    return Seal(CASE, case, version, number, head, beside_of(hashed, dossier, version))


def records(unit: Unit, hashed: str) -> Iterable[tuple[str, str, int, str, Callable[[], str]]]:
    """Yield (kind, subject, version, name, its hash) of every record beside the cases; a hash is made only when asked for."""
    for one in unit.definitions.activations():
        yield ACTIVATION, str(one.number), 1, one.name, lambda one=one: activation_hash(hashed, one)  # type: ignore[misc]
    for load in unit.calendars.loads():
        name = f"{load.year} {load.notice}"[:NAME_MOST]
        yield LOAD, str(load.number), 1, name, lambda load=load: load_hash(unit, hashed, load)  # type: ignore[misc]
    for row in unit.archives.all():
        yield ARCHIVE, str(row.number), 1, row.file[:NAME_MOST], lambda row=row: archive_hash(hashed, row)  # type: ignore[misc]
    edition = dict(unit.editions()).get("people", 0)
    yield PEOPLE, PEOPLE, edition, "", lambda: people_hash(unit, hashed)
    # A seal of its own, so that checkpoints made before there was one go on saying what they said.
    yield CONTACTS, CONTACTS, edition, "", lambda: contacts_hash(unit, hashed)


def activation_hash(hashed: str, one: Activation) -> str:
    """Return the hash of an activation: what, from when on, by whom."""
    return hexdigest(hashed, canonical(activation_plain(one)).encode())


def activation_plain(one: Activation) -> dict[str, Any]:
    """Return an activation as it is hashed."""
    return {
        "number": one.number, "name": one.name, "hash": one.hash, "by": one.by, "at": one.at.isoformat(),
        "since": one.since.isoformat(), "approved_by": one.approved_by, "proposal": one.proposal,
    }  # fmt: skip


def load_hash(unit: Unit, hashed: str, load: Load) -> str:
    """Return the hash of a calendar load with all its days."""
    return hexdigest(hashed, canonical(load_plain(unit, load)).encode())


def load_plain(unit: Unit, load: Load) -> dict[str, Any]:
    """Return a calendar load as it is hashed."""
    days = [[day.day.isoformat(), day.rest, day.notice] for day in unit.calendars.days_of(load.number)]
    return {
        "number": load.number, "year": load.year, "office": load.office, "notice": load.notice,
        "digest": load.digest, "loaded_by": load.loaded_by, "loaded_at": load.loaded_at.isoformat(), "days": days,
    }  # fmt: skip


def archive_hash(hashed: str, row: Archived) -> str:
    """Return the hash of where a case was archived to, or came back from."""
    plain = {
        "number": row.number, "kind": row.kind, "case": row.case, "version": row.version, "file": row.file,
        "digest": row.digest, "signer": row.signer, "by": row.by, "at": row.at.isoformat(),
    }  # fmt: skip
    return hexdigest(hashed, canonical(plain).encode())


def people_hash(unit: Unit, hashed: str) -> str:
    """Return the hash of who is known, who holds what and who is away."""
    people = unit.directory.people()
    plain: Mapping[str, Any] = {
        "persons": sorted([p.id, p.name] for p in people.persons),
        "holdings": sorted([h.person, h.role, h.office, h.since.isoformat(), plain_day(h.until) or ""] for h in people.holdings),
        "absences": sorted([a.person, a.since.isoformat(), a.until.isoformat(), a.substitute or ""] for a in people.absences),
    }  # fmt: skip
    return hexdigest(hashed, canonical(plain).encode())


def contacts_hash(unit: Unit, hashed: str) -> str:
    """Return the hash of how persons are told beside the inbox: addresses by their SHA-256, what they want, how they speak."""
    told = sorted(
        [one.person, one.channel, hexdigest(SHA256, one.address.encode()), one.wants, one.language]
        for one in unit.directory.people().contacts
    )
    return hexdigest(hashed, canonical_list(told).encode())
