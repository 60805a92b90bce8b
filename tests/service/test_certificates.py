"""A certificate holds for a reader who has nothing of ours but one script, and breaks wherever it is touched."""

from __future__ import annotations

import ast
import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.model.events import canonical
from engine.model.hashing import hexdigest
from engine.service import verify_certificate
from engine.service.certificates import VERIFIER, certificate_text, verifier_text
from engine.service.engine import Engine
from tests.builders import Clock
from tests.cast import FANG, JIA, LIN
from tests.office import OfficeStory

Plain = dict[str, Any]


@pytest.fixture
def made(engine: Engine, clock: Clock) -> Plain:
    """The certificate of a case with documents, sealed on one day and gone on with on the next."""
    OfficeStory(engine, clock).given("accepted", 2)
    story = OfficeStory(engine, clock).given("hearing_scheduled")
    engine.vouching.checkpoint()
    story.do(
        "hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )
    OfficeStory(engine, clock).open()
    engine.vouching.checkpoint()
    return engine.vouching.certificate(story.number, contents=True)


def run(folder: Path, made: Plain, *more: str) -> tuple[int, str]:
    """Let the script look at a certificate, in a Python that can import nothing but its standard library."""
    script, file = folder / VERIFIER, folder / "certificate.json"
    script.write_text(verifier_text(), encoding="utf-8")
    file.write_text(certificate_text(made), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(file), *more],
        capture_output=True, encoding="utf-8", check=False, cwd=folder, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def holds(made: Plain) -> bool:
    """The same without a process: what the script says when it is asked in this one."""
    try:
        return bool(list(verify_certificate.proved(made, "")))
    except (SystemExit, KeyError, TypeError, ValueError, AttributeError, IndexError):
        return False


def test_a_certificate_holds_and_says_what_it_proves_and_what_it_cannot(
    engine: Engine, made: Plain, tmp_path: Path
) -> None:
    code, said = run(tmp_path, made)

    assert code == 0, said
    assert f"{len(made['events'])} events in an unbroken chain" in said
    assert "sealed by checkpoint 2" in said
    assert "环环相扣" in said
    assert "? " in said, "it says what it cannot prove"


def test_a_title_that_is_the_same_in_both_languages_is_said_once(
    made: Plain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "certificate.json"
    for title, said in (
        ({"zh": "清河仲裁委", "en": "Qinghe Commission"}, "清河仲裁委 · Qinghe Commission"),
        ({"zh": "清河仲裁委", "en": "清河仲裁委"}, "清河仲裁委"),
    ):
        file.write_text(certificate_text({**made, "title": title}), encoding="utf-8")
        with pytest.raises(SystemExit, match="own digest"):
            verify_certificate.main([str(file)])
        assert capsys.readouterr().out.splitlines()[0] == f"# {made['number']} {said}"


def test_a_head_kept_outside_is_compared(engine: Engine, made: Plain, tmp_path: Path) -> None:
    kept = engine.vouching.newest()
    assert kept is not None

    assert run(tmp_path, made, "--against", kept.line())[0] == 0
    code, said = run(tmp_path, made, "--against", "0" * 64)
    assert code == 1
    assert "kept outside" in said


def test_a_head_kept_outside_vouches_for_nothing_that_was_sealed_after_it_or_never(
    engine: Engine, made: Plain, tmp_path: Path
) -> None:
    first, last = made["checkpoints"]
    assert made["sealed"]["checkpoint"] == last["number"]
    code, said = run(tmp_path, made, "--against", first["head"])
    assert (code, "sealed this case" in said) == (1, True)

    stripped = mended(copy.deepcopy(made) | {"sealed": None})
    assert run(tmp_path, stripped)[0] == 0
    code, said = run(tmp_path, stripped, "--against", last["head"])
    assert (code, "sealed this case" in said) == (1, True)


def test_what_was_kept_in_a_file_is_compared_line_by_line(
    engine: Engine, made: Plain, tmp_path: Path
) -> None:
    line = engine.vouching.newest().line()  # type: ignore[union-attr]
    kept = tmp_path / "kept.txt"
    kept.write_text(f"封存：\n第2号检查点\n{line}\n{line}\n", encoding="utf-8")
    code, said = run(tmp_path, made, "--against", "kept.txt")
    assert (code, "checkpoint 2 is the one kept outside" in said) == (0, True), said

    last = made["checkpoints"][-1]["head"]
    kept.write_text(f"{line}\n{line.replace(last, 'f' * 64)}\n", encoding="utf-8")
    assert run(tmp_path, made, "--against", "kept.txt")[0] == 1, "another head by the same number"

    kept.write_text("nothing here\n", encoding="utf-8")
    for word in ("kept.txt", "no-such-file.txt", "abc", ""):
        code, said = run(tmp_path, made, "--against", word)
        assert (code, "holds no head" in said, "不符" in said) == (2, True, False), word
    assert run(tmp_path, made, "--against")[0] == 2


def test_a_certificate_whose_end_was_left_out_says_that_it_cannot_tell(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    story = OfficeStory(engine, clock).open()
    engine.vouching.checkpoint()
    early = engine.vouching.certificate(story.number)
    story.do("propose", LIN, claim_amount="35000")
    line = engine.vouching.checkpoint().line()
    last = engine.vouching.certificate(story.number)["checkpoints"][-1:]
    plain = {name: value for name, value in early.items() if name != "digest"}
    plain["checkpoints"] = [*plain["checkpoints"], *last]
    cut = {**plain, "digest": hexdigest("", canonical(plain).encode())}

    code, said = run(tmp_path, cut, "--against", line)

    assert code == 0, said
    assert "whether events after the last were left out" in said


def test_a_head_later_than_the_certificate_is_neither_a_yes_nor_a_no(
    engine: Engine, clock: Clock, made: Plain, tmp_path: Path
) -> None:
    OfficeStory(engine, clock).open()
    later = engine.vouching.checkpoint().line()
    code, said = run(tmp_path, made, "--against", later)
    assert code == 3, said
    assert "? 外存的检查点晚于本证明书" in said
    assert "ask for a new one" in said
    assert "one kept outside" not in said

    known = f"{made['checkpoints'][-1]['head']}\n{later}"
    assert run(tmp_path, made, "--against", known)[0] == 0, "of several, one that had sealed it is enough"


def test_the_script_says_how_it_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_certificate.main(["--help"]) == 0
    usage = capsys.readouterr().out
    assert "--against FILE|HEAD" in usage
    assert "Room for" not in usage
    assert verify_certificate.main([]) == 2
    assert capsys.readouterr().err == usage
    assert verify_certificate.main([str(tmp_path / "missing.json")]) == 2
    assert "missing.json" in capsys.readouterr().err


def test_what_no_checkpoint_knows_yet_is_said(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    story = OfficeStory(engine, clock).open()
    unsealed = engine.vouching.certificate(story.number)
    assert unsealed["sealed"] is None
    code, said = run(tmp_path, unsealed)
    assert (code, "not sealed by a checkpoint yet" in said) == (0, True)

    engine.vouching.checkpoint()
    story.do("propose", LIN, claim_amount="5")
    code, said = run(tmp_path, engine.vouching.certificate(story.number))
    assert code == 0
    assert "up to event 1 it is sealed" in said
    assert "the last events are not sealed" in said


def test_a_case_chained_with_sm3_is_checked_by_the_script_alone(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    with engine.office.reading() as unit:
        text = unit.definitions.text(unit.rules.register.hash)
    assert text is not None
    engine.activate({text.file: text.text.replace("rehearsal: true", "rehearsal: true\nhash: sm3")}, FANG)
    story = OfficeStory(engine, clock).open()
    engine.vouching.checkpoint()
    made = engine.vouching.certificate(story.number)
    assert {event["hashed"] for event in made["events"]} == {"sm3"}

    assert run(tmp_path, made)[0] == 0
    assert run(tmp_path, mended({**made, "events": [{**made["events"][0], "by": "wei"}]}))[0] == 1


# --- tampering --------------------------------------------------------------------------------------------

Place = tuple[Any, ...]


def places(plain: Any, at: Place = ()) -> Iterator[Place]:
    """Yield where every single value of *plain* stands."""
    inside = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    if not isinstance(plain, dict | list) or not plain:
        yield at
    for key, value in inside:
        yield from places(value, (*at, key))


def changed(made: Plain, place: Place, chance: Random) -> Plain:
    """Return *made* with another value at *place*."""
    other = copy.deepcopy(made)
    holder: Any = other
    for key in place[:-1]:
        holder = holder[key]
    was = holder[place[-1]]
    if isinstance(was, bool) or was is None:
        holder[place[-1]] = 7
    elif isinstance(was, int):
        holder[place[-1]] = was + chance.choice([-1, 1, 1000])
    elif isinstance(was, str):
        n = chance.randrange(len(was)) if was else 0
        new = chance.choice([c for c in "0123456789abcdef甲" if c != was[n : n + 1]])
        holder[place[-1]] = was[:n] + new + was[n + 1 :]
    else:
        holder[place[-1]] = [0]
    return other


def mended(made: Plain) -> Plain:
    """Return *made* with a digest of its own that fits, as a forger would."""
    whole = {name: value for name, value in made.items() if name != "digest"}
    return {**whole, "digest": hexdigest("", canonical(whole).encode())}


UNPROVED = {"title", "made_at", "figures", "file", "name", "media_type", "size", "path", "proof", "sealed"}
"""What the office says of the certificate, and what only looks like more once something else of it is lost."""


def test_every_value_that_is_touched_is_found(made: Plain) -> None:
    chance, missed = Random(28), []
    found = list(places(made))
    assert holds(made)
    assert len(found) > 500
    for place in chance.sample(found, 400):
        if holds(changed(made, place, chance)):
            missed.append(place)

    assert missed == []


PROVED = ("events", "definitions", "activations", "calendar", "documents", "shown", "checkpoints")


def test_what_is_proved_is_found_although_the_forger_mends_the_digest(made: Plain) -> None:
    chance, missed = Random(28), []
    for part in PROVED:
        found = [place for place in places(made[part]) if not UNPROVED & set(place)]
        assert found, part
        for place in chance.sample(found, min(40, len(found))):
            if holds(mended(changed(made, (part, *place), chance))):
                missed.append((part, *place))

    assert missed == []


Forgery = Callable[[Plain], object]

FORGERIES: dict[str, Forgery] = {
    "an event left out": lambda made: made["events"].pop(3),
    "the last event left out": lambda made: made["events"].pop(),
    "an event twice": lambda made: made["events"].insert(3, made["events"][3]),
    "another number": lambda made: made.update(number="双劳人仲案〔2026〕99号"),
    "another case": lambda made: made.update(case="c99"),
    "another institution": lambda made: made.update(institution="elsewhere"),
    "a definition left out": lambda made: made["definitions"].clear(),
    "a document left out": lambda made: made["documents"].pop(),
    "a document renamed": lambda made: made["documents"][0].update(name="另一份.txt"),
    "a date that was never shown": lambda made: made["shown"].pop(0),
    "a checkpoint left out": lambda made: made["checkpoints"].pop(0),
    "the seal of another place": lambda made: made["sealed"].update(place=made["sealed"]["place"] ^ 1),
    "a shorter path": lambda made: made["sealed"]["path"].pop(),
    "a seal of version 0": lambda made: made["sealed"]["seal"].__setitem__(2, 0),
}


def test_a_forgery_is_found_although_the_digest_was_mended(made: Plain) -> None:
    assert holds(mended(copy.deepcopy(made))), "the forgeries would show nothing"
    missed = []
    for name, forge in FORGERIES.items():
        other = copy.deepcopy(made)
        forge(other)
        if holds(mended(other)):
            missed.append(name)

    assert missed == []


def test_a_definition_under_the_hash_of_another_is_found_wherever_it_stands(made: Plain) -> None:
    for place in (0, len(made["definitions"])):
        other = copy.deepcopy(made)
        other["definitions"].insert(place, {**other["definitions"][0], "text": "name: forged\n"})
        assert not holds(mended(other)), place


@pytest.mark.parametrize(
    "words", [["{file}", "--against"], ["{file}", "--against", ""], ["--against", "{file}"]]
)
def test_to_compare_with_nothing_is_wrong_use(made: Plain, tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(certificate_text(made), encoding="utf-8")

    assert verify_certificate.main([word.replace("{file}", str(file)) for word in words]) == 2


def test_the_script_answers_a_tampered_file_with_a_no_and_a_reason(made: Plain, tmp_path: Path) -> None:
    made["events"][2]["by"] = "somebody"
    code, said = run(tmp_path, mended(made))
    assert code == 1
    assert "! " in said
    assert "event 3 does not fit the chain" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "anxu-certificate-1"}', "\u0000"])
def test_the_script_answers_anything_else_with_a_no(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    try:
        assert verify_certificate.main([str(file)]) == 1
    except SystemExit as stopped:
        assert str(stopped.code).startswith("! ")  # noqa: PT017


def test_the_script_is_short_and_old_pythons_can_read_it() -> None:
    text = verifier_text()
    assert len(text.splitlines()) < 290
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "base64", "hashlib", "json", "re", "sys", "collections.abc", "typing"}


def test_a_certificate_is_one_file_that_reads_back_the_same(made: Plain) -> None:
    assert json.loads(certificate_text(made)) == made
