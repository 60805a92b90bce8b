"""Notices leave the house at least once, with a key, in working time, and nobody waits for a channel that is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from engine.errors import StoreAway
from engine.model.people import Absence, Contact
from engine.service.delivering import LEASE, TRIES, WAITS, Delivered, NotSent, clear, deliver
from engine.service.engine import Engine
from engine.service.messages import Message
from engine.service.outbox import findings
from engine.store.database import Database
from engine.text import Text
from tests.builders import INSTITUTION, Clock, day
from tests.cast import ADMIN, DU, FANG, HE, ZHOU
from tests.conftest import opened_quickly
from tests.office import OfficeStory, all_at_once, rows_of
from tests.procedures import way
from tests.service.reached import AWAY, CHANNELS, REFUSED, Post, reach, with_channels

BY_MAIL = Contact(ZHOU, "mail", "zhou@example.cn", "each")
BY_DING = Contact(ZHOU, "ding", "filing/13800000000", "each", "en")
MIXED = Contact(ZHOU, "mail", "zhou@example.cn")


class Killed(BaseException):
    """The process was killed here."""


@pytest.fixture
def office(engine: Engine, story: OfficeStory) -> Engine:
    """An office with two channels, and a case that is about to be accepted."""
    story.given("proposed")
    with_channels(engine)
    return engine


@pytest.fixture
def other(office_url: str, clock: Clock) -> Iterator[Engine]:
    """A second node on the same database."""
    database = opened_quickly(office_url)
    yield Engine(database, INSTITUTION, clock)
    database.close()


def delivered(engine: Engine, post: Post) -> Delivered:
    return deliver(engine.office, engine.now, post)


def outbox(database: Database) -> list[tuple[object, ...]]:
    return rows_of(database)["deliveries"]


def codes(engine: Engine) -> set[str]:
    with engine.office.reading() as unit:
        return {finding.code for finding in findings(unit, engine.now())}


# --- the outbox -------------------------------------------------------------------------------------------


def test_what_an_act_tells_stands_in_the_outbox_with_it_once_a_channel(
    office: Engine, story: OfficeStory, database: Database
) -> None:
    reach(office, BY_MAIL, BY_DING)

    way.accept(story)

    assert len(outbox(database)) == 2
    assert office.deliveries.counts() == (2, 0, 0)


def test_nobody_with_a_channel_leaves_nothing_in_the_outbox(
    office: Engine, story: OfficeStory, database: Database
) -> None:
    reach(office, Contact(DU, "mail", "du@example.cn"))

    way.accept(story)

    assert outbox(database) == []
    assert office.inbox.page(ZHOU).lines


def test_a_refused_act_leaves_nothing_in_the_outbox(
    office: Engine, story: OfficeStory, database: Database
) -> None:
    reach(office, BY_MAIL)

    story.refused("accept", ZHOU, secretary_named=ZHOU)

    assert outbox(database) == []


def test_what_the_sweep_tells_goes_out_too(office: Engine, story: OfficeStory, clock: Clock) -> None:
    way.accept(story)
    reach(office, BY_MAIL)
    clock.set("2026-03-23 00:05")
    post = Post()
    assert office.sweep().fired > 0

    assert delivered(office, post) == Delivered()
    clock.set("2026-03-23 09:00")
    delivered(office, post)

    assert any("距承诺期限还有10日" in message.subject for message in post.given)


# --- a message --------------------------------------------------------------------------------------------


def test_a_message_says_what_by_when_why_then_who_and_where_and_no_name_of_a_party(
    office: Engine, story: OfficeStory
) -> None:
    reach(office, BY_MAIL, BY_DING)
    way.accept(story)
    post = Post()

    assert delivered(office, post) == Delivered(sent=2)

    zh = next(message for message in post.given if message.language == "zh")
    en = next(message for message in post.given if message.language == "en")
    assert zh.subject == f"案序 {story.number}：方正已办理“批准受理”"
    assert en.subject.startswith(f"Anxu {story.number}: 方正 did “")
    assert any(line.startswith("审限：2026年4月17日（余45日）；自2026年3月3日起算") for line in zh.lines)
    assert any(line.startswith("待办：") for line in zh.lines)
    assert zh.link == f"https://anxu.example.cn/cases/{story.case.id}"
    assert (zh.address, en.address) == ("zhou@example.cn", "filing/13800000000")
    assert zh.key != en.key
    said = "\n".join([zh.subject, *zh.lines, en.subject, *en.lines])
    assert [party.name for party in story.case.parties if party.name in said] == []


def test_the_names_of_parties_go_out_only_by_a_channel_that_may_carry_them(
    office: Engine, story: OfficeStory
) -> None:
    with_channels(
        office, CHANNELS.replace("sender: anxu@example.cn}", "sender: anxu@example.cn, parties: true}")
    )
    reach(office, BY_MAIL)
    way.accept(story)
    post = Post()

    delivered(office, post)

    (message,) = post.given
    names = [party.name for party in story.case.parties]
    assert all(name in "\n".join(message.lines) for name in names)


def test_a_late_sweep_sends_no_today_that_is_over_beside_overdue(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    way.accept(story)
    reach(office, Contact(HE, "mail", "he@example.cn", "each"), Contact(FANG, "mail", "f@example.cn", "each"))
    clock.set("2026-03-11 10:00")
    office.sweep()

    delivered(office, post := Post())

    # Of the case's own step and of either service, which had the same last day.
    of_steps = [m.subject for m in post.given if m.address == "he@example.cn"]
    assert of_steps == [f"案序 {story.number}：本环节已超期"] * 3
    assert [rung for rung, _ in story.rungs("term.accepted")] == ["S1", "S2"], "the record keeps both"
    clock.set("2026-04-18 10:00")
    office.sweep()
    clock.set("2026-04-20 09:00")
    delivered(office, post)
    to_director = [
        m.subject for m in post.given if m.address == "f@example.cn" and "审限最后一日" in m.subject
    ]
    assert to_director == [f"案序 {story.number}：4月17日为审限最后一日"]


def test_a_reminder_that_goes_a_day_after_its_own_names_its_day(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    way.accept(story)
    reach(office, Contact(FANG, "mail", "f@example.cn", "each"))
    clock.set("2026-04-16 10:00")
    office.sweep()
    clock.set("2026-04-17 09:00")
    office.sweep()
    delivered(office, Post(lambda _: AWAY))
    assert any("今日为审限最后一日" in line.sentence.zh for line in office.inbox.page(FANG).lines)
    clock.set("2026-04-20 09:00")

    delivered(office, post := Post())

    assert any("4月17日为审限最后一日" in m.subject for m in post.given)
    assert any("4月17日为审限最后一日" in line.sentence.zh for line in office.inbox.page(FANG).lines)


def test_a_step_without_a_limit_of_its_own_is_due_by_its_clock_under_the_clocks_name(
    office: Engine, story: OfficeStory
) -> None:
    way.accept(story)
    reach(office, BY_MAIL, BY_DING)
    way.form_tribunal(story)

    delivered(office, post := Post())

    said = {m.language: "\n".join(m.lines) for m in post.given}
    assert "审限：2026年4月17日" in said["zh"]
    assert "Award period: 17 Apr 2026" in said["en"]
    assert not any(word in said["zh"] + said["en"] for word in ("本环节期限", "Limit of this step"))


def test_a_message_waits_for_the_working_morning_and_for_the_end_of_the_quiet_hours(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL)
    clock.set("2026-03-06 21:00")
    way.accept(story)
    post = Post()

    for waiting in ("2026-03-06 21:00", "2026-03-07 10:00", "2026-03-09 08:59"):
        clock.set(waiting)
        assert delivered(office, post) == Delivered()
    clock.set("2026-03-09 09:00")

    assert delivered(office, post) == Delivered(sent=1)


def test_what_is_due_today_breaks_the_quiet_hours_where_the_register_says_so(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    with_channels(office, f"urgent: true{CHANNELS}")
    way.accept(story)
    reach(office, BY_MAIL)
    clock.set("2026-04-17 00:01")
    office.sweep()
    post = Post()

    assert delivered(office, post) == Delivered()
    clock.set("2026-04-17 08:00")
    delivered(office, post)

    assert any("今日为审限最后一日" in message.subject for message in post.given)


# --- at least once, with a key ----------------------------------------------------------------------------


def test_who_is_killed_between_sending_and_marking_has_it_sent_again_with_the_same_key(
    office: Engine, other: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    first, second = Post(), Post()

    def killed(message: Message) -> NotSent | None:
        first.given.append(message)
        raise Killed

    with pytest.raises(Killed):
        delivered(office, Post(killed))
    clock.at += LEASE - timedelta(seconds=1)
    assert delivered(other, second) == Delivered()
    clock.at += timedelta(seconds=1)

    assert delivered(other, second) == Delivered(sent=1)
    assert second.keys == first.keys
    clock.at += LEASE
    assert delivered(office, Post()) == Delivered()


def test_two_nodes_at_once_send_each_message_once(
    office: Engine, other: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL, BY_DING)
    stories = [OfficeStory(office, clock).given("proposed", n) for n in range(2, 6)]
    for one in (story, *stories):
        way.accept(one)
    post = Post()

    all_at_once(*(partial(delivered, engine, post) for engine in (office, other, office)))

    assert len(post.keys) == len(set(post.keys)) == 10
    assert office.deliveries.counts().waiting == 0


def test_a_database_that_is_away_keeps_the_outbox_and_the_message_goes_again(
    office: Engine, story: OfficeStory, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    post = Post()

    def gone(message: Message) -> NotSent | None:
        post.given.append(message)
        monkeypatch.setattr(database, "writing", partial(_away))
        return None

    with pytest.raises(StoreAway):
        delivered(office, Post(gone))
    monkeypatch.undo()
    assert office.deliveries.counts().waiting == 1
    clock.at += LEASE

    assert delivered(office, post) == Delivered(sent=1)
    assert len(post.keys) == 2
    assert len(set(post.keys)) == 1


def _away() -> None:
    raise StoreAway(Text("数据库暂不可用", "The database is away"))


# --- trying again -----------------------------------------------------------------------------------------


WORK_DAYS = ("03-03", "03-04", "03-05", "03-06", "03-09", "03-10", "03-11", "03-12")


def test_a_refused_message_is_tried_again_ever_later_and_in_the_end_a_dead_letter_that_can_be_sent_again(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    tried: list[Message] = []

    def refuses(message: Message) -> NotSent | None:
        tried.append(message)
        return REFUSED

    rests = []
    for work_day in WORK_DAYS[:TRIES]:
        clock.set(f"2026-{work_day} 09:30")
        assert delivered(office, Post(refuses)).failed == 1
        assert delivered(office, Post(refuses)) == Delivered(), "not before its time"
        rests += [line.at - clock.at for line in office.deliveries.page("waiting").lines]

    assert tuple(rests) == WAITS
    assert len(tried) == TRIES
    assert len({message.key for message in tried}) == 1
    assert codes(office) == {"dead_letters"}
    (line,) = office.deliveries.page("dead").lines
    assert (line.person, line.number, line.tries, line.reason) == (
        ZHOU,
        story.number,
        TRIES,
        REFUSED.reason,
    )

    assert office.deliveries.again(line.key) == 1
    assert delivered(office, again := Post()) == Delivered(sent=1)
    assert again.keys == [line.key]
    assert codes(office) == set()


def test_a_clock_that_was_years_ahead_keeps_no_message_back_once_it_is_right(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    right, post = clock.at, Post(lambda message: REFUSED)
    clock.set("2028-01-10 10:00")
    assert delivered(office, post).failed == 1

    clock.at = right
    assert delivered(office, Post()).sent == 1
    assert office.deliveries.counts() == (0, 0, 0)


def test_a_dead_letter_can_be_let_go(office: Engine, story: OfficeStory) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    final = NotSent(Text("地址无效", "no such address"), final=True)
    assert delivered(office, Post(lambda _: final)) == Delivered(failed=1, dead=1)
    (line,) = office.deliveries.page("dead").lines

    office.deliveries.forget(line.key)

    assert office.deliveries.counts() == (0, 0, 0)
    assert office.inbox.page(ZHOU).lines, "the inbox has it all the same"


def test_a_channel_that_is_away_is_asked_once_a_round_and_holds_up_no_other(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_MAIL, BY_DING)
    stories = [OfficeStory(office, clock).given("proposed", n) for n in range(2, 4)]
    for one in (story, *stories):
        way.accept(one)
    post = Post(lambda message: AWAY if message.channel.name == "ding" else None)

    assert delivered(office, post) == Delivered(sent=3, failed=1)
    post.answers = lambda _: None
    clock.ahead(minutes=2)

    assert delivered(office, post) == Delivered(sent=3)


def test_an_error_nobody_foresaw_is_a_try_that_failed_and_says_no_more_than_its_name(
    office: Engine, story: OfficeStory
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)

    def breaks(_: Message) -> NotSent | None:
        raise ValueError("https://oapi.dingtalk.com/robot/send?access_token=verysecret")

    assert delivered(office, Post(breaks)) == Delivered(failed=1)

    (line,) = office.deliveries.page("waiting").lines
    assert line.reason
    assert "ValueError" in line.reason.zh
    assert "secret" not in line.reason.zh + line.reason.en


def test_a_node_without_the_secret_leaves_the_channel_to_the_others(
    office: Engine, other: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, BY_DING)
    way.accept(story)

    assert delivered(office, Post(has=("mail",))) == Delivered()
    clock.ahead(hours=3)
    assert codes(office) == {"deliveries_late"}
    assert delivered(other, Post()) == Delivered(sent=1)


def test_what_was_sent_is_cleared_away_after_its_time(
    office: Engine, story: OfficeStory, clock: Clock, database: Database
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    delivered(office, Post())

    clock.ahead(days=29)
    assert clear(office.office, office.now()) == 0
    clock.ahead(days=2)
    assert clear(office.office, office.now()) == 1
    assert outbox(database) == []


def test_whoever_is_reached_no_more_has_nothing_sent(
    office: Engine, story: OfficeStory, database: Database
) -> None:
    reach(office, BY_MAIL)
    way.accept(story)
    office.contacts.reach_no_more(ZHOU, "mail")

    assert delivered(office, Post()) == Delivered()
    assert outbox(database) == []


# --- the digest of a morning ------------------------------------------------------------------------------


def digests(post: Post) -> list[Message]:
    return [message for message in post.given if "三日内" in message.subject]


def test_one_digest_a_person_and_working_day_whoever_writes_it(
    office: Engine, other: Engine, story: OfficeStory, clock: Clock
) -> None:
    way.accept(story)
    reach(office, MIXED)
    post = Post()

    for morning in ("2026-03-06 09:00", "2026-03-07 10:00", "2026-03-08 10:00", "2026-03-09 09:00"):
        clock.set(morning)
        all_at_once(*(partial(delivered, engine, post) for engine in (office, other)))
        delivered(office, post)

    assert len(digests(post)) == 2, "Friday and Monday"
    (friday, monday) = digests(post)
    assert friday.key != monday.key
    assert story.number in "\n".join(friday.lines)


def test_a_digest_says_what_is_over_due_today_soon_and_not_read(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, Contact(HE, "mail", "he@example.cn", "digest"))
    way.accept(story)
    post = Post()
    for morning in ("2026-03-09 09:00", "2026-03-10 09:00", "2026-03-11 09:00"):
        clock.set(morning)
        office.sweep()
        delivered(office, post)

    soon, now, over = digests(post)
    assert soon.subject == "案序 3月9日您经办的：今日到期0件，三日内1件，已超期0件"
    assert soon.lines[:2] == ("三日内到期", f"- {story.number} 已受理待组庭，2026年3月10日")
    assert now.lines[0] == "今日到期"
    assert over.lines[0] == "已超期"
    assert "未读消息" in over.lines
    assert over.link == "https://anxu.example.cn/"


def test_a_digest_says_whose_counts_these_are_in_either_language(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    way.accept(story)
    reach(office, Contact(HE, "mail", "he@example.cn", "digest", "en"))
    clock.set("2026-03-09 09:00")

    delivered(office, post := Post())

    assert [m.subject for m in post.given] == [
        "Anxu 2026-03-09, yours: 0 due today, 1 within three days, 0 overdue"
    ]


def test_a_digest_leaves_out_what_went_singly_by_the_same_channel_and_nothing_else(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, MIXED, Contact(ZHOU, "ding", "filing/13800000000", "digest"))
    way.accept(story)
    post = Post()
    delivered(office, post)
    clock.set("2026-03-09 09:00")

    delivered(office, post)

    told = "方正已办理“批准受理”"
    assert [m.channel.name for m in post.given if told in m.subject] == ["mail"]
    assert [m.channel.name for m in digests(post) if any(told in line for line in m.lines)] == ["ding"]
    assert {m.channel.name for m in digests(post)} == {"mail", "ding"}


def test_a_notice_stands_in_one_digest_once_though_nobody_reads_it(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, Contact(ZHOU, "mail", "zhou@example.cn", "digest"))
    way.accept(story)
    post = Post(lambda _: AWAY)
    clock.set("2026-03-06 09:00")
    delivered(office, post)
    post.answers = lambda message: None
    for morning in ("2026-03-09 09:00", "2026-03-10 09:00"):
        clock.set(morning)
        delivered(office, post)

    first, second = digests(post)
    assert any("批准受理" in line for line in first.lines), "the digest of Friday could not go"
    assert not any("批准受理" in line for line in second.lines)
    assert not all(line.read for line in office.inbox.page(ZHOU).lines)


def test_nobody_gets_a_digest_with_nothing_in_it_on_leave_or_who_wants_each_notice(
    office: Engine, story: OfficeStory, clock: Clock, database: Database
) -> None:
    way.accept(story)
    office.staff.leave(Absence(ZHOU, day("2026-03-09"), day("2026-03-13")))
    reach(
        office,
        MIXED,
        Contact(FANG, "mail", "fang@example.cn", "each"),
        Contact(ADMIN, "mail", "admin@example.cn", "digest"),
    )
    clock.set("2026-03-09 09:30")
    post = Post()

    delivered(office, post)

    assert post.given == []
    assert outbox(database) == []


def test_a_digest_that_could_not_go_on_its_day_is_not_sent_on_the_next(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, Contact(ZHOU, "mail", "zhou@example.cn", "digest"))
    way.accept(story)
    clock.set("2026-03-05 09:00")
    assert delivered(office, Post(lambda _: AWAY)).failed == 1
    clock.set("2026-03-06 09:00")

    delivered(office, post := Post())

    (only,) = digests(post)
    assert only.subject.startswith("案序 3月6日您经办的：")


def test_a_clock_that_was_far_ahead_costs_no_later_digest(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    reach(office, Contact(ZHOU, "mail", "zhou@example.cn", "digest"))
    way.accept(story)
    post = Post()

    for morning in ("2026-06-03 09:00", "2026-03-09 09:00", "2026-03-09 09:05", "2026-03-10 09:00"):
        clock.set(morning)
        delivered(office, post)

    days = [message.subject.partition("您")[0] for message in digests(post)]
    assert days == ["案序 6月3日", "案序 3月9日", "案序 3月10日"]


def test_reminders_that_repeat_wait_for_the_digest_unless_somebody_wants_each(
    office: Engine, story: OfficeStory, clock: Clock
) -> None:
    way.accept(story)
    reach(office, MIXED, BY_DING)
    clock.set("2026-04-08 00:01")
    office.sweep()
    clock.set("2026-04-08 09:00")

    delivered(office, post := Post())

    told = ("审限进入最后10日", "The last ten days of the limit have begun")
    by = {message.channel.name for message in post.given if any(one in message.subject for one in told)}
    assert by == {"ding"}
    assert any("审限进入最后10日" in line for message in digests(post) for line in message.lines)
