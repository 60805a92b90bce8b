"""What was changed behind the engine's back is found: events by `verify`, rows and promises by `doctor`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.service.engine import Engine
from engine.store.database import Database
from tests.builders import Clock, a_file
from tests.cast import DAI, FANG, HE, JIA, LIN, PARTIES, PLACE, SHEN
from tests.office import OfficeStory, assert_whole, tamper
from tests.service.tampering import Plain, as_before, forge, plain_events


@pytest.fixture
def told(story: OfficeStory) -> OfficeStory:
    """A case in the middle of its way."""
    story.given("deliberation")
    return story


def found(engine: Engine) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.case) for finding in engine.verify().findings]


def doctors(engine: Engine) -> set[str]:
    return {finding.code for finding in engine.doctor().findings if finding.code != "sqlite"}


def test_a_sound_office_has_no_findings(engine: Engine, told: OfficeStory) -> None:
    assert engine.verify().checked == engine.doctor().checked == 1
    assert_whole(engine, told.number)


# --- verify -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE events SET body = REPLACE(body, 'wages', 'injury') WHERE seq = 1", "changed"),
        ("""UPDATE events SET body = REPLACE(body, '"by":"fang"', '"by":"wei"') WHERE seq = 3""", "changed"),
        ("UPDATE events SET body = REPLACE(body, '12000.50', '12000.51') WHERE seq = 2", "changed"),
        ("UPDATE events SET body = '{' WHERE seq = 3", "changed"),
        ("UPDATE events SET hash = 'f' WHERE seq = 3", "changed"),
        ("UPDATE events SET kind = 'reacted' WHERE seq = 3", "changed"),
        ("UPDATE events SET recorded_at = '2020-01-01 00:00:00' WHERE seq = 3", "changed"),
        ("UPDATE cases SET body = REPLACE(body, 'wages', 'injury')", "replay"),
        ("DELETE FROM events WHERE seq = 4", "gap"),
        ("DELETE FROM events WHERE seq = 1", "gap"),
        ("DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)", "truncated"),
        ("DELETE FROM events WHERE seq > 6", "truncated"),
        ("DELETE FROM events", "truncated"),
    ],
    ids=["a fact", "who", "an amount", "unreadable", "the hash", "the kind", "the time", "the case itself", "one in the middle", "the first", "the last", "a tail", "all"],
)  # fmt: skip
def test_a_changed_or_missing_event_is_found_with_its_case(
    database: Database, engine: Engine, told: OfficeStory, change: str, code: str
) -> None:
    tamper(database, change)

    assert found(engine) == [(code, told.number)]


def test_two_events_that_were_swapped_are_found(
    database: Database, engine: Engine, told: OfficeStory
) -> None:
    for old, new in ((4, 1004), (5, 4), (1004, 5)):
        tamper(database, "UPDATE events SET seq = :new WHERE seq = :old", new=new, old=old)

    assert found(engine) == [("gap", told.number)] or found(engine) == [("changed", told.number)]


def test_an_event_put_in_at_the_end_is_found(database: Database, engine: Engine, told: OfficeStory) -> None:
    last = told.case.version
    tamper(
        database,
        "INSERT INTO events (institution, case_id, seq, kind, recorded_at, hash, body) "
        "SELECT institution, case_id, seq + 1, kind, recorded_at, hash, body FROM events WHERE seq = :last",
        last=last,
    )

    assert [case for _, case in found(engine)] == [told.number]


def test_one_broken_case_does_not_hide_another(database: Database, engine: Engine, clock: Clock) -> None:
    first, second = OfficeStory(engine, clock).open(), OfficeStory(engine, clock).open()
    for story in (first, second):
        tamper(database, "UPDATE events SET body = '{' WHERE case_id = :id", id=story.case.id)

    assert sorted(case or "" for _, case in found(engine)) == sorted([first.number, second.number])
    assert engine.verify().checked == 2


def test_a_case_that_was_deleted_is_found_by_the_events_it_left(
    database: Database, engine: Engine, told: OfficeStory
) -> None:
    tamper(database, "DELETE FROM cases")

    assert engine.verify().findings != ()


def test_a_definition_that_was_changed_in_the_store_is_found(database: Database, engine: Engine) -> None:
    tamper(
        database,
        "UPDATE definitions SET text = replace(text, :law, :wish)",
        law="most: 15 days",
        wish="most: 60 days",
    )

    assert [finding.code for finding in engine.verify().findings] == ["definition"]


def test_a_document_that_an_event_names_and_nobody_has_any_more_is_found(
    database: Database, engine: Engine, story: OfficeStory
) -> None:
    story.given("deliberation")
    tamper(database, "DELETE FROM case_documents WHERE kind = :kind", kind="hearing_record")

    assert [finding.code for finding in engine.verify().findings] == ["document"]


def test_a_document_whose_content_was_changed_is_found(
    database: Database, engine: Engine, story: OfficeStory
) -> None:
    story.given("hearing_scheduled").do(
        "hold_hearing", JIA, files=["hearing_record"], hearing_outcome="heard", conciliation_result="failed"
    )
    digest = story.event("hold_hearing").documents["hearing_record"]
    tamper(
        database, "UPDATE documents SET content = :other WHERE digest = :digest", other=b"!", digest=digest
    )

    (finding,) = engine.verify().findings
    assert finding.code == "document"
    assert digest[:12] in finding.reason.zh


def test_a_case_whose_own_row_cannot_be_read_does_not_hide_another(
    database: Database, engine: Engine, clock: Clock
) -> None:
    first, second = OfficeStory(engine, clock).open(), OfficeStory(engine, clock).open()
    tamper(database, "UPDATE cases SET body = '{' WHERE id = :id", id=first.case.id)
    tamper(database, "DELETE FROM events WHERE case_id = :id", id=second.case.id)

    assert {case for _, case in found(engine)} >= {second.number}
    assert len(engine.verify().findings) == 2
    assert {finding.case for finding in engine.doctor().findings} >= {second.number}


# --- doctor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM todos", "todos"),
        ("UPDATE todos SET due = '2027-01-01'", "todos"),
        ("DELETE FROM timers WHERE rung = 'W3'", "timers"),
        ("UPDATE timers SET occurrence = 7 WHERE rung = 'W3'", "timers"),
        ("UPDATE cases SET body = REPLACE(body, 'wages', 'injury')", "replay"),
        ("UPDATE cases SET state = 'archived'", "cases"),
        ("UPDATE cases SET due = '2027-01-01'", "cases"),
        ("UPDATE cases SET number = '双劳人仲案〔2026〕2号'", "cases"),
        ("UPDATE matters SET state = 'filed' WHERE id = '1'", "matters"),
        ("DELETE FROM matters WHERE id = '2'", "matters"),
    ],
    ids=["a todo gone", "a todo moved", "a timer gone", "a timer's turn", "the case's body", "the state of the row",
         "the due date of the row", "the number of the row", "a matter's row", "a matter gone"],
)  # fmt: skip
def test_rows_that_do_not_follow_from_the_case_are_found(
    database: Database, engine: Engine, told: OfficeStory, change: str, code: str
) -> None:
    assert doctors(engine) == set()

    tamper(database, change)

    assert code in doctors(engine)


def test_a_role_that_nobody_holds_any_more_is_found(engine: Engine, clock: Clock) -> None:
    assert doctors(engine) == set()

    engine.staff.end(DAI, "archivist", PLACE, clock.today)
    assert doctors(engine) == set(), "today is the last day"
    clock.ahead(days=1)

    (finding,) = [finding for finding in engine.doctor().findings if finding.code == "vacant"]
    assert "档案人员" in finding.reason.zh
    assert finding.fix.zh


def test_a_case_that_waits_for_somebody_who_left_is_found(
    engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    engine.staff.end(HE, "division_head", PLACE, clock.today)
    clock.ahead(days=1)

    assert {(f.code, f.case) for f in engine.doctor().findings} >= {("nobody", story.number)}


def test_an_act_after_rows_were_lost_puts_them_right(
    database: Database, engine: Engine, story: OfficeStory
) -> None:
    story.open()
    tamper(database, "DELETE FROM todos")
    tamper(database, "DELETE FROM timers")

    story.do("propose", LIN, claim_amount="5")

    assert_whole(engine, story.number)
    assert engine.lists.todos(FANG).lines != ()


# --- doctor, of what must never have happened -------------------------------------------------------------


def forged(database: Database, told: OfficeStory, change: Callable[[list[Plain]], object]) -> None:
    """Write the case anew with *change* made to its history, so well that nothing in it disagrees."""
    with database.engine.begin() as connection:
        events = plain_events(connection, told.case.id)
        change(events)
        forge(connection, told.case.id, events)


def nth(events: list[Plain], move: str, number: int = 0) -> Plain:
    return [event for event in events if event.get("move") == move][number]


@pytest.fixture
def reviewed(story: OfficeStory) -> OfficeStory:
    """A case whose award two levels have signed."""
    story.given("under_review")
    for signer in (SHEN, HE):
        story.do("sign", signer, matter="award_review")
    return story


HISTORIES: dict[str, tuple[str, Callable[[list[Plain]], object]]] = {
    "one person at two levels": ("signed_twice", lambda events: nth(events, "sign", 1).update(by=SHEN)),
    "who drafted it signs": ("apart", lambda events: nth(events, "sign").update(by=JIA)),
    "who sat signs": ("signed_own", lambda events: nth(events, "sign").update(by=JIA)),
    "a way the definition does not have": ("destination", lambda events: nth(events, "accept").update(target="archived")),
    "a move the state does not have": ("destination", lambda events: nth(events, "accept").update(move="release")),
    "nobody did it": ("attributed", lambda events: nth(events, "accept").pop("by")),
    "who stepped back acts": (
        "recused", lambda events: nth(events, "form_tribunal").setdefault("assigned", {}).update(recused=[SHEN]),
    ),
}  # fmt: skip


def test_what_must_never_have_happened_is_found_in_the_events_alone(
    database: Database, engine: Engine, reviewed: OfficeStory
) -> None:
    assert doctors(engine) == set()
    missed = {}
    for name, (code, change) in HISTORIES.items():
        with as_before(database):
            forged(database, reviewed, change)
            assert engine.verify().findings == (), "the forgery is not good enough to show anything"
            if code not in (found := doctors(engine)):
                missed[name] = found

    assert missed == {}
    assert doctors(engine) == set()


def test_a_rung_that_fired_twice_is_found(
    database: Database, engine: Engine, clock: Clock, story: OfficeStory
) -> None:
    story.given("accepted")
    clock.ahead(days=40)
    assert story.sweep() > 0

    def again(events: list[Plain]) -> None:
        events.append(next(dict(event) for event in events if event["kind"] == "rung_fired"))

    forged(database, story, again)
    assert "fired_twice" in doctors(engine)


POINTING_NOWHERE = {
    "UPDATE requests SET last = 99": "request",
    "UPDATE requests SET case_id = 'gone'": "request",
    "UPDATE todos SET case_id = 'gone'": "orphan",
    "UPDATE timers SET case_id = 'gone'": "orphan",
    "UPDATE events SET seq = 7 WHERE seq = 1": "version",
    "DELETE FROM case_documents": "",
    "DELETE FROM definitions WHERE name = 'loan'": "",
}


def test_rows_that_point_to_what_is_not_there_are_found(
    database: Database, engine: Engine, clock: Clock
) -> None:
    engine.open_case(
        "labour",
        LIN,
        parties=PARTIES,
        facts={"cause": "wages"},
        documents=[a_file("application")],
        key="once",
    )
    for statement, code in POINTING_NOWHERE.items():
        with as_before(database):
            tamper(database, statement)
            if code:
                assert {code, "replay"} & {finding.code for finding in engine.doctor().findings}, statement
            else:
                assert engine.verify().findings != (), statement


def test_a_matter_left_open_on_an_ended_case_is_found(
    database: Database, engine: Engine, story: OfficeStory
) -> None:
    story.given("under_review")

    def ended(events: list[Plain]) -> None:
        last = {
            name: value
            for name, value in events[0].items()
            if name not in ("case", "parties", "facts", "documents")
        }
        last |= {
            "kind": "moved",
            "move": "archive",
            "source": "closed",
            "target": "archived",
            "outcome": "archived",
        }
        events.append(last)

    forged(database, story, ended)
    assert {"left_open", "destination"} & doctors(engine)


def test_progress_is_told_page_by_page(engine: Engine, told: OfficeStory) -> None:
    seen: list[tuple[int, int]] = []
    engine.doctor(lambda done, total: seen.append((done, total)))
    engine.verify((), lambda done, total: seen.append((done, total)))
    assert seen == [(1, 1), (1, 1)]
