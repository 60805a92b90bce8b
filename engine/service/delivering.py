"""Delivering: what stands in the outbox goes out, at least once, by whichever node comes first, and never holds anything up.

Room for: taking by a lease, quiet hours, retry with back-off, dead letters, the digests of a morning.
May not enter: channels and their secrets (`engine/run/channels/`), words (`messages.py`), threads that stay (`engine/run/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from engine.core.hours import first_moment
from engine.errors import AnxuError, StoreAway
from engine.model.people import Contact
from engine.model.register import Channel, ChannelKind
from engine.service.messages import Message, digest_message, notice_message
from engine.service.office import Office, Unit
from engine.service.persisting import retried
from engine.service.places import places_of
from engine.service.two_clocks import APART, ahead, clock_apart
from engine.store.outbox import KEPT, Delivery
from engine.text import Text

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than any channel may take over one message; whoever took one and died loses it then."""

WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 480))
"""How long a message rests after each failed try; after the last there are no more, and it is a dead letter."""

TRIES = len(WAITS) + 1

LOOKED_AT = 50

AT_ONCE: Mapping[ChannelKind, int] = {"mail": 50, "file": 200}
"""So many messages go by a channel of a kind in one round; robots take no more than twenty a minute."""

AT_ONCE_ELSE = 10

NOT_SENT = Text("未发出任何消息", "nothing was sent")

NO_ANSWER = Text("多次发送均未返回结果", "several tries never came to an end")


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why a message did not go. *away*: nothing goes by that channel now; *final*: trying again is of no use."""

    reason: Text
    away: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """A delivery this process has taken, with where it goes."""

    one: Delivery
    contact: Contact
    channel: Channel


class Sender(Protocol):
    """What carries messages out of the house."""

    def can(self, channel: Channel) -> bool:
        """Return whether this process can send by *channel*: it has what that needs."""

    def send(self, message: Message) -> NotSent | None:
        """Send, within a bounded time; None where the receiver took it. Raises nothing on purpose."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round did: messages sent, tries that failed, and those of them given up for good."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(self.sent + other.sent, self.failed + other.failed, self.dead + other.dead)


def deliver(office: Office, now: Callable[[], datetime], sender: Sender) -> Delivered:
    """Send what is due by every channel, each in a thread of its own; return once all are through.

    Any number of nodes may do so at once. Raises StoreAway where the database is gone: what was not marked goes again;
    ClockApart where its clock is not this machine's.
    """
    names = due_channels(office, now(), sender)
    if not names:
        return Delivered()
    with ThreadPoolExecutor(len(names), "anxu-channel") as pool:
        rounds = [pool.submit(carry, office, now, sender, name) for name in names]
    return sum((one.result() for one in rounds), Delivered())


def due_channels(office: Office, at: datetime, sender: Sender) -> tuple[str, ...]:
    """Write down the digests of this morning, and return the channels by which this process has something to send now.

    Raises ClockApart, with nothing written, where this machine's clock is not the database's: leases, quiet hours and
    digests all go by the time.
    """
    with office.reading(at) as unit:
        apart = ahead(unit.rules, unit.clock(), at)
        if abs(apart) > APART:
            raise clock_apart(apart, NOT_SENT)
        known = unit.rules.register.channels
        if not known:
            return ()
        morning = _is_morning(unit, at)
        missing = morning and bool(unit.outbox.digests_missing(unit.rules.day_of(at)))
    if missing:
        write_digests(office, at)
    with office.reading(at) as unit:
        due = unit.outbox.channels_due(tuple(known), at)
    return tuple(name for name in due if sender.can(known[name]))


def write_digests(office: Office, at: datetime) -> None:
    """Write down the digest of the day for everybody who wants one and is at work: one a person, channel and day."""

    def attempt() -> int:
        with office.writing(at) as unit:
            day = unit.rules.day_of(at)
            missing = unit.outbox.digests_missing(day)
            for person, channel in missing:
                send = channel in unit.rules.register.channels and _at_work(unit, person, at)
                unit.outbox.write_digest(person, channel, day, at, send=send)
            return len(missing)

    while retried(attempt):
        pass


def carry(office: Office, now: Callable[[], datetime], sender: Sender, name: str) -> Delivered:
    """Send what is due by one channel, a bounded number; the first sign that it is away ends the round."""
    done, most = Delivered(), AT_ONCE_ELSE
    while done.sent + done.failed < most:
        taken = retried(lambda: _take(office, now(), name))
        if taken is None:
            break
        most = AT_ONCE.get(taken.channel.kind, AT_ONCE_ELSE)
        message = _worded(office, taken, now())
        if message is None:
            _forget(office, taken.one.key)
            continue
        failure = message if isinstance(message, NotSent) else _sent(sender, message)
        done += _note(office, now(), taken.one, failure)
        if failure and failure.away:
            break
    return done


def clear(office: Office, at: datetime) -> int:
    """Take away what was sent long ago; return how many."""
    with office.writing(at) as unit:
        return unit.outbox.clear(at - KEPT)


def _sent(sender: Sender, message: Message) -> NotSent | None:
    try:
        return sender.send(message)
    except Exception as error:
        # What an error says may hold a secret; its name does not.
        return NotSent(
            Text(f"发送时出错（{type(error).__name__}）", f"sending failed ({type(error).__name__})")
        )


def _worded(office: Office, taken: _Taken, at: datetime) -> Message | NotSent | None:
    worded = digest_message if taken.one.kind == "digest" else notice_message
    try:
        return worded(office, taken.one, taken.contact, taken.channel, at)
    except StoreAway:
        raise
    except AnxuError as error:
        return NotSent(error.sentence)


def _take(office: Office, at: datetime, name: str) -> _Taken | None:
    """Take the next message that may go now. What has nobody to go to any more is dropped, what must wait is put off."""
    while True:
        with office.writing(at) as unit:
            looked = unit.outbox.due(name, at, LOOKED_AT)
            for one in looked:
                if (taken := _ready(unit, one, at)) and unit.outbox.take(one, at + LEASE):
                    return taken
        if len(looked) < LOOKED_AT:
            return None


def _ready(unit: Unit, one: Delivery, at: datetime) -> _Taken | None:
    rules, outbox = unit.rules, unit.outbox
    contact, channel = (
        rules.people.contact(one.person, one.channel),
        rules.register.channels.get(one.channel),
    )
    if contact is None or channel is None or (one.kind == "digest" and one.day != rules.day_of(at)):
        outbox.forget(one.key)
    elif one.tries >= TRIES:
        outbox.give_up(one, at, NO_ANSWER)
    elif (may := _may_go(unit, one, at)) > at:
        outbox.postpone(one, may)
    else:
        return _Taken(one, contact, channel)
    return None


def _forget(office: Office, key: str) -> None:
    with office.writing() as unit:
        unit.outbox.forget(key)


def _may_go(unit: Unit, one: Delivery, at: datetime) -> datetime:
    rules = unit.rules
    if one.case is None:
        place = _place_of(unit, one.person, at) or next(iter(rules.register.offices))
        return first_moment(rules, place, at)
    about = (one.person, one.case, one.seq or 0, one.code or "")
    urgent = rules.register.urgent and unit.inboxes.due_on(*about, rules.day_of(at))
    return first_moment(rules, unit.cases.office_of(one.case), at, urgent=urgent)


def _note(office: Office, at: datetime, one: Delivery, failure: NotSent | None) -> Delivered:
    tries = one.tries + 1
    dead = failure is not None and (failure.final or tries >= TRIES)

    def attempt() -> None:
        with office.writing(at) as unit:
            if failure is None:
                unit.outbox.note_sent(one.key, at)
            else:
                again = at if dead else at + WAITS[tries - 1]
                unit.outbox.note_failure(one.key, tries, again, failure.reason, dead=dead)

    retried(attempt)
    if failure is None:
        return Delivered(sent=1)
    log.warning(
        "not_delivered", key=one.key, channel=one.channel, tries=tries, dead=dead, cause=failure.reason.en
    )
    return Delivered(failed=1, dead=int(dead))


def _is_morning(unit: Unit, at: datetime) -> bool:
    """Return whether work has begun today somewhere in the institution."""
    rules = unit.rules
    local = at.astimezone(rules.register.zone)
    begun = local.time() >= rules.register.work_begins
    return begun and any(rules.calendar_of(o).is_work(local.date()) for o in rules.register.offices)


def _at_work(unit: Unit, person: str, at: datetime) -> bool:
    rules, day = unit.rules, unit.rules.day_of(at)
    place = _place_of(unit, person, at)
    away = any(a.person == person and a.covers(day) for a in rules.people.absences)
    return place is not None and not away and rules.calendar_of(place).is_work(day)


def _place_of(unit: Unit, person: str, at: datetime) -> str | None:
    rules, day = unit.rules, unit.rules.day_of(at)
    return next(iter(places_of(rules, person, day)), None)
