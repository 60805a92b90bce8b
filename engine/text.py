"""Text: what a person reads, in Chinese and in English.

Room for: the pair of sentences and how one is chosen.
May not enter: any other room; this is the ground everything stands on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; the two say the same thing."""

    zh: str
    en: str

    def said(self, lang: Language) -> str:
        """Return the sentence in *lang*."""
        return self.zh if lang == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """Return the same sentence with its ``{names}`` filled in; a Text value follows the language."""
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )
