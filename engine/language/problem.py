"""Problems: what is wrong with a definition, where, and what to write instead.

Room for: the problem as a value, how it is printed beside its line, and the list of all of a file's problems.
May not enter: what counts as a problem (the readers and checks), which sentence it gets (`sentences.py`).
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.text import Language, Text

WINDOW = 100
"""A quoted line longer than this is cut to the part around its problem."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text: line and column count from 1, *width* characters belong to it."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to repair in a definition. *quoted* is the whole source line, without its end.

    *path* is the shortest way to the fault, where the problem is a proof about the machine: states, with the moves
    between them where the proof is one of `anxu check --prove`.
    """

    file: str
    line: int
    column: int
    code: str
    reason: Text
    fix: Text
    quoted: str
    width: int = 1
    path: tuple[str, ...] = ()

    def said(self, lang: Language) -> str:
        """Return place, reason, the line with the fault underlined, and the fix, as four lines of text.

        Where there is a way to the fault it stands in a line of its own before the fix.
        """
        head = f"{self.file}:{self.line}:{self.column}: {self.reason.said(lang)}"
        remedy = ("改法：" if lang == "zh" else "fix: ") + self.fix.said(lang)
        quoted, before = self._window()
        marked = quoted[before : before + max(self.width, 1)]
        under = " " * _cells(quoted[:before]) + "^" * max(_cells(marked), 1)
        way = ("最短路径：" if lang == "zh" else "shortest way: ") + " → ".join(self.path)
        shown = (head, f"{self.line:>6} | {quoted}", f"{'':>6} | {under}")
        return "\n".join((*shown, *((way,) if self.path else ()), remedy))

    def _window(self) -> tuple[str, int]:
        """Return what is shown of the line, and how many shown characters stand before the fault."""
        line, before = self.quoted, self.column - 1
        if len(line) <= WINDOW:
            return "".join(map(_shown, line)), before
        start = max(0, min(before - WINDOW // 3, len(line) - WINDOW))
        cut = "".join(map(_shown, line[start : start + WINDOW]))
        left, right = ("…" if start else ""), ("…" if start + WINDOW < len(line) else "")
        return left + cut + right, before - start + len(left)


@dataclass(frozen=True, slots=True)
class Problems:
    """All problems of a file, at least one, in the order of their places."""

    items: tuple[Problem, ...]

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def said(self, lang: Language) -> str:
        """Return every problem as `Problem.said` prints it, with an empty line between."""
        return "\n\n".join(problem.said(lang) for problem in self.items)


def hint(name: str, known: Collection[str]) -> Text:
    """Return "did you mean …? " for the nearest *known* word; an empty sentence where none is near."""
    near = difflib.get_close_matches(name[:100], list(known)[:1000], n=1, cutoff=0.6)
    return Text(f"是否应为“{near[0]}”？", f"did you mean '{near[0]}'? ") if near else Text("", "")


def not_known(said: Text, name: str, known: Collection[str]) -> Text:
    """Return *said*, which has no full stop yet, as a sentence that ends with the hint at what *name* may have meant."""
    near = hint(name, known)
    return Text(f"{said.zh}。{near.zh}", f"{said.en}; {near.en.strip()}" if near.en else f"{said.en}.")


def listed(known: Collection[str]) -> Text:
    """Return the *known* words in order, at most twelve."""
    words = sorted(known)
    rest = "…" if len(words) > 12 else ""
    shown = words[:12]
    return Text("、".join(shown) + rest or "（无）", ", ".join(shown) + rest or "none")


def in_order(found: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return *found* by file and place, each said once."""
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda p: (p.file, p.line, p.column, p.code)))


def _cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _shown(character: str) -> str:
    # A hostile file must not steer the reader's terminal.
    return character if character.isprintable() else " "
