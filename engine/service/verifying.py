"""Verifying: nothing was changed, left out, put in or cut off: every case, what decided them, and all that was sealed.

Room for: `verify`: pages of cases, definitions, calendars, documents, checkpoints, and heads that were kept outside.
May not enter: one case's chain (`chains.py`), promises about live data (`inspection.py`), repairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.checkpoints import Anchor, Checkpoint, broken_links
from engine.model.merkle import Growing
from engine.service.chains import ASK, Known, case_findings, finding
from engine.service.checkpointing import LATE
from engine.service.office import Office, Unit
from engine.service.pages import Finding, Findings
from engine.service.reprojecting import Progress
from engine.service.sealing import ACTIVATION, ARCHIVE, CONTACTS, LOAD, PEOPLE, RECORDS, records
from engine.store.calendars import digest_of_days
from engine.store.definitions import digest_of
from engine.store.dossiers import EVENTS, PAPERS, SHOWN_DATES, Dossier
from engine.text import Text

PAGE = 400
"""So many cases are read at a time."""


def verify(office: Office, anchors: Sequence[Anchor] = (), progress: Progress | None = None) -> Findings:
    """Check every chain, and everything that a checkpoint knows, against what is there.

    Found are events changed, missing, put in, swapped or cut off, a tail or a whole case written anew, a case that is
    gone with all its rows, documents, definitions, activations, calendar loads, roles and addresses changed behind
    the program, and checkpoints that do not fit each other. *anchors* are heads that were kept outside: what they do not
    agree with was made anew as a whole. Cases are read a page at a time, each page as of one moment.
    """
    findings: list[Finding] = []
    with office.reading() as unit:
        findings += _checkpoints(unit)
        findings += _anchored(unit, anchors)
        total = unit.dossiers.count()
    checked, after = 0, ""
    while True:
        with office.reading() as unit:
            page = unit.dossiers.page(after, PAGE, (EVENTS, PAPERS, SHOWN_DATES))
            if not page:
                break
            findings += _of_page(unit, page)
        checked, after = checked + len(page), page[-1].id
        if progress is not None:
            progress(checked, max(total, checked))
    with office.reading() as unit:
        findings += _gone(unit)
        findings += _definitions(unit)
        findings += _records(unit)
        findings += _contents(unit)
    return Findings(checked, tuple(findings))


def _of_page(unit: Unit, page: Sequence[Dossier]) -> Iterator[Finding]:
    hashed = _hashes(unit)
    sealed = unit.checkpoints.of_cases(page[0].id, page[-1].id)
    kept = unit.dossiers.kept_contents(list({row.digest for one in page for row in one.of(PAPERS)}))
    before = _late_before(unit)
    back = unit.archives.came_back([one.id for one in page]) if before else frozenset()
    for dossier in page:
        seals = [(seal, hashed.get(number, "")) for seal, number in sealed.get(dossier.id, ())]
        late = None if dossier.id in back else before
        yield from case_findings(dossier, unit.institution, Known(seals, kept, late))


def _hashes(unit: Unit) -> dict[int, str]:
    found = {one.number: one.hashed for one in unit.checkpoints.since(0)}
    working = unit.checkpoints.sealing()
    return {working.number: working.hashed, **found} if working else found


def _late_before(unit: Unit) -> datetime | None:
    last = unit.checkpoints.last()
    # In a rehearsal the time goes to and fro as one likes.
    return last.made_at - LATE if last and not unit.rules.register.rehearsal else None


def _checkpoints(unit: Unit) -> Iterator[Finding]:
    made = unit.checkpoints.since(0)
    said = {
        "missing": ("第{n}号检查点已不在", "checkpoint {n} is gone"),
        "changed": ("第{n}号检查点与其校验值不符", "checkpoint {n} is not what its head says"),
        "unlinked": ("第{n}号检查点与前一检查点不相连", "checkpoint {n} is not linked to the one before it"),
    }
    for number, what in broken_links(made):
        yield Finding("checkpoint", None, Text(*said[what]).filled(n=number), ASK)
    for one in made:
        yield from _seals(unit, one)
    working, last = unit.checkpoints.sealing(), made[-1].number if made else 0
    # The row of the one at work is the only other place that knows how many there were.
    known = 0 if working is None else working.number - (working.finished_at is None)
    if known > last:
        yield Finding("checkpoint", None, Text(*said["missing"]).filled(n=known), ASK)
    if strays := unit.checkpoints.strays():
        text = Text("有{n}条封存记录不属于任何检查点", "{n} seals belong to no checkpoint").filled(n=strays)
        yield Finding("checkpoint", None, text, ASK)


def _seals(unit: Unit, one: Checkpoint) -> Iterator[Finding]:
    tree, expected = Growing(one.hashed), 0
    for place, seal in unit.checkpoints.leaves(one.number):
        if place != expected:
            break
        tree.add(seal.leaf)
        expected += 1
    if expected != one.sealed:
        text = Text(
            "第{n}号检查点的第{place}条封存记录已不在", "seal {place} of checkpoint {n} is gone"
        ).filled(n=one.number, place=expected)
        yield Finding("checkpoint", None, text, ASK)
    elif tree.root() != one.root:
        text = Text("第{n}号检查点的封存记录被改动", "the seals of checkpoint {n} were changed").filled(
            n=one.number
        )
        yield Finding("checkpoint", None, text, ASK)


def _anchored(unit: Unit, anchors: Sequence[Anchor]) -> Iterator[Finding]:
    heads = {one.head: one.number for one in unit.checkpoints.since(0)}
    by_number = {number: head for head, number in heads.items()}
    for anchor in anchors:
        if anchor.institution not in ("", unit.institution):
            text = Text(
                "外存的检查点属于机构“{name}”", "the head kept outside is that of the institution “{name}”"
            ).filled(name=anchor.institution)
        elif anchor.number is not None and by_number.get(anchor.number) != anchor.head:
            text = Text(
                "库中第{n}号检查点与外存的不是同一个：该检查点以前的全部记录可能已被重做",
                "checkpoint {n} is not the one that was kept outside: everything up to it may have been made anew",
            ).filled(n=anchor.number)
        elif anchor.head not in heads:
            text = Text(
                "库中没有外存的检查点（{head}…）：全部记录可能已被重做",
                "the store has no checkpoint with the head that was kept outside ({head}…): everything may have been made anew",
            ).filled(head=anchor.head[:12])
        else:
            continue
        yield Finding("anchor", None, text, ASK)


def _gone(unit: Unit) -> Iterator[Finding]:
    sealed, after = set(), ""
    while found := unit.checkpoints.gone(after, PAGE):
        for id, number, version in found:
            sealed.add(id)
            text = Text(
                "检查点记载此案有{n}条记录，案件已不在",
                "a checkpoint knows this case with {n} events, and it is gone",
            ).filled(n=version)
            yield Finding("deleted", number, text, ASK)
        after = found[-1][0]
    for id in unit.cases.orphans():
        if id not in sealed:
            said = f"案件{id}的记录尚在而案件已无", f"the events of case {id} are there and the case is not"
            yield finding("deleted", None, *said)


def _definitions(unit: Unit) -> Iterator[Finding]:
    there = set()
    for text in unit.definitions.texts():
        there.add(text.hash)
        if digest_of(text.text) != text.hash:
            said = (
                f"库中的定义“{text.name}”与其校验值不符",
                f"the stored definition “{text.name}” is not what its hash says",
            )
            yield finding("definition", None, *said)
    for one in unit.definitions.activations():
        if one.hash not in there:
            said = (
                f"已启用的定义“{one.name}”已不在库中",
                f"the definition “{one.name}” that came into force is gone",
            )
            yield finding("definition", None, *said)
    for proposal in unit.proposals.all("activate"):
        for stored in proposal.payload["texts"]:
            if digest_of(stored["text"]) != stored["hash"]:
                said = (
                    f"第{proposal.number}号提请中的定义“{stored['name']}”与其校验值不符",
                    f"in proposal {proposal.number} the definition “{stored['name']}” is not what its hash says",
                )
                yield finding("definition", None, *said)


_OF_RECORD = {
    ACTIVATION: Text("第{n}次启用的记录与检查点不符或已不在", "activation {n} is not the one a checkpoint knows, or is gone"),
    LOAD: Text("第{n}次日历录入与检查点不符或已不在", "calendar load {n} is not the one a checkpoint knows, or is gone"),
    ARCHIVE: Text("第{n}条归档记录与检查点不符或已不在", "archive row {n} is not the one a checkpoint knows, or is gone"),
    PEOPLE: Text("人员、岗位或离岗在程序之外被改动", "people, roles or leave were changed behind the program"),
    CONTACTS: Text("通知地址或选择在程序之外被改动", "addresses or choices for notices were changed behind the program"),
}  # fmt: skip


def _records(unit: Unit) -> Iterator[Finding]:
    for load in unit.calendars.loads():
        if digest_of_days(unit.calendars.days_of(load.number)) != load.digest:
            text = Text(
                "第{n}次日历录入的日期与其校验值不符",
                "the days of calendar load {n} are not what its hash says",
            )
            yield Finding("calendar", None, text.filled(n=load.number), ASK)
    hashes = {one.number: one.hashed for one in unit.checkpoints.since(0)}
    for hashed in dict.fromkeys(hashes.values()):
        now = {(kind, subject, version): made for kind, subject, version, _, made in records(unit, hashed)}
        for kind in RECORDS:
            for (subject, version), (seal, number) in unit.checkpoints.known_in(kind).items():
                if hashes.get(number) != hashed:
                    continue
                made = now.get((kind, subject, version))
                # Of who held what earlier there is no copy to compare with; of today's there is.
                passed = kind in (PEOPLE, CONTACTS) and made is None
                if not passed and (made is None or made() != seal.head):
                    yield Finding(kind, None, _OF_RECORD[kind].filled(n=subject), ASK)


def _contents(unit: Unit) -> Iterator[Finding]:
    for digest in unit.documents.changed():
        said = f"文书内容与其校验值{digest[:12]}…不符", f"a document is not what its hash {digest[:12]}… says"
        yield finding("document", None, *said)
