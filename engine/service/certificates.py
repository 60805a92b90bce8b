"""Certificates: one case as its office vouches for it, in one file: events, definitions, calendar, documents and their seals.

Room for: what stands in a certificate, and the script that goes with it.
May not enter: checking one (`verify_certificate.py`, which travels alone), signed bundles (`bundles.py`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.model.case import Case
from engine.model.checkpoints import Seal
from engine.model.events import canonical, plain_day
from engine.model.hashing import hexdigest
from engine.model.merkle import Growing
from engine.service import count_sheets
from engine.service.office import Office, Unit
from engine.service.sealing import ACTIVATION, CASE, LOAD, activation_plain, load_plain
from engine.service.sheet_pages import CountSheet
from engine.store.calendars import ALL_OFFICES, Load
from engine.store.definitions import REGISTER, Activation
from engine.store.dossiers import PAPERS, SHOWN_DATES

FORMAT = "anxu-certificate-1"

VERIFIER = "verify_certificate.py"
"""The script that checks a certificate without this program; it stands beside this file and is given away as it is."""


def certificate(office: Office, at: datetime, named: str, *, contents: bool = False) -> dict[str, Any]:
    """Return the certificate of a case as plain JSON values; *contents*: with those of its documents.

    What no checkpoint has sealed yet is in the chain alone, and the certificate says so. Raises UnknownCase.
    """
    sheet = count_sheets.sheet(office, at, named, None)
    with office.reading(at) as unit:
        case = unit.cases.find(named)
        rows = unit.cases.stored_events(case.id)
        events = [json.loads(row.body) for row in rows]
        beside = unit.dossiers.beside([case.id])[case.id]
        activations = _activations(unit, events)
        loads = _loads(unit, case)
        seals = _Seals(unit)
        sealed = seals.wanted(CASE, case.id, case.version)
        for one in activations:
            seals.wanted(ACTIVATION, str(one.number), 1)
        for load in loads:
            seals.wanted(LOAD, str(load.number), 1)
        seals.find()
        texts = {*(event["definition"] for event in events), *(one.hash for one in activations)}
        plain = {
            "format": FORMAT,
            "institution": office.institution,
            "title": _both(unit.rules.register.title),
            "case": case.id,
            "number": case.number,
            "made_at": at.astimezone(UTC).isoformat(),
            "events": events,
            "definitions": _definitions(unit, texts),
            "activations": [
                {"activation": activation_plain(one), "proof": seals.of(ACTIVATION, str(one.number))}
                for one in activations
            ],
            "calendar": [
                {"load": load_plain(unit, load), "proof": seals.of(LOAD, str(load.number))} for load in loads
            ],
            "documents": list(_documents(unit, case, beside.of(PAPERS), contents=contents)),
            "shown": [_shown(row) for row in beside.of(SHOWN_DATES)],
            "figures": figures(sheet),
            "sealed": seals.of(CASE, case.id) if sealed else None,
            "checkpoints": seals.checkpoints(),
        }
    return {**plain, "digest": hexdigest("", canonical(plain).encode())}


def certificate_text(made: Mapping[str, Any]) -> str:
    """Return a certificate as the text of its file."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def verifier_text() -> str:
    """Return the script that checks a certificate, as it is given away."""
    return Path(__file__).with_name(VERIFIER).read_text(encoding="utf-8")


def figures(sheet: CountSheet) -> dict[str, Any]:
    """Return what the count sheet of the case adds up to: what is claimed, beside what is proved."""
    reading, totals = sheet.reading, sheet.totals
    return {
        "clock": _both(sheet.title),
        "as_of": sheet.as_of.isoformat(),
        "working": _both(sheet.working),
        "state": reading.state if reading else "not_started",
        "start": plain_day(reading.clock_start) if reading else None,
        "due": plain_day(reading.due) if reading else None,
        "target_due": plain_day(reading.target_due) if reading else None,
        "provisional": bool(reading and reading.provisional),
        "on_time": reading.on_time if reading else None,
        "counted": totals.counted if totals else None,
        "stopped": totals.stopped if totals else None,
        "rolled": totals.rolled if totals else None,
        "limit": totals.limit if totals else None,
        "extension": totals.extension if totals else None,
        "disagreement": [_both(text) for text in sheet.disagreement],
    }


class _Seals:
    """The seals that one certificate shows, each with its path: first what is wanted, then each checkpoint is read once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._sealed: dict[tuple[str, str], tuple[Seal, int, int]] = {}
        self._paths: dict[tuple[int, int], Sequence[str]] = {}
        self._made = {one.number: one for one in unit.checkpoints.since(0)}

    def wanted(self, kind: str, subject: str, most: int) -> bool:
        """Ask for the seal of a subject up to version *most*; return whether a finished checkpoint has it."""
        found = self._unit.checkpoints.newest(kind, subject, most, max(self._made, default=0))
        if found is not None:
            self._sealed[kind, subject] = found
        return found is not None

    def find(self) -> None:
        """Read the tree of every checkpoint that holds something wanted."""
        for number in sorted({number for _, number, _ in self._sealed.values()}):
            places = {place for _, held, place in self._sealed.values() if held == number}
            tree = Growing(self._made[number].hashed, places)
            for _, seal in self._unit.checkpoints.leaves(number):
                tree.add(seal.leaf)
            for place, path in tree.paths().items():
                self._paths[number, place] = path

    def of(self, kind: str, subject: str) -> dict[str, Any] | None:
        """Return the seal of a subject with its path, or None where no checkpoint has it."""
        found = self._sealed.get((kind, subject))
        if found is None:
            return None
        seal, number, place = found
        leaf = [seal.kind, seal.subject, seal.version, seal.name, seal.head, seal.beside]
        return {"seal": leaf, "checkpoint": number, "place": place, "path": list(self._paths[number, place])}

    def checkpoints(self) -> list[dict[str, Any]]:
        """Return the checkpoints from the first that holds one of the seals to the newest, each linked to the one before."""
        first = min((number for _, number, _ in self._sealed.values()), default=None)
        return [one.plain() for number, one in self._made.items() if first is not None and number >= first]


def _activations(unit: Unit, events: Iterable[Mapping[str, Any]]) -> list[Activation]:
    named = {event["definition"] for event in events}
    return [
        one
        for one in unit.definitions.activations()
        if one.hash in named or (one.name == REGISTER and one.hash == unit.rules.register.hash)
    ]


def _definitions(unit: Unit, hashes: Iterable[str]) -> list[dict[str, Any]]:
    found = [text for hash in sorted(hashes) if (text := unit.definitions.text(hash))]
    return [{"hash": one.hash, "name": one.name, "file": one.file, "text": one.text} for one in found]


def _loads(unit: Unit, case: Case) -> list[Load]:
    """The loads in force of the years the case's dates rest on, and of the next, whose notice may name days of December."""
    first, last = unit.cases.reach(case.id) or (case.opened_at.date(), case.opened_at.date())
    return [
        load
        for (year, place), load in sorted(unit.calendars.latest().items())
        if first.year <= year <= last.year + 1 and place in (ALL_OFFICES, case.office)
    ]


def _documents(unit: Unit, case: Case, rows: Sequence[Any], *, contents: bool) -> Iterable[dict[str, Any]]:
    known = {one.digest: one for one in unit.documents.of_case(case.id)}
    for row in rows:
        plain = {
            "seq": row.seq, "kind": row.kind, "matter": row.matter, "digest": row.digest, "name": row.name,
            "size": known[row.digest].size if row.digest in known else None,
            "media_type": known[row.digest].media_type if row.digest in known else "",
        }  # fmt: skip
        found = unit.documents.content(case.id, row.digest) if contents else None
        if found is not None and found.digest == row.digest:
            plain["content"] = base64.b64encode(found.content).decode()
        yield plain


def _shown(row: Any) -> list[Any]:
    days = map(plain_day, (row.due, row.overdue_after, row.target_due))
    return [row.seq, row.at.isoformat(), row.clock, *days, row.load]


def _both(text: Any) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
