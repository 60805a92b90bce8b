"""A corpus of hostile files: sixty that are no definitions, made when they are needed, each with what is said of it.

Each is a name, its bytes, the code of the first problem, and that problem's line and column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HEAD = "procedure: small\n"
KEYS = "".join(f"  k{n}: x\n" for n in range(4_500))
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
SOUND = """\
procedure: small
title: {zh: 小程序, en: Small}
basis: 规则
stages:
  only: {zh: 办理, en: Handling}
facts:
  reason: {type: text, most: 500, title: {zh: 理由, en: Reason}}
matters:
  review: {procedure: review}
opening: {by: any filing_clerk}
states:
  filed:
    title: {zh: 已收件, en: Filed}
    stage: only
    awaits: {matter: review}
    within: {limit: 5 work days, ladder: step}
    moves:
      propose: {title: {zh: 报批, en: Propose}, by: any filing_clerk, open: [review], to: stays}
    on:
      - {when: review is approved, to: accepted}
  accepted: {title: {zh: 已批准, en: Accepted}, stage: only, final: accepted}
"""
"""A procedure with nothing wrong in it, for files that spoil one piece."""


@dataclass(frozen=True)
class Hostile:
    """One file of the corpus; *content* is made when it is asked for, the problem named is among the first told."""

    name: str
    content: Callable[[], bytes]
    code: str
    line: int
    column: int


def _text(name: str, made: Callable[[], str], code: str, line: int, column: int) -> Hostile:
    return Hostile(name, lambda: made().encode("utf-8", "surrogatepass"), code, line, column)


def _spoiled(name: str, old: str, new: str, code: str, at: str = "") -> Hostile:
    """Return the sound procedure with one piece spoiled; the problem is where *at* stands in it, else where *new* does."""
    assert old in SOUND, old
    text = SOUND.replace(old, new, 1)
    index = text.index(new) + (new.index(at) if at else 0)
    line, column = text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
    return Hostile(name, text.encode, code, line, column)


def _added(name: str, more: str, code: str, column: int = 1) -> Hostile:
    return Hostile(name, (SOUND + more).encode, code, SOUND.count("\n") + 1, column)


def _guard(name: str, text: str, code: str, at: str = "") -> Hostile:
    return _spoiled(f"a guard {name}", "when: review is approved", f"when: {text}", code, at or text)


CORPUS = (
    # size
    Hostile("50 MB of one letter", lambda: b"x" * 50_000_000, "too_large", 1, 1),
    Hostile("50 MB of Chinese", lambda: ("procedure: x\n" + "案" * 16_700_000).encode(), "too_large", 1, 1),
    Hostile("50 MB of NUL", lambda: bytes(50_000_000), "too_large", 1, 1),
    Hostile("50 MB of line ends", lambda: b"\n" * 50_000_000, "too_large", 1, 1),
    _text("a line of 1 MB", lambda: HEAD + "title: " + "x" * 999_900 + "\n", "wrong_type", 2, 8),
    _text("a key of 1 MB", lambda: HEAD + "k" * 999_900 + ": x\n", "syntax", 2, 999_901),
    _text("a comment of 1 MB", lambda: "#" * 999_990, "empty", 1, 1),
    _text("a quoted text of 1 MB", lambda: HEAD + "title: '" + "x" * 999_900 + "'\n", "wrong_type", 2, 8),
    _text("a block text of 1 MB", lambda: HEAD + "title: |\n" + "  x\n" * 240_000, "wrong_type", 2, 8),
    # aliases, tags, documents
    _text("a bomb of aliases", lambda: BOMB, "anchor", 1, 4),
    _text("a million aliases", lambda: "a: &a x\nb: [" + "*a," * 330_000 + "]\n", "anchor", 1, 4),
    _text("an alias to itself", lambda: "a: &a [*a]\n", "anchor", 1, 4),
    _text("an alias to nothing", lambda: "a: *nothing\n", "anchor", 1, 4),
    _added("a merge key", "<<: {a: b}\n", "unknown_key"),
    _text("a tag that runs something", lambda: "a: !!python/object/apply:os.system [ls]\n", "tag", 1, 4),
    _text("a tag of its own", lambda: "a: !x 1\n", "tag", 1, 4),
    _text("a directive", lambda: "%YAML 9.9\n---\na: b\n", "syntax", 1, 1),
    _added("two documents", "---\nb: 2\n", "second_document"),
    _text("a million documents", lambda: "---\n" * 240_000, "second_document", 2, 1),
    # depth
    _text("3,000 brackets", lambda: "[" * 3000, "too_deep", 1, 51),
    _text("3,000 braces", lambda: "a: " + "{a: " * 3000, "too_deep", 1, 197),
    _text(
        "3,000 steps in",
        lambda: "a:\n" + "".join(" " * i + "-\n" for i in range(1, 1300)),
        "too_deep",
        51,
        51,
    ),
    _text("3,000 question marks", lambda: "? " * 3000, "too_deep", 1, 101),
    _text("3,000 dashes on a line", lambda: "- " * 3000, "too_deep", 1, 101),
    _text("500,000 closing brackets", lambda: HEAD + "]" * 500_000, "syntax", 2, 1),
    # numbers of things
    _text("100,000 keys", lambda: HEAD + "".join(f"k{i}: x\n" for i in range(90_000)), "too_many", 37_500, 9),
    _text("100,000 items", lambda: HEAD + "title: [" + "b," * 100_000 + "]", "too_many_here", 2, 10_009),
    _text("200,000 items on lines", lambda: "- a\n" * 200_000, "too_many", 75_000, 3),
    _text(
        "90,000 keys in 20 tables",
        lambda: "".join(f"t{i}:\n{KEYS}" for i in range(20)),
        "too_many",
        37_500,
        10,
    ),
    _text("the same key 90,000 times", lambda: HEAD + "title: x\n" * 90_000, "too_many", 37_500, 8),
    _text(
        "a million problems",
        lambda: HEAD + "states:\n" + "".join(f"  s{i}: 1\n" for i in range(80_000)),
        "too_many",
        37_500,
        11,
    ),
    _text("the same key 4,900 times", lambda: HEAD + "title: x\n" * 4_900, "duplicate_key", 3, 1),
    _text(
        "10,000 states",
        lambda: HEAD + "states:\n" + "".join(f"  s{i}: 1\n" for i in range(10_000)),
        "too_many_here",
        5003,
        3,
    ),
    _text("300,000 tabs", lambda: "\t\n" * 300_000, "tab", 1, 1),
    _text("900,000 NULs", lambda: "\x00" * 900_000, "bad_character", 1, 1),
    _text("300,000 full-width colons", lambda: "：\n" * 240_000, "wrong_type", 1, 1),
    _text("300,000 open quotes", lambda: "'" * 300_001, "syntax", 1, 300_002),
    _text("500,000 hashes and colons", lambda: HEAD + "#:" * 450_000 + "\n: :", "syntax", 3, 1),
    # encodings and characters
    Hostile("GBK", lambda: SOUND.encode("gbk"), "not_utf8", 2, 14),
    Hostile("UTF-16", lambda: SOUND.encode("utf-16"), "not_utf8", 1, 1),
    Hostile("UTF-32", lambda: SOUND.encode("utf-32"), "not_utf8", 1, 1),
    Hostile("half a character at the end", lambda: SOUND.encode() + b"\xe6\xa1", "not_utf8", 22, 1),
    Hostile("overlong UTF-8", lambda: b"a: \xc0\xaf\n", "not_utf8", 1, 4),
    Hostile("a surrogate", lambda: b"a: \xed\xa0\x80\n", "not_utf8", 1, 4),
    Hostile("noise", lambda: bytes(range(256)) * 3000, "not_utf8", 3, 115),
    _text("a byte order mark inside", lambda: HEAD + "title: \ufeffx\n", "bad_character", 2, 8),
    _text("NUL in a name", lambda: "procedure: sm\x00all\n", "bad_character", 1, 14),
    _text("a bell", lambda: HEAD + "a: \x07\n", "bad_character", 2, 4),
    _text("an escape for a terminal", lambda: HEAD + "title: \x1b[31mred\n", "bad_character", 2, 8),
    _spoiled("an escape in quotes", "规则", '"\\e[31m"', "bad_character"),
    _text("a mark that turns the writing", lambda: HEAD + "a: \u202eb\n", "bad_character", 2, 4),
    _text("a line end that is none", lambda: "a: b\u2028c: d\n", "bad_character", 1, 5),
    _spoiled("a space of no width", "  filed:", "  fi\u200bled:", "bad_character", "\u200b"),
    _text("a space that does not break", lambda: HEAD + "\u00a0title: x\n", "unknown_key", 2, 1),
    # marks of the other keyboard
    _text("a full-width colon", lambda: "procedure：small\ntitle: x\n", "full_width", 1, 10),
    _spoiled("a full-width comma", "zh: 小程序, en", "zh: 小程序， en", "full_width", "，"),
    _text("full-width braces", lambda: HEAD + "title: ｛zh: 甲｝\n", "full_width", 2, 8),
    _text("quotes of a word processor", lambda: HEAD + "title: {zh: “甲, en: ”A}\n", "missing_key", 1, 1),
    # guards
    _guard("of parentheses", "(" * 3000 + "reason is set" + ")" * 3000, "guard_too_long"),
    _guard(
        "of 100 parentheses", "(" * 100 + "reason is set" + ")" * 100, "guard_too_deep", "(" * 80 + "reason"
    ),
    _guard(
        "of 500 characters of not", "not " * 120 + "reason is set", "guard_too_deep", "not " * 100 + "reason"
    ),
    _guard("that calls", "__import__('os').system('ls')", "guard_syntax", "'os'"),
    _guard("with an attribute", "reason.__class__ is set", "unknown_name"),
    _guard("of look-alikes", "r\u0435view is approved", "unknown_name"),
    _guard("of full-width letters", "ｒｅｖｉｅｗ is approved", "unknown_name"),
    _guard("of operators", "= = = =", "unknown_name"),
    _guard("of a lambda", "(lambda reason)", "unknown_name", "lambda"),
    _guard("with one parenthesis too many", "reason is set )", "guard_syntax", ")"),
)
