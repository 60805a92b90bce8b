#!/usr/bin/env python3
"""Verify an Anxu certificate without Anxu: Python 3.8 or later, its standard library, and nothing else.

    python3 -I verify_certificate.py CERTIFICATE.json [--against FILE|HEAD]

HEAD: a checkpoint's printed line, or its 64 hex digits, that you had from elsewhere than the office; FILE: any number of them.
Exit codes: 0 it holds, 1 it does not, 2 wrong use or no such file, 3 what you kept is later than it: ask for a new certificate.

Room for: reading one certificate, every check on it, what they prove and what they cannot.
May not enter: any import beyond the standard library, and anything newer than Python 3.8: this file travels alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any


def need(holds: Any, said: str) -> None:
    """Say what is wrong and stop, unless *holds*."""
    if not holds:
        sys.exit(f"! {said}")


def rotl(x: int, n: int) -> int:
    """Return 32 bits turned left."""
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def sm3(data: bytes) -> str:
    """Return the SM3 of *data* as GB/T 32905 defines it, as hex; slow, and the same everywhere."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * i : start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotl(w[j - 3], 15)
            w.append(x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rotl((rotl(a, 12) + e + rotl(t, j)) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else ((a & b) | (a & c) | (b & c), (e & f) | (~e & g))
            tt1 = (ff + d + (ss1 ^ rotl(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rotl(b, 9), c
            e, f, g, h = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17), e, rotl(f, 19), g
        after = (a, b, c, d, e, f, g, h)
        state = [x ^ after[i] for i, x in enumerate(state)]
    return "".join(f"{x:08x}" for x in state)


def digest(hashed: str, data: bytes) -> str:
    """Return the hash of *data* as hex; *hashed* names which, and is empty for SHA-256."""
    if hashed in ("", "sha256"):
        return hashlib.sha256(data).hexdigest()
    need(hashed == "sm3", "不认识的散列算法 · an unknown hash")
    return sm3(data)


def canonical(plain: Any) -> bytes:
    """Return the one JSON form that is hashed."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(plain: Any, own: str, hashed: str) -> str:
    """Return the hash over *plain* without its *own* key."""
    return digest(hashed, canonical({key: value for key, value in plain.items() if key != own}))


def check_whole(made: Any) -> str:
    """The file is the one whose digest it carries."""
    whole = made["format"] == "anxu-certificate-1" and made["digest"] == hash_of(made, "digest", "")
    need(whole, "证明书与其自身的校验值不符 · the certificate is not what its own digest says")
    return str(made["digest"])


def check_chain(made: Any) -> int:
    """Every event follows from the one before it, the first from institution and case."""
    events = made["events"]
    previous = digest(events[0].get("hashed", ""), f"{made['institution']}/{made['case']}".encode())
    for number, event in enumerate(events, 1):
        own = hash_of(event, "hash", event.get("hashed", ""))
        fits = event["seq"] == number and event["previous"] == previous and event["hash"] == own
        need(fits, f"第{number}号记录与链不符 · event {number} does not fit the chain")
        previous = own
    opened = [events[0]["kind"], *(events[0]["case"][name] for name in ("id", "institution", "number"))]
    named = ["case_opened", made["case"], made["institution"], made["number"]]
    need(opened == named, "首条记录不是本案的立案 · the first event does not open this case")
    return len(events)


def check_definitions(made: Any) -> int:
    """Every definition that an event names is there, with the text of its hash."""
    texts = [(one["hash"], one["text"]) for one in made["definitions"]]
    names = {name for name, _ in texts}
    need(len(names) == len(texts), "有一份定义出现两次 · a definition is there twice")
    for name, text in texts:
        normal = text.replace("\r\n", "\n").replace("\r", "\n")
        own = digest("", normal.encode()) == name
        need(own, "有一份定义与其校验值不符 · a definition is not what its hash says")
    whole = {event["definition"] for event in made["events"]} <= names
    need(whole, "缺少记录所依的定义 · a definition that an event names is missing")
    return len(texts)


def check_documents(made: Any) -> tuple[int, int]:
    """Every document an event names is listed, nothing else is, and contents that came along are theirs."""
    named = {one for event in made["events"] for one in event.get("documents", {}).values()}
    listed = {one["digest"] for one in made["documents"]}
    need(listed == named, "文书目录与记录不符 · the list of documents is not that of the events")
    contents = [one for one in made["documents"] if "content" in one]
    for one in contents:
        content = base64.b64decode(one["content"], validate=True)
        own = digest("", content) == one["digest"] and len(content) == one["size"]
        need(own, f"“{one['name']}”的内容不符 · the content of “{one['name']}” is not its own")
    return len(named), len(contents)


def root_by_path(hashed: str, leaf: bytes, place: int, size: int, path: list[str]) -> str:
    """Return the root that an inclusion proof of RFC 6962 leads to; empty where it is too long or too short."""
    node, last, wanted = digest(hashed, b"\0" + leaf), size - 1, list(path)
    while last > 0:
        if place & 1 or place < last:
            if not wanted:
                return ""
            pair = (wanted.pop(0), node) if place & 1 else (node, wanted.pop(0))
            node = digest(hashed, b"\1" + bytes.fromhex(pair[0]) + bytes.fromhex(pair[1]))
        place, last = place >> 1, last >> 1
    return "" if wanted or place else node


def check_checkpoints(made: Any) -> dict[int, Any]:
    """Every checkpoint has the head it says, is this institution's and follows from the one before it."""
    before: Any = {}
    for one in made["checkpoints"]:
        first = digest(one["hashed"], f"{made['institution']}/checkpoints".encode())
        linked = one["number"] != 1 or one["previous"] == first
        if before:
            linked = (one["previous"], one["number"]) == (before["head"], before["number"] + 1)
        own = one["head"] == hash_of(one, "head", one["hashed"]) and one["institution"] == made["institution"]
        need(linked and own, f"第{one['number']}号检查点不符 · checkpoint {one['number']} does not hold")
        before = one
    return {one["number"]: one for one in made["checkpoints"]}


def check_proof(proof: Any, points: dict[int, Any]) -> Any:
    """A seal stands under the root of its checkpoint; return that checkpoint."""
    point = points[proof["checkpoint"]]
    size, place = point["sealed"], proof["place"]
    found = root_by_path(point["hashed"], canonical(proof["seal"]), place, size, proof["path"])
    holds = 0 <= place < size and found == point["root"]
    need(holds, f"封存记录不在第{point['number']}号检查点内 · a seal is not in checkpoint {point['number']}")
    return point


def check_sealed(made: Any, points: dict[int, Any]) -> int:
    """The case up to some event, its list of documents and the dates it showed are what a checkpoint sealed."""
    if made["sealed"] is None:
        return 0
    point = check_proof(made["sealed"], points)
    kind, subject, version, name, head, beside = made["sealed"]["seal"]
    same = (kind, subject, name) == ("case", made["case"], made["number"]) and version > 0
    same = same and made["events"][version - 1]["hash"] == head
    need(same, "检查点封存的不是这些记录 · the checkpoint sealed other events")
    papers = [[d[key] for key in ("seq", "kind", "matter", "digest", "name")] for d in made["documents"]]
    shown = [row for row in made["shown"] if row[0] <= version]
    known = digest(point["hashed"], canonical([sorted(p for p in papers if p[0] <= version), shown]))
    need(known == beside, "检查点封存的不是这些文书和日期 · the checkpoint sealed other documents or dates")
    return int(version)


def check_records(made: Any, points: dict[int, Any]) -> tuple[int, int]:
    """Activations and calendar loads are what a checkpoint sealed; those of the last days may not be sealed yet."""
    counts = {"activation": 0, "load": 0}
    for kind, name in (("activation", "activations"), ("load", "calendar")):
        for one in made[name]:
            if one["proof"] is not None:
                point, seal = check_proof(one["proof"], points), one["proof"]["seal"]
                own = [kind, str(one[kind]["number"]), digest(point["hashed"], canonical(one[kind]))]
                sealed = [*seal[:2], seal[4]] == own
                need(sealed, "检查点封存的是另一条记录 · the checkpoint sealed another record")
                counts[kind] += 1
    whole = {one["activation"]["hash"] for one in made["activations"]} <= {
        d["hash"] for d in made["definitions"]
    }
    need(whole, "缺少已启用的定义 · a definition that came into force is missing")
    return counts["activation"], counts["load"]


def heads_in(given: str) -> list[tuple[str, str, str]]:
    """Return (institution, number, head) of every line in a file, or in the word itself; a bare head has but itself."""
    try:
        with open(given, encoding="utf-8", errors="replace") as stream:
            given = stream.read()
    except (OSError, ValueError):
        pass  # no file: a head itself, or nothing
    line = r"(?:anxu-checkpoint\s+(\S+)\s+(\d+)\s+\S+\s+\w+\s+)?(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])"
    return re.findall(line, given)


def newest_kept(made: Any, kept: Any) -> int:
    """Return the newest checkpoint kept outside that had sealed the case; 0 where what was kept is later than any here."""
    heads = {one["number"]: one["head"] for one in made["checkpoints"]}
    own = {(int(n or 0), head) for where, n, head in kept if where in ("", made["institution"])}
    found = [n for n in heads if (n, heads[n]) in own or (0, heads[n]) in own]
    fits = all(heads.get(n, head) == head for n, head in own) and (found or any(n for n, _ in own))
    need(fits, "与外存的检查点不符 · no checkpoint here has the head that was kept outside")
    # A head says nothing of what was sealed after it: that part of the file anybody can make.
    vouched = made["sealed"] and found and made["sealed"]["checkpoint"] <= max(found)
    later = any(n > max(heads, default=0) for n, _ in own)
    need(vouched or later, "外存的检查点未封存本案记录 · no head kept outside had sealed this case as it is")
    return max(found) if vouched else 0


def proved(made: Any, kept: Any) -> Iterator[str]:
    """Yield what was proved, check by check; the first that fails ends it."""
    whole, events, texts = check_whole(made), check_chain(made), check_definitions(made)
    yield f"证明书完整，校验值 {whole} · the certificate is whole, digest {whole}"
    yield f"{events}条记录自立案起环环相扣 · {events} events in an unbroken chain"
    yield f"{texts}份定义与校验值相符 · {texts} definitions are those their hashes name"
    papers, contents = check_documents(made)
    yield f"{papers}份文书与记录相符，其中{contents}份附有内容 · {papers} documents are those of the events, {contents} with their contents"
    points = check_checkpoints(made)
    version, (active, loads) = check_sealed(made, points), check_records(made, points)
    if version:
        n = made["sealed"]["checkpoint"]
        yield f"至第{version}号记录已由第{n}号检查点封存 · up to event {version} it is sealed by checkpoint {n}"
    if active or loads:
        yield f"{active}次启用、{loads}次日历录入已封存 · {active} activations, {loads} calendar loads are sealed"
    if kept and (n := newest_kept(made, kept)):
        yield f"第{n}号检查点正是外存的那一个 · checkpoint {n} is the one kept outside"


def not_proved(made: Any, kept: Any) -> Iterator[str]:
    """Yield what no check here can prove."""
    if not made["sealed"]:
        yield "本案记录均无检查点封存，重做无从发现 · not sealed by a checkpoint yet: none of the events; a case made anew would not be found"
    elif made["sealed"]["seal"][2] < len(made["events"]):
        yield "最后的记录尚无检查点封存 · the last events are not sealed by a checkpoint yet"
    if loose := sum(one["proof"] is None for one in made["activations"] + made["calendar"]):
        yield f"{loose}次启用或日历录入尚无检查点封存 · {loose} activations or calendar loads are not sealed by a checkpoint"
    if kept and not newest_kept(made, kept):
        yield "外存的检查点晚于本证明书，请索取新的证明书 · what you kept is later than this certificate: ask for a new one"
    if not kept:
        yield "检查点未与外存的校验值核对（--against）：整库重做无从发现 · no head from elsewhere was compared (--against): a store made anew as a whole would not be found"
    yield "最后一条之后有无记录未附、记录是否属实、何人坐在键盘前 · whether events after the last were left out, whether what was recorded is true, and who sat at the keyboard"
    yield "审限数字由签发者算出，依所附记录、定义和日历可以重算 · the figures of the count are the issuer's; they can be counted again from events, definitions and calendar"


def main(words: list[str]) -> int:
    """Check the file that the command line names; the exit codes stand at the top of this file."""
    places = [n for n, word in enumerate(words) if word == "--against"]
    given = [[*words, ""][n + 1] for n in places]
    files = [word for n, word in enumerate(words) if not {n, n - 1} & {*places}]
    asked, usage = not {"-h", "--help"}.isdisjoint(words), (__doc__ or "").partition("\n\nRoom for")[0]
    wrong = [f"! “{word}”里没有校验值 · “{word}” holds no head" for word in given if not heads_in(word)]
    if asked or wrong or len(files) != 1:
        print(usage if asked or not wrong else wrong[0], file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        with open(files[0], encoding="utf-8") as stream:
            made = json.load(stream)
        kept = [one for word in given for one in heads_in(word)]
        title = dict.fromkeys((made["title"]["zh"], made["title"]["en"]))
        print(f"# {made['number']} {' · '.join(title)}")
        for said in proved(made, kept):
            print(f"+ {said}")
        for said in not_proved(made, kept):
            print(f"? {said}")
        return 3 if kept and not newest_kept(made, kept) else 0
    except OSError as error:
        print(f"! “{files[0]}”读不出 · “{files[0]}” cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        print(f"! 证明书无法读取 · the certificate cannot be read: {error!r}")
        return 1


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
