"""Source: the text of one definition, made safe before YAML sees it.

Room for: bytes to text, size, encoding, invisible characters, tabs, line ends, the hash of the text, and which
file each line of it came from.
May not enter: YAML, the meaning of anything written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from engine.language.problem import Mark, Problem, Problems, hint, in_order, listed
from engine.language.sentences import SENTENCES
from engine.text import Text

LARGEST = 1_000_000
"""A definition of more bytes than this is refused unread."""

MOST_PROBLEMS = 100
"""After so many problems the rest of a file is not listed: nobody repairs more in one go."""

SEPARATOR = "---\n"
"""Between a procedure and the fragments it uses, in its resolved text."""

# Besides what YAML forbids: line ends that editors do not show as such, and the marks that turn
# the direction of writing, with which a definition could read differently on the screen than it is.
_INVISIBLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_INDENT_TAB = re.compile(r"^ *(\t)", re.MULTILINE)


@dataclass(slots=True)
class Source:
    """One text on its way to becoming a definition, with every problem found in it so far."""

    file: str
    text: str
    lines: tuple[str, ...] = ()
    found: list[Problem] = field(default_factory=list)
    muted: set[str] = field(default_factory=set)
    """Nouns of which nothing is told to be unknown, because the section that declares them cannot be read."""
    attached: list[tuple[int, str]] = field(default_factory=list)
    """Behind so many lines of the whole stands the text of this other file."""

    @classmethod
    def of(cls, text: str, file: str) -> Source:
        """Take *text* with any line ends; its bad characters and tabs become problems at once."""
        bare = normalised(text)
        source = cls(file, bare, tuple(bare.split("\n")))
        if len(bare) > LARGEST or len(bare.encode("utf-8", "surrogatepass")) > LARGEST:
            source.lines = ("",)
            source.problem(Mark(1, 1), "too_large", most=LARGEST)
            return source
        for match in islice(_INVISIBLE.finditer(bare), MOST_PROBLEMS):
            source.problem(source.mark(match.start()), "bad_character", name=f"U+{ord(match[0]):04X}")
        for match in islice(_INDENT_TAB.finditer(bare), MOST_PROBLEMS):
            source.problem(source.mark(match.start(1)), "tab")
        return source

    def attach(self, text: str, file: str) -> int:
        """Put *text* of *file* behind what is here, as a document of its own; return how many lines stand before it.

        What is noted on its lines is told under *file*, by that file's own numbers.
        """
        before = self.text if self.text.endswith("\n") else self.text + "\n"
        before += SEPARATOR
        self.text = before + text
        self.lines = tuple(self.text.split("\n"))
        lines = before.count("\n")
        if file != self.file:
            self.attached.append((lines, file))
        return lines

    @property
    def full(self) -> bool:
        """True when no more problems are listed."""
        return len(self.found) >= MOST_PROBLEMS

    @property
    def hash(self) -> str:
        """The SHA-256 of the text with normalised line ends: the name of this definition."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def problem(self, mark: Mark, code: str, path: tuple[str, ...] = (), /, **values: object) -> None:
        """Note a problem at *mark*; *values* fill the sentences of *code*."""
        if self.full or code.removeprefix("unknown_") in self.muted:
            return
        sentence = SENTENCES[code]
        shown = {key: _short(value) for key, value in values.items()}
        reason, fix = sentence.reason.filled(**shown), sentence.fix.filled(**shown)
        quoted = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        file, line = self.place(mark)
        self.found.append(Problem(file, line, mark.column, code, reason, fix, quoted, mark.width, path))

    def unknown(self, noun: str, mark: Mark, name: str, known: Collection[str], **values: object) -> None:
        """Note that *name* is no *noun* of those *known*, with the nearest one as a hint."""
        if not self.full:
            nearest, others = hint(name, known), listed(known)
            self.problem(mark, f"unknown_{noun}", name=name, hint=nearest, known=others, **values)

    def place(self, mark: Mark) -> tuple[str, int]:
        """Return the file and the line of *mark* as people find them."""
        behind = ((file, mark.line - lines) for lines, file in reversed(self.attached) if mark.line > lines)
        return next(behind, (self.file, mark.line))

    def part(self, mark: Mark, word: str) -> Mark:
        """Return the place of *word* at or after *mark* on its line; *mark* where it is not there."""
        index = self.lines[mark.line - 1].find(word, mark.column - 1)
        return Mark(mark.line, index + 1, len(word)) if index >= 0 else mark

    def problems(self) -> Problems | None:
        """Return what was found, in order of position; None when all is well."""
        return Problems(in_order(self.found)) if self.found else None

    def mark(self, index: int, width: int = 1) -> Mark:
        """Return the place of the character at *index* of the text."""
        before = self.text.count("\n", 0, index)
        return Mark(before + 1, index - self.text.rfind("\n", 0, index), width)


def normalised(text: str) -> str:
    """Return *text* without a byte order mark and with plain line feeds, as it is hashed and read."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_file(path: Path, file: str | None = None) -> str | Problems:
    """Return the text of the file at *path*; *file* is the name its problems are told under.

    The size is looked at before the content. A file that is missing, too large or not UTF-8 is a
    problem, never an exception.
    """
    source = Source(file or path.as_posix(), "", ("",))
    content = b""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        source.problem(Mark(1, 1), "unreadable", why=error.strerror or type(error).__name__)
    if len(content) > LARGEST:
        source.problem(Mark(1, 1), "too_large", most=LARGEST)
    else:
        try:
            return content.decode("utf-8") if not source.found else Problems(tuple(source.found))
        except UnicodeDecodeError as error:
            _not_utf8(source, content, error.start)
    return Problems(tuple(source.found))


def _not_utf8(source: Source, content: bytes, start: int) -> None:
    good = normalised(content[:start].decode("utf-8"))
    line = good.count("\n") + 1
    source.lines = tuple(good.split("\n"))
    mark = Mark(line, len(source.lines[-1]) + 1)
    source.problem(mark, "not_utf8", guess=_guess(content))


def _guess(content: bytes) -> Text:
    """Return what the bytes may be instead, as the end of a sentence."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Text("（看来是 UTF-16）", " (it looks like UTF-16)")
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return Text("", "")
    return Text("（看来是 GBK）", " (it looks like GBK)")


def _short(value: object) -> object:
    """Return *value* fit for a sentence: one line, not endless."""
    if isinstance(value, Text):
        return value
    text = "".join(c if c.isprintable() else "\ufffd" for c in str(value))
    return text if len(text) <= 200 else text[:200] + "…"
