"""Layout: a message in the form its channel asks for: plain text or Markdown, and no longer than it takes.

Room for: plain and Markdown bodies, cutting at a line.
May not enter: words of a message (`engine/service/messages.py`), sending.
"""

from __future__ import annotations

import re

from engine.service.messages import Message
from engine.text import Text

SEE = Text("查看", "See")
KEY = Text("编号", "Key")
CUT = Text("……其余见办案台", "… more in the console")

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")


def plain(message: Message, most: int) -> str:
    """Return the body as plain text of at most *most* bytes: the lines, then the link and the key, which always stand there."""
    lang = message.language
    end = [f"{SEE.said(lang)}: {message.link}"] if message.link else []
    end.append(f"{KEY.said(lang)}: {message.key}")
    return _fitted(list(message.lines), end, CUT.said(lang), most, "\n")


def markdown(message: Message, most: int) -> str:
    """Return the body as Markdown of at most *most* bytes; what people wrote cannot become a link or a heading in it."""
    lang = message.language
    end = [f"[{SEE.said(lang)}]({message.link})"] if message.link else []
    end.append(f"{KEY.said(lang)}: {message.key}")
    return _fitted([literal(line) for line in message.lines], end, CUT.said(lang), most, "  \n")


def literal(text: str) -> str:
    """Return *text* so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def _fitted(lines: list[str], end: list[str], cut: str, most: int, between: str) -> str:
    whole = between.join([*lines, *end])
    while len(whole.encode()) > most and lines:
        lines.pop()
        whole = between.join([*lines, cut, *end])
    return whole
