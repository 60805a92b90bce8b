"""Chains: whether the events of a case are the ones that were written, and the case is what they lead to.

Room for: one case looked at as its rows are: chain, replay, documents, seals.
May not enter: which cases are looked at, what stands beside the cases (`verifying.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.core.fold import fold
from engine.errors import AnxuError
from engine.model.case import Case
from engine.model.checkpoints import Seal
from engine.model.events import Event, event_of, genesis, hash_of_plain
from engine.model.hashing import hexdigest
from engine.service.pages import Finding
from engine.service.sealing import beside_of
from engine.store.dossiers import EVENTS, PAPERS, Dossier
from engine.store.rows import case_of
from engine.text import Text

ASK = Text("请联系管理员核查", "Have an administrator look into it")

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a tampered row can end with."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside a case: its seals with the hash of their checkpoint, which contents are there, and when the last checkpoint was made."""

    seals: Sequence[tuple[Seal, str]] = ()
    kept: Mapping[str, int | None] | None = None
    late_before: datetime | None = None
    """An event older than this and younger than the last seal was put in afterwards; None: nobody can tell."""


def case_findings(dossier: Dossier, institution: str, known: Known) -> Iterator[Finding]:
    """Yield what is wrong with a case: the first break of its chain, or whatever else does not agree with it."""
    try:
        events = tuple(_events(dossier.of(EVENTS)))
        case = case_of(dossier.row.body)
    except UNREADABLE:
        yield unreadable(dossier.number)
        return
    if (broken := _chain(dossier, institution, events, case)) is not None:
        yield broken
        return
    try:
        yield from replayed(case, events)
        yield from _papers(dossier, events, known)
        yield from _sealed(dossier, events, known)
    except UNREADABLE:
        yield unreadable(dossier.number)


def _events(rows: Sequence[Any]) -> Iterator[Event]:
    for row in rows:
        event = event_of(json.loads(row.body))
        # A body that cannot be hashed has been tampered with as much as one that cannot be read.
        event.at, event.recorded_at  # noqa: B018
        yield event


def _chain(dossier: Dossier, institution: str, events: Sequence[Event], case: Case) -> Finding | None:
    rows = dossier.of(EVENTS)
    first = events[0].hashed if events else ""
    previous, expected = genesis(institution, dossier.id, first), 1
    for row, event in zip(rows, events, strict=True):
        if row.seq != expected:
            return finding("gap", dossier.number, f"缺少第{expected}号记录", f"event {expected} is missing")
        columns = (row.seq, row.kind, row.recorded_at, row.hash)
        sound = event.previous == previous and event.hash == stored_hash(row.body, event)
        if not sound or columns != (event.seq, event.kind, event.recorded_at, event.hash):
            said = f"第{row.seq}号记录与链不符", f"event {row.seq} does not fit the chain"
            return finding("changed", dossier.number, *said)
        previous, expected = event.hash, expected + 1
    if (previous, expected - 1) != (case.head, case.version) or case.version != dossier.row.version:
        said = "末尾的记录与案件不符", "the last event is not the one the case knows"
        return finding("truncated", dossier.number, *said)
    return None


def stored_hash(body: str, event: Event) -> str:
    """Return the hash that *body*, the stored text of *event*, comes to."""
    # Canonical JSON without the hash is the stored text without it; taking it apart and writing it anew costs four times as much.
    own = f',"hash":"{event.hash}"'
    if body.count(own) == 1:
        made = hexdigest(event.hashed, body.replace(own, "").encode())
        if made == event.hash:
            return made
    return hash_of_plain(json.loads(body))


def replayed(case: Case, events: Sequence[Event]) -> Iterator[Finding]:
    """Yield a finding where folding *events* does not lead to *case*."""
    try:
        same = fold(events) == case
    except AnxuError as error:
        yield Finding("replay", case.number, error.sentence, ASK)
        return
    if not same:
        said = "重放历史得到的案件与现状不符", "replaying the history leads to another case"
        yield finding("replay", case.number, *said)


def _papers(dossier: Dossier, events: Sequence[Event], known: Known) -> Iterator[Finding]:
    named = {digest for event in events for digest in event.documents.values()}
    there = {row.digest for row in dossier.of(PAPERS)}
    kept = there if known.kept is None else there & known.kept.keys()
    if missing := sorted(named - kept):
        said = Text(
            "记录所载的文书已不在（{digest}…）", "a document that an event names is gone ({digest}…)"
        ).filled(digest=missing[0][:12])
        yield Finding("document", dossier.number, said, ASK)
    if added := sorted(there - named):
        said = Text(
            "案卷内有记录未载的文书（{digest}…）", "the case has a document that no event names ({digest}…)"
        ).filled(digest=added[0][:12])
        yield Finding("document", dossier.number, said, ASK)


def _sealed(dossier: Dossier, events: Sequence[Event], known: Known) -> Iterator[Finding]:
    last = 0
    for seal, hashed in known.seals:
        last = max(last, seal.version)
        if seal.version > len(events):
            said = Text(
                "检查点记载至第{sealed}号记录，现只有{there}条：其后的记录已被删去",
                "a checkpoint knows event {sealed}, and there are {there}: the ones after them were cut off",
            ).filled(sealed=seal.version, there=len(events))
            yield Finding("truncated", dossier.number, said, ASK)
            return
        if seal.head != events[seal.version - 1].hash or seal.name != dossier.number:
            said = Text(
                "第{seq}号及以前的记录与检查点不符：记录被改写后重新计算过",
                "the history up to event {seq} is not the one a checkpoint knows: it was written anew",
            ).filled(seq=seal.version)
            yield Finding("rewritten", dossier.number, said, ASK)
            return
        if seal.beside != beside_of(hashed, dossier, seal.version):
            said = Text(
                "截至第{seq}号记录的文书名录或日期记录簿与检查点不符",
                "the list of documents or the journal of shown dates up to event {seq} is not the one a checkpoint knows",
            ).filled(seq=seal.version)
            yield Finding("beside", dossier.number, said, ASK)
            return
    yield from _backdated(dossier, events[last:], known)


def _backdated(dossier: Dossier, unsealed: Sequence[Event], known: Known) -> Iterator[Finding]:
    before = known.late_before
    late = next((event for event in unsealed if before is not None and event.recorded_at < before), None)
    if late is not None:
        said = Text(
            "第{seq}号记录自称早于最近的检查点，而该检查点并无此记录",
            "event {seq} says it is older than the last checkpoint, which does not know it",
        ).filled(seq=late.seq)
        yield Finding("backdated", dossier.number, said, ASK)


def unreadable(number: str) -> Finding:
    """The case or one of its events cannot be read."""
    return finding("changed", number, "案件或其记录无法读取", "the case or one of its events cannot be read")


def finding(code: str, number: str | None, zh: str, en: str) -> Finding:
    """Return a finding that an administrator has to look into."""
    return Finding(code, number, Text(zh, en), ASK)
