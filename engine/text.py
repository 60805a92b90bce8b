"""Text: what a person reads, in Chinese and in English.

Room for: the pair of sentences, how one is chosen, and what English grammar asks of a word put into it.
May not enter: any other room; this is the ground everything stands on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["zh", "en"]

# Not strftime: that would follow the locale of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; the two say the same thing."""

    zh: str
    en: str

    def said(self, lang: Language) -> str:
        """Return the sentence in *lang*."""
        return self.zh if lang == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """Return the same sentence with its ``{names}`` filled in; texts and dates follow the language."""
        texts = {
            name: day_text(value) if isinstance(value, date) else value for name, value in values.items()
        }
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in texts.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in texts.items()}),
        )

    def as_sentence(self) -> Text:
        """Return what was said within a sentence as one of its own."""
        return Text(f"{self.zh}。", f"{self.en[:1].upper()}{self.en[1:]}.")


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return *n* with its English noun as the number asks: 1 matter, 2 matters; *many* where an s is not enough."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def with_article(title: str) -> str:
    """Return an English title of a role with its indefinite article: a director, an arbitrator."""
    first = title[:1].lower()
    vowel = first in "aeio" or (first == "u" and title[:3].lower() not in ("uni", "use"))
    return f"{'an' if vowel and first else 'a'} {title}"


def together(texts: Iterable[Text]) -> Text:
    """Return *texts* as a list in one line: 甲、乙; A, B."""
    listed = tuple(texts)
    return Text("、".join(text.zh for text in listed), ", ".join(text.en for text in listed))


def in_brackets(text: Text | None) -> Text:
    """Return *text* as it stands in brackets behind a sentence: （甲）, " (A)"; nothing for None."""
    return Text(f"（{text.zh}）", f" ({text.en})") if text else Text("", "")


def day_or_none(day: date | None) -> date | Text:
    """Return *day* for a sentence to be `filled` with, or the word for there being none: 无, none."""
    return day or Text("无", "none")


def day_text(day: date) -> Text:
    """Return *day* as people write it: 2026年3月5日, 5 Mar 2026."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
