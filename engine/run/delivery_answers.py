"""Answers about deliveries: in JSON for programs, in words for people.

Room for: what a round of sending did, lists of what waits, was sent or given up.
May not enter: asking the engine, addresses.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from engine.run.layout import table
from engine.service.delivering import Delivered
from engine.service.outbox import DeliveryLine, DeliveryPage
from engine.text import Language, Text, counted

_STATES = {
    "waiting": Text("待发", "waiting"),
    "sent": Text("已发", "sent"),
    "dead": Text("未送达", "given up"),
}


def delivered_json(done: Delivered) -> dict[str, int]:
    """Return what a round did."""
    return {"sent": done.sent, "failed": done.failed, "dead": done.dead}


def delivered_text(done: Delivered, lang: Language) -> str:
    """Return what a round did as a sentence that follows another; nothing where it did nothing."""
    if done == Delivered():
        return ""
    said = Text(f"发出通知{done.sent}条", f"\n{counted(done.sent, 'notice')} sent")
    if done.failed:
        said = Text(f"{said.zh}，{done.failed}条未发出", f"{said.en}, {done.failed} could not be")
    return Text(f"{said.zh}。", f"{said.en}.").said(lang)


def deliveries_json(page: DeliveryPage, lang: Language, zone: ZoneInfo) -> dict[str, Any]:
    """Return a page of deliveries."""
    return {
        "waiting": page.waiting,
        "dead": page.dead,
        "deliveries": [
            {
                "key": line.key, "person": line.person, "channel": line.channel, "what": line.what.said(lang),
                "number": line.number, "state": line.state, "at": line.at.astimezone(zone).isoformat(), "tries": line.tries,
                "reason": line.reason.said(lang) if line.reason else None,
            }
            for line in page.lines
        ],
        "next": page.next,
    }  # fmt: skip


def deliveries_text(page: DeliveryPage, lang: Language, zone: ZoneInfo) -> str:
    """Return a page of deliveries as lines, with the counts of all before them."""
    head = Text(
        f"待发{page.waiting}条，未送达{page.dead}条。",
        f"{page.waiting} waiting, {page.dead} given up.",
    ).said(lang)
    if not page.lines:
        return head
    more = [Text(f"更多：--after {page.next}", f"more: --after {page.next}").said(lang)] if page.next else []
    return "\n".join([head, table([_row(line, lang, zone) for line in page.lines]), *more])


def _row(line: DeliveryLine, lang: Language, zone: ZoneInfo) -> list[str]:
    at = line.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    tries = Text(f"{line.tries}次", counted(line.tries, "try", "tries")).said(lang)
    reason = line.reason.said(lang) if line.reason else ""
    state = _STATES[line.state].said(lang)
    return [
        line.key,
        state,
        at,
        tries,
        line.name,
        line.channel_title.said(lang),
        line.what.said(lang),
        reason,
    ]
