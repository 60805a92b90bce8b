"""Outbox: what went out beside the inbox, what waits, and the dead letters, which people look at and send again.

Room for: lists of deliveries, sending dead letters again or letting them go, the findings `doctor` makes of them.
May not enter: sending (`delivering.py`), SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import UnknownName
from engine.service.office import Office, Unit
from engine.service.pages import Finding
from engine.service.paging import PAGE_MOST
from engine.store.outbox import DEAD, Counts, Delivery, State
from engine.text import Text, counted

LATE = timedelta(hours=2)
"""Whatever could have gone so long ago and still waits is a finding."""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery as shown; *at* is when it is tried next, or when it was sent or given up. Addresses are not shown."""

    key: str
    person: str
    name: str
    channel: str
    channel_title: Text
    what: Text
    case: str | None
    number: str | None
    state: State
    at: datetime
    tries: int
    reason: Text | None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """One page of deliveries with the counts of all; *next* is the cursor of the page after it, or None."""

    lines: tuple[DeliveryLine, ...]
    next: str | None
    waiting: int
    dead: int


class Deliveries:
    """What goes out of an office beside the inbox; *now* tells the time."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office = office
        self._now = now

    def counts(self) -> Counts:
        """Return how the outbox stands: waiting, dead, seconds that the longest waiting could have gone already."""
        at = self._now()
        with self._office.reading(at) as unit:
            return unit.outbox.counts(at)

    def waiting(self) -> dict[str, int]:
        """Return how much waits by each channel."""
        with self._office.reading(self._now()) as unit:
            return unit.outbox.channels_waiting()

    def page(self, state: State, after: str | None = None, most: int = 50) -> DeliveryPage:
        """Return a page of the deliveries that are ``waiting``, ``sent`` or ``dead``."""
        at, most = self._now(), max(1, min(most, PAGE_MOST))
        with self._office.reading(at) as unit:
            found = unit.outbox.page(state, after, most + 1)
            lines = tuple(_line(unit, one) for one in found[:most])
            now = unit.outbox.counts(at)
        return DeliveryPage(
            lines, found[most - 1].cursor if len(found) > most else None, now.waiting, now.dead
        )

    def again(self, key: str | None = None) -> int:
        """Let a dead letter (None: every one) be sent again; return how many. Raises UnknownName where *key* is none."""
        at = self._now()
        with self._office.writing(at) as unit:
            number = unit.outbox.again(at, key)
            if key is not None and number == 0:
                raise _no_dead_letter(key)
        return number

    def forget(self, key: str) -> None:
        """Let a dead letter go: its notice stands in the inbox all the same. Raises UnknownName where *key* is none."""
        with self._office.writing(self._now()) as unit:
            one = unit.outbox.get(key)
            if one is None or one.state != DEAD:
                raise _no_dead_letter(key)
            unit.outbox.forget(key)


def findings(unit: Unit, at: datetime) -> Iterator[Finding]:
    """Yield what `doctor` says of the outbox: dead letters, what waits too long, and channels that are gone."""
    now = unit.outbox.counts(at)
    if now.dead:
        yield Finding(
            "dead_letters", None,
            Text(f"{now.dead}条通知多次发送失败", f"{counted(now.dead, 'notice')} could not be delivered"),
            Text("请用 anxu notices --dead 查看原因，修复后 anxu notices --all-dead 重发", "See why with anxu notices --dead; once mended, anxu notices --all-dead sends them again"),
        )  # fmt: skip
    if now.waiting and now.oldest_seconds > LATE.total_seconds():
        hours = now.oldest_seconds // 3600
        yield Finding(
            "deliveries_late", None,
            Text(f"有通知已等待发送{hours}小时", f"a notice has been waiting to go out for {counted(hours, 'hour')}"),
            Text("请核对 anxu serve 或 anxu tick 在运行，且该机器有渠道的密钥", "See that anxu serve or anxu tick runs, on a machine that has the channel's secret"),
        )  # fmt: skip
    known = unit.rules.register.channels
    for name, number in unit.outbox.channels_waiting().items():
        if name not in known:
            yield Finding(
                "channel_gone", None,
                Text(f"登记册已没有通知渠道“{name}”，尚有{number}条待发", f"the register has no channel “{name}” any more, and {number} still wait for it"),
                Text("恢复该渠道，或用 anxu people reach 改用其他渠道", "Bring it back, or reach people by another one with anxu people reach"),
            )  # fmt: skip


def _line(unit: Unit, one: Delivery) -> DeliveryLine:
    channel = unit.rules.register.channels.get(one.channel)
    notice = unit.inboxes.one(one.person, one.case, one.seq or 0, one.code or "") if one.case else None
    what = (
        Text(notice.zh, notice.en)
        if notice
        else Text("每日摘要（{day}）", "digest of {day}").filled(day=one.day)
        if one.day
        else Text("通知", "notice")
    )
    return DeliveryLine(
        one.key, one.person, unit.rules.people.name(one.person), one.channel,
        channel.title if channel else Text(one.channel, one.channel), what, one.case, notice.number if notice else None,
        one.state, one.next_at, one.tries, one.reason,
    )  # fmt: skip


def _no_dead_letter(key: str) -> UnknownName:
    return UnknownName(
        Text(f"没有编号为“{key}”的未送达通知。", f"There is no dead letter with the key “{key}”.")
    )
