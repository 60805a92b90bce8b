"""Files stay short, names say something, and what is not ours is what it says it is."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
VENDORED = ("web/static/vendor", "tests/browser/vendor", "tests/language/vendor")
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
SAYS_NOTHING = re.compile(r"_?(util|helper|manager|misc|common)s?(_|$)|.*_(util|helper|manager)s?$")


MAY_SLEEP = {
    # Killing, cutting off and coming back happen in time, and other processes cannot be told what time it is.
    "tests/trials/waiting.py",
}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("engine", "web")
    }
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def long_functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield node.name, lines


def test_no_function_is_too_long_to_read() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name} has {lines} lines"
        for path in sources("engine", "web")
        for name, lines in long_functions(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_long_function_is_found() -> None:
    body = "\n".join("    pass" for _ in range(60))
    assert list(long_functions(f"def whole():\n{body}\n")) == [("whole", 61)]


def test_every_module_is_named_for_what_it_holds() -> None:
    assert [str(path) for path in sources("engine", "web") if SAYS_NOTHING.match(path.stem)] == []
    assert SAYS_NOTHING.match("utils")
    assert SAYS_NOTHING.match("case_manager")
    assert not SAYS_NOTHING.match("command_line")


def sleeps(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
                yield node.lineno
            case ast.ImportFrom(module="time", names=names) if any(alias.name == "sleep" for alias in names):
                yield node.lineno
            case _:
                pass


def test_no_test_sleeps() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources("tests")
        if str(path.relative_to(ROOT)) not in MAY_SLEEP
        for line in sleeps(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"a test waits for what it waits for, not for time to pass: {found}"


def test_a_sleep_is_found() -> None:
    assert sorted(sleeps("import time\ntime.sleep(1)\nfrom time import sleep\n")) == [2, 3]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_packages_and_hashes_and_no_place(lock: str) -> None:
    lines = [line.strip() for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()]
    pinned = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s/:@]+( ; [^/:@]+)? \\")
    hashed = re.compile(r"--hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not pinned.fullmatch(line) and not hashed.fullmatch(line)] == []


def locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_declared_dependency_within_its_range(lock: str) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*declared["project"]["dependencies"], *declared["dependency-groups"]["build"]]
    if "dev" in lock:
        wanted += [entry for entry in declared["dependency-groups"]["dev"] if isinstance(entry, str)]
    versions = locked(lock)
    outside = [
        text
        for text in wanted
        if not (need := Requirement(text)).specifier.contains(versions.get(canonicalize_name(need.name), "0"))
    ]
    assert outside == [], f"{lock} is older than pyproject.toml: CONTRIBUTING.md says how it is made"


def test_the_two_locks_agree() -> None:
    runtime, dev = (locked(lock) for lock in LOCKS)
    assert runtime.items() <= dev.items()


def manifest(folder: Path) -> dict[str, str]:
    text = (folder / "MANIFEST.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", text, flags=re.MULTILINE))


@pytest.mark.parametrize("folder", VENDORED)
def test_vendored_files_are_the_ones_their_manifest_names(folder: str) -> None:
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).iterdir()
        if path.name != "MANIFEST.md"
    }
    assert there == manifest(ROOT / folder)


@pytest.mark.parametrize("folder", VENDORED)
def test_a_vendor_manifest_names_no_address(folder: str) -> None:
    assert "://" not in (ROOT / folder / "MANIFEST.md").read_text(encoding="utf-8")


def test_the_vendored_style_sheet_fetches_nothing() -> None:
    sheet = (ROOT / "web/static/vendor/bootstrap.min.css").read_text(encoding="utf-8")
    outside = [url for url in re.findall(r"url\(([^)]*)", sheet) if not url.strip("'\"").startswith("data:")]
    assert outside == []
    assert "@import" not in sheet
