"""Archiving: a closed case into a signed bundle, its contents out of the store where that is wanted, and back again.

Room for: who may, which cases can be, what is written down of it.
May not enter: what a bundle is (`bundles.py`), retention as law has it (the procedures say that), deleting a record: chain, case
and rows stay in the store for ever, only the contents of documents may leave it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from engine.core.authority import persons_of
from engine.core.fold import fold
from engine.core.projection import project
from engine.errors import BrokenHistory, WrongUse
from engine.model.answers import Refusal
from engine.model.case import Case
from engine.model.events import event_of
from engine.service import checkpointing
from engine.service.bundles import Bundle, opened, pack
from engine.service.case_pages import action_lines
from engine.service.certificates import certificate
from engine.service.office import Office, Unit
from engine.service.persisting import begun
from engine.service.staff import known_person
from engine.service.stored_texts import StoredProcedures, stored_procedure
from engine.store import private_files
from engine.store.definitions import REGISTER, StoredText
from engine.store.documents import Attachment
from engine.store.returning import bring_back
from engine.text import Text

ARCHIVISTS = ("archivist", "admin")
"""Who may archive a case, take contents out of the store and bring a case back."""

PAGE = 200

SEALED_ONLY = Text(
    "尚未归档，已生成的检查点保留；请重新归档",
    "nothing was archived, and a checkpoint that was made stays; archive again",
)
NOT_RECORDED = Text(
    "档案包已写入磁盘但尚未登记，库中未作改动；请重新归档",
    "the bundle is on the disk but not recorded, and nothing left the store; archive again",
)
ROWS_LEFT = Text(
    "库中案件已不在而尚有其部分记录（anxu doctor 列出），请从备份恢复或清除后再取回",
    "the case is gone from the store and some of its rows are not (anxu doctor lists them); restore a backup, or clear them and bring it back",
)


@dataclass(frozen=True, slots=True)
class Bundled:
    """A case that went into the bundle *file*; *removed* counts the contents that left the store."""

    number: str
    file: str
    digest: str
    signer: str
    removed: int


@dataclass(frozen=True, slots=True)
class Returned:
    """A case that came back; *whole*: the store did not have it; *contents* counts the documents that came back."""

    number: str
    whole: bool
    contents: int


def archive(
    office: Office, at: datetime, named: str, folder: Path, pem: bytes, by: str, *, remove: bool = False
) -> Bundled | Refusal:
    """Write a closed case into a signed bundle in *folder*; with *remove* the contents of its documents leave the store.

    The bundle is on the disk and has been read and checked before anything is removed; what another case has as well
    stays. A case that no checkpoint has sealed as it stands is sealed first. Refused while the case is open. Raises
    UnknownCase, UnknownName, WrongUse where the file cannot be written.
    """
    with office.reading(at) as unit:
        if refusal := _may_not(unit, by, at):
            return refusal
        case = unit.cases.find(named)
        if case.open:
            return _still_open(unit, case, at)
        last = unit.checkpoints.last()
        sealed = unit.checkpoints.newest("case", case.id, case.version, last.number if last else 0)
    if sealed is None or sealed[0].version < case.version:
        checkpointing.make(office, at)
    with begun(SEALED_ONLY):
        made = certificate(office, at, case.id)
        with office.reading(at) as unit:
            contents = _contents(unit, case, {one["digest"] for one in made["documents"]})
    packed = pack(made, contents, pem)
    bundle = opened(packed)
    file = _written(
        folder, f"{_file_name(case.number)}-{len(made['events'])}-{bundle.digest[:8]}.zip", packed
    )
    with begun(NOT_RECORDED, lost=False), office.writing(at) as unit:
        version = len(made["events"])
        row = (file.name, bundle.digest, bundle.signer, by, at)
        unit.archives.add("out", case.id, version, *row)
        removed = 0
        if remove and contents:
            number = unit.archives.add("removed", case.id, version, *row).number
            removed = unit.archives.move_out(case.id, contents, number)
    return Bundled(case.number, str(file), bundle.digest, bundle.signer, removed)


def closed_before(office: Office, at: datetime, day: date) -> Iterator[str]:
    """Yield the ids of the cases that ended before *day* and are in no bundle as they stand, page by page."""
    after = ""
    while True:
        with office.reading(at) as unit:
            page = unit.archives.ended(after, PAGE)
            found = unit.docket.bodies(page)
            out = {id: max((row.version for row in unit.archives.of_case(id)), default=0) for id in page}
        if not page:
            return
        for id in page:
            case = found[id]
            if case.main.entered_on < day and out[id] < case.version:
                yield id
        after = page[-1]


def back(
    office: Office, at: datetime, packed: bytes, by: str, trusted: str | None = None
) -> Returned | Refusal:
    """Bring a case back from its bundle: whole where the store lacks it, else the contents that left it.

    Signature, manifest, certificate and chain are checked first. The key must be one this office has signed with, or
    *trusted* (hex). Refused where the number is taken, the store's own record of the case is another one, or rows are left
    of a case that is gone. Raises WrongUse for a bundle that is not sound.
    """
    bundle = opened(packed)
    with office.writing(at) as unit:
        if refusal := _may_not(unit, by, at) or _not_trusted(unit, bundle, trusted):
            return refusal
        if bundle.certificate["institution"] != office.institution:
            return _refused(
                "other_institution", Text("这是另一机构的案件", "the case is another institution's")
            )
        case, number = bundle.certificate["case"], bundle.certificate["number"]
        whole = unit.cases.number_named(case) is None
        if whole:
            if unit.dossiers.left_of(case):
                return _refused("rows_left", ROWS_LEFT)
            if unit.cases.number_taken(number):
                return _refused("number_taken", Text(f"{number}已有他案使用", f"{number} is another case's"))
            _bring_whole(unit, bundle)
            count = len(bundle.contents)
        else:
            own = [event["hash"] for event in bundle.certificate["events"]]
            there = unit.cases.stored_events(case)
            if [row.hash for row in there[: len(own)]] != own:
                return _refused(
                    "other_record",
                    Text("库中该案的记录与档案包不同", "the store has another record of the case"),
                )
            moved = {
                digest for digest, held in bundle.contents.items() if unit.archives.move_in(digest, held)
            }
            count = len(moved | unit.documents.missing(case, bundle.contents))
            _keep(unit, bundle)
        version = len(bundle.certificate["events"])
        unit.archives.add("back", case, version, f"{number}", bundle.digest, bundle.signer, by, at)
    return Returned(number, whole, count)


def _bring_whole(unit: Unit, bundle: Bundle) -> None:
    made = bundle.certificate
    texts = [StoredText(one["hash"], one["name"], one["file"], one["text"]) for one in made["definitions"]]
    procedures = [text for text in texts if text.name != REGISTER]
    for text in procedures:
        # What this program cannot read it would show to nobody afterwards.
        stored_procedure(text)
        unit.definitions.keep(text)
    rules = replace(unit.rules, definitions=StoredProcedures(unit.definitions.texts()))
    events = [event_of(plain) for plain in made["events"]]
    try:
        case = fold(events)
    except (BrokenHistory, KeyError, TypeError, ValueError):
        raise WrongUse(
            Text("档案包中的记录不能还原成案件。", "The events of this bundle do not lead to a case.")
        ) from None
    bring_back(unit.connection, unit.institution, case, project(rules, case), made["events"], made["shown"])
    _keep(unit, bundle)


def _keep(unit: Unit, bundle: Bundle) -> None:
    made = bundle.certificate
    recorded = {one["seq"]: event_of(one).recorded_at for one in made["events"]}
    for one in made["documents"]:
        content = bundle.contents.get(one["digest"])
        if content is not None:
            file = Attachment(one["kind"], one["name"], content, one["media_type"])
            unit.documents.keep(file, made["case"], one["matter"], one["seq"], recorded[one["seq"]])


def _contents(unit: Unit, case: Case, named: Collection[str]) -> dict[str, bytes]:
    found = {digest: unit.documents.content(case.id, digest) for digest in named}
    return {
        digest: file.content for digest, file in found.items() if file is not None and file.digest == digest
    }


def _written(folder: Path, name: str, packed: bytes) -> Path:
    file = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        private_files.write(file, packed)
        whole = file.read_bytes() == packed
    except OSError as error:
        raise WrongUse(
            Text(
                f"“{file}”写不了（{error.strerror}）；未作改动。",
                f"“{file}” cannot be written ({error.strerror}); nothing was changed.",
            )
        ) from None
    if not whole:
        raise WrongUse(
            Text(
                f"“{file}”写入后读出不同；未作改动。",
                f"“{file}” reads back differently; nothing was changed.",
            )
        )
    return file


def _file_name(number: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in number).strip("-")


def _may_not(unit: Unit, by: str, at: datetime) -> Refusal | None:
    known_person(unit.rules, by)
    day, people = unit.rules.day_of(at), unit.rules.people
    if any(
        role in ARCHIVISTS for place in unit.rules.register.offices for role in people.roles(by, place, day)
    ):
        return None
    name = people.name(by)
    return Refusal(
        "not_yours",
        Text(f"归档由档案人员或管理员办理，{name}不能办理。", f"Archiving is for an archivist or administrator; {name} may not do it."),
        enables=Text("请转有权人员办理", "Ask somebody who may"),
    )  # fmt: skip


def _not_trusted(unit: Unit, bundle: Bundle, trusted: str | None) -> Refusal | None:
    if bundle.signer == trusted or (trusted is None and bundle.signer in unit.archives.signers()):
        return None
    return Refusal(
        "unknown_key",
        Text(f"档案包由密钥{bundle.signer[:16]}…签名，本机构未用过它。", f"The bundle is signed by the key {bundle.signer[:16]}…, which this office has not signed with."),
        enables=Text("核实后用 --trust 指明该公钥", "Make sure of it, then name the public key by --trust"),
    )  # fmt: skip


def _still_open(unit: Unit, case: Case, at: datetime) -> Refusal:
    act = _next_act(unit, case, at)
    return Refusal(
        "still_open",
        Text(f"{case.number}尚未办结，不能归档。", f"{case.number} has not ended and cannot be archived."),
        enables=act
        or Text(
            "请先办结；现在无人有可办理的事项", "Close the case first; nobody has an act that is possible now"
        ),
    )


def _next_act(unit: Unit, case: Case, at: datetime) -> Text | None:
    """Return the next act on the way forward that somebody who is awaited may do now: of the case itself, else of a matter."""
    rules, day = unit.rules, unit.rules.day_of(at)
    for matter in case.open_matters():
        state = rules.procedure_of(matter).states[matter.state]
        asked = [one for who in state.awaits for one in persons_of(rules, case, matter, who, day)]
        for person in dict.fromkeys(asked):
            for line in action_lines(rules, case, person, at):
                if line.allowed and line.primary and line.matter == matter.id:
                    return Text(
                        "下一步可办理“{title}”（{name}），办结后再归档",
                        "Next “{title}” can be done ({name}); archive the case once it has ended",
                    ).filled(title=line.title, name=rules.people.name(person))
    return None


def _refused(code: str, why: Text) -> Refusal:
    return Refusal(code, Text(f"未取回：{why.zh}。", f"Not brought back: {why.en}."))
